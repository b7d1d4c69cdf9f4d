//! What an import leaves as a person decided it, and that it counts what was committed.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use crate::support::files::{MEDICINE, OTHER, PATIENT, chart, codes, import};
use crate::support::{Desk, call, clinic};
use api::{FileIntake, ImportView};
use app::{App, Export, Format};
use clinical::{
    AllergyDraft, Chart, EntryKind, EntryRef, MedicationDraft, MedicationStatus, NoteSectionCode,
    ObservationId, PatientDraft, PatientId, VerificationStatus, VitalsDraft,
};

const ALLERGY: &str = r#"{"resourceType":"AllergyIntolerance","id":"a1","patient":{"reference":"Patient/p1"},"code":{"text":"Penicillin"}}"#;
const WEIGHT: &str = r#"{"resourceType":"Observation","id":"o1","status":"final","code":{"text":"Weight"},"subject":{"reference":"Patient/p1"},"valueQuantity":{"value":70,"unit":"kg"}}"#;

fn withdraw(app: &App<Desk>, patient: PatientId, kind: EntryKind, id: uuid::Uuid) {
    let entry = EntryRef::new(kind, id);
    call(app, api::WithdrawEntry { patient, entry, seen: None, reason: String::new() });
}

#[test]
fn what_a_person_decided_holds_on_a_computer_whose_clock_went_back() {
    let desk = Desk::new();
    let app = clinic(&desk);
    import(&app, &desk, "a.ndjson", &[PATIENT, MEDICINE, ALLERGY, WEIGHT]);
    desk.later(-86_400_000);
    let here = chart(&app);
    let patient = here.patient.unwrap().id;
    let (order, fact) = (here.medications[0].id, here.observations[0].id);
    call(
        &app,
        api::StopMedication { patient, medication: order, seen: None, reason: String::new() },
    );
    withdraw(&app, patient, EntryKind::Allergy, here.allergies[0].id.uuid());
    withdraw(&app, patient, EntryKind::Observation, fact.uuid());
    let before = chart(&app);
    assert_eq!(before.medications[0].order.status, MedicationStatus::Stopped);
    let changed = [
        PATIENT.to_owned(),
        MEDICINE.replace("Metformin", "Metformin XR"),
        ALLERGY.replace("Penicillin", "Amoxicillin"),
        WEIGHT.replace("70", "71"),
    ];
    let lines: Vec<&str> = changed.iter().map(String::as_str).collect();
    for _ in 0..2 {
        let view = import(&app, &desk, "b.ndjson", &lines);
        assert_eq!(codes(&view), ["changed-here"; 3]);
        assert_eq!((view.resources.values().sum::<u64>(), view.left_out), (1, 3));
        let after = chart(&app);
        assert_eq!(after, before, "nothing comes back to life, and the next import asks again");
    }
    let verification = before.allergies[0].verification_status;
    assert_eq!(verification, VerificationStatus::EnteredInError);
}

#[test]
fn a_correction_that_was_marked_as_a_mistake_is_followed_by_none() {
    let desk = Desk::new();
    let app = clinic(&desk);
    import(&app, &desk, "a.ndjson", &[PATIENT, WEIGHT]);
    import(&app, &desk, "b.ndjson", &[PATIENT, &WEIGHT.replace("70", "71")]);
    let here = chart(&app);
    let corrected = here.observations.iter().find(|fact| fact.replaces.is_some()).unwrap();
    withdraw(&app, here.patient.unwrap().id, EntryKind::Observation, corrected.id.uuid());
    let before = chart(&app);
    let view = import(&app, &desk, "c.ndjson", &[PATIENT, &WEIGHT.replace("70", "72")]);
    assert_eq!(codes(&view), ["changed-here"]);
    assert_eq!(chart(&app), before);
}

fn correct(app: &App<Desk>, patient: PatientId, observation: ObservationId, kilos: &str) {
    let values = [("weight".to_owned(), kilos.to_owned())].into();
    let draft = VitalsDraft { values, ..VitalsDraft::default() };
    call(app, api::CorrectVitals { patient, observation, draft });
}

fn weights(chart: &Chart) -> Vec<(String, Option<String>)> {
    let of = |id| chart.observations.iter().find(|fact| fact.id == id).unwrap().value_label();
    let facts = chart.observations.iter();
    let mut all: Vec<_> = facts.map(|fact| (fact.value_label(), fact.replaces.map(of))).collect();
    all.sort();
    all
}

