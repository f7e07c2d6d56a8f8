//! The writer: the one thread that decides, commits and publishes.
//!
//! It takes all commits that wait, decides them one after the other on a working state that
//! includes the earlier ones, and writes them in one transaction with one sync. So the time of a
//! slow sync is shared by everybody who waits for it.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, mpsc};

use arc_swap::ArcSwap;
use tokio::sync::{OwnedSemaphorePermit, broadcast, oneshot, watch};

use crate::Clock;
use crate::backend::{Backend, BackendError, DocumentRow, EventRow, Operation, OutboxRow};
use crate::document::{Change, Commit, Document, Key, Revision, Revisions, Shard, Snapshot, State};
use crate::error::{CommitError, Failure, Fatal, OnFatal};
use crate::journal::{AuditLine, Journal, Synced};
use crate::seal::MasterKey;
use crate::store::{AUDIT_DIGEST, AUDIT_KEY, FolderLock, KEY_CHECK, NEXT_KEY_CHECK, digest_key};

/// The most commits in one transaction.
const BATCH: usize = 256;
/// How long the feed keeps an event, in seconds.
const EVENT_LIFE: i64 = 24 * 60 * 60;
/// A shard's feed is trimmed at every revision that this divides.
const TRIM_EVERY: u64 = 100;

/// What the writer is asked to do.
pub(crate) enum Command<S: State> {
    Commit(Box<dyn Job<S>>),
    /// The outbox's records up to this one are durable in the journal.
    Trim(Synced),
    /// The master key is exchanged.
    Rotate(
        Arc<MasterKey>,
        Rotation,
        oneshot::Sender<Result<(), Failure>>,
    ),
    Close,
}

/// What is to be noted of a master key's rotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rotation {
    /// Secrets are sealed anew from now on.
    Begin,
    /// All are.
    End,
}

/// Counts what the writer did since the store was opened.
#[derive(Debug, Default)]
pub struct Counters {
    /// Commits that were acknowledged, with something to write.
    pub commits: AtomicU64,
    /// Database transactions with such commits, each with one sync.
    pub transactions: AtomicU64,
}

/// A commit that waits, without its types.
pub(crate) trait Job<S: State>: Send {
    fn account(&self) -> &str;
    /// Decides; keeps the answer. `None`: there is nothing to write.
    fn decide(&mut self, state: &S, revision: Revision) -> Option<Plan<S::Document>>;
    /// Gives the kept answer, or the failure, to whoever waits.
    fn finish(self: Box<Self>, outcome: Result<(), Failure>);
}

/// What a commit wants written.
pub(crate) struct Plan<D> {
    changes: Vec<Change<D>>,
    record: Option<AuditLine>,
}

/// A commit that waits, with its types.
pub(crate) struct Waiting<T, E, F> {
    pub(crate) account: String,
    pub(crate) decide: F,
    pub(crate) answer: Option<Result<T, E>>,
    pub(crate) reply: oneshot::Sender<Result<T, CommitError<E>>>,
    /// Its place in the queue.
    pub(crate) slot: OwnedSemaphorePermit,
}

impl<S, T, E, F> Job<S> for Waiting<T, E, F>
where
    S: State,
    T: Send,
    E: Send,
    F: FnMut(&S, Revision) -> Result<Commit<S::Document, T>, E> + Send,
{
    fn account(&self) -> &str {
        &self.account
    }

    fn decide(&mut self, state: &S, revision: Revision) -> Option<Plan<S::Document>> {
        match (self.decide)(state, revision) {
            Ok(Commit {
                changes,
                record,
                value,
            }) => {
                self.answer = Some(Ok(value));
                let empty = changes.is_empty() && record.is_none();
                (!empty).then_some(Plan { changes, record })
            }
            Err(refusal) => {
                self.answer = Some(Err(refusal));
                None
            }
        }
    }

    fn finish(self: Box<Self>, outcome: Result<(), Failure>) {
        let answer = match (outcome, self.answer) {
            (Ok(()), Some(Ok(value))) => Ok(value),
            (Ok(()), Some(Err(refusal))) => Err(CommitError::Refused(refusal)),
            (Ok(()), None) => Err(CommitError::Failed(Failure::DecisionPanicked)),
            (Err(failure), _) => Err(CommitError::Failed(failure)),
        };
        drop(self.slot);
        // Nobody waits any more: the commit stands all the same.
        let _ = self.reply.send(answer);
    }
}

