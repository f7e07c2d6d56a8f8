//! From a broker's record to what a driver starts.

use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use brokers::broker::{AuthenticationStrategy, Broker, DeploymentMode, EngineType, Instance};
use brokers::configuration::activemq::sanitise;
use brokers::engine::activemq::{
    self, BrokerUser, Configuration, Connector, Console, Directories, InstanceSize, Keystore,
    Management, NodeSpec,
};
use brokers::engine::probe::{Login, Target};
use brokers::engine::{PromisedPort, Rendered, Secret};
use brokers::plan::{Cause, Reason};
use store::state::State;

use super::secrets::{OwnSecret, Purpose};
use crate::drivers::{
    BadNodeId, DriverError, File, FileMode, Launch, Limits, LogLimits, Namespace, NodeId,
    RelativePath,
};
use crate::engines::{Installed, keystore};
use crate::network_mode::{Fault, Network};
use crate::services::Services;
use crate::settings::DriverKind;

/// The user as whom Postern asks a broker whether it is well: in no group, and with a name that Amazon MQ lets nobody choose.
const PROBE_USER: &str = "postern:probe";
/// The user of the management agent.
const MANAGEMENT_USER: &str = "postern";
/// Where the management agent listens, on the management address.
const MANAGEMENT_PORT: u16 = 8161;
/// Where the keystore is, below the node's folder.
const KEYSTORE: &str = "conf/node.p12";
/// How long a node may take to end before it is killed.
const STOP_GRACE: Duration = Duration::from_secs(30);

/// What a driver calls a node: the broker's id and the instance's number.
pub(super) fn node_name(broker: &Broker, number: u8) -> String {
    format!("{}-{number}", broker.id)
}

/// The same, as an id.
pub(super) fn node_id(broker: &Broker, number: u8) -> Result<NodeId, BadNodeId> {
    NodeId::parse(&node_name(broker, number))
}

/// What a node promises its clients, and how it is asked.
pub(super) struct Promise {
    pub(super) address: IpAddr,
    pub(super) protocols: Vec<Target>,
    pub(super) console: bool,
    pub(super) login: Login,
    /// The network namespace in which it is asked.
    pub(super) namespace: Option<PathBuf>,
}

/// Where a node lives: on the disk, and in the network.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The driver's folder of it.
    pub(super) folder: PathBuf,
    /// Where its management endpoint listens.
    pub(super) management: Ipv4Addr,
    /// The network namespace it runs in; `None`: the machine's own.
    pub(super) namespace: Option<PathBuf>,
}

impl Place {
    pub(super) fn of(
        network: &dyn Network,
        broker: &Broker,
        instance: &Instance,
        folder: PathBuf,
    ) -> Place {
        Place {
            folder,
            management: network.management(instance.address),
            namespace: network.namespace(&node_name(broker, instance.number)),
        }
    }
}

/// The reason for what the network mode could not do.
pub(super) fn unconnected(fault: &Fault) -> Reason {
    let cause = if fault.definite {
        Cause::NoAddress
    } else {
        Cause::Other
    };
    Reason::new(cause, fault.text.clone())
}

/// What a node with this engine promises.
pub(super) fn promise(
    instance: &Instance,
    engine: &Installed,
    own: &OwnSecret,
    namespace: Option<PathBuf>,
) -> Promise {
    Promise {
        namespace,
        address: IpAddr::V4(instance.address),
        protocols: Target::ALL
            .into_iter()
            .filter(|target| engine.catalogue.speaks(*target))
            .collect(),
        console: engine.catalogue.console.works,
        login: Login {
            username: PROBE_USER.to_owned(),
            password: own.password(Purpose::Probe),
        },
    }
}

/// A node that can be started.
pub(super) struct Prepared {
    pub(super) launch: Launch,
    pub(super) ports: Vec<PromisedPort>,
}

/// What is started where nothing is started.
pub(super) fn simulated(node: NodeId) -> Launch {
    Launch {
        node,
        folders: Vec::new(),
        files: Vec::new(),
        argv: vec!["simulated".to_owned()],
        env: Vec::new(),
        stop_grace: STOP_GRACE,
        log: LogLimits::default(),
        limits: Limits::default(),
        namespace: None,
    }
}

