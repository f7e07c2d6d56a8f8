//! The real program on a folder of its own.

use std::fs::Permissions;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use server::clock::{Clock, SetClock, SystemClock};
use tempfile::TempDir;
use testkit::{Client, Reply};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};

/// How long anything may take on a busy machine.
pub(crate) const LIMIT: Duration = Duration::from_secs(120);
/// The user that owns nothing.
const NOBODY: u32 = 65534;

/// The folder of engines that the tests were given; without one they are skipped.
pub(crate) fn engines() -> Option<PathBuf> {
    let engines = std::env::var_os("POSTERN_TEST_ENGINES").map(PathBuf::from);
    if engines.is_none() {
        println!("skipped: POSTERN_TEST_ENGINES does not name a folder of engines");
    }
    engines
}

/// One program at a time: two start more than a small machine can in the time that tests allow.
static ONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// A running program; it ends with this, and so does every broker it started.
pub(crate) struct Program {
    folder: TempDir,
    arguments: Vec<String>,
    user: Option<u32>,
    child: Child,
    clock: Arc<SetClock>,
    client: Client,
    _alone: tokio::sync::MutexGuard<'static, ()>,
}

impl Program {
    pub(crate) async fn start(engines: &Path) -> Program {
        Program::start_as(engines, None, &[]).await
    }

    /// As a user without privileges.
    pub(crate) async fn start_as_nobody(engines: &Path) -> Program {
        Program::start_as(engines, Some(NOBODY), &[]).await
    }

    pub(crate) async fn start_as(engines: &Path, user: Option<u32>, more: &[&str]) -> Program {
        let alone = ONE.lock().await;
        let folder = tempfile::tempdir().unwrap();
        // As root every broker has a user of its own, who has to get here.
        std::fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        if let Some(user) = user {
            chown(folder.path(), Some(user), Some(user)).unwrap();
        }
        let path = |path: &Path| path.to_str().unwrap().to_owned();
        let mut arguments: Vec<String> = ["serve", "--listen", "127.0.0.1:0", "--data-dir"]
            .map(str::to_owned)
            .to_vec();
        arguments.push(path(&folder.path().join("data")));
        arguments.push("--engines-dir".to_owned());
        arguments.push(path(engines));
        arguments.extend(
            [
                "--admin-listen",
                "127.0.0.1:0",
                "--api-rate",
                "1000",
                "--api-burst",
                "1000",
            ]
            .map(str::to_owned),
        );
        arguments.extend(more.iter().map(|argument| (*argument).to_owned()));
        let clock = Arc::new(SetClock::new(SystemClock.now()));
        let (child, client) = spawn(folder.path(), &arguments, user, &clock).await;
        Program {
            folder,
            arguments,
            user,
            child,
            clock,
            client,
            _alone: alone,
        }
    }

    /// Ends the program as a crash of the machine's memory would: without a word.
    pub(crate) async fn kill(&mut self) {
        self.child.kill().await.unwrap();
    }

