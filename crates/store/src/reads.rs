//! What can be asked of a store.

use crate::{
    audit::{self, AuditRow, AuditSpan},
    error::Result,
    projections::{
        chart::{self as chart_rows, ChartSummary, Newest},
        clinic,
        conflict::{self, ConflictRow},
        draft,
        encounter::{self, EncounterRow},
        link,
        patient::{self, PageEnd, PatientPage, PatientRow},
        sharing::{self, SharingRow},
        task::{self, TaskEnd, TaskRow},
    },
    search::{self, Alike, Found},
    store::Store,
    tables::{
        acknowledged, blob,
        cursor::{self, CursorRow},
        document,
        draft_text::{self, DraftTextRow},
        elsewhere::{self, Elsewhere},
        envelope::{self, EnvelopeRow},
        form_text::{self, FormTextRow},
        kept::{self, StoredDocument},
        named::{self, NamedRow},
        outbox::{self, OutboxItem},
        peer_have::{self, HaveRow},
        quarantine::{self, QuarantinePage, SetAside, WholeAside},
        replica::{self, ReplicaRow},
        sheet::{self, SheetRow},
        state,
        unacknowledged::{self, Unacknowledged},
    },
};
use chart::{AsideDecision, Heads};
use clinical::{
    Chart, CompositionId, DocumentKind, DocumentRef, Instant, Letterhead, NoteDraft, Patient,
    PatientGroup, PatientId, Practitioner, PractitionerId,
};

/// Rows one call gives at most.
const ROWS_MAX: u32 = 10_000;
/// Counters one call gives at most: as many as envelopes cover one log.
const COUNTERS_MAX: u32 = 8192;

