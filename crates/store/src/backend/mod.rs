//! What the store asks of a database: few enough verbs that SQLite and PostgreSQL mean the same.

pub(crate) use file::{sync_folder, sync_parent};

mod beside;
mod file;
mod head;
mod memory;
mod sql;
mod sqlite;

use ring::digest::{Context, SHA256};

use crate::document::{Revision, Revisions, Shard};
use crate::journal::Position;

pub use memory::MemoryBackend;
pub use sqlite::SqliteBackend;
pub(crate) use sqlite::{is_failed_write, is_shut_out};

/// The schema version that this program writes, and the newest it reads.
pub const SCHEMA_VERSION: u64 = 1;

/// A database. Every method but the readers' is called between [`begin`](Self::begin) and
/// [`commit`](Self::commit) or [`rollback`](Self::rollback), by one thread.
pub trait Backend: Send {
    /// Reads an entry of the small table of facts about the store.
    ///
    /// # Errors
    /// The database cannot be read.
    fn meta(&mut self, name: &str) -> Result<Option<String>, BackendError>;

    /// Checks the database's own structure; `Some` says what is wrong.
    ///
    /// # Errors
    /// The database cannot be read.
    fn check(&mut self) -> Result<Option<String>, BackendError>;

    /// Reads all revisions.
    ///
    /// # Errors
    /// The database cannot be read, or a row is missing.
    fn revisions(&mut self) -> Result<Revisions, BackendError>;

    /// Hands every document to `visit`, until it says to stop (`false`).
    ///
    /// # Errors
    /// The database cannot be read.
    fn documents(&mut self, visit: &mut dyn FnMut(DocumentRow) -> bool)
    -> Result<(), BackendError>;

    /// Reads the records that may not yet be durable in the journal, oldest first.
    ///
    /// # Errors
    /// The database cannot be read.
    fn outbox(&mut self) -> Result<Vec<OutboxRow>, BackendError>;

    /// Reads up to `limit` events of a shard that follow `after`, in order.
    ///
    /// # Errors
    /// The database cannot be read.
    fn events(
        &mut self,
        shard: Shard,
        after: Revision,
        limit: u32,
    ) -> Result<Vec<EventRow>, BackendError>;

    /// Begins a transaction.
    ///
    /// # Errors
    /// See [`BackendError`]; the same for all that follow.
    fn begin(&mut self) -> Result<(), BackendError>;

    /// Sets an entry of the table of facts.
    fn set_meta(&mut self, name: &str, value: &str) -> Result<(), BackendError>;

    /// Adds to the shard's revision, and returns the new one. On PostgreSQL this also makes other
    /// writers of the shard wait.
    fn bump(&mut self, shard: Shard, by: u32) -> Result<Revision, BackendError>;

    /// Adds or replaces a document.
    fn put(&mut self, row: &DocumentRow) -> Result<(), BackendError>;

    /// Removes a document; it is no error if there is none.
    fn delete(&mut self, account: &str, kind: &str, id: &str) -> Result<(), BackendError>;

    /// Adds an event to the feed.
    fn event(&mut self, row: &EventRow) -> Result<(), BackendError>;

    /// Keeps an audit record until the journal has it.
    fn keep(&mut self, row: &OutboxRow) -> Result<(), BackendError>;

    /// Forgets the audit records up to and including `through`.
    fn trim_outbox(&mut self, through: u64) -> Result<(), BackendError>;

    /// Forgets up to some hundreds of the shard's oldest events that are older than `before`
    /// (seconds since 1970).
    fn trim_events(&mut self, shard: Shard, before: i64) -> Result<(), BackendError>;

    /// Commits. When it returns, the transaction survives a power cut.
    fn commit(&mut self) -> Result<(), BackendError>;

    /// Undoes the transaction; no error if there is none.
    fn rollback(&mut self) -> Result<(), BackendError>;

    /// Does the database's own housekeeping, if there is enough to do or it is urgent because
    /// space is short. Called outside of transactions, when nobody waits for an answer.
    fn tidy(&mut self, urgent: bool) -> Result<(), BackendError>;
}

/// Why the database did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum BackendError {
    /// No space. The transaction can be rolled back, and later ones may succeed.
    #[error("no space is left")]
    Full,
    /// Somebody else holds a lock. The transaction can be rolled back and tried again.
    #[error("the database is locked")]
    Busy,
    /// The statement failed and the database is sound.
    #[error("the database refused the statement")]
    Refused(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// An I/O error or damage: what is durable is unknown.
    #[error("the database failed")]
    Broken(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A document as the database holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentRow {
    /// Its account.
    pub account: String,
    /// Its kind.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// The revision of its account's shard when it was last written.
    pub revision: Revision,
    /// The JSON text.
    pub body: String,
    /// See [`seal_sum`](Self::seal_sum).
    pub sum: Vec<u8>,
}

impl DocumentRow {
    /// Computes the row's checksum, which finds rotten bits and rows moved by hand: 16 bytes of
    /// SHA-256 over every other column. No secret is in it: it is no defence against forgery.
    #[must_use]
    pub fn seal_sum(&self) -> Vec<u8> {
        let revision = self.revision.number().to_be_bytes();
        checksum(&[
            self.account.as_bytes(),
            self.kind.as_bytes(),
            self.id.as_bytes(),
            &revision,
            self.body.as_bytes(),
        ])
    }
}

/// An event of the feed: a document that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// The shard.
    pub shard: Shard,
    /// The shard's revision.
    pub revision: Revision,
    /// Counts the events of this revision, from 0.
    pub part: u32,
    /// When, in seconds since 1970. Only for trimming.
    pub at: i64,
    /// The document's account.
    pub account: String,
    /// The document's kind.
    pub kind: String,
    /// The document's id.
    pub id: String,
    /// What happened to it.
    pub operation: Operation,
}

/// What happened to a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// It was added or replaced.
    Put,
    /// It was removed.
    Delete,
}

/// An audit record that is in the database and perhaps not yet durable in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxRow {
    /// Its place in the order of commits.
    pub sequence: u64,
    /// The record's `eventID`.
    pub event_id: String,
    /// The record's line, without its end.
    pub line: String,
    /// Where the journal's end was when the record was made: the line is not before it.
    pub position: Position,
    /// See [`seal_sum`](Self::seal_sum).
    pub sum: Vec<u8>,
}

impl OutboxRow {
    /// Computes the row's checksum, like [`DocumentRow::seal_sum`].
    #[must_use]
    pub fn seal_sum(&self) -> Vec<u8> {
        checksum(&[self.event_id.as_bytes(), self.line.as_bytes()])
    }
}

fn checksum(parts: &[&[u8]]) -> Vec<u8> {
    let mut hash = Context::new(&SHA256);
    for part in parts {
        // Lengths first, so that moving a byte from one column to the next is seen.
        hash.update(&(part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finish().as_ref().iter().take(16).copied().collect()
}
