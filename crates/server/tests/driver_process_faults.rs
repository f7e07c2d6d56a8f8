//! What the process driver does when Postern, a shim or the machine fails it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

#[path = "driver_process/support.rs"]
mod support;

use std::fs;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use server::drivers::process::ProcessDriver;
use server::drivers::{Driver, DriverError, Ending, Observation};
use support::*;

#[tokio::test]
async fn a_node_survives_the_death_of_its_control_plane_and_is_adopted() {
    let place = Place::new();
    let node = node("b-1-1");
    let mut plane = place.control_plane(STEADY);
    assert_eq!(plane.hear().unwrap(), "ready");
    plane.tell("start b-1-1");
    assert_eq!(plane.hear().unwrap(), "done");
    let pid = place.record(&node, "state.json")["broker"]["pid"]
        .as_u64()
        .unwrap();
    plane.kill();

    let driver = place.adopted().await;
    let seen = running(&driver, &node).await;
    assert_eq!(u64::from(seen.pid), pid);
    assert!(seen.shim);
    said(&driver, &node, "ready").await;
    assert_eq!(
        place
            .processes(&node)
            .iter()
            .filter(|&&other| other == seen.pid)
            .count(),
        1
    );

    // The new control plane did not start it and yet learns how it ends.
    let mut endings = driver.endings();
    driver.stop(&node).await.unwrap();
    assert_eq!(endings.recv().await.unwrap(), node);
    assert_eq!(exited(&driver, &node).await.ending, Ending::Code(0));
}

#[tokio::test]
async fn a_node_that_ended_while_no_control_plane_was_there_says_how() {
    let place = Place::new();
    let node = node("b-1-1");
    let mut plane = place.control_plane("sleep 0.3; echo bye; exit 3");
    assert_eq!(plane.hear().unwrap(), "ready");
    plane.tell("start b-1-1");
    assert_eq!(plane.hear().unwrap(), "done");
    plane.kill();
    eventually("it ends", async || {
        place.control(&node).join("exit.json").exists()
    })
    .await;
    let driver = place.adopted().await;
    let ended = exited(&driver, &node).await;
    assert_eq!(
        (ended.ending, ended.tail),
        (Ending::Code(3), vec!["bye".to_owned()])
    );
}

/// The control plane is killed at moments spread over the whole of an operation. Whatever the moment, its successor finds a
/// state that is one or the other, never two brokers, and can go on.
async fn killed_during(operation: &str, rounds: u32) {
    let place = Place::new();
    let node = node("b-1-1");
    let (mut ran, mut ended, mut absent) = (0, 0, 0);
    let mut took = Duration::from_millis(40);
    for round in 0..rounds {
        let mut plane = place.control_plane(STEADY);
        assert_eq!(plane.hear().unwrap(), "ready");
        if operation != "start" {
            plane.tell("start b-1-1");
            assert_eq!(plane.hear().unwrap(), "done");
        }
        let began = Instant::now();
        plane.tell(&format!("{operation} b-1-1"));
        if round == 0 {
            // Not killed: to learn how long it takes.
            assert_eq!(plane.hear().unwrap(), "done");
            took = began.elapsed();
        } else {
            tokio::time::sleep(took * round / rounds).await;
        }
        plane.kill();

        let driver = place.adopted().await;
        match driver.observe(&node).await.unwrap() {
            Observation::Running(_) => ran += 1,
            Observation::Exited(_) => ended += 1,
            Observation::Absent => absent += 1,
        }
        // One that was told to end may still be about to when it is adopted: then it is started once more.
        eventually("one broker runs", async || {
            driver.start(launch(&node, STEADY)).await.unwrap();
            let Observation::Running(seen) = driver.observe(&node).await.unwrap() else {
                return false;
            };
            let shim = place.shim_pid(&node).to_string();
            let all = place.processes(&node).into_iter();
            let brokers: Vec<u32> = all
                .filter(|&pid| stat(pid).is_some_and(|fields| fields[1] == shim))
                .collect();
            assert!(brokers.len() <= 1, "{brokers:?}");
            brokers == [seen.pid]
        })
        .await;
        driver.remove(&node).await.unwrap();
        assert_eq!(place.processes(&node), Vec::<u32>::new());
        assert!(!place.control(&node).exists());
    }
    println!(
        "{rounds} control planes killed during {operation} ({took:?}): {ran} ran on, {ended} ended, {absent} absent"
    );
}

