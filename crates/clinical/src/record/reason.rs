//! Why an entry was ended.

use super::{EntryRef, Stamp};
use serde::{Deserialize, Serialize};

/// Why an entry was stopped or marked as recorded by mistake (FHIR R4 `statusReason` where the
/// resource has one), and who said so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusReason {
    /// Which entry.
    pub entry: EntryRef,
    /// Why, in the writer's words.
    pub text: String,
    /// Who wrote it, when and where.
    pub stamp: Stamp,
}
