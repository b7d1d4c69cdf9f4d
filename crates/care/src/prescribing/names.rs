//! Which medicine the first words of a sentence name.

use super::{
    formulary::{Medicine, medicines},
    fuzzy::is_similar,
    reading::Match,
    token::{Kind, Token},
};
use crate::text::{folded, words};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

/// A name of a medicine.
struct Name {
    /// Its words in small letters and without marks.
    words: Vec<String>,
    /// The place of the medicine in the list.
    of: usize,
    /// Whether it is the generic name.
    is_own: bool,
}

/// A medicine that words may name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    /// The medicine.
    pub(super) medicine: &'static Medicine,
    /// How its name was found.
    pub(super) how: Match,
}

/// Medicines that some tokens name.
pub(super) struct Found {
    /// How many tokens.
    pub(super) length: usize,
    /// The medicines, the likeliest first.
    pub(super) candidates: Vec<Candidate>,
    /// Whether the first is meant and no other.
    pub(super) is_one: bool,
}

/// Letters of a beginning that is enough to take a medicine by.
const LETTERS_MIN: usize = 3;
/// Words a name has.
const WORDS_MAX: usize = 9;

/// The medicines whose whole name begins with the first of these tokens.
pub(super) fn exact(tokens: &[Token]) -> Option<Found> {
    let chunks = chunks(tokens);
    let keys: Vec<String> = chunks.iter().map(|(word, _)| key(word)).collect();
    (1..=chunks.len()).rev().find_map(|count| {
        let chunks = chunks.get(..count)?;
        let found = EXACT.get(&keys.get(..count)?.join(" "))?;
        let candidates = candidates(found.iter().map(|at| (*at, Match::Exact)));
        let is_one = candidates.len() == 1;
        Some(Found { length: chunks.last()?.1, candidates, is_one })
    })
}

/// The medicines with a name whose words begin as these tokens do. `is_free` says whether a token
/// further on may be of a name.
pub(super) fn beginning(tokens: &[Token], is_free: impl Fn(usize) -> bool) -> Option<Found> {
    let typed: Vec<(String, usize)> = words_of(tokens, is_free);
    let first = typed.get(..1)?;
    let all: Vec<&Name> = NAMES.iter().filter(|name| name.begins(first)).collect();
    (1..=typed.len()).rev().find_map(|count| {
        let typed = typed.get(..count)?;
        let begins: Vec<&Name> = all.iter().copied().filter(|name| name.begins(typed)).collect();
        let how =
            |name: &&Name| (name.of, if name.is_own { Match::Prefix } else { Match::OtherName });
        let candidates = candidates(begins.iter().map(how));
        let first = candidates.first()?;
        let is_long = typed.first()?.0.chars().count() >= LETTERS_MIN;
        let is_one = is_long && (candidates.len() == 1 || is_head(first, &begins));
        Some(Found { length: typed.last()?.1, candidates, is_one })
    })
}

/// The medicines with a name that is spelled nearly as this word.
pub(super) fn similar(word: &str) -> Vec<Candidate> {
    let is_near = |name: &&Name| name.words.first().is_some_and(|known| is_similar(word, known));
    candidates(NAMES.iter().filter(is_near).map(|name| (name.of, Match::Similar)))
}

/// The medicine of exactly the substances of two.
pub(super) fn combination(one: &Candidate, other: &Candidate) -> Option<Candidate> {
    let parts = |name: &'static str| name.split(" + ");
    let both: BTreeSet<&str> = parts(one.medicine.name).chain(parts(other.medicine.name)).collect();
    let is_it =
        |medicine: &&'static Medicine| parts(medicine.name).collect::<BTreeSet<_>>() == both;
    medicines().iter().find(is_it).map(|medicine| Candidate { medicine, how: Match::Exact })
}

/// Whether all that begin so are the first one and its combinations: nobody who means a
/// combination stops within the name of the first substance.
fn is_head(first: &Candidate, begins: &[&Name]) -> bool {
    let head: Vec<String> = split(first.medicine.name);
    first.how == Match::Prefix
        && !first.medicine.name.contains(" + ")
        && begins.iter().all(|name| name.words.starts_with(&head))
}

