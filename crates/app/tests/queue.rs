//! Who is here: checked in at the desk, seen by a clinician, gone.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::support::{Desk, PASSWORD, call, clinic, refused, signed_in};
use api::{CheckedIn, ErrorCode, VisitItem, WhichDraft};
use app::App;
use clinical::{
    ConditionDraft, EncounterDraft, EncounterId, EncounterStatus, MedicationDraft, NoteSectionCode,
    PatientDraft, PatientId, Role, VitalsDraft,
};

fn register(app: &App<Desk>, family: &str) -> PatientId {
    let draft = PatientDraft { family: family.into(), ..PatientDraft::default() };
    call(app, api::RegisterPatient { draft })
}

fn check_in(app: &App<Desk>, patient: PatientId, reason: &str) -> CheckedIn {
    let draft = EncounterDraft { reason: reason.into(), class: None };
    call(app, api::CheckIn { patient, draft })
}

fn today(app: &App<Desk>) -> Vec<VisitItem> {
    call(app, api::GetToday {}).visits
}

fn add_reception(app: &App<Desk>) {
    let (user_name, name) = ("rose".into(), "Rose".into());
    let person =
        api::AddPerson { user_name, name, role: Role::Reception, password: PASSWORD.into() };
    call(app, person);
}

#[test]
fn who_comes_waits_is_seen_and_goes() {
    let desk = Desk::new();
    let app = clinic(&desk);
    desk.set("2026-11-27T06:00:00Z", 180);
    add_reception(&app);
    drop(app);
    let app = signed_in(&desk, "rose");
    let (first, second) = (register(&app, "Okello"), register(&app, "Reyes"));
    assert_eq!(today(&app), []);
    let came = check_in(&app, first, "cough");
    assert!(!came.already);
    desk.set("2026-11-27T06:20:00Z", 180);
    assert_eq!(check_in(&app, first, ""), CheckedIn { already: true, ..came });
    check_in(&app, second, "");
    let visits = today(&app);
    assert_eq!(visits.iter().map(|visit| visit.patient).collect::<Vec<_>>(), [first, second]);
    assert_eq!(visits[0].reason.as_deref(), Some("cough"));
    assert_eq!(visits[0].start.as_ref().unwrap().as_str(), "2026-11-27T09:00:00+03:00");
    assert_eq!((visits[1].reason.clone(), visits[1].status), (None, EncounterStatus::Arrived));
    let denied = api::SeePatient { patient: first, encounter: came.encounter, seen: None };
    assert_eq!(refused(&app, denied), ErrorCode::NotPermitted, "the desk sees no patient");

    drop(app);
    let app = signed_in(&desk, "ana");
    let see = || api::SeePatient { patient: first, encounter: came.encounter, seen: None };
    call(&app, see());
    call(&app, see());
    let seen = today(&app).remove(0);
    assert_eq!(seen.status, EncounterStatus::InProgress);
    assert_eq!(seen.with, ["Dr Ana Reyes"], "once, however often");
    let cancel = api::CancelEncounter { patient: first, encounter: came.encounter, seen: None };
    assert_eq!(refused(&app, cancel), ErrorCode::Invalid, "who is seen is not sent away");
    let gone = api::CancelEncounter { patient: second, encounter: visits[1].encounter, seen: None };
    call(&app, gone);
    assert_eq!(today(&app).len(), 1, "who has gone is not listed");
    let end = api::EndEncounter { patient: first, encounter: came.encounter, seen: None };
    call(&app, end);
    assert_eq!(today(&app)[0].status, EncounterStatus::Finished);
    assert_eq!(refused(&app, see()), ErrorCode::Invalid, "what is over is over");
    assert!(!check_in(&app, first, "again").already, "who comes again is a visit of its own");
    assert!(app.check().unwrap().sound);
    app.rebuild(|_, _| {}).unwrap();
    assert_eq!(today(&app).len(), 2);
}

#[test]
fn a_visit_that_nobody_ended_stays_listed_for_a_week() {
    let desk = Desk::new();
    let app = clinic(&desk);
    desk.set("2026-11-20T20:30:00Z", 180);
    let patient = register(&app, "Okello");
    let came = check_in(&app, patient, "cough");
    let check = |now: &str, want: Option<bool>| {
        desk.set(now, 180);
        let listed = today(&app).first().map(|visit| visit.is_today);
        assert_eq!(listed, want, "{now}");
    };
    check("2026-11-20T20:59:00Z", Some(true));
    // Past midnight where the clinic is.
    check("2026-11-20T21:00:00Z", Some(false));
    check("2026-11-27T20:59:00Z", Some(false));
    check("2026-11-28T21:00:00Z", None);
    check("2026-11-21T09:00:00Z", Some(false));
    assert!(!check_in(&app, patient, "").already, "today is another visit");
    let listed: Vec<bool> = today(&app).iter().map(|visit| visit.is_today).collect();
    assert_eq!(listed, [true, false], "who came today is not cut off by what was left open");
    // Who checks in reads no advice: it is a task at once.
    let tasks = || call(&app, api::ListTasks { after: None, limit: 9 }).items;
    let told: Vec<_> =
        tasks().into_iter().map(|item| (item.task.rule, item.visits.len())).collect();
    assert_eq!(told, [("open-visits".to_owned(), 2)]);
    assert!(today(&app).iter().all(|visit| visit.doubled));
    let end = api::EndEncounter { patient, encounter: came.encounter, seen: None };
    call(&app, end);
    assert_eq!(today(&app).len(), 1, "of another day, and over");
    assert!(tasks().is_empty() && !today(&app)[0].doubled);
}

