//! The visits.

mod model;

use super::{ChartPart, lines};
use crate::components::{Press, button, card, empty, past, quiet_button};
use crate::frame::Sheet;
use crate::i18n::{t, tf, tn};
use crate::markup::prelude::*;
use model::{Visit, visits as read};

/// So many visits stand unfolded.
const NEWEST: usize = 3;

/// The section.
pub(crate) fn visits(part: ChartPart) -> AnyView {
    let model = part.model(read);
    let begin = button(Press::Plain, t("visit.new"), move || part.open(Sheet::Visit));
    let body = move || {
        model.get().map(|visits| {
            let nothing = visits.visits.is_empty().then(|| empty(t("visit.empty")));
            let mut newest: Vec<AnyView> =
                visits.visits.into_iter().map(|visit| line(part, visit)).collect();
            let earlier = newest.split_off(newest.len().min(NEWEST));
            let label = tn("visit.earlier", u64::try_from(earlier.len()).unwrap_or_default());
            view! {
                {nothing}
                <ul class="lines">{newest}</ul>
                {past(label, earlier)}
                {lines::more(visits.more)}
            }
        })
    };
    card("visits", t("visit.title"), begin, body.into_any())
}

/// A visit, with the way to end it while it goes on.
fn line(part: ChartPart, visit: Visit) -> AnyView {
    let label = visit.line.label.clone();
    let end = visit.open.map(|id| {
        quiet_button(t("visit.end"), tf("visit.end-of", &[("what", &label)]), move || {
            part.open(|subject| Sheet::Departure(subject, id, label.clone()));
        })
    });
    lines::line(part, visit.line, end.into_any())
}
