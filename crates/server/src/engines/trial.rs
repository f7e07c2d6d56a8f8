//! Starts a version once and writes down what works: an open port proves nothing, a login does.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use brokers::engine::Secret;
use brokers::engine::activemq::{
    BrokerUser, CONSOLE_PORT, Configuration, Connector, Console, Directories, Element,
    InstanceSize, Keystore, Management, NodeSpec, Runtime, read_broker, reading_of, render,
};
use brokers::engine::catalogue::{FeatureTrial, ProtocolTrial};
use brokers::engine::probe::{Conversation, HttpExchange, Login, Outcome, Target, oversized};
use rustls::ClientConfig;
use rustls_pki_types::PrivateKeyDer;

use super::sandbox::Sandbox;
use super::{EngineError, assemble, keystore, probe};

/// How long a start may take, on a machine that is busy.
const START_LIMIT: Duration = Duration::from_secs(120);
/// How long one answer may take. The console compiles its first page.
const ANSWER_LIMIT: Duration = Duration::from_secs(60);
/// How long an engine may take to cut off a client that announces too large a frame.
const CUT_OFF_LIMIT: Duration = Duration::from_secs(3);
/// How long a stop may take; the class-data archive is written then.
const STOP_LIMIT: Duration = Duration::from_secs(60);

/// The port of the management agent in trials.
const MANAGEMENT_PORT: u16 = 8161;

/// What the trial found.
pub(super) struct Found {
    pub(super) protocols: Vec<ProtocolTrial>,
    pub(super) console: FeatureTrial,
    pub(super) management: FeatureTrial,
    pub(super) class_data_archive: FeatureTrial,
}

/// What there is to try besides the protocols.
pub(super) struct Features {
    /// Why there is no console.
    pub(super) console_missing: Option<String>,
    /// Why there is no agent.
    pub(super) agent_missing: Option<String>,
}

/// Tries the version that `runtime` describes, in a folder of its own below `scratch`.
pub(super) async fn run(
    version: &str,
    mut runtime: Runtime,
    features: Features,
    scratch: &Path,
    progress: &mut (dyn FnMut(&str) + Send),
) -> Result<Found, EngineError> {
    let bench = Bench::prepare(scratch)?;

    progress("starting it once and logging in over every protocol");
    runtime.class_data = None;
    let archive = runtime.home.join(assemble::CLASS_DATA);
    let rendered = render(&bench.spec(runtime.clone(), false, false))?;
    let dump = format!("-XX:ArchiveClassesAtExit={}", archive.display());
    let mut node = bench.start(version, &rendered, &[dump]).await?;
    let mut protocols = Vec::new();
    for target in Target::ALL {
        protocols.push(bench.try_protocol(target).await?);
    }
    if !node.is_running() {
        return Err(failed(version, "it ended during the trial"));
    }
    stop(version, node).await?;
    if !protocols.iter().any(|trial| trial.login.works) {
        return Err(failed(version, "no protocol let anybody in"));
    }

    let class_data_archive = class_data(&runtime, &archive).await;
    if class_data_archive.works {
        runtime.class_data = Some(assemble::CLASS_DATA.to_owned());
    } else {
        let _ = std::fs::remove_file(&archive);
    }

    let wants_console = features.console_missing.is_none();
    let wants_agent = features.agent_missing.is_none();
    let (mut console, mut management) = (
        absent(features.console_missing),
        absent(features.agent_missing),
    );
    if wants_console || wants_agent {
        progress("trying the web console and the management agent");
        let spec = bench.spec(runtime, wants_console, wants_agent);
        let mut node = bench.start(version, &render(&spec)?, &[]).await?;
        if wants_agent {
            management = bench.try_management(&spec).await;
        }
        if wants_console {
            console = bench.try_console(&mut node).await;
        }
        stop(version, node).await?;
    }
    Ok(Found {
        protocols,
        console,
        management,
        class_data_archive,
    })
}

/// An address, users and certificates for a trial.
struct Bench {
    address: IpAddr,
    management: SocketAddr,
    base: std::path::PathBuf,
    tls: Arc<ClientConfig>,
    key_password: Secret,
    admin: Login,
    plain: Login,
    agent: Login,
}

