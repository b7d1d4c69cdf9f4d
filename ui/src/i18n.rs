//! Every word the window shows, by key, from `assets/locales`.
//!
//! The files lie beside the page, and `boot.js` has the one that is wanted read before the window
//! starts; tests hold that each key used in the sources is there in every language, with the same
//! placeholders, and that none lies idle.

use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Texts by their keys.
pub(crate) type Texts = BTreeMap<String, String>;

/// Tag, writing direction, which numbers take the singular (CLDR 46).
type Language = (&'static str, &'static str, fn(u64) -> bool);

/// Those `boot.js` may ask for; the first is for everyone else.
const LANGUAGES: [Language; 2] = [ENGLISH, ("fr", "ltr", |n| n < 2)];
const ENGLISH: Language = ("en", "ltr", |n| n == 1);

struct Locale {
    language: Language,
    texts: Texts,
}

static LOCALE: OnceLock<Locale> = OnceLock::new();

/// Speaks the language of a tag with its texts, from now on. Only the first choice counts.
pub(crate) fn choose(tag: &str, texts: Texts) {
    LOCALE.get_or_init(|| locale_of(tag, texts));
}

/// The language's tag.
pub(crate) fn tag() -> &'static str {
    locale().language.0
}

/// `ltr` or `rtl`.
pub(crate) fn direction() -> &'static str {
    locale().language.1
}

/// The text of a key.
pub(crate) fn t(key: &'static str) -> &'static str {
    locale().texts.get(key).map_or(key, String::as_str)
}

/// The text of a key with its `{name}`s filled in.
pub(crate) fn tf(key: &'static str, values: &[(&str, &str)]) -> String {
    fill(t(key), values)
}

/// The text for a number: `KEY.one` or `KEY.other`, with `{n}` filled in.
pub(crate) fn tn(key: &'static str, n: u64) -> String {
    let locale = locale();
    let form = if (locale.language.2)(n) { "one" } else { "other" };
    let text = locale.texts.get(&format!("{key}.{form}"));
    fill(text.map_or(key, String::as_str), &[("n", &n.to_string())])
}

/// The text of a key made at run time, where there is one.
pub(crate) fn find(key: &str) -> Option<&'static str> {
    locale().texts.get(key).map(String::as_str)
}

/// A text with its `{name}`s filled in.
pub(crate) fn fill(text: &str, values: &[(&str, &str)]) -> String {
    values
        .iter()
        .fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

fn locale() -> &'static Locale {
    #[cfg(test)]
    return tests::spoken();
    #[cfg(not(test))]
    LOCALE.get_or_init(|| locale_of(ENGLISH.0, Texts::new()))
}

