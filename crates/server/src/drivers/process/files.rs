//! Writes below a node's data folder.
//!
//! The folder belongs to the broker, which may have been taken over and may put symbolic links into the way of a writer that
//! is root. So every step is made relative to an open folder and follows no link: what is written is below the data folder or not at all.

use std::fs::File as StdFile;
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, Gid, Mode, OFlags, Uid};
use rustix::io::Errno;

use crate::drivers::{DriverError, File, RelativePath};

/// An open data folder.
pub(super) struct DataFolder {
    folder: OwnedFd,
    path: PathBuf,
    owner: Option<u32>,
}

const FOLDER: OFlags = OFlags::RDONLY
    .union(OFlags::DIRECTORY)
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC);

impl DataFolder {
    /// Opens the data folder, and makes it (0700) if it is missing. With an owner it is given to that user.
    pub(super) fn open(path: &Path, owner: Option<u32>) -> Result<Self, DriverError> {
        let failed = |errno: Errno| DriverError::io("open", path, errno.into());
        match rustix::fs::mkdir(path, Mode::RWXU) {
            Ok(()) | Err(Errno::EXIST) => {}
            Err(errno) => return Err(DriverError::io("make", path, errno.into())),
        }
        let folder = rustix::fs::open(path, FOLDER, Mode::empty()).map_err(failed)?;
        if let Some(user) = owner {
            let has = rustix::fs::fstat(&folder).map_err(failed)?.st_uid;
            if has != user {
                // Made just now, or by a Postern that was not root.
                give(&folder, user).map_err(|error| DriverError::io("give away", path, error))?;
            }
        }
        rustix::fs::fchmod(&folder, Mode::RWXU).map_err(failed)?;
        Ok(Self {
            folder,
            path: path.to_path_buf(),
            owner,
        })
    }

    /// Makes a folder and those on the way to it.
    pub(super) fn make_folder(&self, path: &RelativePath) -> Result<(), DriverError> {
        let (mut names, last) = path.split();
        names.push(last);
        self.descend(&names)
            .map(drop)
            .map_err(|error| self.failed("make", path, error))
    }

    /// Replaces a file, so that it has the old or the new content at any moment, also after a power cut.
    pub(super) fn write(&self, file: &File) -> Result<(), DriverError> {
        let (names, last) = file.path.split();
        self.replace(&names, last, file)
            .map_err(|error| self.failed("write", &file.path, error))
    }

    fn replace(&self, names: &[&str], name: &str, file: &File) -> io::Result<()> {
        let folder = self.descend(names)?;
        let temporary = format!(".{name}.postern-new");
        let flags =
            OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let create =
            || rustix::fs::openat(&folder, temporary.as_str(), flags, Mode::RUSR | Mode::WUSR);
        let new = match create() {
            // Left by a crash.
            Err(Errno::EXIST) => {
                rustix::fs::unlinkat(&folder, temporary.as_str(), AtFlags::empty())?;
                create()?
            }
            other => other?,
        };
        let mut new = StdFile::from(new);
        let written = (|| {
            new.write_all(&file.bytes)?;
            if let Some(user) = self.owner {
                rustix::fs::fchown(&new, Some(Uid::from_raw(user)), Some(Gid::from_raw(user)))?;
            }
            rustix::fs::fchmod(&new, Mode::from_raw_mode(file.mode.bits()))?;
            new.sync_all()?;
            rustix::fs::renameat(&folder, temporary.as_str(), &folder, name)?;
            Ok(())
        })();
        if written.is_err() {
            let _ = rustix::fs::unlinkat(&folder, temporary.as_str(), AtFlags::empty());
            return written;
        }
        rustix::fs::fsync(&folder)?;
        Ok(())
    }

    /// Opens the folder that the names lead to, making those that are missing (0700).
    fn descend(&self, names: &[&str]) -> io::Result<OwnedFd> {
        let mut folder = self.folder.try_clone()?;
        for &name in names {
            let made = match rustix::fs::mkdirat(&folder, name, Mode::RWXU) {
                Ok(()) => true,
                Err(Errno::EXIST) => false,
                Err(errno) => return Err(errno.into()),
            };
            folder = rustix::fs::openat(&folder, name, FOLDER, Mode::empty())?;
            if let (true, Some(user)) = (made, self.owner) {
                rustix::fs::fchown(
                    &folder,
                    Some(Uid::from_raw(user)),
                    Some(Gid::from_raw(user)),
                )?;
            }
        }
        Ok(folder)
    }

