//! The problems.

mod model;

use super::{ChartPart, lines};
use crate::components::{Press, button, card, empty, past, quiet_button};
use crate::frame::Sheet;
use crate::i18n::{t, tf, tn};
use crate::markup::prelude::*;
use clinical::ConditionId;
use lines::Line;
use model::{Problems, problems as read};

/// The section.
pub(crate) fn problems(part: ChartPart) -> AnyView {
    let model = part.model(read);
    let add = button(Press::Plain, t("problem.new"), move || part.open(Sheet::Problem));
    let unfolded = RwSignal::new(false);
    let body = move || model.get().map(|model| draw(part, unfolded, model));
    let body = view! { {lines::kept_apart(part)} {body} };
    card("problems", t("problem.title"), add, body.into_any())
}

fn draw(part: ChartPart, unfolded: RwSignal<bool>, model: Problems) -> AnyView {
    let nothing = model.lines.is_empty() && model.unreadable == 0;
    let lines = model.lines.into_iter().map(|(id, line)| {
        let end = end(part, id, &line);
        lines::line(part, line, end)
    });
    let old = tn("problem.past", u64::try_from(model.past.len()).unwrap_or_default());
    view! {
        {nothing.then(|| empty(t("problem.empty")))}
        {lines::not_shown(model.unreadable)}
        <ul class="lines">{lines.collect_view()}</ul>
        {past(unfolded, old, model.past, move |it| lines::past_line(part, it.clone()))}
    }
    .into_any()
}

/// The way to end a problem.
fn end(part: ChartPart, id: ConditionId, line: &Line) -> AnyView {
    let (label, whole_name) = (line.label.clone(), tf("problem.end-of", &[("what", &line.label)]));
    quiet_button(t("problem.end"), whole_name, move || {
        part.open(|subject| Sheet::Resolution(subject, id, label.clone()));
    })
}
