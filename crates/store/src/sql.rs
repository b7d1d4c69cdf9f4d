//! Small conversions between SQLite's numbers and ours.

use crate::error::{Result, StoreError};
use rusqlite::{Connection, OptionalExtension, Params, Row};
use uuid::Uuid;

/// A count as SQLite stores it.
pub(crate) fn sql(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A stored count.
pub(crate) fn unsql(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

/// A stored UUID.
pub(crate) fn uuid(row: &Row<'_>, column: usize) -> rusqlite::Result<Uuid> {
    Ok(Uuid::from_bytes(row.get(column)?))
}

/// Runs a cached statement and returns how many rows it changed.
pub(crate) fn run(db: &Connection, text: &str, params: impl Params) -> Result<usize> {
    Ok(db.prepare_cached(text)?.execute(params)?)
}

/// The one row of a cached query, if there is one.
pub(crate) fn one<T>(
    db: &Connection,
    text: &str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Option<T>> {
    Ok(db.prepare_cached(text)?.query_row(params, read).optional()?)
}

/// All rows of a cached query.
pub(crate) fn all<T>(
    db: &Connection,
    text: &str,
    params: impl Params,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>> {
    let mut statement = db.prepare_cached(text)?;
    let rows = statement.query_map(params, read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A count.
pub(crate) fn count(db: &Connection, text: &str, params: impl Params) -> Result<u64> {
    let found = one(db, text, params, |row| row.get(0))?;
    found.map(unsql).ok_or(StoreError::Damaged("a count"))
}
