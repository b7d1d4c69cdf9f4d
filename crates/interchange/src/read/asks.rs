//! What one resource asks of the others: whose it is, which medicine it means, what it refers to.

use super::{pending::Resource, unresolved::Unresolved};
use crate::{
    json::Document,
    resolve::{Links, Owner, Seen, belongs_to_clinic, owner_references, reference_text},
};
use clinical::PatientId;
use uuid::Uuid;

/// Whose a resource is; `None` while its patient is only named by an identifier that is not
/// known.
pub(super) fn owner(
    resource: &Resource,
    seen: &Seen<'_>,
    alone: Option<PatientId>,
) -> Option<Owner> {
    if resource.resource_type == "Patient" {
        return Some(Owner::Patient(PatientId::from_uuid(resource.id)));
    }
    if belongs_to_clinic(&resource.resource_type) {
        return Some(Owner::Clinic);
    }
    for (reference, sure) in owner_references(resource.document.root()) {
        match seen.target(&reference) {
            Some(target) if target.resource_type.as_deref().map_or(sure, |t| t == "Patient") => {
                return Some(Owner::Patient(PatientId::from_uuid(target.id)));
            }
            Some(_) => {}
            None if reference.starts_with("Patient?") => return alone.map(Owner::Patient),
            None => {}
        }
    }
    Some(alone.map_or(Owner::Clinic, Owner::Patient))
}

/// Whether it orders a medicine that is described elsewhere and has not come.
pub(super) fn lacks_medicine(resource: &Resource, seen: &Seen<'_>) -> bool {
    let reference = resource.document.root().get("medicationReference").and_then(reference_text);
    reference.is_some_and(|text| !text.starts_with('#') && seen.medication(&text).is_none())
}

/// The patient of a Bundle about one patient.
pub(super) fn sole_patient(resources: &[Resource]) -> Option<PatientId> {
    let mut patients = resources.iter().filter(|resource| resource.resource_type == "Patient");
    match (patients.next(), patients.next()) {
        (Some(patient), None) if patient.place.is_some() => Some(PatientId::from_uuid(patient.id)),
        _ => None,
    }
}

/// The references of a resource whose target is not among those that came with it.
pub(super) fn wanted(
    document: &Document,
    seen: &Seen<'_>,
    before: &Unresolved,
) -> Vec<(String, Option<Uuid>)> {
    let mut wanted = Vec::new();
    for (name, value) in document.keyed() {
        if name != "reference" {
            continue;
        }
        let Some(text) = value.text().filter(|text| !text.starts_with('#')) else { continue };
        if seen.full_url.is_none()
            && let Some(id) = before.cached(&text)
        {
            wanted.push((text.into_owned(), Some(id)));
            continue;
        }
        match seen.target(&text) {
            Some(target) if target.present => {}
            Some(target) => wanted.push((text.into_owned(), Some(target.id))),
            None => wanted.push((text.into_owned(), None)),
        }
    }
    wanted
}
