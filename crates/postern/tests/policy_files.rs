//! `postern policy` on files, through the program.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Ran {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("{}{}", self.out, self.err))
    }
}

fn postern(folder: &Path, arguments: &[&str], input: &str) -> Ran {
    let mut child = Command::new(env!("CARGO_BIN_EXE_postern"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // A command that does not read its input closes it.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn folder(files: &[(&str, &str)]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let path = folder.path().to_owned();
    (folder, path)
}

const GOOD: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Test",
      "Effect": "Allow",
      "Action": "mq:CreateBroker",
      "Resource": "*",
      "Condition": {
        "StringEquals": {"aws:RequestTag/env": "test"}
      }
    },
    {
      "Sid": "Own",
      "Effect": "Allow",
      "Action": ["mq:DescribeBroker", "mq:RebootBroker"],
      "Resource": "arn:aws:mq:*:*:broker:${aws:username}-*:*"
    },
    {
      "Sid": "Keep",
      "Effect": "Deny",
      "Action": "mq:Delete*",
      "Resource": "*"
    }
  ]
}
"#;

const BAD: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": "mq:*", "Resource": "*"},
    {"Effect": "Allow", "Action": "mq:*",
     "Resource": "broker"}
  ]
}
"#;

const BROKER: &str = "arn:aws:mq:us-east-1:111122223333:broker:jane-orders:b-1";

#[test]
fn check_says_what_aws_says_and_where() {
    let (_keep, folder) = folder(&[("good.json", GOOD), ("bad.json", BAD)]);
    let good = postern(&folder, &["policy", "check", "good.json"], "");
    assert_eq!(
        (good.code, good.out.as_str()),
        (0, "good.json: valid, 3 statements, version 2012-10-17\n")
    );
    let bad = postern(&folder, &["policy", "check", "good.json", "bad.json"], "");
    assert_eq!(bad.code, 1);
    assert!(
        bad.out.contains(
            "bad.json:6: MalformedPolicyDocument: Resource broker must be in ARN format or \"*\". \
         (statement 1, element `Resource`)"
        ),
        "{}",
        bad.out
    );
    let both = postern(
        &folder,
        &["policy", "check", "bad.json", "--output", "json"],
        "",
    );
    let expected = json!([{
        "file": "bad.json", "valid": false, "code": "MalformedPolicyDocument",
        "message": "Resource broker must be in ARN format or \"*\".",
        "line": 6, "statement": 1, "element": "Resource", "detail": null,
    }]);
    assert_eq!((both.code, both.json()), (1, expected));
}

#[test]
fn check_reads_standard_input_and_knows_the_kinds() {
    let (_keep, folder) = folder(&[]);
    let old = GOOD.replace("2012-10-17", "2008-10-17");
    for (kind, text, code, says) in [
        ("identity", old.as_str(), 0, "-: valid"),
        ("session", GOOD, 0, "-: valid"),
        (
            "managed",
            old.as_str(),
            1,
            "-:2: MalformedPolicyDocument: Policy document must be version 2012-10-17 or greater.",
        ),
        ("trust", "{", 1, "This policy contains invalid Json"),
        (
            "trust",
            r#"{"Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"111122223333"}}}"#,
            0,
            "valid",
        ),
        (
            "identity",
            "{\"Version\": \"2012-10-17\",\n \"Statement\": {\"Effect\": \"Allow\", \"Acton\": \"mq:*\", \"Resource\": \"*\"}}",
            1,
            "-:2: MalformedPolicyDocument: Syntax errors in policy. (statement 0, element `Acton`)",
        ),
    ] {
        let ran = postern(&folder, &["policy", "check", "--kind", kind, "-"], text);
        assert_eq!(ran.code, code, "{kind} {text}: {}{}", ran.out, ran.err);
        assert!(ran.out.contains(says), "{kind}: {}", ran.out);
    }
    let missing = postern(&folder, &["policy", "check", "nowhere.json"], "");
    assert_eq!(missing.code, 2);
    assert!(
        missing.err.contains("`nowhere.json` cannot be read"),
        "{}",
        missing.err
    );
}

