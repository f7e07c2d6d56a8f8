//! What the tests of the process driver share: a folder of nodes with users and control groups of its own, and ways to see and
//! harm processes.
#![allow(dead_code, unreachable_pub, reason = "each test file uses a part")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::fs;
use std::io::{BufRead, BufReader, Lines, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal};
use server::drivers::process::{ProcessConfig, ProcessDriver};
use server::drivers::{Driver, Exited, Launch, Limits, LogLimits, NodeId, Observation, Running};

/// A broker that runs until it is told to end, and then does with code 0.
pub const STEADY: &str = "trap 'exit 0' TERM; echo ready; while :; do sleep 0.05; done";
/// A broker that does not want to end, with a child that does not want to either and one that left its session.
pub const STUBBORN: &str = "trap '' TERM; (while :; do sleep 1; done) & setsid sh -c 'while :; do sleep 1; done' & echo ready; while :; do sleep 1; done";

pub struct Place {
    pub folder: tempfile::TempDir,
    pub first_user: u32,
    pub group: String,
}

static NEXT: AtomicU32 = AtomicU32::new(0);

impl Place {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o711)).unwrap();
        let number = NEXT.fetch_add(1, Ordering::SeqCst);
        let process = std::process::id();
        // Tests run side by side, in this process and in others: no two have a user in common.
        let first_user = 1_000_000 + (process % 20_000) * 50_000 + number * 1000;
        Self {
            folder,
            first_user,
            group: format!("postern-test-{process}-{number}"),
        }
    }

    pub fn nodes(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join("nodes")
    }

    pub fn config(&self) -> ProcessConfig {
        let mut config = ProcessConfig::new(self.nodes(), program());
        config.users = self.first_user..=self.first_user + 999;
        config.group.clone_from(&self.group);
        config
    }

    pub fn driver(&self) -> ProcessDriver {
        ProcessDriver::open(self.config()).unwrap()
    }

    pub async fn adopted(&self) -> ProcessDriver {
        let driver = self.driver();
        driver.adopt().await.unwrap();
        driver
    }

    pub fn control(&self, node: &NodeId) -> PathBuf {
        self.nodes().join(node.as_str())
    }

    /// The main processes and all else that carries the node's marker.
    pub fn processes(&self, node: &NodeId) -> Vec<u32> {
        let marker = format!("POSTERN_NODE_FOLDER={}", self.control(node).display());
        pids()
            .into_iter()
            .filter(|pid| {
                let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
                is_alive(*pid)
                    && environment
                        .split(|&c| c == 0)
                        .any(|variable| variable == marker.as_bytes())
            })
            .collect()
    }

    pub fn record(&self, node: &NodeId, name: &str) -> serde_json::Value {
        serde_json::from_slice(&fs::read(self.control(node).join(name)).unwrap()).unwrap()
    }

    pub fn shim_pid(&self, node: &NodeId) -> u32 {
        self.record(node, "state.json")["shim"]["pid"]
            .as_u64()
            .unwrap() as u32
    }

    /// Another process with a driver on the same folder.
    pub fn control_plane(&self, script: &str) -> ControlPlane {
        self.control_plane_under(&[], script)
    }

    /// The same, run by another program.
    pub fn control_plane_under(&self, under: &[&str], script: &str) -> ControlPlane {
        let (program, user) = (program().display().to_string(), self.first_user.to_string());
        let nodes = self.nodes().display().to_string();
        let words = [
            &program,
            "control",
            &nodes,
            &user,
            &self.group,
            &program,
            script,
        ];
        let mut words = under.iter().copied().chain(words);
        let mut command = Command::new(words.next().unwrap());
        let mut child = command
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap()).lines();
        ControlPlane {
            child,
            input,
            output,
        }
    }
}

impl Drop for Place {
    /// Ends what a failed test left, and removes its control groups.
    fn drop(&mut self) {
        let marker = format!("POSTERN_NODE_FOLDER={}/", self.nodes().display());
        loop {
            let left: Vec<u32> = pids()
                .into_iter()
                .filter(|pid| {
                    let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
                    is_alive(*pid)
                        && environment
                            .split(|&c| c == 0)
                            .any(|v| v.starts_with(marker.as_bytes()))
                })
                .collect();
            if left.is_empty() {
                break;
            }
            left.into_iter().for_each(|pid| kill(pid, Signal::KILL));
        }
        for hierarchy in ["", "unified", "memory", "pids"] {
            let base = Path::new("/sys/fs/cgroup")
                .join(hierarchy)
                .join(&self.group);
            // What was killed a moment ago may still be in there.
            for _ in 0..200 {
                for group in fs::read_dir(&base).into_iter().flatten().flatten() {
                    let _ = fs::remove_dir(group.path());
                }
                let _ = fs::remove_dir(&base);
                if !base.exists() {
                    break;
                }
                let moment = rustix::fs::Timespec {
                    tv_sec: 0,
                    tv_nsec: 10_000_000,
                };
                let _ = rustix::event::poll(&mut [], Some(&moment));
            }
        }
    }
}

