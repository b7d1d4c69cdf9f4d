//! What ends, what was a mistake and what is corrected stays in the chart, with who said so and why.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::support;
use crate::support::{Desk, call, clinic, refused, signed_in};
use api::{ChartView, ErrorCode, OpenChart, Recorded};
use app::App;
use clinical::*;

fn begun() -> (Desk, App<Desk>, PatientId) {
    let desk = Desk::new();
    let app = clinic(&desk);
    desk.set("2026-11-24T21:30:00Z", 180);
    let draft = PatientDraft { family: "Okello".into(), ..PatientDraft::default() };
    let patient = call(&app, api::RegisterPatient { draft });
    (desk, app, patient)
}

fn view(app: &App<Desk>, patient: PatientId) -> ChartView {
    call(app, OpenChart { patient })
}

fn weighing(kilos: &str) -> VitalsDraft {
    let values = [("weight".to_owned(), kilos.to_owned())].into();
    VitalsDraft { values, ..VitalsDraft::default() }
}

fn observation(recorded: &Recorded) -> ObservationId {
    ObservationId::from_uuid(recorded.entries[0].id)
}

#[test]
fn a_vital_sign_is_corrected_and_both_stay_readable() {
    let (desk, app, patient) = begun();
    let recorded = call(&app, api::RecordVitals { patient, draft: weighing("170") });
    let wrong = observation(&recorded);
    desk.later(60 * 60 * 1000);
    let correct = |observation, draft| api::CorrectVitals { patient, observation, draft };
    let height: VitalsDraft = VitalsDraft {
        values: [("height".to_owned(), "170".to_owned())].into(),
        ..VitalsDraft::default()
    };
    assert_eq!(refused(&app, correct(wrong, height)), ErrorCode::Invalid, "another sign");
    let right = observation(&call(&app, correct(wrong, weighing("70"))));
    assert_eq!(refused(&app, correct(wrong, weighing("71"))), ErrorCode::Invalid, "once");
    let chart = view(&app, patient).chart;
    let of = |id| chart.observations.iter().find(|one| one.id == id).unwrap();
    assert_eq!(of(right).replaces, Some(wrong));
    let statuses = (of(wrong).status, of(right).status);
    assert_eq!(statuses, (ObservationStatus::Final, ObservationStatus::Corrected));
    assert_eq!(of(right).effective, of(wrong).effective, "it was taken when it was taken");
    assert_eq!(of(right).effective.as_ref().unwrap().as_str(), "2026-11-25T00:30:00+03:00");
    let entry = EntryRef::new(EntryKind::Observation, right.uuid());
    let past = call(&app, api::GetHistory { patient, entry });
    assert_eq!(past.len(), 2);
    assert!(past[0].value.contains("\"70\"") && past[1].value.contains("\"170\""), "{past:?}");
}

#[test]
fn a_mistake_stays_with_its_reason() {
    let (desk, app, patient) = begun();
    let recorded = call(&app, api::RecordVitals { patient, draft: weighing("170") });
    let draft = call(&app, api::OpenDraft { patient, which: api::WhichDraft::Last }).id;
    let (section, text) = (NoteSectionCode::Plan, "Rest.".to_owned());
    call(&app, api::SaveDraft { draft, section, text, settled: true });
    let note = call(&app, api::SignNote { draft });
    let note = EntryRef::new(EntryKind::Composition, note.uuid());
    let long = "x".repeat(501);
    for (entry, reason) in [(recorded.entries[0], "wrong patient"), (note, "wrong visit")] {
        let withdraw =
            |reason: &str| api::WithdrawEntry { patient, entry, seen: None, reason: reason.into() };
        assert_eq!(refused(&app, withdraw(&long)), ErrorCode::Invalid);
        call(&app, withdraw(reason));
        let past = call(&app, api::GetHistory { patient, entry });
        let fields: Vec<_> = past.iter().map(|item| item.field.as_str()).collect();
        assert_eq!(fields, ["reason", "withdrawn", "value"], "newest first");
        assert_eq!(past[0].author, "Dr Ana Reyes");
    }
    let before = view(&app, patient).chart;
    assert_eq!((before.observations.len(), before.compositions.len()), (1, 1), "nothing goes");
    let reasons: Vec<_> = before.reasons.iter().map(|one| one.text.as_str()).collect();
    assert_eq!(reasons, ["wrong patient", "wrong visit"]);
    let wrong = observation(&recorded);
    let again = api::CorrectVitals { patient, observation: wrong, draft: weighing("71") };
    assert_eq!(refused(&app, again), ErrorCode::Invalid);
    drop(app);
    let app = signed_in(&desk, "ana");
    assert_eq!(view(&app, patient).chart, before);
    app.rebuild(|_, _| {}).unwrap();
    assert_eq!(view(&app, patient).chart, before, "a rebuild changes nothing");
}

