//! The process driver: each node is a process of this machine under a shim ([`crate::shim`]) that outlives Postern.
//!
//! What makes that safe:
//! * The node's lock is taken here before anything is written, handed to the shim and inherited by the broker and all it
//!   starts; whoever cannot take it does not start. So two brokers never write to one folder.
//! * A process is only believed in, and only signalled, while a pidfd is held whose boot id, number and start time were compared.
//! * Everything needed to go on after `kill -9` of Postern is in the node's control folder (see the `records` module of the shim).
//!
//! As root every node has a user id of its own and control groups; otherwise all share Postern's user, and
//! [`ProcessDriver::capabilities`] says what that means.

mod adopt;
mod files;
mod folder;
mod groups;
mod launch;
mod node;
mod users;
mod watch;

use std::collections::BTreeMap;
use std::fs::File as StdFile;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::broadcast;

use super::{Capabilities, Driver, DriverError, DriverFuture, File, Launch, NodeId, Observation};
use crate::shim::{output, records};
use folder::ControlFolder;
use groups::Groups;
use node::Slot;
use users::Users;

/// Where the process driver keeps its nodes and how it starts them.
#[derive(Debug, Clone)]
pub struct ProcessConfig {
    /// The folder that holds one folder per node; made if missing. As root, its parents must let the nodes' users pass (`o+x`).
    pub nodes: PathBuf,
    /// The program that has the shim as a subcommand: usually `/proc/self/exe`, which is this very program even after an
    /// upgrade has replaced its file.
    pub shim: PathBuf,
    /// The arguments by which that program becomes the shim.
    pub shim_args: Vec<String>,
    /// User (and group) ids to give to nodes, as root. Nobody else on the machine may use them.
    pub users: RangeInclusive<u32>,
    /// The name of the control group that holds the nodes' groups, as root.
    pub group: String,
}

impl ProcessConfig {
    /// Nodes below `nodes`, started by `<shim> shim`, users 20000 to 29999, group `postern`.
    pub fn new(nodes: PathBuf, shim: PathBuf) -> Self {
        let (shim_args, group) = (vec!["shim".to_owned()], "postern".to_owned());
        Self {
            nodes,
            shim,
            shim_args,
            users: 20_000..=29_999,
            group,
        }
    }
}

/// Runs nodes as processes of this machine. See the module's own page.
pub struct ProcessDriver {
    inner: Arc<Inner>,
}

struct Inner {
    /// `nodes` is canonical.
    config: ProcessConfig,
    users: Option<Users>,
    groups: Groups,
    notes: Vec<String>,
    slots: Mutex<BTreeMap<NodeId, Arc<Slot>>>,
    endings: broadcast::Sender<NodeId>,
    /// Only held: another driver on the same folder is refused.
    _lock: StdFile,
}

impl ProcessDriver {
    /// Takes the folder of all nodes under management. Blocking and short; a folder that somebody else manages costs a second.
    ///
    /// # Errors
    /// [`DriverError::AlreadyManaged`] if another Postern has it; otherwise what the operating system says.
    pub fn open(mut config: ProcessConfig) -> Result<Self, DriverError> {
        let root = rustix::process::geteuid().is_root();
        folder::make_nodes_folder(&config.nodes, root)?;
        config.nodes = config
            .nodes
            .canonicalize()
            .map_err(|error| DriverError::io("open", &config.nodes, error))?;
        let lock = folder::lock_nodes_folder(&config.nodes)?;
        let mut notes = folder::finish_removals(&config.nodes);
        let users = if root {
            Some(Users::scan(&config.nodes, config.users.clone())?)
        } else {
            None
        };
        let groups = groups_of(&config);
        notes.extend(shortcomings(&config));
        let (endings, _) = broadcast::channel(4096);
        let slots = Mutex::default();
        Ok(Self {
            inner: Arc::new(Inner {
                config,
                users,
                groups,
                notes,
                slots,
                endings,
                _lock: lock,
            }),
        })
    }
}

/// What a process driver would be able to do with this configuration, without taking its folder under management: for
/// `postern doctor`, beside a Postern that runs.
pub fn examine(config: &ProcessConfig) -> Capabilities {
    let own_user = rustix::process::geteuid().is_root();
    summary(own_user, &groups_of(config), &shortcomings(config))
}

fn groups_of(config: &ProcessConfig) -> Groups {
    if rustix::process::geteuid().is_root() {
        Groups::detect(&config.group)
    } else {
        Groups::none()
    }
}

