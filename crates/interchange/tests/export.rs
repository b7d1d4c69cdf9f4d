//! Writing: what went in comes out, what changed is written over it, what is disputed is seen.

use crate::support;
use crate::support::{chart_of, read_all};
use clinical::{
    AlertTier, AllergyCategory, AllergyClinicalStatus, AllergyCriticality, AllergyIntolerance,
    AllergyIntoleranceId, Chart, ClinicId, CodeableConcept, Composition, CompositionId, Condition,
    ConditionClinicalStatus, ConditionId, Conflict, DeviceId, DispenseRequest, Dosage,
    DosageDuration, DurationUnit, Encounter, EncounterClass, EncounterId, EncounterStatus,
    EntryKind, EntryRef, EntryValue, Instant, MedicationAbout, MedicationId, MedicationIntent,
    MedicationOrder, MedicationRequest, MedicationStatus, NoteSection, NoteSectionCode,
    Observation, ObservationId, ObservationStatus, ObservationValue, Patient, PatientId,
    PatientLink, PatientLinkId, Practitioner, PractitionerId, Quantity, Reaction, ReactionSeverity,
    Role, Stamp, StatusReason, Task, TaskId, TaskStatus, Timing, VerificationStatus, Version,
    VitalsDraft, Waiting, ids::uuid_v7,
};
use interchange::{Export, Intake, Names, Options, Sender, read_bytes};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

const NOW: Instant = Instant::from_unix_ms(1_795_512_600_000);

fn id(number: i64) -> Uuid {
    uuid_v7(1_795_000_000_000 + number, [7; 10])
}

fn stamp(person: i64) -> Stamp {
    Stamp {
        author: PractitionerId::from_uuid(id(900 + person)),
        device: DeviceId::from_uuid(id(800 + person)),
        at: Instant::from_unix_ms(1_795_500_000_000 + person),
    }
}

fn people() -> Vec<Practitioner> {
    let person = |number: i64, name: &str| Practitioner {
        id: PractitionerId::from_uuid(id(900 + number)),
        user_name: format!("u{number}"),
        name: name.to_owned(),
        role: Role::Clinician,
        public_keys: Default::default(),
        active: true,
        removed_by: Vec::new(),
        unconfirmed: false,
        credentials: clinical::Credentials::default(),
    };
    vec![person(1, "Dr Amina Yusuf"), person(2, "Peter Njoroge")]
}

fn devices() -> BTreeMap<DeviceId, String> {
    [(1, "Room 1"), (2, "Outreach")]
        .map(|(number, name)| (DeviceId::from_uuid(id(800 + number)), name.to_owned()))
        .into()
}

fn bundle(chart: &Chart) -> String {
    bundle_of(1, chart, &[])
}

/// What a clinic writes of a chart.
fn bundle_of(clinic: i64, chart: &Chart, waiting: &[Waiting]) -> String {
    let people = people();
    let clinic = ClinicId::from_uuid(id(700 + clinic));
    let sender = Sender { clinic, sources: &[], people: &people, devices: devices() };
    Export::new(sender, NOW).bundle(chart, waiting).unwrap()
}

fn pretty(json: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(json).unwrap();
    serde_json::to_string_pretty(&value).unwrap()
}

fn patient() -> Patient {
    let text = r#"{"resourceType":"Patient","id":"0190d1f0-0000-7000-8000-000000000001","identifier":[{"type":{"text":"Clinic number"},"value":"C-7"}],"name":[{"family":"Okello","given":["Grace"]}],"telecom":[{"system":"phone","value":"0700"}],"gender":"female","birthDate":"1980"}"#;
    let intake = read_bytes("p.json", text.as_bytes(), &Options::default());
    let mut patient = intake.patients[0].patient.clone().unwrap();
    patient.identity.birth_date_estimated = true;
    patient.code_status = Some(CodeableConcept::from_text("Full resuscitation"));
    patient
}

fn allergy(number: i64, name: &str) -> AllergyIntolerance {
    AllergyIntolerance {
        id: AllergyIntoleranceId::from_uuid(id(number)),
        code: CodeableConcept::from_text(name),
        category: Some(AllergyCategory::Medication),
        criticality: Some(AllergyCriticality::High),
        clinical_status: AllergyClinicalStatus::Active,
        verification_status: VerificationStatus::Confirmed,
        reaction: vec![Reaction {
            manifestation: vec![CodeableConcept::from_text("Rash")],
            severity: Some(ReactionSeverity::Moderate),
        }],
        onset: Some("2019".parse().unwrap()),
        note: Some("Told by her mother.".into()),
    }
}

fn order(dose: &str, times: u32) -> MedicationOrder {
    MedicationOrder::new(
        CodeableConcept::from_text("Amlodipine"),
        vec![Dosage {
            dose: Some(Quantity::ucum(dose.parse().unwrap(), "mg")),
            route: Some(CodeableConcept::from_text("oral")),
            timing: Some(Timing::times_a_day(times)),
            duration: Some(DosageDuration {
                value: "30".parse().unwrap(),
                unit: DurationUnit::Day,
            }),
            ..Dosage::default()
        }],
        MedicationStatus::Active,
    )
}