#[tokio::test]
async fn the_control_plane_may_be_killed_at_any_moment_of_a_start() {
    killed_during("start", 40).await;
}

#[tokio::test]
async fn the_control_plane_may_be_killed_at_any_moment_of_a_stop() {
    killed_during("stop", 20).await;
}

#[tokio::test]
async fn the_control_plane_may_be_killed_at_any_moment_of_a_removal() {
    killed_during("remove", 20).await;
}

#[tokio::test]
async fn the_shim_may_be_killed_at_any_moment_of_a_start() {
    let place = Place::new();
    let driver = place.adopted().await;
    let node = node("b-1-1");
    let (mut ran, mut failed) = (0, 0);
    let rounds = 40;
    for round in 0..rounds {
        let start = driver.start(launch(&node, STEADY));
        let command = format!("shim\0{}\0", place.control(&node).display());
        // Its own record of itself comes late: it is known by its command line.
        let shim = async {
            let is_shim = |pid: &u32| {
                String::from_utf8_lossy(
                    &fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default(),
                )
                .ends_with(&command)
            };
            loop {
                if let Some(pid) = pids().into_iter().find(is_shim) {
                    tokio::time::sleep(Duration::from_millis(1) * round).await;
                    kill(pid, Signal::KILL);
                    return;
                }
                tokio::task::yield_now().await;
            }
        };
        let (started, ()) = tokio::join!(start, shim);
        match (started, driver.observe(&node).await.unwrap()) {
            (Ok(()), Observation::Running(_)) => ran += 1,
            (Ok(()), Observation::Exited(_))
            | (Err(_), Observation::Absent | Observation::Exited(_)) => failed += 1,
            (started, seen) => panic!("{started:?}, {seen:?}"),
        }
        // Whatever it was, it can be gone on from.
        driver.start(launch(&node, STEADY)).await.unwrap();
        running(&driver, &node).await;
        driver.remove(&node).await.unwrap();
        assert_eq!(place.processes(&node), Vec::<u32>::new());
    }
    println!("{rounds} shims killed during start: {ran} brokers ran on, {failed} did not come up");
}

/// Kills each process that takes part (control plane, shim, second stage, broker) at its nth system call of a kind, for every n
/// there is up to a limit, by means of strace. Afterwards the next control plane must be able to go on.
#[tokio::test]
async fn a_start_may_be_cut_short_at_its_nth_system_call() {
    let strace = std::process::Command::new("strace").arg("-V").output();
    if !strace.is_ok_and(|output| output.status.success()) {
        println!("skipped: there is no strace");
        return;
    }
    let place = Place::new();
    let node = node("b-1-1");
    let (mut points, mut killed) = (0, 0);
    for (calls, last, step) in [
        ("fsync", 6, 1),
        ("rename,renameat,renameat2", 3, 1),
        ("mkdir,mkdirat", 6, 1),
        ("flock", 2, 1),
        ("fchmod,fchown,chown,fchownat", 3, 1),
        ("unlink,unlinkat", 3, 1),
        ("clone,clone3,vfork,execve", 3, 1),
        ("socket,socketpair,bind,listen,pidfd_open", 5, 1),
        ("openat", 60, 5),
        ("write,sendto", 12, 2),
    ] {
        for nth in (1..=last).step_by(step) {
            points += 1;
            let (trace, inject) = (
                format!("trace={calls}"),
                format!("inject={calls}:signal=SIGKILL:when={nth}"),
            );
            let strace = [
                "strace",
                "-f",
                "-q",
                "-o",
                "/dev/null",
                "-e",
                &trace,
                "-e",
                &inject,
            ];
            let mut plane = place.control_plane_under(&strace, STEADY);
            plane.tell("start b-1-1");
            // Said, or ended before that.
            let said = plane.hear().and_then(|_| plane.hear());
            killed += u32::from(said.as_deref() != Some("done"));
            plane.kill_traced();

            let driver = place.adopted().await;
            driver.start(launch(&node, STEADY)).await.unwrap();
            running(&driver, &node).await;
            driver.remove(&node).await.unwrap();
            assert_eq!(place.processes(&node), Vec::<u32>::new());
            assert!(!place.control(&node).exists());
        }
    }
    println!("{killed} of {points} starts were cut short");
    assert!(killed >= 20, "{killed}");
}

