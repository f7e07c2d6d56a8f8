//! ActiveMQ itself, rendered as Postern renders it: every login, every limit, console, management, stop.
//!
//! `POSTERN_TEST_ENGINES` names a folder of engines; every version in it is tried. An empty folder gets 5.18.6 installed
//! first. Without the variable the test is skipped with a message.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it found by failing"
)]

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use brokers::configuration::activemq::{Strategy, sanitise};
use brokers::engine::activemq::{
    BrokerReading, BrokerUser, CONSOLE_PORT, Configuration, Connector, Console, Directories,
    Element, InstanceSize, Keystore, Management, ManagementError, ManagementRequest, NodeSpec,
    read_broker, reading_of, render,
};
use brokers::engine::probe::{
    Conversation, HttpExchange, HttpReply, Login, Outcome, Target, oversized,
};
use brokers::engine::{Rendered, Secret};
use rustls::ClientConfig;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use server::engines::sandbox::Sandbox;
use server::engines::{Engines, Installed, Options, keystore, probe};

const LIMIT: Duration = Duration::from_secs(60);
const MANAGEMENT_PORT: u16 = 8161;
const MIB: u32 = 1 << 20;

/// A password with everything that configuration files could trip over. Amazon MQ allows neither `,` nor `:` nor `=`;
/// spaces at its ends would not survive STOMP, where ActiveMQ trims headers.
const AWKWARD: &str = "#pass!word\\ with <\"&'> ${x} #{y} %41 \u{e9}\u{20ac}\u{1f600}";

const CONFIGURATION: &str = r#"<broker xmlns="http://activemq.apache.org/schema/core" schedulePeriodForDestinationPurge="10000">
  <destinations><queue physicalName="orders"/></destinations>
  <destinationPolicy><policyMap><policyEntries>
    <policyEntry queue="&gt;" gcInactiveDestinations="true" inactiveTimoutBeforeGC="600000"/>
  </policyEntries></policyMap></destinationPolicy>
  <persistenceAdapter><kahaDB concurrentStoreAndDispatchQueues="false"/></persistenceAdapter>
  <plugins>
    <authorizationPlugin><map><authorizationMap><authorizationEntries>
      <authorizationEntry admin="admins,activemq-webconsole" queue="&gt;" read="admins,activemq-webconsole" write="admins,activemq-webconsole"/>
      <authorizationEntry admin="admins,apps,activemq-webconsole" read="admins,apps,activemq-webconsole" topic="&gt;" write="admins,apps,activemq-webconsole"/>
    </authorizationEntries></authorizationMap></map></authorizationPlugin>
    <statisticsBrokerPlugin/>
    <timeStampingBrokerPlugin ttlCeiling="86400000" zeroExpirationOverride="86400000"/>
  </plugins>
  <systemUsage><systemUsage sendFailIfNoSpace="true"><memoryUsage><memoryUsage percentOfJvmHeap="60"/></memoryUsage></systemUsage></systemUsage>
  <transportConnectors><transportConnector name="openwire" updateClusterClients="true" rebalanceClusterClients="true"/></transportConnectors>
</broker>"#;

#[tokio::test(flavor = "multi_thread")]
async fn an_installed_activemq_keeps_its_promises() {
    // Where the engines are is the one thing that this test cannot know.
    #[expect(
        clippy::disallowed_methods,
        reason = "a test has no other configuration"
    )]
    let Ok(folder) = std::env::var("POSTERN_TEST_ENGINES") else {
        println!("skipped: POSTERN_TEST_ENGINES is not set");
        return;
    };
    let engines = Engines::open(folder);
    if engines.list().unwrap().is_empty() {
        let options = Options::default();
        let mut say = |line: &str| println!("install: {line}");
        engines.install("5.18.6", &options, &mut say).await.unwrap();
    }
    let installed = engines.list().unwrap();
    assert!(!installed.is_empty());
    for engine in installed {
        let verification = engines.verify(&engine.catalogue.version).unwrap();
        assert!(verification.is_intact(), "{verification:?}");
        assert!(verification.files > 60);
        for target in Target::ALL {
            assert!(engine.catalogue.speaks(target), "{target:?}");
        }
        keeps_its_promises(&engine).await;
        a_standby_waits_and_takes_over(&engine).await;
        a_network_connector_logs_in_with_its_users_password(&engine).await;
    }
}

