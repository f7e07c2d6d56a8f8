//! Each call that writes fails in turn, once or from then on, until a run is clean.

use std::collections::BTreeMap;

use crate::rig::{self, Call, Fault, Run};
use crate::{check, child, setting};

/// What came of a call that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    /// The store was not opened, and said why.
    NotOpened,
    /// The process ended with its code, and said why.
    Ended,
    /// A change or a read was refused, and the process went on.
    Refused,
    /// Nobody had to be told: see [`may_go_on`].
    WentOn,
    /// The whole life was over before the call.
    Clean,
}

fn outcome(fault: Fault, run: &Run) -> Outcome {
    let refused = run.after("refused").count() > 0;
    let reason = |beginning| {
        let mut lines = run.message.lines();
        let line = lines.find(|line| line.starts_with(beginning));
        // What an operator can look up, and nothing that sends them the wrong way.
        let causes = [
            "the disk is full, or failed",
            "I/O error",
            "os error 5)",
            "os error 28)",
            "unable to open",
            "readonly database",
        ];
        let said = line.is_some_and(|line| causes.iter().any(|cause| line.contains(cause)));
        assert!(said, "{fault:?}: {}", run.message);
        assert!(
            !run.message.contains("damaged"),
            "{fault:?}: {}",
            run.message
        );
    };
    match (run.code, run.hit()) {
        (Some(1), Some(_)) => {
            reason("not opened: ");
            Outcome::NotOpened
        }
        (Some(70), Some(_)) => {
            reason("ended: ");
            Outcome::Ended
        }
        (Some(0), Some(_)) if refused => Outcome::Refused,
        (Some(0), Some(hit)) => {
            assert!(may_go_on(hit, fault), "{fault:?}: {hit:?} went unnoticed");
            // Where syncs are not counted, nothing can be said of them.
            let lost = unsynced_name(&run.calls).filter(|_| fault.kinds.is_empty());
            assert!(lost.is_none(), "{fault:?}: {hit:?}: {lost:?}");
            Outcome::WentOn
        }
        (Some(0), None) if !refused => Outcome::Clean,
        other => panic!("{fault:?}: {other:?}, {:?}: {}", run.said, run.message),
    }
}

/// Whether no acknowledgement stands on this call; [`check`] shows that none did.
fn may_go_on(call: &Call, fault: Fault) -> bool {
    let writes = !matches!(&*call.name, "fsync" | "fdatasync");
    let (full, short) = (fault.act == "enospc", fault.act == "short");
    match &*call.path {
        // The rest of a short write is written by another.
        _ if short => true,
        // SQLite does not look at these, and the journal tries again; [`unsynced_name`] shows that one succeeded.
        "" | "/audit" => call.name == "fsync",
        // A note that is missing costs a check at the next start.
        "/store.head" => writes,
        // The next digest covers these bytes too.
        "/audit/digest.jsonl" => writes,
        // The records wait in the outbox, and later changes for a probe.
        path if path.starts_with("/audit/audit") => writes,
        // A checkpoint, or the emptying of the outbox: both are done later.
        "/store.db" | "/store.db-wal" => writes && full,
        _ => false,
    }
}

/// A name that was made or given, has to last, and was not followed by a sync of its folder.
fn unsynced_name(calls: &[Call]) -> Option<&Call> {
    let (_, lost) = calls.iter().enumerate().find(|(at, call)| {
        let helps = call.path.ends_with("-journal") || call.path.ends_with("-shm");
        let names = matches!(&*call.name, "create" | "rename") && !helps && !call.hit;
        let (folder, _) = call.path.rsplit_once('/').unwrap_or_default();
        let mut later = calls[*at..].iter();
        names && !later.any(|sync| sync.name == "fsync" && sync.path == folder && !sync.hit)
    })?;
    Some(lost)
}

#[test]
fn calls_that_fail_are_told_to_the_caller_or_end_the_process() {
    let all = setting("FAULTS").is_some_and(|faults| faults == "all");
    // The last means that from the call on the disk stays full: nothing is written nor made.
    let acts = [
        ("eio", false, "", 12),
        ("enospc", false, "", 12),
        ("done-eio", false, "", 5),
        ("short", false, "w", 3),
        ("eio", true, "", 3),
        ("enospc", true, "wn", 5),
    ];
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for (act, lasts, kinds, dense) in acts {
        let mut outcomes: BTreeMap<Outcome, usize> = BTreeMap::new();
        let mut unnoticed: BTreeMap<String, usize> = BTreeMap::new();
        let mut next = 1;
        loop {
            let first = next;
            // The short form is dense at the start, where each call is another one.
            next += if all { 1 } else { 1 + next / dense };
            let last = if lasts { usize::MAX } else { first };
            let fault = Fault {
                act,
                kinds,
                first,
                last,
            };
            let folder = rig::folder();
            let data = folder.path().join("data");
            let run = child(&data, Some(fault));
            let outcome = outcome(fault, &run);
            check(&data, &run);
            *outcomes.entry(outcome).or_default() += 1;
            match (outcome, run.hit()) {
                (Outcome::WentOn, Some(Call { name, path, .. })) => {
                    *unnoticed.entry(format!("{name} {path}")).or_default() += 1;
                }
                (Outcome::NotOpened | Outcome::Ended, _) => {
                    let line = run.message.lines().last().unwrap();
                    let line = line.replace(folder.path().to_str().unwrap(), "");
                    *reasons.entry(line).or_default() += 1;
                }
                (Outcome::Clean, _) => break,
                (Outcome::Refused | Outcome::WentOn, _) => {}
            }
        }
        let lasting = if lasts { " from then on" } else { "" };
        println!("{act}{lasting}: {outcomes:?}; went on after {unnoticed:?}");
    }
    println!("reasons given: {reasons:#?}");
}
