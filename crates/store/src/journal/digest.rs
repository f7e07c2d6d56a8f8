//! Digests: evidence that the journal's files are as they were written.
//!
//! Each minute, and at an orderly end, a line is added to `digest.jsonl`: which bytes of which file are durable now,
//! a hash that chains them to all before, and a MAC under a key derived from the master key. The
//! newest MAC is also put into the database. Whoever changes, removes or reorders records without
//! the master key is found out by [`verify`]; the last minute before a crash is not covered.
//!
//! The idea is CloudTrail's ("Validating CloudTrail log file integrity"); the format is ours.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::Position;
use super::files::{NEWEST, WriteError, numbered};
use crate::seal::DigestKey;

const DIGESTS: &str = "digest.jsonl";

/// One line of the file: these bytes of the journal, and all before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Digest {
    file: u64,
    from: u64,
    to: u64,
    chain: String,
    mac: String,
}

impl Digest {
    fn sign(key: &DigestKey, file: u64, from: u64, to: u64, chain: &[u8]) -> Self {
        let chain = hex(chain);
        let mac = hex(&mac(key, file, from, to, &chain).finalize().into_bytes());
        Self {
            file,
            from,
            to,
            chain,
            mac,
        }
    }

    /// The one way that a digest is written.
    fn line(&self) -> io::Result<Vec<u8>> {
        let mut line = serde_json::to_vec(self).map_err(io::Error::other)?;
        line.push(b'\n');
        Ok(line)
    }

    fn is_signed(&self, key: &DigestKey) -> bool {
        let expected = mac(key, self.file, self.from, self.to, &self.chain);
        // Compares in constant time. One spelling only: no digit may be in upper case.
        unhex(&self.mac)
            .is_some_and(|found| hex(&found) == self.mac && expected.verify_slice(&found).is_ok())
    }
}

fn mac(key: &DigestKey, file: u64, from: u64, to: u64, chain: &str) -> Hmac<Sha256> {
    let mut mac = key.mac();
    mac.update(format!("{file} {from} {to} {chain}").as_bytes());
    mac
}

/// Writes the digests of one journal.
pub(super) struct Digests {
    folder: PathBuf,
    key: DigestKey,
    file: File,
    length: u64,
    last: Option<Digest>,
}

impl Digests {
    /// Opens the digests, or begins them.
    pub(super) fn open(folder: &Path, key: DigestKey) -> io::Result<Self> {
        let path = folder.join(DIGESTS);
        let file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .mode(0o600)
            .open(&path)?;
        let (mut length, mut last) = (0, None);
        for line in lines(&path)? {
            let line = line?;
            if !line.ends_with(b"\n") {
                break;
            }
            length += line.len() as u64;
            last = serde_json::from_slice(&line).ok();
        }
        // What a crash left unfinished; the next digest covers its bytes too.
        file.set_len(length)?;
        Ok(Self {
            folder: folder.into(),
            key,
            file,
            length,
            last,
        })
    }

    /// Covers everything up to this place, durably; `newest` is the file that it is in.
    pub(super) fn advance(&mut self, upto: Position, newest: &File) -> Result<(), WriteError> {
        let before = self.length;
        self.cover(upto, newest).map_err(WriteError::Refused)?;
        if self.length == before {
            return Ok(());
        }
        // The database will remember the newest: it must not be lost in a power cut.
        self.file.sync_data().map_err(WriteError::NotDurable)
    }

    /// The MAC of the newest digest.
    pub(super) fn newest(&self) -> Option<String> {
        self.last.as_ref().map(|last| last.mac.clone())
    }

    fn cover(&mut self, upto: Position, newest: &File) -> io::Result<()> {
        let (mut file, mut from) = self
            .last
            .as_ref()
            .map_or((1, 0), |last| (last.file, last.to));
        if file > upto.file || (file == upto.file && from > upto.offset) {
            // The journal is not the one that the digests are of; `verify` will say so.
            (file, from) = (upto.file, 0);
        }
        while file < upto.file {
            match File::open(numbered(&self.folder, file)) {
                Ok(full) => {
                    let to = full.metadata()?.len();
                    self.add(&full, file, from, to)?;
                }
                // Archived before it was covered: nothing can be said of it any more.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
            (file, from) = (file + 1, 0);
        }
        self.add(newest, file, from, upto.offset)
    }

    fn add(&mut self, covered: &File, file: u64, from: u64, to: u64) -> io::Result<()> {
        if from >= to {
            return Ok(());
        }
        let before = self.last.as_ref().map(|last| last.chain.as_str());
        let chain = hash(before, covered, from, to)?;
        let digest = Digest::sign(&self.key, file, from, to, &chain);
        let line = digest.line()?;
        if let Err(error) = self.file.write_all(&line) {
            self.file.set_len(self.length)?;
            return Err(error);
        }
        self.length += line.len() as u64;
        self.last = Some(digest);
        Ok(())
    }
}

/// What [`verify`] found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditReport {
    /// How many digests there are.
    pub digests: usize,
    /// How many bytes of the files here are as they were written.
    pub sound_bytes: u64,
    /// How many bytes at the end have no digest yet.
    pub uncovered_bytes: u64,
    /// Files that have digests and are not here: archived, or removed.
    pub absent_files: Vec<u64>,
    /// What is not as it was written, one sentence each. Empty: all is well.
    pub damage: Vec<String>,
}

