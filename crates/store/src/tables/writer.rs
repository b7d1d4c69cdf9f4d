//! Persons on devices: rows name the pair by one small number.

use crate::{
    error::{Result, StoreError},
    sql::{one, run, uuid},
};
use clinical::{DeviceId, PractitionerId};
use rusqlite::Connection;
use std::collections::BTreeMap;

/// The pairs met in one transaction.
#[derive(Debug, Default)]
pub(crate) struct Writers(BTreeMap<(PractitionerId, DeviceId), i64>);

impl Writers {
    /// The number of a pair, given when first met.
    pub(crate) fn number(
        &mut self,
        db: &Connection,
        author: PractitionerId,
        device: DeviceId,
    ) -> Result<i64> {
        if let Some(known) = self.0.get(&(author, device)) {
            return Ok(*known);
        }
        let pair = (author.uuid().into_bytes(), device.uuid().into_bytes());
        run(db, "INSERT OR IGNORE INTO writer (author, device) VALUES (?1, ?2)", pair)?;
        let text = "SELECT ord FROM writer WHERE author = ?1 AND device = ?2";
        let number = one(db, text, pair, |row| row.get(0))?;
        let number = number.ok_or(StoreError::Damaged("a writer"))?;
        self.0.insert((author, device), number);
        Ok(number)
    }
}

/// Every pair by its number.
pub(crate) fn all(db: &Connection) -> Result<BTreeMap<i64, (PractitionerId, DeviceId)>> {
    let rows = crate::sql::all(db, "SELECT ord, author, device FROM writer", [], |row| {
        let author = PractitionerId::from_uuid(uuid(row, 1)?);
        Ok((row.get(0)?, (author, DeviceId::from_uuid(uuid(row, 2)?))))
    })?;
    Ok(rows.into_iter().collect())
}