/// What the writer works with.
pub(crate) struct Writer<S: State> {
    pub(crate) backend: Box<dyn Backend>,
    pub(crate) published: Arc<ArcSwap<Snapshot<S>>>,
    pub(crate) news: watch::Sender<u64>,
    pub(crate) touched: broadcast::Sender<Arc<[Key]>>,
    pub(crate) journal: Arc<Journal>,
    pub(crate) counters: Arc<Counters>,
    pub(crate) now: Clock,
    pub(crate) on_fatal: OnFatal,
    /// The number of the next audit record.
    pub(crate) next_record: u64,
    /// What the database knows of the journal.
    pub(crate) trimmed: Synced,
    /// After a fatal error: nothing is written any more.
    pub(crate) ended: bool,
    /// The folder's lock, held as long as anything may be written.
    pub(crate) _lock: FolderLock,
}

/// One commit of a batch, ready to be written.
struct Staged {
    shard: Shard,
    revision: Revision,
    rows: Vec<Row>,
    /// The documents that the rows are of.
    touched: Vec<Key>,
    records: Vec<AuditLine>,
}

enum Row {
    Put(DocumentRow),
    Delete(Key),
}

enum Written {
    Yes,
    No(BackendError),
    Mismatch(Fatal),
}

impl<S: State> Writer<S> {
    /// Works until the store is closed.
    pub(crate) fn run(mut self, queue: &Receiver<Command<S>>) {
        let mut open = true;
        while open {
            let Ok(first) = queue.recv() else { break };
            let mut jobs = Vec::new();
            let mut trim = None;
            let mut rotation = None;
            let mut next = Ok(first);
            loop {
                match next {
                    Ok(Command::Commit(job)) => jobs.push(job),
                    Ok(Command::Trim(synced)) => trim = Some(synced),
                    Ok(Command::Rotate(key, stage, reply)) => rotation = Some((key, stage, reply)),
                    Ok(Command::Close) => open = false,
                    Err(mpsc::TryRecvError::Empty) => break,
                    Err(mpsc::TryRecvError::Disconnected) => {
                        open = false;
                        break;
                    }
                }
                if !open || rotation.is_some() || jobs.len() >= BATCH {
                    break;
                }
                next = queue.try_recv();
            }
            self.batch(jobs, trim);
            if let Some((key, stage, reply)) = rotation {
                let _ = reply.send(self.rotate(&key, stage));
            }
        }
        self.finish();
    }

    /// At the end: the journal is made durable, the outbox emptied, the log moved into the database.
    fn finish(&mut self) {
        if let Some(synced) = self.journal.sync(true) {
            self.batch(Vec::new(), Some(synced));
        }
        if !self.ended {
            self.tidy(true);
        }
    }

    fn batch(&mut self, mut jobs: Vec<Box<dyn Job<S>>>, trim: Option<Synced>) {
        if self.ended {
            jobs.into_iter()
                .for_each(|job| job.finish(Err(Failure::Closed)));
            return;
        }
        let trim = trim.filter(|synced| *synced != self.trimmed);
        let base = self.published.load_full();
        let mut state = base.state.clone();
        let mut revisions = base.revisions.clone();
        let mut staged = Vec::new();
        let mut outcomes = Vec::with_capacity(jobs.len());
        // A panic in `State::put` leaves a half-changed working state: nothing of it is used.
        let decided = catch_unwind(AssertUnwindSafe(|| {
            for job in &mut jobs {
                let outcome = self.stage(job.as_mut(), &mut state, &mut revisions, &mut staged);
                outcomes.push(outcome);
            }
        }));
        if decided.is_err() {
            self.end(&Fatal::Panicked);
            jobs.into_iter()
                .for_each(|job| job.finish(Err(Failure::Closed)));
            return;
        }
        if staged.is_empty() && trim.is_none() {
            answer(jobs, outcomes);
            return;
        }
        match self.write(&staged, trim.as_ref()) {
            Written::Yes => {}
            Written::No(error) => return self.give_up(jobs, outcomes, error),
            Written::Mismatch(fatal) => {
                let _ = self.backend.rollback();
                self.end(&fatal);
                jobs.into_iter()
                    .for_each(|job| job.finish(Err(Failure::Closed)));
                return;
            }
        }
        if let Some(synced) = trim {
            self.trimmed = synced;
        }
        if !staged.is_empty() {
            let counters = &self.counters;
            counters.transactions.fetch_add(1, Ordering::Relaxed);
            counters
                .commits
                .fetch_add(staged.len() as u64, Ordering::Relaxed);
        }
        // Order: the record is written, then the change can be seen, then it is acknowledged.
        let touched: Arc<[Key]> = staged
            .iter_mut()
            .flat_map(|commit| std::mem::take(&mut commit.touched))
            .collect();
        self.hand_over(staged);
        if !touched.is_empty() {
            let sequence = base.sequence.saturating_add(1);
            self.published.store(Arc::new(Snapshot {
                state,
                revisions,
                sequence,
            }));
            self.news.send_replace(sequence);
            // Nobody may want to hear of it.
            let _ = self.touched.send(touched);
        }
        answer(jobs, outcomes);
        self.tidy(false);
    }

