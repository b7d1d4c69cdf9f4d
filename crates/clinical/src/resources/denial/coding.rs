//! What one coding of an entry says of allergies.

use super::{Denial, NO_KNOWN_DRUG_ALLERGY, NO_KNOWN_FOOD_ALLERGY, whole::named, words};
use crate::{Coding, NO_KNOWN_ALLERGY, SNOMED_CT};

/// The code system of IPS 2.0.0 that says that nothing is known, or that there is none.
pub const ABSENT_UNKNOWN: &str = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips";

/// What a name or a code of an entry says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    /// That there is none.
    Denies(Denial),
    /// Something else: a substance, or more than a denial.
    Other,
    /// Nothing that can be read.
    Nothing,
}

/// What a coding says. The name of a code that denies must deny too.
pub(super) fn says(coding: &Coding) -> Says {
    let name = coding.display.as_deref().filter(|name| words::is_said(name));
    match (of_code(coding), name) {
        (Some(denial), None) => Says::Denies(denial),
        (Some(denial), Some(name)) if named(name).is_some() => Says::Denies(denial),
        (Some(_), Some(_)) => Says::Other,
        (None, Some(name)) => words::sentence(name).map_or(Says::Other, Says::Denies),
        (None, None) if is_of_substances(&coding.system) || is_name(&coding.code) => Says::Other,
        (None, None) => Says::Nothing,
    }
}

/// Whether its code is that of a denial, whatever its name says.
pub(super) fn is_denying(coding: &Coding) -> bool {
    of_code(coding).is_some()
}

fn of_code(coding: &Coding) -> Option<Denial> {
    match coding.code.as_str() {
        code if is_snomed(&coding.system) => of_snomed(code),
        code if coding.system == ABSENT_UNKNOWN => of_absent(code),
        _ => None,
    }
}

fn is_snomed(system: &str) -> bool {
    system.starts_with(SNOMED_CT) || system == "urn:oid:2.16.840.1.113883.6.96"
}

/// The denials of FHIR's value set `allergyintolerance-code`, of its first edition, and the others
/// of SNOMED CT.
fn of_snomed(code: &str) -> Option<Denial> {
    match code {
        NO_KNOWN_ALLERGY | "160244002" => Some(Denial::All),
        NO_KNOWN_DRUG_ALLERGY => Some(Denial::Drugs),
        NO_KNOWN_FOOD_ALLERGY => Some(Denial::Food),
        // To what is in the surroundings; to latex; to animals; to insects; to Hevea latex.
        "428607008" | "716184000" | "716220001" | "428197003" | "1003774007" => {
            Some(Denial::Particular)
        }
        _ => None,
    }
}

fn of_absent(code: &str) -> Option<Denial> {
    match code {
        "no-allergy-info" => Some(Denial::NotAsked),
        "no-known-allergies" => Some(Denial::All),
        "no-known-medication-allergies" => Some(Denial::Drugs),
        "no-known-food-allergies" => Some(Denial::Food),
        _ => None,
    }
}

/// Whether the codes of a system name substances: one that bears no name is one all the same.
fn is_of_substances(system: &str) -> bool {
    let system = system.to_ascii_lowercase();
    is_snomed(&system) || SUBSTANCES.iter().any(|end| system.ends_with(end))
}

/// How the addresses of RxNorm, ATC, NDC, UNII, CVX and NDF-RT end, and their OIDs.
const SUBSTANCES: [&str; 14] = [
    "/rxnorm",
    "/atc",
    "/ndc",
    "fdasis.nlm.nih.gov",
    "/unii",
    "/cvx",
    "/ndfrt",
    "2.16.840.1.113883.6.88",
    "2.16.840.1.113883.6.73",
    "2.16.840.1.113883.6.69",
    "2.16.840.1.113883.4.9",
    "2.16.840.1.113883.12.292",
    "2.16.840.1.113883.3.26.1.5",
    "2.16.840.1.113883.6.345",
];

/// Whether a code without a name is itself a word, such as `penicillin`.
fn is_name(code: &str) -> bool {
    let long = |word: &str| word.chars().filter(|sign| sign.is_alphabetic()).count() > LETTERS_MAX;
    code.split(|sign: char| !sign.is_alphabetic()).any(long) && words::sentence(code).is_none()
}

/// The letters in a row of a code that is no word.
const LETTERS_MAX: usize = 3;
