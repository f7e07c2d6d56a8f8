//! Disks that are full or fail: what is refused, what ends the process, what heals.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod common;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::{Fatals, Notes, key, note, open, options, put, record};
use store::backend::{Backend, BackendError, DocumentRow, EventRow, OutboxRow, SqliteBackend};
use store::{Change, Commit, CommitError, Failure, Revision, Revisions, Shard, Store};

/// How the injected failure looks.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    Full,
    Busy,
    Refused,
    Broken,
    /// The commit happens, and is reported as failed: a sync that failed after the write.
    BrokenAfterwards,
}

/// Fails its N-th writing call, once.
struct Failing {
    inner: SqliteBackend,
    countdown: Arc<AtomicU64>,
    fault: Fault,
}

impl Failing {
    fn step(&self) -> Result<(), BackendError> {
        let left = self.countdown.load(Ordering::SeqCst);
        self.countdown
            .store(left.saturating_sub(1), Ordering::SeqCst);
        if left != 1 {
            return Ok(());
        }
        Err(match self.fault {
            Fault::Full => BackendError::Full,
            Fault::Busy => BackendError::Busy,
            Fault::Refused => BackendError::Refused("injected".into()),
            Fault::Broken | Fault::BrokenAfterwards => BackendError::Broken("injected".into()),
        })
    }
}

impl Backend for Failing {
    fn meta(&mut self, name: &str) -> Result<Option<String>, BackendError> {
        self.inner.meta(name)
    }
    fn check(&mut self) -> Result<Option<String>, BackendError> {
        self.inner.check()
    }
    fn revisions(&mut self) -> Result<Revisions, BackendError> {
        self.inner.revisions()
    }
    fn documents(
        &mut self,
        visit: &mut dyn FnMut(DocumentRow) -> bool,
    ) -> Result<(), BackendError> {
        self.inner.documents(visit)
    }
    fn outbox(&mut self) -> Result<Vec<OutboxRow>, BackendError> {
        self.inner.outbox()
    }
    fn events(&mut self, s: Shard, a: Revision, l: u32) -> Result<Vec<EventRow>, BackendError> {
        self.inner.events(s, a, l)
    }
    fn begin(&mut self) -> Result<(), BackendError> {
        self.step()?;
        self.inner.begin()
    }
    fn set_meta(&mut self, name: &str, value: &str) -> Result<(), BackendError> {
        self.inner.set_meta(name, value)
    }
    fn bump(&mut self, shard: Shard, by: u32) -> Result<Revision, BackendError> {
        self.step()?;
        self.inner.bump(shard, by)
    }
    fn put(&mut self, row: &DocumentRow) -> Result<(), BackendError> {
        self.step()?;
        self.inner.put(row)
    }
    fn delete(&mut self, account: &str, kind: &str, id: &str) -> Result<(), BackendError> {
        self.step()?;
        self.inner.delete(account, kind, id)
    }
    fn event(&mut self, row: &EventRow) -> Result<(), BackendError> {
        self.step()?;
        self.inner.event(row)
    }
    fn keep(&mut self, row: &OutboxRow) -> Result<(), BackendError> {
        self.step()?;
        self.inner.keep(row)
    }
    fn trim_outbox(&mut self, through: u64) -> Result<(), BackendError> {
        self.inner.trim_outbox(through)
    }
    fn trim_events(&mut self, shard: Shard, before: i64) -> Result<(), BackendError> {
        self.inner.trim_events(shard, before)
    }
    fn commit(&mut self) -> Result<(), BackendError> {
        let failed = self.step();
        if failed.is_ok() || self.fault == Fault::BrokenAfterwards {
            self.inner.commit()?;
        }
        failed
    }
    fn rollback(&mut self) -> Result<(), BackendError> {
        self.inner.rollback()
    }
    fn tidy(&mut self, urgent: bool) -> Result<(), BackendError> {
        self.inner.tidy(urgent)
    }
}