fn medication(number: i64, intent: MedicationIntent) -> MedicationRequest {
    MedicationRequest {
        id: MedicationId::from_uuid(id(number)),
        order: order("5.0", 1),
        about: MedicationAbout {
            encounter: Some(EncounterId::from_uuid(id(40))),
            authored_on: Some("2026-11-24".parse().unwrap()),
            reason: vec![CodeableConcept::from_text("Hypertension")],
            ..MedicationAbout::new(intent)
        },
    }
}

fn condition(number: i64, name: &str) -> Condition {
    Condition {
        id: ConditionId::from_uuid(id(number)),
        code: CodeableConcept::from_text(name),
        clinical_status: Some(ConditionClinicalStatus::Resolved),
        verification_status: VerificationStatus::Confirmed,
        onset: Some("2015-03".parse().unwrap()),
        abatement: Some("2016".parse().unwrap()),
        encounter: None,
        note: None,
    }
}

fn note(number: i64) -> Composition {
    Composition {
        id: CompositionId::from_uuid(id(number)),
        draft: CompositionId::from_uuid(id(number + 1)),
        encounter: Some(EncounterId::from_uuid(id(40))),
        title: "Visit note".into(),
        author: PractitionerId::from_uuid(id(901)),
        contributors: Vec::new(),
        signed_at: NOW,
        section: vec![
            NoteSection {
                code: NoteSectionCode::Subjective,
                text: "Cough <3 days & \"fever\"\nno pain".into(),
            },
            NoteSection { code: NoteSectionCode::Plan, text: "Rest.".into() },
        ],
        heads: Vec::new(),
        replaces: None,
        signature: None,
    }
}

fn task(number: i64) -> Task {
    Task {
        id: TaskId::from_uuid(id(number)),
        rule: "drug-allergy".into(),
        tier: AlertTier::Block,
        subject: vec![
            EntryRef::new(EntryKind::Allergy, id(10)),
            EntryRef::new(EntryKind::Medication, id(30)),
        ],
        detail: "Amoxicillin is a penicillin.".into(),
        status: TaskStatus::Requested,
        outcome: None,
        settled_tier: None,
        said: None,
    }
}

