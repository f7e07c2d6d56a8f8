//! The master key's rotation while the service runs.
//!
//! `postern key rotate` puts a new key before the old one in the key file. The service sees that, seals with the new key from then on,
//! and seals every record anew, in transactions; then the store opens with the new key alone. The old one is good for what is not in the
//! store: session tokens, page tokens, encoded messages. `postern key forget` ends them with it.
//!
//! Whenever the process ends in between, the file has both keys and the next start goes on. The store refuses to be opened without
//! either of them until all is done ([`Store::begin_rotation`]).

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use brokers::broker::Broker;
use iam::identity::AccessKey;
use store::state::{Account, AuthorityRecord, Record, State};
use store::{Change, Commit, CommitError, Failure, MasterKey, Sealed, Store};
use tokio::sync::watch;

use crate::clock::random;
use crate::first_start::authority_identity;
use crate::fsck::visit_broker;
use crate::services::Services;

/// How often the key file is looked at.
const PERIOD: Duration = Duration::from_secs(1);
/// How often calls that began under the old key are waited for.
const PATIENCE: Duration = Duration::from_millis(20);
/// The most records in one transaction.
const CHUNK: usize = 200;

/// Why secrets could not be sealed anew. What was sealed anew stays so, and another try goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum RotationError {
    /// A value opens under none of the keys.
    #[error("{0} does not open under any of the keys: look at it with `postern fsck`")]
    DoesNotOpen(String),
    /// The machine has no randomness, or sealing fails.
    #[error("the operating system gives no random bytes")]
    Random,
    /// The store cannot be written.
    #[error("the store could not be written")]
    Store(#[from] Failure),
}

/// Seals everything in the store anew under the key's current one, and notes that. Nobody may seal with an older one any more. Returns
/// how many records were written.
///
/// # Errors
/// [`RotationError`].
pub async fn finish(store: &Store<State>, key: &Arc<MasterKey>) -> Result<usize, RotationError> {
    store.begin_rotation(Arc::clone(key)).await?;
    let mut written = 0;
    loop {
        let stale = stale(&store.snapshot().state, key);
        if stale.is_empty() {
            break;
        }
        for (account, records) in stale {
            for chunk in records.chunks(CHUNK) {
                written += seal_anew(store, key, &account, chunk.to_vec()).await?;
            }
        }
    }
    store.end_rotation(Arc::clone(key)).await?;
    Ok(written)
}

async fn seal_anew(
    store: &Store<State>,
    key: &Arc<MasterKey>,
    account: &str,
    places: Vec<Place>,
) -> Result<usize, RotationError> {
    let (key, owner) = (Arc::clone(key), account.to_owned());
    let committed = store.commit(account, move |state: &State, _| {
        // What was deleted meanwhile is left out, what was changed is taken as it is now.
        let account = state.account(&owner);
        let records = places
            .iter()
            .filter_map(|place| place.record(account?, &key).transpose());
        let changes = records
            .map(|record| record.map(Change::put))
            .collect::<Result<Vec<_>, _>>()?;
        let value = changes.len();
        Ok::<_, RotationError>(Commit {
            changes,
            record: None,
            value,
        })
    });
    committed.await.map_err(|error| match error {
        CommitError::Refused(error) => error,
        CommitError::Failed(failure) => failure.into(),
    })
}

/// Where a sealed value is.
#[derive(Clone, Debug)]
enum Place {
    AccessKey(String),
    Authority,
    Broker(String),
}

/// The records with a value that the current key does not open, by account.
fn stale(state: &State, key: &MasterKey) -> Vec<(String, Vec<Place>)> {
    let is_stale =
        |sealed: &str, identity: &str| !key.is_current(&Sealed::from_text(sealed), identity);
    let of = |account: &Account| {
        let keys = account.access_keys().filter_map(|found| {
            let identity = AccessKey::seal_identity(&found.account, &found.id);
            is_stale(&found.sealed_secret, &identity).then(|| Place::AccessKey(found.id.clone()))
        });
        let authority = account.authority().and_then(|found| {
            let identity = authority_identity(&found.account);
            is_stale(&found.sealed_key, &identity).then_some(Place::Authority)
        });
        let brokers = account.brokers().filter_map(|found| {
            let mut stale = false;
            visit_broker(&mut Broker::clone(found), &mut |_, identity, sealed| {
                stale |= is_stale(sealed, identity);
            });
            stale.then(|| Place::Broker(found.id.as_str().to_owned()))
        });
        keys.chain(authority).chain(brokers).collect::<Vec<_>>()
    };
    state
        .accounts()
        .map(|(id, account)| (id.clone(), of(account)))
        .filter(|(_, places)| !places.is_empty())
        .collect()
}

