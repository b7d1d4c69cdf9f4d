//! What was printed here, each time: never changed, never removed.

use super::{blob, writer};
use crate::{
    audit::{self, AuditEvent},
    error::{Result, StoreError},
    packing::Unpacker,
    sql::{all, one, run, uuid},
    tally::Tally,
    transaction::Tx,
};
use clinical::{DeviceId, EncounterId, Instant, PatientId, PractitionerId, SheetKind, SheetPaper};
use rusqlite::Connection;
use uuid::Uuid;

/// A sheet, printed once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetRow {
    /// Its number.
    pub serial: String,
    /// Which time: 1 is the original.
    pub copy: u32,
    /// What it is.
    pub kind: SheetKind,
    /// Whose.
    pub patient: PatientId,
    /// The visit it is of, where it is of one.
    pub encounter: Option<EncounterId>,
    /// When, by this computer's clock.
    pub at: Instant,
    /// Who printed it.
    pub author: PractitionerId,
    /// Where.
    pub device: DeviceId,
    /// On what.
    pub paper: SheetPaper,
    /// In which language (BCP 47).
    pub language: String,
    /// What its square code holds.
    pub code: String,
    /// What stands on it, of the original; empty of a copy, and in a list.
    pub content: Vec<u8>,
    /// The SHA-256 of its file.
    pub digest: [u8; 32],
}

/// Keeps that a sheet was printed, and the audit row of it, which attests the file by its hash. The
/// file of an original is kept too.
pub(crate) fn put(tx: &mut Tx<'_>, row: &SheetRow, file: &[u8], event: AuditEvent) -> Result<()> {
    if row.copy == 1 && blob::keep(tx, file)? != row.digest {
        return Err(StoreError::Damaged("a sheet's hash"));
    }
    let writer = tx.writers.number(tx.db, row.author, row.device)?;
    let content = tx.packer.pack(&row.content)?;
    let (name, rest) = counted(&row.serial, row.copy, &row.digest, &content);
    tx.mark.tally.add(&[b"sheet", &name, &rest]);
    let text = "INSERT INTO sheet (serial, copy, kind, patient, encounter, at, writer, paper,
                                   language, code, content, digest)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    let encounter = row.encounter.map(|id| id.uuid().into_bytes().to_vec()).unwrap_or_default();
    let params = rusqlite::params![
        row.serial,
        row.copy,
        row.kind.code(),
        row.patient.uuid().into_bytes(),
        encounter,
        row.at.unix_ms(),
        writer,
        row.paper.code(),
        row.language,
        row.code,
        content,
        row.digest,
    ];
    run(tx.db, text, params)?;
    audit::append(tx, event, row.digest.to_vec())
}

/// What the tally counts of a row: its name, and what of it must stay.
fn counted(serial: &str, copy: u32, digest: &[u8], content: &[u8]) -> (Vec<u8>, Vec<u8>) {
    ([serial.as_bytes(), &copy.to_be_bytes()].concat(), [digest, content].concat())
}

/// Removes everything that was printed of a patient who was erased, and the files nothing else has.
pub(crate) fn erase(tx: &mut Tx<'_>, patient: PatientId) -> Result<()> {
    type Gone = (String, u32, [u8; 32], Vec<u8>);
    let text = "DELETE FROM sheet WHERE patient = ?1 RETURNING serial, copy, digest, content";
    let gone: Vec<Gone> = all(tx.db, text, [patient.uuid().into_bytes()], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
    })?;
    for (serial, copy, digest, content) in gone {
        let (name, rest) = counted(&serial, copy, &digest, &content);
        tx.mark.tally.subtract(&[b"sheet", &name, &rest]);
        let text = "SELECT 1 FROM sheet WHERE digest = ?1 AND copy = 1";
        if one(tx.db, text, [digest], |_| Ok(()))?.is_none() {
            blob::remove(tx, digest)?;
        }
    }
    Ok(())
}

/// Counts every row, as [`put`] does.
pub(crate) fn count_all(db: &Connection, tally: &mut Tally) -> Result<()> {
    let mut statement = db.prepare("SELECT serial, copy, digest, content FROM sheet")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (serial, digest): (String, Vec<u8>) = (row.get(0)?, row.get(2)?);
        let (name, rest) = counted(&serial, row.get(1)?, &digest, &row.get::<_, Vec<u8>>(3)?);
        tally.add(&[b"sheet", &name, &rest]);
    }
    Ok(())
}

macro_rules! rows {
    ($content:literal, $rest:literal) => {
        concat!(
            "SELECT serial, copy, kind, patient, encounter, at, writer, paper, language, code, digest, ",
            $content,
            " FROM sheet ",
            $rest
        )
    };
}

/// Every time a sheet was printed, the original first, with what stands on it.
pub(crate) fn find(
    db: &Connection,
    unpacker: &mut Unpacker,
    serial: &str,
) -> Result<Vec<SheetRow>> {
    let text = rows!("content", "WHERE serial = ?1 ORDER BY copy");
    let mut rows = read(db, text, [serial])?;
    for row in &mut rows {
        row.content = unpacker.unpack(&row.content)?;
    }
    Ok(rows)
}

/// The originals of what was printed, the newest first, of one patient or of all.
pub(crate) fn newest(
    db: &Connection,
    whose: Option<PatientId>,
    limit: u32,
) -> Result<Vec<SheetRow>> {
    match whose.map(|patient| patient.uuid().into_bytes()) {
        None => {
            let text = rows!("x''", "WHERE copy = 1 ORDER BY ord DESC LIMIT ?1");
            read(db, text, [limit])
        }
        Some(id) => {
            let text = rows!("x''", "WHERE patient = ?2 AND copy = 1 ORDER BY ord DESC LIMIT ?1");
            read(db, text, (limit, id))
        }
    }
}

/// The highest number that begins so.
pub(crate) fn last_serial(db: &Connection, prefix: &str) -> Result<Option<String>> {
    let text = "SELECT max(serial) FROM sheet WHERE serial >= ?1 AND serial < ?1 || '~'";
    one(db, text, [prefix], |row| row.get(0)).map(Option::flatten)
}

fn read(db: &Connection, text: &str, params: impl rusqlite::Params) -> Result<Vec<SheetRow>> {
    type Words = (String, String, String);
    type Found = (String, u32, String, Uuid, Vec<u8>, i64, i64, Words, [u8; 32], Vec<u8>);
    let writers = writer::all(db)?;
    let rows: Vec<Found> = all(db, text, params, |row| {
        let words = (row.get(7)?, row.get(8)?, row.get(9)?);
        Ok((
            row.get(0)?,
            row.get(1)?,
            row.get(2)?,
            uuid(row, 3)?,
            row.get(4)?,
            row.get(5)?,
            row.get(6)?,
            words,
            row.get(10)?,
            row.get(11)?,
        ))
    })?;
    let rows = rows.into_iter().map(|found| {
        let (serial, copy, kind, patient, encounter, at, writer, words, digest, content) = found;
        let (paper, language, code) = words;
        let (author, device) = *writers.get(&writer)?;
        Some(SheetRow {
            serial,
            copy,
            kind: SheetKind::from_code(&kind)?,
            patient: PatientId::from_uuid(patient),
            encounter: Uuid::from_slice(&encounter).ok().map(EncounterId::from_uuid),
            at: Instant::from_unix_ms(at),
            author,
            device,
            paper: SheetPaper::from_code(&paper)?,
            language,
            code,
            content,
            digest,
        })
    });
    rows.collect::<Option<Vec<_>>>().ok_or(StoreError::Damaged("a printed sheet"))
}
