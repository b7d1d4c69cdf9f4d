//! Rows of notes in draft: those without a signed note are open.

use super::target::Target;
use crate::{
    error::Result,
    packing::Unpacker,
    sql::{all, one, run},
    transaction::Tx,
};
use clinical::{CompositionId, DocumentKind, NoteDraft, PatientId};
use rusqlite::Connection;

/// Writes the row of a draft.
pub(crate) fn project(tx: &mut Tx<'_>, target: Target, draft: Option<&NoteDraft>) -> Result<()> {
    let Some(draft) = draft else {
        return run(tx.db, "DELETE FROM draft WHERE document = ?1", [target.ord]).map(|_| ());
    };
    let text = "INSERT OR REPLACE INTO draft (document, patient, open, value)
                VALUES (?1, ?2, ?3, ?4)";
    let value = tx.packer.value(draft)?;
    let patient = draft.patient.uuid().into_bytes();
    run(tx.db, text, (target.ord, patient, draft.signed.is_empty(), value))?;
    Ok(())
}

/// The ids of the drafts about a patient, open and signed.
pub(crate) fn ids_of(db: &Connection, patient: PatientId) -> Result<Vec<uuid::Uuid>> {
    let text = "SELECT d.id FROM draft w JOIN document d ON d.ord = w.document
                WHERE w.patient = ?1 ORDER BY d.ord";
    all(db, text, [patient.uuid().into_bytes()], |row| crate::sql::uuid(row, 0))
}

/// The open drafts about a patient, oldest first.
pub(crate) fn open_of(
    db: &Connection,
    unpacker: &mut Unpacker,
    patient: PatientId,
) -> Result<Vec<NoteDraft>> {
    let text = "SELECT value FROM draft WHERE patient = ?1 AND open = 1 ORDER BY document";
    let rows: Vec<Vec<u8>> = all(db, text, [patient.uuid().into_bytes()], |row| row.get(0))?;
    rows.iter().map(|value| unpacker.value(value)).collect()
}

/// One draft, open or signed.
pub(crate) fn find(
    db: &Connection,
    unpacker: &mut Unpacker,
    draft: CompositionId,
) -> Result<Option<NoteDraft>> {
    let text = "SELECT w.value FROM draft w JOIN document d ON d.ord = w.document
                WHERE d.id = ?1 AND d.kind = ?2";
    let id = (draft.uuid().into_bytes(), DocumentKind::Draft.number());
    let value = one(db, text, id, |row| row.get::<_, Vec<u8>>(0))?;
    value.map(|value| unpacker.value(&value)).transpose()
}
