//! The chart that was written to last stays open: no entry may be lost or read wrongly by it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use crate::support::{Desk, call, clinic, signed_in};
use api::{AmendPatient, ErrorCode, OpenChart, Origin, RecordAllergy, RecordVitals};
use clinical::{AllergyDraft, EntryKind, PatientDraft, PatientId, VitalsDraft};

fn count(app: &app::App<Desk>, patient: PatientId, kind: EntryKind) -> u32 {
    let view = call(app, OpenChart { patient });
    view.counts.iter().find(|(found, _)| *found == kind).unwrap().1
}

fn named(family: &str) -> PatientDraft {
    PatientDraft { family: family.to_owned(), ..PatientDraft::default() }
}

fn allergy(patient: PatientId, substance: &str) -> RecordAllergy {
    let draft = AllergyDraft { substance: substance.to_owned(), ..AllergyDraft::default() };
    RecordAllergy { patient, draft }
}

fn pulse(patient: PatientId, pulse: u32) -> RecordVitals {
    let values = [("heartRate".to_owned(), pulse.to_string())].into();
    RecordVitals { patient, draft: VitalsDraft { values, encounter: None } }
}

#[test]
fn entries_of_charts_written_by_turns_are_all_there_and_the_lists_are_true() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let draft = |family| api::RegisterPatient { draft: named(family) };
    let patients = [call(&app, draft("Okello")), call(&app, draft("Wanjiku"))];
    for round in 0..4 {
        for patient in patients {
            call(&app, pulse(patient, 60 + round));
            call(&app, pulse(patient, 80 + round));
            call(&app, allergy(patient, &format!("Food {round}")));
            // What is refused leaves nothing behind.
            assert!(app.call(pulse(patient, 90_000), Origin::Host).is_err());
        }
    }
    call(&app, AmendPatient { patient: patients[0], seen: None, draft: named("Okello-Lang") });
    call(&app, pulse(patients[0], 99));
    let check = |app: &app::App<Desk>| {
        assert_eq!(count(app, patients[0], EntryKind::Observation), 9);
        assert_eq!(count(app, patients[1], EntryKind::Observation), 8);
        assert_eq!(count(app, patients[1], EntryKind::Allergy), 4);
        let name = call(app, OpenChart { patient: patients[0] }).chart.patient.unwrap();
        assert_eq!(name.identity.name[0].family, "Okello-Lang");
        let report = app.check().unwrap();
        assert!(report.sound, "{:?}", report.findings);
    };
    check(&app);
    drop(app);
    check(&signed_in(&desk, "ana"));
}

#[test]
fn a_long_history_is_invented_only_in_a_demonstration() {
    let desk = Desk::new();
    let app = clinic(&desk);
    assert_eq!(app.demonstrate_long(40).unwrap_err().code, ErrorCode::NotPermitted);
    let desk = Desk::new();
    let app = app::App::new(desk);
    app.demonstrate(1, |_, _| {}).unwrap();
    let patient = app.demonstrate_long(40).unwrap();
    assert_eq!(count(&app, patient, EntryKind::Encounter), 40);
    call(&app, pulse(patient, 71));
    call(&app, pulse(patient, 72));
    assert!(app.check().unwrap().sound);
}