impl Bench {
    fn prepare(scratch: &Path) -> Result<Self, EngineError> {
        let base = scratch.join("trial");
        let address = free_address()?;
        let made = rcgen::generate_simple_self_signed(vec![address.to_string()])
            .map_err(|error| unusable(&error))?;
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der())
            .map_err(|error| unusable(&error))?;
        let certificate = made.cert.der().clone();
        let key_password = random_secret()?;
        let store = keystore::pkcs12(
            std::slice::from_ref(&certificate),
            &key,
            key_password.expose(),
        )?;
        std::fs::create_dir_all(&base).map_err(|e| EngineError::io("make", &base, e))?;
        let file = base.join("node.p12");
        std::fs::write(&file, store).map_err(|e| EngineError::io("write", &file, e))?;
        let tls = probe::tls_client(&[certificate]).map_err(|error| unusable(&error))?;
        let login = |username: &str| -> Result<Login, EngineError> {
            Ok(Login {
                username: username.to_owned(),
                password: random_secret()?,
            })
        };
        Ok(Self {
            address,
            management: SocketAddr::new(neighbour(address), MANAGEMENT_PORT),
            base,
            tls,
            key_password,
            admin: login("trial-admin")?,
            plain: login("trial-user")?,
            agent: login("trial-agent")?,
        })
    }

    fn spec(&self, runtime: Runtime, console: bool, management: bool) -> NodeSpec {
        let user = |login: &Login, console_access| BrokerUser {
            username: login.username.clone(),
            password: login.password.clone(),
            groups: Vec::new(),
            console_access,
        };
        NodeSpec {
            broker_id: "b-trial".to_owned(),
            broker_name: "trial".to_owned(),
            instance: 1,
            address: self.address,
            directories: Directories {
                base: self.base.clone(),
                store: self.base.join("store"),
                logs: self.base.join("logs"),
            },
            users: vec![user(&self.admin, true), user(&self.plain, false)],
            // A queue for the console to show.
            configuration: Configuration {
                attributes: Vec::new(),
                children: vec![
                    Element::new("destinations")
                        .child(Element::new("queue").with("physicalName", "trial")),
                ],
            },
            keystore: Keystore {
                path: self.base.join("node.p12"),
                password: self.key_password.clone(),
            },
            truststore: None,
            size: InstanceSize::Micro,
            frame_limit: InstanceSize::Micro.frame_limit(),
            console: console.then(|| Console {
                password: self.key_password.clone(),
            }),
            management: management.then(|| Management {
                listen: self.management,
                username: self.agent.username.clone(),
                password: self.agent.password.clone(),
            }),
            audit_log: false,
            runtime,
        }
    }

    async fn start(
        &self,
        version: &str,
        rendered: &brokers::engine::Rendered,
        more: &[String],
    ) -> Result<Sandbox, EngineError> {
        let mut node = Sandbox::start(rendered, more)
            .map_err(|e| EngineError::io("start", &rendered.command.program, e))?;
        node.wait_for(&["BOOT-READY", "BOOT-FAILED"], START_LIMIT)
            .await
            .and_then(|line| {
                if line.starts_with("BOOT-READY") {
                    Ok(node)
                } else {
                    Err(line)
                }
            })
            .map_err(|what| failed(version, &what))
    }

    async fn try_protocol(&self, target: Target) -> Result<ProtocolTrial, EngineError> {
        let right = self.log_in(target, &self.admin).await?;
        let wrong = Login {
            username: self.admin.username.clone(),
            password: random_secret()?,
        };
        let wrong = self.log_in(target, &wrong).await?;
        let address = SocketAddr::new(self.address, target.connector().port());
        let hostile = oversized(target, &address.to_string(), random()?);
        let cut_off = probe::is_cut_off(address, &self.tls, &hostile, CUT_OFF_LIMIT)
            .await
            .unwrap_or(false);
        Ok(ProtocolTrial {
            protocol: target,
            login: match right {
                Ok(Outcome::Accepted) => seen(true, "logged in"),
                Ok(Outcome::Refused(why)) => seen(false, &format!("refused: {why}")),
                Ok(Outcome::Unexpected(why)) => seen(false, &why),
                Err(error) => seen(false, &error.to_string()),
            },
            // An engine that just closes has refused as well; what counts is that nobody gets in.
            refuses_wrong_password: matches!(
                wrong,
                Ok(Outcome::Refused(_) | Outcome::Unexpected(_))
            ),
            limits_frames_before_login: cut_off,
        })
    }

    async fn log_in(
        &self,
        target: Target,
        login: &Login,
    ) -> Result<Result<Outcome, probe::ProbeError>, EngineError> {
        let address = SocketAddr::new(self.address, target.connector().port());
        let talk = Conversation::new(target, login, &self.address.to_string(), random()?);
        Ok(probe::log_in(address, &self.tls, talk, ANSWER_LIMIT).await)
    }

    /// A stranger gets 401, a user without access 403, a user with access the pages.
    async fn try_console(&self, node: &mut Sandbox) -> FeatureTrial {
        match node
            .wait_for(&["BOOT-CONSOLE-READY", "BOOT-CONSOLE-FAILED"], START_LIMIT)
            .await
        {
            Ok(line) if line == "BOOT-CONSOLE-READY" => {}
            Ok(line) => return seen(false, &line),
            Err(what) => return seen(false, &what),
        }
        let cases = [
            ("/admin/index.jsp", None, 401),
            ("/admin/index.jsp", Some(&self.plain), 403),
            ("/admin/index.jsp", Some(&self.admin), 200),
            ("/admin/queues.jsp", Some(&self.admin), 200),
            ("/admin/topics.jsp", Some(&self.admin), 200),
            // By the console's own connection to the broker.
            (
                "/admin/browse.jsp?JMSDestination=trial",
                Some(&self.admin),
                200,
            ),
        ];
        for (path, login, expected) in cases {
            match self.get(path, login).await {
                Ok(status) if status == expected => {}
                Ok(status) => {
                    return seen(false, &format!("{path} answered {status}, not {expected}"));
                }
                Err(error) => return seen(false, &format!("{path}: {error}")),
            }
        }
        seen(
            true,
            "pages for a user with access, 403 for one without, 401 for nobody",
        )
    }

    async fn get(&self, path: &str, login: Option<&Login>) -> Result<u16, probe::ProbeError> {
        let address = SocketAddr::new(self.address, CONSOLE_PORT);
        let authorization = login.map(HttpExchange::basic);
        let request = HttpExchange::new(
            "GET",
            &address.to_string(),
            path,
            authorization.as_ref(),
            None,
        );
        probe::http(address, Some(&self.tls), request, ANSWER_LIMIT)
            .await
            .map(|reply| reply.status)
    }

    /// Reading works with the secret; without it nothing does; what the policy does not list is refused.
    async fn try_management(&self, spec: &NodeSpec) -> FeatureTrial {
        let Some(management) = &spec.management else {
            return seen(false, "not asked for");
        };
        let read = read_broker(&spec.broker_name, management);
        let reading = self
            .post(Some(&read.authorization), read.path, &read.body)
            .await
            .map(|reply| reading_of(&reply.body));
        match reading {
            Ok(Ok(reading)) if !reading.standby => {}
            Ok(Ok(_)) => return seen(false, "it takes an active broker for a standby"),
            Ok(Err(error)) => return seen(false, &error.to_string()),
            Err(error) => return seen(false, &error.to_string()),
        }
        match self.post(None, read.path, &read.body).await {
            Ok(reply) if reply.status == 401 => {}
            Ok(reply) => return seen(false, &format!("{} without a password", reply.status)),
            Err(error) => return seen(false, &error.to_string()),
        }
        let forbidden = serde_json::json!({
            "type": "exec",
            "mbean": format!("org.apache.activemq:type=Broker,brokerName={}", spec.broker_name),
            "operation": "addNetworkConnector(java.lang.String)",
            "arguments": ["static:(ssl://127.0.0.1:1)"],
        });
        let reply = self
            .post(Some(&read.authorization), read.path, &forbidden.to_string())
            .await
            .map(|reply| reading_of(&reply.body));
        match reply {
            Ok(Err(brokers::engine::activemq::ManagementError::Refused { status: 403 })) => seen(
                true,
                "reads with its secret, 401 without, operations outside its policy refused",
            ),
            Ok(other) => seen(
                false,
                &format!("a forbidden operation was answered with {other:?}"),
            ),
            Err(error) => seen(false, &error.to_string()),
        }
    }

    async fn post(
        &self,
        authorization: Option<&Secret>,
        path: &str,
        body: &str,
    ) -> Result<brokers::engine::probe::HttpReply, probe::ProbeError> {
        let host = self.management.to_string();
        let request = HttpExchange::new("POST", &host, path, authorization, Some(body));
        probe::http(self.management, None, request, ANSWER_LIMIT).await
    }
}

