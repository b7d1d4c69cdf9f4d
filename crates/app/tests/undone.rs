//! What was just recorded is taken back: the chart says again what it said, and the history says both.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use crate::support::{Desk, call, clinic, refused};
use api::{ErrorCode, OpenChart, Recorded, UndoEdit};
use app::App;
use clinical::*;

/// A patient with an allergy, a problem, a medicine, a visit and a pulse.
struct Bed {
    app: App<Desk>,
    patient: PatientId,
    condition: ConditionId,
    medication: MedicationId,
    encounter: EncounterId,
    weight: ObservationId,
}

impl Bed {
    fn new() -> Self {
        let app = clinic(&Desk::new());
        let draft = PatientDraft { family: "Okello".into(), ..PatientDraft::default() };
        let patient = call(&app, api::RegisterPatient { draft });
        let id = |recorded: Recorded| recorded.entries[0].id;
        let condition =
            id(call(&app, api::RecordCondition { patient, draft: pain("Hypertension") }));
        let medication = id(call(&app, api::RecordMedication { patient, draft: dose("5") }));
        let draft = vitals(&[("weight", "170")]);
        let weight = id(call(&app, api::RecordVitals { patient, draft }));
        let draft = EncounterDraft { reason: "cough".into(), ..EncounterDraft::default() };
        let encounter = id(call(&app, api::BeginEncounter { patient, draft }));
        Self {
            app,
            patient,
            condition: ConditionId::from_uuid(condition),
            medication: MedicationId::from_uuid(medication),
            encounter: EncounterId::from_uuid(encounter),
            weight: ObservationId::from_uuid(weight),
        }
    }

    /// What counts in the chart: without stamps, and without what was a mistake.
    fn says(&self) -> String {
        let view = call(&self.app, OpenChart { patient: self.patient });
        let chart = view.chart;
        let counts = |one: &&Observation| chart.is_in_force(&view.corrections, one);
        let medicines: Vec<_> = chart
            .medications
            .iter()
            .filter(|one| one.order.status != MedicationStatus::EnteredInError)
            .collect();
        let said = (
            chart.allergies.iter().filter(|one| !is_mistake(one.verification_status)),
            chart.conditions.iter().filter(|one| !is_mistake(one.verification_status)),
            chart.encounters.iter().filter(|one| one.status != EncounterStatus::EnteredInError),
            chart.observations.iter().filter(counts),
        );
        let reasons: Vec<_> = chart.reasons.iter().map(|reason| &reason.text).collect();
        format!(
            "{:#?}",
            (
                said.0.collect::<Vec<_>>(),
                said.1.collect::<Vec<_>>(),
                said.2.collect::<Vec<_>>(),
                said.3.collect::<Vec<_>>(),
                medicines,
                reasons,
                &chart.tasks,
            )
        )
    }
}

fn is_mistake(status: VerificationStatus) -> bool {
    status == VerificationStatus::EnteredInError
}

fn pain(problem: &str) -> ConditionDraft {
    ConditionDraft { problem: problem.into(), ..ConditionDraft::default() }
}

fn dose(mg: &str) -> MedicationDraft {
    MedicationDraft {
        medication: "amlodipine".into(),
        dose: mg.into(),
        unit: "mg".into(),
        frequency: "1".into(),
        ..MedicationDraft::default()
    }
}

fn vitals(values: &[(&str, &str)]) -> VitalsDraft {
    let values = values.iter().map(|(sign, value)| ((*sign).to_owned(), (*value).to_owned()));
    VitalsDraft { values: values.collect(), ..VitalsDraft::default() }
}

fn way_back(patient: PatientId, recorded: &Recorded) -> UndoEdit {
    let Recorded { entries, before, heads, .. } = recorded.clone();
    UndoEdit { patient, entries, before, seen: heads }
}

/// Something that is recorded, and leaves the chart other than it was.
type Act = fn(&Bed) -> Recorded;

