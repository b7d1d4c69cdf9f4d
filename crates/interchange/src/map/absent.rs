//! Codes that say that nothing is known, or that there is none (IPS 2.0.0 code system
//! `absent-unknown-uv-ips`).

use super::Reader;
use crate::json::Json;
use clinical::{
    CodeableConcept, Coding, Finding, NO_KNOWN_ALLERGY, NO_KNOWN_DRUG_ALLERGY,
    NO_KNOWN_FOOD_ALLERGY, SNOMED_CT,
};

const ABSENT_UNKNOWN: &str = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips";

/// The SNOMED CT code for each code that denies allergies.
const DENIALS: [(&str, &str, &str); 3] = [
    ("no-known-allergies", NO_KNOWN_ALLERGY, "No known allergy"),
    ("no-known-medication-allergies", NO_KNOWN_DRUG_ALLERGY, "No known drug allergy"),
    ("no-known-food-allergies", NO_KNOWN_FOOD_ALLERGY, "No known food allergy"),
];

/// Whether the resource only says that nobody has asked: that is no allergy, problem or medicine
/// and must not stand in a list as one.
pub(super) fn is_no_information(reader: &mut Reader<'_>) -> bool {
    let codes =
        ["code", "medicationCodeableConcept"].iter().filter_map(|name| reader.resource.get(name));
    let mut codings = codes.filter_map(|code| code.get("coding")).flat_map(Json::items);
    let says = |coding: &Json<'_>| {
        let code = coding.get("code").and_then(Json::text).unwrap_or_default();
        let system = coding.get("system").and_then(Json::text).unwrap_or_default();
        system == ABSENT_UNKNOWN && code.starts_with("no-") && code.ends_with("-info")
    };
    let Some(coding) = codings.find(says) else { return false };
    let detail = "It only says that nothing is known. It is kept and stands in no list.";
    reader.findings.push(Finding::information(&coding.path(), "no-information", detail));
    true
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