/// Whether the archive is there and the virtual machine takes it with this class path.
async fn class_data(runtime: &Runtime, archive: &Path) -> FeatureTrial {
    let Ok(file) = std::fs::metadata(archive) else {
        return seen(false, "the virtual machine made none");
    };
    let class_path = runtime
        .class_path
        .iter()
        .map(|jar| runtime.home.join(jar).display().to_string())
        .collect::<Vec<_>>()
        .join(":");
    let taken = tokio::process::Command::new(&runtime.java)
        .args(["-Xshare:on", "-XX:+UseSerialGC"])
        .arg(format!("-XX:SharedArchiveFile={}", archive.display()))
        .arg("-cp")
        .arg(class_path)
        .arg("-version")
        .stdin(std::process::Stdio::null())
        .output()
        .await
        .is_ok_and(|output| output.status.success());
    if taken {
        seen(true, &format!("{} MiB", file.len() >> 20))
    } else {
        seen(false, "the virtual machine does not take it")
    }
}

async fn stop(version: &str, node: Sandbox) -> Result<(), EngineError> {
    match node.stop(STOP_LIMIT).await {
        Ok(Some(_)) => Ok(()),
        Ok(None) => Err(failed(version, "it did not stop")),
        Err(error) => Err(failed(version, &error.to_string())),
    }
}

