//! Hostile and broken input: each is answered in words, and nothing that is here is lost by it.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what goes wrong here ends the test"
)]

use serde_json::{Value, json};
use tests::computer::{Computer, list, number, text};
use tests::scene::Scene;

const NOBODY: &str = "01a20b86-0000-7000-8000-000000000000";
const WHOLE: &str = r#"{"resourceType":"Patient","id":"p1","name":[{"family":"Whole"}]}"#;

/// A file to import, what is said of it, and how many resources and patients come of it.
struct Bad {
    name: &'static str,
    bytes: Vec<u8>,
    said: &'static [&'static str],
    resources: u64,
    patients: u64,
}

/// A file of which nothing can be taken in.
fn bad(name: &'static str, bytes: impl Into<Vec<u8>>, said: &'static [&'static str]) -> Bad {
    Bad { name, bytes: bytes.into(), said, resources: 0, patients: 0 }
}

/// A file of which one patient can be taken in.
fn partly(name: &'static str, bytes: impl Into<Vec<u8>>, said: &'static [&'static str]) -> Bad {
    Bad { resources: 1, patients: 1, ..bad(name, bytes, said) }
}

fn unread() -> Vec<Bad> {
    let cut = format!(r#"{{"resourceType":"Bundle","entry":[{{"resource":{WHOLE}}},{{"reso"#);
    let deep = format!(
        r#"{{"resourceType":"Patient","extension":{}1{}}}"#,
        r#"[{"extension":"#.repeat(5000),
        "}]".repeat(5000)
    );
    let huge =
        [&b"{\"resourceType\":\"Binary\",\"data\":\""[..], &[b'A'; 65 << 20], b"\"}"].concat();
    let line = [huge.as_slice(), b"\n", WHOLE.as_bytes(), b"\n"].concat();
    vec![
        partly("truncated.json", cut, &["json-truncated"]),
        partly(
            "truncated.ndjson",
            format!("{WHOLE}\n{{\"resourceType\":\"Obs"),
            &["json-truncated"],
        ),
        bad("cut-at-once.json", r#"{"resourceType":"Bundle","entry":[{"reso"#, &["json-truncated"]),
        bad("cut.json", r#"{"resourceType":"Patient","na"#, &["json-truncated"]),
        bad("empty.json", "", &["empty"]),
        bad("blank.ndjson", " \n\r\n\t\n", &["empty"]),
        bad("no-entry.json", r#"{"resourceType":"Bundle","type":"searchset"}"#, &["empty"]),
        bad("picture.json", [&b"\x89PNG\r\n\x1a\n"[..], &[7; 999]].concat(), &["encoding"]),
        bad("archive.json", [&b"\x1f\x8b\x08\0"[..], &[0xfe; 999]].concat(), &["encoding"]),
        bad("words.json", "Dear colleague, please find attached", &["json-not-object"]),
        bad("zeros.json", [0; 4096], &["json-not-object"]),
        bad("no-fhir.json", r#"{"hello":"world"}"#, &["no-resource-type"]),
        bad("list.json", "[1,2,3]", &["json-not-object"]),
        bad("lists-in-lists.json", "[".repeat(100_000), &["json-not-object"]),
        bad("deep.json", deep, &["json-depth"]),
        bad("huge.json", huge, &["too-large"]),
        partly("huge-line.ndjson", line, &["too-large"]),
        bad("entities.json", r#"<!DOCTYPE x [<!ENTITY a "b">]><Bundle>&a;</Bundle>"#, &["xml"]),
    ]
}

fn half_read() -> Vec<Bad> {
    let patient = |members: &str| format!(r#"{{"resourceType":"Patient",{members}}}"#);
    let named = |rest: &str| patient(&format!(r#""name":[{{"family":"Half"}}],{rest}"#));
    let long = patient(&format!(r#""name":[{{"family":"{}"}}]"#, "A".repeat(2 << 20)));
    let twice = patient(r#""name":[{"family":"One"}],"name":[{"family":"Two"}]"#);
    let utf16: Vec<u8> =
        "\u{feff}".encode_utf16().chain(WHOLE.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let loop_of_one = r#"{"resourceType":"Bundle","type":"collection","entry":[{
        "fullUrl":"urn:uuid:0b4f2a0e-9a57-4a3f-8a53-6f7b0c0a1001","resource":{
        "resourceType":"Observation","status":"final","code":{"text":"x"},
        "subject":{"reference":"urn:uuid:0b4f2a0e-9a57-4a3f-8a53-6f7b0c0a1001"}}}]}"#;
    vec![
        partly("twice.json", twice, &["json-duplicate-key"]),
        partly(
            "latin.json",
            &b"{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"M\xfcller\"}]}"[..],
            &["encoding"],
        ),
        partly("wide.json", utf16, &["encoding"]),
        partly("half-a-letter.json", named(r#""language":"\ud800""#), &["json-lone-surrogate"]),
        partly("long-name.json", long, &["string-long"]),
        partly(
            "types.json",
            patient(r#""name":"no list","gender":["x"]"#),
            &["missing", "wrong-type"],
        ),
        bad(
            "negated.json",
            named(r#""modifierExtension":[{"url":"x","valueBoolean":true}]"#),
            &["modifier-extension"],
        ),
        partly("no-day.json", named(r#""birthDate":"1980-02-30""#), &["date-impossible"]),
        partly("no-date.json", named(r#""birthDate":"31/12/1980""#), &["date-shape"]),
        bad("of-itself.json", loop_of_one, &["no-patient"]),
    ]
}

#[test]
fn files_that_cannot_be_read_are_answered_and_harm_nothing() {
    import_all("bad-files", &unread());
}

#[test]
fn files_that_can_be_read_in_part_are_taken_in_in_part() {
    import_all("half-bad-files", &half_read());
}

fn import_all(scene: &str, files: &[Bad]) {
    let scene = Scene::new(scene);
    let a = Computer::founded(&scene, "Front desk");
    let patient = a.register(&json!({ "family": "Okello", "given": "Grace" }));
    a.record("allergy", Some(&patient), &json!({ "substance": "penicillin" }));
    let before = a.chart(&patient);
    for file in files {
        let path = scene.folder().join(file.name);
        std::fs::write(&path, &file.bytes).unwrap();
        let answer = a.run(&["--json", "import", path.to_str().unwrap()]);
        let report: Value = serde_json::from_str(&answer.out).unwrap();
        if file.resources == 0 {
            let error = answer.error(file.name);
            assert_eq!(text(&error, "/code"), "unreadable-file");
            assert!(text(&error, "/detail").contains(file.name), "{error}");
        } else {
            assert_eq!(answer.code, Some(0), "{}: {answer:?}", file.name);
        }
        let left_out = number(&report, "/leftOut");
        let taken = json!([{
            "file": file.name, "named": true, "resources": file.resources, "leftOut": left_out,
        }]);
        assert_eq!(report["byFile"], taken, "{report}");
        let findings = list(&report, "/findings");
        let said: Vec<&str> =
            findings.iter().filter_map(|f| f["finding"]["code"].as_str()).collect();
        for code in file.said {
            assert!(said.contains(code), "{}: {code} is not said: {report}", file.name);
        }
        assert_eq!(number(&report, "/patients"), file.patients, "{}: {report}", file.name);
        for finding in &findings {
            assert!(text(finding, "/finding/detail").ends_with('.'), "{finding}");
        }
        std::fs::remove_file(path).unwrap();
    }
    assert_eq!(a.chart(&patient), before, "who was here is as before");
    a.must_be_sound();
}

#[test]
fn a_file_that_gives_nothing_is_named_and_costs_the_others_nothing() {
    let scene = Scene::new("one-bad-file");
    let a = Computer::founded(&scene, "Front desk");
    let path = |name: &str, text: &str| {
        let path = scene.folder().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (good, torn, blank) =
        (path("good.json", WHOLE), path("torn.json", r#"{"resourceT"#), path("blank.json", ""));
    let answer = a.run(&["--json", "import", &torn, &good, &blank]);
    let detail = text(&answer.error("import"), "/detail");
    assert!(detail.contains("2 of 3 files: blank.json, torn.json"), "{detail}");
    let report: Value = serde_json::from_str(&answer.out).unwrap();
    assert_eq!((number(&report, "/patients"), number(&report, "/filesEmpty")), (1, 2));
    assert_eq!(list(&a.json(&["find", "whole"]), "").len(), 1);
    let told = a.run(&["import", &torn, &good]);
    assert_eq!(told.code, Some(1), "{told:?}");
    assert!(told.out.contains("nothing of torn.json"), "{told:?}");
    assert!(told.err.contains("torn.json") && !told.err.contains("good.json"), "{told:?}");
    assert_eq!(a.run(&["import", &good]).code, Some(0));
    a.must_be_sound();
}

/// What cannot be: how it is typed, where that is told, and the same in a file.
fn impossible() -> Vec<(&'static str, Value, &'static str, Value, &'static str)> {
    let dose = |dose: &str| json!({ "medication": "amlodipine", "dose": dose, "unit": "mg" });
    let order = |dose: i64| {
        json!({
            "resourceType": "MedicationRequest", "status": "active", "intent": "order",
            "medicationCodeableConcept": { "text": "amlodipine" },
            "dosageInstruction": [
                { "doseAndRate": [{ "doseQuantity": { "value": dose, "unit": "mg" } }] } ],
        })
    };
    let sign = |field: &str, number: &str| json!({ "values": { field: number } });
    let fact = |code: &str, value: i64, unit: &str| {
        json!({
            "resourceType": "Observation", "status": "final",
            "code": { "coding": [{ "system": "http://loinc.org", "code": code }] },
            "valueQuantity": { "value": value, "unit": unit },
        })
    };
    let typed = |born: &str| json!({ "family": "A", "birthDate": born });
    let person = |born: &str| json!({ "birthDate": born });
    let amount = "amount-impossible";
    vec![
        ("medication", dose("-5"), "dose amount-impossible", order(-5), amount),
        ("medication", dose("0"), "dose amount-impossible", order(0), amount),
        (
            "vitals",
            sign("temperature", "372"),
            "temperature amount-impossible",
            fact("8310-5", 372, "Cel"),
            amount,
        ),
        (
            "vitals",
            sign("heartRate", "-72"),
            "heartRate amount-impossible",
            fact("8867-4", -72, "/min"),
            amount,
        ),
        ("patient", typed("2999"), "birthDate date-future", person("2999"), "date-ahead"),
        (
            "patient",
            typed("2026-02-30"),
            "birthDate date-impossible",
            person("2026-02-30"),
            "date-impossible",
        ),
        ("patient", typed("0000"), "birthDate date-impossible", person("0000"), "date-impossible"),
    ]
}

#[test]
fn what_cannot_be_is_refused_when_typed_and_no_value_when_imported() {
    let scene = Scene::new("impossible");
    let a = Computer::founded(&scene, "Front desk");
    let typed = a.register(&json!({ "family": "Okello" }));
    let before = a.chart(&typed);
    for (at, (kind, draft, told, mut entry, code)) in impossible().into_iter().enumerate() {
        let patient = (kind != "patient").then_some(typed.as_str());
        let error = a.try_record(kind, patient, &draft.to_string()).error(kind);
        let found = list(&error, "/findings");
        let found: Vec<String> =
            found.iter().map(|f| format!("{} {}", text(f, "/path"), text(f, "/code"))).collect();
        assert_eq!(found, [told], "{draft}");

        let family = format!("Imported{at}");
        let written = match kind {
            "patient" => format!(r#""birthDate":{}"#, entry["birthDate"]),
            "vitals" => entry["valueQuantity"].to_string(),
            _ => entry["dosageInstruction"].to_string(),
        };
        let mut person = json!({
            "resourceType": "Patient", "id": format!("p{at}"), "name": [{ "family": family }],
        });
        if kind == "patient" {
            person["birthDate"] = entry["birthDate"].take();
            entry = json!({ "resourceType": "Basic", "code": { "text": "x" } });
        }
        entry["subject"] = json!({ "reference": format!("Patient/p{at}") });
        let path = scene.folder().join("impossible.ndjson");
        std::fs::write(&path, format!("{person}\n{entry}\n")).unwrap();
        let report = a.json(&["import", path.to_str().unwrap()]);
        let [finding] = list(&report, "/findings").try_into().unwrap();
        let place = if kind == "patient" { 1 } else { 2 };
        let got =
            (text(&finding, "/file"), number(&finding, "/entry"), text(&finding, "/finding/code"));
        assert_eq!(got, ("impossible.ndjson".into(), place, code.to_owned()), "{report}");
        let imported = text(&a.json(&["find", &family]), "/0/patient");
        let chart = a.chart(&imported);
        let values = chart["chart"].to_string();
        if kind == "patient" {
            assert_eq!(chart["chart"]["patient"]["identity"].get("birthDate"), None, "{chart}");
        } else {
            assert!(values.contains("unclear: "), "{values}");
            assert!(!chart["chart"]["medications"].to_string().contains(r#""dose":"#), "{values}");
            assert!(!chart["chart"]["observations"].to_string().contains("quantity"), "{values}");
        }
        let out = scene.folder().join(format!("out{at}"));
        let words = ["export", "--format", "ndjson", "--patient", &imported, "--out"];
        let words = words.into_iter().chain([out.to_str().unwrap()]).collect::<Vec<_>>();
        a.json(&words);
        let files = std::fs::read_dir(&out).unwrap().map(|file| file.unwrap().path());
        let kept: String = files.map(|file| std::fs::read_to_string(file).unwrap()).collect();
        assert!(kept.contains(&written), "{written} is kept as it came: {kept}");
    }
    assert_eq!(a.chart(&typed), before);
    a.must_be_sound();
}

#[test]
fn a_dose_that_stands_twice_is_told_and_is_no_dose() {
    let scene = Scene::new("twice-in-a-dose");
    let a = Computer::founded(&scene, "Front desk");
    let order = r#"{"resourceType":"MedicationRequest","status":"active","intent":"order","subject":{"reference":"Patient/p1"},"medicationCodeableConcept":{"text":"warfarin"},"dosageInstruction":[{"doseAndRate":[{"doseQuantity":{"value":5,"value":50,"unit":"mg"}}]}]}"#;
    let path = scene.folder().join("twice.ndjson");
    std::fs::write(&path, format!("{WHOLE}\n{order}\n")).unwrap();
    let report = a.json(&["import", path.to_str().unwrap()]);
    let [finding] = list(&report, "/findings").try_into().unwrap();
    assert_eq!(text(&finding, "/finding/code"), "json-duplicate-key");
    let patient = text(&a.json(&["find", "whole"]), "/0/patient");
    let chart = a.chart(&patient);
    let dosage = chart.pointer("/chart/medications/0/order/dosage/0").expect("a dosage");
    assert_eq!(dosage, &json!({ "text": "dose unclear: value 5 or 50 as written in the file" }));
    let out = scene.folder().join("out");
    let words = ["export", "--format", "ndjson", "--all", "--out", out.to_str().unwrap()];
    a.json(&words);
    let written = std::fs::read_to_string(out.join("MedicationRequest.ndjson")).unwrap();
    assert!(!written.contains(r#""value":50"#), "{written}");
    assert!(written.contains(r#"\"value\":5,\"value\":50"#), "it is kept: {written}");
}

#[test]
fn two_people_of_one_id_are_two_charts_and_what_goes_by_it_is_in_neither() {
    let scene = Scene::new("two-of-one-id");
    let a = Computer::founded(&scene, "Front desk");
    let other = r#"{"resourceType":"Patient","id":"p1","name":[{"family":"Other"}]}"#;
    let allergy = r#"{"resourceType":"AllergyIntolerance","id":"a1","patient":{"reference":"Patient/p1"},"code":{"text":"penicillin"}}"#;
    let entry = |resource: &str| format!(r#"{{"resource":{resource}}}"#);
    let entries = [WHOLE, allergy, other].map(entry).join(",");
    let path = scene.folder().join("two.json");
    std::fs::write(&path, format!(r#"{{"resourceType":"Bundle","entry":[{entries}]}}"#)).unwrap();
    let report = a.json(&["import", path.to_str().unwrap()]);
    assert_eq!((number(&report, "/patients"), number(&report, "/leftOut")), (2, 1), "{report}");
    for name in ["whole", "other"] {
        let patient = text(&a.json(&["find", name]), "/0/patient");
        assert_eq!(list(&a.chart(&patient), "/chart/allergies"), Vec::<Value>::new(), "{name}");
    }
    let told = a.run(&["import", path.to_str().unwrap()]);
    assert!(told.out.contains("in no chart: 1 of the resources of two.json"), "{told:?}");
    a.must_be_sound();
}

#[test]
fn a_search_says_when_others_match() {
    let scene = Scene::new("cut-off");
    let a = Computer::founded(&scene, "Front desk");
    for given in ["Amina", "Brian", "Chen"] {
        a.register(&json!({ "family": "Okello", "given": given }));
    }
    let says =
        |limit: &str| a.run(&["find", "okello", "--limit", limit]).out.contains("others match");
    assert!(says("2"));
    assert!(!says("3"), "these are all");
    assert_eq!(list(&a.json(&["find", "okello", "--limit", "2"]), "").len(), 2);
}

#[test]
fn what_is_typed_wrong_is_told_by_field_and_nothing_is_saved() {
    let scene = Scene::new("bad-records");
    let a = Computer::founded(&scene, "Front desk");
    let patient = a.register(&json!({ "family": "Okello", "birthDate": "1980" }));
    let amlodipine = json!({ "medication": "amlodipine", "dose": "5", "unit": "mg" });
    let recorded = a.record("medication", Some(&patient), &amlodipine);
    let medication = text(&recorded, "/entries/0/id");
    let before = a.chart(&patient);
    let check = |kind: &str, draft: Value, said: &[&str]| {
        let patient = (kind != "patient").then_some(patient.as_str());
        let error = a.try_record(kind, patient, &draft.to_string()).error(kind);
        let found = list(&error, "/findings");
        let found: Vec<String> =
            found.iter().map(|f| format!("{} {}", text(f, "/path"), text(f, "/code"))).collect();
        assert_eq!(
            (text(&error, "/code").as_str(), found.as_slice()),
            ("invalid", said.iter().map(ToString::to_string).collect::<Vec<_>>().as_slice()),
            "{kind} {draft}"
        );
    };
    check("patient", json!({}), &["family required"]);
    check(
        "patient",
        json!({ "family": "A", "birthDate": "1980-02-30" }),
        &["birthDate date-impossible"],
    );
    check("patient", json!({ "family": "A", "birthDate": "2999" }), &["birthDate date-future"]);
    check("patient", json!({ "family": "A", "birthDate": "in spring" }), &["birthDate date-shape"]);
    check("allergy", json!({ "substance": " " }), &["substance required"]);
    check("allergy", json!({ "substance": "x", "onset": "2019-13" }), &["onset date-impossible"]);
    check("condition", json!({}), &["problem required"]);
    let dose = |dose: &str| json!({ "medication": "m", "dose": dose, "unit": "mg" });
    check("medication", dose("-5"), &["dose amount-impossible"]);
    check("medication", dose("0"), &["dose amount-impossible"]);
    check("medication", dose("1e300"), &["dose amount-impossible"]);
    check("medication", dose("1e-23"), &["dose amount-impossible"]);
    check("patient", json!({ "family": "\u{202e}Okello" }), &["family unprintable"]);
    check("allergy", json!({ "substance": "peni\u{200b}cillin" }), &["substance unprintable"]);
    check("medication", dose("five"), &["dose number"]);
    check("medication", dose("NaN"), &["dose number"]);
    check("medication", json!({ "medication": "m", "dose": "5" }), &["unit required"]);
    check(
        "medication",
        json!({ "medication": "m", "frequency": "2.5" }),
        &["frequency whole-number"],
    );
    check("dosage", json!({ "medication": medication, "dosage": {} }), &["dose required"]);
    check("vitals", json!({ "values": { "systolic": "9000" } }), &["systolic amount-impossible"]);
    assert_eq!(a.chart(&patient), before);
    a.must_be_sound();
}

#[test]
fn standard_input_that_is_not_what_was_asked_for_is_refused() {
    let scene = Scene::new("bad-input");
    let a = Computer::founded(&scene, "Front desk");
    let patient = a.register(&json!({ "family": "Okello" }));
    let before = a.chart(&patient);
    let words = ["--json", "record", "allergy", "--patient", &patient];
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let huge = format!(r#"{{"substance":"{}"}}"#, "x".repeat(5 << 20));
    let inputs: [&[u8]; 12] = [
        b"",
        b"{\"substance\":\"pen",
        b"{\"substance\":1}",
        b"{\"substance\":\"x\",\"unheard\":1}",
        b"[false,\"x\"]",
        b"{\"substance\":[\"x\"]}",
        b"{\"substance\":\"x\",\"substance\":\"y\"}",
        b"{\"substance\":\"x\"}{\"substance\":\"y\"}",
        b"\xff\xfe",
        b"null",
        deep.as_bytes(),
        huge.as_bytes(),
    ];
    for input in inputs {
        let shown = String::from_utf8_lossy(input.get(..40).unwrap_or(input)).into_owned();
        assert_eq!(a.run_with(&words, input).refusal(&shown), "invalid", "{shown}");
    }
    let unknown = |kind: &str, draft: Value| {
        a.try_record(kind, Some(&patient), &draft.to_string()).refusal(kind)
    };
    assert_eq!(unknown("stop", json!({ "medication": NOBODY })), "not-found");
    let dosage = json!({ "medication": NOBODY, "dosage": { "dose": "1", "unit": "mg" } });
    assert_eq!(unknown("dosage", dosage), "not-found");
    assert_eq!(unknown("withdrawal", json!({ "kind": "allergy", "id": NOBODY })), "not-found");
    let nobody = a.try_record("allergy", Some(NOBODY), r#"{"substance":"x"}"#);
    assert_eq!(nobody.refusal("nobody"), "not-found");
    assert_eq!(a.chart(&patient), before);
    a.must_be_sound();
}
