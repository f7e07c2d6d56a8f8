//! Passwords as they are kept: hashed slowly (PBKDF2 with HMAC-SHA-512), then sealed under the master key.

use std::num::NonZeroU32;

use api::refusal::Refusal;
use api::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use iam::identity::LoginProfile;
use ring::pbkdf2;
use zeroize::Zeroizing;

use crate::call::Call;

/// How often the hash goes round (OWASP's Password Storage Cheat Sheet: 210,000 for HMAC-SHA-512).
const ROUNDS: u32 = 210_000;
const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;
/// What the hashes are made by, in case another way is added.
const SCHEME: &str = "pbkdf2-sha512";

/// The sealed hash of a password of the user with this id.
///
/// # Errors
/// An internal refusal where there is no randomness.
pub(super) async fn sealed_hash(
    call: &Call,
    user: &str,
    password: &Secret,
) -> Result<String, Refusal> {
    let salt = call.random::<SALT_BYTES>()?;
    let password = Zeroizing::new(password.expose().to_owned());
    let text = aside(move || Hash::new(salt, ROUNDS, &password).map(|hash| hash.text())).await??;
    let identity = LoginProfile::seal_identity(call.account_id(), user);
    call.services()
        .seal(&text, &identity)
        .map_err(Refusal::internal)
}

/// Whether the password is the one of one of the sealed hashes of the user with this id.
///
/// # Errors
/// An internal refusal where a hash cannot be opened.
pub(super) async fn is_one_of(
    call: &Call,
    user: &str,
    sealed: &[String],
    password: &Secret,
) -> Result<bool, Refusal> {
    let identity = LoginProfile::seal_identity(call.account_id(), user);
    let mut hashes = Vec::with_capacity(sealed.len());
    for sealed in sealed {
        let opened = call
            .services()
            .open(sealed, &identity)
            .map_err(Refusal::internal)?;
        let text = std::str::from_utf8(&opened).map_err(Refusal::internal)?;
        hashes.push(
            Hash::parse(text)
                .ok_or_else(|| Refusal::internal("a password's hash is unreadable"))?,
        );
    }
    let password = Zeroizing::new(password.expose().to_owned());
    aside(move || hashes.iter().any(|hash| hash.is_of(&password))).await
}

/// Does slow work where it holds up no other call.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(Refusal::internal)
}

struct Hash {
    rounds: NonZeroU32,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

impl Hash {
    fn new(salt: [u8; SALT_BYTES], rounds: u32, password: &str) -> Result<Hash, Refusal> {
        let rounds =
            NonZeroU32::new(rounds).ok_or_else(|| Refusal::internal("a hash without rounds"))?;
        let mut hash = vec![0; HASH_BYTES];
        pbkdf2::derive(
            pbkdf2::PBKDF2_HMAC_SHA512,
            rounds,
            &salt,
            password.as_bytes(),
            &mut hash,
        );
        Ok(Hash {
            rounds,
            salt: salt.to_vec(),
            hash,
        })
    }

    /// Compares in constant time.
    fn is_of(&self, password: &str) -> bool {
        pbkdf2::verify(
            pbkdf2::PBKDF2_HMAC_SHA512,
            self.rounds,
            &self.salt,
            password.as_bytes(),
            &self.hash,
        )
        .is_ok()
    }

    fn text(&self) -> Zeroizing<String> {
        let (salt, hash) = (STANDARD.encode(&self.salt), STANDARD.encode(&self.hash));
        Zeroizing::new(format!("{SCHEME}${}${salt}${hash}", self.rounds))
    }

    fn parse(text: &str) -> Option<Hash> {
        let mut parts = text.split('$');
        let scheme = parts.next()?;
        let rounds = parts.next()?.parse().ok()?;
        let salt = STANDARD.decode(parts.next()?).ok()?;
        let hash = STANDARD.decode(parts.next()?).ok()?;
        let whole = parts.next().is_none() && scheme == SCHEME && hash.len() == HASH_BYTES;
        whole.then_some(Hash { rounds, salt, hash })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_of_its_password_alone_and_survives_being_written() {
        let hash = Hash::new([7; SALT_BYTES], 3, "Tr0ub4dor-and-three").unwrap();
        let read = Hash::parse(&hash.text()).unwrap();
        assert!(read.is_of("Tr0ub4dor-and-three"));
        for other in ["", "tr0ub4dor-and-three", "Tr0ub4dor-and-three "] {
            assert!(!read.is_of(other), "{other}");
        }
        let salted = Hash::new([8; SALT_BYTES], 3, "Tr0ub4dor-and-three").unwrap();
        assert_ne!(*salted.text(), *hash.text());
    }

    #[test]
    fn what_is_no_hash_is_no_password() {
        for text in [
            "",
            "pbkdf2-sha512$0$AAAA$AAAA",
            "pbkdf2-sha512$3$AAAA$AAAA",
            "scrypt$3$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "pbkdf2-sha512$3$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=$",
        ] {
            assert!(Hash::parse(text).is_none(), "{text}");
        }
    }
}
