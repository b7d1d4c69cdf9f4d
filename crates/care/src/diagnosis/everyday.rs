//! What people say: the names of diagnoses in use, how common each is, and what a word may be.

use std::collections::BTreeMap;

/// Codes, how common they are, and what they are called besides.
const NAMES: &str = include_str!("../../../../assets/terminology/everyday.tsv");
/// Codes, languages, and what patients and clinics call them in these.
const SAID: &str = include_str!("../../../../assets/terminology/said.tsv");
/// Words, and what else they may be.
const WORDS: &str = include_str!("../../../../assets/terminology/words.tsv");

/// One diagnosis of everyday.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Everyday {
    /// How common it is, from 0 to 3.
    pub(super) common: u8,
    /// What it is called.
    pub(super) names: Vec<&'static str>,
}

/// The diagnoses of everyday by their codes.
pub(super) fn everyday() -> BTreeMap<&'static str, Everyday> {
    let line = |line: &'static str| {
        let mut parts = line.split('\t');
        let (code, common) = (parts.next()?, parts.next()?.parse().ok()?);
        Some((code, Everyday { common, names: split(parts.next()?) }))
    };
    let mut everyday: BTreeMap<&'static str, Everyday> = lines(NAMES).filter_map(line).collect();
    for (code, _, names) in said() {
        if let Some(it) = everyday.get_mut(code) {
            it.names.extend(names);
        }
    }
    everyday
}

/// What is said of a diagnosis beside: the code, the language, the names.
pub(super) fn said() -> impl Iterator<Item = (&'static str, &'static str, Vec<&'static str>)> {
    lines(SAID).filter_map(|line| {
        let mut parts = line.split('\t');
        Some((parts.next()?, parts.next()?, split(parts.next()?)))
    })
}

/// What a word may be besides itself: each time one or more words that belong together.
pub(super) fn other_words() -> BTreeMap<&'static str, Vec<&'static str>> {
    lines(WORDS).filter_map(|line| line.split_once('\t')).map(|(it, is)| (it, split(is))).collect()
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#'))
}

fn split(names: &'static str) -> Vec<&'static str> {
    names.split("; ").map(str::trim).filter(|name| !name.is_empty()).collect()
}
