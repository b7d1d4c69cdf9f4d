//! One commit: everything in one transaction, and read back.

use super::fixtures::{self, *};
use crate::*;
use chart::{Actor, ChartDocument, ChartEdit, ClinicDocument, ClinicEdit, DraftDocument};
use clinical::*;
use std::convert::Infallible;

#[test]
fn a_chart_is_read_back_from_its_rows() {
    let kept = new_store();
    let mut edits = thirty_entries(1);
    edits.push(ChartEdit::KeepSource(Source {
        id: id(55),
        resource_type: "Observation".into(),
        full_url: None,
        body: r#"{"value":7.0}"#.into(),
    }));
    let (mut chart, record) = begin(1, &edits);
    let committed = kept.store.commit(Commit::local(vec![record])).unwrap();
    assert_eq!(committed.sequence, 1);
    assert_eq!(committed.touched.len(), 1);

    let read = |newest| kept.store.chart(patient_id(1), newest).unwrap().unwrap();
    assert_eq!(read(Newest::ALL).chart, without_sources(chart.read()));

    edit(&kept.store, &mut chart, 1, ChartEdit::RecordAllergy(allergy(77, "Latex")));
    let pulse_id = EntryRef::new(EntryKind::Observation, id(1030));
    edit(&kept.store, &mut chart, 1, ChartEdit::Withdraw(pulse_id));
    let reason = "wrong patient".to_owned();
    edit(&kept.store, &mut chart, 1, ChartEdit::Explain { entry: pulse_id, reason });
    let whole = read(Newest::ALL);
    assert_eq!(whole.chart, without_sources(chart.read()));
    assert_eq!(whole.chart.withdrawn, [pulse_id]);
    let why = whole.chart.reason_of(pulse_id).unwrap();
    assert_eq!((why.text.as_str(), why.stamp), ("wrong patient", stamp(1, 1)));
    assert_eq!(kept.store.chart(patient_id(2), Newest::ALL).unwrap(), None);

    let newest = read(Newest::of_each(3));
    let starts: Vec<_> = newest.chart.encounters.iter().filter_map(|e| e.start.clone()).collect();
    assert_eq!(
        starts.iter().map(PartialDate::month).collect::<Vec<_>>(),
        [Some(2), Some(3), Some(4)]
    );
    assert_eq!(newest.chart.allergies.len(), 2);
    assert_eq!(newest.counts, whole.counts);
    assert_eq!(whole.counts[4], (EntryKind::Observation, 18));
    assert_whole(&kept.store);
}

#[test]
fn every_change_leaves_an_audit_row_and_local_ones_go_to_the_outbox() {
    let kept = new_store();
    let (mut chart, record) = begin(1, &thirty_entries(1));
    kept.store.commit(Commit::local(vec![record])).unwrap();
    let change = chart.apply(&[ChartEdit::RecordAllergy(allergy(9, "Nuts"))], stamp(2, 5)).unwrap();
    let hash = change.changes[0].hash;
    let record = recorded(&mut chart, change, 1);
    take_in(&kept.store, record);

    let rows = kept.store.audit(0, 10).unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[1].change, hash);
    assert_eq!(rows[1].event, audit(AuditAction::Update, patient_id(1)));
    let outbox = kept.store.outbox(0, 10).unwrap();
    assert_eq!(outbox.len(), 1, "what came from elsewhere is not sent on as ours");
    assert_eq!(outbox[0].document, chart_name(1));

    kept.store.record_audit(&[audit(AuditAction::Read, patient_id(1))]).unwrap();
    let of_one = |span| kept.store.audit_span(Some(patient_id(1)), span, 10).unwrap();
    let newest_first = of_one(AuditSpan::Before(u64::MAX));
    assert_eq!(newest_first[0].event.action, AuditAction::Read);
    let oldest_first: Vec<_> = newest_first.iter().rev().cloned().collect();
    assert_eq!(of_one(AuditSpan::After(0)), oldest_first);
    assert_eq!(of_one(AuditSpan::After(newest_first[0].seq)), []);
    assert_eq!(kept.store.verify_audit().unwrap(), None);
    let counts = kept.store.counts().unwrap();
    assert_eq!((counts.patients, counts.open_tasks, counts.audit, counts.commits), (1, 1, 3, 3));
}