struct Rig {
    folder: tempfile::TempDir,
    store: Store<Notes>,
    countdown: Arc<AtomicU64>,
    fatals: Fatals,
}

async fn rig(fault: Fault) -> Rig {
    let folder = tempfile::tempdir().unwrap();
    let inner = SqliteBackend::open(&folder.path().join("store.db")).unwrap();
    let countdown = Arc::new(AtomicU64::new(0));
    let backend = Failing {
        inner,
        countdown: Arc::clone(&countdown),
        fault,
    };
    let fatals = Fatals::default();
    let key = key();
    let mut options = options(&key, &fatals);
    // No trims of its own: the calls are counted.
    options.journal_period = Duration::from_secs(3600);
    let store = Store::open_with(folder.path(), Box::new(backend), options).unwrap();
    put(&store, "1", "before", "kept", "e-before").await;
    Rig {
        folder,
        store,
        countdown,
        fatals,
    }
}

async fn change_two(store: &Store<Notes>) -> Result<(), CommitError<()>> {
    let changes = vec![
        Change::put(note("1", "left", "x")),
        Change::put(note("1", "right", "x")),
    ];
    let line = record("e-two");
    store
        .commit("1", move |_, _| {
            Ok(Commit {
                changes: changes.clone(),
                record: Some(line.clone()),
                value: (),
            })
        })
        .await
}

fn sides(store: &Store<Notes>) -> (bool, bool) {
    let state = &store.snapshot().state;
    (
        state.text("1", "left").is_some(),
        state.text("1", "right").is_some(),
    )
}

#[tokio::test]
async fn failure_of_any_step_that_can_be_undone_refuses_and_goes_on() {
    let expected = [
        (Fault::Full, Failure::StoreFull),
        (Fault::Busy, Failure::Busy),
        (Fault::Refused, Failure::Refused),
    ];
    let mut steps = 0;
    for (fault, failure) in expected {
        for step in 1.. {
            let rig = rig(fault).await;
            rig.countdown.store(step, Ordering::SeqCst);
            let result = change_two(&rig.store).await;
            if result.is_ok() {
                assert!(step > 7, "only {step} steps");
                break;
            }
            assert!(matches!(result, Err(CommitError::Failed(found)) if found == failure));
            assert_eq!(sides(&rig.store), (false, false), "step {step}");
            assert_eq!(rig.store.snapshot().revision("1"), Revision::new(1));
            put(&rig.store, "1", "after", "works again", "e-after").await;
            assert_eq!(rig.fatals.lock().unwrap().len(), 0);
            let Rig { folder, store, .. } = rig;
            drop(store);
            assert_eq!(sides(&open(folder.path())), (false, false));
            assert_eq!(common::journal_ids(folder.path()), ["e-before", "e-after"]);
            steps += 1;
        }
    }
    println!("{steps} failed steps refused and undone");
}

#[tokio::test]
async fn io_error_of_any_step_ends_the_process_with_an_unknown_outcome() {
    let (mut steps, mut whole, mut absent) = (0, 0, 0);
    for fault in [Fault::Broken, Fault::BrokenAfterwards] {
        for step in 1.. {
            let rig = rig(fault).await;
            rig.countdown.store(step, Ordering::SeqCst);
            let result = change_two(&rig.store).await;
            if result.is_ok() {
                assert!(step > 7, "only {step} steps");
                break;
            }
            let unknown = CommitError::Failed::<()>(Failure::OutcomeUnknown).to_string();
            assert_eq!(result.unwrap_err().to_string(), unknown);
            assert_eq!(rig.fatals.lock().unwrap().len(), 1, "step {step}");
            assert_eq!(sides(&rig.store), (false, false), "nothing is published");
            let later = change_two(&rig.store).await;
            assert!(matches!(later, Err(CommitError::Failed(Failure::Closed))));
            let Rig { folder, store, .. } = rig;
            drop(store);
            let store = open(folder.path());
            let committed = match sides(&store) {
                (true, true) => true,
                (false, false) => false,
                half => panic!("half done: {half:?}"),
            };
            drop(store);
            let ids = common::journal_ids(folder.path());
            let records = ids.iter().filter(|id| *id == "e-two").count();
            assert_eq!(records, usize::from(committed), "step {step}: {ids:?}");
            steps += 1;
            whole += usize::from(committed);
            absent += usize::from(!committed);
        }
    }
    println!("{steps} I/O errors: {whole} found whole afterwards, {absent} absent");
    assert!(whole >= 1 && absent >= 7);
}

