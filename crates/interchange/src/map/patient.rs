//! `Patient`.

use super::{Reader, address, concept, contact, contact_point, human_name, identifier};
use crate::{FIELDCHART_FHIR, json::Json};
use clinical::{
    AdministrativeGender, Deceased, HumanName, Identity, PartialDate, Patient, PatientId, possible,
};
use uuid::Uuid;

/// The extension on `birthDate` that says it was guessed from an age.
pub(crate) const BIRTH_DATE_ESTIMATED: &str = "birth-date-estimated";
/// The extension on `Patient` that says what to do when the heart stops.
pub(crate) const CODE_STATUS: &str = "code-status";

pub(super) fn read(reader: &mut Reader<'_>, id: Uuid) -> Patient {
    let resource = reader.resource;
    let list = |name: &str| resource.get(name).into_iter().flat_map(Json::items);
    if reader.boolean(resource, "active") == Some(false) {
        let detail = "The sender no longer uses this record of the patient.";
        reader.warn(resource, "patient-inactive", detail);
    }
    let replaced =
        |link: Json<'_>| link.get("type").and_then(Json::text).as_deref() == Some("replaced-by");
    if list("link").any(replaced) {
        let detail = "The sender has replaced this record of the patient by another.";
        reader.warn(resource, "patient-replaced", detail);
    }
    let identity = identity(reader);
    let deceased = deceased(reader, identity.birth_date.as_ref());
    Patient {
        id: PatientId::from_uuid(id),
        identity,
        telecom: list("telecom").filter_map(|one| contact_point(reader, one)).collect(),
        address: list("address").filter_map(|one| address(reader, one)).collect(),
        contact: list("contact").filter_map(|one| contact(reader, one)).collect(),
        deceased,
        code_status: code_status(reader),
    }
}

fn identity(reader: &mut Reader<'_>) -> Identity {
    let resource = reader.resource;
    let list = |name: &str| resource.get(name).into_iter().flat_map(Json::items);
    let mut name: Vec<(u8, HumanName)> =
        list("name").filter_map(|one| Some((preference(one), human_name(reader, one)?))).collect();
    name.sort_by_key(|(preference, _)| *preference);
    if name.is_empty() {
        reader.missing("name", "The patient has no name here.");
    }
    Identity {
        name: name.into_iter().map(|(_, name)| name).collect(),
        gender: reader
            .code("gender", AdministrativeGender::from_code)
            .unwrap_or(AdministrativeGender::Unknown),
        birth_date: reader.past_date(resource, "birthDate"),
        birth_date_estimated: estimated(reader),
        identifier: list("identifier").filter_map(|one| identifier(reader, one)).collect(),
    }
}

/// The name in use comes first.
fn preference(name: Json<'_>) -> u8 {
    match name.get("use").and_then(Json::text).as_deref() {
        Some("usual") => 0,
        Some("official") => 1,
        None => 2,
        Some("temp" | "nickname" | "anonymous") => 3,
        Some(_) => 4,
    }
}

fn estimated(reader: &mut Reader<'_>) -> bool {
    let url = format!("{FIELDCHART_FHIR}/{BIRTH_DATE_ESTIMATED}");
    let extension = reader.resource.get("_birthDate").and_then(|of| reader.extension(of, &url));
    extension.and_then(|found| reader.boolean(found, "valueBoolean")).unwrap_or_default()
}

fn deceased(reader: &mut Reader<'_>, born: Option<&PartialDate>) -> Option<Deceased> {
    let resource = reader.resource;
    if let Some(element) = resource.first("deceasedDateTime") {
        // Death is told even when its date cannot be read.
        let at = reader.past_date(resource, "deceasedDateTime");
        let at = at.filter(|at| !is_before_birth(reader, element, at, born));
        return element.text().map(|_| Deceased { at });
    }
    let dead = reader.boolean(resource, "deceasedBoolean")?;
    dead.then_some(Deceased { at: None })
}

/// One of the two dates is wrong, and nobody here knows which: that the patient has died is told,
/// and not when.
fn is_before_birth(
    reader: &mut Reader<'_>,
    element: Json<'_>,
    died: &PartialDate,
    born: Option<&PartialDate>,
) -> bool {
    let before = born.is_some_and(|born| possible::is_before_birth(died, born));
    if before {
        let detail = "This day is before the birth. It is left out; the original is kept.";
        reader.warn(element, "death-before-birth", detail);
    }
    before
}

fn code_status(reader: &mut Reader<'_>) -> Option<clinical::CodeableConcept> {
    let url = format!("{FIELDCHART_FHIR}/{CODE_STATUS}");
    let extension = reader.extension(reader.resource, &url)?;
    let value = extension.get("valueCodeableConcept")?;
    Some(concept(reader, value)).filter(|concept| !concept.is_empty())
}
