//! What the command line says after something was written, and of what is disputed.

use super::*;

#[test]
fn what_should_be_stopped_at_is_told_as_recorded_all_the_same() {
    let order = EntryRef::new(EntryKind::Medication, uuid_v7(1, [1; 10]));
    let other = EntryRef::new(EntryKind::Medication, uuid_v7(2, [2; 10]));
    let check = |tier, subject, want: &str| {
        let issue = DetectedIssue {
            rule: "drug-allergy".to_owned(),
            tier,
            subject: vec![subject],
            detail: "amoxicillin: an allergy is recorded".to_owned(),
            source: String::new(),
            said: None,
        };
        let (heads, before) = (String::new(), String::new());
        let answer = Recorded { entries: vec![order], advice: vec![issue], heads, before };
        assert_eq!(recorded(&answer), format!("{order}\n{want}"));
    };
    let told = "! STOP AND LOOK: amoxicillin: an allergy is recorded\n";
    let all_the_same = format!(
        "recorded all the same: stop it, or mark it as a mistake: `record withdrawal` reads \
         {{\"kind\": \"medication\", \"id\": \"{}\"}}\n",
        order.id
    );
    check(AlertTier::Block, order, &format!("{told}{all_the_same}"));
    check(AlertTier::Block, other, told);
    check(AlertTier::Interrupt, order, "! Please look: amoxicillin: an allergy is recorded\n");
}

#[test]
fn what_was_written_is_read_back_as_the_chart_has_it() {
    let mut view = view();
    view.chart.patient.as_mut().unwrap().identity.birth_date = "1980-03-14".parse().ok();
    let id = uuid_v7(8, [1; 10]);
    let entry = EntryRef::new(EntryKind::Medication, id);
    let take = |view: &mut ChartView, dose: &str| {
        let draft = clinical::MedicationDraft {
            medication: "amlodipine".into(),
            dose: dose.into(),
            unit: "mg".into(),
            frequency: "1".into(),
            ..Default::default()
        };
        let id = clinical::MedicationId::from_uuid(id);
        view.chart.medications = vec![draft.complete(id, "2019".parse().unwrap()).unwrap()];
    };
    let who = "OKELLO, Amina  Born 14-Mar-1980 (46y)  female\n";
    take(&mut view, "5");
    let line = "amlodipine — DOSE 5 mg — once daily [active] — started 2019\n";
    let told = before(&view, entry, clock()).replace('\u{a0}', " ");
    assert_eq!(told, format!("  before: {line}"));
    assert!(chart(&view).replace('\u{a0}', " ").contains(line));
    take(&mut view, "10");
    let told = read_back(&view, &[entry], clock()).replace('\u{a0}', " ");
    assert_eq!(told, format!("{who}  {}", line.replace("5 mg", "10 mg")));
    let draft = AllergyDraft { substance: "latex".into(), ..AllergyDraft::default() };
    let id = uuid_v7(4, [4; 10]);
    view.chart.allergies = vec![draft.complete(AllergyIntoleranceId::from_uuid(id)).unwrap()];
    let allergy = EntryRef::new(EntryKind::Allergy, id);
    assert_eq!(read_back(&view, &[allergy], clock()), format!("{who}  latex\n"));
}

#[test]
fn a_dispute_says_what_stood_before_and_how_it_is_decided() {
    let view = view();
    let entry = EntryRef::new(EntryKind::Medication, uuid_v7(8, [1; 10]));
    let take = |dose: &str| {
        let draft = clinical::MedicationDraft {
            medication: "amlodipine".into(),
            dose: dose.into(),
            unit: "mg".into(),
            frequency: "1".into(),
            ..Default::default()
        };
        EntryValue::Medication(draft.order(&mut Vec::new()))
    };
    let mut conflict = dispute(entry, "order", vec![take("10"), take("2.5")]);
    conflict.base = Some(take("5"));
    let changes = ["a1".repeat(32), "b2".repeat(32)];
    for (version, change) in conflict.versions.iter_mut().zip(&changes) {
        version.change = change.clone();
    }
    let mut item = ConflictItem {
        reason: None,
        patient: view.patient,
        identity: view.chart.patient.as_ref().map(|it| it.identity.clone()),
        allergy_state: AllergyState::Known,
        allergies: vec!["penicillin".to_owned(), "latex".to_owned()],
        conflict,
        people: BTreeMap::new(),
        devices: BTreeMap::new(),
        heads: "c3 d4".to_owned(),
    };
    let told = conflicts(std::slice::from_ref(&item), clock()).replace('\u{a0}', " ");
    let way = |number: u8, change: &str| {
        let (patient, id) = (item.patient, &item.conflict.id);
        format!(
            "    version {number} holds: fieldchart conflicts resolve --patient {patient} \
             --conflict {id} --change {change} --seen \"c3 d4\"\n"
        )
    };
    for wanted in [
        "\n  Known allergies: penicillin, latex\n",
        "\n    before: amlodipine — DOSE 5 mg — once daily [active]\n        dosage: DOSE 5 mg",
        "\n    version 1: amlodipine — DOSE 10 mg",
        "\n    version 2: amlodipine — DOSE 2.5 mg",
        &(way(1, "a1a1a1a1") + &way(2, "b2b2b2b2")),
    ] {
        assert!(told.contains(wanted), "{wanted} is missing in:\n{told}");
    }
    item.allergies.clear();
    item.allergy_state = AllergyState::NotRecorded;
    let told = conflicts(&[item], clock());
    assert!(told.contains("\n  Allergies not recorded\n"), "{told}");
}

