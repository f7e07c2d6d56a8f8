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
