//! The end of a visit, now.

use super::Form;
use crate::components::{Tone, notice, unbroken};
use crate::frame::{Done, Frame, Subject};
use crate::i18n::t;
use crate::markup::prelude::*;
use crate::words;
use api::EndEncounter;
use clinical::EncounterId;

/// The form.
pub(crate) fn departure(
    frame: Frame,
    subject: &Subject,
    encounter: EncounterId,
    label: &str,
) -> AnyView {
    let form = Form::new("departure", String::new());
    let patient = subject.patient;
    let (whom, what) = (subject.clone(), label.to_owned());
    let submit = move || {
        let end = frame.recording(&whom, t("departure.done"), &what);
        let seen = whom.seen();
        let whom = whom.clone();
        form.send(EndEncounter { patient, encounter, seen }, move |recorded| {
            let ahead = recorded.advice.iter().find(|issue| issue.rule == "visit-ahead");
            let ahead = ahead.map(|issue| Done::to(&words::advice(issue), "", &whom));
            end(recorded);
            if let Some(told) = ahead {
                frame.tell(told);
            }
        });
    };
    let fields = view! {
        <p class="quoted"><bdi>{unbroken(label)}</bdi></p>
        {notice(Tone::Info, t("departure.what"), t("departure.help"), None)}
    };
    form.shell(fields.into_any(), t("departure.act").to_owned().into(), submit)
}
