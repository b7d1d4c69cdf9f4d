//! The visit note (FHIR R4 `Composition`): signed, frozen, never changed.

use super::status::codes;
use crate::{CompositionId, EncounterId, Instant, PractitionerId};
use serde::{Deserialize, Serialize};

codes! {
    /// The parts of a visit note.
    NoteSectionCode {
        /// What the patient tells.
        Subjective = "subjective",
        /// What is found.
        Objective = "objective",
        /// What it is taken for.
        Assessment = "assessment",
        /// What will be done.
        Plan = "plan",
    }
}

impl NoteSectionCode {
    /// The section's LOINC code and name (LOINC 2.7x: 61150-9, 61149-1, 51848-0, 18776-5).
    pub const fn loinc(self) -> (&'static str, &'static str) {
        match self {
            Self::Subjective => ("61150-9", "Subjective Narrative"),
            Self::Objective => ("61149-1", "Objective Narrative"),
            Self::Assessment => ("51848-0", "Evaluation note"),
            Self::Plan => ("18776-5", "Plan of care note"),
        }
    }
}

/// One part of a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteSection {
    /// Which part.
    pub code: NoteSectionCode,
    /// Its words, as typed.
    pub text: String,
}

/// An Ed25519 signature over the note's canonical bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// The signer's public key, 64 hex digits.
    pub public_key: String,
    /// The signature, 128 hex digits.
    pub signature: String,
}

/// A signed note. A correction is a new note with `replaces`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Composition {
    /// Its id.
    pub id: CompositionId,
    /// The draft it was made of: two notes of one draft were signed on two devices.
    pub draft: CompositionId,
    /// The visit it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encounter: Option<EncounterId>,
    /// Its title.
    pub title: String,
    /// Who signed it.
    pub author: PractitionerId,
    /// Who else wrote words that stand in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contributors: Vec<PractitionerId>,
    /// When it was signed, on the signing device's clock.
    pub signed_at: Instant,
    /// Its parts, in reading order.
    pub section: Vec<NoteSection>,
    /// The heads of chart and draft the signer saw, as hex.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub heads: Vec<String>,
    /// The signed note this one corrects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<CompositionId>,
    /// The signer's signature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<Signature>,
}

impl Composition {
    /// What a note of a visit is titled in the record; it is shown in the words of who reads it.
    pub const VISIT_NOTE: &str = "Visit note";

    /// The title somebody gave it; none of a note of a visit.
    pub fn own_title(&self) -> Option<&str> {
        Some(self.title.trim()).filter(|title| !title.is_empty() && *title != Self::VISIT_NOTE)
    }
}
