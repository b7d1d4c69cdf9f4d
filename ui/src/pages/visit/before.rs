//! The last visit, beside this one.

use super::model::{Before, LastNote, before};
use crate::components::{empty, unbroken};
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use crate::sections::{ChartPart, part_of_note};
use clinical::EncounterId;

/// What was found and written the last time.
pub(super) fn before_view(part: ChartPart, encounter: EncounterId) -> AnyView {
    let model = part.model_of(move |view, people| before(view, people, encounter));
    view! {
        <aside class="visit-before" aria-labelledby="heading-before" data-testid="before">
            <h2 id="heading-before">{t("visit.before")}</h2>
            {move || model.get().map(draw)}
        </aside>
    }
    .into_any()
}

fn draw(before: Before) -> AnyView {
    let nothing = before.note.is_none() && before.signs.is_empty();
    let one = |(name, value, when): (String, String, String)| {
        view! { <dt>{name}</dt><dd><b><bdi>{unbroken(&value)}</bdi></b> " " <span class="written">{when}</span></dd> }
    };
    view! {
        {nothing.then(|| empty(t("visit.before.none")))}
        {before.note.map(note)}
        <dl class="before-signs">{before.signs.into_iter().map(one).collect_view()}</dl>
    }
    .into_any()
}

fn note(note: LastNote) -> AnyView {
    let by = tf("note.signed-by", &[("who", &note.author), ("when", &note.when)]);
    let parts = note.parts.into_iter().map(|(code, text)| {
        view! { <dt>{part_of_note(code)}</dt><dd><bdi>{text}</bdi></dd> }
    });
    view! {
        <div class="before-note">
            <p class="written">{by}</p>
            <dl>{parts.collect_view()}</dl>
        </div>
    }
    .into_any()
}
