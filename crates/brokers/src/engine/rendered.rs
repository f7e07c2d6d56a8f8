//! What an engine needs on disk and how it is started.

use std::fmt;
use std::path::PathBuf;

/// Everything that a driver needs to start one node of a broker.
#[derive(Debug)]
pub struct Rendered {
    /// Files to write before the start; a driver replaces each as a whole.
    pub files: Vec<RenderedFile>,
    /// Folders that must exist with mode 0700: absolute, or relative to the node's base folder.
    pub folders: Vec<PathBuf>,
    /// The process to run.
    pub command: Command,
    /// The ports that the node listens on once it is ready.
    pub ports: Vec<PromisedPort>,
}

/// One file of a node, relative to its base folder.
#[derive(Clone)]
pub struct RenderedFile {
    /// Path relative to the node's base folder; never absolute, never with `..`.
    pub path: PathBuf,
    /// Who may read it besides its owner.
    pub mode: FileMode,
    /// The whole contents.
    pub contents: Vec<u8>,
}

/// Permissions of a rendered file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileMode {
    /// 0600: it holds, or may hold, a secret.
    Private,
    /// 0644: nothing in it is secret.
    Shared,
}

impl FileMode {
    /// The permission bits as `chmod` takes them.
    #[must_use]
    pub const fn bits(self) -> u32 {
        match self {
            Self::Private => 0o600,
            Self::Shared => 0o644,
        }
    }
}

/// A process: nothing secret is in its arguments or environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// The program, absolute or to be found on `PATH`.
    pub program: PathBuf,
    /// Its arguments, without the program itself.
    pub arguments: Vec<String>,
    /// Its whole environment; nothing else may be handed down.
    pub environment: Vec<(String, String)>,
    /// The folder it is started in.
    pub working_folder: PathBuf,
}

/// A port that a node listens on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PromisedPort {
    /// A word for logs and events: `openwire`, `console`, `management`.
    pub name: &'static str,
    /// The address and port.
    pub socket: std::net::SocketAddr,
    /// Whether clients of the broker are told of it.
    pub for_clients: bool,
}

// Contents may hold passwords: only their size is shown.
impl fmt::Debug for RenderedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RenderedFile")
            .field("path", &self.path)
            .field("mode", &self.mode)
            .field("bytes", &self.contents.len())
            .finish()
    }
}
