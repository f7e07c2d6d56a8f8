//! What keeps nodes apart from each other and from the machine, with and without root.
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
use std::process::Command;

use server::drivers::process::ProcessDriver;
use server::drivers::{Driver, DriverError, Ending, File, FileMode, Observation, RelativePath};
use support::*;

fn skipped_without_root() -> bool {
    if !is_root() {
        println!("skipped: it takes root");
    }
    !is_root()
}

#[tokio::test]
async fn what_is_missing_on_this_machine_is_said() {
    let place = Place::new();
    let driver = place.driver();
    let can = driver.capabilities();
    println!("{can:#?}");
    assert_eq!(can.own_user, is_root());
    assert_eq!(server::drivers::process::examine(&place.config()), can);
    if !is_root() {
        assert!(
            can.notes[0]
                .starts_with("postern does not run as root: all brokers run as the user with id ")
        );
        assert!(can.notes[1].contains("memory and task limits of brokers are not enforced"));
    } else if !can.memory_limit || !can.task_limit || !can.group_kill {
        assert!(!can.notes.is_empty());
    }
}

#[tokio::test]
async fn a_broker_has_no_privileges_and_as_root_a_user_of_its_own() {
    let place = Place::new();
    let driver = place.adopted().await;
    let (one, two) = (node("b-1-1"), node("b-2-1"));
    for node in [&one, &two] {
        driver
            .start(launch(
                node,
                &format!("touch private; chmod 644 private; {STEADY}"),
            ))
            .await
            .unwrap();
        said(&driver, node, "ready").await;
    }
    let (first, second) = (running(&driver, &one).await, running(&driver, &two).await);
    for pid in [first.pid, second.pid] {
        assert_eq!(status_line(pid, "NoNewPrivs"), "1");
        let sets: &[&str] = if is_root() {
            &["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"]
        } else {
            &["CapPrm", "CapEff"]
        };
        for set in sets {
            assert_eq!(
                u64::from_str_radix(&status_line(pid, set), 16).unwrap(),
                0,
                "{set}"
            );
        }
        let limits = fs::read_to_string(format!("/proc/{pid}/limits")).unwrap();
        let core = limits
            .lines()
            .find(|line| line.starts_with("Max core file size"))
            .unwrap();
        assert_eq!(core.split_ascii_whitespace().nth(4).unwrap(), "0");
        // It leads its shim's session and not ours.
        assert_ne!(stat(pid).unwrap()[3], stat(std::process::id()).unwrap()[3]);
        // Its only descriptors are the three and the lock.
        let fds: Vec<_> = fs::read_dir(format!("/proc/{pid}/fd"))
            .unwrap()
            .map(|fd| fs::read_link(fd.unwrap().path()).unwrap())
            .collect();
        let of = |name: &str| fds.iter().filter(|target| target.ends_with(name)).count();
        assert_eq!(
            (of("null"), of("output.log"), of(".lock")),
            (1, 2, 1),
            "{fds:?}"
        );
        assert!(fds.len() <= 5, "{fds:?}");
    }
    if is_root() {
        let user = |pid| {
            status_line(pid, "Uid")
                .split('\t')
                .map(|id| id.parse::<u32>().unwrap())
                .collect::<Vec<_>>()
        };
        let group = |pid| {
            status_line(pid, "Gid")
                .split('\t')
                .map(|id| id.parse::<u32>().unwrap())
                .collect::<Vec<_>>()
        };
        assert_eq!(user(first.pid), vec![place.first_user; 4]);
        assert_eq!(group(first.pid), vec![place.first_user; 4]);
        assert_eq!(user(second.pid), vec![place.first_user + 1; 4]);
        assert_eq!(status_line(first.pid, "Groups"), "");
        assert_eq!(
            fs::metadata(driver.folder(&one)).unwrap().uid(),
            place.first_user
        );
    }
    for node in [&one, &two] {
        driver.remove(node).await.unwrap();
    }
}

