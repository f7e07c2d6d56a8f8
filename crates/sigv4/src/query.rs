//! The query: decoded, encoded in the one canonical way, and sorted.

use std::ops::Range;

use crate::bytes::{split, text};
use crate::canonical::{Sink, put_encoded};
use crate::error::AuthError;

/// A query in canonical form. Empty when the request has none, and then without
/// any allocation.
pub(crate) struct Query {
    text: Vec<u8>,
    pairs: Vec<Pair>,
}

/// Where one parameter's encoded name and value stand in the text.
struct Pair {
    name: Range<usize>,
    value: Range<usize>,
}

/// Which parameters the canonical query leaves out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Omit {
    /// None: the signature is in a header.
    Nothing,
    /// `X-Amz-Signature`, which cannot sign itself.
    Signature,
    /// The signature and a session token that was appended after signing.
    SignatureAndToken,
}

impl Query {
    /// Reads a raw query. A parameter without `=` has an empty value, empty
    /// pieces are skipped, and `+` is a space.
    pub(crate) fn parse(raw: &[u8]) -> Result<Self, AuthError> {
        let mut query = Query {
            text: Vec::new(),
            pairs: Vec::new(),
        };
        if raw.is_empty() {
            return Ok(query);
        }
        query.text.reserve(raw.len() + raw.len() / 4);
        for piece in split(raw, b'&').filter(|piece| !piece.is_empty()) {
            let mark = memchr::memchr(b'=', piece).unwrap_or(piece.len());
            let (name, rest) = piece.split_at_checked(mark).unwrap_or_default();
            let name = query.push(name)?;
            let value = query.push(rest.get(1..).unwrap_or_default())?;
            query.pairs.push(Pair { name, value });
        }
        let text = &query.text;
        query.pairs.sort_by(|a, b| {
            let names = slice(text, &a.name).cmp(slice(text, &b.name));
            names.then_with(|| slice(text, &a.value).cmp(slice(text, &b.value)))
        });
        Ok(query)
    }

    fn push(&mut self, raw: &[u8]) -> Result<Range<usize>, AuthError> {
        let start = self.text.len();
        let mut rest = raw;
        while !rest.is_empty() {
            let run = rest.iter().position(|b| !is_bare(*b)).unwrap_or(rest.len());
            let (plain, after) = rest.split_at_checked(run).unwrap_or_default();
            self.text.extend_from_slice(plain);
            let (byte, after) = match after {
                [] => break,
                [b'%', high, low, after @ ..] => match (hex_value(*high), hex_value(*low)) {
                    (Some(high), Some(low)) => (high << 4 | low, after),
                    _ => {
                        let escape = text(&[b'%', *high, *low]).into_owned();
                        return Err(AuthError::QueryEscape(escape));
                    }
                },
                [b'%', ..] => return Err(AuthError::QueryEscapeIncomplete),
                [b'+', after @ ..] => (b' ', after),
                [other, after @ ..] => (*other, after),
            };
            put_encoded(&[byte], is_bare, &mut self.text);
            rest = after;
        }
        Ok(start..self.text.len())
    }

    /// Every parameter's encoded name and value, sorted.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        let text = &self.text;
        self.pairs
            .iter()
            .map(|pair| (slice(text, &pair.name), slice(text, &pair.value)))
    }

    /// The encoded value of the first parameter with exactly this name, which
    /// must consist of unreserved characters.
    pub(crate) fn find(&self, name: &str) -> Option<&[u8]> {
        let found = self.pairs().find(|(key, _)| *key == name.as_bytes());
        found.map(|(_, value)| value)
    }

    /// The decoded value of a parameter that [`Query::find`] would find.
    pub(crate) fn find_decoded(&self, name: &str) -> Option<Vec<u8>> {
        self.find(name).map(decode)
    }

    /// Refuses two parameters whose names begin with `X-Amz-` and differ at most in case.
    pub(crate) fn refuse_repeats(&self) -> Result<(), AuthError> {
        let mut names: Vec<&[u8]> = self
            .pairs()
            .map(|(name, _)| name)
            .filter(|name| {
                name.get(..6)
                    .is_some_and(|start| start.eq_ignore_ascii_case(b"x-amz-"))
            })
            .collect();
        names.sort_unstable_by(|a, b| folded(a).cmp(folded(b)));
        let mut following = names.iter().skip(1);
        for name in &names {
            if following
                .next()
                .is_some_and(|next| next.eq_ignore_ascii_case(name))
            {
                return Err(AuthError::RepeatedParameter(text(name).into_owned()));
            }
        }
        Ok(())
    }

    /// Writes the canonical query.
    pub(crate) fn write<S: Sink>(&self, omit: Omit, sink: &mut S) {
        let mut first = true;
        for (name, value) in self.pairs() {
            let left_out = match omit {
                Omit::Nothing => false,
                Omit::Signature => name == b"X-Amz-Signature",
                Omit::SignatureAndToken => {
                    name == b"X-Amz-Signature" || name == b"X-Amz-Security-Token"
                }
            };
            if left_out {
                continue;
            }
            if !first {
                sink.put(b"&");
            }
            first = false;
            sink.put(name);
            sink.put(b"=");
            sink.put(value);
        }
    }
}

