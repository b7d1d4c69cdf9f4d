//! What cannot be is judged alike where it is typed and where it is imported: one table for both.

use clinical::*;
use interchange::{Intake, Options, read_bytes};
use serde_json::{Value, json};

const TODAY: &str = "2026-11-26";

fn read(resource: &Value) -> Intake {
    let options = Options { today: Some(TODAY.parse().unwrap()), ..Options::default() };
    read_bytes("a.json", resource.to_string().as_bytes(), &options)
}

fn codes(intake: &Intake) -> Vec<&str> {
    let codes = intake.remarks().map(|finding| finding.code.as_str());
    codes.filter(|code| *code != "reference-unresolved").collect()
}

/// A number of a form, and where it stands in a file.
#[derive(Debug, Clone, Copy)]
enum Place {
    Dose,
    Frequency,
    Period,
    Days,
    Sign(&'static str),
    Pressures(&'static str),
}

fn medication(place: Place, number: &str) -> MedicationDraft {
    let mut draft = MedicationDraft {
        medication: "amlodipine".into(),
        dose: "5".into(),
        unit: "mg".into(),
        frequency: "1".into(),
        period: "1".into(),
        period_unit: Some(DurationUnit::Day),
        duration_days: "7".into(),
        ..MedicationDraft::default()
    };
    match place {
        Place::Dose => draft.dose = number.into(),
        Place::Frequency => draft.frequency = number.into(),
        Place::Period => draft.period = number.into(),
        Place::Days => draft.duration_days = number.into(),
        Place::Sign(_) | Place::Pressures(_) => panic!("no part of a dosage"),
    }
    draft
}

/// The same line as a resource, its numbers as they were typed.
fn order(draft: &MedicationDraft) -> Value {
    let number = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let dose = json!({ "value": number(&draft.dose), "unit": draft.unit });
    let repeat = json!({
        "frequency": number(&draft.frequency),
        "period": number(&draft.period),
        "periodUnit": "d",
        "boundsDuration": { "value": number(&draft.duration_days), "unit": "d", "code": "d" },
    });
    json!({
        "resourceType": "MedicationRequest", "id": "m", "status": "active", "intent": "order",
        "subject": { "reference": "Patient/1" },
        "medicationCodeableConcept": { "text": draft.medication },
        "dosageInstruction": [{
            "timing": { "repeat": repeat }, "doseAndRate": [{ "doseQuantity": dose }],
        }],
    })
}

fn signs(place: Place, number: &str) -> VitalsDraft {
    let values: Vec<(&str, &str)> = match place {
        Place::Sign("systolic") => vec![("systolic", number), ("diastolic", "6")],
        Place::Sign("diastolic") => vec![("systolic", "349"), ("diastolic", number)],
        Place::Sign(field) => vec![(field, number)],
        Place::Pressures(diastolic) => vec![("systolic", number), ("diastolic", diastolic)],
        Place::Dose | Place::Frequency | Place::Period | Place::Days => panic!("no vital sign"),
    };
    let values = values.into_iter().map(|(field, text)| (field.to_owned(), text.to_owned()));
    VitalsDraft { values: values.collect(), encounter: None }
}

fn observation(draft: &VitalsDraft) -> Value {
    let of = |field: &str, text: &str| {
        let sign = VITALS.iter().find(|sign| sign.field == field).unwrap();
        let number = serde_json::from_str::<Value>(text).unwrap();
        json!({
            "code": { "coding": [{ "system": LOINC, "code": sign.loinc }] },
            "valueQuantity": { "value": number, "unit": sign.ucum, "code": sign.ucum,
                "system": UCUM },
        })
    };
    let typed = VITALS.iter().filter_map(|sign| draft.values.get_key_value(sign.field));
    let parts: Vec<Value> = typed.map(|(field, text)| of(field, text)).collect();
    let mut resource = match parts.as_slice() {
        [one] => one.clone(),
        both => json!({
            "code": { "coding": [{ "system": LOINC, "code": "85354-9" }] }, "component": both,
        }),
    };
    resource["resourceType"] = json!("Observation");
    resource["status"] = json!("final");
    resource["subject"] = json!({ "reference": "Patient/1" });
    resource
}

#[test]
fn numbers_typed_and_imported_are_judged_alike() {
    use Place::{Days, Dose, Frequency, Period, Pressures, Sign};
    let check = |place: Place, number: &str, possible: bool| {
        let told: &[&str] = if possible { &[] } else { &["amount-impossible"] };
        let (typed, resource) = match place {
            Sign(_) | Pressures(_) => {
                let draft = signs(place, number);
                let id = || ObservationId::from_uuid(uuid_v7(1, [1; 10]));
                let typed = draft.complete(id, &TODAY.parse().unwrap()).map(drop);
                (typed, observation(&draft))
            }
            Dose | Frequency | Period | Days => {
                let draft = medication(place, number);
                let id = MedicationId::from_uuid(uuid_v7(1, [1; 10]));
                let typed = draft.complete(id, TODAY.parse().unwrap()).map(drop);
                (typed, order(&draft))
            }
        };
        let typed = typed.err().unwrap_or_default();
        let typed: Vec<&str> = typed.iter().map(|finding| finding.code.as_str()).collect();
        assert_eq!(typed, told, "typed: {place:?} {number}");
        let intake = read(&resource);
        assert_eq!(codes(&intake), told, "imported: {place:?} {number}");
        let chart = &intake.patients[0];
        assert_eq!(chart.sources[0].body, resource.to_string(), "kept as it came");
        let values = numbers(chart);
        assert_eq!(values.is_empty(), !possible, "{place:?} {number}: {values:?}");
        if !possible {
            let shown = shown(chart);
            assert!(shown.contains("unclear: "), "{shown}");
            assert!(shown.contains("as written in the file"), "{shown}");
        }
    };
    for place in [Dose, Frequency, Period, Days] {
        check(place, "3", true);
        check(place, "100000", true);
        for impossible in ["-5", "0", "100001"] {
            check(place, impossible, false);
        }
    }
    check(Dose, "0.5", true);
    check(Dose, "0.0", false);
    check(Dose, "1e300", false);
    check(Dose, "1e-23", false);
    check(Dose, "0.000001", true);
    for sign in VITALS {
        let check = |number: &str, possible| check(Sign(sign.field), number, possible);
        check(&sign.min.to_string(), true);
        check(&(sign.max - 1.0).to_string(), true);
        check("-5", false);
        check("0", false);
        check(&(sign.max + 1.0).to_string(), false);
    }
    check(Pressures("80"), "120", true);
    check(Pressures("120"), "80", false);
    check(Pressures("80"), "80", false);
}

/// Every number a rule could compute with.
fn numbers(chart: &interchange::PatientIntake) -> Vec<String> {
    let orders = chart.medications.iter().flat_map(|medication| &medication.order.dosage);
    let dosages = orders.flat_map(|dosage| {
        let timing = dosage.timing.iter().map(Timing::label);
        let length = dosage.duration.iter().map(DosageDuration::label);
        dosage.dose.iter().map(Quantity::label).chain(timing).chain(length)
    });
    let signs = chart.observations.iter().flat_map(|fact| {
        fact.value.iter().chain(fact.component.iter().filter_map(|part| part.value.as_ref()))
    });
    let signs = signs.filter_map(|value| {
        if let ObservationValue::Quantity(quantity) = value { Some(quantity) } else { None }
    });
    // Of a pressure of which one is impossible the other stands, as the sender measured it.
    let odd = shown(chart).contains("unclear");
    dosages.chain(signs.filter(|_| !odd).map(Quantity::label)).collect()
}

fn shown(chart: &interchange::PatientIntake) -> String {
    let lines = chart.medications.iter().flat_map(|one| &one.order.dosage).map(Dosage::label);
    let facts = chart.observations.iter().map(Observation::value_label);
    lines.chain(facts).collect::<Vec<_>>().join("\n").replace('\u{a0}', " ")
}

#[test]
fn days_typed_and_imported_are_judged_alike() {
    let check = |born: &str, typed_as: Option<&str>, read_as: Option<&str>| {
        let draft =
            PatientDraft { family: "A".into(), birth_date: born.into(), ..Default::default() };
        let id = PatientId::from_uuid(uuid_v7(1, [1; 10]));
        let typed = draft.complete(id, &TODAY.parse().unwrap()).err().unwrap_or_default();
        let typed: Vec<&str> = typed.iter().map(|finding| finding.code.as_str()).collect();
        assert_eq!(typed, typed_as.into_iter().collect::<Vec<_>>(), "typed: {born}");
        let resource =
            json!({ "resourceType": "Patient", "name": [{ "family": "A" }], "birthDate": born });
        let intake = read(&resource);
        assert_eq!(codes(&intake), read_as.into_iter().collect::<Vec<_>>(), "imported: {born}");
        let identity = &intake.patients[0].patient.as_ref().unwrap().identity;
        assert_eq!(identity.birth_date.is_some(), read_as.is_none(), "{born}");
        assert_eq!(intake.patients[0].sources[0].body, resource.to_string(), "kept as it came");
    };
    check("1980", None, None);
    check(TODAY, None, None);
    // Tomorrow has begun in other zones.
    check("2026-11-27", None, None);
    check("2026-11-28", Some("date-future"), Some("date-ahead"));
    check("2999", Some("date-future"), Some("date-ahead"));
    for impossible in ["2026-02-30", "0000", "0000-01-01", "2025-02-29", "1980-13"] {
        check(impossible, Some("date-impossible"), Some("date-impossible"));
    }
    // A person may type a day in ways that a file must not write it.
    check("31/12/1980", None, Some("date-shape"));
    check("in spring", Some("date-shape"), Some("date-shape"));
}

#[test]
fn a_visit_that_ends_before_it_began_has_no_end() {
    let check = |start: &str, end: &str, can: bool| {
        let person = json!({ "resourceType": "Patient", "id": "p", "name": [{ "family": "A" }] });
        let visit = json!({
            "resourceType": "Encounter", "id": "e", "status": "finished",
            "class": { "code": "AMB" }, "subject": { "reference": "Patient/p" },
            "period": { "start": start, "end": end },
        });
        let entries = [person, visit].map(|one| json!({ "resource": one }));
        let bundle = json!({ "resourceType": "Bundle", "type": "collection", "entry": entries });
        let intake = read(&bundle);
        let want: &[&str] = if can { &[] } else { &["end-before-start"] };
        assert_eq!(codes(&intake), want, "{start} {end}");
        let visit = &intake.patients[0].encounters[0];
        assert_eq!(visit.start.as_ref().map(PartialDate::as_str), Some(start));
        assert_eq!(visit.end.as_ref().map(PartialDate::as_str), can.then_some(end));
    };
    let start = "2026-01-02T08:00:00+03:00";
    check(start, start, true);
    check(start, "2026-01-02T05:00:00Z", true);
    check(start, "2026-01-02T04:59:59Z", false);
    check(start, "2026-01-02", true);
    check(start, "2026-01-01", false);
    check("2026-01", "2025", false);
    check("2026-01", "2026", true);
}

#[test]
fn a_death_that_cannot_be_is_told_without_its_day() {
    let check = |born: &str, died: &str, want: Option<&str>, told: &[&str]| {
        let intake = read(&json!({
            "resourceType": "Patient", "name": [{ "family": "A" }], "birthDate": born,
            "deceasedDateTime": died,
        }));
        let patient = intake.patients[0].patient.as_ref().unwrap();
        let deceased = patient.deceased.as_ref().expect("that they died is told");
        assert_eq!(deceased.at.as_ref().map(PartialDate::as_str), want, "{born} {died}");
        assert_eq!(codes(&intake), told, "{born} {died}");
    };
    check("1980-05-01", "2020-01-01", Some("2020-01-01"), &[]);
    check("1980-05-01", "1980", Some("1980"), &[]);
    check("1980-05-01", "1979-12-31", None, &["death-before-birth"]);
    check("1980-05-01", "2999-01-01", None, &["date-ahead"]);
    check("1980-05-01", "2020-02-30", None, &["date-impossible"]);
    check("0000", "1979", Some("1979"), &["date-impossible"]);
}

#[test]
fn a_dosage_with_a_number_that_cannot_be_is_words() {
    let check = |dosage: Value, want: &str, told: usize| {
        let mut resource = order(&medication(Place::Dose, "5"));
        resource["dosageInstruction"] = json!([dosage]);
        let intake = read(&resource);
        let label = shown(&intake.patients[0]);
        assert_eq!(label, want, "{dosage}");
        assert_eq!(codes(&intake), vec!["amount-impossible"; told], "{dosage}");
    };
    let mg = |value: Value| json!({ "value": value, "unit": "mg" });
    let rate = |member: &str, value: Value| json!({ "doseAndRate": [{ member: value }] });
    check(
        json!({
            "text": "Take with food", "timing": { "repeat":
                { "frequency": 2, "period": 1, "periodUnit": "d" } },
            "route": { "text": "oral" },
            "doseAndRate": [{ "doseQuantity": mg(json!(-5)) }],
        }),
        "oral — dose unclear: -5 mg, twice daily as written in the file; Take with food",
        1,
    );
    check(rate("doseQuantity", mg(json!(0))), "dose unclear: 0 mg as written in the file", 1);
    let range = |low: i32, high: i32| json!({ "low": mg(json!(low)), "high": mg(json!(high)) });
    check(rate("doseRange", range(5, 10)), "5 mg – 10 mg", 0);
    check(rate("doseRange", range(0, 2)), "0 mg – 2 mg", 0);
    check(
        rate("doseRange", range(-5, 10)),
        "dose unclear: -5 mg – 10 mg as written in the file",
        1,
    );
    check(rate("doseRange", range(0, 0)), "dose unclear: 0 mg – 0 mg as written in the file", 1);
    check(rate("doseRange", range(10, 5)), "dose unclear: 10 mg – 5 mg as written in the file", 1);
    let ratio = |over: i32, under: i32| json!({ "numerator": mg(json!(over)), "denominator": { "value": under, "unit": "h" } });
    check(rate("rateRatio", ratio(5, 1)), "5 mg / 1 h", 0);
    check(rate("rateRatio", ratio(5, 0)), "dose unclear: 5 mg / 0 h as written in the file", 1);
    check(rate("rateRatio", ratio(-5, 1)), "dose unclear: -5 mg / 1 h as written in the file", 1);
    check(
        json!({ "maxDosePerPeriod": ratio(0, 1) }),
        "dose unclear: at most 0 mg / 1 h as written in the file",
        1,
    );
    let repeat = |repeat: Value| json!({ "timing": { "repeat": repeat } });
    check(
        repeat(json!({ "frequency": -2, "period": 1, "periodUnit": "d" })),
        "dose unclear: -2 times in 1 d as written in the file",
        1,
    );
    check(
        repeat(json!({ "count": 0, "offset": 0, "when": ["AC"] })),
        "dose unclear: 0 times in all as written in the file; before meals; 0 minutes from the event",
        1,
    );
    let days = repeat(json!({ "boundsPeriod": { "start": "2026-02-01", "end": "2026-02-10" } }));
    check(days, "for 2026-02-01 – 2026-02-10", 0);
    check(
        json!({ "doseAndRate": [
            { "doseQuantity": mg(json!(-5)) }, { "doseQuantity": mg(json!(10)) } ] }),
        "dose unclear: 10 mg, -5 mg as written in the file",
        1,
    );
}

#[test]
fn a_period_of_days_that_do_not_exist_is_words() {
    let period = json!({ "start": "2026-02-30", "end": "2026-03-02" });
    let mut resource = order(&medication(Place::Dose, "5"));
    resource["dosageInstruction"] = json!([{ "timing": { "repeat": { "boundsPeriod": period } } }]);
    let fact = json!({
        "resourceType": "Observation", "status": "final", "code": { "text": "Fever" },
        "subject": { "reference": "Patient/1" }, "valuePeriod": period,
    });
    for (resource, what) in [(resource, "dose unclear: for "), (fact, "value unclear: ")] {
        let intake = read(&resource);
        let want = format!("{what}2026-02-30 – 2026-03-02 as written in the file");
        assert_eq!(shown(&intake.patients[0]), want);
        assert_eq!(codes(&intake), ["date-impossible"]);
    }
}

#[test]
fn a_vital_sign_that_cannot_be_never_reads_as_one() {
    let check = |systolic: &str, diastolic: &'static str, want: &str| {
        let draft = signs(Place::Pressures(diastolic), systolic);
        assert_eq!(shown(&read(&observation(&draft)).patients[0]), want);
    };
    check("120", "80", "120/80 mm[Hg]");
    let odd = |n: &str| format!("value unclear: {n} mm[Hg] as written in the file");
    check("900", "80", &format!("{}, 80 mm[Hg]", odd("900")));
    check("80", "120", &format!("{}, {}", odd("80"), odd("120")));
}

#[test]
fn signs_that_nobody_sees_are_told_and_not_shown_and_the_original_is_kept() {
    let text = "{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"\u{202e}Okel\u{200b}lo\",\"given\":[\"علی\u{200c}رضا\"]}],\"gender\":\"fem\\u200bale\"}";
    let intake = read_bytes("a.json", text.as_bytes(), &Options::default());
    let told: Vec<_> = intake.remarks().map(|f| (f.code.as_str(), f.path.as_str())).collect();
    let want = [("hidden-signs", "Patient.name[0].family"), ("hidden-signs", "Patient.gender")];
    assert_eq!(told, want);
    let identity = &intake.patients[0].patient.as_ref().unwrap().identity;
    assert_eq!(identity.name[0].family, "Okello");
    assert_eq!(identity.name[0].given, ["علی\u{200c}رضا"]);
    assert!(intake.patients[0].sources[0].body.contains("\u{202e}Okel\u{200b}lo"));
}

#[test]
fn of_values_of_two_kinds_neither_is_taken() {
    let check = |members: Value, codes_wanted: &[&str], value: bool| {
        let mut part = json!({ "code": { "text": "Weight" } });
        part.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        let about = json!({
            "resourceType": "Observation", "id": "o", "status": "final",
            "subject": { "reference": "Patient/1" },
        });
        let with = |more: Value| {
            let mut whole = about.clone();
            whole.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            whole
        };
        let panel = with(json!({ "code": { "text": "Panel" }, "component": [part] }));
        for resource in [with(part), panel] {
            let name = json!([{ "family": "Okello" }]);
            let patient = json!({ "resourceType": "Patient", "id": "1", "name": name });
            let entries = json!([{ "resource": patient }, { "resource": resource }]);
            let bundle =
                json!({ "resourceType": "Bundle", "type": "collection", "entry": entries });
            let intake = read(&bundle);
            assert_eq!(codes(&intake), codes_wanted, "{resource}");
            let read = &intake.patients[0].observations[0];
            let of_part = read.component.first().and_then(|part| part.value.as_ref());
            assert_eq!(read.value.as_ref().or(of_part).is_some(), value, "{resource}");
            let as_it_came = resource.to_string();
            assert!(intake.sources().any(|source| source.body == as_it_came));
        }
    };
    let weight = || json!({ "value": 70, "unit": "kg" });
    check(json!({ "valueQuantity": weight() }), &[], true);
    check(json!({ "valueQuantity": weight(), "valueString": "90 kg" }), &["value-several"], false);
    check(json!({ "valueString": "x", "valueBoolean": true }), &["value-several"], false);
    check(json!({ "valueQuantity": weight(), "valueString": null }), &[], true);
}
