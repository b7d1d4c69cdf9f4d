//! One keyed and settled connection.

use crate::{
    error::{Result, StoreError},
    keys::StoreKeys,
};
use rusqlite::{Connection, ErrorCode, OpenFlags, config::DbConfig, limits::Limit};
use std::{path::Path, time::Duration};

/// Statements kept prepared by one connection.
const STATEMENTS_MAX: usize = 160;
/// Longest value SQLite takes, in bytes.
const VALUE_BYTES_MAX: i32 = 256 * 1024 * 1024;
/// How long a connection waits for another of ours, in milliseconds.
const BUSY_TIMEOUT_MS: u64 = 5_000;

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Make a new file.
    Create,
    /// The one that writes.
    Write,
    /// One of those that read.
    Read,
}

impl Purpose {
    fn flags(self) -> OpenFlags {
        let base = OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_EXRESCODE;
        match self {
            Self::Create => {
                base | OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
            }
            // A reader of a WAL database must be able to write its shared memory.
            Self::Write | Self::Read => base | OpenFlags::SQLITE_OPEN_READ_WRITE,
        }
    }

    /// Page cache in KiB: 64 MiB for one writer and three readers.
    const fn cache_kib(self) -> u32 {
        match self {
            Self::Create | Self::Write => 28 * 1024,
            Self::Read => 12 * 1024,
        }
    }
}

/// Opens, keys, verifies and settles a connection.
///
/// # Errors
/// [`StoreError::WrongKeyOrDamaged`] when the first page does not open with the key.
pub(crate) fn open(path: &Path, keys: &StoreKeys, purpose: Purpose) -> Result<Connection> {
    let connection = Connection::open_with_flags(path, purpose.flags()).map_err(cannot_open)?;
    connection.execute_batch("PRAGMA cipher_log_level = NONE;")?;
    connection.execute_batch(&keys.key_statement())?;
    verify(&connection)?;
    settle(&connection, purpose)?;
    Ok(connection)
}

fn verify(connection: &Connection) -> Result<()> {
    let read = connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()));
    read.map_err(|error| match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => StoreError::WrongKeyOrDamaged,
        Some(_) | None => cannot_open(error),
    })
}

/// A WAL database in a folder that cannot be written does not open at all.
fn cannot_open(error: rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => StoreError::ReadOnlyDisk,
        Some(_) | None => error.into(),
    }
}

fn settle(connection: &Connection, purpose: Purpose) -> Result<()> {
    connection.busy_timeout(Duration::from_millis(BUSY_TIMEOUT_MS))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    let journal = if purpose == Purpose::Create { "DELETE" } else { "WAL" };
    let cache_kib = purpose.cache_kib();
    connection.execute_batch(&format!(
        "PRAGMA journal_mode = {journal};
         PRAGMA synchronous = FULL;
         PRAGMA fullfsync = ON;
         PRAGMA checkpoint_fullfsync = ON;
         PRAGMA foreign_keys = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA mmap_size = 0;
         PRAGMA cache_size = -{cache_kib};
         PRAGMA wal_autocheckpoint = 1000;
         PRAGMA journal_size_limit = 67108864;"
    ))?;
    if purpose == Purpose::Read {
        connection.execute_batch("PRAGMA query_only = ON;")?;
    }
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, VALUE_BYTES_MAX)?;
    Ok(())
}
