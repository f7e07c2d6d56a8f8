//! A node's life under the process driver: started, watched, stopped, removed.
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
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use server::drivers::{
    Driver, DriverError, Ending, File, FileMode, LogLimits, Observation, RelativePath,
};
use server::shim::socket::{Answer, Ask, ask};
use support::*;

#[tokio::test]
async fn a_node_is_started_observed_stopped_and_removed() {
    let place = Place::new();
    let driver = place.adopted().await;
    let node = node("b-1-1");
    let mut endings = driver.endings();
    assert_eq!(driver.observe(&node).await.unwrap(), Observation::Absent);

    let mut launch = launch(
        &node,
        &format!("echo in $PWD with $(cat conf/x.conf) and $COLOUR; {STEADY}"),
    );
    launch.files.push(File {
        path: RelativePath::parse("conf/x.conf").unwrap(),
        mode: FileMode::Private,
        bytes: b"content".to_vec(),
    });
    launch.folders.push(RelativePath::parse("store").unwrap());
    launch.env.push(("COLOUR".to_owned(), "green".to_owned()));
    driver.start(launch.clone()).await.unwrap();
    said(&driver, &node, "ready").await;
    let folder = driver.folder(&node);
    let first = format!("in {} with content and green", folder.display());
    assert_eq!(
        driver.tail(&node, 2).await.unwrap(),
        [first.as_str(), "ready"]
    );
    assert!(folder.join("store").is_dir());
    let seen = running(&driver, &node).await;
    assert!(seen.shim);

    // Starting what runs changes nothing.
    driver.start(launch).await.unwrap();
    assert_eq!(running(&driver, &node).await, seen);

    let Answer::Status {
        resident_kib, pid, ..
    } = ask(&place.control(&node), Ask::Status).unwrap()
    else {
        panic!("no status")
    };
    println!("resident memory of the shim: {resident_kib} KiB");
    assert_eq!(pid, seen.pid);

    driver.stop(&node).await.unwrap();
    assert_eq!(endings.recv().await.unwrap(), node);
    let ended = exited(&driver, &node).await;
    assert_eq!(ended.ending, Ending::Code(0));
    assert_eq!(ended.started_at, seen.started_at);
    assert!(ended.at.unwrap() >= ended.started_at);
    assert_eq!(ended.tail.last().unwrap(), "ready");
    assert!(!is_locked(&place.control(&node)));

    driver.remove(&node).await.unwrap();
    driver.remove(&node).await.unwrap();
    assert_eq!(driver.observe(&node).await.unwrap(), Observation::Absent);
    assert!(!place.control(&node).exists());
}

#[tokio::test]
async fn removing_a_running_node_leaves_nothing() {
    let place = Place::new();
    let driver = place.adopted().await;
    let node = node("b-1-1");
    driver.start(launch(&node, &format!("mkdir -p closed/inner; touch closed/inner/x; chmod 0 closed/inner closed; {STUBBORN}"))).await.unwrap();
    said(&driver, &node, "ready").await;
    let shim = place.shim_pid(&node);
    let user = fs::metadata(driver.folder(&node)).unwrap().uid();
    assert!(place.processes(&node).len() >= 3);

    driver.remove(&node).await.unwrap();
    assert_eq!(place.processes(&node), Vec::<u32>::new());
    assert_eq!(stat(shim), None, "the shim is reaped");
    let left: Vec<_> = fs::read_dir(place.nodes())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, [".driver.lock"]);
    for hierarchy in ["", "unified", "memory", "pids"] {
        let group = format!("/sys/fs/cgroup/{hierarchy}/{}/{node}", place.group);
        assert!(!fs::exists(&group).unwrap(), "{group}");
    }
    if is_root() {
        let other = support::node("b-2-1");
        driver.start(launch(&other, STEADY)).await.unwrap();
        assert_eq!(
            fs::metadata(driver.folder(&other)).unwrap().uid(),
            user,
            "its user id is free again"
        );
        driver.remove(&other).await.unwrap();
    }
}