#[tokio::test]
async fn a_lack_of_descriptors_is_named_and_passes() {
    let place = Place::new();
    let node = node("b-1-1");
    let (mut named, mut done) = (0, 0);
    for most in 8..40 {
        let limit = format!("--nofile={most}:4096");
        let mut plane = place.control_plane_under(&["prlimit", &limit], STEADY);
        if plane.hear().as_deref() != Some("ready") {
            // Not even the runtime found enough.
            plane.kill();
            continue;
        }
        plane.tell("start b-1-1");
        match plane.hear().unwrap().as_str() {
            "done" => done += 1,
            "the machine is out of open files; the broker cannot be started now" => named += 1,
            other => panic!("with {most} descriptors: {other}"),
        }
        let raise = std::process::Command::new("prlimit")
            .args(["--nofile=4096:4096", "--pid", &plane.child.id().to_string()])
            .status();
        assert!(raise.unwrap().success());
        for order in ["start b-1-1", "stop b-1-1", "remove b-1-1"] {
            plane.tell(order);
            assert_eq!(
                plane.hear().unwrap(),
                "done",
                "{order} after {most} descriptors"
            );
        }
        plane.kill();
        assert_eq!(place.processes(&node), Vec::<u32>::new());
    }
    println!("{named} starts were refused for want of descriptors, {done} succeeded");
    assert!(named > 0 && done > 0);
}

#[tokio::test]
async fn one_broken_folder_does_not_keep_the_others_from_being_adopted() {
    let place = Place::new();
    let (good, broken) = (node("b-1-1"), node("b-2-1"));
    let driver = place.adopted().await;
    for node in [&good, &broken] {
        driver.start(launch(node, STEADY)).await.unwrap();
    }
    driver.stop(&broken).await.unwrap();
    drop(driver);
    // A lock that cannot be opened, and a user that is none.
    let control = place.control(&broken);
    fs::remove_file(control.join(".lock")).unwrap();
    fs::create_dir(control.join(".lock")).unwrap();
    fs::write(control.join("user"), "0").unwrap();
    let driver = place.driver();
    let adopted = driver.adopt().await.unwrap();
    assert_eq!(adopted.len(), 1);
    assert_eq!(adopted[0].0, good);
    running(&driver, &good).await;
    assert!(driver.start(launch(&broken, STEADY)).await.is_err());
    assert_eq!(place.processes(&broken), Vec::<u32>::new());
    driver.remove(&good).await.unwrap();
}

#[tokio::test]
async fn an_adoption_that_is_cut_short_is_repeated_by_the_next() {
    let place = Place::new();
    let nodes: Vec<_> = (0..5)
        .map(|number| node(&format!("b-{number}-1")))
        .collect();
    let driver = place.adopted().await;
    let mut pids = Vec::new();
    for node in &nodes {
        driver.start(launch(node, STEADY)).await.unwrap();
        pids.push(running(&driver, node).await.pid);
    }
    drop(driver);
    for round in 0..20 {
        let plane = place.control_plane(STEADY);
        tokio::time::sleep(Duration::from_millis(1) * round).await;
        plane.kill();
    }
    let driver = place.adopted().await;
    for (node, pid) in nodes.iter().zip(pids) {
        let seen = running(&driver, node).await;
        assert_eq!((seen.pid, seen.shim), (pid, true));
        driver.remove(node).await.unwrap();
    }
}