    fn rotate(&mut self, key: &MasterKey, stage: Rotation) -> Result<(), Failure> {
        if self.ended {
            return Err(Failure::Closed);
        }
        let noted = self.note_rotation(key, stage);
        let error = match noted {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        match (error, self.backend.rollback()) {
            (BackendError::Full, Ok(())) => Err(Failure::StoreFull),
            (BackendError::Busy, Ok(())) => Err(Failure::Busy),
            (error @ BackendError::Refused(_), Ok(())) => {
                tracing::error!(error = ?error, "the database refused to note the master key's rotation");
                Err(Failure::Refused)
            }
            (error @ BackendError::Broken(_), _) | (_, Err(error)) => {
                self.end(&Fatal::Database(error));
                Err(Failure::OutcomeUnknown)
            }
        }
    }

    fn note_rotation(&mut self, key: &MasterKey, stage: Rotation) -> Result<(), BackendError> {
        let refused = |error: String| BackendError::Refused(error.into());
        let digests = digest_key(self.backend.as_mut(), key).map_err(|e| refused(e.to_string()))?;
        let made = key.check_value().map_err(|e| refused(e.to_string()))?;
        let kept = key.keep(&digests).map_err(|e| refused(e.to_string()))?;
        self.backend.begin()?;
        match stage {
            Rotation::Begin => self.backend.set_meta(NEXT_KEY_CHECK, made.as_text())?,
            Rotation::End => {
                self.backend.set_meta(KEY_CHECK, made.as_text())?;
                self.backend.set_meta(AUDIT_KEY, kept.as_text())?;
                self.backend.set_meta(NEXT_KEY_CHECK, "")?;
            }
        }
        self.backend.commit()
    }

    fn tidy(&mut self, urgent: bool) {
        if let Err(error) = self.backend.tidy(urgent) {
            self.end(&Fatal::Database(error));
        }
    }

    /// Decides one commit and applies it to the working state.
    fn stage(
        &self,
        job: &mut dyn Job<S>,
        state: &mut S,
        revisions: &mut Revisions,
        staged: &mut Vec<Staged>,
    ) -> Result<(), Failure> {
        let account = job.account().to_owned();
        let shard = Shard::of(&account);
        let before = revisions.shard(shard);
        let plan = catch_unwind(AssertUnwindSafe(|| job.decide(state, before)))
            .map_err(|_| Failure::DecisionPanicked)?;
        let Some(Plan { changes, record }) = plan else {
            return Ok(());
        };
        if record.is_some() && !self.journal.writable() {
            return Err(Failure::AuditUnwritable);
        }
        let keyed: Vec<(Key, Change<S::Document>)> = changes
            .into_iter()
            .map(|change| (change.key(), change))
            .collect();
        if keyed.iter().any(|(key, _)| key.account != account) {
            return Err(Failure::ForeignAccount);
        }
        let revision = if keyed.is_empty() {
            before
        } else {
            before.next()
        };
        let touched = keyed.iter().map(|(key, _)| key.clone()).collect();
        let mut rows = Vec::with_capacity(keyed.len());
        for (key, change) in keyed {
            match change {
                Change::Put(document) => {
                    let mut row = DocumentRow {
                        account: key.account,
                        kind: key.kind.to_owned(),
                        id: key.id,
                        revision,
                        body: document.encode(),
                        sum: Vec::new(),
                    };
                    row.sum = row.seal_sum();
                    rows.push(Row::Put(row));
                    state.put(document, revision);
                }
                Change::Delete(_) => {
                    state.remove(&key, revision);
                    rows.push(Row::Delete(key));
                }
            }
        }
        revisions.set(shard, revision);
        staged.push(Staged {
            shard,
            revision,
            rows,
            touched,
            records: record.map(AuditLine::into_lines).unwrap_or_default(),
        });
        Ok(())
    }

    fn write(&mut self, staged: &[Staged], trim: Option<&Synced>) -> Written {
        match self.write_all(staged, trim) {
            Ok(None) => Written::Yes,
            Ok(Some(fatal)) => Written::Mismatch(fatal),
            Err(error) => Written::No(error),
        }
    }

    fn write_all(
        &mut self,
        staged: &[Staged],
        trim: Option<&Synced>,
    ) -> Result<Option<Fatal>, BackendError> {
        let at = (self.now)();
        let position = self.journal.position();
        let mut sequence = self.next_record;
        self.backend.begin()?;
        // Order: the revisions first, by shard. On PostgreSQL they are the locks of the accounts.
        for (shard, (commits, newest)) in revisions_of(staged) {
            let found = self.backend.bump(shard, commits)?;
            if found != newest {
                return Ok(Some(Fatal::Revision {
                    shard: shard.number(),
                    found: found.number(),
                    expected: newest.number(),
                }));
            }
        }
        for commit in staged {
            self.write_rows(commit, at)?;
            for record in &commit.records {
                let mut row = OutboxRow {
                    sequence,
                    event_id: record.event_id().to_owned(),
                    line: record.text().to_owned(),
                    position,
                    sum: Vec::new(),
                };
                row.sum = row.seal_sum();
                self.backend.keep(&row)?;
                sequence += 1;
            }
        }
        if let Some(synced) = trim {
            self.backend.trim_outbox(synced.through)?;
            if let Some(digest) = &synced.digest {
                self.backend.set_meta(AUDIT_DIGEST, digest)?;
            }
        }
        self.backend.commit()?;
        Ok(None)
    }

    fn write_rows(&mut self, commit: &Staged, at: i64) -> Result<(), BackendError> {
        for (part, row) in (0..).zip(&commit.rows) {
            let (account, kind, id, operation) = match row {
                Row::Put(row) => {
                    self.backend.put(row)?;
                    (
                        row.account.clone(),
                        row.kind.clone(),
                        row.id.clone(),
                        Operation::Put,
                    )
                }
                Row::Delete(key) => {
                    self.backend.delete(&key.account, key.kind, &key.id)?;
                    let kind = key.kind.to_owned();
                    (key.account.clone(), kind, key.id.clone(), Operation::Delete)
                }
            };
            let (shard, revision) = (commit.shard, commit.revision);
            self.backend.event(&EventRow {
                shard,
                revision,
                part,
                at,
                account,
                kind,
                id,
                operation,
            })?;
        }
        if !commit.rows.is_empty() && commit.revision.number().is_multiple_of(TRIM_EVERY) {
            self.backend
                .trim_events(commit.shard, at.saturating_sub(EVENT_LIFE))?;
        }
        Ok(())
    }

    /// Gives the committed records to the journal.
    fn hand_over(&mut self, staged: Vec<Staged>) {
        let mut records = Vec::new();
        for record in staged.into_iter().flat_map(|commit| commit.records) {
            records.push((self.next_record, record));
            self.next_record += 1;
        }
        if !records.is_empty() {
            self.journal.append_committed(records);
        }
    }

    /// After a transaction that failed: nobody is told that anything succeeded, nor refused on
    /// the ground of a commit that did not happen.
    fn give_up(
        &mut self,
        mut jobs: Vec<Box<dyn Job<S>>>,
        outcomes: Vec<Result<(), Failure>>,
        error: BackendError,
    ) {
        let rolled_back = self.backend.rollback();
        let failure = match (error, rolled_back) {
            (BackendError::Full, Ok(())) => Failure::StoreFull,
            (BackendError::Busy, Ok(())) => Failure::Busy,
            (error @ BackendError::Refused(_), Ok(())) => {
                tracing::error!(error = ?error, "the database refused a transaction");
                // One of them is at fault; the others need not suffer.
                if jobs.len() > 1 {
                    jobs.drain(..).for_each(|job| self.batch(vec![job], None));
                    return;
                }
                Failure::Refused
            }
            (error @ BackendError::Broken(_), _) | (_, Err(error)) => {
                self.end(&Fatal::Database(error));
                Failure::OutcomeUnknown
            }
        };
        let outcomes = outcomes
            .into_iter()
            .map(|outcome| outcome.and(Err(failure)))
            .collect();
        answer(jobs, outcomes);
        if failure == Failure::StoreFull {
            // What the log holds may fit into the database, and the log begin anew.
            self.tidy(true);
        }
    }

    fn end(&mut self, fatal: &Fatal) {
        self.ended = true;
        (self.on_fatal)(fatal);
    }
}

/// The shards that change, by how many commits, and to which revision.
fn revisions_of(staged: &[Staged]) -> BTreeMap<Shard, (u32, Revision)> {
    let mut shards = BTreeMap::new();
    for commit in staged.iter().filter(|commit| !commit.rows.is_empty()) {
        let (commits, newest) = shards.entry(commit.shard).or_default();
        *commits += 1;
        *newest = commit.revision;
    }
    shards
}

fn answer<S: State>(jobs: Vec<Box<dyn Job<S>>>, outcomes: Vec<Result<(), Failure>>) {
    for (job, outcome) in jobs.into_iter().zip(outcomes) {
        job.finish(outcome);
    }
}