#[test]
fn what_a_person_corrected_is_corrected_by_no_file() {
    let sign = WEIGHT.replace(
        r#""code":{"text":"Weight"}"#,
        r#""category":[{"coding":[{"code":"vital-signs"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"29463-7"}]}"#,
    );
    let desk = Desk::new();
    let app = clinic(&desk);
    import(&app, &desk, "a.ndjson", &[PATIENT, &sign.replace("70", "170")]);
    let here = chart(&app);
    let patient = here.patient.unwrap().id;
    correct(&app, patient, here.observations[0].id, "70");
    let before = chart(&app);
    let right = before.observations.iter().find(|fact| fact.replaces.is_some()).unwrap();
    assert_eq!(right.effective, None, "when it was taken is not known");
    for _ in 0..2 {
        let view = import(&app, &desk, "b.ndjson", &[PATIENT, &sign.replace("70", "71")]);
        assert_eq!(codes(&view), ["changed-here"]);
        assert_eq!(chart(&app), before, "one value is in force, and the next import asks again");
    }
}

#[test]
fn what_files_correct_in_turn_is_one_line() {
    let desk = Desk::new();
    let app = clinic(&desk);
    for kilos in ["70", "71", "72", "71"] {
        import(&app, &desk, "a.ndjson", &[PATIENT, &WEIGHT.replace("70", kilos)]);
    }
    let kilos = |kilos: &str| format!("{kilos}\u{a0}kg");
    let line = [("70", None), ("71", Some("70")), ("71", Some("72")), ("72", Some("71"))];
    let line = line.map(|(is, was)| (kilos(is), was.map(kilos)));
    assert_eq!(weights(&chart(&app)), line, "one is in force");
}

#[test]
fn an_export_of_ours_brings_no_correction_back_as_another() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let draft = PatientDraft { family: "Okello".into(), ..PatientDraft::default() };
    let patient = call(&app, api::RegisterPatient { draft });
    let values = [("weight".to_owned(), "170".to_owned())].into();
    let draft = VitalsDraft { values, ..VitalsDraft::default() };
    call(&app, api::RecordVitals { patient, draft });
    correct(&app, patient, chart(&app).observations[0].id, "70");
    let before = chart(&app);
    for (format, name) in [(Format::Bundle, "out.json"), (Format::Ndjson, "out")] {
        let out = desk.path().join(name);
        let export = Export { format, patient: Some(patient), out: out.clone() };
        app.export(&export, |_, _| {}).unwrap();
        assert_eq!(codes(&app.import(&[out], |_, _| {}).unwrap()), [""; 0]);
        assert_eq!(chart(&app).observations, before.observations);
    }
}

#[test]
fn why_it_was_a_mistake_travels_in_a_file() {
    let (from, to) = (Desk::new(), Desk::new());
    let app = clinic(&from);
    let draft = PatientDraft { family: "Okello".into(), ..PatientDraft::default() };
    let patient = call(&app, api::RegisterPatient { draft });
    let draft = AllergyDraft { substance: "Latex".into(), ..AllergyDraft::default() };
    let entry = call(&app, api::RecordAllergy { patient, draft }).entries[0];
    call(&app, api::WithdrawEntry { patient, entry, seen: None, reason: "it was powder".into() });
    let out = from.path().join("out.json");
    let export = Export { format: Format::Bundle, patient: Some(patient), out: out.clone() };
    app.export(&export, |_, _| {}).unwrap();
    let there = clinic(&to);
    for _ in 0..2 {
        there.import(std::slice::from_ref(&out), |_, _| {}).unwrap();
        let here = chart(&there);
        assert_eq!(here.reason_of(entry).unwrap().text, "it was powder");
        assert_eq!(here.allergies[0].note, None, "a reason is no note of its own");
    }
}

#[test]
fn why_a_note_was_a_mistake_travels_with_its_original() {
    let (from, to) = (Desk::new(), Desk::new());
    let app = clinic(&from);
    let draft = PatientDraft { family: "Okello".into(), ..PatientDraft::default() };
    let patient = call(&app, api::RegisterPatient { draft });
    let draft = call(&app, api::OpenDraft { patient, which: api::WhichDraft::Last }).id;
    let (section, text) = (NoteSectionCode::Plan, "Rest.".to_owned());
    call(&app, api::SaveDraft { draft, section, text, settled: true });
    let note = call(&app, api::SignNote { draft });
    let entry = EntryRef::new(EntryKind::Composition, note.uuid());
    call(&app, api::WithdrawEntry { patient, entry, seen: None, reason: "wrong patient".into() });
    let out = from.path().join("out.json");
    let export = Export { format: Format::Bundle, patient: Some(patient), out: out.clone() };
    app.export(&export, |_, _| {}).unwrap();
    // Here the note has its reason already.
    let before = chart(&app);
    app.import(std::slice::from_ref(&out), |_, _| {}).unwrap();
    assert_eq!(chart(&app).reasons, before.reasons);
    // Elsewhere its original is all there is of it.
    let there = clinic(&to);
    let original = EntryRef::new(EntryKind::Source, entry.id);
    for _ in 0..2 {
        there.import(std::slice::from_ref(&out), |_, _| {}).unwrap();
        assert_eq!(chart(&there).reason_of(original).unwrap().text, "wrong patient");
    }
}