#[tokio::test]
async fn a_stray_that_closed_the_lock_is_ended_before_the_next_start() {
    let place = Place::new();
    let driver = place.adopted().await;
    let node = node("b-1-1");
    // As daemons do: every inherited descriptor is closed.
    let daemon =
        "for fd in 3 4 5 6 7 8 9; do eval \"exec $fd>&-\"; done; while :; do sleep 1; done";
    driver
        .start(launch(
            &node,
            &format!("setsid sh -c '{daemon}' & {STEADY}"),
        ))
        .await
        .unwrap();
    said(&driver, &node, "ready").await;
    let (main, shim) = (running(&driver, &node).await.pid, place.shim_pid(&node));
    drop(driver);
    kill(shim, Signal::KILL);
    kill(main, Signal::KILL);
    eventually("nothing holds the lock", async || {
        !is_locked(&place.control(&node))
    })
    .await;
    let strays = place.processes(&node);
    let driver = place.adopted().await;
    driver.start(launch(&node, STEADY)).await.unwrap();
    assert!(strays.iter().all(|&pid| !is_alive(pid)));
    driver.remove(&node).await.unwrap();
}

#[tokio::test]
async fn a_node_runs_on_without_its_shim_and_its_end_is_noticed() {
    let place = Place::new();
    let driver = place.adopted().await;
    let node = node("b-1-1");
    driver
        .start(launch(
            &node,
            "(while :; do sleep 1; done) & while :; do echo ready; sleep 0.05; done",
        ))
        .await
        .unwrap();
    said(&driver, &node, "ready").await;
    let before = running(&driver, &node).await;
    kill(place.shim_pid(&node), Signal::KILL);
    eventually("it is noticed", async || {
        !running(&driver, &node).await.shim
    })
    .await;
    assert_eq!(running(&driver, &node).await.pid, before.pid);
    assert!(
        is_locked(&place.control(&node)),
        "the broker holds the lock by itself"
    );

    // A successor adopts it just so.
    drop(driver);
    let driver = place.adopted().await;
    let seen = running(&driver, &node).await;
    assert_eq!((seen.pid, seen.shim), (before.pid, false));
    let size = driver.tail(&node, 1000).await.unwrap().len();
    eventually("it still writes", async || {
        driver.tail(&node, 1000).await.unwrap().len() > size
    })
    .await;

    let mut endings = driver.endings();
    let killed = Instant::now();
    kill(before.pid, Signal::KILL);
    assert_eq!(endings.recv().await.unwrap(), node);
    println!(
        "noticed {:?} after kill -9, without a shim",
        killed.elapsed()
    );
    assert!(killed.elapsed() < Duration::from_secs(1));
    assert_eq!(exited(&driver, &node).await.ending, Ending::Unknown);
    assert_eq!(
        place.processes(&node),
        Vec::<u32>::new(),
        "what it started is gone too"
    );
    driver.start(launch(&node, STEADY)).await.unwrap();
    driver.remove(&node).await.unwrap();
}

#[tokio::test]
async fn a_node_without_a_shim_is_stopped_with_all_it_started() {
    let place = Place::new();
    let driver = place.adopted().await;
    let node = node("b-1-1");
    let mut stubborn = launch(&node, STUBBORN);
    stubborn.stop_grace = Duration::from_millis(200);
    driver.start(stubborn).await.unwrap();
    said(&driver, &node, "ready").await;
    kill(place.shim_pid(&node), Signal::KILL);
    driver.stop(&node).await.unwrap();
    assert_eq!(place.processes(&node), Vec::<u32>::new());
    assert!(!is_locked(&place.control(&node)));
}

