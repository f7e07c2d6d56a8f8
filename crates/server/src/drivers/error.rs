//! Why a driver could not do what it was asked to, in words that can be shown to the person who asked.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why a driver could not carry out an operation.
///
/// The texts are what a person reads as the reason of `CREATION_FAILED`. That a port is taken is not among them: only the
/// engine finds out, and says so in the output that [`super::Exited::tail`] carries.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DriverError {
    /// The node's lock is held: a former process of the node, or another Postern's, still runs.
    #[error("the data folder of node `{node}` is in use by another process")]
    FolderInUse {
        /// The node.
        node: String,
    },
    /// Another Postern manages the folder of all nodes.
    #[error("the folder `{}` is already managed by another postern process", .folder.display())]
    AlreadyManaged {
        /// The folder.
        folder: PathBuf,
    },
    /// The node has no folder.
    #[error("node `{node}` does not exist")]
    Absent {
        /// The node.
        node: String,
    },
    /// The program is not installed.
    #[error("the program `{program}` was not found; is the engine installed?")]
    ProgramNotFound {
        /// What should have been executed.
        program: String,
    },
    /// The program is there and cannot be executed.
    #[error("the program `{program}` may not be executed: {why}")]
    ProgramRefused {
        /// What should have been executed.
        program: String,
        /// The system's words.
        why: String,
    },
    /// No space, or the quota is used up.
    #[error("the disk of `{}` is full", .path.display())]
    DiskFull {
        /// What should have been written.
        path: PathBuf,
    },
    /// Postern's user may not do that there.
    #[error("permission to use `{}` is denied", .path.display())]
    PermissionDenied {
        /// What should have been used.
        path: PathBuf,
    },
    /// The file system is read-only.
    #[error("the file system of `{}` is read-only", .path.display())]
    ReadOnly {
        /// What should have been written.
        path: PathBuf,
    },
    /// A folder above the nodes may not be entered by the nodes' users.
    #[error("the folder `{}` may not be entered by a broker's own user; allow it with `chmod o+x`", .folder.display())]
    Unreachable {
        /// The folder that is closed.
        folder: PathBuf,
    },
    /// Every user id of the range belongs to a node.
    #[error("all user ids from {first} to {last} are taken by other broker nodes")]
    NoFreeUser {
        /// The first of the range.
        first: u32,
        /// The last of the range.
        last: u32,
    },
    /// The machine cannot take another process.
    #[error("the machine is out of {what}; the broker cannot be started now")]
    Exhausted {
        /// `processes`, `memory` or `open files`.
        what: &'static str,
    },
    /// The shim did not come up.
    #[error("the broker's shim could not start it: {why}")]
    Shim {
        /// What it said.
        why: String,
    },
    /// SIGKILL was sent and something still lives (the kernel holds it, say in a hanging file system).
    #[error("processes of node `{node}` could not be ended")]
    Unkillable {
        /// The node.
        node: String,
    },
    /// The launch itself makes no sense.
    #[error("node `{node}` cannot be started: {why}")]
    BadLaunch {
        /// The node.
        node: String,
        /// What is wrong.
        why: &'static str,
    },
    /// Anything else the operating system refused.
    #[error("could not {what} `{}`: {source}", .path.display())]
    Io {
        /// A verb: `write`, `remove`.
        what: &'static str,
        /// On what.
        path: PathBuf,
        /// The system's words.
        source: io::Error,
    },
}

impl DriverError {
    /// Puts the operating system's error for doing `what` to `path` into the words a person understands.
    pub fn io(what: &'static str, path: &Path, source: io::Error) -> Self {
        let path = path.to_path_buf();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path },
            io::ErrorKind::PermissionDenied => Self::PermissionDenied { path },
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { path },
            _ => match exhausted(&source) {
                Some(what) => Self::Exhausted { what },
                None => Self::Io { what, path, source },
            },
        }
    }

    /// Whether the same call may succeed later without anybody doing anything.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::FolderInUse { .. }
            | Self::DiskFull { .. }
            | Self::Exhausted { .. }
            | Self::Shim { .. }
            | Self::Unkillable { .. }
            | Self::Io { .. } => true,
            Self::AlreadyManaged { .. }
            | Self::Absent { .. }
            | Self::ProgramNotFound { .. }
            | Self::ProgramRefused { .. }
            | Self::PermissionDenied { .. }
            | Self::ReadOnly { .. }
            | Self::Unreachable { .. }
            | Self::NoFreeUser { .. }
            | Self::BadLaunch { .. } => false,
        }
    }
}

/// What the machine lacks, by the number of the error.
fn exhausted(error: &io::Error) -> Option<&'static str> {
    let errno = rustix::io::Errno::from_io_error(error)?;
    match errno {
        rustix::io::Errno::AGAIN => Some("processes"),
        rustix::io::Errno::NOMEM => Some("memory"),
        rustix::io::Errno::MFILE | rustix::io::Errno::NFILE => Some("open files"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(errno: rustix::io::Errno) -> String {
        DriverError::io("write", Path::new("/x/y"), errno.into()).to_string()
    }

    #[test]
    fn errors_of_the_system_become_reasons_a_person_understands() {
        use rustix::io::Errno;
        assert_eq!(text(Errno::NOSPC), "the disk of `/x/y` is full");
        assert_eq!(text(Errno::DQUOT), "the disk of `/x/y` is full");
        assert_eq!(text(Errno::ACCESS), "permission to use `/x/y` is denied");
        assert_eq!(text(Errno::PERM), "permission to use `/x/y` is denied");
        assert_eq!(text(Errno::ROFS), "the file system of `/x/y` is read-only");
        assert_eq!(
            text(Errno::MFILE),
            "the machine is out of open files; the broker cannot be started now"
        );
        assert_eq!(
            text(Errno::AGAIN),
            "the machine is out of processes; the broker cannot be started now"
        );
        assert!(text(Errno::IO).starts_with("could not write `/x/y`: "));
    }
}