#[test]
fn an_import_changes_its_own_word_whatever_the_clock_says() {
    let desk = Desk::new();
    let app = clinic(&desk);
    import(&app, &desk, "a.ndjson", &[PATIENT, MEDICINE]);
    desk.later(-86_400_000);
    let view =
        import(&app, &desk, "b.ndjson", &[PATIENT, &MEDICINE.replace("Metformin", "Metformin XR")]);
    assert_eq!(codes(&view), [""; 0]);
    assert_eq!(chart(&app).medications[0].order.medication.label(), "Metformin XR");
}

#[test]
fn an_older_export_of_ours_undoes_nothing_that_was_recorded_here() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let draft = PatientDraft { family: "Okello".into(), ..PatientDraft::default() };
    let patient = call(&app, api::RegisterPatient { draft });
    let draft = MedicationDraft { medication: "Metformin".into(), ..MedicationDraft::default() };
    call(&app, api::RecordMedication { patient, draft });
    let draft = AllergyDraft { substance: "Latex".into(), ..AllergyDraft::default() };
    call(&app, api::RecordAllergy { patient, draft });
    let out = desk.path().join("out.json");
    let export = Export { format: Format::Bundle, patient: Some(patient), out: out.clone() };
    app.export(&export, |_, _| {}).unwrap();
    let again = app.import(std::slice::from_ref(&out), |_, _| {}).unwrap();
    assert_eq!(codes(&again), [""; 0], "what says the same is no news");
    let medication = chart(&app).medications[0].id;
    call(&app, api::StopMedication { patient, medication, seen: None, reason: String::new() });
    let text = std::fs::read_to_string(&out).unwrap().replace("Metformin", "Metformin XR");
    std::fs::write(&out, text).unwrap();
    let before = chart(&app);
    let view = app.import(&[out], |_, _| {}).unwrap();
    assert_eq!(codes(&view), ["changed-here"]);
    let mut after = chart(&app);
    after.sources.clone_from(&before.sources);
    after.stamps.clone_from(&before.stamps);
    assert_eq!(after, before);
}

fn intake(view: &ImportView) -> Vec<(&str, u64, u64)> {
    let one = |file: &FileIntake| (file.resources, file.left_out);
    view.by_file.iter().map(|file| (file.file.as_str(), one(file).0, one(file).1)).collect()
}

#[test]
fn what_is_counted_was_committed() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let huge = PATIENT.replace("Okello", &"O".repeat(7 << 20)).replace("p1", "p9");
    let his = MEDICINE.replace("p1", "p9").replace("m1", "m9");
    let view = import(&app, &desk, "large.ndjson", &[&huge, &his]);
    assert_eq!((view.patients, view.left_out), (0, 2), "{:?}", view.by_file);
    assert!(codes(&view).contains(&"too-large"), "{:?}", codes(&view));
    assert_eq!((intake(&view), view.files_empty), (vec![("large.ndjson", 0, 2)], 1));
    assert!(call(&app, api::FindPatients { query: String::new(), limit: 9 }).is_empty());

    let view = import(&app, &desk, "nobody.ndjson", &[MEDICINE, WEIGHT]);
    assert_eq!((intake(&view), view.left_out), (vec![("nobody.ndjson", 0, 2)], 2));

    let view = import(&app, &desk, "a.ndjson", &[PATIENT, MEDICINE]);
    assert_eq!((intake(&view), view.patients), (vec![("a.ndjson", 2, 0)], 1));
    let again = import(&app, &desk, "a.ndjson", &[PATIENT, MEDICINE]);
    assert_eq!(intake(&again), intake(&view), "what is here already is here");

    let view = import(&app, &desk, "other.ndjson", &[OTHER, ALLERGY]);
    assert_eq!((intake(&view), view.patients), (vec![("other.ndjson", 0, 2)], 0));

    let both = [PATIENT, OTHER, ALLERGY].map(|line| line.replace("p1", "p5"));
    let view = import(&app, &desk, "both.ndjson", &both.each_ref().map(String::as_str));
    assert_eq!((intake(&view), view.patients), (vec![("both.ndjson", 2, 1)], 2));
    assert_eq!(codes(&view), ["id-of-several", "patient-ambiguous"]);
}