/// Each probe is run as the first node's user, by itself, and must fail.
#[tokio::test]
async fn a_broker_cannot_get_at_another_or_at_postern() {
    if skipped_without_root() {
        return;
    }
    let place = Place::new();
    let driver = place.adopted().await;
    let (one, two) = (node("b-1-1"), node("b-2-1"));
    let mut victim = launch(&two, STEADY);
    victim.files.push(File {
        path: RelativePath::parse("open").unwrap(),
        mode: FileMode::Readable,
        bytes: b"x".to_vec(),
    });
    driver.start(victim).await.unwrap();
    said(&driver, &two, "ready").await;
    let (pid, shim, control) = (
        running(&driver, &two).await.pid,
        place.shim_pid(&two),
        place.control(&two).display().to_string(),
    );
    let own = place.control(&one).display().to_string();
    let nodes = place.nodes().display().to_string();
    let probes = [
        format!("ls {control}/data"),
        format!("cat {control}/data/open"),
        format!("touch {control}/data/x"),
        format!("ls {control}"),
        format!("cat {control}/state.json"),
        format!("cat {control}/log/output.log"),
        format!("ls {nodes}"),
        format!("touch {nodes}/x"),
        format!("mkdir {nodes}/b-9-9"),
        format!("cat {own}/state.json"),
        format!("ls {own}"),
        format!("touch {own}/exit.json"),
        format!("rm -f {own}/state.json"),
        format!("cat {own}/log/output.log"),
        format!("kill -0 {pid}"),
        format!("kill -9 {pid}"),
        format!("kill -9 {shim}"),
        "kill -9 $PPID".to_owned(),
        format!("kill -9 {}", std::process::id()),
        format!("cat /proc/{pid}/environ"),
        format!("cat /proc/{shim}/environ"),
        format!("ls /proc/{pid}/fd"),
        format!("cat /proc/{pid}/mem"),
        "mount -t tmpfs none .".to_owned(),
        "chown 0 .".to_owned(),
        "setpriv --reuid=0 true".to_owned(),
        "cat /etc/shadow".to_owned(),
    ];
    let count = probes.len();
    let script: String = probes
        .iter()
        .enumerate()
        .map(|(number, probe)| {
            format!("if ( {probe} ) >/dev/null 2>&1; then echo escaped {number}; fi; ")
        })
        .collect();
    driver
        .start(launch(
            &one,
            &format!("{script} echo probed; exec sleep 1000"),
        ))
        .await
        .unwrap();
    said(&driver, &one, "probed").await;
    let said = driver.tail(&one, 100).await.unwrap();
    assert_eq!(
        said,
        ["probed"],
        "{:?}",
        said.iter()
            .filter_map(|line| probes.get(line.strip_prefix("escaped ")?.parse::<usize>().ok()?))
            .collect::<Vec<_>>()
    );
    println!("{count} probes denied");
    running(&driver, &two).await;
    for node in [&one, &two] {
        driver.remove(node).await.unwrap();
    }
}

#[tokio::test]
async fn a_broker_that_forks_without_end_meets_its_limit() {
    if skipped_without_root() {
        return;
    }
    let place = Place::new();
    let driver = place.adopted().await;
    if !driver.capabilities().task_limit {
        println!("skipped: no control group limits tasks here");
        return;
    }
    let node = node("b-1-1");
    let mut launch = launch(&node, "echo ready; while :; do sleep 1000 & done");
    launch.limits.tasks = Some(10);
    driver.start(launch).await.unwrap();
    let mut endings = driver.endings();
    if matches!(
        driver.observe(&node).await.unwrap(),
        Observation::Running(_)
    ) {
        endings.recv().await.unwrap();
    }
    let ended = exited(&driver, &node).await;
    assert!(
        ended
            .tail
            .iter()
            .any(|line| line.to_lowercase().contains("fork")),
        "{:?}",
        ended.tail
    );
    assert_eq!(place.processes(&node), Vec::<u32>::new());
    driver.remove(&node).await.unwrap();
}