impl Place {
    /// The record, sealed anew. `None`: it is gone.
    fn record(&self, account: &Account, key: &MasterKey) -> Result<Option<Record>, RotationError> {
        match self {
            Place::AccessKey(id) => {
                let found = account.access_keys().find(|found| found.id == *id);
                let Some(found) = found else { return Ok(None) };
                let mut found = AccessKey::clone(found);
                let identity = AccessKey::seal_identity(&found.account, &found.id);
                anew(
                    key,
                    "the secret of an access key",
                    &identity,
                    &mut found.sealed_secret,
                )?;
                Ok(Some(Record::AccessKey(found)))
            }
            Place::Authority => {
                let Some(found) = account.authority() else {
                    return Ok(None);
                };
                let mut found = AuthorityRecord::clone(found);
                let identity = authority_identity(&found.account);
                anew(
                    key,
                    "the key of the authority",
                    &identity,
                    &mut found.sealed_key,
                )?;
                Ok(Some(Record::Authority(found)))
            }
            Place::Broker(id) => {
                let Some(found) = account.broker(id) else {
                    return Ok(None);
                };
                let mut found = Broker::clone(found);
                let mut outcome = Ok(());
                visit_broker(&mut found, &mut |what, identity, sealed| {
                    if outcome.is_ok() {
                        outcome = anew(key, &what, identity, sealed);
                    }
                });
                outcome?;
                Ok(Some(Record::Broker(Arc::new(found))))
            }
        }
    }
}

fn anew(
    key: &MasterKey,
    what: &str,
    identity: &str,
    sealed: &mut String,
) -> Result<(), RotationError> {
    let old = Sealed::from_text(sealed.as_str());
    if key.is_current(&old, identity) {
        return Ok(());
    }
    let text = key.open(&old, identity);
    let text = text.map_err(|_| RotationError::DoesNotOpen(what.to_owned()))?;
    let nonce = random().map_err(|_| RotationError::Random)?;
    let new = key
        .seal(&text, identity, nonce)
        .map_err(|_| RotationError::Random)?;
    new.as_text().clone_into(sealed);
    Ok(())
}

/// Watches the key file until the service stops: takes new keys, and seals everything under them. What a crash left undone is done first.
pub(crate) async fn run(
    services: Arc<Services>,
    file: PathBuf,
    mut stopped: watch::Receiver<bool>,
) {
    let mut unfinished = services.store.opening().unfinished_rotation;
    let mut seen = stamp(&file);
    loop {
        if unfinished {
            let key = services.master_key.load_full();
            match finish(&services.store, &key).await {
                Ok(records) => {
                    unfinished = false;
                    tracing::info!(
                        key = %key.id(),
                        records,
                        "every secret is sealed under the new master key; older ones are good for session tokens only"
                    );
                }
                Err(error) => {
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        "secrets could not be sealed under the new master key; trying again"
                    );
                }
            }
        }
        tokio::select! {
            _ = stopped.wait_for(|stopped| *stopped) => return,
            () = tokio::time::sleep(PERIOD) => {}
        }
        let now = stamp(&file);
        if now == seen {
            continue;
        }
        seen = now;
        unfinished |= take(&services, &file, unfinished).await;
    }
}

/// Takes the keys of a file that has changed. Whether secrets have to be sealed anew then.
async fn take(services: &Services, file: &Path, unfinished: bool) -> bool {
    let had = services.master_key.load_full();
    let new = match MasterKey::load(file) {
        Ok(new) => new,
        Err(error) => {
            tracing::error!(%error, "the master key's file was changed and cannot be used; the service goes on with the keys it has, and will not start with this file");
            return false;
        }
    };
    let (ids, had_ids) = (new.ids(), had.ids());
    let needed = if unfinished { had_ids.len() } else { 1 };
    if had_ids.iter().take(needed).any(|id| !ids.contains(id)) {
        tracing::error!(
            "the master key's file was changed and lacks a key that secrets are sealed under; the service goes on with the keys it has, and will not start with this file"
        );
        return false;
    }
    let is_new = new.id() != had.id();
    drop(had);
    let old = services.master_key.swap(Arc::new(new));
    services.sessions.forget();
    if !is_new {
        return false;
    }
    // Order: calls that may have sealed with the old key hold it until they end; what they commit is queued then, before what follows.
    while Arc::strong_count(&old) > 1 {
        tokio::time::sleep(PATIENCE).await;
    }
    true
}

/// What tells one state of a file from another.
fn stamp(file: &Path) -> Option<(u64, u64, i64, i64)> {
    let about = std::fs::metadata(file).ok()?;
    Some((about.ino(), about.len(), about.mtime(), about.mtime_nsec()))
}
