//! The commonest changes.

use api::wire::iam as wire;
use store::state::Record;
use store::{Change, Document};

use crate::call::Decided;

/// Puts one record and answers nothing.
pub(super) fn put(record: Record) -> Decided<wire::Nothing> {
    Decided {
        changes: vec![Change::put(record)],
        output: wire::Nothing,
    }
}

/// Deletes one record and answers nothing.
pub(super) fn delete(record: &Record) -> Decided<wire::Nothing> {
    Decided {
        changes: vec![Change::Delete(record.key())],
        output: wire::Nothing,
    }
}

/// Puts a record that may have another key than before: the old one goes.
pub(super) fn replace(before: &Record, after: Record) -> Vec<Change<Record>> {
    let (old, new) = (before.key(), after.key());
    let mut changes = Vec::with_capacity(2);
    if old != new {
        changes.push(Change::Delete(old));
    }
    changes.push(Change::put(after));
    changes
}
