//! The file of a database, and the folder it is in.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::error::OpenError;

/// Makes the file with nobody else's rights, before SQLite can make it with more (its log files
/// get the rights of the database).
pub(super) fn create(path: &Path) -> Result<(), OpenError> {
    let file = |action, source| OpenError::File {
        action,
        path: path.to_path_buf(),
        source,
    };
    match OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
    {
        Ok(made) => {
            made.sync_all()
                .map_err(|source| file("make durable", source))?;
            sync_folder(path)
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let rights = std::fs::metadata(path).map_err(|source| file("read", source))?;
            if rights.permissions().mode() & 0o077 != 0 {
                std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))
                    .map_err(|source| file("restrict the rights of", source))?;
            }
            Ok(())
        }
        Err(source) => Err(file("create", source)),
    }
}

/// Makes the list of files durable of the folder that this one is in.
pub(crate) fn sync_folder(file: &Path) -> Result<(), OpenError> {
    sync_parent(file).map_err(|source| OpenError::File {
        action: "make durable",
        path: parent(file),
        source,
    })
}

/// As [`sync_folder`], with the system's own error.
pub(crate) fn sync_parent(file: &Path) -> std::io::Result<()> {
    File::open(parent(file)).and_then(|opened| opened.sync_all())
}

/// The folder that a file is in; that of a bare name is the current one.
fn parent(file: &Path) -> PathBuf {
    let parent = file
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    parent.map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}
