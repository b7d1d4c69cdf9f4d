//! `Observation`.

use super::{Reader, value, vital};
use crate::json::Json;
use clinical::{CodeableConcept, EncounterId, Observation, ObservationId, ObservationStatus};
use uuid::Uuid;

/// The standard extension that names the observation this one replaces.
pub(crate) const REPLACES: &str = "http://hl7.org/fhir/StructureDefinition/observation-replaces";

/// The extension of one that was corrected: by which other one, and the status it had before.
pub(crate) const CORRECTED: &str = "corrected-by";

pub(super) fn read(reader: &mut Reader<'_>, id: Uuid) -> Observation {
    let resource = reader.resource;
    let code = reader.concept("code").unwrap_or_else(|| {
        reader.missing("code", "It does not say what was observed.");
        CodeableConcept::from_text("Not stated")
    });
    let value = vital::value(reader, resource, &code);
    let component = vital::components(reader);
    Observation {
        id: ObservationId::from_uuid(id),
        status: status(reader),
        category: category(reader),
        code,
        value,
        component,
        effective: reader
            .first_date(&["effectiveDateTime", "effectivePeriod", "effectiveInstant"], "start"),
        encounter: reader.entry("encounter").map(EncounterId::from_uuid),
        interpretation: reader.concepts(resource, "interpretation"),
        reference_range: reference_range(reader),
        note: reader.note(),
        replaces: replaces(reader),
    }
}

/// The status. One of ours that was corrected goes out as a mistake, for other readers; where its
/// correction is there too, it has the status that it had.
fn status(reader: &mut Reader<'_>) -> ObservationStatus {
    let status = reader.code("status", ObservationStatus::from_code);
    let status = status.unwrap_or(ObservationStatus::Unknown);
    let before = (status == ObservationStatus::EnteredInError).then(|| before_correction(reader));
    before.flatten().unwrap_or(status)
}

fn before_correction(reader: &Reader<'_>) -> Option<ObservationStatus> {
    let extension = reader.own_extension(reader.resource, CORRECTED)?;
    let part = |url: &str| {
        let mut parts = extension.get("extension")?.items();
        parts.find(|part| part.get("url").and_then(Json::text).as_deref() == Some(url))
    };
    let by = crate::resolve::reference_text(part("by")?.get("valueReference")?)?;
    let status = part("status")?.get("valueCode")?.text()?;
    reader.links.is_here(&by).then(|| ObservationStatus::from_code(&status))?
}

fn category(reader: &mut Reader<'_>) -> Vec<String> {
    let concepts = reader.concepts(reader.resource, "category");
    let codes = concepts.into_iter().flat_map(|concept| {
        let text = concept.text.filter(|_| concept.coding.is_empty());
        concept.coding.into_iter().map(|coding| coding.code).chain(text)
    });
    let mut category: Vec<String> = codes.filter(|code| !code.is_empty()).collect();
    category.dedup();
    category
}

fn reference_range(reader: &mut Reader<'_>) -> Option<String> {
    let ranges = reader.resource.get("referenceRange").into_iter().flat_map(Json::items);
    let words: Vec<String> = ranges
        .filter(|range| range.is_object())
        .filter_map(|range| reader.text(range, "text").or_else(|| value::words(reader, range)))
        .collect();
    (!words.is_empty()).then(|| words.join("; "))
}

fn replaces(reader: &mut Reader<'_>) -> Option<ObservationId> {
    let extension = reader.extension(reader.resource, REPLACES)?;
    let reference = crate::resolve::reference_text(extension.get("valueReference")?)?;
    reader.links.entry(&reference).map(ObservationId::from_uuid)
}
