//! What travels: what waits to be sealed, envelopes, what peers hold of them, and charts that are
//! elsewhere.

use crate::{
    error::Result,
    store::Store,
    tables::{
        acknowledged,
        cursor::{self, CursorRow},
        document,
        elsewhere::{self, Elsewhere},
        envelope::{self, EnvelopeRow},
        outbox::{self, OutboxItem},
        peer_have::{self, HaveRow},
        replica::{self, ReplicaRow},
        unacknowledged::{self, Unacknowledged},
    },
};
use clinical::{DocumentKind, DocumentRef, PatientId};

use super::{COUNTERS_MAX, ROWS_MAX};

impl Store {
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

    /// How many changes were sealed, for the server, another computer or a stick, and are not known
    /// to be with a server; of several to one entry the last is counted.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn sealed_unacknowledged(&self) -> Result<u64> {
        self.read(|r| unacknowledged::count_sealed(&r.db))
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

    /// Where this device stands in its own sequence.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn replica(&self) -> Result<Option<ReplicaRow>> {
        self.read(|r| replica::read(&r.db))
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
}
