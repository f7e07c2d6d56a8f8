//! Random requests signed by botocore and boto3's clients, verified here.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of a test binary"
)]

mod common;

use std::path::Path;
use std::process::Command;

use common::Owned;
use sigv4::{Family, KeyCache, SecretKey, Service, examine};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const NOW: i64 = 1_700_000_000;

#[test]
fn ten_thousand_requests_signed_by_botocore_verify() {
    #[expect(
        clippy::disallowed_methods,
        reason = "which interpreter has boto3 is told by the environment"
    )]
    let python = std::env::var("POSTERN_TEST_PYTHON");
    let Ok(python) = python else {
        println!("skipped: POSTERN_TEST_PYTHON not set (script/test sets it)");
        return;
    };
    let wanted = common::requests();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/botocore_sign.py");
    let output = Command::new(python)
        .arg(script)
        .args([wanted.to_string(), "5194".to_owned()])
        .output()
        .expect("the interpreter runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let lines = String::from_utf8(output.stdout).expect("UTF-8");

    let (secret, keys) = (SecretKey::new(SECRET), KeyCache::new(16));
    let (mut headers, mut queries) = (0, 0);
    let mut differing = Vec::new();
    for line in lines.lines() {
        let json: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let text = |key: &str| json[key].as_str().expect("a string").to_owned();
        let name = text("service");
        let service = Service {
            name: &name,
            family: Family::Query,
            window: 300,
            regions: &["eu-west-1"],
            presigned: true,
        };
        let request = Owned {
            method: text("method"),
            target: text("target").into_bytes(),
            headers: json["headers"]
                .as_array()
                .expect("headers")
                .iter()
                .map(|h| {
                    let text = |at: usize| h[at].as_str().expect("a string").to_owned();
                    (text(0), text(1).into_bytes())
                })
                .collect(),
            body: base64(&text("body")),
        };
        request.with(|r| match examine(r, &service, NOW) {
            Ok(claim) => {
                *(if claim.is_presigned() {
                    &mut queries
                } else {
                    &mut headers
                }) += 1;
                if claim.verify(&secret, &keys).is_err() {
                    let canonical =
                        String::from_utf8_lossy(&claim.canonical_request()).into_owned();
                    differing.push(format!("{line}\n{canonical}"));
                }
            }
            Err(error) => differing.push(format!("{line}\n{}", error.message(Family::Query))),
        });
    }
    println!(
        "botocore oracle: {} requests ({headers} header, {queries} presigned), {} differing",
        lines.lines().count(),
        differing.len()
    );
    assert_eq!(lines.lines().count(), wanted);
    assert!(
        differing.is_empty(),
        "{}",
        differing
            .iter()
            .take(3)
            .cloned()
            .collect::<Vec<_>>()
            .join("\n\n")
    );
}

/// Decodes well-formed base64, four characters at a time.
fn base64(text: &str) -> Vec<u8> {
    let value = |c: u8| match c {
        b'A'..=b'Z' => u32::from(c - b'A'),
        b'a'..=b'z' => u32::from(c - b'a') + 26,
        b'0'..=b'9' => u32::from(c - b'0') + 52,
        b'+' => 62,
        b'/' => 63,
        _ => 0,
    };
    let mut out = Vec::new();
    for four in text.as_bytes().chunks(4) {
        let bits = four.iter().fold(0, |bits, c| bits << 6 | value(*c));
        let pad = four.iter().filter(|c| **c == b'=').count();
        out.extend_from_slice(&bits.to_be_bytes()[1..4 - pad]);
    }
    out
}