/// What is missing besides control groups, a sentence each.
fn shortcomings(config: &ProcessConfig) -> Vec<String> {
    let user = rustix::process::geteuid();
    if user.is_root() {
        let closed = folder::closed_ancestor(&config.nodes);
        return closed
            .map(|folder| DriverError::Unreachable { folder }.to_string())
            .into_iter()
            .collect();
    }
    let user = user.as_raw();
    vec![
        format!(
            "postern does not run as root: all brokers run as the user with id {user} and can read each other's files"
        ),
        "postern does not run as root: memory and task limits of brokers are not enforced"
            .to_owned(),
    ]
}

fn summary(own_user: bool, groups: &Groups, notes: &[String]) -> Capabilities {
    Capabilities {
        own_user,
        memory_limit: groups.limits_memory(),
        task_limit: groups.limits_tasks(),
        group_kill: groups.kills(),
        notes: notes.iter().chain(groups.notes()).cloned().collect(),
    }
}

impl Inner {
    fn control(&self, node: &NodeId) -> ControlFolder {
        ControlFolder::new(self.config.nodes.join(node.as_str()))
    }

    fn slots(&self) -> MutexGuard<'_, BTreeMap<NodeId, Arc<Slot>>> {
        // A map that is only looked up, inserted into and removed from is whole after any panic.
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn slot(&self, node: &NodeId) -> Arc<Slot> {
        Arc::clone(self.slots().entry(node.clone()).or_default())
    }

    /// Forgets a removed node, unless somebody else is waiting for its turn with it.
    fn forget(&self, node: &NodeId, slot: &Arc<Slot>) {
        let mut slots = self.slots();
        // Two: the map's and the caller's. Nobody can get a third while the map is held.
        if Arc::strong_count(slot) <= 2 && slot.live().is_none() {
            slots.remove(node);
        }
    }
}

/// Runs what blocks (files, `/proc`) where it may.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, DriverError> + Send + 'static,
) -> Result<T, DriverError> {
    flatten(tokio::task::spawn_blocking(work).await)
}

/// Runs an operation as a task of its own, so that a caller that gives up waiting does not leave it half done.
fn detached<'a, T: Send + 'static>(
    work: impl Future<Output = Result<T, DriverError>> + Send + 'static,
) -> DriverFuture<'a, T> {
    Box::pin(async move { flatten(tokio::spawn(work).await) })
}

fn flatten<T>(
    joined: Result<Result<T, DriverError>, tokio::task::JoinError>,
) -> Result<T, DriverError> {
    // A task ends without a result only if the runtime shuts down or the code has a defect.
    joined.unwrap_or_else(|error| {
        Err(DriverError::Shim {
            why: format!("its task did not finish: {error}"),
        })
    })
}

impl Driver for ProcessDriver {
    fn name(&self) -> &'static str {
        "process"
    }

    fn capabilities(&self) -> Capabilities {
        summary(
            self.inner.users.is_some(),
            &self.inner.groups,
            &self.inner.notes,
        )
    }

    fn folder(&self, node: &NodeId) -> PathBuf {
        self.inner.control(node).data()
    }

    fn adopt(&self) -> DriverFuture<'_, Vec<(NodeId, Observation)>> {
        detached(adopt::adopt(Arc::clone(&self.inner)))
    }

    fn start(&self, launch: Launch) -> DriverFuture<'_, ()> {
        detached(node::start(Arc::clone(&self.inner), launch))
    }

    fn write<'a>(&'a self, node: &'a NodeId, files: Vec<File>) -> DriverFuture<'a, ()> {
        detached(node::write(Arc::clone(&self.inner), node.clone(), files))
    }

    fn observe<'a>(&'a self, node: &'a NodeId) -> DriverFuture<'a, Observation> {
        detached(node::observe(Arc::clone(&self.inner), node.clone()))
    }

    fn tail<'a>(&'a self, node: &'a NodeId, lines: usize) -> DriverFuture<'a, Vec<String>> {
        let path = self.inner.control(node).path().join(records::OUTPUT);
        detached(blocking(move || {
            output::tail(&path, lines).map_err(|error| DriverError::io("read", &path, error))
        }))
    }

    fn stop<'a>(&'a self, node: &'a NodeId) -> DriverFuture<'a, ()> {
        detached(node::stop(Arc::clone(&self.inner), node.clone()))
    }

    fn remove<'a>(&'a self, node: &'a NodeId) -> DriverFuture<'a, ()> {
        detached(node::remove(Arc::clone(&self.inner), node.clone()))
    }

    fn endings(&self) -> broadcast::Receiver<NodeId> {
        self.inner.endings.subscribe()
    }
}

/// How long what was killed may take to be gone.
const KILL_PATIENCE: Duration = Duration::from_secs(10);

/// How often a lock or a control group that is about to become free is looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// A path's parent folders, nearest first.
fn ancestors(path: &Path) -> impl Iterator<Item = &Path> {
    path.ancestors().skip(1)
}