fn own_chart() -> Chart {
    let vitals = VitalsDraft {
        values: [("systolic", "120"), ("diastolic", "80"), ("temperature", "37.0")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        encounter: Some(EncounterId::from_uuid(id(40))),
    };
    let mut next = 50;
    let make_id = || {
        next += 1;
        ObservationId::from_uuid(id(next))
    };
    Chart {
        patient: Some(patient()),
        allergies: vec![allergy(10, "Penicillin")],
        conditions: vec![condition(20, "Malaria")],
        medications: vec![
            medication(30, MedicationIntent::Order),
            medication(31, MedicationIntent::Statement),
        ],
        encounters: vec![Encounter {
            id: EncounterId::from_uuid(id(40)),
            status: EncounterStatus::InProgress,
            class: EncounterClass::Ambulatory,
            kind: Vec::new(),
            reason: vec![CodeableConcept::from_text("Cough")],
            start: Some("2026-11-24T09:00:00+03:00".parse().unwrap()),
            end: None,
            participant: Vec::new(),
            follow_up: None,
        }],
        observations: vitals
            .complete(make_id, &"2026-11-24T09:10:00+03:00".parse().unwrap())
            .unwrap(),
        compositions: vec![note(60)],
        tasks: vec![task(70)],
        ..Chart::default()
    }
}

fn conflict(kind: EntryKind, entry: Uuid, field: &str, values: [EntryValue; 2]) -> Conflict {
    let entry = EntryRef::new(kind, entry);
    let versions = values.into_iter().zip(1..).map(|(value, person)| Version {
        value,
        stamp: stamp(person),
        change: format!("{person:064}"),
    });
    Conflict {
        id: Conflict::id_of(entry, field),
        entry,
        field: field.to_owned(),
        versions: versions.collect(),
        base: None,
    }
}

fn disputed_chart() -> Chart {
    let mut chart = own_chart();
    chart.compositions.clear();
    chart.tasks.clear();
    let mut other = patient().identity;
    other.name[0].family = "Okelo".into();
    other.birth_date = Some("1981".parse().unwrap());
    let resolved = AllergyIntolerance {
        clinical_status: AllergyClinicalStatus::Resolved,
        ..allergy(10, "Penicillin")
    };
    let person = chart.patient.as_ref().unwrap().id.uuid();
    chart.conflicts = vec![
        conflict(
            EntryKind::Patient,
            person,
            "identity",
            [EntryValue::Identity(patient().identity), EntryValue::Identity(other)],
        ),
        conflict(
            EntryKind::Allergy,
            id(10),
            "value",
            [EntryValue::Allergy(allergy(10, "Penicillin")), EntryValue::Allergy(resolved)],
        ),
        conflict(
            EntryKind::Medication,
            id(30),
            "order",
            [EntryValue::Medication(order("10", 1)), EntryValue::Medication(order("5.0", 2))],
        ),
    ];
    chart
}

#[test]
fn what_was_recorded_here_is_valid_fhir() {
    insta::assert_snapshot!(pretty(&bundle(&own_chart())));
}

#[test]
fn every_version_of_what_is_disputed_goes_out() {
    let json = pretty(&bundle(&disputed_chart()));
    for both in [
        "10\u{a0}mg — oral — once daily",
        "5.0\u{a0}mg — oral — twice daily",
        "OKELO",
        "OKELLO",
        "\"resolved\"",
    ] {
        assert!(json.contains(both), "{both}");
    }
    assert_eq!(
        json.matches("not yet decided").count(),
        5,
        "two allergies, two medicines, one flag"
    );
    insta::assert_snapshot!(json);
}

fn waiting() -> Vec<Waiting> {
    vec![Waiting { device: DeviceId::from_uuid(id(802)), changes: 3 }]
}

/// A chart in which a version, an allergy and a part of a medicine cannot be read.
fn partly_read_chart() -> Chart {
    let mut chart = disputed_chart();
    chart.conflicts[2].versions[0].value = EntryValue::Unreadable;
    chart.unreadable = vec![
        EntryRef::new(EntryKind::Allergy, id(11)),
        EntryRef::new(EntryKind::Medication, id(31)),
    ];
    chart
}

#[test]
fn what_cannot_go_out_is_told() {
    let json = pretty(&bundle_of(1, &partly_read_chart(), &waiting()));
    for told in [
        "Written by a newer version of the program: 1 × allergy, 1 × medicine.",
        "One version of a disputed medicine: written by a newer version of the program",
        "Dr Amina Yusuf, Room 1, ",
        "Waiting for Outreach: changes of it that follow others that have not arrived: 3.",
        &EntryRef::new(EntryKind::Allergy, id(11)).to_string(),
    ] {
        assert!(json.contains(told), "{told}");
    }
    // What can be read of the dispute keeps the entry's name, for what refers to it.
    assert!(json.contains(&format!("urn:uuid:{}", id(30))));
    insta::assert_snapshot!(json);
    assert!(!bundle(&own_chart()).contains("not complete"));
}

/// What one clinic could not write goes round unchanged elsewhere, and is not told again by that
/// clinic when it has come back and the chart is whole by then.
#[test]
fn that_a_record_was_not_complete_goes_round_and_does_not_pile_up() {
    let mut chart = own_chart();
    chart.unreadable = vec![EntryRef::new(EntryKind::Allergy, id(11))];
    let flags = |json: &str| json.matches("This record is not complete").count();
    let read = |json: &str| read_bytes("b.json", json.as_bytes(), &Options::default());
    let canonical = |intake: &Intake| -> BTreeSet<Option<String>> {
        let names = Names::new(intake.sources());
        intake.sources().map(|source| names.canonical(source)).collect()
    };
    let first = bundle_of(1, &chart, &waiting());
    let intake = read(&first);
    assert_eq!(intake.findings, []);
    let there = chart_of(&intake.patients[0]);
    let second = bundle_of(2, &there, &[]);
    assert_eq!((flags(&first), flags(&second)), (1, 1));
    assert_eq!(canonical(&read(&second)), canonical(&intake));
    // The other clinic's own chart is not complete either: two files, two flags.
    assert_eq!(flags(&bundle_of(2, &there, &waiting())), 2);
    let home = chart_of(&read(&second).patients[0]);
    assert_eq!(flags(&bundle_of(1, &home, &[])), 0);
    assert_eq!(flags(&bundle_of(1, &home, &waiting())), 1);
}

#[test]
fn versions_that_go_out_name_what_they_differ_in() {
    let mut chart = disputed_chart();
    let mut food = allergy(10, "Penicillin");
    food.category = Some(AllergyCategory::Food);
    chart.conflicts[1].versions[1].value = EntryValue::Allergy(food);
    let json = bundle(&chart);
    for differs in [
        "In what they differ, this one says: category: medication.",
        "In what they differ, this one says: category: food.",
        "born: about 1980",
        "born: about 1981",
    ] {
        assert!(json.contains(differs), "{differs}");
    }
}

#[test]
fn what_was_recorded_by_mistake_is_marked() {
    let mut chart = own_chart();
    chart.withdrawn = vec![
        EntryRef::new(EntryKind::Allergy, id(10)),
        EntryRef::new(EntryKind::Condition, id(20)),
        EntryRef::new(EntryKind::Medication, id(30)),
        EntryRef::new(EntryKind::Encounter, id(40)),
        EntryRef::new(EntryKind::Observation, id(51)),
        EntryRef::new(EntryKind::Composition, id(60)),
        EntryRef::new(EntryKind::Task, id(70)),
    ];
    let intake = read_bytes("b.json", bundle(&chart).as_bytes(), &Options::default());
    let marked = intake.sources().filter(|source| source.body.contains("entered-in-error"));
    assert_eq!(marked.count(), 7);
    let patient = &intake.patients[0];
    assert!(!patient.allergies[0].holds() && !patient.conditions[0].holds());
}

#[test]
fn why_a_medicine_was_stopped_and_who_else_wrote_a_note_go_out() {
    let mut chart = own_chart();
    let stopped = &mut chart.medications[0];
    stopped.order.status = MedicationStatus::Stopped;
    let entry = EntryRef::new(EntryKind::Medication, stopped.id.uuid());
    chart.reasons = vec![StatusReason { entry, text: "vomiting".into(), stamp: stamp(1) }];
    chart.compositions[0].contributors = vec![PractitionerId::from_uuid(id(902))];
    let json = bundle(&chart);
    assert!(json.contains(r#""statusReason":{"text":"vomiting"}"#), "{json}");
    let written: serde_json::Value = serde_json::from_str(&json).unwrap();
    let entries = written["entry"].as_array().unwrap().iter().map(|entry| &entry["resource"]);
    let note = entries.into_iter().find(|one| one["resourceType"] == "Composition").unwrap();
    assert_eq!(note["author"].as_array().map(Vec::len), Some(2));
    assert_eq!(note["attester"][0]["party"], note["author"][0], "one has signed it");
    // Taken again, it says no more why it was stopped.
    chart.medications[0].order.status = MedicationStatus::Active;
    assert!(!bundle(&chart).contains("statusReason"));
}

fn resources(json: &str, kind: &str) -> Vec<serde_json::Value> {
    let written: serde_json::Value = serde_json::from_str(json).unwrap();
    let entries = written["entry"].as_array().unwrap().iter();
    let all = entries.map(|entry| entry["resource"].clone());
    all.filter(|resource| resource["resourceType"] == kind).collect()
}

/// What is written of what was read is what was written.
fn comes_out_again(json: &str) {
    let canonical = |intake: &Intake| -> BTreeSet<Option<String>> {
        let names = Names::new(intake.sources());
        intake.sources().map(|source| names.canonical(source)).collect()
    };
    let first = read_bytes("b.json", json.as_bytes(), &Options::default());
    let mut chart = chart_of(&first.patients[0]);
    let reason = |(entry, text): &(EntryRef, String)| StatusReason {
        entry: *entry,
        text: text.clone(),
        stamp: stamp(1),
    };
    chart.reasons = first.patients[0].reasons.iter().map(reason).collect();
    chart.reasons.sort_by_key(|reason| reason.entry);
    let second = read_bytes("b.json", bundle(&chart).as_bytes(), &Options::default());
    assert_eq!(canonical(&first), canonical(&second));
    assert_eq!(first.patients[0].reasons, second.patients[0].reasons);
}

#[test]
fn of_a_finding_and_its_correction_one_goes_out_in_force() {
    let mut chart = own_chart();
    let wrong = chart.observations.iter().find(|one| one.value.is_some()).unwrap().clone();
    let right = Observation {
        id: ObservationId::from_uuid(id(59)),
        status: ObservationStatus::Corrected,
        replaces: Some(wrong.id),
        ..wrong.clone()
    };
    chart.observations.push(right.clone());
    let json = bundle(&chart);
    let written = resources(&json, "Observation");
    let of = |id: ObservationId| {
        let is = |one: &&serde_json::Value| one["id"] == id.uuid().to_string();
        written.iter().find(is).unwrap()["status"].as_str().unwrap().to_owned()
    };
    assert_eq!((of(wrong.id), of(right.id)), ("entered-in-error".into(), "corrected".into()));
    let back = read_bytes("b.json", json.as_bytes(), &Options::default());
    assert_eq!(chart_of(&back.patients[0]).observations, chart.observations);
    comes_out_again(&json);
    // Without its correction it is never taken for a value.
    let mut alone: serde_json::Value = serde_json::from_str(&json).unwrap();
    let entries = alone["entry"].as_array_mut().unwrap();
    entries.retain(|entry| entry["resource"]["status"] != "corrected");
    let back = read_bytes("b.json", alone.to_string().as_bytes(), &Options::default());
    let read = back.patients[0].observations.iter().find(|one| one.id == wrong.id).unwrap();
    assert_eq!(read.status, ObservationStatus::EnteredInError);
}

#[test]
fn a_finding_whose_correction_was_a_mistake_goes_out_in_force() {
    let mut chart = own_chart();
    let right = chart.observations.iter().find(|one| one.value.is_some()).unwrap().clone();
    let wrong = Observation {
        id: ObservationId::from_uuid(id(59)),
        status: ObservationStatus::Corrected,
        replaces: Some(right.id),
        ..right.clone()
    };
    chart.observations.push(wrong.clone());
    let statuses = |json: &str| {
        let written = resources(json, "Observation");
        [right.id, wrong.id].map(|id| {
            let is = |one: &&serde_json::Value| one["id"] == id.uuid().to_string();
            written.iter().find(is).unwrap()["status"].as_str().unwrap().to_owned()
        })
    };
    // As it went out and came back before the correction was seen to be one: struck out in its
    // original.
    let struck_out = bundle(&chart);
    assert_eq!(statuses(&struck_out), ["entered-in-error", "corrected"]);
    let came = read_bytes("b.json", struck_out.as_bytes(), &Options::default());
    let withdrawn = vec![EntryRef::new(EntryKind::Observation, wrong.id.uuid())];
    for chart in [chart, chart_of(&came.patients[0])] {
        let chart = Chart { withdrawn: withdrawn.clone(), ..chart };
        let json = bundle(&chart);
        assert_eq!(statuses(&json), [right.status.code(), "entered-in-error"]);
        let written = resources(&json, "Observation");
        assert!(!written.iter().any(|one| one.to_string().contains("corrected-by")), "{json}");
        let back = read_bytes("b.json", json.as_bytes(), &Options::default());
        let back = chart_of(&back.patients[0]);
        let in_force = |chart: &Chart, id| {
            let one = chart.observations.iter().find(|one| one.id == id).unwrap();
            chart.is_in_force(&chart.corrections(), one)
        };
        assert_eq!((in_force(&back, right.id), in_force(&back, wrong.id)), (true, false));
    }
}

#[test]
fn of_two_corrections_of_one_value_both_go_out_and_a_flag_says_so() {
    let mut chart = own_chart();
    let wrong = chart.observations.iter().find(|one| one.value.is_some()).unwrap().clone();
    let right = |number: i64, words: &str| Observation {
        id: ObservationId::from_uuid(id(number)),
        status: ObservationStatus::Corrected,
        replaces: Some(wrong.id),
        value: Some(ObservationValue::Text(words.into())),
        ..wrong.clone()
    };
    let flags = |json: &str| {
        let told = |flag: &serde_json::Value| flag["code"]["text"].as_str().unwrap().to_owned();
        resources(json, "Flag").iter().map(told).collect::<Vec<_>>()
    };
    let in_force = |json: &str| {
        let all = resources(json, "Observation");
        all.iter().filter(|one| one["status"] == "corrected").count()
    };
    // Two that say the same are one value.
    chart.observations.extend([right(58, "one"), right(59, "one")]);
    let json = bundle(&chart);
    assert_eq!((flags(&json).len(), in_force(&json)), (0, 1));
    let back = chart_of(&read_bytes("b.json", json.as_bytes(), &Options::default()).patients[0]);
    assert_eq!(in_force(&bundle(&back)), 1);
    chart.observations.pop();
    chart.observations.push(right(59, "another"));
    let json = bundle(&chart);
    let told = flags(&json);
    assert_eq!((told.len(), in_force(&json)), (1, 2));
    assert!(told[0].contains("one — or — another"), "{told:?}");
    let flag = resources(&json, "Flag").remove(0).to_string();
    for rival in [58, 59] {
        assert!(flag.contains(&format!("urn:uuid:{}", id(rival))), "{flag}");
    }
    comes_out_again(&json);
    // Once it is decided, here or there, none goes out any more.
    let came = chart_of(&read_bytes("b.json", json.as_bytes(), &Options::default()).patients[0]);
    for mut chart in [chart, came] {
        chart.withdrawn = vec![EntryRef::new(EntryKind::Observation, id(59))];
        assert_eq!(flags(&bundle(&chart)), [""; 0]);
    }
}

#[test]
fn why_it_was_a_mistake_goes_out_and_comes_back() {
    let check = |entry: EntryRef, back_as: EntryKind| {
        let mut chart = own_chart();
        chart.withdrawn = vec![entry];
        chart.reasons = vec![StatusReason { entry, text: "wrong person".into(), stamp: stamp(1) }];
        let json = bundle(&chart);
        assert_eq!(json.matches("wrong person").count(), 1, "{entry}");
        let back = read_bytes("b.json", json.as_bytes(), &Options::default());
        let want = (EntryRef::new(back_as, entry.id), "wrong person".to_owned());
        assert_eq!(back.patients[0].reasons, [want], "{entry}");
        assert_eq!(back.findings, [], "{entry}");
        assert_eq!(back.patients[0].allergies[0].note, chart.allergies[0].note);
        comes_out_again(&json);
    };
    check(EntryRef::new(EntryKind::Allergy, id(10)), EntryKind::Allergy);
    check(EntryRef::new(EntryKind::Condition, id(20)), EntryKind::Condition);
    check(EntryRef::new(EntryKind::Medication, id(30)), EntryKind::Medication);
    check(EntryRef::new(EntryKind::Encounter, id(40)), EntryKind::Encounter);
    check(EntryRef::new(EntryKind::Observation, id(51)), EntryKind::Observation);
    // A note comes back as its original: that tells why.
    check(EntryRef::new(EntryKind::Composition, id(60)), EntryKind::Source);
}

#[test]
fn what_goes_out_comes_back_as_itself() {
    let chart = own_chart();
    let intake = read_bytes("b.json", bundle(&chart).as_bytes(), &Options::default());
    let back = chart_of(&intake.patients[0]);
    assert_eq!(intake.findings, []);
    assert_eq!(back.patient, chart.patient);
    assert_eq!(back.allergies, chart.allergies);
    assert_eq!(back.conditions, chart.conditions);
    assert_eq!(back.encounters, chart.encounters);
    assert_eq!(back.observations, chart.observations);
    assert_eq!(back.medications, chart.medications);
}

/// A medicine with all that a prescription holds.
fn prescription(number: i64, strengths: &[(&str, &str)]) -> MedicationRequest {
    let mut medicine = medication(number, MedicationIntent::Order);
    let quantity = |value: &str, unit: &str| Quantity {
        value: value.parse().unwrap(),
        comparator: None,
        unit: unit.to_owned(),
        ucum: ["mg", "mL"].contains(&unit).then(|| unit.to_owned()),
    };
    medicine.order.form = Some(CodeableConcept::from_text("tablet"));
    medicine.order.strength = strengths.iter().map(|(value, of)| quantity(value, of)).collect();
    let quantity = Some(quantity("30", "tablets"));
    medicine.order.dispense = Some(DispenseRequest { quantity, repeats: Some(2) });
    medicine
}

#[test]
fn product_and_supply_go_out_and_come_back() {
    let check = |strengths: &[(&str, &str)]| {
        let mut chart = own_chart();
        let mut renewed = prescription(31, strengths);
        renewed.about.prior = Some(MedicationId::from_uuid(id(30)));
        chart.medications = vec![prescription(30, strengths), renewed];
        let json = bundle(&chart);
        let back = read_bytes("b.json", json.as_bytes(), &Options::default());
        assert_eq!(back.findings, [], "{strengths:?}");
        assert_eq!(chart_of(&back.patients[0]).medications, chart.medications, "{strengths:?}");
        comes_out_again(&json);
        // The reported has a product too, and is not handed out.
        let mut reported = prescription(30, strengths);
        reported.about.intent = MedicationIntent::Statement;
        reported.order.dispense = None;
        chart.medications = vec![reported];
        let back = read_bytes("b.json", bundle(&chart).as_bytes(), &Options::default());
        assert_eq!(chart_of(&back.patients[0]).medications, chart.medications, "{strengths:?}");
        json
    };
    check(&[]);
    let json = check(&[("5.0", "mg")]);
    for written in [
        r##""medicationReference":{"reference":"#medication"}"##,
        r#""form":{"text":"tablet"}"#,
        r#""strength":{"numerator":{"value":5.0,"unit":"mg","system":"http://unitsofmeasure.org","code":"mg"},"denominator":{"value":1,"unit":"tablet"}}"#,
        r#""dispenseRequest":{"quantity":{"value":30,"unit":"tablets"},"numberOfRepeatsAllowed":2}"#,
        r#""priorPrescription":{"reference":"urn:uuid:"#,
    ] {
        assert!(json.contains(written), "{written}\n{json}");
    }
    let json = check(&[("250", "mg/5 mL")]);
    let ratio = r#""strength":{"numerator":{"value":250,"unit":"mg"},"denominator":{"value":5,"unit":"mL"}}"#;
    assert!(json.contains(ratio), "{json}");
    check(&[("100", "units/mL")]);
    check(&[("500", "mg"), ("125", "mg")]);
}

/// A strength as it comes from elsewhere, and what it is read as.
#[test]
fn the_strength_of_a_contained_medicine_is_read() {
    let check = |ingredients: &str, want: &[&str]| {
        let json = format!(
            r##"{{"resourceType":"MedicationRequest","id":"r","status":"active","intent":"order","subject":{{"reference":"Patient/1"}},"medicationReference":{{"reference":"#m"}},"contained":[{{"resourceType":"Medication","id":"m","code":{{"text":"x"}},"form":{{"text":"Tablet"}},"ingredient":[{ingredients}]}}]}}"##
        );
        let patient = r#"{"resourceType":"Patient","id":"1"}"#;
        let files = [("p.json", patient), ("r.json", json.as_str())]
            .map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()));
        let intake = read_all(&files);
        let order = &intake.patients[0].medications[0].order;
        let read: Vec<_> = order.strength.iter().map(Quantity::label).collect();
        assert_eq!(read, want, "{ingredients}");
        assert_eq!(order.form.as_ref().map(CodeableConcept::label), Some("Tablet"));
    };
    let of = |numerator: &str, denominator: &str| {
        format!(
            r#"{{"itemCodeableConcept":{{"text":"x"}},"strength":{{"numerator":{numerator},"denominator":{denominator}}}}}"#
        )
    };
    let mg = r#"{"value":5,"unit":"mg"}"#;
    let form = r#"{"value":1,"system":"http://terminology.hl7.org/CodeSystem/v3-orderableDrugForm","code":"TAB"}"#;
    check(&of(mg, form), &["5\u{a0}mg"]);
    check(&of(mg, r#"{"value":1,"unit":"tablet"}"#), &["5\u{a0}mg"]);
    check(&of(mg, r#"{"value":1}"#), &["5\u{a0}mg"]);
    check(&of(mg, r#"{"value":1.0,"unit":"mL"}"#), &["5\u{a0}mg/mL"]);
    check(&of(mg, r#"{"value":2,"unit":"{sachet}"}"#), &["5\u{a0}mg/2 {sachet}"]);
    let both = format!("{},{}", of(mg, form), of(mg, form));
    check(&both, &["5\u{a0}mg", "5\u{a0}mg"]);
    // Half of two would pass for the whole.
    check(&format!("{},{{}}", of(mg, form)), &[]);
    check(&of(r#"{"value":-5,"unit":"mg"}"#, form), &[]);
}

/// An original that was taken in when its product was not read yet goes out with it.
#[test]
fn what_was_not_read_before_is_not_taken_away() {
    let first = bundle(&{
        let mut chart = own_chart();
        chart.medications = vec![prescription(30, &[("5", "mg")])];
        chart
    });
    let came = read_bytes("b.json", first.as_bytes(), &Options::default());
    let mut chart = chart_of(&came.patients[0]);
    let order = &mut chart.medications[0].order;
    (order.form, order.strength, order.dispense) = (None, Vec::new(), None);
    order.dosage[0].duration = None;
    let words = "5.0\u{a0}mg — oral — once daily — for 30\u{a0}days; repeats allowed: 2";
    order.dosage[0].text = Some(words.into());
    let written = |chart: &Chart| resources(&bundle(chart), "MedicationRequest").remove(0);
    assert_eq!(written(&chart), resources(&first, "MedicationRequest").remove(0));
    // With another dose they are not those of the line any more.
    chart.medications[0].order.dosage[0].dose = Some(Quantity::ucum("10".parse().unwrap(), "mg"));
    let now = written(&chart);
    assert!(now.get("dispenseRequest").is_none() && now.get("contained").is_none(), "{now}");
    assert_eq!(now["medicationCodeableConcept"]["text"], "Amlodipine");
}

fn imported() -> Intake {
    read_bytes("bundle.json", include_bytes!("data/bundle.json"), &Options::default())
}

#[test]
fn what_was_not_changed_goes_out_as_it_came() {
    let first = imported();
    let people = [];
    let export = Export::new(support::sender(&first.clinic_sources, &people), NOW);
    let json = export.bundle(&chart_of(&first.patients[0]), &[]).unwrap();
    insta::assert_snapshot!(pretty(&json));
    let second = read_bytes("b.json", json.as_bytes(), &Options::default());
    let canonical = |intake: &Intake| -> BTreeSet<Option<String>> {
        let names = Names::new(intake.sources());
        intake.sources().map(|source| names.canonical(source)).collect()
    };
    assert_eq!(canonical(&first), canonical(&second));
    assert_eq!(support::values(&first), support::values(&second));
    let lines = export.lines(&chart_of(&first.patients[0]), &[], &|_| false).unwrap();
    let clinic = export.clinic_lines(&|_| true).unwrap();
    let files: Vec<(String, Vec<u8>)> = lines
        .into_iter()
        .chain(clinic)
        .map(|line| ("x.ndjson".to_owned(), line.json.into_bytes()))
        .collect();
    let third = read_all(&files);
    assert_eq!(canonical(&first), canonical(&third));
    assert_eq!(support::values(&first), support::values(&third));
}

/// Each change of the chart touches exactly these members of the original.
#[test]
fn only_what_was_changed_is_written_over() {
    type Change = fn(&mut Chart);
    let check = |change: Change, resource_type: &str, want: &[&str]| {
        let first = imported();
        let mut chart = chart_of(&first.patients[0]);
        let members = |chart: &Chart| -> BTreeMap<String, String> {
            let json: serde_json::Value = serde_json::from_str(&bundle(chart)).unwrap();
            let entries = json["entry"].as_array().unwrap();
            let resource = entries
                .iter()
                .map(|entry| &entry["resource"])
                .find(|resource| resource["resourceType"] == resource_type);
            let members = resource.unwrap().as_object().unwrap().iter();
            members.map(|(name, value)| (name.clone(), value.to_string())).collect()
        };
        let before = members(&chart);
        change(&mut chart);
        let after = members(&chart);
        let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        let changed: Vec<&str> = names
            .into_iter()
            .filter(|name| before.get(*name) != after.get(*name))
            .map(String::as_str)
            .collect();
        assert_eq!(changed, want);
    };
    check(|_| {}, "Patient", &[]);
    check(
        |chart| {
            chart.patient.as_mut().unwrap().identity.birth_date =
                Some("1980-03-14".parse().unwrap());
        },
        "Patient",
        &["birthDate"],
    );
    check(
        |chart| chart.patient.as_mut().unwrap().identity.birth_date_estimated = false,
        "Patient",
        &["_birthDate"],
    );
    check(|chart| chart.patient.as_mut().unwrap().telecom.clear(), "Patient", &["telecom"]);
    check(|chart| chart.patient.as_mut().unwrap().contact = contact(), "Patient", &["contact"]);
    check(
        |chart| chart.patient.as_mut().unwrap().code_status = Some(CodeableConcept::from_text("x")),
        "Patient",
        &["extension"],
    );
    check(
        |chart| chart.patient.as_mut().unwrap().deceased = Some(clinical::Deceased { at: None }),
        "Patient",
        &["deceasedBoolean"],
    );
    check(
        |chart| chart.allergies[0].clinical_status = AllergyClinicalStatus::Resolved,
        "AllergyIntolerance",
        &["clinicalStatus"],
    );
    check(|chart| chart.allergies[0].note = None, "AllergyIntolerance", &["note"]);
    check(|chart| chart.conditions[0].onset = None, "Condition", &["onsetDateTime"]);
    check(
        |chart| chart.encounters[0].status = EncounterStatus::Cancelled,
        "Encounter",
        &["status"],
    );
    check(
        |chart| chart.medications[0].order.status = MedicationStatus::Stopped,
        "MedicationRequest",
        &["status"],
    );
    check(
        |chart| chart.medications[0].order.dosage = order("10", 1).dosage,
        "MedicationRequest",
        &["dosageInstruction"],
    );
    check(
        |chart| chart.medications[0].about.note = Some("x".into()),
        "MedicationRequest",
        &["note"],
    );
}

fn contact() -> Vec<clinical::PatientContact> {
    let name = clinical::HumanName { text: Some("Mary Atieno".into()), ..Default::default() };
    vec![clinical::PatientContact {
        name: Some(name),
        relationship: Some(CodeableConcept::from_text("mother")),
        telecom: vec![clinical::ContactPoint::phone("0722 1".into())],
    }]
}

/// Whom to reach about a patient comes back as it went out, and what the chart does not know of
/// somebody who stays goes out as it came.
#[test]
fn whom_to_reach_about_a_patient_goes_out_and_comes_back() {
    let first = imported();
    let mut chart = chart_of(&first.patients[0]);
    chart.patient.as_mut().unwrap().contact = contact();
    let out = bundle(&chart);
    let patient = |text: &str| -> serde_json::Value {
        let json: serde_json::Value = serde_json::from_str(text).unwrap();
        let mut entries = json["entry"].as_array().unwrap().iter().map(|it| &it["resource"]);
        entries.find(|it| it["resourceType"] == "Patient").unwrap().clone()
    };
    let written = serde_json::json!([{
        "relationship": [{ "text": "mother" }],
        "name": { "text": "Mary Atieno" },
        "telecom": [{ "system": "phone", "value": "0722 1" }],
    }]);
    assert_eq!(patient(&out)["contact"], written);
    let again = read_bytes("b.json", out.as_bytes(), &Options::default());
    assert_eq!(again.patients[0].patient.as_ref().unwrap().contact, contact());

    let came = serde_json::json!([{
        "relationship": [{ "text": "mother" }],
        "name": { "family": "Atieno", "given": ["Mary"] },
        "gender": "female",
    }]);
    let mut json: serde_json::Value = serde_json::from_str(&out).unwrap();
    for entry in json["entry"].as_array_mut().unwrap() {
        if entry["resource"]["resourceType"] == "Patient" {
            entry["resource"]["contact"] = came.clone();
        }
    }
    let intake = read_bytes("c.json", json.to_string().as_bytes(), &Options::default());
    let mut chart = chart_of(&intake.patients[0]);
    chart.patient.as_mut().unwrap().contact.extend(contact());
    let both = [came[0].clone(), written[0].clone()];
    assert_eq!(patient(&bundle(&chart))["contact"], serde_json::json!(both));
}

#[test]
fn a_chart_without_its_patient_is_told() {
    let people = [];
    let export = Export::new(support::sender(&[], &people), NOW);
    assert!(export.bundle(&Chart::default(), &[]).is_err());
}

#[test]
fn a_name_that_stays_keeps_what_the_chart_does_not_know_of_it() {
    let first = imported();
    let mut chart = chart_of(&first.patients[0]);
    let identity = &mut chart.patient.as_mut().unwrap().identity;
    identity.name.insert(0, clinical::HumanName::new("Ouma", "Grace"));
    let json: serde_json::Value = serde_json::from_str(&bundle(&chart)).unwrap();
    let names = json["entry"][0]["resource"]["name"].as_array().unwrap();
    let uses: Vec<Option<&str>> = names.iter().map(|name| name["use"].as_str()).collect();
    assert_eq!(uses, [None, Some("official"), Some("old")]);
}

#[test]
fn that_two_charts_are_of_one_person_goes_out() {
    let other = PatientId::from_uuid(id(2));
    let check = |ended: Option<Stamp>, is_shown: bool, want: Option<&str>| {
        let patient = patient();
        let (shown, replaced) = if is_shown { (patient.id, other) } else { (other, patient.id) };
        let id = PatientLinkId::from_uuid(id(3));
        let links = vec![PatientLink { id, shown, replaced, made: stamp(1), ended }];
        let chart = Chart { patient: Some(patient), links, ..Chart::default() };
        let out = bundle(&chart);
        let word = want.map(|want| out.contains(&format!("\"type\":\"{want}\"")));
        assert_ne!(word, Some(false), "{out}");
        assert_eq!(out.contains("\"link\""), want.is_some(), "{out}");
    };
    check(None, true, Some("replaces"));
    check(None, false, Some("replaced-by"));
    check(Some(stamp(2)), true, None);
}
