//! Marking an entry as recorded by mistake.

use super::{Form, chart_topics};
use crate::backend::touch;
use crate::components::{Tone, notice};
use crate::frame::{Frame, Subject};
use crate::i18n::t;
use api::WithdrawEntry;
use clinical::EntryRef;
use leptos::prelude::*;

/// The form: what is withdrawn, what becomes of it, and the way back.
pub(crate) fn withdraw(frame: Frame, subject: &Subject, entry: EntryRef, label: String) -> AnyView {
    let form = Form::new("withdraw", ());
    let patient = subject.patient;
    let submit = move || {
        form.send(WithdrawEntry { patient, entry }, move |()| {
            touch(&chart_topics(patient));
            frame.say(t("withdraw.done"));
            frame.close();
        });
    };
    let fields = view! {
        <p class="quoted"><bdi>{label}</bdi></p>
        {notice(Tone::Info, t("withdraw.what"), t("withdraw.help"), None)}
    };
    form.shell(fields.into_any(), t("withdraw.act").to_owned().into(), submit)
}
