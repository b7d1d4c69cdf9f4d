//! Envelopes that could not be taken in, and why. They block nothing and lose nothing.

use crate::{
    error::Result,
    sql::{all, count, one, run, unsql},
};
use clinical::Instant;
use rusqlite::{Connection, Row};

/// A page ends with the envelope that takes it past so many bytes.
pub(crate) const PAGE_BYTES_MAX: usize = 8 << 20;

/// One envelope set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantineRow {
    /// The envelope's id.
    pub envelope: [u8; 32],
    /// The device it says it is from.
    pub device: [u8; 16],
    /// The tag of the document it says it is of.
    pub tag: [u8; 32],
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
    /// The tag of the document it says it is of, where that is known.
    pub tag: Option<[u8; 32]>,
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
    let text = "INSERT INTO quarantine (envelope, device, tag, at, reason, bytes)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                ON CONFLICT (envelope) DO UPDATE
                SET at = excluded.at, reason = excluded.reason, bytes = excluded.bytes
                WHERE quarantine.reason <> excluded.reason";
    let QuarantineRow { envelope, device, tag, at, reason, bytes } = row;
    run(db, text, (envelope, device, tag, at.unix_ms(), reason, bytes))?;
    Ok(())
}

/// Whether an envelope is set aside.
pub(crate) fn is_aside(db: &Connection, envelope: &[u8; 32]) -> Result<bool> {
    Ok(one(db, "SELECT 1 FROM quarantine WHERE envelope = ?1", [envelope], |_| Ok(()))?.is_some())
}

/// The bytes of one.
pub(crate) fn bytes_of(db: &Connection, envelope: &[u8; 32]) -> Result<Option<Vec<u8>>> {
    one(db, "SELECT bytes FROM quarantine WHERE envelope = ?1", [envelope], |row| row.get(0))
}

/// Lets go of an envelope that could be taken in after all.
pub(crate) fn release(db: &Connection, envelope: &[u8; 32]) -> Result<()> {
    run(db, "DELETE FROM quarantine WHERE envelope = ?1", [envelope])?;
    Ok(())
}

/// Of one reason, the places of what is kept whole: an index of its own leads there, past any
/// number of others.
const WHOLE_OF_REASON: &str = "SELECT ord FROM quarantine
                WHERE reason = ?1 AND length(bytes) > 0 AND ord > ?2 ORDER BY ord LIMIT ?3";

/// Whole envelopes set aside for one of `reasons` after place `after`, oldest first: at most
/// `limit`, and not many more bytes than [`PAGE_BYTES_MAX`].
pub(crate) fn page(
    db: &Connection,
    reasons: &[&str],
    after: i64,
    limit: u32,
) -> Result<QuarantinePage> {
    let mut ords: Vec<i64> = Vec::new();
    for reason in reasons {
        ords.extend(all(db, WHOLE_OF_REASON, (reason, after, limit), |row| row.get::<_, i64>(0))?);
    }
    ords.sort_unstable();
    ords.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let mut page = QuarantinePage::default();
    let mut bytes = 0;
    for ord in ords {
        let Some(aside) = find(db, ord)? else { continue };
        page.end = Some(ord);
        bytes += aside.bytes.len();
        page.rows.push(aside);
        if bytes >= PAGE_BYTES_MAX {
            break;
        }
    }
    Ok(page)
}

fn find(db: &Connection, ord: i64) -> Result<Option<QuarantineRow>> {
    let text = "SELECT envelope, device, tag, at, reason, bytes FROM quarantine WHERE ord = ?1";
    one(db, text, [ord], |row| {
        let tag: Vec<u8> = row.get(2)?;
        Ok(QuarantineRow {
            envelope: row.get(0)?,
            device: row.get(1)?,
            tag: tag.try_into().unwrap_or_default(),
            at: Instant::from_unix_ms(row.get(3)?),
            reason: row.get(4)?,
            bytes: row.get(5)?,
        })
    })
}

