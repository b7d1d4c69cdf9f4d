//! Something a person must look at (FHIR R4 `Task`).

use super::{
    detected_issue::{AlertTier, Said},
    status::codes,
};
use crate::{EntryRef, TaskId};
use serde::{Deserialize, Serialize};

codes! {
    /// Whether it is done.
    TaskStatus {
        /// Waits for someone.
        Requested = "requested",
        /// Done.
        Completed = "completed",
        /// No longer needed: what it was about has changed.
        Cancelled = "cancelled",
    }
}

/// One task. Its id is derived from rule and subjects, so that two devices raise the same one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Its derived id.
    pub id: TaskId,
    /// The rule that raised it.
    pub rule: String,
    /// How urgent it is.
    pub tier: AlertTier,
    /// What it is about, sorted.
    pub subject: Vec<EntryRef>,
    /// One plain sentence in English.
    pub detail: String,
    /// Whether it is done.
    pub status: TaskStatus,
    /// What the person who closed it wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// How urgent it was when a person closed it; what was not louder then stays closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled_tier: Option<AlertTier>,
    /// The sentence as a code and values, where the version that raised it kept them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<Said>,
}
