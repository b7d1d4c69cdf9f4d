//! The words of a prescription: what is typed, and what it says.
//!
//! A phrase is written in small letters and without marks. `#` is any number; `{a|b|}` is one of
//! several, or none.

mod counts;
mod daily;
mod instructions;
mod lasting;
mod periods;
mod routes;

use super::{fact::Fact, number::Number};
pub(super) use counts::{HALVES, HOURS, JOINERS, MANY_WORDS, NO_JOINERS, PART_WORDS, TIMES_WORDS};

/// What is made of the numbers of a phrase; `None` where they are none of it.
pub(super) type Make = fn(&[Number]) -> Option<Fact>;

/// Phrases that say one thing.
#[derive(Clone, Copy)]
pub(super) enum Says {
    /// The same whatever stands in it.
    This(fn() -> Fact),
    /// Something with its numbers.
    With(Make),
}

/// Every phrase with what it says.
pub(super) fn phrases() -> impl Iterator<Item = (&'static str, Says)> {
    let lists: [&[(&str, Says)]; 5] = [
        daily::PHRASES,
        periods::PHRASES,
        lasting::PHRASES,
        routes::PHRASES,
        instructions::PHRASES,
    ];
    lists.into_iter().flatten().copied()
}

/// A number that a word names, in the languages of the clinic.
pub(super) fn number_word(word: &str) -> Option<Number> {
    let at = NUMBERS.iter().position(|names| names.split(' ').any(|name| name == word))?;
    Some(Number::whole(u32::try_from(at).ok()? + 1))
}

/// Words that begin a line which orders nothing: it ends, holds or changes what is taken.
pub(super) const FORBID: [&str; 24] = [
    "stop",
    "stopped",
    "hold",
    "withhold",
    "cease",
    "discontinue",
    "omit",
    "avoid",
    "never",
    "no",
    "not",
    "dont",
    "don",
    "increase",
    "decrease",
    "reduce",
    "change",
    "switch",
    "allergic",
    "allergy",
    "arreter",
    "suspender",
    "parar",
    "acha",
];

/// Words before the next of several steps.
pub(super) const THEN: [&str; 4] = ["then", "puis", "luego", "kisha"];

const NUMBERS: [&str; 10] = [
    "one un une una uma moja",
    "two deux dos duas dois mbili",
    "three trois tres tatu",
    "four quatre cuatro quatro nne",
    "five cinq cinco tano",
    "six seis sita",
    "seven sept siete sete saba",
    "eight huit ocho oito nane",
    "nine neuf nueve nove tisa",
    "ten dix diez dez kumi",
];
