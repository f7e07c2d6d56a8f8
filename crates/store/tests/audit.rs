//! The journal's digests: every change of what was written is found out.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod common;

use std::path::{Path, PathBuf};

use common::{Fatals, Notes, Random, key, open, options, put, record};
use store::{AuditReport, MasterKey, OpenError, Store};

/// A closed store whose journal has several files; returns these with their content.
async fn written(folder: &Path, notes: u32) -> Vec<(PathBuf, Vec<u8>)> {
    let (fatals, key) = (Fatals::default(), key());
    let mut options = options(&key, &fatals);
    options.journal_limit = 2_000;
    options.journal_period = std::time::Duration::from_millis(1);
    let store = Store::<Notes>::open(folder, options).unwrap();
    for number in 0..notes {
        put(&store, "1", "a", "x", &format!("e{number}")).await;
        store
            .journal()
            .append(&record(&format!("r{number}")))
            .unwrap();
    }
    drop(store);
    let entries = std::fs::read_dir(folder.join("audit")).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
        .into_iter()
        .map(|path| (path.clone(), std::fs::read(path).unwrap()))
        .collect()
}

fn verify(folder: &Path) -> AuditReport {
    Store::<Notes>::verify_audit(folder, &key()).unwrap()
}

#[tokio::test]
async fn untouched_journal_is_sound_through_restarts_and_rotation() {
    let folder = tempfile::tempdir().unwrap();
    let files = written(folder.path(), 60).await;
    assert!(files.len() > 4);
    let bytes = |files: &[(PathBuf, Vec<u8>)]| -> u64 {
        let journal = files
            .iter()
            .filter(|(path, _)| !path.ends_with("digest.jsonl"));
        journal.map(|(_, content)| content.len() as u64).sum()
    };
    let report = verify(folder.path());
    assert_eq!(
        (report.damage.len(), report.uncovered_bytes),
        (0, 0),
        "{report:?}"
    );
    assert_eq!(report.sound_bytes, bytes(&files));
    assert!(report.absent_files.is_empty() && report.digests >= files.len() - 1);
    let again = written(folder.path(), 30).await;
    let report = verify(folder.path());
    assert_eq!(
        (report.damage.len(), report.sound_bytes),
        (0, bytes(&again)),
        "{report:?}"
    );
    // While the store is open, the newest records wait for their digest.
    let store = open(folder.path());
    let while_open = verify(folder.path());
    assert_eq!(while_open.damage.len(), 0);
    drop(store);
    // An archived file is named, and what follows is still checked.
    std::fs::rename(
        folder.path().join("audit/audit-000002.jsonl"),
        folder.path().join("gone"),
    )
    .unwrap();
    let report = verify(folder.path());
    assert_eq!((report.absent_files, report.damage), (vec![2], vec![]));
}

#[tokio::test]
async fn flip_removal_reordering_insertion_and_truncation_are_found_out() {
    let mut random = Random::seeded();
    let folder = tempfile::tempdir().unwrap();
    let files = written(folder.path(), 60).await;
    let mut found = 0;
    let mut tamper = |what: &str, path: &Path, whole: &[u8], changed: &[u8]| {
        assert_ne!(whole, changed, "{what}");
        std::fs::write(path, changed).unwrap();
        let report = verify(folder.path());
        assert!(
            !report.damage.is_empty(),
            "{what} of {} went unnoticed",
            path.display()
        );
        std::fs::write(path, whole).unwrap();
        found += 1;
    };
    for (path, whole) in &files {
        let lines: Vec<&[u8]> = whole.split_inclusive(|byte| *byte == b'\n').collect();
        for _ in 0..40 {
            let mut changed = whole.clone();
            changed[random.below(whole.len() as u64) as usize] ^= 1 << random.below(8);
            tamper("flip", path, whole, &changed);
        }
        for at in 0..lines.len() {
            let mut fewer = lines.clone();
            fewer.remove(at);
            // The newest digests may go if the database does not know them yet: see below.
            if !(path.ends_with("digest.jsonl") && at + 2 >= lines.len()) {
                tamper("removal", path, whole, &fewer.concat());
            }
            if at > 0 && lines[at] != lines[at - 1] {
                let mut swapped = lines.clone();
                swapped.swap(at, at - 1);
                tamper("reordering", path, whole, &swapped.concat());
            }
            if !path.ends_with("digest.jsonl") {
                let cut = whole.len() - lines[at..].concat().len();
                tamper("truncation", path, whole, &whole[..cut]);
                let mut more = lines.clone();
                more.insert(at, b"{\"eventID\":\"forged\"}\n");
                tamper("insertion", path, whole, &more.concat());
            }
        }
    }
    assert_eq!(verify(folder.path()).damage.len(), 0);
    println!("{found} changes of the journal, all found out");
    assert!(found > 400);
}

#[tokio::test]
async fn records_and_their_digests_cannot_be_cut_off_together() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path(), 60).await;
    let newest = folder.path().join("audit/audit.jsonl");
    std::fs::remove_file(&newest).unwrap();
    let digests = folder.path().join("audit/digest.jsonl");
    let whole = std::fs::read_to_string(&digests).unwrap();
    let lines: Vec<&str> = whole.split_inclusive('\n').collect();
    std::fs::write(&digests, lines[..lines.len() / 2].concat()).unwrap();
    let report = verify(folder.path());
    assert!(
        report
            .damage
            .iter()
            .any(|text| text.contains("database knows")),
        "{report:?}"
    );
    std::fs::remove_file(&digests).unwrap();
    assert!(!verify(folder.path()).damage.is_empty());
    let stranger = MasterKey::from_bytes([1; 32]);
    let refused = Store::<Notes>::verify_audit(folder.path(), &stranger);
    assert!(matches!(refused, Err(OpenError::WrongMasterKey)));
}
