//! The reconciler: makes brokers be what their records say.
//!
//! One task per Postern looks at every newer snapshot and every ending of a node, and wakes the worker of the broker that is
//! concerned. A worker serves one broker, one step at a time: it observes, asks [`brokers::plan::plan`], carries out the steps
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
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use crate::drivers::NodeId;
pub use context::{Context, ContextError, open_driver};
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
    let mut changes = context.services.store.changes();
    tokio::select! {
        () = adopt(&context) => {}
        _ = stop.changed() => return,
    }
    let mut known: HashMap<String, Known> = HashMap::new();
    let mut workers: JoinSet<String> = JoinSet::new();
    let mut engines = tokio::time::interval(ENGINES_PERIOD);
    loop {
        changes.mark_unchanged();
        scan(&context, &mut known, &mut workers);
        tokio::select! {
            changed = changes.changed() => if changed.is_err() { break },
            ended = endings.recv() => match ended {
                Ok(node) => wake(&known, &node),
                Err(RecvError::Lagged(_)) => known.values().for_each(|known| known.wake.notify_one()),
                Err(RecvError::Closed) => break,
            },
            Some(ended) = workers.join_next() => match ended {
                Ok(id) => { known.remove(&id); }
                Err(error) => {
                    tracing::error!(%error, "a broker's worker failed; all workers begin anew");
                    known.clear();
                    workers.shutdown().await;
                }
            },
            _ = engines.tick() => context.refresh_engines().await,
            _ = stop.changed() => break,
        }
    }
    workers.shutdown().await;
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

/// Gives every broker a worker, and wakes those whose record is another one.
fn scan(context: &Arc<Context>, known: &mut HashMap<String, Known>, workers: &mut JoinSet<String>) {
    let snapshot = context.services.store.snapshot();
    for (_, account) in snapshot.state.accounts() {
        for broker in account.brokers() {
            match known.get_mut(broker.id.as_str()) {
                Some(known) if Arc::ptr_eq(&known.record, broker) => {}
                Some(known) => {
                    known.record = Arc::clone(broker);
                    known.wake.notify_one();
                }
                None => {
                    let wake = Arc::new(Notify::new());
                    let worker = Worker::new(Arc::clone(context), broker, Arc::clone(&wake));
                    workers.spawn(worker.run());
                    let record = Arc::clone(broker);
                    known.insert(broker.id.to_string(), Known { wake, record });
                }
            }
        }
    }
}

fn wake(known: &HashMap<String, Known>, node: &NodeId) {
    let broker = node.as_str().rsplit_once('-').map(|(broker, _)| broker);
    if let Some(known) = broker.and_then(|broker| known.get(broker)) {
        known.wake.notify_one();
    }
}
