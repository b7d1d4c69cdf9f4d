//! The visits.

mod model;

use super::{ChartPart, conflict_card, lines};
use crate::components::{Press, button, card, empty, past, quiet_button};
use crate::frame::Sheet;
use crate::i18n::{t, tf, tn};
use crate::markup::prelude::*;
use clinical::EncounterId;
use model::{Visit, disputes, visits as read};

/// So many visits stand unfolded.
const NEWEST: usize = 3;

/// The section.
pub(crate) fn visits(part: ChartPart) -> AnyView {
    let model = part.model(read);
    let begin = button(Press::Plain, t("visit.new"), move || part.open(Sheet::Visit));
    let unfolded = RwSignal::new(false);
    let body = move || {
        model.get().map(|visits| {
            let frame = part.frame;
            let disputes = visits.disputes.iter().map(|it| conflict_card(frame, it, None));
            let disputes = disputes.collect_view();
            let nothing = visits.visits.is_empty().then(|| empty(t("visit.empty")));
            let mut newest = visits.visits;
            let earlier = newest.split_off(newest.len().min(NEWEST));
            let label = tn("visit.earlier", u64::try_from(earlier.len()).unwrap_or_default());
            view! {
                {disputes}
                {nothing}
                <ul class="lines">
                    {newest.into_iter().map(|visit| line(part, visit)).collect_view()}
                </ul>
                {past(unfolded, label, earlier, move |visit| line(part, visit.clone()))}
                {lines::more(visits.more)}
            }
        })
    };
    card("visits", t("visit.title"), begin, body.into_any())
}

/// What two people wrote of one visit without knowing of each other.
pub(crate) fn visit_disputes(part: ChartPart, encounter: EncounterId) -> AnyView {
    let model = part.model_of(move |view, people| {
        let mut disputes = disputes(view, people);
        disputes.retain(|dispute| dispute.entry.id == encounter.uuid());
        disputes
    });
    let cards = move || {
        let disputes = model.get().unwrap_or_default();
        disputes.iter().map(|it| conflict_card(part.frame, it, None)).collect_view()
    };
    cards.into_any()
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
