//! Renewing a medicine: the same order, as a line of today.

use super::{
    Form,
    advice::{Review, recorded_words},
};
use crate::frame::{Frame, Subject};
use crate::i18n::t;
use crate::markup::prelude::*;
use crate::sections::medication_line;
use crate::words;
use api::{ProposedOrder, RenewMedication};
use clinical::MedicationRequest;

/// The form: the line, and what the rules say of it now, as of a new one. What is loud is answered
/// first.
pub(crate) fn renewal(frame: Frame, subject: &Subject, medicine: &MedicationRequest) -> AnyView {
    let form = Form::new("renewal", String::new());
    let (patient, medication) = (subject.patient, medicine.id);
    let review = Review::of(patient, ProposedOrder::Renewal(medication));
    let (whom, of) = (subject.clone(), medicine.clone());
    let submit = move || {
        if review.lacks_reason() {
            return frame.say(t("override.missing"));
        }
        let said = review.reason().unwrap_or_default();
        let note = note(&said, of.about.note.as_deref());
        let (whom, seen, what) = (whom.clone(), whom.seen(), words::medicine(&of.order));
        let close = frame.closer();
        let record = move |checked| {
            let said = recorded_words(t("renewal.done"), checked);
            let end = frame.recording_in(close, &whom, &said, &what);
            form.send(RenewMedication { patient, medication, seen, note }, end);
        };
        let order = ProposedOrder::Renewal(medication);
        review.before_recording(order, record, move || review.halt(frame));
    };
    let fields = view! {
        <p class="quoted">{medication_line(&medicine.order)}</p>
        <p class="hint">{t("renewal.help")}</p>
        {review.view()}
        {review.weight(frame, subject.identity.birth_date.clone())}
    };
    let save = Signal::derive(move || review.save_words(t("renewal.act")).to_owned());
    form.shell(fields.into_any(), save, submit)
}

/// The note of the new line: what is said now, then what stood there; the same is not said twice.
fn note(said: &str, before: Option<&str>) -> String {
    let before = before.unwrap_or_default();
    if before.starts_with(said) { before.to_owned() } else { format!("{said} {before}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_goes_on_and_is_not_said_twice() {
        let check = |said: &str, before: Option<&str>, want: &str| {
            assert_eq!(note(said, before).trim(), want);
        };
        check("", None, "");
        check("", Some("with food"), "with food");
        let why = "Despite the alert: will monitor.";
        check(why, None, why);
        check(why, Some("with food"), "Despite the alert: will monitor. with food");
        let noted = "Despite the alert: will monitor. With food.";
        check(why, Some(noted), noted);
    }
}
