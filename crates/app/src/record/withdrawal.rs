//! Marking an entry as recorded by mistake. Nothing is ever deleted.

use crate::{error::not_found, host::Host, open::Session, permit::Permit};
use api::{ApiError, WithdrawEntry};
use chart::ChartEdit;
use clinical::{
    AllergyIntolerance, Chart, Condition, Encounter, EncounterStatus, EntryKind, EntryRef,
    MedicationRequest, MedicationStatus, VerificationStatus, reason_text,
};

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
        let edit = edit(chart, command).ok_or_else(|| not_found("entry"))?;
        let again = renewed_by_mistake(chart, command);
        let why = reason.map(|reason| ChartEdit::Explain { entry, reason });
        Ok(Some(edit).into_iter().chain(again).chain(why).collect())
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

fn edit(chart: &Chart, command: &WithdrawEntry) -> Option<ChartEdit> {
    let id = command.entry.id;
    match command.entry.kind {
        EntryKind::Allergy => {
            let found = chart.allergies.iter().find(|allergy| allergy.id.uuid() == id)?;
            let verification_status = VerificationStatus::EnteredInError;
            let allergy = AllergyIntolerance { verification_status, ..found.clone() };
            Some(ChartEdit::RecordAllergy(allergy))
        }
        EntryKind::Condition => {
            let found = chart.conditions.iter().find(|condition| condition.id.uuid() == id)?;
            let verification_status = VerificationStatus::EnteredInError;
            Some(ChartEdit::RecordCondition(Condition { verification_status, ..found.clone() }))
        }
        EntryKind::Encounter => {
            let found = chart.encounters.iter().find(|encounter| encounter.id.uuid() == id)?;
            let status = EncounterStatus::EnteredInError;
            Some(ChartEdit::RecordEncounter(Encounter { status, ..found.clone() }))
        }
        EntryKind::Medication => {
            let found = chart.medications.iter().find(|medication| medication.id.uuid() == id)?;
            let mut medication: MedicationRequest = found.clone();
            medication.order.status = MedicationStatus::EnteredInError;
            Some(ChartEdit::RecordMedication(medication))
        }
        EntryKind::Observation | EntryKind::Composition => Some(ChartEdit::Withdraw(command.entry)),
        EntryKind::Patient | EntryKind::Task | EntryKind::Source => None,
    }
}
