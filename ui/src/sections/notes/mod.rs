//! The notes: the one being written, and those that are signed.

mod model;

use super::ChartPart;
use crate::components::{Press, Tone, button, card, chip, empty};
use crate::frame::Sheet;
use crate::i18n::{t, tf};
use clinical::NoteSectionCode;
use leptos::prelude::*;
use model::{Notes, Signed, notes as read};

/// The section.
pub(crate) fn notes(part: ChartPart) -> AnyView {
    let model = part.model(read);
    let write = button(Press::Plain, t("note.write"), move || part.open(Sheet::Note));
    let body = move || model.get().map(draw);
    card("notes", t("note.list"), write, body.into_any())
}

fn draw(model: Notes) -> AnyView {
    let nothing = model.signed.is_empty() && !model.has_draft;
    view! {
        {model.has_draft.then(|| chip(Tone::Info, t("note.in-draft")))}
        {nothing.then(|| empty(t("note.empty")))}
        {model.signed.into_iter().map(signed).collect_view()}
    }
    .into_any()
}

fn signed(note: Signed) -> AnyView {
    let by = tf("note.signed-by", &[("who", &note.author), ("when", &note.when)]);
    let parts = note
        .parts
        .into_iter()
        .map(|(code, text)| {
            view! { <dt>{part_name(code)}</dt><dd><bdi>{text}</bdi></dd> }
        })
        .collect_view();
    view! {
        <details class="note-signed">
            <summary>
                <b><bdi>{note.title}</bdi></b>
                " "
                <span class="written">{by}</span>
                {note.twice.then(|| chip(Tone::Warning, t("note.twice")))}
                {note.corrected.then(|| chip(Tone::Plain, t("note.corrected")))}
            </summary>
            <dl>{parts}</dl>
        </details>
    }
    .into_any()
}

fn part_name(code: NoteSectionCode) -> &'static str {
    match code {
        NoteSectionCode::Subjective => t("note.subjective"),
        NoteSectionCode::Objective => t("note.objective"),
        NoteSectionCode::Assessment => t("note.assessment"),
        NoteSectionCode::Plan => t("note.plan"),
    }
}
