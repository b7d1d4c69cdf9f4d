//! Text whose dates, numbers and quantities stay whole.

use super::measured;
use crate::markup::prelude::*;

/// A text that is never broken within a date (`14-Mar-1980`), a number with hyphens or a quantity;
/// a quantity reads from left to right.
pub(crate) fn unbroken(text: &str) -> AnyView {
    let runs = runs(text).into_iter().map(|(run, is_whole)| {
        if is_whole {
            view! { <span class="unbroken">{run}</span> }.into_any()
        } else {
            measured(&run)
        }
    });
    runs.collect::<Vec<_>>().into_any()
}

/// The text in its order: what must stay whole, and what stands between.
fn runs(text: &str) -> Vec<(String, bool)> {
    let mut runs: Vec<(String, bool)> = Vec::new();
    for (at, word) in text.split(' ').enumerate() {
        if at > 0 {
            join(&mut runs, " ", false);
        }
        join(&mut runs, word, has_to_stay_whole(word));
    }
    runs
}

fn join(runs: &mut Vec<(String, bool)>, text: &str, is_whole: bool) {
    match runs.last_mut().filter(|(_, last)| !*last && !is_whole) {
        Some((run, _)) => run.push_str(text),
        None => runs.push((text.to_owned(), is_whole)),
    }
}

fn has_to_stay_whole(word: &str) -> bool {
    word.contains('-') && word.bytes().any(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_stays_whole_and_nothing_is_lost() {
        let check = |text: &str, whole: &[&str]| {
            let runs = runs(text);
            let kept: Vec<_> = runs.iter().filter(|run| run.1).map(|run| run.0.as_str()).collect();
            assert_eq!(kept, whole, "{text}");
            let again: String = runs.into_iter().map(|run| run.0).collect();
            assert_eq!(again, text);
        };
        check("", &[]);
        check("Decided: amlodipine — OKELLO, Grace", &[]);
        check("OKELLO, born 14-Mar-1980 (46y)", &["14-Mar-1980"]);
        check("né(e) 04-déc-1980, CLN-88417 bien-être", &["04-déc-1980,", "CLN-88417"]);
        // The browser keeps such a run on one line.
        let css = include_str!("../../../assets/styles/kit.css");
        assert!(css.contains("\n.unbroken { white-space: nowrap; }"));
    }
}
