//! What any two stores that hold the same of a document have in common, bit for bit.

use crate::{
    error::{Result, StoreError},
    projections::TABLES,
    rebuild::{add_value, list_words},
    store::Store,
    tables::{document, writer},
};
use chart::Heads;
use clinical::{DeviceId, DocumentRef, PractitionerId};
use rusqlite::{Connection, types::ValueRef};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The words by which a patient is found, with how many there are.
const WORDS: [(&str, &str); 2] = [
    ("patient_search", "SELECT doc, term FROM temp.search_word ORDER BY doc, term"),
    ("patient_search_docsize", "SELECT id, sz FROM patient_search_docsize ORDER BY id"),
];

/// One document and what was made of it, as they are wherever the same is held of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fingerprint {
    /// Its heads.
    pub heads: Heads,
    /// A digest of its rows in each projection, and in the search index, that has any.
    pub rows: BTreeMap<&'static str, [u8; 32]>,
}

impl Store {
    /// The fingerprint of every document.
    ///
    /// No projection is left out, and no column but two that hold numbers which each store gives in
    /// the order in which it meets what they stand for: the number of the document itself, and the
    /// number of who wrote, for which their names are taken. What else is in the file is no
    /// projection and stays out: what is typed, printed and set aside here, what each peer was seen
    /// to hold, in what order things came, who looked at what.
    ///
    /// # Errors
    /// [`crate::StoreError`] when a row cannot be read, or belongs to nothing.
    pub fn fingerprints(&self) -> Result<BTreeMap<DocumentRef, Fingerprint>> {
        self.try_out(|tx| fingerprints(tx.db))
    }
}

type Writers = BTreeMap<i64, (PractitionerId, DeviceId)>;

fn fingerprints(db: &Connection) -> Result<BTreeMap<DocumentRef, Fingerprint>> {
    let mut found = documents(db)?;
    let writers = writer::all(db)?;
    list_words(db)?;
    let projected = TABLES.map(|(table, order)| (table, text_of(table, order)));
    let words = WORDS.map(|(table, text)| (table, text.to_owned()));
    for (table, text) in projected.into_iter().chain(words) {
        for (ord, hash) in hashes(db, &text, &writers)? {
            let (_, one) = found.get_mut(&ord).ok_or(StoreError::Damaged("a row's document"))?;
            one.rows.insert(table, hash.finalize().into());
        }
    }
    Ok(found.into_values().collect())
}

/// Every document by its number, nothing of it but its heads.
fn documents(db: &Connection) -> Result<BTreeMap<i64, (DocumentRef, Fingerprint)>> {
    let mut documents = BTreeMap::new();
    for ord in document::ords_after(db, 0, u32::MAX)? {
        let name = document::name_of(db, ord)?;
        let heads = document::find(db, name)?.map(|row| row.heads).unwrap_or_default();
        documents.insert(ord, (name, Fingerprint { heads, rows: BTreeMap::new() }));
    }
    Ok(documents)
}

/// All rows of a table, the number of their document first; those that name none, the people, are of
/// the clinic's. Within a document they are in the order of names.
fn text_of(table: &str, order: &str) -> String {
    match order.split(", ").next() {
        Some("chart" | "document") => format!("SELECT * FROM {table} ORDER BY {order}"),
        Some(_) | None => {
            let clinic = "SELECT min(document) FROM clinic";
            format!("SELECT ({clinic}), {table}.* FROM {table} ORDER BY {order}")
        }
    }
}

/// Hashes the rows of each document.
fn hashes(db: &Connection, text: &str, writers: &Writers) -> Result<BTreeMap<i64, Sha256>> {
    let mut statement = db.prepare(text)?;
    let (columns, writer) = (statement.column_count(), statement.column_index("writer").ok());
    let mut hashes: BTreeMap<i64, Sha256> = BTreeMap::new();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let hash = hashes.entry(row.get(0)?).or_default();
        for column in 1..columns {
            if Some(column) == writer {
                add_writer(hash, writers, row.get(column)?)?;
            } else {
                add_value(hash, row.get_ref(column)?);
            }
        }
    }
    Ok(hashes)
}

/// Hashes who wrote; 0 is nobody.
fn add_writer(hash: &mut Sha256, writers: &Writers, number: i64) -> Result<()> {
    if number == 0 {
        add_value(hash, ValueRef::Null);
        return Ok(());
    }
    let (author, device) = writers.get(&number).ok_or(StoreError::Damaged("a writer"))?;
    add_value(hash, ValueRef::Blob(author.uuid().as_bytes()));
    add_value(hash, ValueRef::Blob(device.uuid().as_bytes()));
    Ok(())
}