#[test]
fn what_was_not_written_any_more_is_not_counted() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let paths = [desk.path().join("a.ndjson"), desk.path().join("b.ndjson")];
    let long = "x".repeat(9 << 20);
    let note = format!(
        r#"{{"resourceType":"Basic","id":"n1","subject":{{"reference":"Patient/p1"}},"code":{{"text":"{long}"}}}}"#
    );
    std::fs::write(&paths[0], [PATIENT, &note].join("\n")).unwrap();
    std::fs::write(&paths[1], [MEDICINE, WEIGHT].join("\n")).unwrap();
    let first = std::fs::metadata(&paths[0]).unwrap().len();
    let mut locked = false;
    let lock = |done, _| {
        if done >= first && !std::mem::replace(&mut locked, true) {
            call(&app, api::Lock {});
        }
    };
    let view = app.import(&paths, lock).unwrap();
    assert!(view.failed.is_some(), "{view:?}");
    assert_eq!(intake(&view), [("b.ndjson", 0, 2), ("a.ndjson", 2, 0)]);
}

#[test]
fn a_folder_that_is_not_followed_is_told_and_the_rest_is_taken_in() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let folder = desk.path().join("files");
    let deep = (0..300).fold(folder.join("deep"), |path, _| path.join("d"));
    std::fs::create_dir_all(&deep).unwrap();
    std::fs::write(deep.join("lost.json"), PATIENT).unwrap();
    std::fs::write(folder.join("a.json"), PATIENT).unwrap();
    let view = app.import(&[folder], |_, _| {}).unwrap();
    assert_eq!((view.patients, view.files), (1, (2, 2)));
    assert_eq!(intake(&view), [("d", 0, 0), ("a.json", 1, 0)]);
    assert_eq!(codes(&view), ["unreadable"]);
}

#[test]
fn another_birth_date_under_a_known_id_is_a_correction_and_told() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let check = |patient: &str, told: &[&str], born: &str| {
        let view = import(&app, &desk, "a.ndjson", &[patient]);
        assert_eq!(codes(&view), told, "{patient}");
        let known = chart(&app).patient.unwrap().identity.birth_date.unwrap();
        assert_eq!(known.as_str(), born);
    };
    let corrected = PATIENT.replace("1988-03-14", "1989-03-14");
    check(PATIENT, &[], "1988-03-14");
    check(&corrected, &["identity-corrected"], "1989-03-14");
    check(&corrected, &[], "1989-03-14");
    // A part of what is known contradicts nothing.
    check(&PATIENT.replace("1988-03-14", "1989"), &[], "1989");
}

#[test]
fn who_comes_under_the_id_of_somebody_else_never_takes_the_chart() {
    let person = |rest: &str| format!(r#"{{"resourceType":"Patient","id":"p1"{rest}}}"#);
    let numbered = |rest: &str, number: &str| {
        person(&format!(r#"{rest},"identifier":[{{{number}"value":"7"}}]"#))
    };
    let rose =
        r#","name":[{"family":"Akello","given":["Rose"]}],"gender":"female","birthDate":"1980""#;
    let kurt =
        r#","name":[{"family":"Schmidt","given":["Kurt"]}],"gender":"male","birthDate":"1955""#;
    let nameless = r#","gender":"male","birthDate":"1955""#;
    let known = r#""system":"urn:ssn","#;
    let check = |first: &str, second: &str| {
        for (first, second) in [(first, second), (second, first)] {
            let desk = Desk::new();
            let app = clinic(&desk);
            import(&app, &desk, "a.ndjson", &[first, ALLERGY]);
            let before = chart(&app);
            let view = import(&app, &desk, "b.ndjson", &[second, MEDICINE]);
            assert!(codes(&view).contains(&"somebody-else"), "{first} {second} {view:?}");
            assert_eq!(chart(&app), before, "{first} {second}");
        }
    };
    check(&numbered(rose, ""), &numbered(kurt, ""));
    check(&numbered(rose, known), &numbered(kurt, known));
    check(&person(rose), &person(nameless));
    check(&numbered(rose, known), &numbered(nameless, known));
}

#[test]
fn a_name_a_birth_date_and_a_sex_that_a_file_does_not_say_stay() {
    let desk = Desk::new();
    let app = clinic(&desk);
    import(&app, &desk, "a.ndjson", &[PATIENT]);
    let before = chart(&app).patient.unwrap();
    let less = r#"{"resourceType":"Patient","id":"p1","telecom":[{"value":"1"}]}"#;
    import(&app, &desk, "b.ndjson", &[less]);
    let after = chart(&app).patient.unwrap();
    assert_eq!((after.telecom.len(), after.identity), (1, before.identity));
}
