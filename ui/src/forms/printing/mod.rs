//! Printing about a patient: what, on what, in which language; how it will look, and what was
//! printed before. At the desk it is a label alone.

mod again;
mod draft;
mod fields;

use super::{Form, shown};
use crate::backend::{Remote, remote, touch};
use crate::components::{Tone, notice};
use crate::frame::{Done, Frame, Sheet, Subject};
use crate::host::picture::pictures;
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use crate::sections::printed_before;
use api::{
    GetLetterhead, Misread, PreviewLabel, PreviewSheet, PrintLabel, PrintOutcome, PrintSheet,
    SheetPicture, Topic,
};
use clinical::{EncounterId, PatientId};
pub(super) use draft::is_disputed;
use draft::{Preview, PrintDraft};
use fields::{fields, label_fields};

pub(crate) use again::{document, print_again};

/// Opens the sheet that prints what was ordered in a visit.
pub(crate) fn print_visit(frame: Frame, subject: &Subject, encounter: EncounterId) {
    frame.open(Sheet::Print(subject.clone(), Some(encounter)));
}

/// The form.
pub(crate) fn printing(frame: Frame, subject: &Subject, visit: Option<EncounterId>) -> AnyView {
    let patient = subject.patient;
    // A newer chart does not take the keyboard away.
    let chart = untrack(|| frame.chart_of(patient));
    let blank = PrintDraft::of(chart.as_deref(), visit);
    let of = visit.map_or_else(|| patient.to_string(), |visit| visit.to_string());
    let form = Form::kept(frame, "print", of, blank);
    let paper = remote(|| Some(GetLetterhead {}), |_| false);
    let asked = seen_at_once(form, patient);
    let show = move || match form.draft.get_untracked().sheet() {
        Ok(_) => {
            form.accept();
            asked.set(form.draft.get_untracked().preview(patient));
        }
        Err(findings) => form.mend(&findings),
    };
    let all = view! {
        {fields(form, paper, chart, visit, show)}
        {drawn(asked)}
        {printed_before(frame, subject.clone())}
    };
    shell(frame, subject, form, all.into_any())
}

/// The form of labels, for whoever sees no chart.
pub(crate) fn label(frame: Frame, subject: &Subject) -> AnyView {
    let form = Form::new("label", PrintDraft::of_label());
    let paper = remote(|| Some(GetLetterhead {}), |_| false);
    let asked = seen_at_once(form, subject.patient);
    let all = view! { {label_fields(form, paper)} {drawn(asked)} };
    shell(frame, subject, form, all.into_any())
}

/// What is to be drawn: anew with every choice. What is typed is not sent with every key, and waits
/// until it is asked for.
fn seen_at_once(form: Form<PrintDraft>, patient: PatientId) -> RwSignal<Option<Preview>> {
    let asked = RwSignal::new(None);
    let choices = Memo::new(move |_| form.draft.with(PrintDraft::choices));
    Effect::new(move |_| {
        // Read, and not only tracked: a memo that nobody reads hears of nothing.
        drop(choices.get());
        asked.set(form.draft.get_untracked().preview(patient));
    });
    asked
}

fn shell(frame: Frame, subject: &Subject, form: Form<PrintDraft>, all: AnyView) -> AnyView {
    let (patient, whom) = (subject.patient, subject.clone());
    let submit = move || {
        let draft = form.draft.get_untracked();
        let (whom, heed) = (whom.clone(), move |outcome, what: &str, whom: &Subject| {
            frame.tell(Done::to(said(outcome), what, whom));
        });
        let (paper, language) = (draft.paper, draft.language.clone());
        match draft.sheet().and_then(|sheet| Ok((sheet, draft.labels()?))) {
            Ok((Some(sheet), _)) => {
                form.send(PrintSheet { patient, sheet, paper, language }, move |printed| {
                    heed(printed.outcome, &printed.serial, &whom);
                    touch(&[Topic::Sheets(patient)]);
                });
            }
            Ok((None, copies)) => {
                form.send(PrintLabel { patient, paper, language, copies }, move |printed| {
                    heed(printed.outcome, t("paper.kind.label"), &whom);
                });
            }
            Err(findings) => form.mend(&findings),
        }
    };
    form.shell(all, t("paper.print").to_owned().into(), submit)
}

/// Where a sheet went, in plain words.
pub(super) fn said(outcome: PrintOutcome) -> &'static str {
    match outcome {
        PrintOutcome::Printer => t("paper.to-printer"),
        PrintOutcome::Viewer => t("paper.to-viewer"),
        PrintOutcome::File => t("paper.to-file"),
        PrintOutcome::Nowhere => t("paper.to-nowhere"),
    }
}

/// How it looks, as far as there is something to see.
fn drawn(asked: RwSignal<Option<Preview>>) -> AnyView {
    let sheet = remote(move || sheet_of(asked.get()), |_| false);
    let label = remote(move || label_of(asked.get()), |_| false);
    let view = move || match asked.get()? {
        Preview::Sheet(_) => Some(preview(sheet)),
        Preview::Label(_) => Some(preview(label)),
    };
    view.into_any()
}

fn sheet_of(asked: Option<Preview>) -> Option<PreviewSheet> {
    match asked? {
        Preview::Sheet(sheet) => Some(sheet),
        Preview::Label(_) => None,
    }
}

fn label_of(asked: Option<Preview>) -> Option<PreviewLabel> {
    match asked? {
        Preview::Label(label) => Some(label),
        Preview::Sheet(_) => None,
    }
}

fn preview(drawn: Remote<SheetPicture>) -> AnyView {
    shown(drawn, |picture| view! { {remarks(&picture)} {pictures(&picture.pages)} }.into_any())
}

/// What is to be looked at before a sheet is printed; it is printed as it was written.
pub(super) fn remarks(picture: &SheetPicture) -> AnyView {
    let misread = picture.misread.iter().map(remark).collect_view();
    let unsigned = picture
        .unsigned_note
        .then(|| notice(Tone::Warning, t("paper.unsigned"), t("paper.unsigned.help"), None));
    let boxes = Some(&picture.unwritten).filter(|unwritten| !unwritten.is_empty());
    let boxes = boxes.map(|signs| {
        let what = tf("paper.unwritten", &[("signs", signs)]);
        notice(Tone::Warning, what, t("paper.unwritten.help"), None)
    });
    view! { {misread} {unsigned} {boxes} }.into_any()
}

/// What of a medicine others may misread, or what it does not say.
fn remark(one: &Misread) -> AnyView {
    let what = match one.rule.as_str() {
        "no-dose" => t("paper.no-dose").to_owned(),
        "no-frequency" => t("paper.no-frequency").to_owned(),
        "no-quantity" => t("paper.no-quantity").to_owned(),
        "no-weight" => t("paper.no-weight").to_owned(),
        "odd-weight" => tf("paper.odd-weight", &[("text", &one.text)]),
        "other-dose" => tf("paper.other-dose", &[("text", &one.text)]),
        _ => tf("paper.misread", &[("text", one.text.as_str()), ("instead", &one.instead)]),
    };
    notice(Tone::Warning, what, one.medicine.clone(), None)
}
