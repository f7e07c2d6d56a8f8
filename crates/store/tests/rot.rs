//! Rotten bits, truncated files and damaged journals: noticed or harmless, never a wrong answer.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use common::{Fatals, Notes, Random, key, open, options, put, record};
use store::{Key, OpenError, Store};

type Texts = BTreeMap<Key, (String, u64)>;

async fn filled(folder: &Path) -> Texts {
    let store = open(folder);
    for number in 0..40 {
        let (account, id) = (format!("{}", number % 7), format!("n{number}"));
        put(
            &store,
            &account,
            &id,
            &"text ".repeat(60),
            &format!("e{number}"),
        )
        .await;
    }
    store.snapshot().state.texts()
}

/// Opens a store of which only the database is given.
fn reopen(database: &[u8]) -> Result<(Texts, Vec<u64>), OpenError> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("store.db"), database).unwrap();
    let fatals = Fatals::default();
    let store = Store::<Notes>::open(folder.path(), options(&key(), &fatals))?;
    let snapshot = store.snapshot();
    let revisions = store::Shard::all()
        .map(|s| snapshot.revisions.shard(s).number())
        .collect();
    Ok((snapshot.state.texts(), revisions))
}

#[tokio::test]
async fn flipped_bits_and_cuts_of_the_database_are_noticed_or_harmless() {
    let mut random = Random::seeded();
    let folder = tempfile::tempdir().unwrap();
    let expected = filled(folder.path()).await;
    let whole = std::fs::read(folder.path().join("store.db")).unwrap();
    let (texts, revisions) = reopen(&whole).unwrap();
    assert_eq!(texts, expected);
    let (mut noticed, mut harmless, mut wrong) = (0, 0, Vec::new());
    let mut judge = |what: String, database: &[u8]| match reopen(database) {
        Err(_) => noticed += 1,
        Ok(found) if found == (expected.clone(), revisions.clone()) => harmless += 1,
        Ok(_) => wrong.push(what),
    };
    for _ in 0..800 {
        let (at, bit) = (random.below(whole.len() as u64) as usize, random.below(8));
        let mut flipped = whole.clone();
        flipped[at] ^= 1 << bit;
        judge(format!("bit {bit} of byte {at}"), &flipped);
    }
    // The first bytes of each page say what the page is: every one of them.
    for page in (0..whole.len()).step_by(4096) {
        for at in page..(page + 8) {
            let mut flipped = whole.clone();
            flipped[at] ^= 1 << random.below(8);
            judge(format!("header byte {at}"), &flipped);
        }
        let mut zeroed = whole.clone();
        zeroed[page..page + 4096].fill(0);
        judge(format!("zeroed page at {page}"), &zeroed);
        if page > 0 {
            judge(format!("cut at {page}"), &whole[..page]);
            let mut swapped = whole.clone();
            swapped.copy_within(page..page + 4096, page - 4096);
            judge(
                format!("page at {page} written over the one before"),
                &swapped,
            );
        }
    }
    println!(
        "{} bytes: {noticed} damages noticed, {harmless} harmless, {} wrong: {wrong:?}",
        whole.len(),
        wrong.len()
    );
    assert_eq!(wrong.len(), 0, "{wrong:?}");
    assert!(noticed > 100);
}

/// The files of a store as a kill leaves them: the newest commits are in SQLite's log only.
async fn killed(changes: u32) -> (Vec<u8>, Vec<u8>, Vec<u8>, Texts) {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    for number in 0..changes {
        put(
            &store,
            "1",
            &format!("n{number}"),
            "text",
            &format!("e{number}"),
        )
        .await;
    }
    let read = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
    let texts = store.snapshot().state.texts();
    (
        read("store.db"),
        read("store.db-wal"),
        read("store.head"),
        texts,
    )
}

