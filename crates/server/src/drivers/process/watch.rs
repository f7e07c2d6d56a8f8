//! Watches one running node until it has ended.

use std::os::fd::OwnedFd;
use std::sync::{Arc, Weak};
use std::time::Duration;

use rustix::process::{Signal, WaitId, WaitIdOptions};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::time::timeout;

use super::node::{Live, Slot};
use super::{Inner, KILL_PATIENCE, LOOK_AGAIN, blocking};
use crate::drivers::NodeId;
use crate::shim::identity::Process;
use crate::shim::kin::{self, Kin};
use crate::shim::{output, records};

/// How often the output of a node without a shim is looked at, and a process that cannot be watched is asked.
const TICK: Duration = Duration::from_secs(5);

/// Begins to watch a running node.
///
/// The task holds the driver weakly, so that a driver that was dropped gives its folder free while its nodes run on.
pub(super) fn begin(inner: &Arc<Inner>, slot: &Arc<Slot>, node: NodeId, live: Live) {
    let live = Arc::new(live);
    slot.set_live(Some(Arc::clone(&live)));
    tokio::spawn(watch(Arc::downgrade(inner), Arc::clone(slot), node, live));
}

async fn watch(inner: Weak<Inner>, slot: Arc<Slot>, node: NodeId, live: Arc<Live>) {
    let shim_saw_it = wait(&live).await && shim_ended(&live).await;
    // If it has become a child of this process it is reaped; otherwise this is refused, and somebody else's to do.
    reap(&live.broker);
    // Order: while this holds the driver nobody else manages the folder. If it is gone, whoever does next may already be
    // starting the node again, and what is killed here could be that.
    if let (false, Some(inner)) = (shim_saw_it, inner.upgrade()) {
        let (live, kill_file) = (Arc::clone(&live), inner.groups.kill_file(&node));
        // Bounded: what cannot be killed keeps the lock, and a start is refused until it is gone.
        let _ = timeout(KILL_PATIENCE, sweep(live, kill_file)).await;
    }
    slot.set_live(None);
    drop(slot);
    live.gone.send_replace(true);
    if let Some(inner) = inner.upgrade() {
        // Nobody listening is no error.
        let _ = inner.endings.send(node);
    }
}

/// Waits for the main process to end. True if its shim was there to the end.
async fn wait(live: &Live) -> bool {
    if let Some(shim) = &live.shim {
        tokio::select! {
            biased;
            () = ended(&live.broker) => return true,
            () = ended(shim) => {}
        }
        reap(shim);
        if !live.broker.is_alive() {
            return true;
        }
        live.shim_is_gone();
        tracing::warn!(
            pid = live.broker.identity().pid,
            "a broker's shim was ended; the broker runs on"
        );
    }
    // What the shim did for the output is done here meanwhile.
    let path = live.control.path().join(records::OUTPUT);
    loop {
        match timeout(TICK, ended(&live.broker)).await {
            Ok(()) => return false,
            Err(_) => {
                let (path, limits) = (path.clone(), live.state.log);
                let _ = tokio::task::spawn_blocking(move || output::rotate(&path, limits)).await;
            }
        }
    }
}

/// Waits for the shim to tidy up and end, but not for ever. True if it did.
async fn shim_ended(live: &Live) -> bool {
    let Some(shim) = &live.shim else { return false };
    if timeout(KILL_PATIENCE, ended(shim)).await.is_ok() {
        reap(shim);
        return true;
    }
    let _ = shim.signal(Signal::KILL);
    let _ = timeout(KILL_PATIENCE, ended(shim)).await;
    reap(shim);
    false
}

/// Kills what is left of a node until there is nothing.
async fn sweep(live: Arc<Live>, kill_file: Option<std::path::PathBuf>) {
    loop {
        let (live, kill_file) = (Arc::clone(&live), kill_file.clone());
        let left = blocking(move || {
            kin::kill_group(kill_file.as_deref());
            Ok(Kin::new(live.control.path(), None, live.state.user)
                .kill()
                .unwrap_or(1))
        });
        if left.await.is_ok_and(|left| left == 0) {
            return;
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

/// Waits until a process has ended.
async fn ended(process: &Process) {
    let watched = process.fd().try_clone_to_owned().and_then(watchable);
    if let Ok(watched) = watched {
        while process.is_alive() {
            match watched.readable().await {
                Ok(mut ready) if process.is_alive() => ready.clear_ready(),
                Ok(_) => return,
                Err(_) => break,
            }
        }
    }
    // Out of descriptors, say: then it is asked now and again.
    while process.is_alive() {
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// The replacement is an unsafe function, for the sake of types whose descriptor changes or is closed beneath the registration.
/// An `OwnedFd` does neither.
#[expect(
    deprecated,
    reason = "sound for an owned descriptor, and this crate has no unsafe code"
)]
fn watchable(fd: OwnedFd) -> std::io::Result<AsyncFd<OwnedFd>> {
    AsyncFd::with_interest(fd, Interest::READABLE)
}

fn reap(process: &Process) {
    let _ = rustix::process::waitid(
        WaitId::PidFd(process.fd()),
        WaitIdOptions::EXITED | WaitIdOptions::NOHANG,
    );
}