#[tokio::test]
async fn what_a_dead_broker_and_shim_left_behind_is_ended_at_adoption() {
    let place = Place::new();
    let node = node("b-1-1");
    let driver = place.adopted().await;
    driver.start(launch(&node, STUBBORN)).await.unwrap();
    said(&driver, &node, "ready").await;
    let (main, shim) = (running(&driver, &node).await.pid, place.shim_pid(&node));
    // Nobody watches any more: a dropped driver's folder is free and its nodes run on.
    drop(driver);
    kill(shim, Signal::STOP);
    kill(shim, Signal::KILL);
    kill(main, Signal::KILL);
    eventually("both are dead", async || !is_alive(main) && !is_alive(shim)).await;
    let driver = place.adopted().await;
    assert_eq!(exited(&driver, &node).await.ending, Ending::Unknown);
    assert_eq!(place.processes(&node), Vec::<u32>::new());
    assert!(!is_locked(&place.control(&node)));
}

#[tokio::test]
async fn a_shim_that_hangs_does_not_keep_its_node() {
    let place = Place::new();
    let driver = place.adopted().await;
    let node = node("b-1-1");
    driver.start(launch(&node, STEADY)).await.unwrap();
    said(&driver, &node, "ready").await;
    let shim = place.shim_pid(&node);
    kill(shim, Signal::STOP);
    driver.remove(&node).await.unwrap();
    assert!(!is_alive(shim));
    assert!(!place.control(&node).exists());
}

/// Rewrites the record of who runs.
fn forge(place: &Place, node: &server::drivers::NodeId, change: impl Fn(&mut serde_json::Value)) {
    let path = place.control(node).join("state.json");
    let mut state = place.record(node, "state.json");
    change(&mut state);
    fs::write(path, state.to_string()).unwrap();
}

async fn an_innocent_survives(change: impl Fn(&mut serde_json::Value, u32), expected: Ending) {
    let place = Place::new();
    let node = node("b-1-1");
    let driver = place.adopted().await;
    driver.start(launch(&node, STEADY)).await.unwrap();
    driver.stop(&node).await.unwrap();
    fs::remove_file(place.control(&node).join("exit.json")).unwrap();
    drop(driver);

    let mut innocent = std::process::Command::new("/bin/sleep")
        .arg("1000")
        .spawn()
        .unwrap();
    forge(&place, &node, |state| change(state, innocent.id()));
    let driver = place.adopted().await;
    assert_eq!(exited(&driver, &node).await.ending, expected);
    driver.stop(&node).await.unwrap();
    driver.remove(&node).await.unwrap();
    assert!(
        innocent.try_wait().unwrap().is_none(),
        "it was never signalled"
    );
    innocent.kill().unwrap();
    innocent.wait().unwrap();
}

#[tokio::test]
async fn a_process_that_has_a_dead_brokers_number_is_never_signalled() {
    let change = |state: &mut serde_json::Value, innocent: u32| {
        for role in ["broker", "shim"] {
            state[role]["pid"] = innocent.into();
            state[role]["start"] = (start_time(innocent) + 1).into();
        }
    };
    an_innocent_survives(change, Ending::Unknown).await;
}

#[tokio::test]
async fn the_records_of_another_boot_say_nothing_about_processes() {
    let change = |state: &mut serde_json::Value, innocent: u32| {
        state["boot_id"] = "00000000-0000-0000-0000-000000000000".into();
        for role in ["broker", "shim"] {
            state[role]["pid"] = innocent.into();
            state[role]["start"] = start_time(innocent).into();
        }
    };
    an_innocent_survives(change, Ending::MachineRestarted).await;
}

#[tokio::test]
async fn a_torn_record_is_no_reason_to_start_a_second_broker() {
    let place = Place::new();
    let node = node("b-1-1");
    let driver = place.adopted().await;
    driver.start(launch(&node, STEADY)).await.unwrap();
    let pid = running(&driver, &node).await.pid;
    drop(driver);
    fs::write(
        place.control(&node).join("state.json"),
        "{\"version\":1,\"boo",
    )
    .unwrap();
    let driver = place.driver();
    let error = driver.start(launch(&node, STEADY)).await.unwrap_err();
    assert!(matches!(error, DriverError::FolderInUse { .. }), "{error}");
    assert!(is_alive(pid));
    // Adoption ends what it cannot understand, and then it can be started.
    driver.adopt().await.unwrap();
    assert!(!is_alive(pid));
    driver.start(launch(&node, STEADY)).await.unwrap();
    driver.remove(&node).await.unwrap();
}

