//! Reading: layouts, references, mappings and what is told about them.

use crate::support::read_all;
use clinical::{MedicationAbout, MedicationRequest};
use interchange::{Intake, Options, read_bytes};

fn read(name: &str, text: &str) -> Intake {
    read_bytes(name, text.as_bytes(), &Options::default())
}

/// Codes of the findings, each with its path.
fn told(intake: &Intake) -> Vec<String> {
    intake.remarks().map(|finding| format!("{} {}", finding.code, finding.path)).collect()
}

#[test]
fn a_bundle_becomes_values_and_originals() {
    let intake = read("bundle.json", include_str!("data/bundle.json"));
    insta::assert_debug_snapshot!(intake);
}

#[test]
fn every_layout_is_recognised() {
    let patient = r#"{"resourceType":"Patient","id":"p1","name":[{"text":"A"}]}"#;
    let problem = r#"{"resourceType":"Condition","id":"c1","subject":{"reference":"Patient/p1"},"code":{"text":"x"}}"#;
    let check = |name: &str, text: &str, resources: u64, codes: &[&str]| {
        let intake = read(name, text);
        let codes: Vec<String> = codes.iter().map(|code| (*code).to_owned()).collect();
        assert_eq!((intake.counts.values().sum(), told(&intake)), (resources, codes), "{text}");
    };
    check("a.json", patient, 1, &[]);
    check("a.json", &format!("\u{feff}{patient}"), 1, &[]);
    check("a.ndjson", &format!("\u{feff}{patient}\n\n  \n{problem}\r\n"), 2, &[]);
    check("a.txt", &format!("\n{patient}\n{problem}"), 2, &[]);
    check("a.json", &patient.replace(',', ",\n"), 1, &[]);
    let bundle = |entries: &str| format!(r#"{{"entry":[{entries}],"resourceType":"Bundle"}}"#);
    check("a.json", &bundle(&format!(r#"{{"resource":{patient}}}"#)), 1, &[]);
    let two = format!("{}\n{}", bundle(&format!(r#"{{"resource":{patient}}}"#)), problem);
    check("a.ndjson", &two, 2, &["reference-unresolved reference"]);
    check(
        "a.json",
        &bundle(r#"{"request":{"method":"DELETE"}}"#),
        0,
        &["no-resource Bundle.entry.resource"],
    );
    check("a.json", "", 0, &["empty "]);
    check("a.json", " \n\n", 0, &["empty "]);
    check("a.json", "<Patient xmlns='http://hl7.org/fhir'/>", 0, &["xml "]);
    check("a.json", "[1,2]", 0, &["json-not-object "]);
    check("a.json", r#"{"a":1}"#, 0, &["no-resource-type resourceType"]);
    check("a.json", r#"{"resourceType":"../../etc"}"#, 0, &["no-resource-type resourceType"]);
    check("a.json", &format!("{patient} x"), 1, &["json-trailing "]);
}

#[test]
fn utf16_and_broken_utf8_are_told() {
    let patient =
        r#"{"resourceType":"Patient","name":[{"text":"NAME"}]}"#.replace("NAME", "\u{c9}va");
    let mut utf16 = vec![0xff, 0xfe];
    utf16.extend(patient.encode_utf16().flat_map(u16::to_le_bytes));
    let broken =
        [b"{\"resourceType\":\"Patient\",\"name\":[{\"text\":\"\xc9va\"}]}".as_slice()].concat();
    for (bytes, name) in [(utf16, "\u{c9}va"), (broken, "\u{fffd}va")] {
        let intake = read_bytes("a.json", &bytes, &Options::default());
        assert_eq!(told(&intake), ["encoding "]);
        let identity = &intake.patients[0].patient.as_ref().unwrap().identity;
        assert_eq!(identity.name[0].text.as_deref(), Some(name));
    }
}

#[test]
fn references_meet_in_every_form_and_order() {
    let patient = |id: &str| {
        format!(
            r#"{{"resourceType":"Patient","id":"{id}","identifier":[{{"system":"s","value":"7"}}],"name":[{{"text":"A"}}]}}"#
        )
    };
    let problem = |reference: &str| {
        format!(r#"{{"resourceType":"Condition","subject":{reference},"code":{{"text":"x"}}}}"#)
    };
    let check = |files: &[(&str, String)]| {
        let files: Vec<(String, Vec<u8>)> = files
            .iter()
            .map(|(name, text)| ((*name).to_owned(), text.clone().into_bytes()))
            .collect();
        let intake = read_all(&files);
        assert_eq!(told(&intake), Vec::<String>::new());
        assert_eq!(intake.patients.len(), 1, "{files:?}");
        assert_eq!(intake.patients[0].conditions.len(), 1, "{files:?}");
    };
    let relative = problem(r#"{"reference":"Patient/p1"}"#);
    check(&[("p.ndjson", patient("p1")), ("c.ndjson", relative.clone())]);
    check(&[("c.ndjson", relative), ("p.ndjson", patient("p1"))]);
    for conditional in [
        r#"{"reference":"Patient?identifier=s|7"}"#,
        r#"{"reference":"Patient?identifier=s%7C7"}"#,
        r#"{"identifier":{"system":"s","value":"7"}}"#,
    ] {
        let problem = problem(conditional);
        check(&[("c.ndjson", problem.clone()), ("p.ndjson", patient("p1"))]);
        check(&[("p.ndjson", patient("p1")), ("c.ndjson", problem)]);
    }
    let bundle = |url: &str, reference: &str| {
        let (patient, problem) =
            (patient("p1"), problem(&format!(r#"{{"reference":"{reference}"}}"#)));
        format!(
            r#"{{"resourceType":"Bundle","entry":[{{"resource":{problem}}},{{"fullUrl":"{url}","resource":{patient}}}]}}"#
        )
    };
    let uuid = "urn:uuid:0b4f2a0e-9a57-4a3f-8a53-6f7b0c0a1001";
    check(&[("b.json", bundle(uuid, uuid))]);
    check(&[("b.json", bundle(uuid, "Patient/p1"))]);
    check(&[("b.json", bundle("https://example.org/r4/Patient/p1", "Patient/p1"))]);
    check(&[(
        "b.json",
        bundle("https://example.org/r4/Patient/p1", "https://example.org/r4/Patient/p1"),
    )]);
}

#[test]
fn a_resource_belongs_to_the_patient_it_names() {
    let check = |resource: &str, patients: usize| {
        let intake = read("a.json", resource);
        let kept = intake.patients.iter().map(|patient| patient.sources.len()).sum::<usize>();
        assert_eq!(
            (intake.patients.len(), kept + intake.clinic_sources.len()),
            (patients, 1),
            "{resource}"
        );
    };
    let urn = "urn:uuid:0b4f2a0e-9a57-4a3f-8a53-6f7b0c0a1001";
    check(r#"{"resourceType":"Immunization","patient":{"reference":"Patient/1"}}"#, 1);
    check(&format!(r#"{{"resourceType":"Procedure","subject":{{"reference":"{urn}"}}}}"#), 1);
    check(&format!(r#"{{"resourceType":"Provenance","target":[{{"reference":"{urn}"}}]}}"#), 0);
    check(r#"{"resourceType":"Provenance","target":[{"reference":"Patient/1"}]}"#, 1);
    check(
        r#"{"resourceType":"Appointment","participant":[{"actor":{"reference":"Location/1"}},{"actor":{"reference":"Patient/1"}}]}"#,
        1,
    );
    check(r#"{"resourceType":"Procedure","subject":{"reference":"Group/1"}}"#, 0);
    check(
        r##"{"resourceType":"Procedure","subject":{"reference":"#p"},"contained":[{"resourceType":"Patient","id":"p"}]}"##,
        0,
    );
    check(r#"{"resourceType":"Practitioner","subject":{"reference":"Patient/1"}}"#, 0);
    check(r#"{"resourceType":"Medication"}"#, 0);
}

#[test]
fn patient_1_of_two_senders_is_two_people() {
    let bundle = |name: &str| {
        format!(
            r#"{{"resourceType":"Bundle","entry":[{{"resource":{{"resourceType":"Patient","id":"1","name":[{{"family":"{name}"}}]}}}},{{"resource":{{"resourceType":"Condition","id":"1","subject":{{"reference":"Patient/1"}},"code":{{"text":"x"}}}}}}]}}"#
        )
    };
    let file = |name: &str| (format!("{name}.json"), bundle(name).into_bytes());
    let both = read_all(&[file("Okello"), file("Meier")]);
    assert_eq!(both.patients.len(), 2);
    assert!(both.patients.iter().all(|patient| patient.conditions.len() == 1));
    let mut again = read_all(&[file("Meier")]);
    again.patients[0].file = 1;
    assert!(both.patients.iter().any(|patient| patient == &again.patients[0]), "read twice");
}

#[test]
fn what_changes_the_meaning_is_never_shown_as_fact() {
    let check = |extra: &str, code: &str| {
        let text = format!(
            r#"{{"resourceType":"MedicationRequest","status":"active","intent":"order","subject":{{"reference":"Patient/1"}},"medicationCodeableConcept":{{"text":"x"}},{extra}}}"#
        );
        let intake = read("a.json", &text);
        assert!(intake.patients[0].medications.is_empty(), "{extra}");
        assert_eq!(intake.patients[0].sources.len(), 1, "{extra}");
        assert!(told(&intake)[0].starts_with(code), "{:?}", told(&intake));
    };
    check(r#""modifierExtension":[{"url":"u"}]"#, "modifier-extension");
    check(r#""dosageInstruction":[{"modifierExtension":[{"url":"u"}]}]"#, "modifier-extension");
    check(r#""implicitRules":"http://example.org/rules""#, "implicit-rules");
    check(r#""doNotPerform":true"#, "do-not-perform");
    let info = r#"{"resourceType":"AllergyIntolerance","patient":{"reference":"Patient/1"},"code":{"coding":[{"system":"http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips","code":"no-allergy-info"}]}}"#;
    assert!(read("a.json", info).patients[0].allergies.is_empty());
    let none = read("a.json", &info.replace("no-allergy-info", "no-known-allergies"));
    assert!(none.patients[0].allergies[0].is_denial());
    // What stands beside it may be an allergy.
    let other = r#"{"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"7980","display":"penicillin G"}"#;
    for code in ["no-allergy-info", "no-known-allergies"] {
        let info = info.replace("no-allergy-info", code);
        for (old, new) in [
            ("\"}]}}", format!("\"}},{other}]}}}}")),
            ("\"}]}}", r#""}],"text":"Penicillin"}}"#.to_owned()),
            ("\"}]}}", r#""}]},"criticality":"high"}"#.to_owned()),
        ] {
            let told = read("a.json", &info.replace(old, &new));
            let entry = &told.patients[0].allergies[0];
            assert!(entry.is_doubtful(), "{entry:?}");
        }
    }
    let unasked = info.replace("\"}]}}", r#""}],"text":"No information about allergies"}}"#);
    assert!(read("a.json", &unasked).patients[0].allergies.is_empty());
}

#[test]
fn a_dosage_is_never_shown_in_part() {
    let check = |dosage: &str, want: &str| {
        let text = format!(
            r#"{{"resourceType":"MedicationStatement","status":"active","subject":{{"reference":"Patient/1"}},"medicationCodeableConcept":{{"text":"x"}},"dosage":[{dosage}]}}"#
        );
        let intake = read("a.json", &text);
        let dosage = &intake.patients[0].medications[0].order.dosage;
        let label = dosage.first().map_or_else(String::new, clinical::Dosage::label);
        assert_eq!(label.replace('\u{a0}', " "), want, "{text}");
    };
    let mg = |n: &str| format!(r#"{{"value":{n},"unit":"mg"}}"#);
    check(&format!(r#"{{"doseAndRate":[{{"doseQuantity":{}}}]}}"#, mg("2.50")), "2.50 mg");
    check(
        &format!(
            r#"{{"doseAndRate":[{{"doseRange":{{"low":{},"high":{}}}}}]}}"#,
            mg("5"),
            mg("10")
        ),
        "5 mg – 10 mg",
    );
    check(
        &format!(
            r#"{{"doseAndRate":[{{"doseQuantity":{}}},{{"doseQuantity":{}}}]}}"#,
            mg("5"),
            mg("10")
        ),
        "5 mg or 10 mg",
    );
    let repeat = |repeat: &str| format!(r#"{{"timing":{{"repeat":{{{repeat}}}}}}}"#);
    check(&repeat(r#""frequency":2,"period":1,"periodUnit":"d""#), "twice daily");
    check(
        &repeat(r#""frequency":1,"period":1,"periodUnit":"wk","dayOfWeek":["mon"]"#),
        "on Monday",
    );
    check(
        &repeat(r#""frequency":1,"frequencyMax":3,"period":1,"periodUnit":"d""#),
        "1 – 3 times daily",
    );
    check(&repeat(r#""frequency":1.5,"period":1,"periodUnit":"d""#), "1.5 times in 1 d");
    check(
        r#"{"asNeededCodeableConcept":{"text":"pain"},"maxDosePerPeriod":{"numerator":{"value":4,"unit":"g"},"denominator":{"value":1,"unit":"d"}}}"#,
        "when needed — when needed for pain; at most 4 g / 1 d",
    );
    check(
        r#"{"timing":{"code":{"text":"BID"}},"text":"as the doctor said"}"#,
        "as the doctor said; BID",
    );
    check(r#"{"timing":{"code":{"text":"BID"}},"text":"1 tab (BID)."}"#, "1 tab (BID).");
    check(r#"{"timing":{"code":{"text":"BID"}}}"#, "BID");
}

#[test]
fn no_part_of_a_dosage_is_lost_beside_the_words_of_the_sender() {
    let check = |dosage: &str, want: &str| {
        let text = format!(
            r#"{{"resourceType":"MedicationStatement","status":"active","subject":{{"reference":"Patient/1"}},"medicationCodeableConcept":{{"text":"x"}},"dosage":[{dosage}]}}"#
        );
        let intake = read("a.json", &text);
        let label = intake.patients[0].medications[0].order.dosage[0].label();
        assert_eq!(label.replace('\u{a0}', " "), want, "{text}");
    };
    let with = |text: &str, repeat: &str, rest: &str| {
        format!(
            r#"{{"text":"{text}","timing":{{"repeat":{{{repeat}}}}},"doseAndRate":[{{{rest}}}]"#
        )
    };
    let dose = |n: &str, unit: &str| format!(r#"{{"value":{n},"unit":"{unit}"}}"#);
    let mg = |n: &str| format!(r#""doseQuantity":{}"#, dose(n, "mg"));
    let daily = r#""frequency":1,"period":1,"periodUnit":"d""#;
    let on_monday = format!(r#"{daily},"dayOfWeek":["mon"]"#);
    check(
        &(with("with folic acid the day after", &on_monday, &mg("7.5")) + "}"),
        "7.5 mg — with folic acid the day after; on Monday",
    );
    check(&(with("5 mg on Monday", &on_monday, &mg("5")) + "}"), "5 mg — 5 mg on Monday");
    let two = r#""frequency":2,"period":1,"periodUnit":"d","timeOfDay":["08:00:00","20:30:00"]"#;
    check(&(with("x", two, &mg("5")) + "}"), "5 mg — x; twice daily; at 08:00, 20:30");
    let weekly = r#""frequency":1,"period":1,"periodUnit":"wk","dayOfWeek":["mon","thu"]"#;
    check(&(with("x", weekly, &mg("5")) + "}"), "5 mg — x; every week; on Monday, Thursday");
    let bedtime = format!(r#"{daily},"when":["HS","X"]"#);
    check(&(with("x", &bedtime, &mg("5")) + "}"), "5 mg — x; once daily; at bedtime, X");
    let range = format!(r#""doseRange":{{"low":{},"high":{}}}"#, dose("5", "mg"), dose("10", "mg"));
    let hours = r#""frequency":1,"period":2,"periodMax":6,"periodUnit":"h""#;
    let most = r#","maxDosePerPeriod":{"numerator":{"value":4,"unit":"g"},"denominator":{"value":24,"unit":"h"}}}"#;
    check(
        &(with("for pain", hours, &range) + most),
        "for pain; every 2 – 6 hours; 5 mg – 10 mg; at most 4 g / 24 h",
    );
    let none = r#""count":1"#;
    check(
        &(with("at most 4 g / 24 h", none, &mg("5")) + most),
        "5 mg — at most 4 g / 24 h; 1 times in all",
    );
    check(
        &(with("at most 4 g / 24 h/kg", none, &mg("5")) + most),
        "5 mg — at most 4 g / 24 h/kg; 1 times in all; at most 4 g / 24 h",
    );
}

#[test]
fn what_is_supplied_again_is_no_course() {
    // What the order says of its supply; the length that is left a value; all that is shown.
    let check = |supply: &str, course: Option<&str>, want: &str| {
        let days = r#"{"value":30,"unit":"days","system":"http://unitsofmeasure.org","code":"d"}"#;
        let text = format!(
            r#"{{"resourceType":"MedicationRequest","status":"active","intent":"order","subject":{{"reference":"Patient/1"}},"medicationCodeableConcept":{{"text":"x"}},"dosageInstruction":[{{"timing":{{"repeat":{{"boundsDuration":{days}}}}},"doseAndRate":[{{"doseQuantity":{{"value":5,"unit":"mg"}}}}]}}]{supply}}}"#
        );
        let intake = read("a.json", &text);
        let dosage = &intake.patients[0].medications[0].order.dosage[0];
        let length = dosage.duration.as_ref().map(|length| length.label().replace('\u{a0}', " "));
        let label = dosage.label().replace('\u{a0}', " ");
        assert_eq!((length.as_deref(), label.as_str()), (course, want), "{text}");
        // What is supplied again is no course that is over, however that is kept.
        let medicine = intake.patients[0].medications[0].clone();
        let about = MedicationAbout { authored_on: "2019-01-01".parse().ok(), ..medicine.about };
        let medicine = MedicationRequest { about, ..medicine };
        let ends = clinical::Chart::default().course_end(&medicine).is_some();
        let again = text.contains("Allowed") && !supply.ends_with(":0}");
        assert_eq!(ends, !again, "{text}");
    };
    let (whole, days) = ("5 mg — for 30 days", Some("30 days"));
    check("", days, whole);
    let supply = |members: &str| format!(r#","dispenseRequest":{{{members}}}"#);
    check(&supply(r#""numberOfRepeatsAllowed":0"#), days, whole);
    let month = r#""expectedSupplyDuration":{"value":30,"unit":"days","code":"d"}"#;
    check(&supply(month), days, whole);
    let often = "5 mg — for 30 days; repeats allowed: 110";
    // A number that the order has is not said again.
    check(&supply(r#""numberOfRepeatsAllowed":11"#), days, whole);
    check(&supply(&format!(r#""numberOfRepeatsAllowed":11,{month}"#)), days, whole);
    check(&supply(r#""numberOfRepeatsAllowed":"11""#), days, whole);
    check(&supply(r#""numberOfRepeatsAllowed":110"#), None, often);
    check(
        &supply(r#""numberOfRepeatsAllowed":"some""#),
        None,
        "5 mg — for 30 days; repeats allowed: some",
    );
    check(
        &supply(r#""numberOfRepeatsAllowed":0,"numberOfRepeatsAllowed":11"#),
        None,
        "5 mg — for 30 days; repeats allowed: 0 or 11",
    );
}

#[test]
fn a_dose_whose_unit_and_code_differ_is_words() {
    let check = |unit: &str, code: &str, want: &str, told: &[&str]| {
        let text = format!(
            r#"{{"resourceType":"MedicationStatement","status":"active","subject":{{"reference":"Patient/1"}},"medicationCodeableConcept":{{"text":"x"}},"dosage":[{{"doseAndRate":[{{"doseQuantity":{{"value":5,"unit":"{unit}","code":"{code}","system":"http://unitsofmeasure.org"}}}}]}}]}}"#
        );
        let intake = read("a.json", &text);
        let label = intake.patients[0].medications[0].order.dosage[0].label();
        assert_eq!(label.replace('\u{a0}', " "), want, "{text}");
        let codes: Vec<_> = intake.remarks().map(|finding| finding.code.as_str()).collect();
        let codes: Vec<_> = codes.into_iter().filter(|code| *code == "unit-contradicts").collect();
        assert_eq!(codes, told, "{text}");
    };
    check("mg", "ug", "dose unclear: 5 mg or 5 ug as written in the file", &["unit-contradicts"]);
    check("mL", "mg", "dose unclear: 5 mL or 5 mg as written in the file", &["unit-contradicts"]);
    check("mcg", "ug", "5 mcg", &[]);
    check("ml", "mL", "5 ml", &[]);
    check("tablet", "{tbl}", "5 tablet", &[]);
    check("units", "[iU]", "5 units", &[]);
}

#[test]
fn a_timing_whose_code_and_repeat_differ_is_words() {
    // The code and the rest of a timing; the frequency that is left a value; all that is shown.
    let check = |code: &str, repeat: &str, often: Option<&str>, want: &str| {
        let timing: Vec<String> = [("code", code), ("repeat", repeat)]
            .iter()
            .filter(|(_, member)| !member.is_empty())
            .map(|(name, member)| format!(r#""{name}":{{{member}}}"#))
            .collect();
        let text = format!(
            r#"{{"resourceType":"MedicationStatement","status":"active","subject":{{"reference":"Patient/1"}},"medicationCodeableConcept":{{"text":"x"}},"dosage":[{{"timing":{{{}}},"doseAndRate":[{{"doseQuantity":{{"value":15,"unit":"mg"}}}}]}}]}}"#,
            timing.join(",")
        );
        let intake = read("a.json", &text);
        let dosage = &intake.patients[0].medications[0].order.dosage[0];
        let timing = dosage.timing.as_ref().map(|timing| timing.label().replace('\u{a0}', " "));
        let label = dosage.label().replace('\u{a0}', " ");
        assert_eq!((timing.as_deref(), label.as_str()), (often, want), "{text}");
        let told = intake.remarks().filter(|finding| finding.code == "timing-contradicts").count();
        assert_eq!(told == 1, want.contains("unclear"), "{text}");
        assert_eq!(dosage.dose.is_none(), want.contains("unclear"), "{text}");
    };
    let gts = |code: &str, rest: &str| {
        let system = "http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation";
        format!(r#""coding":[{{"system":"{system}","code":"{code}"}}]{rest}"#)
    };
    let every = |frequency: u32, period: u32, unit: &str, rest: &str| {
        format!(r#""frequency":{frequency},"period":{period},"periodUnit":"{unit}"{rest}"#)
    };
    let text = |words: &str| format!(r#""text":"{words}""#);
    let unclear = |said: &str| format!("dose unclear: 15 mg, {said} as written in the file");
    let daily = every(1, 1, "d", "");
    let odd = |code: &str, repeat: &str, said: &str| check(code, repeat, None, &unclear(said));

    let weekly = gts("WK", r#","text":"once a week""#);
    odd(&weekly, &daily, "once a week or once daily");
    odd(&gts("WK", ""), &daily, "every week (WK) or once daily");
    odd(&gts("BID", ""), &every(4, 1, "d", ""), "twice daily (BID) or 4 times daily");
    odd(&gts("MO", ""), &every(1, 1, "wk", ""), "every month (MO) or every week");
    odd(&gts("QOD", ""), &daily, "every 2 days (QOD) or once daily");
    odd(&gts("Q8H", ""), &every(1, 6, "h", ""), "every 8 hours (Q8H) or every 6 hours");
    // Its text, its display and a second code count as much.
    odd(&text("once a week"), &daily, "once a week or once daily");
    odd(&gts("QD", r#","text":"weekly""#), &daily, "weekly or once daily (QD)");
    odd(&gts("QD", r#","text":"weekly""#), "", "weekly or once daily (QD)");
    let shown = r#""coding":[{"system":"urn:x","code":"1","display":"Once a week"}]"#;
    odd(shown, &daily, "Once a week or once daily");
    // What nobody here understands may be another frequency: it is not passed over.
    let twice = every(2, 1, "d", "");
    for unread in ["as on the chart", "semanalmente", "qwk", "matin et soir", "STOP", "stat"] {
        odd(&text(unread), &daily, &format!("{unread} or once daily"));
    }
    for unread in ["WEEKLY", "qwk", "STOP", "229799001"] {
        let bare = format!(r#""coding":[{{"code":"{unread}"}}]"#);
        odd(&bare, &daily, &format!("{unread} or once daily"));
        odd(&gts(unread, ""), &daily, &format!("{unread} or once daily"));
        let foreign =
            format!(r#""coding":[{{"system":"http://snomed.info/sct","code":"{unread}"}}]"#);
        odd(&foreign, &twice, &format!("{unread} or twice daily"));
    }
    odd(&text("deux fois par jour"), &twice, "deux fois par jour or twice daily");
    odd(&text("hebdomadaire"), &daily, "hebdomadaire or once daily");
    let named = r#""coding":[{"system":"urn:x","code":"1","display":"semanalmente"}]"#;
    odd(named, &daily, "semanalmente or once daily");
    odd(r#""coding":[{"system":"urn:x","code":"WK"}]"#, &twice, "WK or twice daily");
    odd(&gts("Q4W", ""), &daily, "Q4W or once daily");
    odd(
        &text("selon le plan"),
        &every(2, 1, "d", r#","frequencyMax":4"#),
        "selon le plan or 2 – 4 times daily",
    );
    // Days and hours.
    let monday = every(1, 1, "d", r#","dayOfWeek":["mon"]"#);
    odd(&gts("QD", ""), &monday, "once daily (QD) or on Monday");
    odd(&gts("QD", ""), r#""dayOfWeek":["mon"]"#, "once daily (QD) or on Monday");
    odd(&gts("WK", ""), r#""dayOfWeek":["mon","thu"]"#, "every week (WK) or on Monday, Thursday");
    odd(
        &gts("TID", ""),
        r#""when":["CM","CV"]"#,
        "3 times daily (TID) or with breakfast, with supper",
    );
    odd(&gts("AM", ""), r#""when":["EVE"]"#, "once daily (AM) or in the evening");
    odd(&gts("PM", ""), r#""timeOfDay":["08:00:00"]"#, "once daily (PM) or at 08:00");
    odd(
        &gts("BID", ""),
        &every(2, 1, "d", r#","frequencyMax":4"#),
        "twice daily (BID) or 2 – 4 times daily",
    );

    let fits = |code: &str, repeat: &str, often: &str| {
        check(code, repeat, Some(often), &format!("15 mg — {often}"));
    };
    for (code, frequency, period, unit, often) in [
        ("QD", 1, 1, "d", "once daily"),
        ("BID", 2, 1, "d", "twice daily"),
        ("TID", 3, 1, "d", "3 times daily"),
        ("QID", 4, 1, "d", "4 times daily"),
        ("QOD", 1, 2, "d", "every 2 days"),
        ("Q1H", 1, 1, "h", "every hour"),
        ("Q2H", 1, 2, "h", "every 2 hours"),
        ("Q3H", 1, 3, "h", "every 3 hours"),
        ("Q4H", 1, 4, "h", "every 4 hours"),
        ("Q6H", 1, 6, "h", "every 6 hours"),
        ("Q8H", 1, 8, "h", "every 8 hours"),
        ("WK", 1, 1, "wk", "every week"),
        ("MO", 1, 1, "mo", "every month"),
    ] {
        fits(&gts(code, ""), &every(frequency, period, unit, ""), often);
        fits(&gts(code, ""), "", often);
        fits(&gts(code, r#","text":"  ""#), "", often);
    }
    fits(&weekly, &every(1, 1, "wk", ""), "every week");
    fits(&weekly, &every(1, 7, "d", ""), "every 7 days");
    fits(&gts("BID", ""), &every(1, 12, "h", ""), "every 12 hours");
    fits(&text("twice a day"), &every(2, 1, "d", ""), "twice daily");
    fits(r#""coding":[{"code":"bid","display":"twice daily"}]"#, "", "twice daily");
    for (code, moment) in
        [("AM", "in the morning"), ("PM", "in the afternoon"), ("BED", "at bedtime")]
    {
        for repeat in ["", daily.as_str()] {
            let want = format!("15 mg — once daily — {moment}");
            check(&gts(code, ""), repeat, Some("once daily"), &want);
        }
    }
    // How long it is taken is none of the code's affair, and its other words are told.
    let bounds = r#""boundsDuration":{"value":5,"unit":"days","system":"http://unitsofmeasure.org","code":"d"}"#;
    check(&gts("BID", ""), bounds, Some("twice daily"), "15 mg — twice daily — for 5 days");
    let with_food = gts("BID", r#","text":"twice daily with food""#);
    let want = "15 mg — twice daily — twice daily with food";
    check(&with_food, &every(2, 1, "d", ""), Some("twice daily"), want);
    check(&weekly, r#""dayOfWeek":["mon"]"#, None, "15 mg — on Monday");
    check(&weekly, &monday, None, "15 mg — on Monday");
    let hours = r#""timeOfDay":["08:00:00","20:30:00"]"#;
    check(&gts("BID", ""), hours, None, "15 mg — twice daily; at 08:00, 20:30");
    check(&gts("QD", ""), r#""when":["C"]"#, None, "15 mg — once daily; with meals");
    check(
        &text("once daily, at bedtime"),
        &every(1, 1, "d", r#","when":["HS"]"#),
        None,
        "15 mg — once daily; at bedtime",
    );
    check(&text("as on the chart"), bounds, None, "15 mg — for 5 days — as on the chart");
    check(&text("twice daily"), "", None, "15 mg — twice daily");
}

#[test]
fn an_order_waits_for_the_medicine_it_names() {
    let order = r#"{"resourceType":"MedicationRequest","id":"r","status":"active","intent":"order","subject":{"reference":"Patient/1"},"medicationReference":{"reference":"Medication/m"}}"#;
    let medicine = r#"{"resourceType":"Medication","id":"m","code":{"text":"Amoxicillin"}}"#;
    let check = |files: &[&str], name: &str, code: Option<&str>| {
        let files: Vec<(String, Vec<u8>)> =
            files.iter().map(|text| ("x.ndjson".to_owned(), text.as_bytes().to_vec())).collect();
        let intake = read_all(&files);
        let patient = &intake.patients[0];
        assert_eq!(patient.medications[0].order.medication.label(), name);
        assert_eq!(told(&intake).first().and_then(|t| t.split(' ').next()), code);
    };
    let unresolved = Some("reference-unresolved");
    check(&[medicine, order], "Amoxicillin", unresolved);
    check(&[order, medicine], "Amoxicillin", unresolved);
    check(&[order], "Medicine not named", Some("medication-not-found"));
}

#[test]
fn findings_of_one_file_are_limited_and_counted() {
    let mut options = Options::default();
    options.limits.findings = 3;
    let lines = "{}\n".repeat(10);
    let intake = read_bytes("a.ndjson", lines.as_bytes(), &options);
    assert_eq!(intake.findings.len(), 4);
    assert_eq!(intake.findings[3].finding.code, "findings-more");
    assert!(intake.findings[3].finding.detail.starts_with("7 more"));
}
