//! What is looked for: each word of a query, and what it may be.

use super::index::Index;
use super::spelling::Misspelt;
use super::words;

/// More words than this are not looked for.
const WORDS_MAX: usize = 10;
/// More columns than this are not made.
pub(super) const COLUMNS_MAX: usize = 24;
/// From this length on a word that only begins alike may be another form of it.
const FORM_FROM: usize = 6;

/// How well a word of the index answers a typed one, in hundredths.
const EXACT: u8 = 100;
const PREFIX_LEAST: u8 = 60;
const FORM: u8 = 62;
const SLIP: [u8; 3] = [100, 72, 58];
/// What it costs to be found as another word than the one typed, in hundredths.
pub(super) const OTHER: f32 = 0.93;

/// A query.
#[derive(Debug, Default)]
pub(super) struct Query {
    /// The words that are looked for, each with the words of the index that answer it.
    pub(super) columns: Vec<Column>,
    /// What was typed, word by word: the ways in which each can be answered, as columns that must
    /// be answered together.
    pub(super) slots: Vec<Slot>,
}

/// One typed word.
#[derive(Debug, Default)]
pub(super) struct Slot {
    /// The word.
    pub(super) word: String,
    /// The ways to answer it: the word itself first.
    pub(super) ways: Vec<Vec<usize>>,
    /// How much it says: a word that stands everywhere says little.
    pub(super) weight: f32,
    /// No word of the index is it or begins with it.
    pub(super) is_unknown: bool,
}

/// The words of the index that answer one word.
#[derive(Debug, Default)]
pub(super) struct Column {
    /// Words by their place in the vocabulary, and how well each answers.
    pub(super) answers: Vec<(usize, u8)>,
}

impl Query {
    /// Reads a query.
    pub(super) fn of(index: &Index, text: &str) -> Self {
        let mut query = Self::default();
        for word in words::asked(text).into_iter().take(WORDS_MAX) {
            if query.slots.iter().any(|slot| slot.word == word) {
                continue;
            }
            let own = query.column(index, &word);
            let mut ways = vec![vec![own]];
            for meant in index.others.get(&word).into_iter().flatten() {
                if query.columns.len() + meant.len() <= COLUMNS_MAX {
                    ways.push(meant.iter().map(|word| query.column(index, word)).collect());
                }
            }
            let weight = if words::is_qualifier(&word) { 0.7 } else { query.weight(index, own) };
            let is_unknown = index.vocabulary.beginning(&word).next().is_none();
            query.slots.push(Slot { word, ways, weight, is_unknown });
        }
        query
    }

    fn column(&mut self, index: &Index, word: &str) -> usize {
        self.columns.push(Column { answers: answers(index, word) });
        self.columns.len() - 1
    }

    fn weight(&self, index: &Index, column: usize) -> f32 {
        let answers = self.columns.get(column).map(|it| it.answers.as_slice()).unwrap_or_default();
        let best = answers.iter().max_by_key(|(_, quality)| *quality);
        let places = best.map_or(0, |(word, _)| index.vocabulary.places(*word).len());
        let places = u16::try_from(places).unwrap_or(u16::MAX);
        // From 1 for a word in every tenth term to 2 for one that stands alone.
        2.0 - (f32::from(places) + 1.0).ln() / 10.0
    }
}

/// The words of the index that answer a word: itself, what it begins, other forms of it; where
/// there is none, what it may have been meant for.
fn answers(index: &Index, word: &str) -> Vec<(usize, u8)> {
    let mut answers: Vec<(usize, u8)> = Vec::new();
    let single = word.chars().count() < 2;
    for (at, found) in index.vocabulary.beginning(word) {
        if found == word {
            answers.push((at, EXACT));
        } else if !single {
            answers.push((at, begun(word.len(), found.len())));
        }
    }
    let is_known = !answers.is_empty();
    answers.extend(forms(index, word));
    if !is_known && let Some(misspelt) = Misspelt::of(word) {
        for (at, found) in index.vocabulary.words() {
            let slips = misspelt.slips(found);
            if let Some(quality) = slips.and_then(|slips| SLIP.get(slips)) {
                answers.push((at, *quality));
            }
        }
    }
    answers
}

/// How well a word answers of which so much was typed.
fn begun(typed: usize, whole: usize) -> u8 {
    let part = u8::try_from(typed * 36 / whole.max(1)).unwrap_or_default();
    PREFIX_LEAST + part
}

/// Words that begin as this one does and end otherwise: `infected`, `infection`.
fn forms<'a>(index: &'a Index, word: &'a str) -> impl Iterator<Item = (usize, u8)> + 'a {
    let kept = word.len().saturating_sub(3).max(FORM_FROM - 1);
    let stem = word.get(..kept).filter(|_| word.len() >= FORM_FROM);
    let found = stem.into_iter().flat_map(|stem| index.vocabulary.beginning(stem));
    found
        .filter(move |(_, found)| !found.starts_with(word) && found.len() <= kept + 5)
        .map(|(at, _)| (at, FORM))
}
