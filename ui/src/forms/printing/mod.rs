//! Printing about a patient: what, on what, in which language; how it will look, and what was
//! printed before.

mod before;
mod draft;
mod fields;

use super::{Form, failure_notice};
use crate::backend::{Load, Remote, remote, touch};
use crate::components::{Press, Tone, button, notice};
use crate::frame::{Done, Frame, Sheet, Subject};
use crate::host::picture::pictures;
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use api::{
    GetLetterhead, Misread, PreviewSheet, PrintLabel, PrintOutcome, PrintSheet, SheetPicture,
    chart_topics,
};
use before::before;
use clinical::EncounterId;
use draft::PrintDraft;
use fields::fields;

/// Opens the sheet that prints what was ordered in a visit.
pub(crate) fn print_visit(frame: Frame, subject: &Subject, encounter: EncounterId) {
    frame.open(Sheet::Print(subject.clone(), Some(encounter)));
}

/// The form.
pub(crate) fn printing(frame: Frame, subject: &Subject, visit: Option<EncounterId>) -> AnyView {
    let patient = subject.patient;
    let chart = frame.chart_of(patient);
    let blank = PrintDraft::of(chart.as_deref(), visit);
    let of = visit.map_or_else(|| patient.to_string(), |visit| visit.to_string());
    let form = Form::kept(frame, "print", of, blank);
    let paper = remote(|| Some(GetLetterhead {}), |_| false);
    // Drawn when it is asked for: what is typed is not sent with every key.
    let asked = RwSignal::new(form.draft.get_untracked().preview(patient));
    let drawn = remote(move || asked.get(), |_| false);
    let show = move || match form.draft.get_untracked().sheet() {
        Ok(_) => {
            form.accept();
            asked.set(form.draft.get_untracked().preview(patient));
        }
        Err(findings) => form.mend(&findings),
    };
    let told = RwSignal::new(None::<String>);
    let whom = subject.clone();
    let submit = move || {
        let draft = form.draft.get_untracked();
        let (whom, heed) = (whom.clone(), move |outcome, what: &str, whom: &Subject| {
            told.set(Some(said(outcome).to_owned()));
            frame.tell(Done::to(said(outcome), what, whom));
            touch(&chart_topics(patient));
        });
        let (paper, language) = (draft.paper, draft.language.clone());
        match draft.sheet() {
            Ok(Some(sheet)) => {
                form.send(PrintSheet { patient, sheet, paper, language }, move |printed| {
                    heed(printed.outcome, &printed.serial, &whom);
                });
            }
            Ok(None) => {
                form.send(PrintLabel { patient, paper, language, copies: 1 }, move |outcome| {
                    heed(outcome, t("paper.kind.label"), &whom);
                });
            }
            Err(findings) => form.mend(&findings),
        }
    };
    let foot = view! {
        <p role="status">{move || told.get()}</p>
        {button(Press::Plain, t("paper.show"), show)}
    };
    let all = view! {
        {fields(form, paper, chart, visit)}
        {move || asked.with(Option::is_some).then(|| preview(drawn))}
        {before(frame, patient)}
    };
    form.shell_with_foot(
        all.into_any(),
        foot.into_any(),
        t("paper.print").to_owned().into(),
        submit,
    )
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

fn preview(drawn: Remote<SheetPicture>) -> Option<AnyView> {
    match drawn.load() {
        Load::Loading => None,
        Load::Failed(error) => Some(failure_notice(&error, None)),
        Load::Ready(picture) => {
            let misread = picture.misread.iter().map(remark).collect_view();
            let view = view! { {misread} {pictures(&picture.pages)} };
            Some(view.into_any())
        }
    }
}

/// What others may misread: it is told, and printed as it was written.
fn remark(one: &Misread) -> AnyView {
    let values = [("text", one.text.as_str()), ("instead", &one.instead)];
    let what = tf("paper.misread", &values);
    notice(Tone::Warning, what, one.medicine.clone(), None)
}

impl PrintDraft {
    /// The question how it looks; of a label there is none.
    fn preview(&self, patient: clinical::PatientId) -> Option<PreviewSheet> {
        let sheet = self.sheet().ok().flatten()?;
        let (paper, language) = (self.paper, self.language.clone());
        Some(PreviewSheet { patient, sheet, paper, language })
    }
}
