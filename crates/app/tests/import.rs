//! FHIR files come in: again, changed, out of order, of somebody else.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use crate::support;
use crate::support::files::{MEDICINE, OTHER, PATIENT, chart, codes, import};
use crate::support::{Desk, call, clinic};
use api::ImportView;
use app::{Export, Format};
use clinical::{MedicationDraft, MedicationId, PatientId};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn weight(value: &str) -> String {
    format!(
        r#"{{"resourceType":"Observation","id":"o1","status":"final","code":{{"text":"Weight"}},"subject":{{"reference":"Patient/p1"}},"valueQuantity":{{"value":{value},"unit":"kg"}}}}"#
    )
}

#[test]
fn the_same_file_again_changes_nothing_a_person_has_changed() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let doctor = r#"{"resourceType":"Practitioner","id":"d1","name":[{"family":"Reyes"}]}"#;
    let file = [PATIENT, MEDICINE, &weight("70.0"), doctor];
    let lines: Vec<&str> = file.iter().map(AsRef::as_ref).collect();
    let first = import(&app, &desk, "a.ndjson", &lines);
    assert!(first.findings.is_empty() && first.already.is_empty(), "{first:?}");
    let medication: MedicationId = chart(&app).medications[0].id;
    let patient: PatientId = chart(&app).patient.unwrap().id;
    let draft = MedicationDraft { dose: "850".into(), unit: "mg".into(), ..Default::default() };
    call(&app, api::ChangeDosage { patient, medication, seen: None, draft });
    let before = chart(&app);
    let again = import(&app, &desk, "a.ndjson", &lines);
    assert!(again.findings.is_empty(), "{again:?}");
    assert_eq!(chart(&app), before);
    assert_eq!(first.resources.len(), 4, "{first:?}");
    assert_eq!([&again.resources, &again.already], [&first.resources; 2], "none of it is new");
}

#[test]
fn another_file_undoes_nothing_a_person_has_changed_and_says_so() {
    let desk = Desk::new();
    let app = clinic(&desk);
    import(&app, &desk, "a.ndjson", &[PATIENT, MEDICINE]);
    let renamed = MEDICINE.replace("Metformin", "Metformin XR");
    assert_eq!(codes(&import(&app, &desk, "b.ndjson", &[PATIENT, &renamed])), [""; 0]);
    let order = chart(&app).medications[0].clone();
    assert_eq!(order.order.medication.label(), "Metformin XR", "nobody had changed it here");
    let patient: PatientId = chart(&app).patient.unwrap().id;
    call(
        &app,
        api::StopMedication { patient, medication: order.id, seen: None, reason: String::new() },
    );
    let before = chart(&app);
    for _ in 0..2 {
        let view = import(&app, &desk, "c.ndjson", &[PATIENT, MEDICINE]);
        assert_eq!(codes(&view), ["changed-here"]);
        assert_eq!(chart(&app), before, "it stays stopped, and the next import asks again");
    }
}

#[test]
fn a_fact_that_comes_differently_replaces_and_the_first_stands() {
    let desk = Desk::new();
    let app = clinic(&desk);
    import(&app, &desk, "a.ndjson", &[PATIENT, &weight("70.0")]);
    for already in [1, 2] {
        let view = import(&app, &desk, "b.ndjson", &[PATIENT, &weight("71.50")]);
        assert_eq!(view.already.values().sum::<u64>(), already, "{view:?}");
        let facts = chart(&app).observations;
        assert_eq!(facts.len(), 2, "once corrected, the same correction is no news");
        let first = facts.iter().find(|fact| fact.replaces.is_none()).unwrap();
        let second = facts.iter().find(|fact| fact.replaces.is_some()).unwrap();
        assert_eq!(first.value_label(), "70.0\u{a0}kg");
        assert_eq!(
            (second.value_label().as_str(), second.replaces),
            ("71.50\u{a0}kg", Some(first.id))
        );
    }
}