#[tokio::test]
async fn a_second_driver_on_the_same_folder_is_refused() {
    let place = Place::new();
    let driver = place.adopted().await;
    let error = ProcessDriver::open(place.config()).err().unwrap();
    assert!(
        matches!(error, DriverError::AlreadyManaged { .. }),
        "{error}"
    );
    let mut plane = place.control_plane(STEADY);
    assert!(
        plane
            .hear()
            .unwrap()
            .ends_with("is already managed by another postern process")
    );
    plane.child.wait().unwrap();
    drop(driver);
    place.driver();
}

#[tokio::test]
async fn a_node_whose_lock_is_held_is_not_started() {
    let place = Place::new();
    let node = node("b-1-1");
    let driver = place.adopted().await;
    driver.start(launch(&node, STEADY)).await.unwrap();
    driver.stop(&node).await.unwrap();
    let file = fs::File::open(place.control(&node).join(".lock")).unwrap();
    rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive).unwrap();
    let error = driver.start(launch(&node, STEADY)).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the data folder of node `b-1-1` is in use by another process"
    );
    drop(file);
    driver.start(launch(&node, STEADY)).await.unwrap();
    driver.remove(&node).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_nodes_are_adopted_within_a_second() {
    let place = Place::new();
    let driver = place.adopted().await;
    let nodes: Vec<_> = (0..100)
        .map(|number| node(&format!("b-{number:03}-1")))
        .collect();
    let began = Instant::now();
    for some in nodes.chunks(10) {
        let starts: Vec<_> = some
            .iter()
            .map(|node| driver.start(launch(node, "exec sleep 1000")))
            .collect();
        for start in starts {
            start.await.unwrap();
        }
    }
    println!("100 nodes started in {:?}", began.elapsed());
    let mut pids = Vec::new();
    for node in &nodes {
        pids.push(running(&driver, node).await.pid);
    }
    drop(driver);
    let driver = place.driver();
    let began = Instant::now();
    let adopted = driver.adopt().await.unwrap();
    let took = began.elapsed();
    println!("100 nodes adopted in {took:?}");
    let seen: Vec<u32> = adopted
        .iter()
        .map(|(_, seen)| match seen {
            Observation::Running(running) => running.pid,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(seen, pids);
    assert!(took < Duration::from_secs(1), "{took:?}");
    let resident: Vec<u64> = nodes
        .iter()
        .map(|node| status_kib(place.shim_pid(node), "VmRSS"))
        .collect();
    let private: u64 = nodes
        .iter()
        .map(|node| private_kib(place.shim_pid(node)))
        .sum();
    println!(
        "shims: resident {} KiB each at most, private {} KiB each",
        resident.iter().max().unwrap(),
        private / 100
    );
    assert!(
        private / 100 < 1024,
        "a shim has {} KiB of its own",
        private / 100
    );
    let began = Instant::now();
    let removals: Vec<_> = nodes.iter().map(|node| driver.remove(node)).collect();
    for removal in removals {
        removal.await.unwrap();
    }
    println!("100 nodes removed in {:?}", began.elapsed());
}

fn status_kib(pid: u32, name: &str) -> u64 {
    status_line(pid, name)
        .split(' ')
        .next()
        .unwrap()
        .parse()
        .unwrap()
}

fn private_kib(pid: u32) -> u64 {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap();
    let field = |line: &str| {
        line.split_ascii_whitespace()
            .nth(1)
            .unwrap()
            .parse::<u64>()
            .unwrap()
    };
    text.lines()
        .filter(|line| line.starts_with("Private_"))
        .map(field)
        .sum()
}

#[test]
fn all_this_holds_as_an_unprivileged_user() {
    if !is_root() {
        println!("skipped: it is one already");
        return;
    }
    repeat_unprivileged(&["at_any_moment", "a_hundred", "nth_system_call"]);
}
