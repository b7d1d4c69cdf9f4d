//! A document of any kind, as whoever meets one by its name alone sees it.

use crate::{
    Actor, ChangeHash, ChartDocument, ClinicDocument, DraftDocument, Heads, LoadError, MergeError,
    Merged, Stored, document::Document,
};
use clinical::{ClinicId, CompositionId, DocumentKind, DocumentRef, PatientId};
use std::collections::BTreeSet;

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

    /// Opens a document that came whole, of which nothing is here. It belongs in the store as it
    /// came: the bytes are its snapshot.
    ///
    /// # Errors
    /// [`MergeError`]: the bytes belong in quarantine.
    pub fn take(
        name: DocumentRef,
        whole: &[u8],
        actor: Actor,
    ) -> Result<(Self, Merged), MergeError> {
        let stored = Stored { snapshot: Some(whole), loose: &[] };
        let mut document =
            Self::load(name, stored, actor).map_err(|error| MergeError::of_whole(&error))?;
        let merged = document.base().taken()?;
        Ok((document, merged))
    }

    /// The changes of a document that came whole, to be merged where some of it is here.
    ///
    /// # Errors
    /// [`MergeError`]: the bytes belong in quarantine.
    pub fn changes_of(name: DocumentRef, whole: &[u8]) -> Result<Vec<Vec<u8>>, MergeError> {
        let (mut document, _) = Self::take(name, whole, Actor::NOBODY)?;
        document.base().changes()
    }

    /// The document's heads.
    pub fn heads(&mut self) -> Heads {
        self.base().heads()
    }

    /// The whole document as one snapshot.
    pub fn save(&mut self) -> Vec<u8> {
        self.base().save()
    }

    /// The whole document as one snapshot that is not compressed, for who compresses many
    /// together.
    pub fn save_plain(&mut self) -> Vec<u8> {
        self.base().save_plain()
    }

    /// How many changes were made of the document, by anyone.
    pub fn changes_len(&mut self) -> usize {
        self.base().changes_len()
    }

    /// Its changes but for the first, in an order in which each follows those it builds on.
    ///
    /// # Errors
    /// [`MergeError`] where they cannot be written out.
    pub fn changes(&mut self) -> Result<Vec<Vec<u8>>, MergeError> {
        self.base().changes()
    }

    /// The hashes of its changes, but for the first.
    pub fn hashes(&mut self) -> BTreeSet<ChangeHash> {
        self.base().hashes()
    }

    /// Whether all heads of another state are in it: then that state is.
    pub fn has_all(&mut self, heads: &Heads) -> bool {
        heads.0.iter().all(|head| self.base().has(head))
    }

    /// When it was last changed by the clock of who did, in milliseconds since the Unix epoch; 0
    /// where nobody did.
    pub fn changed_at_ms(&mut self) -> i64 {
        self.base().changed_at_ms()
    }

    const fn base(&mut self) -> &mut Document {
        match self {
            Self::Chart(document) => &mut document.document,
            Self::Draft(document) => &mut document.document,
            Self::Clinic(document) => &mut document.document,
        }
    }
}