#[tokio::test]
async fn a_node_that_ignores_the_request_to_end_is_killed_with_all_it_started() {
    let place = Place::new();
    let driver = place.adopted().await;
    let node = node("b-1-1");
    let mut stubborn = launch(&node, STUBBORN);
    stubborn.stop_grace = Duration::from_millis(300);
    driver.start(stubborn).await.unwrap();
    said(&driver, &node, "ready").await;
    let all = place.processes(&node);
    assert!(all.len() >= 3, "{all:?}");

    let began = Instant::now();
    driver.stop(&node).await.unwrap();
    println!("ended after {:?}, of which 300 ms grace", began.elapsed());
    assert!(began.elapsed() >= Duration::from_millis(300));
    assert_eq!(exited(&driver, &node).await.ending, Ending::Signal(9));
    for pid in all {
        assert_eq!(stat(pid), None, "{pid} is neither alive nor a zombie");
    }
    assert!(!is_locked(&place.control(&node)));
}

#[tokio::test]
async fn a_node_that_ends_by_itself_is_noticed_and_says_how() {
    let place = Place::new();
    let driver = place.adopted().await;
    let node = node("b-1-1");
    let mut endings = driver.endings();
    driver
        .start(launch(&node, "echo Address already in use >&2; exit 78"))
        .await
        .unwrap();
    assert_eq!(endings.recv().await.unwrap(), node);
    let ended = exited(&driver, &node).await;
    assert_eq!(ended.ending, Ending::Code(78));
    assert_eq!(ended.tail, ["Address already in use"]);

    // Each run's last words are its own.
    driver.start(launch(&node, STEADY)).await.unwrap();
    said(&driver, &node, "ready").await;
    let seen = running(&driver, &node).await;
    let killed = Instant::now();
    kill(seen.pid, Signal::KILL);
    assert_eq!(endings.recv().await.unwrap(), node);
    println!("noticed {:?} after kill -9", killed.elapsed());
    assert!(killed.elapsed() < Duration::from_secs(1));
    let ended = exited(&driver, &node).await;
    assert_eq!(ended.ending, Ending::Signal(9));
    assert_eq!(ended.tail, ["ready"]);
    assert_eq!(
        driver.tail(&node, 5).await.unwrap(),
        ["Address already in use", "ready"]
    );
    driver.start(launch(&node, STEADY)).await.unwrap();
    assert_ne!(running(&driver, &node).await.pid, seen.pid);
    driver.remove(&node).await.unwrap();
}

#[tokio::test]
async fn what_cannot_be_executed_is_told_in_words_and_leaves_nothing_running() {
    let place = Place::new();
    let driver = place.adopted().await;
    let node = node("b-1-1");
    let with = |argv: &[&str]| {
        let mut with = launch(&node, "");
        with.argv = argv.iter().map(|&argument| argument.to_owned()).collect();
        with
    };
    let plain = File {
        path: RelativePath::parse("plain").unwrap(),
        mode: FileMode::Private,
        bytes: b"#!/bin/sh\n".to_vec(),
    };
    let mut not_executable = with(&[driver.folder(&node).join("plain").to_str().unwrap()]);
    not_executable.files.push(plain);
    for (launch, text) in [
        (
            with(&["no-such-java"]),
            "the program `no-such-java` was not found; is the engine installed?",
        ),
        (
            with(&["/opt/none/java"]),
            "the program `/opt/none/java` was not found; is the engine installed?",
        ),
        (not_executable, "may not be executed: Permission denied"),
        (
            with(&[]),
            "node `b-1-1` cannot be started: it has no program",
        ),
        (
            with(&["/bin/sh", "a\0b"]),
            "node `b-1-1` cannot be started: an argument has a zero byte",
        ),
    ] {
        let error = driver.start(launch).await.unwrap_err();
        assert!(error.to_string().ends_with(text), "{error}");
        assert_eq!(driver.observe(&node).await.unwrap(), Observation::Absent);
        assert!(!is_locked(&place.control(&node)));
    }
    assert_eq!(place.processes(&node), Vec::<u32>::new());
    driver.start(launch(&node, STEADY)).await.unwrap();
    driver.remove(&node).await.unwrap();
}

