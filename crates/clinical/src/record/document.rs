//! Names of the documents the record is made of.

use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// The kinds of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentKind {
    /// A patient's chart; its id is the patient's.
    Chart,
    /// A note in draft; its id is the draft's.
    Draft,
    /// The clinic's people and settings; its id is the clinic's.
    Clinic,
}

impl DocumentKind {
    /// Every kind with the number it is stored by, for ever.
    pub const ALL: [(Self, u8); 3] = [(Self::Chart, 1), (Self::Draft, 2), (Self::Clinic, 3)];

    /// The number it is stored by.
    pub const fn number(self) -> u8 {
        match self {
            Self::Chart => 1,
            Self::Draft => 2,
            Self::Clinic => 3,
        }
    }

    /// The kind of a stored number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| *known == number).map(|(kind, _)| kind)
    }
}

/// One document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DocumentRef {
    /// Its kind.
    pub kind: DocumentKind,
    /// Its id.
    pub id: Uuid,
}

impl DocumentRef {
    /// Names a document.
    pub const fn new(kind: DocumentKind, id: Uuid) -> Self {
        Self { kind, id }
    }
}

impl fmt::Display for DocumentRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.kind {
            DocumentKind::Chart => "chart",
            DocumentKind::Draft => "draft",
            DocumentKind::Clinic => "clinic",
        };
        write!(f, "{word}/{}", self.id)
    }
}
