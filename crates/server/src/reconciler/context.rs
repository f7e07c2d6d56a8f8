//! What all workers share.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use brokers::catalogue::Catalogue;
use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use super::installed::InstalledEngines;
use crate::drivers::process::{ProcessConfig, ProcessDriver};
use crate::drivers::simulate::SimulateDriver;
use crate::drivers::{Driver, DriverError};
use crate::engines::probe;
use crate::network_mode::Networks;
use crate::reachable::reachable;
use crate::services::Services;
use crate::settings::{DriverKind, Settings};

/// How many nodes start at the same time: after a restart of the machine they would only slow each other down.
const STARTING: usize = 4;

/// Why the reconciler cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum ContextError {
    /// The authority's certificate cannot be used to check the brokers' certificates.
    #[error("the authority's certificate cannot be used")]
    Authority(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What all workers share.
pub struct Context {
    pub(super) services: Arc<Services>,
    pub(super) driver: Arc<dyn Driver>,
    pub(super) kind: DriverKind,
    pub(super) engines: InstalledEngines,
    /// Trusts our own authority and nobody else.
    pub(super) tls: Arc<ClientConfig>,
    pub(super) starting: Arc<Semaphore>,
    pub(super) networks: Arc<Networks>,
}

/// Opens the driver that the settings name. `shim` is the program that has `shim` as a subcommand.
///
/// # Errors
/// See [`ProcessDriver::open`].
pub fn open_driver(
    settings: &Settings,
    clock: &Arc<dyn crate::clock::Clock>,
    shim: PathBuf,
) -> Result<Arc<dyn Driver>, DriverError> {
    Ok(match settings.driver {
        DriverKind::Process => {
            let nodes = settings.data_dir.join("nodes");
            let nodes = reachable(&nodes, "nodes").unwrap_or_else(|error| {
                tracing::warn!(%error, "the brokers' folders stay below the data folder");
                nodes
            });
            let (users, group) = own_share(&settings.data_dir);
            let config = ProcessConfig::new(nodes, shim);
            Arc::new(ProcessDriver::open(ProcessConfig {
                users,
                group,
                ..config
            })?)
        }
        DriverKind::Simulate => Arc::new(SimulateDriver::new(
            Arc::clone(clock),
            std::time::Duration::from_millis(settings.simulate_start_ms),
        )),
    })
}

/// The user ids and the control group, as root, of the Postern with this data folder. Two on one machine must not share
/// them, because a node is ended with everything that has its user id; so each takes the share that its folder's path is hashed to,
/// out of the ids that lie above those handed out to users' containers and below those of systemd's.
fn own_share(data_dir: &Path) -> (RangeInclusive<u32>, String) {
    use std::os::unix::ffi::OsStrExt;
    let path = data_dir.canonicalize();
    let path = path.as_deref().unwrap_or(data_dir);
    let digest = Sha256::digest(path.as_os_str().as_bytes());
    let number = digest
        .first_chunk::<4>()
        .map_or(0, |bytes| u32::from_be_bytes(*bytes));
    let first = FIRST_USER + (number % SHARES) * SHARE;
    (first..=first + SHARE - 1, format!("postern-{number:08x}"))
}

/// The lowest user id of all shares.
const FIRST_USER: u32 = 300_000;
/// How many user ids a share has: as many nodes can there be.
const SHARE: u32 = 500;
/// How many shares there are.
const SHARES: u32 = 440;

impl Context {
    /// Brings together what the workers need.
    ///
    /// # Errors
    /// See [`ContextError`].
    pub fn new(
        services: Arc<Services>,
        driver: Arc<dyn Driver>,
        networks: Arc<Networks>,
    ) -> Result<Context, ContextError> {
        let authority =
            CertificateDer::from_pem_slice(services.authority.certificate_pem().as_bytes())
                .map_err(|error| ContextError::Authority(error.into()))?;
        let tls = probe::tls_client(&[authority])
            .map_err(|error| ContextError::Authority(error.into()))?;
        Ok(Context {
            kind: services.settings.driver,
            engines: InstalledEngines::new(services.settings.engines_dir.clone()),
            services,
            driver,
            tls,
            starting: Arc::new(Semaphore::new(STARTING)),
            networks,
        })
    }

    /// Reads the folder of engines again if it changed.
    pub(super) async fn refresh_engines(&self) {
        match self.kind {
            DriverKind::Process => {}
            DriverKind::Simulate => return,
        }
        if self.engines.refresh().await {
            let installed = self.engines.versions();
            let catalogue = Arc::new(Catalogue::installed(installed));
            if *catalogue != **self.services.catalogue.load() {
                tracing::info!("the installed engines changed");
                self.services.catalogue.store(catalogue);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_data_folder_has_a_share_of_its_own() {
        let (users, group) = own_share(Path::new("/nonexistent/a"));
        assert_eq!(users.end() - users.start() + 1, SHARE);
        assert!(*users.start() >= FIRST_USER && *users.end() < 524_288);
        assert_ne!(group, own_share(Path::new("/nonexistent/b")).1);
    }
}
