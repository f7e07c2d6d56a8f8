//! The `iam` crate against `@cloud-copilot/iam-simulate`, on generated cases.
//!
//! The oracle is AGPL: npm installs it for the test into `$XDG_CACHE_HOME/postern/iam-simulate` (`~/.cache`
//! by default; `POSTERN_IAM_SIMULATE` names another folder), and it runs as a program of its own. Without
//! node or npm the test says so and passes. `ORACLE_CASES` and `SEED` change how many cases and which.
//! What the oracle is known to decide otherwise than AWS's documentation is left out below, with reasons
//! in `docs/proofs.md`.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test reads its size from the environment, and fails by panicking"
)]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use testkit::naive::Answer;
use testkit::naive::cases::{Breadth, Case, Choices, case};
use testkit::naive::differential::{describe, product};

const PACKAGE: &str = "@cloud-copilot/iam-simulate";
const VERSION: &str = "0.1.173";

/// The folder with the oracle, installed if it is missing; or why there is none.
fn oracle() -> Result<PathBuf, String> {
    let runs = |program| Command::new(program).arg("--version").output().is_ok();
    if !runs("node") || !runs("npm") {
        return Err("node and npm are not installed".to_owned());
    }
    let cache = || {
        let home = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
        home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")))
    };
    let folder = match std::env::var_os("POSTERN_IAM_SIMULATE") {
        Some(folder) => PathBuf::from(folder),
        None => cache()
            .ok_or("no home folder")?
            .join("postern/iam-simulate"),
    };
    if !folder.join("node_modules").join(PACKAGE).is_dir() {
        std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        let installed = Command::new("npm")
            .args([
                "install",
                "--no-audit",
                "--no-fund",
                "--ignore-scripts",
                "--no-save",
                "--prefix",
            ])
            .arg(&folder)
            .arg(format!("{PACKAGE}@{VERSION}"))
            .output()
            .map_err(|error| error.to_string())?;
        if !installed.status.success() {
            return Err(format!(
                "npm: {}",
                String::from_utf8_lossy(&installed.stderr)
            ));
        }
    }
    Ok(folder)
}

fn list(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(list) => list.iter().collect(),
        one => vec![one],
    }
}

/// A policy's conditions as (operator, key, values).
fn conditions(policy: &Value) -> Vec<(&str, &str, Vec<&Value>)> {
    let mut found = Vec::new();
    for statement in list(&policy["Statement"]) {
        for (operator, keys) in statement["Condition"].as_object().into_iter().flatten() {
            for (key, values) in keys.as_object().into_iter().flatten() {
                found.push((operator.as_str(), key.as_str(), list(values)));
            }
        }
    }
    found
}

/// What the oracle is known to decide otherwise; the ledger says why.
fn is_left_out(case: &Case) -> bool {
    // The entry without validation of input, the only fast one, drops the session policy.
    if case.documents.session.is_some() {
        return true;
    }
    // A value that is an empty text counts as no value; numbers are floating point.
    let lost = |text: &str| text.is_empty() || (text.len() > 15 && text.parse::<f64>().is_ok());
    if case
        .facts
        .iter()
        .any(|(_, values)| values.iter().any(|value| lost(value)))
    {
        return true;
    }
    // The networks of `::ffff:0:0/96` are not those of IPv4.
    let mapped = |text: &str| text.to_lowercase().contains("::ffff:");
    if case
        .facts
        .iter()
        .any(|(_, values)| values.iter().any(|value| mapped(value)))
    {
        return true;
    }
    case.documents
        .identity
        .iter()
        .chain(&case.documents.boundary)
        .any(|policy| {
            let entries = list(&policy["Statement"])
                .into_iter()
                .flat_map(|statement| {
                    let inverted = statement.get("NotResource");
                    let entries = inverted
                        .or(statement.get("Resource"))
                        .into_iter()
                        .flat_map(list);
                    entries.filter_map(move |entry| Some((entry.as_str()?, inverted.is_some())))
                });
            if mapped(&policy.to_string())
                || entries
                    .into_iter()
                    .any(|(entry, inverted)| is_odd_entry(case, entry, inverted))
            {
                return true;
            }
            let old = policy["Version"] != "2012-10-17";
            // Expanded in policies of 2008, which have no variables.
            (old && policy.to_string().contains("${"))
                || conditions(policy)
                    .iter()
                    .any(|(operator, key, values)| is_odd(case, operator, key, values))
        })
}

fn is_odd_entry(case: &Case, entry: &str, inverted: bool) -> bool {
    let kind = entry
        .splitn(6, ':')
        .nth(5)
        .unwrap_or("")
        .split([':', '/'])
        .next()
        .unwrap_or("");
    // An entry with an ARN matches a request for `*`.
    (entry != "*" && case.resource == "*")
        // A wildcard or variable in the word for the resource's type matches nothing.
        || (kind != "*" && kind.contains(['*', '?', '$']))
        // A NotResource whose variable has no value applies to everything.
        || (inverted && entry.contains("${"))
}

fn asked_for<'a>(case: &'a Case, key: &'a str) -> impl Iterator<Item = &'a str> {
    let asked = case
        .facts
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case(key));
    asked.flat_map(|(_, values)| values.iter().map(String::as_str))
}

