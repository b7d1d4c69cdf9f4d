//! What a newer version of the program has written: kept, told, and never written over.

use super::{ChartDocument, ChartEdit, field};
use crate::{Actor, DocumentChange, EditError, Stored, Touched};
use clinical::*;
use uuid::Uuid;

const NEWER: &[u8] = br#""in a newer form""#;

fn id(n: u8) -> Uuid {
    uuid_v7(1_000, [n; 10])
}

fn stamp(device: u8, at: i64) -> Stamp {
    Stamp {
        author: PractitionerId::from_uuid(id(100 + device)),
        device: DeviceId::from_uuid(id(200 + device)),
        at: Instant::from_unix_ms(at),
    }
}

fn open(device: u8) -> ChartDocument {
    ChartDocument::new(PatientId::from_uuid(id(1)), Actor::from_random([device; 16]))
}

fn entry(kind: EntryKind) -> EntryRef {
    EntryRef::new(kind, if kind == EntryKind::Patient { id(1) } else { id(9) })
}

/// A field of an entry as the newer version on a device writes it.
fn put(
    chart: &mut ChartDocument,
    (entry, name): (EntryRef, &str),
    bytes: &[u8],
    stamp: Stamp,
) -> DocumentChange {
    let key = field::key(entry.kind, entry.id, name);
    chart.document.put(field::section(entry.kind), &key, bytes).unwrap();
    chart.document.commit(stamp, Touched::All)
}

fn stored(chart: &ChartDocument, (entry, name): (EntryRef, &str)) -> Vec<u8> {
    let key = field::key(entry.kind, entry.id, name);
    chart.document.get(field::section(entry.kind), &key).unwrap().bytes
}

fn merge(chart: ChartDocument, change: &DocumentChange) -> ChartDocument {
    chart.merge(change.changes.iter().map(|raw| raw.bytes.clone()).collect()).unwrap().0
}

fn medication(dose: &str) -> MedicationRequest {
    let draft = MedicationDraft {
        medication: "Amlodipine".into(),
        dose: dose.into(),
        unit: "mg".into(),
        note: "with food".into(),
        ..MedicationDraft::default()
    };
    draft.complete(MedicationId::from_uuid(id(9)), "2026-11-24".parse().unwrap()).unwrap()
}

fn allergy(substance: &str) -> AllergyIntolerance {
    let draft = AllergyDraft { substance: substance.into(), ..AllergyDraft::default() };
    draft.complete(AllergyIntoleranceId::from_uuid(id(9))).unwrap()
}

fn patient(family: &str) -> Patient {
    let draft = PatientDraft { family: family.into(), ..PatientDraft::default() };
    draft.complete(PatientId::from_uuid(id(1)), &"2026-11-24".parse().unwrap()).unwrap()
}

