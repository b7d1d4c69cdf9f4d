//! The allergies: what must be heeded, first.

mod model;

use super::{ChartPart, conflict_card, lines};
use crate::components::{Press, Tone, button, card, notice, past};
use crate::forms::Form;
use crate::frame::{Route, Sheet};
use crate::host::focus;
use crate::i18n::{t, tn};
use crate::markup::prelude::*;
use api::RecordAllergy;
use clinical::{AllergyDraft, AllergyState};
use model::{Allergies, allergies as read};
pub(crate) use model::{allergy_line, by_danger, state_words};

/// The section.
pub(crate) fn allergies(part: ChartPart) -> AnyView {
    let model = part.model(read);
    let add = button(Press::Plain, t("allergy.new"), move || part.open(Sheet::Allergy));
    let unfolded = RwSignal::new(false);
    let none = AllergyDraft { no_known_allergies: true, ..AllergyDraft::default() };
    let form = Form::new("no-allergies", none);
    // While an allergy may be kept apart, that there are none takes a form and not one press.
    let aside = part.set_aside();
    let is_sure = Memo::new(move |_| aside.get() == 0);
    let body = move || model.get().map(|model| draw(part, (unfolded, form), model, is_sure.get()));
    let body = view! { {kept_apart(part)} {body} };
    card("allergies", t("allergy.title"), add, body.into_any())
}

/// That changes were set aside: whatever the list says, an allergy may be among them.
fn kept_apart(part: ChartPart) -> AnyView {
    let aside = part.set_aside();
    let said = move || {
        let count = aside.get();
        (count > 0).then(|| {
            let title = tn("review.set-aside", count);
            let way = move || part.frame.go(Route::Sync);
            let way =
                part.frame.is_admin().then(|| button(Press::Plain, t("review.set-aside.go"), way));
            notice(Tone::Warning, title, t("allergy.set-aside"), way)
        })
    };
    said.into_any()
}

fn draw(
    part: ChartPart,
    (unfolded, form): (RwSignal<bool>, Form<AllergyDraft>),
    model: Allergies,
    is_sure: bool,
) -> AnyView {
    let state = match model.state {
        AllergyState::Known | AllergyState::NoneKnown | AllergyState::NoneKnownDrugs => None,
        AllergyState::NotRecorded => {
            let none = is_sure.then(|| {
                let none = button(Press::Plain, t("allergy.none"), move || record_none(part, form));
                view! { {form.failure()} {none} }.into_any()
            });
            Some(notice(Tone::Warning, state_words(model.state), t("allergy.ask"), none))
        }
        AllergyState::Unavailable => {
            let why = if model.waits { t("allergy.waiting") } else { t("allergy.unreadable") };
            Some(notice(Tone::Critical, state_words(model.state), why, None))
        }
    };
    let frame = part.frame;
    let disputes =
        model.disputes.into_iter().map(|it| conflict_card(frame, &it, None)).collect_view();
    let lines = model.lines.into_iter().map(|line| lines::line(part, line, ().into_any()));
    let old = tn("allergy.past", u64::try_from(model.past.len()).unwrap_or_default());
    view! {
        {state}
        {lines::not_shown(model.unreadable)}
        {disputes}
        <ul class="lines">{lines.collect_view()}</ul>
        {past(unfolded, old, model.past, move |it| lines::past_line(part, it.clone()))}
    }
    .into_any()
}

/// Records that there are none, at once and once: it is asked of everybody, and taken back as anything is.
fn record_none(part: ChartPart, form: Form<AllergyDraft>) {
    let Some(whom) = part.subject() else { return };
    let (patient, draft) = (part.patient, form.draft.get_untracked());
    let end = part.frame.recording_on_page(&whom, t("allergy.recorded"), t("allergy.state.none"));
    form.send(RecordAllergy { patient, draft }, end);
    // The button goes with what it said.
    focus::to_id("main");
}
