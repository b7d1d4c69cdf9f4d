//! Vital signs, in one line and one order, and another value for one of them.

use super::{Form, Step, preview, weight::weight_notice};
use crate::components::{Tone, notice, text_input, unbroken};
use crate::frame::{Frame, Subject};
use crate::host::focus;
use crate::i18n::t;
use crate::markup::prelude::*;
use api::{CorrectVitals, RecordVitals, Recorded};
use clinical::{EncounterId, ObservationId, VITALS, VitalSign, VitalsDraft};
use std::rc::Rc;

/// The form.
pub(crate) fn vitals(frame: Frame, subject: &Subject) -> AnyView {
    let form = Form::kept(frame, "vitals", subject.patient, VitalsDraft::default());
    let whom = subject.clone();
    let ending = move || frame.recording(&whom, t("vitals.recorded"), "");
    line(frame, subject, form, submitting(subject, form, ending))
}

/// The line on the page of a visit: what is recorded is of that visit, the line is blank again, and
/// the keyboard goes on to the note. What is typed is a step before the visit ends.
pub(crate) fn vitals_of_visit(
    frame: Frame,
    subject: &Subject,
    encounter: EncounterId,
) -> (AnyView, Step) {
    let step_now = StoredValue::new_local(None::<Step>);
    let turn = RwSignal::new(());
    let subject = subject.clone();
    let drawn = move || {
        turn.track();
        let blank = VitalsDraft { encounter: Some(encounter), ..VitalsDraft::default() };
        let form = Form::kept(frame, "vitals", encounter, blank);
        let typed = Memo::new(move |_| {
            form.draft.with(|draft| draft.values.values().any(|text| !text.trim().is_empty()))
        });
        Effect::new(move |_| frame.unrecorded.set(typed.get()));
        let whom = subject.clone();
        let ending = move || {
            let end = frame.recording_on_page(&whom, t("vitals.recorded"), "");
            // Whoever types on writes the note, whenever the answer comes.
            focus::to_first("#note-subjective");
            move |recorded| {
                frame.unrecorded.set(false);
                end(recorded);
                turn.set(());
            }
        };
        let submit = submitting(&subject, form, ending);
        let recording = submit.clone();
        step_now.set_value(Some(Rc::new(move |then| {
            if !typed.get_untracked() {
                return then();
            }
            form.once_recorded(then);
            recording();
        })));
        line(frame, &subject, form, submit)
    };
    on_cleanup(move || frame.unrecorded.try_set(false).map_or((), drop));
    let step: Step = Rc::new(move |then| match step_now.get_value() {
        Some(step) => step(then),
        None => then(),
    });
    (drawn.into_any(), step)
}

fn submitting<E: FnOnce(Recorded) + 'static>(
    subject: &Subject,
    form: Form<VitalsDraft>,
    ending: impl Fn() -> E + Clone + 'static,
) -> impl Fn() + Clone + 'static {
    let patient = subject.patient;
    move || {
        let draft = form.draft.with_untracked(without_blanks);
        let make_id = || ObservationId::from_uuid(preview::no_id());
        if let Err(findings) = draft.complete(make_id, &preview::today()) {
            return form.mend(&findings);
        }
        form.send(RecordVitals { patient, draft }, ending());
    }
}

fn line(
    frame: Frame,
    subject: &Subject,
    form: Form<VitalsDraft>,
    submit: impl Fn() + Clone + 'static,
) -> AnyView {
    let patient = subject.patient;
    let signs = VITALS.iter().map(|sign| one(form, sign)).collect_view();
    let fields = view! {
        <div class="vitals-line" id=form.id_of("values")>{signs}</div>
        {weight_notice(frame, patient, None, form)}
    };
    form.shell(fields.into_any(), t("vitals.record").to_owned().into(), submit)
}

/// The form of another value for a sign that was recorded: its fields alone, with what they hold.
pub(crate) fn correction(
    frame: Frame,
    subject: &Subject,
    observation: ObservationId,
    wrong: VitalsDraft,
    label: &str,
) -> AnyView {
    let signs = VITALS.iter().filter(|sign| wrong.values.contains_key(sign.field));
    let signs: Vec<&VitalSign> = signs.collect();
    let form = Form::new("correction", wrong);
    let patient = subject.patient;
    let whom = subject.clone();
    let submit = move || {
        let draft = form.draft.with_untracked(without_blanks);
        let make_id = || ObservationId::from_uuid(preview::no_id());
        if let Err(findings) = draft.complete(make_id, &preview::today()) {
            return form.mend(&findings);
        }
        let end = frame.recording(&whom, t("correction.done"), "");
        form.send(CorrectVitals { patient, observation, draft }, end);
    };
    let signs = signs.into_iter().map(|sign| one(form, sign)).collect_view();
    let fields = view! {
        <p class="quoted"><bdi>{unbroken(label)}</bdi></p>
        <div id=form.id_of("values")>{signs}</div>
        {weight_notice(frame, patient, Some(observation), form)}
        {notice(Tone::Info, t("correction.what"), t("correction.help"), None)}
    };
    form.shell(fields.into_any(), t("correction.act").to_owned().into(), submit)
}

fn one(form: Form<VitalsDraft>, sign: &'static VitalSign) -> AnyView {
    let (label, unit) = label(sign);
    let field = form.label(sign.field, label, Some(unit));
    let typed = form.draft.with_untracked(|draft| draft.values.get(sign.field).cloned());
    text_input(field, "text", typed.unwrap_or_default(), move |text| {
        form.mended(&form.id_of(sign.field));
        form.draft.update(|draft| {
            draft.values.insert(sign.field.to_owned(), text);
        });
    })
}

fn without_blanks(draft: &VitalsDraft) -> VitalsDraft {
    let mut draft = draft.clone();
    draft.values.retain(|_, text| !text.trim().is_empty());
    draft
}

/// The name of a sign, in the window's language.
pub(crate) fn sign_name(sign: &VitalSign) -> &'static str {
    label(sign).0
}

/// The sign's name and unit, in the window's language; of one that has no words here, as its
/// table has them.
fn label(sign: &VitalSign) -> (&'static str, &'static str) {
    match sign.field {
        "systolic" => (t("vitals.systolic"), "mmHg"),
        "diastolic" => (t("vitals.diastolic"), "mmHg"),
        "heartRate" => (t("vitals.heart-rate"), "/min"),
        "respiratoryRate" => (t("vitals.respiratory-rate"), "/min"),
        "temperature" => (t("vitals.temperature"), "°C"),
        "oxygenSaturation" => (t("vitals.oxygen-saturation"), "%"),
        "weight" => (t("vitals.weight"), "kg"),
        "height" => (t("vitals.height"), "cm"),
        _ => (sign.name, sign.ucum),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::tests::speak;

    #[test]
    fn every_sign_has_a_name_of_its_own_and_none_is_blank() {
        for sign in &VITALS {
            let (name, unit) = speak("fr", || label(sign));
            assert!(name != sign.name && !unit.is_empty(), "{}", sign.field);
        }
        let ninth = VitalSign { field: "ninth", name: "Ninth", ..VITALS[0] };
        assert_eq!(label(&ninth), ("Ninth", "mm[Hg]"));
    }

    #[test]
    fn blank_fields_are_not_sent() {
        let values = [("weight", "70.5"), ("height", " ")];
        let values = values.map(|(k, v)| (k.to_owned(), v.to_owned())).into();
        let sent = without_blanks(&VitalsDraft { values, encounter: None });
        assert_eq!(sent.values.keys().collect::<Vec<_>>(), ["weight"]);
    }
}
