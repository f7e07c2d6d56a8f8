//! What is read of a SQLite database that somebody else may have open.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension};

use super::file::sync_folder;
use super::sqlite::{SqliteBackend, classify};
use super::{BackendError, sql};
use crate::error::OpenError;

impl SqliteBackend {
    /// Reads a fact of a database that may be in use.
    ///
    /// # Errors
    /// The database cannot be read.
    pub(crate) fn peek(path: &Path, name: &str) -> Result<Option<String>, BackendError> {
        let connection = read_only(path)?;
        connection
            .query_row(sql::META, [name], |row| row.get(0))
            .optional()
            .map_err(classify)
    }

    /// Copies the newest committed state of a database, which may be in use, into a new file that
    /// only its owner may read. Secrets in it stay sealed; the master key is not in it.
    ///
    /// # Errors
    /// The copy exists already, or one of the files cannot be used.
    pub fn copy(from: &Path, to: &Path) -> Result<(), OpenError> {
        let file = |action, source| OpenError::File {
            action,
            path: to.to_path_buf(),
            source,
        };
        let mut options = OpenOptions::new();
        let options = options.write(true).create_new(true).mode(0o600);
        let made = options.open(to).map_err(|source| file("create", source))?;
        let source = read_only(from)?;
        // SQLite writes its copy into an empty file, and knows names in UTF-8 only.
        let name = to
            .to_str()
            .ok_or_else(|| file("name", std::io::Error::other("the name is not valid UTF-8")))?;
        let copied = source.execute("VACUUM INTO $1", [name]).map_err(classify);
        if let Err(error) = copied {
            let _ = std::fs::remove_file(to);
            return Err(error.into());
        }
        made.sync_all()
            .map_err(|source| file("make durable", source))?;
        sync_folder(to)
    }
}

fn read_only(path: &Path) -> Result<Connection, BackendError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(classify)?;
    connection
        .busy_timeout(Duration::from_secs(2))
        .map_err(classify)?;
    Ok(connection)
}
