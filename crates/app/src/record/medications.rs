//! Recording, changing, renewing and stopping a medicine.

use crate::{error::not_found, host::Host, open::Session, permit::Permit};
use api::{
    ApiError, ChangeDosage, ErrorCode, MedicationReview, ProposedOrder, RecordMedication, Recorded,
    RenewMedication, ReviewMedication, StopMedication,
};
use chart::ChartEdit;
use clinical::{
    Chart, EntryKind, EntryRef, MedicationAbout, MedicationDraft, MedicationId, MedicationIntent,
    MedicationOrder, MedicationRequest, MedicationStatus, reason_text,
};

/// Records a medicine.
///
/// # Errors
/// `invalid` with a finding for each field to mend; `not-found`; the store's.
pub(crate) fn record_medication<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<RecordMedication>,
    command: &RecordMedication,
) -> Result<Recorded, ApiError> {
    let mut medication = complete(session, &command.draft)?;
    let visit_of = session.visit_finder()?;
    session.edit_chart(permit, command.patient, |chart| {
        medication.about.encounter = medication.about.encounter.or_else(|| visit_of(chart));
        Ok(vec![ChartEdit::RecordMedication(medication)])
    })
}

/// Says what the rules would say of a medicine, and what they cannot say. Half-typed dosages are
/// no obstacle.
///
/// # Errors
/// `invalid` where no medicine is named, or one that is over would be renewed; `not-found`; the
/// store's.
pub(crate) fn review_medication<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<ReviewMedication>,
    command: &ReviewMedication,
) -> Result<MedicationReview, ApiError> {
    let summary = session.whole_summary(command.patient)?;
    session.audit(permit, Some(command.patient))?;
    let (chart, today) = (&summary.chart, session.today_or_told()?);
    let of = |id: MedicationId| EntryRef::new(EntryKind::Medication, id.uuid());
    let (order, instead_of) = match &command.order {
        ProposedOrder::New(draft) => (typed_so_far(session, draft)?, None),
        ProposedOrder::Dosage(id, draft) => (typed_so_far(session, draft)?, Some(of(*id))),
        ProposedOrder::Renewal(id) => (taken_now(chart, of(*id))?.order, Some(of(*id))),
    };
    Ok(MedicationReview {
        advice: care::review_order(chart, &order, Some(&today), instead_of),
        allergies: chart.allergy_state_while(&summary.waiting),
        not_covered: care::not_covered(chart, &order),
        weight: session.weights(command.patient)?.last_weights().into_iter().cloned().collect(),
    })
}

/// Replaces the dosage of a medicine: the whole of it; and keeps why where that is told.
///
/// # Errors
/// `invalid`, also when the medicine is over or was a mistake; `changed` where it is another than the
/// one that was shown; `disputed` while it is; `not-found`; the store's.
pub(crate) fn change_dosage<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<ChangeDosage>,
    command: &ChangeDosage,
) -> Result<Recorded, ApiError> {
    let reason = reason_text(&command.draft.note).map_err(ApiError::invalid)?;
    let entry = EntryRef::new(EntryKind::Medication, command.medication.uuid());
    session.edit_entry(permit, command.patient, (entry, command.seen.as_deref()), |chart| {
        let mut medication = taken_now(chart, entry)?;
        medication.order = command.draft.changed(&medication).map_err(ApiError::invalid)?;
        let why = reason.map(|reason| ChartEdit::Explain { entry, reason });
        Ok(Some(ChartEdit::RecordMedication(medication)).into_iter().chain(why).collect())
    })
}

/// Stops a medicine, and keeps why where that is told.
///
/// # Errors
/// `invalid` when the reason is no line, or the medicine is over or was a mistake; `changed` where it
/// is another than the one that was shown; `disputed` while it is; `not-found`; the store's.
pub(crate) fn stop_medication<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<StopMedication>,
    command: &StopMedication,
) -> Result<Recorded, ApiError> {
    let reason = reason_text(&command.reason).map_err(ApiError::invalid)?;
    let entry = EntryRef::new(EntryKind::Medication, command.medication.uuid());
    session.edit_entry(permit, command.patient, (entry, command.seen.as_deref()), |chart| {
        let mut medication = taken_now(chart, entry)?;
        medication.order.status = MedicationStatus::Stopped;
        let why = reason.map(|reason| ChartEdit::Explain { entry, reason });
        Ok(Some(ChartEdit::RecordMedication(medication)).into_iter().chain(why).collect())
    })
}

/// Renews a medicine: the order as it stands, whatever a form could have left out of it, as a line of
/// today in the place of the one it renews. Two lines in force would read as twice the dose, so the
/// older is completed in the same change; where somebody changed it meanwhile elsewhere, that is
/// disputed, and the rules speak of both.
///
/// # Errors
/// `invalid` when the medicine is not active; `changed` where it is another than
/// the one that was shown; `disputed` while it is; `not-found`; the store's.
pub(crate) fn renew_medication<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<RenewMedication>,
    command: &RenewMedication,
) -> Result<Recorded, ApiError> {
    let note = Some(command.note.trim().to_owned()).filter(|note| !note.is_empty());
    let (id, today) = (MedicationId::from_uuid(session.make_uuid()), session.today_or_told()?);
    let entry = EntryRef::new(EntryKind::Medication, command.medication.uuid());
    let visit_of = session.visit_finder()?;
    session.edit_entry(permit, command.patient, (entry, command.seen.as_deref()), |chart| {
        let mut old = taken_now(chart, entry)?;
        let is_disputed = chart.conflicts_of(entry).next().is_some();
        if old.order.status != MedicationStatus::Active && !is_disputed {
            let detail = "Only an active medicine is renewed; prescribe this one anew.";
            return Err(ApiError::new(ErrorCode::Invalid, detail));
        }
        let about = MedicationAbout {
            encounter: visit_of(chart),
            authored_on: Some(today),
            reason: old.about.reason.clone(),
            note,
            prior: Some(old.id),
            ..MedicationAbout::new(MedicationIntent::Order)
        };
        let renewed = MedicationRequest { id, order: old.order.clone(), about };
        old.order.status = MedicationStatus::Completed;
        Ok([old, renewed].map(ChartEdit::RecordMedication).into())
    })
}

fn complete<H: Host>(
    session: &Session<'_, H>,
    draft: &MedicationDraft,
) -> Result<MedicationRequest, ApiError> {
    let id = MedicationId::from_uuid(session.make_uuid());
    draft.complete(id, session.today_or_told()?).map_err(ApiError::invalid)
}

/// The order that is typed so far: the medicine alone while the rest cannot be read.
fn typed_so_far<H: Host>(
    session: &Session<'_, H>,
    draft: &MedicationDraft,
) -> Result<MedicationOrder, ApiError> {
    let medication = draft.medication.clone();
    let name_alone = MedicationDraft { medication, ..MedicationDraft::default() };
    let whole = complete(session, draft).or_else(|_| complete(session, &name_alone));
    whole.map(|medication| medication.order)
}

/// A medicine that is not over. Of one that is disputed that is not known: the edit refuses it.
fn taken_now(chart: &Chart, entry: EntryRef) -> Result<MedicationRequest, ApiError> {
    let found = chart.medications.iter().find(|medication| medication.id.uuid() == entry.id);
    let found = found.ok_or_else(|| not_found("medicine"))?;
    if !found.order.holds() && chart.conflicts_of(entry).next().is_none() {
        let detail = "This medicine is over already; nothing was changed.";
        return Err(ApiError::new(ErrorCode::Invalid, detail));
    }
    Ok(found.clone())
}
