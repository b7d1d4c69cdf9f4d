//! What is taken now, beside the form that prescribes: arrows lead from line to line, and one key
//! renews, stops or changes the line that has the keyboard.

use super::{
    actions, chips, medication_line,
    model::{Taken, medications},
};
use crate::components::{Tone, chip};
use crate::frame::{Frame, Sheet, Subject};
use crate::host::focus;
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use crate::sections::{ChartPart, disputed_names};
use clinical::{EntryKind, MedicationRequest, MedicationStatus};

/// The lines; nothing where there are none.
pub(crate) fn current_medicines(frame: Frame, subject: &Subject, before: &'static str) -> AnyView {
    let part = ChartPart {
        frame,
        patient: subject.patient,
        chart: frame.chart,
        places: RwSignal::new(None),
    };
    let patient = subject.patient;
    let model = part.model_of(move |view, people| {
        let model = (view.patient == patient).then(|| medications(view, people))?;
        Some((model.lines, disputed_names(view, |kind| kind == EntryKind::Medication)))
    });
    (move || {
        model.get().flatten().and_then(|(lines, disputed)| draw(part, lines, &disputed, before))
    })
    .into_any()
}

/// The medicines that two people wrote differently, by name: neither side is shown as what holds.
pub(crate) fn undecided_medicines(names: &[String]) -> Option<AnyView> {
    (!names.is_empty()).then(|| {
        let said = tf("current.disputed", &[("what", &names.join(", "))]);
        let chip = chip(Tone::Conflict, t("conflict.title"));
        view! { <p class="fault">{chip} " " {said}</p> }.into_any()
    })
}

fn draw(
    part: ChartPart,
    lines: Vec<Taken>,
    disputed: &[String],
    before: &'static str,
) -> Option<AnyView> {
    if lines.is_empty() && disputed.is_empty() {
        return None;
    }
    let lines = lines.into_iter().enumerate();
    let lines = lines.map(|(at, taken)| line(part, at, taken, before));
    let section = view! {
        <section class="current" aria-labelledby="current-title" data-testid="current">
            <h3 id="current-title">{t("current.title")}</h3>
            <p class="hint" id="current-keys">{t("current.keys")}</p>
            {undecided_medicines(disputed)}
            <ul class="lines medicines">{lines.collect_view()}</ul>
        </section>
    };
    Some(section.into_any())
}

fn line(part: ChartPart, at: usize, taken: Taken, before: &'static str) -> AnyView {
    let (chips, medicine) = (chips(&taken), taken.medicine);
    let (order, actions) =
        (medication_line(&medicine.order), actions(part, &medicine, &taken.line.label));
    let heed = move |event: web_sys::KeyboardEvent| {
        // A button in the line hears its own keys.
        let is_own = event.target() == event.current_target();
        let with_more = event.ctrl_key() || event.meta_key() || event.alt_key();
        if !is_own || with_more {
            return;
        }
        match event.key().as_str() {
            "ArrowDown" => lead_to(&id_of(at + 1)),
            "ArrowUp" => lead_to(&at.checked_sub(1).map_or(before.to_owned(), id_of)),
            "r" | "R" if is_renewable(&medicine) => open(part, Sheet::Renewal, &medicine),
            "x" | "X" => open(part, Sheet::Stop, &medicine),
            "Enter" => open(part, Sheet::Dosage, &medicine),
            _ => return,
        }
        event.prevent_default();
    };
    let tab = if at == 0 { "0" } else { "-1" };
    view! {
        <li
            id=id_of(at)
            class="line"
            tabindex=tab
            aria-describedby="current-keys"
            on:keydown=heed
        >
            <p class="line-text">{chips} {order}</p>
            <span class="line-actions">{actions}</span>
        </li>
    }
    .into_any()
}

fn open(
    part: ChartPart,
    sheet: fn(Subject, MedicationRequest) -> Sheet,
    medicine: &MedicationRequest,
) {
    part.open(|subject| sheet(subject, medicine.clone()));
}

/// Whether a medicine can be renewed: only what is taken is.
pub(super) fn is_renewable(medicine: &MedicationRequest) -> bool {
    medicine.order.status == MedicationStatus::Active
}

/// At once: the next key is for the line it leads to.
fn lead_to(id: &str) {
    focus::to_first(&format!("#{id}"));
}

fn id_of(at: usize) -> String {
    format!("current-{at}")
}
