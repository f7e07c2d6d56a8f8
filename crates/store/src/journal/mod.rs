//! The audit journal: `audit/audit.jsonl`, one record a line, only ever appended to.
//!
//! A mutation's record travels in the mutation's own transaction (the outbox), so there is no
//! mutation without its record, at whatever moment the process dies. It is then written to the
//! file, before the answer; a sync each second makes the file durable and empties the outbox.
//! After a crash, records of the outbox that are not in the file are appended: each is in the
//! file exactly once.
//!
//! Reads and refusals have no transaction. [`Journal::append`] hands their record to the kernel
//! with one write before the answer: it survives the process, and a power cut may cost the last
//! second.
//!
//! When the file cannot be written, [`Journal::writable`] says so and mutations must be refused
//! until a probe succeeds, which is tried each second.
//!
//! Digests ([`Store::verify_audit`](crate::Store::verify_audit)) show whether anybody changed the
//! files since.

mod digest;
mod files;
mod line;

use std::collections::VecDeque;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::backend::OutboxRow;
use crate::error::{Fatal, OnFatal};
use crate::seal::DigestKey;

pub use digest::AuditReport;
use digest::Digests;
pub(crate) use digest::verify;
use files::{Files, WriteError};
pub use line::{AuditLine, NoEventId};

/// A place in the journal: the number of a file, and bytes from its start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Counts the files from 1.
    pub file: u64,
    /// Bytes from the file's start.
    pub offset: u64,
}

/// The record could not be written. The file is as it was.
#[derive(Debug, thiserror::Error)]
#[error("the audit journal cannot be written")]
pub struct JournalError(#[source] Option<io::Error>);

/// The journal of one data folder.
pub struct Journal {
    inner: Mutex<Inner>,
    /// Locked by whoever syncs, before `inner`.
    evidence: Mutex<Evidence>,
    wake: Condvar,
    writable: AtomicBool,
    on_fatal: OnFatal,
}

/// How a journal is opened.
pub(crate) struct Setup {
    /// The size in bytes at which a new file is begun.
    pub(crate) limit: u64,
    pub(crate) digest_key: DigestKey,
    pub(crate) digest_period: Duration,
    pub(crate) on_fatal: OnFatal,
}

/// What a sync achieved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Synced {
    /// The newest committed record that the outbox no longer needs.
    pub(crate) through: u64,
    /// The MAC of the newest digest.
    pub(crate) digest: Option<String>,
}

struct Evidence {
    digests: Digests,
    period: Duration,
    last: Instant,
}

impl Evidence {
    fn is_due(&mut self) -> bool {
        let due = self.last.elapsed() >= self.period;
        if due {
            self.last = Instant::now();
        }
        due
    }
}

struct Inner {
    files: Files,
    /// Committed records that are not in the file yet, in order.
    pending: VecDeque<(u64, AuditLine)>,
    /// The newest committed record in the file.
    appended: u64,
    /// The newest committed record that is durable in the file.
    synced: u64,
    dirty: bool,
    stop: bool,
    /// A sync failed: nothing may be claimed any more.
    dead: bool,
}

impl Journal {
    /// Opens the journal in its folder and appends the outbox's records that it lacks. Returns
    /// how many these were. If they cannot be written now, the journal opens unwritable.
    ///
    /// # Errors
    /// The folder's files cannot be opened, read or made durable.
    pub(crate) fn open(
        folder: &Path,
        outbox: Vec<OutboxRow>,
        setup: Setup,
    ) -> io::Result<(Self, usize)> {
        let Setup {
            limit,
            digest_key,
            digest_period,
            on_fatal,
        } = setup;
        let digests = Digests::open(folder, digest_key)?;
        let evidence = Mutex::new(Evidence {
            digests,
            period: digest_period,
            last: Instant::now(),
        });
        let mut files = Files::open(folder, limit)?;
        let from = outbox.iter().map(|row| row.position).min();
        let newest = outbox.last().map_or(0, |row| row.sequence);
        let records: Vec<(u64, AuditLine)> = outbox
            .into_iter()
            .map(|row| (row.sequence, AuditLine::stored(row.event_id, row.line)))
            .collect();
        let mut pending = VecDeque::new();
        if let Some(from) = from {
            pending.extend(files.missing(from, &records)?.into_iter().cloned());
        }
        let lacking = pending.len();
        files.sync()?;
        let first = pending
            .front()
            .map_or(newest + 1, |(sequence, _)| *sequence);
        let before = first.saturating_sub(1);
        let inner = Inner {
            files,
            pending,
            appended: before,
            synced: before,
            dirty: false,
            stop: false,
            dead: false,
        };
        let journal = Self {
            inner: Mutex::new(inner),
            evidence,
            wake: Condvar::new(),
            writable: AtomicBool::new(true),
            on_fatal,
        };
        {
            let mut inner = journal.lock();
            let written = journal.flush(&mut inner);
            if written.is_ok() {
                inner.files.sync()?;
                inner.dirty = false;
                inner.appended = inner.appended.max(newest);
                inner.synced = inner.appended;
            }
        }
        Ok((journal, lacking))
    }

    /// Whether records can be written. While `false`, mutations must be refused before they are
    /// decided.
    pub fn writable(&self) -> bool {
        self.writable.load(Ordering::Acquire)
    }

    /// Appends the record of a call that changed nothing (a read, a refusal), before its answer.
    /// One write to the page cache; no sync.
    ///
    /// # Errors
    /// The record is not in the file; the call must be refused.
    pub fn append(&self, line: &AuditLine) -> Result<(), JournalError> {
        let mut inner = self.lock();
        self.flush(&mut inner)?;
        self.write(&mut inner, line.written())
    }

