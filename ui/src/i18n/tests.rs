//! What holds of the texts of every language, and how a test speaks one.

use super::*;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

mod length;
mod pseudo;
mod safety;
mod sources;

thread_local! {
    static SPOKEN: Cell<Option<&'static Locale>> = const { Cell::new(None) };
}

static ENGLISH_TEXTS: OnceLock<Locale> = OnceLock::new();

/// The tag of every language.
pub(crate) fn tags() -> [&'static str; 5] {
    LANGUAGES.map(|language| language.tag)
}

/// The language a test speaks on this thread: English unless it chose another.
pub(super) fn spoken() -> &'static Locale {
    SPOKEN.get().unwrap_or_else(|| ENGLISH_TEXTS.get_or_init(|| read("en")))
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/locales")
}

/// A language's texts; those of `en-XA` are made from English.
fn read(tag: &str) -> Locale {
    if tag == pseudo::TAG {
        return Locale { language: ENGLISH, texts: pseudo::texts(&read("en").texts) };
    }
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

/// The names in braces.
fn places(text: &str) -> BTreeSet<String> {
    text.split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}'))
        .map(|p| p.0.to_owned())
        .collect()
}

/// A key without the form of its number, and that form.
fn counted<'a>(english: &Texts, key: &'a str) -> Option<(&'a str, &'a str)> {
    const FORMS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];
    let (stem, form) = key.rsplit_once('.').filter(|(_, form)| FORMS.contains(form))?;
    let is_counted = ["one", "other"].iter().all(|f| english.contains_key(&format!("{stem}.{f}")));
    is_counted.then_some((stem, form))
}

/// The keys a language must have: of what is counted, one for each form its numbers take.
fn expected(english: &Texts, language: Language) -> BTreeSet<String> {
    let forms: BTreeSet<_> =
        PluralRule::of_tag(language.tag).categories().iter().copied().chain(["other"]).collect();
    let of_key = |key: &String| match counted(english, key) {
        Some((stem, _)) => forms.iter().map(|form| format!("{stem}.{form}")).collect(),
        None => vec![key.clone()],
    };
    english.keys().flat_map(of_key).collect()
}

#[test]
fn every_language_says_everything_in_every_form_with_the_same_placeholders() {
    let english = read("en").texts;
    assert!(english.len() > 500);
    for language in LANGUAGES {
        let tag = language.tag;
        let texts = read(tag).texts;
        let keys: BTreeSet<_> = texts.keys().cloned().collect();
        let differ: Vec<_> =
            expected(&english, language).symmetric_difference(&keys).cloned().collect();
        assert!(differ.is_empty(), "{tag}: {differ:?}");
        for (key, text) in &texts {
            assert!(!text.trim().is_empty() && text.trim() == text, "{tag}: {key}");
            // "One", "two" and "none" may be said in a word.
            let worded = counted(&english, key).filter(|(_, form)| *form != "other");
            let source = worded.map_or(key.clone(), |(stem, _)| format!("{stem}.other"));
            let (mut ours, mut wanted) = (places(text), places(&english[&source]));
            if worded.is_some_and(|(_, form)| ["zero", "one", "two"].contains(&form)) {
                ours.remove("n");
                wanted.remove("n");
            }
            assert_eq!(ours, wanted, "{tag}: {key}");
            // Where "one" is said of nothing, too, it names no number of its own.
            let says_one = worded.is_some_and(|(_, form)| form == "one") && text.contains('1');
            let of_none = speak(tag, || plural().category(0));
            assert!(!says_one || of_none != "one", "{tag}: {key} says 1 of 0");
        }
    }
}

#[test]
fn each_language_counts_by_the_forms_of_cldr() {
    let check = |tag: &str, of: &[(u64, &str)]| {
        for (n, form) in of {
            assert_eq!(speak(tag, || plural().category(*n)), *form, "{tag} {n}");
        }
    };
    let singular = [(0, "other"), (1, "one"), (2, "other"), (11, "other"), (100, "other")];
    for tag in ["en", "es", "sw"] {
        check(tag, &singular);
    }
    check("fr", &[(0, "one"), (1, "one"), (2, "other"), (100, "other")]);
    check("ar", &[(0, "zero"), (1, "one"), (2, "two"), (3, "few"), (10, "few"), (11, "many")]);
    check("ar", &[(99, "many"), (100, "other"), (102, "other"), (103, "few"), (111, "many")]);
}