#[test]
fn a_medicine_is_stopped_with_a_reason() {
    let (_, app, patient) = begun();
    let draft = MedicationDraft { medication: "zinc".into(), ..MedicationDraft::default() };
    let entry = call(&app, api::RecordMedication { patient, draft }).entries[0];
    let medication = MedicationId::from_uuid(entry.id);
    call(
        &app,
        api::StopMedication { patient, medication, seen: None, reason: " vomiting ".into() },
    );
    let chart = view(&app, patient).chart;
    assert_eq!(chart.medications[0].order.status, MedicationStatus::Stopped);
    assert_eq!(chart.reason_of(entry).unwrap().text, "vomiting");
    assert!(chart.withdrawn.is_empty());
}

/// The line that is renewed is over, and the new one is the same order of today.
#[test]
fn a_medicine_is_renewed_and_the_renewal_taken_back() {
    let (desk, app, patient) = begun();
    let draft = MedicationDraft {
        medication: "zinc".into(),
        strength: "20 mg".into(),
        form: "tablet".into(),
        dose: "20".into(),
        unit: "mg".into(),
        frequency: "1".into(),
        quantity: "10".into(),
        repeats: "2".into(),
        reason: "diarrhoea".into(),
        note: "with food".into(),
        ..MedicationDraft::default()
    };
    let entry = call(&app, api::RecordMedication { patient, draft }).entries[0];
    let medication = MedicationId::from_uuid(entry.id);
    let renew = |note: &str| {
        let seen = Some(view(&app, patient).heads);
        api::RenewMedication { patient, medication, seen, note: note.into() }
    };
    desk.later(24 * 60 * 60 * 1000);
    let renewed = call(&app, renew(" with food "));
    assert_eq!(renewed.advice, [], "one line of zinc is in force");
    let lines = || {
        let chart = view(&app, patient).chart;
        let of = |is_new: bool| {
            let mut all = chart.medications.iter();
            all.find(|one| (one.id != medication) == is_new).unwrap().clone()
        };
        (of(false), of(true))
    };
    let (old, new) = lines();
    assert_eq!(old.order.status, MedicationStatus::Completed);
    let order = MedicationOrder { status: MedicationStatus::Active, ..old.order.clone() };
    assert_eq!(new.order, order);
    let about = &new.about;
    assert_eq!((about.prior, &about.reason), (Some(medication), &old.about.reason));
    assert_eq!(about.note.as_deref(), Some("with food"));
    assert_eq!(about.authored_on.as_ref().unwrap().as_str(), "2026-11-26");
    assert_eq!(old.about.authored_on.as_ref().unwrap().as_str(), "2026-11-25");
    assert_eq!(refused(&app, renew("")), ErrorCode::Invalid, "it is over");
    // Taken back, the line it renewed is taken as before.
    let undo = |of: MedicationId| {
        let entry = EntryRef::new(EntryKind::Medication, of.uuid());
        call(&app, api::WithdrawEntry { patient, entry, seen: None, reason: "slip".into() });
    };
    undo(new.id);
    let chart = view(&app, patient).chart;
    let status = |id| chart.medications.iter().find(|one| one.id == id).unwrap().order.status;
    let both = (status(medication), status(new.id));
    assert_eq!(both, (MedicationStatus::Active, MedicationStatus::EnteredInError));
    // One that ended otherwise since stays ended.
    let again = call(&app, renew(""));
    let again = again.entries.iter().find(|one| one.id != medication.uuid()).unwrap().id;
    let mistake = api::WithdrawEntry { patient, entry, seen: None, reason: String::new() };
    call(&app, mistake);
    undo(MedicationId::from_uuid(again));
    let chart = view(&app, patient).chart;
    assert!(chart.medications.iter().all(|one| !one.order.holds()), "{:?}", chart.medications);
}

