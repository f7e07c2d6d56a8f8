//! SQLite: write-ahead log, `synchronous = FULL`, one connection.
//!
//! SQLite's automatic checkpoints, while it works and when it closes, swallow their I/O errors, so
//! they are off; [`tidy`] does the checkpoints, after the answers are out, and looks at what they
//! return. SQLite also ignores a
//! failed sync of the folder, so `create` does that sync itself.
//!
//! [`tidy`]: Backend::tidy

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::FromSql;
use rusqlite::{Connection, ErrorCode, OptionalExtension, Params, Statement, ffi, params};

use super::file::{create, sync_folder};
use super::head::Head;
use super::{
    Backend, BackendError, DocumentRow, EventRow, Operation, OutboxRow, SCHEMA_VERSION, sql,
};
use crate::document::{Revision, Revisions, SHARDS, Shard};
use crate::error::OpenError;
use crate::journal::Position;
use crate::store::damaged;

/// Marks the file as ours (`PRAGMA application_id`): "PSTN".
const APPLICATION_ID: i64 = 0x5053_544e;
/// How many written rows make a checkpoint worth its while.
const ROWS_PER_CHECKPOINT: u32 = 2_000;

const TABLES: &str = "
    CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE shard (k INTEGER PRIMARY KEY, rev INTEGER NOT NULL);
    CREATE TABLE document (
        account TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
        rev INTEGER NOT NULL, body TEXT NOT NULL, sum BLOB NOT NULL,
        PRIMARY KEY (account, kind, id));
    CREATE TABLE event (
        shard INTEGER NOT NULL, rev INTEGER NOT NULL, part INTEGER NOT NULL,
        happened INTEGER NOT NULL, account TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
        op TEXT NOT NULL, PRIMARY KEY (shard, rev, part)) WITHOUT ROWID;
    CREATE TABLE outbox (
        seq INTEGER PRIMARY KEY, event_id TEXT NOT NULL, line TEXT NOT NULL,
        file INTEGER NOT NULL, place INTEGER NOT NULL, sum BLOB NOT NULL);
";

/// A store's database in one SQLite file.
pub struct SqliteBackend {
    connection: Connection,
    /// Rows written since the last checkpoint.
    rows: u32,
    head: Head,
    /// How many revisions the database holds, with the open transaction and without.
    total: u64,
    committed: u64,
}