/// How much is kept whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WholeAside {
    /// How many envelopes.
    pub envelopes: u64,
    /// Their bytes together.
    pub bytes: u64,
}

/// How much is kept whole for one of `reasons`.
pub(crate) fn whole(db: &Connection, reasons: &[&str]) -> Result<WholeAside> {
    let text = "SELECT count(*), coalesce(sum(length(bytes)), 0) FROM quarantine
                WHERE reason = ?1 AND length(bytes) > 0";
    reasons.iter().try_fold(WholeAside::default(), |sum, reason| {
        let of_one = one(db, text, [reason], |row| Ok((unsql(row.get(0)?), unsql(row.get(1)?))))?;
        let (envelopes, bytes): (u64, u64) = of_one.unwrap_or_default();
        Ok(WholeAside { envelopes: sum.envelopes + envelopes, bytes: sum.bytes + bytes })
    })
}

/// The devices of those of a reason of which only the name is kept.
pub(crate) fn devices_of_names(db: &Connection, reason: &str) -> Result<Vec<[u8; 16]>> {
    let text = "SELECT DISTINCT device FROM quarantine WHERE reason = ?1 AND length(bytes) = 0";
    all(db, text, [reason], |row| row.get(0))
}

/// Lets go of those of a reason of which only the name is kept; answers how many there were.
pub(crate) fn forget_names(db: &Connection, reason: &str) -> Result<usize> {
    run(db, "DELETE FROM quarantine WHERE reason = ?1 AND length(bytes) = 0", [reason])
}

/// What is set aside without its bytes, newest first.
pub(crate) fn newest(db: &Connection, limit: u32) -> Result<Vec<SetAside>> {
    let text = "SELECT envelope, device, tag, at, reason, length(bytes) FROM quarantine
                ORDER BY ord DESC LIMIT ?1";
    all(db, text, [limit], read)
}

/// One that is set aside, without its bytes.
pub(crate) fn one_of(db: &Connection, envelope: &[u8; 32]) -> Result<Option<SetAside>> {
    let text = "SELECT envelope, device, tag, at, reason, length(bytes) FROM quarantine
                WHERE envelope = ?1";
    one(db, text, [envelope], read)
}

fn read(row: &Row<'_>) -> rusqlite::Result<SetAside> {
    Ok(SetAside {
        envelope: row.get(0)?,
        device: row.get(1)?,
        // Of one that was set aside before tags were kept there is none.
        tag: row.get::<_, Vec<u8>>(2)?.try_into().ok(),
        at: Instant::from_unix_ms(row.get(3)?),
        reason: row.get(4)?,
        bytes: unsql(row.get(5)?),
    })
}

/// What is set aside of a document, and why each.
pub(crate) fn of_document(db: &Connection, tag: &[u8; 32]) -> Result<Vec<([u8; 32], String)>> {
    let text = "SELECT envelope, reason FROM quarantine WHERE tag = ?1 AND tag <> x'' ORDER BY ord";
    all(db, text, [tag], |row| Ok((row.get(0)?, row.get(1)?)))
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

/// Forgets what was set aside of a document that was erased.
pub(crate) fn forget_tag(db: &Connection, tag: &[u8; 32]) -> Result<()> {
    run(db, "DELETE FROM quarantine WHERE tag = ?1 AND tag <> x''", [tag]).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_again_and_again_has_its_index() {
        let mut db = Connection::open_in_memory().unwrap();
        crate::migrations::run(&mut db).unwrap();
        let plan = format!("EXPLAIN QUERY PLAN {WHOLE_OF_REASON}");
        let steps: Vec<String> =
            all(&db, &plan, ("no-key", 7, 256), |row| row.get::<_, String>(3)).unwrap();
        let sought = "SEARCH quarantine USING INDEX quarantine_whole";
        assert!(steps.len() == 1 && steps[0].starts_with(sought), "{steps:?}");
    }
}
