//! A measured or observed fact (FHIR R4 `Observation`): immutable; a correction replaces it.

use super::status::codes;
use crate::{CodeableConcept, EncounterId, ObservationId, PartialDate, Quantity};
use serde::{Deserialize, Serialize};

/// The URI of LOINC.
pub const LOINC: &str = "http://loinc.org";
/// The LOINC code of the panel that a blood pressure is recorded as.
pub(crate) const BLOOD_PRESSURE: &str = "85354-9";
/// The category code of vital signs.
pub const VITAL_SIGNS: &str = "vital-signs";

codes! {
    /// Whether the result can be relied on.
    ObservationStatus {
        /// Known to be coming.
        Registered = "registered",
        /// Not yet checked.
        Preliminary = "preliminary",
        /// Complete.
        Final = "final",
        /// Changed after it was final.
        Amended = "amended",
        /// Corrected after it was final.
        Corrected = "corrected",
        /// Not made.
        Cancelled = "cancelled",
        /// Recorded by mistake.
        EnteredInError = "entered-in-error",
        /// Not told.
        Unknown = "unknown",
    }
}

/// What was found. (Externally tagged: a number within keeps its digits.)
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ObservationValue {
    /// A number with a unit.
    Quantity(Quantity),
    /// A coded answer.
    Concept(CodeableConcept),
    /// Words: also ranges, ratios and times as their sender wrote them.
    Text(String),
    /// Yes or no.
    Boolean(bool),
    /// A day or moment.
    Date(PartialDate),
}

/// A part of a compound finding, such as the systolic of a blood pressure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObservationComponent {
    /// What was measured.
    pub code: CodeableConcept,
    /// What was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<ObservationValue>,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Observation {
    /// Its id.
    pub id: ObservationId,
    /// Whether it can be relied on.
    pub status: ObservationStatus,
    /// Category codes, such as `vital-signs` or `laboratory`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub category: Vec<String>,
    /// What was measured.
    pub code: CodeableConcept,
    /// What was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<ObservationValue>,
    /// Parts of a compound finding.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub component: Vec<ObservationComponent>,
    /// When it was so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective: Option<PartialDate>,
    /// The visit it was made in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encounter: Option<EncounterId>,
    /// What the laboratory says of it: `H`, `LL`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub interpretation: Vec<CodeableConcept>,
    /// The normal range in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference_range: Option<String>,
    /// Anything else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The finding this one corrects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<ObservationId>,
}

impl ObservationValue {
    /// The value as people read it.
    pub fn label(&self) -> String {
        match self {
            Self::Quantity(quantity) => quantity.label(),
            Self::Concept(concept) => concept.label().to_owned(),
            Self::Text(text) => text.clone(),
            Self::Boolean(true) => "yes".to_owned(),
            Self::Boolean(false) => "no".to_owned(),
            Self::Date(date) => date.to_string(),
        }
    }
}

impl Observation {
    /// The value, or the parts joined: `120/80 mmHg` for a blood pressure.
    pub fn value_label(&self) -> String {
        if let Some(value) = &self.value {
            return value.label();
        }
        let parts: Vec<String> = self
            .component
            .iter()
            .filter_map(|part| part.value.as_ref())
            .map(ObservationValue::label)
            .collect();
        match parts.as_slice() {
            [systolic, diastolic] if self.is_blood_pressure() && self.is_measured() => {
                let systolic = systolic.split('\u{a0}').next().unwrap_or(systolic);
                format!("{systolic}/{diastolic}")
            }
            parts => parts.join(", "),
        }
    }

    /// Whether every part is a number.
    fn is_measured(&self) -> bool {
        let mut values = self.component.iter().filter_map(|part| part.value.as_ref());
        values.all(|value| matches!(value, ObservationValue::Quantity(_)))
    }

    /// Whether it is a vital sign.
    pub fn is_vital_sign(&self) -> bool {
        self.category.iter().any(|category| category == VITAL_SIGNS)
    }

    /// Whether it is a blood pressure panel: the one of now, or the one before it (LOINC 55284-4).
    pub fn is_blood_pressure(&self) -> bool {
        matches!(self.code.code_of(LOINC), Some(BLOOD_PRESSURE | "55284-4"))
    }
}
