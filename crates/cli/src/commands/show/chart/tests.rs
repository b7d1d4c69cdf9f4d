//! A chart as its text tells it.

use super::{chart as whole, *};
use crate::commands::show::{before, conflicts, read_back};
use api::ConflictItem;
use clinical::{
    AdministrativeGender, AllergyDraft, AllergyIntoleranceId, Chart, Conflict, Corrections,
    DeviceId, EntryValue, HumanName, Identity, Instant, Observation, ObservationId,
    ObservationStatus, Patient, PatientId, PractitionerId, StatusReason, Version, VitalsDraft,
    uuid_v7,
};
use std::collections::BTreeMap;

mod written;

fn chart(view: &ChartView) -> String {
    whole(view, Ids(false), clock())
}

fn clock() -> Clock<'static> {
    let now = "2026-11-27T09:00:00Z".parse().unwrap();
    Clock { now, offset: &|_| clinical::UtcOffset::UTC }
}

#[test]
fn a_chart_says_what_the_window_says() {
    let mut view = view();
    let patient = view.chart.patient.as_mut().unwrap();
    patient.identity.birth_date = "1980-03-14".parse().ok();
    patient.identity.gender = AdministrativeGender::Unknown;
    let medicine = |n: u8, name: &str, days: &str, authored_on: &str| {
        let draft = clinical::MedicationDraft {
            medication: name.into(),
            duration_days: days.into(),
            ..Default::default()
        };
        let id = clinical::MedicationId::from_uuid(uuid_v7(8, [n; 10]));
        draft.complete(id, authored_on.parse().unwrap()).unwrap()
    };
    let mut stopped = medicine(2, "warfarin", "", "2019");
    stopped.order.status = clinical::MedicationStatus::Stopped;
    let entry = of_medication(&stopped);
    let stamp = Stamp {
        author: PractitionerId::from_uuid(uuid_v7(2, [2; 10])),
        device: DeviceId::from_uuid(uuid_v7(3, [3; 10])),
        at: Instant::from_unix_ms(0),
    };
    view.chart.reasons = vec![StatusReason { entry, text: "rash".into(), stamp }];
    view.chart.medications = vec![medicine(1, "amoxicillin", "5", "2026-10-26"), stopped];
    let problem = |n: u8, problem: &str, onset: &str| {
        let draft = clinical::ConditionDraft {
            problem: problem.into(),
            onset: onset.into(),
            ..Default::default()
        };
        draft.complete(clinical::ConditionId::from_uuid(uuid_v7(9, [n; 10]))).unwrap()
    };
    let mut over = problem(2, "malaria", "");
    over.clinical_status = Some(clinical::ConditionClinicalStatus::Resolved);
    over.abatement = "2026-04".parse().ok();
    view.chart.conditions = vec![problem(1, "hypertension", "2019"), over];
    view.chart.encounters = [(1, "2026-04-30"), (2, "2026-11-26T08:05:00Z")]
        .map(|(n, start)| clinical::Encounter {
            id: clinical::EncounterId::from_uuid(uuid_v7(10, [n; 10])),
            status: clinical::EncounterStatus::InProgress,
            class: clinical::EncounterClass::Ambulatory,
            kind: Vec::new(),
            reason: vec![CodeableConcept::from_text("cough")],
            start: start.parse().ok(),
            end: None,
            participant: Vec::new(),
            follow_up: None,
        })
        .to_vec();
    let note = |n: u8, at: &str| clinical::Composition {
        id: clinical::CompositionId::from_uuid(uuid_v7(11, [n; 10])),
        draft: clinical::CompositionId::from_uuid(uuid_v7(12, [n; 10])),
        encounter: None,
        title: "Visit note".into(),
        author: stamp.author,
        contributors: Vec::new(),
        signed_at: at.parse().unwrap(),
        section: Vec::new(),
        heads: Vec::new(),
        replaces: None,
        signature: None,
    };
    view.chart.compositions =
        vec![note(1, "2026-04-30T10:47:00Z"), note(2, "2026-11-26T08:30:00Z")];
    let weigh = |n: u8, kilos: &str| {
        let values = BTreeMap::from([("weight".to_owned(), kilos.to_owned())]);
        let draft = VitalsDraft { values, encounter: None };
        let id = || ObservationId::from_uuid(uuid_v7(13, [n; 10]));
        draft.complete(id, &"2026-11-26".parse().unwrap()).unwrap().remove(0)
    };
    view.chart.observations = vec![weigh(1, "70"), weigh(2, "7")];
    view.weight_jumps = vec![(view.chart.observations[1].id, view.chart.observations[0].id)];
    let want = [
        "OKELLO, Amina  Born 14-Mar-1980 (46y)  sex not known",
        "",
        "Allergies not recorded",
        "",
        "Medicines",
        "  amoxicillin — no dose recorded — for 5 days [active] — started 26-Oct-2026 — course ended 31-Oct-2026",
        "",
        "Medicines no longer taken",
        "  warfarin — no dose recorded [stopped] — started 2019 — reason: rash",
        "",
        "Problems",
        "  hypertension — since 2019",
        "",
        "Past problems",
        "  malaria — resolved — until Apr-2026",
        "",
        "Visits",
        "  26-Nov-2026 08:05 — in the clinic — cough — under way",
        "  30-Apr-2026 — in the clinic — cough — under way",
        "",
        "Findings",
        "  26-Nov-2026  Body weight  70 kg",
        "  26-Nov-2026  Body weight  7 kg  (check: more than 20 % from the weight before: 70 kg)",
        "",
        "Visit note signed by someone, 26-Nov-2026 08:30",
        "",
        "Visit note signed by someone, 30-Apr-2026 10:47",
        "",
    ];
    assert_eq!(chart(&view).replace('\u{a0}', " "), want.join("\n"));
}