#[test]
fn lint_names_rule_statement_and_line() {
    let text = r#"{"Version": "2012-10-17", "Statement": [
  {"Sid": "List", "Effect": "Allow",
   "Action": ["mq:ListBrokers",
              "mq:DescribeBrokr"],
   "Resource": "arn:aws:mq:us-east-1:111122223333:broker:a:b-1"},
  {"Effect": "Allow", "Action": "mq:RebootBroker", "Resource": "*",
   "Condition": {"StringEquals": {
       "aws:RequestTag/env": "test"}}}]}"#;
    let (_keep, folder) = folder(&[("p.json", text)]);
    let ran = postern(&folder, &["policy", "lint", "p.json"], "");
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(lines.len(), 4, "{}", ran.out);
    assert!(lines[0].starts_with("p.json:4: warning: there is no action `mq:DescribeBrokr`, so it allows nothing: did you mean `mq:DescribeBroker`?"), "{}", lines[0]);
    assert!(
        lines[1].starts_with("p.json:3: warning: `mq:ListBrokers` has no resource type"),
        "{}",
        lines[1]
    );
    assert!(
        lines[2].starts_with(
            "p.json:8: warning: `aws:RequestTag/env` never comes with `mq:RebootBroker`"
        ),
        "{}",
        lines[2]
    );
    assert_eq!(lines[3], "1 document: 3 warnings, 0 notes");
    assert_eq!(
        postern(&folder, &["policy", "lint", "--strict", "p.json"], "").code,
        1
    );
    let rules = postern(
        &folder,
        &["policy", "lint", "--output", "json", "p.json"],
        "",
    )
    .json();
    let rules: Vec<&str> = rules
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["rule"].as_str().unwrap())
        .collect();
    assert_eq!(
        rules,
        [
            "unknown-action",
            "resource-never-matches",
            "key-not-supplied"
        ]
    );
    assert_eq!(
        postern(&folder, &["policy", "lint", "--strict", "-"], GOOD).code,
        0
    );
}

#[test]
fn explain_names_the_deciding_statement_with_its_line() {
    let (_keep, folder) = folder(&[("p.json", GOOD)]);
    let ask = |more: &[&str]| {
        let mut arguments = vec![
            "policy", "explain", "--policy", "p.json", "--output", "json",
        ];
        arguments.extend(more);
        postern(&folder, &arguments, "").json()
    };
    let jane = "arn:aws:iam::111122223333:user/team/jane";
    let allowed = ask(&[
        "--action",
        "mq:RebootBroker",
        "--resource",
        BROKER,
        "--principal",
        jane,
    ]);
    assert_eq!(allowed["decision"], "allowed");
    assert_eq!(
        (&allowed["by"]["sid"], &allowed["by"]["line"]),
        (&json!("Own"), &json!(13))
    );
    let denied = ask(&[
        "--action",
        "mq:DeleteBroker",
        "--resource",
        BROKER,
        "--principal",
        jane,
    ]);
    assert_eq!(denied["decision"], "explicitDeny");
    assert_eq!(
        (&denied["by"]["statement"], &denied["by"]["line"]),
        (&json!(2), &json!(19))
    );
    assert_eq!(
        denied["message"],
        format!(
            "User: {jane} is not authorized to perform: mq:DeleteBroker on resource: {BROKER} with an explicit deny in an identity-based policy"
        )
    );
    let other = ask(&[
        "--action",
        "mq:RebootBroker",
        "--resource",
        BROKER,
        "--principal",
        jane,
        "--context",
        "aws:username=joe",
    ]);
    assert_eq!(other["decision"], "implicitDeny");
    assert_eq!(
        other["add"],
        json!({"Effect": "Allow", "Action": "mq:RebootBroker", "Resource": BROKER})
    );
}

