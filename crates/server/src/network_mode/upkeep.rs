//! Keeps the machine's network as the records want it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use store::Store;
use store::state::State;
use tokio::sync::watch;

use super::{Fault, Faults, Network, Topology};

/// How often the machine is looked at where nothing has changed: somebody else may have taken something away.
const LOOK: Duration = Duration::from_secs(30);
/// How soon what failed is tried again.
const AGAIN: Duration = Duration::from_secs(2);

/// A network mode and what was last made of it.
pub struct Networks {
    network: Box<dyn Network>,
    last: Mutex<Option<(Topology, Faults)>>,
}

impl Networks {
    /// Nothing is done before the first call of [`Networks::settle`].
    pub fn new(network: Box<dyn Network>) -> Networks {
        Networks {
            network,
            last: Mutex::default(),
        }
    }

    /// The mode.
    pub fn network(&self) -> &dyn Network {
        self.network.as_ref()
    }

    /// Makes the machine be as the newest records want it, and says what could not be done. Cheap where nothing has changed.
    pub async fn settle(self: &Arc<Self>, store: &Store<State>) -> Faults {
        self.bring(store, false).await
    }

    /// What keeps the node from being started, after everything was done for it.
    pub async fn obstacle(self: &Arc<Self>, store: &Store<State>, node: &str) -> Option<Fault> {
        self.settle(store).await.of(node).cloned()
    }

    /// `look`: also where nothing has changed.
    async fn bring(self: &Arc<Self>, store: &Store<State>, look: bool) -> Faults {
        if !self.network.enforces() {
            return Faults::default();
        }
        let (networks, store) = (Arc::clone(self), store.clone());
        let done = tokio::task::spawn_blocking(move || networks.bring_now(&store, look));
        done.await.unwrap_or_else(|error| Faults {
            general: Some(Fault::passing(error)),
            ..Faults::default()
        })
    }

    fn bring_now(&self, store: &Store<State>, look: bool) -> Faults {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        // Order: the records are read when it is this call's turn, so that older ones never follow newer ones.
        let wanted = Topology::of(&store.snapshot().state);
        if let Some((made, faults)) = &*last
            && *made == wanted
            && faults.is_empty()
            && !look
        {
            return Faults::default();
        }
        let faults = self.network.apply(&wanted);
        let before = last.as_ref().map(|(_, faults)| faults);
        report(before, &faults);
        *last = Some((wanted, faults.clone()));
        faults
    }
}

/// Each fault is told once, not at every try.
fn report(before: Option<&Faults>, faults: &Faults) {
    if before == Some(faults) {
        return;
    }
    if let Some(fault) = &faults.general {
        tracing::error!(
            why = fault.text,
            "the network cannot be made as it is wanted"
        );
    }
    for (node, fault) in &faults.nodes {
        tracing::error!(%node, why = fault.text, "a node's network cannot be made as it is wanted");
    }
    if faults.is_empty() && before.is_some_and(|before| !before.is_empty()) {
        tracing::info!("the network is as it is wanted again");
    }
}

/// Settles at every change of the records and now and again, until told to stop. What was made stays: brokers run on.
pub async fn run(networks: Arc<Networks>, store: Store<State>, mut stop: watch::Receiver<bool>) {
    if !networks.network.enforces() {
        return;
    }
    let mut changes = store.changes();
    let mut look = true;
    loop {
        changes.mark_unchanged();
        let faults = networks.bring(&store, look).await;
        let pause = if faults.is_empty() { LOOK } else { AGAIN };
        look = tokio::select! {
            changed = changes.changed() => match changed {
                Ok(()) => false,
                Err(_) => return,
            },
            () = tokio::time::sleep(pause) => true,
            _ = stop.changed() => return,
        };
    }
}
