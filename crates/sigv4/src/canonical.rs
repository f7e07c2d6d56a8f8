//! The canonical request, streamed into whatever takes bytes.

use ring::digest::{Context, SHA256, digest};

use crate::bytes::split;
use crate::headers;
use crate::path;
use crate::query::{Omit, Query};
use crate::request::{Header, PathRule};

/// Takes the bytes of a canonical request, piece by piece.
pub(crate) trait Sink {
    fn put(&mut self, bytes: &[u8]);
}

impl Sink for Vec<u8> {
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

/// Hashes what it is given, gathering small pieces so that SHA-256 sees few.
pub(crate) struct HashSink {
    buffer: [u8; 1024],
    used: usize,
    hash: Context,
}

impl HashSink {
    pub(crate) fn new() -> Self {
        HashSink {
            buffer: [0; 1024],
            used: 0,
            hash: Context::new(&SHA256),
        }
    }

    /// The hash of everything put, in lower-case hex.
    pub(crate) fn finish_hex(mut self) -> [u8; 64] {
        self.flush();
        hex_of(self.hash.finish().as_ref())
    }

    #[cold]
    fn put_past_the_end(&mut self, bytes: &[u8]) {
        self.flush();
        match self.buffer.get_mut(..bytes.len()) {
            Some(room) => {
                room.copy_from_slice(bytes);
                self.used = bytes.len();
            }
            None => self.hash.update(bytes),
        }
    }

    fn flush(&mut self) {
        self.hash
            .update(self.buffer.get(..self.used).unwrap_or_default());
        self.used = 0;
    }
}

impl Sink for HashSink {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        let end = self.used + bytes.len();
        if let Some(room) = self.buffer.get_mut(self.used..end) {
            room.copy_from_slice(bytes);
            self.used = end;
        } else {
            self.put_past_the_end(bytes);
        }
    }
}

/// The parts of a canonical request.
pub(crate) struct Canonical<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a [u8],
    pub(crate) rule: PathRule,
    pub(crate) query: &'a Query,
    pub(crate) omit: Omit,
    pub(crate) headers: &'a [Header<'a>],
    /// The names of the signed headers, lower case, ascending, joined by `;`.
    pub(crate) signed: &'a str,
    pub(crate) payload: &'a [u8; 64],
}

impl Canonical<'_> {
    /// Writes the canonical request; false when a header named as signed is not there.
    pub(crate) fn write<S: Sink>(&self, sink: &mut S) -> bool {
        sink.put(self.method.as_bytes());
        sink.put(b"\n");
        path::write(self.path, self.rule, sink);
        sink.put(b"\n");
        self.query.write(self.omit, sink);
        sink.put(b"\n");
        let mut whole = true;
        for name in split(self.signed.as_bytes(), b';') {
            whole &= headers::write(name, self.headers, sink);
            if !whole {
                // The request is refused whatever follows, and stopping keeps a
                // long list of absent names from costing a search each.
                break;
            }
        }
        sink.put(b"\n");
        sink.put(self.signed.as_bytes());
        sink.put(b"\n");
        sink.put(self.payload);
        whole
    }

    /// The SHA-256 of the canonical request in lower-case hex, and whether every
    /// signed header was there.
    pub(crate) fn hash(&self) -> ([u8; 64], bool) {
        let mut sink = HashSink::new();
        let whole = self.write(&mut sink);
        (sink.finish_hex(), whole)
    }
}

/// SHA-256 of a body, in lower-case hex.
pub(crate) fn payload_hash(body: &[u8]) -> [u8; 64] {
    if body.is_empty() {
        return *OF_NOTHING;
    }
    hex_of(digest(&SHA256, body).as_ref())
}

/// The SHA-256 of no bytes, in lower-case hex (FIPS 180-4's algorithm; most requests have no body).
const OF_NOTHING: &[u8; 64] = b"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Lower-case hex of a SHA-256.
fn hex_of(hash: &[u8]) -> [u8; 64] {
    let mut bytes = [0; 32];
    for (to, from) in bytes.iter_mut().zip(hash) {
        *to = *from;
    }
    hex(&bytes)
}

/// Lower-case hex of 32 bytes.
pub(crate) fn hex(bytes: &[u8; 32]) -> [u8; 64] {
    let mut out = [0; 64];
    let (words, _) = out.as_chunks_mut::<8>();
    let (quads, _) = bytes.as_chunks::<4>();
    for (word, quad) in words.iter_mut().zip(quads) {
        *word = hex_of_four(*quad);
    }
    out
}

/// The eight digits of four bytes, without a table or a branch: all eight at once, a byte of a word for each.
fn hex_of_four(bytes: [u8; 4]) -> [u8; 8] {
    const EACH: u64 = 0x0101_0101_0101_0101;
    // Spread the nibbles: the first byte's high one ends up highest.
    let word = u64::from(u32::from_be_bytes(bytes));
    let word = (word | word << 16) & 0x0000_ffff_0000_ffff;
    let word = (word | word << 8) & 0x00ff_00ff_00ff_00ff;
    let nibbles = (word | word << 4) & (EACH * 0x0f);
    // Those over 9 carry into bit 4 when 6 is added.
    let letters = (nibbles + EACH * 6) >> 4 & EACH;
    // 39 is the distance from `:` to `a`. No byte overflows into the next: 15 + 48 + 39 is 102.
    (nibbles + EACH * u64::from(b'0') + letters * 39).to_be_bytes()
}

fn hex_digit(nibble: u8) -> u8 {
    // Without a table or a branch: 39 is the distance from `:` to `a`.
    nibble + b'0' + u8::from(nibble > 9) * 39
}

/// Writes bytes with every byte that is not `bare` as `%XX`, upper-case hex.
pub(crate) fn put_encoded<S: Sink>(bytes: &[u8], bare: impl Fn(u8) -> bool, sink: &mut S) {
    let mut rest = bytes;
    while !rest.is_empty() {
        let run = rest.iter().position(|b| !bare(*b)).unwrap_or(rest.len());
        let (plain, other) = rest.split_at_checked(run).unwrap_or_default();
        if !plain.is_empty() {
            sink.put(plain);
        }
        let Some((byte, after)) = other.split_first() else {
            return;
        };
        let (high, low) = (hex_digit(byte >> 4), hex_digit(byte & 15));
        sink.put(&[b'%', high.to_ascii_uppercase(), low.to_ascii_uppercase()]);
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gathering_pieces_does_not_change_the_hash() {
        let text: Vec<u8> = (0..5000_u32)
            .map(|n| n.to_le_bytes()[0] ^ n.to_le_bytes()[1])
            .collect();
        for step in [1, 7, 64, 700, 1023, 1024, 1025, 5000] {
            let mut sink = HashSink::new();
            for piece in text.chunks(step) {
                sink.put(piece);
            }
            assert_eq!(sink.finish_hex(), payload_hash(&text), "pieces of {step}");
        }
    }

    #[test]
    fn the_hash_of_nothing_is_the_algorithms() {
        assert_eq!(OF_NOTHING, &hex_of(digest(&SHA256, b"").as_ref()));
    }

    #[test]
    fn hex_is_lower_case() {
        let mut bytes = [0; 32];
        bytes[0] = 0xab;
        bytes[31] = 0x09;
        assert!(hex(&bytes).starts_with(b"ab00"));
        assert!(hex(&bytes).ends_with(b"0009"));
        for first in 0..=255 {
            let digits = hex(&[first; 32]);
            let wanted = format!("{first:02x}").repeat(32);
            assert_eq!(digits.as_slice(), wanted.as_bytes());
        }
    }
}
