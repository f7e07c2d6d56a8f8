//! What the shim and the driver write down for each other in the node's control folder.
//!
//! ```text
//! <nodes>/<node>/      control folder, Postern's own
//!   .lock              held by the shim, the broker and all it starts
//!   user               the node's user id, if it has one of its own
//!   launch.json        0600, from driver to shim; removed when read
//!   hosts              0644, the node's /etc/hosts, if it has a network namespace
//!   state.json         who runs
//!   exit.json          how it ended
//!   shim.sock          where the shim answers
//!   log/output.log     what the broker says (.1 is the one before)
//!   data/              the broker's: everything an engine writes
//! ```

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::identity::Identity;

/// The version of the records: readers refuse what they do not know.
pub(crate) const VERSION: u32 = 1;

pub(crate) const LOCK: &str = ".lock";
pub(crate) const USER: &str = "user";
pub(crate) const LAUNCH: &str = "launch.json";
pub(crate) const STATE: &str = "state.json";
pub(crate) const EXIT: &str = "exit.json";
pub(crate) const HOSTS: &str = "hosts";
pub(crate) const SOCKET: &str = "shim.sock";
pub(crate) const OUTPUT: &str = "log/output.log";
pub(crate) const DATA: &str = "data";

/// The environment variable, with the control folder as its value, by which everything a broker starts is known for its own.
pub(crate) const MARKER: &str = "POSTERN_NODE_FOLDER";

/// What the shim is to start.
#[derive(Serialize, Deserialize)]
pub(crate) struct LaunchRecord {
    pub(crate) argv: Vec<String>,
    pub(crate) env: Vec<(String, String)>,
    /// The control folder again, for the marker.
    pub(crate) folder: PathBuf,
    pub(crate) stop_grace_ms: u64,
    pub(crate) log: LogRecord,
    pub(crate) open_files: Option<u64>,
    /// The user and group id to become; without, the shim's own is kept.
    pub(crate) user: Option<u32>,
    /// The `cgroup.procs` files the broker enters.
    pub(crate) groups: Vec<PathBuf>,
    /// The `cgroup.kill` file that ends all of it.
    pub(crate) kill_group: Option<PathBuf>,
    /// The file that counts processes killed for lack of memory.
    pub(crate) memory_events: Option<PathBuf>,
    /// The `cgroup.procs` file the shim itself enters.
    pub(crate) shim_group: Option<PathBuf>,
    /// The file of the network namespace the broker runs in; without, the shim's own.
    #[serde(default)]
    pub(crate) namespace: Option<PathBuf>,
    /// The file it finds as `/etc/hosts`, if it is not the machine's.
    #[serde(default)]
    pub(crate) hosts: Option<PathBuf>,
    /// The arguments by which the shim's program runs the second stage.
    pub(crate) reexec: Vec<String>,
    /// The descriptor of the lock, which the broker inherits; filled in by the shim.
    pub(crate) lock: i32,
}

/// How much output is kept.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct LogRecord {
    pub(crate) file_bytes: u64,
    pub(crate) old_files: u32,
}

/// Who runs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StateRecord {
    pub(crate) version: u32,
    pub(crate) boot_id: String,
    pub(crate) shim: Identity,
    pub(crate) broker: Identity,
    pub(crate) started_ms: u64,
    pub(crate) stop_grace_ms: u64,
    pub(crate) log: LogRecord,
    pub(crate) user: Option<u32>,
}

/// How it ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ExitRecord {
    pub(crate) version: u32,
    pub(crate) broker: Identity,
    pub(crate) started_ms: u64,
    pub(crate) at_ms: u64,
    pub(crate) code: Option<i32>,
    pub(crate) signal: Option<i32>,
    pub(crate) out_of_memory: bool,
}

/// What the shim says once on its standard output.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Handshake {
    Started,
    Failed(Failure),
}

/// Why the broker's program does not run.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Failure {
    pub(crate) kind: FailureKind,
    /// What could not be done, with the system's words.
    pub(crate) why: String,
}

/// Which of the errors with a text of their own it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum FailureKind {
    NotFound,
    Refused,
    DiskFull,
    OutOfProcesses,
    OutOfMemory,
    OutOfFiles,
    Other,
}

impl Failure {
    /// For something the shim itself could not do.
    pub(crate) fn other(what: &str, error: &io::Error) -> Self {
        use rustix::io::Errno;
        let kind = match Errno::from_io_error(error) {
            Some(Errno::NOSPC | Errno::DQUOT) => FailureKind::DiskFull,
            Some(Errno::AGAIN) => FailureKind::OutOfProcesses,
            Some(Errno::NOMEM) => FailureKind::OutOfMemory,
            Some(Errno::MFILE | Errno::NFILE) => FailureKind::OutOfFiles,
            Some(_) | None => FailureKind::Other,
        };
        Self {
            kind,
            why: format!("could not {what}: {error}"),
        }
    }

    /// For the broker's program that could not be executed.
    pub(crate) fn executing(error: &io::Error) -> Self {
        use rustix::io::Errno;
        let kind = match Errno::from_io_error(error) {
            Some(Errno::NOENT | Errno::NOTDIR) => FailureKind::NotFound,
            Some(
                Errno::ACCESS
                | Errno::PERM
                | Errno::NOEXEC
                | Errno::ISDIR
                | Errno::TXTBSY
                | Errno::LOOP,
            ) => FailureKind::Refused,
            Some(_) | None => return Self::other("execute it", error),
        };
        let words = error.to_string();
        let words = words.split(" (os error").next().unwrap_or_default();
        Self {
            kind,
            why: words.to_owned(),
        }
    }
}

/// Reads a record; `None` if there is no such file. A torn or foreign one is an error.
pub(crate) fn read<T: DeserializeOwned>(path: &Path) -> io::Result<Option<T>> {
    match fs::read(path) {
        Ok(text) => Ok(Some(serde_json::from_slice(&text)?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Writes a record so that readers see the old one or the new one, also after a power cut. 0600.
pub(crate) fn write<T: Serialize>(path: &Path, record: &T) -> io::Result<()> {
    replace(path, &serde_json::to_vec(record)?)
}

/// Replaces a file of the control folder atomically and durably. 0600.
pub(crate) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let temporary = path.with_extension("tmp");
    let written = write_new(&temporary, content).and_then(|()| fs::rename(&temporary, path));
    if let Err(error) = written {
        let _ = fs::remove_file(&temporary);
        return Err(error);
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

fn write_new(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(content)?;
    file.sync_all()
}