fn locale_of(tag: &str, texts: Texts) -> Locale {
    let language = LANGUAGES.into_iter().find(|(known, ..)| *known == tag).unwrap_or(ENGLISH);
    Locale { language, texts }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::cell::Cell;
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    thread_local! {
        static SPOKEN: Cell<Option<&'static Locale>> = const { Cell::new(None) };
    }

    static ENGLISH_TEXTS: OnceLock<Locale> = OnceLock::new();

    /// The language a test speaks on this thread: English unless it chose another.
    pub(super) fn spoken() -> &'static Locale {
        SPOKEN.get().unwrap_or_else(|| ENGLISH_TEXTS.get_or_init(|| read("en")))
    }

    fn folder() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/locales")
    }

    fn read(tag: &str) -> Locale {
        let file = std::fs::read_to_string(folder().join(format!("{tag}.json"))).unwrap();
        locale_of(tag, serde_json::from_str(&file).unwrap())
    }

    /// Speaks a language for as long as `act` lasts. What it says is never given back: tests are
    /// short.
    pub(crate) fn speak<T>(tag: &str, act: impl FnOnce() -> T) -> T {
        SPOKEN.set(Some(Box::leak(Box::new(read(tag)))));
        let said = act();
        SPOKEN.set(None);
        said
    }

    fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|ext| ext == "rs") {
                found.push(path);
            }
        }
    }

    /// Every string literal with a dot that looks like a key, so that keys kept in tables count.
    fn used() -> BTreeSet<String> {
        let mut files = Vec::new();
        // Those of a medication line are named in `clinical`.
        for folder in ["src", "../crates/clinical/src/display"] {
            sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut files);
        }
        let mut keys = BTreeSet::new();
        for file in files {
            let text = std::fs::read_to_string(&file).unwrap();
            let production = text.split("#[cfg(test)]").next().unwrap().to_owned();
            for literal in production.split('"').skip(1).step_by(2) {
                let shape = literal.contains('.')
                    && literal.split('.').all(|part| {
                        !part.is_empty()
                            && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
                    });
                if shape {
                    keys.insert(literal.to_owned());
                }
            }
        }
        keys
    }

    #[test]
    fn every_key_in_the_sources_has_a_text_and_every_text_a_use() {
        let english = read("en").texts;
        let used = used();
        let known = |key: &String| {
            english.contains_key(key)
                || (english.contains_key(&format!("{key}.one"))
                    && english.contains_key(&format!("{key}.other")))
        };
        let missing: Vec<_> = used.iter().filter(|key| !known(key)).collect();
        assert!(missing.is_empty(), "no text for {missing:?}");
        let is_used = |key: &String| {
            let stem = key.rsplit_once('.').map_or("", |(stem, _)| stem);
            used.contains(key)
                || used.contains(stem)
                || key.starts_with("finding.")
                || key.starts_with("history.")
                || key.starts_with("drug.")
                || key.starts_with("advice.said.")
                || key.starts_with("advice.from.")
        };
        let idle: Vec<_> = english.keys().filter(|key| !is_used(key)).collect();
        assert!(idle.is_empty(), "never shown: {idle:?}");
    }

    #[test]
    fn every_language_says_everything_with_the_same_placeholders() {
        let places = |text: &str| -> BTreeSet<String> {
            text.split('{')
                .skip(1)
                .filter_map(|part| part.split_once('}'))
                .map(|p| p.0.to_owned())
                .collect()
        };
        let english = read("en").texts;
        assert!(!english.is_empty());
        for (tag, ..) in LANGUAGES {
            let texts = read(tag).texts;
            let keys = |texts: &Texts| texts.keys().cloned().collect::<BTreeSet<_>>();
            let differ: Vec<_> =
                keys(&english).symmetric_difference(&keys(&texts)).cloned().collect();
            assert!(differ.is_empty(), "{tag}: {differ:?}");
            for (key, text) in &texts {
                assert_eq!(places(text), places(&english[key]), "{tag}: {key}");
                assert!(!text.trim().is_empty(), "{tag}: {key}");
            }
        }
    }

    #[test]
    fn the_page_asks_for_the_languages_there_are() {
        let known: BTreeSet<String> = LANGUAGES.iter().map(|(tag, ..)| (*tag).to_owned()).collect();
        let names = std::fs::read_dir(folder()).unwrap();
        let files = names.map(|file| file.unwrap().file_name().into_string().unwrap());
        let expected: BTreeSet<String> = known.iter().map(|tag| format!("{tag}.json")).collect();
        assert_eq!(files.collect::<BTreeSet<_>>(), expected);
        let boot = include_str!("../boot.js");
        let list = boot.split_once("LANGUAGES = [").and_then(|(_, rest)| rest.split_once(']'));
        let asked = list.unwrap().0.split(',').map(|tag| tag.trim().trim_matches('"').to_owned());
        assert_eq!(asked.collect::<BTreeSet<_>>(), known);
    }

    #[test]
    fn a_number_takes_the_form_its_language_has_for_it() {
        let check = |tag: &str, n: u64, form: &str| {
            let (said, text) = speak(tag, || (tn("find.count", n), locale().texts[form].as_str()));
            assert_eq!(said, fill(text, &[("n", &n.to_string())]), "{tag} {n}");
        };
        check("en", 0, "find.count.other");
        check("en", 1, "find.count.one");
        check("fr", 0, "find.count.one");
        check("fr", 2, "find.count.other");
        assert_eq!(locale_of("xx", Texts::new()).language.0, "en", "no such language");
    }

    #[test]
    fn names_are_filled_in() {
        assert_eq!(fill("{n} of {all}", &[("n", "1"), ("all", "2")]), "1 of 2");
    }
}
