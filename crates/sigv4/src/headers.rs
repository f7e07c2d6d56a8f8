//! Headers: the ones that steer authentication, and their canonical form.

use crate::bytes::{is_blank, split};
use crate::canonical::Sink;
use crate::error::AuthError;
use crate::request::Header;

/// The values of the headers that decide who is asking. Each may come once.
#[derive(Default)]
pub(crate) struct AuthHeaders<'r> {
    pub(crate) authorization: Option<&'r [u8]>,
    pub(crate) amz_date: Option<&'r [u8]>,
    pub(crate) date: Option<&'r [u8]>,
    pub(crate) token: Option<&'r [u8]>,
    pub(crate) payload: Option<&'r [u8]>,
    host: Option<&'r [u8]>,
}

impl<'r> AuthHeaders<'r> {
    /// Finds them, and refuses a second one of any.
    pub(crate) fn find(headers: &'r [Header<'r>]) -> Result<Self, AuthError> {
        let mut found = AuthHeaders::default();
        for (name, value) in headers {
            let place = match name.len() {
                4 if name.eq_ignore_ascii_case("host") => &mut found.host,
                // One place for both: HTTP/2 has one or the other.
                10 if name.eq_ignore_ascii_case(":authority") => &mut found.host,
                4 if name.eq_ignore_ascii_case("date") => &mut found.date,
                10 if name.eq_ignore_ascii_case("x-amz-date") => &mut found.amz_date,
                13 if name.eq_ignore_ascii_case("authorization") => &mut found.authorization,
                20 if name.eq_ignore_ascii_case("x-amz-security-token") => &mut found.token,
                20 if name.eq_ignore_ascii_case("x-amz-content-sha256") => &mut found.payload,
                _ => continue,
            };
            if place.replace(value).is_some() {
                return Err(AuthError::RepeatedHeader(name.to_ascii_lowercase()));
            }
        }
        Ok(found)
    }
}

/// Whether a list of signed headers is written the only way it can be:
/// lower-case names, each once, in ascending order, joined by `;`.
pub(crate) fn is_canonical_list(list: &str) -> bool {
    let mut last: &[u8] = b"";
    for name in split(list.as_bytes(), b';') {
        if name <= last || !(name.iter().all(|b| is_lower_name_byte(*b)) || name == b":authority") {
            return false;
        }
        last = name;
    }
    true
}

/// Whether a list of signed headers names `host` or `:authority`, in any case.
pub(crate) fn names_host(list: &str) -> bool {
    names(list, b"host") || names(list, b":authority")
}

/// Whether a list of signed headers has a name, in any case.
fn names(list: &str, name: &[u8]) -> bool {
    split(list.as_bytes(), b';')
        .any(|other| other.len() == name.len() && other.eq_ignore_ascii_case(name))
}

/// Refuses an `x-amz-*` header that is not signed. A session token is let pass:
/// it authenticates itself, and whoever issued it bound it to its access key.
pub(crate) fn refuse_unsigned(headers: &[Header<'_>], list: &str) -> Result<(), AuthError> {
    for (name, _) in headers {
        let is_amz = name
            .as_bytes()
            .get(..6)
            .is_some_and(|start| start.eq_ignore_ascii_case(b"x-amz-"));
        if is_amz
            && !name.eq_ignore_ascii_case("x-amz-security-token")
            && !names(list, name.as_bytes())
        {
            return Err(AuthError::HeaderNotSigned(name.to_ascii_lowercase()));
        }
    }
    Ok(())
}

/// Writes `name:value\n` with all values of the name joined by commas; false
/// when the request has no such header.
pub(crate) fn write<S: Sink>(name: &[u8], headers: &[Header<'_>], sink: &mut S) -> bool {
    let mut found = false;
    for (_, value) in headers
        .iter()
        .filter(|(other, _)| is_same(name, other.as_bytes()))
    {
        if found {
            sink.put(b",");
        } else {
            sink.put(name);
            sink.put(b":");
        }
        found = true;
        put_value(value, sink);
    }
    if found {
        sink.put(b"\n");
    }
    found
}

/// Whether a received header answers to a signed name. `host` and `:authority` are one.
#[inline]
fn is_same(signed: &[u8], received: &[u8]) -> bool {
    if signed.len() == received.len() {
        return signed.eq_ignore_ascii_case(received);
    }
    match signed {
        b"host" => received.eq_ignore_ascii_case(b":authority"),
        b":authority" => received.eq_ignore_ascii_case(b"host"),
        _ => false,
    }
}

/// Writes a value without blanks at its ends and with every run of blanks inside
/// as one space. Line ends count as blanks, so a folded value becomes one line
/// and no value can write a line of its own.
fn put_value<S: Sink>(value: &[u8], sink: &mut S) {
    // Most values have no blank at all, and a loop without an exit is the one
    // that compiles to wide instructions.
    if !value
        .iter()
        .fold(false, |found, byte| found | (*byte <= b' '))
    {
        sink.put(value);
        return;
    }
    let mut words = value
        .split(|b| is_blank(*b))
        .filter(|word| !word.is_empty());
    if let Some(first) = words.next() {
        sink.put(first);
    }
    for word in words {
        sink.put(b" ");
        sink.put(word);
    }
}

fn is_lower_name_byte(byte: u8) -> bool {
    !byte.is_ascii_uppercase() && is_token_byte(byte)
}

/// Whether a byte may stand in a method or a header name (RFC 9110 section 5.6.2).
pub(crate) fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#'
                | b'$'
                | b'%'
                | b'&'
                | b'\''
                | b'*'
                | b'+'
                | b'-'
                | b'.'
                | b'^'
                | b'_'
                | b'`'
                | b'|'
                | b'~'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(name: &str, headers: &[Header<'_>]) -> Option<String> {
        let mut out = Vec::new();
        write(name.as_bytes(), headers, &mut out).then(|| String::from_utf8(out).expect("UTF-8"))
    }

    #[test]
    fn values_are_trimmed_collapsed_unfolded_and_joined() {
        let headers: &[Header<'_>] = &[
            ("A", b"  x   y\tz  "),
            ("Fold", b"value1\r\n  value2\n     value3"),
            ("a", b"second"),
            ("Empty", b" \t "),
            (":authority", b"h:81"),
        ];
        assert_eq!(line("a", headers).as_deref(), Some("a:x y z,second\n"));
        assert_eq!(
            line("fold", headers).as_deref(),
            Some("fold:value1 value2 value3\n")
        );
        assert_eq!(line("empty", headers).as_deref(), Some("empty:\n"));
        assert_eq!(line("host", headers).as_deref(), Some("host:h:81\n"));
        assert_eq!(line("absent", headers), None);
    }

    #[test]
    fn only_ascending_lower_case_lists_are_canonical() {
        for list in [
            "host",
            "a;b;host",
            "host;x-amz-date",
            ":authority;host",
            "content-type;host",
        ] {
            assert!(is_canonical_list(list), "{list}");
        }
        for list in [
            "",
            ";host",
            "host;",
            "host;host",
            "x;host",
            "Host",
            "a\nb;host",
            "a b",
            "host;é",
        ] {
            assert!(!is_canonical_list(list), "{list}");
        }
    }
}
