//! Erasing a chart: everything of it that is here goes in one transaction, and a tombstone stays.
//!
//! What a page that nothing uses any more still holds goes afterwards, with [`Store::sweep`].

use crate::{
    audit::{self, AuditEvent},
    error::Result,
    hex::hex,
    projections::{self, draft},
    search,
    sql::{all, count, run},
    store::Store,
    tables::{
        document, elsewhere,
        erased::{self, Erased, ErasureRow},
        named::{self, NamedRow},
        outbox, quarantine, sheet,
    },
    transaction::Tx,
};
use chart::ChangeHash;
use clinical::{DocumentKind, DocumentRef, PatientId};
use rusqlite::Connection;
use sha2::{Digest, Sha256};

/// Before the tag of a document, in the names of its wrapped keys.
const KEYS: &str = "sync/key/";

/// A chart to erase, with what goes and stays beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasing {
    /// What stays.
    pub row: ErasureRow,
    /// The tags of its documents, and of packs that hold it and that nobody needs any more.
    pub tags: Vec<[u8; 32]>,
    /// The audit row, where it has none yet; its change is the SHA-256 of number and ground.
    pub audit: Option<AuditEvent>,
    /// Small values to be kept with it.
    pub named: Vec<NamedRow>,
    /// Small values that are done with.
    pub forget: Vec<String>,
}

impl Store {
    /// Erases a chart: its documents with their changes, projections, search entry, drafts and what
    /// is typed into forms of it, what was printed of it, what was set aside of it, and the wrapped
    /// keys of its tags. Twice is once; a tag that is named later goes too. The file is swept by
    /// [`Store::sweep`] alone.
    ///
    /// # Errors
    /// [`crate::StoreError`]: nothing was erased.
    pub fn erase(&self, erasing: &Erasing) -> Result<()> {
        self.write(|tx| {
            tx.db.execute_batch("PRAGMA secure_delete = ON")?;
            let erased = erase(tx, erasing);
            tx.db.execute_batch("PRAGMA secure_delete = OFF")?;
            erased
        })
    }

    /// All erased charts, the last first.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn erased(&self) -> Result<Vec<Erased>> {
        self.read(|r| erased::list(&r.db))
    }

    /// Whether a chart was erased.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn is_erased(&self, patient: PatientId) -> Result<bool> {
        self.read(|r| Ok(erased::find(&r.db, patient)?.is_some()))
    }

    /// Every tag of which nothing is taken in any more, in order.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn erased_tags(&self) -> Result<Vec<[u8; 32]>> {
        self.read(|r| erased::tags(&r.db))
    }

    /// Those of one chart.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn erased_tags_of(&self, patient: PatientId) -> Result<Vec<[u8; 32]>> {
        self.read(|r| erased::tags_of(&r.db, patient))
    }

    /// The drafts about a patient, open and signed.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn drafts_of(&self, patient: PatientId) -> Result<Vec<DocumentRef>> {
        self.read(|r| drafts_of(&r.db, patient))
    }

    /// The ids of the envelopes of a kind, by the byte that names it, in the order they came.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn envelopes_of_kind(&self, kind: u8) -> Result<Vec<[u8; 32]>> {
        // The kind stands behind the version and the clinic.
        let text = "SELECT id FROM envelope WHERE substr(bytes, 18, 1) = ?1 ORDER BY ord";
        self.read(|r| all(&r.db, text, [[kind].as_slice()], |row| row.get(0)))
    }
}

