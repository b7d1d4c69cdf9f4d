//! Which blobs a clinic keeps.

use rusqlite::{Connection, OptionalExtension, params};
use sync::ids::BlobId;

use super::{Clinic, StepError, from_sql, to_sql};
use crate::quota::Usage;

/// Counts a blob once.
pub(super) fn keep(
    db: &Connection,
    clinic: &Clinic,
    id: BlobId,
    bytes: u64,
) -> Result<(), StepError> {
    let sql = "INSERT INTO blob (clinic_no, id, bytes) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
    if db.execute(sql, params![clinic.number, id.as_bytes(), to_sql(bytes)?])? == 0 {
        return Ok(());
    }
    let sum = clinic.bytes.saturating_add(bytes);
    if !clinic.quota.allows(Usage { bytes: sum, envelopes: 0 }) {
        return Err(StepError::OverQuota);
    }
    let sql = "UPDATE clinic SET bytes = ?2 WHERE clinic_no = ?1";
    db.execute(sql, params![clinic.number, to_sql(sum)?])?;
    Ok(())
}

/// How many bytes each of some blobs has, of those that are kept.
pub(super) fn find(
    db: &Connection,
    clinic: &Clinic,
    ids: &[BlobId],
) -> Result<Vec<(BlobId, u64)>, StepError> {
    let mut find = db.prepare_cached("SELECT bytes FROM blob WHERE clinic_no = ?1 AND id = ?2")?;
    let mut found = Vec::new();
    for id in ids {
        let key = params![clinic.number, id.as_bytes()];
        if let Some(bytes) = find.query_row(key, |row| row.get(0)).optional()? {
            found.push((*id, from_sql(bytes)?));
        }
    }
    Ok(found)
}