#[test]
fn an_allergy_says_all_that_was_written_of_it() {
    let check = |draft: AllergyDraft, code: Option<CodeableConcept>, want: &[&str]| {
        let mut view = view();
        let id = AllergyIntoleranceId::from_uuid(uuid_v7(4, [4; 10]));
        let mut allergy = draft.complete(id).unwrap();
        allergy.code = code.unwrap_or(allergy.code);
        view.chart.allergies = vec![allergy];
        let told = chart(&view);
        let told: Vec<&str> = told.lines().skip(2).take_while(|it| !it.is_empty()).collect();
        assert_eq!(told, want);
    };
    let draft = |substance: &str, onset: &str, note: &str| AllergyDraft {
        substance: substance.into(),
        onset: onset.into(),
        note: note.into(),
        ..AllergyDraft::default()
    };
    let latex = ["Known allergies", "  latex — since 2019 — only gloves"];
    check(draft("latex", "2019", "only gloves"), None, &latex);
    check(draft("Nil known", "", ""), None, &["No known allergies"]);
    let asked = ["No known allergies", "  Nil known — the mother was asked"];
    check(draft("Nil known", "", "the mother was asked"), None, &asked);
    check(draft("NKDA", "", ""), None, &["No known drug allergies", "  NKDA"]);
    let none = CodeableConcept::from_coding(
        clinical::SNOMED_CT,
        clinical::NO_KNOWN_ALLERGY,
        "No known allergy",
    );
    check(draft("x", "", ""), Some(none.clone()), &["No known allergies"]);
    let foreign = CodeableConcept { text: Some("Keine".into()), ..none.clone() };
    check(draft("x", "", ""), Some(foreign), &["No known allergies", "  Keine"]);
    let mut both = CodeableConcept { text: None, ..none.clone() };
    both.coding.push(clinical::Coding::new(clinical::SNOMED_CT, "764146007", "Penicillin"));
    check(draft("x", "", ""), Some(both), &["Known allergies", "  Penicillin"]);
    let high = AllergyDraft {
        criticality: Some(clinical::AllergyCriticality::High),
        reaction: "anaphylaxis".into(),
        ..draft("x", "", "")
    };
    let real = CodeableConcept { text: Some("Penicillin".into()), ..none };
    let told = ["Known allergies", "  Penicillin — high risk — anaphylaxis"];
    check(high, Some(real), &told);
    let mut view = view();
    view.chart.allergies = [(1, "NKA"), (2, "No known allergies"), (3, "latex")]
        .map(|(n, it)| {
            let id = AllergyIntoleranceId::from_uuid(uuid_v7(n, [4; 10]));
            draft(it, "", "").complete(id).unwrap()
        })
        .to_vec();
    let told = chart(&view);
    assert!(told.contains("\n  latex\n  NKA\n  No known allergies\n"), "{told}");
    view.chart.allergies.pop();
    assert!(!chart(&view).contains("  NKA\n"));
}