#[test]
fn a_version_that_ends_the_entry_says_so_and_why() {
    use clinical::MedicationStatus::{Active, Completed, EnteredInError, OnHold, Stopped};
    let entry = EntryRef::new(EntryKind::Medication, uuid_v7(8, [1; 10]));
    let draft = clinical::MedicationDraft { medication: "warfarin".into(), ..Default::default() };
    let check = |status: clinical::MedicationStatus, word: &str| {
        let orders = [Active, status].map(|status| {
            let order = draft.order(&mut Vec::new());
            EntryValue::Medication(MedicationOrder { status, ..order })
        });
        let conflict = dispute(entry, "order", orders.to_vec());
        let stamp = conflict.versions[0].stamp;
        let reason = StatusReason { entry, text: "nose\nbleed".into(), stamp };
        let mut view = view();
        view.chart.conflicts = vec![conflict.clone()];
        view.chart.reasons = vec![reason.clone()];
        let item = ConflictItem {
            patient: view.patient,
            identity: None,
            allergy_state: AllergyState::NoneKnown,
            allergies: Vec::new(),
            conflict,
            reason: Some(reason),
            people: BTreeMap::new(),
            devices: BTreeMap::new(),
            heads: String::new(),
        };
        let listed = conflicts(std::slice::from_ref(&item), clock());
        for told in [chart(&view), listed.clone()] {
            assert!(told.contains("\n    version 1: warfarin — "), "{told}");
            let said = format!("\n    version 2: {word} — warfarin — ");
            let reasons = told.matches("\n        reason: nose bleed\n").count();
            let is_over = !word.is_empty();
            assert_eq!((told.contains(&said), reasons), (is_over, usize::from(is_over)), "{told}");
        }
        let way = if word.is_empty() { String::new() } else { format!(" ({word})") };
        assert!(listed.contains(&format!("\n    version 2{way} holds: fieldchart ")), "{listed}");
    };
    check(Stopped, "STOPPED");
    check(Completed, "COMPLETED");
    check(EnteredInError, "RECORDED BY MISTAKE");
    check(OnHold, "");
}

#[test]
fn an_allergy_that_one_side_refuted_does_not_read_like_one_in_force() {
    let id = uuid_v7(4, [4; 10]);
    let draft = AllergyDraft { substance: "latex".into(), ..AllergyDraft::default() };
    let latex = draft.complete(AllergyIntoleranceId::from_uuid(id)).unwrap();
    let check = |verification: VerificationStatus, want: &str| {
        let other = AllergyIntolerance { verification_status: verification, ..latex.clone() };
        let sides = [latex.clone(), other].map(EntryValue::Allergy).to_vec();
        let mut view = view();
        view.chart.allergies = vec![latex.clone()];
        let entry = EntryRef::new(EntryKind::Allergy, id);
        view.chart.conflicts = vec![dispute(entry, "value", sides)];
        let told = chart(&view);
        assert!(told.contains("\n    version 1: latex  ("), "{told}");
        assert!(told.contains(&format!("\n    version 2: {want}latex  (")), "{told}");
    };
    check(VerificationStatus::Refuted, "REFUTED — ");
    check(VerificationStatus::EnteredInError, "RECORDED BY MISTAKE — ");
    check(VerificationStatus::Unconfirmed, "");
}

#[test]
fn a_history_says_what_was_written_in_words() {
    let stamp = Stamp {
        author: PractitionerId::from_uuid(uuid_v7(2, [2; 10])),
        device: DeviceId::from_uuid(uuid_v7(3, [3; 10])),
        at: "2026-11-26T22:05:00Z".parse().unwrap(),
    };
    let offset = clinical::UtcOffset::from_seconds(3 * 3600);
    let clock = Clock { now: stamp.at, offset: &move |_| offset };
    let check = |kind, field: &str, value: &str, want: &str| {
        for (decides, decided) in [(false, ""), (true, "decided, ")] {
            let item = HistoryItem {
                stamp,
                author: "Rose".to_owned(),
                device: "Room 2".to_owned(),
                change: String::new(),
                field: field.to_owned(),
                value: value.to_owned(),
                decides,
            };
            let told = history(&[item], kind, clock).replace('\u{a0}', " ");
            let by = "27-Nov-2026 01:05  Rose (Room 2)";
            assert_eq!(told, format!("{decided}{by}  {field}: {want}\n"));
        }
    };
    let order = r#"{"medication":{"text":"amoxicillin"},"dosage":[{"dose":{"value":"10.0","unit":"mg/kg","ucum":"mg/kg"}}],"status":"stopped"}"#;
    let line = "amoxicillin — DOSE 10 mg/kg — how often is not recorded [stopped]";
    check(EntryKind::Medication, "order", order, line);
    let about =
        r#"{"intent":"order","authoredOn":"2026-11-26","reason":[{"text":"otitis"}],"note":"n"}"#;
    check(EntryKind::Medication, "about", about, "for otitis — written 26-Nov-2026 — note: n");
    check(EntryKind::Medication, "reason", r#""rash""#, "rash");
    check(EntryKind::Medication, "order", r#"{"newer":1}"#, r#"{"newer":1}"#);
    let draft = AllergyDraft {
        substance: "latex".into(),
        criticality: Some(clinical::AllergyCriticality::High),
        ..AllergyDraft::default()
    };
    let allergy = draft.complete(AllergyIntoleranceId::from_uuid(uuid_v7(4, [4; 10]))).unwrap();
    for (status, ended) in [
        (VerificationStatus::Confirmed, ""),
        (VerificationStatus::Refuted, "  (not in force)"),
        (VerificationStatus::EnteredInError, "  (recorded by mistake)"),
    ] {
        let then = AllergyIntolerance { verification_status: status, ..allergy.clone() };
        let then = serde_json::to_string(&then).unwrap();
        check(EntryKind::Allergy, "value", &then, &format!("latex — high risk{ended}"));
    }
}