/// Renders a node by its record. Makes keys and certificates, so it blocks for some milliseconds.
pub(super) fn prepare(
    services: &Services,
    state: &State,
    broker: &Broker,
    instance: &Instance,
    engine: &Installed,
    own: &OwnSecret,
    place: Place,
) -> Result<Prepared, Reason> {
    let folder = place.folder.as_path();
    let node = node_id(broker, instance.number).map_err(impossible)?;
    let address = IpAddr::V4(instance.address);
    let keystore_password = own.password(Purpose::Keystore);
    let console = engine.catalogue.console.works.then(|| Console {
        password: own.password(Purpose::Console),
    });
    let management = engine.catalogue.management.works.then(|| Management {
        listen: (place.management, MANAGEMENT_PORT).into(),
        username: MANAGEMENT_USER.to_owned(),
        password: own.password(Purpose::Management),
    });
    let size = InstanceSize::of(&broker.current.host_instance_type).ok_or_else(|| {
        impossible(format!(
            "ActiveMQ does not run on `{}`",
            broker.current.host_instance_type
        ))
    })?;
    let mut users = users_of(services, broker)?;
    users.push(BrokerUser {
        username: PROBE_USER.to_owned(),
        password: own.password(Purpose::Probe),
        groups: Vec::new(),
        console_access: false,
    });
    let spec = NodeSpec {
        broker_id: broker.id.to_string(),
        broker_name: broker.name.clone(),
        instance: instance.number,
        address,
        directories: Directories {
            base: folder.to_path_buf(),
            store: folder.join("store"),
            logs: folder.join("logs"),
        },
        users,
        configuration: configuration_of(state, broker)?,
        keystore: Keystore {
            path: folder.join(KEYSTORE),
            password: keystore_password.clone(),
        },
        truststore: None,
        size,
        frame_limit: size.frame_limit(),
        console,
        management,
        audit_log: broker.current.logs.audit == Some(true),
        runtime: engine.runtime("java"),
    };
    let rendered = activemq::render(&spec).map_err(|error| impossible(error.to_string()))?;
    let certificate = certificate(services, broker, instance, &keystore_password)?;
    let ports = rendered.ports.clone();
    let mut launch = launch(node, rendered, certificate, folder, size).map_err(impossible)?;
    launch.namespace = place.namespace.map(|file| Namespace {
        file,
        address: instance.address,
    });
    Ok(Prepared { launch, ports })
}

/// Which engine a broker is run by, and whether it can be run here at all.
pub(super) fn runnable(broker: &Broker) -> Result<(), Reason> {
    match broker.engine {
        EngineType::ActiveMq => {}
        EngineType::RabbitMq => {
            return Err(impossible("RabbitMQ brokers cannot be run by this version"));
        }
    }
    match broker.deployment_mode {
        DeploymentMode::SingleInstance => {}
        DeploymentMode::ActiveStandbyMultiAz | DeploymentMode::ClusterMultiAz => {
            return Err(impossible(format!(
                "brokers with the deployment mode {} cannot be run by this version",
                broker.deployment_mode.model()
            )));
        }
    }
    match broker.current.authentication_strategy {
        AuthenticationStrategy::Simple => Ok(()),
        AuthenticationStrategy::Ldap | AuthenticationStrategy::ConfigManaged => {
            Err(impossible(format!(
                "brokers with the authentication strategy {} cannot be run by this version",
                broker.current.authentication_strategy.model()
            )))
        }
    }
}

/// The reason for an engine that is not there.
pub(super) fn not_installed(broker: &Broker) -> Reason {
    let version = &broker.current.engine_version;
    Reason::new(
        Cause::NoEngine,
        format!(
            "ActiveMQ {version} is not installed; `postern engine install activemq {version}` installs it"
        ),
    )
}

/// The reason for what a driver could not do.
pub(super) fn refused(error: &DriverError) -> Reason {
    let cause = match error {
        DriverError::DiskFull { .. } => Cause::DiskFull,
        DriverError::ProgramNotFound { .. } | DriverError::ProgramRefused { .. } => Cause::NoEngine,
        other if other.may_pass() => Cause::Other,
        _ => Cause::Impossible,
    };
    let text = match error {
        DriverError::ProgramNotFound { program } if program.rsplit('/').next() == Some("java") => {
            "there is no Java on this machine (Debian: `apt-get install default-jre-headless`)"
                .to_owned()
        }
        other => other.to_string(),
    };
    Reason::new(cause, text)
}

fn impossible(what: impl ToString) -> Reason {
    Reason::new(Cause::Impossible, what.to_string())
}

/// The users as they are now; what waits for a reboot is not among them.
fn users_of(services: &Services, broker: &Broker) -> Result<Vec<BrokerUser>, Reason> {
    let mut users = Vec::with_capacity(broker.users.len().saturating_add(1));
    for (username, user) in &broker.users {
        let Some(settings) = &user.current else {
            continue;
        };
        let identity = brokers::broker::BrokerUser::seal_identity(broker.id.as_str(), username);
        let password = services
            .open(&settings.sealed_password, &identity)
            .map_err(|error| impossible(format!("the password of `{username}`: {error}")))?;
        let password = std::str::from_utf8(&password)
            .map_err(|_| impossible(format!("the password of `{username}` is not text")))?;
        users.push(BrokerUser {
            username: username.clone(),
            password: Secret::new(password),
            groups: settings.groups.clone(),
            console_access: settings.console_access,
        });
    }
    Ok(users)
}

fn configuration_of(state: &State, broker: &Broker) -> Result<Configuration, Reason> {
    let Some(reference) = &broker.current.configuration else {
        return Ok(Configuration::default());
    };
    let data = state
        .account(&broker.account)
        .and_then(|account| account.revision_data(reference))
        .ok_or_else(|| {
            impossible(format!(
                "revision {} of configuration `{}` does not exist",
                reference.revision, reference.id
            ))
        })?;
    let strategy = broker.current.authentication_strategy.into();
    let sanitised = sanitise(data.data.as_bytes(), strategy)
        .map_err(|error| impossible(format!("the configuration cannot be used: {error}")))?;
    Configuration::of(&sanitised.document)
        .map_err(|error| impossible(format!("the configuration cannot be used: {error}")))
}