async fn keeps_its_promises(engine: &Installed) {
    let bench = Bench::new();
    let spec = bench.spec(engine);
    let rendered = render(&spec).unwrap();
    let began = Instant::now();
    let mut node = Sandbox::start(&rendered, &[]).unwrap();
    let line = node
        .wait_for(&["BOOT-READY", "BOOT-FAILED"], LIMIT)
        .await
        .unwrap();
    println!(
        "{}: {} ms to `{line}`",
        engine.catalogue.version,
        began.elapsed().as_millis()
    );
    assert!(line.starts_with("BOOT-READY orders_1 "), "{line}");
    assert!(line.contains(&engine.catalogue.version));
    let line = node
        .wait_for(&["BOOT-CONSOLE-READY", "BOOT-CONSOLE-FAILED"], LIMIT)
        .await
        .unwrap();
    assert_eq!(line, "BOOT-CONSOLE-READY");

    listens_where_it_promises(&node, &rendered);
    shows_no_secret(&node, &bench);
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let tls =
            probe::tls_client_of(std::slice::from_ref(&bench.certificate), &[version]).unwrap();
        for target in Target::ALL {
            let outcome = bench.log_in(target, &bench.admin, &tls).await;
            assert_eq!(outcome, Outcome::Accepted, "{target:?} in {version:?}");
        }
    }
    bench.logins_and_limits().await;
    bench.console(engine).await;
    bench.management(&spec).await;
    assert!(node.is_running());

    let logs = &spec.directories.logs;
    let general = std::fs::read_to_string(logs.join("activemq.0.log")).unwrap();
    assert!(
        general.contains("orders_1"),
        "the general log says who started"
    );
    assert!(logs.join("audit.0.log").exists());
    for secret in bench.secrets() {
        assert!(!general.contains(&secret), "a secret is in the log");
    }

    let began = Instant::now();
    let status = node.stop(Duration::from_secs(20)).await.unwrap();
    println!(
        "{}: stopped in {} ms",
        engine.catalogue.version,
        began.elapsed().as_millis()
    );
    assert!(status.is_some(), "it had to be killed");
    for connector in Connector::ALL {
        let socket = SocketAddr::new(bench.address, connector.port());
        assert!(
            std::net::TcpStream::connect(socket).is_err(),
            "{connector:?}"
        );
    }
}