impl SqliteBackend {
    /// Opens the database, or creates it with its schema if the file does not exist.
    ///
    /// # Errors
    /// The file cannot be used, is not a store, or has a newer schema; it is then unchanged.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        create(path)?;
        let connection = Connection::open(path).map_err(classify)?;
        connection
            .busy_timeout(Duration::from_secs(2))
            .map_err(classify)?;
        connection.set_prepared_statement_cache_capacity(32);
        let beside = path.with_extension("head");
        let head = Head::open(&beside).map_err(|source| OpenError::File {
            action: "open",
            path: beside.clone(),
            source,
        })?;
        let mut backend = Self {
            connection,
            rows: 0,
            head,
            total: 0,
            committed: 0,
        };
        let unfinished = backend.is_unfinished(path)?;
        if !unfinished {
            backend.accept()?;
        }
        backend.configure()?;
        if unfinished {
            backend.make_tables()?;
        }
        backend.compare_with_head(&beside)?;
        // Order: what was read above made the log's file, if it was missing. SQLite syncs the folder for it, and does not look
        // whether that failed.
        sync_folder(path)?;
        Ok(backend)
    }

    /// Whether the file is new, or its creation was cut short: no table, no mark, one page at
    /// most. More than that without a table is damage, and is not written over.
    fn is_unfinished(&self, path: &Path) -> Result<bool, OpenError> {
        let length = std::fs::metadata(path)
            .map_err(|source| OpenError::File {
                action: "read",
                path: path.to_path_buf(),
                source,
            })?
            .len();
        Ok(length <= 4096 && self.application_id()? == 0 && self.is_blank()?)
    }

    /// Refuses a database that has less than was once committed.
    fn compare_with_head(&mut self, beside: &Path) -> Result<(), OpenError> {
        let revisions = self.revisions().map_err(damaged)?;
        self.total = revisions.total();
        self.committed = self.total;
        match self.head.read() {
            Some(noted) if noted > self.total => Err(OpenError::Behind {
                lost: noted - self.total,
                note: beside.to_path_buf(),
            }),
            Some(_) | None => Ok(()),
        }
    }

    fn application_id(&self) -> Result<i64, OpenError> {
        self.connection
            .query_row("PRAGMA application_id", [], |row| row.get(0))
            .map_err(|error| damaged(classify(error)))
    }

    fn is_blank(&self) -> Result<bool, OpenError> {
        let tables: i64 = self
            .connection
            .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
            .map_err(|error| damaged(classify(error)))?;
        Ok(tables == 0)
    }

    /// Refuses what this program did not write, before it writes anything.
    fn accept(&mut self) -> Result<(), OpenError> {
        if self.application_id()? != APPLICATION_ID {
            return Err(OpenError::NotAStore(
                "its application id is not Postern's".into(),
            ));
        }
        let version = match self.meta("schema") {
            Ok(Some(text)) => text,
            Ok(None) => return Err(OpenError::NotAStore("it has no schema version".into())),
            Err(error) => return Err(damaged(error)),
        };
        let found: u64 = version
            .parse()
            .map_err(|_| OpenError::NotAStore("its schema version is not a number".into()))?;
        if found > SCHEMA_VERSION {
            return Err(OpenError::NewerSchema {
                found,
                known: SCHEMA_VERSION,
            });
        }
        if found == 0 {
            return Err(OpenError::NotAStore("its schema version is 0".into()));
        }
        Ok(())
    }

    fn configure(&self) -> Result<(), OpenError> {
        let mode: String = self.set("PRAGMA journal_mode = WAL")?;
        if mode != "wal" {
            return Err(OpenError::NotAStore(format!(
                "its journal mode stays `{mode}`"
            )));
        }
        // A small cache: whenever a page splits, SQLite looks through all of it at the commit (`pcache1TruncateUnsafe`; with
        // 16 MiB the slowest commits took three times as long: `cargo run --release -p store --example bench`). Reads are rare,
        // and the system's cache has the pages.
        self.connection
            .execute_batch(
                "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; \
                 PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF; \
                 PRAGMA temp_store = MEMORY; PRAGMA cache_size = -2048; \
                 PRAGMA journal_size_limit = 16777216;",
            )
            .map_err(classify)?;
        self.connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
            .map_err(classify)?;
        Ok(())
    }

    fn make_tables(&mut self) -> Result<(), OpenError> {
        // One transaction: a creation is whole or absent.
        let made = self.connection.execute_batch(&format!(
            "BEGIN IMMEDIATE; PRAGMA application_id = {APPLICATION_ID}; {TABLES} \
             INSERT INTO meta (name, value) VALUES ('schema', '{SCHEMA_VERSION}');"
        ));
        made.map_err(classify)?;
        for shard in Shard::all() {
            self.connection
                .execute(
                    "INSERT INTO shard (k, rev) VALUES ($1, 0)",
                    [shard.number() as i64],
                )
                .map_err(classify)?;
        }
        self.connection.execute_batch("COMMIT").map_err(classify)?;
        // From here on the main file alone shows that this is a store.
        let _busy: i64 = self.set("PRAGMA wal_checkpoint(TRUNCATE)")?;
        Ok(())
    }

    /// Runs a pragma that answers with a value.
    fn set<T: FromSql>(&self, pragma: &str) -> Result<T, BackendError> {
        let mut statement = self.connection.prepare(pragma).map_err(classify)?;
        to_its_end(&mut statement, []).map_err(classify)
    }

    fn run(&mut self, statement: &str, values: impl Params) -> Result<(), BackendError> {
        self.connection
            .prepare_cached(statement)
            .map_err(classify)?
            .execute(values)
            .map_err(classify)?;
        self.rows = self.rows.saturating_add(1);
        Ok(())
    }

    /// Looks at every page, row and index. Returns at most a hundred things that are wrong.
    ///
    /// # Errors
    /// The database cannot be read.
    pub(crate) fn integrity(&self) -> Result<Vec<String>, BackendError> {
        let mut statement = self
            .connection
            .prepare("PRAGMA integrity_check(100)")
            .map_err(classify)?;
        let lines = statement
            .query_map([], |row| row.get(0))
            .map_err(classify)?;
        let mut damage: Vec<String> = lines.collect::<Result<_, _>>().map_err(classify)?;
        damage.retain(|line| line != "ok");
        Ok(damage)
    }

    /// Limits the size of the database file, for tests of a full disk.
    ///
    /// # Errors
    /// The database refuses.
    #[doc(hidden)]
    pub fn limit_pages(&self, pages: u32) -> Result<(), BackendError> {
        let _pages: u32 = self.set(&format!("PRAGMA max_page_count = {pages}"))?;
        Ok(())
    }
}

