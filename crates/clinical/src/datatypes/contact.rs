//! Identifiers, telephone numbers and addresses.

use serde::{Deserialize, Serialize};

/// A number or name someone gave the patient (FHIR R4 `Identifier`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identifier {
    /// Who gave it, as a URI; empty when unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub system: String,
    /// The identifier itself.
    pub value: String,
    /// What kind it is, in words: `Clinic number`, `National ID`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// The way a [`ContactPoint`] is used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContactSystem {
    /// A telephone.
    #[default]
    Phone,
    /// Electronic mail.
    Email,
    /// Anything else FHIR names: fax, pager, url, sms.
    Other,
}

/// A telephone number or the like (FHIR R4 `ContactPoint`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactPoint {
    /// What kind.
    #[serde(default)]
    pub system: ContactSystem,
    /// The number or address as written.
    pub value: String,
}

/// A postal address (FHIR R4 `Address`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Address {
    /// Street lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub line: Vec<String>,
    /// Village, town or city.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// District or state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Postal code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// Country as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

impl ContactPoint {
    /// A telephone number as written.
    pub fn phone(value: String) -> Self {
        Self { system: ContactSystem::Phone, value }
    }
}

impl Address {
    /// The address on one line.
    pub fn one_line(&self) -> String {
        let parts = self.line.iter().chain(&self.city).chain(&self.state).chain(&self.postal_code);
        parts.chain(&self.country).map(String::as_str).collect::<Vec<_>>().join(", ")
    }
}