/// Two nodes on one store: the second waits with every port closed, says so, and takes over when the first is gone.
async fn a_standby_waits_and_takes_over(engine: &Installed) {
    let (first, second) = (Bench::new(), Bench::new());
    let first_spec = first.spec(engine);
    let mut second_spec = second.spec(engine);
    second_spec.instance = 2;
    second_spec.directories.store = first_spec.directories.store.clone();
    let mut active = Sandbox::start(&render(&first_spec).unwrap(), &[]).unwrap();
    active.wait_for(&["BOOT-READY"], LIMIT).await.unwrap();
    let mut standby = Sandbox::start(&render(&second_spec).unwrap(), &[]).unwrap();

    // The agent is up before the broker: asked until it knows the broker, it says that this one waits.
    let management = second_spec.management.as_ref().unwrap();
    let read = read_broker("orders_1", management);
    let deadline = Instant::now() + LIMIT;
    let reading = loop {
        assert!(Instant::now() < deadline, "the standby never answered");
        let asked = second.try_post(Some(&read.authorization), &read.body).await;
        match asked.map(|reply| reading_of(&reply.body)) {
            Ok(Ok(reading)) => break reading,
            Ok(Err(_)) | Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    };
    assert!(reading.standby);
    let mut ports: Vec<u16> = Connector::ALL.iter().map(|c| c.port()).collect();
    ports.push(CONSOLE_PORT);
    for port in ports {
        let socket = SocketAddr::new(second.address, port);
        assert!(
            std::net::TcpStream::connect(socket).is_err(),
            "{port} is open on the standby"
        );
    }

    let began = Instant::now();
    let id = i32::try_from(active.process_id().unwrap()).unwrap();
    let id = rustix::process::Pid::from_raw(id).unwrap();
    rustix::process::kill_process(id, rustix::process::Signal::KILL).unwrap();
    standby.wait_for(&["BOOT-READY"], LIMIT).await.unwrap();
    println!(
        "{}: standby took over {} ms after kill -9",
        engine.catalogue.version,
        began.elapsed().as_millis()
    );
    for target in Target::ALL {
        let outcome = second.log_in(target, &second.app, &second.tls).await;
        assert_eq!(outcome, Outcome::Accepted, "{target:?}");
    }
    let reply = second.post(Some(&read.authorization), &read.body).await;
    assert!(!reading_of(&reply.body).unwrap().standby);
    assert!(
        standby
            .stop(Duration::from_secs(20))
            .await
            .unwrap()
            .is_some()
    );
}

/// A broker that connects to another: it trusts the other's authority and logs in as one of its own users.
async fn a_network_connector_logs_in_with_its_users_password(engine: &Installed) {
    let (near, far) = (Bench::new(), Bench::new());
    let mut far_spec = far.spec(engine);
    far_spec.broker_name = "far".to_owned();
    far_spec.console = None;
    let mut far_node = Sandbox::start(&render(&far_spec).unwrap(), &[]).unwrap();
    far_node.wait_for(&["BOOT-READY"], LIMIT).await.unwrap();

    let mut spec = near.spec(engine);
    spec.console = None;
    let trusted = keystore::trust_store(std::slice::from_ref(&far.certificate), "trust").unwrap();
    let path = near.folder.path().join("trust.p12");
    std::fs::write(&path, trusted).unwrap();
    spec.truststore = Some(Keystore {
        path,
        password: Secret::new("trust"),
    });
    let connector = Element::new("networkConnector")
        .with("name", "bridge")
        .with("userName", "app")
        .with("uri", format!("static:(ssl://{}:61617)", far.address));
    let connectors = Element::new("networkConnectors").child(connector);
    spec.configuration.children.push(connectors);
    let mut node = Sandbox::start(&render(&spec).unwrap(), &[]).unwrap();
    node.wait_for(&["BOOT-READY"], LIMIT).await.unwrap();

    let read = read_broker("far", far_spec.management.as_ref().unwrap());
    let deadline = Instant::now() + LIMIT;
    while far.reading(&read).await.connections == 0 {
        assert!(Instant::now() < deadline, "the bridge never came");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let log = spec.directories.logs.join("activemq.0.log");
    loop {
        let text = std::fs::read_to_string(&log).unwrap();
        assert!(!text.contains("is invalid"), "{text}");
        if text.contains("has been established") {
            break;
        }
        assert!(Instant::now() < deadline, "{text}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    println!("{}: a network connector logs in", engine.catalogue.version);
    for node in [node, far_node] {
        node.stop(Duration::from_secs(20)).await.unwrap();
    }
}

struct Bench {
    folder: tempfile::TempDir,
    address: IpAddr,
    certificate: CertificateDer<'static>,
    key_password: String,
    tls: Arc<ClientConfig>,
    admin: Login,
    app: Login,
    agent: Login,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = free_address();
        let made = rcgen::generate_simple_self_signed(vec![address.to_string()]).unwrap();
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
        let certificate = made.cert.der().clone();
        let key_password = "key<&\">password".to_owned();
        let store =
            keystore::pkcs12(std::slice::from_ref(&certificate), &key, &key_password).unwrap();
        std::fs::write(folder.path().join("node.p12"), store).unwrap();
        let login = |username: &str, password: &str| Login {
            username: username.to_owned(),
            password: Secret::new(password),
        };
        Self {
            folder,
            address,
            tls: probe::tls_client(std::slice::from_ref(&certificate)).unwrap(),
            certificate,
            key_password,
            admin: login("admin.~_-1", AWKWARD),
            app: login("app", "apppassword1"),
            agent: login("postern", "agent#secret ="),
        }
    }

    fn secrets(&self) -> Vec<String> {
        [&self.admin, &self.app, &self.agent]
            .iter()
            .map(|login| login.password.expose().to_owned())
            .chain([self.key_password.clone(), "console-secret".to_owned()])
            .collect()
    }

    fn management_socket(address: IpAddr) -> SocketAddr {
        let IpAddr::V4(v4) = address else {
            panic!("not IPv4");
        };
        let [a, b, c, d] = v4.octets();
        SocketAddr::from(([a, b, c, d + 1], MANAGEMENT_PORT))
    }

    fn spec(&self, engine: &Installed) -> NodeSpec {
        let clean = sanitise(CONFIGURATION.as_bytes(), Strategy::Simple).unwrap();
        assert!(clean.warnings.is_empty(), "{:?}", clean.warnings);
        let user = |login: &Login, group: &str, console_access| BrokerUser {
            username: login.username.clone(),
            password: login.password.clone(),
            groups: vec![group.to_owned()],
            console_access,
        };
        let base = self.folder.path();
        NodeSpec {
            broker_id: "b-1234".to_owned(),
            broker_name: "orders_1".to_owned(),
            instance: 1,
            address: self.address,
            directories: Directories {
                base: base.join("node"),
                store: base.join("store"),
                logs: base.join("node/logs"),
            },
            users: vec![
                user(&self.admin, "admins", true),
                user(&self.app, "apps", false),
            ],
            configuration: Configuration::of(&clean.document).unwrap(),
            keystore: Keystore {
                path: base.join("node.p12"),
                password: Secret::new(self.key_password.as_str()),
            },
            truststore: None,
            size: InstanceSize::Micro,
            frame_limit: MIB,
            console: engine.catalogue.console.works.then(|| Console {
                password: Secret::new("console-secret"),
            }),
            management: Some(Management {
                listen: Self::management_socket(self.address),
                username: self.agent.username.clone(),
                password: self.agent.password.clone(),
            }),
            audit_log: true,
            runtime: engine.runtime("java"),
        }
    }

    async fn log_in(&self, target: Target, login: &Login, tls: &Arc<ClientConfig>) -> Outcome {
        let address = SocketAddr::new(self.address, target.connector().port());
        let talk = Conversation::new(target, login, &self.address.to_string(), random());
        probe::log_in(address, tls, talk, LIMIT).await.unwrap()
    }

    /// Every protocol: two users in, wrong password, other user's password and nobody out, oversized frame cut off.
    async fn logins_and_limits(&self) {
        println!(
            "{:16} {:8} {:24} oversized frame before login",
            "protocol", "login", "wrong password"
        );
        for target in Target::ALL {
            for login in [&self.admin, &self.app] {
                let outcome = self.log_in(target, login, &self.tls).await;
                assert_eq!(outcome, Outcome::Accepted, "{target:?} {}", login.username);
            }
            let mut refusal = String::new();
            for (username, password) in [
                (self.admin.username.as_str(), "wrong"),
                (self.admin.username.as_str(), ""),
                (self.app.username.as_str(), self.admin.password.expose()),
                ("nobody", "apppassword1"),
                ("", ""),
                ("postern:webconsole", ""),
            ] {
                let login = Login {
                    username: username.to_owned(),
                    password: Secret::new(password),
                };
                match self.log_in(target, &login, &self.tls).await {
                    Outcome::Accepted => panic!("{target:?} let `{username}` in"),
                    Outcome::Refused(_) => refusal = "refused".to_owned(),
                    Outcome::Unexpected(what) => refusal = what,
                }
            }
            let address = SocketAddr::new(self.address, target.connector().port());
            let hostile = oversized(target, &address.to_string(), random());
            let limit = Duration::from_secs(5);
            let cut = probe::is_cut_off(address, &self.tls, &hostile, limit)
                .await
                .unwrap();
            println!(
                "{:16} {:8} {:24} {}",
                target.name(),
                "ok",
                refusal,
                if cut { "cut off" } else { "STILL CONNECTED" }
            );
            assert!(cut, "{target:?}");
            // A client that is merely slow is not cut off: the limit is what ended the other one.
            let slow = &hostile[..1];
            let cut = probe::is_cut_off(address, &self.tls, slow, Duration::from_millis(500)).await;
            assert!(!cut.unwrap(), "{target:?} does not wait");
        }
    }

    async fn console(&self, engine: &Installed) {
        assert!(
            engine.catalogue.console.works,
            "{:?}",
            engine.catalogue.console
        );
        let wrong = Login {
            username: self.admin.username.clone(),
            password: Secret::new("wrong"),
        };
        for (path, login, status) in [
            ("/", None, 401),
            ("/admin/", None, 401),
            ("/admin/queues.jsp", Some(&wrong), 401),
            ("/admin/queues.jsp", Some(&self.app), 403),
            ("/", Some(&self.app), 403),
            ("/admin/", Some(&self.admin), 200),
            ("/admin/queues.jsp", Some(&self.admin), 200),
            ("/admin/topics.jsp", Some(&self.admin), 200),
            ("/admin/connections.jsp", Some(&self.admin), 200),
            ("/admin/xml/queues.jsp", Some(&self.admin), 200),
            // Through the console's own connection to the broker.
            (
                "/admin/browse.jsp?JMSDestination=orders",
                Some(&self.admin),
                200,
            ),
        ] {
            let reply = self.get(path, login).await;
            assert_eq!(
                reply.status,
                status,
                "{path}: {}",
                String::from_utf8_lossy(&reply.body)
            );
        }
        let reply = self.get("/", Some(&self.admin)).await;
        assert_eq!(reply.status, 302);
        assert!(reply.location.unwrap().ends_with("/admin/"));
        let page = self.get("/admin/queues.jsp", Some(&self.admin)).await.body;
        let page = String::from_utf8_lossy(&page).into_owned();
        assert!(
            page.contains("orders"),
            "the queue of the configuration is listed"
        );
    }

    async fn get(&self, path: &str, login: Option<&Login>) -> HttpReply {
        let address = SocketAddr::new(self.address, CONSOLE_PORT);
        let authorization = login.map(HttpExchange::basic);
        let host = address.to_string();
        let request = HttpExchange::new("GET", &host, path, authorization.as_ref(), None);
        probe::http(address, Some(&self.tls), request, LIMIT)
            .await
            .unwrap()
    }

    async fn management(&self, spec: &NodeSpec) {
        let management = spec.management.as_ref().unwrap();
        let read = read_broker("orders_1", management);
        let reply = self.post(Some(&read.authorization), &read.body).await;
        let reading = reading_of(&reply.body).unwrap();
        assert!(!reading.standby);
        assert!(reading.uptime_ms > 0);

        for login in [&self.admin, &self.app] {
            let reply = self
                .post(Some(&HttpExchange::basic(login)), &read.body)
                .await;
            assert_eq!(reply.status, 401, "a user of the broker is nobody here");
        }
        assert_eq!(self.post(None, &read.body).await.status, 401);

        let broker = "org.apache.activemq:type=Broker,brokerName=orders_1";
        for (refused, request) in [
            (false, r#"{"type":"version"}"#.to_owned()),
            (false, format!(r#"{{"type":"read","mbean":"{broker},destinationType=Queue,destinationName=orders","attribute":"QueueSize"}}"#)),
            (true, format!(r#"{{"type":"exec","mbean":"{broker}","operation":"addNetworkConnector(java.lang.String)","arguments":["static:(tcp://127.0.0.1:1)"]}}"#)),
            (true, format!(r#"{{"type":"exec","mbean":"{broker}","operation":"addConnector(java.lang.String)","arguments":["tcp://127.0.0.1:1"]}}"#)),
            (true, format!(r#"{{"type":"exec","mbean":"{broker}","operation":"addQueue(java.lang.String)","arguments":["x"]}}"#)),
            (true, format!(r#"{{"type":"exec","mbean":"{broker}","operation":"terminateJVM(int)","arguments":[0]}}"#)),
            (true, format!(r#"{{"type":"exec","mbean":"{broker},destinationType=Queue,destinationName=orders","operation":"purge()"}}"#)),
            (true, r#"{"type":"exec","mbean":"java.lang:type=Memory","operation":"gc()"}"#.to_owned()),
            (true, r#"{"type":"exec","mbean":"com.sun.management:type=DiagnosticCommand","operation":"vmSystemProperties"}"#.to_owned()),
            (true, r#"{"type":"exec","mbean":"JMImplementation:type=MBeanServerDelegate","operation":"x"}"#.to_owned()),
            (true, r#"{"type":"read","mbean":"java.lang:type=Runtime","attribute":"SystemProperties"}"#.to_owned()),
            (true, r#"{"type":"write","mbean":"java.lang:type=Memory","attribute":"Verbose","value":true}"#.to_owned()),
            (true, r#"{"type":"search","mbean":"*:*"}"#.to_owned()),
            (true, r#"{"type":"list"}"#.to_owned()),
        ] {
            let reply = self.post(Some(&read.authorization), &request).await;
            let expected = if refused { Err(ManagementError::Refused { status: 403 }) } else { Ok(()) };
            assert_eq!(reading_of(&reply.body).map(drop), expected, "{request}");
        }
    }

    async fn post(&self, authorization: Option<&Secret>, body: &str) -> HttpReply {
        self.try_post(authorization, body).await.unwrap()
    }

    async fn reading(&self, read: &ManagementRequest) -> BrokerReading {
        let reply = self.post(Some(&read.authorization), &read.body).await;
        reading_of(&reply.body).unwrap()
    }

    async fn try_post(
        &self,
        authorization: Option<&Secret>,
        body: &str,
    ) -> Result<HttpReply, probe::ProbeError> {
        let address = Self::management_socket(self.address);
        let host = address.to_string();
        let request = HttpExchange::new("POST", &host, "/jolokia/", authorization, Some(body));
        probe::http(address, None, request, LIMIT).await
    }
}

/// The process listens on the promised ports and on no other.
fn listens_where_it_promises(node: &Sandbox, rendered: &Rendered) {
    let process = Path::new("/proc").join(node.process_id().unwrap().to_string());
    let own: BTreeSet<String> = std::fs::read_dir(process.join("fd"))
        .unwrap()
        .filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok())
        .filter_map(|link| {
            let name = link.to_str()?.strip_prefix("socket:[")?;
            Some(name.strip_suffix(']')?.to_owned())
        })
        .collect();
    let mut listening = BTreeSet::new();
    for table in ["net/tcp", "net/tcp6"] {
        let Ok(text) = std::fs::read_to_string(process.join(table)) else {
            continue;
        };
        for line in text.lines().skip(1) {
            let fields: Vec<&str> = line.split_whitespace().collect();
            if fields[3] == "0A" && own.contains(fields[9]) {
                let (address, port) = fields[1].split_once(':').unwrap();
                // The last four bytes, in the machine's order: the address itself or the end of ::ffff:a.b.c.d.
                let last = &address[address.len() - 8..];
                let bytes = u32::from_str_radix(last, 16).unwrap().to_ne_bytes();
                let port = u16::from_str_radix(port, 16).unwrap();
                listening.insert(SocketAddr::from((bytes, port)));
            }
        }
    }
    let promised: BTreeSet<SocketAddr> = rendered.ports.iter().map(|port| port.socket).collect();
    assert_eq!(listening, promised);
}

/// Nothing secret is to be seen from outside the process.
fn shows_no_secret(node: &Sandbox, bench: &Bench) {
    let process = Path::new("/proc").join(node.process_id().unwrap().to_string());
    for file in ["cmdline", "environ"] {
        let bytes = std::fs::read(process.join(file)).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        for secret in bench.secrets() {
            assert!(!text.contains(&secret), "{file}");
        }
    }
}

fn free_address() -> IpAddr {
    loop {
        let [a, b, c, ..] = random();
        let address = IpAddr::from(Ipv4Addr::new(127, a.max(1), b, c.clamp(2, 250)));
        let ports = Connector::ALL
            .iter()
            .map(|c| c.port())
            .chain([CONSOLE_PORT]);
        let mut sockets = ports
            .map(|port| SocketAddr::new(address, port))
            .chain([Bench::management_socket(address)]);
        if sockets.all(|socket| TcpListener::bind(socket).is_ok()) {
            return address;
        }
    }
}

fn random() -> [u8; 16] {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).unwrap();
    bytes
}
