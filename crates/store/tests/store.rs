//! The store through its own doors: commits, batches, snapshots, opening.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod common;

use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::Ordering;
use std::sync::mpsc;

use rustix::process::{PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open};

use tokio::sync::broadcast::error::RecvError;

use common::{Fatals, NOTE, Note, Notes, TOKEN, key, note, open, options, put, record};
use store::{
    Change, Commit, CommitError, Failure, Key, MasterKey, OpenError, Revision, Shard, Store,
};

#[tokio::test]
async fn committed_note_is_in_every_later_snapshot_and_after_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let before = store.snapshot();
    put(&store, "1", "a", "one", "e1").await;
    assert_eq!(before.state.text("1", "a"), None);
    assert_eq!(
        store.snapshot().state.text("1", "a").as_deref(),
        Some("one")
    );
    assert_eq!(store.snapshot().revision("1"), Revision::new(1));
    put(&store, "1", "a", "two", "e2").await;
    let delete: Result<(), CommitError<()>> = store
        .commit("1", |_, revision| {
            assert_eq!(revision, Revision::new(2));
            let changes = vec![
                Change::put(note("1", "b", "three")),
                Change::Delete(Key::new("1", NOTE, "a")),
            ];
            Ok(Commit {
                changes,
                record: Some(record("e3")),
                value: (),
            })
        })
        .await;
    delete.unwrap();
    let seen = store.snapshot().state.texts();
    assert_eq!(seen.len(), 1);
    drop(store);
    let store = open(folder.path());
    assert_eq!(store.snapshot().state.texts(), seen);
    assert_eq!(store.snapshot().revision("1"), Revision::new(3));
    assert_eq!(store.opening().documents, 1);
    assert_eq!(store.opening().recovered_records, 0);
    assert_eq!(common::journal_ids(folder.path()), ["e1", "e2", "e3"]);
}

#[tokio::test]
async fn refusal_and_empty_commit_write_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let refused: Result<(), CommitError<&str>> = store.commit("1", |_, _| Err("no")).await;
    assert!(matches!(refused, Err(CommitError::Refused("no"))));
    let empty: Result<u8, CommitError<()>> =
        store.commit("1", |_, _| Ok(Commit::unchanged(5))).await;
    assert_eq!(empty.unwrap(), 5);
    assert_eq!(store.counters().transactions.load(Ordering::Relaxed), 0);
    assert_eq!(store.snapshot().sequence, 0);
    // A record alone is written, and moves no revision.
    let recorded: Result<(), CommitError<()>> = store
        .commit("1", |_, _| {
            Ok(Commit {
                changes: vec![],
                record: Some(record("only")),
                value: (),
            })
        })
        .await;
    recorded.unwrap();
    assert_eq!(store.snapshot().revision("1"), Revision::new(0));
    assert_eq!(common::journal_ids(folder.path()), ["only"]);
}

#[tokio::test]
async fn mistakes_of_a_decision_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let foreign: Result<(), CommitError<()>> = store
        .commit("1", |_, _| {
            let changes = vec![
                Change::put(note("1", "a", "")),
                Change::put(note("2", "a", "")),
            ];
            Ok(Commit {
                changes,
                record: None,
                value: (),
            })
        })
        .await;
    assert!(matches!(
        foreign,
        Err(CommitError::Failed(Failure::ForeignAccount))
    ));
    let panicked: Result<(), CommitError<()>> =
        store.commit("1", |_, _| panic!("on purpose")).await;
    assert!(matches!(
        panicked,
        Err(CommitError::Failed(Failure::DecisionPanicked))
    ));
    assert_eq!(store.snapshot().state.texts().len(), 0);
    put(&store, "1", "a", "still works", "e").await;
}

