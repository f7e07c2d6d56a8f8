//! Finds out, at Postern's start, which nodes run.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::folder::{self, ControlFolder};
use super::node::{self, Live, Slot};
use super::{Inner, LOOK_AGAIN, blocking, watch};
use crate::drivers::{DriverError, NodeId, Observation};
use crate::shim::identity::Process;
use crate::shim::records::StateRecord;
use crate::shim::socket::{self, Answer, Ask};

/// How long a node may be neither running nor ended: its shim is starting it, or tidying up after it.
const UNDECIDED: Duration = Duration::from_secs(5);

/// How many nodes are looked at side by side.
const SIDE_BY_SIDE: usize = 8;

/// What a control folder shows.
enum Found {
    /// Its broker runs.
    Runs {
        broker: Process,
        shim: Option<Process>,
        answers: bool,
        state: StateRecord,
    },
    /// Its lock is held and its broker does not run (yet, or any more).
    Undecided,
    /// Nothing of it runs.
    Quiet,
}

pub(super) async fn adopt(inner: Arc<Inner>) -> Result<Vec<(NodeId, Observation)>, DriverError> {
    let worker = Arc::clone(&inner);
    let nodes = blocking(move || folder::nodes(&worker.config.nodes)).await?;
    let mut adopted = Vec::with_capacity(nodes.len());
    for some in nodes.chunks(SIDE_BY_SIDE) {
        let tasks: Vec<_> = some
            .iter()
            .map(|node| {
                (
                    node.clone(),
                    tokio::spawn(adopt_one(Arc::clone(&inner), node.clone())),
                )
            })
            .collect();
        for (node, task) in tasks {
            match super::flatten(task.await) {
                Ok(observation) => adopted.push((node, observation)),
                // One broken folder does not keep the others waiting. Its node is not started while its lock is held.
                Err(error) => tracing::error!(%node, %error, "a broker node cannot be adopted"),
            }
        }
    }
    Ok(adopted)
}

async fn adopt_one(inner: Arc<Inner>, id: NodeId) -> Result<Observation, DriverError> {
    let slot = inner.slot(&id);
    let _turn = slot.turn.lock().await;
    if slot.live().is_none() {
        look(&inner, &slot, &id).await?;
    }
    node::observe(Arc::clone(&inner), id).await
}

async fn look(inner: &Arc<Inner>, slot: &Arc<Slot>, id: &NodeId) -> Result<(), DriverError> {
    let deadline = Instant::now() + UNDECIDED;
    loop {
        let control = inner.control(id);
        match blocking(move || examine(&control)).await? {
            Found::Runs {
                broker,
                shim,
                answers,
                state,
            } => {
                let live = Live::new(inner.control(id), broker, shim, answers, state);
                watch::begin(inner, slot, id.clone(), live);
                return Ok(());
            }
            Found::Quiet => return Ok(()),
            Found::Undecided if Instant::now() < deadline => tokio::time::sleep(LOOK_AGAIN).await,
            Found::Undecided => {
                tracing::warn!(node = %id, "remains of a broker whose main process has ended are killed");
                return node::kill(inner, slot, id).await;
            }
        }
    }
}

/// Order: the boot first, since the numbers of another boot mean nothing; then the pidfds, each with its start time compared; then
/// the shim's own word; the lock last.
fn examine(control: &ControlFolder) -> Result<Found, DriverError> {
    if let Some(state) = control.state_of_this_boot() {
        let open = |identity| {
            Process::open(identity).map_err(|error| DriverError::io("watch", control.path(), error))
        };
        let (broker, shim) = (open(state.broker)?, open(state.shim)?);
        if let Some(broker) = broker {
            let answers = shim.is_some() && knows(control, &state);
            return Ok(Found::Runs {
                broker,
                shim,
                answers,
                state,
            });
        }
    }
    Ok(if control.is_unlocked()? {
        Found::Quiet
    } else {
        Found::Undecided
    })
}

/// Whether the shim answers that it watches this very broker.
fn knows(control: &ControlFolder, state: &StateRecord) -> bool {
    match socket::ask(control.path(), Ask::Status) {
        Ok(Answer::Status {
            shim, pid, start, ..
        }) => shim == state.shim.pid && pid == state.broker.pid && start == state.broker.start,
        Ok(Answer::Done | Answer::Refused { .. }) | Err(_) => false,
    }
}
