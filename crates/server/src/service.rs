//! A whole service: from settings to open ports, and back.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use arc_swap::ArcSwap;
use store::{MasterKey, Options, Store};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::drivers::{Driver, DriverError};
use crate::first_start::{self, FirstStartError, RootKey};
use crate::metrics::Metrics;
use crate::network_mode::{self, NetworkError, Networks};
use crate::services::{self, Services};
use crate::sessions::{CaError, ProviderKeys};
use crate::settings::{DriverKind, Settings, Tls};
use crate::throttle::Throttle;
use crate::tls::TlsError;
use crate::{admin, dns, edge, key_rotation, reconciler, tls};

/// How many derived signing keys are kept.
const SIGNING_KEYS: usize = 10_000;

/// Why a service did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store cannot be opened.
    #[error("the store cannot be opened")]
    Store(#[from] store::OpenError),
    /// The master key cannot be used.
    #[error("the master key cannot be used")]
    MasterKey(#[from] store::seal::MasterKeyError),
    /// Something that has to be there could not be made.
    #[error(transparent)]
    FirstStart(#[from] FirstStartError),
    /// TLS cannot be set up.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// A port cannot be opened.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Plain HTTP beyond this machine.
    #[error(
        "{0} is not a loopback address: use --tls own or --tls-certificate and --tls-key, or allow plain HTTP with --allow-plain-http"
    )]
    PlainBeyondLoopback(SocketAddr),
    /// The driver of brokers cannot work.
    #[error("brokers cannot be run: {0}")]
    Driver(#[from] DriverError),
    /// The network mode cannot be used here.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// The reconciler cannot work.
    #[error(transparent)]
    Reconciler(#[from] reconciler::ContextError),
    /// The keys of OpenID Connect providers cannot be fetched.
    #[error(transparent)]
    ProviderKeys(#[from] CaError),
    /// A file could not be written or read.
    #[error("cannot use `{path}`")]
    File {
        /// Its path.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// A running service.
pub struct Service {
    services: Arc<Services>,
    driver: Arc<dyn Driver>,
    account: String,
    endpoint: String,
    address: SocketAddr,
    admin_address: Option<SocketAddr>,
    dns_address: Option<SocketAddr>,
    credentials: PathBuf,
    new_root_key: Option<RootKey>,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Service {
    /// Starts a service: opens the store, makes what the first start makes, and opens the ports.
    ///
    /// # Errors
    /// [`StartError`]; nothing keeps running.
    pub async fn start(
        settings: Settings,
        clock: Arc<dyn Clock>,
        root_key: Option<RootKey>,
    ) -> Result<Service, StartError> {
        if settings.tls == Tls::Off
            && !settings.allow_plain_http
            && !settings.listen.ip().is_loopback()
        {
            return Err(StartError::PlainBeyondLoopback(settings.listen));
        }
        let folder = settings.data_dir.clone();
        make_private_folder(&folder)?;
        let key_file = settings
            .master_key_file
            .clone()
            .unwrap_or_else(|| folder.join("master.key"));
        let master_key = if Store::<store::state::State>::exists(&folder) {
            MasterKey::load(&key_file)?
        } else {
            MasterKey::load_or_create(&key_file)?
        };
        let seconds = Arc::clone(&clock);
        let options = Options::new(
            &master_key,
            Arc::new(move || seconds.now().div_euclid(1000)),
        );
        let store = Store::open(&folder, options)?;
        let given = root_key.is_some();
        let ready =
            first_start::prepare(&store, &master_key, &settings, root_key, clock.now()).await?;
        let ca_file = folder.join("ca.pem");
        std::fs::write(&ca_file, ready.authority.certificate_pem()).map_err(|source| {
            StartError::File {
                path: ca_file.display().to_string(),
                source,
            }
        })?;

        let provider_keys = ProviderKeys::new(&settings.oidc_keys, settings.oidc_ca.as_deref())?;
        // Order: before the driver, which it may leave nothing to run for.
        let networks = Arc::new(Networks::new(network_mode::open(&settings)?));
        match settings.network.warning() {
            Some(warning) => tracing::warn!("network mode {warning}"),
            None => tracing::info!(
                mode = settings.network.name(),
                "security groups are enforced by nftables"
            ),
        }
        let driver = open_driver(&settings, &clock)?;
        let listener = listen(settings.listen).await?;
        let address = local(&listener, settings.listen)?;
        let admin_listener = match settings.admin_listen {
            Some(admin) => Some((listen(admin).await?, admin)),
            None => None,
        };
        let admin_address = match &admin_listener {
            Some((listener, wanted)) => Some(local(listener, *wanted)?),
            None => None,
        };
        let dns_sockets = match settings.dns_listen {
            Some(address) => Some(
                dns::open(address)
                    .await
                    .map_err(|source| StartError::Listen { address, source })?,
            ),
            None => None,
        };
        let dns_address = dns_sockets.as_ref().map(|sockets| sockets.address);
        let acceptor = tls::acceptor(&settings.tls, &ready.authority, address, clock.now())?;
        let endpoint = endpoint(&settings, address);
        let credentials = folder.join("root-credentials.json");
        if let Some(key) = &ready.root_key {
            let text = serde_json::json!({
                "accessKeyId": key.id,
                "secretAccessKey": key.secret.as_str(),
                "accountId": ready.account,
                "region": settings.regions.first().map(|region| region.name.as_str()),
                "endpoint": endpoint,
                "caFile": ca_file.display().to_string(),
            });
            first_start::write_private(&credentials, format!("{text:#}\n").as_bytes())?;
        }

        let services = Arc::new(Services {
            throttle: Throttle::new(settings.api_rate, settings.api_burst),
            catalogue: ArcSwap::from_pointee(services::catalogue(&settings)),
            store,
            master_key: ArcSwap::from_pointee(master_key),
            clock,
            settings,
            signing_keys: sigv4::KeyCache::new(SIGNING_KEYS),
            opened: Default::default(),
            descriptions: Default::default(),
            last_used: Default::default(),
            sessions: Default::default(),
            provider_keys,
            metrics: Metrics::default(),
            authority: ready.authority,
        });
        let context = reconciler::Context::new(
            Arc::clone(&services),
            Arc::clone(&driver),
            Arc::clone(&networks),
        )?;
        let (stop, stopped) = watch::channel(false);
        let mut tasks = vec![
            tokio::spawn(edge::serve(
                Arc::clone(&services),
                listener,
                acceptor,
                stopped.clone(),
            )),
            tokio::spawn(reconciler::run(Arc::new(context), stopped.clone())),
            tokio::spawn(key_rotation::run(
                Arc::clone(&services),
                key_file,
                stopped.clone(),
            )),
            tokio::spawn(network_mode::run(
                networks,
                services.store.clone(),
                stopped.clone(),
            )),
        ];
        if let Some(sockets) = dns_sockets {
            tasks.push(tokio::spawn(dns::serve(
                Arc::clone(&services),
                sockets,
                stopped.clone(),
            )));
        }
        if let Some((listener, _)) = admin_listener {
            tasks.push(tokio::spawn(admin::serve(
                Arc::clone(&services),
                listener,
                stopped,
            )));
        }
        Ok(Service {
            services,
            driver,
            account: ready.account,
            endpoint,
            address,
            admin_address,
            dns_address,
            credentials,
            new_root_key: ready.root_key.filter(|_| !given),
            stop,
            tasks,
        })
    }

    /// What is shared by all requests.
    pub fn services(&self) -> &Arc<Services> {
        &self.services
    }

    /// What runs the brokers' nodes.
    pub fn driver(&self) -> &Arc<dyn Driver> {
        &self.driver
    }

    /// The account.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// The URL that clients use.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Where the API listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where the admin port is.
    pub fn admin_address(&self) -> Option<SocketAddr> {
        self.admin_address
    }

    /// Where the names of endpoints are answered, by UDP and TCP.
    pub fn dns_address(&self) -> Option<SocketAddr> {
        self.dns_address
    }

    /// The file that holds the root key, where it was made by this service.
    pub fn credentials_file(&self) -> &PathBuf {
        &self.credentials
    }

    /// The root key, where this start generated it.
    pub fn new_root_key(&self) -> Option<&RootKey> {
        self.new_root_key.as_ref()
    }

    /// Stops: finishes what is under way, then closes the store. Brokers run on.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(error = %error, "a task of the service failed");
            }
        }
        let store = self.services.store.clone();
        if let Err(error) = tokio::task::spawn_blocking(move || store.close()).await {
            tracing::error!(error = %error, "the store could not be closed");
        }
    }
}

/// Opens the driver. As root, nodes have users of their own, who must be able to enter the data folder; what is in it is
/// closed to them one by one.
fn open_driver(settings: &Settings, clock: &Arc<dyn Clock>) -> Result<Arc<dyn Driver>, StartError> {
    let program = std::path::Path::new("/proc/self/exe");
    let shim = std::env::current_exe().map_err(|source| StartError::File {
        path: program.display().to_string(),
        source,
    })?;
    match settings.driver {
        DriverKind::Process if rustix::process::geteuid().is_root() => {
            use std::os::unix::fs::PermissionsExt;
            let enter = std::fs::Permissions::from_mode(0o711);
            std::fs::set_permissions(&settings.data_dir, enter).map_err(|source| {
                StartError::File {
                    path: settings.data_dir.display().to_string(),
                    source,
                }
            })?;
        }
        DriverKind::Process | DriverKind::Simulate => {}
    }
    Ok(reconciler::open_driver(settings, clock, shim)?)
}

async fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address)
        .await
        .map_err(|source| StartError::Listen { address, source })
}

fn local(listener: &TcpListener, wanted: SocketAddr) -> Result<SocketAddr, StartError> {
    listener.local_addr().map_err(|source| StartError::Listen {
        address: wanted,
        source,
    })
}

fn endpoint(settings: &Settings, address: SocketAddr) -> String {
    let scheme = if settings.tls == Tls::Off {
        "http"
    } else {
        "https"
    };
    let host = if address.ip().is_unspecified() {
        "127.0.0.1".to_owned()
    } else {
        address.ip().to_string()
    };
    match address.ip() {
        std::net::IpAddr::V6(ip) if !ip.is_unspecified() => {
            format!("{scheme}://[{ip}]:{}", address.port())
        }
        std::net::IpAddr::V4(_) | std::net::IpAddr::V6(_) => {
            format!("{scheme}://{host}:{}", address.port())
        }
    }
}

fn make_private_folder(folder: &std::path::Path) -> Result<(), StartError> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|source| StartError::File {
            path: folder.display().to_string(),
            source,
        })
}
