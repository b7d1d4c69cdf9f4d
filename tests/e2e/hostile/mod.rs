//! Words that make other programs do something: typed into every text field of every page and form,
//! recorded, taken in from files and shown. Nothing of them runs here, and each stays what it is, a
//! text.

mod before;
mod forms;
mod pages;
mod shown;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::window::Window;

/// The words, one on each line; a pair is a text and how often it is said. Half of a sign of two
/// halves is no text for Rust: so the page reads them itself.
const WORDS: &str = include_str!("words.json");
/// So many of them there are at least.
const WORDS_MIN: u64 = 200;
const PROBE: &str = include_str!("probe.js");
const TYPING: &str = include_str!("typing.js");

/// A hand that types the words, and keeps which fields it has met.
struct Hand<'a> {
    window: &'a Window,
    met: BTreeSet<String>,
    /// So many pages it has typed into: each gets other words last.
    turns: u32,
}

/// What is typed into: a selector, what is to stand in some fields at the end, and whether the forms
/// are sent.
struct Typed<'a> {
    into: &'a str,
    keep: &'a [(&'a str, &'a str)],
    send: bool,
    /// The page draws a sheet of paper with each change: it does so once for a dozen words.
    hasty: bool,
}

/// Every field of the page, without sending anything.
const ALL: Typed<'_> = Typed { into: "*", keep: &[], send: false, hasty: false };

impl<'a> Hand<'a> {
    fn at(window: &'a Window) -> Self {
        Self { window, met: BTreeSet::new(), turns: 0 }
    }

    /// Types all words; fails when anything but text comes of them. Answers what stood in each
    /// field at the end.
    fn types(&mut self, page: &str, typed: &Typed<'_>) -> Value {
        self.window.ask(PROBE, &[]);
        self.turns += 1;
        let keep = typed.keep.iter().map(|(field, text)| ((*field).to_owned(), json!(text)));
        let keep: Value = keep.collect::<serde_json::Map<_, _>>().into();
        let into = [json!(WORDS), json!(typed.into), keep];
        let how = [json!(self.turns * 13), json!(typed.send), json!(typed.hasty)];
        let arguments = [into, how].concat();
        let found = self.window.ask_later(TYPING, &arguments);
        assert_eq!(found.get("seen"), Some(&json!([])), "{page}: {found}");
        let words = found.get("words").and_then(Value::as_u64);
        assert!(words.is_some_and(|words| words >= WORDS_MIN), "{page}: {words:?} words");
        let met = found.get("met").and_then(Value::as_array).into_iter().flatten();
        let met: Vec<String> = met.filter_map(Value::as_str).map(str::to_owned).collect();
        assert!(!met.is_empty(), "{page} has no field");
        println!("{page}: {}; {}", met.join(", "), found.get("took").unwrap_or(&Value::Null));
        self.met.extend(met);
        found.get("stands").cloned().unwrap_or_default()
    }

    /// Types all words into every field, sends what can be sent, and sees the word that stood in
    /// `field` as a text of the page.
    fn records(&mut self, page: &str, keep: &[(&str, &str)], field: &str, part: &str) {
        let stands = self.types(page, &Typed { keep, send: true, ..ALL });
        let word = stands.get(field).and_then(Value::as_str).unwrap_or_default();
        assert!(word.len() > 5, "{page}: {field} is not among {stands}");
        self.window.see_part(part, &plain(word));
        self.still("what was recorded is shown");
    }

    /// Nothing has run since either.
    fn still(&self, page: &str) {
        let seen = self.window.ask("return probe.seen", &[]);
        assert_eq!(seen, json!([]), "{page}");
    }

    /// These are the fields that were met: none more, none less.
    fn must_have_met(&self, fields: &[&str]) {
        let met: BTreeSet<&str> = self.met.iter().map(String::as_str).collect();
        let known: BTreeSet<&str> = fields.iter().copied().collect();
        let (unknown, missed): (Vec<_>, Vec<_>) =
            (met.difference(&known).collect(), known.difference(&met).collect());
        assert!(unknown.is_empty() && missed.is_empty(), "new: {unknown:?}, missed: {missed:?}");
    }
}

/// A word as a line of text shows it: blanks of all kinds are one.
fn plain(word: &str) -> String {
    word.split_whitespace().collect::<Vec<_>>().join(" ")
}
