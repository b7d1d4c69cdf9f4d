//! What is typed into forms and not recorded yet: kept for whoever typed it, through a lock, a crash
//! and somebody else's turn at the window. It never leaves this computer.

use crate::{error::ToldResult, host::Host, open::Session, permit::Permit};
use api::{ApiError, ErrorCode, KeepForm, KeptForm, ListKeptForms};
use store::FormTextRow;

/// A form is no larger, in bytes, and its name no longer.
const BODY_LEN_MAX: usize = 64 << 10;
const FORM_LEN_MAX: usize = 4 << 10;

/// Keeps what stands in a form, or forgets it.
///
/// # Errors
/// `too-large`: what was kept before stays; the store's.
pub(crate) fn keep_form<H: Host>(
    session: &Session<'_, H>,
    _: &Permit<KeepForm>,
    command: &KeepForm,
) -> Result<(), ApiError> {
    let author = session.open.person.id;
    let Some(body) = command.body.clone() else {
        return session.open.store.forget_form_text(author, &command.form).told();
    };
    if body.len() > BODY_LEN_MAX || command.form.len() > FORM_LEN_MAX {
        let detail = "This form holds too much to be kept; what was kept before stays.";
        return Err(ApiError::new(ErrorCode::TooLarge, detail));
    }
    let (form, at) = (command.form.clone(), session.host.now());
    session.open.store.save_form_text(&FormTextRow { author, form, body, at }).told()
}

/// Lists what whoever is signed in has typed and not recorded.
///
/// # Errors
/// The store's.
pub(crate) fn list_kept_forms<H: Host>(
    session: &Session<'_, H>,
    _: &Permit<ListKeptForms>,
    _: &ListKeptForms,
) -> Result<Vec<KeptForm>, ApiError> {
    let rows = session.open.store.form_texts(session.open.person.id).told()?;
    Ok(rows.into_iter().map(|row| KeptForm { form: row.form, body: row.body }).collect())
}
