//! Marking an entry as recorded by mistake.

use super::{Form, blank, chart_topics};
use crate::backend::touch;
use crate::components::{Tone, notice, unbroken};
use crate::frame::{Frame, Subject};
use crate::i18n::t;
use crate::markup::prelude::*;
use api::WithdrawEntry;
use clinical::EntryRef;

/// The form: what is withdrawn, why, what becomes of it, and the way back.
pub(crate) fn withdraw(frame: Frame, subject: &Subject, entry: EntryRef, label: &str) -> AnyView {
    let form = Form::kept(frame, "withdraw", entry, String::new());
    let patient = subject.patient;
    let (whom, what) = (subject.clone(), label.to_owned());
    let submit = move || {
        let reason = form.draft.get_untracked();
        let missing = blank(&[("reason", &reason)]);
        if !missing.is_empty() {
            return form.mend(&missing);
        }
        let end = frame.ending(&whom, t("withdraw.done"), &what);
        let seen = whom.seen();
        form.send(WithdrawEntry { patient, entry, seen, reason }, move |()| {
            touch(&chart_topics(patient));
            end();
        });
    };
    let why = form.label("reason", t("withdraw.reason"), Some(t("withdraw.reason.hint")));
    let fields = view! {
        <p class="quoted"><bdi>{unbroken(label)}</bdi></p>
        {form.line(why, |reason| reason)}
        {notice(Tone::Info, t("withdraw.what"), t("withdraw.help"), None)}
    };
    form.shell(fields.into_any(), t("withdraw.act").to_owned().into(), submit)
}
