//! Writing the visit note.

use clinical::{CompositionId, NoteDraft, NoteSectionCode, PatientId};

crate::command::commands! {
    /// Opens the patient's open draft, or begins one.
    OpenDraft "open-draft" -> NoteDraft {
        /// Whose chart.
        patient: PatientId,
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
