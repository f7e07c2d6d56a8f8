//! The records of the audit log, read from its files without the service.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde_json::Value;

use crate::exit::NotFound;

/// One record.
pub(crate) struct Record {
    /// The name of its file.
    pub(crate) file: String,
    /// Its line, from 1.
    pub(crate) line: u64,
    value: Value,
}

impl Record {
    /// A member that is a text; `path` is a JSON pointer.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.value.pointer(path)?.as_str()
    }

    /// A member.
    pub(crate) fn member(&self, path: &str) -> Option<&Value> {
        self.value.pointer(path).filter(|value| !value.is_null())
    }

    /// The whole record.
    pub(crate) fn value(&self) -> &Value {
        &self.value
    }
}

/// The log's files in the order of writing.
///
/// # Errors
/// There is no log in the data folder.
pub(super) fn files(data: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let folder = data.join("audit");
    let entries = match std::fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let shown = folder.display();
            return Err(NotFound(format!("there is no audit log `{shown}`")).into());
        }
        Err(error) => return Err(error).with_context(|| folder.display().to_string()),
    };
    let mut numbered = Vec::new();
    for entry in entries {
        let path = entry?.path();
        numbered.extend(number(&path).map(|number| (number, path)));
    }
    numbered.sort();
    Ok(numbered.into_iter().map(|(_, path)| path).collect())
}

/// Full files are `audit-000001.jsonl` and so on; the one that grows comes last.
fn number(path: &Path) -> Option<u64> {
    let name = path.file_name()?.to_str()?;
    if name == "audit.jsonl" {
        return Some(u64::MAX);
    }
    name.strip_prefix("audit-")?
        .strip_suffix(".jsonl")?
        .parse()
        .ok()
}

/// Shows every record whose line holds `text` to `see`, until it answers `false`. A line that is no
/// record is passed over: `postern audit verify` is there to find it.
///
/// # Errors
/// There is no log, or a file cannot be read.
pub(crate) fn records(
    data: &Path,
    text: &str,
    mut see: impl FnMut(Record) -> bool,
) -> anyhow::Result<()> {
    for path in files(data)? {
        let shown = path.display().to_string();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let file = File::open(&path).with_context(|| shown.clone())?;
        for (line, content) in (1u64..).zip(BufReader::new(file).split(b'\n')) {
            let content = content.with_context(|| shown.clone())?;
            // Most lines are of others: a look is cheaper than a parser.
            let value = std::str::from_utf8(&content)
                .ok()
                .filter(|content| content.contains(text))
                .and_then(|content| serde_json::from_str::<Value>(content).ok());
            let Some(value) = value else {
                continue;
            };
            let record = Record {
                file: name.clone().into_owned(),
                line,
                value,
            };
            if !see(record) {
                return Ok(());
            }
        }
    }
    Ok(())
}
