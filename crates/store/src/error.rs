//! What can go wrong, in the words of whoever runs the server.

use std::path::PathBuf;
use std::sync::Arc;

use crate::backend::{BackendError, is_failed_write};
use crate::seal::MasterKeyError;

/// Why a store could not be opened. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A file or folder could not be made, read or locked.
    #[error("cannot {action} `{}`", path.display())]
    File {
        /// What was tried, for example `create the folder`.
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// Another process has this data folder open.
    #[error("`{}` is in use by another process", .0.display())]
    InUse(PathBuf),
    /// The database was written by a newer version.
    #[error(
        "the store has schema version {found}, and this program knows versions up to {known}: run the newer program, or restore a backup"
    )]
    NewerSchema {
        /// The version found.
        found: u64,
        /// The newest version this program knows.
        known: u64,
    },
    /// The database belongs to something else, or lost its own description.
    #[error("the database is not a complete Postern store: {0}")]
    NotAStore(String),
    /// The database is damaged as a whole.
    #[error("the store's database is damaged ({0}): restore a backup")]
    Damaged(String),
    /// The database has less than was once committed: its log rotted or went missing, or an older
    /// file was put in its place.
    #[error("the store's database lacks the last {lost} committed changes: restore what is missing, or, if an older state was restored on purpose, remove `{}`", note.display())]
    Behind {
        /// How many commits are missing.
        lost: u64,
        /// The note that says how many there were.
        note: PathBuf,
    },
    /// One document is damaged.
    #[error("the stored document `{key}` is damaged ({reason}): restore a backup")]
    CorruptDocument {
        /// `account/kind/id`.
        key: String,
        /// What is wrong.
        reason: String,
    },
    /// The master key is not the one that the store's secrets were sealed with.
    #[error(
        "the master key is not the one this store was made with: put back the original key file"
    )]
    WrongMasterKey,
    /// The master key cannot be used.
    #[error("the master key cannot be used")]
    MasterKey(#[from] MasterKeyError),
    /// Something could not be written while the database was opened; what is stored is not damaged by that.
    #[error("the disk is full, or failed, while the store's database was opened")]
    Disk(#[source] BackendError),
    /// The database refused.
    #[error("the store's database cannot be opened")]
    Backend(#[source] BackendError),
}

impl From<BackendError> for OpenError {
    fn from(error: BackendError) -> Self {
        match &error {
            BackendError::Full => Self::Disk(error),
            BackendError::Broken(source) if is_failed_write(source.as_ref()) => Self::Disk(error),
            BackendError::Busy | BackendError::Refused(_) | BackendError::Broken(_) => {
                Self::Backend(error)
            }
        }
    }
}

/// Why [`Store::commit`](crate::Store::commit) did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum CommitError<E> {
    /// The decision said no. Nothing changed.
    #[error("refused")]
    Refused(E),
    /// The decision said yes, but the store could not do it.
    #[error(transparent)]
    Failed(#[from] Failure),
}

/// Why the store could not commit what was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The audit journal cannot be written, and the commit has a record. Nothing changed.
    #[error("the audit journal cannot be written")]
    AuditUnwritable,
    /// The disk is full. Nothing changed.
    #[error("no space is left for the store")]
    StoreFull,
    /// Another program holds the database's lock. Nothing changed.
    #[error("the store's database is locked by another program")]
    Busy,
    /// The database refused the transaction. Nothing changed.
    #[error("the store's database refused the transaction")]
    Refused,
    /// The decision wanted to change a document of another account: a mistake in the program.
    /// Nothing changed.
    #[error("a transaction may change documents of one account only")]
    ForeignAccount,
    /// The decision panicked: a mistake in the program. Nothing changed.
    #[error("the decision failed")]
    DecisionPanicked,
    /// An I/O error: the transaction may or may not be in the database. The process is ending;
    /// the next one will see the truth.
    #[error("the outcome of the transaction is unknown")]
    OutcomeUnknown,
    /// The store is closed, or ended after an I/O error. Nothing changed.
    #[error("the store is closed")]
    Closed,
}

/// An error after which this process must not go on: what is durable is no longer known.
#[derive(Debug, thiserror::Error)]
pub enum Fatal {
    /// The database reported an I/O error, or damage, while it was written.
    #[error("the store's database failed; what it holds is known only after a restart")]
    Database(#[source] BackendError),
    /// The audit journal could not be made durable.
    #[error("the audit journal could not be made durable")]
    Journal(#[source] std::io::Error),
    /// The database and the memory disagree about a revision: another program wrote to it.
    #[error(
        "the revision of shard {shard} is {found}, expected {expected}: another program wrote to the database"
    )]
    Revision {
        /// Which shard.
        shard: usize,
        /// The revision that the database gave.
        found: u64,
        /// The revision that follows the snapshot's.
        expected: u64,
    },
    /// The writer panicked: a mistake in the program.
    #[error("the store's writer failed")]
    Panicked,
}

impl Fatal {
    /// The exit code of a process that ends for this reason (`EX_SOFTWARE` of sysexits.h).
    pub const EXIT_CODE: i32 = 70;
}

/// What to do about a [`Fatal`] error: [`exit`] in production; tests observe. It is called with
/// locks held, so it must not call the store or its journal.
pub type OnFatal = Arc<dyn Fn(&Fatal) + Send + Sync>;

/// Logs the error with its causes and ends the process with [`Fatal::EXIT_CODE`].
pub fn exit(fatal: &Fatal) {
    let mut chain = fatal.to_string();
    let mut cause = std::error::Error::source(fatal);
    while let Some(error) = cause {
        chain.push_str(": ");
        chain.push_str(&error.to_string());
        cause = error.source();
    }
    tracing::error!(error = %chain, exit_code = Fatal::EXIT_CODE, "the store ends the process");
    std::process::exit(Fatal::EXIT_CODE);
}
