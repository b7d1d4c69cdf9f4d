//! A diagnosis by what clinicians type: a search over ICD-10-CM, which is part of the program.
//!
//! The classification is the April 2026 release of NCHS and CMS (public domain), packed by
//! `examples/icd10cm.rs`; what people say instead of its words, and which diagnoses are common in a
//! general clinic, are tables of our own in `assets/terminology`. The index is made of them at the
//! first question and kept.

mod code;
mod everyday;
mod index;
mod query;
mod ranking;
mod spelling;
mod table;
#[cfg(test)]
mod tests;
mod vocabulary;
mod words;

use index::Index;
use std::sync::OnceLock;
use table::Table;

/// What is read of a query, in characters: the rest of a longer one says nothing more.
const QUERY_MAX: usize = 200;

/// A diagnosis that may be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its code, with the dot; one that can be reported, never a header.
    pub code: String,
    /// What the classification calls it.
    pub display: String,
    /// How it was found.
    pub matched: Matched,
}

/// How a diagnosis was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Matched {
    /// By its code.
    Code,
    /// By all of the words.
    Words,
    /// By all of the words, one of them misspelt.
    Spelling,
    /// By some of the words alone.
    Partly,
}

/// The diagnoses that may be meant by a query, best first, at most `limit`: its words in any order,
/// whole or begun, abbreviations and names people use, slips of spelling, or a code with or without
/// its dot.
pub fn find(query: &str, limit: usize) -> Vec<Found> {
    let query: String = query.chars().take(QUERY_MAX).collect();
    let index = index();
    let mut found = code::find(&index.table, &query, limit);
    if found.is_empty() {
        found = ranking::find(index, &query, limit);
    }
    found
}

/// What the classification calls a code that can be reported, typed with its dot; `None` when there
/// is no such code.
pub fn display_of(code: &str) -> Option<String> {
    index().table.display_of(code)
}

/// Makes the index now, so that the first question does not wait for it.
pub fn warm() {
    let _made = index();
}

fn index() -> &'static Index {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(|| Index::of(Table::bundled()))
}
