//! Files in a chart: letters, photographs, scans.

use crate::{DocumentContent, DocumentsView, Recorded};
use clinical::{DocumentDraft, DocumentReferenceId, PatientId};

crate::command::commands! {
    /// Puts a file of this computer into a chart. What it is, its bytes say: JPEG, PNG, PDF or plain
    /// text, at most [`clinical::DOCUMENT_BYTES_MAX`] long. It goes to the server with the next
    /// exchange.
    AddDocument "add-document" -> Recorded {
        /// Whose chart.
        patient: PatientId,
        /// Where it lies.
        path: String,
        /// What is said of it.
        draft: DocumentDraft,
    }
    /// Tells where the bytes of a chart's files are. It holds nothing of a patient.
    ListDocuments "list-documents" -> DocumentsView {
        /// Whose chart.
        patient: PatientId,
    }
    /// Gives the bytes of a file, from the server where they are not here.
    ShowDocument "show-document" -> DocumentContent {
        /// Whose chart.
        patient: PatientId,
        /// Which.
        document: DocumentReferenceId,
    }
    /// Writes the bytes of a file into a new file of this computer, from the server where they are
    /// not here. Nothing is written over.
    SaveDocument "save-document" -> () {
        /// Whose chart.
        patient: PatientId,
        /// Which.
        document: DocumentReferenceId,
        /// Where to.
        path: String,
    }
    /// Says whether the files of a chart, or of all charts, are fetched to this computer by
    /// themselves. It holds for this computer alone, and takes nothing away.
    KeepDocuments "keep-documents" -> () {
        /// Whose; of all where there is none.
        patient: Option<PatientId>,
        /// Whether.
        on: bool,
    }
}
