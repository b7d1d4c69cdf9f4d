//! The one door for records: change, read model, search, audit and outbox in one transaction.

use crate::{
    audit::{self, AuditEvent},
    error::{Result, StoreError},
    projections::{self, Target, View},
    store::Store,
    tables::{
        acknowledged, change,
        cursor::{self, CursorRow},
        document::{self, DocumentRow},
        draft_text,
        envelope::{self, EnvelopeRow},
        erased, kept,
        named::{self, NamedRow},
        peer_have::{self, HaveRow},
        quarantine::{self, QuarantineRow},
        unacknowledged,
    },
    transaction::Tx,
};
use chart::{ChangeHash, DocumentChange, Heads, Merged};
use clinical::{CompositionId, DocumentKind, DocumentRef, EntryKind, NoteSectionCode, PatientId};

/// Where changes come from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// From this computer: they go to the outbox.
    Local,
    /// From another computer: they are not sent on as ours.
    Sync,
}

/// One document's change with what it made of the document, and the audit row that tells of it:
/// there is no way to write a change without one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    change: DocumentChange,
    view: View,
    audit: AuditEvent,
    waiting: Option<Vec<ChangeHash>>,
    snapshot: Option<Vec<u8>>,
}

/// What was made here and is committed together: all of it or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// The changes, each with its audit row.
    pub records: Vec<Record>,
    /// Further audit rows.
    pub audit: Vec<AuditEvent>,
    /// Texts that became part of the record with this commit.
    pub settled: Vec<(CompositionId, NoteSectionCode)>,
    /// What is remembered of it.
    pub named: Vec<NamedRow>,
}

/// What is kept with what came from other devices, so that receiving is all or nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Receipt {
    /// The envelopes the changes came in.
    pub envelopes: Vec<EnvelopeRow>,
    /// How far the server's log has been read now.
    pub cursor: Option<CursorRow>,
    /// How far sequences are held now, here and at peers.
    pub have: Vec<HaveRow>,
    /// Sequences (device, generation, counter) as far as the clinic's server has taken them in now.
    pub acknowledged: Vec<([u8; 16], u32, u64)>,
    /// Sequences (device, generation) of which it is not known any more what peers hold.
    pub unseen: Vec<([u8; 16], u32)>,
    /// What could not be taken in.
    pub quarantine: Vec<QuarantineRow>,
    /// Envelopes that were set aside once and are taken in now.
    pub released: Vec<[u8; 32]>,
    /// Tags of erased documents, once for each envelope that came for one.
    pub came: Vec<[u8; 32]>,
    /// Keys and membership entries that came with it.
    pub named: Vec<NamedRow>,
}

/// A document that may read differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TouchedDocument {
    /// A chart, in entries of these kinds.
    Chart(PatientId, Vec<EntryKind>),
    /// A draft; whose it is, where that is known.
    Draft(CompositionId, Option<PatientId>),
    /// The clinic's own.
    Clinic,
}

/// A commit is durable.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Committed {
    /// Its number.
    pub sequence: u64,
    /// What may read differently now.
    pub touched: Vec<TouchedDocument>,
    /// Documents with so much beside their snapshot that they should be compacted.
    pub wants_compaction: Vec<DocumentRef>,
}

impl Record {
    /// An edit made here.
    pub const fn edited(change: DocumentChange, view: View, audit: AuditEvent) -> Self {
        Self { change, view, audit, waiting: None, snapshot: None }
    }

    /// Changes of other devices, merged together with all that waited before.
    pub fn merged(merged: Merged, view: View, audit: AuditEvent) -> Self {
        let waiting = Some(merged.waiting);
        Self { change: merged.change, view, audit, waiting, snapshot: None }
    }

    /// A document of another device that came whole, of which nothing was here.
    pub fn whole(merged: Merged, snapshot: Vec<u8>, view: View, audit: AuditEvent) -> Self {
        Self::merged(merged, view, audit).with_snapshot(snapshot)
    }

    /// With the whole document as one piece, as it is after this change.
    #[must_use]
    pub fn with_snapshot(mut self, snapshot: Vec<u8>) -> Self {
        self.snapshot = Some(snapshot);
        self
    }
}

impl Commit {
    /// Commits changes made here.
    pub const fn local(records: Vec<Record>) -> Self {
        Self { records, audit: Vec::new(), settled: Vec::new(), named: Vec::new() }
    }
}

impl Store {
    /// Makes everything in `commit` part of the store in one durable transaction.
    ///
    /// Many records in one commit are the way to import fast: a batch of some hundred charts
    /// costs one wait for the disk.
    ///
    /// # Errors
    /// [`crate::StoreError`]: nothing of the commit is in the store. When the process dies before
    /// the answer, all of it may be.
    pub fn commit(&self, commit: Commit) -> Result<Committed> {
        self.write(|tx| {
            let mut committed = Committed::default();
            for record in commit.records {
                write_record(tx, Origin::Local, record, &mut committed)?;
            }
            for (draft, section) in commit.settled {
                draft_text::settle(tx.db, draft, section)?;
            }
            commit.named.iter().try_for_each(|row| named::put(tx, row))?;
            for event in commit.audit {
                audit::append(tx, event, Vec::new())?;
            }
            committed.sequence = tx.mark.sequence;
            Ok(committed)
        })
    }

