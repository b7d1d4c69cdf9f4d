//! What became elsewhere of a text since its reader last wrote in it: what came in and what went, by
//! whom, until the reader has seen it.

use crate::components::{Press, button};
use crate::host::focus;
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use crate::words::joined;
use clinical::{NoteDraft, NoteSectionCode, PractitionerId, TrackedChange, TrackedRun};
use std::collections::BTreeMap;

/// So many characters of what stands are shown on either side of what changed.
const AROUND: usize = 40;

type Names = BTreeMap<PractitionerId, String>;

/// What is shown of one text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Tracked {
    runs: Vec<TrackedRun>,
    names: Names,
}

/// The runs of a part of the draft, under its editor, for who reads it.
pub(super) fn tracked(
    open: RwSignal<Option<NoteDraft>>,
    code: NoteSectionCode,
    reader: PractitionerId,
) -> AnyView {
    let (shown, seen) = (RwSignal::new(Tracked::default()), StoredValue::new(Vec::new()));
    Effect::new(move |_| {
        let of_part = |draft: &NoteDraft| {
            let runs = draft.tracked.get(&code)?.clone();
            Some(Tracked { runs, names: draft.names.clone() })
        };
        // What is shown stays until it was seen, also when its reader goes on writing.
        let came = open.with(|open| open.as_ref().and_then(of_part));
        if let Some(came) = came.filter(|came| seen.with_value(|seen| *seen != came.runs)) {
            shown.set(came);
            focus::into_sight_of(&format!("note-{}", code.code()), id(code));
        }
    });
    let has_seen = move || {
        seen.set_value(shown.get_untracked().runs);
        shown.set(Tracked::default());
    };
    let view = move || {
        let Tracked { runs, names } = shown.get();
        (!runs.is_empty()).then(|| {
            let pieces = shortened(runs.clone()).into_iter().map(|run| piece(&run, &names));
            let pieces = pieces.collect_view();
            view! {
                <div class="tracked" id=id(code) data-testid="tracked">
                    <p class="hint" role="status">{title(&runs, &names, reader)}</p>
                    <p class="tracked-text" dir="auto">{pieces}</p>
                    {button(Press::Plain, t("note.tracked.seen"), has_seen)}
                </div>
            }
            .into_any()
        })
    };
    view.into_any()
}

fn id(code: NoteSectionCode) -> String {
    format!("tracked-{}", code.code())
}

fn piece(run: &TrackedRun, names: &Names) -> AnyView {
    let text = run.text.clone();
    match run.change {
        TrackedChange::Kept => view! { <span>{text}</span> }.into_any(),
        TrackedChange::Inserted => {
            let heard = tf("note.tracked.added", &[("who", &who(&run.by, names))]);
            let title = heard.clone();
            view! { <ins title=title><span class="only-heard">{heard}</span>{text}</ins> }
                .into_any()
        }
        TrackedChange::Deleted => {
            let heard = match run.by.as_slice() {
                [_] => tf("note.tracked.removed-by", &[("who", &who(&run.by, names))]),
                _ => t("note.tracked.removed").to_owned(),
            };
            let title = heard.clone();
            view! { <del title=title><span class="only-heard">{heard}</span>{text}</del> }
                .into_any()
        }
    }
}

fn title(runs: &[TrackedRun], names: &Names, reader: PractitionerId) -> String {
    let all: Vec<PractitionerId> = runs.iter().flat_map(|run| run.by.iter().copied()).collect();
    if !all.is_empty() && all.iter().all(|by| *by == reader) {
        return t("note.tracked.own").to_owned();
    }
    tf("note.tracked", &[("who", &who(&all, names))])
}

/// Everybody once, in the order in which they come.
fn who(all: &[PractitionerId], names: &Names) -> String {
    let mut told: Vec<String> = Vec::new();
    for by in all {
        let name = names.get(by).cloned().unwrap_or_else(somebody);
        if !told.contains(&name) {
            told.push(name);
        }
    }
    if told.is_empty() { somebody() } else { joined(told) }
}

fn somebody() -> String {
    t("written.person").to_owned()
}

/// The runs, with what stands far from any change left out.
fn shortened(mut runs: Vec<TrackedRun>) -> Vec<TrackedRun> {
    let last = runs.len().saturating_sub(1);
    for (at, run) in runs.iter_mut().enumerate() {
        if run.change == TrackedChange::Kept {
            run.text = around(&run.text, at > 0, at < last);
        }
    }
    runs
}

/// The beginning of a text where something stands before it, and its end where something follows.
fn around(text: &str, after: bool, before: bool) -> String {
    let all: Vec<char> = text.chars().collect();
    let (head, tail) = (if after { AROUND } else { 0 }, if before { AROUND } else { 0 });
    // One that would be cut by a few characters stays whole.
    if all.len() <= head.saturating_add(tail).saturating_add(AROUND / 2) {
        return text.to_owned();
    }
    let head: String = all.iter().take(head).collect();
    let tail: String = all.iter().skip(all.len().saturating_sub(tail)).collect();
    format!("{} … {}", to_whole_words(&head), from_whole_words(&tail))
}

/// The beginning of a text without the word that was cut at its end, where it has another.
fn to_whole_words(text: &str) -> &str {
    text.rfind(char::is_whitespace).map_or(text, |at| text.split_at(at).0.trim_end())
}

/// The end of a text without the word that was cut at its beginning, where it has another.
fn from_whole_words(text: &str) -> &str {
    text.find(char::is_whitespace).map_or(text, |at| text.split_at(at).1.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::uuid_v7;

    #[test]
    fn what_stands_is_shown_around_what_changed() {
        let long = "a".repeat(60) + &"b".repeat(60);
        let (head, tail) = ("a".repeat(AROUND), "b".repeat(AROUND));
        let check = |text: &str, after, before, want: &str| {
            assert_eq!(around(text, after, before), want, "{after} {before}");
        };
        check("short", true, true, "short");
        check(&long, true, true, &format!("{head} … {tail}"));
        check(&long, false, true, &format!(" … {tail}"));
        check(&long, true, false, &format!("{head} … "));
        let words = "started 5 mg ".repeat(12);
        let three = "started 5 mg started 5 mg started 5 mg";
        check(&words, true, true, &format!("{three} … {three} "));
    }

    #[test]
    fn each_person_is_named_once() {
        let person = |n: u8| PractitionerId::from_uuid(uuid_v7(1, [n; 10]));
        let names: Names = [(person(1), "Ana".to_owned()), (person(2), "Rose".to_owned())].into();
        let run = |change, by: &[PractitionerId]| TrackedRun {
            text: "x".to_owned(),
            change,
            by: by.to_vec(),
        };
        let check = |by: &[&[PractitionerId]], want: &str| {
            let runs: Vec<_> = by.iter().map(|by| run(TrackedChange::Deleted, by)).collect();
            assert_eq!(title(&runs, &names, person(3)), tf("note.tracked", &[("who", want)]));
        };
        check(&[&[person(1)], &[], &[person(1)]], "Ana");
        let both = joined(vec!["Rose".into(), "Ana".into()]);
        check(&[&[person(2), person(1)], &[person(1)]], &both);
        check(&[&[]], t("written.person"));
        check(&[&[person(9)]], t("written.person"));
        // Who reads it wrote it elsewhere.
        let own =
            |by: &[PractitionerId]| title(&[run(TrackedChange::Inserted, by)], &names, person(2));
        assert_eq!(
            own(&[person(2)]),
            "Changed by you on another computer since you last wrote here"
        );
        assert!(own(&[person(1), person(2)]).contains("Ana"));
    }
}
