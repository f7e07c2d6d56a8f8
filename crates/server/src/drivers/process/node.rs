//! The operations on one node. Each first waits for the node's turn.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustix::process::Signal;
use tokio::sync::watch as signal;
use tokio::time::{Instant, timeout};

use super::files::DataFolder;
use super::folder::{ControlFolder, moment};
use super::launch::{self, Started};
use super::{Inner, KILL_PATIENCE, LOOK_AGAIN, blocking, users, watch};
use crate::drivers::{DriverError, File, Launch, NodeId, Observation, Running};
use crate::shim::identity::Process;
use crate::shim::kin::{self, Kin};
use crate::shim::records::StateRecord;

/// What the driver remembers of a node.
#[derive(Default)]
pub(super) struct Slot {
    /// Whose turn it is.
    pub(super) turn: tokio::sync::Mutex<()>,
    live: Mutex<Option<Arc<Live>>>,
}

/// A node that was seen running and is watched.
pub(super) struct Live {
    pub(super) control: ControlFolder,
    pub(super) broker: Process,
    pub(super) shim: Option<Process>,
    pub(super) state: StateRecord,
    /// Becomes true when all of it has ended.
    pub(super) gone: signal::Sender<bool>,
    shim_answers: AtomicBool,
}

impl Slot {
    pub(super) fn live(&self) -> Option<Arc<Live>> {
        self.live
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(super) fn set_live(&self, live: Option<Arc<Live>>) {
        *self.live.lock().unwrap_or_else(PoisonError::into_inner) = live;
    }
}

impl Live {
    pub(super) fn new(
        control: ControlFolder,
        broker: Process,
        shim: Option<Process>,
        shim_answers: bool,
        state: StateRecord,
    ) -> Self {
        let (gone, _) = signal::channel(false);
        Self {
            control,
            broker,
            shim,
            state,
            gone,
            shim_answers: AtomicBool::new(shim_answers),
        }
    }

    pub(super) fn shim_is_gone(&self) {
        self.shim_answers.store(false, Ordering::Relaxed);
    }

    pub(super) fn observation(&self) -> Observation {
        Observation::Running(Running {
            pid: self.broker.identity().pid,
            started_at: moment(self.state.started_ms),
            shim: self.shim_answers.load(Ordering::Relaxed),
        })
    }

    /// Waits until all of it has ended.
    async fn ended(&self) {
        // An error means that the watch itself is gone, with the runtime.
        let _ = self.gone.subscribe().wait_for(|gone| *gone).await;
    }

