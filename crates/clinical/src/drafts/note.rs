//! The visit note while it is written.

use crate::{CompositionId, EncounterId, NoteSectionCode, PatientId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A note in draft: plain text by section. Several devices may write it at once; the text merges
/// by character.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NoteDraft {
    /// The id of the draft and its document.
    pub id: CompositionId,
    /// Whose chart.
    pub patient: PatientId,
    /// The visit it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encounter: Option<EncounterId>,
    /// Its title.
    pub title: String,
    /// The text of each section that has any.
    pub sections: BTreeMap<NoteSectionCode, String>,
    /// The signed notes made of it so far; a draft with one is closed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signed: Vec<CompositionId>,
}

impl NoteDraft {
    /// Whether there is nothing worth keeping in it.
    pub fn is_blank(&self) -> bool {
        self.sections.values().all(|text| text.trim().is_empty())
    }
}