#[test]
fn a_commit_that_fails_leaves_nothing() {
    let kept = new_store();
    let (_, good) = begin(1, &thirty_entries(1));
    let (mut chart, _) = begin(2, &thirty_entries(2));
    let change = chart.apply(&[ChartEdit::RecordAllergy(allergy(9, "Nuts"))], stamp(1, 1)).unwrap();
    let bad = Record::edited(change, View::Draft(None), audit(AuditAction::Update, patient_id(2)));
    let before = kept.store.projection_digest().unwrap();
    let receipt = Receipt {
        quarantine: vec![QuarantineRow {
            envelope: [1; 32],
            device: [2; 16],
            tag: [0; 32],
            at: Instant::from_unix_ms(0),
            reason: "decrypt".into(),
            bytes: vec![1],
        }],
        ..Receipt::default()
    };
    let receipt = || Ok::<_, Infallible>(receipt);
    let error = kept.store.take_in([good, bad], receipt).unwrap_err();
    assert!(matches!(error, StoreError::ViewMismatch));
    assert_eq!(kept.store.counts().unwrap(), Counts::default());
    assert_eq!(kept.store.projection_digest().unwrap(), before);
    assert_whole(&kept.store);
}

#[test]
fn projections_are_rebuilt_bit_for_bit() {
    let kept = new_store();
    let records: Vec<_> = (1..=12).map(|n| begin(n, &thirty_entries(n))).collect();
    let (mut charts, records): (Vec<ChartDocument>, Vec<Record>) = records.into_iter().unzip();
    kept.store.commit(Commit::local(records)).unwrap();
    for n in 1..=6 {
        let chart = &mut charts[usize::try_from(n).unwrap() - 1];
        edit(
            &kept.store,
            chart,
            n,
            ChartEdit::RecordMedication(medication(n * 1000 + 4, "Amlodipine", "10", "2")),
        );
        edit(
            &kept.store,
            chart,
            n,
            ChartEdit::RecordPatient(person(n, "Achieng", "Mary", "1990", "0700 000 001")),
        );
    }
    clinic(&kept.store);
    draft(&kept.store, "Cough");
    let before = kept.store.projection_digest().unwrap();
    let mut told = 0;
    let rebuilt = kept.store.rebuild(actor(50), &mut |done| told = done).unwrap();
    assert_eq!(rebuilt, Rebuilt { documents: 14, unchanged: true });
    assert_eq!(told, 14);
    assert_eq!(kept.store.projection_digest().unwrap(), before);

    kept.store.tamper("UPDATE medication SET holds = 1 - holds WHERE chart = 3").unwrap();
    assert_ne!(kept.store.projection_digest().unwrap(), before);
    let report = kept.store.check(Some(actor(51))).unwrap();
    assert_eq!(report.projections_true, Some(false));
    assert!(!report.is_whole());
    let rebuilt = kept.store.rebuild(actor(52), &mut |_| {}).unwrap();
    assert!(!rebuilt.unchanged);
    assert_eq!(kept.store.projection_digest().unwrap(), before);
    assert_whole(&kept.store);
}

fn clinic(store: &Store) {
    let id = ClinicId::from_uuid(id(900_500));
    let mut clinic = ClinicDocument::new(id, actor(1));
    let person = Practitioner {
        id: PractitionerId::from_uuid(fixtures::id(900_001)),
        user_name: "amina".into(),
        name: "Dr Amina Yusuf".into(),
        role: Role::Admin,
        public_keys: vec!["00".repeat(32)],
        active: true,
        removed_by: Vec::new(),
        unconfirmed: false,
        credentials: Credentials::default(),
    };
    let edits =
        [ClinicEdit::Name("Lakeside Clinic".into()), ClinicEdit::RecordPerson(person.clone())];
    let change = clinic.apply(&edits, stamp(1, 0)).unwrap();
    let mut event = audit(AuditAction::Administer, patient_id(1));
    event.patient = None;
    let record = Record::edited(change, View::Clinic(Box::new(clinic.read())), event);
    store.commit(Commit::local(vec![record])).unwrap();
    assert_eq!(store.clinic_name().unwrap().as_deref(), Some("Lakeside Clinic"));
    assert_eq!(store.people().unwrap(), [person]);
}