#[test]
fn only_an_active_medicine_is_renewed() {
    let (_, app, patient) = begun();
    let draft = MedicationDraft { medication: "zinc".into(), ..MedicationDraft::default() };
    let entry = call(&app, api::RecordMedication { patient, draft }).entries[0];
    let medication = MedicationId::from_uuid(entry.id);
    let renew = || api::RenewMedication { patient, medication, seen: None, note: String::new() };
    let stop = api::StopMedication { patient, medication, seen: None, reason: String::new() };
    call(&app, stop);
    assert_eq!(refused(&app, renew()), ErrorCode::Invalid);
    let medication = MedicationId::from_uuid(uuid_v7(1, [9; 10]));
    let nowhere = api::RenewMedication { patient, medication, seen: None, note: String::new() };
    assert_eq!(refused(&app, nowhere), ErrorCode::NotFound);
}

#[test]
fn a_problem_ends_and_a_visit_begins_and_ends() {
    let (desk, app, patient) = begun();
    let draft = ConditionDraft {
        problem: "Malaria".into(),
        onset: "2026-11-20".into(),
        ..ConditionDraft::default()
    };
    let entry = call(&app, api::RecordCondition { patient, draft }).entries[0];
    let condition = ConditionId::from_uuid(entry.id);
    let end = |end: &str| api::EndCondition { patient, condition, seen: None, end: end.into() };
    assert_eq!(refused(&app, end("2026-11-19")), ErrorCode::Invalid, "before it began");
    call(&app, end(""));
    assert_eq!(refused(&app, end("")), ErrorCode::Invalid, "it is over");
    let draft = EncounterDraft { reason: "fever".into(), ..EncounterDraft::default() };
    let visit = call(&app, api::BeginEncounter { patient, draft }).entries[0];
    let encounter = EncounterId::from_uuid(visit.id);
    desk.later(60 * 60 * 1000);
    call(&app, api::EndEncounter { patient, encounter, seen: None });
    assert_eq!(
        refused(&app, api::EndEncounter { patient, encounter, seen: None }),
        ErrorCode::Invalid
    );
    let chart = view(&app, patient).chart;
    let ended = &chart.conditions[0];
    assert_eq!(ended.clinical_status, Some(ConditionClinicalStatus::Resolved));
    assert_eq!(ended.abatement.as_ref().unwrap().as_str(), "2026-11-25", "by the local day");
    let visit = &chart.encounters[0];
    let day = |date: &Option<PartialDate>| date.clone().map(String::from).unwrap_or_default();
    assert_eq!(day(&visit.start), "2026-11-25T00:30:00+03:00");
    assert_eq!(day(&visit.end), "2026-11-25T01:30:00+03:00");
    assert_eq!(visit.status, EncounterStatus::Finished);
}

