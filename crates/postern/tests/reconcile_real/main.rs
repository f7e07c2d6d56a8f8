//! Brokers that really run: the program as it is installed, an engine from `POSTERN_TEST_ENGINES`, kills and obstacles.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail the test"
)]

mod program;
mod stomp;

use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use program::{LIMIT, LOOK_AGAIN, PASSWORD, Program, engines};
use rustix::process::Signal;
use stomp::Stomp;
use tokio::time::{Instant, sleep};

/// Logs in as the first user as soon as the broker lets it.
async fn once_back(program: &Program, described: &serde_json::Value) -> Stomp {
    let deadline = Instant::now() + LIMIT;
    loop {
        match Stomp::log_in(program, described, "admin", PASSWORD).await {
            Ok(stomp) => return stomp,
            Err(error) => assert!(Instant::now() < deadline, "{error}"),
        }
        sleep(LOOK_AGAIN).await;
    }
}

/// Waits until the node's process is another one than `before`.
async fn another_process(program: &Program, id: &str, before: u32) -> u32 {
    let deadline = Instant::now() + LIMIT;
    loop {
        match program.process(id) {
            Some(now) if now != before => return now,
            _ => assert!(Instant::now() < deadline, "no new process"),
        }
        sleep(LOOK_AGAIN).await;
    }
}

fn open(described: &serde_json::Value, port: u16) -> bool {
    let host = described["brokerInstances"][0]["ipAddress"]
        .as_str()
        .unwrap();
    TcpStream::connect(format!("{host}:{port}")).is_ok()
}

const PORTS: [u16; 6] = [61617, 5671, 61614, 8883, 61619, 8162];

#[tokio::test]
async fn a_running_broker_answers_everywhere_a_reboot_applies_users_and_a_deletion_leaves_nothing()
{
    let Some(engines) = engines() else { return };
    let program = Program::start(&engines).await;
    let id = program.create("life").await;
    let described = program.until(&id, "RUNNING").await;
    for port in PORTS {
        assert!(open(&described, port), "{port}");
    }
    Stomp::log_in(&program, &described, "admin", PASSWORD)
        .await
        .unwrap();
    let wrong = Stomp::log_in(&program, &described, "admin", "another-password").await;
    assert!(wrong.is_err());

    let body = r#"{"password": "a-long-password-2"}"#;
    let target = format!("/v1/brokers/{id}/users/app");
    assert_eq!(program.call("POST", &target, body).await.status, 200);
    let early = Stomp::log_in(&program, &described, "app", "a-long-password-2").await;
    assert!(early.is_err(), "it had to wait for a reboot");
    let before = program.process(&id).unwrap();
    program.do_to(&id, "POST", "/reboot").await;
    let described = program.until(&id, "RUNNING").await;
    assert_ne!(program.process(&id).unwrap(), before);
    Stomp::log_in(&program, &described, "app", "a-long-password-2")
        .await
        .unwrap();
    assert_eq!(program.call("DELETE", &target, "").await.status, 200);
    Stomp::log_in(&program, &described, "app", "a-long-password-2")
        .await
        .unwrap();
    program.do_to(&id, "POST", "/reboot").await;
    let described = program.until(&id, "RUNNING").await;
    let late = Stomp::log_in(&program, &described, "app", "a-long-password-2").await;
    assert!(late.is_err(), "the reboot had to remove it");

    let process = program.process(&id).unwrap();
    assert_eq!(program.nodes(), [format!("{id}-1")]);
    program.do_to(&id, "DELETE", "").await;
    program.until_gone(&id).await;
    assert_eq!(program.nodes(), Vec::<String>::new());
    assert!(!std::path::Path::new(&format!("/proc/{process}")).exists());
    for port in PORTS {
        assert!(!open(&described, port), "{port}");
    }
    // The name and the address are free again.
    let next = program.create("life").await;
    let again = program.until(&next, "RUNNING").await;
    assert_eq!(again["brokerInstances"], described["brokerInstances"]);
}

#[tokio::test]
async fn a_killed_broker_is_started_again_with_its_messages() {
    let Some(engines) = engines() else { return };
    let program = Program::start(&engines).await;
    let id = program.create("killed").await;
    let described = program.until(&id, "RUNNING").await;
    let mut stomp = Stomp::log_in(&program, &described, "admin", PASSWORD)
        .await
        .unwrap();
    let messages: Vec<String> = (0..200).map(|number| format!("message {number}")).collect();
    for message in &messages {
        stomp.publish("kept", message).await.unwrap();
    }
    let before = program.process(&id).unwrap();
    program.signal(&id, Signal::KILL);
    let began = Instant::now();
    another_process(&program, &id, before).await;
    let mut stomp = once_back(&program, &described).await;
    println!("killed to first login: {:?}", began.elapsed());
    assert_eq!(stomp.take("kept", messages.len()).await.unwrap(), messages);
    program.until(&id, "RUNNING").await;
}

