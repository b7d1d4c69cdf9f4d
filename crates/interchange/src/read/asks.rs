//! What one resource asks of the others: whose it is, which medicine it means, what it refers to.

use super::{pending::Resource, unresolved::Unresolved};
use crate::{
    FIELDCHART_FHIR,
    canonical::KEPT_ASIDE,
    json::{Document, Json},
    resolve::{
        Links, Owner, Seen, belongs_to_clinic, is_owner_twofold, owner_references, reference_text,
    },
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
    let root = resource.document.root();
    if is_kept_aside(root) || (resource.document.has_twice() && is_owner_twofold(root)) {
        return Some(Owner::Unclear);
    }
    for (reference, sure) in owner_references(root) {
        match seen.target(&reference) {
            Some(target) if target.resource_type.as_deref().map_or(sure, |t| t == "Patient") => {
                let patient = PatientId::from_uuid(target.id);
                return Some(if target.several { Owner::Unclear } else { Owner::Patient(patient) });
            }
            Some(_) => {}
            None if reference.starts_with("Patient?") => return alone.map(Owner::Patient),
            None => {}
        }
    }
    Some(alone.map_or(Owner::Clinic, Owner::Patient))
}

/// Whether a clinic exported it as one that is in nobody's chart: what it refers to means
/// somebody there, and may mean somebody else here.
fn is_kept_aside(root: Json<'_>) -> bool {
    let Some(extensions) = root.get("extension") else { return false };
    let url = |one: Json<'_>| one.get("url").and_then(Json::text).unwrap_or_default().into_owned();
    let ours = format!("{FIELDCHART_FHIR}/{KEPT_ASIDE}");
    extensions.items().any(|one| url(one) == ours)
}

/// Whether it orders a medicine that is described elsewhere and has not come.
pub(super) fn lacks_medicine(resource: &Resource, seen: &Seen<'_>) -> bool {
    let reference = resource.document.root().get("medicationReference").and_then(reference_text);
    let Some(text) = reference.filter(|text| !text.starts_with('#')) else { return false };
    let comes_in_vain = seen.target(&text).is_some_and(|target| target.several);
    !comes_in_vain && seen.medication(&text).is_none()
}

/// The patient of a Bundle about one patient.
pub(super) fn sole_patient(resources: &[Resource]) -> Option<PatientId> {
    let mut patients = resources.iter().filter(|resource| resource.resource_type == "Patient");
    match (patients.next(), patients.next()) {
        (Some(patient), None) if patient.place.is_some() => Some(PatientId::from_uuid(patient.id)),
        _ => None,
    }
}

/// What the references of a resource ask for.
#[derive(Default)]
pub(super) struct Asked {
    /// Those whose target is not among those that came with it.
    pub(super) wanted: Vec<(String, Option<Uuid>)>,
    /// Where those stand that may mean several resources.
    pub(super) several: Vec<String>,
}

/// What the references of a resource ask for.
pub(super) fn asked(document: &Document, seen: &Seen<'_>, before: &Unresolved) -> Asked {
    let mut asked = Asked::default();
    let wanted = &mut asked.wanted;
    for (name, value) in document.keyed() {
        if name != "reference" {
            continue;
        }
        let Some(text) = value.text().filter(|text| !text.starts_with('#')) else { continue };
        if seen.full_url.is_none()
            && let Some(id) = before.cached(&text)
            && !seen.several.contains(&id)
        {
            wanted.push((text.into_owned(), Some(id)));
            continue;
        }
        match seen.target(&text) {
            Some(target) if target.several => asked.several.push(value.path()),
            Some(target) if target.present => {}
            Some(target) => wanted.push((text.into_owned(), Some(target.id))),
            None => wanted.push((text.into_owned(), None)),
        }
    }
    asked
}