    /// Makes records of other devices part of the store while they are made, and what `receipt`
    /// answers after the last of them, in one durable transaction. Whoever makes them sees the store
    /// as it was before.
    ///
    /// # Errors
    /// [`crate::StoreError`], or inside what `receipt` answers: nothing of it is in the store.
    pub fn take_in<E>(
        &self,
        records: impl IntoIterator<Item = Record>,
        receipt: impl FnOnce() -> std::result::Result<Receipt, E>,
    ) -> Result<std::result::Result<Committed, E>> {
        let mut refused = None;
        let written = self.write(|tx| {
            let mut committed = Committed::default();
            for record in records {
                write_record(tx, Origin::Sync, record, &mut committed)?;
            }
            let receipt = receipt().map_err(|error| {
                refused = Some(error);
                StoreError::GivenUp
            })?;
            write_receipt(tx, &receipt)?;
            committed.sequence = tx.mark.sequence;
            Ok(committed)
        });
        match refused {
            Some(error) => Ok(Err(error)),
            None => written.map(Ok),
        }
    }

    /// Replaces everything kept of a document by one piece. Does nothing and answers `false`
    /// when the document has changed since: `heads` are those of the snapshot.
    ///
    /// # Errors
    /// [`crate::StoreError`]: the document is as it was.
    pub fn compact(&self, name: DocumentRef, snapshot: &[u8], heads: &Heads) -> Result<bool> {
        self.write(|tx| match document::find(tx.db, name)? {
            Some(mut row) if row.heads == *heads => {
                let before = row.clone();
                kept::compact(tx, &mut row, snapshot)?;
                document::settle(tx, &before, &row)?;
                Ok(true)
            }
            Some(_) | None => Ok(false),
        })
    }
}

fn write_record(
    tx: &mut Tx<'_>,
    origin: Origin,
    record: Record,
    committed: &mut Committed,
) -> Result<()> {
    let name = record.change.document;
    projections::check_kind(name.kind, &record.view)?;
    if name.kind == DocumentKind::Chart
        && erased::find(tx.db, PatientId::from_uuid(name.id))?.is_some()
    {
        return Err(StoreError::Erased);
    }
    let (mut row, is_new) = match document::find(tx.db, name)? {
        Some(row) => (row, false),
        None => (document::begin(tx, name)?, true),
    };
    let to_send = write_history(tx, origin, &record, &mut row)?;
    if origin == Origin::Sync {
        document::mark_sealed(tx.db, row.ord)?;
    }
    let target = Target { ord: row.ord, is_new };
    // The first change of a document is projected whole: it has no rows yet.
    let whole = chart::Touched::All;
    let touched = if is_new { &whole } else { &record.change.touched };
    if let (Some(change), View::Chart(_)) = (to_send, &record.view) {
        unacknowledged::note(tx, row.ord, touched, change)?;
    }
    let kinds = projections::project(tx, target, &record.view, touched)?;
    let written = written(&record);
    audit::append(tx, record.audit, written)?;
    committed.touched.push(match &record.view {
        View::Chart(_) => TouchedDocument::Chart(PatientId::from_uuid(name.id), kinds),
        View::Draft(draft) => {
            let patient = draft.as_ref().map(|draft| draft.patient);
            TouchedDocument::Draft(CompositionId::from_uuid(name.id), patient)
        }
        View::Clinic(_) => TouchedDocument::Clinic,
    });
    if row.wants_compaction(tx.db)? {
        committed.wants_compaction.push(name);
    }
    Ok(())
}

/// What the audit row tells was written: the changes; of a document that came whole, where it ends.
fn written(record: &Record) -> Vec<u8> {
    let changes = &record.change.changes;
    if changes.is_empty() && record.snapshot.is_some() {
        return audit::change_of(&record.change.heads.0);
    }
    let hashes: Vec<ChangeHash> = changes.iter().map(|change| change.hash).collect();
    audit::change_of(&hashes)
}

/// Writes the changes; answers the place of the last of those that wait to be sealed now.
fn write_history(
    tx: &mut Tx<'_>,
    origin: Origin,
    record: &Record,
    row: &mut DocumentRow,
) -> Result<Option<i64>> {
    let before = row.clone();
    let to_send = kept::keep(tx, row, &record.change.changes, origin == Origin::Local)?;
    if let Some(waiting) = &record.waiting {
        change::set_waiting(tx, row, waiting)?;
    }
    if let Some(snapshot) = &record.snapshot {
        kept::compact(tx, row, snapshot)?;
    }
    row.heads = record.change.heads.clone();
    document::update(tx, &before, row)?;
    Ok(to_send)
}

pub(crate) fn write_receipt(tx: &mut Tx<'_>, receipt: &Receipt) -> Result<()> {
    for row in &receipt.envelopes {
        envelope::keep(tx, row)?;
    }
    receipt.cursor.iter().try_for_each(|row| cursor::put(tx.db, row))?;
    for (device, generation) in &receipt.unseen {
        peer_have::forget_lane(tx.db, device, *generation)?;
    }
    receipt.have.iter().try_for_each(|row| peer_have::put(tx.db, row))?;
    for (device, generation, counter) in &receipt.acknowledged {
        acknowledged::put(tx.db, device, *generation, *counter)?;
        unacknowledged::acknowledged(tx.db, *generation, *counter)?;
    }
    receipt.quarantine.iter().try_for_each(|row| quarantine::put(tx.db, row))?;
    receipt.released.iter().try_for_each(|id| quarantine::release(tx.db, id))?;
    receipt.came.iter().try_for_each(|tag| erased::add_came(tx.db, tag))?;
    receipt.named.iter().try_for_each(|row| named::put(tx, row))
}
