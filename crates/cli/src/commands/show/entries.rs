//! Medicines, problems and visits of a chart, each on a line: the same parts as in the window.

use api::ChartView;
use clinical::{
    Condition, ConditionClinicalStatus, Encounter, EncounterClass, EntryKind, EntryRef,
    MedicationIntent, MedicationRequest, display,
};

use super::{clock::Clock, line::status_line};
use crate::output::on_one_line;

/// A medicine: what is taken, for what, since when, and whether its course is over.
pub(super) fn medicine(
    view: &ChartView,
    medication: &MedicationRequest,
    clock: Clock<'_>,
) -> String {
    let about = &medication.about;
    let entry = EntryRef::new(EntryKind::Medication, medication.id.uuid());
    let mut parts = vec![status_line(&medication.order)];
    let is_told = about.intent == MedicationIntent::Statement;
    parts.extend(is_told.then(|| "reported by the patient".to_owned()));
    let reasons = about.reason.iter().filter(|reason| !reason.is_empty());
    parts.extend(reasons.map(|reason| format!("for {}", reason.label())));
    parts.extend(medication.started().map(|date| format!("started {}", display::date(date))));
    parts.extend(course_over(view, medication, clock));
    parts.extend(about.note.as_ref().map(|note| format!("note: {note}")));
    parts.extend(reason(view, entry));
    line(&parts)
}

fn course_over(
    view: &ChartView,
    medication: &MedicationRequest,
    clock: Clock<'_>,
) -> Option<String> {
    let today = clock.today()?.date()?;
    let end = view.chart.course_end(medication).filter(|end| end.is_over(today))?;
    let date = display::date(&clinical::PartialDate::from_date(end.day));
    let by = if end.is_exact { "" } else { "by " };
    Some(format!("course ended {by}{date}"))
}

/// A problem: since when, until when, and how it stands where it is not simply there.
pub(super) fn problem(view: &ChartView, condition: &Condition) -> String {
    let entry = EntryRef::new(EntryKind::Condition, condition.id.uuid());
    let mut parts = vec![condition.code.label().to_owned()];
    let status = condition.clinical_status.filter(|it| *it != ConditionClinicalStatus::Active);
    parts.extend(status.map(|status| status.code().to_owned()));
    let date = |date: &clinical::PartialDate| display::date(date);
    parts.extend(condition.onset.as_ref().map(|onset| format!("since {}", date(onset))));
    parts.extend(condition.abatement.as_ref().map(|end| format!("until {}", date(end))));
    parts.extend(condition.note.clone());
    parts.extend(reason(view, entry));
    line(&parts)
}

/// A visit: when, where, why, and whether it goes on.
pub(super) fn visit(view: &ChartView, visit: &Encounter, clock: Clock<'_>) -> String {
    let entry = EntryRef::new(EntryKind::Encounter, visit.id.uuid());
    let start = visit.start.as_ref().map(|start| clock.dated(start));
    let mut parts = vec![start.unwrap_or_else(|| "Not known".to_owned())];
    parts.push(class(visit.class).to_owned());
    let concepts = visit.kind.iter().chain(&visit.reason).filter(|concept| !concept.is_empty());
    parts.extend(concepts.map(|concept| concept.label().to_owned()));
    parts.extend(visit.status.is_open().then(|| "under way".to_owned()));
    parts.extend(reason(view, entry));
    line(&parts)
}

const fn class(class: EncounterClass) -> &'static str {
    match class {
        EncounterClass::Ambulatory => "in the clinic",
        EncounterClass::Emergency => "emergency",
        EncounterClass::Field => "in the field",
        EncounterClass::Home => "at home",
        EncounterClass::Inpatient => "in hospital",
        EncounterClass::Virtual => "by telephone or screen",
        EncounterClass::Other => "another kind",
    }
}

/// Why an entry was ended or marked as a mistake, in words.
fn reason(view: &ChartView, entry: EntryRef) -> Option<String> {
    view.chart.reason_of(entry).map(|why| format!("reason: {}", why.text))
}

fn line(parts: &[String]) -> String {
    on_one_line(&parts.join(" — "))
}
