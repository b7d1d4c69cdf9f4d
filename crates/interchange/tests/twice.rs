//! A name that stands twice in an object: neither value is taken, and nothing is lost.

use crate::support::{chart_of, merged, sender};
use clinical::{Chart, Instant, MedicationStatus, ObservationValue};
use interchange::{Export, Intake, Options, PatientIntake, canonical, read_bytes};

const PATIENT: &str = r#"{"resourceType":"Patient","id":"p1","name":[{"family":"Okello","given":["Amina"]}],"birthDate":"1988"}"#;

/// A patient with one entry; `members` are written into it.
fn with(resource_type: &str, members: &str) -> Intake {
    let entry = format!(
        r#"{{"resourceType":"{resource_type}","id":"e1","subject":{{"reference":"Patient/p1"}},{members}}}"#
    );
    let text = format!("{PATIENT}\n{entry}\n");
    merged(read_bytes("a.ndjson", text.as_bytes(), &Options::default()))
}

fn patient(intake: &Intake) -> &PatientIntake {
    intake.patients.iter().find(|patient| patient.patient.is_some()).expect("a patient")
}

fn codes(intake: &Intake) -> Vec<&str> {
    intake.remarks().map(|finding| finding.code.as_str()).collect()
}

#[test]
fn a_dose_that_stands_twice_is_words_and_never_one_of_the_two() {
    let order = |dosage: &str| {
        with(
            "MedicationRequest",
            &format!(
                r#""status":"active","intent":"order","medicationCodeableConcept":{{"text":"Warfarin"}},{dosage}"#
            ),
        )
    };
    let check = |dosage: &str, want: &str| {
        let intake = order(dosage);
        assert_eq!(codes(&intake), ["json-duplicate-key"], "{dosage}");
        let medication = &patient(&intake).medications[0];
        let label: Vec<String> = medication.order.dosage.iter().map(|d| d.label()).collect();
        assert_eq!(label, [want], "{dosage}");
        for dosage in &medication.order.dosage {
            assert!(dosage.dose.is_none() && dosage.timing.is_none(), "{dosage:?}");
        }
    };
    let dose = |quantity: &str, rest: &str| {
        format!(r#""dosageInstruction":[{{"doseAndRate":[{{"doseQuantity":{quantity}}}]{rest}}}]"#)
    };
    let daily = r#","timing":{"repeat":{"frequency":1,"period":1,"periodUnit":"d"}}"#;
    check(
        &dose(r#"{"value":5,"value":50,"unit":"mg"}"#, daily),
        "dose unclear: value 5 or 50 as written in the file",
    );
    check(
        &dose(r#"{"value":5,"unit":"mg","unit":"g"}"#, r#","text":"at night""#),
        "dose unclear: unit \"mg\" or \"g\" as written in the file; at night",
    );
    check(
        &dose(
            r#"{"value":5,"unit":"mg"}"#,
            r#","timing":{"repeat":{"frequency":1,"frequency":4,"period":1,"periodUnit":"d"}}"#,
        ),
        "dose unclear: frequency 1 or 4 as written in the file",
    );
    check(
        r#""dosageInstruction":[{"text":"one"}],"dosageInstruction":[{"text":"two"}]"#,
        "dose unclear: dosageInstruction in two ways as written in the file",
    );
}

#[test]
fn a_value_that_stands_twice_is_words_and_a_code_none() {
    let check = |members: &str, want: &str| {
        let members = format!(r#""code":{{"text":"Potassium"}},{members}"#);
        let intake = with("Observation", &members);
        assert_eq!(codes(&intake)[0], "json-duplicate-key", "{members}");
        assert_eq!(patient(&intake).observations[0].value_label(), want, "{members}");
    };
    let words = |twice: &str| format!("value unclear: {twice} as written in the file");
    check(r#""status":"final","valueQuantity":{"value":3,"value":6}"#, &words("value 3 or 6"));
    check(
        r#""status":"final","valueQuantity":{"value":3,"comparator":"<","comparator":">"}"#,
        &words("comparator \"<\" or \">\""),
    );
    check(
        r#""status":"final","valueQuantity":{"value":3},"valueQuantity":{"value":6}"#,
        &words("valueQuantity in two ways"),
    );
    let stopped = with(
        "MedicationRequest",
        r#""status":"active","status":"stopped","intent":"order","medicationCodeableConcept":{"text":"A"}"#,
    );
    assert_eq!(patient(&stopped).medications[0].order.status, MedicationStatus::Unknown);
    let text =
        PATIENT.replace("\"birthDate\":\"1988\"", "\"birthDate\":\"1988\",\"birthDate\":\"1899\"");
    let born = read_bytes("a.json", text.as_bytes(), &Options::default());
    assert_eq!(patient(&born).patient.as_ref().unwrap().identity.birth_date, None);
}

#[test]
fn of_a_substance_or_medicine_that_stands_twice_both_names_are_taken() {
    let check = |code: &str, want: &str, names: &[&str]| {
        let allergy = with("AllergyIntolerance", &code.replace("CODE", "code"));
        let allergy = patient(&allergy).allergies[0].code.clone();
        let medicine = code.replace("CODE", "medicationCodeableConcept");
        let medicine = with("MedicationRequest", &format!(r#""status":"active",{medicine}"#));
        let medicine = patient(&medicine).medications[0].order.medication.clone();
        for (concept, what) in [(allergy, "substance"), (medicine, "medicine")] {
            let written = format!("{what} unclear: {want} as written in the file");
            assert_eq!(concept.label(), written, "{code}");
            let bare = concept.coding.iter().filter(|one| one.code.is_empty());
            let bare: Vec<_> = bare.filter_map(|one| one.display.as_deref()).collect();
            assert_eq!(bare, names, "{code}");
        }
    };
    let names = ["penicillin", "latex"];
    check(r#""CODE":{"text":"penicillin"},"CODE":{"text":"latex"}"#, "penicillin or latex", &names);
    check(r#""CODE":{"text":"penicillin","text":"latex"}"#, "penicillin or latex", &names);
    check(
        r#""CODE":{"coding":[{"code":"1","display":"penicillin"}],"coding":[{"code":"2","display":"latex"}]}"#,
        "penicillin or latex",
        &names,
    );
    let same = with("AllergyIntolerance", r#""code":{"text":"latex"},"code":{"text":"latex"}"#);
    assert_eq!(patient(&same).allergies.len(), 1);
}

#[test]
fn what_forbids_is_heeded_though_it_stands_twice() {
    let order = r#""status":"active","intent":"order","medicationCodeableConcept":{"text":"A"}"#;
    let plain = with("MedicationRequest", order);
    assert_eq!(patient(&plain).medications.len(), 1, "nothing forbids it by itself");
    for (one, other) in [
        (r#""doNotPerform":true"#, r#""doNotPerform":false"#),
        (r#""implicitRules":"urn:a""#, r#""implicitRules":null"#),
        (r#""modifierExtension":[{"url":"urn:x"}]"#, r#""modifierExtension":[]"#),
    ] {
        // Whether the first or the last is taken is for no reader to say.
        for twice in [format!("{one},{other}"), format!("{other},{one}")] {
            let intake = with("MedicationRequest", &format!("{order},{twice}"));
            assert!(patient(&intake).medications.is_empty(), "{twice}: {:?}", codes(&intake));
            assert_eq!(patient(&intake).sources.len(), 2, "{twice}");
        }
    }
}

#[test]
fn whose_it_is_is_not_guessed_from_one_of_two() {
    for twice in [
        r#""subject":{"reference":"Patient/p1"},"subject":{"reference":"Patient/p2"}"#,
        r#""subject":{"reference":"Patient/p1","reference":"Patient/p2"}"#,
    ] {
        let entry = format!(
            r#"{{"resourceType":"Condition","id":"c1","code":{{"text":"Asthma"}},{twice}}}"#
        );
        let bundle = format!(
            r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"resource":{PATIENT}}},{{"resource":{entry}}}]}}"#
        );
        let intake = read_bytes("a.json", bundle.as_bytes(), &Options::default());
        assert!(patient(&intake).conditions.is_empty(), "{twice}");
        assert_eq!(codes(&intake)[..2], ["json-duplicate-key", "patient-ambiguous"], "{twice}");
        assert_eq!(intake.clinic_sources.len(), 1, "{twice}");
    }
}

#[test]
fn a_bundle_in_which_names_stand_twice_hides_no_entry() {
    let patient = |id: &str| PATIENT.replace("p1", id).replace("Amina", id);
    let (a, b) = (patient("a"), patient("b"));
    let read = |text: String| read_bytes("a.json", text.as_bytes(), &Options::default());
    let lists = read(format!(
        r#"{{"resourceType":"Bundle","entry":[{{"resource":{a}}}],"\u0065ntry":[{{"resource":{b}}}]}}"#
    ));
    assert_eq!((lists.patients.len(), codes(&lists)), (2, vec!["json-duplicate-key"]));
    let two =
        read(format!(r#"{{"resourceType":"Bundle","entry":[{{"resource":{a},"resource":{b}}}]}}"#));
    assert_eq!((two.patients.len(), codes(&two)), (0, vec!["json-duplicate-key"]));
    let url = read(format!(
        r#"{{"resourceType":"Bundle","entry":[{{"fullUrl":"urn:x:1","fullUrl":"urn:x:2","resource":{a}}}]}}"#
    ));
    assert_eq!((url.patients.len(), codes(&url)), (1, vec!["json-duplicate-key"]));
    assert_eq!(url.patients[0].sources[0].full_url, None);
    let kind = read(r#"{"resourceType":"Bundle","resourceType":"Patient","entry":[]}"#.to_owned());
    assert_eq!((kind.patients.len(), codes(&kind)), (0, vec!["no-resource-type"]));
}

#[test]
fn it_goes_out_whole_in_words_and_comes_back_the_same() {
    let intake = with(
        "Observation",
        r#""status":"final","code":{"text":"K"},"valueQuantity":{"value":3,"value":6}"#,
    );
    let original = &patient(&intake).sources.iter().find(|s| s.resource_type == "Observation");
    let body = original.unwrap().body.clone();
    assert!(body.contains(r#""value":3,"value":6"#), "it is kept as it was written: {body}");
    let chart: Chart = chart_of(patient(&intake));
    let (sources, people) = (Vec::new(), Vec::new());
    let export = Export::new(sender(&sources, &people), Instant::from_unix_ms(0));
    let lines = export.lines(&chart, &[], &|_| true).unwrap();
    let line = lines.iter().find(|line| line.resource_type == "Observation").unwrap();
    assert!(!line.json.contains(r#""value":6"#), "{}", line.json);
    assert!(line.json.contains("value unclear: value 3 or 6"), "{}", line.json);
    assert!(line.json.contains(r#"\"value\":3,\"value\":6"#), "{}", line.json);
    let same = |body: &str| canonical(body, &|_| Some("x".to_owned()));
    assert_eq!(same(&line.json), same(&body));
    let text: Vec<&str> = lines.iter().map(|line| line.json.as_str()).collect();
    let again = merged(read_bytes("b.ndjson", text.join("\n").as_bytes(), &Options::default()));
    let value = &patient(&again).observations[0].value;
    assert!(matches!(value, Some(ObservationValue::Text(words)) if words.contains("3 or 6")));
}