#[test]
fn a_denial_beside_an_allergy_is_read_last_and_said_to_be_contradicted() {
    let allergy = |n: i64, substance: &str| {
        let draft = AllergyDraft { substance: substance.into(), ..AllergyDraft::default() };
        draft.complete(AllergyIntoleranceId::from_uuid(uuid_v7(n, [4; 10]))).unwrap()
    };
    let entries = [1, 2].map(|n| EntryRef::new(EntryKind::Allergy, uuid_v7(n, [4; 10])));
    let against = |rule: &str| DetectedIssue {
        rule: rule.to_owned(),
        tier: AlertTier::Interrupt,
        subject: entries.to_vec(),
        detail: "one of the two".to_owned(),
        source: String::new(),
        said: None,
    };
    let check = |second: &str, advice: Option<&str>, is_disputed: bool, want: &[&str]| {
        let mut view = view();
        let denial = allergy(1, "No known allergies");
        view.advice = advice.map(against).into_iter().collect();
        if is_disputed {
            let sides = [denial.clone(), allergy(1, "egg")].map(EntryValue::Allergy);
            view.chart.conflicts = vec![dispute(entries[0], "value", sides.to_vec())];
        }
        view.chart.allergies = vec![denial, allergy(2, second), allergy(3, "NKFA")];
        let told = chart(&view);
        let told = told.lines().skip_while(|line| !line.contains("llergies"));
        // What follows one that is disputed stands deeper.
        let told = told.take_while(|line| !line.is_empty()).filter(|it| !it.starts_with("    "));
        assert_eq!(told.collect::<Vec<_>>(), want);
    };
    let (known, none) = ("Known allergies", "  No known allergies");
    let contradicted = "  No known allergies — CONTRADICTED by what stands above";
    let rule = Some(app::CONTRADICTION);
    check("latex", rule, false, &[known, "  latex", contradicted, "  NKFA"]);
    check("latex", None, false, &[known, "  latex", none, "  NKFA"]);
    check("latex", Some("drug-allergy"), false, &[known, "  latex", none, "  NKFA"]);
    check("latex", rule, true, &[known, "  latex", none, "  NKFA"]);
    check("NKDA", None, false, &["No known allergies", "  NKDA", "  NKFA"]);
}

fn view() -> ChartView {
    let patient = PatientId::from_uuid(uuid_v7(1, [1; 10]));
    let identity = Identity {
        name: vec![HumanName::new("Okello", "Amina")],
        gender: AdministrativeGender::Female,
        birth_date: None,
        birth_date_estimated: false,
        identifier: Vec::new(),
    };
    let person = Patient {
        id: patient,
        identity,
        telecom: Vec::new(),
        address: Vec::new(),
        contact: Vec::new(),
        deceased: None,
        code_status: None,
    };
    ChartView {
        patient,
        chart: Chart { patient: Some(person), ..Chart::default() },
        counts: Vec::new(),
        drafts: Vec::new(),
        advice: Vec::new(),
        people: BTreeMap::new(),
        devices: BTreeMap::new(),
        waiting: Vec::new(),
        corrections: Corrections::default(),
        drug_allergies: Vec::new(),
        weight_jumps: Vec::new(),
        expected_weight: None,
        heads: String::new(),
        also: Vec::new(),
    }
}

