//! Disks that fail at every call that writes: the process dies before it or in its middle, or the call fails. What was
//! acknowledged is kept, nothing is half done, and nobody is told that something succeeded that did not.
//!
//! The test runs itself again as a child behind `disk.c`, which counts the calls of the child's whole life: it makes a store,
//! works, closes it, opens it again, works and closes. A short form runs in the suite; `POINTS=…` kills at so many calls, and
//! `FAULTS=all` lets each call fail in every way.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub,
    reason = "tests"
)]

#[path = "../common/mod.rs"]
mod common;
mod fail;
mod load;
mod power;
mod rig;
mod sink;

use std::collections::BTreeSet;
use std::path::Path;

use common::Notes;
use load::{FOLDER, LANES, expected, number, records, shown};
use rig::{Fault, Run, run};
use store::Store;

/// The fewest calls that the child's life may have.
const AT_LEAST: usize = 500;

fn child(folder: &Path, fault: Option<Fault>) -> Run {
    child_with(folder, &[], fault)
}

fn child_with(folder: &Path, more: &[(&str, String)], fault: Option<Fault>) -> Run {
    let mut settings = vec![(FOLDER, folder.to_str().unwrap().to_owned())];
    settings.extend_from_slice(more);
    run(
        "load::child_works_on_a_failing_disk",
        folder,
        &settings,
        fault,
    )
}

/// Opens what the child left on a disk that works: it has what was acknowledged, whole, and serves. Returns how many audit
/// records had to be recovered.
fn check(folder: &Path, run: &Run) -> usize {
    check_but(folder, run, Reads::Kept)
}

/// What is known of the records of reads that were acknowledged.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reads {
    Kept,
    /// A power cut may cost those of the last second.
    Perhaps,
}

fn check_but(folder: &Path, run: &Run, reads: Reads) -> usize {
    // Of each lane one change was under way at most, which may have happened.
    let unknown = u64::from(run.code.is_none() || run.code == Some(70));
    // As it was left: the digest that the database knows is there. (A line that was cut off is no damage, but looks like it until
    // the next start.)
    if let Ok(report) = Store::<Notes>::verify_audit(folder, &common::key()) {
        let lost = |damage: &String| damage.contains("newest digest");
        assert!(!report.damage.iter().any(lost), "{:?}", report.damage);
    }
    let store = common::open(folder);
    let recovered = store.opening().recovered_records;
    let mut numbers = Vec::new();
    let mut wanted = BTreeSet::new();
    for lane in 0..LANES {
        let prefix = format!("made {lane}");
        let acknowledged = run
            .after(&prefix)
            .last()
            .map_or(0, |text| text.parse().unwrap());
        let found = number(&store.snapshot().state, lane);
        assert!(
            (acknowledged..=acknowledged + unknown).contains(&found),
            "lane {lane} has {found} changes, acknowledged were {acknowledged}"
        );
        numbers.push(found);
    }
    assert!(
        shown(&store) == expected(&numbers),
        "not what {numbers:?} changes leave"
    );
    // It serves.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    for (lane, number) in (0..).zip(&mut numbers) {
        *number += 1;
        let made = runtime.block_on(load::change(&store, lane));
        assert_eq!(made, Ok(*number), "it does not serve");
    }
    assert!(shown(&store) == expected(&numbers));
    drop(store);
    for (lane, number) in (0..).zip(&numbers) {
        wanted.extend(records(lane, *number));
    }
    if reads == Reads::Kept {
        wanted.extend(run.after("read").map(str::to_owned));
    }
    // A read that was written and not acknowledged is no fault.
    common::check_traces(folder, &wanted, |id| id.starts_with("read-"));
    recovered
}

fn setting(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.into_string().unwrap())
}

/// How many calls that write the child's whole life has.
fn calls_of_a_whole_life() -> usize {
    let folder = rig::folder();
    let data = folder.path().join("data");
    let run = child(&data, None);
    assert_eq!(run.code, Some(0), "{}", run.message);
    assert_eq!(run.after("refused").count(), 0);
    check(&data, &run);
    assert!(run.calls.len() >= AT_LEAST, "{} calls", run.calls.len());
    run.calls.len()
}

#[test]
fn kill_9_at_calls_that_write_loses_nothing_and_leaves_nothing_half_done() {
    let calls = calls_of_a_whole_life();
    let all = 2 * calls;
    let points = setting("POINTS").map_or(70, |points| points.parse().unwrap());
    let points = points.min(all);
    let (mut killed, mut opening, mut acknowledged, mut recovered) = (0, 0, 0, 0);
    for point in 0..points {
        let place = point * all / points;
        // A torn write has half of its bytes written; every other call is done, and is the last.
        let act = if place < calls { "kill" } else { "torn" };
        let first = place % calls + 1;
        let fault = Fault {
            act,
            kinds: "",
            first,
            last: first,
        };
        let folder = rig::folder();
        let data = folder.path().join("data");
        let run = child(&data, Some(fault));
        let ended = matches!(run.code, None | Some(0));
        assert!(ended, "{fault:?}: {}", run.message);
        killed += usize::from(run.code.is_none());
        opening += usize::from(run.said.is_empty());
        acknowledged += run.after("made").count() + run.after("read").count();
        recovered += check(&data, &run);
    }
    println!(
        "{killed} kills at {calls} calls that write, before one or in its middle ({opening} before the first answer): \
         {acknowledged} calls acknowledged, {recovered} audit records recovered, 0 lost, 0 half done"
    );
    assert!(killed * 10 >= points * 9, "the child's life is too short");
}