/// Holds the writer within a decision, so that what is queued meanwhile becomes one batch.
fn hold(store: &Store<Notes>) -> (mpsc::Sender<()>, tokio::task::JoinHandle<()>) {
    let (go, wait) = mpsc::channel();
    let (entered, inside) = mpsc::channel();
    let held = store.clone();
    let task = tokio::spawn(async move {
        let done: Result<(), CommitError<()>> = held
            .commit("held", move |_, _| {
                entered.send(()).unwrap();
                wait.recv().unwrap();
                Ok(Commit::unchanged(()))
            })
            .await;
        done.unwrap();
    });
    tokio::task::block_in_place(|| inside.recv().unwrap());
    (go, task)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn waiting_commits_share_one_transaction_and_see_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let (go, held) = hold(&store);
    let mut news = store.changes();
    let mut tasks = Vec::new();
    for number in 0..100 {
        // Polled once here, so that they are queued in this order.
        let commit = store.commit("1", move |state: &Notes, _| {
            let count: u32 = state
                .text("1", "count")
                .map_or(0, |text| text.parse().unwrap());
            let document = note("1", "count", &(count + 1).to_string());
            let line = record(&format!("e{number}"));
            Ok::<_, ()>(Commit {
                changes: vec![Change::put(document)],
                record: Some(line),
                value: count + 1,
            })
        });
        let mut commit = Box::pin(commit);
        assert!(futures_poll(&mut commit).await.is_none());
        tasks.push(commit);
    }
    go.send(()).unwrap();
    held.await.unwrap();
    for (number, task) in tasks.into_iter().enumerate() {
        assert_eq!(task.await.unwrap(), number as u32 + 1);
    }
    assert_eq!(store.counters().transactions.load(Ordering::Relaxed), 1);
    assert_eq!(store.counters().commits.load(Ordering::Relaxed), 100);
    assert_eq!(store.snapshot().revision("1"), Revision::new(100));
    assert_eq!(store.snapshot().sequence, 1);
    news.changed().await.unwrap();
    assert_eq!(*news.borrow(), 1);
    store.close();
    assert_eq!(common::journal_ids(folder.path()).len(), 100);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn documents_that_changed_are_told_after_they_can_be_seen() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let mut touched = store.touched();
    put(&store, "1", "a", "first", "e1").await;
    assert_eq!(*touched.recv().await.unwrap(), [Key::new("1", NOTE, "a")]);
    assert_eq!(
        store.snapshot().state.text("1", "a"),
        Some("first".to_owned())
    );
    let removed: Result<(), CommitError<()>> = store
        .commit("1", |_, _| {
            Ok(Commit {
                changes: vec![
                    Change::put(note("1", "b", "second")),
                    Change::Delete(Key::new("1", NOTE, "a")),
                ],
                record: None,
                value: (),
            })
        })
        .await;
    removed.unwrap();
    assert_eq!(
        *touched.recv().await.unwrap(),
        [Key::new("1", NOTE, "b"), Key::new("1", NOTE, "a")]
    );
    for number in 0..200 {
        put(
            &store,
            "1",
            &format!("n{number}"),
            "many",
            &format!("m{number}"),
        )
        .await;
    }
    // Whoever fell behind is told so, and then what is left.
    let missed = touched.recv().await.unwrap_err();
    assert!(matches!(missed, RecvError::Lagged(72)), "{missed}");
    assert_eq!(*touched.recv().await.unwrap(), [Key::new("1", NOTE, "n72")]);
    drop(touched);
    // Nobody hears it.
    put(&store, "1", "a", "third", "e3").await;
    store.close();
    let ended = store.touched().recv().await.unwrap_err();
    assert!(matches!(ended, RecvError::Closed), "{ended}");
}

/// Polls a future once; `None` while it is not ready.
async fn futures_poll<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    std::future::poll_fn(|context| {
        std::task::Poll::Ready(match std::pin::Pin::new(&mut *future).poll(context) {
            std::task::Poll::Ready(output) => Some(output),
            std::task::Poll::Pending => None,
        })
    })
    .await
}

