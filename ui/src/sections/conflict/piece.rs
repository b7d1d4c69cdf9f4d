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
    /// Another side says otherwise.
    pub differs: bool,
}

/// Everything a value says after its `label`. What must be read together is read together: what
/// no side disputes stands beside what is disputed. `others` are the values it is held against.
#[allow(clippy::wildcard_enum_match_arm, reason = "the other parts are told alike")]
pub(super) fn pieces(
    value: &EntryValue,
    label: &str,
    told: &Told<'_>,
    others: &[&EntryValue],
) -> Vec<Piece> {
    let compared = !told.differs.is_empty();
    let of_part = |(at, part): (usize, Part<'_>)| {
        let apart = told.differs.iter().find(|(other, _)| *other == part);
        let apart = apart.map(|(_, words)| words.as_str());
        if let Some(line) = line_of(&part) {
            let there = |other: &&EntryValue| other.parts().get(at).and_then(line_of);
            let elsewhere: Vec<_> =
                others.iter().map(|other| there(other).unwrap_or_default()).collect();
            return in_line(&part, line, apart, &elsewhere);
        }
        match part {
            Part::Substance(_)
            | Part::Medicine(_)
            | Part::Name(_)
            | Part::CodeStatus(_)
            | Part::Reason(_)
            | Part::Became(_) => {
                let more = apart.filter(|words| *words != label && !part.is_empty());
                more.map(|words| named(&part, words, true)).into_iter().collect()
            }
            part => match apart {
                Some(words) => vec![named(&part, words, true)],
                None if part.is_empty() || (compared && part.is_usual()) => Vec::new(),
                None => vec![named(&part, &part_words(&part), false)],
            },
        }
    };
    value.parts().into_iter().enumerate().flat_map(of_part).collect()
}

fn named(part: &Part<'_>, words: &str, differs: bool) -> Piece {
    Piece { name: Some(part_name(part)), words: words.to_owned(), differs }
}

/// A part of the medication line in its parts: marked is what another side's line does not have.
fn in_line(
    part: &Part<'_>,
    line: Vec<String>,
    apart: Option<&str>,
    elsewhere: &[Vec<String>],
) -> Vec<Piece> {
    if let Some(words) = apart.filter(|words| *words != crate::i18n::line(&line, " — ")) {
        // There is nothing of it here, or the lines read alike and are not.
        return vec![named(part, words, true)];
    }
    let is_own = |said: &String| elsewhere.iter().any(|other| !other.contains(said));
    let longest = elsewhere.iter().all(|other| other.len() <= line.len());
    // The same parts in another order: the whole line is what differs.
    let all = longest && !line.iter().any(is_own);
    let piece = |said: String| {
        let differs = apart.is_some() && (all || is_own(&said));
        Piece { name: None, words: said, differs }
    };
    line.into_iter().map(piece).collect()
}
