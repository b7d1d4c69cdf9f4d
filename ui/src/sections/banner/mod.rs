//! The patient banner (NHS CUI): full width, on top, never covered; the allergies always in it.

mod model;
mod review;

use super::conflict::disputes_of;
use super::{ChartPart, conflict_card};
use crate::components::{Icon, Press, Tone, button, chip, fold_button, icon, unbroken};
use crate::frame::{Frame, Sheet};
use crate::i18n::{t, tn};
use crate::markup::prelude::*;
use clinical::{AllergyState, EntryKind, PatientDraft};
use model::{Banner, banner as read};

/// The banner.
pub(crate) fn banner(part: ChartPart) -> AnyView {
    let model = part.model(read);
    // Unfolded stays unfolded while the chart changes beneath.
    let unfolded = RwSignal::new(false);
    (move || model.get().map(|model| draw(part, unfolded, model))).into_any()
}

/// What two people wrote otherwise of who it is, above all else of a page and in what is scrolled: the
/// banner, which is never covered, would cover the page with it.
pub(crate) fn identity_disputes(part: ChartPart) -> AnyView {
    let model = part.model(|view, people| disputes_of(view, people, EntryKind::Patient));
    let cards = move || {
        let disputes = model.get().filter(|disputes| !disputes.is_empty())?;
        let cards = disputes.iter().map(|it| conflict_card(part.frame, it, None)).collect_view();
        Some(view! { <div class="stack identity-disputes">{cards}</div> })
    };
    view! { {cards} }.into_any()
}

fn draw(part: ChartPart, unfolded: RwSignal<bool>, model: Banner) -> AnyView {
    let died = model
        .died
        .clone()
        .map(|died| view! { <p class="died"><b>{t("banner.deceased")}</b> " " {died}</p> });
    let waiting = model.waiting.into_iter().map(|text| chip(Tone::Warning, text)).collect_view();
    let unreadable = model.unreadable.map(|text| chip(Tone::Warning, text));
    view! {
        <section class="banner" class:deceased=model.died.is_some() data-testid="banner" aria-label=t("banner.name")>
            <div class="banner-head">
                <div class="banner-zone">
                    <h1 class="banner-name"><bdi>{model.line.name}</bdi></h1>
                    {value(t("banner.born"), &model.line.born)}
                    {value(t("banner.sex"), model.line.sex)}
                    {value(t("banner.number"), &model.line.number)}
                    {died}
                    <div class="banner-state">
                        {allergies(model.allergy_state, &model.allergies, model.allergies_more)}
                        {review::chips(part, model.review)}
                        {waiting}
                        {unreadable}
                    </div>
                </div>
                {contact_button(unfolded)}
            </div>
            {move || unfolded.get().then(|| more(part, model.contact.clone()))}
        </section>
    }
    .into_any()
}

fn value(label: &'static str, value: &str) -> AnyView {
    view! { <p class="banner-value"><span>{label}</span> " " <b><bdi>{unbroken(value)}</bdi></b></p> }
        .into_any()
}

fn allergies(state: AllergyState, names: &[String], more: usize) -> AnyView {
    let title = super::allergies::state_words(state);
    let (class, picture) = match state {
        AllergyState::Known => ("banner-allergies known", Some(Icon::Alert)),
        AllergyState::NoneKnown | AllergyState::NoneKnownDrugs => ("banner-allergies", None),
        AllergyState::NotRecorded | AllergyState::Unavailable => {
            ("banner-allergies unsure", Some(Icon::Info))
        }
    };
    let names = names.join(" · ");
    let more = (more > 0).then(|| tn("banner.more", u64::try_from(more).unwrap_or(u64::MAX)));
    view! {
        <p class=class>
            {picture.map(icon)} <span>{title}</span> " " <b><bdi>{names}</bdi></b> " " {more}
        </p>
    }
    .into_any()
}

/// The second zone, folded away: where the patient lives, and the way to change it.
fn more(part: ChartPart, contact: Vec<(&'static str, String)>) -> AnyView {
    let values = contact.into_iter().map(|(label, text)| value(label, &text)).collect_view();
    let amend = move || open_amendment(part, part.frame);
    view! {
        <div class="banner-zone" id="banner-contact">
            {values}
            {button(Press::Plain, t("patient.amend"), amend)}
        </div>
    }
    .into_any()
}

/// Unfolds the second zone right below.
fn contact_button(unfolded: RwSignal<bool>) -> AnyView {
    let fold = move || if unfolded.get() { "▴" } else { "▾" };
    let label = view! { {t("banner.contact")} <span aria-hidden="true">{fold}</span> };
    let turn = move || unfolded.update(|unfolded| *unfolded = !*unfolded);
    fold_button("button", label.into_any(), "banner-contact", unfolded, turn)
}

fn open_amendment(part: ChartPart, frame: Frame) {
    let patient = part.chart.get_untracked().and_then(|chart| chart.chart.patient.clone());
    if let (Some(subject), Some(patient)) = (part.subject(), patient) {
        frame.open(Sheet::Amend(subject, PatientDraft::of(&patient)));
    }
}
