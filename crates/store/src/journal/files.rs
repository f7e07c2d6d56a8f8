//! The journal's files: one that grows, and older ones that do not change any more.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::line::event_id_of;
use super::{AuditLine, Position};

/// The name of the file that grows.
pub(super) const NEWEST: &str = "audit.jsonl";

/// Why bytes were not written.
#[derive(Debug)]
pub(super) enum WriteError {
    /// They are not in the file, and the file is as before.
    Refused(io::Error),
    /// Earlier bytes could not be made durable.
    NotDurable(io::Error),
}

/// The files of a folder: `audit.jsonl` grows, `audit-000001.jsonl` and so on are full.
pub(super) struct Files {
    folder: PathBuf,
    limit: u64,
    /// `None` after a rotation that could not make the next file.
    newest: Option<Arc<File>>,
    sequence: u64,
    /// The end of the last whole line. The file is longer only while `torn`.
    length: u64,
    torn: bool,
}

impl Files {
    /// Opens the newest file, or makes it, and cuts off a line that a crash left unfinished.
    pub(super) fn open(folder: &Path, limit: u64) -> io::Result<Self> {
        let mut sequence = 1;
        for entry in std::fs::read_dir(folder)? {
            if let Some(number) = entry?.file_name().to_str().and_then(number_of) {
                sequence = sequence.max(number + 1);
            }
        }
        let path = folder.join(NEWEST);
        let file = grow(&path)?;
        let length = end_of_last_line(&File::open(&path)?)?;
        if length < file.metadata()?.len() {
            tracing::warn!(file = %path.display(), length, "cut off an unfinished audit record");
            file.set_len(length)?;
        }
        File::open(folder)?.sync_all()?;
        let newest = Some(Arc::new(file));
        Ok(Self {
            folder: folder.into(),
            limit,
            newest,
            sequence,
            length,
            torn: false,
        })
    }

    /// The end of the newest file.
    pub(super) fn position(&self) -> Position {
        Position {
            file: self.sequence,
            offset: self.length,
        }
    }

    /// The newest file, to be synced.
    pub(super) fn newest(&self) -> Option<Arc<File>> {
        self.newest.clone()
    }

    /// Appends the bytes (whole lines) with one write, or leaves the file as it was.
    pub(super) fn write(&mut self, lines: &[u8]) -> Result<(), WriteError> {
        if self.length > 0 && self.length + lines.len() as u64 > self.limit {
            self.rotate()?;
        }
        self.put(lines).map_err(WriteError::Refused)?;
        self.length += lines.len() as u64;
        Ok(())
    }

    /// Writes a block and takes it back: whether a record could be written.
    pub(super) fn probe(&mut self) -> io::Result<()> {
        // Without an end of line: after a crash it is cut off like any unfinished record.
        self.put(&[b' '; 4096])?;
        self.torn = true;
        self.mend()
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.mend()?;
        let file = self.file()?;
        let written = (&*file).write(bytes);
        match written {
            Ok(count) if count == bytes.len() => Ok(()),
            Ok(_) => {
                self.torn = true;
                let _ = self.mend();
                Err(io::ErrorKind::StorageFull.into())
            }
            Err(error) => {
                self.torn = true;
                let _ = self.mend();
                Err(error)
            }
        }
    }

    /// Takes back what a failed write left.
    fn mend(&mut self) -> io::Result<()> {
        if self.torn {
            self.file()?.set_len(self.length)?;
            self.torn = false;
        }
        Ok(())
    }

    fn numbered(&self, sequence: u64) -> PathBuf {
        numbered(&self.folder, sequence)
    }

    fn file(&mut self) -> io::Result<Arc<File>> {
        if let Some(file) = &self.newest {
            return Ok(Arc::clone(file));
        }
        let file = Arc::new(grow(&self.folder.join(NEWEST))?);
        File::open(&self.folder)?.sync_all()?;
        self.newest = Some(Arc::clone(&file));
        Ok(file)
    }

    /// Begins a new file if somebody moved the newest away (log rotation by another program).
    pub(super) fn follow(&mut self) -> Result<(), WriteError> {
        let Some(file) = &self.newest else {
            return Ok(());
        };
        let ours = file.metadata().map_err(WriteError::Refused)?;
        let moved = match std::fs::metadata(self.folder.join(NEWEST)) {
            Ok(there) => (there.dev(), there.ino()) != (ours.dev(), ours.ino()),
            Err(error) => error.kind() == io::ErrorKind::NotFound,
        };
        if !moved {
            return Ok(());
        }
        tracing::warn!("the audit file was moved away by another program");
        self.mend().map_err(WriteError::Refused)?;
        ours_durable(self.newest.take())?;
        self.sequence += 1;
        let file = self.file().map_err(WriteError::Refused)?;
        self.length = file.metadata().map_err(WriteError::Refused)?.len();
        Ok(())
    }

