//! The end of a visit: what is signed, what is printed, and that the patient goes.

mod model;

use super::{
    chart_topics, failure_notice, on_send,
    printing::{is_disputed, remarks, said},
    refused,
};
use crate::backend::{Load, call, remote, touch};
use crate::components::{Press, Tone, button, check_input, chip, loading, notice, unbroken};
use crate::frame::{Done, Frame, Route, Subject};
use crate::host::focus;
use crate::i18n::t;
use crate::markup::prelude::*;
use crate::sections::{
    alert_line, disputed_names, is_answered, medication_line, part_of_note, signs_line, state_words,
};
use crate::words;
use api::{ApiError, EndEncounter, OpenDraft, PreviewSheet, PrintSheet, SignNote, WhichDraft};
use clinical::{
    AllergyState, CompositionId, DetectedIssue, EncounterId, MedicationId, MedicationIntent,
    MedicationRequest, NoteDraft, NoteSectionCode, PrescriptionDraft, SheetDraft,
};
use leptos::task::spawn_local;
use model::found;

/// What the sheet is about.
#[derive(Clone)]
struct Ending {
    frame: Frame,
    whom: Subject,
    encounter: EncounterId,
    failure: RwSignal<Option<ApiError>>,
    is_busy: RwSignal<bool>,
    /// The note was signed: what went wrong afterwards is tried again without signing twice.
    is_signed: RwSignal<bool>,
    /// The prescription is printed.
    prescription: RwSignal<bool>,
    /// The summary of the visit is printed.
    summary: RwSignal<bool>,
}

/// The sheet.
pub(crate) fn finish(frame: Frame, subject: &Subject, encounter: EncounterId) -> AnyView {
    let patient = subject.patient;
    let is_kept = RwSignal::new(false);
    // What is typed is part of the draft before the draft is read.
    let unkept = RwSignal::new(None::<ApiError>);
    let keep = move || {
        unkept.set(None);
        spawn_local(async move {
            match frame.keepers.keep().await {
                Ok(()) => drop(is_kept.try_set(true)),
                Err(error) => drop(unkept.try_set(Some(error))),
            }
        });
    };
    keep();
    let draft = remote(
        move || {
            let which = WhichDraft::OfVisit(encounter);
            is_kept.get().then_some(OpenDraft { patient, which })
        },
        |_| false,
    );
    let ending = Ending {
        frame,
        whom: subject.clone(),
        encounter,
        failure: RwSignal::new(None),
        is_busy: RwSignal::new(false),
        is_signed: RwSignal::new(false),
        prescription: RwSignal::new(true),
        summary: RwSignal::new(false),
    };
    let body = move || match draft.load() {
        Load::Loading => match unkept.get() {
            Some(error) => refused(&error, keep),
            None => loading(t("state.loading")),
        },
        Load::Failed(error) => refused(&error, move || draft.refetch()),
        Load::Ready(draft) => with_note(&ending, &draft),
    };
    body.into_any()
}

fn with_note(ending: &Ending, draft: &NoteDraft) -> AnyView {
    let frame = ending.frame;
    let note = (!draft.is_blank()).then_some(draft.id);
    let medicines = prescribed(ending);
    let ordered: Vec<MedicationId> = medicines.iter().map(|it| it.id).collect();
    let end = {
        let ending = ending.clone();
        move || end(ending.clone(), note, ordered.clone())
    };
    let by_key = end.clone();
    let heed = on_send(by_key);
    let label = if note.is_some() { t("finish.act") } else { t("finish.act-unwritten") };
    let (failure, is_busy) = (ending.failure, ending.is_busy);
    focus::to_id("finish-act");
    let unrecorded = move || {
        frame.unrecorded.get().then(|| {
            notice(Tone::Warning, t("finish.unrecorded"), t("finish.unrecorded.help"), None)
        })
    };
    let (signs, again) = found_in(ending);
    view! {
        <div class="form" on:keydown=heed data-testid="finish">
            <div class="form-fields">
                {move || failure.get().map(|error| failure_notice(&error, None))}
                {unrecorded}
                {open_matters(ending)}
                {signs}
                {written(draft)}
                {again}
                {(!medicines.is_empty()).then(|| listed(ending, &medicines))}
                {printed("finish-summary", t("finish.print-summary"), ending.summary)}
                <p class="hint">{t("note.sign.hint")}</p>
            </div>
            <div class="actions form-foot">
                <button type="button" id="finish-act" class="button main" on:click=move |_| end()>
                    {label} " " <kbd>"Ctrl+Enter"</kbd>
                </button>
                {button(Press::Plain, t("form.cancel"), move || frame.close())}
                {move || is_busy.get().then(|| loading(t("state.working")))}
            </div>
        </div>
    }
    .into_any()
}

