//! The notes: the one being written, and those that are signed.

mod model;

use super::{ChartPart, whereabouts::only_here};
use crate::components::{
    Disclosure, Press, Tone, button, card, chip, disclosure, empty, past, quiet_button,
};
use crate::frame::Sheet;
use crate::i18n::{t, tf, tn};
use crate::markup::prelude::*;
use api::WhichDraft;
use clinical::NoteSectionCode;
use model::{Draft, Notes, Signed, notes as read};

/// So many signed notes stand unfolded.
const NEWEST: usize = 3;

/// The section.
pub(crate) fn notes(part: ChartPart) -> AnyView {
    let model = part.model(read);
    let write = button(Press::Plain, t("note.write"), move || part.open(Sheet::last_note));
    let unfolded = RwSignal::new(false);
    let body = move || model.get().map(|model| draw(part, unfolded, model));
    card("notes", t("note.list"), write, body.into_any())
}

fn draw(part: ChartPart, unfolded: RwSignal<bool>, model: Notes) -> AnyView {
    let nothing = model.signed.is_empty() && model.drafts.is_empty();
    let mut newest = model.signed;
    let earlier = newest.split_off(newest.len().min(NEWEST));
    let label = tn("note.earlier", u64::try_from(earlier.len()).unwrap_or_default());
    let draw_earlier =
        move |note: &Signed| view! { <li>{signed(part, note.clone())}</li> }.into_any();
    view! {
        {model.drafts.into_iter().map(|it| draft(part, it)).collect_view()}
        {nothing.then(|| empty(t("note.empty")))}
        {newest.into_iter().map(|note| signed(part, note)).collect_view()}
        {past(unfolded, label, earlier, draw_earlier)}
    }
    .into_any()
}

/// A note that waits: who began it, whose words are in it, and the way to go on with it.
fn draft(part: ChartPart, draft: Draft) -> AnyView {
    let whole_name = tf("note.go-on-of", &[("what", &draft.line)]);
    let on = quiet_button(t("note.go-on"), whole_name, move || {
        part.open(|subject| Sheet::Note(subject, WhichDraft::Of(draft.id)));
    });
    view! {
        <div class="line">
            {chip(Tone::Info, t("note.in-draft"))}
            <p class="written">{draft.line}</p>
            <div class="line-actions">{on}</div>
        </div>
    }
    .into_any()
}

fn signed(part: ChartPart, note: Signed) -> AnyView {
    let by = tf("note.signed-by", &[("who", &note.author), ("when", &note.when)]);
    let with = (!note.with.is_empty()).then(|| tf("note.with", &[("who", &note.with)]));
    let mistaken = note.mistaken;
    let actions = actions(part, &note);
    let why = note.why.map(|(reason, by)| {
        let values = [("reason", reason.as_str()), ("who", &by.who), ("when", &by.when)];
        view! { <p class="written">{tf("note.mistake-by", &values)}</p> }
    });
    let parts = note
        .parts
        .into_iter()
        .map(|(code, text)| {
            view! { <dt>{part_of_note(code)}</dt><dd><bdi>{text}</bdi></dd> }
        })
        .collect_view();
    let line = view! {
        <b class="line-text"><bdi>{note.title}</bdi></b>
        " "
        <span class="written">{by} " " {with}</span>
        {mistaken.then(|| chip(Tone::Warning, t("note.mistaken")))}
        {note.twice.then(|| chip(Tone::Warning, t("note.twice")))}
        {note.corrected.then(|| chip(Tone::Plain, t("note.corrected")))}
        {only_here(part, note.entry)}
    };
    let body = view! { {why} <dl>{parts}</dl> <div class="line-actions">{actions}</div> };
    disclosure(Disclosure {
        class: match (mistaken, note.twice) {
            (true, _) => "note-signed mistaken",
            (false, true) => "note-signed twice",
            (false, false) => "note-signed",
        },
        mark: None,
        unfolded: None,
        line: line.into_any(),
        body: body.into_any(),
    })
}

fn actions(part: ChartPart, note: &Signed) -> AnyView {
    let entry = note.entry;
    let label = format!("{} — {}, {}", note.title, note.author, note.when);
    let about = |key| tf(key, &[("what", &label)]);
    let (of_history, of_mistake) = (about("line.history-of"), about("line.withdraw-of"));
    let for_history = label.clone();
    let history = quiet_button(t("line.history"), of_history, move || {
        part.open(|subject| Sheet::History(subject, entry, for_history.clone()));
    });
    let withdraw = (!note.mistaken).then(|| {
        quiet_button(t("line.withdraw"), of_mistake, move || {
            part.open(|subject| Sheet::Withdraw(subject, entry, label.clone()));
        })
    });
    view! { {history} {withdraw} }.into_any()
}

/// The name of a part of a note.
pub(crate) fn part_of_note(code: NoteSectionCode) -> &'static str {
    match code {
        NoteSectionCode::Subjective => t("note.subjective"),
        NoteSectionCode::Objective => t("note.objective"),
        NoteSectionCode::Assessment => t("note.assessment"),
        NoteSectionCode::Plan => t("note.plan"),
    }
}
