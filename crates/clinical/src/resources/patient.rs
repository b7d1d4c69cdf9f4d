//! The person the chart is about (FHIR R4 `Patient`).

use super::status::codes;
use crate::{
    Address, CodeableConcept, ContactPoint, HumanName, Identifier, PartialDate, PatientId,
};
use serde::{Deserialize, Serialize};

codes! {
    /// Sex for administrative purposes.
    AdministrativeGender {
        /// Male.
        Male = "male",
        /// Female.
        Female = "female",
        /// Another.
        Other = "other",
        /// Not known.
        Unknown = "unknown",
    }
}

/// Who the patient is: one value, so that two people who change it at once make a conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    /// Names, the one in use first.
    pub name: Vec<HumanName>,
    /// Sex for administrative purposes.
    pub gender: AdministrativeGender,
    /// Born, as far as known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<PartialDate>,
    /// The birth date is a guess from an age.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub birth_date_estimated: bool,
    /// Numbers the patient is known by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identifier: Vec<Identifier>,
}

/// That the patient has died, and when if known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deceased {
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<PartialDate>,
}

/// Whom to reach about the patient: a parent, a guardian, whoever looks after them (FHIR R4
/// `Patient.contact`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatientContact {
    /// Who it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<HumanName>,
    /// What they are to the patient, in words: `mother`, `guardian`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relationship: Option<CodeableConcept>,
    /// How to reach them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub telecom: Vec<ContactPoint>,
}

/// A patient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Patient {
    /// The id of patient and chart.
    pub id: PatientId,
    /// Who it is.
    pub identity: Identity,
    /// Telephones and the like.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub telecom: Vec<ContactPoint>,
    /// Addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub address: Vec<Address>,
    /// Whom to reach about them, the first one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contact: Vec<PatientContact>,
    /// Whether the patient has died.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deceased: Option<Deceased>,
    /// What to do when the heart stops.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_status: Option<CodeableConcept>,
}

impl PatientContact {
    /// `Mary Okello (mother), 0700 123456`, as far as known.
    pub fn one_line(&self) -> String {
        let name = self.name.as_ref().map(HumanName::spoken).unwrap_or_default();
        let relationship = self.relationship.as_ref().map(CodeableConcept::label);
        let who = match relationship.filter(|words| !words.is_empty()) {
            Some(words) if name.is_empty() => words.to_owned(),
            Some(words) => format!("{name} ({words})"),
            None => name,
        };
        let reach = self.telecom.iter().map(|contact| contact.value.clone());
        let parts = Some(who).filter(|who| !who.is_empty()).into_iter().chain(reach);
        parts.collect::<Vec<_>>().join(", ")
    }
}

impl Identity {
    /// The name in use.
    pub fn preferred_name(&self) -> Option<&HumanName> {
        self.name.first()
    }
}
