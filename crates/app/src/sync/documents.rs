//! Any document, as a merge meets it.

use crate::open::Session;
use chart::{Actor, ChartDocument, ClinicDocument, DraftDocument, LoadError, MergeError, Merged};
use clinical::{CompositionId, DocumentKind, DocumentRef, PatientId};
use store::{StoredDocument, View};

/// A document of any kind, open.
pub(super) enum Document {
    Chart(ChartDocument),
    Draft(DraftDocument),
    Clinic(ClinicDocument),
}

impl Document {
    /// Opens what is stored of a document; nothing stored is an empty one.
    ///
    /// # Errors
    /// [`LoadError`]: the stored bytes are damaged.
    pub(super) fn load<H>(
        session: &Session<'_, H>,
        name: DocumentRef,
        stored: &StoredDocument,
    ) -> Result<Self, LoadError> {
        let (stored, actor): (_, Actor) = (stored.stored(), session.open.actor);
        Ok(match name.kind {
            DocumentKind::Chart => {
                let patient = PatientId::from_uuid(name.id);
                Self::Chart(ChartDocument::load(patient, stored, actor)?)
            }
            DocumentKind::Draft => {
                let draft = CompositionId::from_uuid(name.id);
                Self::Draft(DraftDocument::load(draft, stored, actor)?)
            }
            DocumentKind::Clinic => {
                Self::Clinic(ClinicDocument::load(session.open.clinic, stored, actor)?)
            }
        })
    }

    /// Merges changes of other devices.
    ///
    /// # Errors
    /// [`MergeError`]: the document must be loaded again.
    pub(super) fn merge(self, changes: Vec<Vec<u8>>) -> Result<(Self, Merged), MergeError> {
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

    /// What it looks like now.
    pub(super) fn view(&mut self) -> View {
        match self {
            Self::Chart(document) => View::Chart(Box::new(document.read())),
            Self::Draft(document) => View::Draft(document.read().map(Box::new)),
            Self::Clinic(document) => View::Clinic(Box::new(document.read())),
        }
    }
}
