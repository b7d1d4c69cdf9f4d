//! The line that a form of a medicine makes.

use super::{Form, preview};
use crate::backend::{Answer, ask_for, question, reply_of};
use crate::components::remark;
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use crate::sections::medication_line;
use crate::words;
use api::ReadInstruction;
use clinical::{
    Finding, MedicationDraft, MedicationId, MedicationOrder, MedicationRequest, Timing,
};

/// The line as it will be read, as soon as there is more of it than the name; in its place what
/// must be said before it can be read.
pub(super) fn line_so_far(form: Form<MedicationDraft>) -> Option<AnyView> {
    let order = match form.draft.with(complete) {
        Ok(medicine) => medicine.order,
        Err(findings) => {
            let unsaid = findings.iter().find(|finding| finding.code == "period-unit")?;
            return Some(remark(words::finding(unsaid)));
        }
    };
    if order.dosage.is_empty() {
        return None;
    }
    let line = view! {
        <p class="quoted" aria-label=t("medication.line")>{medication_line(&order)}</p>
        {often(&order).map(remark)}
    };
    Some(line.into_any())
}

/// What others may misread in the instruction, told and never changed; that it could not be looked
/// up is no silence.
pub(super) fn misread(form: Form<MedicationDraft>) -> AnyView {
    let found = RwSignal::new(Some(Vec::<(String, String)>::new()));
    Effect::new(move |asked: Option<String>| {
        let text = form.draft.with(|draft| draft.instruction.clone());
        if asked.as_ref() != Some(&text) {
            found.set(Some(Vec::new()));
            ask_misread(form, text.clone(), found);
        }
        text
    });
    let view = move || {
        let one = |(words, instead): &(String, String)| {
            let values = [("words", words.as_str()), ("instead", instead.as_str())];
            remark(tf("dosage.misread", &values))
        };
        found.with(|found| match found {
            Some(found) => found.iter().map(one).collect_view().into_any(),
            None => remark(t("state.not-looked-up").to_owned()),
        })
    };
    view.into_any()
}

fn ask_misread(
    form: Form<MedicationDraft>,
    text: String,
    found: RwSignal<Option<Vec<(String, String)>>>,
) {
    if text.trim().is_empty() {
        return;
    }
    let question = question(&ReadInstruction { text: text.clone() });
    let heed = move |answer: Answer| {
        let is_now = form.draft.try_with_untracked(|draft| draft.instruction == text);
        if is_now == Some(true) {
            found.try_set(reply_of(answer).ok());
        }
    };
    ask_for(question, Box::new(heed));
}

/// How many times a day that is, where "3 every 8 hours" may have been meant as three.
fn often(order: &MedicationOrder) -> Option<String> {
    let mut timings = order.dosage.iter().filter_map(|dosage| dosage.timing.as_ref());
    let times = timings.find_map(Timing::times_in_24_hours)?;
    Some(tf("dosage.in-a-day", &[("n", &times.to_string())]))
}

/// What is typed as a line of the medication list, of no id.
pub(super) fn complete(draft: &MedicationDraft) -> Result<MedicationRequest, Vec<Finding>> {
    draft.complete(MedicationId::from_uuid(preview::no_id()), preview::today())
}

/// The line in one text, for what tells that it was recorded: the name alone while it is no line.
pub(super) fn order_words(draft: &MedicationDraft) -> String {
    match complete(draft) {
        Ok(medicine) => words::medicine(&medicine.order),
        Err(_) => draft.medication.trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::DurationUnit;

    #[test]
    fn several_times_in_a_few_hours_are_told_by_the_day() {
        let check = |times: &str, period: &str, unit, want: Option<&str>| {
            let draft = MedicationDraft {
                medication: "amoxicillin".into(),
                frequency: times.into(),
                period: period.into(),
                period_unit: unit,
                ..MedicationDraft::default()
            };
            let id = MedicationId::from_uuid(preview::no_id());
            let order = draft.complete(id, "2026-11-27".parse().unwrap()).unwrap().order;
            assert_eq!(often(&order).as_deref(), want, "{times} {period}");
        };
        check("3", "8", Some(DurationUnit::Hour), Some("That is 9 times in 24 hours."));
        check("1", "8", Some(DurationUnit::Hour), None);
        check("3", "", None, None);
    }
}
