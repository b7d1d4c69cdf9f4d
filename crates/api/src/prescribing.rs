//! A medicine on its way into a chart: what is proposed, what the rules say of it, what was read of it.

use clinical::{AllergyState, DetectedIssue, Finding, MedicationDraft, MedicationId, Observation};
use serde::{Deserialize, Serialize};

/// What is about to be ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProposedOrder {
    /// A new medicine, as far as it is typed.
    New(MedicationDraft),
    /// Another dosage of a medicine of the chart, as far as it is typed.
    Dosage(MedicationId, MedicationDraft),
    /// A medicine of the chart once more, as it stands there.
    Renewal(MedicationId),
}

/// What the rules say of a medicine, and what they could not look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MedicationReview {
    /// What speaks against it, the loudest first.
    pub advice: Vec<DetectedIssue>,
    /// The state of the allergies it was held against: only of "known" and "none known" does
    /// silence mean something.
    pub allergies: AllergyState,
    /// What is not in the list that is checked, the medicine or a recorded allergy: silence about
    /// it means nothing.
    pub not_covered: Vec<String>,
    /// The weight measured last that counts, for a dose by weight; several where two computers
    /// corrected it without knowing of each other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weight: Vec<Observation>,
}

/// A prescription as it was read from one sentence.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PrescriptionView {
    /// The line so far. What is ambiguous or missing is empty in it.
    pub draft: MedicationDraft,
    /// What may be meant, the likeliest first: each product, and the sentence that means it alone.
    /// None where the product is plain.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<(String, String)>,
    /// What was not understood; it stands in the instruction.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<String>,
    /// What is missing, by the field, and what is odd.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}
