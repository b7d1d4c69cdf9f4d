//! Quantities with their unit, which read from left to right in every language.

use crate::markup::prelude::*;

/// A text whose quantities (`2.5 mg`) stand number first, whichever way the line runs.
pub(crate) fn measured(text: &str) -> AnyView {
    let runs = runs(text).into_iter().map(|(run, is_quantity)| {
        if is_quantity {
            view! { <bdi dir="ltr" class="unbroken">{run}</bdi> }.into_any()
        } else {
            run.into_any()
        }
    });
    runs.collect::<Vec<_>>().into_any()
}

/// What joins a number and its unit wherever a quantity is written out.
const JOINT: char = '\u{a0}';

/// The text in its order, each run with whether it is a quantity.
fn runs(text: &str) -> Vec<(String, bool)> {
    let mut runs: Vec<(String, bool)> = Vec::new();
    let mut words = text.split_inclusive(' ').peekable();
    while let Some(word) = words.next() {
        let mut word = word.to_owned();
        // `250 mg/5 mL` is one quantity.
        if is_of_an_amount(&word) {
            word.extend(words.next());
        }
        let (before, quantity, after) = parted(&word);
        for (run, is_quantity) in [(before, false), (quantity, true), (after, false)] {
            join(&mut runs, run, is_quantity);
        }
    }
    runs
}

fn join(runs: &mut Vec<(String, bool)>, text: &str, is_quantity: bool) {
    if text.is_empty() {
        return;
    }
    match runs.last_mut().filter(|(_, last)| !*last && !is_quantity) {
        Some((run, _)) => run.push_str(text),
        None => runs.push((text.to_owned(), is_quantity)),
    }
}

/// Whether a word ends in the amount its quantity is told by: `250 mg/5`.
fn is_of_an_amount(word: &str) -> bool {
    let amount = word.trim_end().rsplit_once('/').map(|(_, amount)| amount);
    word.contains(JOINT)
        && amount.is_some_and(|it| !it.is_empty() && it.bytes().all(|b| b.is_ascii_digit()))
}

/// What stands before a quantity, the quantity, and what follows it. A unit written from right to
/// left reads as the line does.
fn parted(word: &str) -> (&str, &str, &str) {
    let is_start =
        |letter: char| letter.is_ascii_digit() || matches!(letter, '<' | '>' | '≤' | '≥');
    let Some(start) = word.find(is_start).filter(|_| word.contains(JOINT)) else {
        return (word, "", "");
    };
    let (before, rest) = word.split_at(start);
    let end = rest.trim_end_matches([' ', '.', ',', ';', ':', '،', '؛', '?', '؟', '!']);
    let end = if end.contains('(') { end } else { end.trim_end_matches(')') };
    let (quantity, after) = rest.split_at(end.len());
    if !quantity.contains(JOINT) || quantity.chars().any(is_right_to_left) {
        return (word, "", "");
    }
    (before, quantity, after)
}

/// Whether a letter is one of a script that runs from right to left.
fn is_right_to_left(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantity_is_told_from_what_stands_around_it_and_nothing_is_lost() {
        let check = |text: &str, want: &[&str]| {
            let text = text.replace('~', "\u{a0}");
            let runs = runs(&text);
            let found: Vec<_> = runs.iter().filter(|run| run.1).map(|run| run.0.as_str()).collect();
            let want: Vec<_> = want.iter().map(|text| text.replace('~', "\u{a0}")).collect();
            assert_eq!(found, want, "{text}");
            let again: String = runs.into_iter().map(|run| run.0).collect();
            assert_eq!(again, text);
        };
        check("", &[]);
        check("10~mg", &["10~mg"]);
        check("الجرعة 2.5~mg — عن طريق الفم", &["2.5~mg"]);
        check("amlodipine — الجرعة 10~mg، 250~mg/5 mL.", &["10~mg", "250~mg/5 mL"]);
        check("أكثر من 20~% (68.5~kg)", &["20~%", "68.5~kg"]);
        check("<5~mg/dL, 120/80~mmHg; 1200000~[iU]", &["<5~mg/dL", "120/80~mmHg", "1200000~[iU]"]);
        check("10~حبات, لمدة 30~يوم", &[]);
        check("À trancher~: prudence 12", &[]);
    }
}
