//! `Encounter`.

use super::{
    element::{self, concepts, extension, object},
    overlay::{Members, add_extension, changed, list, put, remove_extension},
};
use crate::{FIELDCHART_FHIR, map::FOLLOW_UP};
use clinical::{Encounter, EncounterClass, PractitionerId};
use serde_json::{Value, json};

const ACT_CODE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
const NULL_FLAVOR: &str = "http://terminology.hl7.org/CodeSystem/v3-NullFlavor";

/// Writes a visit. `person` is a reference to somebody, with the name.
pub(super) fn write(
    resource: &mut Members,
    was: Option<&Encounter>,
    is: &Encounter,
    subject: &Value,
    person: impl Fn(PractitionerId) -> Value,
) {
    if changed(was, is, |encounter| &encounter.status) {
        put(resource, "status", Some(json!(is.status.code())));
    }
    if changed(was, is, |encounter| &encounter.class) {
        put(resource, "class", Some(class(is.class)));
    }
    if changed(was, is, |encounter| &encounter.kind) {
        put(resource, "type", concepts(&is.kind));
    }
    if was.is_none_or(|was| was.follow_up != is.follow_up) {
        remove_extension(resource, &format!("{FIELDCHART_FHIR}/{FOLLOW_UP}"));
        if let Some(day) = &is.follow_up {
            add_extension(resource, extension(FOLLOW_UP, "valueDate", element::date(day)));
        }
    }
    if was.is_none() {
        put(resource, "subject", Some(subject.clone()));
    }
    if !is.participant.is_empty() {
        let seen_by = is.participant.iter().map(|id| json!({ "individual": person(*id) }));
        put(resource, "participant", list(seen_by.collect()));
    }
    let period = |encounter: &Encounter| (encounter.start.clone(), encounter.end.clone());
    if was.is_none_or(|was| period(was) != period(is)) {
        let (start, end) =
            (is.start.as_ref().map(element::date), is.end.as_ref().map(element::date));
        let any = start.is_some() || end.is_some();
        put(resource, "period", any.then(|| object([("start", start), ("end", end)])));
    }
    if changed(was, is, |encounter| &encounter.reason) {
        put(resource, "reasonCode", concepts(&is.reason));
    }
}

fn class(class: EncounterClass) -> Value {
    match class {
        EncounterClass::Other => json!({ "system": NULL_FLAVOR, "code": "OTH" }),
        EncounterClass::Ambulatory
        | EncounterClass::Emergency
        | EncounterClass::Field
        | EncounterClass::Home
        | EncounterClass::Inpatient
        | EncounterClass::Virtual => json!({ "system": ACT_CODE, "code": class.code() }),
    }
}
