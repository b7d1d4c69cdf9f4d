//! `AllergyIntolerance`.

use super::{Reader, absent, concept, concept::of_two};
use crate::json::Json;
use clinical::{
    AllergyCategory, AllergyClinicalStatus, AllergyCriticality, AllergyIntolerance,
    AllergyIntoleranceId, CodeableConcept, Reaction, ReactionSeverity, VerificationStatus,
};
use uuid::Uuid;

pub(super) fn read(reader: &mut Reader<'_>, id: Uuid) -> AllergyIntolerance {
    let resource = reader.resource;
    let reactions = resource.get("reaction").into_iter().flat_map(Json::items);
    AllergyIntolerance {
        id: AllergyIntoleranceId::from_uuid(id),
        code: code(reader),
        category: category(reader),
        criticality: reader.code("criticality", AllergyCriticality::from_code),
        // What is not said is heeded.
        clinical_status: reader
            .concept_code("clinicalStatus", AllergyClinicalStatus::from_code)
            .unwrap_or(AllergyClinicalStatus::Active),
        verification_status: reader
            .concept_code("verificationStatus", VerificationStatus::from_code)
            .unwrap_or(VerificationStatus::Unconfirmed),
        reaction: reactions.map(|one| reaction(reader, one)).collect(),
        onset: reader.first_date(&["onsetDateTime", "onsetPeriod"], "start"),
        note: reader.note(),
    }
}

/// The substance: `code`, else the substances of the reactions. An allergy to something that is
/// not said is still an allergy.
fn code(reader: &mut Reader<'_>) -> CodeableConcept {
    if let Some(either) = of_two(reader, "code", "substance") {
        return either;
    }
    if let Some(code) = reader.concept("code") {
        return absent::with_denial(code);
    }
    let mut reactions = reader.resource.get("reaction").into_iter().flat_map(Json::items);
    let substance = reactions.find_map(|reaction| reaction.get("substance"));
    if let Some(substance) = substance {
        return concept(reader, substance);
    }
    reader.missing("code", "It does not say to what. The allergy is taken in all the same.");
    CodeableConcept::from_text("Substance not stated")
}

fn category(reader: &mut Reader<'_>) -> Option<AllergyCategory> {
    let first = reader.resource.get("category")?.items().next()?;
    let text = reader.own_text(first)?;
    let category = AllergyCategory::from_code(&text);
    if category.is_none() {
        reader.unknown(first);
    }
    category
}

fn reaction(reader: &mut Reader<'_>, element: Json<'_>) -> Reaction {
    let severity = reader.text(element, "severity");
    Reaction {
        manifestation: reader.concepts(element, "manifestation"),
        severity: severity.and_then(|code| ReactionSeverity::from_code(&code)),
    }
}
