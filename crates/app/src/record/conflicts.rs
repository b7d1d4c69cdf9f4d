//! What must be decided, and deciding it.

use crate::{host::Host, open::Session, permit::Permit};
use api::{ApiError, ConflictItem, Decide, ListConflicts};
use chart::ChartEdit;

/// Lists everything that is disputed.
///
/// # Errors
/// The store's.
pub(crate) fn list_conflicts<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<ListConflicts>,
    _command: &ListConflicts,
) -> Result<Vec<ConflictItem>, ApiError> {
    session.conflicts(permit)
}

/// Decides a conflict for one of its versions. The decision is an edit like any other: it is
/// stamped, audited and travels.
///
/// # Errors
/// `not-found` when it is not disputed any more or the version is not one of its own; the
/// store's.
pub(crate) fn decide<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<Decide>,
    command: &Decide,
) -> Result<(), ApiError> {
    let edit =
        ChartEdit::Decide { conflict: command.conflict.clone(), change: command.change.clone() };
    session.edit_chart(permit, command.patient, |_| Ok(vec![edit]))?;
    Ok(())
}