/// Compares the journal's files in this folder with their digests, and the digests with the MAC
/// that the database remembers.
///
/// # Errors
/// A file cannot be read.
pub(crate) fn verify(
    folder: &Path,
    key: &DigestKey,
    remembered: Option<&str>,
) -> io::Result<AuditReport> {
    let mut report = AuditReport::default();
    let mut last: Option<Digest> = None;
    let mut covered: BTreeMap<u64, u64> = BTreeMap::new();
    let mut found = remembered.is_none();
    for (number, line) in lines(&folder.join(DIGESTS))?.enumerate() {
        let place = format!("digest {}", number + 1);
        let line = line?;
        let Ok(digest) = serde_json::from_slice::<Digest>(&line) else {
            report.damage.push(format!("{place} is not one"));
            continue;
        };
        report.digests += 1;
        if digest.line()? != line {
            report.damage.push(format!("{place} was rewritten"));
        }
        if !digest.is_signed(key) {
            report
                .damage
                .push(format!("{place} is not signed with this master key"));
            continue;
        }
        found |= remembered == Some(digest.mac.as_str());
        let follows = last.as_ref().is_none_or(|last| {
            let same = digest.file == last.file && digest.from == last.to;
            same || (digest.file > last.file && digest.from == 0)
        });
        if !follows {
            report
                .damage
                .push(format!("{place} does not follow the one before"));
        }
        covered.insert(digest.file, digest.to);
        match open_number(folder, digest.file)? {
            None => {
                if report.absent_files.last() != Some(&digest.file) {
                    report.absent_files.push(digest.file);
                }
            }
            Some(file) => {
                let before = last.as_ref().map(|last| last.chain.as_str());
                let (from, to) = (digest.from, digest.to);
                let chain = hash(before, &file, from, to).map(|chain| hex(&chain));
                if chain.is_ok_and(|chain| chain == digest.chain) {
                    report.sound_bytes += to - from;
                } else {
                    report.damage.push(format!(
                        "bytes {from} to {to} of file {} are not as written",
                        digest.file
                    ));
                }
            }
        }
        last = Some(digest);
    }
    if !found {
        report
            .damage
            .push("the newest digest that the database knows is missing".into());
    }
    for (number, path) in files(folder)? {
        let length = std::fs::metadata(&path)?.len();
        let to = covered.get(&number).copied().unwrap_or_default();
        let beyond = length.saturating_sub(to);
        if last.as_ref().is_some_and(|last| number < last.file) && beyond > 0 {
            report.damage.push(format!(
                "{beyond} bytes of file {number} were added or not covered"
            ));
        } else {
            report.uncovered_bytes += beyond;
        }
    }
    Ok(report)
}

/// The journal's files that are here, by number.
fn files(folder: &Path) -> io::Result<Vec<(u64, PathBuf)>> {
    let mut numbers = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        numbers.extend(
            entry?
                .file_name()
                .to_str()
                .and_then(super::files::number_of),
        );
    }
    numbers.sort_unstable();
    let next = numbers.last().map_or(1, |number| number + 1);
    let mut files: Vec<_> = numbers
        .into_iter()
        .map(|n| (n, numbered(folder, n)))
        .collect();
    if folder.join(NEWEST).exists() {
        files.push((next, folder.join(NEWEST)));
    }
    Ok(files)
}

fn open_number(folder: &Path, number: u64) -> io::Result<Option<File>> {
    let path = files(folder)?
        .into_iter()
        .find(|(found, _)| *found == number);
    path.map(|(_, path)| File::open(path)).transpose()
}

/// Chains a range of a file to what came before.
fn hash(before: Option<&str>, file: &File, from: u64, to: u64) -> io::Result<[u8; 32]> {
    let mut hash = Sha256::new();
    hash.update(before.unwrap_or_default().as_bytes());
    let mut block = [0; 65_536];
    let mut at = from;
    while at < to {
        let size = usize::try_from((to - at).min(block.len() as u64)).map_err(io::Error::other)?;
        let Some(part) = block.get_mut(..size) else {
            break;
        };
        file.read_exact_at(part, at)?;
        hash.update(&*part);
        at += size as u64;
    }
    Ok(hash.finalize().into())
}

fn lines(path: &Path) -> io::Result<impl Iterator<Item = io::Result<Vec<u8>>>> {
    let mut reader = match File::open(path) {
        Ok(file) => Some(BufReader::new(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    Ok(std::iter::from_fn(move || {
        let mut line = Vec::new();
        match reader.as_mut()?.read_until(b'\n', &mut line) {
            Ok(0) => None,
            Ok(_) => Some(Ok(line)),
            Err(error) => Some(Err(error)),
        }
    }))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2);
    digits
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}
