//! What a rule found (FHIR R4 `DetectedIssue`).

use super::status::codes;
use crate::EntryRef;
use serde::{Deserialize, Serialize};

codes! {
    /// How loudly it is told.
    AlertTier {
        /// Needs a reason and a second look.
        Block = "block",
        /// Needs a reason.
        Interrupt = "interrupt",
        /// A mark beside the line.
        Inline = "inline",
        /// On demand.
        Info = "info",
    }
}

/// A finding of a rule about entries of one chart. It advises; it never stops a save.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DetectedIssue {
    /// The rule's stable name, such as `drug-allergy`.
    pub rule: String,
    /// How loudly it is told.
    pub tier: AlertTier,
    /// What it is about, sorted.
    pub subject: Vec<EntryRef>,
    /// One plain sentence in English.
    pub detail: String,
    /// Where the rule's content comes from.
    pub source: String,
}
