//! Two charts of one person: shown as one, each entry in its own, and separated again as they were.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::support::{Desk, PASSWORD, call, clinic, refused, signed_in};
use api::{ChartView, ErrorCode, ProposedOrder, Recorded, Topic};
use app::App;
use clinical::*;

fn register(app: &App<Desk>, family: &str, number: &str) -> PatientId {
    let draft = PatientDraft {
        family: family.into(),
        given: "Grace".into(),
        birth_date: "1980-03-14".into(),
        gender: Some(AdministrativeGender::Female),
        identifier: number.into(),
        ..PatientDraft::default()
    };
    call(app, api::RegisterPatient { draft })
}

fn allergy(app: &App<Desk>, patient: PatientId, substance: &str) -> Recorded {
    let draft = AllergyDraft { substance: substance.into(), ..AllergyDraft::default() };
    call(app, api::RecordAllergy { patient, draft })
}

fn medicine(name: &str) -> MedicationDraft {
    MedicationDraft {
        medication: name.into(),
        dose: "500".into(),
        unit: "mg".into(),
        frequency: "2".into(),
        ..MedicationDraft::default()
    }
}

fn prescribe(app: &App<Desk>, patient: PatientId, name: &str) -> Recorded {
    call(app, api::RecordMedication { patient, draft: medicine(name) })
}

fn open(app: &App<Desk>, patient: PatientId) -> ChartView {
    call(app, api::OpenChart { patient })
}

fn merge(app: &App<Desk>, patient: PatientId, other: PatientId) {
    call(app, api::MergePatients { patient, other });
}

fn separate(app: &App<Desk>, patient: PatientId, other: PatientId) {
    call(app, api::SeparatePatients { patient, other });
}

/// What a chart holds, without the links and the heads.
fn held(app: &App<Desk>, patient: PatientId) -> Chart {
    Chart { links: Vec::new(), tasks: Vec::new(), stamps: Vec::new(), ..open(app, patient).chart }
}

fn substances(view: &ChartView) -> Vec<&str> {
    let mut all: Vec<&str> = view.chart.allergies.iter().map(|it| it.code.label()).collect();
    all.sort_unstable();
    all
}

/// Two charts of one person, and what stood in each.
fn two(app: &App<Desk>) -> [PatientId; 2] {
    let [one, other] = [register(app, "Okello", "CLN-1"), register(app, "Okelo", "CLN-2")];
    allergy(app, one, "latex");
    allergy(app, other, "penicillin");
    [one, other]
}

#[test]
fn they_are_looked_at_side_by_side_and_what_hardly_differs_of_one_person_is_told() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let [one, other] = two(&app);
    let draft = EncounterDraft { reason: "cough".into(), class: None };
    call(&app, api::CheckIn { patient: other, draft });
    let compared = call(&app, api::ComparePatients { patient: one, other });
    let numbers = [&compared.one, &compared.other].map(|side| side.number.as_str());
    assert_eq!((numbers, compared.differs.len()), (["CLN-1", "CLN-2"], 0));
    assert_eq!((compared.one.last_visit, compared.other.last_visit.is_some()), (None, true));
    let draft = PatientDraft {
        family: "Okello".into(),
        birth_date: "1981".into(),
        gender: Some(AdministrativeGender::Male),
        ..PatientDraft::default()
    };
    let third = call(&app, api::RegisterPatient { draft });
    let compared = call(&app, api::ComparePatients { patient: one, other: third });
    assert_eq!(compared.differs, ["birth-date", "sex"]);
    assert_eq!(
        refused(&app, api::ComparePatients { patient: one, other: one }),
        ErrorCode::Invalid
    );
}