#[test]
fn explain_says_which_condition_failed_and_what_it_found() {
    let (_keep, folder) = folder(&[("p.json", GOOD)]);
    let base = [
        "policy",
        "explain",
        "--policy",
        "p.json",
        "--action",
        "mq:CreateBroker",
    ];
    let absent = postern(&folder, &base, "");
    assert_eq!(absent.code, 0);
    assert!(
        absent.out.contains(
            "line 10: StringEquals aws:RequestTag/env: wanted `test`, the request has none"
        ),
        "{}",
        absent.out
    );
    let wrong = postern(
        &folder,
        &[
            &base[..],
            &["--context", "aws:RequestTag/env=prod", "--output", "json"],
        ]
        .concat(),
        "",
    )
    .json();
    let miss = &wrong["statements"][0]["misses"][0];
    assert_eq!(
        *miss,
        json!({"part": "Condition", "line": 10, "operator": "StringEquals", "key": "aws:RequestTag/env",
               "wanted": ["test"], "got": ["prod"], "absent": false, "failed": false})
    );
    let right = postern(
        &folder,
        &[
            &base[..],
            &["--context", "aws:RequestTag/env=test", "--exit-code"],
        ]
        .concat(),
        "",
    );
    assert_eq!(right.code, 0);
    assert!(right.out.starts_with("allowed: mq:CreateBroker on *\n  by identity-based policy p.json, statement 0 (Test), line 4\n"), "{}", right.out);
    // The interface is made on the caller's behalf, and nothing here allows that.
    assert!(
        right.out.contains("ec2:CreateNetworkInterfacePermission"),
        "{}",
        right.out
    );
    assert_eq!(
        postern(&folder, &[&base[..], &["--exit-code"]].concat(), "").code,
        4
    );
}

#[test]
fn what_explain_proposes_makes_the_operation_pass() {
    let boundary = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:*","Resource":"*"}}"#;
    let (_keep, folder) = folder(&[("p.json", GOOD), ("b.json", boundary)]);
    let base = [
        "policy",
        "explain",
        "--policy",
        "p.json",
        "--boundary",
        "b.json",
        "--action",
        "mq:CreateBroker",
        "--principal",
        "arn:aws:iam::111122223333:user/jane",
        "--output",
        "json",
    ];
    let before = postern(&folder, &base, "").json();
    assert_eq!(before["missing"], json!(["identity", "boundary"]));
    let mut statements = vec![before["add"].clone()];
    statements.extend(before["addAlso"].as_array().unwrap().iter().cloned());
    let more = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
    std::fs::write(folder.join("more.json"), &more).unwrap();
    std::fs::write(folder.join("b.json"), &more).unwrap();
    let after = postern(
        &folder,
        &[&base[..], &["--policy", "more.json"]].concat(),
        "",
    )
    .json();
    assert_eq!(after["decision"], "allowed");
    for also in after["also"].as_array().unwrap() {
        assert_eq!(also["decision"], "allowed", "{also}");
    }
    assert_eq!(after["addAlso"], json!([]));
    assert_eq!(
        postern(&folder, &["policy", "lint", "--strict", "more.json"], "").code,
        0
    );
}

#[test]
fn simulate_decides_every_action_of_a_pattern() {
    let (_keep, folder) = folder(&[("p.json", GOOD)]);
    let ran = postern(
        &folder,
        &[
            "policy",
            "simulate",
            "--policy",
            "p.json",
            "--action",
            "mq:*",
            "--resource",
            BROKER,
            "--principal",
            "arn:aws:iam::111122223333:user/jane",
            "--output",
            "json",
        ],
        "",
    );
    let rows = ran.json();
    let rows = rows.as_array().unwrap();
    assert!(rows.len() >= 27, "{}", rows.len());
    let decision = |action: &str| {
        let row = rows.iter().find(|row| row["action"] == action).unwrap();
        (
            row["decision"].as_str().unwrap(),
            row["resource"].as_str().unwrap(),
        )
    };
    assert_eq!(decision("mq:RebootBroker"), ("allowed", BROKER));
    assert_eq!(decision("mq:DeleteBroker"), ("explicitDeny", BROKER));
    assert_eq!(decision("mq:ListBrokers"), ("implicitDeny", "*"));
    let none = postern(
        &folder,
        &[
            "policy", "simulate", "--policy", "p.json", "--action", "mq:Frob*",
        ],
        "",
    );
    assert_eq!(none.code, 3, "{}", none.err);
}