#[test]
fn that_there_are_no_allergies_is_refused_while_one_is_in_force() {
    let (_, app, patient) = begun();
    let none = AllergyDraft { no_known_allergies: true, ..AllergyDraft::default() };
    let latex = AllergyDraft { substance: "latex".into(), ..AllergyDraft::default() };
    let record = |draft: &AllergyDraft| api::RecordAllergy { patient, draft: draft.clone() };
    let entry = call(&app, record(&latex)).entries[0];
    assert_eq!(refused(&app, record(&none)), ErrorCode::Invalid);
    let worded = |text: &str| AllergyDraft { substance: text.into(), ..AllergyDraft::default() };
    assert_eq!(refused(&app, record(&worded("NKDA"))), ErrorCode::Invalid, "latex may be one");
    // That is an allergy, and nobody's denial.
    let excepted = call(&app, record(&worded("NKDA except penicillin"))).entries[0];
    let reason = "for the test".to_owned();
    call(&app, api::WithdrawEntry { patient, entry: excepted, seen: None, reason });
    call(&app, api::WithdrawEntry { patient, entry, seen: None, reason: "it was powder".into() });
    // To deny drugs beside an egg is no contradiction.
    let egg = AllergyDraft { category: Some(AllergyCategory::Food), ..worded("egg") };
    let entry = call(&app, record(&egg)).entries[0];
    call(&app, record(&worded("NKDA")));
    assert_eq!(refused(&app, record(&none)), ErrorCode::Invalid);
    call(&app, api::WithdrawEntry { patient, entry, seen: None, reason: "for the test".into() });
    call(&app, record(&none));
    assert_eq!(view(&app, patient).allergy_state(), AllergyState::NoneKnown);
    // The other way round the allergy counts, and the rules say that both cannot be.
    let advice = call(&app, record(&latex)).advice;
    assert!(advice.iter().any(|issue| issue.rule == "allergy-contradiction"), "{advice:?}");
    assert_eq!(view(&app, patient).allergy_state(), AllergyState::Known);
}

#[test]
fn a_signed_note_names_who_else_wrote_it() {
    let (desk, app, patient) = begun();
    let add = api::AddPerson {
        user_name: "ben".into(),
        name: "Nurse Ben".into(),
        role: Role::Clinician,
        password: support::PASSWORD.into(),
    };
    let ben = call(&app, add);
    let opened = call(&app, api::OpenDraft { patient, which: api::WhichDraft::Last });
    drop(app);
    let write = |app: &App<Desk>, section, text: &str| {
        let draft = call(app, api::OpenDraft { patient, which: api::WhichDraft::Last }).id;
        call(app, api::SaveDraft { draft, section, text: text.into(), settled: true });
        draft
    };
    let app = signed_in(&desk, "ben");
    let begun = write(&app, NoteSectionCode::Subjective, "Cough.");
    assert_ne!(begun, opened.id, "what another opened and left empty was not begun by Ben");
    let type_in = |app: &App<Desk>, text: &str| {
        let (section, text) = (NoteSectionCode::Subjective, text.to_owned());
        call(app, api::SaveDraft { draft: begun, section, text, settled: false });
    };
    type_in(&app, "");
    drop(app);
    let app = signed_in(&desk, "ana");
    let open = call(&app, api::OpenDraft { patient, which: api::WhichDraft::Last });
    assert_eq!(open.id, begun, "deleted and not settled, its words are still in the record");
    type_in(&app, "Cough.");
    let draft = write(&app, NoteSectionCode::Plan, "Rest.");
    let open = call(&app, api::OpenDraft { patient, which: api::WhichDraft::Last });
    assert_eq!(open.authors[&NoteSectionCode::Subjective], [ben]);
    assert_eq!(open.names.values().collect::<Vec<_>>(), ["Dr Ana Reyes", "Nurse Ben"]);
    call(&app, api::SignNote { draft });
    let note = &view(&app, patient).chart.compositions[0];
    assert_eq!(note.contributors, [ben]);
}

#[test]
fn a_visit_that_was_a_mistake_is_not_ended() {
    let (_, app, patient) = begun();
    let draft = EncounterDraft { reason: "fever".into(), ..EncounterDraft::default() };
    let entry = call(&app, api::BeginEncounter { patient, draft }).entries[0];
    let reason = "wrong patient".into();
    call(&app, api::WithdrawEntry { patient, entry, seen: None, reason });
    let encounter = EncounterId::from_uuid(entry.id);
    let end = api::EndEncounter { patient, encounter, seen: None };
    assert_eq!(refused(&app, end), ErrorCode::Invalid);
}
