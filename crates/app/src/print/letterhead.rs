//! What the clinic's paper says, and who says it.

use super::{
    content::{
        Allergies, AuthorLines, Body, ItemBody, PersonLines, PrescriptionBody, SheetContent,
        Weighed,
    },
    lay::{letterhead, not_laid, person},
    sheet::{drawn, manner, no_language, picture},
    values,
};
use crate::{
    error::{ToldResult, not_found},
    host::Host,
    open::Session,
    permit::Permit,
};
use api::{
    ApiError, GetLetterhead, LetterheadView, PreviewLetterhead, SetCredentials, SetLetterhead,
    SheetPicture,
};
use chart::ClinicEdit;
use clinical::{
    AdministrativeGender, AllergyState, HumanName, Identifier, Identity, Letterhead,
    MedicationDraft, MedicationId, PartialDate, SheetKind,
};
use print::Language;

/// Tells what the clinic's paper says.
///
/// # Errors
/// The store's.
pub(crate) fn get_letterhead<H: Host>(
    session: &Session<'_, H>,
    _permit: &Permit<GetLetterhead>,
    _command: &GetLetterhead,
) -> Result<LetterheadView, ApiError> {
    let letterhead = session.open.store.letterhead().told()?;
    let mut languages: Vec<String> =
        Language::ALL.iter().map(|(_, tag)| (*tag).to_owned()).collect();
    languages.sort_by_key(|tag| *tag != letterhead.language);
    let clinic_name = session.open.store.clinic_name().told()?.unwrap_or_default();
    Ok(LetterheadView { letterhead, clinic_name, languages })
}

/// Says what the clinic's paper says.
///
/// # Errors
/// `invalid`; the store's.
pub(crate) fn set_letterhead<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<SetLetterhead>,
    command: &SetLetterhead,
) -> Result<(), ApiError> {
    let said = checked(&command.letterhead)?;
    session.edit_clinic(permit, &[ClinicEdit::SayLetterhead(Box::new(said))])
}

/// Says what stands on paper beside a person's name.
///
/// # Errors
/// `invalid`; `not-found`; the store's.
pub(crate) fn set_credentials<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<SetCredentials>,
    command: &SetCredentials,
) -> Result<(), ApiError> {
    let said = command.credentials.complete().map_err(ApiError::invalid)?;
    let people = session.open.store.people().told()?;
    if !people.iter().any(|person| person.id == command.person) {
        return Err(not_found("person"));
    }
    session.edit_clinic(permit, &[ClinicEdit::SayCredentials(command.person, said)])
}

/// Draws a sheet of an invented patient under a letterhead that is not kept yet.
///
/// # Errors
/// `invalid`; the store's.
pub(crate) fn preview_letterhead<H: Host>(
    session: &Session<'_, H>,
    _permit: &Permit<PreviewLetterhead>,
    command: &PreviewLetterhead,
) -> Result<SheetPicture, ApiError> {
    let said = checked(&command.letterhead)?;
    let manner = manner(session, &said, command.kind, (None, None))?;
    let today = session.today_or_told()?;
    let clinic = values::clinic(session, &said)?;
    if command.kind == SheetKind::Label {
        let (letterhead, person) = (letterhead(&clinic), person(&somebody()));
        let label = print::Label { letterhead, person, code: "PREVIEW".to_owned() };
        let laid = print::label(&label, &manner.printing()).map_err(not_laid)?;
        return Ok(drawn(&laid, &manner));
    }
    let content = SheetContent {
        clinic,
        person: somebody(),
        author: values::author(session).unwrap_or_else(|_| AuthorLines::default()),
        body: Body::Prescription(something(&today)),
        written: today,
    };
    picture(&content, &manner)
}

fn checked(letterhead: &Letterhead) -> Result<Letterhead, ApiError> {
    let said = letterhead.complete().map_err(ApiError::invalid)?;
    let is_known = said.language.is_empty() || Language::from_tag(&said.language).is_some();
    if is_known { Ok(said) } else { Err(no_language()) }
}

/// An invented patient.
fn somebody() -> PersonLines {
    let number = Identifier { value: "MRN-000417".to_owned(), ..Identifier::default() };
    let identity = Identity {
        name: vec![HumanName::new("Okello", "Grace")],
        gender: AdministrativeGender::Female,
        birth_date: "1988-03-14".parse().ok(),
        birth_date_estimated: false,
        identifier: vec![number],
    };
    PersonLines {
        identity,
        age: Some("38y".to_owned()),
        address: Some("Amolatar".to_owned()),
        guardian: None,
    }
}

/// What is prescribed to them.
fn something(today: &PartialDate) -> PrescriptionBody {
    let draft = MedicationDraft {
        medication: "amlodipine".to_owned(),
        dose: "5".to_owned(),
        unit: "mg".to_owned(),
        route: "oral".to_owned(),
        frequency: "1".to_owned(),
        duration_days: "30".to_owned(),
        ..MedicationDraft::default()
    };
    let id = MedicationId::from_uuid(uuid::Uuid::nil());
    let order = draft.complete(id, today.clone()).ok().map(|medication| medication.order);
    let item = |order| ItemBody {
        order,
        controlled: false,
        instruction: None,
        against: Vec::new(),
        reason: None,
    };
    PrescriptionBody {
        weighed: Weighed::default(),
        allergies: Allergies { state: AllergyState::NoneKnown, known: Vec::new() },
        items: order.into_iter().map(item).collect(),
    }
}
