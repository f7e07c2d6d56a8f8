//! Everything that is shared by all requests.

use std::sync::Arc;

use store::state::State;
use store::{MasterKey, Sealed, Store};

use crate::authority::Authority;
use crate::clock::{Clock, random};
use crate::metrics::Metrics;
use crate::settings::Settings;
use crate::throttle::Throttle;

/// Everything that is shared by all requests.
pub struct Services {
    /// The records.
    pub store: Store<State>,
    /// Seals secrets.
    pub master_key: MasterKey,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// What the service was told.
    pub settings: Settings,
    /// The rate of each account.
    pub throttle: Throttle,
    /// Derived signing keys.
    pub signing_keys: sigv4::KeyCache,
    /// Counters for `/metrics`.
    pub metrics: Metrics,
    /// Vouches for the API and for every broker.
    pub authority: Authority,
}

/// A secret could not be sealed or opened, or the machine has no randomness.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// It does not open under this key and identity.
    #[error(
        "a stored secret does not open: it was moved, changed, or sealed under another master key"
    )]
    Seal(#[from] store::seal::SealError),
    /// No random bytes.
    #[error("the operating system gives no random bytes: {0}")]
    Random(String),
}

impl Services {
    /// Seals a secret for the record with this identity.
    ///
    /// # Errors
    /// [`SecretError`].
    pub fn seal(&self, secret: &str, identity: &str) -> Result<String, SecretError> {
        let nonce = random().map_err(|error| SecretError::Random(error.to_string()))?;
        Ok(self
            .master_key
            .seal(secret.as_bytes(), identity, nonce)?
            .as_text()
            .to_owned())
    }

    /// Opens a sealed secret of the record with this identity.
    ///
    /// # Errors
    /// [`SecretError`].
    pub fn open(
        &self,
        sealed: &str,
        identity: &str,
    ) -> Result<zeroize::Zeroizing<Vec<u8>>, SecretError> {
        Ok(self.master_key.open(&Sealed::from_text(sealed), identity)?)
    }
}
