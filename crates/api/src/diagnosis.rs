//! A diagnosis that may be meant.

use serde::{Deserialize, Serialize};

/// A diagnosis that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DiagnosisHit {
    /// Its code of ICD-10-CM, with the dot: one that can be recorded.
    pub code: String,
    /// What the classification calls it.
    pub display: String,
    /// How it was found: `code`, `words`, `spelling` (a word was misspelt), `partly`
    /// (some of the words say nothing of it).
    pub matched: String,
}