#[tokio::test]
async fn refusals_of_a_failed_batch_are_not_told() {
    // A commit that is refused because of an earlier one of its batch must not say so when that
    // one failed.
    let rig = rig(Fault::Full).await;
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let (begin, begun) = std::sync::mpsc::channel::<()>();
    let wait = Mutex::new((begin, wait));
    let hold = rig.store.commit("0", move |_: &Notes, _| {
        let (begin, wait) = &*wait.lock().unwrap();
        begin.send(()).unwrap();
        wait.recv().unwrap();
        Ok::<_, ()>(Commit::unchanged(()))
    });
    let create = || {
        rig.store.commit("1", |state: &Notes, _| {
            if state.text("1", "name").is_some() {
                return Err("exists");
            }
            let changes = vec![Change::put(note("1", "name", "x"))];
            Ok(Commit {
                changes,
                record: None,
                value: (),
            })
        })
    };
    rig.countdown.store(1, Ordering::SeqCst);
    let (first, second) = (create(), create());
    // Order: the writer has begun its batch without the two, so that they make the next one together.
    let held = async { begun.recv().unwrap() };
    let release = async { go.send(()).unwrap() };
    let (_, (), first, second, ()) = tokio::join!(hold, held, first, second, release);
    assert!(
        matches!(first, Err(CommitError::Failed(Failure::StoreFull))),
        "{first:?}"
    );
    assert!(
        matches!(second, Err(CommitError::Failed(Failure::StoreFull))),
        "{second:?}"
    );
    assert!(matches!(create().await, Ok(())));
    assert!(matches!(
        create().await,
        Err(CommitError::Refused("exists"))
    ));
}

/// Commits notes of some kilobytes until one is refused; returns how many were made.
async fn fill(store: &Store<Notes>, prefix: &str) -> (u32, Failure) {
    for number in 0..100_000 {
        let document = note("1", &format!("{prefix}-{number}"), &"x".repeat(5_000));
        let line = record(&format!("e-{prefix}-{number}"));
        let made: Result<(), CommitError<()>> = store
            .commit("1", move |_, _| {
                let changes = vec![Change::put(document.clone())];
                Ok(Commit {
                    changes,
                    record: Some(line.clone()),
                    value: (),
                })
            })
            .await;
        match made {
            Ok(()) => {}
            Err(CommitError::Failed(failure)) => return (number, failure),
            Err(CommitError::Refused(())) => panic!("not refused by the decision"),
        }
    }
    panic!("never full");
}

#[tokio::test]
async fn database_at_its_size_limit_refuses_and_keeps_what_it_has() {
    let folder = tempfile::tempdir().unwrap();
    let backend = SqliteBackend::open(&folder.path().join("store.db")).unwrap();
    backend.limit_pages(100).unwrap();
    let fatals = Fatals::default();
    let store =
        Store::<Notes>::open_with(folder.path(), Box::new(backend), options(&key(), &fatals))
            .unwrap();
    let (made, failure) = fill(&store, "a").await;
    assert_eq!(failure, Failure::StoreFull);
    let before = store.snapshot().state.texts();
    assert_eq!(before.len() as u32, made);
    drop(store);
    assert_eq!(fatals.lock().unwrap().len(), 0);
    let store = open(folder.path());
    assert_eq!(store.snapshot().state.texts(), before);
    put(&store, "1", "after", "works again", "e-after").await;
    drop(store);
    assert_eq!(common::journal_ids(folder.path()).len() as u32, made + 1);
}

