//! `Encounter`.

use super::Reader;
use crate::json::Json;
use clinical::{Encounter, EncounterClass, EncounterId, EncounterStatus, PartialDate, possible};
use uuid::Uuid;

/// The extension that says when the patient is to come again.
pub(crate) const FOLLOW_UP: &str = "encounter-follow-up";

pub(super) fn read(reader: &mut Reader<'_>, id: Uuid) -> Encounter {
    let resource = reader.resource;
    let period = resource.get("period").filter(|period| period.is_object());
    let start = period.and_then(|period| reader.date(period, "start"));
    let follow_up = reader.own_extension(resource, FOLLOW_UP);
    let follow_up = follow_up.and_then(|extension| reader.date(extension, "valueDate"));
    Encounter {
        id: EncounterId::from_uuid(id),
        status: reader
            .code("status", EncounterStatus::from_code)
            .unwrap_or(EncounterStatus::Unknown),
        class: class(reader),
        kind: reader.concepts(resource, "type"),
        reason: reader.concepts(resource, "reasonCode"),
        end: period.and_then(|period| end(reader, period, start.as_ref())),
        start,
        // Who saw the patient elsewhere is no person of this clinic; the original is kept.
        participant: Vec::new(),
        follow_up,
    }
}

/// The end, unless it comes before the beginning.
fn end(
    reader: &mut Reader<'_>,
    period: Json<'_>,
    start: Option<&PartialDate>,
) -> Option<PartialDate> {
    let end = reader.date(period, "end")?;
    if !start.is_some_and(|start| possible::is_earlier(&end, start)) {
        return Some(end);
    }
    let detail = "The visit would end before it began. Its end is left out; the original is kept.";
    reader.warn(period.get("end")?, "end-before-start", detail);
    None
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
