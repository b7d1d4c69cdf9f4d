//! Stopping a medicine.

use super::Form;
use crate::components::{Tone, notice};
use crate::frame::{Frame, Subject};
use crate::i18n::t;
use crate::markup::prelude::*;
use crate::sections::medication_line;
use crate::words;
use api::StopMedication;
use clinical::MedicationRequest;

/// The form: why is asked first, and may be left blank.
pub(crate) fn stop(frame: Frame, subject: &Subject, medicine: &MedicationRequest) -> AnyView {
    let form = Form::kept(frame, "stop", medicine.id, String::new());
    let (patient, medication) = (subject.patient, medicine.id);
    let (whom, what) = (subject.clone(), words::medicine(&medicine.order));
    let submit = move || {
        let reason = form.draft.get_untracked();
        let end = frame.recording(&whom, t("stop.done"), &what);
        let seen = whom.seen();
        form.send(StopMedication { patient, medication, seen, reason }, end);
    };
    let why = form.label("reason", t("stop.reason"), Some(t("stop.reason.hint")));
    let fields = view! {
        <p class="quoted">{medication_line(&medicine.order)}</p>
        {form.line(why, |reason| reason)}
        {notice(Tone::Info, t("stop.what"), t("stop.help"), None)}
    };
    form.shell(fields.into_any(), t("stop.act").to_owned().into(), submit)
}
