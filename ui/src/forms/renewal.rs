//! Renewing a medicine: the same order, as a line of today.

use super::{Form, overriding::Why};
use crate::frame::{Frame, Subject};
use crate::i18n::t;
use crate::markup::prelude::*;
use crate::sections::{advice_list, medication_line};
use crate::words;
use api::{ChartView, RenewMedication};
use clinical::{DetectedIssue, EntryKind, EntryRef, MedicationRequest};

/// The form: the line, and what the rules say of it. What is loud is answered first.
pub(crate) fn renewal(frame: Frame, subject: &Subject, medicine: &MedicationRequest) -> AnyView {
    let form = Form::new("renewal", String::new());
    // A newer chart does not take away what is being typed.
    let chart = untrack(|| frame.chart_of(subject.patient));
    let advice = chart.map(|chart| advice_of(&chart, medicine));
    let advice = advice.unwrap_or_default();
    let loud = advice.iter().filter(|issue| words::is_loud(issue.tier)).count();
    let why = Why::new();
    why.clear(loud);
    let (whom, of) = (subject.clone(), medicine.clone());
    let submit = move || {
        if loud > 0 && why.lacks() {
            return frame.say(t("override.missing"));
        }
        let said = if loud > 0 { why.before("") } else { String::new() };
        let note = note(&said, of.about.note.as_deref());
        let (patient, medication, seen) = (whom.patient, of.id, whom.seen());
        let end = frame.recording(&whom, t("renewal.done"), &words::medicine(&of.order));
        form.send(RenewMedication { patient, medication, seen, note }, end);
    };
    let fields = view! {
        <p class="quoted">{medication_line(&medicine.order)}</p>
        <p class="hint">{t("renewal.help")}</p>
        {advice_list(&advice, move || why.view())}
    };
    form.shell(fields.into_any(), t("renewal.act").to_owned().into(), submit)
}

/// What the rules say of a medicine that is in the chart.
fn advice_of(chart: &ChartView, medicine: &MedicationRequest) -> Vec<DetectedIssue> {
    let entry = EntryRef::new(EntryKind::Medication, medicine.id.uuid());
    chart.advice.iter().filter(|issue| issue.subject.contains(&entry)).cloned().collect()
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
