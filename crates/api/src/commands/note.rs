//! Writing the visit note.

use clinical::{CompositionId, EncounterId, NoteDraft, NoteSectionCode, PatientId};
use serde::{Deserialize, Serialize};

/// A draft among those of a patient that are open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", content = "id")]
pub enum WhichDraft {
    /// The one that was begun last; one that is begun now where there is none.
    #[default]
    Last,
    /// This one; where it is open no longer, as if none was named.
    Of(CompositionId),
    /// One that is begun now, beside those there are.
    New,
    /// One's own of this visit, or what somebody has written of it; begun now where there is none.
    OfVisit(EncounterId),
}

crate::command::commands! {
    /// Opens a draft of the patient that is open, or begins one.
    OpenDraft "open-draft" -> NoteDraft {
        /// Whose chart.
        patient: PatientId,
        /// Which draft.
        which: WhichDraft,
    }
    /// Keeps what has been typed so far; it survives a crash from the moment of the reply. When
    /// `settled` (pause in typing, or the field was left) it also becomes part of the record.
    SaveDraft "save-draft" -> () {
        /// Which draft.
        draft: CompositionId,
        /// Which part.
        section: NoteSectionCode,
        /// Its whole text.
        text: String,
        /// Whether typing has paused for 2 s or the field was left.
        settled: bool,
    }
    /// Signs the draft: it becomes an immutable note of the chart.
    SignNote "sign-note" -> CompositionId {
        /// Which draft.
        draft: CompositionId,
    }
}
