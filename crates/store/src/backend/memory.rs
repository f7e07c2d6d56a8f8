//! A backend that keeps nothing: for tests of what stands above it, and as the model that the
//! conformance suite compares databases with.

use std::collections::BTreeMap;

use super::{Backend, BackendError, DocumentRow, EventRow, OutboxRow, SCHEMA_VERSION};
use crate::document::{Revision, Revisions, Shard};

#[derive(Clone, Default)]
struct Tables {
    meta: BTreeMap<String, String>,
    revisions: Revisions,
    documents: BTreeMap<(String, String, String), DocumentRow>,
    events: Vec<EventRow>,
    outbox: BTreeMap<u64, OutboxRow>,
}

/// Tables in memory.
pub struct MemoryBackend {
    kept: Tables,
    open: Option<Tables>,
}

impl Default for MemoryBackend {
    fn default() -> Self {
        let mut kept = Tables::default();
        kept.meta
            .insert("schema".into(), SCHEMA_VERSION.to_string());
        Self { kept, open: None }
    }
}

impl MemoryBackend {
    fn tables(&mut self) -> Result<&mut Tables, BackendError> {
        self.open
            .as_mut()
            .ok_or_else(|| BackendError::Refused("no transaction".into()))
    }

    fn seen(&self) -> &Tables {
        self.open.as_ref().unwrap_or(&self.kept)
    }
}

impl Backend for MemoryBackend {
    fn meta(&mut self, name: &str) -> Result<Option<String>, BackendError> {
        Ok(self.seen().meta.get(name).cloned())
    }

    fn check(&mut self) -> Result<Option<String>, BackendError> {
        Ok(None)
    }

    fn revisions(&mut self) -> Result<Revisions, BackendError> {
        Ok(self.seen().revisions.clone())
    }

    fn documents(
        &mut self,
        visit: &mut dyn FnMut(DocumentRow) -> bool,
    ) -> Result<(), BackendError> {
        for row in self.seen().documents.values() {
            if !visit(row.clone()) {
                break;
            }
        }
        Ok(())
    }

    fn outbox(&mut self) -> Result<Vec<OutboxRow>, BackendError> {
        Ok(self.seen().outbox.values().cloned().collect())
    }

    fn events(
        &mut self,
        shard: Shard,
        after: Revision,
        limit: u32,
    ) -> Result<Vec<EventRow>, BackendError> {
        let of_shard = self.seen().events.iter();
        let newer = of_shard.filter(|row| row.shard == shard && row.revision > after);
        Ok(newer.take(limit as usize).cloned().collect())
    }

    fn begin(&mut self) -> Result<(), BackendError> {
        if self.open.is_some() {
            return Err(BackendError::Refused(
                "a transaction within a transaction".into(),
            ));
        }
        self.open = Some(self.kept.clone());
        Ok(())
    }

    fn set_meta(&mut self, name: &str, value: &str) -> Result<(), BackendError> {
        self.tables()?.meta.insert(name.into(), value.into());
        Ok(())
    }

    fn bump(&mut self, shard: Shard, by: u32) -> Result<Revision, BackendError> {
        let tables = self.tables()?;
        let before = tables.revisions.shard(shard).number();
        let next = Revision::new(before.saturating_add(u64::from(by)));
        tables.revisions.set(shard, next);
        Ok(next)
    }

    fn put(&mut self, row: &DocumentRow) -> Result<(), BackendError> {
        let key = (row.account.clone(), row.kind.clone(), row.id.clone());
        self.tables()?.documents.insert(key, row.clone());
        Ok(())
    }

    fn delete(&mut self, account: &str, kind: &str, id: &str) -> Result<(), BackendError> {
        let key = (account.to_owned(), kind.to_owned(), id.to_owned());
        self.tables()?.documents.remove(&key);
        Ok(())
    }

    fn event(&mut self, row: &EventRow) -> Result<(), BackendError> {
        self.tables()?.events.push(row.clone());
        Ok(())
    }

    fn keep(&mut self, row: &OutboxRow) -> Result<(), BackendError> {
        let tables = self.tables()?;
        if tables.outbox.contains_key(&row.sequence) {
            return Err(BackendError::Refused(
                "a record with this number is kept".into(),
            ));
        }
        tables.outbox.insert(row.sequence, row.clone());
        Ok(())
    }

    fn trim_outbox(&mut self, through: u64) -> Result<(), BackendError> {
        self.tables()?
            .outbox
            .retain(|sequence, _| *sequence > through);
        Ok(())
    }

    fn trim_events(&mut self, shard: Shard, before: i64) -> Result<(), BackendError> {
        let events = &mut self.tables()?.events;
        let of_shard = events.iter().filter(|row| row.shard == shard);
        let old = of_shard
            .take(500)
            .filter(|row| row.at < before)
            .map(|row| row.revision)
            .max();
        if let Some(through) = old {
            events.retain(|row| row.shard != shard || row.revision > through);
        }
        Ok(())
    }

    fn commit(&mut self) -> Result<(), BackendError> {
        match self.open.take() {
            Some(tables) => {
                self.kept = tables;
                Ok(())
            }
            None => Err(BackendError::Refused("no transaction".into())),
        }
    }

    fn rollback(&mut self) -> Result<(), BackendError> {
        self.open = None;
        Ok(())
    }

    fn tidy(&mut self, _urgent: bool) -> Result<(), BackendError> {
        Ok(())
    }
}
