//! Sealing: secrets are encrypted under a master key that is kept outside the store.
//!
//! XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha), with the record's identity as associated data,
//! so that a secret moved to another record does not open. The 24-byte nonces are random: at that
//! length they do not collide.

use std::fmt;
use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::backend::sync_parent;

/// The length of a nonce in bytes.
pub const NONCE_LENGTH: usize = 24;
/// First byte of a sealed secret: how it was sealed.
const FORMAT: u8 = 1;
/// First word of a key file.
const FILE_FORMAT: &str = "postern-master-key-1";
/// What the key-check value says, and the identity it is sealed for.
const CHECK_TEXT: &[u8] = b"this is the right master key";
const CHECK_IDENTITY: &str = "meta/key-check";
/// The identity that the key of the journal's digests is sealed for, once the master key was rotated.
const AUDIT_IDENTITY: &str = "meta/audit-key";
/// The most keys in a key file.
const MAX_KEYS: usize = 8;
/// The most bytes of a key file.
const MAX_FILE: u64 = 1024;

type KeyBytes = Zeroizing<[u8; 32]>;

/// The key that all stored secrets are sealed with, and older ones that open what was sealed before a rotation. Wiped from memory
/// when dropped.
///
/// Its file has a line for each key, the current one first. A sealed value does not say by which of them it was sealed: the cipher's
/// tag does.
pub struct MasterKey {
    current: KeyBytes,
    older: Vec<KeyBytes>,
}