#[tokio::test]
async fn lost_or_rotten_log_of_the_database_is_noticed() {
    let mut random = Random::seeded();
    let (database, log, head, expected) = killed(12).await;
    let open_files = |log: Option<&[u8]>, head: &[u8]| {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("store.db"), &database).unwrap();
        std::fs::write(folder.path().join("store.head"), head).unwrap();
        if let Some(log) = log {
            std::fs::write(folder.path().join("store.db-wal"), log).unwrap();
        }
        let fatals = Fatals::default();
        let key = key();
        let opened = Store::<Notes>::open(folder.path(), options(&key, &fatals));
        opened.map(|store| store.snapshot().state.texts())
    };
    assert_eq!(open_files(Some(&log), &head).unwrap(), expected);
    let gone = open_files(None, &head).unwrap_err();
    assert!(matches!(gone, OpenError::Behind { lost: 12, .. }), "{gone}");
    // Without the note, SQLite itself is content; that is how a restored backup is opened.
    assert_eq!(open_files(None, b"").unwrap().len(), 0);
    let (mut noticed, mut harmless) = (0, 0);
    for round in 0..300 {
        let mut changed = log.clone();
        if round % 3 == 0 {
            changed.truncate(random.below(log.len() as u64) as usize);
        } else {
            let at = random.below(log.len() as u64) as usize;
            changed[at] ^= 1 << random.below(8);
        }
        match open_files(Some(&changed), &head) {
            Ok(texts) => {
                assert_eq!(texts, expected, "round {round}");
                harmless += 1;
            }
            Err(_) => noticed += 1,
        }
    }
    println!("{noticed} damages of the log noticed, {harmless} harmless, 0 wrong");
    assert!(noticed > 200);
}

#[tokio::test]
async fn backup_of_a_store_in_use_opens_elsewhere_with_the_same_key() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    put(&store, "1", "a", "one", "e1").await;
    let place = tempfile::tempdir().unwrap();
    let copy = place.path().join("store.db");
    Store::<Notes>::back_up(folder.path(), &copy).unwrap();
    assert!(
        Store::<Notes>::back_up(folder.path(), &copy).is_err(),
        "no copy is written over"
    );
    put(&store, "1", "b", "later", "e2").await;
    let rights = std::os::unix::fs::PermissionsExt::mode(&copy.metadata().unwrap().permissions());
    assert_eq!(rights & 0o777, 0o600);
    let restored = open(place.path());
    assert_eq!(
        restored.snapshot().state.text("1", "a").as_deref(),
        Some("one")
    );
    assert_eq!(restored.snapshot().state.all.len(), 1);
    // An older file in the place of the newer one is not taken for the truth.
    drop((store, restored));
    std::fs::copy(&copy, folder.path().join("store.db")).unwrap();
    let fatals = Fatals::default();
    let old = Store::<Notes>::open(folder.path(), options(&key(), &fatals))
        .err()
        .unwrap();
    assert!(matches!(old, OpenError::Behind { lost: 1, .. }), "{old}");
}

#[tokio::test]
async fn audit_file_that_another_program_moves_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let fatals = Fatals::default();
    let key = key();
    let mut slow = options(&key, &fatals);
    slow.journal_period = std::time::Duration::from_secs(3600);
    slow.journal_limit = 400;
    let store = Store::<Notes>::open(folder.path(), slow).unwrap();
    let audit = folder.path().join("audit");
    put(&store, "1", "a", "x", "e0").await;
    std::fs::rename(audit.join("audit.jsonl"), audit.join("audit-000001.jsonl")).unwrap();
    // The next ones overflow the limit: the rotation finds nothing to rename.
    for number in 1..9 {
        put(&store, "1", "a", "x", &format!("e{number}")).await;
    }
    assert!(store.journal().writable());
    // Moved to a name that is none of ours; noticed by the look of each second.
    let away = folder.path().join("moved");
    let newest = std::fs::read(audit.join("audit.jsonl")).unwrap().len();
    std::fs::rename(audit.join("audit.jsonl"), &away).unwrap();
    assert!(store.journal().probe());
    put(&store, "1", "a", "x", "e9").await;
    drop(store);
    assert_eq!(std::fs::read(&away).unwrap().len(), newest);
    std::fs::rename(&away, audit.join("audit-000000.jsonl")).unwrap();
    let ids: std::collections::BTreeSet<_> =
        common::journal_ids(folder.path()).into_iter().collect();
    assert_eq!(ids.len(), 10, "{ids:?}");
    assert_eq!(fatals.lock().unwrap().len(), 0);
}

