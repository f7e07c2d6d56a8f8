//! What all workers share.

use std::path::PathBuf;
use std::sync::Arc;

use brokers::catalogue::Catalogue;
use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use tokio::sync::Semaphore;

use super::installed::InstalledEngines;
use crate::drivers::process::{ProcessConfig, ProcessDriver};
use crate::drivers::simulate::SimulateDriver;
use crate::drivers::{Driver, DriverError};
use crate::engines::probe;
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
            Arc::new(ProcessDriver::open(ProcessConfig::new(nodes, shim))?)
        }
        DriverKind::Simulate => Arc::new(SimulateDriver::new(
            Arc::clone(clock),
            std::time::Duration::from_millis(settings.simulate_start_ms),
        )),
    })
}

impl Context {
    /// Brings together what the workers need.
    ///
    /// # Errors
    /// See [`ContextError`].
    pub fn new(services: Arc<Services>, driver: Arc<dyn Driver>) -> Result<Context, ContextError> {
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
