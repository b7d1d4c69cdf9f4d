//! A chart: the banner, what the rules say, and the sections.

use super::visit::open_visit;
use crate::backend::{Load, remote};
use crate::components::{Press, Tone, button, loading, notice};
use crate::forms::refused;
use crate::frame::{Frame, Route, Sheet};
use crate::host::focus;
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use crate::sections::{
    ChartPart, allergies, banner, chart_advice, chart_whereabouts, documents, erasing, files,
    identity_disputes, medications, merged, merging, notes, problems, results, settled, sharing,
    timeline, visits, vitals,
};
use crate::words::identity_line;
use api::{ChartView, ErrorCode, GetWhereabouts, OpenChart, Topic};
use clinical::PatientId;
use std::sync::Arc;

/// The page of one patient; another patient gets a page of their own.
pub(crate) fn chart(frame: Frame, patient: PatientId) -> AnyView {
    chart_page(frame, patient, sections)
}

/// A page with a patient's banner on top, and what is drawn of the chart once it is read.
pub(super) fn chart_page(
    frame: Frame,
    patient: PatientId,
    body: impl Fn(ChartPart) -> AnyView + Send + 'static,
) -> AnyView {
    let view = remote(
        move || frame.is_clinical().then_some(OpenChart { patient }),
        move |topic| topic == Topic::Chart(patient),
    );
    let places = remote(
        move || frame.is_clinical().then_some(GetWhereabouts { patient }),
        move |topic| [Topic::Chart(patient), Topic::Sync].contains(&topic),
    );
    let (chart, places_of) = (RwSignal::new(None), RwSignal::new(None));
    let erased = RwSignal::new(false);
    let part = ChartPart { frame, patient, chart, places: places_of };
    Effect::new(move |_| places_of.set(places.ready()));
    Effect::new(move |_| {
        match view.load() {
            Load::Ready(read) if read.patient == patient => keep(part, read),
            // It is shown as another chart of the same person.
            Load::Ready(read) if read.also.iter().any(|also| also.patient == patient) => {
                frame.go(Route::Chart(read.patient));
            }
            Load::Failed(error) if is_erased(error.code, chart.with_untracked(Option::is_some)) => {
                erased.set(true);
                take_away(part);
            }
            Load::Ready(_) | Load::Failed(_) | Load::Loading => {}
        }
    });
    on_cleanup(move || drop(frame.subject.try_set(None)));
    let failure = move || match view.load() {
        Load::Loading => Some(loading(t("state.loading"))),
        Load::Failed(_) if erased.get() => {
            Some(notice(Tone::Warning, t("chart.erased"), t("chart.erased.help"), None))
        }
        Load::Failed(error) => Some(refused(&error, move || view.refetch())),
        Load::Ready(_) => None,
    };
    let is_read = Memo::new(move |_| part.chart.with(Option::is_some));
    view! {
        <div class="banner-region">{move || is_read.get().then(|| banner(part))}</div>
        <main id="main" tabindex="-1">
            {failure}
            {move || is_read.get().then(|| merged(part))}
            {move || is_read.get().then(|| identity_disputes(part))}
            {move || is_read.get().then(|| body(part))}
        </main>
    }
    .into_any()
}

/// Takes in a reading of the chart: forms opened from now on are for this patient.
fn keep(part: ChartPart, read: ChartView) {
    let first = part.chart.with_untracked(Option::is_none);
    let read = Arc::new(read);
    part.frame.chart.set(Some(read.clone()));
    part.chart.set(Some(read));
    let subject = part.subject();
    if let (true, Some(subject)) = (first, &subject) {
        let line = identity_line(&subject.identity, crate::host::clock::today());
        part.frame.say_opened(tf("chart.opened", &[("name", &line.name), ("born", &line.born)]));
    }
    part.frame.subject.set(subject);
}

/// Whether a chart that was read and is not there any more was erased: nothing else takes one away.
fn is_erased(why: ErrorCode, was_read: bool) -> bool {
    was_read && why == ErrorCode::NotFound
}

/// What was shown of a chart goes from the screen, too.
fn take_away(part: ChartPart) {
    part.chart.set(None);
    part.frame.chart.set(None);
    part.frame.subject.set(None);
    if part.frame.sheets.with_untracked(Vec::is_empty) {
        focus::to_id("main");
    }
}

/// The cards. Allergies come first and medicines right below them, also where a sheet beside them
/// leaves room for one column alone: who prescribes sees both. What was written and who came stand
/// above the vital signs, which are the longest.
fn sections(part: ChartPart) -> AnyView {
    let unreadable = Memo::new(move |_| {
        part.chart
            .with(|chart| chart.as_ref().is_some_and(|chart| !chart.chart.unreadable.is_empty()))
    });
    let act = |label: &'static str,
               key: &'static str,
               sheet: fn(crate::frame::Subject) -> Sheet| {
        let open = move |_| part.open(sheet);
        view! { <button type="button" class="button" on:click=open>{label} " " <kbd>{key}</kbd></button> }
    };
    let is_nobodys = part.is_nobodys();
    view! {
        {move || is_nobodys.get().then(nobodys)}
        <div class="chart-actions" role="group" aria-label=t("chart.actions")>
            {act(t("vitals.title"), "F2", Sheet::Vitals)}
            {act(t("note.write"), "F3", Sheet::last_note)}
            {act(t("medication.new"), "F4", Sheet::Medication)}
            {act(t("paper.title"), "Ctrl+P", |subject| Sheet::Print(subject, None))}
            {button(Press::Plain, t("label.title"), move || {
                part.open(Sheet::Label);
            })}
            {to_visit(part)}
        </div>
        {move || unreadable.get().then(|| {
            notice(Tone::Warning, t("chart.unreadable"), t("chart.unreadable.help"), None)
        })}
        {chart_advice(part)}
        <div class="cards">
            <div class="column">{allergies(part)} {medications(part)} {problems(part)} {settled(part)}</div>
            <div class="column">{vitals(part)} {notes(part)} {visits(part)} {results(part)} {files(part)} {documents(part)}</div>
        </div>
        {timeline(part)}
        {chart_whereabouts(part)}
        {merging(part)}
        {sharing(part)}
        {erasing(part)}
    }
    .into_any()
}

/// That nothing can be written yet: who it is has not arrived.
pub(super) fn nobodys() -> AnyView {
    notice(Tone::Warning, t("chart.nobodys"), t("chart.nobodys.help"), None)
}

/// The way to the visit that goes on; where there is none, the patient can be checked in.
fn to_visit(part: ChartPart) -> AnyView {
    let (frame, patient) = (part.frame, part.patient);
    let open = part.model_of(|view, _| open_visit(view).map(|visit| visit.id));
    let view = move || match open.get().flatten() {
        Some(visit) => button(Press::Main, t("visit.to-visit"), move || {
            frame.go(Route::Visit(patient, visit));
        }),
        None => button(Press::Plain, t("check-in.title"), move || part.open(Sheet::CheckIn)),
    };
    view.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_that_was_read_and_is_not_there_any_more_was_erased() {
        let check = |why, was_read, want| assert_eq!(is_erased(why, was_read), want, "{why:?}");
        check(ErrorCode::NotFound, true, true);
        check(ErrorCode::NotFound, false, false);
        check(ErrorCode::ChartNotHere, true, false);
        check(ErrorCode::DiskFull, true, false);
    }
}