#[tokio::test]
async fn a_broker_that_eats_memory_is_ended_and_that_is_said() {
    if skipped_without_root() {
        return;
    }
    let place = Place::new();
    let driver = place.adopted().await;
    if !driver.capabilities().memory_limit {
        println!("skipped: no control group limits memory here");
        return;
    }
    let node = node("b-1-1");
    let mut endings = driver.endings();
    let mut launch = launch(&node, "exec tail /dev/zero");
    launch.limits.memory_bytes = Some(32 * 1024 * 1024);
    driver.start(launch).await.unwrap();
    endings.recv().await.unwrap();
    let ended = exited(&driver, &node).await;
    assert_eq!(
        (ended.ending, ended.out_of_memory),
        (Ending::Signal(9), true)
    );
    // The next run begins with a clean count.
    driver
        .start(support::launch(&node, "exit 1"))
        .await
        .unwrap();
    endings.recv().await.unwrap();
    let ended = exited(&driver, &node).await;
    assert_eq!(
        (ended.ending, ended.out_of_memory),
        (Ending::Code(1), false)
    );
    driver.remove(&node).await.unwrap();
}

#[tokio::test]
async fn the_number_of_open_files_is_limited() {
    let place = Place::new();
    let driver = place.adopted().await;
    let node = node("b-1-1");
    let mut launch = launch(&node, &format!("ulimit -n; {STEADY}"));
    launch.limits.open_files = Some(300);
    driver.start(launch).await.unwrap();
    said(&driver, &node, "300").await;
    driver.remove(&node).await.unwrap();
}

#[tokio::test]
async fn a_folder_that_brokers_cannot_reach_is_named() {
    if skipped_without_root() {
        return;
    }
    let place = Place::new();
    fs::set_permissions(place.folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
    let driver = place.adopted().await;
    let closed = place.folder.path().canonicalize().unwrap();
    let text = format!(
        "the folder `{}` may not be entered by a broker's own user; allow it with `chmod o+x`",
        closed.display()
    );
    assert!(driver.capabilities().notes.contains(&text));
    let error = driver
        .start(launch(&node("b-1-1"), STEADY))
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), text);
}

#[tokio::test]
async fn a_full_disk_is_named_and_a_start_succeeds_when_there_is_room_again() {
    if skipped_without_root() {
        return;
    }
    let place = Place::new();
    let disk = place.folder.path().join("disk");
    fs::create_dir(&disk).unwrap();
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=256k,mode=711", "none"])
        .arg(&disk)
        .status();
    if !mounted.is_ok_and(|status| status.success()) {
        println!("skipped: nothing can be mounted here");
        return;
    }
    let unmount = Unmount(disk.clone());
    let mut config = place.config();
    config.nodes = disk.join("nodes");
    let driver = ProcessDriver::open(config).unwrap();
    driver.adopt().await.unwrap();
    let node = node("b-1-1");
    let mut refusals = 0;
    // At every size there is a first thing that does not fit: a file, a record, a socket.
    for room in (0..=12).map(|pages| pages * 4096) {
        let filler = disk.join("filler");
        let _ = fs::write(&filler, vec![0; 400_000]);
        fs::OpenOptions::new()
            .write(true)
            .open(&filler)
            .unwrap()
            .set_len(256 * 1024 - 8192 - room)
            .unwrap();
        let mut launch = launch(&node, "exec sleep 1000");
        launch.files.push(File {
            path: RelativePath::parse("conf/a").unwrap(),
            mode: FileMode::Private,
            bytes: vec![1; 9000],
        });
        match driver.start(launch.clone()).await {
            Ok(()) => {}
            Err(DriverError::DiskFull { .. }) => refusals += 1,
            Err(other) => panic!("{other}"),
        }
        fs::remove_file(&filler).unwrap();
        driver.start(launch).await.unwrap();
        running(&driver, &node).await;
        driver.remove(&node).await.unwrap();
    }
    println!("{refusals} starts refused for want of room");
    assert!(refusals > 0);
    drop(driver);
    drop(unmount);
}

struct Unmount(std::path::PathBuf);

impl Drop for Unmount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn what_can_hold_as_an_unprivileged_user_does() {
    if !skipped_without_root() {
        repeat_unprivileged(&["what_can_hold"]);
    }
}
