//! What is being typed into a note, before it becomes part of the draft's document.

use crate::{
    error::{Result, StoreError},
    sql::{all, run, uuid},
};
use clinical::{CompositionId, Instant, NoteSectionCode};
use rusqlite::Connection;

/// The text of one section as last typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftTextRow {
    /// Which draft.
    pub draft: CompositionId,
    /// Which part.
    pub section: NoteSectionCode,
    /// Its whole text.
    pub text: String,
    /// When it was typed.
    pub at: Instant,
}

pub(crate) fn put(db: &Connection, row: &DraftTextRow) -> Result<()> {
    let text = "INSERT INTO draft_text (draft, section, body, at) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT (draft, section) DO UPDATE SET body = excluded.body, at = excluded.at";
    let draft = row.draft.uuid().into_bytes();
    run(db, text, (draft, row.section.code(), &row.text, row.at.unix_ms()))?;
    Ok(())
}

/// Forgets a text that has become part of the record.
pub(crate) fn settle(
    db: &Connection,
    draft: CompositionId,
    section: NoteSectionCode,
) -> Result<()> {
    let text = "DELETE FROM draft_text WHERE draft = ?1 AND section = ?2";
    run(db, text, (draft.uuid().into_bytes(), section.code()))?;
    Ok(())
}

/// What has been typed into a draft and not settled, by section.
pub(crate) fn of_draft(db: &Connection, draft: CompositionId) -> Result<Vec<DraftTextRow>> {
    let text = "SELECT draft, section, body, at FROM draft_text WHERE draft = ?1 ORDER BY section";
    read(db, text, [draft.uuid().into_bytes()])
}

fn read(db: &Connection, text: &str, params: impl rusqlite::Params) -> Result<Vec<DraftTextRow>> {
    let rows = all(db, text, params, |row| {
        let section: String = row.get(1)?;
        Ok((uuid(row, 0)?, section, row.get(2)?, row.get(3)?))
    })?;
    rows.into_iter()
        .map(|(draft, section, text, at)| {
            let section = NoteSectionCode::from_code(&section);
            let section = section.ok_or(StoreError::Damaged("a draft's section"))?;
            let draft = CompositionId::from_uuid(draft);
            Ok(DraftTextRow { draft, section, text, at: Instant::from_unix_ms(at) })
        })
        .collect()
}
