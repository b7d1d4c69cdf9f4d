//! Somebody has come and is to wait.

use super::{Form, chart_topics};
use crate::backend::touch;
use crate::frame::{Done, Frame, Route, Subject};
use crate::i18n::t;
use crate::markup::prelude::*;
use crate::words;
use api::CheckIn;
use clinical::{EncounterClass, EncounterDraft};

/// The form.
pub(crate) fn check_in(frame: Frame, subject: &Subject) -> AnyView {
    let form = Form::kept(frame, "arrival", subject.patient, EncounterDraft::default());
    let (patient, whom) = (subject.patient, subject.clone());
    let submit = move || {
        let (close, whom) = (frame.closer(), whom.clone());
        let draft = form.draft.get_untracked();
        form.send(CheckIn { patient, draft }, move |checked| {
            touch(&chart_topics(patient));
            let done = if checked.already { "check-in.already" } else { "check-in.done" };
            frame.tell(Done::at_desk(t(done), &whom));
            close();
            frame.leave_for(Route::Today);
        });
    };
    let reason = form.label("reason", t("visit.reason"), Some(t("check-in.reason.hint")));
    let fields = view! {
        {form.line(reason, |draft| &mut draft.reason)}
        {form.choice(
            form.label("class", t("visit.where"), None),
            EncounterClass::ALL,
            |class| (class.code(), words::class(class)),
            |draft| draft.class.or(Some(EncounterClass::Ambulatory)),
            |draft, class| draft.class = class,
        )}
    };
    form.shell(fields.into_any(), t("check-in.act").to_owned().into(), submit)
}
