//! The folder of all nodes and the control folder of each.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rustix::event::PollFd;
use rustix::fs::{FlockOperation, Timespec};

use super::ancestors;
use crate::drivers::{DriverError, Ending, Exited, NodeId, Observation};
use crate::shim::identity;
use crate::shim::output;
use crate::shim::records::{self, ExitRecord, StateRecord};

/// The lock of the folder of all nodes.
const NODES_LOCK: &str = ".driver.lock";

/// Begins the name of a control folder that is being removed.
const REMOVING: &str = ".removing-";

/// How many lines of output tell how a node ended.
const LAST_WORDS: usize = 20;

/// The control folder of one node, whether or not it exists.
#[derive(Debug, Clone)]
pub(super) struct ControlFolder(PathBuf);

impl ControlFolder {
    pub(super) fn new(path: PathBuf) -> Self {
        Self(path)
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    pub(super) fn data(&self) -> PathBuf {
        self.0.join(records::DATA)
    }

    pub(super) fn exists(&self) -> bool {
        self.0.is_dir()
    }

    /// Takes the node's lock; `None` if it is held. Makes the lock's file; the folder must exist.
    pub(super) fn try_lock(&self) -> Result<Option<NodeLock>, DriverError> {
        let path = self.0.join(records::LOCK);
        let failed = |error| DriverError::io("lock", &path, error);
        let file = open_lock(&path).map_err(failed)?;
        match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Some(NodeLock(Some(file)))),
            Err(rustix::io::Errno::WOULDBLOCK) => Ok(None),
            Err(errno) => Err(failed(errno.into())),
        }
    }

    /// Whether nothing of the node holds its lock.
    pub(super) fn is_unlocked(&self) -> Result<bool, DriverError> {
        Ok(!self.exists() || self.try_lock()?.is_some())
    }

    /// Who ran last, if that was during this boot. A record that cannot be read is nobody's: what it was about is protected by the lock.
    pub(super) fn state_of_this_boot(&self) -> Option<StateRecord> {
        let boot = identity::boot_id().ok()?;
        self.state().filter(|state| state.boot_id == boot)
    }

    fn state(&self) -> Option<StateRecord> {
        let path = self.0.join(records::STATE);
        match records::read::<StateRecord>(&path) {
            Ok(state) => state.filter(|state| state.version == records::VERSION),
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "a node's record cannot be read");
                None
            }
        }
    }

    /// What is to be seen of a node that does not run.
    pub(super) fn ending(&self) -> Observation {
        let Some(state) = self.state() else {
            return Observation::Absent;
        };
        let started_at = moment(state.started_ms);
        let exit = records::read::<ExitRecord>(&self.0.join(records::EXIT))
            .ok()
            .flatten();
        let exit =
            exit.filter(|exit| exit.version == records::VERSION && exit.broker == state.broker);
        let tail =
            output::tail_of_run(&self.0.join(records::OUTPUT), LAST_WORDS).unwrap_or_default();
        let Some(exit) = exit else {
            let ending = match self.state_of_this_boot() {
                Some(_) => Ending::Unknown,
                None => Ending::MachineRestarted,
            };
            return Observation::Exited(Exited {
                ending,
                at: None,
                started_at,
                out_of_memory: false,
                tail,
            });
        };
        let ending = match (exit.code, exit.signal) {
            (Some(code), _) => Ending::Code(code),
            (None, Some(signal)) => Ending::Signal(signal),
            (None, None) => Ending::Unknown,
        };
        let (at, out_of_memory) = (Some(moment(exit.at_ms)), exit.out_of_memory);
        Observation::Exited(Exited {
            ending,
            at,
            started_at,
            out_of_memory,
            tail,
        })
    }

    /// Removes the folder and all in it. After a crash in the middle, [`finish_removals`] does the rest.
    pub(super) fn remove(&self) -> Result<(), DriverError> {
        let name = self
            .0
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let doomed = self.0.with_file_name(format!("{REMOVING}{name}"));
        let failed = |error| DriverError::io("remove", &self.0, error);
        if doomed.exists() {
            remove_tree(&doomed).map_err(failed)?;
        }
        match fs::rename(&self.0, &doomed) {
            Ok(()) => remove_tree(&doomed).map_err(failed),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(failed(error)),
        }
    }
}

