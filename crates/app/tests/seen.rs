//! What is done to an entry is done to the one that was looked at: where it is another by now,
//! nothing is.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::support::{Desk, call, clinic, refused};
use api::{ApiError, Command, ErrorCode, OpenChart, Origin, Recorded};
use app::App;
use clinical::*;

type Seen = Option<String>;

/// One thing that is done to an entry.
struct Case {
    name: &'static str,
    /// Makes the entry.
    make: fn(&App<Desk>, PatientId) -> EntryRef,
    /// Changes it, so that what follows can still be done.
    change: fn(&App<Desk>, PatientId, EntryRef),
    /// Does it.
    act: fn(&App<Desk>, PatientId, EntryRef, Seen) -> Result<(), ApiError>,
}

fn told<C: Command>(app: &App<Desk>, command: C) -> Result<(), ApiError> {
    app.call(command, Origin::Host).map(|_| ())
}

fn entry(recorded: &Recorded) -> EntryRef {
    recorded.entries[0]
}

fn medicine(app: &App<Desk>, patient: PatientId) -> EntryRef {
    let draft = MedicationDraft { medication: "Metformin".into(), ..dose("500") };
    entry(&call(app, api::RecordMedication { patient, draft }))
}

fn dose(dose: &str) -> MedicationDraft {
    MedicationDraft { dose: dose.into(), unit: "mg".into(), ..MedicationDraft::default() }
}

fn raise(app: &App<Desk>, patient: PatientId, entry: EntryRef) {
    let (medication, draft) = (MedicationId::from_uuid(entry.id), dose("1000"));
    call(app, api::ChangeDosage { patient, medication, seen: None, draft });
}

fn problem(app: &App<Desk>, patient: PatientId) -> EntryRef {
    let draft = ConditionDraft { problem: "Malaria".into(), ..ConditionDraft::default() };
    entry(&call(app, api::RecordCondition { patient, draft }))
}

fn visit(app: &App<Desk>, patient: PatientId) -> EntryRef {
    let draft = EncounterDraft { reason: "fever".into(), ..EncounterDraft::default() };
    entry(&call(app, api::BeginEncounter { patient, draft }))
}

fn check_in(app: &App<Desk>, patient: PatientId) -> EntryRef {
    let draft = EncounterDraft { reason: "fever".into(), ..EncounterDraft::default() };
    let encounter = call(app, api::CheckIn { patient, draft }).encounter;
    EntryRef::new(EntryKind::Encounter, encounter.uuid())
}

fn amend(patient: PatientId, entry: EntryRef, seen: Seen, reason: &str) -> api::AmendEncounter {
    let encounter = EncounterId::from_uuid(entry.id);
    let (reason, follow_up) = (reason.to_owned(), String::new());
    api::AmendEncounter { patient, encounter, seen, reason, follow_up }
}

fn amended(app: &App<Desk>, patient: PatientId, entry: EntryRef) {
    call(app, amend(patient, entry, None, "fever, rash"));
}

fn weigh(app: &App<Desk>, patient: PatientId) -> EntryRef {
    let values = [("weight".to_owned(), "70".to_owned())].into();
    let draft = VitalsDraft { values, ..VitalsDraft::default() };
    entry(&call(app, api::RecordVitals { patient, draft }))
}

fn named(family: &str) -> PatientDraft {
    PatientDraft { family: family.into(), ..PatientDraft::default() }
}

fn withdraw(app: &App<Desk>, patient: PatientId, entry: EntryRef) {
    call(app, api::WithdrawEntry { patient, entry, seen: None, reason: "again".into() });
}