/// Why the master key cannot be used, or a secret not be opened.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    /// There is no key file.
    #[error("there is no master key at `{}`: put back the original key file", .0.display())]
    Missing(PathBuf),
    /// Others may read the file.
    #[error("the master key `{}` may be read by others (mode {mode:o}): make it 0600 or stricter", path.display())]
    Exposed {
        /// The key file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file is something else.
    #[error("`{}` is not a master key file", .0.display())]
    NotAKey(PathBuf),
    /// The file cannot be read or made.
    #[error("cannot {action} the master key `{}`", path.display())]
    File {
        /// What was tried.
        action: &'static str,
        /// The key file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// The system gives no random bytes.
    #[error("the system gives no random bytes")]
    NoRandomness,
    /// The file has as many keys as it may.
    #[error("`{}` has too many keys: forget the older ones first", .0.display())]
    TooMany(PathBuf),
}

impl MasterKey {
    /// A key from its bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self::only(Zeroizing::new(bytes))
    }

    fn only(current: KeyBytes) -> Self {
        Self {
            current,
            older: Vec::new(),
        }
    }

    /// Loads the key, or makes one if the file does not exist.
    ///
    /// Use [`load`](Self::load) when the store already exists (see [`Store::exists`]): then a
    /// missing key is a lost key, and a new one would open nothing.
    ///
    /// [`Store::exists`]: crate::Store::exists
    ///
    /// # Errors
    /// See [`MasterKeyError`].
    pub fn load_or_create(path: &Path) -> Result<Self, MasterKeyError> {
        match Self::load(path) {
            Err(MasterKeyError::Missing(_)) => Self::create(path),
            loaded => loaded,
        }
    }

    /// Loads the key from its file.
    ///
    /// # Errors
    /// There is no file, others may read it, or it holds something else.
    pub fn load(path: &Path) -> Result<Self, MasterKeyError> {
        let failed = |action, source| MasterKeyError::File {
            action,
            path: path.into(),
            source,
        };
        let file = std::fs::File::open(path).map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => MasterKeyError::Missing(path.into()),
            _ => failed("open", source),
        })?;
        // Of the open file, not of the path: it cannot be exchanged between the two.
        let about = file.metadata().map_err(|source| failed("read", source))?;
        let mode = about.permissions().mode() & 0o7777;
        if mode & 0o077 != 0 {
            return Err(MasterKeyError::Exposed {
                path: path.into(),
                mode,
            });
        }
        let mut text = Zeroizing::new(String::with_capacity(1024));
        let read = file.take(MAX_FILE).read_to_string(&mut text);
        read.map_err(|source| match source.kind() {
            std::io::ErrorKind::InvalidData => MasterKeyError::NotAKey(path.into()),
            _ => failed("read", source),
        })?;
        let not_a_key = || MasterKeyError::NotAKey(path.into());
        let mut keys = Vec::new();
        for line in text
            .lines()
            .map(str::trim_end)
            .filter(|line| !line.is_empty())
        {
            let encoded = line.strip_prefix(FILE_FORMAT).map(str::trim_start);
            let encoded = encoded.ok_or_else(not_a_key)?;
            let mut bytes = Zeroizing::new([0; 32]);
            match STANDARD.decode_slice(encoded, bytes.as_mut_slice()) {
                Ok(32) if keys.len() < MAX_KEYS => keys.push(bytes),
                Ok(_) | Err(_) => return Err(not_a_key()),
            }
        }
        let mut keys = keys.into_iter();
        let current = keys.next().ok_or_else(not_a_key)?;
        Ok(Self {
            current,
            older: keys.collect(),
        })
    }

    /// Puts a new key before the others in this file, durably and at once: whoever reads the file gets the old ones or all. The keys
    /// must be the file's.
    ///
    /// # Errors
    /// There are too many keys (forget the older ones), or the file cannot be written.
    pub fn add_new(self, path: &Path) -> Result<Self, MasterKeyError> {
        if self.older.len() + 1 >= MAX_KEYS {
            return Err(MasterKeyError::TooMany(path.into()));
        }
        let mut current = Zeroizing::new([0; 32]);
        getrandom::fill(current.as_mut_slice()).map_err(|_| MasterKeyError::NoRandomness)?;
        let mut older = self.older;
        older.insert(0, self.current);
        let keys = Self { current, older };
        keys.replace(path)?;
        Ok(keys)
    }

    /// Leaves the current key alone in this file, durably and at once. What is sealed under an older one does not open any more.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn forget_older(&mut self, path: &Path) -> Result<(), MasterKeyError> {
        self.older.clear();
        self.replace(path)
    }

    fn replace(&self, path: &Path) -> Result<(), MasterKeyError> {
        let failed = |action, source| MasterKeyError::File {
            action,
            path: path.into(),
            source,
        };
        let mut text = Zeroizing::new(String::with_capacity(1024));
        for key in std::iter::once(&self.current).chain(&self.older) {
            text.push_str(&file_line(key));
        }
        let beside = path.with_extension("new");
        let _ = std::fs::remove_file(&beside);
        write_new(&beside, text.as_bytes()).map_err(|source| failed("write", source))?;
        std::fs::rename(&beside, path).map_err(|source| failed("write", source))?;
        sync_parent(path).map_err(|source| failed("make durable", source))
    }

    /// A name for the current key that tells nothing about it: 16 hexadecimal digits.
    #[must_use]
    pub fn id(&self) -> String {
        key_id(&self.current)
    }

    /// The names of all keys, the current one first.
    #[must_use]
    pub fn ids(&self) -> Vec<String> {
        std::iter::once(&self.current)
            .chain(&self.older)
            .map(key_id)
            .collect()
    }

    /// Whether there are older keys.
    #[must_use]
    pub fn has_older(&self) -> bool {
        !self.older.is_empty()
    }

    fn create(path: &Path) -> Result<Self, MasterKeyError> {
        let failed = |action, source| MasterKeyError::File {
            action,
            path: path.into(),
            source,
        };
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(bytes.as_mut_slice()).map_err(|_| MasterKeyError::NoRandomness)?;
        let text = file_line(&bytes);
        // Written beside and renamed: a crash leaves a whole key or none.
        let beside = path.with_extension("new");
        let _ = std::fs::remove_file(&beside);
        write_new(&beside, text.as_bytes()).map_err(|source| failed("write", source))?;
        // A link does not replace a key that somebody else made meanwhile; a rename would.
        let linked = std::fs::hard_link(&beside, path);
        let _ = std::fs::remove_file(&beside);
        linked.map_err(|source| failed("write", source))?;
        sync_parent(path).map_err(|source| failed("make durable", source))?;
        Ok(Self::only(bytes))
    }

    /// Seals a secret under the current key for the record with this identity. The nonce must be fresh random bytes.
    ///
    /// # Errors
    /// The secret is longer than the cipher allows (256 GB).
    pub fn seal(
        &self,
        secret: &[u8],
        identity: &str,
        nonce: [u8; NONCE_LENGTH],
    ) -> Result<Sealed, SealError> {
        let payload = Payload {
            msg: secret,
            aad: identity.as_bytes(),
        };
        let sealed = cipher(&self.current).encrypt(XNonce::from_slice(&nonce), payload);
        let sealed = sealed.map_err(|_| SealError)?;
        let mut bytes = Vec::with_capacity(1 + NONCE_LENGTH + sealed.len());
        bytes.push(FORMAT);
        bytes.extend_from_slice(&nonce);
        bytes.extend_from_slice(&sealed);
        Ok(Sealed(STANDARD.encode(bytes)))
    }

    /// Opens a sealed secret of the record with this identity, under any of the keys.
    ///
    /// # Errors
    /// The secret was sealed with another key or for another record, or was changed.
    pub fn open(&self, sealed: &Sealed, identity: &str) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let bytes = STANDARD.decode(&sealed.0).map_err(|_| SealError)?;
        std::iter::once(&self.current)
            .chain(&self.older)
            .find_map(|key| open_with(key, &bytes, identity).ok())
            .ok_or(SealError)
    }

    /// Whether it opens for the record with this identity under the current key alone.
    #[must_use]
    pub fn is_current(&self, sealed: &Sealed, identity: &str) -> bool {
        STANDARD
            .decode(&sealed.0)
            .is_ok_and(|bytes| open_with(&self.current, &bytes, identity).is_ok())
    }

    /// Makes the value by which a store knows its key again.
    pub(crate) fn check_value(&self) -> Result<Sealed, MasterKeyError> {
        self.seal_fact(CHECK_TEXT, CHECK_IDENTITY)
    }

    fn seal_fact(&self, text: &[u8], identity: &str) -> Result<Sealed, MasterKeyError> {
        let mut nonce = [0; NONCE_LENGTH];
        getrandom::fill(&mut nonce).map_err(|_| MasterKeyError::NoRandomness)?;
        self.seal(text, identity, nonce)
            .map_err(|_| MasterKeyError::NoRandomness)
    }

    /// Whether the check value was made with one of these keys.
    pub(crate) fn made(&self, check: &Sealed) -> bool {
        self.open(check, CHECK_IDENTITY)
            .is_ok_and(|text| text.as_slice() == CHECK_TEXT)
    }

    /// Whether the check value was made with the current key.
    pub(crate) fn made_now(&self, check: &Sealed) -> bool {
        self.made(check) && self.is_current(check, CHECK_IDENTITY)
    }

    /// The key of the journal's digests. It is derived from the first master key, and kept, sealed, when that is replaced: all of
    /// the journal is signed with one key. `check` and `kept` are what the store knows; `None`: neither is the store's.
    pub(crate) fn digest_key(
        &self,
        check: Option<&Sealed>,
        kept: Option<&Sealed>,
    ) -> Option<DigestKey> {
        if let Some(kept) = kept {
            let bytes = self.open(kept, AUDIT_IDENTITY).ok()?;
            let bytes: [u8; 32] = bytes.as_slice().try_into().ok()?;
            return Some(DigestKey(Zeroizing::new(bytes)));
        }
        let Some(check) = check else {
            return Some(derived_digest_key(&self.current));
        };
        let bytes = STANDARD.decode(&check.0).ok()?;
        std::iter::once(&self.current)
            .chain(&self.older)
            .find(|key| open_with(key, &bytes, CHECK_IDENTITY).is_ok())
            .map(derived_digest_key)
    }

    /// Seals the key of the journal's digests under the current key.
    pub(crate) fn keep(&self, key: &DigestKey) -> Result<Sealed, MasterKeyError> {
        self.seal_fact(key.0.as_slice(), AUDIT_IDENTITY)
    }
}