#[tokio::test]
async fn nothing_secret_is_in_a_command_line_and_private_files_are_private() {
    let place = Place::new();
    let driver = place.adopted().await;
    let node = node("b-1-1");
    let mut launch = launch(&node, STEADY);
    launch.files.push(File {
        path: RelativePath::parse("conf/secret").unwrap(),
        mode: FileMode::Secret,
        bytes: b"hunter2".to_vec(),
    });
    driver.start(launch).await.unwrap();
    said(&driver, &node, "ready").await;
    let seen = running(&driver, &node).await;
    for pid in [seen.pid, place.shim_pid(&node)] {
        for kind in ["cmdline", "environ"] {
            let text = String::from_utf8_lossy(&fs::read(format!("/proc/{pid}/{kind}")).unwrap())
                .into_owned();
            assert!(!text.contains("hunter2"), "{kind}: {text}");
        }
    }
    assert!(!place.control(&node).join("launch.json").exists());
    let mode = |path: &str| {
        fs::metadata(place.control(&node).join(path))
            .unwrap()
            .permissions()
            .mode()
            & 0o777
    };
    assert_eq!(mode("data/conf/secret"), 0o400);
    assert_eq!(mode("data"), 0o700);
    assert_eq!(mode("state.json"), 0o600);
    assert_eq!(mode("shim.sock") & 0o077, 0);
    assert_eq!(mode(""), if is_root() { 0o710 } else { 0o700 });
    driver.remove(&node).await.unwrap();
}

#[tokio::test]
async fn files_are_replaced_while_the_node_runs() {
    let place = Place::new();
    let driver = place.adopted().await;
    let node = node("b-1-1");
    let file = |bytes: &[u8]| {
        vec![File {
            path: RelativePath::parse("conf/users").unwrap(),
            mode: FileMode::Private,
            bytes: bytes.to_vec(),
        }]
    };
    assert!(matches!(
        driver.write(&node, file(b"x")).await,
        Err(DriverError::Absent { .. })
    ));
    assert!(!place.control(&node).exists());
    driver.start(launch(&node, STEADY)).await.unwrap();
    driver.write(&node, file(b"new")).await.unwrap();
    let path = driver.folder(&node).join("conf/users");
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert_eq!(
        fs::metadata(&path).unwrap().uid(),
        fs::metadata(driver.folder(&node)).unwrap().uid()
    );
    driver.remove(&node).await.unwrap();
}

#[tokio::test]
async fn the_output_of_a_node_is_bounded() {
    let place = Place::new();
    let driver = place.adopted().await;
    let node = node("b-1-1");
    let mut chatty = launch(
        &node,
        "i=0; while :; do i=$((i+1)); echo line $i; [ $((i % 500)) = 0 ] && sleep 0.05; done",
    );
    chatty.log = LogLimits {
        file_bytes: 4096,
        old_files: 2,
    };
    driver.start(chatty).await.unwrap();
    let log = place.control(&node).join("log");
    eventually("the output is put aside twice", async || {
        log.join("output.log.2").exists()
    })
    .await;
    driver.stop(&node).await.unwrap();
    assert_eq!(fs::read_dir(&log).unwrap().count(), 3);
    driver.remove(&node).await.unwrap();
}

#[tokio::test]
async fn the_shim_answers_on_its_socket() {
    let place = Place::new();
    let driver = place.adopted().await;
    let node = node("b-1-1");
    driver
        .start(launch(
            &node,
            "trap 'echo hup' HUP; echo ready; while :; do sleep 0.05; done",
        ))
        .await
        .unwrap();
    said(&driver, &node, "ready").await;
    let control = place.control(&node);
    assert_eq!(
        ask(&control, Ask::Signal { signal: 1 }).unwrap(),
        Answer::Done
    );
    said(&driver, &node, "hup").await;
    assert!(matches!(
        ask(&control, Ask::Signal { signal: 4000 }).unwrap(),
        Answer::Refused { .. }
    ));
    let mut endings = driver.endings();
    assert_eq!(ask(&control, Ask::Exit).unwrap(), Answer::Done);
    assert_eq!(endings.recv().await.unwrap(), node);
    assert_eq!(exited(&driver, &node).await.ending, Ending::Signal(9));
    assert!(ask(&control, Ask::Status).is_err());
}

#[test]
fn all_this_holds_as_an_unprivileged_user() {
    if !is_root() {
        println!("skipped: it is one already");
        return;
    }
    repeat_unprivileged(&[]);
}