#[test]
fn both_are_shown_as_one_and_each_entry_is_changed_where_it_stands() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let [one, other] = two(&app);
    let old = prescribe(&app, other, "Metformin").entries[0];
    let before = [held(&app, one), held(&app, other)];
    desk.events.lock().unwrap().clear();
    merge(&app, one, other);
    for patient in [one, other] {
        let view = open(&app, patient);
        assert_eq!(view.patient, one, "the one that is gone on with");
        assert_eq!(substances(&view), ["latex", "penicillin"]);
        assert_eq!(view.chart.medications.len(), 1);
        let also: Vec<_> = view.also.iter().map(|it| (it.patient, it.number.as_str())).collect();
        assert_eq!(also, [(other, "CLN-2")]);
        assert_eq!(view.people[&view.also[0].made.author], "Dr Ana Reyes");
    }
    assert_eq!(
        refused(&app, api::MergePatients { patient: other, other: one }),
        ErrorCode::Invalid
    );
    // What is seen of one is changed in the other, where it was not written since.
    let seen = open(&app, one).heads;
    let stop = |seen: String| api::StopMedication {
        patient: one,
        medication: MedicationId::from_uuid(old.id),
        seen: Some(seen),
        reason: "nausea".into(),
    };
    call(&app, stop(seen.clone()));
    assert_eq!(refused(&app, stop(seen)), ErrorCode::Changed);
    // What is new stands in the one that is gone on with, whichever was named.
    let new = allergy(&app, other, "codeine");
    let undo = |recorded: &Recorded| api::UndoEdit {
        patient: one,
        entries: recorded.entries.clone(),
        before: recorded.before.clone(),
        seen: recorded.heads.clone(),
    };
    let taken_back = allergy(&app, one, "eggs");
    call(&app, undo(&taken_back));
    // A denial does not pass beside an allergy that the other chart has.
    let draft = AllergyDraft { no_known_allergies: true, ..AllergyDraft::default() };
    assert_eq!(refused(&app, api::RecordAllergy { patient: one, draft }), ErrorCode::Invalid);
    let past = call(&app, api::GetHistory { patient: one, entry: old });
    assert!(past.len() >= 2, "{past:?}");
    separate(&app, other, one);
    let after = [held(&app, one), held(&app, other)];
    assert!(after[0].allergies.iter().any(|it| it.id.uuid() == new.entries[0].id));
    assert_eq!(after[1].allergies, before[1].allergies, "nothing was copied");
    assert!(after[0].medications.is_empty() && !after[1].medications[0].order.holds());
    assert!(open(&app, one).also.is_empty());
    assert!(app.check().unwrap().sound);
}

#[test]
fn separating_undoes_merging_exactly() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let [one, other] = two(&app);
    let before = [held(&app, one), held(&app, other)];
    merge(&app, other, one);
    desk.events.lock().unwrap().clear();
    separate(&app, one, other);
    assert_eq!([held(&app, one), held(&app, other)], before);
    let told = format!("{:?}", desk.events.lock().unwrap());
    for patient in [one, other] {
        assert!(told.contains(&format!("{:?}", Topic::Chart(patient))), "{told}");
    }
    let none = api::SeparatePatients { patient: one, other };
    assert_eq!(refused(&app, none), ErrorCode::Invalid);
}

/// What the rules find in both is a task once they meet.
fn merge_tasks(app: &App<Desk>, [one, other]: [PatientId; 2]) {
    separate(app, one, other);
    merge(app, one, other);
    assert_eq!(call(app, api::ListTasks { after: None, limit: 9 }).total, 1);
}

#[test]
fn a_medicine_is_held_against_the_allergies_of_both() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let [one, other] = two(&app);
    let review = |patient| {
        let order = ProposedOrder::New(medicine("Amoxicillin"));
        call(&app, api::ReviewMedication { patient, order }).advice
    };
    assert!(review(one).is_empty(), "the chart alone knows of no penicillin");
    merge(&app, one, other);
    for patient in [one, other] {
        let advice = review(patient);
        assert!(advice.iter().any(|issue| issue.rule == "drug-allergy"), "{advice:?}");
    }
    let recorded = prescribe(&app, one, "Amoxicillin");
    assert!(recorded.advice.iter().any(|issue| issue.rule == "drug-allergy"), "{recorded:?}");
    // It ends with the medicine, whichever chart has the task.
    let medication = MedicationId::from_uuid(recorded.entries[0].id);
    let reason = String::new();
    merge_tasks(&app, [one, other]);
    call(&app, api::StopMedication { patient: one, medication, seen: None, reason });
    assert_eq!(call(&app, api::ListTasks { after: None, limit: 9 }).total, 0);
    prescribe(&app, one, "Ampicillin");
    // Separated, nothing says so; merged when both stand, it is a task.
    separate(&app, one, other);
    assert!(open(&app, one).advice.is_empty());
    merge(&app, one, other);
    let tasks = call(&app, api::ListTasks { after: None, limit: 9 }).items;
    assert_eq!(tasks.len(), 1, "{tasks:?}");
    assert_eq!(tasks[0].task.rule, "drug-allergy");
    separate(&app, one, other);
    assert_eq!(call(&app, api::ListTasks { after: None, limit: 9 }).total, 0);
}

