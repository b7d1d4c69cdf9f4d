//! The instruction in words: what is known, and what is not understood.

use super::{
    fact::{Fact, times_of_day},
    line::{Line, Part},
    number::Number,
    reading::Meaning,
};
use clinical::{ErrorProne, MisreadRule, error_prone};

/// The instruction of a sentence.
pub(super) fn instruction(line: &Line<'_>) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut at = 0;
    while let Some(part) = line.parts.get(at) {
        if part.meaning == Meaning::Unknown {
            let (length, run) = unknown(line, at);
            words.push(run);
            at += length;
            continue;
        }
        words.extend(known(part));
        at += 1;
    }
    let mut once: Vec<String> = Vec::new();
    for word in words.into_iter().filter(|word| !word.is_empty()) {
        if !once.contains(&word) {
            once.push(word);
        }
    }
    once.join(", ")
}

/// What a part that was understood adds: where, when and how, but for what the draft has fields of.
fn known(part: &Part) -> Option<String> {
    let fact = part.fact.as_ref()?;
    if let Fact::Route(_, place) = fact {
        return Some((*place).to_owned());
    }
    if let Fact::ByTimes(amounts) = fact {
        let times = times_of_day(amounts.len()).iter().zip(amounts);
        let at = times.filter(|(_, amount)| !amount.is_zero()).map(|(time, _)| *time);
        return Some(at.collect::<Vec<_>>().join(", "));
    }
    let is_for_the_patient = matches!(
        fact,
        Fact::Span(_)
            | Fact::AtTime(_)
            | Fact::Once(_)
            | Fact::Occasion(_)
            | Fact::LongTerm(_)
            | Fact::Words(_)
    );
    is_for_the_patient.then(|| fact.words()).flatten()
}

/// The words of parts that nothing parts, from one on, and how many they are. What stands there
/// untouched is written as it was typed; abbreviations that were read are plain words.
fn unknown(line: &Line<'_>, at: usize) -> (usize, String) {
    let rest = line.parts.get(at..).unwrap_or_default();
    let is_of_run = |part: &&Part| part.meaning == Meaning::Unknown;
    let parts: Vec<&Part> = rest.iter().take_while(is_of_run).collect();
    let mut words = String::new();
    let mut last: Option<(usize, bool)> = None;
    for part in &parts {
        let bytes = line.bytes(part);
        let said = part.fact.as_ref().and_then(Fact::words);
        let between = last.map(|(end, _)| line.text.get(end..bytes.start).unwrap_or_default());
        let is_raw = said.is_none();
        let gap = between.map(|between| match last {
            Some((_, true)) if is_raw => between,
            _ if between.contains([',', ';']) => ", ",
            _ if between.is_empty() && !words.ends_with(char::is_alphanumeric) => "",
            _ => " ",
        });
        words.push_str(gap.unwrap_or_default());
        let raw = line.text.get(bytes.clone()).unwrap_or_default();
        words.push_str(&said.unwrap_or_else(|| raw.to_owned()));
        last = Some((bytes.end, is_raw));
    }
    (parts.len(), plain(&words))
}

/// Rounds in which what is written out may itself have to be.
const ROUNDS_MAX: usize = 8;

/// A text without what ISMP calls error-prone: written out, or its numbers as they are read right.
pub(super) fn plain(text: &str) -> String {
    let mut text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for _ in 0..ROUNDS_MAX {
        // A number that may be two stays as it was typed: it is told, and changed by nobody.
        let is_clear = |found: &ErrorProne| {
            let number = text.get(found.range.clone()).unwrap_or_default();
            found.rule != MisreadRule::TrailingZero || Number::read(number).is_some()
        };
        let Some(found) = error_prone(&text).into_iter().find(is_clear) else { break };
        let before = text.get(..found.range.start).unwrap_or_default();
        let after = text.get(found.range.end..).unwrap_or_default();
        let gap = |beside: Option<char>, own: Option<char>| {
            let joins = |sign: Option<char>| sign.is_some_and(char::is_alphanumeric);
            if joins(beside) && joins(own) { " " } else { "" }
        };
        let instead = &found.instead;
        let first = gap(before.chars().next_back(), instead.chars().next());
        let second = gap(instead.chars().next_back(), after.chars().next());
        text = format!("{before}{first}{instead}{second}{after}");
    }
    text
}