const CASES: &[Case] = &[
    Case {
        name: "change-dosage",
        make: medicine,
        change: raise,
        act: |app, patient, entry, seen| {
            let (medication, draft) = (MedicationId::from_uuid(entry.id), dose("850"));
            told(app, api::ChangeDosage { patient, medication, seen, draft })
        },
    },
    Case {
        name: "stop-medication",
        make: medicine,
        change: raise,
        act: |app, patient, entry, seen| {
            let medication = MedicationId::from_uuid(entry.id);
            told(app, api::StopMedication { patient, medication, seen, reason: String::new() })
        },
    },
    Case {
        name: "renew-medication",
        make: medicine,
        change: raise,
        act: |app, patient, entry, seen| {
            let medication = MedicationId::from_uuid(entry.id);
            told(app, api::RenewMedication { patient, medication, seen, note: String::new() })
        },
    },
    Case {
        name: "amend-patient",
        make: |_, patient| EntryRef::new(EntryKind::Patient, patient.uuid()),
        change: |app, patient, _| {
            call(app, api::AmendPatient { patient, seen: None, draft: named("Okello-Lang") });
        },
        act: |app, patient, _, seen| {
            told(app, api::AmendPatient { patient, seen, draft: named("Okelo") })
        },
    },
    Case {
        name: "end-condition",
        make: problem,
        change: withdraw,
        act: |app, patient, entry, seen| {
            let condition = ConditionId::from_uuid(entry.id);
            told(app, api::EndCondition { patient, condition, seen, end: String::new() })
        },
    },
    Case {
        name: "end-encounter",
        make: visit,
        change: withdraw,
        act: |app, patient, entry, seen| {
            let encounter = EncounterId::from_uuid(entry.id);
            told(app, api::EndEncounter { patient, encounter, seen })
        },
    },
    Case {
        name: "amend-encounter",
        make: check_in,
        change: amended,
        act: |app, patient, entry, seen| told(app, amend(patient, entry, seen, "cough")),
    },
    Case {
        name: "see-patient",
        make: check_in,
        change: amended,
        act: |app, patient, entry, seen| {
            let encounter = EncounterId::from_uuid(entry.id);
            told(app, api::SeePatient { patient, encounter, seen })
        },
    },
    Case {
        name: "cancel-encounter",
        make: check_in,
        change: amended,
        act: |app, patient, entry, seen| {
            let encounter = EncounterId::from_uuid(entry.id);
            told(app, api::CancelEncounter { patient, encounter, seen })
        },
    },
    Case {
        name: "withdraw-entry of a medicine",
        make: medicine,
        change: raise,
        act: |app, patient, entry, seen| {
            told(app, api::WithdrawEntry { patient, entry, seen, reason: "double".into() })
        },
    },
    Case {
        name: "withdraw-entry of a finding",
        make: weigh,
        change: withdraw,
        act: |app, patient, entry, seen| {
            told(app, api::WithdrawEntry { patient, entry, seen, reason: "double".into() })
        },
    },
];

#[test]
fn what_was_changed_meanwhile_is_not_changed_by_who_has_not_seen_it() {
    for case in CASES {
        let desk = Desk::new();
        let app = clinic(&desk);
        let patient = call(&app, api::RegisterPatient { draft: named("Okello") });
        let view = || call(&app, OpenChart { patient });
        let entry = (case.make)(&app, patient);
        let before = view();
        (case.change)(&app, patient, entry);
        let now = view();
        assert_ne!(now.heads, before.heads, "{}", case.name);
        let unknown = "0".repeat(64);
        for seen in [before.heads, unknown, "x".into(), String::new()] {
            let error = (case.act)(&app, patient, entry, Some(seen)).unwrap_err();
            assert_eq!(error.code, ErrorCode::Changed, "{}", case.name);
            assert_eq!(view().chart, now.chart, "{}: nothing was written", case.name);
        }
        // Who has looked again decides about what there is now.
        let error = (case.act)(&app, patient, entry, Some(now.heads.clone())).err();
        assert_ne!(error.map(|error| error.code), Some(ErrorCode::Changed), "{}", case.name);
    }
}

#[test]
fn what_others_write_beside_it_is_in_nobodys_way() {
    for case in CASES {
        for looked in [true, false] {
            let desk = Desk::new();
            let app = clinic(&desk);
            let patient = call(&app, api::RegisterPatient { draft: named("Okello") });
            let entry = (case.make)(&app, patient);
            let seen = looked.then(|| call(&app, OpenChart { patient }).heads);
            for make in [medicine, problem, visit, weigh] {
                make(&app, patient);
            }
            let done = (case.act)(&app, patient, entry, seen);
            assert_eq!(done, Ok(()), "{}", case.name);
        }
    }
}

/// The field that a change of each case writes.
const WRITTEN: [&str; 11] = [
    "order",
    "order",
    "order",
    "identity",
    "value",
    "status",
    "value",
    "status",
    "status",
    "order",
    "withdrawn",
];

#[test]
fn the_past_of_an_entry_tells_who_changed_it_when_and_what_it_was_before() {
    for (case, field) in CASES.iter().zip(WRITTEN) {
        let desk = Desk::new();
        let app = clinic(&desk);
        let patient = call(&app, api::RegisterPatient { draft: named("Okello") });
        let entry = (case.make)(&app, patient);
        let before = call(&app, api::GetHistory { patient, entry });
        desk.later(60 * 60 * 1000);
        (case.act)(&app, patient, entry, None).unwrap();
        let past = call(&app, api::GetHistory { patient, entry });
        // What was before stands below, as it stood.
        let (new, old) = past.split_at(past.len() - before.len());
        assert_eq!(old, before, "{}", case.name);
        let written: Vec<_> = new.iter().filter(|item| item.field == field).collect();
        let [now] = written.as_slice() else { panic!("{}: {new:?}", case.name) };
        assert_eq!(now.author, "Dr Ana Reyes", "{}", case.name);
        assert!(now.stamp.at.unix_ms() - old[0].stamp.at.unix_ms() >= 60 * 60 * 1000);
        let was = old.iter().find(|item| item.field == field).map(|item| &item.value);
        assert_ne!(was, Some(&now.value), "{}", case.name);
        assert_eq!(was.is_some(), field != "withdrawn", "{}: what it was", case.name);
    }
}

