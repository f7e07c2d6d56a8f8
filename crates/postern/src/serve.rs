//! `postern serve`.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Arc;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use server::clock::SteadyClock;
use server::service::Service;
use server::settings::{DriverKind, Tls};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use crate::config::Config;
use crate::exit::Usage;

/// How many files are open besides connections, at most.
const OTHER_FILES: u64 = 1024;

/// Serves until SIGTERM or SIGINT.
///
/// # Errors
/// The service does not start.
pub(crate) fn run(config: Config) -> anyhow::Result<ExitCode> {
    let settings = config.settings()?;
    let filter = EnvFilter::try_new(config.log())
        .map_err(|error| Usage(format!("`{}` is not a log filter: {error}", config.log())))?;
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        logs.compact().init();
    } else {
        logs.json().init();
    }
    let driver = settings.driver;
    limit(settings.max_connections);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async move {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let service = Service::start(
            settings,
            Arc::new(SteadyClock::of_the_machine()),
            config.root_key(),
        )
        .await?;
        greet(&service, driver)?;
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping; brokers run on");
        service.stop().await;
        Ok(ExitCode::SUCCESS)
    })
}

/// Raises the limit of open files to what so many connections need, as far as it may be, and turns core dumps off: one would have
/// the secrets in it. Children inherit both; the shim sets its own.
fn limit(connections: usize) {
    let wanted = u64::try_from(connections)
        .unwrap_or(u64::MAX)
        .saturating_add(OTHER_FILES);
    let files = getrlimit(Resource::Nofile);
    let reachable = files.maximum.map_or(wanted, |most| wanted.min(most));
    if files.current.is_some_and(|now| now < reachable) {
        let raised = Rlimit {
            current: Some(reachable),
            maximum: files.maximum,
        };
        if let Err(error) = setrlimit(Resource::Nofile, raised) {
            tracing::warn!(%error, "the limit of open files cannot be raised");
        }
    }
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    if let Err(error) = setrlimit(Resource::Core, none) {
        tracing::warn!(%error, "core dumps cannot be turned off");
    }
}

/// Says where the service is, and what to do first.
fn greet(service: &Service, driver: DriverKind) -> std::io::Result<()> {
    let settings = &service.services().settings;
    let region = settings
        .regions
        .first()
        .map(|region| region.name.as_str())
        .unwrap_or_default();
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "Postern {} serves {} (account {}, region {region})",
        env!("CARGO_PKG_VERSION"),
        service.endpoint(),
        service.account()
    )?;
    if let Some(dns) = service.dns_address() {
        let domain = settings.endpoint_domain.as_deref();
        writeln!(out, "DNS of {}: {dns}", domain.unwrap_or_default())?;
    }
    if let Some(admin) = service.admin_address() {
        writeln!(
            out,
            "Health and metrics: http://{admin}/healthz /readyz /metrics"
        )?;
    }
    match settings.network.warning() {
        Some(warning) => writeln!(out, "Network mode {warning}")?,
        None => writeln!(
            out,
            "Network mode {}: security groups are enforced by nftables",
            settings.network.name()
        )?,
    }
    match driver {
        DriverKind::Process => {}
        DriverKind::Simulate => {
            writeln!(
                out,
                "\n  *** --driver simulate: NO ENGINE RUNS. Brokers look as if they ran, nothing answers at their endpoints. ***\n"
            )?;
        }
    }
    match service.new_root_key() {
        Some(key) => {
            writeln!(
                out,
                "\nThe root access key, also in {} (shown this once):\n",
                service.credentials_file().display()
            )?;
            writeln!(out, "  export AWS_ACCESS_KEY_ID={}", key.id)?;
            writeln!(
                out,
                "  export AWS_SECRET_ACCESS_KEY={}",
                key.secret.as_str()
            )?;
        }
        None => writeln!(
            out,
            "\nThe root access key is the one of the first start: {}\n",
            service.credentials_file().display()
        )?,
    }
    writeln!(out, "  export AWS_DEFAULT_REGION={region}")?;
    writeln!(out, "  export AWS_ENDPOINT_URL={}", service.endpoint())?;
    if settings.tls == Tls::Own {
        writeln!(
            out,
            "  export AWS_CA_BUNDLE={}",
            settings.data_dir.join("ca.pem").display()
        )?;
    }
    writeln!(out, "\nTry: aws mq list-brokers")?;
    out.flush()
}
