//! A patient's chart.

mod apart;
mod apply;
mod conflict;
mod edit;
mod field;
mod history;
mod overwritten;
mod past;
mod read;
mod refresh;
mod since;
mod taken_in;
#[cfg(test)]
mod tests;
mod why;

pub use edit::ChartEdit;
pub use history::HistoryItem;
pub use overwritten::Overwritten;

use crate::{
    Actor, BlobKey, ChangeHash, DocumentChange, EditError, Heads, LoadError, MergeError, Merged,
    Stored, Touched, document::Document, hash_of, plain::is_plain,
};
use clinical::{
    Chart, DeviceId, DocumentKind, DocumentRef, DocumentReferenceId, EntryKind, EntryRef,
    PatientId, PractitionerId, Sharing, Source, Stamp,
};
use std::collections::BTreeSet;

/// One patient's chart, open for edits and merges.
#[derive(Debug)]
pub struct ChartDocument {
    patient: PatientId,
    pub(crate) document: Document,
}

impl ChartDocument {
    /// Begins a patient's chart.
    pub fn new(patient: PatientId, actor: Actor) -> Self {
        Self { patient, document: Document::new(name(patient), actor) }
    }

    /// Opens a stored chart.
    ///
    /// # Errors
    /// [`LoadError`]: the stored bytes are untouched.
    pub fn load(patient: PatientId, stored: Stored<'_>, actor: Actor) -> Result<Self, LoadError> {
        Ok(Self { patient, document: Document::load(name(patient), stored, actor)? })
    }

    /// Opens a chart as another clinic gave it, and answers the changes it is made of, to be merged
    /// where some of it is here. Nothing in it may be compressed.
    ///
    /// # Errors
    /// [`MergeError`]: the bytes are not to be used.
    pub fn take_given(
        patient: PatientId,
        whole: &[u8],
        actor: Actor,
    ) -> Result<(Self, Vec<Vec<u8>>), MergeError> {
        if !is_plain(whole) {
            return Err(MergeError::Change);
        }
        let stored = Stored { snapshot: Some(whole), loose: &[] };
        let chart = Self::load(patient, stored, actor);
        let mut chart = chart.map_err(|error| MergeError::of_whole(&error))?;
        chart.document.taken()?;
        let changes = chart.document.changes()?;
        Ok((chart, changes))
    }

    /// Makes edits: all of them or none. They are one change, or several where one would be too
    /// large to travel.
    ///
    /// # Errors
    /// [`EditError`]: nothing was changed.
    pub fn apply(
        &mut self,
        edits: &[ChartEdit],
        stamp: Stamp,
    ) -> Result<DocumentChange, EditError> {
        apply::apply(&mut self.document, self.patient, edits, stamp)
    }

    /// Merges changes of other devices.
    ///
    /// # Errors
    /// [`MergeError`]: the chart is gone and must be loaded again; the changes belong in
    /// quarantine.
    pub fn merge(self, changes: Vec<Vec<u8>>) -> Result<(Self, Merged), MergeError> {
        let patient = self.patient;
        let (document, merged) = self.document.merge(changes, |document, changes| {
            let keys = document.keys_of(changes);
            keys.map_or(Touched::All, |keys| field::touched_by(&keys, patient))
        })?;
        Ok((Self { patient, document }, merged))
    }

    /// Merges what another clinic gives, and with it the changes that waited here: these are of this
    /// clinic. What is given may write entries, and nothing where the sections of a chart are found; what
    /// goes by an actor of `ours`, the computers of this clinic, must be here.
    /// Answers also which entries that were here read otherwise then.
    ///
    /// # Errors
    /// [`MergeError`]: the chart is gone and must be loaded again; nothing given is to be kept.
    pub fn merge_given(
        mut self,
        waiting: Vec<Vec<u8>>,
        given: Vec<Vec<u8>>,
        ours: &BTreeSet<DeviceId>,
    ) -> Result<(Self, Merged, Vec<Overwritten>), MergeError> {
        let own: BTreeSet<ChangeHash> = waiting.iter().filter_map(|one| hash_of(one)).collect();
        let is_given =
            |one: &Vec<u8>| own.is_empty() || hash_of(one).is_none_or(|hash| !own.contains(&hash));
        let given: Vec<Vec<u8>> = given.into_iter().filter(is_given).collect();
        self.document.must_leave_the_root(&given)?;
        self.document.must_not_go_by_ours(&given, &waiting, ours)?;
        let (patient, before) = (self.patient, overwritten::values(&mut self.document));
        let (mut chart, merged) = self.merge(waiting.into_iter().chain(given).collect())?;
        chart.document.must_have_its_sections()?;
        let after = overwritten::values(&mut chart.document);
        Ok((chart, merged, overwritten::between(&before, &after, patient)))
    }

