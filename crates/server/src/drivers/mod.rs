//! Drivers: what carries out a broker's life on the machine.
//!
//! An engine (in the `brokers` crate) turns a broker into files, a command and probes without touching anything; a
//! [`Driver`] takes the result, a [`Launch`], and makes it real. A driver knows nodes, files and processes and nothing
//! of the engine inside, of desired states or of restarts: *whether* a node should run, and when a dead one is tried
//! again, is the reconciler's to decide. So every operation here is safe to repeat, and after any crash the reconciler
//! asks [`Driver::adopt`] what is there and goes on from that.
//!
//! * [`process::ProcessDriver`] (the default): each node is a process under a small shim that outlives Postern.
//! * [`simulate::SimulateDriver`]: starts nothing and reports what was asked for, for dry runs and API tests.

#![forbid(unsafe_code)]

mod error;
mod launch;
mod node;
mod observation;
pub mod process;
pub mod simulate;

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;

use tokio::sync::broadcast;

pub use error::DriverError;
pub use launch::{File, FileMode, Launch, Limits, LogLimits, Namespace};
pub use node::{BadNodeId, BadPath, NodeId, RelativePath};
pub use observation::{Capabilities, Ending, Exited, Observation, Running};

/// What a driver's operation returns: a future that may be sent between threads, boxed so that drivers can be chosen
/// at run time.
pub type DriverFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, DriverError>> + Send + 'a>>;

/// Carries out what the reconciler decides for single nodes.
///
/// Every operation may be called again after it failed, was cancelled or was cut short by the death of Postern, and
/// then finishes what was left. Operations on one node wait for each other; operations on different nodes do not.
pub trait Driver: Send + Sync + 'static {
    /// The name `--driver` takes: `process`, `simulate`.
    fn name(&self) -> &'static str;

    /// What this driver can and cannot do on this machine, in sentences for `postern doctor`.
    fn capabilities(&self) -> Capabilities;

    /// The absolute folder that [`Launch::files`] are written below, in which the node is started (its working
    /// directory) and which it owns. Engines need it to name files in a command line or a configuration. It need not exist yet.
    fn folder(&self, node: &NodeId) -> PathBuf;

    /// Lists every node that is there, running or not, in the order of their ids, and takes the running ones under
    /// supervision again. Called once before anything else; calling it again is harmless. A node whose
    /// folder cannot be read is logged and left out.
    fn adopt(&self) -> DriverFuture<'_, Vec<(NodeId, Observation)>>;

    /// Writes the node's files and starts it. If the node runs already nothing is changed, whatever `launch` says:
    /// stop it first.
    ///
    /// Returns once the program has been executed; whether it is *ready* is the engine's probe to tell.
    ///
    /// # Errors
    /// [`DriverError::FolderInUse`] if anything still holds the node's lock, [`DriverError::ProgramNotFound`] and
    /// the like if it cannot be executed. Then nothing runs.
    fn start(&self, launch: Launch) -> DriverFuture<'_, ()>;

    /// Writes files of a node, each replaced atomically, without starting or stopping it.
    ///
    /// # Errors
    /// [`DriverError::Absent`] if the node has no folder.
    fn write<'a>(&'a self, node: &'a NodeId, files: Vec<File>) -> DriverFuture<'a, ()>;

    /// What the node is doing now.
    fn observe<'a>(&'a self, node: &'a NodeId) -> DriverFuture<'a, Observation>;

    /// The last lines the node wrote to its standard output and error, oldest first, at most `lines`, with control
    /// characters (other than tabs) replaced. Empty if there are none.
    fn tail<'a>(&'a self, node: &'a NodeId, lines: usize) -> DriverFuture<'a, Vec<String>>;

    /// Ends the node: SIGTERM, then after the grace its [`Launch`] named, SIGKILL to everything it started. Returns
    /// when nothing of it runs any more. The folder stays. A node that does not run is a success.
    fn stop<'a>(&'a self, node: &'a NodeId) -> DriverFuture<'a, ()>;

    /// Stops the node at once (SIGKILL) and removes all there is of it: processes, folder, control group, lock, user
    /// id. A node that is not there is a success.
    fn remove<'a>(&'a self, node: &'a NodeId) -> DriverFuture<'a, ()>;

    /// Subscribes to the ids of nodes that ended, each sent within about a second of the event, after which
    /// [`Driver::observe`] tells how. A receiver that lags has missed some ids: look at all nodes.
    fn endings(&self) -> broadcast::Receiver<NodeId>;
}
