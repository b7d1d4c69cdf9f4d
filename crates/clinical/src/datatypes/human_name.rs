//! A person's name (FHIR R4 `HumanName`).

use serde::{Deserialize, Serialize};

/// A name in whatever script it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HumanName {
    /// The family name; empty where a person has one name only.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub family: String,
    /// Given names in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub given: Vec<String>,
    /// Titles such as `Dr`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prefix: Vec<String>,
    /// The name as one text, when that is all the sender gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl HumanName {
    /// Makes a name of a family name and given names parted by spaces.
    pub fn new(family: &str, given: &str) -> Self {
        Self {
            family: family.trim().to_owned(),
            given: given.split_whitespace().map(str::to_owned).collect(),
            ..Self::default()
        }
    }

    /// Given names, then the family name.
    pub fn spoken(&self) -> String {
        let parts = self.given.iter().chain(Some(&self.family));
        let joined = parts.filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" ");
        if joined.is_empty() { self.text.clone().unwrap_or_default() } else { joined }
    }

    /// Whether nobody could be found by it.
    pub fn is_empty(&self) -> bool {
        self.spoken().trim().is_empty()
    }
}
