//! `Patient`.

use super::{
    element::{self, concept, extension},
    overlay::{Members, add_extension, changed, items, put, put_choice},
};
use crate::{FIELDCHART_FHIR, json::Json, map};
use clinical::{Deceased, Patient, PatientId, PatientLink};
use serde_json::{Value, json};

pub(super) fn write(
    resource: &mut Members,
    was: Option<&Patient>,
    kept: Option<Json<'_>>,
    is: &Patient,
) {
    identity(resource, was, kept, is);
    if changed(was, is, |patient| &patient.telecom) {
        let telecom =
            items(kept, "telecom", &is.telecom, map::contact_point, element::contact_point);
        put(resource, "telecom", telecom);
    }
    if changed(was, is, |patient| &patient.deceased) {
        let deceased = is.deceased.as_ref().map(|deceased| match deceased {
            Deceased { at: Some(at) } => ("DateTime", element::date(at)),
            Deceased { at: None } => ("Boolean", json!(true)),
        });
        put_choice(resource, "deceased", deceased);
    }
    if changed(was, is, |patient| &patient.address) {
        put(
            resource,
            "address",
            items(kept, "address", &is.address, map::address, element::address),
        );
    }
    if changed(was, is, |patient| &patient.contact) {
        let contact = items(kept, "contact", &is.contact, map::contact, element::contact);
        put(resource, "contact", contact);
    }
    if changed(was, is, |patient| &patient.code_status) {
        remove_extension(resource, map::CODE_STATUS);
        if let Some(code_status) = is.code_status.as_ref().and_then(concept) {
            let name = map::CODE_STATUS;
            add_extension(resource, extension(name, "valueCodeableConcept", code_status));
        }
    }
}

/// The other charts of the same person, beside what the sender linked.
pub(super) fn link(resource: &mut Members, links: &[PatientLink], patient: PatientId) {
    let ours = links.iter().filter(|link| link.holds() && link.is_of(patient)).map(|link| {
        let (other, word) = if link.shown == patient {
            (link.replaced, "replaces")
        } else {
            (link.shown, "replaced-by")
        };
        json!({ "other": element::reference(other.uuid()), "type": word })
    });
    let ours: Vec<Value> = ours.collect();
    if ours.is_empty() {
        return;
    }
    if let Some(Value::Array(links)) = resource.get_mut("link") {
        links.extend(ours);
    } else {
        put(resource, "link", Some(Value::Array(ours)));
    }
}

fn identity(resource: &mut Members, was: Option<&Patient>, kept: Option<Json<'_>>, is: &Patient) {
    let identity = &is.identity;
    if changed(was, is, |patient| &patient.identity.identifier) {
        let is = &identity.identifier;
        put(
            resource,
            "identifier",
            items(kept, "identifier", is, map::identifier, element::identifier),
        );
    }
    if changed(was, is, |patient| &patient.identity.name) {
        let is = &identity.name;
        put(resource, "name", items(kept, "name", is, map::human_name, element::human_name));
    }
    if changed(was, is, |patient| &patient.identity.gender) {
        put(resource, "gender", Some(json!(identity.gender.code())));
    }
    let born = |patient: &Patient| {
        (patient.identity.birth_date.clone(), patient.identity.birth_date_estimated)
    };
    if was.is_none_or(|was| born(was) != born(is)) {
        put(resource, "birthDate", identity.birth_date.as_ref().map(element::date));
        if identity.birth_date_estimated {
            let estimated = extension(map::BIRTH_DATE_ESTIMATED, "valueBoolean", json!(true));
            resource.insert("_birthDate".to_owned(), json!({ "extension": [estimated] }));
        }
    }
}

fn remove_extension(resource: &mut Members, name: &str) {
    let url = format!("{FIELDCHART_FHIR}/{name}");
    let Some(Value::Array(extensions)) = resource.get_mut("extension") else { return };
    extensions.retain(|extension| extension.get("url").and_then(Value::as_str) != Some(&url));
    if extensions.is_empty() {
        resource.shift_remove("extension");
    }
}