/// What of the chart is open while the visit ends: nobody is held up by it, and nobody ends it unawares.
fn open_matters(ending: &Ending) -> Option<AnyView> {
    let view = untrack(|| ending.frame.chart_of(ending.whom.patient))?;
    let state = view.allergy_state();
    let asked = matches!(state, AllergyState::NotRecorded | AllergyState::Unavailable);
    let line = |said: AnyView| view! { <li>{said}</li> }.into_any();
    let asked = asked.then(|| line(state_words(state).into_any()));
    let waits = |it: &&DetectedIssue| words::is_loud(it.tier) && !is_answered(&view, it);
    let mut loud: Vec<_> = view.advice.iter().filter(waits).collect();
    loud.sort_by_key(|issue| issue.tier);
    let alerts = loud.into_iter().map(|issue| line(alert_line(issue)));
    let disputed = disputed_names(&view, |_| true).into_iter();
    let disputes = disputed.map(|what| {
        line(view! { {chip(Tone::Conflict, t("conflict.title"))} " " {what} }.into_any())
    });
    let open: Vec<AnyView> = asked.into_iter().chain(alerts).chain(disputes).collect();
    (!open.is_empty()).then(|| {
        let list = view! { <ul>{open}</ul> }.into_any();
        notice(Tone::Warning, t("finish.open"), "", Some(list))
    })
}

/// What the note says; or that nothing is written.
fn written(draft: &NoteDraft) -> AnyView {
    if draft.is_blank() {
        return notice(Tone::Warning, t("finish.unwritten"), t("finish.unwritten.help"), None);
    }
    let text = |code: &NoteSectionCode| {
        let text = draft.sections.get(code).filter(|text| !text.trim().is_empty()).cloned();
        let text = text.map(|text| view! { <bdi>{unbroken(&text)}</bdi> }.into_any());
        let none = || view! { <span class="missing">{t("finish.part-blank")}</span> }.into_any();
        view! { <dt>{part_of_note(*code)}</dt><dd>{text.unwrap_or_else(none)}</dd> }
    };
    let parts = NoteSectionCode::ALL.iter().map(text).collect_view();
    view! { <dl class="finish-note">{parts}</dl> }.into_any()
}

/// The vital signs of the visit, above its note, and the day of the next, below it: what was typed
/// last reaches the chart while the sheet opens.
fn found_in(ending: &Ending) -> (AnyView, AnyView) {
    let (frame, patient, encounter) = (ending.frame, ending.whom.patient, ending.encounter);
    let read = move || frame.chart_of(patient).map(|view| found(&view, encounter));
    let model = Memo::new(move |_| read().unwrap_or_default());
    let none = |text| view! { <span class="missing">{text}</span> }.into_any();
    let signs = move || match model.get().signs {
        none_of if none_of.is_empty() => none(t("finish.no-signs")),
        signs => signs_line(signs),
    };
    let again = move || match model.get().again {
        Some(day) => view! { <b><bdi>{day}</bdi></b> }.into_any(),
        None => none(t("finish.no-next")),
    };
    let signs = view! { <dl class="finish-note"><dt>{t("vitals.title")}</dt><dd>{signs}</dd></dl> };
    let again = view! { <dl class="finish-note"><dt>{t("visit.again")}</dt><dd>{again}</dd></dl> };
    (signs.into_any(), again.into_any())
}

/// What was ordered in the visit; what is disputed is printed once it is decided.
fn prescribed(ending: &Ending) -> Vec<MedicationRequest> {
    // What is signed and printed is what is shown: a newer chart draws nothing anew here.
    let chart = untrack(|| ending.frame.chart_of(ending.whom.patient));
    let Some(view) = chart else { return Vec::new() };
    let is_of_it = |it: &MedicationRequest| {
        it.about.encounter == Some(ending.encounter)
            && it.about.intent == MedicationIntent::Order
            && it.order.holds()
            && !is_disputed(&view, it)
    };
    view.chart.medications.iter().filter(|it| is_of_it(it)).cloned().collect()
}

