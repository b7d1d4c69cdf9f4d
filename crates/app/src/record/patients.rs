//! Finding, registering and amending patients.

use crate::{error::not_found, host::Host, open::Session, permit::Permit};
use api::{AmendPatient, ApiError, FindPatients, PatientHit, RegisterPatient};
use chart::ChartEdit;
use clinical::{
    Address, CodeableConcept, EntryKind, EntryRef, HumanName, Patient, PatientContact, PatientId,
};

/// No list of people is longer than this.
const FIND_LIMIT_MAX: u32 = 200;

/// Finds patients.
///
/// # Errors
/// The store's.
pub(crate) fn find_patients<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<FindPatients>,
    command: &FindPatients,
) -> Result<Vec<PatientHit>, ApiError> {
    session.find(permit, &command.query, command.limit.min(FIND_LIMIT_MAX))
}

/// Registers a patient.
///
/// # Errors
/// `invalid` with a finding for each field to mend; the store's.
pub(crate) fn register_patient<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<RegisterPatient>,
    command: &RegisterPatient,
) -> Result<PatientId, ApiError> {
    let id = PatientId::from_uuid(session.make_uuid());
    let today = session.today_or_told()?;
    let patient = command.draft.complete(id, &today).map_err(ApiError::invalid)?;
    session.begin_chart(permit, id, &[ChartEdit::RecordPatient(patient)])?;
    Ok(id)
}

/// Changes who a patient is and how to reach them. What the form does not show stays.
///
/// # Errors
/// `invalid`; `changed` where they were changed since they were shown; `disputed` while the identity
/// is; `not-found`; the store's.
pub(crate) fn amend_patient<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<AmendPatient>,
    command: &AmendPatient,
) -> Result<(), ApiError> {
    let today = session.today_or_told()?;
    let patient = session.shown_of(&session.group(command.patient)?, command.patient)?;
    let typed = command.draft.complete(patient, &today).map_err(ApiError::invalid)?;
    let entry = EntryRef::new(EntryKind::Patient, patient.uuid());
    session.edit_entry(permit, patient, (entry, command.seen.as_deref()), |chart| {
        let present = chart.patient.clone().ok_or_else(|| not_found("patient"))?;
        Ok(vec![ChartEdit::RecordPatient(overlay(present, typed))])
    })?;
    Ok(())
}

/// The form's one name, number, address and guardian over the first of what is there.
fn overlay(mut present: Patient, typed: Patient) -> Patient {
    let identity = typed.identity;
    replace_first(&mut present.identity.name, identity.name);
    replace_first(&mut present.identity.identifier, identity.identifier);
    present.identity.gender = identity.gender;
    present.identity.birth_date = identity.birth_date;
    present.identity.birth_date_estimated = identity.birth_date_estimated;
    replace_first(&mut present.telecom, typed.telecom);
    over_first(&mut present.address, typed.address, address_over);
    over_first(&mut present.contact, typed.contact, contact_over);
    present
}

/// The line and the town, beside what the form does not show of an address.
fn address_over(present: Address, typed: Option<Address>) -> Option<Address> {
    let typed = typed.unwrap_or_default();
    let is_same = present.line.join(", ") == typed.line.join(", ");
    let line = if is_same { present.line } else { typed.line };
    let address = Address { line, city: typed.city, ..present };
    Some(address).filter(|address| *address != Address::default())
}

/// What was typed of a guardian, its parts as they were written before where they say the same.
fn contact_over(present: PatientContact, typed: Option<PatientContact>) -> Option<PatientContact> {
    let typed = typed?;
    let spoken = |name: &Option<HumanName>| name.as_ref().map(HumanName::spoken);
    let label = |words: &Option<CodeableConcept>| words.as_ref().map(|it| it.label().to_owned());
    let same_name = spoken(&present.name) == spoken(&typed.name);
    let same_words = label(&present.relationship) == label(&typed.relationship);
    let mut telecom = present.telecom;
    replace_first(&mut telecom, typed.telecom);
    Some(PatientContact {
        name: if same_name { present.name } else { typed.name },
        relationship: if same_words { present.relationship } else { typed.relationship },
        telecom,
    })
}

fn over_first<T: Default>(
    present: &mut Vec<T>,
    typed: Vec<T>,
    over: impl Fn(T, Option<T>) -> Option<T>,
) {
    let mut rest = std::mem::take(present).into_iter();
    present.extend(over(rest.next().unwrap_or_default(), typed.into_iter().next()));
    present.extend(rest);
}

fn replace_first<T>(present: &mut Vec<T>, typed: Vec<T>) {
    let rest = present.drain(..).skip(1).collect::<Vec<_>>();
    present.extend(typed);
    present.extend(rest);
}
