//! What must be decided, and deciding it.

use crate::{host::Host, open::Session, permit::Permit};
use api::{ApiError, ConflictItem, Decide, ListConflicts, Listed};
use chart::ChartEdit;

/// Lists what is disputed, page by page.
///
/// # Errors
/// `invalid` for a page that does not follow another; the store's.
pub(crate) fn list_conflicts<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<ListConflicts>,
    command: &ListConflicts,
) -> Result<Listed<ConflictItem>, ApiError> {
    session.conflicts(permit, command)
}

/// Decides a conflict for one of its versions. The decision is an edit like any other: it is
/// stamped, audited and travels.
///
/// # Errors
/// `changed` where the entry was written since it was shown; `not-found` when it is not disputed any more or the version is not one of its own; the
/// store's.
pub(crate) fn decide<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<Decide>,
    command: &Decide,
) -> Result<(), ApiError> {
    let edit =
        ChartEdit::Decide { conflict: command.conflict.clone(), change: command.change.clone() };
    let of = (command.conflict.as_str(), command.seen.as_deref());
    session.edit_disputed(permit, command.patient, of, |_| Ok(vec![edit]))?;
    Ok(())
}
