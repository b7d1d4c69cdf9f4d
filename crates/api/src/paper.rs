//! What the window is given of paper.

use clinical::{
    DetectedIssue, EncounterId, EntryRef, Instant, Letterhead, PatientId, SheetKind, SheetPaper,
};
use serde::{Deserialize, Serialize};

/// What the clinic's paper says, and what it could say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LetterheadView {
    /// What it says.
    pub letterhead: Letterhead,
    /// The clinic's own name, which stands on paper where no other does.
    pub clinic_name: String,
    /// The languages that sheets can be in (BCP 47), the one they are in first.
    pub languages: Vec<String>,
}

/// A sheet was printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SheetPrinted {
    /// Its number.
    pub serial: String,
    /// Which time: 1 is the original.
    pub copy: u32,
    /// How many pages it has.
    pub pages: u32,
    /// Where it went.
    pub outcome: PrintOutcome,
    /// What others may misread in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub misread: Vec<Misread>,
    /// What on the chart speaks against it: alerts, the loudest first, then what is undecided.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub against: Vec<Against>,
    /// A note of the visit is not signed: what it says is not on the sheet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unsigned_note: bool,
    /// Characters that no typeface writes: a box stands in the place of each.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unwritten: String,
}

/// Labels were printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LabelPrinted {
    /// Where they went.
    pub outcome: PrintOutcome,
    /// Characters that no typeface writes: a box stands in the place of each.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unwritten: String,
}

/// The sheet of a recovery kit was printed, or written to a stick. Nothing of it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KitPrinted {
    /// Where it went.
    pub outcome: PrintOutcome,
    /// The files that were written, by their names on the stick.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
}

/// Where a sheet went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PrintOutcome {
    /// To the computer's printer.
    Printer,
    /// To a viewer, for no printer took it.
    Viewer,
    /// Into a file.
    File,
    /// Nowhere: neither a printer nor a viewer took it. What is kept can be printed again.
    Nowhere,
}

/// A sheet as it would be printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SheetPicture {
    /// Each page as a picture (SVG).
    pub pages: Vec<String>,
    /// On what.
    pub paper: SheetPaper,
    /// In which language (BCP 47).
    pub language: String,
    /// What others may misread in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub misread: Vec<Misread>,
    /// What on the chart speaks against it: alerts, the loudest first, then what is undecided.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub against: Vec<Against>,
    /// A note of the visit is not signed: what it says is not on the sheet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unsigned_note: bool,
    /// Characters that no typeface writes.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unwritten: String,
}

/// Something of a medicine that is to be looked at before it is printed: what others may misread in it,
/// or what it does not say. What is printed stays as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Misread {
    /// Which of the medicines of the sheet: `medications/0`.
    #[serde(default)]
    pub path: String,
    /// The medicine.
    pub medicine: String,
    /// What is misread, or what is missing.
    pub text: String,
    /// What to write in its place.
    pub instead: String,
    /// Why: a [`clinical::MisreadRule`] by its name, `no-dose`, `no-frequency`, `no-quantity`,
    /// `no-weight`, `odd-weight` or `other-dose`.
    pub rule: String,
}

/// Something of the chart that speaks against a prescription. It is printed as it was written all the
/// same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase", tag = "kind")]
pub enum Against {
    /// A rule speaks so loudly against medicines of the sheet that it wants a reason.
    Alert {
        /// Which of them: `medications/0`.
        paths: Vec<String>,
        /// What it says.
        issue: DetectedIssue,
    },
    /// Two people wrote a medicine of the chart differently and nobody has decided: it may be taken
    /// beside what is on the sheet. One that is over by each of them is not among these.
    Undecided {
        /// Which.
        entry: EntryRef,
        /// What it is called, by any of the versions that can be read.
        names: Vec<String>,
    },
}

/// A sheet that was printed on this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SheetItem {
    /// Its number.
    pub serial: String,
    /// What it is.
    pub kind: SheetKind,
    /// Whose.
    pub patient: PatientId,
    /// The visit it is of, where it is of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encounter: Option<EncounterId>,
    /// When it was printed first.
    pub first_at: Instant,
    /// Who printed it first.
    pub first_by: String,
    /// When it was printed last.
    pub at: Instant,
    /// Who printed it last.
    pub by: String,
    /// How many times it was printed.
    pub copies: u32,
    /// On what.
    pub paper: SheetPaper,
    /// In which language (BCP 47).
    pub language: String,
    /// What its square code holds.
    pub code: String,
    /// The SHA-256 of the file of the original, 64 hex digits.
    pub digest: String,
}

/// Whether a sheet is one of the clinic's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SheetVerdict {
    /// What is known of it.
    pub standing: SheetStanding,
    /// Its number, where it has one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub serial: String,
    /// Who signed its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_by: Option<String>,
    /// The sheet, where it was printed on this computer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<SheetItem>,
    /// Whom it is about, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<String>,
}

/// What is known of a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SheetStanding {
    /// Somebody of the clinic signed it, and it says what is kept here.
    Genuine,
    /// Somebody of the clinic signed it; it was printed on another computer.
    GenuineElsewhere,
    /// The number is one of this computer's; it was typed, so nothing tells who made the paper.
    NumberKnown,
    /// The number could be one of the clinic's and was not given out on this computer.
    NumberNotHere,
    /// It is no number of a sheet: a character is wrong.
    Mistyped,
    /// Nobody of the clinic signed it, or it was signed for something else.
    Forged,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::{AlertTier, EntryKind, uuid_v7};

    #[test]
    fn what_speaks_against_a_sheet_keeps_its_form() {
        let check = |against: Against, want: &str| {
            assert_eq!(serde_json::to_string(&against).unwrap(), want);
            assert_eq!(serde_json::from_str::<Against>(want).unwrap(), against);
        };
        let issue = DetectedIssue {
            rule: "drug-allergy".to_owned(),
            tier: AlertTier::Interrupt,
            subject: Vec::new(),
            detail: "d".to_owned(),
            source: "s".to_owned(),
            said: None,
        };
        check(
            Against::Alert { paths: vec!["medications/0".to_owned()], issue },
            r#"{"kind":"alert","paths":["medications/0"],"issue":{"rule":"drug-allergy","tier":"interrupt","subject":[],"detail":"d","source":"s"}}"#,
        );
        let entry = EntryRef::new(EntryKind::Medication, uuid_v7(1, [0; 10]));
        check(
            Against::Undecided { entry, names: vec!["warfarin".to_owned()] },
            r#"{"kind":"undecided","entry":{"kind":"medication","id":"00000000-0001-7000-8000-000000000000"},"names":["warfarin"]}"#,
        );
    }

    #[test]
    fn an_older_picture_is_read() {
        let older = r#"{"pages":[],"paper":"a4","language":"en"}"#;
        let picture: SheetPicture = serde_json::from_str(older).unwrap();
        assert_eq!((picture.misread, picture.against), (Vec::new(), Vec::new()));
    }
}
