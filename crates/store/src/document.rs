//! Documents, their keys and revisions, and the state that is built from them.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::journal::AuditLine;

/// How many revision rows there are. Accounts are spread over them by a stable hash; changing
/// this number needs a new schema version.
pub const SHARDS: usize = 64;

/// Names one document: whose it is, what it is, and which one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The account that owns the document; the unit of ordering and of partitioning.
    pub account: String,
    /// What the document is, for example `broker`. One word per kind, never reused.
    pub kind: &'static str,
    /// The document's id within its account and kind.
    pub id: String,
}

impl Key {
    /// Makes a key.
    pub fn new(account: impl Into<String>, kind: &'static str, id: impl Into<String>) -> Self {
        Self {
            account: account.into(),
            kind,
            id: id.into(),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.account, self.kind, self.id)
    }
}

/// A record as it is stored: a key and a JSON text.
pub trait Document: Clone + Send + Sync + 'static {
    /// The document's key. It must not change during the document's life.
    fn key(&self) -> Key;

    /// The document as JSON. What `decode` makes of it must equal the document.
    fn encode(&self) -> String;

    /// Reads a stored document back. The result's [`key`](Self::key) must be the one given; the
    /// store checks it.
    ///
    /// # Errors
    /// The text is not a document of this kind, or the kind is unknown.
    fn decode(account: &str, kind: &str, id: &str, json: &str) -> Result<Self, CorruptDocument>;
}

/// Says why a stored text is not the document it should be. Never contains the text itself.
#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
pub struct CorruptDocument {
    /// What is wrong, in one line.
    pub reason: String,
}

impl CorruptDocument {
    /// Makes the error from a reason.
    pub fn new(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
        }
    }
}

impl From<serde_json::Error> for CorruptDocument {
    fn from(error: serde_json::Error) -> Self {
        // Category and place only: serde's full text may quote the document's content.
        Self {
            reason: format!(
                "not the expected JSON (line {}, column {})",
                error.line(),
                error.column()
            ),
        }
    }
}

/// All documents, indexed as the readers need them.
///
/// A clone must be cheap (persistent maps): one is made for every batch of commits.
pub trait State: Clone + Default + Send + Sync + 'static {
    /// The documents that the state is made of.
    type Document: Document;

    /// Adds the document, or replaces the one with the same key.
    fn put(&mut self, document: Arc<Self::Document>, revision: Revision);

    /// Removes the document with this key, if there is one.
    fn remove(&mut self, key: &Key, revision: Revision);
}

/// Counts the changes of one shard, gapless from 1; 0 is "never changed".
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Revision(u64);

impl Revision {
    /// The revision with this number.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }

    /// The revision that follows.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One of the [`SHARDS`] revision rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Shard(u8);

impl Shard {
    /// The shard of an account: the first byte of its SHA-256, modulo [`SHARDS`]. Stable over
    /// versions and replicas.
    #[must_use]
    pub fn of(account: &str) -> Self {
        let digest = Sha256::digest(account.as_bytes());
        let first = digest.first().copied().unwrap_or_default();
        Self(first % SHARDS as u8)
    }

    /// The shard with this number, if there is one.
    #[must_use]
    pub fn new(number: usize) -> Option<Self> {
        (number < SHARDS).then_some(Self(number as u8))
    }

    /// All shards in order.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..SHARDS as u8).map(Self)
    }

    /// The shard's number, from 0.
    #[must_use]
    pub const fn number(self) -> usize {
        self.0 as usize
    }
}

/// The revision of every shard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revisions([Revision; SHARDS]);

impl Default for Revisions {
    fn default() -> Self {
        Self([Revision::default(); SHARDS])
    }
}

impl Revisions {
    /// The revision of one shard.
    #[must_use]
    pub fn shard(&self, shard: Shard) -> Revision {
        self.0.get(shard.number()).copied().unwrap_or_default()
    }

    /// The revision of the account's shard. It moves with every change of the account, and may
    /// move with a change of another account.
    #[must_use]
    pub fn account(&self, account: &str) -> Revision {
        self.shard(Shard::of(account))
    }

    /// The sum of all revisions: how many commits changed something, ever.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0
            .iter()
            .map(|revision| revision.number())
            .fold(0, u64::saturating_add)
    }

    /// Sets the revision of one shard.
    pub fn set(&mut self, shard: Shard, revision: Revision) {
        if let Some(slot) = self.0.get_mut(shard.number()) {
            *slot = revision;
        }
    }
}

/// Everything known at one moment. Never changes; a newer one replaces it.
#[derive(Clone, Debug)]
pub struct Snapshot<S> {
    /// All documents.
    pub state: S,
    /// How far each shard had come.
    pub revisions: Revisions,
    /// Counts the snapshots published since the store was opened.
    pub sequence: u64,
}

impl<S> Snapshot<S> {
    /// The revision of the account's shard in this snapshot: what a permit remembers.
    #[must_use]
    pub fn revision(&self, account: &str) -> Revision {
        self.revisions.account(account)
    }
}

/// One change of one document.
#[derive(Clone, Debug)]
pub enum Change<D> {
    /// Add the document, or replace the one with its key.
    Put(Arc<D>),
    /// Remove the document with this key.
    Delete(Key),
}

impl<D: Document> Change<D> {
    /// Adds or replaces a document.
    pub fn put(document: D) -> Self {
        Self::Put(Arc::new(document))
    }

    /// The key of the document that changes.
    pub fn key(&self) -> Key {
        match self {
            Self::Put(document) => document.key(),
            Self::Delete(key) => key.clone(),
        }
    }
}

/// What one transaction does, and what its caller gets back: all of it or nothing.
#[derive(Debug)]
pub struct Commit<D, T> {
    /// The changes, all of documents of one account.
    pub changes: Vec<Change<D>>,
    /// The audit record, kept in the same transaction.
    pub record: Option<AuditLine>,
    /// The caller's result.
    pub value: T,
}

impl<D, T> Commit<D, T> {
    /// Changes nothing, records nothing: the caller already has what it asked for.
    pub fn unchanged(value: T) -> Self {
        Self {
            changes: Vec::new(),
            record: None,
            value,
        }
    }
}