/// How much there is of what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Patients.
    pub patients: u64,
    /// Tasks that wait.
    pub open_tasks: u64,
    /// Values that must be decided.
    pub conflicts: u64,
    /// Changes that have not been sealed.
    pub outbox: u64,
    /// Envelopes, own and received.
    pub envelopes: u64,
    /// Envelopes set aside.
    pub quarantined: u64,
    /// Entries of the clinic's document that this version cannot read.
    pub clinic_unreadable: u64,
    /// Audit rows.
    pub audit: u64,
    /// Commits.
    pub commits: u64,
}

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

    /// Where a chart is that is not here, or only partly; `None` of one that is here, or that nobody
    /// listed.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn elsewhere(&self, patient: PatientId) -> Result<Option<Elsewhere>> {
        self.read(|r| elsewhere::find(&r.db, patient))
    }

    /// The charts that are partly here, each at every place that tells of it.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn partly_elsewhere(&self) -> Result<Vec<(PatientId, Elsewhere)>> {
        self.read(|r| elsewhere::partly(&r.db))
    }

    /// How many people are listed whose charts need not be here, and how many of these are not.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn elsewhere_counts(&self) -> Result<(u64, u64)> {
        self.read(|r| elsewhere::counts(&r.db))
    }

    /// The ids of the people who are listed.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn elsewhere_ids(&self) -> Result<Vec<PatientId>> {
        self.read(|r| elsewhere::ids(&r.db))
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

    /// The clinic's name, once it is known here.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn clinic_name(&self) -> Result<Option<String>> {
        self.read(|r| clinic::name(&r.db))
    }

    /// When charts passed from one clinic to another, the last first.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn sharings(&self, limit: u32) -> Result<Vec<SharingRow>> {
        self.read(|r| sharing::last(&r.db, &mut r.unpacker, limit.min(ROWS_MAX)))
    }

    /// What the clinic's paper says.
    ///
    /// # Errors
    /// [`crate::StoreError`] when it cannot be read.
    pub fn letterhead(&self) -> Result<Letterhead> {
        self.read(|r| clinic::letterhead(&r.db, &mut r.unpacker))
    }

    /// What was decided of envelopes that were set aside, by envelope.
    ///
    /// # Errors
    /// [`crate::StoreError`] when it cannot be read.
    pub fn aside_decisions(&self) -> Result<Vec<AsideDecision>> {
        self.read(|r| clinic::decided(&r.db, &mut r.unpacker))
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

    /// The clinic's people, by id.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn people(&self) -> Result<Vec<Practitioner>> {
        self.read(|r| clinic::people(&r.db, &mut r.unpacker))
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

    /// The changes after place `after` that have not been sealed, in the order they were made.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn outbox(&self, after: i64, limit: u32) -> Result<Vec<OutboxItem>> {
        self.read(|r| outbox::page(&r.db, &mut r.unpacker, after, limit.min(ROWS_MAX)))
    }

    /// The documents of a kind that the first `limit` changes in the outbox belong to and of which
    /// nothing was ever sealed.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn new_documents(&self, kind: DocumentKind, limit: u32) -> Result<Vec<DocumentRef>> {
        self.read(|r| outbox::new_documents(&r.db, kind, limit))
    }

    /// The places in the outbox of a document's changes.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn outbox_places(&self, name: DocumentRef) -> Result<Vec<i64>> {
        self.read(|r| match document::find(&r.db, name)? {
            Some(row) => outbox::places(&r.db, row.ord),
            None => Ok(Vec::new()),
        })
    }

    /// Whether an envelope is known.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn knows_envelope(&self, id: &[u8; 32]) -> Result<bool> {
        self.read(|r| envelope::is_known(&r.db, id))
    }

    /// An envelope by its id.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn envelope(&self, id: &[u8; 32]) -> Result<Option<EnvelopeRow>> {
        self.read(|r| envelope::find(&r.db, id))
    }

    /// Envelopes of one of a device's sequences after a counter.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn envelopes(
        &self,
        device: &[u8; 16],
        generation: u32,
        after: u64,
        limit: u32,
    ) -> Result<Vec<EnvelopeRow>> {
        self.read(|r| envelope::of_lane(&r.db, device, generation, after, limit.min(ROWS_MAX)))
    }

    /// The counters of one of a device's sequences after one and up to another of which an envelope
    /// is known, in order, 8,192 at most.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn envelope_counters(
        &self,
        lane: (&[u8; 16], u32),
        bounds: (u64, u64),
    ) -> Result<Vec<u64>> {
        self.read(|r| envelope::counters(&r.db, lane, bounds, COUNTERS_MAX))
    }

    /// The last counter that is known of every device's every sequence, whatever is missing before
    /// it.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn envelope_ends(&self) -> Result<Vec<([u8; 16], u32, u64)>> {
        self.read(|r| envelope::ends(&r.db))
    }

    /// What a peer holds; [`crate::SELF`] is this computer.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn have(&self, peer: &str) -> Result<Vec<HaveRow>> {
        self.read(|r| peer_have::of_peer(&r.db, peer))
    }

    /// What a peer holds of what one device sealed.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn have_of_device(&self, peer: &str, device: &[u8; 16]) -> Result<Vec<HaveRow>> {
        self.read(|r| peer_have::of_device(&r.db, peer, device))
    }

    /// The devices of which a peer holds something.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn devices_held(&self, peer: &str) -> Result<Vec<[u8; 16]>> {
        self.read(|r| peer_have::devices(&r.db, peer))
    }

    /// The devices of which a peer was not seen to hold all that is held here.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn lacked_by(&self, peer: &str) -> Result<Vec<[u8; 16]>> {
        self.read(|r| peer_have::lacked_by(&r.db, peer))
    }

    /// How far a server ever acknowledged each sequence of a device: generation and counter.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn acknowledged(&self, device: &[u8; 16]) -> Result<Vec<(u32, u64)>> {
        self.read(|r| acknowledged::of_device(&r.db, device))
    }

    /// What of a chart was last written here and is not with a server yet.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn unacknowledged(&self, patient: PatientId) -> Result<Vec<Unacknowledged>> {
        let name = DocumentRef::new(DocumentKind::Chart, patient.uuid());
        self.read(|r| match document::find(&r.db, name)? {
            Some(row) => unacknowledged::of_document(&r.db, row.ord),
            None => Ok(Vec::new()),
        })
    }

    /// How far a server's log has been read.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn cursor(&self, server: &str) -> Result<Option<CursorRow>> {
        self.read(|r| cursor::find(&r.db, server))
    }

    /// Whole envelopes that were set aside for one of `reasons` after place `after`, oldest first:
    /// as many as a page may hold, at most `limit`.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn quarantine(&self, reasons: &[&str], after: i64, limit: u32) -> Result<QuarantinePage> {
        self.read(|r| quarantine::page(&r.db, reasons, after, limit.min(ROWS_MAX)))
    }

    /// How many envelopes that were set aside for one of `reasons` are kept whole, and their bytes.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn set_aside_whole(&self, reasons: &[&str]) -> Result<WholeAside> {
        self.read(|r| quarantine::whole(&r.db, reasons))
    }

    /// Who sealed the envelopes set aside for `reason` of which only names are kept.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn devices_of_names(&self, reason: &str) -> Result<Vec<[u8; 16]>> {
        self.read(|r| quarantine::devices_of_names(&r.db, reason))
    }

    /// Envelopes that were set aside, newest first, without their bytes.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn set_aside(&self, limit: u32) -> Result<Vec<SetAside>> {
        self.read(|r| quarantine::newest(&r.db, limit.min(ROWS_MAX)))
    }

    /// The envelopes that were set aside of the document with a tag, each with the reason.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn set_aside_of(&self, tag: &[u8; 32]) -> Result<Vec<([u8; 32], String)>> {
        self.read(|r| quarantine::of_document(&r.db, tag))
    }

    /// An envelope that was set aside, without its bytes.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn set_aside_one(&self, envelope: &[u8; 32]) -> Result<Option<SetAside>> {
        self.read(|r| quarantine::one_of(&r.db, envelope))
    }

    /// Whether an envelope is set aside.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn is_set_aside(&self, id: &[u8; 32]) -> Result<bool> {
        self.read(|r| quarantine::is_aside(&r.db, id))
    }

    /// How many envelopes were set aside for which reason.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn set_aside_reasons(&self) -> Result<Vec<(String, u64)>> {
        self.read(|r| quarantine::reasons(&r.db))
    }

    /// Where this device stands in its own sequence.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn replica(&self) -> Result<Option<ReplicaRow>> {
        self.read(|r| replica::read(&r.db))
    }

    /// A small named value.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn named(&self, name: &str) -> Result<Option<Vec<u8>>> {
        self.read(|r| named::find(&r.db, name))
    }

    /// The small values whose names begin with `prefix`, by name.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn named_with_prefix(&self, prefix: &str) -> Result<Vec<NamedRow>> {
        self.read(|r| named::with_prefix(&r.db, prefix))
    }

    /// The audit rows after `after`, in order.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn audit(&self, after: u64, limit: u32) -> Result<Vec<AuditRow>> {
        self.read(|r| audit::page(&r.db, after, limit.min(ROWS_MAX)))
    }

    /// Who did what, with everything or with one patient's chart.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn audit_span(
        &self,
        whose: Option<PatientId>,
        span: AuditSpan,
        limit: u32,
    ) -> Result<Vec<AuditRow>> {
        self.read(|r| audit::span(&r.db, whose, span, limit.min(ROWS_MAX)))
    }

    /// How much there is.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn counts(&self) -> Result<Counts> {
        self.read(|r| {
            let mark = state::read(&r.db)?;
            Ok(Counts {
                patients: patient::len(&r.db)?,
                open_tasks: task::open_count(&r.db)?,
                conflicts: conflict::open_count(&r.db)?,
                outbox: outbox::len(&r.db)?,
                envelopes: envelope::len(&r.db)?,
                quarantined: quarantine::len(&r.db)?,
                clinic_unreadable: clinic::unreadable(&r.db)?,
                audit: mark.audit_seq,
                commits: mark.sequence,
            })
        })
    }
}
