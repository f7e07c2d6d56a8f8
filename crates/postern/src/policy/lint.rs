//! `postern policy lint`.

use std::process::ExitCode;

use iam::lint::{Finding, Severity, lint};
use serde_json::{Value, json};

use super::documents::{self, Document};
use super::{LintArgs, known};
use crate::cli::Output;

pub(super) fn run(args: &LintArgs) -> anyhow::Result<ExitCode> {
    let documents = documents::wanted(&args.files, args.kind.document(), &args.data)?;
    let known = known::known(args.account.clone());
    let mut findings: Vec<(&Document, Finding)> = Vec::new();
    let mut unreadable = Vec::new();
    for document in &documents {
        match document.valid() {
            Ok(parsed) => {
                findings.extend(lint(parsed, &known).into_iter().map(|it| (document, it)));
            }
            Err(error) => unreadable.push(error),
        }
    }
    let count = |severity| {
        let of_it = findings.iter().filter(|(_, it)| it.severity == severity);
        of_it.count()
    };
    let (warnings, notes) = (count(Severity::Warning), count(Severity::Info));
    match args.output {
        Output::Json => {
            let all: Vec<Value> = findings.iter().map(json_of).collect();
            println!("{:#}", Value::from(all));
        }
        Output::Table => {
            for (document, finding) in &findings {
                let sid = finding
                    .sid
                    .as_ref()
                    .map_or_else(String::new, |sid| format!(" ({sid})"));
                println!(
                    "{}:{}: {}: {} [{}, statement {}{sid}]",
                    document.source.name,
                    line(document, finding),
                    finding.severity.name(),
                    finding.message,
                    finding.rule,
                    finding.statement,
                );
            }
            let number = documents.len();
            let s = |count| if count == 1 { "" } else { "s" };
            println!(
                "{number} document{}: {warnings} warning{}, {notes} note{}",
                s(number),
                s(warnings),
                s(notes)
            );
        }
    }
    for error in &unreadable {
        eprintln!("postern: {error}");
    }
    Ok(if !unreadable.is_empty() || (args.strict && warnings > 0) {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn line(document: &Document, finding: &Finding) -> u32 {
    document.line_within(finding.statement, finding.text.as_deref())
}

fn json_of((document, finding): &(&Document, Finding)) -> Value {
    json!({
        "file": document.source.name,
        "line": line(document, finding),
        "statement": finding.statement,
        "sid": finding.sid,
        "severity": finding.severity.name(),
        "rule": finding.rule.name(),
        "message": finding.message,
    })
}