/// The lock of a node, held by this process until it is dropped or handed over.
pub(super) struct NodeLock(Option<File>);

impl NodeLock {
    /// Hands the lock over: whoever gets the file holds it.
    pub(super) fn into_file(mut self) -> Option<File> {
        self.0.take()
    }
}

impl Drop for NodeLock {
    fn drop(&mut self) {
        if let Some(file) = &self.0 {
            // Closing is not enough: a child that another thread is just starting has a copy until it is executed.
            let _ = rustix::fs::flock(file, FlockOperation::Unlock);
        }
    }
}

fn open_lock(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
}

/// A moment from a record.
pub(super) fn moment(unix_ms: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH
        .checked_add(Duration::from_millis(unix_ms))
        .unwrap_or(SystemTime::UNIX_EPOCH)
}

/// Makes the folder of all nodes. Nodes' own users must be able to pass through it, and nobody may list it.
pub(super) fn make_nodes_folder(path: &Path, root: bool) -> Result<(), DriverError> {
    let failed = |error| DriverError::io("make", path, error);
    let mode = if root { 0o711 } else { 0o700 };
    DirBuilder::new()
        .recursive(true)
        .mode(mode)
        .create(path)
        .map_err(failed)?;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(failed)
}

/// Takes the lock of the folder of all nodes. A process that a driver has just started, and that was not yet executed when the
/// driver was killed, holds the lock for another moment; so it is asked for during a second.
pub(super) fn lock_nodes_folder(path: &Path) -> Result<File, DriverError> {
    let lock = path.join(NODES_LOCK);
    let failed = |error| DriverError::io("lock", &lock, error);
    let file = open_lock(&lock).map_err(failed)?;
    for _ in 0..20 {
        match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => return Ok(file),
            Err(rustix::io::Errno::WOULDBLOCK | rustix::io::Errno::INTR) => {}
            Err(errno) => return Err(failed(errno.into())),
        }
        let none: &mut [PollFd<'_>] = &mut [];
        let _ = rustix::event::poll(
            none,
            Some(&Timespec {
                tv_sec: 0,
                tv_nsec: 50_000_000,
            }),
        );
    }
    Err(DriverError::AlreadyManaged {
        folder: path.to_path_buf(),
    })
}

/// The nodes there are, in order.
pub(super) fn nodes(path: &Path) -> Result<Vec<NodeId>, DriverError> {
    let failed = |error| DriverError::io("list", path, error);
    let mut nodes = Vec::new();
    for entry in fs::read_dir(path).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let node = entry
            .file_name()
            .to_str()
            .and_then(|name| NodeId::parse(name).ok());
        // Whatever else lies there is none of ours.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            nodes.extend(node);
        }
    }
    nodes.sort();
    Ok(nodes)
}

/// Removes what a removal left that was cut short, and says what could not be.
pub(super) fn finish_removals(path: &Path) -> Vec<String> {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    let doomed = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(REMOVING));
    doomed
        .filter_map(|entry| {
            let error = remove_tree(&entry.path()).err()?;
            Some(format!(
                "the remains `{}` of a removed broker cannot be removed: {error}",
                entry.path().display()
            ))
        })
        .collect()
}

/// The nearest folder above the nodes that others than its owner may not pass through.
pub(super) fn closed_ancestor(nodes: &Path) -> Option<PathBuf> {
    let closed = |folder: &&Path| fs::metadata(folder).is_ok_and(|about| about.mode() & 0o001 == 0);
    ancestors(nodes).find(closed).map(Path::to_path_buf)
}

/// Removes a tree; symbolic links are removed, not followed. Folders that their owner closed are opened, which root need not.
fn remove_tree(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            open_up(path)?;
            fs::remove_dir_all(path)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

fn open_up(path: &Path) -> io::Result<()> {
    fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            open_up(&entry.path())?;
        }
    }
    Ok(())
}