/// A file system of its own of the given size, if this user may mount one.
struct Tmpfs(PathBuf);

impl Tmpfs {
    fn mount(at: &Path, size: &str) -> Option<Self> {
        std::fs::create_dir_all(at).unwrap();
        let size = format!("size={size},mode=0700");
        let mut mount = Command::new("mount");
        let status = mount
            .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
            .arg(at)
            .output();
        status
            .is_ok_and(|output| output.status.success())
            .then(|| Self(at.to_path_buf()))
    }
}

impl Drop for Tmpfs {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[tokio::test]
async fn full_disk_refuses_changes_serves_reads_and_heals_without_a_restart() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("data");
    let Some(_tmpfs) = Tmpfs::mount(&folder, "1500k") else {
        println!("skipped: this user may not mount a tmpfs");
        return;
    };
    let audit_parent = folder.join("audit");
    // The journal has room of its own: this test is about the database.
    let Some(_audit) = Tmpfs::mount(&audit_parent, "8m") else {
        panic!("one mount but not two")
    };
    let fatals = Fatals::default();
    let (mut made, mut offsets) = (0, 0);
    let store = Store::<Notes>::open(&folder, options(&key(), &fatals)).unwrap();
    // Ballast of growing size, so that the disk is full at other places of a transaction.
    for offset in 0..50 {
        let mut ballast = std::fs::File::create(folder.join("ballast")).unwrap();
        ballast.write_all(&vec![0; 300_000 + offset * 512]).unwrap();
        let _ = (0..2000).try_for_each(|_| ballast.write_all(&[0; 512]));
        let (some, failure) = fill(&store, &format!("o{offset}")).await;
        assert_eq!(failure, Failure::StoreFull, "offset {offset}");
        made += some;
        let count = store.snapshot().state.texts().len() as u32;
        assert_eq!(count, made + offset as u32);
        std::fs::remove_file(folder.join("ballast")).unwrap();
        drop(ballast);
        put(
            &store,
            "1",
            &format!("healed-{offset}"),
            "x",
            &format!("e-healed-{offset}"),
        )
        .await;
        offsets += 1;
        if count > 40 {
            break;
        }
    }
    assert_eq!(fatals.lock().unwrap().len(), 0);
    let before = store.snapshot().state.texts();
    drop(store);
    assert_eq!(open(&folder).snapshot().state.texts(), before);
    assert_eq!(common::journal_ids(&folder).len(), before.len());
    println!("{offsets} times full, {made} notes made meanwhile, 0 lost");
}

#[tokio::test]
async fn full_disk_of_the_journal_refuses_changes_with_a_record_until_it_heals() {
    let parent = tempfile::tempdir().unwrap();
    let audit = parent.path().join("audit");
    let Some(_tmpfs) = Tmpfs::mount(&audit, "64k") else {
        println!("skipped: this user may not mount a tmpfs");
        return;
    };
    let fatals = Fatals::default();
    let store = Store::<Notes>::open(parent.path(), options(&key(), &fatals)).unwrap();
    put(&store, "1", "before", "x", "e-before").await;
    let mut ballast = std::fs::File::create(audit.join("ballast")).unwrap();
    while ballast.write_all(&[0; 4096]).is_ok() {}
    let (made, failure) = fill(&store, "full").await;
    assert_eq!(failure, Failure::AuditUnwritable);
    assert!(!store.journal().writable());
    // What was acknowledged meanwhile has its record in the database.
    assert_eq!(store.snapshot().state.texts().len() as u32, made + 1);
    assert!(!store.journal().probe());
    // A change of the program itself, without a record, goes on.
    let own: Result<(), CommitError<()>> = store
        .commit("1", |_, _| {
            let changes = vec![Change::put(note("1", "own", "x"))];
            Ok(Commit {
                changes,
                record: None,
                value: (),
            })
        })
        .await;
    own.unwrap();
    std::fs::remove_file(audit.join("ballast")).unwrap();
    drop(ballast);
    assert!(store.journal().probe());
    assert!(store.journal().writable());
    put(&store, "1", "after", "x", "e-after").await;
    drop(store);
    let ids = common::journal_ids(parent.path());
    assert_eq!(ids.len() as u32, made + 2, "{ids:?}");
    assert_eq!((&*ids[0], &*ids[ids.len() - 1]), ("e-before", "e-after"));
    assert_eq!(fatals.lock().unwrap().len(), 0);
}