    /// Closes the newest file for good. It is durable before it gets its number, so a file with a
    /// number never needs repair.
    fn rotate(&mut self) -> Result<(), WriteError> {
        self.mend().map_err(WriteError::Refused)?;
        ours_durable(self.newest.clone())?;
        while self.numbered(self.sequence).exists() {
            // Put there by somebody else: a rename would replace it.
            self.sequence += 1;
        }
        let full = self.numbered(self.sequence);
        match std::fs::rename(self.folder.join(NEWEST), full) {
            Ok(()) => {}
            // Moved away by somebody else, whole and durable: it needs no number.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(WriteError::Refused(error)),
        }
        self.newest = None;
        self.sequence += 1;
        self.length = 0;
        self.file().map(drop).map_err(WriteError::Refused)
    }

    /// Finds which of the records are not in the files from `from` on.
    ///
    /// The bytes from there on may never have reached the disk, though they can be read: after a
    /// failed sync the system forgets that it owes them. So they are written once more. Lines
    /// that are no records (a torn block after a power cut) are left out.
    pub(super) fn missing<'a>(
        &mut self,
        from: Position,
        records: &'a [(u64, AuditLine)],
    ) -> io::Result<Vec<&'a (u64, AuditLine)>> {
        let mut present = HashSet::new();
        for sequence in from.file..self.sequence {
            let path = self.numbered(sequence);
            match File::open(&path) {
                Ok(file) => {
                    let start = if sequence == from.file {
                        from.offset
                    } else {
                        0
                    };
                    let tail = read_from(&file, start)?;
                    present.extend(tail.split(|byte| *byte == b'\n').filter_map(event_id_of));
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    tracing::warn!(file = %path.display(), "an audit file was moved away");
                }
                Err(error) => return Err(error),
            }
        }
        let path = self.folder.join(NEWEST);
        let file = OpenOptions::new().read(true).write(true).open(&path)?;
        // An offset past the end means that the file was cut or replaced by hand: read it all.
        let within = from.file == self.sequence && from.offset <= self.length;
        let start = if within { from.offset } else { 0 };
        let tail = read_from(&file, start)?;
        let mut kept = Vec::with_capacity(tail.len());
        for line in tail.split_inclusive(|byte| *byte == b'\n') {
            match event_id_of(line) {
                Some(id) => {
                    present.insert(id);
                    kept.extend_from_slice(line);
                }
                None => tracing::warn!(bytes = line.len(), "left out a line that is no record"),
            }
        }
        file.write_all_at(&kept, start)?;
        self.length = start + kept.len() as u64;
        file.set_len(self.length)?;
        Ok(records
            .iter()
            .filter(|(_, line)| !present.contains(line.event_id()))
            .collect())
    }

    /// Makes everything durable.
    pub(super) fn sync(&self) -> io::Result<()> {
        match &self.newest {
            Some(file) => file.sync_all(),
            None => Ok(()),
        }
    }
}

fn ours_durable(file: Option<Arc<File>>) -> Result<(), WriteError> {
    file.map_or(Ok(()), |file| file.sync_all())
        .map_err(WriteError::NotDurable)
}

fn grow(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)
}

/// The name of a full file.
pub(super) fn numbered(folder: &Path, sequence: u64) -> PathBuf {
    folder.join(format!("audit-{sequence:06}.jsonl"))
}

/// The number in a full file's name.
pub(super) fn number_of(name: &str) -> Option<u64> {
    name.strip_prefix("audit-")?
        .strip_suffix(".jsonl")?
        .parse()
        .ok()
}

fn read_from(file: &File, start: u64) -> io::Result<Vec<u8>> {
    let length = file.metadata()?.len().saturating_sub(start);
    let mut bytes = vec![0; usize::try_from(length).map_err(io::Error::other)?];
    file.read_exact_at(&mut bytes, start)?;
    Ok(bytes)
}

/// The place after the last line break.
fn end_of_last_line(file: &File) -> io::Result<u64> {
    let mut end = file.metadata()?.len();
    let mut block = [0; 65_536];
    while end > 0 {
        let start = end.saturating_sub(block.len() as u64);
        let size = usize::try_from(end - start).map_err(io::Error::other)?;
        let Some(part) = block.get_mut(..size) else {
            break;
        };
        file.read_exact_at(part, start)?;
        if let Some(at) = part.iter().rposition(|byte| *byte == b'\n') {
            return Ok(start + at as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}
