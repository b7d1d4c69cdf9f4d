//! Every word the window shows, by key, from `assets/locales`.
//!
//! The files lie beside the page, and `boot.js` has the one that is wanted read before the window
//! starts; tests hold that each key used in the sources is there in every language, with the same
//! placeholders, and that none lies idle.

use clinical::display::PluralRule;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Texts by their keys.
pub(crate) type Texts = BTreeMap<String, String>;

/// A language the window can speak.
#[derive(Clone, Copy)]
pub(crate) struct Language {
    /// Its tag.
    pub tag: &'static str,
    /// What it calls itself.
    pub name: &'static str,
    /// `ltr` or `rtl`.
    pub direction: &'static str,
}

const fn ltr(tag: &'static str, name: &'static str) -> Language {
    Language { tag, name, direction: "ltr" }
}

/// Those `boot.js` may ask for; the first is for everyone else.
pub(crate) const LANGUAGES: [Language; 5] = [
    ENGLISH,
    ltr("es", "Español"),
    ltr("fr", "Français"),
    ltr("sw", "Kiswahili"),
    Language { tag: "ar", name: "العربية", direction: "rtl" },
];
const ENGLISH: Language = ltr("en", "English");

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
    locale().language.tag
}

/// `ltr` or `rtl`.
pub(crate) fn direction() -> &'static str {
    locale().language.direction
}

/// The text of a key.
pub(crate) fn t(key: &'static str) -> &'static str {
    locale().texts.get(key).map_or(key, String::as_str)
}

/// The text of a key with its `{name}`s filled in.
pub(crate) fn tf(key: &'static str, values: &[(&str, &str)]) -> String {
    fill(t(key), values)
}

/// The text for a number: `KEY.other`, or that of the form the number takes, with `{n}` filled in.
pub(crate) fn tn(key: &'static str, n: u64) -> String {
    let locale = locale();
    let text = [plural().category(n), "other"]
        .into_iter()
        .find_map(|form| locale.texts.get(&format!("{key}.{form}")));
    text.map_or(key, String::as_str).replace("{n}", &n.to_string())
}

/// Which form a noun has for a number.
pub(crate) fn plural() -> PluralRule {
    PluralRule::of_tag(tag())
}

/// The text of a key made at run time, where there is one.
pub(crate) fn find(key: &str) -> Option<&'static str> {
    locale().texts.get(key).map(String::as_str)
}

/// A text with its `{name}`s filled in.
pub(crate) fn fill(text: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| {
        text.replace(&format!("{{{name}}}"), &apart(value))
    })
}

/// The parts of a line in one text. From right to left it begins at the right, whatever letters
/// its first part has.
pub(crate) fn line(parts: &[String], between: &str) -> String {
    let parts: Vec<String> = parts.iter().map(|part| apart(part)).collect();
    let begin = if is_rtl() { "\u{200f}" } else { "" };
    format!("{begin}{}", parts.join(between))
}

/// In a language that is written from right to left a value stands by itself: a name or a dose in
/// Latin letters never draws in the number beside it.
fn apart(value: &str) -> String {
    if is_rtl() { format!("\u{2068}{value}\u{2069}") } else { value.to_owned() }
}

fn is_rtl() -> bool {
    direction() == "rtl"
}

fn locale() -> &'static Locale {
    #[cfg(test)]
    return tests::spoken();
    #[cfg(not(test))]
    LOCALE.get_or_init(|| locale_of(ENGLISH.tag, Texts::new()))
}

fn locale_of(tag: &str, texts: Texts) -> Locale {
    let language = LANGUAGES.into_iter().find(|known| known.tag == tag).unwrap_or(ENGLISH);
    Locale { language, texts }
}

#[cfg(test)]
pub(crate) mod tests;
