//! Session tokens: sealed, compressed claims.

use std::io::{Read, Write};
use std::sync::Arc;

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use iam::compile::CompiledPolicy;
use iam::policy::{DocumentKind, PolicyDocument};
use iam::session::Session;
use serde::{Deserialize, Serialize};
use sigv4::SecretKey;
use store::Sealed;
use zeroize::Zeroizing;

use crate::clock::random;
use crate::services::{SecretError, Services};

/// The form of a token's content.
const FORMAT: u8 = 1;
/// What sealing adds: format, nonce and tag.
const SEAL_BYTES: usize = 1 + 24 + 16;
/// The most bytes that a token's content comes to. What is sealed is ours, so this is only a belt.
const MAX_CONTENT: u64 = 256 * 1024;

/// A session whose token was opened.
pub struct LiveSession {
    /// What the token says.
    pub session: Session,
    /// The session policy, compiled.
    pub policy: Option<CompiledPolicy>,
    /// The secret of the access key.
    pub(crate) secret: SecretKey,
}

impl PartialEq for LiveSession {
    fn eq(&self, other: &LiveSession) -> bool {
        self.session == other.session
    }
}

impl Eq for LiveSession {}

impl std::fmt::Debug for LiveSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("LiveSession").field(&self.session).finish()
    }
}

#[derive(Serialize)]
struct Written<'a> {
    v: u8,
    s: &'a str,
    c: &'a Session,
}

#[derive(Deserialize)]
struct Found<'a> {
    v: u8,
    s: &'a str,
    c: Session,
}

/// What the seal binds a token to.
fn identity(key_id: &str) -> String {
    format!("session/{key_id}")
}

/// The token of a session whose access key has this secret.
///
/// # Errors
/// The machine has no randomness, or sealing fails.
pub(super) fn seal(
    services: &Services,
    session: &Session,
    secret: &str,
    min_size: Option<usize>,
) -> Result<String, SecretError> {
    let written = Written {
        v: FORMAT,
        s: secret,
        c: session,
    };
    let content = serde_json::to_vec(&written)
        .map(Zeroizing::new)
        .map_err(|error| SecretError::Random(error.to_string()))?;
    let nonce = random().map_err(|error| SecretError::Random(error.to_string()))?;
    let identity = identity(&session.key_id);
    let mut packed = Zeroizing::new(deflate(&content));
    // Zeros behind the end of what is compressed are not read.
    let wanted = min_size.unwrap_or_default().div_ceil(4) * 3;
    let padded = wanted.saturating_sub(SEAL_BYTES).max(packed.len());
    packed.resize(padded, 0);
    let sealed = services.master_key.load().seal(&packed, &identity, nonce)?;
    Ok(sealed.as_text().to_owned())
}

/// Opens the token that came with an access key. `None`: it was tampered with, is of another key, or is none of ours.
/// Whether the session is over is for the caller to see.
pub(crate) fn open(services: &Services, key_id: &str, token: &str) -> Option<Arc<LiveSession>> {
    let found = services.sessions.of(token, || {
        let sealed = Sealed::from_text(token);
        let packed = services
            .master_key
            .load()
            .open(&sealed, &identity(key_id))
            .ok()?;
        read(&inflate(&packed)?).map(Arc::new)
    })?;
    // A token that was opened for its own key before comes out of the cache for any.
    (found.session.key_id == key_id).then_some(found)
}

fn read(content: &[u8]) -> Option<LiveSession> {
    let Found { v, s, c } = serde_json::from_slice(content).ok()?;
    if v != FORMAT {
        return None;
    }
    let policy = c.policy.as_deref().map(|text| {
        match PolicyDocument::parse(text, DocumentKind::Session) {
            Ok(document) => CompiledPolicy::compile(&document),
            // It was accepted when the session was made; a policy that cannot be read denies everything.
            Err(_) => CompiledPolicy::unreadable(),
        }
    });
    Some(LiveSession {
        policy,
        secret: SecretKey::new(s),
        session: c,
    })
}

/// Compresses. Writing to memory does not fail, so what there is is all.
pub(super) fn deflate(content: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    // Both only fail where the writer does.
    let _ = encoder.write_all(content);
    encoder.finish().unwrap_or_default()
}

pub(super) fn inflate(packed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut content = Zeroizing::new(Vec::new());
    DeflateDecoder::new(packed)
        .take(MAX_CONTENT)
        .read_to_end(&mut content)
        .ok()?;
    Some(content)
}

#[cfg(test)]
mod tests {
    use super::*;
    use iam::session::SessionPrincipal;

    fn content(format: u8) -> Vec<u8> {
        let session = Session {
            account: "111122223333".into(),
            key_id: "ASIAQAAAAAAAAAAAAAAA".into(),
            principal: SessionPrincipal::Root,
            issued: 1,
            expires: 2,
            policy: Some("{".into()),
            policy_arns: Vec::new(),
            tags: Vec::new(),
            transitive: Vec::new(),
            source_identity: None,
        };
        serde_json::to_vec(&Written {
            v: format,
            s: "secret",
            c: &session,
        })
        .unwrap()
    }

    #[test]
    fn content_comes_out_as_it_went_in_and_a_broken_policy_denies() {
        let live = read(&inflate(&deflate(&content(FORMAT))).unwrap()).unwrap();
        assert_eq!(live.session.key_id, "ASIAQAAAAAAAAAAAAAAA");
        assert!(live.policy.as_ref().unwrap().is_unreadable());
        assert!(!format!("{live:?}").contains("secret"));
    }

    #[test]
    fn content_of_another_form_is_not_read() {
        assert!(read(&content(FORMAT + 1)).is_none());
        assert!(read(b"").is_none());
        assert!(inflate(b"\xff\xff").is_none());
    }
}
