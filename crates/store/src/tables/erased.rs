//! Charts that were erased: what stays of one, and the tags of which nothing is taken in any more.

use crate::{
    error::Result,
    sql::{all, one, run, sql, unsql, uuid},
    tally::Tally,
    transaction::Tx,
};
use clinical::{Instant, PatientId, PractitionerId};
use rusqlite::{Connection, OptionalExtension};

/// What is said of an erasing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasureRow {
    /// Whose chart.
    pub patient: PatientId,
    /// The number that was typed to say which.
    pub number: String,
    /// Why, in words.
    pub ground: String,
    /// Who said so.
    pub author: PractitionerId,
    /// When.
    pub at: Instant,
}

/// An erased chart, as it stands here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erased {
    /// What is said of it.
    pub row: ErasureRow,
    /// Changes made here and never sealed that went with it.
    pub unsent: u64,
    /// Envelopes that came for it since.
    pub came: u64,
}

/// Notes that a chart is erased; twice is once. Answers the number of its row.
pub(crate) fn note(tx: &mut Tx<'_>, row: &ErasureRow) -> Result<i64> {
    let patient = row.patient.uuid().into_bytes();
    if let Some(ord) = find(tx.db, row.patient)? {
        return Ok(ord);
    }
    let text = "INSERT INTO erasure (patient, number, ground, author, at, unsent, came)
                VALUES (?1, ?2, ?3, ?4, ?5, 0, 0)";
    let author = row.author.uuid().into_bytes();
    run(tx.db, text, (patient, &row.number, &row.ground, author, row.at.unix_ms()))?;
    tx.mark.tally.add(&[b"erasure", &patient]);
    Ok(tx.db.last_insert_rowid())
}

/// Notes a tag of an erased chart; answers whether it is new.
pub(crate) fn note_tag(tx: &mut Tx<'_>, ord: i64, tag: &[u8; 32]) -> Result<bool> {
    let text = "INSERT OR IGNORE INTO erased_tag (tag, erasure) VALUES (?1, ?2)";
    let is_new = run(tx.db, text, (tag, ord))? == 1;
    if is_new {
        tx.mark.tally.add(&[b"erased-tag", tag]);
    }
    Ok(is_new)
}

/// Counts changes that were never sealed and went with a chart.
pub(crate) fn add_unsent(db: &Connection, ord: i64, changes: u64) -> Result<()> {
    run(db, "UPDATE erasure SET unsent = unsent + ?2 WHERE ord = ?1", (ord, sql(changes))).map(drop)
}

/// Counts what came for an erased chart.
pub(crate) fn add_came(db: &Connection, tag: &[u8; 32]) -> Result<()> {
    let text = "UPDATE erasure SET came = came + 1
                WHERE ord = (SELECT erasure FROM erased_tag WHERE tag = ?1)";
    run(db, text, [tag]).map(drop)
}

/// The row of an erased chart.
pub(crate) fn find(db: &Connection, patient: PatientId) -> Result<Option<i64>> {
    let text = "SELECT ord FROM erasure WHERE patient = ?1";
    one(db, text, [patient.uuid().into_bytes()], |row| row.get(0))
}

/// Every tag, in order.
pub(crate) fn tags(db: &Connection) -> Result<Vec<[u8; 32]>> {
    all(db, "SELECT tag FROM erased_tag ORDER BY tag", [], |row| row.get(0))
}

/// The tags of one chart, in order.
pub(crate) fn tags_of(db: &Connection, patient: PatientId) -> Result<Vec<[u8; 32]>> {
    let text = "SELECT t.tag FROM erased_tag t JOIN erasure e ON e.ord = t.erasure
                WHERE e.patient = ?1 ORDER BY t.tag";
    all(db, text, [patient.uuid().into_bytes()], |row| row.get(0))
}

/// All erased charts, the last first.
pub(crate) fn list(db: &Connection) -> Result<Vec<Erased>> {
    let text = "SELECT patient, number, ground, author, at, unsent, came FROM erasure
                ORDER BY at DESC, ord DESC";
    all(db, text, [], |row| {
        Ok(Erased {
            row: ErasureRow {
                patient: PatientId::from_uuid(uuid(row, 0)?),
                number: row.get(1)?,
                ground: row.get(2)?,
                author: PractitionerId::from_uuid(uuid(row, 3)?),
                at: Instant::from_unix_ms(row.get(4)?),
            },
            unsent: unsql(row.get(5)?),
            came: unsql(row.get(6)?),
        })
    })
}

/// Whether the file may still hold what was erased.
pub(crate) fn is_unswept(db: &Connection) -> Result<bool> {
    let text = "SELECT 1 FROM state WHERE ord = 1 AND unswept = 1";
    Ok(db.prepare_cached(text)?.query_row([], |_| Ok(())).optional()?.is_some())
}

/// Notes whether it may.
pub(crate) fn set_unswept(db: &Connection, unswept: bool) -> Result<()> {
    run(db, "UPDATE state SET unswept = ?1 WHERE ord = 1", [unswept]).map(drop)
}

/// Counts every row, as [`note`] and [`note_tag`] do.
pub(crate) fn count_all(db: &Connection, tally: &mut Tally) -> Result<()> {
    for patient in all(db, "SELECT patient FROM erasure", [], |row| row.get::<_, [u8; 16]>(0))? {
        tally.add(&[b"erasure", &patient]);
    }
    for tag in tags(db)? {
        tally.add(&[b"erased-tag", &tag]);
    }
    Ok(())
}
