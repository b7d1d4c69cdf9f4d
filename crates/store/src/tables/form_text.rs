//! What is being typed into forms, before it is recorded. It stays on this computer.

use crate::{
    error::Result,
    sql::{all, run},
};
use clinical::{Instant, PractitionerId};
use rusqlite::Connection;

/// So many forms of one person are kept; the ones typed into longest ago go first.
const FORMS_MAX: u32 = 100;

/// What stands in a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormTextRow {
    /// Who typed it: nobody else is shown it.
    pub author: PractitionerId,
    /// Which form, of which patient or entry, as the window names it.
    pub form: String,
    /// What stands in it, as the window writes it.
    pub body: String,
    /// When it was typed.
    pub at: Instant,
}

pub(crate) fn put(db: &Connection, row: &FormTextRow) -> Result<()> {
    let text = "INSERT INTO form_text (author, form, body, at) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT (author, form) DO UPDATE SET body = excluded.body, at = excluded.at";
    let author = row.author.uuid().into_bytes();
    run(db, text, (author, &row.form, &row.body, row.at.unix_ms()))?;
    let oldest = "DELETE FROM form_text WHERE author = ?1 AND form NOT IN (
                  SELECT form FROM form_text WHERE author = ?1 ORDER BY at DESC, form LIMIT ?2)";
    run(db, oldest, (author, FORMS_MAX))?;
    Ok(())
}

/// Forgets a form that was recorded or given up.
pub(crate) fn forget(db: &Connection, author: PractitionerId, form: &str) -> Result<()> {
    let text = "DELETE FROM form_text WHERE author = ?1 AND form = ?2";
    run(db, text, (author.uuid().into_bytes(), form))?;
    Ok(())
}

/// What a person has typed and not recorded, by form.
pub(crate) fn of_author(db: &Connection, author: PractitionerId) -> Result<Vec<FormTextRow>> {
    let text = "SELECT form, body, at FROM form_text WHERE author = ?1 ORDER BY form";
    all(db, text, [author.uuid().into_bytes()], |row| {
        let at = Instant::from_unix_ms(row.get(2)?);
        Ok(FormTextRow { author, form: row.get(0)?, body: row.get(1)?, at })
    })
}