fn derived_digest_key(master: &KeyBytes) -> DigestKey {
    let mut mac = keyed(master);
    mac.update(b"postern audit digests 1");
    DigestKey(Zeroizing::new(mac.finalize().into_bytes().into()))
}

fn key_id(key: &KeyBytes) -> String {
    let mut mac = keyed(key);
    mac.update(b"postern key id 1");
    let hash: [u8; 32] = mac.finalize().into_bytes().into();
    hash.iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn open_with(
    key: &KeyBytes,
    bytes: &[u8],
    identity: &str,
) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let (format, rest) = bytes.split_first().ok_or(SealError)?;
    let (nonce, text) = rest.split_at_checked(NONCE_LENGTH).ok_or(SealError)?;
    if *format != FORMAT {
        return Err(SealError);
    }
    let payload = Payload {
        msg: text,
        aad: identity.as_bytes(),
    };
    let opened = cipher(key).decrypt(XNonce::from_slice(nonce), payload);
    opened.map(Zeroizing::new).map_err(|_| SealError)
}

fn cipher(key: &KeyBytes) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.as_slice().into())
}

/// A key's line in its file.
fn file_line(key: &KeyBytes) -> Zeroizing<String> {
    let encoded = Zeroizing::new(STANDARD.encode(key.as_slice()));
    Zeroizing::new(format!("{FILE_FORMAT} {}\n", encoded.as_str()))
}

fn write_new(path: &Path, text: &[u8]) -> std::io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(text)?;
    file.sync_all()
}

/// The key that the journal's digests are signed with. Wiped from memory when dropped.
pub(crate) struct DigestKey(Zeroizing<[u8; 32]>);

impl DigestKey {
    /// Begins a MAC under this key.
    pub(crate) fn mac(&self) -> Hmac<Sha256> {
        keyed(&self.0)
    }
}

/// HMAC-SHA-256 under a key, which RFC 2104 pads with zeros to the hash's block of 64 bytes.
fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    let mut block = Zeroizing::new([0; 64]);
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    <Hmac<Sha256> as hmac::KeyInit>::new((&*block).into())
}

/// A sealed secret, as it may be stored: base64 of format, nonce, ciphertext and tag.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sealed(String);

impl Sealed {
    /// Takes a stored text; whether it opens is seen when it is opened.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text to store.
    #[must_use]
    pub fn as_text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed")
    }
}

/// A secret could not be sealed or opened: wrong key, wrong record, or changed. Which of them is
/// not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sealed secret does not open: wrong master key, moved from another record, or changed")]
pub struct SealError;

#[cfg(test)]
mod tests;
