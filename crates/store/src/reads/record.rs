//! What the record holds: charts, what waits for people, notes that are being written, paper, and
//! the documents that all of it is made of.

use crate::{
    error::Result,
    projections::{
        chart::{self as chart_rows, ChartSummary, Newest},
        conflict::{self, ConflictRow},
        draft,
        encounter::{self, EncounterRow},
        link,
        patient::{self, PageEnd, PatientPage, PatientRow},
        task::{self, TaskEnd, TaskRow},
    },
    search::{self, Alike, Found},
    store::Store,
    tables::{
        blob, document,
        draft_text::{self, DraftTextRow},
        form_text::{self, FormTextRow},
        kept::{self, StoredDocument},
        sheet::{self, SheetRow},
    },
};
use chart::Heads;
use clinical::{
    Chart, CompositionId, DocumentKind, DocumentRef, Instant, NoteDraft, Patient, PatientGroup,
    PatientId, PractitionerId,
};

use super::ROWS_MAX;

impl Store {
    /// The charts of the same person as one.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn group(&self, patient: PatientId) -> Result<PatientGroup> {
        self.read(|r| link::group_of(&r.db, &mut r.unpacker, patient))
    }

    /// A patient's chart from its rows, with the others of the same person as one; `None` when there is
    /// no such chart.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn chart(&self, patient: PatientId, newest: Newest) -> Result<Option<ChartSummary>> {
        self.read(|r| chart_rows::read(&r.db, &mut r.unpacker, patient, newest))
    }

    /// The same, with the chart's weights ([`Store::weights`]), all of one state of the store.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn chart_and_weights(
        &self,
        patient: PatientId,
        newest: Newest,
    ) -> Result<Option<(ChartSummary, Chart)>> {
        self.read(|r| chart_rows::read_with_weights(&r.db, &mut r.unpacker, patient, newest))
    }

    /// A chart of nothing but the patient and the weights, whatever else was found: the newest 64,
    /// with what corrections connect with them and who wrote them; `None` when there is no such
    /// chart.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn weights(&self, patient: PatientId) -> Result<Option<Chart>> {
        self.read(|r| chart_rows::weights(&r.db, &mut r.unpacker, patient))
    }

    /// One patient's line.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn patient(&self, patient: PatientId) -> Result<Option<PatientRow>> {
        self.read(|r| patient::find(&r.db, &mut r.unpacker, patient))
    }

    /// A page of patients by name, after the end of another.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn patients(&self, after: Option<&PageEnd>, limit: u32) -> Result<PatientPage> {
        self.read(|r| patient::page(&r.db, &mut r.unpacker, after, limit.min(ROWS_MAX)))
    }

    /// Patients by what was typed, at most [`search::RESULTS_MAX`]; for an empty query the
    /// charts changed last.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn find_patients(&self, typed: &str, limit: u32) -> Result<Vec<Found>> {
        self.read(|r| search::find(&r.db, &mut r.unpacker, typed, limit))
    }

    /// Who may be the same person as `typed`, the most alike first; at most [`search::ALIKE_MAX`].
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn find_alike(&self, typed: &Patient, limit: u32) -> Result<Vec<Alike>> {
        self.read(|r| search::find_alike(&r.db, &mut r.unpacker, typed, limit))
    }

    /// The tasks that wait, the most pressing first, after the end of another page.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn open_tasks(&self, after: Option<TaskEnd>, limit: u32) -> Result<Vec<TaskRow>> {
        self.read(|r| task::open(&r.db, &mut r.unpacker, after, limit.min(ROWS_MAX)))
    }

    /// The visits of all charts that began at `open_since` or later and are under way, and those
    /// that began at `since` or later, whatever became of them; these before those, and the earliest
    /// first.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn encounters_since(
        &self,
        open_since: Instant,
        since: Instant,
        limit: u32,
    ) -> Result<Vec<EncounterRow>> {
        let limit = limit.min(ROWS_MAX);
        self.read(|r| encounter::since(&r.db, &mut r.unpacker, (open_since, since), limit))
    }

    /// What must be decided, after the end of another page: a patient and a conflict of theirs.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn conflicts(
        &self,
        after: Option<(PatientId, &str)>,
        limit: u32,
    ) -> Result<Vec<ConflictRow>> {
        self.read(|r| conflict::open(&r.db, &mut r.unpacker, after, limit.min(ROWS_MAX)))
    }

    /// A draft as its document reads, without what is only typed yet.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn draft(&self, draft: CompositionId) -> Result<Option<NoteDraft>> {
        self.read(|r| draft::find(&r.db, &mut r.unpacker, draft))
    }

    /// The open drafts about a patient, oldest first.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn open_drafts(&self, patient: PatientId) -> Result<Vec<NoteDraft>> {
        self.read(|r| draft::open_of(&r.db, &mut r.unpacker, patient))
    }

    /// What was typed into a draft and has not become part of its document.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn draft_texts(&self, draft: CompositionId) -> Result<Vec<DraftTextRow>> {
        self.read(|r| draft_text::of_draft(&r.db, draft))
    }

    /// What a person has typed into forms and not recorded, by form.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn form_texts(&self, author: PractitionerId) -> Result<Vec<FormTextRow>> {
        self.read(|r| form_text::of_author(&r.db, author))
    }

    /// Every time a sheet was printed here, the original first, with what stands on it.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn sheet(&self, serial: &str) -> Result<Vec<SheetRow>> {
        self.read(|r| sheet::find(&r.db, &mut r.unpacker, serial))
    }

    /// The originals of what was printed here, the newest first, of one patient or of all; without
    /// what stands on them.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn sheets(&self, whose: Option<PatientId>, limit: u32) -> Result<Vec<SheetRow>> {
        self.read(|r| sheet::newest(&r.db, whose, limit.min(ROWS_MAX)))
    }

    /// The highest number of a sheet that begins so.
    ///
    /// # Errors
    /// [`crate::StoreError`] when it cannot be read.
    pub fn last_serial(&self, prefix: &str) -> Result<Option<String>> {
        self.read(|r| sheet::last_serial(&r.db, prefix))
    }

    /// The bytes of a hash, where they are kept here.
    ///
    /// # Errors
    /// [`crate::StoreError::Damaged`] when they have another by now.
    pub fn blob(&self, digest: [u8; 32]) -> Result<Option<Vec<u8>>> {
        self.read(|r| blob::find(&r.db, &mut r.unpacker, digest))
    }

    /// A document as it is kept.
    ///
    /// # Errors
    /// [`crate::StoreError`] when it cannot be read.
    pub fn document(&self, name: DocumentRef) -> Result<Option<StoredDocument>> {
        self.read(|r| {
            let row = document::find(&r.db, name)?;
            row.map(|row| kept::load(&r.db, &mut r.unpacker, &row)).transpose()
        })
    }

    /// A document's heads; `None` when there is no such document.
    ///
    /// # Errors
    /// [`crate::StoreError`] when the row cannot be read.
    pub fn heads(&self, name: DocumentRef) -> Result<Option<Heads>> {
        self.read(|r| Ok(document::find(&r.db, name)?.map(|row| row.heads)))
    }

    /// The names of all documents of a kind, in the order they were first met.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn documents(&self, kind: DocumentKind) -> Result<Vec<DocumentRef>> {
        self.read(|r| document::names(&r.db, kind))
    }
}
