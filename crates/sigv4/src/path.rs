//! The canonical path: the raw path, normalised and encoded once more.

use crate::canonical::{Sink, put_encoded};
use crate::error::AuthError;
use crate::request::PathRule;

/// Refuses a path that is not absolute, has a broken escape, or climbs above
/// the root. An empty path stands for `/`.
pub(crate) fn check(path: &[u8], rule: PathRule) -> Result<(), AuthError> {
    if !path.is_empty() && !path.starts_with(b"/") {
        return Err(AuthError::Path);
    }
    for mark in memchr::memchr_iter(b'%', path) {
        match path.get(mark + 1..mark + 3) {
            Some([high, low]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {}
            _ => return Err(AuthError::Path),
        }
    }
    if rule == PathRule::Normalize && needs_normalising(path) {
        let mut depth = 0_usize;
        for segment in path.split(|b| *b == b'/') {
            match segment {
                b"" | b"." => {}
                b".." => depth = depth.checked_sub(1).ok_or(AuthError::Path)?,
                _ => depth += 1,
            }
        }
    }
    Ok(())
}

/// Writes the canonical form of a path that [`check`] accepted.
///
/// The path is never decoded first: a received `%3A` is written as `%253A`,
/// which is the "double encoding" that every service but S3 signs with.
pub(crate) fn write<S: Sink>(path: &[u8], rule: PathRule, sink: &mut S) {
    if path.is_empty() {
        sink.put(b"/");
        return;
    }
    if rule == PathRule::AsReceived || !needs_normalising(path) {
        put_encoded(path, is_bare, sink);
        return;
    }
    let mut segments: Vec<&[u8]> = Vec::new();
    for segment in path.split(|b| *b == b'/') {
        match segment {
            b"" | b"." => {}
            b".." => {
                segments.pop();
            }
            _ => segments.push(segment),
        }
    }
    for segment in &segments {
        sink.put(b"/");
        put_encoded(segment, is_bare, sink);
    }
    // As botocore and aws-c-auth do: only a slash that was sent stays at the end, so `/a/.` is `/a`.
    if segments.is_empty() || path.ends_with(b"/") {
        sink.put(b"/");
    }
}

fn needs_normalising(path: &[u8]) -> bool {
    memchr::memchr_iter(b'/', path).any(|slash| matches!(path.get(slash + 1), Some(b'/' | b'.')))
}

fn is_bare(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(path: &[u8], rule: PathRule) -> Result<String, AuthError> {
        check(path, rule)?;
        let mut out = Vec::new();
        write(path, rule, &mut out);
        Ok(String::from_utf8(out).expect("canonical paths are ASCII"))
    }

    #[test]
    fn paths_are_encoded_as_received_and_normalised() {
        for (path, want) in [
            ("", "/"),
            ("/", "/"),
            ("//", "/"),
            ("/a//b/", "/a/b/"),
            ("/./a/./b", "/a/b"),
            ("/a/../b", "/b"),
            ("/a/b/../..", "/"),
            ("/a/.hidden/..x/...", "/a/.hidden/..x/..."),
            ("/v1/tags/arn%3Aaws%3amq", "/v1/tags/arn%253Aaws%253amq"),
            ("/a b", "/a%20b"),
            ("/ሴ", "/%E1%88%B4"),
            ("/%E1%88%B4", "/%25E1%2588%25B4"),
            ("/~a-b_c.d", "/~a-b_c.d"),
            ("/a:b@c+d=e;f", "/a%3Ab%40c%2Bd%3De%3Bf"),
            ("/%2e%2e/x", "/%252e%252e/x"),
        ] {
            assert_eq!(
                canonical(path.as_bytes(), PathRule::Normalize).expect(path),
                want
            );
        }
        assert_eq!(
            canonical(b"/a/../b//", PathRule::AsReceived).expect("as received"),
            "/a/../b//"
        );
    }

    #[test]
    fn bad_escapes_relative_paths_and_climbing_are_refused() {
        for path in [
            "a",
            "*",
            "http://h/",
            "/%",
            "/%4",
            "/%zz",
            "/%4g/",
            "/..",
            "/a/../..",
            "/./../a",
        ] {
            assert!(
                matches!(
                    canonical(path.as_bytes(), PathRule::Normalize),
                    Err(AuthError::Path)
                ),
                "{path}"
            );
        }
    }
}
