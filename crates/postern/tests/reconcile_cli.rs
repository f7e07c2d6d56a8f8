//! `postern engine` and `postern doctor`: exit codes, and texts that say what to do.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail the test")]

use std::path::Path;
use std::process::{Command, Output};

fn postern(arguments: &[&str], engines: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_postern"));
    let engines = engines.to_str().unwrap();
    command
        .args(arguments)
        .args(["--engines-dir", engines])
        .current_dir(engines);
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn without_engines_the_list_is_empty_and_says_how_to_fill_it() {
    let folder = tempfile::tempdir().unwrap();
    let listed = postern(&["engine", "list"], folder.path());
    assert!(listed.status.success());
    assert!(text(&listed.stdout).contains("postern engine install activemq 5.18.6"));
    let json = postern(&["engine", "list", "--output", "json"], folder.path());
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json, serde_json::json!([]));
}

#[test]
fn what_is_not_installed_is_not_found_and_what_is_no_version_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let missing = postern(&["engine", "verify", "activemq", "5.18.6"], folder.path());
    assert_eq!(missing.status.code(), Some(3));
    assert_eq!(
        text(&missing.stderr),
        "postern: ActiveMQ 5.18.6 is not installed\n"
    );
    let wrong = postern(&["engine", "install", "activemq", "../x"], folder.path());
    assert_eq!(wrong.status.code(), Some(1));
    assert!(text(&wrong.stderr).contains("is not an ActiveMQ version"));
    let unknown = postern(&["engine", "install", "rabbitmq", "4.2"], folder.path());
    assert_eq!(unknown.status.code(), Some(2));
}

#[test]
fn without_java_nothing_is_installed_and_the_text_says_what_to_install() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = [
        "engine",
        "install",
        "activemq",
        "5.18.6",
        "--java",
        "/nonexistent/java",
    ];
    let refused = postern(&arguments, folder.path());
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("default-jre-headless"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn the_doctor_finds_the_missing_engine_and_says_how_to_install_it() {
    let folder = tempfile::tempdir().unwrap();
    let sick = postern(&["doctor", "--output", "json"], folder.path());
    assert_eq!(sick.status.code(), Some(1), "{}", text(&sick.stderr));
    let findings: serde_json::Value = serde_json::from_slice(&sick.stdout).unwrap();
    let findings = findings.as_array().unwrap();
    let of = |subject: &str| {
        findings
            .iter()
            .find(|finding| finding["subject"] == subject)
            .unwrap()
    };
    assert_eq!(of("engines")["verdict"], "missing");
    let advice = of("engines")["advice"].as_str().unwrap();
    assert!(
        advice.starts_with("postern engine install activemq "),
        "{advice}"
    );
    assert_eq!(of("addresses")["verdict"], "ok");
    // Whether there is room enough is the machine's affair.
    let folder_verdict = of("data folder")["verdict"].as_str().unwrap();
    assert!(["ok", "note"].contains(&folder_verdict), "{folder_verdict}");
    assert!(
        of("network mode")["seen"]
            .as_str()
            .unwrap()
            .contains("security groups are not enforced")
    );
    // Looking leaves nothing.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);

    let simulated = postern(&["doctor", "--driver", "simulate"], folder.path());
    assert!(simulated.status.success());
    assert!(text(&simulated.stdout).contains("no engine runs"));
}