/// A process with a driver, to be told what to do and to be killed.
pub struct ControlPlane {
    pub child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

impl ControlPlane {
    /// It may be dead already, and then hears nothing.
    pub fn tell(&mut self, line: &str) {
        let _ = writeln!(self.input, "{line}");
    }

    pub fn hear(&mut self) -> Option<String> {
        self.output.next().and_then(Result::ok)
    }

    /// Kills what strace runs, then strace.
    pub fn kill_traced(self) {
        let strace = self.child.id().to_string();
        let traced = pids()
            .into_iter()
            .filter(|&pid| stat(pid).is_some_and(|fields| fields[1] == strace));
        traced.for_each(|pid| kill(pid, Signal::KILL));
        self.kill();
    }

    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

pub fn program() -> PathBuf {
    // The unprivileged repetition runs a copy that it may execute.
    std::env::var_os("DRIVER_TEST_PROGRAM").map_or_else(
        || env!("CARGO_BIN_EXE_driver-test-process").into(),
        PathBuf::from,
    )
}

pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

pub fn node(name: &str) -> NodeId {
    NodeId::parse(name).unwrap()
}

pub fn launch(node: &NodeId, script: &str) -> Launch {
    Launch {
        namespace: None,
        node: node.clone(),
        folders: vec![],
        files: vec![],
        argv: ["/bin/sh", "-c", script].map(str::to_owned).to_vec(),
        env: vec![("PATH".to_owned(), "/usr/bin:/bin".to_owned())],
        stop_grace: Duration::from_secs(5),
        log: LogLimits::default(),
        limits: Limits::default(),
    }
}

pub async fn running(driver: &impl Driver, node: &NodeId) -> Running {
    match driver.observe(node).await.unwrap() {
        Observation::Running(running) => running,
        other => panic!("{node} does not run: {other:?}"),
    }
}

pub async fn exited(driver: &impl Driver, node: &NodeId) -> Exited {
    match driver.observe(node).await.unwrap() {
        Observation::Exited(exited) => exited,
        other => panic!("{node} has not ended: {other:?}"),
    }
}

/// Waits until the node's output has a line.
pub async fn said(driver: &impl Driver, node: &NodeId, line: &str) {
    eventually(&format!("{node} says {line}"), async || {
        driver
            .tail(node, 50)
            .await
            .unwrap()
            .iter()
            .any(|l| l == line)
    })
    .await;
}

/// Looks again and again until something holds.
pub async fn eventually(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !holds().await {
        assert!(Instant::now() < deadline, "never: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

pub fn pids() -> Vec<u32> {
    fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect()
}

/// The fields of /proc/<pid>/stat after the name, beginning with the state.
pub fn stat(pid: u32) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    Some(
        text[text.rfind(')')? + 2..]
            .split(' ')
            .map(str::to_owned)
            .collect(),
    )
}

pub fn is_alive(pid: u32) -> bool {
    stat(pid).is_some_and(|fields| fields[0] != "Z" && fields[0] != "X")
}

pub fn start_time(pid: u32) -> u64 {
    stat(pid).unwrap()[19].parse().unwrap()
}

pub fn status_line(pid: u32, name: &str) -> String {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    text.lines()
        .find_map(|line| line.strip_prefix(&format!("{name}:")))
        .unwrap()
        .trim()
        .to_owned()
}

pub fn kill(pid: u32, signal: Signal) {
    let _ = rustix::process::kill_process(Pid::from_raw(pid as i32).unwrap(), signal);
}

/// Whether somebody holds the node's lock.
pub fn is_locked(control: &Path) -> bool {
    let Ok(file) = fs::OpenOptions::new()
        .read(true)
        .open(control.join(".lock"))
    else {
        return false;
    };
    rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive).is_err()
}

/// Runs this test program again as a user without any privilege, without the tests whose names contain one of `skip`.
pub fn repeat_unprivileged(skip: &[&str]) {
    let place = tempfile::tempdir().unwrap();
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let (tests, helper, temporary) = (
        place.path().join("tests"),
        place.path().join("program"),
        place.path().join("tmp"),
    );
    fs::copy(std::env::current_exe().unwrap(), &tests).unwrap();
    fs::copy(program(), &helper).unwrap();
    fs::create_dir(&temporary).unwrap();
    let nobody = 65534;
    std::os::unix::fs::chown(&temporary, Some(nobody), Some(nobody)).unwrap();
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"])
        .arg(&tests)
        .arg("--nocapture");
    for name in skip.iter().chain(&["as_an_unprivileged_user"]) {
        command.args(["--skip", name]);
    }
    command
        .env("DRIVER_TEST_PROGRAM", &helper)
        .env("TMPDIR", &temporary)
        .current_dir("/");
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    println!("as nobody:\n{text}");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(text.contains("0 failed") && !text.contains("running 0 tests"));
}
