//! Every word the window shows, by key, from `assets/locales`.
//!
//! The files are part of the program; tests hold that each key used in the sources is there in
//! every language, with the same placeholders, and that none lies idle.

use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A language: its tag, writing direction, which numbers take the singular, and its texts.
struct Locale {
    tag: &'static str,
    direction: &'static str,
    is_one: fn(u64) -> bool,
    texts: BTreeMap<String, String>,
}

/// Tag, direction, which numbers take the singular (CLDR 46), file.
type LocaleFile = (&'static str, &'static str, fn(u64) -> bool, &'static str);

const FILES: [LocaleFile; 2] = [
    ("en", "ltr", |n| n == 1, include_str!("../../assets/locales/en.json")),
    ("fr", "ltr", |n| n < 2, include_str!("../../assets/locales/fr.json")),
];

static LOCALE: OnceLock<Locale> = OnceLock::new();

/// Chooses the language of a tag such as `fr-CA`; English when it is not there. Only the first
/// choice counts.
pub(crate) fn choose(tag: &str) {
    LOCALE.get_or_init(|| read(tag));
}

/// The language's tag.
pub(crate) fn tag() -> &'static str {
    locale().tag
}

/// `ltr` or `rtl`.
pub(crate) fn direction() -> &'static str {
    locale().direction
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
    let form = if (locale.is_one)(n) { "one" } else { "other" };
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
    if let Some(spoken) = tests::spoken() {
        return spoken;
    }
    LOCALE.get_or_init(|| read("en"))
}

fn read(tag: &str) -> Locale {
    let language = tag.split(['-', '_']).next().unwrap_or_default();
    let file = FILES.iter().find(|(known, ..)| *known == language).or(FILES.first());
    let (tag, direction, is_one, json) = file.copied().unwrap_or(("en", "ltr", |n| n == 1, "{}"));
    Locale { tag, direction, is_one, texts: serde_json::from_str(json).unwrap_or_default() }
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

    /// The language a test speaks on this thread.
    pub(super) fn spoken() -> Option<&'static Locale> {
        SPOKEN.get()
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
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
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
        for (tag, ..) in FILES {
            let texts = read(tag).texts;
            let keys =
                |texts: &BTreeMap<String, String>| texts.keys().cloned().collect::<BTreeSet<_>>();
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
    fn numbers_and_names_are_filled_in() {
        assert_eq!(fill("{n} of {all}", &[("n", "1"), ("all", "2")]), "1 of 2");
        assert_eq!(read("fr-CA").tag, "fr");
        assert_eq!(read("xx").tag, "en");
        assert_ne!(tn("find.count", 1), tn("find.count", 2));
    }
}
