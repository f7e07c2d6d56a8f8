//! What the child does with its store, and what it has to leave behind.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use store::{Change, Commit, CommitError, Failure, Key, Options, Store};

use crate::common::{NOTE, Note, Notes, key, note, record};

/// Where the child works.
pub const FOLDER: &str = "STORE_DISK_FOLDER";
/// Accounts whose changes are made together, in one transaction if it happens so.
pub const LANES: u64 = 2;
/// How often a child opens its store: the second time it finds one.
const LIVES: u64 = 2;
const STEPS: u64 = 12;
/// How many notes of a lane's log are kept; with each new one the oldest goes.
const KEPT: u64 = 3;
/// A change of so many notes, now and then: enough that the log is moved into the database under way.
const MANY: u64 = 150;

/// What a lane's change of this number does.
fn changes(lane: u64, number: u64) -> Vec<Change<Note>> {
    let account = format!("11112222{lane}");
    let text = number.to_string();
    let put = |id: &str, text: &str| Change::put(note(&account, id, text));
    let mut changes = vec![put("left", &text), put("right", &text)];
    if number.is_multiple_of(3) {
        changes.extend((0..MANY).map(|many| put(&format!("many-{many}"), &text)));
    } else {
        changes.push(put(&format!("log-{number}"), &text.repeat(300)));
    }
    if number > KEPT {
        let oldest = format!("log-{}", number - KEPT);
        changes.push(Change::Delete(Key::new(&*account, NOTE, oldest)));
    }
    changes
}

/// Whether the change has an audit record; the program's own have none.
fn is_recorded(number: u64) -> bool {
    !number.is_multiple_of(7)
}

/// The records of a lane after so many changes.
pub fn records(lane: u64, number: u64) -> impl Iterator<Item = String> {
    let numbers = (1..=number).filter(|number| is_recorded(*number));
    numbers.map(move |number| format!("change-{lane}-{number}"))
}

/// What there is after so many changes of each lane.
pub fn expected(numbers: &[u64]) -> BTreeMap<Key, String> {
    let mut all = BTreeMap::new();
    for (lane, last) in (0..).zip(numbers) {
        for change in (1..=*last).flat_map(|number| changes(lane, number)) {
            match change {
                Change::Put(note) => {
                    all.insert(
                        Key::new(&*note.account, note.kind, &*note.id),
                        note.text.clone(),
                    );
                }
                Change::Delete(key) => {
                    all.remove(&key);
                }
            }
        }
    }
    all
}

/// What the store shows.
pub fn shown(store: &Store<Notes>) -> BTreeMap<Key, String> {
    let texts = store.snapshot().state.texts();
    texts
        .into_iter()
        .map(|(key, (text, _))| (key, text))
        .collect()
}

/// How many changes of the lane the state has.
pub fn number(state: &Notes, lane: u64) -> u64 {
    let text = state.text(&format!("11112222{lane}"), "left");
    text.map_or(0, |text| text.parse().unwrap())
}

/// Makes the lane's next change. Returns its number, or why it was refused.
pub async fn change(store: &Store<Notes>, lane: u64) -> Result<u64, Failure> {
    let before = number(&store.snapshot().state, lane);
    let made: Result<u64, CommitError<()>> = store
        .commit(&format!("11112222{lane}"), move |state, _| {
            let number = number(state, lane) + 1;
            Ok(Commit {
                changes: changes(lane, number),
                record: is_recorded(number).then(|| record(&format!("change-{lane}-{number}"))),
                value: number,
            })
        })
        .await;
    let after = number(&store.snapshot().state, lane);
    match made {
        Ok(number) => {
            assert_eq!((number, after), (before + 1, before + 1));
            Ok(number)
        }
        Err(CommitError::Failed(failure)) => {
            assert_eq!(after, before, "what was refused must not show");
            Err(failure)
        }
        Err(CommitError::Refused(())) => panic!("not refused by the decision"),
    }
}

async fn change_and_say(store: &Store<Notes>, lane: u64) {
    match change(store, lane).await {
        Ok(number) => say(&format!("made {lane} {number}")),
        Err(failure) => {
            say(&format!("refused {failure}"));
            if failure == Failure::AuditUnwritable {
                // As the journal's own thread does after a while.
                store.journal().probe();
            }
        }
    }
}

/// Not a test by itself: the child. It says what was acknowledged and what was refused.
#[test]
fn child_works_on_a_failing_disk() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    for life in 0..LIVES {
        let store = open(&PathBuf::from(&folder), 800);
        runtime.block_on(async {
            for step in 0..STEPS {
                tokio::join!(change_and_say(&store, 0), change_and_say(&store, 1));
                if step % 3 == 0 {
                    let id = format!("read-{life}-{step}");
                    match store.journal().append(&record(&id)) {
                        Ok(()) => say(&format!("read {id}")),
                        Err(error) => say(&format!("refused {error}")),
                    }
                }
            }
        });
        store.close();
    }
    say("done");
}

/// Opens the store as the program does: what it cannot go on after ends the process with a message.
pub fn open(folder: &Path, journal_limit: u64) -> Store<Notes> {
    let key = key();
    let mut options = Options::new(&key, Arc::new(|| 1_800_000_000));
    options.journal_period = Duration::from_millis(3);
    options.journal_limit = journal_limit;
    options.digest_period = Duration::from_millis(1);
    options.on_fatal = Arc::new(|fatal| {
        eprintln!("ended: {}", chain(fatal));
        store::exit(fatal);
    });
    Store::open(folder, options).unwrap_or_else(|error| {
        eprintln!("not opened: {}", chain(&error));
        std::process::exit(1);
    })
}

/// An error with its causes.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}

/// One write, so that a line is said whole or not at all.
pub fn say(line: &str) {
    std::io::stdout()
        .lock()
        .write_all(format!("\n#{line}\n").as_bytes())
        .unwrap();
}
