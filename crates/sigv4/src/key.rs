//! Secrets and the keys derived from them.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::Choice;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::bytes::ct_eq;

/// The secret half of an access key. Has no `Debug`, and is wiped on drop.
///
/// Build it once per key and keep it: construction hashes the secret, so that
/// a [`KeyCache`](crate::KeyCache) notices when the secret behind a key id changes.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct SecretKey {
    /// `AWS4` and the secret: the first HMAC key.
    seed: Vec<u8>,
    fingerprint: [u8; 32],
}

impl SecretKey {
    /// Takes a secret of any length; AWS's own have 40 characters. An empty one,
    /// which can only be a mistake, signs but verifies nothing.
    pub fn new(secret: &str) -> Self {
        let mut seed = Vec::with_capacity(secret.len() + 4);
        seed.extend_from_slice(b"AWS4");
        seed.extend_from_slice(secret.as_bytes());
        let mut hash = Sha256::new();
        hash.update(b"sigv4 secret fingerprint\0");
        hash.update(&seed);
        SecretKey {
            seed,
            fingerprint: hash.finalize().into(),
        }
    }

    /// Whether this is a secret that everybody knows.
    pub(crate) fn is_empty(&self) -> bool {
        self.seed.len() <= b"AWS4".len()
    }

    /// Whether a fingerprint is this secret's.
    pub(crate) fn is_fingerprint(&self, other: &[u8; 32]) -> Choice {
        ct_eq(&self.fingerprint, other)
    }

    pub(crate) fn fingerprint(&self) -> [u8; 32] {
        self.fingerprint
    }

    /// Derives the key for one day, region and service: four HMACs.
    pub(crate) fn derive(&self, date: &str, region: &str, service: &str) -> SigningKey {
        let date = Zeroizing::new(mac(&keyed(&self.seed), &[date.as_bytes()]));
        let region = Zeroizing::new(mac(&keyed(date.as_slice()), &[region.as_bytes()]));
        let service = Zeroizing::new(mac(&keyed(region.as_slice()), &[service.as_bytes()]));
        let signing = Zeroizing::new(mac(&keyed(service.as_slice()), &[b"aws4_request"]));
        SigningKey {
            state: keyed(signing.as_slice()),
        }
    }
}

/// A signing key in the form that is cheapest to use: HMAC's state after its key.
/// The state is wiped on drop.
#[derive(Clone)]
pub(crate) struct SigningKey {
    state: Hmac<Sha256>,
}

impl SigningKey {
    /// The HMAC over the pieces, one after the other.
    pub(crate) fn sign(&self, pieces: &[&[u8]]) -> [u8; 32] {
        mac(&self.state, pieces)
    }
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    // HMAC takes keys of any length, so the error has no instance; an empty
    // default would be a known key, hence no fallback.
    #[expect(
        clippy::expect_used,
        reason = "HMAC accepts keys of every length (RFC 2104)"
    )]
    Hmac::new_from_slice(key).expect("HMAC accepts keys of every length")
}

fn mac(state: &Hmac<Sha256>, pieces: &[&[u8]]) -> [u8; 32] {
    let mut state = state.clone();
    // Gathered first where they fit: one update is cheaper than a dozen.
    let mut buffer = [0; 256];
    let mut used = 0;
    for piece in pieces {
        if let Some(room) = buffer.get_mut(used..used + piece.len()) {
            room.copy_from_slice(piece);
            used += piece.len();
        } else {
            state.update(buffer.get(..used).unwrap_or_default());
            used = 0;
            state.update(piece);
        }
    }
    state.update(buffer.get(..used).unwrap_or_default());
    state.finalize().into_bytes().into()
}