/// A new certificate for the address and, where there is a domain, the endpoint's name, as a keystore.
fn certificate(
    services: &Services,
    broker: &Broker,
    instance: &Instance,
    password: &Secret,
) -> Result<Vec<u8>, Reason> {
    let domain = services.settings.endpoint_domain.as_deref();
    let names: Vec<String> = domain
        .and_then(|_| broker.instance_host(instance.number, domain))
        .into_iter()
        .collect();
    let addresses = [IpAddr::V4(instance.address)];
    let leaf = services
        .authority
        .issue(&names, &addresses, services.clock.now())
        .map_err(impossible)?;
    keystore::pkcs12(&leaf.chain(), &leaf.private_key(), password.expose()).map_err(impossible)
}

fn launch(
    node: NodeId,
    rendered: Rendered,
    certificate: Vec<u8>,
    folder: &Path,
    size: InstanceSize,
) -> Result<Launch, String> {
    let relative = |path: &Path| {
        let path = path.strip_prefix(folder).unwrap_or(path);
        let text = path.to_str().ok_or("a path that is not text")?;
        RelativePath::parse(text).map_err(|error| error.to_string())
    };
    let mut folders = Vec::new();
    for folder in &rendered.folders {
        folders.push(relative(folder)?);
    }
    let mut files = vec![File {
        path: relative(Path::new(KEYSTORE))?,
        mode: FileMode::Secret,
        bytes: certificate,
    }];
    for file in rendered.files {
        files.push(File {
            path: relative(&file.path)?,
            mode: match file.mode {
                brokers::engine::FileMode::Private => FileMode::Private,
                brokers::engine::FileMode::Shared => FileMode::Readable,
            },
            bytes: file.contents,
        });
    }
    let program = rendered
        .command
        .program
        .to_str()
        .ok_or("the program's path is not text")?
        .to_owned();
    let connections = u64::from(size.connections()).saturating_mul(Connector::ALL.len() as u64);
    Ok(Launch {
        node,
        folders,
        files,
        argv: [program]
            .into_iter()
            .chain(rendered.command.arguments)
            .collect(),
        env: rendered.command.environment,
        stop_grace: STOP_GRACE,
        log: LogLimits::default(),
        limits: Limits {
            // Besides the heap: code, class data, threads, and as much again in buffers.
            memory_bytes: Some((u64::from(size.heap_mib()) * 2 + 512) << 20),
            tasks: Some(connections.saturating_mul(2).saturating_add(500)),
            open_files: Some(connections.saturating_add(2000)),
        },
        namespace: None,
    })
}

/// Everything that [`prepare`] needs, on a thread that may block.
pub(super) async fn prepare_apart(
    services: &Arc<Services>,
    broker: &Arc<Broker>,
    instance: &Instance,
    engine: &Arc<Installed>,
    own: OwnSecret,
    place: Place,
) -> Result<Prepared, Reason> {
    let (services, broker) = (Arc::clone(services), Arc::clone(broker));
    let (instance, engine) = (instance.clone(), Arc::clone(engine));
    let task = tokio::task::spawn_blocking(move || {
        // Who has messages already is started all the same: draining them is what makes room.
        if !broker.observed.created
            && let Some(reason) = super::room::too_little(&services.settings.data_dir)
        {
            return Err(reason);
        }
        let snapshot = services.store.snapshot();
        let prepared = prepare(
            &services,
            &snapshot.state,
            &broker,
            &instance,
            &engine,
            &own,
            place,
        )?;
        let namespace = prepared.launch.namespace.as_ref();
        let namespace = namespace.map(|namespace| namespace.file.as_path());
        match super::ports::first_obstacle(&prepared.ports, namespace) {
            Some(reason) => Err(reason),
            None => Ok(prepared),
        }
    });
    task.await
        .unwrap_or_else(|error| Err(Reason::new(Cause::Other, error.to_string())))
}

/// Whether nodes are started at all.
pub(super) fn is_real(kind: DriverKind) -> bool {
    match kind {
        DriverKind::Process => true,
        DriverKind::Simulate => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_driver_refuses_is_told_in_words_that_help() {
        let java = DriverError::ProgramNotFound {
            program: "java".into(),
        };
        let reason = refused(&java);
        assert_eq!(reason.cause, Cause::NoEngine);
        assert!(
            reason.text.contains("default-jre-headless"),
            "{}",
            reason.text
        );
        let full = DriverError::DiskFull { path: "/x".into() };
        assert_eq!(
            refused(&full),
            Reason::new(Cause::DiskFull, "the disk of `/x` is full")
        );
        // Another try may do.
        let held = DriverError::FolderInUse {
            node: "b-1-1".into(),
        };
        assert_eq!(refused(&held).cause, Cause::Other);
        let denied = DriverError::PermissionDenied { path: "/x".into() };
        assert_eq!(refused(&denied).cause, Cause::Impossible);
    }
}