#[test]
fn they_are_found_once_by_the_name_and_number_of_either_and_are_no_duplicates() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let [one, other] = two(&app);
    merge(&app, one, other);
    for query in ["Okello", "Okelo", "CLN-1", "CLN-2", ""] {
        let found = call(&app, api::FindPatients { query: query.into(), limit: 9 });
        let told: Vec<_> = found.iter().map(|hit| (hit.patient, hit.also.clone())).collect();
        assert_eq!(told, [(one, vec!["CLN-2".to_owned()])], "{query}");
    }
    let draft = PatientDraft {
        family: "Okello".into(),
        given: "Grace".into(),
        birth_date: "1980-03-14".into(),
        ..PatientDraft::default()
    };
    let alike = call(&app, api::FindDuplicates { draft: draft.clone() });
    assert_eq!(alike.iter().map(|it| it.hit.patient).collect::<Vec<_>>(), [one]);
    separate(&app, one, other);
    assert_eq!(call(&app, api::FindDuplicates { draft }).len(), 2);
}

#[test]
fn neither_is_erased_nor_given_away_before_they_are_separated() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let [one, other] = two(&app);
    merge(&app, one, other);
    for (patient, number) in [(one, "CLN-1"), (other, "CLN-2")] {
        let erase = |number: &str| api::EraseChart {
            patient,
            number: number.to_owned(),
            ground: "asked for by the patient".into(),
        };
        let told = app.call(erase(number), api::Origin::Host).unwrap_err();
        assert!(told.detail.contains("Separate the two charts first"), "{told}");
        let share = api::ShareChart {
            patient,
            card: String::new(),
            compared: true,
            draft: SharingDraft {
                ground: Some(SharingGround::Referral),
                ..SharingDraft::default()
            },
            path: desk.path().join("given").display().to_string(),
        };
        let told = app.call(share, api::Origin::Host).unwrap_err();
        assert!(told.detail.contains("Separate the two charts first"), "{told}");
    }
    separate(&app, one, other);
    let (number, ground) = ("CLN-2".into(), "asked for by the patient".into());
    call(&app, api::EraseChart { patient: other, number, ground });
    assert_eq!(substances(&open(&app, one)), ["latex"]);
}

#[test]
fn reception_merges_and_it_stands_after_a_restart() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let [one, other] = two(&app);
    let third = register(&app, "Okello-Atieno", "CLN-3");
    let (user_name, name, password) = ("rose".into(), "Rose".into(), PASSWORD.into());
    call(&app, api::AddPerson { user_name, name, role: Role::Reception, password });
    drop(app);
    let app = signed_in(&desk, "rose");
    merge(&app, one, other);
    merge(&app, third, other);
    drop(app);
    let app = signed_in(&desk, "ana");
    let view = open(&app, other);
    let also: Vec<PatientId> = view.also.iter().map(|it| it.patient).collect();
    assert_eq!((view.patient, also), (third, vec![one, other]));
    assert_eq!(substances(&view), ["latex", "penicillin"]);
    assert!(app.rebuild(|_, _| {}).is_ok());
    assert_eq!(substances(&open(&app, third)), ["latex", "penicillin"]);
    // One of three is taken out, and the rest stay one.
    separate(&app, third, other);
    assert_eq!(substances(&open(&app, third)), ["latex"]);
    assert_eq!(open(&app, one).patient, third);
}