#[test]
fn wrong_questions_are_refused_with_code_two() {
    let (_keep, folder) = folder(&[("p.json", GOOD), ("bad.json", BAD)]);
    for (arguments, says) in [
        (
            &["--policy", "p.json", "--action", "CreateBroker"][..],
            "`CreateBroker` is not an action",
        ),
        (
            &[
                "--policy",
                "p.json",
                "--action",
                "mq:RebootBroker",
                "--resource",
                "b-1",
            ][..],
            "is not an ARN",
        ),
        (
            &[
                "--policy",
                "p.json",
                "--action",
                "mq:RebootBroker",
                "--context",
                "env",
            ][..],
            "`env` is not KEY=VALUE",
        ),
        (
            &[
                "--policy",
                "p.json",
                "--action",
                "mq:RebootBroker",
                "--principal",
                "arn:aws:iam::1:x",
            ][..],
            "is not a principal",
        ),
        (&["--action", "mq:RebootBroker"][..], "--policy"),
    ] {
        let ran = postern(&folder, &[&["policy", "explain"], arguments].concat(), "");
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains(says), "{arguments:?}: {}", ran.err);
    }
    let bad = postern(
        &folder,
        &[
            "policy",
            "explain",
            "--policy",
            "bad.json",
            "--action",
            "mq:ListBrokers",
        ],
        "",
    );
    assert_eq!(bad.code, 1);
    assert!(
        bad.err
            .contains("bad.json:6: Resource broker must be in ARN format"),
        "{}",
        bad.err
    );
}

#[test]
fn every_command_has_help_with_an_example() {
    let (_keep, folder) = folder(&[]);
    for command in [
        &["policy", "check"][..],
        &["policy", "lint"],
        &["policy", "explain"],
        &["policy", "simulate"],
        &["policy", "generate"],
        &["explain"],
        &["audit", "verify"],
    ] {
        let ran = postern(&folder, &[command, &["--help"]].concat(), "");
        assert_eq!(ran.code, 0);
        assert!(
            ran.out.contains("Examples:") && ran.out.contains("Exit codes:"),
            "{}",
            ran.out
        );
    }
}

#[test]
fn every_document_that_aws_refuses_is_refused_with_its_text_and_a_place() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/policy-validation.json");
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("skipped: ../shared/data/policy-validation.json not found");
        return;
    };
    let table: Value = serde_json::from_str(&text).unwrap();
    let text_of = |document: &Value| match document {
        Value::String(text) => text.clone(),
        other => format!("{other:#}"),
    };
    let (_keep, folder) = folder(&[]);
    let (mut refused, mut accepted, mut placed) = (0, 0, 0);
    for case in table["invalid"].as_array().unwrap() {
        let text = text_of(&case["document"]);
        let ran = postern(
            &folder,
            &[
                "policy", "check", "--kind", "managed", "--output", "json", "-",
            ],
            &text,
        );
        let told = ran.json();
        assert_eq!(
            (ran.code, &told[0]["message"]),
            (1, &case["error_message"]),
            "{text}"
        );
        assert!(told[0]["line"].is_u64(), "{text}: {told}");
        placed += u32::from(told[0]["element"].is_string());
        refused += 1;
    }
    for case in table["valid"].as_array().unwrap() {
        let document = case.get("document").unwrap_or(case);
        let ran = postern(
            &folder,
            &["policy", "check", "--kind", "managed", "-"],
            &text_of(document),
        );
        assert_eq!(ran.code, 0, "{}", ran.out);
        accepted += 1;
    }
    println!("{refused} refused, the element of {placed} named; {accepted} accepted");
    assert!(refused >= 39 && accepted >= 27 && placed >= 30, "{placed}");
}