fn slice<'t>(text: &'t [u8], range: &Range<usize>) -> &'t [u8] {
    text.get(range.clone()).unwrap_or_default()
}

/// Undoes the encoding of this module; its escapes are always whole.
fn decode(encoded: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(encoded.len());
    let mut bytes = encoded.iter().copied();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let high = bytes.next().and_then(hex_value).unwrap_or_default();
        let low = bytes.next().and_then(hex_value).unwrap_or_default();
        out.push(high << 4 | low);
    }
    out
}

/// Appends a value in the canonical encoding.
pub(crate) fn encode_into(value: &[u8], out: &mut Vec<u8>) {
    put_encoded(value, is_bare, out);
}

fn hex_value(digit: u8) -> Option<u8> {
    let lower = digit.to_ascii_lowercase();
    match lower {
        b'0'..=b'9' => Some(lower - b'0'),
        b'a'..=b'f' => Some(lower - b'a' + 10),
        _ => None,
    }
}

fn is_bare(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

fn folded(name: &[u8]) -> impl Iterator<Item = u8> {
    name.iter().map(u8::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(raw: &str) -> String {
        let query = Query::parse(raw.as_bytes())
            .map_err(|e| e.to_string())
            .expect(raw);
        let mut out = Vec::new();
        query.write(Omit::Signature, &mut out);
        String::from_utf8(out).expect("canonical queries are ASCII")
    }

    #[test]
    fn queries_are_decoded_encoded_once_and_sorted() {
        for (raw, want) in [
            ("", ""),
            ("&&", ""),
            ("a", "a="),
            ("=v", "=v"),
            ("a=b=c", "a=b%3Dc"),
            ("b=1&a=2&a=1&A=3", "A=3&a=1&a=2&b=1"),
            ("a-b=1&a=2", "a=2&a-b=1"),
            ("k=%7e%2f%C3%a9+x", "k=~%2F%C3%A9%20x"),
            ("k=é", "k=%C3%A9"),
            ("X-Amz-Signature=1&x=2", "x=2"),
            ("x-amz-signature=1", "x-amz-signature=1"),
            ("k=%00%0a%26", "k=%00%0A%26"),
        ] {
            assert_eq!(canonical(raw), want, "{raw}");
        }
    }

    #[test]
    fn values_decode_to_what_was_sent() {
        let query = Query::parse(b"X-Amz-Credential=a%2fb%2Bc")
            .map_err(|e| e.to_string())
            .expect("query");
        assert_eq!(
            query.find_decoded("X-Amz-Credential").as_deref(),
            Some(&b"a/b+c"[..])
        );
        assert_eq!(query.find("x-amz-credential"), None);
    }

    #[test]
    fn repeats_of_amz_parameters_are_refused_in_any_case() {
        for raw in [
            "X-Amz-Date=1&X-Amz-Date=1",
            "X-Amz-Date=1&x-amz-date=2",
            "X%2DAmz-Foo=&x-AMZ-foo=",
        ] {
            let query = Query::parse(raw.as_bytes())
                .map_err(|e| e.to_string())
                .expect(raw);
            assert!(
                matches!(query.refuse_repeats(), Err(AuthError::RepeatedParameter(_))),
                "{raw}"
            );
        }
        let query = Query::parse(b"a=1&a=2&X-Amz-A=1&X-Amz-B=1")
            .map_err(|e| e.to_string())
            .expect("query");
        assert!(query.refuse_repeats().is_ok());
    }
}