#[tokio::test]
async fn unfinished_last_line_of_the_journal_is_cut_off() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path()).await;
    let path = folder.path().join("audit/audit.jsonl");
    let whole = std::fs::read(&path).unwrap();
    for tail in ["{", "{\"eventID\":\"e40\"", "    ", &"x".repeat(200_000)] {
        let mut torn = whole.clone();
        torn.extend_from_slice(tail.as_bytes());
        std::fs::write(&path, torn).unwrap();
        let store = open(folder.path());
        store.journal().append(&record("read")).unwrap();
        drop(store);
        let ids = common::journal_ids(folder.path());
        assert_eq!((ids.len(), &*ids[40]), (41, "read"));
    }
    std::fs::write(&path, "no line break at all").unwrap();
    drop(open(folder.path()));
    assert_eq!(std::fs::read(&path).unwrap(), b"");
}

/// What a power cut may leave: the database has the records, the journal's tail is gone or torn.
#[tokio::test]
async fn records_that_a_power_cut_took_from_the_journal_are_written_again() {
    let folder = tempfile::tempdir().unwrap();
    let fatals = Fatals::default();
    let key = key();
    let mut slow = options(&key, &fatals);
    slow.journal_period = std::time::Duration::from_secs(3600);
    slow.journal_limit = 1_500;
    let store = Store::<Notes>::open(folder.path(), slow).unwrap();
    for number in 0..60 {
        put(&store, "1", "a", "x", &format!("e{number}")).await;
        store
            .journal()
            .append(&record(&format!("r{number}")))
            .unwrap();
    }
    // As after a kill: the files as they are now, without an orderly end.
    let copy = tempfile::tempdir().unwrap();
    std::fs::create_dir(copy.path().join("audit")).unwrap();
    for name in ["store.db", "store.db-wal"] {
        std::fs::copy(folder.path().join(name), copy.path().join(name)).unwrap();
    }
    for entry in std::fs::read_dir(folder.path().join("audit")).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(
            entry.path(),
            copy.path().join("audit").join(entry.file_name()),
        )
        .unwrap();
    }
    let newest = copy.path().join("audit/audit.jsonl");
    let whole = std::fs::read(&newest).unwrap();
    let database = std::fs::read(copy.path().join("store.db")).unwrap();
    let log = std::fs::read(copy.path().join("store.db-wal")).unwrap();
    let (mut states, mut recovered) = (0, 0);
    for cut in (0..=whole.len()).step_by(3) {
        for torn in [false, true] {
            let mut file = whole[..cut].to_vec();
            // A torn block: the file has its length, the bytes are not there.
            file.resize(if torn { whole.len() } else { cut }, 0);
            if torn && cut + 40 < whole.len() {
                // Or a later block arrived and an earlier one did not.
                let last = whole.len() - 20;
                file.truncate(last);
                file.extend_from_slice(&whole[last..]);
            }
            std::fs::write(&newest, file).unwrap();
            std::fs::write(copy.path().join("store.db"), &database).unwrap();
            std::fs::write(copy.path().join("store.db-wal"), &log).unwrap();
            let _ = std::fs::remove_file(copy.path().join("store.db-shm"));
            let before: Vec<_> = std::fs::read_dir(copy.path().join("audit"))
                .unwrap()
                .collect();
            let store = open(copy.path());
            recovered += store.opening().recovered_records;
            drop(store);
            let ids = common::journal_ids(copy.path());
            for number in 0..60 {
                let id = format!("e{number}");
                assert_eq!(
                    ids.iter().filter(|found| **found == id).count(),
                    1,
                    "{cut}: {id}"
                );
            }
            let after = std::fs::read_dir(copy.path().join("audit"))
                .unwrap()
                .count();
            assert_eq!(after, before.len());
            states += 1;
        }
    }
    println!("{states} states after a power cut, {recovered} records written again");
}