    async fn ended_within(&self, patience: Duration) -> bool {
        timeout(patience, self.ended()).await.is_ok()
    }
}

pub(super) async fn start(inner: Arc<Inner>, launch: Launch) -> Result<(), DriverError> {
    let (node, slot) = (launch.node.clone(), inner.slot(&launch.node));
    let _turn = slot.turn.lock().await;
    if let Some(live) = slot.live() {
        if live.broker.is_alive() {
            return Ok(());
        }
        live.ended().await;
    }
    let (worker, control) = (Arc::clone(&inner), inner.control(&node));
    match blocking(move || launch::launch(&worker, launch)).await? {
        Started::Runs {
            broker,
            shim,
            state,
        } => {
            watch::begin(
                &inner,
                &slot,
                node,
                Live::new(control, broker, shim, true, state),
            );
        }
        Started::Ended => {
            let _ = inner.endings.send(node);
        }
    }
    Ok(())
}

pub(super) async fn write(
    inner: Arc<Inner>,
    node: NodeId,
    files: Vec<File>,
) -> Result<(), DriverError> {
    let slot = inner.slot(&node);
    let _turn = slot.turn.lock().await;
    blocking(move || {
        let control = inner.control(&node);
        if !control.data().is_dir() {
            return Err(DriverError::Absent {
                node: node.to_string(),
            });
        }
        let data = DataFolder::open(&control.data(), users::recorded(&control)?)?;
        files.iter().try_for_each(|file| data.write(file))
    })
    .await
}

/// Does not wait for a turn: an operation may take its grace, and who watches wants to know meanwhile.
pub(super) async fn observe(inner: Arc<Inner>, node: NodeId) -> Result<Observation, DriverError> {
    let live = inner.slots().get(&node).and_then(|slot| slot.live());
    if let Some(live) = live {
        if live.broker.is_alive() {
            return Ok(live.observation());
        }
        // How it ended is being written down.
        live.ended().await;
    }
    blocking(move || Ok(inner.control(&node).ending())).await
}

pub(super) async fn stop(inner: Arc<Inner>, node: NodeId) -> Result<(), DriverError> {
    let slot = inner.slot(&node);
    let _turn = slot.turn.lock().await;
    if let Some(live) = slot.live() {
        let signalled = live.broker.signal(Signal::TERM);
        signalled.map_err(|error| DriverError::io("signal", live.control.path(), error))?;
        if live
            .ended_within(Duration::from_millis(live.state.stop_grace_ms))
            .await
        {
            return Ok(());
        }
    }
    kill(&inner, &slot, &node).await
}

pub(super) async fn remove(inner: Arc<Inner>, node: NodeId) -> Result<(), DriverError> {
    let slot = inner.slot(&node);
    let turn = slot.turn.lock().await;
    kill(&inner, &slot, &node).await?;
    let (worker, id) = (Arc::clone(&inner), node.clone());
    blocking(move || {
        let control = worker.control(&id);
        if !control.exists() {
            return Ok(());
        }
        // Order: the lock is held while the folder goes, and the user id is free when nothing has it any more.
        let lock = control
            .try_lock()?
            .ok_or_else(|| DriverError::FolderInUse {
                node: id.to_string(),
            })?;
        let user = users::recorded(&control).ok().flatten();
        control.remove()?;
        drop(lock);
        if let (Some(users), Some(user)) = (&worker.users, user) {
            users.release(user);
        }
        Ok(())
    })
    .await?;
    let deadline = Instant::now() + KILL_PATIENCE;
    loop {
        let (worker, id) = (Arc::clone(&inner), node.clone());
        if blocking(move || worker.groups.remove(&id)).await? {
            break;
        }
        if Instant::now() >= deadline {
            return Err(DriverError::Unkillable {
                node: node.to_string(),
            });
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    drop(turn);
    inner.forget(&node, &slot);
    Ok(())
}

/// Ends all of a node by SIGKILL, whether or not its main process still runs, and waits until its lock is free. The caller has its turn.
pub(super) async fn kill(
    inner: &Arc<Inner>,
    slot: &Slot,
    node: &NodeId,
) -> Result<(), DriverError> {
    if let Some(live) = slot.live() {
        let worker = (Arc::clone(inner), node.clone(), Arc::clone(&live));
        blocking(move || {
            let (inner, node, live) = worker;
            kin::kill_group(inner.groups.kill_file(&node).as_deref());
            live.broker
                .signal(Signal::KILL)
                .map_err(|error| DriverError::io("signal", live.control.path(), error))
        })
        .await?;
        // The shim has its patience, is killed, and has it again.
        live.ended_within(KILL_PATIENCE * 3).await;
    }
    let deadline = Instant::now() + KILL_PATIENCE;
    loop {
        let (worker, id) = (Arc::clone(inner), node.clone());
        if blocking(move || end_remains(&worker, &id)).await? {
            return Ok(());
        }
        if Instant::now() >= deadline {
            return Err(DriverError::Unkillable {
                node: node.to_string(),
            });
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

/// Kills whatever is known for the node's own, and its shim if that still holds the lock. True when the lock is free and
/// nothing of it lives: a program may have closed the lock's descriptor, so the lock alone does not say so.
fn end_remains(inner: &Inner, node: &NodeId) -> Result<bool, DriverError> {
    let control = inner.control(node);
    if !control.exists() {
        return Ok(true);
    }
    let unlocked = control.is_unlocked()?;
    if !unlocked {
        let state = control.state_of_this_boot();
        if let Some(shim) = state.and_then(|state| Process::open(state.shim).ok().flatten()) {
            let _ = shim.signal(Signal::KILL);
        }
    }
    Ok(end_kin(inner, &control, node)? && unlocked)
}

/// Kills what is known for the node's own; true if there was nothing.
pub(super) fn end_kin(
    inner: &Inner,
    control: &ControlFolder,
    node: &NodeId,
) -> Result<bool, DriverError> {
    kin::kill_group(inner.groups.kill_file(node).as_deref());
    let user = users::recorded(control).ok().flatten();
    let left = Kin::new(control.path(), None, user).kill();
    left.map(|left| left == 0)
        .map_err(|error| DriverError::io("end the processes of", control.path(), error))
}