    /// Tries whether records can be written, and writes the ones that wait.
    pub fn probe(&self) -> bool {
        let mut inner = self.lock();
        self.follow(&mut inner);
        if inner.dead {
            return false;
        }
        if let Err(error) = inner.files.probe() {
            self.mark_unwritable(&error);
            return false;
        }
        if self.flush(&mut inner).is_err() {
            return false;
        }
        self.mark_writable();
        true
    }

    /// The end of the journal: later records are not before it.
    pub(crate) fn position(&self) -> Position {
        self.lock().files.position()
    }

    /// Appends committed records. They are safe in the outbox: if they cannot be written, they
    /// wait here, and the journal is unwritable until they are.
    pub(crate) fn append_committed(&self, records: Vec<(u64, AuditLine)>) {
        let mut inner = self.lock();
        inner.pending.extend(records);
        // The failure is kept in `writable`; the caller's transaction stands.
        let _ = self.flush(&mut inner);
    }

    /// Makes the journal durable, and covers it with a digest if one is due or `all` is to be
    /// covered. `None` if that failed, and the process is ending.
    pub(crate) fn sync(&self, all: bool) -> Option<Synced> {
        // One at a time; appends go on meanwhile.
        let mut evidence = self.evidence.lock().unwrap_or_else(PoisonError::into_inner);
        let (file, position, appended, dirty) = {
            let mut inner = self.lock();
            if inner.dead {
                return None;
            }
            let dirty = std::mem::take(&mut inner.dirty);
            (
                inner.files.newest(),
                inner.files.position(),
                inner.appended,
                dirty,
            )
        };
        if let Some(file) = file {
            // A file that is rotated away from now on is synced by the rotation.
            let synced = if dirty { file.sync_data() } else { Ok(()) };
            if let Err(error) = synced {
                self.die(&mut self.lock(), error);
                return None;
            }
            if all || evidence.is_due() {
                match evidence.digests.advance(position, &file) {
                    Ok(()) => {}
                    Err(WriteError::Refused(error)) => {
                        tracing::warn!(%error, "the audit digest cannot be written");
                    }
                    Err(WriteError::NotDurable(error)) => {
                        self.die(&mut self.lock(), error);
                        return None;
                    }
                }
            }
        }
        let mut inner = self.lock();
        inner.synced = inner.synced.max(appended);
        Some(Synced {
            through: inner.synced,
            digest: evidence.digests.newest(),
        })
    }

    /// Starts the thread that each `period` syncs the journal, probes an unwritable one, and
    /// tells `on_synced` what became durable.
    pub(crate) fn start(
        self: &Arc<Self>,
        period: Duration,
        mut on_synced: impl FnMut(Synced) + Send + 'static,
    ) -> io::Result<JoinHandle<()>> {
        let journal = Arc::clone(self);
        let mut told = Synced {
            through: self.lock().synced,
            digest: None,
        };
        std::thread::Builder::new()
            .name("postern-journal".into())
            .spawn(move || {
                while journal.wait(period) {
                    journal.lock_and_follow();
                    if !journal.writable() {
                        journal.probe();
                    }
                    if let Some(synced) = journal.sync(false).filter(|synced| *synced != told) {
                        told = synced.clone();
                        on_synced(synced);
                    }
                }
            })
    }

    fn lock_and_follow(&self) {
        self.follow(&mut self.lock());
    }

    /// Begins a new file if somebody moved the newest away.
    fn follow(&self, inner: &mut Inner) {
        match inner.files.follow() {
            Ok(()) => {}
            Err(WriteError::Refused(error)) => self.mark_unwritable(&error),
            Err(WriteError::NotDurable(error)) => self.die(inner, error),
        }
    }

    /// Ends the thread of [`start`](Self::start).
    pub(crate) fn stop(&self) {
        self.lock().stop = true;
        self.wake.notify_all();
    }

    fn wait(&self, period: Duration) -> bool {
        let inner = self.lock();
        let waited = self
            .wake
            .wait_timeout_while(inner, period, |inner| !inner.stop);
        !waited.unwrap_or_else(PoisonError::into_inner).0.stop
    }

    fn flush(&self, inner: &mut Inner) -> Result<(), JournalError> {
        let Some((newest, _)) = inner.pending.back() else {
            return Ok(());
        };
        let newest = *newest;
        let mut text = Vec::new();
        for (_, line) in &inner.pending {
            text.extend_from_slice(line.written());
        }
        self.write(inner, &text)?;
        inner.pending.clear();
        inner.appended = newest;
        Ok(())
    }

    fn write(&self, inner: &mut Inner, lines: &[u8]) -> Result<(), JournalError> {
        if inner.dead {
            return Err(JournalError(None));
        }
        match inner.files.write(lines) {
            Ok(()) => {
                inner.dirty = true;
                // Only the probe ends an unwritable time: a short line may fit where the next
                // record does not.
                Ok(())
            }
            Err(WriteError::Refused(error)) => {
                self.mark_unwritable(&error);
                Err(JournalError(Some(error)))
            }
            Err(WriteError::NotDurable(error)) => {
                self.die(inner, error);
                Err(JournalError(None))
            }
        }
    }

    fn die(&self, inner: &mut Inner, error: io::Error) {
        inner.dead = true;
        self.writable.store(false, Ordering::Release);
        (self.on_fatal)(&Fatal::Journal(error));
    }

    fn mark_unwritable(&self, error: &io::Error) {
        if self.writable.swap(false, Ordering::AcqRel) {
            tracing::error!(%error, "the audit journal cannot be written: changes are refused");
        }
    }

    fn mark_writable(&self) {
        if !self.writable.swap(true, Ordering::AcqRel) {
            tracing::info!("the audit journal can be written again");
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A panic while it was held cannot leave a half-written line: `Files` counts only whole
        // ones.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