#[tokio::test]
async fn a_broker_serves_on_while_postern_is_killed_and_is_adopted_by_the_next() {
    let Some(engines) = engines() else { return };
    let mut program = Program::start(&engines).await;
    let id = program.create("adopted").await;
    let described = program.until(&id, "RUNNING").await;
    let process = program.process(&id).unwrap();
    let mut stomp = Stomp::log_in(&program, &described, "admin", PASSWORD)
        .await
        .unwrap();
    program.kill().await;
    stomp.publish("q", "while nobody watches").await.unwrap();
    program.again().await;
    program.until(&id, "RUNNING").await;
    stomp
        .publish("q", "while the next one watches")
        .await
        .unwrap();
    assert_eq!(program.process(&id), Some(process));
    // It is really watched: an end is noticed, and a reboot works.
    program.signal(&id, Signal::KILL);
    another_process(&program, &id, process).await;
    let mut stomp = once_back(&program, &described).await;
    assert_eq!(stomp.take("q", 2).await.unwrap().len(), 2);
    // One that died while nobody watched is found as well.
    program.kill().await;
    let process = program.process(&id).unwrap();
    program.signal(&id, Signal::KILL);
    program.again().await;
    another_process(&program, &id, process).await;
    once_back(&program, &described).await;
}

#[tokio::test]
async fn postern_killed_at_any_moment_goes_on_where_it_was() {
    let Some(engines) = engines() else { return };
    let mut program = Program::start(&engines).await;
    for (round, delay) in [0, 15, 60, 250, 900].into_iter().enumerate() {
        // These are moments to kill at, not waits for something.
        let moment = Duration::from_millis(delay);
        let id = program.create(&format!("round-{round}")).await;
        sleep(moment).await;
        program.kill().await;
        program.again().await;
        let described = program.until(&id, "RUNNING").await;
        once_back(&program, &described).await;

        program.do_to(&id, "POST", "/reboot").await;
        sleep(moment).await;
        program.kill().await;
        program.again().await;
        let described = program.until(&id, "RUNNING").await;
        once_back(&program, &described).await;

        program.do_to(&id, "DELETE", "").await;
        sleep(moment).await;
        program.kill().await;
        program.again().await;
        program.until_gone(&id).await;
        assert_eq!(program.nodes(), Vec::<String>::new());
        for port in PORTS {
            assert!(!open(&described, port), "{port}");
        }
    }
}

#[tokio::test]
async fn a_port_that_is_taken_fails_the_creation_with_its_reason() {
    let Some(engines) = engines() else { return };
    // Somebody listens on the first addresses of every subnet.
    let taken = |block: u8| -> Option<Vec<TcpListener>> {
        let hosts = [0, 16, 32].map(|third| format!("127.{block}.{third}.4:8883"));
        hosts
            .iter()
            .map(|host| TcpListener::bind(host).ok())
            .collect()
    };
    let (block, listeners) = (200..=250)
        .step_by(2)
        .find_map(|block| Some((block, taken(block)?)))
        .unwrap();
    let block = block.to_string();
    let program = Program::start_as(&engines, None, &["--vpc-block", &block]).await;
    let id = program.create("taken").await;
    let described = program.until(&id, "CREATION_FAILED").await;
    let action = &described["actionsRequired"][0];
    let info = action["actionRequiredInfo"].as_str().unwrap();
    assert!(
        info.contains("port 8883 of 127.") && info.contains("is taken by another process"),
        "{info}"
    );
    let log = std::fs::read_to_string(program.folder().join("log")).unwrap();
    assert!(log.contains("is taken by another process"), "{log}");
    program.do_to(&id, "DELETE", "").await;
    program.until_gone(&id).await;
    drop(listeners);
    let id = program.create("taken").await;
    program.until(&id, "RUNNING").await;
}

#[tokio::test]
async fn a_user_without_privileges_runs_brokers() {
    let Some(engines) = engines() else { return };
    if !rustix::process::geteuid().is_root() {
        println!("skipped: every other test runs without privileges already");
        return;
    }
    let program = Program::start_as_nobody(&engines).await;
    let id = program.create("plain").await;
    let described = program.until(&id, "RUNNING").await;
    Stomp::log_in(&program, &described, "admin", PASSWORD)
        .await
        .unwrap();
    let process = program.process(&id).unwrap();
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    assert!(
        status.contains("Uid:\t65534\t65534\t65534\t65534"),
        "{status}"
    );
    program.do_to(&id, "DELETE", "").await;
    program.until_gone(&id).await;
    assert_eq!(program.nodes(), Vec::<String>::new());
}

#[tokio::test]
async fn without_an_engine_no_broker_can_be_asked_for() {
    let empty = tempfile::tempdir().unwrap();
    let program = Program::start(empty.path()).await;
    let reply = program.ask_for("none").await;
    assert_eq!(reply.status, 400, "{}", reply.body);
    assert!(
        reply.message().contains("postern engine install"),
        "{}",
        reply.body
    );
}

#[tokio::test]
#[ignore = "takes more than a minute: a broker that hangs does not end when it is asked to"]
async fn a_broker_that_hangs_is_started_again_and_one_that_pauses_is_not() {
    let Some(engines) = engines() else { return };
    let program = Program::start(&engines).await;
    let id = program.create("hangs").await;
    let described = program.until(&id, "RUNNING").await;
    let before = program.process(&id).unwrap();
    program.signal(&id, Signal::STOP);
    // Less than one answer may take, so nothing is missed.
    sleep(Duration::from_secs(3)).await;
    program.signal(&id, Signal::CONT);
    // Longer than three questions take.
    sleep(Duration::from_secs(25)).await;
    assert_eq!(program.process(&id), Some(before));
    program.signal(&id, Signal::STOP);
    let began = Instant::now();
    another_process(&program, &id, before).await;
    once_back(&program, &described).await;
    println!("stopped to first login: {:?}", began.elapsed());
    let log = std::fs::read_to_string(program.folder().join("log")).unwrap();
    assert!(log.contains("it did not answer 3 times in a row"), "{log}");
}
