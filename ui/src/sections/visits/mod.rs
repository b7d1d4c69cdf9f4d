//! The visits.

mod model;

use super::{ChartPart, lines};
use crate::components::{card, empty};
use crate::i18n::t;
use leptos::prelude::*;
use model::visits as read;

/// The section.
pub(crate) fn visits(part: ChartPart) -> AnyView {
    let model = part.model(read);
    let body = move || {
        model.get().map(|visits| {
            let nothing = visits.lines.is_empty().then(|| empty(t("visit.empty")));
            let lines = visits.lines.into_iter().map(lines::past_line).collect_view();
            view! { {nothing} <ul class="lines">{lines}</ul> {lines::more(visits.more)} }
        })
    };
    card("visits", t("visit.title"), ().into_any(), body.into_any())
}