/// Each medicine once, by how it was found and then by name.
fn candidates(found: impl Iterator<Item = (usize, Match)>) -> Vec<Candidate> {
    let mut best: BTreeMap<usize, Match> = BTreeMap::new();
    for (of, how) in found {
        let known = best.entry(of).or_insert(how);
        *known = how.min(*known);
    }
    let mut candidates: Vec<Candidate> = best
        .into_iter()
        .filter_map(|(of, how)| Some(Candidate { medicine: medicines().get(of)?, how }))
        .collect();
    candidates.sort_by_key(|candidate| (candidate.how, candidate.medicine.name));
    candidates
}

impl Name {
    fn begins(&self, typed: &[(String, usize)]) -> bool {
        typed.len() <= self.words.len()
            && self.words.iter().zip(typed).all(|(known, (typed, _))| {
                // A single letter is a word of its own: "b" is no "b12".
                if typed.chars().count() > 1 { known.starts_with(typed) } else { known == typed }
            })
    }
}

/// The words at the beginning, glued letters and digits as one, each with the tokens up to its
/// end. Strokes and pluses between two are passed over.
fn chunks(tokens: &[Token]) -> Vec<(String, usize)> {
    let mut chunks: Vec<(String, usize)> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if chunks.len() > WORDS_MAX || (at > 0 && token.parted) {
            break;
        }
        let is_name = matches!(token.kind, Kind::Word | Kind::Number(..));
        match chunks.last_mut() {
            Some((word, end)) if token.glued && is_name && *end == at => {
                word.push_str(&token.text);
                *end = at + 1;
            }
            _ if is_name => chunks.push((token.text.clone(), at + 1)),
            Some(_) if matches!(token.text.as_str(), "/" | "+") => {}
            _ => break,
        }
    }
    chunks.truncate(WORDS_MAX);
    chunks
}

/// The words at the beginning that may be the beginnings of a name's.
fn words_of(tokens: &[Token], is_free: impl Fn(usize) -> bool) -> Vec<(String, usize)> {
    let is_word =
        |token: &Token| token.kind == Kind::Word || matches!(token.text.as_str(), "/" | "+");
    let mut typed = Vec::new();
    for (at, token) in tokens.iter().enumerate().take_while(|(_, token)| is_word(token)) {
        if at > 0 && (token.parted || (token.kind == Kind::Word && !is_free(at))) {
            break;
        }
        if token.kind == Kind::Word {
            typed.push((token.text.clone(), at + 1));
        }
    }
    typed.truncate(WORDS_MAX);
    typed
}

static NAMES: LazyLock<Vec<Name>> = LazyLock::new(|| {
    let of_one = |(of, medicine): (usize, &'static Medicine)| {
        let own = std::iter::once((medicine.name, true));
        // What the list calls another medicine is no name of this one.
        let is_its = move |name: &&&str| EXACT.get(&keys(name)).is_some_and(|it| it.contains(&of));
        let others = medicine.other_names.iter().filter(is_its).map(|name| (*name, false));
        own.chain(others).map(move |(name, is_own)| Name { words: split(name), of, is_own })
    };
    medicines().iter().enumerate().flat_map(of_one).collect()
});

/// Every whole name. What the list says of a name goes before what the allergy tables say:
/// benzathine benzylpenicillin is another medicine than benzylpenicillin, and one substance.
static EXACT: LazyLock<BTreeMap<String, Vec<usize>>> = LazyLock::new(|| {
    let mut exact: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let all = || medicines().iter().enumerate();
    for (of, medicine) in all() {
        exact.entry(keys(medicine.name)).or_default().push(of);
    }
    for (of, medicine) in all() {
        for name in medicine.names_of_the_list() {
            push(exact.entry(keys(name)).or_default(), of);
        }
    }
    for (of, medicine) in all() {
        for name in
            medicine.other_names.iter().filter(|it| !medicine.names_of_the_list().contains(it))
        {
            exact.entry(keys(name)).or_insert_with(|| vec![of]);
        }
    }
    exact
});

fn push(list: &mut Vec<usize>, of: usize) {
    if !list.contains(&of) {
        list.push(of);
    }
}

