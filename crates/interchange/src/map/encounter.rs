//! `Encounter`.

use super::Reader;
use crate::json::Json;
use clinical::{Encounter, EncounterClass, EncounterId, EncounterStatus};
use uuid::Uuid;

pub(super) fn read(reader: &mut Reader<'_>, id: Uuid) -> Encounter {
    let resource = reader.resource;
    let period = resource.get("period").filter(|period| period.is_object());
    Encounter {
        id: EncounterId::from_uuid(id),
        status: reader
            .code("status", EncounterStatus::from_code)
            .unwrap_or(EncounterStatus::Unknown),
        class: class(reader),
        kind: reader.concepts(resource, "type"),
        reason: reader.concepts(resource, "reasonCode"),
        start: period.and_then(|period| reader.date(period, "start")),
        end: period.and_then(|period| reader.date(period, "end")),
    }
}

/// HL7 v3 `ActCode`: acute and non-acute are kinds of inpatient visit.
fn class(reader: &mut Reader<'_>) -> EncounterClass {
    let Some(element) = reader.resource.get("class") else {
        reader.missing("class", "The kind of visit is not said.");
        return EncounterClass::Other;
    };
    let code = element.get("code").and_then(Json::text);
    match code.as_deref() {
        Some("ACUTE" | "NONAC") => EncounterClass::Inpatient,
        Some(code) => EncounterClass::from_code(code).unwrap_or(EncounterClass::Other),
        None => EncounterClass::Other,
    }
}
