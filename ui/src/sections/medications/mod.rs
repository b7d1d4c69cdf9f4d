//! The medicines: what the patient is meant to take now, and what two people disagree on.

mod current;
mod model;

use super::{
    ChartPart,
    advice::Flag,
    conflict_card,
    lines::{self, Line},
};
use crate::components::{Press, Tone, button, card, chip, empty, past, quiet_button};
use crate::frame::Sheet;
use crate::i18n::{t, tf, tn};
use crate::markup::prelude::*;
use crate::words;
use clinical::display::tall_man;
use clinical::{MedicationOrder, MedicationRequest};
use current::is_renewable;
pub(crate) use current::{current_medicines, undecided_medicines};
use model::{Medications, Taken, medications as read};

/// The section.
pub(crate) fn medications(part: ChartPart) -> AnyView {
    let model = part.model(read);
    let add = button(Press::Plain, t("medication.new"), move || part.open(Sheet::Medication));
    let unfolded = RwSignal::new(false);
    let body = move || model.get().map(|model| draw(part, unfolded, model));
    let body = view! { {lines::kept_apart(part)} {body} };
    card("medications", t("medication.title"), add, body.into_any())
}

/// The medication line (MEDi, ISMP): name and dose in bold, parts that never break within. Names that
/// look alike are told apart by capitals, for the eye alone.
pub(crate) fn medication_line(order: &MedicationOrder) -> AnyView {
    let (name, parts) = words::medication_line(order);
    let parts = parts.iter().map(|part| lines::led(lines::detail(part))).collect_view();
    view! { <span class="medicine"><b><bdi>{tall_man(&name).into_owned()}</bdi></b>{parts}</span> }
        .into_any()
}

fn draw(part: ChartPart, unfolded: RwSignal<bool>, model: Medications) -> AnyView {
    let frame = part.frame;
    let nothing = model.lines.is_empty() && model.disputes.is_empty() && model.unreadable == 0;
    let disputes =
        model.disputes.into_iter().map(|it| conflict_card(frame, &it, None)).collect_view();
    let lines = model.lines.into_iter().map(|taken| {
        let flag = chips(&taken);
        let Taken { medicine, line, .. } = taken;
        let actions = actions(part, &medicine, &line.label);
        let line = Line { label: tall_man(&line.label).into_owned(), ..line };
        lines::flagged(part, flag, line, actions)
    });
    let old = tn("medication.past", u64::try_from(model.past.len()).unwrap_or_default());
    view! {
        {nothing.then(|| empty(t("medication.empty")))}
        {lines::not_shown(model.unreadable)}
        {disputes}
        <ul class="lines medicines">{lines.collect_view()}</ul>
        {past(unfolded, old, model.past, move |it| lines::past_line(part, it.clone()))}
    }
    .into_any()
}

/// That the rules speak of a medicine, and that its course is over; nothing where neither is so.
fn chips(taken: &Taken) -> Option<AnyView> {
    let alert = taken.alert.map(Flag::chip);
    let over = taken.over.clone().map(|over| chip(Tone::Warning, over));
    let chips: Vec<AnyView> = alert.into_iter().chain(over).collect();
    (!chips.is_empty()).then(|| chips.into_any())
}

fn actions(part: ChartPart, medicine: &MedicationRequest, label: &str) -> AnyView {
    let (to_change, to_stop) = (medicine.clone(), medicine.clone());
    let about = |key| tf(key, &[("what", label)]);
    let to_renew = Some(medicine.clone()).filter(is_renewable);
    let renew = to_renew.map(|medicine| {
        quiet_button(t("medication.renew"), about("medication.renew-of"), move || {
            part.open(|subject| Sheet::Renewal(subject, medicine.clone()));
        })
    });
    let change = quiet_button(t("medication.change"), about("medication.change-of"), move || {
        part.open(|subject| Sheet::Dosage(subject, to_change.clone()));
    });
    let stop = quiet_button(t("medication.stop"), about("medication.stop-of"), move || {
        part.open(|subject| Sheet::Stop(subject, to_stop.clone()));
    });
    view! { {renew} {change} {stop} }.into_any()
}