#[test]
fn a_visit_says_why_and_when_again() {
    let desk = Desk::new();
    let app = clinic(&desk);
    desk.set("2026-11-27T06:00:00Z", 180);
    let patient = register(&app, "Okello");
    let encounter = check_in(&app, patient, "").encounter;
    let amend = |reason: &str, follow_up: &str| api::AmendEncounter {
        patient,
        encounter,
        seen: None,
        reason: reason.into(),
        follow_up: follow_up.into(),
    };
    call(&app, amend("cough", "2 weeks"));
    call(&app, amend("cough", "2026-12-11"));
    assert_eq!(refused(&app, amend("cough", "yesterday")), ErrorCode::Invalid);
    let long = "cough ".repeat(100);
    assert_eq!(refused(&app, amend(&long, "2 weeks")), ErrorCode::Invalid);
    let draft = EncounterDraft { reason: long, class: None };
    assert_eq!(refused(&app, api::CheckIn { patient, draft }), ErrorCode::Invalid);
    let visit = call(&app, api::OpenChart { patient }).chart.encounters.remove(0);
    assert_eq!(visit.reason[0].label(), "cough");
    assert_eq!(visit.follow_up.unwrap().as_str(), "2026-12-11");
    let nothing = EncounterId::from_uuid(clinical::uuid_v7(5, [5; 10]));
    let unknown = api::AmendEncounter { encounter: nothing, ..amend("cough", "") };
    assert_eq!(refused(&app, unknown), ErrorCode::NotFound);
}

#[test]
fn a_visit_has_a_note_of_its_own() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let patient = register(&app, "Okello");
    let other = call(&app, api::OpenDraft { patient, which: WhichDraft::Last }).id;
    let encounter = check_in(&app, patient, "cough").encounter;
    let open = || call(&app, api::OpenDraft { patient, which: WhichDraft::OfVisit(encounter) });
    let draft = open();
    assert!(draft.id != other && draft.encounter == Some(encounter));
    assert_eq!(open().id, draft.id);
    assert!(!today(&app)[0].unsigned, "nothing is written yet");
    let (section, text) = (NoteSectionCode::Plan, "Rest.".to_owned());
    call(&app, api::SaveDraft { draft: draft.id, section, text, settled: false });
    assert!(today(&app)[0].unsigned);
    call(&app, api::SignNote { draft: draft.id });
    assert!(!today(&app)[0].unsigned);
    let note = call(&app, api::OpenChart { patient }).chart.compositions.remove(0);
    assert_eq!(note.encounter, Some(encounter));
    assert!(open().id != draft.id, "what comes after is another note");
}

#[test]
fn what_is_recorded_while_a_patient_is_seen_is_of_that_visit() {
    let desk = Desk::new();
    let app = clinic(&desk);
    desk.set("2026-11-27T06:00:00Z", 180);
    let patient = register(&app, "Okello");
    let record = |app: &App<Desk>| {
        let draft = MedicationDraft { medication: "zinc".into(), ..MedicationDraft::default() };
        let medicine = call(app, api::RecordMedication { patient, draft }).entries[0];
        let problem = ConditionDraft { problem: "Cough".into(), ..ConditionDraft::default() };
        call(app, api::RecordCondition { patient, draft: problem });
        let values = [("weight".to_owned(), "14".to_owned())].into();
        call(app, api::RecordVitals { patient, draft: VitalsDraft { values, encounter: None } });
        let chart = call(app, api::OpenChart { patient }).chart;
        let medicine = chart.medications.iter().find(|it| it.id.uuid() == medicine.id).unwrap();
        let problem = chart.conditions.iter().max_by_key(|it| it.id).unwrap();
        let sign = chart.observations.iter().max_by_key(|it| it.id).unwrap();
        assert_eq!(
            (problem.encounter, sign.encounter),
            (medicine.about.encounter, problem.encounter)
        );
        medicine.about.encounter
    };
    assert_eq!(record(&app), None);
    let encounter = check_in(&app, patient, "cough").encounter;
    assert_eq!(record(&app), None, "who waits is not seen yet");
    call(&app, api::SeePatient { patient, encounter, seen: None });
    assert_eq!(record(&app), Some(encounter));
    desk.set("2026-11-28T06:00:00Z", 180);
    assert_eq!(record(&app), None, "nobody has seen the patient since yesterday");
}
