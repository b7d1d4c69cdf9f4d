//! Envelopes that could not be taken in, and why. They block nothing and lose nothing.

use crate::{
    error::Result,
    sql::{all, count, run, unsql},
};
use clinical::Instant;
use rusqlite::Connection;

/// A page ends with the envelope that takes it past so many bytes.
pub(crate) const PAGE_BYTES_MAX: usize = 8 << 20;

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
    /// The whole envelope; empty where only its name is kept.
    pub bytes: Vec<u8>,
}

/// Envelopes set aside, in order, with the place of the last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QuarantinePage {
    /// The envelopes.
    pub rows: Vec<QuarantineRow>,
    /// Where the next page begins; `None` when there was nothing.
    pub end: Option<i64>,
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
    /// How much of it is kept: all, or nothing.
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

/// Whole envelopes set aside for one of `reasons` after place `after`, oldest first: at most
/// `limit`, and not many more bytes than [`PAGE_BYTES_MAX`].
pub(crate) fn page(
    db: &Connection,
    reasons: &[&str],
    after: i64,
    limit: u32,
) -> Result<QuarantinePage> {
    let text = "SELECT ord, envelope, device, at, reason, bytes FROM quarantine
                WHERE ord > ?1 AND instr(?2, ' ' || reason || ' ') > 0 AND length(bytes) > 0
                ORDER BY ord LIMIT ?3";
    let mut statement = db.prepare_cached(text)?;
    let mut found = statement.query((after, words(reasons), limit))?;
    let mut page = QuarantinePage::default();
    let mut bytes = 0;
    while let Some(row) = found.next()? {
        let aside = QuarantineRow {
            envelope: row.get(1)?,
            device: row.get(2)?,
            at: Instant::from_unix_ms(row.get(3)?),
            reason: row.get(4)?,
            bytes: row.get(5)?,
        };
        page.end = Some(row.get(0)?);
        bytes += aside.bytes.len();
        page.rows.push(aside);
        if bytes >= PAGE_BYTES_MAX {
            break;
        }
    }
    Ok(page)
}

/// How many are kept whole for one of `reasons`.
pub(crate) fn whole(db: &Connection, reasons: &[&str]) -> Result<u64> {
    let text = "SELECT count(*) FROM quarantine
                WHERE instr(?1, ' ' || reason || ' ') > 0 AND length(bytes) > 0";
    count(db, text, [words(reasons)])
}

/// Reasons as the queries look for them: a reason is one word.
fn words(reasons: &[&str]) -> String {
    format!(" {} ", reasons.join(" "))
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