fn erase(tx: &mut Tx<'_>, erasing: &Erasing) -> Result<()> {
    let patient = erasing.row.patient;
    let ord = erased::note(tx, &erasing.row)?;
    erase_forms(tx, patient)?;
    let mut documents = drafts_of(tx.db, patient)?;
    documents.push(DocumentRef::new(DocumentKind::Chart, patient.uuid()));
    for name in documents {
        let unsent = erase_document(tx, name)?;
        erased::add_unsent(tx.db, ord, unsent)?;
    }
    for tag in &erasing.tags {
        erased::note_tag(tx, ord, tag)?;
        erase_keys(tx, tag)?;
        quarantine::forget_tag(tx.db, tag)?;
    }
    elsewhere::forget(tx, patient)?;
    sheet::erase(tx, patient)?;
    search::index::optimize(tx.db)?;
    erasing.forget.iter().try_for_each(|name| named::remove(tx, name))?;
    erasing.named.iter().try_for_each(|row| named::put(tx, row))?;
    erased::set_unswept(tx.db, true)?;
    let said = [erasing.row.number.as_bytes(), &[0], erasing.row.ground.as_bytes()].concat();
    let mut audit = erasing.audit.iter().cloned();
    audit.try_for_each(|event| audit::append(tx, event, Sha256::digest(&said).to_vec()))
}

fn drafts_of(db: &Connection, patient: PatientId) -> Result<Vec<DocumentRef>> {
    let ids = draft::ids_of(db, patient)?.into_iter();
    Ok(ids.map(|id| DocumentRef::new(DocumentKind::Draft, id)).collect())
}

/// Erases a document; answers how many changes of it were never sealed.
fn erase_document(tx: &mut Tx<'_>, name: DocumentRef) -> Result<u64> {
    if name.kind == DocumentKind::Draft {
        run(tx.db, "DELETE FROM draft_text WHERE draft = ?1", [name.id.into_bytes()])?;
    }
    let Some(row) = document::find(tx.db, name)? else { return Ok(0) };
    let places = outbox::places(tx.db, row.ord)?;
    places.iter().try_for_each(|place| outbox::take(tx, *place))?;
    let text = "DELETE FROM change WHERE document = ?1 RETURNING hash";
    let gone: Vec<ChangeHash> = all(tx.db, text, [row.ord], |found| found.get(0))?;
    for hash in gone {
        tx.mark.tally.subtract(&[b"change", &row.ord.to_be_bytes(), &hash]);
    }
    run(tx.db, "DELETE FROM unacknowledged WHERE document = ?1", [row.ord])?;
    projections::remove(tx, row.ord)?;
    document::remove(tx, &row)?;
    Ok(u64::try_from(places.len()).unwrap_or(u64::MAX))
}

fn erase_keys(tx: &mut Tx<'_>, tag: &[u8; 32]) -> Result<()> {
    for row in named::with_prefix(tx.db, &keys_of(tag))? {
        named::remove(tx, &row.name)?;
        run(tx.db, "DELETE FROM key_order WHERE name = ?1", [row.name])?;
    }
    Ok(())
}

/// Before the names of a document's wrapped keys.
fn keys_of(tag: &[u8; 32]) -> String {
    format!("{KEYS}{}/", hex(tag))
}

/// Whether a small value is a wrapped key of something that was erased.
pub(crate) fn is_key_of_erased(db: &Connection, name: &str) -> Result<bool> {
    let Some(hex) = name.strip_prefix(KEYS).and_then(|rest| rest.split('/').next()) else {
        return Ok(false);
    };
    let text = "SELECT count(*) FROM erased_tag WHERE tag = unhex(?1)";
    Ok(count(db, text, [hex])? > 0)
}

/// Forgets what is typed into forms of a patient, and of entries of the chart: the window names
/// them by the ids of what they are of.
fn erase_forms(tx: &Tx<'_>, patient: PatientId) -> Result<()> {
    let Some(row) = document::find(tx.db, DocumentRef::new(DocumentKind::Chart, patient.uuid()))?
    else {
        return Ok(());
    };
    let mut ids = projections::entry_ids(tx.db, row.ord)?;
    ids.push(patient.uuid());
    ids.extend(draft::ids_of(tx.db, patient)?);
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let forms: Vec<(Vec<u8>, String)> =
        all(tx.db, "SELECT author, form FROM form_text", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for (author, form) in forms {
        if ids.iter().any(|id| form.contains(id.as_str())) {
            let text = "DELETE FROM form_text WHERE author = ?1 AND form = ?2";
            run(tx.db, text, (author, form))?;
        }
    }
    Ok(())
}
