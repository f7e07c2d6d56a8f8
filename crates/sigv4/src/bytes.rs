//! Small tools for byte strings, fast on short ones.

use std::borrow::Cow;

use subtle::{Choice, ConstantTimeEq};

/// The pieces of a byte string between separators; at least one, perhaps empty.
pub(crate) fn split(bytes: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let bytes = rest?;
        match memchr::memchr(separator, bytes) {
            Some(mark) => {
                let (piece, after) = bytes.split_at_checked(mark)?;
                rest = after.get(1..);
                Some(piece)
            }
            None => {
                rest = None;
                Some(bytes)
            }
        }
    })
}

/// A byte string without the blanks at its ends.
pub(crate) fn trim(bytes: &[u8]) -> &[u8] {
    let mut bytes = bytes;
    while let [first, rest @ ..] = bytes
        && is_blank(*first)
    {
        bytes = rest;
    }
    while let [rest @ .., last] = bytes
        && is_blank(*last)
    {
        bytes = rest;
    }
    bytes
}

/// Space, tab, and the line ends of a folded header.
pub(crate) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// As text, borrowed when it is UTF-8, and with replacement characters when not.
pub(crate) fn text(bytes: &[u8]) -> Cow<'_, str> {
    match str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(bytes),
    }
}

/// Compares secrets of one length in a time that does not depend on them.
///
/// Eight bytes at a time: `subtle` guards every element of a slice against the
/// optimiser, which for bytes takes longer than hashing them.
pub(crate) fn ct_eq<const N: usize>(a: &[u8; N], b: &[u8; N]) -> Choice {
    const { assert!(N.is_multiple_of(8)) };
    let (a, _) = a.as_chunks::<8>();
    let (b, _) = b.as_chunks::<8>();
    let pairs = a.iter().zip(b);
    pairs.fold(Choice::from(1), |equal, (a, b)| {
        equal & u64::from_ne_bytes(*a).ct_eq(&u64::from_ne_bytes(*b))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splitting_gives_what_lies_between() {
        for text in ["", ";", "a", "a;b", ";a;;b;"] {
            let want: Vec<&[u8]> = text.split(';').map(str::as_bytes).collect();
            assert_eq!(
                split(text.as_bytes(), b';').collect::<Vec<_>>(),
                want,
                "{text}"
            );
        }
    }

    #[test]
    fn secrets_are_equal_only_in_every_bit() {
        let secret: [u8; 64] = std::array::from_fn(|n| u8::try_from(n * 3).expect("small"));
        assert!(bool::from(ct_eq(&secret, &secret)));
        for at in 0..64 {
            for bit in 0..8 {
                let mut other = secret;
                other[at] ^= 1 << bit;
                assert!(!bool::from(ct_eq(&secret, &other)), "{at} {bit}");
            }
        }
    }
}
