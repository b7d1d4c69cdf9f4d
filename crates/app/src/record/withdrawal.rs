//! Marking an entry as recorded by mistake. Nothing is ever deleted.

use crate::{host::Host, open::Session, permit::Permit};
use api::{ApiError, WithdrawEntry};
use chart::ChartEdit;
use clinical::{Chart, EntryKind, EntryRef, MedicationRequest, MedicationStatus, reason_text};

/// Marks an entry as recorded by mistake: a status where the entry has one, a mark on a fact. A
/// medicine that was renewed by mistake is taken again as before.
///
/// # Errors
/// `invalid` when the reason is no line; `changed` where the entry is another than the one that was
/// shown; `disputed` while the entry is; `not-found`; the store's.
pub(crate) fn withdraw_entry<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<WithdrawEntry>,
    command: &WithdrawEntry,
) -> Result<(), ApiError> {
    let reason = reason_text(&command.reason).map_err(ApiError::invalid)?;
    let entry = command.entry;
    session.edit_entry(permit, command.patient, (entry, command.seen.as_deref()), |chart| {
        let again = renewed_by_mistake(chart, command);
        let why = reason.map(|reason| ChartEdit::Explain { entry, reason });
        Ok(Some(ChartEdit::Withdraw(entry)).into_iter().chain(again).chain(why).collect())
    })?;
    Ok(())
}

/// The line that a medicine renewed, as it was: unless it ended otherwise, was renewed another time
/// too, or is disputed.
fn renewed_by_mistake(chart: &Chart, command: &WithdrawEntry) -> Option<ChartEdit> {
    let of = |id| chart.medications.iter().find(|one| one.id.uuid() == id);
    let renewed = of(command.entry.id).filter(|one| one.order.holds())?;
    let prior = of(renewed.about.prior?.uuid())?;
    let entry = EntryRef::new(EntryKind::Medication, prior.id.uuid());
    let is_again =
        |one: &MedicationRequest| one.id != renewed.id && one.about.prior == Some(prior.id);
    let stands = prior.order.status != MedicationStatus::Completed
        || chart.conflicts_of(entry).next().is_some()
        || chart.medications.iter().any(|one| is_again(one) && one.order.holds());
    if stands {
        return None;
    }
    let mut prior = prior.clone();
    prior.order.status = MedicationStatus::Active;
    Some(ChartEdit::RecordMedication(prior))
}
