//! Everything that is shared by all requests.

use std::sync::Arc;

use arc_swap::ArcSwap;
use brokers::broker::EngineType;
use brokers::catalogue::Catalogue;
use store::state::State;
use store::{MasterKey, Sealed, Store};

use crate::authority::Authority;
use crate::clock::{Clock, random};
use crate::engines::Engines;
use crate::last_used::LastUsed;
use crate::metrics::Metrics;
use crate::opened::OpenedSecrets;
use crate::sessions::{ProviderKeys, Sessions};
use crate::settings::{DriverKind, Settings};
use crate::throttle::Throttle;
use crate::written::Descriptions;

/// Everything that is shared by all requests.
pub struct Services {
    /// The records.
    pub store: Store<State>,
    /// Seals secrets. It is exchanged when it is rotated; what commits values that were sealed with it holds it meanwhile.
    pub master_key: ArcSwap<MasterKey>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// What the service was told.
    pub settings: Settings,
    /// The rate of each account.
    pub throttle: Throttle,
    /// Derived signing keys.
    pub signing_keys: sigv4::KeyCache,
    /// Secrets of access keys that were opened before.
    pub opened: OpenedSecrets,
    /// Answers of DescribeBroker that were written before.
    pub descriptions: Descriptions,
    /// When each access key was used last.
    pub last_used: LastUsed,
    /// Session tokens that were opened before.
    pub sessions: Sessions,
    /// The keys of OpenID Connect providers.
    pub provider_keys: ProviderKeys,
    /// Counters for `/metrics`.
    pub metrics: Metrics,
    /// What brokers can be created with. It is exchanged when an engine is installed.
    pub catalogue: ArcSwap<Catalogue>,
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

/// What brokers can be created with under these settings: Amazon's lists where nothing is run, what is installed where it is.
/// Where that cannot be read it is as if nothing were installed, and the log says why.
pub fn catalogue(settings: &Settings) -> Catalogue {
    match settings.driver {
        DriverKind::Simulate => Catalogue::amazon(),
        DriverKind::Process => {
            let listed = Engines::open(&settings.engines_dir).list();
            if let Err(error) = &listed {
                tracing::error!(%error, "the installed engines cannot be listed");
            }
            Catalogue::installed(listed.into_iter().flatten().filter_map(|installed| {
                let engine = EngineType::parse(&installed.catalogue.engine)?;
                Some((engine, installed.catalogue.version))
            }))
        }
    }
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
            .load()
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
        Ok(self
            .master_key
            .load()
            .open(&Sealed::from_text(sealed), identity)?)
    }
}
