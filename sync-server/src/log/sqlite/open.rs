//! Opens the file: settings, version, migrations.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use thiserror::Error;

use super::is_damage;

/// The name of the file in the data folder.
pub(crate) const FILE: &str = "log.sqlite3";

/// So long whoever writes waits for another program that has the file.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Marks the file as ours: "FCSL".
const APPLICATION_ID: i32 = 0x4643_534c;

/// Each brings the file to the version of its place, counted from 1.
const MIGRATIONS: [&str; 7] = [
    include_str!("../../../migrations/0001_log.sql"),
    include_str!("../../../migrations/0002_quota.sql"),
    include_str!("../../../migrations/0003_blob.sql"),
    include_str!("../../../migrations/0004_room.sql"),
    include_str!("../../../migrations/0005_cold.sql"),
    include_str!("../../../migrations/0006_erased.sql"),
    include_str!("../../../migrations/0007_key_by.sql"),
];

/// Why the file cannot be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// It cannot be read.
    #[error("the log file cannot be used")]
    Unusable(#[source] rusqlite::Error),
    /// There is no room for it.
    #[error("the disk of the log file is full; make room and start again, nothing was lost")]
    Full(#[source] rusqlite::Error),
    /// It can be read and not written.
    #[error("the log file cannot be written to; give it to the user the server runs as")]
    ReadOnly(#[source] rusqlite::Error),
    /// A newer release wrote it.
    #[error(
        "the log file was written by a newer release (version {found}); this one knows {known} and \
         leaves it as it is: start a newer one"
    )]
    Newer {
        /// The version of the file.
        found: usize,
        /// The newest version this release knows.
        known: usize,
    },
    /// An older release wrote it, and this is not who brings it on.
    #[error(
        "the log file is of an older release (version {found}, and this one has {known}): start the \
         server of this release on it first, which brings it to that"
    )]
    Older {
        /// The version of the file.
        found: usize,
        /// That of this release.
        known: usize,
    },
    /// The last envelope of a clinic is not the one its head names.
    #[error("the log file is damaged; put it back from a copy")]
    Damaged,
    /// Its pages are not those of a database, or not any more.
    #[error("the log file is damaged; put it back from a copy")]
    Malformed(#[source] rusqlite::Error),
    /// It belongs to another program.
    #[error("the log file belongs to another program")]
    Foreign,
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full(error),
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly(error),
            Some(_) if is_damage(&error) => Self::Malformed(error),
            Some(_) | None => Self::Unusable(error),
        }
    }
}

/// The one connection that writes.
pub(super) fn writer(path: &Path) -> Result<Connection, OpenError> {
    let mut db = Connection::open(path)?;
    db.busy_timeout(BUSY_TIMEOUT)?;
    check_owner(&db)?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    durable(&db)?;
    settings(&db)?;
    migrate(&mut db)?;
    check_heads(&db)?;
    Ok(db)
}

/// A connection that only reads.
pub(super) fn reader(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags)?;
    db.busy_timeout(BUSY_TIMEOUT)?;
    settings(&db)?;
    Ok(db)
}

/// A connection of another process beside those of a server: to a file that is there, which stays of
/// the version it has.
pub(super) fn beside(path: &Path) -> Result<Connection, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags)?;
    db.busy_timeout(BUSY_TIMEOUT)?;
    check_owner(&db)?;
    durable(&db)?;
    settings(&db)?;
    Ok(db)
}

/// Every commit is on the disk when it is answered.
fn durable(db: &Connection) -> rusqlite::Result<()> {
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "fullfsync", true)?;
    db.pragma_update(None, "journal_size_limit", 64 * 1024 * 1024)
}

fn settings(db: &Connection) -> rusqlite::Result<()> {
    db.pragma_update(None, "foreign_keys", true)?;
    db.pragma_update(None, "trusted_schema", false)?;
    db.pragma_update(None, "cell_size_check", true)?;
    // In KiB, of each connection: what is asked for again the system keeps, and gives back.
    db.pragma_update(None, "cache_size", -2048)
}

/// Looks before anything is written: a file that is not for this release stays as it is.
fn check_owner(db: &Connection) -> Result<(), OpenError> {
    let owner: i32 = db.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if owner != APPLICATION_ID && (owner != 0 || tables != 0) {
        return Err(OpenError::Foreign);
    }
    version(db).map(drop)
}

fn migrate(db: &mut Connection) -> Result<(), OpenError> {
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for step in MIGRATIONS.iter().skip(version(&transaction)?) {
        transaction.execute_batch(step)?;
    }
    let newest = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", newest)?;
    transaction.commit()?;
    Ok(())
}

/// The file is of the version that this release writes.
pub(super) fn check_newest(db: &Connection) -> Result<(), OpenError> {
    let (found, known) = (version(db)?, MIGRATIONS.len());
    if found < known { Err(OpenError::Older { found, known }) } else { Ok(()) }
}

/// One look-up a clinic: what was torn apart shows at its end first.
pub(super) fn check_heads(db: &Connection) -> Result<(), OpenError> {
    let torn: i64 = db.query_row(
        "SELECT count(*) FROM clinic
         LEFT JOIN envelope ON envelope.clinic_no = clinic.clinic_no AND seq = head
         WHERE head > floor AND envelope.chain IS NOT clinic.chain",
        [],
        |row| row.get(0),
    )?;
    if torn == 0 { Ok(()) } else { Err(OpenError::Damaged) }
}

fn version(db: &Connection) -> Result<usize, OpenError> {
    let found: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let (found, known) = (usize::try_from(found).unwrap_or(usize::MAX), MIGRATIONS.len());
    if found > known { Err(OpenError::Newer { found, known }) } else { Ok(found) }
}
