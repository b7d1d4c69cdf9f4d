//! Everything that happened, by day.

mod model;

use super::ChartPart;
use crate::components::{Disclosure, disclosure, empty, unbroken};
use crate::i18n::t;
use crate::markup::prelude::*;
use model::{Day, days as read};

/// The section, folded: it is read when it is opened.
pub(crate) fn timeline(part: ChartPart) -> AnyView {
    let model = part.model(read);
    let is_open = RwSignal::new(false);
    let body = move || is_open.get().then(|| model.get().map(draw));
    disclosure(Disclosure {
        class: "timeline card",
        mark: Some("timeline"),
        unfolded: Some(is_open),
        line: view! { <h2>{t("timeline.title")}</h2> }.into_any(),
        body: body.into_any(),
    })
}

fn draw(days: Vec<Day>) -> AnyView {
    if days.is_empty() {
        return empty(t("timeline.none"));
    }
    let days: Vec<AnyView> = days.into_iter().map(day).collect();
    view! { <ol class="timeline-days">{days}</ol> }.into_any()
}

fn day(day: Day) -> AnyView {
    let events: Vec<AnyView> = day.events.into_iter().map(event).collect();
    view! { <li><p class="timeline-day">{day.day}</p> <ul>{events}</ul></li> }.into_any()
}

fn event((kind, text): (&'static str, String)) -> AnyView {
    view! { <li><span class="written">{kind}</span> " " <bdi>{unbroken(&text)}</bdi></li> }
        .into_any()
}
