//! A number and its unit.

use super::Decimal;
use serde::{Deserialize, Serialize};

/// The URI of the Unified Code for Units of Measure.
pub const UCUM: &str = "http://unitsofmeasure.org";

/// A measured amount (FHIR R4 `Quantity`): the number as written, the unit as people read it and
/// its UCUM code when known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Quantity {
    /// The number as written.
    pub value: Decimal,
    /// `<`, `<=`, `>=` or `>` when the true value is beyond what was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparator: Option<String>,
    /// The unit as people read it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// The UCUM code of the unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ucum: Option<String>,
}

impl Quantity {
    /// Makes a quantity whose unit is its UCUM code.
    pub fn ucum(value: Decimal, code: &str) -> Self {
        Self { value, comparator: None, unit: code.to_owned(), ucum: Some(code.to_owned()) }
    }

    /// The number with its unit, joined by a no-break space so that they never part.
    pub fn label(&self) -> String {
        let comparator = self.comparator.as_deref().unwrap_or_default();
        match self.unit.as_str() {
            "" => format!("{comparator}{}", self.value),
            "%" => format!("{comparator}{}%", self.value),
            unit => format!("{comparator}{}\u{a0}{unit}", self.value),
        }
    }
}
