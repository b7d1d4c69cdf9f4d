//! What a clinic's paper says of it, and the kinds of paper there are (FHIR R4 `Organization`,
//! `DocumentReference.type`).

use super::status::codes;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

codes! {
    /// What a sheet of paper is.
    SheetKind {
        /// Medicines to be handed out.
        Prescription = "prescription",
        /// What a visit came to.
        Summary = "summary",
        /// That somebody cannot work or go to school.
        SickNote = "sick-note",
        /// A letter to a colleague.
        Referral = "referral",
        /// A label for a folder or a sample.
        Label = "label",
    }
}

codes! {
    /// What a sheet is printed on.
    SheetPaper {
        /// 210 by 297 mm (ISO 216).
        A4 = "a4",
        /// 148 by 210 mm (ISO 216).
        A5 = "a5",
        /// 215.9 by 279.4 mm (ANSI A).
        Letter = "letter",
        /// A roll 80 mm wide.
        Roll80 = "roll-80",
    }
}

codes! {
    /// How a sheet begins.
    LetterheadTemplate {
        /// The clinic's name and address where the lines begin.
        Plain = "plain",
        /// The same, in the middle.
        Centred = "centred",
        /// Nothing: the clinic's paper bears them already, and their room stays blank.
        Preprinted = "preprinted",
    }
}

/// The clinic as its paper names it, and what it prints on. Empty is what is not said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Letterhead {
    /// The name on paper; where it is empty, the clinic's own.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The address, a line each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub address: Vec<String>,
    /// The telephone.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub telephone: String,
    /// The number the clinic is licensed under.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub registration: String,
    /// A line at the foot of each sheet.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub footer: String,
    /// The language of who is handed paper (BCP 47).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub language: String,
    /// How a sheet begins; plain where nothing is chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<LetterheadTemplate>,
    /// What each kind of sheet is printed on, where it is not [`SheetKind::paper`].
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub papers: BTreeMap<SheetKind, SheetPaper>,
}

impl SheetKind {
    /// What it is printed on where the clinic chose nothing.
    pub const fn paper(self) -> SheetPaper {
        match self {
            Self::Prescription | Self::SickNote => SheetPaper::A5,
            Self::Summary | Self::Referral => SheetPaper::A4,
            Self::Label => SheetPaper::Roll80,
        }
    }
}

impl Letterhead {
    /// What a kind of sheet is printed on.
    pub fn paper(&self, kind: SheetKind) -> SheetPaper {
        self.papers.get(&kind).copied().unwrap_or_else(|| kind.paper())
    }
}
