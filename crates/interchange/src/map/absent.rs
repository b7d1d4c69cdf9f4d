//! Codes that say that nothing is known, or that there is none (IPS 2.0.0 code system
//! `absent-unknown-uv-ips`).

use super::Reader;
use crate::json::Json;
use clinical::{
    ABSENT_UNKNOWN, CodeableConcept, Coding, Finding, NO_KNOWN_ALLERGY, NO_KNOWN_DRUG_ALLERGY,
    NO_KNOWN_FOOD_ALLERGY, SNOMED_CT, denied_in,
};

/// The SNOMED CT code for each code that denies allergies.
const DENIALS: [(&str, &str, &str); 3] = [
    ("no-known-allergies", NO_KNOWN_ALLERGY, "No known allergy"),
    ("no-known-medication-allergies", NO_KNOWN_DRUG_ALLERGY, "No known drug allergy"),
    ("no-known-food-allergies", NO_KNOWN_FOOD_ALLERGY, "No known food allergy"),
];

/// Whether the resource only says that nobody has asked: that is no allergy, problem or medicine
/// and must not stand in a list as one. A code of anything else beside it may be one, and so may
/// the words of an allergy.
pub(super) fn is_no_information(reader: &mut Reader<'_>) -> bool {
    let code = ["code", "medicationCodeableConcept"];
    let Some(code) = code.iter().find_map(|name| reader.resource.get(name)) else { return false };
    let codings: Vec<Json<'_>> = code.get("coding").into_iter().flat_map(Json::items).collect();
    let says = |coding: &Json<'_>| {
        let code = coding.get("code").and_then(Json::text).unwrap_or_default();
        let system = coding.get("system").and_then(Json::text).unwrap_or_default();
        system == ABSENT_UNKNOWN && code.starts_with("no-") && code.ends_with("-info")
    };
    let [coding] = codings.as_slice() else { return false };
    if !says(coding) || tells_of_an_allergy(reader, &code) {
        return false;
    }
    let detail = "It only says that nothing is known. It is kept and stands in no list.";
    reader.findings.push(Finding::information(&coding.path(), "no-information", detail));
    true
}

fn tells_of_an_allergy(reader: &Reader<'_>, code: &Json<'_>) -> bool {
    let resource = &reader.resource;
    if resource.resource_type().as_deref() != Some("AllergyIntolerance") {
        return false;
    }
    let criticality = resource.get("criticality").and_then(Json::text);
    let text = code.get("text").and_then(Json::text);
    resource.get("reaction").is_some()
        || criticality.as_deref() == Some("high")
        || text.is_some_and(|text| denied_in(&text).is_none())
}

/// Adds the SNOMED CT code to a denial of allergies that bears the IPS code alone, so that it is
/// read as the denial it is.
pub(super) fn with_denial(mut code: CodeableConcept) -> CodeableConcept {
    let denial = DENIALS.iter().find(|(ips, ..)| code.code_of(ABSENT_UNKNOWN) == Some(ips));
    if let Some((_, snomed, display)) = denial
        && code.code_of(SNOMED_CT).is_none()
    {
        code.coding.push(Coding::new(SNOMED_CT, snomed, display));
    }
    code
}