impl Backend for SqliteBackend {
    fn meta(&mut self, name: &str) -> Result<Option<String>, BackendError> {
        let mut statement = self
            .connection
            .prepare_cached(sql::META)
            .map_err(classify)?;
        statement
            .query_row([name], |row| row.get(0))
            .optional()
            .map_err(classify)
    }

    fn check(&mut self) -> Result<Option<String>, BackendError> {
        let first: String = self
            .connection
            .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
            .map_err(classify)?;
        if first != "ok" {
            return Ok(Some(first));
        }
        // The feed is gapless and its newest event is never trimmed, so it tells each revision.
        let mut feed = Revisions::default();
        let mut statement = self
            .connection
            .prepare(sql::NEWEST_EVENTS)
            .map_err(classify)?;
        let mut rows = statement.query([]).map_err(classify)?;
        while let Some(row) = rows.next().map_err(classify)? {
            let number: i64 = row.get(0).map_err(classify)?;
            let newest: i64 = row.get(1).map_err(classify)?;
            match usize::try_from(number).ok().and_then(Shard::new) {
                Some(shard) => feed.set(shard, revision(newest)),
                None => return Ok(Some(format!("the feed has a shard {number}"))),
            }
        }
        drop(rows);
        drop(statement);
        let revisions = self.revisions()?;
        for shard in Shard::all() {
            let (newest, known) = (feed.shard(shard), revisions.shard(shard));
            if newest != known {
                let shard = shard.number();
                return Ok(Some(format!(
                    "the feed of shard {shard} ends at {newest}, not {known}"
                )));
            }
        }
        Ok(None)
    }

    fn revisions(&mut self) -> Result<Revisions, BackendError> {
        let mut revisions = Revisions::default();
        let mut seen = 0;
        let mut statement = self.connection.prepare(sql::REVISIONS).map_err(classify)?;
        let mut rows = statement.query([]).map_err(classify)?;
        while let Some(row) = rows.next().map_err(classify)? {
            let number: i64 = row.get(0).map_err(classify)?;
            let rev: i64 = row.get(1).map_err(classify)?;
            let shard = usize::try_from(number).ok().and_then(Shard::new);
            let (Some(shard), 0..) = (shard, rev) else {
                return Err(BackendError::Broken(
                    "a revision row is out of range".into(),
                ));
            };
            revisions.set(shard, revision(rev));
            seen += 1;
        }
        if seen == SHARDS {
            Ok(revisions)
        } else {
            Err(BackendError::Broken(
                format!("{seen} of {SHARDS} revision rows").into(),
            ))
        }
    }

    fn documents(
        &mut self,
        visit: &mut dyn FnMut(DocumentRow) -> bool,
    ) -> Result<(), BackendError> {
        let mut statement = self.connection.prepare(sql::DOCUMENTS).map_err(classify)?;
        let mut rows = statement.query([]).map_err(classify)?;
        while let Some(row) = rows.next().map_err(classify)? {
            let document = DocumentRow {
                account: row.get(0).map_err(classify)?,
                kind: row.get(1).map_err(classify)?,
                id: row.get(2).map_err(classify)?,
                revision: revision(row.get(3).map_err(classify)?),
                body: row.get(4).map_err(classify)?,
                sum: row.get(5).map_err(classify)?,
            };
            if !visit(document) {
                break;
            }
        }
        Ok(())
    }