/// The way operations use `creatorRequestId`: the token is a document of the same commit.
async fn create_once(store: &Store<Notes>, token: &str, id: &str) -> String {
    let (token, id) = (token.to_owned(), id.to_owned());
    let made: Result<String, CommitError<()>> = store
        .commit("1", move |state: &Notes, _| {
            if let Some((found, _)) = state.all.get(&Key::new("1", TOKEN, &*token)) {
                return Ok(Commit::unchanged(found.text.clone()));
            }
            let kept = Note {
                account: "1".into(),
                kind: TOKEN,
                id: token.clone(),
                text: id.clone(),
            };
            let changes = vec![Change::put(note("1", &id, "made")), Change::put(kept)];
            Ok(Commit {
                changes,
                record: Some(record(&id)),
                value: id.clone(),
            })
        })
        .await;
    made.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn retry_with_the_same_token_makes_nothing_new_in_the_same_batch_and_after_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let (go, held) = hold(&store);
    let first = tokio::spawn({
        let store = store.clone();
        async move { create_once(&store, "token", "b-1").await }
    });
    let second = tokio::spawn({
        let store = store.clone();
        async move { create_once(&store, "token", "b-2").await }
    });
    go.send(()).unwrap();
    held.await.unwrap();
    let (first, second) = (first.await.unwrap(), second.await.unwrap());
    assert_eq!(first, second);
    drop(store);
    let store = open(folder.path());
    assert_eq!(create_once(&store, "token", "b-3").await, first);
    assert_eq!(store.snapshot().state.all.len(), 2);
    assert_eq!(common::journal_ids(folder.path()), [first]);
}

#[tokio::test]
async fn store_whose_last_clone_is_in_a_decision_closes() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let (go, wait) = mpsc::channel::<()>();
    let (ended, end) = mpsc::channel::<()>();
    let own = store.clone();
    let mut commit = Box::pin(async move {
        let held = own.clone();
        let _: Result<(), CommitError<()>> = own
            .commit("1", move |_, _| {
                let _ = (&held, &ended);
                wait.recv().unwrap();
                Ok(Commit::unchanged(()))
            })
            .await;
    });
    assert!(futures_poll(&mut commit).await.is_none());
    drop(commit);
    drop(store);
    go.send(()).unwrap();
    // The decision, and the store with it, are dropped by the writer, which does not wait for
    // itself.
    assert!(
        end.recv_timeout(std::time::Duration::from_secs(20))
            .is_err()
    );
}

#[tokio::test]
async fn second_opener_is_refused_until_the_first_closes() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let fatals = Fatals::default();
    let second = Store::<Notes>::open(folder.path(), options(&key(), &fatals));
    let error = second.err().unwrap();
    assert!(matches!(error, OpenError::InUse(_)), "{error}");
    assert!(error.to_string().contains("is in use by another process"));
    drop(store);
    open(folder.path());
}

#[tokio::test]
async fn wrong_master_key_is_refused_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    put(&store, "1", "a", "one", "e1").await;
    drop(store);
    let before = std::fs::read(folder.path().join("store.db")).unwrap();
    let fatals = Fatals::default();
    let wrong = MasterKey::from_bytes([8; 32]);
    let refused = Store::<Notes>::open(folder.path(), options(&wrong, &fatals));
    assert!(matches!(refused.err().unwrap(), OpenError::WrongMasterKey));
    assert_eq!(
        std::fs::read(folder.path().join("store.db")).unwrap(),
        before
    );
    assert_eq!(
        open(folder.path())
            .snapshot()
            .state
            .text("1", "a")
            .as_deref(),
        Some("one")
    );
}

fn sqlite(folder: &std::path::Path) -> rusqlite::Connection {
    rusqlite::Connection::open(folder.join("store.db")).unwrap()
}

