//! Read models: what lists and summaries read without opening a document.
//!
//! Everything here can be dropped and made again from the record, bit for bit.

pub(crate) mod chart;
pub(crate) mod clinic;
pub(crate) mod conflict;
pub(crate) mod draft;
pub(crate) mod entry;
pub(crate) mod entry_mark;
pub(crate) mod link;
pub(crate) mod patient;
pub(crate) mod sharing;

mod allergy;
mod composition;
mod condition;
pub(crate) mod document_reference;
pub(crate) mod encounter;
mod medication;
pub(crate) mod observation;
pub(crate) mod target;
pub(crate) mod task;

use crate::{
    error::{Result, StoreError},
    search,
    sql::{all, run, uuid},
    transaction::Tx,
};
use ::chart::{AnyDocument, Clinic, Touched};
use clinical::{Chart, DocumentKind, EntryKind, NoteDraft};
use rusqlite::Connection;
use std::{collections::BTreeSet, sync::Arc};
use uuid::Uuid;

pub(crate) use target::Target;

/// The form the projections of this version have. It goes up with every change of what a document
/// is made to rows: a store whose rows are of another form has them made again when it is opened.
pub(crate) const FORM: u32 = 15;

/// A document as it reads after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum View {
    /// A chart. When entries are named as touched, only they are read from it, and all conflicts,
    /// withdrawn entries and reasons.
    Chart(Arc<Chart>),
    /// A draft; nothing while the change that says whose it is has not arrived.
    Draft(Option<Box<NoteDraft>>),
    /// The clinic.
    Clinic(Box<Clinic>),
}

impl View {
    /// What a document looks like now.
    pub fn of(document: &mut AnyDocument) -> Self {
        match document {
            AnyDocument::Chart(document) => Self::Chart(Arc::new(document.read())),
            AnyDocument::Draft(document) => Self::Draft(document.read().map(Box::new)),
            AnyDocument::Clinic(document) => Self::Clinic(Box::new(document.read())),
        }
    }

    /// Enough of what a document looks like now to write the rows of what was touched.
    pub fn of_touched(document: &mut AnyDocument, touched: &Touched) -> Self {
        match (document, touched) {
            (AnyDocument::Chart(document), Touched::Entries(entries)) => {
                Self::Chart(Arc::new(document.read_entries(entries)))
            }
            (document, Touched::All | Touched::Entries(_)) => Self::of(document),
        }
    }

    /// The kind of document it is a view of.
    pub const fn kind(&self) -> DocumentKind {
        match self {
            Self::Chart(_) => DocumentKind::Chart,
            Self::Draft(_) => DocumentKind::Draft,
            Self::Clinic(_) => DocumentKind::Clinic,
        }
    }
}

/// Writes the rows of what was touched; returns the kinds of entry that may read differently.
pub(crate) fn project(
    tx: &mut Tx<'_>,
    target: Target,
    view: &View,
    touched: &Touched,
) -> Result<Vec<EntryKind>> {
    match view {
        View::Chart(read) => chart::project(tx, target, read, touched)?,
        View::Draft(read) => draft::project(tx, target, read.as_deref())?,
        View::Clinic(read) => clinic::project(tx, target, read)?,
    }
    Ok(kinds_of(view, touched))
}

fn kinds_of(view: &View, touched: &Touched) -> Vec<EntryKind> {
    match (view, touched) {
        (View::Draft(_) | View::Clinic(_), _) => Vec::new(),
        (View::Chart(_), Touched::All) => {
            EntryKind::ALL.into_iter().map(|(kind, _)| kind).collect()
        }
        (View::Chart(_), Touched::Entries(entries)) => {
            let kinds: BTreeSet<EntryKind> = entries.iter().map(|entry| entry.kind).collect();
            kinds.into_iter().collect()
        }
    }
}

/// Every table of projections with the columns that order it, for dropping and comparing.
pub(crate) const TABLES: [(&str, &str); 16] = [
    ("patient", "chart"),
    ("allergy", "chart, id"),
    ("condition", "chart, id"),
    ("medication", "chart, id"),
    ("encounter", "chart, id"),
    ("observation", "chart, id"),
    ("composition", "chart, id"),
    ("task", "chart, id"),
    ("document_reference", "chart, id"),
    ("sharing", "chart, id"),
    ("patient_link", "chart, id"),
    ("entry_mark", "chart, mark, kind, id"),
    ("conflict", "chart, id"),
    ("draft", "document"),
    ("clinic", "document"),
    ("person", "id"),
];

/// The ids of a chart's entries: of each there is a row in a table of charts that is ordered by it.
pub(crate) fn entry_ids(db: &Connection, ord: i64) -> Result<Vec<Uuid>> {
    let mut ids = Vec::new();
    let of_entries =
        TABLES.iter().filter(|(table, order)| *order == "chart, id" && *table != "conflict");
    for (table, _) in of_entries {
        let text = format!("SELECT id FROM {table} WHERE chart = ?1");
        ids.extend(all(db, &text, [ord], |row| uuid(row, 0))?);
    }
    Ok(ids)
}

/// Removes the rows of one document, a chart or a draft.
pub(crate) fn remove(tx: &Tx<'_>, ord: i64) -> Result<()> {
    search::index::remove(tx.db, ord)?;
    for (table, order) in TABLES {
        let column = order.split(", ").next().unwrap_or_default();
        if matches!(column, "chart" | "document") {
            run(tx.db, &format!("DELETE FROM {table} WHERE {column} = ?1"), [ord])?;
        }
    }
    Ok(())
}

/// Drops every projection row.
pub(crate) fn clear_all(tx: &Tx<'_>) -> Result<()> {
    for (table, _) in TABLES {
        tx.db.execute(&format!("DELETE FROM {table}"), [])?;
    }
    tx.db.execute("INSERT INTO patient_search (patient_search) VALUES ('delete-all')", [])?;
    Ok(())
}

/// A view of the wrong kind is a mistake of the caller.
pub(crate) fn check_kind(kind: DocumentKind, view: &View) -> Result<()> {
    if view.kind() == kind { Ok(()) } else { Err(StoreError::ViewMismatch) }
}
