//! The audit log's disk is full, fails, is slow or tears lines, again and again at random times: no change that was acknowledged or
//! that anybody can see lacks its record.
//!
//! `MUTATIONS=…` says how many changes are made at least, `SEED=…` repeats a run's choices.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use store::{Change, Commit, CommitError, Failure, Store};

use crate::common::{self, Notes, Random, note, record};
use crate::load::{open, say};
use crate::rig::{self, Fault, Run};
use crate::setting;

const FOLDER: &str = "STORE_SINK_FOLDER";
/// How many changes a life makes before it ends by itself.
const CHANGES: &str = "STORE_SINK_CHANGES";
const TASKS: u64 = 16;
/// Lives on one folder, one after the other, before a fresh one is begun.
const LIVES: usize = 14;
/// Tries of a life for each change that it is to make.
const TRIES: u64 = 40;

fn account(task: u64) -> String {
    // Pairs of tasks share an account.
    format!("33334444{}", task / 2)
}

fn number(state: &Notes, task: u64, side: &str) -> u64 {
    let text = state.text(&account(task), &format!("{side}-{task}"));
    text.map_or(0, |text| text.parse().unwrap())
}

/// Not a test by itself: the child. It says what was acknowledged.
#[test]
fn child_changes_while_the_sink_fails() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let store = open(&PathBuf::from(folder), 20_000);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .unwrap();
    let wanted: u64 = setting(CHANGES).unwrap().parse().unwrap();
    let made = Arc::new(AtomicU64::new(0));
    let tries = Arc::new(AtomicU64::new(wanted * TRIES));
    runtime.block_on(async {
        let tasks: Vec<_> = (0..TASKS)
            .map(|task| {
                let (store, made, tries) = (store.clone(), Arc::clone(&made), Arc::clone(&tries));
                tokio::spawn(async move {
                    while made.load(Ordering::Relaxed) < wanted
                        && tries.fetch_sub(1, Ordering::Relaxed) > TASKS
                    {
                        if change(&store, task).await {
                            made.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
    store.close();
    say("done");
}

/// Makes the task's next change; whether it was acknowledged.
async fn change(store: &Store<Notes>, task: u64) -> bool {
    let made: Result<u64, CommitError<()>> = store
        .commit(&account(task), move |state, _| {
            let number = number(state, task, "left") + 1;
            let put = |side| {
                let id = format!("{side}-{task}");
                Change::put(note(&account(task), &id, &number.to_string()))
            };
            Ok(Commit {
                changes: vec![put("left"), put("right")],
                record: Some(record(&format!("change-{task}-{number}"))),
                value: number,
            })
        })
        .await;
    match made {
        Ok(number) => {
            say(&format!("made {task} {number}"));
            if number.is_multiple_of(8) {
                let id = format!("read-{task}-{number}");
                match store.journal().append(&record(&id)) {
                    Ok(()) => say(&format!("read {id}")),
                    Err(_) => say("refused a read"),
                }
            }
            true
        }
        Err(CommitError::Failed(Failure::AuditUnwritable)) => {
            say("refused a change");
            // As the journal's own thread does after a while.
            store.journal().probe();
            false
        }
        Err(error) => panic!("{error}"),
    }
}

/// How the sink fails in a life: a name, how often, and which calls of how many.
fn trouble(random: &mut Random, life: usize) -> (&'static str, Fault, u64) {
    let (name, act, kinds) = [
        ("full", "enospc", "wn"),
        ("failing", "eio", "wtn"),
        ("failing after the write", "done-eio", "w"),
        ("torn lines", "short", "w"),
        ("stalling", "stall", "ws"),
        ("not durable", "eio", "s"),
        ("killed", "torn", ""),
    ][life % 7];
    let once = matches!(name, "not durable" | "killed");
    let longest = if name == "stalling" { 4 } else { 60 };
    let period = if once { 40 } else { 20 + random.below(200) };
    let first = 1 + random.below(period);
    let last = if once {
        first
    } else {
        first + random.below(longest)
    };
    let fault = Fault {
        act,
        kinds,
        first: first as usize,
        last: last as usize,
    };
    (name, fault, if once { 0 } else { last + period })
}

/// What there is of the folder's earlier lives.
#[derive(Default)]
struct Known {
    changes: BTreeMap<u64, u64>,
    reads: BTreeSet<String>,
}

/// Opens what the child left, on a disk that works. Returns how many records had to be recovered.
fn check(folder: &Path, known: &mut Known, run: &Run) -> usize {
    let unknown = u64::from(run.code.is_none() || run.code == Some(70));
    known.reads.extend(run.after("read").map(str::to_owned));
    let store = common::open(folder);
    let recovered = store.opening().recovered_records;
    let state = &store.snapshot().state;
    let mut wanted = known.reads.clone();
    for task in 0..TASKS {
        let (left, right) = (number(state, task, "left"), number(state, task, "right"));
        assert_eq!(left, right, "task {task} is half done");
        let before = known.changes.get(&task).copied().unwrap_or_default();
        let made = run.after("made").filter_map(|made| made.split_once(' '));
        let made = made.filter(|(maker, _)| *maker == task.to_string());
        let acknowledged = made.last().map_or(before, |(_, n)| n.parse().unwrap());
        assert!(
            (acknowledged..=acknowledged + unknown).contains(&left),
            "task {task} has {left} changes, acknowledged were {acknowledged}"
        );
        known.changes.insert(task, left);
        wanted.extend((1..=left).map(|number| format!("change-{task}-{number}")));
    }
    drop(store);
    let seen = common::check_traces(folder, &wanted, |id| id.starts_with("read-"));
    let reads = seen.into_iter().filter(|id| id.starts_with("read-"));
    known.reads.extend(reads);
    recovered
}

#[test]
fn no_change_lacks_its_record_while_the_sink_fails() {
    let mut random = Random::seeded();
    let wanted: u64 = setting("MUTATIONS").map_or(3_000, |number| number.parse().unwrap());
    let a_life = (wanted / 21).clamp(140, 3_000);
    let (mut made, mut refused, mut reads, mut recovered, mut hits, mut life) = (0, 0, 0, 0, 0, 0);
    let mut troubles: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    while made < wanted {
        let folder = rig::folder();
        let data = folder.path().join("data");
        let mut known = Known::default();
        for _ in 0..LIVES {
            let (name, fault, period) = trouble(&mut random, life);
            life += 1;
            let settings = [
                (FOLDER, data.to_str().unwrap().to_owned()),
                (CHANGES, a_life.to_string()),
                ("DISK_PART", "/audit".to_owned()),
                ("DISK_PERIOD", period.to_string()),
            ];
            let test = "sink::child_changes_while_the_sink_fails";
            let run = rig::run(test, &data, &settings, Some(fault));
            let before: u64 = known.changes.values().sum();
            recovered += check(&data, &mut known, &run);
            let told = match run.code {
                Some(0) => run.said.last().is_some_and(|last| last == "done"),
                Some(1) => run.message.contains("not opened: "),
                Some(70) => run.message.contains("ended: "),
                None => name == "killed",
                Some(_) => false,
            };
            assert!(told, "{name} {fault:?}: {:?}: {}", run.code, run.message);
            made += known.changes.values().sum::<u64>() - before;
            refused += run.after("refused").count();
            hits += run.calls.iter().filter(|call| call.hit).count();
            let (lives, ended) = troubles.entry(name).or_default();
            *lives += 1;
            *ended += usize::from(run.code != Some(0));
            if made >= wanted {
                break;
            }
        }
        reads += known.reads.len();
    }
    println!(
        "{made} changes and {reads} reads in {life} lives, {hits} failed calls of the sink: {refused} calls refused, {recovered} \
         records recovered, 0 changes without a record; lives of each kind, and how many ended early: {troubles:?}"
    );
    assert!(hits > 0 && refused > 0, "the sink did not fail");
}
