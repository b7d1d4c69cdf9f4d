//! A visit that begins now.

use super::{Form, blank, chart_topics};
use crate::backend::touch;
use crate::frame::{Frame, Route, Subject};
use crate::i18n::t;
use crate::markup::prelude::*;
use crate::words;
use api::BeginEncounter;
use clinical::{EncounterClass, EncounterDraft, EncounterId};

/// The form.
pub(crate) fn visit(frame: Frame, subject: &Subject) -> AnyView {
    let form = Form::kept(frame, "visit", subject.patient, EncounterDraft::default());
    let patient = subject.patient;
    let whom = subject.clone();
    let submit = move || {
        let draft = form.draft.get_untracked();
        let missing = blank(&[("reason", &draft.reason)]);
        if !missing.is_empty() {
            return form.mend(&missing);
        }
        let end = frame.ending(&whom, t("visit.begun"), "");
        form.send(BeginEncounter { patient, draft }, move |recorded| {
            touch(&chart_topics(patient));
            end();
            if let [visit] = recorded.entries.as_slice() {
                frame.leave_for(Route::Visit(patient, EncounterId::from_uuid(visit.id)));
            }
        });
    };
    let fields = view! {
        {form.line(form.label("reason", t("visit.reason"), Some(t("visit.reason.hint"))), |d| {
            &mut d.reason
        })}
        {form.choice(
            form.label("class", t("visit.where"), None),
            EncounterClass::ALL,
            |class| (class.code(), words::class(class)),
            |draft| draft.class.or(Some(EncounterClass::Ambulatory)),
            |draft, class| draft.class = class,
        )}
    };
    form.shell(fields.into_any(), t("visit.begin").to_owned().into(), submit)
}
