//! A note in draft: its own document, whose text merges by character.

use crate::{
    Actor, DocumentChange, EditError, Heads, LoadError, MergeError, Merged, Stored, Touched,
    document::Document,
};
use clinical::{
    CompositionId, DeviceId, DocumentKind, DocumentRef, EncounterId, NoteDraft, NoteSectionCode,
    PatientId, PractitionerId, Stamp, TrackedRun,
};
use std::collections::BTreeMap;

const ABOUT: &str = "about";
const SIGNED: &str = "signed";

/// One draft, open for edits and merges.
#[derive(Debug)]
pub struct DraftDocument {
    id: CompositionId,
    pub(crate) document: Document,
}

impl DraftDocument {
    /// Begins a draft: an empty document. `begin` says whose it is.
    pub fn new(id: CompositionId, actor: Actor) -> Self {
        Self { id, document: Document::new(name(id), actor) }
    }

    /// Opens a stored draft.
    ///
    /// # Errors
    /// [`LoadError`]: the stored bytes are untouched.
    pub fn load(id: CompositionId, stored: Stored<'_>, actor: Actor) -> Result<Self, LoadError> {
        Ok(Self { id, document: Document::load(name(id), stored, actor)? })
    }

    /// Says whose draft it is and what it is called.
    ///
    /// # Errors
    /// [`EditError`]: nothing was changed.
    pub fn begin(
        &mut self,
        patient: PatientId,
        encounter: Option<EncounterId>,
        title: &str,
        stamp: Stamp,
    ) -> Result<DocumentChange, EditError> {
        self.edit(stamp, |document| {
            document.put(ABOUT, "patient", patient.to_string().as_bytes())?;
            document.put(ABOUT, "title", title.as_bytes())?;
            if let Some(encounter) = encounter {
                document.put(ABOUT, "encounter", encounter.to_string().as_bytes())?;
            }
            Ok(())
        })
    }

    /// Replaces the text of a section, as one change however much was typed.
    ///
    /// # Errors
    /// [`EditError`]: nothing was changed.
    pub fn write(
        &mut self,
        section: NoteSectionCode,
        text: &str,
        stamp: Stamp,
    ) -> Result<DocumentChange, EditError> {
        self.edit(stamp, |document| document.put_text(section.code(), text).map(|_| ()))
    }

    /// Notes that the draft was signed: it is closed.
    ///
    /// # Errors
    /// [`EditError`]: nothing was changed.
    pub fn mark_signed(
        &mut self,
        note: CompositionId,
        stamp: Stamp,
    ) -> Result<DocumentChange, EditError> {
        self.edit(stamp, |document| {
            document.put(SIGNED, &note.uuid().simple().to_string(), b"true").map(|_| ())
        })
    }

    /// Merges changes of other devices.
    ///
    /// # Errors
    /// [`MergeError`]: the draft is gone and must be loaded again.
    pub fn merge(self, changes: Vec<Vec<u8>>) -> Result<(Self, Merged), MergeError> {
        let (document, merged) = self.document.merge(changes, |_, _| Touched::All)?;
        Ok((Self { id: self.id, document }, merged))
    }

    /// Reads the draft; `None` while the change that says whose it is has not arrived.
    pub fn read(&mut self) -> Option<NoteDraft> {
        let about = |key| {
            let present = self.document.get(ABOUT, key)?;
            String::from_utf8(present.bytes).ok()
        };
        let patient = about("patient")?.parse().ok()?;
        let encounter = about("encounter").and_then(|id| id.parse().ok());
        let title = about("title").unwrap_or_default();
        let whose = self.document.items_of(ABOUT, "patient");
        let begun = whose.first().map(|item| item.written.stamp);
        let text = |code: &NoteSectionCode| (*code, self.document.text(code.code()));
        let sections: BTreeMap<_, _> =
            NoteSectionCode::ALL.iter().map(text).filter(|(_, text)| !text.is_empty()).collect();
        let signed = self.document.items(SIGNED);
        let signed = signed.iter().filter_map(|item| item.key.parse().ok());
        let signed = signed.map(CompositionId::from_uuid).collect();
        let authors = sections.keys().map(|code| (*code, self.document.text_authors(code.code())));
        let authors = authors.collect();
        let (names, tracked) = (BTreeMap::new(), BTreeMap::new());
        let id = self.id;
        Some(NoteDraft {
            id,
            patient,
            encounter,
            title,
            begun,
            sections,
            signed,
            authors,
            names,
            tracked,
        })
    }

    /// What became of each section since a person last changed it on a computer.
    pub fn tracked(
        &mut self,
        reader: (PractitionerId, DeviceId),
    ) -> BTreeMap<NoteSectionCode, Vec<TrackedRun>> {
        let runs = |code: &NoteSectionCode| (*code, self.document.tracked(code.code(), reader));
        NoteSectionCode::ALL.iter().map(runs).filter(|(_, runs)| !runs.is_empty()).collect()
    }

    /// The draft's heads.
    pub fn heads(&mut self) -> Heads {
        self.document.heads()
    }

    /// The whole draft as one snapshot.
    pub fn save(&mut self) -> Vec<u8> {
        self.document.save()
    }

    fn edit(
        &mut self,
        stamp: Stamp,
        put: impl FnOnce(&mut Document) -> Result<(), EditError>,
    ) -> Result<DocumentChange, EditError> {
        if self.document.is_newer() {
            return Err(EditError::NewerSchema);
        }
        match put(&mut self.document) {
            Ok(()) => Ok(self.document.commit(stamp, Touched::All)),
            Err(error) => {
                self.document.rollback();
                Err(error)
            }
        }
    }
}

fn name(id: CompositionId) -> DocumentRef {
    DocumentRef::new(DocumentKind::Draft, id.uuid())
}