/// What is shown goes by what became of each resource: its type alone does not tell.
#[test]
fn what_is_kept_and_no_view_shows_is_told_by_its_type() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let about = r#""subject":{"reference":"Patient/p1"}"#;
    let goal = format!(
        r#"{{"resourceType":"Goal","id":"g1",{about},"lifecycleStatus":"active","description":{{"text":"Walk"}}}}"#
    );
    let modified = weight("71.50").replace(
        r#""id":"o1""#,
        r#""id":"o2","modifierExtension":[{"url":"http://example.org/not","valueBoolean":true}]"#,
    );
    assert_ne!(modified, weight("71.50"));
    let lines = [PATIENT, MEDICINE, &weight("70.0"), &modified, &goal];
    let view = import(&app, &desk, "a.ndjson", &lines);
    assert_eq!(view.resources["Observation"], 2, "{view:?}");
    let unseen = [("Goal".to_owned(), 1), ("Observation".to_owned(), 1)];
    assert_eq!(view.not_shown, unseen.into());
    assert_eq!(chart(&app).observations.len(), 1);
}

#[test]
fn entries_of_nobody_are_kept_and_told_and_join_their_patient_who_comes_later() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let view = import(&app, &desk, "a.ndjson", &[MEDICINE]);
    assert!(codes(&view).contains(&"patient-missing"), "{:?}", codes(&view));
    let out = desk.path().join("out");
    let everything = |out: &Path| Export { format: Format::Ndjson, patient: None, out: out.into() };
    app.export(&everything(&out), |_, _| {}).unwrap();
    let kept = std::fs::read_to_string(out.join("MedicationRequest.ndjson")).unwrap();
    assert!(kept.contains("Metformin"), "{kept}");
    let view = import(&app, &desk, "b.ndjson", &[MEDICINE, PATIENT]);
    assert_eq!(codes(&view), [""; 0]);
    assert_eq!(chart(&app).medications.len(), 1);
}

#[test]
fn an_id_that_is_another_persons_touches_no_chart() {
    let desk = Desk::new();
    let app = clinic(&desk);
    import(&app, &desk, "a.ndjson", &[PATIENT]);
    let before = chart(&app);
    let view = import(&app, &desk, "b.ndjson", &[OTHER, MEDICINE]);
    assert_eq!(codes(&view), ["somebody-else"]);
    assert_eq!(chart(&app), before);
    // What comes in a later transaction of the same import is the other person's all the same.
    let long = "x".repeat(9 << 20);
    let note = format!(
        r#"{{"resourceType":"Basic","id":"n1","subject":{{"reference":"Patient/p1"}},"code":{{"text":"{long}"}}}}"#
    );
    let view = import(&app, &desk, "c.ndjson", &[OTHER, &note, MEDICINE]);
    assert_eq!(codes(&view), ["string-long", "somebody-else"]);
    assert_eq!(chart(&app), before);
}

#[test]
fn an_import_stops_when_the_window_is_locked_and_goes_on_when_it_is_asked_again() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let paths = [desk.path().join("a.ndjson"), desk.path().join("b.ndjson")];
    // The first is enough for a batch by itself.
    let long = "x".repeat(9 << 20);
    let note = format!(
        r#"{{"resourceType":"Basic","id":"n1","subject":{{"reference":"Patient/p1"}},"code":{{"text":"{long}"}}}}"#
    );
    std::fs::write(&paths[0], [PATIENT, &note].join("\n")).unwrap();
    std::fs::write(&paths[1], [MEDICINE, &weight("70.0")].join("\n")).unwrap();
    let mut locked = false;
    let first = std::fs::metadata(&paths[0]).unwrap().len();
    let view = app
        .import(&paths, |done, _| {
            if done >= first && !std::mem::replace(&mut locked, true) {
                call(&app, api::Lock {});
            }
        })
        .unwrap();
    assert!(locked && !view.running, "{view:?}");
    let failed = view.failed.unwrap();
    assert_eq!(failed.code, api::ErrorCode::SignedOut);
    assert!(failed.detail.contains("import the same files again"), "{failed}");

    let (user_name, password) = ("ana".into(), support::PASSWORD.into());
    call(&app, api::SignIn { user_name, password });
    assert_eq!(chart(&app).medications.len(), 0, "what came before the lock is here");
    let again = app.import(&paths, |_, _| {}).unwrap();
    assert_eq!((again.failed, again.running), (None, false));
    let here = chart(&app);
    assert_eq!((here.medications.len(), here.observations.len()), (1, 1));
    app.import(&paths, |_, _| {}).unwrap();
    assert_eq!(chart(&app), here);
}

