//! The end of a problem.

use super::{Form, preview};
use crate::components::{Tone, notice, unbroken};
use crate::frame::{Frame, Subject};
use crate::i18n::t;
use crate::markup::prelude::*;
use api::EndCondition;
use clinical::{ConditionId, end_day};

/// The form: the day it ended, today when nothing is typed.
pub(crate) fn resolution(
    frame: Frame,
    subject: &Subject,
    condition: ConditionId,
    label: &str,
) -> AnyView {
    let form = Form::new("resolution", String::new());
    let patient = subject.patient;
    let (whom, what) = (subject.clone(), label.to_owned());
    let submit = move || {
        let end = form.draft.get_untracked();
        if let Err(findings) = end_day(&end, None, &preview::today()) {
            return form.mend(&findings);
        }
        let ended = frame.recording(&whom, t("resolution.done"), &what);
        let seen = whom.seen();
        form.send(EndCondition { patient, condition, seen, end }, ended);
    };
    let day = form.label("end", t("resolution.end"), Some(t("resolution.end.hint")));
    let fields = view! {
        <p class="quoted"><bdi>{unbroken(label)}</bdi></p>
        {form.date_line(day, false, |end| end)}
        {notice(Tone::Info, t("resolution.what"), t("resolution.help"), None)}
    };
    form.shell(fields.into_any(), t("resolution.act").to_owned().into(), submit)
}
