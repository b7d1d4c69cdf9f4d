//! Taking back what was just recorded.

use crate::{host::Host, open::Session, permit::Permit};
use api::{ApiError, ErrorCode, Recorded, UndoEdit};
use chart::{ChartEdit, Heads};

/// An edit writes fewer entries.
const ENTRIES_MAX: usize = 64;

/// Makes the entries of an edit what they were before it; those it began are marked as recorded by
/// mistake. What was written stays in the history.
///
/// # Errors
/// `invalid` when `before` names no heads, there are too many entries, or one is a patient, a signed
/// note or a task; `changed` where one of them was written since, or by more than one edit; `disputed`
/// while one is; `not-found`; the store's.
pub(crate) fn undo_edit<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<UndoEdit>,
    command: &UndoEdit,
) -> Result<Recorded, ApiError> {
    let before = Heads::from_text(&command.before);
    let known = before.filter(|_| command.entries.len() <= ENTRIES_MAX);
    let to = known.ok_or_else(|| {
        let detail = "Nothing was changed: this does not say what is to be taken back.";
        ApiError::new(ErrorCode::Invalid, detail)
    })?;
    session.edit_entries(permit, command.patient, (&command.entries, &command.seen), |_| {
        let back = |entry: &_| ChartEdit::PutBack { entry: *entry, to: to.clone() };
        Ok(command.entries.iter().map(back).collect())
    })
}
