//! `MedicationRequest` and `MedicationStatement`.

use super::{
    Reader, concept,
    concept::of_two,
    dosage,
    dosage::twofold,
    product::{dispense, product},
};
use crate::{
    json::Json,
    resolve::{Reference, reference_text},
};
use clinical::{
    CodeableConcept, EncounterId, MedicationAbout, MedicationId, MedicationIntent, MedicationOrder,
    MedicationRequest, MedicationStatus,
};
use uuid::Uuid;

pub(super) fn request(reader: &mut Reader<'_>, id: Uuid) -> MedicationRequest {
    let about = MedicationAbout {
        intent: reader.code("intent", intent).unwrap_or(MedicationIntent::Plan),
        encounter: reader.entry("encounter").map(EncounterId::from_uuid),
        authored_on: reader.date(reader.resource, "authoredOn"),
        reason: reader.concepts(reader.resource, "reasonCode"),
        note: reader.note(),
        prior: reader.entry("priorPrescription").map(MedicationId::from_uuid),
    };
    let order =
        MedicationOrder { dispense: dispense(reader), ..order(reader, "dosageInstruction") };
    MedicationRequest { id: MedicationId::from_uuid(id), order, about }
}

pub(super) fn statement(reader: &mut Reader<'_>, id: Uuid) -> MedicationRequest {
    let dates = ["effectiveDateTime", "effectivePeriod", "dateAsserted"];
    let about = MedicationAbout {
        intent: MedicationIntent::Statement,
        encounter: reader.entry("context").map(EncounterId::from_uuid),
        authored_on: reader.first_date(&dates, "start"),
        reason: reader.concepts(reader.resource, "reasonCode"),
        note: reader.note(),
        prior: None,
    };
    let order = order(reader, "dosage");
    MedicationRequest { id: MedicationId::from_uuid(id), order, about }
}

fn order(reader: &mut Reader<'_>, dosages: &str) -> MedicationOrder {
    let elements = reader.resource.get(dosages).into_iter().flat_map(Json::items);
    let twice = reader.resource.is_twice(dosages);
    let twice = twice.then(|| twofold(&format!("{dosages} in two ways"), None));
    let medication = medication(reader);
    let dosage = elements.filter_map(|one| dosage(reader, one)).chain(twice).collect();
    let status = reader.code("status", MedicationStatus::from_code);
    let status = status.unwrap_or(MedicationStatus::Unknown);
    let order = MedicationOrder::new(medication, dosage, status);
    match contained(reader) {
        Some(element) => product(reader, element, order),
        None => order,
    }
}

fn intent(code: &str) -> Option<MedicationIntent> {
    match code {
        "order" | "original-order" | "reflex-order" | "filler-order" | "instance-order" => {
            Some(MedicationIntent::Order)
        }
        "plan" | "proposal" | "option" => Some(MedicationIntent::Plan),
        _ => None,
    }
}

/// The medicine: named here, in a contained resource, in another resource, or by the words of
/// the reference.
fn medication(reader: &mut Reader<'_>) -> CodeableConcept {
    if let Some(either) = of_two(reader, "medicationCodeableConcept", "medicine") {
        return either;
    }
    if let Some(concept) = reader.concept("medicationCodeableConcept") {
        return concept;
    }
    if let Some(reference) = reader.resource.get("medicationReference") {
        if let Some(concept) = referred(reader, reference) {
            return concept;
        }
        if let Some(display) = reader.text(reference, "display") {
            return CodeableConcept::from_text(display);
        }
        let detail =
            "The medicine it refers to is not here. The order is taken in without its name.";
        reader.warn(reference, "medication-not-found", detail);
    } else {
        reader.missing("medication[x]", "It does not say which medicine.");
    }
    CodeableConcept::from_text("Medicine not named")
}

fn referred(reader: &mut Reader<'_>, element: Json<'_>) -> Option<CodeableConcept> {
    let text = reference_text(element)?;
    let found = match Reference::parse(&text) {
        Reference::Contained(_) => {
            let code = contained(reader)?.get("code")?;
            concept(reader, code)
        }
        Reference::Urn(_)
        | Reference::Relative { .. }
        | Reference::Absolute { .. }
        | Reference::Conditional { .. }
        | Reference::Other(_) => reader.links.medication(&text)?,
    };
    (!found.is_empty()).then_some(found)
}

/// The contained resource that is the medicine, where one is.
fn contained<'a>(reader: &Reader<'a>) -> Option<Json<'a>> {
    let text = reference_text(reader.resource.get("medicationReference")?)?;
    let Reference::Contained(id) = Reference::parse(&text) else { return None };
    let mut contained = reader.resource.get("contained")?.items();
    contained.find(|one| one.get("id").and_then(Json::text).as_deref() == Some(id))
}
