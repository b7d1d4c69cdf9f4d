//! A clinic's row and its membership entries.

use rusqlite::{Connection, params};
use sync::codec::Canonical;
use sync::ids::{Chain, ClinicId, LogEpoch};
use sync::membership::SignedEntry;

use super::StepError;

pub(super) fn found(
    db: &Connection,
    clinic: ClinicId,
    log_epoch: LogEpoch,
    entries: &[SignedEntry],
) -> Result<bool, StepError> {
    let made = db.execute(
        "INSERT INTO clinic (clinic, log_epoch, head, chain, floor, floor_chain, keys_head)
         VALUES (?1, ?2, 0, ?3, 0, ?3, 0) ON CONFLICT (clinic) DO NOTHING",
        params![clinic.as_bytes(), log_epoch.as_bytes(), Chain::START.as_bytes()],
    )?;
    if made == 0 {
        return Ok(false);
    }
    add(db, db.last_insert_rowid(), entries)?;
    Ok(true)
}

pub(super) fn add(db: &Connection, clinic: i64, entries: &[SignedEntry]) -> Result<(), StepError> {
    let mut insert = db
        .prepare_cached("INSERT INTO member_entry (clinic_no, place, bytes) VALUES (?1, ?2, ?3)")?;
    for signed in entries {
        insert.execute(params![clinic, signed.entry().index, signed.to_bytes()])?;
    }
    Ok(())
}

pub(super) fn read(db: &Connection, clinic: i64) -> Result<Vec<SignedEntry>, StepError> {
    let mut find =
        db.prepare_cached("SELECT bytes FROM member_entry WHERE clinic_no = ?1 ORDER BY place")?;
    let mut rows = find.query([clinic])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let bytes = row.get_ref(0)?.as_blob().map_err(|_| StepError::Damaged)?;
        entries.push(SignedEntry::from_bytes(bytes)?);
    }
    Ok(entries)
}
