//! The floor of a log, and the bytes of what stands below it.

use rusqlite::{Connection, OptionalExtension, params};
use sync::codec::Canonical;
use sync::cursor::Mark;
use sync::envelope::Envelope;
use sync::ids::EnvelopeId;

use super::{Clinic, StepError, from_sql, to_sql};

/// Places whose bytes are moved in one transaction: others write in between.
const MOVED_AT_A_TIME: i64 = 512;

pub(super) fn find(
    db: &Connection,
    clinic: &Clinic,
    id: EnvelopeId,
) -> Result<Option<(u64, Envelope)>, StepError> {
    let mut find = db.prepare_cached(
        "SELECT envelope.seq, coalesce(cold_envelope.bytes, envelope.bytes)
         FROM envelope LEFT JOIN cold_envelope USING (clinic_no, seq)
         WHERE envelope.clinic_no = ?1 AND id = ?2",
    )?;
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let found: Option<(i64, Vec<u8>)> =
        find.query_row(params![clinic.number, id.as_bytes()], read).optional()?;
    let Some((seq, bytes)) = found else { return Ok(None) };
    Ok(Some((from_sql(seq)?, Envelope::from_bytes(&bytes)?)))
}

pub(super) fn raise(db: &Connection, clinic: &Clinic, floor: Mark) -> Result<(), StepError> {
    let mut raise = db.prepare_cached(
        "UPDATE clinic SET floor = ?2, floor_chain = ?3
         WHERE clinic_no = ?1 AND floor < ?2 AND head >= ?2",
    )?;
    raise.execute(params![clinic.number, to_sql(floor.seq)?, floor.chain.as_bytes()])?;
    Ok(())
}

/// Moves the bytes of the next places below the floor; answers whether there are more.
pub(super) fn make_cold(db: &Connection, clinic: &Clinic) -> Result<bool, StepError> {
    let mut find = db.prepare_cached("SELECT cold FROM clinic WHERE clinic_no = ?1")?;
    let cold: i64 = find.query_row([clinic.number], |row| row.get(0))?;
    let floor = to_sql(clinic.bounds.floor.seq)?;
    let through = cold.saturating_add(MOVED_AT_A_TIME).min(floor);
    if through <= cold {
        return Ok(false);
    }
    for step in [
        "INSERT INTO cold_envelope (clinic_no, seq, bytes)
         SELECT clinic_no, seq, bytes FROM envelope
         WHERE clinic_no = ?1 AND seq > ?2 AND seq <= ?3",
        "UPDATE envelope SET bytes = x'' WHERE clinic_no = ?1 AND seq > ?2 AND seq <= ?3",
        "UPDATE clinic SET cold = ?3 WHERE clinic_no = ?1 AND cold = ?2",
    ] {
        db.prepare_cached(step)?.execute(params![clinic.number, cold, through])?;
    }
    Ok(through < floor)
}
