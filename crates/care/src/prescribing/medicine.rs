//! Where the medicine's name stands in a sentence, and which it is.

use super::{
    names::{Candidate, beginning, combination, exact, similar},
    scan::is_known,
    token::{Kind, Token},
};
use crate::drug::is_salt;
use std::ops::Range;

/// The medicine of a sentence.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// The tokens of its name; empty where there is none.
    pub(super) tokens: Range<usize>,
    /// The medicines it may be, the likeliest first.
    pub(super) candidates: Vec<Candidate>,
    /// Whether it is the first.
    pub(super) is_one: bool,
    /// The words of a salt behind the name.
    pub(super) salt: Range<usize>,
}

/// Words of a name that is not in the list.
const WORDS_MAX: usize = 4;

/// Finds the medicine: the first words that say nothing else.
pub(super) fn medicine(tokens: &[Token]) -> Named {
    let mut at = 0;
    while let Some(rest) = tokens.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some(found) = exact(rest) {
            // "amoxicillin clav" begins a longer name than the whole one before it.
            let is_free = |place: usize| {
                let long = rest.get(place).is_some_and(|token| token.text.chars().count() > 3);
                long && rest.get(place..).is_some_and(|rest| is_known(rest).is_none())
            };
            let longer = beginning(rest, is_free).filter(|it| it.length > found.length);
            let found = longer.unwrap_or(found);
            return with_salt(tokens, at..at + found.length, found.candidates, found.is_one);
        }
        if let Some(length) = is_known(rest) {
            at += length;
            continue;
        }
        if rest.first().is_some_and(|token| token.kind == Kind::Word) {
            return named(tokens, at);
        }
        at += 1;
    }
    Named::default()
}

fn named(tokens: &[Token], at: usize) -> Named {
    let rest = tokens.get(at..).unwrap_or_default();
    let is_free = |place: usize| rest.get(place..).is_some_and(|rest| is_known(rest).is_none());
    if let Some(found) = beginning(rest, is_free) {
        return with_salt(tokens, at..at + found.length, found.candidates, found.is_one);
    }
    let is_of_name = |(place, token): &(usize, &Token)| {
        token.kind == Kind::Word && (*place == 0 || (!token.parted && is_free(*place)))
    };
    let length = rest.iter().enumerate().take_while(is_of_name).take(WORDS_MAX).count();
    let candidates = rest.first().map(|token| similar(&token.text)).unwrap_or_default();
    Named { tokens: at..at + length, candidates, is_one: false, salt: 0..0 }
}

/// The name with the words of a salt behind it: `amlodipine besilate`.
fn with_salt(
    tokens: &[Token],
    name: Range<usize>,
    candidates: Vec<Candidate>,
    is_one: bool,
) -> Named {
    let (name, candidates, is_one) = with_another(tokens, name, candidates, is_one);
    let rest = tokens.get(name.end..).unwrap_or_default();
    let is_of_salt =
        |token: &&Token| token.kind == Kind::Word && !token.parted && is_salt(&token.text);
    let salt = rest.iter().take_while(is_of_salt).count();
    let ends = name.end + salt;
    Named { tokens: name.start..ends, candidates, is_one, salt: name.end..ends }
}

/// Two names beside each other are their combination, or are to be chosen from: `losartan hctz`.
fn with_another(
    tokens: &[Token],
    name: Range<usize>,
    candidates: Vec<Candidate>,
    is_one: bool,
) -> (Range<usize>, Vec<Candidate>, bool) {
    let sign =
        |at: usize| tokens.get(at).is_some_and(|it| matches!(it.text.as_str(), "/" | "+" | "and"));
    let from = name.end + usize::from(sign(name.end));
    let rest = tokens.get(from..).unwrap_or_default();
    let is_word = rest.first().is_some_and(|it| it.kind == Kind::Word && !it.parted);
    let other = exact(rest).filter(|found| is_one && is_word && found.is_one);
    let (Some(other), Some(first)) = (other, candidates.first()) else {
        return (name, candidates, is_one);
    };
    let Some(second) = other.candidates.first() else { return (name, candidates, is_one) };
    let both = name.start..from + other.length;
    match combination(first, second) {
        Some(one) => (both, vec![one], true),
        None => (both, vec![*first, *second], false),
    }
}
