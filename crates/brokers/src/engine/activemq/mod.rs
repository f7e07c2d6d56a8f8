//! Apache ActiveMQ Classic, run by Postern's own small launcher (`engines/activemq/Boot.java`).
//!
//! [`render`] turns a [`NodeSpec`] into the broker's files and its command line:
//!
//! * `conf/activemq.xml`: ours, with the customer's allow-listed tree merged in. Connectors, TLS, storage location,
//!   authentication and management are always ours.
//! * `conf/users.properties`, `conf/groups.properties`, `conf/login.config`: users for every protocol and the console.
//! * `conf/logging.properties`: general and audit log, rotated.
//! * `conf/jolokia.properties`, `conf/jolokia-policy.xml`: management, where it is wanted.
//! * `conf/console.xml`, `conf/boot.properties`: the web console, where it is wanted.
//!
//! Two names are reserved; both hold a `:`, which Amazon MQ's user and group names cannot: the group [`CONSOLE_GROUP`],
//! whose members may log in to the console (`consoleAccess`), and the user [`CONSOLE_USER`], as whom the console itself
//! speaks to the broker. That user is in the group `activemq-webconsole` and nothing else, so that, as on Amazon MQ, a
//! configuration whose authorization map leaves that group out has a console that can look but not send or browse.

mod broker_xml;
mod console;
mod customers;
mod endpoints;
mod jvm;
mod logging;
mod management;
mod properties;
mod sizes;
mod users;
mod xml;

#[cfg(test)]
mod tests;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

pub use customers::Configuration;
pub use endpoints::{CONSOLE_PORT, Connector, amazon_host, console_url, endpoints};
pub use management::{
    BrokerReading, ManagementError, ManagementRequest, POLICY, read_broker, reading_of,
};
pub use properties::Properties;
pub use sizes::InstanceSize;
pub use xml::Element;

use super::{PromisedPort, Rendered, RenderedFile, Secret};

/// The group whose members may log in to the web console; not a name that a user could have chosen.
pub const CONSOLE_GROUP: &str = "postern:console";

/// The user as whom the web console speaks to the broker; not a name that a user could have chosen.
pub const CONSOLE_USER: &str = "postern:webconsole";

/// Amazon MQ's group for the console's own connection, to be named in authorization maps.
pub const WEBCONSOLE_GROUP: &str = "activemq-webconsole";

/// What one node of a broker is to be.
pub struct NodeSpec {
    /// The broker's id, `b-…`.
    pub broker_id: String,
    /// The broker's name, which both nodes of an active/standby pair share.
    pub broker_name: String,
    /// 1, or 2 for the second node of an active/standby pair.
    pub instance: u8,
    /// The address on which clients reach this node.
    pub address: IpAddr,
    /// Where the node lives on disk.
    pub directories: Directories,
    /// Users as they are to be from this start on.
    pub users: Vec<BrokerUser>,
    /// The customer's configuration, already reduced to what Amazon MQ allows.
    pub configuration: Configuration,
    /// Certificate and key.
    pub keystore: Keystore,
    /// Authorities that this node trusts when it connects to other brokers; `None`: those of the Java runtime.
    pub truststore: Option<Keystore>,
    /// Heap and limits.
    pub size: InstanceSize,
    /// The largest frame in bytes on every connector; usually [`InstanceSize::frame_limit`].
    pub frame_limit: u32,
    /// The web console, where it is wanted and the installed version has one that works.
    pub console: Option<Console>,
    /// The management agent; an address that clients are not given.
    pub management: Option<Management>,
    /// Whether console and management actions are logged to `audit.0.log`.
    pub audit_log: bool,
    /// The installed version that runs it.
    pub runtime: Runtime,
}

/// Folders of a node. The base folder is the node's own; the store is shared by the nodes of an active/standby pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directories {
    /// Holds `conf`, `scratch` and whatever else is relative.
    pub base: PathBuf,
    /// Messages, scheduled messages and the lock that makes one node the active one.
    pub store: PathBuf,
    /// `activemq.0.log`, `audit.0.log` and their predecessors.
    pub logs: PathBuf,
}

/// A user of the broker.
#[derive(Clone)]
pub struct BrokerUser {
    /// The name.
    pub username: String,
    /// The password, in clear: ActiveMQ compares it.
    pub password: Secret,
    /// Groups, as authorization maps name them.
    pub groups: Vec<String>,
    /// Whether the user may log in to the web console.
    pub console_access: bool,
}

/// A PKCS #12 file.
#[derive(Clone)]
pub struct Keystore {
    /// Absolute path.
    pub path: PathBuf,
    /// The password of the store and of the key in it.
    pub password: Secret,
}

/// What the console needs beside the users.
#[derive(Clone)]
pub struct Console {
    /// The password of [`CONSOLE_USER`]: random, new at every start if one likes.
    pub password: Secret,
}

/// The management agent (Jolokia) of one node.
#[derive(Clone)]
pub struct Management {
    /// Where it listens; never an address that clients are given.
    pub listen: SocketAddr,
    /// The user name of its own.
    pub username: String,
    /// Its password.
    pub password: Secret,
}