#[test]
fn an_import_that_panics_has_ended_and_the_next_one_runs() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let path = desk.path().join("a.ndjson");
    std::fs::write(&path, PATIENT).unwrap();
    let view = app.import(std::slice::from_ref(&path), |_, _| panic!("a fault")).unwrap();
    assert!(!view.running);
    assert_eq!(view.failed.unwrap().code, api::ErrorCode::Internal);
    let again = app.import(&[path], |_, _| {}).unwrap();
    assert_eq!((again.failed, again.patients), (None, 1));
}

#[test]
fn of_the_clinics_own_resources_the_newest_stays_whichever_file_comes_last() {
    let (old, new) = ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z");
    let same = "2026-02-01T00:00:00+00:00";
    // When the first of two files was changed and when the second, and which stays.
    let cases =
        [(old, new, 2), (new, old, 1), (new, "", 2), ("", old, 2), (new, same, 2)].into_iter();
    let doctor = |at: usize, file: u8, updated: &str| {
        let meta = format!(r#","meta":{{"lastUpdated":"{updated}"}}"#);
        let meta = if updated.is_empty() { "" } else { meta.as_str() };
        format!(
            r#"{{"resourceType":"Practitioner","id":"d{at}"{meta},"name":[{{"family":"{at}-{file}"}}]}}"#
        )
    };
    let files = [1, 2].map(|file| {
        let updated = |(first, second)| if file == 1 { first } else { second };
        let doctors = cases.clone().enumerate();
        let lines =
            doctors.map(|(at, (first, second, _))| doctor(at, file, updated((first, second))));
        lines.collect::<Vec<_>>().join("\n")
    });
    // One after the other, and both in one import.
    for of_one_import in [false, true] {
        let desk = Desk::new();
        let app = clinic(&desk);
        let paths = ["a.ndjson", "b.ndjson"].map(|name| desk.path().join(name));
        for (path, text) in paths.iter().zip(&files) {
            std::fs::write(path, text).unwrap();
        }
        let imports: Vec<&[PathBuf]> =
            if of_one_import { vec![&paths] } else { paths.chunks(1).collect() };
        let views: Vec<ImportView> =
            imports.iter().map(|paths| app.import(paths, |_, _| {}).unwrap()).collect();
        let told: Vec<&str> = views.iter().flat_map(codes).collect();
        let taken: u64 = views.iter().map(|view| view.resources["Practitioner"]).sum();
        assert_eq!((told, taken), (vec!["version-older"], 9));
        assert!(views.iter().all(|view| view.not_shown == view.resources), "{views:?}");
        let by_file = views.iter().flat_map(|view| &view.by_file);
        let by_file: BTreeMap<&str, u64> =
            by_file.map(|file| (file.file.as_str(), file.resources)).collect();
        assert_eq!(by_file, [("a.ndjson", 5), ("b.ndjson", 4)].into());
        let out = desk.path().join("out");
        let all = Export { format: Format::Ndjson, patient: None, out: out.clone() };
        app.export(&all, |_, _| {}).unwrap();
        let kept = std::fs::read_to_string(out.join("Practitioner.ndjson")).unwrap();
        for (at, (first, second, stays)) in cases.clone().enumerate() {
            for file in [1, 2] {
                let is_kept = kept.contains(&format!(r#""{at}-{file}""#));
                assert_eq!(is_kept, file == stays, "{of_one_import} {first} {second}: {kept}");
            }
        }
    }
}
