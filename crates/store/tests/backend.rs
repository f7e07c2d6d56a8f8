//! The conformance suite: what every backend must do, whatever database is behind it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod common;

use common::Random;
use store::backend::{
    Backend, BackendError, DocumentRow, EventRow, MemoryBackend, Operation, OutboxRow,
    SqliteBackend,
};
use store::journal::Position;
use store::{Revision, Shard};

fn sqlite() -> (tempfile::TempDir, Box<dyn Backend>) {
    let folder = tempfile::tempdir().unwrap();
    let backend = SqliteBackend::open(&folder.path().join("store.db")).unwrap();
    (folder, Box::new(backend))
}

/// Runs a test of the suite on every backend.
fn on_each(test: impl Fn(&mut dyn Backend)) {
    test(&mut MemoryBackend::default());
    let (_folder, mut backend) = sqlite();
    test(backend.as_mut());
}

fn row(account: &str, kind: &str, id: &str, revision: u64, body: &str) -> DocumentRow {
    let mut row = DocumentRow {
        account: account.into(),
        kind: kind.into(),
        id: id.into(),
        revision: Revision::new(revision),
        body: body.into(),
        sum: Vec::new(),
    };
    row.sum = row.seal_sum();
    row
}

fn event(shard: Shard, revision: u64, part: u32, at: i64, operation: Operation) -> EventRow {
    let revision = Revision::new(revision);
    let (account, kind, id) = ("1".into(), "note".into(), format!("n{part}"));
    EventRow {
        shard,
        revision,
        part,
        at,
        account,
        kind,
        id,
        operation,
    }
}

fn outbox(sequence: u64, line: &str) -> OutboxRow {
    let position = Position {
        file: 2,
        offset: 40 * sequence,
    };
    let mut row = OutboxRow {
        sequence,
        event_id: format!("e{sequence}"),
        line: line.into(),
        position,
        sum: Vec::new(),
    };
    row.sum = row.seal_sum();
    row
}

fn documents(backend: &mut dyn Backend) -> Vec<DocumentRow> {
    let mut rows = Vec::new();
    backend
        .documents(&mut |row| {
            rows.push(row);
            true
        })
        .unwrap();
    rows.sort_by(|a, b| (&a.account, &a.kind, &a.id).cmp(&(&b.account, &b.kind, &b.id)));
    rows
}

#[test]
fn new_backend_is_empty_and_sound() {
    on_each(|backend| {
        assert_eq!(backend.meta("schema").unwrap().as_deref(), Some("1"));
        assert_eq!(backend.meta("nothing").unwrap(), None);
        assert_eq!(backend.check().unwrap(), None);
        let revisions = backend.revisions().unwrap();
        assert!(Shard::all().all(|shard| revisions.shard(shard) == Revision::new(0)));
        assert_eq!(documents(backend).len(), 0);
        assert_eq!(backend.outbox().unwrap(), []);
    });
}

#[test]
fn rolled_back_transaction_leaves_nothing() {
    on_each(|backend| {
        let shard = Shard::of("1");
        backend.begin().unwrap();
        backend.set_meta("fact", "x").unwrap();
        assert_eq!(backend.bump(shard, 1).unwrap(), Revision::new(1));
        backend.put(&row("1", "note", "a", 1, "{}")).unwrap();
        backend
            .event(&event(shard, 1, 0, 5, Operation::Put))
            .unwrap();
        backend.keep(&outbox(1, "{}")).unwrap();
        backend.rollback().unwrap();
        backend.rollback().unwrap();
        assert_eq!(backend.meta("fact").unwrap(), None);
        assert_eq!(backend.revisions().unwrap().shard(shard), Revision::new(0));
        assert_eq!(documents(backend), []);
        assert_eq!(backend.events(shard, Revision::new(0), 10).unwrap(), []);
        assert_eq!(backend.outbox().unwrap(), []);
        backend.begin().unwrap();
        assert_eq!(backend.bump(shard, 1).unwrap(), Revision::new(1));
        backend.commit().unwrap();
        assert_eq!(backend.revisions().unwrap().shard(shard), Revision::new(1));
    });
}

#[test]
fn any_text_comes_back_as_it_was() {
    on_each(|backend| {
        let texts = [
            "",
            "'; DROP TABLE document; --",
            "ü€𝄞",
            "a\nb\r\t",
            "\"\\",
            "$1 ?1 :x @y",
        ];
        backend.begin().unwrap();
        let mut rows = Vec::new();
        for (number, text) in texts.into_iter().enumerate() {
            let row = row(text, &format!("k{number}"), text, 1, text);
            backend.put(&row).unwrap();
            rows.push(row);
            backend.keep(&outbox(number as u64 + 1, text)).unwrap();
            backend.set_meta(&format!("m{number}"), text).unwrap();
        }
        backend.commit().unwrap();
        rows.sort_by(|a, b| a.account.cmp(&b.account));
        assert_eq!(documents(backend), rows);
        for (number, text) in texts.into_iter().enumerate() {
            assert_eq!(backend.outbox().unwrap()[number].line, text);
            assert_eq!(
                backend.meta(&format!("m{number}")).unwrap().as_deref(),
                Some(text)
            );
        }
    });
}