    fn failed(&self, what: &'static str, path: &RelativePath, error: io::Error) -> DriverError {
        DriverError::io(what, &path.below(&self.path), error)
    }
}

/// Gives a folder and all below it to a user, following no links.
fn give(folder: &OwnedFd, user: u32) -> io::Result<()> {
    let (uid, gid) = (Some(Uid::from_raw(user)), Some(Gid::from_raw(user)));
    for entry in rustix::fs::Dir::read_from(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if name == c"." || name == c".." {
            continue;
        }
        match rustix::fs::openat(folder, name, FOLDER, Mode::empty()) {
            Ok(below) => give(&below, user)?,
            Err(Errno::NOTDIR | Errno::LOOP) => {
                rustix::fs::chownat(folder, name, uid, gid, AtFlags::SYMLINK_NOFOLLOW)?;
            }
            Err(errno) => return Err(errno.into()),
        }
    }
    // Order: the folder itself last, since its owner says whether this was finished.
    Ok(rustix::fs::fchown(folder, uid, gid)?)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;
    use crate::drivers::FileMode;

    fn file(path: &str, mode: FileMode, bytes: &[u8]) -> File {
        File {
            path: RelativePath::parse(path).unwrap(),
            mode,
            bytes: bytes.to_vec(),
        }
    }

    #[test]
    fn files_are_written_with_their_modes_and_replaced() {
        let temporary = tempfile::tempdir().unwrap();
        let path = temporary.path().join("data");
        let data = DataFolder::open(&path, None).unwrap();
        for (mode, bits) in [
            (FileMode::Secret, 0o400),
            (FileMode::Private, 0o600),
            (FileMode::Readable, 0o644),
            (FileMode::Executable, 0o700),
        ] {
            data.write(&file("conf/deep/x.conf", mode, b"old")).unwrap();
            data.write(&file("conf/deep/x.conf", mode, b"new")).unwrap();
            let written = path.join("conf/deep/x.conf");
            assert_eq!(fs::read(&written).unwrap(), b"new");
            assert_eq!(
                fs::metadata(&written).unwrap().permissions().mode() & 0o7777,
                bits
            );
        }
        assert_eq!(fs::read_dir(path.join("conf/deep")).unwrap().count(), 1);
        assert_eq!(
            fs::metadata(path.join("conf"))
                .unwrap()
                .permissions()
                .mode()
                & 0o7777,
            0o700
        );
    }

    #[test]
    fn links_do_not_lead_a_write_out_of_the_folder() {
        let temporary = tempfile::tempdir().unwrap();
        let outside = temporary.path().join("outside");
        fs::create_dir(&outside).unwrap();
        fs::write(outside.join("victim"), "untouched").unwrap();
        let path = temporary.path().join("data");
        let data = DataFolder::open(&path, None).unwrap();

        symlink(&outside, path.join("conf")).unwrap();
        assert!(
            data.write(&file("conf/victim", FileMode::Private, b"x"))
                .is_err()
        );
        assert!(
            data.make_folder(&RelativePath::parse("conf/new").unwrap())
                .is_err()
        );

        symlink(outside.join("victim"), path.join("link")).unwrap();
        symlink(outside.join("victim"), path.join(".link.postern-new")).unwrap();
        data.write(&file("link", FileMode::Private, b"x")).unwrap();
        assert!(fs::symlink_metadata(path.join("link")).unwrap().is_file());
        assert_eq!(
            fs::read_to_string(outside.join("victim")).unwrap(),
            "untouched"
        );
        assert_eq!(fs::read_dir(&outside).unwrap().count(), 1);
    }

    #[test]
    fn a_full_disk_is_called_so() {
        let error = DriverError::io("write", Path::new("/x"), Errno::NOSPC.into());
        assert!(matches!(error, DriverError::DiskFull { .. }));
    }
}
