//! Which value counts after corrections: by people and by files, however old, and by whatever a
//! sender says in turn.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use crate::support::files::{PATIENT, codes};
use crate::support::{Desk, call, clinic};
use api::{ChartView, ImportView};
use app::{App, Export, Format};
use clinical::{
    EntryKind, EntryRef, MedicationDraft, Observation, ObservationId, PatientId, VitalsDraft,
};
use std::fmt::Write;

const WEIGHT: &str = "29463-7";
const HEIGHT: &str = "8302-2";
const REPLACES: &str = "http://hl7.org/fhir/StructureDefinition/observation-replaces";

/// An observation as a file has it; what is empty is left out.
#[derive(Clone, Copy)]
struct Said<'a> {
    id: &'a str,
    status: &'a str,
    code: &'a str,
    value: &'a str,
    at: &'a str,
    updated: &'a str,
    replaces: &'a str,
}

const SAID: Said<'_> = Said {
    id: "w1",
    status: "final",
    code: WEIGHT,
    value: "70",
    at: "2026-01-01T08:00:00Z",
    updated: "",
    replaces: "",
};

impl Said<'_> {
    fn json(&self) -> String {
        let Said { id, status, code, value, at, updated, replaces } = self;
        let mut json = format!(
            r#"{{"resourceType":"Observation","id":"{id}","status":"{status}","subject":{{"reference":"Patient/p1"}},"category":[{{"coding":[{{"code":"vital-signs"}}]}}],"code":{{"coding":[{{"system":"http://loinc.org","code":"{code}"}}]}},"effectiveDateTime":"{at}""#
        );
        if !value.is_empty() {
            let unit = if *code == HEIGHT { "cm" } else { "kg" };
            write!(json, r#","valueQuantity":{{"value":{value},"unit":"{unit}","system":"http://unitsofmeasure.org","code":"{unit}"}}"#).unwrap();
        }
        if !updated.is_empty() {
            write!(json, r#","meta":{{"lastUpdated":"{updated}"}}"#).unwrap();
        }
        if !replaces.is_empty() {
            write!(json, r#","extension":[{{"url":"{REPLACES}","valueReference":{{"reference":"{replaces}"}}}}]"#).unwrap();
        }
        json + "}"
    }
}

fn import(app: &App<Desk>, desk: &Desk, all: &[Said<'_>]) -> ImportView {
    let path = desk.path().join("a.ndjson");
    let lines: Vec<String> =
        Some(PATIENT.to_owned()).into_iter().chain(all.iter().map(Said::json)).collect();
    std::fs::write(&path, lines.join("\n")).unwrap();
    app.import(&[path], |_, _| {}).unwrap()
}

fn patient(app: &App<Desk>) -> PatientId {
    call(app, api::FindPatients { query: String::new(), limit: 9 })[0].patient
}

fn view(app: &App<Desk>) -> ChartView {
    call(app, api::OpenChart { patient: patient(app) })
}

fn label(value: &str) -> String {
    let (value, unit) = value.split_once(' ').unwrap_or((value, "kg"));
    format!("{value}\u{a0}{unit}")
}

fn labels(some: &[&str]) -> Vec<String> {
    some.iter().map(|value| label(value)).collect()
}

/// The values of weights and heights that count, as the chart's reader shows them.
fn counting(view: &ChartView) -> Vec<String> {
    let all = view.chart.observations.iter();
    let is_size = |one: &&Observation| !one.value_label().ends_with("/min");
    let counts = |one: &&Observation| view.chart.is_in_force(&view.corrections, one);
    let mut found: Vec<String> =
        all.filter(is_size).filter(counts).map(Observation::value_label).collect();
    found.sort();
    found
}

fn correct(app: &App<Desk>, observation: ObservationId, kilos: &str) {
    let values = [("weight".to_owned(), kilos.to_owned())].into();
    let draft = VitalsDraft { values, ..VitalsDraft::default() };
    call(app, api::CorrectVitals { patient: patient(app), observation, draft });
}

/// The weight a dose goes by.
fn last_weights(app: &App<Desk>) -> Vec<String> {
    let draft = MedicationDraft { medication: "Amoxicillin".into(), ..MedicationDraft::default() };
    let review = call(
        app,
        api::ReviewMedication { patient: patient(app), order: api::ProposedOrder::New(draft) },
    );
    let mut found: Vec<String> = review.weight.iter().map(Observation::value_label).collect();
    found.sort();
    found
}

#[test]
fn a_correction_counts_however_many_newer_findings_there_are() {
    type Way = fn(&App<Desk>, &Desk);
    let by_a_person: Way = |app, _| {
        let all = view(app).chart.observations;
        let wrong = all.iter().find(|one| one.value_label() == label("142"));
        // Where it is not listed its id is known from elsewhere.
        let listed = wrong.map(|one| one.id);
        correct(app, listed.unwrap(), "14.2");
    };
    let by_a_file: Way = |app, desk| {
        import(app, desk, &[Said { value: "14.2", at: "1999-01-01", ..SAID }]);
    };
    let by_two_files: Way = |app, desk| {
        let of = Said { at: "1999-01-01", replaces: "Observation/w1", ..SAID };
        let first = Said { value: "142", ..SAID };
        import(app, desk, &[first, Said { id: "w2", value: "14.2", ..of }]);
        import(app, desk, &[first, Said { id: "w3", value: "14.3", ..of }]);
    };
    let check = |newer: u32, way: Way, want: &[&str], shown: bool| {
        let desk = Desk::new();
        let app = clinic(&desk);
        let wrong = Said { value: "142", ..SAID };
        import(&app, &desk, &[wrong]);
        way(&app, &desk);
        // An older weight that is none to go by.
        import(&app, &desk, &[Said { id: "w0", value: "15", at: "1980-01-01", ..SAID }]);
        let pulses: Vec<(String, String)> = (0..newer)
            .map(|n| (format!("p{n}"), format!("2026-02-01T{:02}:{:02}:00Z", n / 60, n % 60)))
            .collect();
        let pulses: Vec<Said<'_>> = pulses
            .iter()
            .map(|(id, at)| Said { id, at, code: "8867-4", value: "", ..SAID })
            .collect();
        import(&app, &desk, &pulses);
        let seen = view(&app);
        let values: Vec<String> =
            counting(&seen).into_iter().filter(|value| !value.is_empty()).collect();
        assert_eq!(values, if shown { labels(want) } else { Vec::new() }, "{newer}");
        if shown {
            let is_wrong = |one: &&Observation| one.value_label() == label("142");
            let first = seen.chart.observations.iter().find(is_wrong).unwrap();
            assert!(seen.corrections.is_corrected(first.id), "{newer}: it is told");
            assert_eq!(!seen.corrections.rivals.is_empty(), want.len() > 1);
        }
        assert_eq!(last_weights(&app), labels(want), "{newer}");
    };
    for newer in [49, 199, 210] {
        check(newer, by_a_person, &["14.2"], newer < 50);
        check(newer, by_a_file, &["14.2"], newer < 50);
        check(newer, by_two_files, &["14.2", "14.3"], newer < 50);
    }
}

#[test]
fn an_old_correction_passes_for_the_last_of_its_sign_nowhere() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let wrong = Said { value: "142", ..SAID };
    import(&app, &desk, &[wrong]);
    import(&app, &desk, &[Said { value: "14.2", at: "1999-01-01", ..SAID }]);
    // Between the correction and the newest findings.
    let later = [
        Said { id: "w2", value: "58", at: "2024-01-01", ..SAID },
        Said { id: "w3", code: "3141-9", value: "60", at: "2025-06-01", ..SAID },
        Said { id: "h1", code: HEIGHT, value: "170", at: "2025-07-01", ..SAID },
    ];
    import(&app, &desk, &later);
    let times: Vec<(String, String)> =
        (0..49).map(|n| (format!("p{n}"), format!("2026-02-01T08:{n:02}:00Z"))).collect();
    let pulses = times.iter().map(|(id, at)| Said { id, at, code: "8867-4", value: "", ..SAID });
    import(&app, &desk, &pulses.collect::<Vec<_>>());
    let seen = view(&app);
    let values = || counting(&seen).into_iter().filter(|value| !value.is_empty());
    assert_eq!(values().collect::<Vec<_>>(), labels(&["14.2", "60"]));
    let last = seen.chart.last_weights();
    assert_eq!(last.iter().map(|one| one.value_label()).collect::<Vec<_>>(), labels(&["60"]));
    assert_eq!(last_weights(&app), labels(&["60"]));
    let entry = |one: &Observation| EntryRef::new(EntryKind::Observation, one.id.uuid());
    assert!(seen.chart.stamp_of(entry(last[0])).is_some(), "it is told who recorded it");
    let is_wrong = |one: &&Observation| one.value_label() == label("142");
    let first = seen.chart.observations.iter().find(is_wrong).unwrap();
    assert!(seen.corrections.is_corrected(first.id));
}

#[test]
fn a_weight_is_held_against_the_last_whatever_else_was_recorded() {
    let check = |others: usize, latest: bool| {
        let desk = Desk::new();
        let app = clinic(&desk);
        let weight = |id, value, at| Said { id, value, at, ..SAID };
        let mut all = vec![
            weight("w1", "70", "2025-01-01"),
            weight("w2", "72", "2025-06-01"),
            weight("w3", "7.1", "2025-07-01"),
        ];
        // Haemoglobins, taken later.
        let times: Vec<(String, String)> = (0..others)
            .map(|n| (format!("p{n}"), format!("2026-02-01T{:02}:{:02}:00Z", n / 60, n % 60)))
            .collect();
        all.extend(times.iter().map(|(id, at)| Said { id, at, code: "718-7", value: "", ..SAID }));
        if latest {
            all.push(weight("w4", "90", "2026-03-01"));
        }
        import(&app, &desk, &all);
        let seen = view(&app);
        let expected = seen.expected_weight.unwrap();
        let limits = [expected.low_kg.to_string(), expected.high_kg.to_string()];
        assert_eq!(expected.last.value_label(), label("72"), "{others}");
        assert_eq!(limits, ["57.60", "86.40"], "{others}");
        let find = |id| seen.chart.observations.iter().find(|one| one.id == id).unwrap();
        let jumps: Vec<[String; 2]> = seen
            .weight_jumps
            .iter()
            .map(|(after, before)| [find(*after).value_label(), find(*before).value_label()])
            .collect();
        // The last weight stands beside a dose, however much was found since.
        let slip = (others < 50 || !latest).then_some(["7.1", "72"]);
        let want = slip.into_iter().chain(latest.then_some(["90", "72"]));
        assert_eq!(jumps, want.map(|pair| pair.map(label)).collect::<Vec<_>>(), "{others}");
        for (_, before) in seen.weight_jumps {
            let entry = EntryRef::new(EntryKind::Observation, before.uuid());
            assert!(seen.chart.stamp_of(entry).is_some(), "{others}: it is told who recorded it");
        }
    };
    for others in [0, 55, 198, 210] {
        check(others, true);
    }
    check(55, false);
}

#[test]
fn the_last_word_of_a_sender_counts_and_is_told_where_it_takes_back() {
    let said = |value| Said { value, ..SAID };
    let of = |status, value| Said { status, value, ..SAID };
    let on = |updated, value| Said { updated, value, ..SAID };
    let error = "entered-in-error";
    let check = |all: &[Said<'_>], want: &[&str], told: &[&str]| {
        let name: Vec<String> = all.iter().map(Said::json).collect();
        // Two computers agree.
        let computers = if all.len() < 4 { 1 } else { 2 };
        let charts: Vec<_> = std::iter::repeat_with(Desk::new)
            .take(computers)
            .map(|desk| {
                let desk = &desk;
                let app = clinic(desk);
                let mut last = ImportView::default();
                for one in all {
                    last = import(&app, desk, &[*one]);
                }
                assert_eq!(codes(&last), told, "{name:?}");
                let seen = view(&app);
                assert_eq!(counting(&seen), labels(want), "{name:?}");
                import(&app, desk, &all[all.len() - 1..]);
                let again = view(&app);
                assert_eq!(
                    again.chart, seen.chart,
                    "the same file again changes nothing: {name:?}"
                );
                // Out and in again is no news either.
                let out = desk.path().join("out.json");
                let (format, patient) = (Format::Bundle, Some(patient(&app)));
                app.export(&Export { format, patient, out: out.clone() }, |_, _| {}).unwrap();
                let text = std::fs::read_to_string(&out).unwrap();
                app.import(&[out], |_, _| {}).unwrap();
                let back = view(&app).chart;
                assert_eq!(back.observations, seen.chart.observations, "{name:?} {text}");
                assert_eq!(back.withdrawn, seen.chart.withdrawn, "{name:?}");
                let exported: serde_json::Value = serde_json::from_str(&text).unwrap();
                let entries = exported["entry"].as_array().unwrap();
                let valid = entries.iter().filter(|one| {
                    let one = &one["resource"];
                    let is_void = one["status"] == error || one["status"] == "cancelled";
                    one["resourceType"] == "Observation" && !is_void
                });
                assert_eq!(valid.count(), want.len(), "{name:?} {text}");
                seen.chart.observations
            })
            .collect();
        assert_eq!(charts.first(), charts.last(), "{name:?}");
    };
    check(&[said("70")], &["70"], &[]);
    check(&[said("70"), said("7")], &["7"], &[]);
    check(&[said("70"), said("7"), said("70")], &["70"], &[]);
    check(&["70", "71", "72", "71"].map(said), &["71"], &[]);
    check(&["70", "7", "70", "7", "70"].map(said), &["70"], &[]);
    // Taken back.
    check(&[said("142"), of(error, "142")], &[], &["taken-back"]);
    check(&[said("142"), of("cancelled", "")], &[], &["taken-back"]);
    check(&[said("70"), of("corrected", "7"), of(error, "7")], &[], &["taken-back"]);
    check(&[said("70"), of("corrected", "7"), of(error, "70")], &[], &["taken-back"]);
    check(&[said("70"), said("71"), said("72"), of(error, "")], &[], &["taken-back"]);
    check(&[said("70"), of(error, "70"), said("70")], &["70"], &[]);
    check(&[said("70"), of(error, "70"), said("70"), of(error, "70")], &[], &["taken-back"]);
    check(&[of(error, "70"), said("70")], &["70"], &[]);
    // What is older, by what both say.
    let day = ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z"];
    check(&[on(day[1], "70"), on(day[2], "7"), on(day[0], "71")], &["7"], &["version-older"]);
    check(&[on(day[0], "70"), on(day[1], "7"), on(day[0], "70")], &["7"], &["version-older"]);
    check(&[on(day[0], "70"), on(day[1], "7"), on(day[2], "70")], &["70"], &[]);
    check(
        &[on(day[1], "70"), Said { status: error, ..on(day[0], "") }],
        &["70"],
        &["version-older"],
    );
    // What cannot stand in its place.
    let unclear = ["replaces-unclear"];
    check(&[said("142"), of("preliminary", "14.2")], &["14.2", "142"], &unclear);
    check(&[of("preliminary", "142"), of("preliminary", "14.2")], &["14.2"], &[]);
    check(&[said("142"), of("registered", ""), said("14.2")], &["14.2"], &[]);
    let height = Said { code: HEIGHT, ..said("142") };
    check(&[said("142"), height], &["142 cm", "142"], &unclear);
    check(&[said("142"), height, said("14.2")], &["14.2", "142 cm"], &[]);
}

#[test]
fn what_a_person_corrected_is_taken_back_by_no_file() {
    let desk = Desk::new();
    let app = clinic(&desk);
    import(&app, &desk, &[SAID]);
    correct(&app, view(&app).chart.observations[0].id, "71");
    let before = view(&app).chart;
    for status in ["entered-in-error", "cancelled"] {
        let told = import(&app, &desk, &[Said { status, ..SAID }]);
        assert_eq!(codes(&told), ["changed-here"]);
        assert_eq!(view(&app).chart, before);
    }
}

#[test]
fn a_finding_hides_no_other_than_its_own_sign() {
    let first = Said { value: "142", ..SAID };
    let other = Said { id: "w2", value: "14.2", replaces: "Observation/w1", ..SAID };
    let check = |other: Said<'_>, want: &[&str], told: &[&str]| {
        for apart in [false, true] {
            let desk = Desk::new();
            let app = clinic(&desk);
            if apart {
                import(&app, &desk, &[first]);
            }
            let said = import(&app, &desk, &[first, other]);
            assert_eq!(codes(&said), told, "{}", other.json());
            let values = counting(&view(&app));
            let values: Vec<String> = values.into_iter().filter(|one| !one.is_empty()).collect();
            assert_eq!(values, labels(want), "{}", other.json());
        }
    };
    let unclear = ["replaces-unclear"];
    check(other, &["14.2"], &[]);
    check(Said { status: "amended", ..other }, &["14.2"], &[]);
    check(Said { code: HEIGHT, value: "142", ..other }, &["142 cm", "142"], &unclear);
    check(Said { value: "", ..other }, &["142"], &unclear);
    check(Said { status: "registered", ..other }, &["14.2", "142"], &unclear);
    check(Said { status: "preliminary", ..other }, &["14.2", "142"], &unclear);
    check(Said { status: "entered-in-error", ..other }, &["142"], &[]);
}

#[test]
fn what_was_recorded_here_is_hidden_by_no_file() {
    let desk = Desk::new();
    let app = clinic(&desk);
    import(&app, &desk, &[]);
    let values = [("weight".to_owned(), "70".to_owned())].into();
    let draft = VitalsDraft { values, ..VitalsDraft::default() };
    call(&app, api::RecordVitals { patient: patient(&app), draft });
    let here = view(&app).chart.observations[0].clone();
    let out = desk.path().join("out.json");
    let export = Export { format: Format::Bundle, patient: Some(patient(&app)), out: out.clone() };
    app.export(&export, |_, _| {}).unwrap();
    let mut bundle: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&out).unwrap()).unwrap();
    let entries = bundle["entry"].as_array_mut().unwrap();
    let own = entries.iter().find(|one| one["resource"]["resourceType"] == "Observation").unwrap();
    let (mut other, url) = (own.clone(), own["fullUrl"].clone());
    let id = "0198d3a4-0000-7000-8000-00000000abcd";
    other["fullUrl"] = format!("urn:uuid:{id}").into();
    other["resource"]["id"] = id.into();
    other["resource"]["valueQuantity"]["value"] = 7.into();
    other["resource"]["extension"] =
        serde_json::json!([{ "url": REPLACES, "valueReference": { "reference": url } }]);
    entries.push(other);
    std::fs::write(&out, bundle.to_string()).unwrap();
    for _ in 0..2 {
        let told = app.import(std::slice::from_ref(&out), |_, _| {}).unwrap();
        assert_eq!(codes(&told), ["replaces-unclear"]);
        assert_eq!(counting(&view(&app)), labels(&["70", "7"]));
    }
    // Nor by another value under its own id.
    let desk = Desk::new();
    let app = clinic(&desk);
    import(&app, &desk, &[]);
    let values = [("weight".to_owned(), "70".to_owned())].into();
    let draft = VitalsDraft { values, ..VitalsDraft::default() };
    call(&app, api::RecordVitals { patient: patient(&app), draft });
    let there = view(&app).chart.observations[0].clone();
    assert_ne!(there.id, here.id);
    let out = desk.path().join("out.json");
    let export = Export { format: Format::Bundle, patient: Some(patient(&app)), out: out.clone() };
    app.export(&export, |_, _| {}).unwrap();
    let text = std::fs::read_to_string(&out).unwrap();
    assert!(text.contains(r#""value":70"#) || text.contains(r#""value": 70"#), "{text}");
    std::fs::write(
        &out,
        text.replace(r#""value":70"#, r#""value":7"#).replace(r#""value": 70"#, r#""value": 7"#),
    )
    .unwrap();
    let told = app.import(&[out], |_, _| {}).unwrap();
    assert_eq!(codes(&told), ["changed-here"]);
    assert_eq!(counting(&view(&app)), labels(&["70"]));
}
