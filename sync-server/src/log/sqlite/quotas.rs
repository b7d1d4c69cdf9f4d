//! What operators let clinics have.

use rusqlite::{Connection, OptionalExtension, Row, params};
use sync::ids::ClinicId;

use super::{StepError, from_sql, to_sql};
use crate::operate::Listed;
use crate::quota::{Quota, Usage};

/// Keeps it, or forgets what was kept.
pub(super) fn set(
    db: &Connection,
    clinic: ClinicId,
    quota: Option<Quota>,
) -> Result<(), StepError> {
    let Some(Quota { bytes_max, envelopes_max, devices_max }) = quota else {
        db.execute("DELETE FROM quota WHERE clinic = ?1", [clinic.as_bytes()])?;
        return Ok(());
    };
    db.execute(
        "INSERT OR REPLACE INTO quota (clinic, bytes_max, envelopes_max, devices_max)
         VALUES (?1, ?2, ?3, ?4)",
        params![
            clinic.as_bytes(),
            to_sql(bytes_max)?,
            to_sql(envelopes_max)?,
            to_sql(devices_max)?
        ],
    )?;
    Ok(())
}

pub(super) fn find(db: &Connection, clinic: ClinicId) -> Result<Option<Quota>, StepError> {
    let sql = "SELECT bytes_max, envelopes_max, devices_max FROM quota WHERE clinic = ?1";
    let mut find = db.prepare_cached(sql)?;
    let found = find.query_row([clinic.as_bytes()], |row| Ok(of_row(row, 0))).optional()?;
    found.transpose().map(Option::flatten)
}

/// One clinic or all of them, also one that is decided for and still to come.
pub(super) fn list(db: &Connection, clinic: Option<ClinicId>) -> Result<Vec<Listed>, StepError> {
    let mut find = db.prepare(
        "SELECT clinic, coalesce(bytes, 0), coalesce(head, 0), bytes_max, envelopes_max, devices_max
         FROM clinic FULL JOIN quota USING (clinic) WHERE ?1 IS NULL OR clinic = ?1 ORDER BY clinic",
    )?;
    let mut rows = find.query([clinic.map(|clinic| clinic.0)])?;
    let mut listed = Vec::new();
    while let Some(row) = rows.next()? {
        let usage = Usage { bytes: from_sql(row.get(1)?)?, envelopes: from_sql(row.get(2)?)? };
        listed.push(Listed { clinic: ClinicId(row.get(0)?), usage, quota: of_row(row, 3)? });
    }
    Ok(listed)
}

/// From three columns, the first of which is `at`; all are NULL where nothing was decided.
pub(super) fn of_row(row: &Row<'_>, at: usize) -> Result<Option<Quota>, StepError> {
    let Some(bytes_max) = row.get::<_, Option<i64>>(at)? else { return Ok(None) };
    Ok(Some(Quota {
        bytes_max: from_sql(bytes_max)?,
        envelopes_max: from_sql(row.get(at + 1)?)?,
        devices_max: from_sql(row.get(at + 2)?)?,
    }))
}
