//! `kill -9` at random moments under load: nothing acknowledged is lost, nothing is half done.
//!
//! The test runs itself again as a child that commits and says what was acknowledged. `SEED=…`
//! repeats a run's choices, `KILLS=…` changes their number.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod common;

use std::collections::{BTreeSet, HashMap};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use common::{NOTE, Notes, Random, key, note, open, record};
use store::{Change, Commit, CommitError, Key, Options, Store};

const CHILD: &str = "STORE_KILL_CHILD";
const TASKS: u64 = 8;
/// How many notes a task keeps; with each new one the oldest goes.
const KEPT: u64 = 5;
/// Kills on one folder, one after the other, before a fresh one is begun.
const KILLS_PER_FOLDER: usize = 20;

fn account(task: u64) -> String {
    // Pairs of tasks share an account.
    format!("11112222{}", task / 2)
}

/// Not a test by itself: the child. It ends by being killed.
#[test]
fn child_commits_until_it_is_killed() {
    let Some(folder) = std::env::var_os(CHILD) else {
        return;
    };
    let key = key();
    let mut options = Options::new(&key, Arc::new(|| 1_800_000_000));
    options.journal_period = Duration::from_millis(3);
    options.journal_limit = 12_000;
    options.digest_period = Duration::from_millis(1);
    let store = Store::<Notes>::open(&PathBuf::from(folder), options).unwrap();
    say("ready");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .unwrap();
    runtime.block_on(async {
        let tasks: Vec<_> = (0..TASKS)
            .map(|task| tokio::spawn(work(store.clone(), task)))
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
}

/// One write, so that a line is said whole or not at all.
fn say(line: &str) {
    std::io::stdout()
        .lock()
        .write_all(format!("\n#{line}\n").as_bytes())
        .unwrap();
}

/// Numbers its commits; each changes four documents and has a record.
async fn work(store: Store<Notes>, task: u64) {
    let account = account(task);
    loop {
        let own = account.clone();
        let made: Result<u64, CommitError<()>> = store
            .commit(&account, move |state, _| {
                let left = format!("left-{task}");
                let number = state.text(&own, &left).map_or(0, |t| t.parse().unwrap()) + 1;
                let text = u64::to_string(&number);
                let mut changes = vec![
                    Change::put(note(&own, &left, &text)),
                    Change::put(note(&own, &format!("right-{task}"), &text)),
                    Change::put(note(
                        &own,
                        &format!("log-{task}-{number}"),
                        &"x".repeat(700),
                    )),
                ];
                if number > KEPT {
                    let oldest = format!("log-{task}-{}", number - KEPT);
                    changes.push(Change::Delete(Key::new(&*own, NOTE, oldest)));
                }
                let line = record(&format!("change-{task}-{number}"));
                Ok(Commit {
                    changes,
                    record: Some(line),
                    value: number,
                })
            })
            .await;
        let number = made.unwrap();
        say(&format!("change-{task}-{number}"));
        if number.is_multiple_of(3) {
            let id = format!("read-{task}-{number}");
            store.journal().append(&record(&id)).unwrap();
            say(&id);
        }
    }
}

struct Run {
    acknowledged: Vec<String>,
    ready: bool,
}

/// Starts the child, kills it at a random moment, and returns what it said.
fn run_and_kill(folder: &Path, random: &mut Random) -> Run {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child_commits_until_it_is_killed", "--nocapture"])
        .env(CHILD, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let (lines, said) = mpsc::channel();
    let reader = std::thread::spawn(move || {
        for line in output.lines().map_while(Result::ok) {
            if let Some(line) = line.strip_prefix('#') {
                lines.send(line.to_owned()).unwrap();
            }
        }
    });
    let mut run = Run {
        acknowledged: Vec::new(),
        ready: false,
    };
    // One in five while it opens and repairs what the last kill left; else while it works.
    let mut wait = 9_000;
    if random.below(5) != 0 {
        run.ready = said.recv_timeout(Duration::from_secs(60)).unwrap() == "ready";
        assert!(run.ready);
        wait = 60_000;
    }
    let end = Instant::now() + Duration::from_micros(random.below(wait));
    loop {
        match said.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(line) => run.acknowledged.push(line),
            Err(RecvTimeoutError::Timeout) => break,
            Err(RecvTimeoutError::Disconnected) => panic!("the child ended by itself"),
        }
        if Instant::now() >= end {
            break;
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
    reader.join().unwrap();
    run.acknowledged.extend(said.try_iter());
    run.ready |= run.acknowledged.iter().any(|line| line == "ready");
    run.acknowledged.retain(|line| line != "ready");
    run
}

/// The changes and reads that were acknowledged on this folder so far.
#[derive(Default)]
struct Expected {
    changes: HashMap<u64, u64>,
    reads: BTreeSet<String>,
}

struct Found {
    changes: u64,
    recovered: usize,
}

fn check(folder: &Path, expected: &mut Expected, run: &Run) -> Found {
    for line in &run.acknowledged {
        let parts: Vec<&str> = line.split('-').collect();
        if parts[0] == "read" {
            assert!(expected.reads.insert(line.clone()));
        } else {
            let last = expected
                .changes
                .entry(parts[1].parse().unwrap())
                .or_default();
            *last = parts[2].parse::<u64>().unwrap().max(*last);
        }
    }
    let store = open(folder);
    let snapshot = store.snapshot();
    let mut wanted: BTreeSet<String> = expected.reads.clone();
    let mut changes = 0;
    let mut notes = 0;
    for task in 0..TASKS {
        let account = account(task);
        let number = |name: &str| {
            let text = snapshot.state.text(&account, &format!("{name}-{task}"));
            text.map_or(0, |text| text.parse::<u64>().unwrap())
        };
        let (left, right) = (number("left"), number("right"));
        assert_eq!(left, right, "task {task} is half done");
        let acknowledged = expected.changes.get(&task).copied().unwrap_or_default();
        // At most one commit of a task was under way; it may have happened.
        assert!(
            left == acknowledged || left == acknowledged + 1,
            "{left}, {acknowledged}"
        );
        expected.changes.insert(task, left);
        for log in 1..=left {
            let there = snapshot
                .state
                .text(&account, &format!("log-{task}-{log}"))
                .is_some();
            assert_eq!(there, log + KEPT > left, "log-{task}-{log} of {left}");
            wanted.insert(format!("change-{task}-{log}"));
        }
        notes += if left == 0 { 0 } else { 2 + left.min(KEPT) };
        changes += left;
    }
    assert_eq!(
        snapshot.state.all.len() as u64,
        notes,
        "a note that nobody made"
    );
    let recovered = store.opening().recovered_records;
    drop(store);
    // A read that was written and not acknowledged is no fault.
    let seen = common::check_traces(folder, &wanted, |id| id.starts_with("read-"));
    expected
        .reads
        .extend(seen.into_iter().filter(|id| id.starts_with("read-")));
    Found { changes, recovered }
}

#[test]
fn kill_9_at_random_moments_loses_nothing_and_leaves_nothing_half_done() {
    let mut random = Random::seeded();
    let kills = std::env::var_os("KILLS").map_or(120, |n| n.to_str().unwrap().parse().unwrap());
    let (mut done, mut opening, mut acknowledged, mut stored, mut recovered) = (0, 0, 0, 0, 0);
    while done < kills {
        let folder = tempfile::tempdir().unwrap();
        let mut expected = Expected::default();
        for _ in 0..KILLS_PER_FOLDER.min(kills - done) {
            let before: u64 = expected.changes.values().sum();
            let run = run_and_kill(folder.path(), &mut random);
            let found = check(folder.path(), &mut expected, &run);
            done += 1;
            opening += usize::from(!run.ready);
            acknowledged += run.acknowledged.len();
            stored += found.changes - before;
            recovered += found.recovered;
        }
    }
    println!(
        "{done} kills ({opening} while opening): {acknowledged} calls acknowledged, {stored} \
         changes stored, {recovered} audit records recovered from the outbox, 0 lost, 0 half done"
    );
    assert!(acknowledged > done, "hardly any load");
}
