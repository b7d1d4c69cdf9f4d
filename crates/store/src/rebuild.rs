//! Projections made again from the record.

use crate::{
    error::Result,
    projections::{self, TABLES, Target, View},
    store::Store,
    tables::{document, kept, state},
    transaction::Tx,
};
use chart::{Actor, AnyDocument, Touched};
use clinical::DocumentRef;
use rusqlite::{Connection, types::ValueRef};
use sha2::{Digest, Sha256};

/// Documents read at a time.
const PAGE: u32 = 256;

/// What a rebuild did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rebuilt {
    /// Documents whose rows were made again.
    pub documents: u64,
    /// The rows came out as they were before.
    pub unchanged: bool,
}

impl Store {
    /// Drops every projection and makes it again from the documents, in one transaction. `actor`
    /// opens them; nothing is written to them. `progress` is told the documents done so far.
    ///
    /// # Errors
    /// [`crate::StoreError`]: the projections are as they were.
    pub fn rebuild(&self, actor: Actor, progress: &mut dyn FnMut(u64)) -> Result<Rebuilt> {
        self.write(|tx| rebuild(tx, actor, progress))
    }

    /// Whether the projections are of another form than this version makes: an older or a newer one
    /// made them, and they should be made again before anyone reads them.
    ///
    /// # Errors
    /// [`crate::StoreError`] when the state cannot be read.
    pub fn wants_rebuild(&self) -> Result<bool> {
        self.read(|r| Ok(state::projections(&r.db)? != projections::FORM))
    }

    /// A digest of every projection row and of the search index: equal when they are equal.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read.
    pub fn projection_digest(&self) -> Result<[u8; 32]> {
        self.try_out(|tx| digest(tx.db))
    }
}

/// Makes every projection again; the caller keeps or undoes it.
pub(crate) fn rebuild(
    tx: &mut Tx<'_>,
    actor: Actor,
    progress: &mut dyn FnMut(u64),
) -> Result<Rebuilt> {
    let before = digest(tx.db)?;
    projections::clear_all(tx)?;
    let (mut documents, mut last) = (0, 0);
    loop {
        let ords = document::ords_after(tx.db, last, PAGE)?;
        let Some(end) = ords.last() else { break };
        last = *end;
        for ord in ords {
            project_again(tx, ord, actor)?;
            documents += 1;
        }
        progress(documents);
    }
    state::set_projections(tx.db, projections::FORM)?;
    Ok(Rebuilt { documents, unchanged: digest(tx.db)? == before })
}

fn project_again(tx: &mut Tx<'_>, ord: i64, actor: Actor) -> Result<()> {
    let name = document::name_of(tx.db, ord)?;
    let view = view_of(tx, name, actor)?;
    projections::project(tx, Target { ord, is_new: true }, &view, &Touched::All)?;
    Ok(())
}

fn view_of(tx: &mut Tx<'_>, name: DocumentRef, actor: Actor) -> Result<View> {
    let row = document::find(tx.db, name)?.ok_or(crate::StoreError::Damaged("a document"))?;
    let kept = kept::load(tx.db, tx.unpacker, &row)?;
    Ok(View::of(&mut AnyDocument::load(name, kept.stored(), actor)?))
}

/// Hashes every row of every projection, in order, and every word of the search index.
pub(crate) fn digest(db: &Connection) -> Result<[u8; 32]> {
    let mut hash = Sha256::new();
    for (table, order) in TABLES {
        hash.update(table);
        add_rows(db, &mut hash, &format!("SELECT * FROM {table} ORDER BY {order}"))?;
    }
    hash.update("patient_search");
    list_words(db)?;
    add_rows(db, &mut hash, "SELECT term, doc FROM temp.search_word ORDER BY term, doc")?;
    add_rows(db, &mut hash, "SELECT id, sz FROM patient_search_docsize ORDER BY id")?;
    Ok(hash.finalize().into())
}

/// Makes the words of the search index a table.
pub(crate) fn list_words(db: &Connection) -> Result<()> {
    db.execute_batch(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_word
         USING fts5vocab (main, patient_search, instance)",
    )?;
    Ok(())
}

fn add_rows(db: &Connection, hash: &mut Sha256, text: &str) -> Result<()> {
    let mut statement = db.prepare(text)?;
    let columns = statement.column_count();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        for column in 0..columns {
            add_value(hash, row.get_ref(column)?);
        }
    }
    Ok(())
}

/// Hashes one value, so that no other row of values reads the same.
pub(crate) fn add_value(hash: &mut Sha256, value: ValueRef<'_>) {
    let (tag, bytes) = match value {
        ValueRef::Null => (0_u8, Vec::new()),
        ValueRef::Integer(number) => (1, number.to_be_bytes().to_vec()),
        ValueRef::Real(number) => (2, number.to_be_bytes().to_vec()),
        ValueRef::Text(text) => (3, text.to_vec()),
        ValueRef::Blob(bytes) => (4, bytes.to_vec()),
    };
    hash.update([tag]);
    hash.update(u64::try_from(bytes.len()).unwrap_or_default().to_be_bytes());
    hash.update(bytes);
}