#[tokio::test]
async fn newer_schema_and_foreign_databases_are_refused_unchanged() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()));
    sqlite(folder.path())
        .execute("UPDATE meta SET value = '2' WHERE name = 'schema'", [])
        .unwrap();
    let fatals = Fatals::default();
    let before = std::fs::read(folder.path().join("store.db")).unwrap();
    let refused = Store::<Notes>::open(folder.path(), options(&key(), &fatals))
        .err()
        .unwrap();
    assert!(
        matches!(refused, OpenError::NewerSchema { found: 2, known: 1 }),
        "{refused}"
    );
    assert_eq!(
        std::fs::read(folder.path().join("store.db")).unwrap(),
        before
    );

    let folder = tempfile::tempdir().unwrap();
    sqlite(folder.path())
        .execute("CREATE TABLE recipes (name TEXT)", [])
        .unwrap();
    let refused = Store::<Notes>::open(folder.path(), options(&key(), &fatals))
        .err()
        .unwrap();
    assert!(matches!(refused, OpenError::NotAStore(_)), "{refused}");

    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("store.db"),
        "not a database at all".repeat(400),
    )
    .unwrap();
    let refused = Store::<Notes>::open(folder.path(), options(&key(), &fatals))
        .err()
        .unwrap();
    assert!(matches!(refused, OpenError::Damaged(_)), "{refused}");
}

#[tokio::test]
async fn damaged_document_is_named() {
    let cases = [
        (
            "UPDATE document SET body = '{\"text\":\"other\"}' WHERE id = 'a'",
            "checksum",
        ),
        ("UPDATE document SET rev = 1 WHERE id = 'a'", "checksum"),
        (
            "UPDATE document SET account = '2' WHERE id = 'a'",
            "checksum",
        ),
        ("UPDATE shard SET rev = 3 WHERE rev = 2", "feed"),
        ("DELETE FROM shard WHERE rev = 2", "63 of 64"),
        ("UPDATE document SET body = 7 WHERE id = 'a'", ""),
    ];
    for (change, word) in cases {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path());
        put(&store, "1", "b", "one", "e1").await;
        put(&store, "1", "a", "two", "e2").await;
        drop(store);
        assert_eq!(sqlite(folder.path()).execute(change, []).unwrap(), 1);
        let fatals = Fatals::default();
        let refused = Store::<Notes>::open(folder.path(), options(&key(), &fatals))
            .err()
            .unwrap();
        let text = refused.to_string();
        assert!(
            text.contains("damaged") && text.contains(word),
            "{change}: {text}"
        );
    }
}

#[tokio::test]
async fn files_are_for_their_owner_only() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("data");
    let store = open(&folder);
    put(&store, "1", "a", "one", "e1").await;
    let mode = |name: &str| {
        std::fs::metadata(folder.join(name))
            .unwrap()
            .permissions()
            .mode()
            & 0o777
    };
    for file in [
        "store.db",
        "store.db-wal",
        "store.lock",
        "audit/audit.jsonl",
    ] {
        assert_eq!(mode(file), 0o600, "{file}");
    }
    assert_eq!((mode(""), mode("audit")), (0o700, 0o700));
}

#[test]
fn shards_are_stable() {
    // First byte of SHA-256, modulo 64 (computed with another program): never to change.
    for (account, shard) in [("111122223333", 46), ("", 35), ("a", 10)] {
        assert_eq!(Shard::of(account).number(), shard);
    }
    let mut counts = [0; 64];
    for account in 0..64_000 {
        counts[Shard::of(&account.to_string()).number()] += 1;
    }
    assert!(
        counts.iter().all(|count| (850..1150).contains(count)),
        "{counts:?}"
    );
}

/// A program that is being started has copies of all descriptors until it runs.
#[test]
fn a_closed_store_can_be_opened_again_while_somebody_holds_a_copy_of_its_descriptors() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let lock = folder.path().join("store.lock");
    let copies: Vec<_> = std::fs::read_dir("/proc/self/fd")
        .unwrap()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let number: i32 = entry.file_name().to_str()?.parse().ok()?;
            (std::fs::read_link(entry.path()).ok()? == lock).then_some(number)
        })
        .map(|number| {
            let this = pidfd_open(getpid(), PidfdFlags::empty()).unwrap();
            pidfd_getfd(this, number, PidfdGetfdFlags::empty()).unwrap()
        })
        .collect();
    assert_eq!(copies.len(), 1);
    drop(store);
    drop(open(folder.path()));
    drop(copies);
}
