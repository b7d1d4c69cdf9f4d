//! What the section of medicines shows.

use crate::i18n::{t, tf};
use crate::sections::advice::{Flag, flag_of};
use crate::sections::conflict::{Dispute, disputes_of};
use crate::sections::lines::{self, Line};
use crate::words::{self, People};
use api::ChartView;
use clinical::{
    EntryKind, EntryRef, MedicationIntent, MedicationRequest, MedicationStatus, PartialDate,
};

/// The medicines of a chart.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Medications {
    /// What two people disagree on.
    pub disputes: Vec<Dispute>,
    /// What is taken now and undisputed: what the rules speak up about first, then by name.
    pub lines: Vec<Taken>,
    /// What is over.
    pub past: Vec<Line>,
    /// How many cannot be shown, or not wholly.
    pub unreadable: u64,
}

/// A medicine that is taken now.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Taken {
    /// How the rules speak of it, when they do.
    pub alert: Option<Flag>,
    /// That its course is over, where that is certain.
    pub over: Option<String>,
    /// The medicine.
    pub medicine: MedicationRequest,
    /// Its line.
    pub line: Line,
}

/// Reads the medicines of a chart.
pub(super) fn medications(view: &ChartView, people: &People<'_>) -> Medications {
    let chart = &view.chart;
    let entry =
        |medicine: &MedicationRequest| EntryRef::new(EntryKind::Medication, medicine.id.uuid());
    let undisputed = chart
        .medications
        .iter()
        .filter(|medicine| chart.conflicts_of(entry(medicine)).next().is_none());
    let (now, past): (Vec<_>, Vec<_>) = undisputed.partition(|medicine| {
        medicine.order.holds() && !chart.is_withdrawn(EntryKind::Medication, medicine.id.uuid())
    });
    let line = |medicine: &MedicationRequest| line(view, people, medicine);
    let taken = |medicine: &MedicationRequest| Taken {
        alert: flag_of(view, entry(medicine)),
        over: course_over(view, people, medicine),
        medicine: medicine.clone(),
        line: line(medicine),
    };
    let mut current: Vec<Taken> = now.into_iter().map(taken).collect();
    current.sort_by_key(|it| (it.alert.is_none(), it.alert, it.line.label.to_lowercase()));
    let mut past: Vec<&MedicationRequest> = past;
    past.sort_by(|a, b| b.about.authored_on.cmp(&a.about.authored_on));
    Medications {
        disputes: disputes_of(view, people, EntryKind::Medication),
        lines: current,
        past: past.into_iter().map(line).collect(),
        unreadable: lines::unreadable(view, EntryKind::Medication),
    }
}

/// That the course of a medicine is over, where that is certain.
fn course_over(
    view: &ChartView,
    people: &People<'_>,
    medicine: &MedicationRequest,
) -> Option<String> {
    let end = view.chart.course_end(medicine).filter(|end| end.is_over(people.today))?;
    let date = words::date(&PartialDate::from_date(end.day));
    let words = if end.is_exact { "medication.over" } else { "medication.over-by" };
    Some(tf(words, &[("date", &date)]))
}