fn draft(store: &Store, text: &str) -> CompositionId {
    let draft_id = CompositionId::from_uuid(id(800_000));
    let mut draft = DraftDocument::new(draft_id, Actor::from_random([3; 16]));
    let begun = draft.begin(patient_id(1), None, "Visit note", stamp(1, 0)).unwrap();
    let view = View::Draft(draft.read().map(Box::new));
    let begun = Record::edited(begun, view, audit(AuditAction::Create, patient_id(1)));
    store.commit(Commit::local(vec![begun])).unwrap();
    let written = draft.write(NoteSectionCode::Subjective, text, stamp(1, 1)).unwrap();
    let view = View::Draft(draft.read().map(Box::new));
    let record = Record::edited(written, view, audit(AuditAction::Update, patient_id(1)));
    let settled = vec![(draft_id, NoteSectionCode::Subjective)];
    store.commit(Commit { settled, ..Commit::local(vec![record]) }).unwrap();
    draft_id
}

#[test]
fn what_is_typed_is_kept_until_it_is_settled() {
    let kept = new_store();
    let draft_id = CompositionId::from_uuid(id(800_000));
    let typed = |section, text: &str| DraftTextRow {
        draft: draft_id,
        section,
        text: text.into(),
        at: Instant::from_unix_ms(5),
    };
    for text in ["C", "Cou", "Cough"] {
        kept.store.save_draft_text(&typed(NoteSectionCode::Subjective, text)).unwrap();
    }
    kept.store.save_draft_text(&typed(NoteSectionCode::Plan, "X-ray")).unwrap();
    let path = kept.path();
    let _dir = kept.close();
    let store = Store::open(&path, keys()).unwrap();
    let texts = store.draft_texts(draft_id).unwrap().into_iter().map(|row| row.text);
    let texts: Vec<_> = texts.collect();
    assert_eq!(texts, ["X-ray", "Cough"]);

    assert_eq!(draft(&store, "Cough"), draft_id);
    let left: Vec<_> = store.draft_texts(draft_id).unwrap();
    assert_eq!(left, [typed(NoteSectionCode::Plan, "X-ray")]);
    let open = store.open_drafts(patient_id(1)).unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].sections[&NoteSectionCode::Subjective], "Cough");
    assert_eq!(store.draft(draft_id).unwrap().as_ref(), open.first());
}

#[test]
fn audit_rows_stand_and_alterations_are_found() {
    let kept = new_store();
    for _ in 0..5 {
        kept.store.record_audit(&[audit(AuditAction::Read, patient_id(1))]).unwrap();
    }
    for refused in
        ["UPDATE audit SET at = 0", "DELETE FROM audit", "UPDATE writer SET author = x''"]
    {
        assert!(kept.store.tamper(refused).is_err(), "{refused}");
    }
    let check = |tampering: &str, want: Option<u64>| {
        let kept = new_store();
        for _ in 0..5 {
            kept.store.record_audit(&[audit(AuditAction::Read, patient_id(1))]).unwrap();
        }
        kept.store
            .tamper(
                "DROP TRIGGER audit_stands; DROP TRIGGER audit_stays; DROP TRIGGER writer_stands",
            )
            .unwrap();
        kept.store.tamper(tampering).unwrap();
        assert_eq!(kept.store.verify_audit().unwrap(), want, "{tampering}");
    };
    check("", None);
    check("UPDATE audit SET at = at + 1 WHERE seq = 3", Some(3));
    check("UPDATE audit SET patient = x'' WHERE seq = 4", Some(4));
    check("DELETE FROM audit WHERE seq = 2", Some(2));
    check("DELETE FROM audit WHERE seq = 5", Some(5));
    check("UPDATE writer SET author = zeroblob(16)", Some(1));
    check(
        "INSERT INTO audit SELECT 6, at, writer, action, patient, resource, outcome, purpose, change, hash FROM audit WHERE seq = 5",
        Some(6),
    );
}