fn dispute(entry: EntryRef, field: &str, sides: Vec<EntryValue>) -> Conflict {
    let stamp = Stamp {
        author: PractitionerId::from_uuid(uuid_v7(2, [2; 10])),
        device: DeviceId::from_uuid(uuid_v7(3, [3; 10])),
        at: Instant::from_unix_ms(0),
    };
    let version = |(n, value): (usize, EntryValue)| Version { value, stamp, change: n.to_string() };
    Conflict {
        id: Conflict::id_of(entry, field),
        entry,
        field: field.to_owned(),
        versions: sides.into_iter().enumerate().map(version).collect(),
        base: None,
    }
}

#[test]
fn every_dispute_is_in_the_chart() {
    let mut view = view();
    let mut other = view.chart.patient.clone().unwrap().identity;
    other.name = vec![HumanName::new("Otieno", "Amina")];
    let patient = EntryRef::new(EntryKind::Patient, view.patient.uuid());
    let draft = AllergyDraft { substance: "Latex".into(), ..AllergyDraft::default() };
    let id = uuid_v7(4, [4; 10]);
    let mut over = draft.complete(AllergyIntoleranceId::from_uuid(id)).unwrap();
    over.verification_status = VerificationStatus::Refuted;
    let mistaken = AllergyIntolerance {
        verification_status: VerificationStatus::EnteredInError,
        ..over.clone()
    };
    view.chart.allergies = vec![over.clone()];
    view.chart.conflicts = vec![
        dispute(patient, "identity", vec![EntryValue::Identity(other)]),
        dispute(
            EntryRef::new(EntryKind::Allergy, id),
            "value",
            vec![EntryValue::Allergy(over), EntryValue::Allergy(mistaken)],
        ),
    ];
    let unread = EntryRef::new(EntryKind::Medication, uuid_v7(7, [7; 10]));
    let sides = vec![EntryValue::Unreadable, EntryValue::Unreadable];
    view.chart.conflicts.push(dispute(unread, "order", sides));
    let text = chart(&view);
    assert_eq!(text.matches(display::UNREADABLE).count(), 2, "{text}");
    for wanted in ["OTIENO, Amina", "verification: refuted", "verification: entered-in-error"] {
        assert!(text.contains(wanted), "{wanted} is missing in:\n{text}");
    }
}

#[test]
fn names_people_wrote_begin_no_line_of_their_own() {
    let planted = "Rose\nALLERGIES: none\rALLERGIES: none";
    let mut view = view();
    let patient = EntryRef::new(EntryKind::Patient, view.patient.uuid());
    let identity = view.chart.patient.as_ref().unwrap().identity.clone();
    let conflict = dispute(patient, "identity", vec![EntryValue::Identity(identity)]);
    let stamp = conflict.versions[0].stamp;
    let (people, devices) = (
        BTreeMap::from([(stamp.author, planted.to_owned())]),
        BTreeMap::from([(stamp.device, planted.to_owned())]),
    );
    view.chart.conflicts = vec![conflict.clone()];
    (view.people, view.devices) = (people.clone(), devices.clone());
    let patient = view.patient;
    let (allergy_state, allergies) = (view.allergy_state(), vec![planted.to_owned()]);
    let item = ConflictItem {
        reason: None,
        patient,
        identity: None,
        allergy_state,
        allergies,
        conflict,
        people,
        devices,
        heads: String::new(),
    };
    let past = HistoryItem {
        stamp,
        author: planted.to_owned(),
        device: planted.to_owned(),
        change: String::new(),
        field: "value".to_owned(),
        value: planted.to_owned(),
        decides: true,
    };
    for text in [
        chart(&view),
        conflicts(&[item], clock()),
        history(&[past], EntryKind::Medication, clock()),
    ] {
        assert!(text.contains("Rose"), "{text}");
        let own = text.split(['\n', '\r']).find(|line| line.trim().starts_with("ALLERGIES"));
        assert_eq!(own, None, "{text}");
    }
}

