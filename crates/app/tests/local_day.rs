//! Days are those of the clinic's wall clock, whatever the day is in UTC.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::support::{Desk, call, clinic, refused};
use api::{ErrorCode, OpenChart, RecordMedication, RecordVitals, RegisterPatient};
use app::App;
use clinical::{MedicationDraft, PatientDraft, PatientId, VitalsDraft};

fn born(day: &str) -> RegisterPatient {
    let draft =
        PatientDraft { family: "Okello".into(), birth_date: day.into(), ..Default::default() };
    RegisterPatient { draft }
}

fn weighed(app: &App<Desk>, patient: PatientId) -> String {
    let values = [("weight".to_owned(), "3.1".to_owned())].into();
    let draft = VitalsDraft { values, ..VitalsDraft::default() };
    let entry = call(app, RecordVitals { patient, draft }).entries[0];
    let chart = call(app, OpenChart { patient }).chart;
    let found = chart.observations.into_iter().find(|found| found.id.uuid() == entry.id);
    found.unwrap().effective.unwrap().to_string()
}

fn prescribed(app: &App<Desk>, patient: PatientId) -> String {
    let draft = MedicationDraft { medication: "zinc".into(), ..MedicationDraft::default() };
    call(app, RecordMedication { patient, draft });
    let chart = call(app, OpenChart { patient }).chart;
    chart.medications[0].about.authored_on.clone().unwrap().to_string()
}

#[test]
fn what_is_recorded_late_in_the_evening_belongs_to_that_evening() {
    let check = |utc: &str, offset_minutes: i32, taken: &str| {
        let desk = Desk::new();
        let app = clinic(&desk);
        desk.set(utc, offset_minutes);
        let patient = call(&app, born(taken.get(..10).unwrap()));
        assert_eq!(weighed(&app, patient), taken, "{utc}");
        assert_eq!(prescribed(&app, patient), taken.get(..10).unwrap(), "{utc}");
    };
    check("2026-11-24T10:30:00Z", 13 * 60, "2026-11-24T23:30:00+13:00");
    check("2026-11-24T11:30:00Z", 13 * 60, "2026-11-25T00:30:00+13:00");
    check("2026-11-25T10:30:00Z", -11 * 60, "2026-11-24T23:30:00-11:00");
    check("2026-11-24T17:45:00Z", 345, "2026-11-24T23:30:00+05:45");
    // Summer time, and the same place in winter.
    check("2026-06-24T21:30:00Z", 120, "2026-06-24T23:30:00+02:00");
    check("2026-11-24T22:30:00Z", 60, "2026-11-24T23:30:00+01:00");
}

#[test]
fn a_child_born_after_local_midnight_is_registered() {
    let desk = Desk::new();
    let app = clinic(&desk);
    desk.set("2026-11-24T11:30:00Z", 13 * 60);
    call(&app, born("2026-11-25"));
    // A clock that is set to UTC in a clinic that is ahead of it.
    desk.set("2026-11-24T11:30:00Z", 0);
    call(&app, born("2026-11-25"));
    assert_eq!(refused(&app, born("2026-11-26")), ErrorCode::Invalid);
    desk.set("2026-11-25T10:30:00Z", -11 * 60);
    call(&app, born("2026-11-25"));
    assert_eq!(refused(&app, born("2026-11-26")), ErrorCode::Invalid);
}