const LIMITED: &str = "STORE_LIMITED_CHILD";

/// Not a test by itself: runs with a limit on the size of files, which any user can set.
#[tokio::test]
async fn child_with_a_limit_on_file_sizes() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Some(folder) = std::env::var_os(LIMITED) else {
        return;
    };
    let folder = PathBuf::from(folder);
    let fatals = Fatals::default();
    let store = Store::<Notes>::open(&folder, options(&key(), &fatals)).unwrap();
    put(&store, "1", "before", "x", "e-before").await;
    // The journal is now the largest file, so the limit hits it alone.
    let mut line = serde_json::Map::new();
    line.insert("eventID".into(), "large".into());
    line.insert("fill".into(), "x".repeat(2_000_000).into());
    store
        .journal()
        .append(&store::AuditLine::new(&line).unwrap())
        .unwrap();
    let length = std::fs::metadata(folder.join("audit/audit.jsonl"))
        .unwrap()
        .len();
    let before = getrlimit(Resource::Fsize);
    let limit = Rlimit {
        current: Some(length + 40),
        maximum: before.maximum,
    };
    setrlimit(Resource::Fsize, limit).unwrap();
    // The write is short: 40 bytes fit. They must be taken back.
    assert!(store.journal().append(&record("e-refused")).is_err());
    assert!(!store.journal().writable());
    assert_eq!(
        std::fs::metadata(folder.join("audit/audit.jsonl"))
            .unwrap()
            .len(),
        length
    );
    let (made, failure) = fill(&store, "limited").await;
    assert_eq!((made, failure), (0, Failure::AuditUnwritable));
    setrlimit(Resource::Fsize, before).unwrap();
    assert!(store.journal().probe());
    put(&store, "1", "after", "x", "e-after").await;
    drop(store);
    assert_eq!(
        common::journal_ids(&folder),
        ["e-before", "large", "e-after"]
    );
    assert_eq!(fatals.lock().unwrap().len(), 0);
    println!("limited child done");
}

#[test]
fn short_write_of_the_journal_is_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    // The shell makes the kernel's signal for a too large file harmless; that is inherited.
    let output = Command::new("sh")
        .args([
            "-c",
            "trap '' XFSZ; exec \"$0\" --exact child_with_a_limit_on_file_sizes --nocapture",
        ])
        .arg(std::env::current_exe().unwrap())
        .env(LIMITED, folder.path())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.contains("limited child done"),
        "{text}"
    );
}

const ENDING: &str = "STORE_ENDING_CHILD";

/// Not a test by itself: its database fails, and it must end with the agreed exit code.
#[tokio::test]
async fn child_whose_database_fails() {
    let Some(folder) = std::env::var_os(ENDING) else {
        return;
    };
    let folder = PathBuf::from(folder);
    let inner = SqliteBackend::open(&folder.join("store.db")).unwrap();
    let countdown = Arc::new(AtomicU64::new(6));
    let backend = Failing {
        inner,
        countdown,
        fault: Fault::Broken,
    };
    let key = key();
    let options = store::Options::new(&key, Arc::new(|| 0));
    let store = Store::<Notes>::open_with(&folder, Box::new(backend), options).unwrap();
    let _ = change_two(&store).await;
    println!("still here");
}

#[test]
fn io_error_ends_a_real_process_with_exit_code_70() {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child_whose_database_fails", "--nocapture"])
        .env(ENDING, folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(70));
    assert!(!String::from_utf8_lossy(&output.stdout).contains("still here"));
    assert_eq!(sides(&open(folder.path())), (false, false));
}
