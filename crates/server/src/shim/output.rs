//! What a broker writes to its standard output and error, kept within bounds.
//!
//! The broker writes to the file itself rather than into a pipe to the shim, so that the death of the shim neither blocks
//! nor kills it. The price: a file is put aside by copying and truncating it, and what is written in the instant between is lost.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::records::LogRecord;

/// How much of a file is looked at for its last lines.
const TAIL_BYTES: u64 = 64 * 1024;

/// Puts the former run's output aside and opens a new file to be appended to. 0600, in a folder of 0700.
pub(crate) fn begin(path: &Path, limits: LogRecord) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        fs::DirBuilder::new()
            .mode(0o700)
            .recursive(true)
            .create(folder)?;
    }
    if fs::metadata(path).is_ok_and(|about| about.len() > 0) {
        if limits.old_files > 0 {
            make_room(path, limits);
            fs::rename(path, aside(path, 1))?;
        } else {
            fs::remove_file(path)?;
        }
    }
    OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)
}

/// Puts the file aside if it has grown beyond the limit. Returns its size before that.
pub(crate) fn rotate(path: &Path, limits: LogRecord) -> io::Result<u64> {
    let size = fs::metadata(path)?.len();
    if size <= limits.file_bytes {
        return Ok(size);
    }
    if limits.old_files > 0 {
        make_room(path, limits);
        let first = aside(path, 1);
        if fs::copy(path, &first).is_err() {
            // No room for it: bounding the disk matters more than keeping the text.
            let _ = fs::remove_file(&first);
        }
    }
    OpenOptions::new().write(true).open(path)?.set_len(0)?;
    Ok(size)
}

/// The last lines, oldest first, readable by people: control characters but tabs are replaced, long lines cut.
pub(crate) fn tail(path: &Path, lines: usize) -> io::Result<Vec<String>> {
    let mut found = last_lines(path, lines)?;
    if found.len() < lines {
        // It may just have been put aside.
        let mut before = last_lines(&aside(path, 1), lines - found.len())?;
        before.append(&mut found);
        return Ok(before);
    }
    Ok(found)
}

/// The last lines of the current file only: of this run, unless it was long.
pub(crate) fn tail_of_run(path: &Path, lines: usize) -> io::Result<Vec<String>> {
    last_lines(path, lines)
}

fn last_lines(path: &Path, lines: usize) -> io::Result<Vec<String>> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let size = file.metadata()?.len();
    let from = size.saturating_sub(TAIL_BYTES);
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.take(TAIL_BYTES).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let mut all: Vec<&str> = text.lines().collect();
    if from > 0 && all.len() > 1 {
        all.remove(0);
    }
    let skipped = all.len().saturating_sub(lines);
    Ok(all.into_iter().skip(skipped).map(readable).collect())
}

fn readable(line: &str) -> String {
    let shown = |c: char| {
        if c.is_control() && c != '\t' {
            char::REPLACEMENT_CHARACTER
        } else {
            c
        }
    };
    line.chars().take(2000).map(shown).collect()
}

/// Moves `.1` to `.2` and so on; the last one is dropped.
fn make_room(path: &Path, limits: LogRecord) {
    for number in (1..limits.old_files).rev() {
        let _ = fs::rename(aside(path, number), aside(path, number + 1));
    }
}

fn aside(path: &Path, number: u32) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{number}"));
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn output_is_bounded_by_size_and_count_and_the_writer_goes_on_in_the_same_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log/output.log");
        let limits = LogRecord {
            file_bytes: 100,
            old_files: 2,
        };
        let mut log = begin(&path, limits).unwrap();
        for round in 0..5 {
            writeln!(log, "round {round} {}", "x".repeat(100)).unwrap();
            rotate(&path, limits).unwrap();
        }
        writeln!(log, "last").unwrap();
        let mut names: Vec<_> = fs::read_dir(folder.path().join("log"))
            .unwrap()
            .map(|e| e.unwrap().file_name())
            .collect();
        names.sort();
        assert_eq!(names, ["output.log", "output.log.1", "output.log.2"]);
        assert_eq!(fs::read_to_string(&path).unwrap(), "last\n");
        assert!(
            fs::read_to_string(aside(&path, 1))
                .unwrap()
                .starts_with("round 4 ")
        );
        assert!(
            fs::read_to_string(aside(&path, 2))
                .unwrap()
                .starts_with("round 3 ")
        );
    }

    #[test]
    fn a_new_run_begins_a_new_file_and_the_tail_reaches_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("output.log");
        let limits = LogRecord {
            file_bytes: 1000,
            old_files: 1,
        };
        begin(&path, limits)
            .unwrap()
            .write_all(b"one\ntwo\n")
            .unwrap();
        begin(&path, limits)
            .unwrap()
            .write_all(b"three\n\x1b[31mfour\xff\n")
            .unwrap();
        assert_eq!(
            tail(&path, 3).unwrap(),
            ["two", "three", "\u{fffd}[31mfour\u{fffd}"]
        );
        assert_eq!(tail_of_run(&path, 3).unwrap().len(), 2);
        assert_eq!(
            tail(&folder.path().join("none"), 3).unwrap(),
            Vec::<String>::new()
        );
    }
}
