//! What a driver is given to start a node.

use std::fmt;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::time::Duration;

use super::node::{NodeId, RelativePath};

/// Everything that is needed to start one node. Made by an engine; a driver carries it out without understanding it.
#[derive(Debug, Clone)]
pub struct Launch {
    /// Which node.
    pub node: NodeId,
    /// Folders to make below the node's folder (0700), before the files; existing ones are kept.
    pub folders: Vec<RelativePath>,
    /// Files to write below the node's folder, each replaced atomically.
    pub files: Vec<File>,
    /// The program and its arguments; never a shell line. The program is an absolute path, or a name that is looked
    /// for in the `PATH` of `env`. Command lines are readable by everyone on the machine: no secrets.
    pub argv: Vec<String>,
    /// The whole environment: nothing is inherited. Secrets belong into `files`.
    pub env: Vec<(String, String)>,
    /// How long the node may take to end after SIGTERM, before everything it started gets SIGKILL.
    pub stop_grace: Duration,
    /// How much of its output is kept.
    pub log: LogLimits,
    /// What it may use of the machine, where the driver can enforce it.
    pub limits: Limits,
    /// The network namespace it is started in; `None`: the driver's own.
    pub namespace: Option<Namespace>,
}

/// A network namespace of a node's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Namespace {
    /// Its file, `/run/netns/NAME`.
    pub file: PathBuf,
    /// The node's address in it. Its `/etc/hosts` has it as a name for itself: engines look up their own addresses, and wait
    /// long for a name server that does not know the way back to them.
    pub address: Ipv4Addr,
}

/// A file of a node.
#[derive(Clone)]
pub struct File {
    /// Where, below the node's folder. Missing folders on the way are made, 0700.
    pub path: RelativePath,
    /// Who may read it.
    pub mode: FileMode,
    /// Its content, which may be secret.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "File({}, {:?}, {} bytes)",
            self.path,
            self.mode,
            self.bytes.len()
        )
    }
}

/// The permissions of a file; its owner is always the node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileMode {
    /// 0400: secrets that the node itself must not change.
    Secret,
    /// 0600: the usual.
    Private,
    /// 0644.
    Readable,
    /// 0700: programs.
    Executable,
}

impl FileMode {
    /// The permission bits.
    pub fn bits(self) -> u32 {
        match self {
            Self::Secret => 0o400,
            Self::Private => 0o600,
            Self::Readable => 0o644,
            Self::Executable => 0o700,
        }
    }
}

/// How much of a node's output (standard output and error together) is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogLimits {
    /// The size in bytes beyond which the current file is put aside; looked at every one to five seconds.
    pub file_bytes: u64,
    /// How many files that were put aside are kept; 0 keeps only the current one.
    pub old_files: u32,
}

impl Default for LogLimits {
    /// 10 MiB each, four old ones.
    fn default() -> Self {
        Self {
            file_bytes: 10 * 1024 * 1024,
            old_files: 4,
        }
    }
}

/// What a node may use of the machine; `None` is no limit of its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    /// Memory of the node and all it starts, in bytes (control group).
    pub memory_bytes: Option<u64>,
    /// Processes and threads (control group).
    pub tasks: Option<u64>,
    /// Open files of each process (RLIMIT_NOFILE); lowered to what the machine grants.
    pub open_files: Option<u64>,
}
