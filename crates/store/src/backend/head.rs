//! How far the database had come, noted in a small file beside it.
//!
//! SQLite drops the tail of its log without a word when a bit of it rots or the log file goes
//! missing. The note lets the next start see that acknowledged commits are gone. It is written
//! after each commit, without a sync: after a power cut it may be older than the database, which
//! is no fault; it is never newer.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use sha2::{Digest, Sha256};

/// The note's file, open for writing.
pub(super) struct Head {
    file: File,
    failed: bool,
}

impl Head {
    /// Opens the note, or makes it.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        let file = options
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600);
        Ok(Self {
            file: file.open(path)?,
            failed: false,
        })
    }

    /// The count of revisions that was noted; `None` if there is no whole note.
    pub(super) fn read(&self) -> Option<u64> {
        let mut note = [0; 16];
        self.file.read_exact_at(&mut note, 0).ok()?;
        let (count, sum) = note.split_first_chunk::<8>()?;
        (sum == sum_of(count)).then(|| u64::from_be_bytes(*count))
    }

    /// Notes a count. A note that cannot be written costs only the check at the next start.
    pub(super) fn write(&mut self, count: u64) {
        let count = count.to_be_bytes();
        let mut note = [0; 16];
        for (to, from) in note.iter_mut().zip(count.iter().chain(&sum_of(&count))) {
            *to = *from;
        }
        match self.file.write_all_at(&note, 0) {
            Ok(()) => self.failed = false,
            Err(error) if !self.failed => {
                self.failed = true;
                tracing::warn!(%error, "cannot note how far the database has come");
            }
            Err(_) => {}
        }
    }
}

fn sum_of(count: &[u8; 8]) -> [u8; 8] {
    let digest = Sha256::digest(count);
    digest.first_chunk::<8>().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn note_is_read_back_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("head");
        let mut head = Head::open(&path).unwrap();
        assert_eq!(head.read(), None);
        for count in [0, 1, 77, u64::MAX] {
            head.write(count);
            assert_eq!(Head::open(&path).unwrap().read(), Some(count));
        }
        let whole = std::fs::read(&path).unwrap();
        for at in 0..16 {
            let mut changed = whole.clone();
            changed[at] ^= 4;
            std::fs::write(&path, &changed).unwrap();
            assert_eq!(Head::open(&path).unwrap().read(), None);
            std::fs::write(&path, &whole[..at]).unwrap();
            assert_eq!(Head::open(&path).unwrap().read(), None);
        }
    }
}
