//! Secrets that were opened before: opening one means decrypting it, and making a key of it means hashing it.

use std::sync::Arc;

use iam::identity::AccessKey;
use sigv4::SecretKey;

use crate::generations::Generations;
use crate::services::{SecretError, Services};

/// The most secrets of one generation.
const GENERATION: usize = 4096;

/// The secret of an access key, and whose it is.
struct Opened {
    account: String,
    id: String,
    secret: SecretKey,
}

/// The secrets of access keys that were used, by what they are sealed as: a key that is changed or sealed anew is another entry.
/// They are wiped when they are forgotten. Only keys of ours get in, so strangers cannot fill it.
pub struct OpenedSecrets(Generations<String, Arc<Opened>>);

impl Default for OpenedSecrets {
    fn default() -> Self {
        Self(Generations::of(GENERATION))
    }
}

/// What is in a sealed secret that opens is no text.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoSecret {
    /// It does not open.
    #[error(transparent)]
    Sealed(#[from] SecretError),
    /// It is no text.
    #[error("the stored secret of an access key is no text")]
    Text(#[from] std::str::Utf8Error),
}

impl OpenedSecrets {
    fn known(&self, key: &AccessKey) -> Option<Arc<Opened>> {
        let found = self.0.find(key.sealed_secret.as_str())?;
        // What was sealed for one key does not open for another: a copy in another record is to fail as ever.
        (found.account == key.account && found.id == key.id).then_some(found)
    }
}

/// Does something with the secret of an access key.
///
/// # Errors
/// It does not open for this key.
pub(crate) fn with_secret<T>(
    services: &Services,
    key: &AccessKey,
    then: impl FnOnce(&SecretKey) -> T,
) -> Result<T, NoSecret> {
    if let Some(known) = services.opened.known(key) {
        return Ok(then(&known.secret));
    }
    let identity = AccessKey::seal_identity(&key.account, &key.id);
    let secret = services.open(&key.sealed_secret, &identity)?;
    let opened = Arc::new(Opened {
        account: key.account.clone(),
        id: key.id.clone(),
        secret: SecretKey::new(std::str::from_utf8(&secret)?),
    });
    services
        .opened
        .0
        .keep(key.sealed_secret.clone(), Arc::clone(&opened));
    Ok(then(&opened.secret))
}