#[test]
fn what_is_taken_back_leaves_the_chart_as_it_was() {
    let acts: [(&str, Act); 10] = [
        ("an allergy", |bed| {
            let draft = AllergyDraft { substance: "amlodipine".into(), ..AllergyDraft::default() };
            call(&bed.app, api::RecordAllergy { patient: bed.patient, draft })
        }),
        ("a problem", |bed| {
            let draft = pain("Asthma");
            call(&bed.app, api::RecordCondition { patient: bed.patient, draft })
        }),
        ("a problem that ends", |bed| {
            let (patient, condition) = (bed.patient, bed.condition);
            let end = String::new();
            call(&bed.app, api::EndCondition { patient, condition, seen: None, end })
        }),
        ("a medicine", |bed| {
            let draft = MedicationDraft { medication: "aspirin".into(), ..dose("75") };
            call(&bed.app, api::RecordMedication { patient: bed.patient, draft })
        }),
        ("a medicine that is stopped, with why", |bed| {
            let (patient, medication) = (bed.patient, bed.medication);
            let reason = "ankles swell".to_owned();
            call(&bed.app, api::StopMedication { patient, medication, seen: None, reason })
        }),
        ("another dose, with why", |bed| {
            let (patient, medication) = (bed.patient, bed.medication);
            let draft = MedicationDraft { note: "still high".into(), ..dose("10") };
            call(&bed.app, api::ChangeDosage { patient, medication, seen: None, draft })
        }),
        ("a renewal", |bed| {
            let (patient, medication) = (bed.patient, bed.medication);
            let note = String::new();
            call(&bed.app, api::RenewMedication { patient, medication, seen: None, note })
        }),
        ("a line of vital signs", |bed| {
            let draft = vitals(&[("systolic", "138"), ("diastolic", "86"), ("heartRate", "72")]);
            call(&bed.app, api::RecordVitals { patient: bed.patient, draft })
        }),
        ("another value of a sign", |bed| {
            let (patient, observation) = (bed.patient, bed.weight);
            let draft = vitals(&[("weight", "70")]);
            call(&bed.app, api::CorrectVitals { patient, observation, draft })
        }),
        ("a visit that ends", |bed| {
            let (patient, encounter) = (bed.patient, bed.encounter);
            call(&bed.app, api::EndEncounter { patient, encounter, seen: None })
        }),
    ];
    let bed = Bed::new();
    for (what, act) in acts {
        let before = bed.says();
        let recorded = act(&bed);
        assert_ne!(bed.says(), before, "{what} changes the chart");
        let back = call(&bed.app, way_back(bed.patient, &recorded));
        assert_eq!(bed.says(), before, "{what} is taken back");
        let entry = back.entries[0];
        let past = call(&bed.app, api::GetHistory { patient: bed.patient, entry });
        assert!(past.len() > 1, "{what}: the history says both: {past:?}");
    }
}

#[test]
fn what_was_written_on_since_is_not_taken_back() {
    let bed = Bed::new();
    let (patient, medication) = (bed.patient, bed.medication);
    let change = |mg| api::ChangeDosage { patient, medication, seen: None, draft: dose(mg) };
    let first = call(&bed.app, change("10"));
    call(&bed.app, api::RecordCondition { patient, draft: pain("Asthma") });
    let second = call(&bed.app, change("2.5"));
    let now = bed.says();
    assert_eq!(refused(&bed.app, way_back(patient, &first)), ErrorCode::Changed);
    // What two edits did is not taken back as if it were one.
    let both = UndoEdit { before: first.before, ..way_back(patient, &second) };
    assert_eq!(refused(&bed.app, both), ErrorCode::Changed);
    let no_heads = UndoEdit { before: "x".into(), ..way_back(patient, &second) };
    assert_eq!(refused(&bed.app, no_heads), ErrorCode::Invalid);
    let unknown = UndoEdit { before: "0".repeat(64), ..way_back(patient, &second) };
    assert_eq!(refused(&bed.app, unknown), ErrorCode::NotFound);
    // Who somebody is, what was signed and what was settled is not taken back.
    for kind in [EntryKind::Patient, EntryKind::Composition, EntryKind::Task, EntryKind::Source] {
        let entry = EntryRef::new(kind, bed.patient.uuid());
        let of_kind = UndoEdit { entries: vec![entry], ..way_back(patient, &second) };
        assert_eq!(refused(&bed.app, of_kind), ErrorCode::Invalid, "{kind:?}");
    }
    let many = UndoEdit { entries: vec![second.entries[0]; 65], ..way_back(patient, &second) };
    assert_eq!(refused(&bed.app, many), ErrorCode::Invalid);
    assert_eq!(bed.says(), now);
    call(&bed.app, way_back(patient, &second));
    assert!(bed.says().contains("\"10\""), "the dose before, and what stands beside is kept");
    assert_eq!(refused(&bed.app, way_back(patient, &second)), ErrorCode::Changed, "once");
}
