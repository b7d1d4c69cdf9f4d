//! The words of the index and where they stand.

use std::collections::HashMap;

/// Where a word stands: in which term, and how much of it that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// The term.
    pub(super) term: u32,
    /// What the word weighs in it.
    pub(super) weight: u8,
}

/// Every word once, in order, with its places.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    words: Vec<Box<str>>,
    /// The places of the word at `n` are those from `starts[n]` to `starts[n + 1]`.
    starts: Vec<u32>,
    places: Vec<Place>,
}

impl Vocabulary {
    /// Makes it of words and their places.
    pub(super) fn of(found: HashMap<String, Vec<Place>>) -> Self {
        let mut vocabulary = Self { starts: vec![0], ..Self::default() };
        let mut found: Vec<(String, Vec<Place>)> = found.into_iter().collect();
        found.sort_unstable_by(|one, other| one.0.cmp(&other.0));
        for (word, places) in found {
            vocabulary.words.push(word.into_boxed_str());
            vocabulary.places.extend(places);
            vocabulary.starts.push(u32::try_from(vocabulary.places.len()).unwrap_or(u32::MAX));
        }
        vocabulary
    }

    /// All words.
    pub(super) fn words(&self) -> impl Iterator<Item = (usize, &str)> {
        self.words.iter().enumerate().map(|(at, word)| (at, word.as_ref()))
    }

    /// The words that begin with a text.
    pub(super) fn beginning(&self, with: &str) -> impl Iterator<Item = (usize, &str)> {
        let first = self.words.partition_point(|word| word.as_ref() < with);
        let rest = self.words.get(first..).unwrap_or_default().iter().enumerate();
        rest.map(move |(at, word)| (first + at, word.as_ref()))
            .take_while(move |(_, word)| word.starts_with(with))
    }

    /// Where a word stands.
    pub(super) fn places(&self, word: usize) -> &[Place] {
        let start = |at: usize| {
            let start = self.starts.get(at).copied().unwrap_or_default();
            usize::try_from(start).unwrap_or_default()
        };
        self.places.get(start(word)..start(word + 1)).unwrap_or_default()
    }
}
