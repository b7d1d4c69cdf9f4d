//! Recording a problem: a diagnosis that is chosen, or words.

mod diagnosis;

use super::{Form, preview};
use crate::frame::{Frame, Subject};
use crate::i18n::t;
use crate::markup::prelude::*;
use crate::words;
use api::RecordCondition;
use clinical::{Coding, ConditionClinicalStatus, ConditionDraft, ConditionId};
use diagnosis::diagnosis;

pub(crate) use diagnosis::answered as diagnoses_answered;

/// The form.
pub(crate) fn problem(frame: Frame, subject: &Subject) -> AnyView {
    let form = Form::kept(frame, "problem", subject.patient, ConditionDraft::default());
    drawn(frame, subject, form)
}

/// The form of a diagnosis that is chosen already.
pub(crate) fn diagnosed(frame: Frame, subject: &Subject, code: Coding) -> AnyView {
    let of = format!("{} {}", subject.patient, code.code);
    let problem = code.display.clone().unwrap_or_default();
    let chosen = ConditionDraft { problem, code: Some(code), ..ConditionDraft::default() };
    drawn(frame, subject, Form::kept(frame, "problem", of, chosen))
}

fn drawn(frame: Frame, subject: &Subject, form: Form<ConditionDraft>) -> AnyView {
    let patient = subject.patient;
    let whom = subject.clone();
    let submit = move || {
        let draft = form.draft.get_untracked();
        if let Err(findings) = draft.complete(ConditionId::from_uuid(preview::no_id())) {
            return form.mend(&findings);
        }
        let end = frame.recording(&whom, t("problem.recorded"), draft.problem.trim());
        form.send(RecordCondition { patient, draft }, end);
    };
    let line = |path, label, hint, member| form.line(form.label(path, label, hint), member);
    let fields = view! {
        {diagnosis(form, "problem")}
        <div class="pair">
            {form.choice(
                form.label("clinicalStatus", t("problem.status"), None),
                ConditionClinicalStatus::ALL,
                |s| (s.code(), words::problem_status(s)),
                |draft| draft.clinical_status.or(Some(ConditionClinicalStatus::Active)),
                |draft, value| draft.clinical_status = value,
            )}
            {form.date_line(
                form.label("onset", t("form.since"), Some(t("form.since.hint"))),
                false,
                |d| &mut d.onset,
            )}
        </div>
        {line("note", t("form.note"), None, |d| &mut d.note)}
    };
    form.shell(fields.into_any(), t("problem.record").to_owned().into(), submit)
}
