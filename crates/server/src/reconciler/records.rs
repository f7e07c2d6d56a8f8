//! What the reconciler writes: changes of what was observed, and the removal of a broker that is gone.

use std::convert::Infallible;
use std::sync::Arc;

use brokers::broker::{Broker, Intent};
use brokers::plan::Change;
use store::state::{Record, State};
use store::{Commit, CommitError, Document as _, Store};

/// Why the record could not be written.
pub(super) type RecordError = CommitError<Infallible>;

/// Which broker.
#[derive(Clone, Debug)]
pub(super) struct Whose {
    pub(super) account: String,
    pub(super) id: String,
}

/// The newest record; `None` when the broker is gone.
pub(super) fn newest(store: &Store<State>, whose: &Whose) -> Option<Arc<Broker>> {
    let snapshot = store.snapshot();
    snapshot
        .state
        .account(&whose.account)?
        .broker(&whose.id)
        .cloned()
}

/// Writes changes into the newest record. Nothing is written where nothing changes.
pub(super) async fn note(
    store: &Store<State>,
    whose: &Whose,
    changes: Vec<Change>,
    now: i64,
    jitter: u16,
) -> Result<(), RecordError> {
    let whose_broker = whose.clone();
    store
        .commit(&whose.account, move |state: &State, _| {
            let broker = state
                .account(&whose_broker.account)
                .and_then(|account| account.broker(&whose_broker.id));
            let Some(broker) = broker else {
                return Ok(Commit::unchanged(()));
            };
            let mut next = Broker::clone(broker);
            let mut is_changed = false;
            for change in &changes {
                is_changed |= change.apply(&mut next, now, jitter);
            }
            if !is_changed {
                return Ok(Commit::unchanged(()));
            }
            Ok(Commit {
                changes: vec![store::Change::put(Record::Broker(Arc::new(next)))],
                record: None,
                value: (),
            })
        })
        .await
}

/// Removes the record and the network interfaces of a broker whose nodes are gone.
pub(super) async fn remove(store: &Store<State>, whose: &Whose) -> Result<(), RecordError> {
    let whose_broker = whose.clone();
    store
        .commit(&whose.account, move |state: &State, _| {
            let account = state.account(&whose_broker.account);
            let broker = account.and_then(|account| account.broker(&whose_broker.id));
            let (Some(account), Some(broker)) = (account, broker) else {
                return Ok(Commit::unchanged(()));
            };
            match broker.intent {
                Intent::Delete => {}
                Intent::Run => return Ok(Commit::unchanged(())),
            }
            let interfaces = broker
                .instances
                .iter()
                .filter_map(|instance| account.interfaces.get(&instance.interface_id))
                .map(|interface| Record::NetworkInterface((**interface).clone()).key());
            let record = Record::Broker(Arc::clone(broker)).key();
            Ok(Commit {
                changes: interfaces
                    .chain([record])
                    .map(store::Change::Delete)
                    .collect(),
                record: None,
                value: (),
            })
        })
        .await
}