#[test]
fn what_is_not_on_the_list_is_told() {
    let mut view = view();
    assert!(chart(&view).contains("Allergies not recorded"));
    let device = DeviceId::from_uuid(uuid_v7(3, [3; 10]));
    view.devices = BTreeMap::from([(device, "Room 2".to_owned())]);
    view.waiting = vec![Waiting { device, changes: 2 }];
    view.chart.unreadable = vec![EntryRef::new(EntryKind::Medication, uuid_v7(5, [5; 10]))];
    let text = chart(&view);
    assert!(!text.contains("Allergies not recorded"), "{text}");
    for told in ["NOT SHOWN, or not all of it: medication/", "waiting for Room 2: 2 of"] {
        assert!(text.contains(told), "{told} is missing in:\n{text}");
    }
}

#[test]
fn a_finding_recorded_by_mistake_is_marked() {
    let mut view = view();
    let pulse = BTreeMap::from([("heartRate".to_owned(), "72".to_owned())]);
    let draft = VitalsDraft { values: pulse, encounter: None };
    let id = uuid_v7(6, [6; 10]);
    let make_id = || ObservationId::from_uuid(id);
    view.chart.observations = draft.complete(make_id, &"2026".parse().unwrap()).unwrap();
    assert!(!chart(&view).contains("by mistake"));
    let entry = EntryRef::new(EntryKind::Observation, id);
    view.chart.withdrawn = vec![entry];
    assert!(chart(&view).contains("  (recorded by mistake)\n"), "{}", chart(&view));
    let stamp = Stamp {
        author: PractitionerId::from_uuid(id),
        device: DeviceId::from_uuid(id),
        at: Instant::from_unix_ms(0),
    };
    view.chart.reasons = vec![StatusReason { entry, text: "wrong\npatient".into(), stamp }];
    assert!(chart(&view).contains("  (recorded by mistake: wrong patient)\n"));
    view.chart.withdrawn.clear();
    view.chart.reasons.clear();
    for (status, want) in [
        (ObservationStatus::EnteredInError, "  (recorded by mistake)\n"),
        (ObservationStatus::Cancelled, "  (cancelled)\n"),
    ] {
        view.chart.observations[0].status = status;
        assert!(chart(&view).contains(want), "{}", chart(&view));
    }
    view.chart.observations[0].status = ObservationStatus::Final;
    assert!(!chart(&view).contains("by mistake"), "{}", chart(&view));
}

#[test]
fn a_finding_corrected_twice_asks_which_one_is_right() {
    let id = |n: u8| ObservationId::from_uuid(uuid_v7(i64::from(n), [n; 10]));
    let weigh = |n: u8, kilos: &str, replaces: Option<ObservationId>| {
        let values = BTreeMap::from([("weight".to_owned(), kilos.to_owned())]);
        let draft = VitalsDraft { values, encounter: None };
        let fact = draft.complete(|| id(n), &"2026".parse().unwrap()).unwrap().remove(0);
        Observation { replaces, ..fact }
    };
    let mut view = view();
    view.chart.observations =
        vec![weigh(1, "70", None), weigh(2, "71", Some(id(1))), weigh(3, "72", Some(id(1)))];
    let text = |view: &mut ChartView| {
        view.corrections = view.chart.corrections();
        chart(view)
    };
    let told = text(&mut view);
    assert!(told.contains("70\u{a0}kg  (corrected)\n"), "{told}");
    for (n, kilos) in [(2, "71"), (3, "72")] {
        let line = format!(
            "{kilos}\u{a0}kg  (corrected twice: 71\u{a0}kg, 72\u{a0}kg: which one is right? \
             If this one is wrong, mark observation/{} as a mistake)\n",
            id(n)
        );
        assert!(told.contains(&line), "{told}");
    }
    let entry = |n| EntryRef::new(EntryKind::Observation, id(n).uuid());
    view.chart.withdrawn = vec![entry(3)];
    let told = text(&mut view);
    assert!(told.contains("71\u{a0}kg\n") && !told.contains("twice"), "{told}");
    assert!(told.contains("72\u{a0}kg  (recorded by mistake)\n"), "{told}");
    // With both a mistake, what they replaced counts again.
    view.chart.withdrawn = vec![entry(2), entry(3)];
    let told = text(&mut view);
    assert!(told.contains("70\u{a0}kg\n") && !told.contains("corrected"), "{told}");
}