fn line(view: &ChartView, people: &People<'_>, medicine: &MedicationRequest) -> Line {
    let entry = EntryRef::new(EntryKind::Medication, medicine.id.uuid());
    let (label, mut details) = words::medication_line(&medicine.order);
    let status = medicine.order.status;
    details.extend((status != MedicationStatus::Active).then(|| words::status(status).to_owned()));
    if medicine.about.intent == MedicationIntent::Statement {
        details.push(t("medication.by-patient").to_owned());
    }
    let reasons = medicine.about.reason.iter().filter(|reason| !reason.is_empty());
    details.extend(reasons.map(|reason| tf("medication.for", &[("reason", reason.label())])));
    let started = medicine.started().map(words::date);
    details.extend(started.map(|date| tf("medication.started", &[("date", &date)])));
    // Whether it was written in the face of an alert is not known: it may be older than the alert.
    let note = medicine.about.note.as_ref();
    details.extend(note.map(|note| tf("medication.note", &[("note", note)])));
    details.extend(lines::reason(view, entry));
    Line {
        entry,
        label,
        details,
        written: view.chart.stamp_of(entry).map(|stamp| people.written(stamp)),
        mistaken: status == MedicationStatus::EnteredInError
            || view.chart.is_withdrawn(EntryKind::Medication, entry.id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sections::part::tests::{chart_view, people, stamp, uuid};
    use clinical::{AlertTier, Conflict, EntryValue, MedicationDraft, MedicationId, Version};

    fn medicine(n: u8, name: &str, dose: &str) -> MedicationRequest {
        let draft = MedicationDraft {
            medication: name.into(),
            dose: dose.into(),
            unit: "mg".into(),
            ..MedicationDraft::default()
        };
        let today = "2026-11-24".parse().unwrap();
        draft.complete(MedicationId::from_uuid(uuid(n)), today).unwrap()
    }

    #[test]
    fn current_medicines_come_by_name_and_stopped_ones_apart() {
        let mut view = chart_view();
        let mut stopped = medicine(3, "warfarin", "1");
        stopped.order.status = MedicationStatus::Stopped;
        view.chart.medications =
            vec![medicine(1, "metformin", "500"), medicine(2, "amlodipine", "5"), stopped];
        let model = medications(&view, &people(&view));
        let labels: Vec<_> = model.lines.iter().map(|it| it.line.label.as_str()).collect();
        assert_eq!(labels, ["amlodipine", "metformin"]);
        assert_eq!(
            model.lines[0].line.details,
            ["DOSE 5\u{a0}mg", "how often is not recorded", "started 24-Nov-2026"]
        );
        assert_eq!(model.past[0].label, "warfarin");
    }

    #[test]
    fn what_the_rules_speak_up_about_comes_first_with_why_it_is_given() {
        let mut view = chart_view();
        let mut spoken_of = medicine(2, "penicillin V", "250");
        spoken_of.about.note = Some("tolerated in 2024".into());
        view.chart.medications = vec![medicine(1, "amlodipine", "5.0"), spoken_of];
        view.advice = vec![clinical::DetectedIssue {
            rule: "drug-allergy".into(),
            tier: AlertTier::Interrupt,
            subject: vec![EntryRef::new(EntryKind::Medication, uuid(2))],
            detail: String::new(),
            source: String::new(),
            said: None,
        }];
        let model = medications(&view, &people(&view));
        let alerts: Vec<_> = model.lines.iter().map(|it| it.alert.map(|it| it.tier)).collect();
        assert_eq!(alerts, [Some(AlertTier::Interrupt), None]);
        let reason = model.lines[0].line.details.last().unwrap();
        assert_eq!(reason, "note: tolerated in 2024");
    }

    #[test]
    fn a_course_that_is_over_is_told() {
        let mut view = chart_view();
        let mut course = medicine(1, "amoxicillin", "500");
        course.about.authored_on = "2019-10-26".parse().ok();
        course.order.dosage[0].duration =
            Some(clinical::DosageDuration { value: 5.into(), unit: clinical::DurationUnit::Day });
        view.chart.medications = vec![course.clone()];
        let over = |view: &ChartView| medications(view, &people(view)).lines[0].over.clone();
        assert_eq!(over(&view).as_deref(), Some("course ended 31-Oct-2019"));
        let entry = EntryRef::new(EntryKind::Medication, course.id.uuid());
        let at = "2020-01-01T10:00:00Z".parse().unwrap();
        view.chart.stamps = vec![(entry, clinical::Stamp { at, ..stamp() })];
        assert_eq!(over(&view).as_deref(), Some("course ended by 07-Jan-2020"));
        view.chart.medications[0].order.dosage[0].duration = None;
        assert_eq!(over(&view), None);
    }

    #[test]
    fn when_it_was_begun_and_why_it_was_stopped_is_told() {
        let mut view = chart_view();
        let mut stopped = medicine(1, "amoxicillin", "500");
        stopped.order.status = MedicationStatus::Stopped;
        let entry = EntryRef::new(EntryKind::Medication, stopped.id.uuid());
        let reason = clinical::StatusReason { entry, text: "rash".into(), stamp: stamp() };
        view.chart.reasons = vec![reason];
        view.chart.medications = vec![stopped];
        let told = |view: &ChartView| medications(view, &people(view)).past[0].details.clone();
        assert_eq!(told(&view)[2..], ["stopped", "started 24-Nov-2026", "reason: rash"]);
        view.chart.medications[0].about.intent = MedicationIntent::Statement;
        assert_eq!(told(&view)[2..], ["stopped", "reported by the patient", "reason: rash"]);
    }

    #[test]
    fn a_dose_that_is_not_there_is_missed() {
        let mut view = chart_view();
        let mut bare = medicine(1, "amlodipine", "5");
        bare.order.dosage.clear();
        view.chart.medications = vec![bare];
        let model = medications(&view, &people(&view));
        assert_eq!(model.lines[0].line.details[0], "no dose recorded");
        let mut told = medicine(2, "metformin", "500");
        told.order.dosage[0].text = Some("with supper".into());
        view.chart.medications = vec![medicine(1, "amlodipine", "5"), told];
        let missing = |line: &Line| line.details.iter().any(|it| it == "how often is not recorded");
        let lines = medications(&view, &people(&view)).lines;
        let missed: Vec<_> = lines.iter().filter(|it| missing(&it.line)).collect();
        assert_eq!((missed.len(), missed[0].line.label.as_str()), (1, "amlodipine"));
    }

    #[test]
    fn a_disputed_medicine_shows_every_side_and_no_winner() {
        let mut view = chart_view();
        let (low, high) = (medicine(1, "amlodipine", "5"), medicine(1, "amlodipine", "10"));
        let entry = EntryRef::new(EntryKind::Medication, uuid(1));
        let version = |medicine: &MedicationRequest, change: &str| Version {
            value: EntryValue::Medication(medicine.order.clone()),
            stamp: stamp(),
            change: change.into(),
        };
        view.chart.conflicts = vec![Conflict {
            id: Conflict::id_of(entry, "order"),
            entry,
            field: "order".into(),
            versions: vec![version(&low, "a"), version(&high, "b")],
            base: None,
        }];
        view.chart.medications = vec![low];
        let model = medications(&view, &people(&view));
        assert!(model.lines.is_empty() && model.past.is_empty());
        let sides: Vec<_> =
            model.disputes[0].sides.iter().map(|side| side.pieces[0].words.clone()).collect();
        assert_eq!(sides, ["DOSE 5\u{a0}mg", "DOSE 10\u{a0}mg"]);
    }
}