/// What is recorded first, what a device changes it to, and the field a newer version on another
/// device writes apart from that.
fn cases() -> [(ChartEdit, ChartEdit, (EntryRef, &'static str)); 3] {
    [
        (
            ChartEdit::RecordAllergy(allergy("Latex")),
            ChartEdit::RecordAllergy(allergy("Rubber")),
            (entry(EntryKind::Allergy), field::VALUE),
        ),
        (
            ChartEdit::RecordMedication(medication("5")),
            ChartEdit::RecordMedication(medication("10")),
            (entry(EntryKind::Medication), field::ORDER),
        ),
        (
            ChartEdit::RecordPatient(patient("Okello")),
            ChartEdit::RecordPatient(patient("Okelo")),
            (entry(EntryKind::Patient), field::IDENTITY),
        ),
    ]
}

/// Two charts of which one was written in a newer form, each with the other's change. Whichever
/// actor is greater wins, so both orders are met.
fn apart(
    first: ChartEdit,
    change: ChartEdit,
    newer: (EntryRef, &str),
    devices: [u8; 2],
) -> [ChartDocument; 2] {
    let [older_device, newer_device] = devices;
    let (mut older, mut two) = (open(older_device), open(newer_device));
    let shared = older.apply(&[first], stamp(1, 10)).unwrap();
    two = merge(two, &shared);
    let by_older = older.apply(&[change], stamp(1, 20)).unwrap();
    let by_newer = put(&mut two, newer, NEWER, stamp(2, 30));
    [merge(older, &by_newer), merge(two, &by_older)]
}

#[test]
fn a_version_in_a_newer_form_is_a_side_of_the_dispute() {
    for (first, change, newer) in cases() {
        for devices in [[1, 2], [2, 1]] {
            let [mut one, mut two] = apart(first.clone(), change.clone(), newer, devices);
            let chart = one.read();
            assert_eq!(chart, two.read());
            let [conflict] = chart.conflicts.as_slice() else { panic!("{:?}", chart.conflicts) };
            assert_eq!(conflict.entry, newer.0);
            let [readable, unread] = conflict.versions.as_slice() else { panic!("{conflict:?}") };
            assert_eq!((&unread.value, unread.stamp), (&EntryValue::Unreadable, stamp(2, 30)));
            assert_ne!(readable.value, EntryValue::Unreadable);
            // What can be read is on its list, whichever wins.
            assert_eq!(chart.unreadable, []);
            let listed = chart.allergies.len() + chart.medications.len();
            assert_eq!(listed + usize::from(chart.patient.is_some()), 1);
            let refused = one.apply(std::slice::from_ref(&change), stamp(1, 40)).unwrap_err();
            assert_eq!(refused, EditError::Disputed(conflict.id.clone()));
        }
    }
}

#[test]
fn any_version_may_be_chosen_and_is_written_again_as_it_is() {
    for (first, change, newer) in cases() {
        for devices in [[1, 2], [2, 1]] {
            for at in [0, 1] {
                let [mut one, two] = apart(first.clone(), change.clone(), newer, devices);
                let conflict = one.read().conflicts.remove(0);
                let version = &conflict.versions[at];
                let decide = ChartEdit::Decide {
                    conflict: conflict.id.clone(),
                    change: version.change.clone(),
                };
                let decided = one.apply(&[decide], stamp(1, 50)).unwrap();
                let chart = one.read();
                assert_eq!(chart.conflicts, []);
                let unread = version.value == EntryValue::Unreadable;
                assert_eq!(stored(&one, newer) == NEWER, unread);
                assert_eq!(chart.unreadable, if unread { vec![newer.0] } else { Vec::new() });
                assert_eq!(merge(two, &decided).read(), chart);
            }
        }
    }
}

#[test]
fn a_decision_loses_nothing_that_this_version_does_not_know() {
    let (first, change, newer) = cases()[0].clone();
    let (mut one, mut two) = (open(1), open(2));
    two = merge(two, &one.apply(&[first], stamp(1, 10)).unwrap());
    let mut known = serde_json::to_value(allergy("Latex gloves")).unwrap();
    known["certainty"] = serde_json::json!("of a newer version");
    let written = serde_json::to_vec(&known).unwrap();
    let by_newer = put(&mut two, newer, &written, stamp(2, 30));
    one.apply(&[change], stamp(1, 20)).unwrap();
    one = merge(one, &by_newer);
    let conflict = one.read().conflicts.remove(0);
    let change = conflict.versions[1].change.clone();
    one.apply(&[ChartEdit::Decide { conflict: conflict.id, change }], stamp(1, 50)).unwrap();
    assert_eq!(stored(&one, newer), written);
}

#[test]
fn what_was_written_alike_is_no_dispute_even_when_it_cannot_be_read() {
    let (first, _, newer) = cases()[1].clone();
    let (mut one, mut two) = (open(1), open(2));
    two = merge(two, &one.apply(&[first], stamp(1, 10)).unwrap());
    put(&mut one, newer, NEWER, stamp(1, 20));
    let by_two = put(&mut two, newer, NEWER, stamp(2, 20));
    let chart = merge(one, &by_two).read();
    assert_eq!((chart.conflicts, chart.unreadable), (Vec::new(), vec![newer.0]));
}

#[test]
fn a_dispute_of_which_nothing_can_be_read_is_told() {
    let (first, _, newer) = cases()[1].clone();
    let (mut one, mut two) = (open(1), open(2));
    two = merge(two, &one.apply(&[first], stamp(1, 10)).unwrap());
    put(&mut one, newer, NEWER, stamp(1, 20));
    let by_two = put(&mut two, newer, b"{\"form\":3}", stamp(2, 20));
    let chart = merge(one, &by_two).read();
    assert_eq!(chart.conflicts[0].unreadable().count(), 2);
    assert_eq!(chart.unreadable, [newer.0]);
    assert_eq!(chart.medications, []);
}

#[test]
fn a_field_in_a_newer_form_is_told_and_not_written_over() {
    let about = (entry(EntryKind::Medication), field::ABOUT);
    let deceased = (entry(EntryKind::Patient), field::DECEASED);
    let check = |first: ChartEdit, newer: (EntryRef, &str)| {
        let mut chart = open(1);
        chart.apply(std::slice::from_ref(&first), stamp(1, 10)).unwrap();
        put(&mut chart, newer, NEWER, stamp(2, 20));
        let read = chart.read();
        assert_eq!(read.unreadable, [newer.0]);
        assert_eq!(read.medications.len() + usize::from(read.patient.is_some()), 1);
        let edit = if let ChartEdit::RecordPatient(mut patient) = first {
            patient.deceased = Some(Deceased { at: None });
            ChartEdit::RecordPatient(patient)
        } else {
            first
        };
        let refused = chart.apply(&[edit], stamp(1, 30));
        assert_eq!(refused.unwrap_err(), EditError::NewerSchema);
        assert_eq!(stored(&chart, newer), NEWER);
    };
    check(ChartEdit::RecordMedication(medication("5")), about);
    check(ChartEdit::RecordPatient(patient("Okello")), deceased);
}

#[test]
fn a_task_that_a_newer_version_raised_keeps_no_other_from_being_raised() {
    let task = |n: u8| Task {
        id: TaskId::from_uuid(id(n)),
        rule: "drug-allergy".into(),
        tier: AlertTier::Block,
        subject: Vec::new(),
        detail: "Amoxicillin is a penicillin.".into(),
        status: TaskStatus::Requested,
        outcome: None,
        settled_tier: None,
        said: None,
    };
    let mut chart = open(1);
    let newer = (EntryRef::new(EntryKind::Task, id(9)), field::VALUE);
    put(&mut chart, newer, NEWER, stamp(2, 10));
    let raise = [ChartEdit::RaiseTask(task(9)), ChartEdit::RaiseTask(task(10))];
    chart.apply(&raise, stamp(1, 20)).unwrap();
    let read = chart.read();
    assert_eq!((read.tasks, read.unreadable), (vec![task(10)], vec![newer.0]));
}

#[test]
fn a_value_that_is_no_text_is_told_too() {
    let mut chart = open(1);
    let section = field::section(EntryKind::Allergy);
    let allergy = entry(EntryKind::Allergy);
    chart.document.put_number(section, &field::key(EntryKind::Allergy, allergy.id, field::VALUE));
    chart.document.commit(stamp(1, 10), Touched::All);
    assert_eq!(chart.read().unreadable, [allergy]);
    let edit = ChartEdit::RecordAllergy(self::allergy("Latex"));
    assert_eq!(chart.apply(&[edit], stamp(1, 20)).unwrap_err(), EditError::NewerSchema);
}

#[test]
fn what_waits_is_told_by_computer() {
    let mut far = open(3);
    let mut bytes = Vec::new();
    for (device, substance) in [(1, "Latex"), (2, "Egg"), (2, "Nuts")] {
        let edit = ChartEdit::RecordAllergy(allergy(substance));
        let change = far.apply(&[edit], stamp(device, 10)).unwrap();
        bytes.push(change.changes[0].bytes.clone());
    }
    bytes.push(b"no change".to_vec());
    let waiting = |device: Uuid, changes| Waiting { device: DeviceId::from_uuid(device), changes };
    let want = [waiting(Uuid::nil(), 1), waiting(id(201), 1), waiting(id(202), 2)];
    assert_eq!(crate::waiting_by_device(&bytes), want);
}

/// Two computers that take one finding from two files, before they meet.
#[test]
fn of_a_fact_that_came_differently_apart_one_shows_and_the_history_has_both() {
    let weight = |kilos: &str| {
        let values = [("weight".to_owned(), kilos.to_owned())].into();
        let draft = VitalsDraft { values, encounter: None };
        let make_id = || ObservationId::from_uuid(id(9));
        draft.complete(make_id, &"2026-11-24".parse().unwrap()).unwrap().remove(0)
    };
    let write = |device: u8, kilos: &str| {
        let mut chart = open(device);
        let edit = ChartEdit::RecordObservation(weight(kilos));
        let change = chart.apply(&[edit], stamp(device, 1)).unwrap();
        (chart, change)
    };
    for (kilos, values) in [("70", 1), ("71", 2)] {
        let ((one, by_one), (other, by_other)) = (write(1, "70"), write(2, kilos));
        let (mut one, mut other) = (merge(one, &by_other), merge(other, &by_one));
        let shown = one.read().observations;
        assert_eq!((shown.len(), &shown), (1, &other.read().observations));
        for chart in [&mut one, &mut other] {
            let past = chart.history(entry(EntryKind::Observation));
            let mut said: Vec<String> = past.into_iter().map(|item| item.value).collect();
            said.dedup();
            assert_eq!(said.len(), values, "{said:?}");
        }
    }
}

fn visit(reason: &str) -> Encounter {
    let draft = EncounterDraft { reason: reason.into(), class: None };
    let start = "2026-11-24T09:30:00+03:00".parse().unwrap();
    draft.complete(EncounterId::from_uuid(id(9)), start).unwrap()
}

#[test]
fn a_visit_that_a_newer_version_wrote_beside_this_one_is_disputed() {
    let ended = Encounter { status: EncounterStatus::Finished, ..visit("cough") };
    for (change, name) in [(visit("fever"), field::VALUE), (ended, field::STATUS)] {
        let newer = (entry(EntryKind::Encounter), name);
        let change = ChartEdit::RecordEncounter(change);
        for devices in [[1, 2], [2, 1]] {
            for at in [0, 1] {
                let first = ChartEdit::RecordEncounter(visit("cough"));
                let [mut one, mut two] = apart(first, change.clone(), newer, devices);
                let chart = one.read();
                assert_eq!(chart, two.read());
                let ChartEdit::RecordEncounter(shown) = &change else { panic!() };
                assert_eq!((chart.encounters.as_slice(), chart.unreadable.len()), {
                    (std::slice::from_ref(shown), 0)
                });
                let conflict = chart.conflicts[0].clone();
                assert_eq!(conflict.versions[1].value, EntryValue::Unreadable);
                let other = Encounter { status: EncounterStatus::Cancelled, ..visit("rash") };
                let refused = one.apply(&[ChartEdit::RecordEncounter(other)], stamp(1, 40));
                assert_eq!(refused.unwrap_err(), EditError::Disputed(conflict.id.clone()));
                let version = &conflict.versions[at];
                let (conflict, change) = (conflict.id.clone(), version.change.clone());
                let decide = ChartEdit::Decide { conflict, change };
                let decided = one.apply(&[decide], stamp(1, 50)).unwrap();
                let chart = one.read();
                assert_eq!(chart.conflicts, []);
                let unread = version.value == EntryValue::Unreadable;
                assert_eq!(stored(&one, newer) == NEWER, unread);
                assert_eq!(chart.unreadable, if unread { vec![newer.0] } else { Vec::new() });
                assert_eq!(merge(two, &decided).read(), chart);
            }
        }
    }
}

#[test]
fn a_member_that_only_a_newer_version_knows_outlives_a_decision_about_another() {
    let (mut one, mut two) = (open(1), open(2));
    two = merge(
        two,
        &one.apply(&[ChartEdit::RecordEncounter(visit("cough"))], stamp(1, 10)).unwrap(),
    );
    let newer = (entry(EntryKind::Encounter), field::VALUE);
    let written = br#"{"class":"AMB","reason":[{"text":"rash"}],"urgency":"red"}"#;
    let by_newer = put(&mut two, newer, written, stamp(2, 30));
    one.apply(&[ChartEdit::RecordEncounter(visit("fever"))], stamp(1, 20)).unwrap();
    one = merge(one, &by_newer);
    let conflict = one.read().conflicts.remove(0);
    let change = conflict.versions[0].change.clone();
    one.apply(&[ChartEdit::Decide { conflict: conflict.id, change }], stamp(1, 50)).unwrap();
    let kept: serde_json::Value = serde_json::from_slice(&stored(&one, newer)).unwrap();
    assert_eq!((&kept["reason"][0]["text"], &kept["urgency"]), (&"fever".into(), &"red".into()));
}

/// The same chart, as it is opened from what was kept of it.
fn opened_again(chart: &mut ChartDocument) -> ChartDocument {
    let kept = chart.save();
    let stored = Stored { snapshot: Some(&kept), loose: &[] };
    let actor = Actor::from_random([3; 16]);
    ChartDocument::load(PatientId::from_uuid(id(1)), stored, actor).unwrap()
}

/// What a merge says of the rows to be made again is what was written, whoever wrote it; all of a
/// chart that was not here before, and where a newer version has written what is not known here.
#[test]
fn a_merge_touches_what_its_changes_write() {
    let observation = |n: u8| {
        ChartEdit::RecordObservation(Observation {
            id: ObservationId::from_uuid(id(n)),
            status: ObservationStatus::Final,
            category: Vec::new(),
            code: CodeableConcept::from_text("Pulse"),
            value: None,
            component: Vec::new(),
            effective: None,
            encounter: None,
            interpretation: Vec::new(),
            reference_range: None,
            note: None,
            replaces: None,
        })
    };
    let finding = |n: u8| EntryRef::new(EntryKind::Observation, id(n));
    let raw = |change: &DocumentChange| -> Vec<Vec<u8>> {
        change.changes.iter().map(|raw| raw.bytes.clone()).collect()
    };
    let mut there = open(1);
    let first = [ChartEdit::RecordPatient(patient("Okello")), observation(20)];
    let begun = there.apply(&first, stamp(1, 10)).unwrap();
    let (mut here, merged) = open(2).merge(raw(&begun)).unwrap();
    assert_eq!(merged.change.touched, Touched::All, "nothing of it was here");
    let mut check = |change: DocumentChange, want: Touched| {
        let (merged_into, merged) = opened_again(&mut here).merge(raw(&change)).unwrap();
        assert_eq!(merged.change.touched, want);
        here = merged_into;
    };
    let allergy = ChartEdit::RecordAllergy(allergy("Latex"));
    for (edits, want) in [
        (vec![observation(22)], vec![finding(22)]),
        (vec![observation(23), allergy], vec![entry(EntryKind::Allergy), finding(23)]),
        (vec![ChartEdit::Withdraw(finding(20))], vec![finding(20)]),
        (vec![ChartEdit::RecordPatient(patient("Okelo"))], vec![entry(EntryKind::Patient)]),
    ] {
        check(there.apply(&edits, stamp(1, 20)).unwrap(), Touched::Entries(want));
    }
    let field = put(&mut there, (finding(24), "of a newer version"), NEWER, stamp(1, 30));
    check(field, Touched::Entries(vec![finding(24)]));
    there.document.put("observations", "of a newer version", NEWER).unwrap();
    check(there.document.commit(stamp(1, 40), Touched::All), Touched::All);
}

fn sharing() -> Sharing {
    let clinic = |n, name: &str| NamedClinic { id: ClinicId::from_uuid(id(n)), name: name.into() };
    let author = PractitionerId::from_uuid(id(5));
    Sharing {
        id: SharingId::from_uuid(id(2)),
        from: clinic(3, "Kisumu"),
        to: clinic(4, "Eldoret"),
        ground: SharingGround::Referral,
        reason: Some("Echo, please".into()),
        until: "2026-12-24".parse().ok(),
        by: author,
        at: Instant::from_unix_ms(1_700_000_000_000),
        authors: vec![NamedAuthor { id: author, name: "Ana".into() }],
        told: Vec::new(),
    }
}

/// It stands in charts for ever.
#[test]
fn that_a_chart_was_given_keeps_its_form() {
    let text = String::from_utf8(field::encode(&sharing())).unwrap();
    assert_eq!(field::decode::<Sharing>(text.as_bytes()), Some(sharing()));
    let want = r#"{"id":"00000000-03e8-7202-8202-020202020202","from":{"id":"00000000-03e8-7303-8303-030303030303","name":"Kisumu"},"to":{"id":"00000000-03e8-7404-8404-040404040404","name":"Eldoret"},"ground":"referral","reason":"Echo, please","until":"2026-12-24","by":"00000000-03e8-7505-8505-050505050505","at":1700000000000,"authors":[{"id":"00000000-03e8-7505-8505-050505050505","name":"Ana"}]}"#;
    assert_eq!(text, want);
    let told = field::told(SharingId::from_uuid(id(2)), ClinicId::from_uuid(id(4)));
    assert_eq!(told, "0000000003e872028202020202020202/0000000003e874048404040404040404");
    let by = String::from_utf8(field::encode(&sharing().from)).unwrap();
    assert_eq!(by, r#"{"id":"00000000-03e8-7303-8303-030303030303","name":"Kisumu"}"#);
    let words = SharingGround::ALL.map(|ground| field::encode(&ground));
    assert_eq!(words, [&br#""referral""#[..], br#""transfer""#, br#""request""#]);
}

#[test]
fn what_was_given_and_came_back_is_known_on_both_sides() {
    let (mut here, mut there) = (open(1), open(2));
    let registered =
        here.apply(&[ChartEdit::RecordPatient(patient("Okello"))], stamp(1, 1)).unwrap();
    there = merge(there, &registered);
    let mut chart = here.read();
    let given = here.apply(&[ChartEdit::RecordSharing(sharing())], stamp(1, 2)).unwrap();
    here.refresh(&mut chart, &given.touched);
    assert_eq!((&chart.shared, &chart), (&vec![sharing()], &here.read()));
    assert_eq!(here.authors(), [stamp(1, 0).author].into());
    // Both begin the section, and neither hides the other's.
    let back = Sharing { id: SharingId::from_uuid(id(7)), ..sharing() };
    let answered = there.apply(&[ChartEdit::RecordSharing(back.clone())], stamp(2, 3)).unwrap();
    there = merge(there, &given);
    here = merge(here, &answered);
    assert_eq!(here.read().shared, [sharing(), back]);
    assert_eq!(here.read(), there.read());
    let (mut taken, changes) =
        ChartDocument::take_given(PatientId::from_uuid(id(1)), &here.save_plain(), Actor::NOBODY)
            .unwrap();
    assert_eq!(taken.read(), here.read());
    assert_eq!(merge(open(3), &DocumentChange { changes: Vec::new(), ..given }).read().shared, []);
    let (mut again, merged) = open(3).merge(changes).unwrap();
    assert_eq!((again.read(), merged.waiting.len()), (here.read(), 0));
    // What a newer version says of it is told, and the rest is read; one is not read twice.
    here.document.put(field::SHARED, "x", NEWER).unwrap();
    let twice = field::encode(&chart_shared(&mut here));
    here.document.put(field::SHARED, &id(9).simple().to_string(), &twice).unwrap();
    here.document.commit(stamp(1, 9), Touched::All);
    let chart = here.read();
    assert_eq!((chart.shared.len(), chart.unreadable), (2, vec![entry(EntryKind::Patient)]));
}

fn chart_shared(of: &mut ChartDocument) -> Sharing {
    of.read().shared.remove(0)
}

fn link() -> PatientLink {
    PatientLink {
        id: PatientLinkId::from_uuid(id(2)),
        shown: PatientId::from_uuid(id(1)),
        replaced: PatientId::from_uuid(id(3)),
        made: stamp(1, 2),
        ended: None,
    }
}

/// It stands in charts for ever.
#[test]
fn that_two_charts_are_of_one_person_keeps_its_form() {
    let text = String::from_utf8(field::encode(&link())).unwrap();
    assert_eq!(field::decode::<PatientLink>(text.as_bytes()), Some(link()));
    let want = r#"{"id":"00000000-03e8-7202-8202-020202020202","shown":"00000000-03e8-7101-8101-010101010101","replaced":"00000000-03e8-7303-8303-030303030303","made":{"author":"00000000-03e8-7565-a565-656565656565","device":"00000000-03e8-79c9-89c9-c9c9c9c9c9c9","at":2}}"#;
    assert_eq!(text, want);
}

#[test]
fn a_link_is_ended_and_whoever_makes_another_meanwhile_keeps_it() {
    let (mut here, mut there) = (open(1), open(2));
    let registered =
        here.apply(&[ChartEdit::RecordPatient(patient("Okello"))], stamp(1, 1)).unwrap();
    there = merge(there, &registered);
    let unknown = here.apply(&[ChartEdit::EndLink(link().id)], stamp(1, 1));
    assert_eq!(unknown, Err(EditError::UnknownEntry(entry(EntryKind::Patient))));
    let mut chart = here.read();
    let linked = here.apply(&[ChartEdit::RecordLink(link())], stamp(1, 2)).unwrap();
    here.refresh(&mut chart, &linked.touched);
    assert_eq!((&chart.links, &chart), (&vec![link()], &here.read()));
    there = merge(there, &linked);
    let ended = there.apply(&[ChartEdit::EndLink(link().id)], stamp(2, 3)).unwrap();
    let again = there.apply(&[ChartEdit::EndLink(link().id)], stamp(2, 4)).unwrap();
    assert!(again.changes.is_empty(), "whoever ended it first stays");
    let other = PatientLink { id: PatientLinkId::from_uuid(id(7)), ..link() };
    let anew = here.apply(&[ChartEdit::RecordLink(other.clone())], stamp(1, 5)).unwrap();
    here = merge(here, &ended);
    there = merge(there, &anew);
    let ended = PatientLink { ended: Some(stamp(2, 3)), ..link() };
    assert_eq!(here.read().links, [ended, other]);
    assert_eq!(here.read(), there.read());
    // What a newer version says of it is told, and ends nothing.
    let key = format!("{}/{}", id(7).simple(), field::ENDED);
    here.document.put(field::LINKS, &key, NEWER).unwrap();
    // Under a second key the same one is no other.
    let twice = field::encode(&link());
    here.document.put(field::LINKS, &id(8).simple().to_string(), &twice).unwrap();
    here.document.commit(stamp(1, 9), Touched::All);
    let chart = here.read();
    assert_eq!(chart.links.len(), 2);
    assert_eq!(chart.links.iter().filter(|link| link.holds()).count(), 1);
    assert_eq!(chart.unreadable, vec![entry(EntryKind::Patient)]);
}
