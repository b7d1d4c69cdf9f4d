//! A document of any kind, as whoever meets one by its name alone sees it.

use crate::{
    Actor, ChartDocument, ClinicDocument, DraftDocument, Heads, LoadError, MergeError, Merged,
    Stored,
};
use clinical::{ClinicId, CompositionId, DocumentKind, DocumentRef, PatientId};

/// A document of any kind, open.
#[derive(Debug)]
pub enum AnyDocument {
    /// A patient's chart.
    Chart(ChartDocument),
    /// A note in draft.
    Draft(DraftDocument),
    /// The clinic's own.
    Clinic(ClinicDocument),
}

impl AnyDocument {
    /// Opens what is stored of a document; nothing stored is an empty one.
    ///
    /// # Errors
    /// [`LoadError`]: the stored bytes are untouched.
    pub fn load(name: DocumentRef, stored: Stored<'_>, actor: Actor) -> Result<Self, LoadError> {
        Ok(match name.kind {
            DocumentKind::Chart => {
                Self::Chart(ChartDocument::load(PatientId::from_uuid(name.id), stored, actor)?)
            }
            DocumentKind::Draft => {
                Self::Draft(DraftDocument::load(CompositionId::from_uuid(name.id), stored, actor)?)
            }
            DocumentKind::Clinic => {
                Self::Clinic(ClinicDocument::load(ClinicId::from_uuid(name.id), stored, actor)?)
            }
        })
    }

    /// Merges changes of other devices.
    ///
    /// # Errors
    /// [`MergeError`]: the document is gone and must be loaded again.
    pub fn merge(self, changes: Vec<Vec<u8>>) -> Result<(Self, Merged), MergeError> {
        Ok(match self {
            Self::Chart(document) => {
                let (document, merged) = document.merge(changes)?;
                (Self::Chart(document), merged)
            }
            Self::Draft(document) => {
                let (document, merged) = document.merge(changes)?;
                (Self::Draft(document), merged)
            }
            Self::Clinic(document) => {
                let (document, merged) = document.merge(changes)?;
                (Self::Clinic(document), merged)
            }
        })
    }

    /// The document's heads.
    pub fn heads(&mut self) -> Heads {
        match self {
            Self::Chart(document) => document.heads(),
            Self::Draft(document) => document.heads(),
            Self::Clinic(document) => document.heads(),
        }
    }

    /// The whole document as one snapshot.
    pub fn save(&mut self) -> Vec<u8> {
        match self {
            Self::Chart(document) => document.save(),
            Self::Draft(document) => document.save(),
            Self::Clinic(document) => document.save(),
        }
    }
}
