//! Paper: what the clinic's says, printing it, and what was printed.

use crate::{LabelPrinted, LetterheadView, SheetItem, SheetPicture, SheetPrinted, SheetVerdict};
use clinical::{
    Credentials, Letterhead, PatientId, PractitionerId, SheetDraft, SheetKind, SheetPaper,
};

crate::command::commands! {
    /// Tells what the clinic's paper says.
    GetLetterhead "get-letterhead" -> LetterheadView {}
    /// Says what the clinic's paper says.
    SetLetterhead "set-letterhead" -> () {
        /// All of it: what is empty is not said.
        letterhead: Letterhead,
    }
    /// Says what stands on paper beside a person's name.
    SetCredentials "set-credentials" -> () {
        /// Whose.
        person: PractitionerId,
        /// All of it: what is empty is not said.
        credentials: Credentials,
    }
    /// Draws a sheet of an invented patient under a letterhead that is not kept yet.
    PreviewLetterhead "preview-letterhead" -> SheetPicture {
        /// What the clinic's paper would say.
        letterhead: Letterhead,
        /// What is drawn; a prescription of all but a label.
        kind: SheetKind,
    }
    /// Prints a sheet about a patient: it gets a number and is kept, and only then leaves for the
    /// printer.
    PrintSheet "print-sheet" -> SheetPrinted {
        /// Whose.
        patient: PatientId,
        /// What it is to say.
        sheet: SheetDraft,
        /// On what; on what the clinic prints such sheets on, when left out.
        paper: Option<SheetPaper>,
        /// In which language (BCP 47); in the clinic's, when left out.
        language: Option<String>,
    }
    /// Draws a sheet as it would be printed now. Nothing is kept.
    PreviewSheet "preview-sheet" -> SheetPicture {
        /// Whose.
        patient: PatientId,
        /// What it is to say.
        sheet: SheetDraft,
        /// On what, as above.
        paper: Option<SheetPaper>,
        /// In which language, as above.
        language: Option<String>,
    }
    /// Prints a sheet once more: it says what it said, and which copy it is.
    ReprintSheet "reprint-sheet" -> SheetPrinted {
        /// Its number.
        serial: String,
    }
    /// Draws a sheet that was printed as it was printed the first time.
    ShowSheet "show-sheet" -> SheetPicture {
        /// Its number.
        serial: String,
    }
    /// Draws a label of who somebody is, as it would be printed now.
    PreviewLabel "preview-label" -> SheetPicture {
        /// Whose.
        patient: PatientId,
        /// On what, as above.
        paper: Option<SheetPaper>,
        /// In which language, as above.
        language: Option<String>,
    }
    /// Prints a label of who somebody is. It has no number and is not kept.
    PrintLabel "print-label" -> LabelPrinted {
        /// Whose.
        patient: PatientId,
        /// On what, as above.
        paper: Option<SheetPaper>,
        /// In which language, as above.
        language: Option<String>,
        /// How many, at most 50.
        copies: u32,
    }
    /// Lists what was printed on this computer, the newest first.
    ListSheets "list-sheets" -> Vec<SheetItem> {
        /// About whom; about all when left out.
        patient: Option<PatientId>,
        /// At most so many, with a cap.
        limit: u32,
    }
    /// Tells whether a sheet is one of the clinic's, and which.
    VerifySheet "verify-sheet" -> SheetVerdict {
        /// What its square code holds, or its number as it was typed.
        code: String,
    }
}
