//! Recording a medicine: what is typed, the line it makes, what the rules say.

use super::{Form, advice::Review, chart_topics, dosage::dosage_fields, preview};
use crate::backend::touch;
use crate::frame::{Frame, Subject};
use crate::i18n::t;
use crate::sections::medication_line;
use api::RecordMedication;
use clinical::{MedicationDraft, MedicationId};
use leptos::prelude::*;

/// The form.
pub(crate) fn medication(frame: Frame, subject: &Subject) -> AnyView {
    let form = Form::kept(frame, "medication", subject.patient, MedicationDraft::default());
    let patient = subject.patient;
    let review = Review::watch(form, patient, is_complete);
    let record = move |draft: MedicationDraft| {
        form.send(RecordMedication { patient, draft }, move |_| {
            touch(&chart_topics(patient));
            frame.say(t("medication.recorded"));
            frame.close();
        });
    };
    let submit = move || {
        let draft = form.draft.get_untracked();
        if let Err(findings) = complete(&draft) {
            return form.mend(&findings);
        }
        form.accept();
        let halted = move || frame.say(t("medication.halted"));
        review.before_recording(draft.clone(), move || record(draft), halted);
    };
    let save = Signal::derive(move || {
        let key = if review.is_loud() { "medication.record-anyway" } else { "medication.record" };
        t(key).to_owned()
    });
    let line = |path, label, hint, member| form.line(form.label(path, label, hint), member);
    let fields = view! {
        {line("medication", t("medication.name"), Some(t("medication.name.hint")), |d| {
            &mut d.medication
        })}
        {dosage_fields(form)}
        {form.check("reported", t("medication.reported"), |d| &mut d.reported)}
        <div class="pair">
            {line("reason", t("medication.reason"), None, |d| &mut d.reason)}
            {line("note", t("form.note"), None, |d| &mut d.note)}
        </div>
    };
    let foot = view! {
        {move || line_so_far(form)}
        {review.view()}
        {move || {
            review.is_loud().then(|| view! { <p class="hint">{t("medication.say-why")}</p> })
        }}
    };
    form.shell_with_foot(fields.into_any(), foot.into_any(), save, submit)
}

/// The line as it will be read, as soon as it can be made.
pub(super) fn line_so_far(form: Form<MedicationDraft>) -> Option<AnyView> {
    let order = form.draft.with(|draft| complete(draft).ok())?.order;
    let line = view! {
        <p class="quoted" aria-label=t("medication.line")>{medication_line(&order)}</p>
    };
    Some(line.into_any())
}

fn complete(
    draft: &MedicationDraft,
) -> Result<clinical::MedicationRequest, Vec<clinical::Finding>> {
    draft.complete(MedicationId::from_uuid(preview::no_id()), preview::today())
}

fn is_complete(draft: &MedicationDraft) -> bool {
    complete(draft).is_ok()
}