/// An installed version, as its catalogue entry and folder describe it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Runtime {
    /// The Java program.
    pub java: PathBuf,
    /// The version's folder; all other paths are relative to it.
    pub home: PathBuf,
    /// Broker's jars, in the order in which the class-data archive was made.
    pub class_path: Vec<String>,
    /// More jars for the console.
    pub console_class_path: Vec<String>,
    /// The unpacked console.
    pub console_war: Option<String>,
    /// The management agent's jar.
    pub agent: Option<String>,
    /// The class-data archive.
    pub class_data: Option<String>,
    /// The logging system on the class path.
    pub logging: Logging,
}

/// A logging system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Logging {
    /// `java.util.logging`: engines assembled from modules.
    JavaUtil,
    /// Log4j 2: official archives.
    Log4j,
}

/// Why a node cannot be rendered.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum RenderError {
    /// A value that Spring would evaluate.
    #[error("{place} holds an expression")]
    Expression {
        /// Element and attribute.
        place: String,
    },
    /// A character that XML cannot hold.
    #[error("{place} holds a character that XML cannot hold")]
    Character {
        /// Element and attribute.
        place: String,
    },
    /// Not a name.
    #[error("`{name}` is not the name of an element or attribute")]
    Name {
        /// What stood there.
        name: String,
    },
    /// A name that ActiveMQ's user files cannot hold.
    #[error("`{name}` cannot be the name of a {kind}")]
    Identity {
        /// `user` or `group`.
        kind: &'static str,
        /// The name.
        name: String,
    },
    /// A broker name that is not one.
    #[error("`{name}` is not a broker name")]
    BrokerName {
        /// The name.
        name: String,
    },
    /// A path that is not absolute, is not UTF-8 or would break a configuration file.
    #[error("the path `{path}` cannot be used")]
    Path {
        /// The path, as far as it can be shown.
        path: String,
    },
    /// The console is wanted of a version that has none.
    #[error("this version has no web console")]
    NoConsole,
    /// Management is wanted of a version without the agent.
    #[error("this version has no management agent")]
    NoAgent,
    /// Management would listen where clients are.
    #[error("management must not listen on the broker's own address")]
    ManagementExposed,
}

/// Renders one node.
///
/// # Errors
///
/// [`RenderError`] when something cannot be written down safely; nothing that passed Amazon MQ's own validation can cause
/// it, except what the installed version lacks.
pub fn render(spec: &NodeSpec) -> Result<Rendered, RenderError> {
    if !is_broker_name(&spec.broker_name) {
        return Err(RenderError::BrokerName {
            name: spec.broker_name.clone(),
        });
    }
    let mut files = vec![
        private("conf/activemq.xml", broker_xml::render(spec)?.into_bytes()),
        private("conf/users.properties", users::users(spec)?),
        private("conf/groups.properties", users::groups(spec)?),
        private("conf/login.config", users::LOGIN_CONFIG.as_bytes().to_vec()),
        private(logging::FILE, logging::render(spec)?),
        private("conf/boot.properties", console::boot_properties(spec)),
    ];
    let mut ports: Vec<PromisedPort> = Connector::ALL
        .iter()
        .map(|connector| PromisedPort {
            name: connector.name(),
            socket: SocketAddr::new(spec.address, connector.port()),
            for_clients: true,
        })
        .collect();
    if spec.console.is_some() {
        files.push(private(
            "conf/console.xml",
            console::render(spec)?.into_bytes(),
        ));
        ports.push(PromisedPort {
            name: "console",
            socket: SocketAddr::new(spec.address, CONSOLE_PORT),
            for_clients: true,
        });
    }
    if let Some(management) = &spec.management {
        if management.listen.ip() == spec.address {
            return Err(RenderError::ManagementExposed);
        }
        files.push(private(
            "conf/jolokia.properties",
            management::agent_properties(spec, management)?,
        ));
        files.push(private(
            "conf/jolokia-policy.xml",
            POLICY.as_bytes().to_vec(),
        ));
        ports.push(PromisedPort {
            name: "management",
            socket: management.listen,
            for_clients: false,
        });
    }
    Ok(Rendered {
        files,
        folders: vec![
            "conf".into(),
            "scratch".into(),
            spec.directories.store.clone(),
            spec.directories.logs.clone(),
        ],
        command: jvm::command(spec)?,
        ports,
    })
}

fn private(path: &str, contents: Vec<u8>) -> RenderedFile {
    RenderedFile {
        path: path.into(),
        mode: super::FileMode::Private,
        contents,
    }
}

/// Amazon MQ's rule for broker names: 1 to 50 of letters, digits, `-` and `_`.
fn is_broker_name(name: &str) -> bool {
    (1..=50).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// A path as text for a configuration file: absolute, and without what a URI or a pattern would read as its own.
fn path_text(path: &std::path::Path) -> Result<&str, RenderError> {
    let refused = || RenderError::Path {
        path: path.display().to_string(),
    };
    let text = path.to_str().ok_or_else(refused)?;
    let plain = text.chars().all(|c| {
        !c.is_control() && !matches!(c, '%' | '?' | '#' | '"' | '\\' | ' ' | ',' | '$' | ':')
    });
    if path.is_absolute() && plain {
        Ok(text)
    } else {
        Err(refused())
    }
}
