//! Stopping a medicine.

use super::{Form, chart_topics};
use crate::backend::touch;
use crate::components::{Tone, notice};
use crate::frame::{Frame, Subject};
use crate::i18n::t;
use crate::sections::medication_line;
use api::StopMedication;
use clinical::MedicationRequest;
use leptos::prelude::*;

/// The form.
pub(crate) fn stop(frame: Frame, subject: &Subject, medicine: &MedicationRequest) -> AnyView {
    let form = Form::new("stop", ());
    let (patient, medication) = (subject.patient, medicine.id);
    let submit = move || {
        form.send(StopMedication { patient, medication }, move |_| {
            touch(&chart_topics(patient));
            frame.say(t("stop.done"));
            frame.close();
        });
    };
    let fields = view! {
        <p class="quoted">{medication_line(&medicine.order)}</p>
        {notice(Tone::Info, t("stop.what"), t("stop.help"), None)}
    };
    form.shell(fields.into_any(), t("stop.act").to_owned().into(), submit)
}
