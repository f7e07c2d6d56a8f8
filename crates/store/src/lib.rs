//! Postern's store: documents in transactions, the newest state in memory, and the audit journal.
//!
//! **One way in.** [`Store::commit`] takes a pure function of the newest state. A single thread
//! runs these functions, one after the other, on a working state that includes the earlier ones;
//! so a check of a name, a limit or an idempotency token needs no lock. Many commits share one
//! database transaction and one sync.
//!
//! **One way out.** [`Store::snapshot`] is everything known at one moment, immutable, made of
//! persistent maps. It is replaced after the database has made the change durable and before the
//! change is acknowledged: whoever got an answer finds its effect in every later snapshot.
//!
//! **The feed.** Each account belongs to one of [`SHARDS`] revision rows. A commit first adds one
//! to its row, then writes its documents with that revision, and one event per change. Revisions
//! are gapless, so a reader of the feed can prove that it missed nothing.
//!
//! **When the disk fails.** A full disk refuses the commit and nothing else. An I/O error leaves
//! the outcome unknown, so the process ends ([`exit`]) and the next one reads what is true.
//!
//! **The journal** ([`journal`]) has a record of every call. **Secrets** are sealed ([`seal`])
//! under a key that is not in the store.
//!
//! Databases are behind [`backend::Backend`]; their shared SQL and each dialect have a module.

#![forbid(unsafe_code)]

pub mod backend;
mod document;
mod error;
mod examine;
pub mod journal;
pub mod seal;
pub mod state;
mod store;
mod writer;

pub use document::{
    Change, Commit, CorruptDocument, Document, Key, Revision, Revisions, SHARDS, Shard, Snapshot,
    State,
};
pub use error::{CommitError, Failure, Fatal, OnFatal, OpenError, exit};
pub use examine::Examination;
pub use journal::{AuditLine, AuditReport, Journal};
pub use seal::{MasterKey, Sealed};
pub use store::{Clock, Opening, Options, Store};
pub use writer::Counters;
