//! Envelopes that could not be taken in, and why. They block nothing and lose nothing.

use crate::{
    error::Result,
    sql::{all, count, run, unsql},
};
use clinical::Instant;
use rusqlite::Connection;

/// One envelope set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantineRow {
    /// The envelope's id.
    pub envelope: [u8; 32],
    /// The device it says it is from.
    pub device: [u8; 16],
    /// When it was set aside.
    pub at: Instant,
    /// Why: a stable word, no patient data.
    pub reason: String,
    /// The whole envelope.
    pub bytes: Vec<u8>,
}

/// One envelope set aside, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// The envelope's id.
    pub envelope: [u8; 32],
    /// The device it says it is from.
    pub device: [u8; 16],
    /// When it was set aside.
    pub at: Instant,
    /// Why: a stable word, no patient data.
    pub reason: String,
    /// How long it is.
    pub bytes: u64,
}

/// Sets an envelope aside; of one that is, for another reason, keeps what came now. An id names
/// what is signed and not the signature: a copy that is rightly signed may come after another.
pub(crate) fn put(db: &Connection, row: &QuarantineRow) -> Result<()> {
    let text = "INSERT INTO quarantine (envelope, device, at, reason, bytes)
                VALUES (?1, ?2, ?3, ?4, ?5)
                ON CONFLICT (envelope) DO UPDATE
                SET at = excluded.at, reason = excluded.reason, bytes = excluded.bytes
                WHERE quarantine.reason <> excluded.reason";
    run(db, text, (row.envelope, row.device, row.at.unix_ms(), &row.reason, &row.bytes))?;
    Ok(())
}

/// Lets go of an envelope that could be taken in after all.
pub(crate) fn release(db: &Connection, envelope: &[u8; 32]) -> Result<()> {
    run(db, "DELETE FROM quarantine WHERE envelope = ?1", [envelope])?;
    Ok(())
}

/// What is set aside, oldest first.
pub(crate) fn page(db: &Connection, limit: u32) -> Result<Vec<QuarantineRow>> {
    let text = "SELECT envelope, device, at, reason, bytes FROM quarantine ORDER BY ord LIMIT ?1";
    all(db, text, [limit], |row| {
        Ok(QuarantineRow {
            envelope: row.get(0)?,
            device: row.get(1)?,
            at: Instant::from_unix_ms(row.get(2)?),
            reason: row.get(3)?,
            bytes: row.get(4)?,
        })
    })
}

/// What is set aside without its bytes, newest first.
pub(crate) fn newest(db: &Connection, limit: u32) -> Result<Vec<SetAside>> {
    let text = "SELECT envelope, device, at, reason, length(bytes) FROM quarantine
                ORDER BY ord DESC LIMIT ?1";
    all(db, text, [limit], |row| {
        Ok(SetAside {
            envelope: row.get(0)?,
            device: row.get(1)?,
            at: Instant::from_unix_ms(row.get(2)?),
            reason: row.get(3)?,
            bytes: unsql(row.get(4)?),
        })
    })
}

/// How many are set aside for which reason.
pub(crate) fn reasons(db: &Connection) -> Result<Vec<(String, u64)>> {
    let text = "SELECT reason, count(*) FROM quarantine GROUP BY reason ORDER BY reason";
    all(db, text, [], |row| Ok((row.get(0)?, unsql(row.get(1)?))))
}

/// How many are set aside.
pub(crate) fn len(db: &Connection) -> Result<u64> {
    count(db, "SELECT count(*) FROM quarantine", [])
}
