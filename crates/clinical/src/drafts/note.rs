//! The visit note while it is written.

use crate::{CompositionId, EncounterId, NoteSectionCode, PatientId, PractitionerId, Stamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

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
    /// Who began it, when and where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begun: Option<Stamp>,
    /// The text of each section that has any.
    pub sections: BTreeMap<NoteSectionCode, String>,
    /// The signed notes made of it so far; a draft with one is closed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signed: Vec<CompositionId>,
    /// Whose words stand in each section, in the order in which they do.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub authors: BTreeMap<NoteSectionCode, Vec<PractitionerId>>,
    /// The authors' names, where a draft is opened to be read by a person.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<PractitionerId, String>,
    /// What became of each section since its reader last wrote in it on this computer, where a draft is opened to be read by a person; nothing of a section where that is nothing.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tracked: BTreeMap<NoteSectionCode, Vec<TrackedRun>>,
}

/// A stretch of a text with what became of it: the runs of a text that was changed, one after the
/// other, are the text as it was with what came in and without what went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TrackedRun {
    /// Its characters.
    pub text: String,
    /// What became of them.
    pub change: TrackedChange,
    /// Who did that. Of what went it is one of these where they are several: who changed the draft since.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<PractitionerId>,
}

/// What became of a stretch of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TrackedChange {
    /// It stands as it stood.
    Kept,
    /// It came in.
    Inserted,
    /// It went.
    Deleted,
}

impl NoteDraft {
    /// Everyone whose words stand in it but `signer`, each once.
    pub fn contributors(&self, signer: PractitionerId) -> Vec<PractitionerId> {
        let all: BTreeSet<PractitionerId> = self.authors.values().flatten().copied().collect();
        all.into_iter().filter(|author| *author != signer).collect()
    }

    /// Whether there is nothing worth keeping in it.
    pub fn is_blank(&self) -> bool {
        self.sections.values().all(|text| text.trim().is_empty())
    }
}