fn printed(id: &'static str, label: &'static str, wanted: RwSignal<bool>) -> AnyView {
    let now = wanted.get_untracked();
    check_input(id.to_owned(), label, now, move |is_wanted| wanted.set(is_wanted))
}

/// What is to be looked at before the prescription is printed.
fn looked_at(ending: &Ending, medicines: &[MedicationRequest]) -> AnyView {
    let (patient, wanted) = (ending.whom.patient, ending.prescription);
    let medications: Vec<MedicationId> = medicines.iter().map(|it| it.id).collect();
    let draft = PrescriptionDraft { medications, encounter: Some(ending.encounter) };
    let sheet = SheetDraft::Prescription(draft);
    let seen = remote(
        move || {
            let sheet = sheet.clone();
            let preview = PreviewSheet { patient, sheet, paper: None, language: None };
            wanted.get().then_some(preview)
        },
        |_| false,
    );
    let view = move || match seen.load() {
        Load::Ready(picture) if wanted.get() => Some(remarks(&picture)),
        Load::Failed(error) if wanted.get() => Some(failure_notice(&error, None)),
        Load::Loading | Load::Ready(_) | Load::Failed(_) => None,
    };
    view.into_any()
}

fn listed(ending: &Ending, medicines: &[MedicationRequest]) -> AnyView {
    let wanted = ending.prescription;
    let lines = medicines.iter().map(|it| view! { <li>{medication_line(&it.order)}</li> });
    view! {
        <h3>{t("finish.prescribed")}</h3>
        <ul class="finish-medicines">{lines.collect_view()}</ul>
        {printed("finish-prescription", t("finish.print-prescription"), wanted)}
        {looked_at(ending, medicines)}
    }
    .into_any()
}

/// Signs what is written, ends the visit, prints what is wanted, and goes back to the day.
fn end(ending: Ending, note: Option<CompositionId>, ordered: Vec<MedicationId>) {
    if ending.is_busy.get_untracked() {
        return;
    }
    ending.is_busy.set(true);
    let close = ending.frame.closer();
    spawn_local(async move {
        let answer = settle(&ending, note).await;
        touch(&chart_topics(ending.whom.patient));
        if let Err(error) = answer {
            ending.is_busy.try_set(false);
            ending.failure.try_set(Some(error));
            return;
        }
        let went = print(&ending, ordered).await;
        ending.is_busy.try_set(false);
        let (frame, whom) = (ending.frame, ending.whom);
        let done = if note.is_some() { "finish.done" } else { "finish.done-unwritten" };
        let mut told = Done::to(t(done), "", &whom);
        for said in went {
            told.text = format!("{} {said}", told.text);
        }
        frame.tell(told);
        close();
        frame.leave_for(Route::Today);
    });
}

async fn settle(ending: &Ending, note: Option<CompositionId>) -> Result<(), ApiError> {
    if let Some(draft) = note.filter(|_| !ending.is_signed.get_untracked()) {
        // What was typed beside the sheet is part of the note.
        ending.frame.keepers.keep().await?;
        call(&SignNote { draft }).await?;
        ending.is_signed.try_set(true);
    }
    let (patient, encounter) = (ending.whom.patient, ending.encounter);
    call(&EndEncounter { patient, encounter, seen: None }).await.map(drop)
}

/// Prints what is wanted, and says where each sheet went. The visit is over by now: what could not be
/// printed is printed from the chart.
async fn print(ending: &Ending, medications: Vec<MedicationId>) -> Vec<String> {
    let encounter = Some(ending.encounter);
    let is_wanted = ending.prescription.get_untracked() && !medications.is_empty();
    let draft = PrescriptionDraft { medications, encounter };
    let prescription = is_wanted.then_some(SheetDraft::Prescription(draft));
    let summary = ending.summary.get_untracked().then_some(SheetDraft::Summary(ending.encounter));
    let mut went = Vec::new();
    for sheet in prescription.into_iter().chain(summary) {
        let patient = ending.whom.patient;
        let printed = call(&PrintSheet { patient, sheet, paper: None, language: None }).await;
        went.push(match printed {
            Ok(printed) => said(printed.outcome).to_owned(),
            Err(error) => {
                let words = words::error(error.code);
                format!("{} {} {}", t("finish.not-printed"), words.what, words.help)
            }
        });
    }
    went
}