#[test]
fn a_number_takes_the_form_its_language_has_for_it() {
    let check = |tag: &str, n: u64, form: &str| {
        let (said, text) = speak(tag, || (tn("find.count", n), locale().texts[form].as_str()));
        assert_eq!(said, text.replace("{n}", &n.to_string()), "{tag} {n}");
    };
    check("en", 0, "find.count.other");
    check("en", 1, "find.count.one");
    check("fr", 0, "find.count.one");
    check("fr", 2, "find.count.other");
    check("sw", 1, "find.count.one");
    check("ar", 2, "find.count.two");
    check("ar", 7, "find.count.few");
    assert_eq!(locale_of("xx", Texts::new()).language.tag, "en", "no such language");
}

/// Words that are the same in English.
const ALIKE: [(&str, &str); 4] = [
    (
        "fr",
        "Pages/Patients/Patient/1 patient/{n} patients/Note/Notes/Plan/Original/macrolides/\
         quinolones/Code/Contact/Allergies/Substance/Dose/minutes/minute/{n} min/Qualification/\
         Situation/Letter/DOSE/ampoule|ampoules/gel/implant/lotion/sachet|sachets/solution/\
         suspension/tube|tubes/Document/Documents/Photo",
    ),
    ("es", "Original/Plan/normal {range}/{bytes} bytes/provisional/{n} min/gel"),
    ("sw", "Letter"),
    ("ar", "Letter"),
];

#[test]
fn no_text_is_left_in_english() {
    let english = read("en").texts;
    let is_words = |text: &str| {
        let bare = text.split('{').map(|part| part.split_once('}').map_or(part, |(_, rest)| rest));
        bare.flat_map(str::chars).filter(|letter| letter.is_alphabetic()).count() > 2
    };
    for (tag, alike) in ALIKE {
        let texts = read(tag).texts;
        let left: Vec<_> = texts
            .iter()
            .filter(|(key, text)| english.get(*key) == Some(text) && is_words(text))
            .filter(|(_, text)| !alike.split('/').any(|word| word == text.as_str()))
            .collect();
        assert!(left.is_empty(), "{tag}: {left:?}");
    }
}

#[test]
fn the_page_asks_for_the_languages_there_are() {
    let known: BTreeSet<String> = tags().map(str::to_owned).into();
    let names = std::fs::read_dir(folder()).unwrap();
    let files = names.map(|file| file.unwrap().file_name().into_string().unwrap());
    let expected: BTreeSet<String> = known.iter().map(|tag| format!("{tag}.json")).collect();
    assert_eq!(files.collect::<BTreeSet<_>>(), expected);
    let boot = include_str!("../../boot.js");
    let list = boot.split_once("LANGUAGES = [").and_then(|(_, rest)| rest.split_once(']'));
    let asked = list.unwrap().0.split(',').map(|tag| tag.trim().trim_matches('"').to_owned());
    assert_eq!(asked.collect::<BTreeSet<_>>(), known);
}

#[test]
fn names_are_filled_in() {
    assert_eq!(fill("{n} of {all}", &[("n", "1"), ("all", "2")]), "1 of 2");
}

/// Each value is isolated: without it "2026" of the date would stand at the other end of the line.
#[test]
fn what_is_filled_in_stands_by_itself_where_one_reads_from_the_right() {
    let written = [("who", "Dr Amina"), ("when", "24-نوفمبر-2026"), ("device", "Room 2")];
    let said = speak("ar", || tf("written.by", &written));
    assert_eq!(
        said,
        "\u{2068}Dr Amina\u{2069}، \u{2068}24-نوفمبر-2026\u{2069}، \u{2068}Room 2\u{2069}"
    );
}

/// A line whose first word is Latin is no line from the left.
#[test]
fn a_line_begins_on_the_side_one_reads_from() {
    let parts = ["amlodipine".to_owned(), "مرة واحدة يوميًا".to_owned()];
    assert_eq!(speak("sw", || line(&parts, " — ")), parts.join(" — "));
    let said = speak("ar", || line(&parts, " — "));
    assert_eq!(said, "\u{200f}\u{2068}amlodipine\u{2069} — \u{2068}مرة واحدة يوميًا\u{2069}");
}
