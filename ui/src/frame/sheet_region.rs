//! What is open beside the page: its name, whose it is, and the way to close it. It never covers
//! the banner.

use super::{Frame, Sheet, Subject};
use crate::components::beside;
use crate::forms;
use crate::host::{clock, focus};
use crate::i18n::{t, tf};
use crate::markup::prelude::*;

/// Draws the sheet on top, when there is one.
pub(super) fn sheet_region(frame: Frame) -> AnyView {
    // The same form of a newer chart is drawn anew: what was typed is kept by it.
    let is_other = |before: Option<&Option<Sheet>>, now: Option<&Option<Sheet>>| {
        let (Some(Some(before)), Some(Some(now))) = (before, now) else { return before != now };
        !now.is_as_fresh_as(before)
    };
    let top = move |_: Option<&Option<Sheet>>| frame.sheets.with(|sheets| sheets.last().cloned());
    let top = Memo::new_with_compare(top, is_other);
    (move || top.get().map(|sheet| draw(frame, sheet))).into_any()
}

fn draw(frame: Frame, sheet: Sheet) -> AnyView {
    let class = if sheet.is_line() { "sheet strip" } else { "sheet" };
    let title = title(&sheet);
    let mut whose = sheet.subject().cloned().map(|subject| whose(frame, subject));
    if let Sheet::Register(draft) = &sheet {
        whose = Some(nobody_yet(frame));
        focus::to_id(forms::first_blank(draft));
    } else {
        focus::into_id("sheet-body");
    }
    let head = view! {
        <button type="button" class="button quiet" on:click=move |_| frame.close()>
            {t("sheet.close")}
            " "
            <kbd>"Esc"</kbd>
        </button>
        {whose}
    };
    beside(class, title, head.into_any(), body(frame, sheet))
}

/// Whose chart the form writes to, and a warning while another one is on screen.
fn whose(frame: Frame, subject: Subject) -> AnyView {
    let line = subject.line(clock::today());
    let name = line.name.clone();
    let warning = move || {
        let on_screen = frame.route.get().patient();
        subject.is_elsewhere(on_screen).then(|| {
            let text = tf("sheet.elsewhere", &[("name", &name)]);
            view! { <p class="notice warning" role="alert">{text}</p> }
        })
    };
    view! {
        <p class="whose">
            <b>{line.name}</b>
            " "
            {t("banner.born")}
            " "
            <bdi>{line.born}</bdi>
        </p>
        {warning}
    }
    .into_any()
}

/// Whose chart a new patient's form does not write to, while one is on screen.
fn nobody_yet(frame: Frame) -> AnyView {
    let beside = move || {
        let subject = frame.subject.get()?;
        let line = subject.line(clock::today());
        let text = tf("patient.new.beside", &[("name", &line.name)]);
        Some(view! { <p class="notice warning">{text}</p> })
    };
    beside.into_any()
}

pub(super) fn title(sheet: &Sheet) -> &'static str {
    match sheet {
        Sheet::Keys => t("keys.title"),
        Sheet::Register(_) => t("patient.new"),
        Sheet::Fetch(_) => t("fetch.title"),
        Sheet::Amend(..) => t("patient.amend"),
        Sheet::Allergy(_) => t("allergy.new"),
        Sheet::Medication(_) => t("medication.new"),
        Sheet::Dosage(..) => t("dosage.title"),
        Sheet::Renewal(..) => t("renewal.title"),
        Sheet::Stop(..) => t("stop.title"),
        Sheet::Problem(_) | Sheet::Diagnosis(..) => t("problem.new"),
        Sheet::Resolution(..) => t("resolution.title"),
        Sheet::Visit(_) => t("visit.new"),
        Sheet::CheckIn(_) => t("check-in.title"),
        Sheet::Finish(..) => t("finish.title"),
        Sheet::Departure(..) => t("departure.title"),
        Sheet::Vitals(_) => t("vitals.new"),
        Sheet::Correction(..) => t("correction.title"),
        Sheet::Note(..) => t("note.title"),
        Sheet::Withdraw(..) => t("withdraw.title"),
        Sheet::Print(..) => t("paper.title"),
        Sheet::Label(_) => t("label.title"),
        Sheet::Document(..) => t("documents.one"),
        Sheet::AddFile(_) => t("files.new"),
        Sheet::File(..) => t("files.one"),
        Sheet::History(..) => t("history.title"),
    }
}

fn body(frame: Frame, sheet: Sheet) -> AnyView {
    match sheet {
        Sheet::Keys => forms::shortcuts(frame),
        Sheet::Register(draft) => forms::register(frame, draft),
        Sheet::Fetch(subject) => forms::fetch(frame, &subject),
        Sheet::Amend(subject, draft) => forms::amend(frame, &subject, draft),
        Sheet::Allergy(subject) => forms::allergy(frame, &subject),
        Sheet::Medication(subject) => forms::medication(frame, &subject),
        Sheet::Dosage(subject, medicine) => forms::dosage(frame, &subject, &medicine),
        Sheet::Renewal(subject, medicine) => forms::renewal(frame, &subject, &medicine),
        Sheet::Stop(subject, medicine) => forms::stop(frame, &subject, &medicine),
        Sheet::Problem(subject) => forms::problem(frame, &subject),
        Sheet::Diagnosis(subject, code) => forms::diagnosed(frame, &subject, code),
        Sheet::Resolution(subject, problem, label) => {
            forms::resolution(frame, &subject, problem, &label)
        }
        Sheet::Visit(subject) => forms::visit(frame, &subject),
        Sheet::CheckIn(subject) => forms::check_in(frame, &subject),
        Sheet::Finish(subject, visit) => forms::finish(frame, &subject, visit),
        Sheet::Departure(subject, visit, label) => forms::departure(frame, &subject, visit, &label),
        Sheet::Vitals(subject) => forms::vitals(frame, &subject),
        Sheet::Correction(subject, sign, draft, label) => {
            forms::correction(frame, &subject, sign, draft, &label)
        }
        Sheet::Note(subject, which) => forms::note(frame, &subject, which),
        Sheet::Withdraw(subject, entry, label) => forms::withdraw(frame, &subject, entry, &label),
        Sheet::Print(subject, visit) => forms::printing(frame, &subject, visit),
        Sheet::Label(subject) => forms::label(frame, &subject),
        Sheet::Document(subject, serial) => forms::document(frame, &subject, serial),
        Sheet::History(subject, entry, label) => forms::history(&subject, entry, &label),
        Sheet::AddFile(subject) => forms::add_file(frame, &subject),
        Sheet::File(subject, document) => forms::look_at(frame, &subject, &document),
    }
}
