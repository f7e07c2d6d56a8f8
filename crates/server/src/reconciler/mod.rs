//! The reconciler: makes brokers be what their records say.
//!
//! One task per Postern hears of every record that changed and of every ending of a node, and wakes the worker of the broker that
//! is concerned. A worker serves one broker, one step at a time: it observes, asks [`brokers::plan::plan`], carries out the steps
//! and begins anew until there is nothing to do. It takes no orders: a restart of Postern, a repeated wake-up and the ordinary
//! course are the same path. Nothing here is waited for by a request, and workers of different brokers do not wait for each other,
//! except that only a few nodes start at a time.
//!
//! Workers write only what was observed, and the removal of a broker that is gone; always by the newest record, under the broker's
//! account.

mod context;
mod installed;
mod launch;
mod ports;
mod probe;
mod records;
mod room;
mod secrets;
mod worker;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use brokers::broker::Broker;
use store::Key;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{Notify, watch};
use tokio::task::{JoinError, JoinSet};

use crate::drivers::NodeId;
pub use context::{Context, ContextError, open_driver};
use records::Whose;
pub(crate) use secrets::identity as own_secret_identity;
use worker::Worker;

/// How often the folder of engines is looked at.
const ENGINES_PERIOD: Duration = Duration::from_secs(2);
/// How long to wait after the driver could not list its nodes.
const ADOPT_AGAIN: Duration = Duration::from_secs(2);

/// A broker's worker as the reconciler knows it.
struct Known {
    wake: Arc<Notify>,
    /// The record that the worker was last woken for.
    record: Arc<Broker>,
}

/// Adopts what runs, then keeps every broker as it is wanted until told to stop. Brokers run on.
pub async fn run(context: Arc<Context>, mut stop: watch::Receiver<bool>) {
    let mut endings = context.driver.endings();
    // Order: before anything is looked at, so that nothing changes unheard.
    let mut touched = context.services.store.touched();
    tokio::select! {
        () = adopt(&context) => {}
        _ = stop.changed() => return,
    }
    let mut workers = Workers::of(Arc::clone(&context));
    workers.see_all();
    let mut engines = tokio::time::interval(ENGINES_PERIOD);
    loop {
        tokio::select! {
            keys = touched.recv() => match keys {
                Ok(keys) => workers.see(&keys),
                Err(RecvError::Lagged(_)) => workers.see_all(),
                Err(RecvError::Closed) => break,
            },
            ended = endings.recv() => match ended {
                Ok(node) => workers.wake(&node),
                Err(RecvError::Lagged(_)) => workers.wake_all(),
                Err(RecvError::Closed) => break,
            },
            Some(ended) = workers.running.join_next() => workers.ended(ended).await,
            _ = engines.tick() => context.refresh_engines().await,
            _ = stop.changed() => break,
        }
    }
    workers.running.shutdown().await;
}

/// Takes running nodes under supervision and removes nodes that belong to no broker.
async fn adopt(context: &Context) {
    let began = tokio::time::Instant::now();
    let found = loop {
        match context.driver.adopt().await {
            Ok(found) => break found,
            Err(error) => tracing::error!(%error, "the nodes cannot be listed; trying again"),
        }
        tokio::time::sleep(ADOPT_AGAIN).await;
    };
    let snapshot = context.services.store.snapshot();
    // Order: after the nodes were listed, so that every node that is there has its record in the snapshot.
    let wanted: HashSet<String> = snapshot
        .state
        .accounts()
        .flat_map(|(_, account)| account.brokers())
        .flat_map(|broker| {
            let nodes = broker.instances.iter();
            nodes.map(|instance| launch::node_name(broker, instance.number))
        })
        .collect();
    let total = found.len();
    for (node, _) in found {
        if wanted.contains(node.as_str()) {
            continue;
        }
        tracing::warn!(%node, "a node without a broker is removed");
        if let Err(error) = context.driver.remove(&node).await {
            tracing::error!(%node, %error, "a node without a broker could not be removed");
        }
    }
    tracing::info!(
        nodes = total,
        took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        "the nodes that are there were taken over"
    );
}

/// The workers of all brokers.
struct Workers {
    context: Arc<Context>,
    known: HashMap<String, Known>,
    running: JoinSet<Whose>,
}

impl Workers {
    fn of(context: Arc<Context>) -> Self {
        Self {
            context,
            known: HashMap::new(),
            running: JoinSet::new(),
        }
    }

    /// Looks at every broker of the newest snapshot.
    fn see_all(&mut self) {
        let snapshot = self.context.services.store.snapshot();
        for (_, account) in snapshot.state.accounts() {
            account.brokers().for_each(|broker| self.see_broker(broker));
        }
    }

    /// Looks at the brokers among these records, as they are in the newest snapshot.
    fn see(&mut self, keys: &[Key]) {
        let snapshot = self.context.services.store.snapshot();
        for key in keys {
            let account = snapshot.state.account(&key.account);
            if let Some(broker) = account.and_then(|account| account.broker(&key.id)) {
                self.see_broker(broker);
            }
        }
    }

    /// Gives the broker a worker, or wakes the one it has if the record is another one.
    fn see_broker(&mut self, broker: &Arc<Broker>) {
        match self.known.get_mut(broker.id.as_str()) {
            Some(known) if Arc::ptr_eq(&known.record, broker) => {}
            Some(known) => {
                known.record = Arc::clone(broker);
                known.wake.notify_one();
            }
            None => {
                let wake = Arc::new(Notify::new());
                let worker = Worker::new(Arc::clone(&self.context), broker, Arc::clone(&wake));
                self.running.spawn(worker.run());
                let record = Arc::clone(broker);
                self.known
                    .insert(broker.id.to_string(), Known { wake, record });
            }
        }
    }

    /// Wakes the worker of the broker whose node this is.
    fn wake(&self, node: &NodeId) {
        let broker = node.as_str().rsplit_once('-').map(|(broker, _)| broker);
        if let Some(known) = broker.and_then(|broker| self.known.get(broker)) {
            known.wake.notify_one();
        }
    }

    fn wake_all(&self) {
        for known in self.known.values() {
            known.wake.notify_one();
        }
    }

    /// Forgets a worker that found its broker gone. One that failed takes all others with it: what they did is begun anew.
    async fn ended(&mut self, ended: Result<Whose, JoinError>) {
        match ended {
            Ok(whose) => {
                self.known.remove(&whose.id);
                if let Some(broker) = records::newest(&self.context.services.store, &whose) {
                    self.see_broker(&broker);
                }
            }
            Err(error) => {
                tracing::error!(%error, "a broker's worker failed; all workers begin anew");
                self.known.clear();
                self.running.shutdown().await;
                self.see_all();
            }
        }
    }
}
