//! What a side of a conflict says, whole and in the order it is read, with what stands out marked.

use crate::words::{line_of, part_name, part_words};
use clinical::{EntryValue, Part, Told};

/// A piece of a side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    /// What it is, where its words alone do not say.
    pub name: Option<&'static str>,
    /// What it says.
    pub words: String,
    /// Another side says otherwise, and this one no longer says what stood before.
    pub differs: bool,
    /// It says that all of it is over, or was a mistake.
    pub ends: bool,
}

/// What a value is held against.
#[derive(Clone, Copy)]
pub(super) struct Against<'a> {
    /// The other values.
    pub others: &'a [&'a EntryValue],
    /// What stood before.
    pub base: Option<&'a EntryValue>,
}

/// Everything a value says after its `label`. What must be read together is read together: what
/// no side disputes stands beside what is disputed; that it is over comes before all of it.
#[allow(clippy::wildcard_enum_match_arm, reason = "the other parts are told alike")]
pub(super) fn pieces(
    value: &EntryValue,
    label: &str,
    told: &Told<'_>,
    against: Against<'_>,
) -> Vec<Piece> {
    let Against { others, base } = against;
    let compared = !told.differs.is_empty();
    let is_agreed = |at: usize, part: Part<'_>| {
        let alike = |other: &&EntryValue| other.parts().get(at) == Some(&part);
        compared || (!others.is_empty() && others.iter().all(alike))
    };
    let of_part = |(at, part): (usize, Part<'_>)| {
        let apart = told.differs.iter().find(|(other, _)| *other == part);
        let apart = apart.map(|(_, words)| words.as_str());
        let stood = base.and_then(|base| base.parts().get(at).copied());
        let is_new = stood != Some(part);
        if let Some(line) = line_of(&part) {
            let there = |other: &&EntryValue| other.parts().get(at).and_then(line_of);
            let elsewhere: Vec<_> =
                others.iter().map(|other| there(other).unwrap_or_default()).collect();
            let before = stood.as_ref().and_then(line_of);
            return in_line(&part, line, apart, (&elsewhere, before.as_ref()));
        }
        match part {
            Part::Substance(_)
            | Part::Medicine(_)
            | Part::Name(_)
            | Part::CodeStatus(_)
            | Part::Reason(_)
            | Part::Became(_) => {
                let more = apart.filter(|words| *words != label && !part.is_empty());
                more.map(|words| named(&part, words, is_new)).into_iter().collect()
            }
            part => match apart {
                Some(words) => vec![named(&part, words, is_new)],
                None if part.is_empty() || (is_agreed(at, part) && part.is_usual()) => Vec::new(),
                None => vec![named(&part, &part_words(&part), false)],
            },
        }
    };
    let mut pieces: Vec<Piece> = value.parts().into_iter().enumerate().flat_map(of_part).collect();
    pieces.sort_by_key(|piece| !piece.ends);
    pieces
}

fn named(part: &Part<'_>, words: &str, differs: bool) -> Piece {
    Piece { name: Some(part_name(part)), words: words.to_owned(), differs, ends: part.ends() }
}

/// A part of the medication line in its parts: marked is what neither another
/// side's line nor the line before has.
fn in_line(
    part: &Part<'_>,
    line: Vec<String>,
    apart: Option<&str>,
    (elsewhere, before): (&[Vec<String>], Option<&Vec<String>>),
) -> Vec<Piece> {
    let is_new = before != Some(&line);
    if let Some(words) = apart.filter(|words| *words != crate::i18n::line(&line, " — ")) {
        // There is nothing of it here, or the lines read alike and are not.
        return vec![named(part, words, is_new)];
    }
    let is_own = |said: &String| elsewhere.iter().any(|other| !other.contains(said));
    let longest = elsewhere.iter().all(|other| other.len() <= line.len());
    // The same parts in another order: the whole line is what differs.
    let all = longest && !line.iter().any(is_own);
    let piece = |said: String| {
        let stood = before.is_some_and(|before| before.contains(&said));
        let differs = apart.is_some() && if all { is_new } else { is_own(&said) && !stood };
        Piece { name: None, words: said, differs, ends: false }
    };
    line.into_iter().map(piece).collect()
}
