//! A visit: why, one line of vital signs, the note, problems and medicines, when again; with the
//! last visit beside it. It ends with the sheet that signs and prints.

mod about;
mod before;
mod model;

use super::chart::{chart_page, nobodys};
use crate::components::{Press, Tone, button, card, notice};
use crate::forms::{in_turn, note_of_visit, on_send, vitals_of_visit};
use crate::frame::{Frame, Route, Sheet};
use crate::host::focus;
use crate::i18n::{line, t, tf};
use crate::markup::prelude::*;
use crate::sections::{ChartPart, chart_advice, medications, problems, signs_line, visit_disputes};
use about::{follow_up, reason};
use before::before_view;
use clinical::{EncounterId, PatientId};
use model::{Stands, Visit, stands, visit as read};

pub(crate) use model::open_visit;

/// The page.
pub(crate) fn visit(frame: Frame, patient: PatientId, encounter: EncounterId) -> AnyView {
    chart_page(frame, patient, move |part| workspace(part, encounter))
}

fn workspace(part: ChartPart, encounter: EncounterId) -> AnyView {
    let model = part.model_of(move |view, people| read(view, people, encounter));
    // The fields stay while the chart changes around them: only another state draws them anew.
    let stands = part.model_of(move |view, _| stands(view, encounter));
    let body = move || match stands.get() {
        None => ().into_any(),
        Some(Stands::Open) => open(part, encounter, model),
        Some(Stands::Over) => over(part, encounter),
        Some(Stands::Nobodys) => nobodys(),
    };
    body.into_any()
}

/// What stands where a visit is over, here or elsewhere.
fn over(part: ChartPart, encounter: EncounterId) -> AnyView {
    let (frame, patient) = (part.frame, part.patient);
    let chart = button(Press::Main, t("visit.to-chart"), move || frame.go(Route::Chart(patient)));
    let today = button(Press::Plain, t("visit.to-today"), move || frame.go(Route::Today));
    let both = view! { {chart} {today} }.into_any();
    let over = notice(Tone::Info, t("visit.over"), t("visit.over.help"), Some(both));
    view! { {over} {visit_disputes(part, encounter)} }.into_any()
}

fn open(part: ChartPart, encounter: EncounterId, model: Memo<Option<Option<Visit>>>) -> AnyView {
    let Some(subject) = part.subject() else { return nobodys() };
    let frame = part.frame;
    let begun = model.get_untracked().flatten();
    let amendment = begun.map(|visit| visit.amendment).unwrap_or_default();
    let finishing = subject.clone();
    // Whoever comes to the page goes on where it is blank.
    let lacks_reason = amendment.reason.trim().is_empty();
    focus::to_selector(if lacks_reason { "#visit-reason" } else { "#vitals-systolic" });
    let seen = StoredValue::new(None);
    let (about, reason_step) = reason(part, encounter, seen);
    let (signs_line, signs_step) = vitals_of_visit(frame, &subject, encounter);
    let (again, again_step) = follow_up(part, encounter, seen);
    // Nothing that is typed is left behind by the end.
    let steps = [reason_step, again_step, signs_step];
    let finish = move || {
        let sheet = Sheet::Finish(finishing.clone(), encounter);
        in_turn(&steps, Box::new(move || frame.open(sheet)));
    };
    let by_key = finish.clone();
    let heed = on_send(by_key);
    let measured = view! { {signs(model)} {signs_line} };
    // The sheet has the button then.
    let is_own =
        move |sheet: &Sheet| matches!(sheet, Sheet::Finish(_, visit) if *visit == encounter);
    let is_finishing = move || frame.sheets.with(|sheets| sheets.last().is_some_and(is_own));
    view! {
        <div class="visit" data-testid="visit-page" on:keydown=heed>
            <div class="visit-main">
                {head(part, model)}
                {visit_disputes(part, encounter)}
                {chart_advice(part)}
                {about}
                {card("visit-vitals", t("vitals.title"), ().into_any(), measured.into_any())}
                {card("visit-note", t("note.title"), ().into_any(), note_of_visit(frame, &subject, encounter))}
                <div class="visit-pair">{problems(part)} {medications(part)}</div>
                {again}
            </div>
            {before_view(part, encounter)}
            <div class="visit-foot" hidden=is_finishing>
                <button type="button" class="button main" on:click=move |_| finish()>
                    {t("visit.finish")} " " <kbd>"Ctrl+Enter"</kbd>
                </button>
            </div>
        </div>
    }
    .into_any()
}

fn head(part: ChartPart, model: Memo<Option<Option<Visit>>>) -> AnyView {
    let said = move || {
        let visit = model.get().flatten()?;
        let since = tf("visit.since", &[("when", &visit.since)]);
        let with = (!visit.with.is_empty()).then(|| tf("visit.with", &[("who", &visit.with)]));
        let parts: Vec<String> = [since].into_iter().chain(with).collect();
        Some(line(&parts, " · "))
    };
    let chart = button(Press::Plain, t("visit.to-chart"), move || {
        part.frame.go(Route::Chart(part.patient));
    });
    view! {
        <header class="visit-head">
            <h2>{t("visit.page")}</h2>
            <p class="hint">{said}</p>
            {chart}
        </header>
    }
    .into_any()
}

/// What was measured in this visit, above the line for more.
fn signs(model: Memo<Option<Option<Visit>>>) -> AnyView {
    let listed = move || {
        let signs = model.get().flatten()?.signs;
        (!signs.is_empty())
            .then(|| view! { <div data-testid="visit-signs">{signs_line(signs)}</div> })
    };
    listed.into_any()
}