    /// Starts it again on the same folder.
    pub(crate) async fn again(&mut self) {
        let spawned = spawn(self.folder.path(), &self.arguments, self.user, &self.clock).await;
        (self.child, self.client) = spawned;
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn authority(&self) -> Vec<u8> {
        std::fs::read(self.folder.path().join("data/ca.pem")).unwrap()
    }

    pub(crate) async fn call(&self, method: &str, target: &str, body: &str) -> Reply {
        self.clock.set(SystemClock.now());
        self.client.mq(method, target, body).await.unwrap()
    }

    /// Asks for a broker; the answer is for the test to judge.
    pub(crate) async fn ask_for(&self, name: &str) -> Reply {
        let body = serde_json::json!({
            "brokerName": name, "engineType": "ACTIVEMQ", "engineVersion": "5.18",
            "deploymentMode": "SINGLE_INSTANCE", "hostInstanceType": "mq.t3.micro",
            "publiclyAccessible": false, "autoMinorVersionUpgrade": true,
            "users": [{"username": "admin", "password": PASSWORD, "consoleAccess": true}],
        });
        self.call("POST", "/v1/brokers", &body.to_string()).await
    }

    /// Creates a broker, and waits for nothing.
    pub(crate) async fn create(&self, name: &str) -> String {
        let reply = self.ask_for(name).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        reply.json()["brokerId"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn describe(&self, id: &str) -> Reply {
        self.call("GET", &format!("/v1/brokers/{id}"), "").await
    }

    pub(crate) async fn do_to(&self, id: &str, method: &str, what: &str) {
        let target = format!("/v1/brokers/{id}{what}");
        let reply = self.call(method, &target, "{}").await;
        assert_eq!(reply.status, 200, "{method} {target}: {}", reply.body);
    }

    /// Waits until the broker is in this state; gives its description.
    pub(crate) async fn until(&self, id: &str, state: &str) -> serde_json::Value {
        let deadline = Instant::now() + LIMIT;
        loop {
            let reply = self.describe(id).await;
            let described = reply.json();
            if described["brokerState"] == state {
                return described;
            }
            assert!(
                Instant::now() < deadline,
                "not {state}: {}\n{}",
                reply.body,
                self.last_words(id)
            );
            sleep(LOOK_AGAIN).await;
        }
    }

    /// Waits until there is no such broker.
    pub(crate) async fn until_gone(&self, id: &str) {
        let deadline = Instant::now() + LIMIT;
        while self.describe(id).await.status != 404 {
            assert!(Instant::now() < deadline, "{id} is not gone");
            sleep(LOOK_AGAIN).await;
        }
    }

    /// The names of the nodes that have a folder.
    pub(crate) fn nodes(&self) -> Vec<String> {
        let nodes = std::fs::read_dir(self.folder.path().join("data/nodes"));
        nodes
            .into_iter()
            .flatten()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| !name.starts_with('.'))
            .collect()
    }

    /// What the program and the broker's node said last.
    fn last_words(&self, id: &str) -> String {
        let node = format!("data/nodes/{id}-1/log/output.log");
        let tail = |name: &str| {
            let text = std::fs::read_to_string(self.folder.path().join(name)).unwrap_or_default();
            let lines: Vec<&str> = text.lines().collect();
            lines[lines.len().saturating_sub(20)..].join("\n")
        };
        format!("{}\n{}", tail("log"), tail(&node))
    }

    /// The process of a broker's node, if it runs.
    pub(crate) fn process(&self, id: &str) -> Option<u32> {
        let node = self.folder.path().join(format!("data/nodes/{id}-1"));
        let [broker, _] = processes(&node)?;
        alive_in(broker, &node).then_some(broker)
    }

    /// Sends a signal to a broker's node.
    pub(crate) fn signal(&self, id: &str, signal: rustix::process::Signal) {
        let pid = self.process(id).unwrap();
        let pid = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
        rustix::process::kill_process(pid, signal).unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.start_kill();
        for node in self.nodes() {
            let node = self.folder.path().join("data/nodes").join(node);
            for pid in processes(&node).into_iter().flatten() {
                if alive_in(pid, &node)
                    && let Some(pid) = i32::try_from(pid)
                        .ok()
                        .and_then(rustix::process::Pid::from_raw)
                {
                    let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
                }
            }
        }
    }
}

/// The password of every broker's first user.
pub(crate) const PASSWORD: &str = "a-long-password-1";
/// How often something that cannot be subscribed to is looked at.
pub(crate) const LOOK_AGAIN: Duration = Duration::from_millis(25);

/// The broker's and the shim's process, as they were written down.
fn processes(node: &Path) -> Option<[u32; 2]> {
    let text = std::fs::read(node.join("state.json")).ok()?;
    let state: serde_json::Value = serde_json::from_slice(&text).ok()?;
    let pid = |of: &str| u32::try_from(state[of]["pid"].as_u64()?).ok();
    Some([pid("broker")?, pid("shim")?])
}

/// Whether the process is alive and is the node's: its command line names the node's folder.
fn alive_in(pid: u32, node: &Path) -> bool {
    let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    String::from_utf8_lossy(&line).contains(node.to_str().unwrap())
}

async fn spawn(
    folder: &Path,
    arguments: &[String],
    user: Option<u32>,
    clock: &Arc<SetClock>,
) -> (Child, Client) {
    let log = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(folder.join("log"))
        .unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_postern"));
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log)
        .current_dir(folder)
        .kill_on_drop(true);
    if let Some(user) = user {
        command.uid(user).gid(user);
    }
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut address = None;
    let greeting = async {
        while let Some(line) = lines.next_line().await.unwrap() {
            if let Some((_, url)) = line.split_once("AWS_ENDPOINT_URL=http://") {
                address = Some(url.trim().parse().unwrap());
            }
            if line.starts_with("Try:") {
                break;
            }
        }
    };
    tokio::time::timeout(LIMIT, greeting).await.unwrap();
    let log = || std::fs::read_to_string(folder.join("log")).unwrap_or_default();
    let address = address.unwrap_or_else(|| panic!("it did not start: {}", log()));
    let text = std::fs::read(folder.join("data/root-credentials.json")).unwrap();
    let key: serde_json::Value = serde_json::from_slice(&text).unwrap();
    let word = |name: &str| key[name].as_str().unwrap();
    let client = Client::new(
        address,
        word("accessKeyId"),
        word("secretAccessKey"),
        Arc::clone(clock),
    );
    (child, client)
}
