//! What was typed, as what each word may mean.

use super::{
    dates,
    words::{self, Words},
};
use std::{collections::BTreeSet, ops::Bound};

/// Characters of a query that are read.
const QUERY_CHARS_MAX: usize = 200;
/// Words of a query that are read.
const QUERY_WORDS_MAX: usize = 8;
/// Digits from which a run of digits and marks may be a telephone number.
const PHONE_DIGITS_MIN: usize = 5;

/// A query: every word of it must match, or all of it as one number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Query {
    words: Vec<Word>,
    number: Option<String>,
}

/// One word and what it may mean: any of its meanings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Word {
    /// Beginnings of words, all of which must be there.
    parts: Vec<String>,
    /// Beginnings of one word.
    any: BTreeSet<String>,
}

/// Why a patient matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Matched {
    /// By a name.
    Name,
    /// By a telephone number.
    Phone,
    /// By an identifier.
    Identifier,
    /// By the birth date.
    BirthDate,
    /// Nothing was typed: the chart was changed lately.
    Recent,
}

impl Query {
    /// Reads what was typed; `None` when there is nothing to look for.
    pub(crate) fn parse(typed: &str) -> Option<Self> {
        let typed: String = typed.chars().take(QUERY_CHARS_MAX).collect();
        let latin = words::latin(&typed);
        let mut rest: Vec<&str> =
            latin.split([' ', ',']).filter(|word| !word.is_empty()).take(QUERY_WORDS_MAX).collect();
        let number = number_in(&latin);
        let mut words = Vec::new();
        while !rest.is_empty() {
            let (word, taken) = next_word(&rest);
            words.extend(word);
            rest.drain(..taken);
        }
        (!words.is_empty()).then_some(Self { words, number })
    }

    /// The query as FTS5 reads it; `exact` asks for whole words in place of beginnings.
    pub(crate) fn expression(&self, exact: bool) -> String {
        let words: Vec<String> = self.words.iter().map(|word| word.expression(exact)).collect();
        let all = words.join(" AND ");
        match &self.number {
            Some(number) => format!("({all}) OR {}", quoted(number, exact)),
            None => all,
        }
    }

    /// By what a patient with these words was found, in the order of the query.
    pub(crate) fn reasons(&self, words: &Words) -> Vec<Matched> {
        let mut reasons = Vec::new();
        for (set, reason) in [
            (&words.identifiers, Matched::Identifier),
            (&words.phones, Matched::Phone),
            (&words.births, Matched::BirthDate),
            (&words.names, Matched::Name),
        ] {
            let by_number = self.number.as_ref().is_some_and(|number| begins(set, number));
            if by_number || self.words.iter().any(|word| word.is_in(set)) {
                reasons.push(reason);
            }
        }
        reasons
    }
}

impl Word {
    fn expression(&self, exact: bool) -> String {
        let parts: Vec<String> = self.parts.iter().map(|part| quoted(part, exact)).collect();
        let all = (!parts.is_empty()).then(|| format!("({})", parts.join(" AND ")));
        let any = self.any.iter().map(|word| quoted(word, exact));
        format!("({})", all.into_iter().chain(any).collect::<Vec<_>>().join(" OR "))
    }

    fn is_in(&self, set: &BTreeSet<String>) -> bool {
        let all = !self.parts.is_empty() && self.parts.iter().all(|part| begins(set, part));
        all || self.any.iter().any(|word| begins(set, word))
    }
}

/// The next word, and how many typed words it takes: a date may be typed as three.
fn next_word(rest: &[&str]) -> (Option<Word>, usize) {
    for taken in [3, 2] {
        let Some(window) = rest.get(..taken) else { continue };
        let meanings = dates::meanings(&window.join(" "));
        if !meanings.is_empty() {
            let any = meanings.into_iter().collect();
            return (Some(Word { parts: Vec::new(), any }), taken);
        }
    }
    (rest.first().and_then(|word| word_of(word)), 1)
}

fn word_of(typed: &str) -> Option<Word> {
    let parts = words::words_in(typed);
    let mut any: BTreeSet<String> = dates::meanings(typed).into_iter().collect();
    any.extend(words::joined(&parts));
    for part in &parts {
        if part.chars().all(|c| c.is_ascii_digit()) && parts.len() == 1 {
            let digits = words::significant_digits(part);
            any.extend(Some(digits).filter(|digits| !digits.is_empty() && digits != part));
        } else if part.len() >= 3 && parts.len() == 1 {
            any.extend(words::skeleton(part));
        }
    }
    (!parts.is_empty()).then_some(Word { parts, any })
}

/// The whole query as one number, when it is digits and the marks people write between them.
fn number_in(latin: &str) -> Option<String> {
    let is_mark = |c: char| " +-()/.".contains(c);
    let only = latin.chars().all(|c| c.is_ascii_digit() || is_mark(c));
    let digits = words::significant_digits(latin);
    (only && digits.len() >= PHONE_DIGITS_MIN).then_some(digits)
}

/// A word as FTS5 reads it: whole, or as a beginning.
pub(super) fn quoted(word: &str, exact: bool) -> String {
    let word = word.replace('"', "");
    if exact { format!("\"{word}\"") } else { format!("\"{word}\"*") }
}

fn begins(set: &BTreeSet<String>, beginning: &str) -> bool {
    let next = set.range::<str, _>((Bound::Included(beginning), Bound::Unbounded)).next();
    next.is_some_and(|word| word.starts_with(beginning))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_becomes_what_it_may_mean() {
        let check = |typed: &str, want: Option<&str>| {
            let query = Query::parse(typed).map(|query| query.expression(false));
            assert_eq!(query.as_deref(), want, "{typed}");
        };
        check("", None);
        check(" - ", None);
        check("ok", Some(r#"(("ok"*))"#));
        check("Okello", Some(r#"(("okello"*) OR "§kl"*)"#));
        check("o'brien", Some(r#"(("o"* AND "brien"*) OR "obrien"*)"#));
        check("1988", Some(r#"(("1988"*) OR "¶1988"*)"#));
        check("gr 14 mar 88", Some(r#"(("gr"*)) AND ("¶19880314"* OR "¶20880314"*)"#));
        check("0712 345678", Some(r#"((("0712"*) OR "712"*) AND (("345678"*))) OR "712345678"*"#));
        check(r#"" OR "*"#, Some(r#"(("or"*))"#));
    }
}