fn is_odd(case: &Case, operator: &str, key: &str, values: &[&Value]) -> bool {
    let epoch = |text: &str| text.parse::<i64>().is_ok();
    let any = |test: &dyn Fn(&str) -> bool| values.iter().any(|v| v.as_str().is_some_and(test));
    let set = operator.starts_with("For");
    // Epoch seconds are compared as milliseconds.
    (operator.contains("Date")
        && (any(&epoch) || values.iter().any(|v| v.is_number()) || asked_for(case, key).any(epoch)))
        // `${$}`, `${?}` and `${*}` are not read.
        || any(&|text| ["${$}", "${?}", "${*}"].iter().any(|escape| text.contains(escape)))
        // An address of the other family is never outside a network.
        || (operator.contains("NotIp")
            && asked_for(case, key).any(|address| any(&|net| net.contains(':') != address.contains(':'))))
        // Long numbers are floating point.
        || any(&|text| text.len() > 15 && text.parse::<f64>().is_ok())
        // No address is in a network of /0.
        || any(&|text| text.ends_with("/0"))
        // Not true for a key that is absent.
        || (operator.starts_with("ForAnyValue:") && operator.ends_with("IfExists"))
        // Set operators are only for keys that it knows to have several values.
        || (set && !key.eq_ignore_ascii_case("aws:TagKeys"))
        // A variable without a value makes negated operators fail too.
        || (operator.contains("Not") && any(&|text| text.contains("${")))
        // Values are split at colons before variables are read, so that a variable's own colon splits it.
        || (operator.contains("Arn") && any(&|text| text.splitn(6, ':').take(5).any(|part| part.contains("${"))))
        // `True` and `FALSE` are not read.
        || (operator == "Null" && any(&|text| text != "true" && text != "false"))
}

fn line(case: &Case) -> String {
    let context: serde_json::Map<String, Value> = case
        .facts
        .iter()
        .map(|(key, values)| {
            let value = match values.as_slice() {
                [one] if !key.eq_ignore_ascii_case("aws:TagKeys") => json!(one),
                many => json!(many),
            };
            (key.clone(), value)
        })
        .collect();
    let documents = &case.documents;
    json!({"action": case.action, "resource": case.resource, "context": context,
           "identity": documents.identity, "boundary": documents.boundary,
           "session": documents.session.as_ref().and_then(|session| session.first())})
    .to_string()
}

/// Decides all cases with the oracle.
fn ask(folder: &Path, cases: &[Case]) -> Vec<String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/oracle/iam_simulate.mjs");
    let mut child = Command::new("node")
        .arg(script)
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node starts");
    let mut stdin = child.stdin.take().expect("piped");
    let stdout = child.stdout.take().expect("piped");
    let answers = std::thread::scope(|scope| {
        scope.spawn(move || {
            for case in cases {
                writeln!(stdin, "{}", line(case)).expect("the oracle reads");
            }
        });
        BufReader::new(stdout)
            .lines()
            .map(|line| line.expect("text"))
            .collect()
    });
    assert!(child.wait().expect("node ends").success());
    answers
}

#[test]
fn an_independent_evaluator_agrees_on_generated_cases() {
    let folder = match oracle() {
        Ok(folder) => folder,
        Err(reason) => {
            println!("skipped: {reason}");
            return;
        }
    };
    let number = |name: &str, or: u64| {
        std::env::var(name).map_or(or, |text| text.parse().expect("a number"))
    };
    let (wanted, seed) = (number("ORACLE_CASES", 20_000), number("SEED", 1));
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let mut differences = Vec::new();
    let (mut compared, mut index) = (0, 0);
    while compared < wanted {
        let mut batch = Vec::new();
        while batch.len() < 20_000.min(usize::try_from(wanted - compared).unwrap_or(usize::MAX)) {
            let stream = seed.wrapping_mul(0x2545_f491_4f6c_dd1d).wrapping_add(index);
            index += 1;
            let mut case = case(Breadth::Settled, &mut Choices::seeded(stream));
            // The oracle takes one session policy.
            case.documents.session = match case.documents.session.take() {
                Some(mut session) if !session.is_empty() => {
                    session.truncate(1);
                    Some(session)
                }
                Some(_) | None => None,
            };
            if !is_left_out(&case)
                && let Ok(answer) = product(&case, Value::clone)
            {
                batch.push((case, answer));
            }
        }
        let cases: Vec<Case> = batch.iter().map(|(case, _)| case.clone()).collect();
        let answers = ask(&folder, &cases);
        assert_eq!(answers.len(), cases.len());
        for ((case, ours), theirs) in batch.iter().zip(answers) {
            let ours = match ours {
                Answer::Allowed => "Allowed",
                Answer::ImplicitlyDenied(_) => "ImplicitlyDenied",
                Answer::ExplicitlyDenied(_) => "ExplicitlyDenied",
            };
            *counts.entry(ours.to_owned()).or_default() += 1;
            if ours != theirs {
                differences.push(format!("iam {ours}, oracle {theirs}\n{}", describe(case)));
            }
        }
        compared += cases.len() as u64;
    }
    println!(
        "{compared} cases of {index} made, seed {seed}, {} differ: {counts:?}",
        differences.len()
    );
    let shown = &differences[..differences.len().min(20)];
    assert!(
        differences.is_empty(),
        "{} differences\n{}",
        differences.len(),
        shown.join("\n")
    );
    assert!(
        counts.values().all(|count| *count > wanted / 10) && counts.len() == 3,
        "{counts:?}"
    );
}
