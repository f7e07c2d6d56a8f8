//! `postern audit verify`.
//!
//! The digests say which bytes are not as they were written. Each line is looked at as well: one that
//! is not a record in the one spelling that the service writes is named, which narrows a range down
//! and also watches over the end of the log that no digest covers yet.

use std::collections::HashMap;
use std::path::Path;
use std::process::ExitCode;

use serde_json::{Map, Value, json};
use store::state::State;
use store::{AuditLine, AuditReport, MasterKey, Store};

use super::VerifyArgs;
use super::records::files;
use crate::cli::Output;

/// What the lines look like.
#[derive(Default)]
struct Lines {
    records: u64,
    files: usize,
    /// Lines that are no records, and records that stand twice.
    damage: Vec<String>,
}

pub(super) fn run(args: &VerifyArgs) -> anyhow::Result<ExitCode> {
    let folder = args.data.folder()?;
    let key = MasterKey::load(&folder.master_key_file)?;
    let report = Store::<State>::verify_audit(&folder.path, &key)?;
    let lines = read(&folder.path)?;
    let mut damage = lines.damage.clone();
    damage.extend(report.damage.iter().map(|sentence| {
        let lines = range(sentence).and_then(|range| lines_of(&folder.path, &range));
        match lines {
            Some(lines) => format!("{lines}: {sentence}"),
            None => sentence.clone(),
        }
    }));
    match args.output {
        Output::Json => println!("{:#}", as_json(&report, &lines, &damage)),
        Output::Table => print(&report, &lines, &damage),
    }
    Ok(if damage.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Reads every line. The last one may be unfinished while the service runs.
fn read(data: &Path) -> anyhow::Result<Lines> {
    let mut lines = Lines::default();
    let mut seen: HashMap<String, String> = HashMap::new();
    for path in files(data)? {
        lines.files += 1;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let bytes = std::fs::read(&path)?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n');
        let whole = bytes.get(..whole.unwrap_or_default()).unwrap_or_default();
        if whole.is_empty() {
            continue;
        }
        for (number, line) in (1u64..).zip(whole.split(|byte| *byte == b'\n')) {
            let place = format!("{name} line {number}");
            let Some(id) = canonical(line) else {
                let sentence = format!("{place} is not a record as the service writes it");
                lines.damage.push(sentence);
                continue;
            };
            lines.records += 1;
            if let Some(before) = seen.insert(id, place.clone()) {
                lines
                    .damage
                    .push(format!("{place} stands at {before} already"));
            }
        }
    }
    Ok(lines)
}

/// The `eventID` of a line in the service's own spelling.
fn canonical(line: &[u8]) -> Option<String> {
    let record: Map<String, Value> = serde_json::from_slice(line).ok()?;
    let written = AuditLine::new(&record).ok()?;
    (written.text().as_bytes() == line).then(|| {
        let id = record.get("eventID").and_then(Value::as_str);
        id.unwrap_or_default().to_owned()
    })
}

/// Bytes of a numbered file.
struct Range {
    from: usize,
    to: usize,
    file: usize,
}

/// The range that a sentence of the report names.
fn range(sentence: &str) -> Option<Range> {
    let rest = sentence.strip_prefix("bytes ")?;
    let (from, rest) = rest.split_once(" to ")?;
    let (to, rest) = rest.split_once(" of file ")?;
    let (file, _) = rest.split_once(' ')?;
    Some(Range {
        from: from.parse().ok()?,
        to: to.parse().ok()?,
        file: file.parse().ok()?,
    })
}

/// `audit.jsonl lines 1 to 57`.
fn lines_of(data: &Path, range: &Range) -> Option<String> {
    let full = data
        .join("audit")
        .join(format!("audit-{:06}.jsonl", range.file));
    let path = if full.exists() {
        full
    } else {
        data.join("audit").join("audit.jsonl")
    };
    let bytes = std::fs::read(&path).ok()?;
    let count = |upto: usize| {
        let before = bytes.get(..upto.min(bytes.len())).unwrap_or_default();
        before.iter().filter(|byte| **byte == b'\n').count()
    };
    let name = path.file_name()?.to_string_lossy();
    let first = count(range.from) + 1;
    Some(format!(
        "{name} lines {first} to {}",
        count(range.to).max(first)
    ))
}

fn as_json(report: &AuditReport, lines: &Lines, damage: &[String]) -> Value {
    json!({
        "sound": damage.is_empty(),
        "records": lines.records,
        "files": lines.files,
        "digests": report.digests,
        "soundBytes": report.sound_bytes,
        "uncoveredBytes": report.uncovered_bytes,
        "absentFiles": report.absent_files,
        "firstBad": damage.first(),
        "damage": damage,
    })
}

fn print(report: &AuditReport, lines: &Lines, damage: &[String]) {
    let s = |count: u64| if count == 1 { "" } else { "s" };
    let (files, digests) = (lines.files as u64, report.digests as u64);
    println!(
        "{} record{} in {files} file{}; {digests} digest{} cover {} bytes, {} bytes at the end have none yet",
        lines.records,
        s(lines.records),
        s(files),
        s(digests),
        report.sound_bytes,
        report.uncovered_bytes
    );
    for file in &report.absent_files {
        println!("audit-{file:06}.jsonl is not here: archived, or removed");
    }
    match damage.split_first() {
        None if report.uncovered_bytes == 0 => println!("the audit log is as it was written"),
        None => println!(
            "what the digests cover is as it was written; the rest gets its digest within a minute, or when the service ends"
        ),
        Some((first, others)) => {
            println!("the audit log was changed; first: {first}");
            for other in others {
                println!("  {other}");
            }
        }
    }
}
