//! What a window says in another language: a test that is written in English leads it all the same.

use std::collections::BTreeMap;
use std::fs;

use crate::programs::repository;

/// The fewest letters of a text with gaps by which it is known.
const LETTERS: usize = 4;

/// English texts, and the same in another language.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tongue {
    pairs: Vec<(String, String)>,
}

impl Tongue {
    /// That of the language with this tag.
    pub(crate) fn of(tag: &str) -> Self {
        let (english, here) = (texts("en"), texts(tag));
        // A number may take another form here: any of them is what the English one says.
        let forms = |key: &str| {
            let stem = key.rsplit_once('.').map_or(key, |(stem, _)| stem).to_owned() + ".";
            let forms =
                ["zero", "one", "two", "few", "many", "other"].map(|form| stem.clone() + form);
            let known = here.iter().filter(|(known, _)| *known == key || forms.contains(known));
            known.map(|(_, text)| text.clone()).collect::<Vec<_>>()
        };
        let pair = |(key, text): (&String, &String)| {
            forms(key).into_iter().map(|here| (text.clone(), here)).collect::<Vec<_>>()
        };
        Self { pairs: english.iter().flat_map(pair).collect() }
    }

    /// That of these pairs: an English text, and the same here.
    pub(crate) const fn between(pairs: Vec<(String, String)>) -> Self {
        Self { pairs }
    }

    /// What may stand for an English text: what is said for the whole of it, else what it is with
    /// its gaps filled and all of what it is a part of (a text of two gaps and a word between fits
    /// many); and at last itself, as somebody wrote it.
    pub(crate) fn said(&self, text: &str) -> Vec<String> {
        let whole = || self.pairs.iter().filter(|(english, _)| end(english) == end(text));
        let filled = || self.pairs.iter().filter_map(|(english, here)| filled(english, here, text));
        let parts = || self.pairs.iter().filter(|(english, _)| english.contains(text));
        let ways: [Vec<String>; 2] = [
            whole().map(|(_, here)| end(here).to_owned()).collect(),
            filled().chain(parts().filter_map(|(_, here)| longest(here))).collect(),
        ];
        let found = ways.into_iter().find(|found| !found.is_empty());
        found.into_iter().flatten().chain([text.to_owned()]).collect()
    }
}

/// A text without the dots that say that more is asked.
fn end(text: &str) -> &str {
    text.trim_end_matches('…')
}

/// The other language's text with what stands in the gaps of the English one.
fn filled(english: &str, here: &str, text: &str) -> Option<String> {
    let pieces = pieces(end(english));
    let letters: usize = pieces.iter().map(|(before, _)| before.trim().len()).sum();
    if pieces.len() < 2 || letters < LETTERS {
        return None;
    }
    let (mut rest, mut here) = (end(text), here.to_owned());
    let mut gap: Option<&str> = None;
    for (before, name) in &pieces {
        let at = if before.is_empty() && name.is_none() { rest.len() } else { rest.find(before)? };
        let value = rest.get(..at)?;
        match gap {
            Some(name) => here = here.replace(&format!("{{{name}}}"), value),
            None if at > 0 => return None,
            None => {}
        }
        rest = rest.get(at + before.len()..)?;
        gap = *name;
    }
    rest.is_empty().then(|| end(&here).to_owned())
}

/// The pieces of a text, each with the name of the gap behind it; the last has none.
fn pieces(text: &str) -> Vec<(&str, Option<&str>)> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, (name, after))) =
        rest.split_once('{').and_then(|(before, gap)| Some((before, gap.split_once('}')?)))
    {
        pieces.push((before, Some(name)));
        rest = after;
    }
    pieces.push((rest, None));
    pieces
}

/// The longest piece of a text that has no gap.
fn longest(text: &str) -> Option<String> {
    let longest = pieces(text).into_iter().map(|(piece, _)| piece.trim()).max_by_key(|it| it.len());
    longest.filter(|piece| !piece.is_empty()).map(str::to_owned)
}

/// What the window says in the language of this tag, by key.
pub(super) fn texts(tag: &str) -> BTreeMap<String, String> {
    let path = repository().join(format!("assets/locales/{tag}.json"));
    let texts = fs::read_to_string(&path).expect("the language's texts");
    serde_json::from_str(&texts).expect("they are texts by their keys")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_english_text_is_found_in_another_language() {
        let pair = |(english, here): (&str, &str)| (english.to_owned(), here.to_owned());
        let pairs = [
            ("Save", "Enregistrer"),
            ("Stop {what}", "Arrêter {what}"),
            ("{what} was recorded by mistake…", "Erreur : {what}"),
            ("{done} of {all} files", "{all} fichiers, {done} lus"),
            ("Nobody waits now", "Personne n'attend"),
            ("{n} {unit}", "{n} {unit}"),
            ("All of it goes, with its past", "Tout part"),
            ("{when}, with {name}", "{when}, avec {name}"),
        ];
        let tongue = Tongue { pairs: pairs.map(pair).into() };
        let check = |text: &str, said: &[&str]| {
            let said: Vec<&str> = said.iter().copied().chain([text]).collect();
            assert_eq!(tongue.said(text), said, "{text}");
        };
        check("Save", &["Enregistrer"]);
        check("Stop amlodipine", &["Arrêter amlodipine"]);
        check("penicillin was recorded by mistake", &["Erreur : penicillin"]);
        check("2 of 3 files", &["3 fichiers, 2 lus"]);
        check("Nobody waits", &["Personne n'attend"]);
        check("OKELLO, Grace", &[]);
        check("of it goes, with its", &["of it goes, avec its", "Tout part"]);
    }
}