/// An address of 127.0.0.0/8 on which every port that a broker needs is free.
fn free_address() -> Result<IpAddr, EngineError> {
    let mut last = None;
    for _ in 0..50 {
        let [a, b, c, ..] = random()?;
        // Not 127.0.x.y, where people and default networks put things, and room for a neighbour.
        let address = IpAddr::from(Ipv4Addr::new(127, a.max(1), b, c.clamp(2, 250)));
        let ports = Connector::ALL.iter().map(|c| c.port());
        let mut sockets = ports
            .chain([CONSOLE_PORT])
            .map(|port| SocketAddr::new(address, port))
            .chain([SocketAddr::new(neighbour(address), MANAGEMENT_PORT)]);
        match sockets.try_for_each(|socket| TcpListener::bind(socket).map(drop)) {
            Ok(()) => return Ok(address),
            Err(error) => last = Some(error),
        }
    }
    Err(EngineError::io(
        "find a free address in",
        Path::new("127.0.0.0/8"),
        last.unwrap_or_else(|| std::io::Error::other("none tried")),
    ))
}

fn neighbour(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, c, d] = v4.octets();
            IpAddr::from([a, b, c, d.wrapping_add(1)])
        }
        IpAddr::V6(v6) => IpAddr::V6(v6),
    }
}

fn random() -> Result<[u8; 16], EngineError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|_| EngineError::Random)?;
    Ok(bytes)
}

fn random_secret() -> Result<Secret, EngineError> {
    Ok(Secret::new(super::checksums::hex(&random()?)))
}

fn seen(works: bool, what: &str) -> FeatureTrial {
    FeatureTrial {
        works,
        seen: what.to_owned(),
    }
}

fn absent(why: Option<String>) -> FeatureTrial {
    seen(false, &why.unwrap_or_else(|| "not tried".to_owned()))
}

fn failed(version: &str, what: &str) -> EngineError {
    EngineError::Trial {
        version: version.to_owned(),
        what: what.to_owned(),
    }
}

fn unusable(error: &dyn std::fmt::Display) -> EngineError {
    EngineError::Keystore {
        what: error.to_string(),
    }
}