    fn outbox(&mut self) -> Result<Vec<OutboxRow>, BackendError> {
        let mut statement = self.connection.prepare(sql::OUTBOX).map_err(classify)?;
        let rows = statement
            .query_map([], |row| {
                Ok(OutboxRow {
                    sequence: number(row.get(0)?),
                    event_id: row.get(1)?,
                    line: row.get(2)?,
                    position: Position {
                        file: number(row.get(3)?),
                        offset: number(row.get(4)?),
                    },
                    sum: row.get(5)?,
                })
            })
            .map_err(classify)?;
        rows.collect::<Result<_, _>>().map_err(classify)
    }

    fn events(
        &mut self,
        shard: Shard,
        after: Revision,
        limit: u32,
    ) -> Result<Vec<EventRow>, BackendError> {
        let mut statement = self
            .connection
            .prepare_cached(sql::EVENTS)
            .map_err(classify)?;
        let rows = statement
            .query_map(
                params![shard.number() as i64, after.number() as i64, limit],
                |row| {
                    let operation: String = row.get(6)?;
                    Ok(EventRow {
                        shard,
                        revision: revision(row.get(0)?),
                        part: row.get(1)?,
                        at: row.get(2)?,
                        account: row.get(3)?,
                        kind: row.get(4)?,
                        id: row.get(5)?,
                        operation: if operation == "delete" {
                            Operation::Delete
                        } else {
                            Operation::Put
                        },
                    })
                },
            )
            .map_err(classify)?;
        rows.collect::<Result<_, _>>().map_err(classify)
    }

    fn begin(&mut self) -> Result<(), BackendError> {
        self.connection
            .execute_batch("BEGIN IMMEDIATE")
            .map_err(classify)
    }

    fn set_meta(&mut self, name: &str, value: &str) -> Result<(), BackendError> {
        self.run(sql::SET_META, params![name, value])
    }

    fn bump(&mut self, shard: Shard, by: u32) -> Result<Revision, BackendError> {
        self.rows = self.rows.saturating_add(1);
        let mut statement = self
            .connection
            .prepare_cached(sql::BUMP)
            .map_err(classify)?;
        let rev =
            to_its_end(&mut statement, [i64::from(by), shard.number() as i64]).map_err(classify)?;
        self.total = self.total.saturating_add(u64::from(by));
        Ok(revision(rev))
    }

    fn put(&mut self, row: &DocumentRow) -> Result<(), BackendError> {
        let revision = row.revision.number() as i64;
        self.run(
            sql::PUT,
            params![row.account, row.kind, row.id, revision, row.body, row.sum],
        )
    }

    fn delete(&mut self, account: &str, kind: &str, id: &str) -> Result<(), BackendError> {
        self.run(sql::DELETE, params![account, kind, id])
    }

    fn event(&mut self, row: &EventRow) -> Result<(), BackendError> {
        let operation = match row.operation {
            Operation::Put => "put",
            Operation::Delete => "delete",
        };
        self.run(
            sql::EVENT,
            params![
                row.shard.number() as i64,
                row.revision.number() as i64,
                row.part,
                row.at,
                row.account,
                row.kind,
                row.id,
                operation
            ],
        )
    }

    fn keep(&mut self, row: &OutboxRow) -> Result<(), BackendError> {
        self.run(
            sql::KEEP,
            params![
                row.sequence as i64,
                row.event_id,
                row.line,
                row.position.file as i64,
                row.position.offset as i64,
                row.sum
            ],
        )
    }

    fn trim_outbox(&mut self, through: u64) -> Result<(), BackendError> {
        self.run(sql::TRIM_OUTBOX, [through as i64])
    }

    fn trim_events(&mut self, shard: Shard, before: i64) -> Result<(), BackendError> {
        self.run(sql::TRIM_EVENTS, params![shard.number() as i64, before])
    }

