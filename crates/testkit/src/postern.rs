//! The service under test.

use std::path::Path;
use std::sync::Arc;

use iam::identity::{AccessKey, AccessKeyStatus, KeyOwner};
use server::clock::{Clock, SetClock};
use server::first_start::RootKey;
use server::service::Service;
use server::settings::{DriverKind, Region, Settings, Tls};
use store::state::{AccountRecord, Record, State};
use store::{Change, Commit};
use tempfile::TempDir;
use zeroize::Zeroizing;

use crate::client::Client;

/// The root key's id.
pub const ROOT_KEY_ID: &str = "AKIAROOTROOTROOTROOT";
/// The root key's secret.
pub const ROOT_SECRET: &str = "root+secret/of+the+test+0123456789abcdefg";
/// The id of a second account, for [`Postern::other_account`].
pub const OTHER_ACCOUNT: &str = "444455556666";
/// What the clock shows at first: 2026-11-25T12:00:00Z, in milliseconds since the Unix epoch.
pub const NOW: i64 = 1_795_608_000_000;

/// A running service in a temporary folder; both end with it.
pub struct Postern {
    service: Option<Service>,
    /// The clock; it stands still until it is set.
    pub clock: Arc<SetClock>,
    folder: TempDir,
}

/// The settings of tests: simulated brokers that start at once, no throttling, one region.
pub fn settings(folder: &Path) -> Settings {
    Settings {
        data_dir: folder.join("data"),
        listen: ([127, 0, 0, 1], 0).into(),
        admin_listen: Some(([127, 0, 0, 1], 0).into()),
        tls: Tls::Off,
        allow_plain_http: false,
        master_key_file: None,
        regions: vec![Region::with_default_zones("us-east-1")],
        account_id: Some("111122223333".into()),
        api_rate: 1e6,
        api_burst: 1_000_000,
        quotas: Default::default(),
        clock_windows: Default::default(),
        presigned_off: Default::default(),
        oidc_keys: Default::default(),
        oidc_ca: None,
        driver: DriverKind::Simulate,
        simulate_start_ms: 0,
        engines_dir: folder.join("engines"),
        endpoint_domain: None,
        dns_listen: None,
        vpc_block: None,
        network: Default::default(),
        vpc_range: None,
        max_connections: 1024,
        max_connections_per_address: 1024,
    }
}

impl Postern {
    /// Starts a service with the settings of tests.
    pub async fn start() -> anyhow::Result<Postern> {
        Postern::start_with(|_| {}).await
    }

    /// Starts a service whose settings were changed.
    pub async fn start_with(change: impl FnOnce(&mut Settings)) -> anyhow::Result<Postern> {
        Postern::start_by(change, |clock| clock).await
    }

    /// Starts a service that reads the clock through something else.
    pub async fn start_by(
        change: impl FnOnce(&mut Settings),
        through: impl FnOnce(Arc<SetClock>) -> Arc<dyn Clock>,
    ) -> anyhow::Result<Postern> {
        let folder = tempfile::tempdir()?;
        let mut settings = settings(folder.path());
        change(&mut settings);
        let clock = Arc::new(SetClock::new(NOW));
        let service = Service::start(settings, through(clock.clone()), Some(root_key())).await?;
        Ok(Postern {
            service: Some(service),
            clock,
            folder,
        })
    }

    /// Stops the service and starts it again on the same folder.
    pub async fn restart(&mut self) -> anyhow::Result<()> {
        let Some(service) = self.service.take() else {
            anyhow::bail!("the service is stopped")
        };
        let settings = service.services().settings.clone();
        service.stop().await;
        self.service = Some(Service::start(settings, self.clock.clone(), Some(root_key())).await?);
        Ok(())
    }

    /// The running service.
    pub fn service(&self) -> &Service {
        #[expect(
            clippy::expect_used,
            reason = "only a failed restart leaves it empty, and the test has failed then"
        )]
        self.service.as_ref().expect("the service runs")
    }

    /// The temporary folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A client with the root key.
    pub fn root(&self) -> Client {
        self.client(ROOT_KEY_ID, ROOT_SECRET)
    }

    /// A client with any key.
    pub fn client(&self, key_id: &str, secret: &str) -> Client {
        Client::new(self.service().address(), key_id, secret, self.clock.clone())
    }

    /// Makes another account beside the first one and returns a client with its root key. The service itself makes one
    /// account only; its records are kept for as many as there are.
    pub async fn other_account(&self, id: &str) -> anyhow::Result<Client> {
        let services = self.service().services();
        let mut key_id = format!("AKIA{id}");
        while key_id.len() < 20 {
            key_id.push('A');
        }
        let account = Record::Account(AccountRecord {
            id: id.into(),
            created: NOW,
        });
        let key = Record::AccessKey(AccessKey {
            sealed_secret: services.seal(ROOT_SECRET, &AccessKey::seal_identity(id, &key_id))?,
            id: key_id.clone(),
            account: id.into(),
            owner: KeyOwner::Root,
            status: AccessKeyStatus::Active,
            created: NOW,
        });
        let committed = services
            .store
            .commit(id, move |_: &State, _| {
                Ok::<_, ()>(Commit {
                    changes: vec![Change::put(account.clone()), Change::put(key.clone())],
                    record: None,
                    value: (),
                })
            })
            .await;
        anyhow::ensure!(committed.is_ok(), "the account is not written");
        Ok(self.client(&key_id, ROOT_SECRET))
    }

    /// Stops the service.
    pub async fn stop(mut self) {
        if let Some(service) = self.service.take() {
            service.stop().await;
        }
    }
}

fn root_key() -> RootKey {
    RootKey {
        id: ROOT_KEY_ID.into(),
        secret: Zeroizing::new(ROOT_SECRET.into()),
    }
}