    /// Reads the whole chart.
    pub fn read(&mut self) -> Chart {
        read::read(&mut self.document, self.patient)
    }

    /// Reads some entries only, and the conflicts, marks and reasons of the whole chart.
    pub fn read_entries(&mut self, entries: &[EntryRef]) -> Chart {
        read::read_entries(&mut self.document, self.patient, entries)
    }

    /// Brings a chart that was read before a change up to it, at the cost of what was touched.
    /// Nothing but that change may have been made or merged in between.
    pub fn refresh(&mut self, chart: &mut Chart, touched: &Touched) {
        match touched {
            Touched::All => *chart = self.read(),
            Touched::Entries(entries) => {
                refresh::refresh(&mut self.document, self.patient, chart, entries);
            }
        }
    }

    /// When it passed from one clinic to another.
    pub fn shared(&mut self) -> Vec<Sharing> {
        let whose = EntryRef::new(EntryKind::Patient, self.patient.uuid());
        self.read_entries(&[whose]).shared
    }

    /// Whether this very original is kept already.
    pub fn keeps(&self, source: &Source) -> bool {
        apply::keeps(&self.document, source)
    }

    /// Of some entries those that were written here since their original was taken in, or that
    /// have none.
    pub fn changed_since_taken_in(&mut self, entries: &[EntryRef]) -> Vec<EntryRef> {
        taken_in::changed(&mut self.document, entries)
    }

    /// Whether an entry was written, or marked as a mistake, by a change that was not there when the
    /// chart had the heads `seen`.
    pub fn changed_since(&mut self, entry: EntryRef, seen: &Heads) -> bool {
        since::changed(&mut self.document, entry, seen)
    }

    /// Of heads that were read of several charts those that are of this one.
    pub fn of_these(&mut self, heads: &Heads) -> Heads {
        self.document.of_these(heads)
    }

    /// What opens the sealed bytes of a file; `None` where there is no such file, or what stands
    /// there is no key.
    pub fn blob_key(&self, document: DocumentReferenceId) -> Option<BlobKey> {
        let key = field::key(EntryKind::Document, document.uuid(), field::KEY);
        let written = self.document.get(field::DOCUMENTS, &key)?;
        written.bytes.try_into().ok().map(BlobKey)
    }

    /// Who wrote its changes, sorted.
    pub fn authors(&mut self) -> BTreeSet<PractitionerId> {
        self.document.authors()
    }

    /// What an entry has been, oldest first.
    pub fn history(&mut self, entry: EntryRef) -> Vec<HistoryItem> {
        history::of(&mut self.document, entry)
    }

    /// The chart's heads.
    pub fn heads(&mut self) -> Heads {
        self.document.heads()
    }

    /// The whole chart as one snapshot that is not compressed, for who compresses it with others.
    pub fn save_plain(&mut self) -> Vec<u8> {
        self.document.save_plain()
    }

    /// The whole chart as another clinic takes it in; `None` of one that [`Self::take_given`] refuses
    /// there, being more than any chart it expects.
    pub fn save_given(&mut self) -> Option<Vec<u8>> {
        Some(self.document.save_plain()).filter(|whole| is_plain(whole))
    }

    /// The whole chart as one snapshot.
    pub fn save(&mut self) -> Vec<u8> {
        self.document.save()
    }
}

fn name(patient: PatientId) -> DocumentRef {
    DocumentRef::new(DocumentKind::Chart, patient.uuid())
}