#[test]
fn who_sees_no_chart_is_held_to_what_the_list_showed() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let patient = call(&app, api::RegisterPatient { draft: named("Okello") });
    let find = || call(&app, api::FindPatients { query: "okello".into(), limit: 9 }).remove(0);
    let amend = |seen, family| api::AmendPatient { patient, seen, draft: named(family) };
    let before = find();
    assert_eq!(before.heads, call(&app, OpenChart { patient }).heads);
    call(&app, amend(Some(before.heads.clone()), "Okello-Lang"));
    assert_eq!(refused(&app, amend(Some(before.heads), "Okello")), ErrorCode::Changed);
    let now = find();
    assert_eq!(now.identity.name[0].family, "Okello-Lang");
    call(&app, amend(Some(now.heads), "Okello"));
}

#[test]
fn a_visit_ends_no_sooner_than_it_began() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let patient = call(&app, api::RegisterPatient { draft: named("Okello") });
    let encounter = EncounterId::from_uuid(visit(&app, patient).id);
    let begun = call(&app, OpenChart { patient }).chart.encounters[0].start.clone();
    desk.later(-60_000);
    let ended = call(&app, api::EndEncounter { patient, encounter, seen: None });
    let told: Vec<_> = ended.advice.iter().map(|issue| issue.rule.as_str()).collect();
    assert_eq!(told, ["visit-ahead"]);
    let over = &call(&app, OpenChart { patient }).chart.encounters[0];
    assert_eq!((over.status, &over.end), (EncounterStatus::Finished, &begun));
    // By a clock that has come there nothing is told.
    let encounter = EncounterId::from_uuid(visit(&app, patient).id);
    desk.later(60_000);
    assert!(call(&app, api::EndEncounter { patient, encounter, seen: None }).advice.is_empty());
}

fn correct(app: &App<Desk>, patient: PatientId, wrong: EntryRef, kilos: &str) -> EntryRef {
    let values = [("weight".to_owned(), kilos.to_owned())].into();
    let draft = VitalsDraft { values, ..VitalsDraft::default() };
    let observation = ObservationId::from_uuid(wrong.id);
    entry(&call(app, api::CorrectVitals { patient, observation, draft }))
}

#[test]
fn a_mistaken_correction_gives_the_value_back_and_it_is_corrected_again() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let patient = call(&app, api::RegisterPatient { draft: named("Okello") });
    let counts = || {
        let view = call(&app, OpenChart { patient });
        assert_eq!(view.corrections, view.chart.corrections());
        let all = view.chart.observations.iter();
        let counting = all.filter(|one| view.chart.is_in_force(&view.corrections, one));
        counting.map(Observation::value_label).collect::<Vec<_>>()
    };
    let seventy = weigh(&app, patient);
    let seven = correct(&app, patient, seventy, "7");
    assert_eq!(counts(), ["7\u{a0}kg"]);
    withdraw(&app, patient, seven);
    assert_eq!(counts(), ["70\u{a0}kg"]);
    let right = correct(&app, patient, seventy, "71");
    assert_eq!(counts(), ["71\u{a0}kg"]);
    // Nothing is gone: the past of the value that counts goes back over what it replaced.
    let past = call(&app, api::GetHistory { patient, entry: right });
    let said: Vec<_> =
        past.iter().map(|item| (item.field.as_str(), item.author.as_str())).collect();
    assert_eq!(said, [("value", "Dr Ana Reyes"); 2]);
    assert!(past[1].value.contains("\"70\""), "{past:?}");
}

#[test]
fn what_was_recorded_is_taken_back_as_it_was_recorded_and_not_as_it_is_by_then() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let patient = call(&app, api::RegisterPatient { draft: named("Okello") });
    let record = || {
        let draft = MedicationDraft { medication: "Metformin".into(), ..dose("500") };
        call(&app, api::RecordMedication { patient, draft })
    };
    let undo = |recorded: &Recorded| {
        let (entry, seen) = (entry(recorded), Some(recorded.heads.clone()));
        api::WithdrawEntry { patient, entry, seen, reason: "double".into() }
    };
    let (kept, changed) = (record(), record());
    assert_eq!(changed.heads, call(&app, OpenChart { patient }).heads);
    raise(&app, patient, entry(&changed));
    assert_eq!(refused(&app, undo(&changed)), ErrorCode::Changed);
    call(&app, undo(&kept));
}

#[test]
fn a_dosage_without_a_dose_takes_no_dose_away() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let patient = call(&app, api::RegisterPatient { draft: named("Okello") });
    let medication = MedicationId::from_uuid(medicine(&app, patient).id);
    let before = call(&app, OpenChart { patient }).chart;
    let draft = MedicationDraft { frequency: "3".into(), ..MedicationDraft::default() };
    let change = |draft| api::ChangeDosage { patient, medication, seen: None, draft };
    assert_eq!(refused(&app, change(draft)), ErrorCode::Invalid);
    assert_eq!(call(&app, OpenChart { patient }).chart, before);
    let words = MedicationDraft { instruction: "as before".into(), ..MedicationDraft::default() };
    call(&app, change(words));
}