fn split(name: &str) -> Vec<String> {
    let name = folded(name);
    name.split(|sign: char| !sign.is_alphanumeric())
        .filter(|it| !it.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A name in its one spelling.
fn keys(name: &str) -> String {
    split(name).iter().map(|word| key(word)).collect::<Vec<_>>().join(" ")
}

/// A word in its one spelling.
fn key(word: &str) -> String {
    words(word).concat()
}

#[cfg(test)]
mod tests {
    use super::{super::token::tokens, *};

    fn check_exact(text: &str, want: &[&str]) {
        let found = exact(&tokens(text));
        let names = found.iter().flat_map(|it| &it.candidates).map(|it| it.medicine.name);
        assert_eq!(names.collect::<Vec<_>>(), want, "{text}");
    }

    #[test]
    fn a_whole_name_is_found_however_it_is_written() {
        for name in ["amoxicillin 500", "Amoxicilline", "amox 500", "AMOXYCILLIN", "амоксициллин"]
        {
            check_exact(name, &["amoxicillin"]);
        }
        for both in ["co-amoxiclav 625", "Augmentin", "amoxicillin/clavulanic acid"] {
            check_exact(both, &["amoxicillin + clavulanic acid"]);
        }
        check_exact("benzathine penicillin 2.4 MU", &["benzathine benzylpenicillin"]);
        check_exact("penicillin g", &["benzylpenicillin"]);
        check_exact("Vit B12 1 mg", &["hydroxocobalamin"]);
        check_exact("vit b 1 tab", &["vitamin b complex"]);
        check_exact("3TC 150 mg", &["lamivudine"]);
        check_exact("insulin 70/30 10 units", &["insulin premixed 30/70"]);
        check_exact("mixtard 30 units", &["insulin premixed 30/70"]);
        check_exact("hct 25", &["hydrochlorothiazide", "hydrocortisone"]);
        check_exact("amlo 5", &[]);
    }

    #[test]
    fn a_beginning_is_taken_where_it_is_of_one_alone() {
        let check = |text: &str, want: &[&str], is_one: bool| {
            let found = beginning(&tokens(text), |_| true);
            let names = found.iter().flat_map(|it| &it.candidates).map(|it| it.medicine.name);
            let names: Vec<&str> = names.take(3).collect();
            assert_eq!(
                (names.as_slice(), found.as_ref().is_some_and(|it| it.is_one)),
                (want, is_one),
                "{text}"
            );
        };
        check("levothy", &["levothyroxine"], true);
        check("pred", &["prednisolone", "prednisone"], false);
        check("artemet", &["artemether", "artemether + lumefantrine"], true);
        check("artemet lum", &["artemether + lumefantrine"], true);
        check("am", &["amikacin", "amiloride", "aminophylline"], false);
        check("wa", &["warfarin", "water for injection"], false);
        check("xyz", &[], false);
    }

    /// A name of the allergy tables is not taken where it begins the name of another medicine:
    /// "benzathine" is no plain benzylpenicillin.
    #[test]
    fn no_borrowed_name_begins_another_medicine() {
        for (of, medicine) in medicines().iter().enumerate() {
            let listed = medicine.names_of_the_list();
            for name in medicine.other_names.iter().filter(|it| !listed.contains(it)) {
                let is_taken = EXACT.get(&keys(name)).is_some_and(|it| it.contains(&of));
                let others = medicines().iter().filter(|other| other.name != medicine.name);
                let begun: Vec<&str> = others
                    .map(|other| other.name)
                    .filter(|other| split(other).starts_with(&split(name)))
                    .filter(|other| !other.starts_with(&format!("{} + ", medicine.name)))
                    .collect();
                assert!(!is_taken || begun.is_empty(), "{name} of {}: {begun:?}", medicine.name);
            }
        }
    }

    #[test]
    fn no_other_name_of_the_list_leads_nowhere() {
        for medicine in medicines() {
            for name in medicine.other_names.iter().chain([&medicine.name]) {
                let found = exact(&tokens(name));
                let length = found.as_ref().map(|it| it.length);
                assert_eq!(length, Some(tokens(name).len()), "{name}");
            }
        }
    }
}