    fn commit(&mut self) -> Result<(), BackendError> {
        self.connection.execute_batch("COMMIT").map_err(classify)?;
        if self.committed != self.total {
            self.committed = self.total;
            self.head.write(self.total);
        }
        Ok(())
    }

    fn rollback(&mut self) -> Result<(), BackendError> {
        self.total = self.committed;
        // SQLite rolls back by itself after some errors.
        if self.connection.is_autocommit() {
            return Ok(());
        }
        self.connection.execute_batch("ROLLBACK").map_err(classify)
    }

    fn tidy(&mut self, urgent: bool) -> Result<(), BackendError> {
        if !urgent && self.rows < ROWS_PER_CHECKPOINT {
            return Ok(());
        }
        self.rows = 0;
        // A truncated log gives its space back; it waits for readers, which the other does not.
        let checkpoint = if urgent {
            "PRAGMA wal_checkpoint(TRUNCATE)"
        } else {
            "PRAGMA wal_checkpoint(PASSIVE)"
        };
        match self.set::<i64>(checkpoint) {
            // The log keeps everything; the next checkpoint may have room.
            Ok(_) | Err(BackendError::Full | BackendError::Busy) => Ok(()),
            Err(other @ (BackendError::Refused(_) | BackendError::Broken(_))) => Err(other),
        }
    }
}

/// Runs a statement that writes and answers with a row, and returns that row's first value. SQLite may do the writing after it
/// gave the row: rusqlite's `query_row` does not look whether it fails then.
fn to_its_end<T: FromSql>(
    statement: &mut Statement<'_>,
    values: impl Params,
) -> rusqlite::Result<T> {
    let mut rows = statement.query(values)?;
    let row = rows.next()?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
    let value = row.get(0)?;
    while rows.next()?.is_some() {}
    Ok(value)
}

pub(super) fn classify(error: rusqlite::Error) -> BackendError {
    let code = match &error {
        rusqlite::Error::SqliteFailure(failure, _) => Some(failure.code),
        // A value of the wrong type in a column: the row is damaged.
        _ => None,
    };
    match code {
        Some(ErrorCode::DiskFull) => BackendError::Full,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => BackendError::Busy,
        Some(
            ErrorCode::ConstraintViolation
            | ErrorCode::TooBig
            | ErrorCode::OutOfMemory
            | ErrorCode::ApiMisuse
            | ErrorCode::ParameterOutOfRange,
        ) => BackendError::Refused(Box::new(error)),
        // Everything else may mean that a write or a sync failed. Deny when in doubt.
        Some(_) | None => BackendError::Broken(Box::new(error)),
    }
}

/// Whether a file could not be opened, or not for writing: a matter of rights, or of the disk, and no damage either.
pub(crate) fn is_shut_out(error: &(dyn std::error::Error + 'static)) -> bool {
    let error = error.downcast_ref::<rusqlite::Error>();
    let code = error.and_then(rusqlite::Error::sqlite_error_code);
    matches!(code, Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly))
}

/// Whether this is a write or a sync that failed: the disk's fault of now, and no damage to what is stored.
pub(crate) fn is_failed_write(error: &(dyn std::error::Error + 'static)) -> bool {
    let error = error.downcast_ref::<rusqlite::Error>();
    let code = error.and_then(rusqlite::Error::sqlite_error);
    code.is_some_and(|code| {
        matches!(
            code.extended_code,
            ffi::SQLITE_IOERR_WRITE
                | ffi::SQLITE_IOERR_FSYNC
                | ffi::SQLITE_IOERR_DIR_FSYNC
                | ffi::SQLITE_IOERR_TRUNCATE
                | ffi::SQLITE_IOERR_DELETE
                | ffi::SQLITE_IOERR_SHMOPEN
                | ffi::SQLITE_IOERR_SHMSIZE
        )
    })
}

fn revision(value: i64) -> Revision {
    Revision::new(number(value))
}

fn number(value: i64) -> u64 {
    u64::try_from(value).unwrap_or_default()
}
