//! Looks at a store that nobody uses, all of it, and says everything that is wrong. [`Store::open`] ends at the first thing.

use std::path::Path;
use std::sync::Arc;

use crate::backend::{Backend, SqliteBackend};
use crate::document::{Document, Shard, State};
use crate::error::OpenError;
use crate::journal::{self, AuditReport};
use crate::seal::MasterKey;
use crate::store::{AUDIT_DIGEST, DATABASE, Store, check_key, damaged, digest_key, lock};

/// What was found in a store.
pub struct Examination<S> {
    /// Everything that could be read.
    pub state: S,
    /// How many documents that is.
    pub documents: usize,
    /// What is wrong, one sentence each. Empty: all is well.
    pub damage: Vec<String>,
    /// What was found in the audit journal; `None` where its digest could not be read.
    pub audit: Option<AuditReport>,
}

impl<S: State> Store<S> {
    /// Examines the store in this folder. It takes the folder's lock for that time, works on a copy of the database in
    /// `scratch`, which must be an empty folder, and changes nothing.
    ///
    /// # Errors
    /// The store is in use, the master key is not its, or a file cannot be read. Damage is no error.
    pub fn examine(
        folder: &Path,
        scratch: &Path,
        key: &MasterKey,
    ) -> Result<Examination<S>, OpenError> {
        let _lock = lock(folder)?;
        for name in [DATABASE, "store.db-wal", "store.head"] {
            let from = folder.join(name);
            if from.exists() {
                let copied = std::fs::copy(&from, scratch.join(name));
                copied.map_err(|source| OpenError::File {
                    action: "copy",
                    path: from,
                    source,
                })?;
            }
        }
        let mut found = Examination {
            state: S::default(),
            documents: 0,
            damage: Vec::new(),
            audit: None,
        };
        let mut backend = match SqliteBackend::open(&scratch.join(DATABASE)) {
            Ok(backend) => backend,
            Err(error) => {
                found.damage.push(sentence("the database", &error));
                return Ok(found);
            }
        };
        match check_key(&mut backend, key) {
            Ok(true) => {}
            Ok(false) => found
                .damage
                .push("the database: its key check is missing".into()),
            Err(error @ OpenError::WrongMasterKey) => return Err(error),
            Err(error) => found.damage.push(sentence("the database", &error)),
        }
        match backend.integrity() {
            Ok(damage) => {
                let lines = damage
                    .into_iter()
                    .map(|line| format!("the database: {line}"));
                found.damage.extend(lines);
            }
            Err(error) => found.damage.push(sentence("the database", &damaged(error))),
        }
        found.feed(&mut backend);
        found.documents(&mut backend);
        found.outbox(&mut backend);
        found.audit(folder, &mut backend, key)?;
        Ok(found)
    }
}

impl<S: State> Examination<S> {
    fn feed(&mut self, backend: &mut SqliteBackend) {
        match backend.check() {
            Ok(None) => {}
            Ok(Some(damage)) => self.damage.push(format!("the database: {damage}")),
            Err(error) => self.damage.push(sentence("the database", &damaged(error))),
        }
    }

    fn documents(&mut self, backend: &mut SqliteBackend) {
        let revisions = match backend.revisions() {
            Ok(revisions) => revisions,
            Err(error) => {
                self.damage.push(sentence("the revisions", &damaged(error)));
                return;
            }
        };
        let read = backend.documents(&mut |row| {
            let mut wrong = Vec::new();
            if row.sum != row.seal_sum() {
                wrong.push("its checksum does not match".to_owned());
            }
            if row.revision > revisions.shard(Shard::of(&row.account)) {
                wrong.push("it is newer than its shard".to_owned());
            }
            match S::Document::decode(&row.account, &row.kind, &row.id, &row.body) {
                Err(error) => wrong.push(error.reason),
                Ok(document) => {
                    let key = document.key();
                    if (&*key.account, key.kind, &*key.id) != (&*row.account, &*row.kind, &*row.id)
                    {
                        wrong.push("it says it is another document".to_owned());
                    }
                    self.documents += 1;
                    self.state.put(Arc::new(document), row.revision);
                }
            }
            let name = format!("{}/{}/{}", row.account, row.kind, row.id);
            let sentences = wrong
                .into_iter()
                .map(|what| format!("document {name}: {what}"));
            self.damage.extend(sentences);
            true
        });
        if let Err(error) = read {
            self.damage.push(sentence("the documents", &damaged(error)));
        }
    }

    fn outbox(&mut self, backend: &mut SqliteBackend) {
        match backend.outbox() {
            Ok(rows) => {
                let wrong = rows.iter().filter(|row| row.sum != row.seal_sum());
                let sentences = wrong.map(|row| {
                    format!("audit record {}: its checksum does not match", row.sequence)
                });
                self.damage.extend(sentences);
            }
            Err(error) => self
                .damage
                .push(sentence("the kept audit records", &damaged(error))),
        }
    }

    fn audit(
        &mut self,
        folder: &Path,
        backend: &mut SqliteBackend,
        key: &MasterKey,
    ) -> Result<(), OpenError> {
        let remembered = match backend.meta(AUDIT_DIGEST) {
            Ok(remembered) => remembered,
            Err(error) => {
                self.damage
                    .push(sentence("the newest digest", &damaged(error)));
                return Ok(());
            }
        };
        let audit = folder.join("audit");
        let digests = match digest_key(backend, key) {
            Ok(digests) => digests,
            Err(error) => {
                self.damage.push(sentence("the digests' key", &error));
                return Ok(());
            }
        };
        let report = journal::verify(&audit, &digests, remembered.as_deref());
        let report = report.map_err(|source| OpenError::File {
            action: "read",
            path: audit,
            source,
        })?;
        let sentences = report
            .damage
            .iter()
            .map(|line| format!("the audit log: {line}"));
        self.damage.extend(sentences);
        self.audit = Some(report);
        Ok(())
    }
}

/// An error with its causes.
fn sentence(what: &str, error: &OpenError) -> String {
    let mut text = format!("{what}: {error}");
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        text.push_str(&format!(": {inner}"));
        source = inner.source();
    }
    text
}