#[test]
fn feed_is_read_in_order_from_any_place_and_in_pieces() {
    on_each(|backend| {
        let (shard, other) = (Shard::of("1"), Shard::of("2"));
        backend.begin().unwrap();
        for revision in 1..=5 {
            backend.bump(shard, 1).unwrap();
            backend
                .event(&event(shard, revision, 0, 9, Operation::Put))
                .unwrap();
            backend
                .event(&event(shard, revision, 1, 9, Operation::Delete))
                .unwrap();
        }
        backend.bump(other, 1).unwrap();
        backend
            .event(&event(other, 1, 0, 9, Operation::Put))
            .unwrap();
        backend.commit().unwrap();
        let all = backend.events(shard, Revision::new(0), 100).unwrap();
        let places: Vec<_> = all.iter().map(|e| (e.revision.number(), e.part)).collect();
        let expected: Vec<_> = (1..=5).flat_map(|r| [(r, 0), (r, 1)]).collect();
        assert_eq!(places, expected);
        assert_eq!(all[1], event(shard, 1, 1, 9, Operation::Delete));
        assert_eq!(
            backend.events(shard, Revision::new(3), 100).unwrap(),
            all[6..]
        );
        assert_eq!(
            backend.events(shard, Revision::new(3), 3).unwrap(),
            all[6..9]
        );
        assert_eq!(backend.events(shard, Revision::new(5), 3).unwrap(), []);
        assert_eq!(backend.check().unwrap(), None);
    });
}

#[test]
fn old_events_go_and_young_ones_stay() {
    on_each(|backend| {
        let (shard, other) = (Shard::of("1"), Shard::of("2"));
        backend.begin().unwrap();
        for revision in 1..=900_u64 {
            backend
                .event(&event(shard, revision, 0, revision as i64, Operation::Put))
                .unwrap();
            backend
                .event(&event(other, revision, 0, revision as i64, Operation::Put))
                .unwrap();
        }
        backend.trim_events(shard, 101).unwrap();
        backend.commit().unwrap();
        let first = |backend: &mut dyn Backend, shard| {
            backend.events(shard, Revision::new(0), 1).unwrap()[0]
                .revision
                .number()
        };
        assert_eq!((first(backend, shard), first(backend, other)), (101, 1));
        // A bounded piece at a time.
        backend.begin().unwrap();
        backend.trim_events(shard, 10_000).unwrap();
        backend.commit().unwrap();
        assert_eq!(first(backend, shard), 601);
        backend.begin().unwrap();
        backend.trim_events(shard, 0).unwrap();
        backend.commit().unwrap();
        assert_eq!(first(backend, shard), 601);
    });
}

#[test]
fn outbox_is_trimmed_up_to_and_including() {
    on_each(|backend| {
        backend.begin().unwrap();
        for sequence in 1..=5 {
            backend.keep(&outbox(sequence, "{}")).unwrap();
        }
        backend.commit().unwrap();
        backend.begin().unwrap();
        backend.trim_outbox(3).unwrap();
        backend.commit().unwrap();
        assert_eq!(
            backend.outbox().unwrap(),
            [outbox(4, "{}"), outbox(5, "{}")]
        );
        backend.begin().unwrap();
        assert!(matches!(
            backend.keep(&outbox(5, "{}")),
            Err(BackendError::Refused(_))
        ));
        backend.rollback().unwrap();
    });
}

/// Random transactions, some rolled back, on a database and on the model: always the same.
#[test]
fn database_and_model_agree_after_random_transactions() {
    let mut random = Random::seeded();
    let (folder, mut database) = sqlite();
    let mut model: Box<dyn Backend> = Box::new(MemoryBackend::default());
    let (mut operations, mut sequence) = (0, 0);
    for _ in 0..300 {
        database.begin().unwrap();
        model.begin().unwrap();
        for _ in 0..random.below(6) {
            let account = random.below(5).to_string();
            let id = random.below(8).to_string();
            let shard = Shard::of(&account);
            let by = random.below(3) as u32 + 1;
            let revision = database.bump(shard, by).unwrap();
            assert_eq!(model.bump(shard, by).unwrap(), revision);
            let number = revision.number();
            let operation = if random.below(3) == 0 {
                Operation::Delete
            } else {
                Operation::Put
            };
            let body = format!("{{\"n\":{}}}", random.below(1000));
            let document = row(&account, "note", &id, number, &body);
            let feed = event(shard, number, 0, number as i64, operation);
            sequence += 1;
            let record = outbox(sequence, &body);
            let trim = random.below(10);
            for backend in [&mut database, &mut model] {
                match operation {
                    Operation::Put => backend.put(&document).unwrap(),
                    Operation::Delete => backend.delete(&account, "note", &id).unwrap(),
                }
                backend.event(&feed).unwrap();
                backend.keep(&record).unwrap();
                if trim == 0 {
                    backend
                        .trim_outbox(u64::saturating_sub(sequence, 2))
                        .unwrap();
                    backend.trim_events(shard, number as i64 / 2).unwrap();
                }
            }
            operations += 1;
        }
        let keep = random.below(4) != 0;
        for backend in [&mut database, &mut model] {
            if keep {
                backend.commit().unwrap()
            } else {
                backend.rollback().unwrap()
            }
            backend.tidy(!keep).unwrap();
        }
        assert_eq!(documents(database.as_mut()), documents(model.as_mut()));
        assert_eq!(database.outbox().unwrap(), model.outbox().unwrap());
        assert_eq!(database.revisions().unwrap(), model.revisions().unwrap());
    }
    drop(database);
    let mut database = SqliteBackend::open(&folder.path().join("store.db")).unwrap();
    assert_eq!(documents(&mut database), documents(model.as_mut()));
    assert_eq!(database.outbox().unwrap(), model.outbox().unwrap());
    assert_eq!(database.check().unwrap(), None);
    for shard in Shard::all() {
        let start = Revision::new(0);
        assert_eq!(
            database.events(shard, start, 10_000).unwrap(),
            model.events(shard, start, 10_000).unwrap()
        );
    }
    println!("{operations} operations in 300 transactions");
    assert!(operations > 400);
}
