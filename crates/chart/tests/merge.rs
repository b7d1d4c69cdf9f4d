//! Two devices, one chart: what merges, what is disputed, and what is never lost.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::as_conversions,
    clippy::wildcard_enum_match_arm,
    reason = "a test stops at the first surprise"
)]

use crate::common::{apart, changes, id, open, patient, stamp};
use chart::{
    Actor, ChartDocument, ChartEdit, ClinicDocument, ClinicEdit, DocumentChange, DraftDocument,
    EditError, MergeError, Stored,
};
use clinical::*;
use proptest::prelude::*;

fn allergy(n: u8, substance: &str) -> AllergyIntolerance {
    let draft = AllergyDraft { substance: substance.into(), ..Default::default() };
    draft.complete(AllergyIntoleranceId::from_uuid(id(n))).unwrap()
}

fn medication(dose: &str, times: &str) -> MedicationRequest {
    let draft = MedicationDraft {
        medication: "Amlodipine".into(),
        dose: dose.into(),
        unit: "mg".into(),
        frequency: times.into(),
        ..Default::default()
    };
    draft.complete(MedicationId::from_uuid(id(9)), "2026-11-24".parse().unwrap()).unwrap()
}

#[test]
fn a_dose_raised_here_and_a_frequency_changed_there_are_both_shown() {
    let record = ChartEdit::RecordMedication;
    let [mut one, mut two] = apart(
        record(medication("5", "1")),
        record(medication("10", "1")),
        record(medication("5", "2")),
    );
    let (chart, other) = (one.read(), two.read());
    assert_eq!(chart, other);
    let [conflict] = chart.conflicts.as_slice() else { panic!("{:?}", chart.conflicts) };
    let doses: Vec<String> = conflict
        .versions
        .iter()
        .map(|version| match &version.value {
            EntryValue::Medication(order) => order.dosage[0].label(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(doses, ["10\u{a0}mg — once daily", "5\u{a0}mg — twice daily"]);
    assert_eq!(conflict.versions[0].stamp, stamp(1, 20));
    assert_eq!(conflict.versions[1].stamp, stamp(2, 30));
    let Some(EntryValue::Medication(base)) = &conflict.base else { panic!("{:?}", conflict.base) };
    assert_eq!(base.dosage[0].label(), "5\u{a0}mg — once daily");
}

#[test]
fn what_is_disputed_is_not_written_over_and_a_decision_ends_it_everywhere() {
    let record = ChartEdit::RecordMedication;
    let [mut one, mut two] = apart(
        record(medication("5", "1")),
        record(medication("10", "1")),
        record(medication("5", "2")),
    );
    let conflict = one.read().conflicts[0].clone();
    let refused = one.apply(&[record(medication("20", "1"))], stamp(1, 40));
    assert_eq!(refused.unwrap_err(), EditError::Disputed(conflict.id.clone()));
    let decide = |change: &str| ChartEdit::Decide {
        conflict: conflict.id.clone(),
        change: change.to_owned(),
    };
    let unknown = one.apply(&[decide("00")], stamp(1, 40));
    assert_eq!(unknown.unwrap_err(), EditError::UnknownVersion);
    // Whichever version holds, also the one that shows already, nothing is disputed afterwards.
    for version in &conflict.versions {
        let stored = one.save();
        let again = Stored { snapshot: Some(&stored), loose: &[] };
        let actor = Actor::from_random([7; 16]);
        let mut here = ChartDocument::load(patient(), again, actor).unwrap();
        let decided = here.apply(&[decide(&version.change)], stamp(1, 50)).unwrap();
        assert_eq!(here.read().conflicts, []);
        let order = EntryValue::Medication(here.read().medications[0].order.clone());
        assert_eq!(order, version.value);
        let stored = two.save();
        let again = Stored { snapshot: Some(&stored), loose: &[] };
        let there = ChartDocument::load(patient(), again, actor).unwrap();
        let (mut there, _) = there.merge(changes(&[&decided])).unwrap();
        assert_eq!(there.read(), here.read());
    }
    let gone = two.apply(&[decide("x")], stamp(2, 60));
    assert_eq!(gone.unwrap_err(), EditError::UnknownVersion);
}

/// What stood before is what all knew of: neither what one wrote on the way to their own value, nor
/// one of the values that two decided between apart.
#[test]
fn what_stood_before_is_what_all_knew_of() {
    let record = ChartEdit::RecordMedication;
    let base = |chart: &mut ChartDocument| {
        let [conflict] = chart.read().conflicts.try_into().unwrap();
        let Some(EntryValue::Medication(order)) = &conflict.base else { panic!("{conflict:?}") };
        (order.dosage[0].label(), conflict)
    };
    let (mut one, mut two) = (open(1), open(2));
    let shared = one.apply(&[record(medication("5", "1"))], stamp(1, 10)).unwrap();
    two = two.merge(changes(&[&shared])).unwrap().0;
    let first = one.apply(&[record(medication("7.5", "1"))], stamp(1, 20)).unwrap();
    let then = one.apply(&[record(medication("10", "1"))], stamp(1, 25)).unwrap();
    let other = two.apply(&[record(medication("5", "2"))], stamp(2, 30)).unwrap();
    one = one.merge(changes(&[&other])).unwrap().0;
    two = two.merge(changes(&[&first, &then])).unwrap().0;
    let (stood, conflict) = base(&mut one);
    assert_eq!(stood, "5\u{a0}mg — once daily");
    // Each decides for another, and neither knows.
    let decide = |at: usize| {
        let change = conflict.versions[at].change.clone();
        [ChartEdit::Decide { conflict: conflict.id.clone(), change }]
    };
    let here = one.apply(&decide(0), stamp(1, 40)).unwrap();
    let there = two.apply(&decide(1), stamp(2, 41)).unwrap();
    one = one.merge(changes(&[&there])).unwrap().0;
    two = two.merge(changes(&[&here])).unwrap().0;
    let (stood, conflict) = base(&mut one);
    assert_eq!(stood, "5\u{a0}mg — once daily");
    assert_eq!(conflict.versions.len(), 2);
    assert_eq!(one.read(), two.read());
}

/// No computer knows which telephone is right: both are read, in the same order everywhere, until
/// somebody who saw both writes the list again.
#[test]
fn telephones_written_apart_are_both_read_until_somebody_writes_them_again() {
    let draft =
        PatientDraft { family: "Okello".into(), given: "Grace".into(), ..Default::default() };
    let somebody = draft.complete(patient(), &"2026-11-24".parse().unwrap()).unwrap();
    let with = |numbers: &[&str]| {
        let telecom = numbers.iter().map(|number| ContactPoint::phone((*number).to_owned()));
        let telecom: Vec<ContactPoint> = telecom.collect();
        ChartEdit::RecordPatient(Patient { telecom, ..somebody.clone() })
    };
    let numbers = |chart: &mut ChartDocument| -> Vec<String> {
        chart.read().patient.unwrap().telecom.into_iter().map(|phone| phone.value).collect()
    };
    let [mut one, mut two] = apart(with(&["0700"]), with(&["0711"]), with(&["0722", "0733"]));
    assert_eq!(numbers(&mut one), ["0722", "0733", "0711"]);
    assert_eq!(one.read(), two.read());
    assert_eq!(one.read().conflicts, [], "who it is is not disputed");
    // Whichever is kept, also the value that shows already, the others are gone then everywhere.
    for kept in [&["0711"][..], &["0722", "0733"], &["0733", "0711"]] {
        let stored = one.save();
        let again = Stored { snapshot: Some(&stored), loose: &[] };
        let mut here = ChartDocument::load(patient(), again, Actor::from_random([7; 16])).unwrap();
        let written = here.apply(&[with(kept)], stamp(1, 50)).unwrap();
        assert_eq!(numbers(&mut here), kept);
        let stored = two.save();
        let again = Stored { snapshot: Some(&stored), loose: &[] };
        let there = ChartDocument::load(patient(), again, Actor::from_random([8; 16])).unwrap();
        let (mut there, _) = there.merge(changes(&[&written])).unwrap();
        assert_eq!(numbers(&mut there), kept);
    }
}

#[test]
fn equal_edits_are_no_conflict() {
    let record = ChartEdit::RecordMedication;
    let [mut one, _] = apart(
        record(medication("5", "1")),
        record(medication("10", "1")),
        record(medication("10", "1")),
    );
    assert_eq!(one.read().conflicts, []);
    assert_eq!(one.read().medications[0].order, medication("10", "1").order);
}

#[test]
fn an_allergy_is_in_force_as_soon_as_one_side_says_so() {
    let known = allergy(3, "Penicillin");
    let mut over = known.clone();
    over.clinical_status = AllergyClinicalStatus::Resolved;
    let mut worse = known.clone();
    worse.criticality = Some(AllergyCriticality::High);
    let record = ChartEdit::RecordAllergy;
    let [mut one, mut two] = apart(record(known), record(over), record(worse.clone()));
    assert_eq!(one.read(), two.read());
    assert_eq!(one.read().allergies_in_force(), [&worse]);
    assert_eq!(one.read().allergy_state(), AllergyState::Known);
}

/// Whoever's actor is greater: which of two values shows is chance otherwise.
#[test]
fn a_mistake_stays_one_whatever_others_changed_who_did_not_know() {
    let condition = |clinical_status, verification_status| Condition {
        id: ConditionId::from_uuid(id(5)),
        code: CodeableConcept::from_text("Malaria"),
        clinical_status,
        verification_status,
        onset: None,
        abatement: None,
        encounter: None,
        note: None,
    };
    use {ConditionClinicalStatus as Clinical, VerificationStatus as Verification};
    let first = condition(Some(Clinical::Active), Verification::Confirmed);
    let ended = condition(Some(Clinical::Resolved), Verification::Confirmed);
    let mistaken = condition(None, Verification::EnteredInError);
    let problem = |one: &Condition| ChartEdit::RecordCondition(one.clone());
    let visit = |status| {
        ChartEdit::RecordEncounter(Encounter {
            id: EncounterId::from_uuid(id(6)),
            status,
            class: EncounterClass::Ambulatory,
            kind: Vec::new(),
            reason: Vec::new(),
            start: None,
            end: None,
            participant: Vec::new(),
            follow_up: None,
        })
    };
    for (a, b) in [(&mistaken, &ended), (&ended, &mistaken)] {
        for mut chart in apart(problem(&first), problem(a), problem(b)) {
            assert_eq!(chart.read().conditions, std::slice::from_ref(&mistaken));
        }
    }
    use EncounterStatus::{EnteredInError, Finished, InProgress};
    for (a, b) in [(EnteredInError, Finished), (Finished, EnteredInError)] {
        for mut chart in apart(visit(InProgress), visit(a), visit(b)) {
            assert_eq!(chart.read().encounters[0].status, EnteredInError);
        }
    }
}

#[test]
fn a_task_two_devices_raise_is_one_task() {
    let task = Task {
        id: TaskId::from_uuid(uuid_v8([5; 16])),
        rule: "drug-allergy".into(),
        tier: AlertTier::Interrupt,
        subject: vec![],
        detail: "…".into(),
        status: TaskStatus::Requested,
        outcome: None,
        settled_tier: None,
        said: None,
    };
    let raise = || ChartEdit::RaiseTask(task.clone());
    let first = ChartEdit::RecordAllergy(allergy(3, "Penicillin"));
    let [mut one, mut two] = apart(first, raise(), raise());
    assert_eq!(one.read().tasks, std::slice::from_ref(&task));
    let outcome = "changed to azithromycin".to_owned();
    let settle = ChartEdit::SettleTask { task: task.id, status: TaskStatus::Completed, outcome };
    let settled = one.apply(&[settle], stamp(1, 70)).unwrap();
    two = two.merge(changes(&[&settled])).unwrap().0;
    assert_eq!(two.read().tasks[0].status, TaskStatus::Completed);
    assert_eq!(two.read(), one.read());
}

#[test]
fn facts_stand() {
    let mut chart = open(1);
    let fact = |text: &str| Observation {
        id: ObservationId::from_uuid(id(4)),
        status: ObservationStatus::Final,
        category: vec![],
        code: CodeableConcept::from_text("Malaria RDT"),
        value: Some(ObservationValue::Text(text.into())),
        component: vec![],
        effective: None,
        encounter: None,
        interpretation: vec![],
        reference_range: None,
        note: None,
        replaces: None,
    };
    let record = |text| ChartEdit::RecordObservation(fact(text));
    chart.apply(&[record("negative")], stamp(1, 1)).unwrap();
    assert!(chart.apply(&[record("negative")], stamp(1, 2)).unwrap().changes.is_empty());
    let entry = EntryRef::new(EntryKind::Observation, id(4));
    assert_eq!(chart.apply(&[record("positive")], stamp(1, 3)), Err(EditError::Immutable(entry)));
    chart.apply(&[ChartEdit::Withdraw(entry)], stamp(1, 4)).unwrap();
    assert!(chart.read().is_withdrawn(EntryKind::Observation, id(4)));
    assert_eq!(chart.read().observations, [fact("negative")], "kept, and marked");
}

#[test]
fn an_edit_is_whole_or_not_at_all() {
    let mut chart = open(1);
    let entry = EntryRef::new(EntryKind::Observation, id(77));
    let both = [ChartEdit::RecordAllergy(allergy(3, "Latex")), ChartEdit::Withdraw(entry)];
    assert_eq!(chart.apply(&both, stamp(1, 1)), Err(EditError::UnknownEntry(entry)));
    assert_eq!(chart.read(), Chart::default());
}

#[test]
fn edits_of_several_entries_that_are_there_are_one_stamped_change() {
    let mut one = open(1);
    let both = |a: &str, b: &str| {
        vec![ChartEdit::RecordAllergy(allergy(3, a)), ChartEdit::RecordAllergy(allergy(4, b))]
    };
    let first = one.apply(&both("Latex", "Egg"), stamp(1, 10)).unwrap();
    let second = one.apply(&both("Penicillin", "Nuts"), stamp(1, 20)).unwrap();
    assert_eq!(second.changes.len(), 1);
    let (mut two, merged) = open(2).merge(changes(&[&first, &second])).unwrap();
    assert_eq!(merged.waiting, Vec::<[u8; 32]>::new());
    assert_eq!(two.read(), one.read());
    assert!(two.read().stamps.iter().all(|(_, written)| *written == stamp(1, 20)));
}

#[test]
fn what_is_refused_takes_back_what_was_made_before_it() {
    let record = ChartEdit::RecordMedication;
    let [mut one, _] = apart(
        record(medication("5", "1")),
        record(medication("10", "1")),
        record(medication("5", "2")),
    );
    let (before, heads) = (one.read(), one.heads());
    let edits = [ChartEdit::RecordAllergy(allergy(3, "Latex")), record(medication("20", "1"))];
    assert!(matches!(one.apply(&edits, stamp(1, 40)), Err(EditError::Disputed(_))));
    assert_eq!((one.read(), one.heads()), (before, heads));
}

#[test]
fn a_change_whose_past_is_missing_waits() {
    let mut one = open(1);
    let first = one.apply(&[ChartEdit::RecordAllergy(allergy(3, "Latex"))], stamp(1, 1)).unwrap();
    let second = one.apply(&[ChartEdit::RecordAllergy(allergy(4, "Eggs"))], stamp(1, 2)).unwrap();
    let (mut two, merged) = open(2).merge(changes(&[&second])).unwrap();
    assert_eq!(merged.waiting, [second.changes[0].hash]);
    assert_eq!(merged.change.changes.len(), 1, "kept raw");
    assert_eq!(two.read().allergies, []);
    let (mut two, merged) = two.merge(changes(&[&first])).unwrap();
    assert!(merged.waiting.is_empty());
    assert_eq!(two.read(), one.read());
}

#[test]
fn history_tells_every_value_and_who_wrote_it() {
    let record = ChartEdit::RecordMedication;
    let [mut one, _] = apart(
        record(medication("5", "1")),
        record(medication("10", "1")),
        record(medication("5", "2")),
    );
    let entry = EntryRef::new(EntryKind::Medication, id(9));
    let history = one.history(entry);
    let orders: Vec<_> = history.iter().filter(|item| item.field == "order").collect();
    assert_eq!(orders.len(), 3);
    assert_eq!(orders[0].stamp, stamp(1, 10));
    assert!(orders.iter().all(|item| item.value.contains("Amlodipine")));
}

/// Neither a clock that was put back nor the kind of a row tears the order of the changes.
#[test]
fn history_goes_by_what_followed_what() {
    let entry = EntryRef::new(EntryKind::Medication, id(9));
    let order = |dose| ChartEdit::RecordMedication(medication(dose, "1"));
    let why = |reason: &str| ChartEdit::Explain { entry, reason: reason.to_owned() };
    let mut chart = open(1);
    for (edits, at) in [
        (vec![order("5")], 20),
        (vec![order("10"), why("rash")], 20),
        (vec![order("15")], 20),
        (vec![order("20"), why("none")], 10),
    ] {
        chart.apply(&edits, stamp(1, at)).unwrap();
    }
    let past = chart.history(entry);
    let changed = past.iter().filter(|item| item.field != "about");
    let told: Vec<_> = changed.map(|item| (item.field.as_str(), item.stamp)).collect();
    let row = |field, at| (field, stamp(1, at));
    let want = [
        row("order", 20),
        row("order", 20),
        row("reason", 20),
        row("order", 20),
        row("order", 10),
        row("reason", 10),
    ];
    assert_eq!(told, want);
}

/// Changes made apart stand in one order everywhere, each line of them in its own.
#[test]
fn history_is_the_same_on_every_computer() {
    let entry = EntryRef::new(EntryKind::Medication, id(9));
    let why = |reason: &str| ChartEdit::Explain { entry, reason: reason.to_owned() };
    let check = |by_one: [i64; 3], by_two: [i64; 2], want: [&str; 5]| {
        let (mut one, mut two) = (open(1), open(2));
        let shared = one.apply(&[ChartEdit::RecordMedication(medication("5", "1"))], stamp(1, 1));
        two = two.merge(changes(&[&shared.unwrap()])).unwrap().0;
        let write = |chart: &mut ChartDocument, who: u8, at: &[i64]| -> Vec<DocumentChange> {
            let made = at.iter().enumerate().map(|(n, at)| {
                let reason = format!("{who}.{n}");
                chart.apply(&[why(&reason)], stamp(who, *at)).unwrap()
            });
            made.collect()
        };
        let (here, there) = (write(&mut one, 1, &by_one), write(&mut two, 2, &by_two));
        let refs = |made: &[DocumentChange]| changes(&made.iter().collect::<Vec<_>>());
        one = one.merge(refs(&there)).unwrap().0;
        two = two.merge(refs(&here)).unwrap().0;
        let told = one.history(entry);
        assert_eq!(told, two.history(entry));
        let reasons = told.iter().filter(|item| item.field == "reason");
        let reasons: Vec<_> = reasons.map(|item| item.value.trim_matches('"')).collect();
        assert_eq!(reasons, want);
    };
    check([10, 20, 30], [15, 25], ["1.0", "2.0", "1.1", "2.1", "1.2"]);
    // A clock that was put back moves nothing before what it followed.
    check([10, 5, 30], [15, 2], ["1.0", "1.1", "2.0", "2.1", "1.2"]);
    // In one moment: by the names of the changes.
    let (mut one, mut two) = (open(1), open(2));
    let shared = one.apply(&[ChartEdit::RecordMedication(medication("5", "1"))], stamp(1, 1));
    two = two.merge(changes(&[&shared.unwrap()])).unwrap().0;
    let here = one.apply(&[why("a")], stamp(1, 7)).unwrap();
    let there = two.apply(&[why("b")], stamp(1, 7)).unwrap();
    one = one.merge(changes(&[&there])).unwrap().0;
    two = two.merge(changes(&[&here])).unwrap().0;
    assert_eq!(one.history(entry), two.history(entry));
}

#[test]
fn drafts_merge_by_character() {
    let draft = CompositionId::from_uuid(id(50));
    let open = |n| DraftDocument::new(draft, Actor::from_random([n; 16]));
    let (mut one, mut two) = (open(1), open(2));
    let begun = one.begin(patient(), None, "Visit note", stamp(1, 1)).unwrap();
    let write = NoteSectionCode::Subjective;
    let first = one.write(write, "Cough for 3 days. 👩🏾‍⚕️", stamp(1, 2)).unwrap();
    two = two.merge(changes(&[&begun, &first])).unwrap().0;
    let a = one.write(write, "Dry cough for 3 days. 👩🏾‍⚕️", stamp(1, 3)).unwrap();
    let b = two.write(write, "Cough for 3 days. 👩🏾‍⚕️ No fever.", stamp(2, 3)).unwrap();
    one = one.merge(changes(&[&b])).unwrap().0;
    two = two.merge(changes(&[&a])).unwrap().0;
    let note = one.read().unwrap();
    assert_eq!(note.sections[&write], "Dry cough for 3 days. 👩🏾‍⚕️ No fever.");
    assert_eq!(two.read(), Some(note));
}

#[test]
fn what_became_elsewhere_of_ones_words_is_told_run_by_run() {
    use TrackedChange::{Deleted, Inserted, Kept};
    let draft = CompositionId::from_uuid(id(50));
    let open = |n| DraftDocument::new(draft, Actor::from_random([n; 16]));
    let (mut one, mut two, mut three) = (open(1), open(2), open(3));
    let begun = one.begin(patient(), None, "Visit note", stamp(1, 1)).unwrap();
    let write = NoteSectionCode::Plan;
    let reader = |n: u8| (stamp(n, 1).author, stamp(n, 1).device);
    let tracked = |document: &mut DraftDocument, n: u8| {
        let runs = document.tracked(reader(n)).remove(&write).unwrap_or_default();
        runs.into_iter().map(|run| (run.text, run.change, run.by)).collect::<Vec<_>>()
    };
    let by = |n: u8| vec![stamp(n, 1).author];
    let run = |text: &str, change, by| (text.to_owned(), change, by);

    let first = one.write(write, "Rest at home. 👩🏾‍⚕️", stamp(1, 2)).unwrap();
    assert_eq!(tracked(&mut one, 1), [], "nothing became of it");
    two = two.merge(changes(&[&begun, &first])).unwrap().0;
    three = three.merge(changes(&[&begun, &first])).unwrap().0;
    assert_eq!(tracked(&mut two, 2), [], "who wrote nothing is told by whose words they are");
    let by_two = two.write(write, "Rest. 👩🏾‍⚕️ Fluids.", stamp(2, 3)).unwrap();
    one = one.merge(changes(&[&by_two])).unwrap().0;
    let want = [
        run("Rest", Kept, vec![]),
        run(" at home. 👩🏾‍⚕️", Deleted, by(2)),
        run(". 👩🏾‍⚕️ Fluids.", Inserted, by(2)),
    ];
    assert_eq!(tracked(&mut one, 1), want);

    // Of several it is known who put something in, and not who took something out.
    let by_three = three.write(write, "Bed. Rest at home. 👩🏾‍⚕️", stamp(3, 3)).unwrap();
    one = one.merge(changes(&[&by_three])).unwrap().0;
    let runs = tracked(&mut one, 1);
    assert_eq!(runs[0], run("Bed. ", Inserted, by(3)), "{runs:?}");
    let deleted = runs.iter().find(|run| run.1 == Deleted).unwrap();
    assert_eq!(deleted.2, [by(2), by(3)].concat(), "one of those who changed it since");
    let kept: String = runs.iter().filter(|it| it.1 != Inserted).map(|it| it.0.as_str()).collect();
    assert_eq!(kept, "Rest at home. 👩🏾‍⚕️", "as it was");
    let stands: String = runs.iter().filter(|it| it.1 != Deleted).map(|it| it.0.as_str()).collect();
    assert_eq!(stands, one.read().unwrap().sections[&write], "as it is");

    // Who writes in another part has not seen it.
    let mut other = one;
    let aside = other.write(NoteSectionCode::Subjective, "Cough.", stamp(1, 4)).unwrap();
    assert_eq!(tracked(&mut other, 1), runs);
    let mut one = other;

    // Whoever writes there again has seen it; the same person at another computer has not.
    let on = one.write(write, "Bed. Rest. 👩🏾‍⚕️ Fluids. Back in a week.", stamp(1, 5)).unwrap();
    assert_eq!(tracked(&mut one, 1), []);
    two = two.merge(changes(&[&by_three, &aside, &on])).unwrap().0;
    assert_eq!(tracked(&mut two, 2).iter().filter(|it| it.1 == Inserted).count(), 2);
}

#[test]
fn nobody_loses_the_key_of_a_computer_to_a_merge() {
    let clinic = ClinicId::from_uuid(id(50));
    let open = |device| ClinicDocument::new(clinic, Actor::from_random([device; 16]));
    let record = |keys: &[&str], active| {
        ClinicEdit::RecordPerson(Practitioner {
            id: PractitionerId::from_uuid(id(51)),
            user_name: "ana".into(),
            name: "Ana".into(),
            role: Role::Clinician,
            public_keys: keys.iter().map(|key| (*key).to_owned()).collect(),
            active,
            removed_by: Vec::new(),
            unconfirmed: false,
            credentials: Credentials::default(),
        })
    };
    let person = |keys: &[&str]| record(keys, true);
    let (mut one, mut two) = (open(1), open(2));
    let first = one.apply(&[person(&["a"])], stamp(1, 10)).unwrap();
    two = two.merge(changes(&[&first])).unwrap().0;
    let by_one = one.apply(&[person(&["a", "b"])], stamp(1, 20)).unwrap();
    let by_two = two.apply(&[person(&["a", "c"])], stamp(2, 20)).unwrap();
    one = one.merge(changes(&[&by_two])).unwrap().0;
    two = two.merge(changes(&[&by_one])).unwrap().0;
    assert_eq!(one.read(), two.read());
    assert_eq!(one.read().people[0].public_keys, ["a", "b", "c"]);
    // Who is removed here while a key of theirs is added there is removed, whichever side wins.
    for (remover, adder) in [(1, 2), (2, 1)] {
        let (mut one, mut two) = (open(remover), open(adder));
        let first = one.apply(&[person(&["a"])], stamp(1, 10)).unwrap();
        two = two.merge(changes(&[&first])).unwrap().0;
        one.apply(&[record(&["a"], false)], stamp(1, 20)).unwrap();
        let added = two.apply(&[person(&["a", "b"])], stamp(2, 20)).unwrap();
        let merged = one.merge(changes(&[&added])).unwrap().0.read();
        assert!(!merged.people[0].active && merged.people[0].public_keys == ["a", "b"]);
    }
}

#[test]
fn decisions_made_apart_are_a_dispute_again() {
    let first = ChartEdit::RecordMedication(medication("5", "1"));
    let (high, often) = (medication("10", "1"), medication("5", "2"));
    let [mut one, mut two] = apart(
        first,
        ChartEdit::RecordMedication(high.clone()),
        ChartEdit::RecordMedication(often.clone()),
    );
    let conflict = one.read().conflicts[0].clone();
    let decide = |side: &MedicationRequest| {
        let value = EntryValue::Medication(side.order.clone());
        let version = conflict.versions.iter().find(|version| version.value == value).unwrap();
        ChartEdit::Decide { conflict: conflict.id.clone(), change: version.change.clone() }
    };
    let by_one = one.apply(&[decide(&high)], stamp(1, 40)).unwrap();
    let by_two = two.apply(&[decide(&often)], stamp(2, 40)).unwrap();
    one = one.merge(changes(&[&by_two])).unwrap().0;
    two = two.merge(changes(&[&by_one])).unwrap().0;
    assert_eq!(one.read(), two.read());
    assert_eq!(one.read().conflicts[0].versions.len(), 2);
    assert!(one.apply(&[decide(&high)], stamp(1, 50)).is_err(), "an old choice names no version");
}

#[test]
fn a_sequence_number_used_twice_is_refused_and_costs_nothing() {
    let (mut one, mut clone) = (open(1), open(1));
    let a = one.apply(&[ChartEdit::RecordAllergy(allergy(3, "Latex"))], stamp(1, 1)).unwrap();
    let b = clone.apply(&[ChartEdit::RecordAllergy(allergy(4, "Eggs"))], stamp(1, 1)).unwrap();
    let (two, _) = open(2).merge(changes(&[&a])).unwrap();
    assert!(matches!(two.merge(changes(&[&b])), Err(MergeError::Contradiction)));
}

#[test]
fn hostile_bytes_are_an_error_and_never_a_panic() {
    let mut one = open(1);
    let edit = ChartEdit::RecordAllergy(allergy(3, "Latex"));
    let change = one.apply(&[edit], stamp(1, 1)).unwrap().changes[0].bytes.clone();
    let snapshot = one.save();
    let actor = Actor::from_random([2; 16]);
    for at in 0..change.len() {
        for flip in [0x01, 0x80] {
            let mut bytes = change.clone();
            bytes[at] ^= flip;
            // Some flips are harmless (an unused bit); none may read as another chart.
            if let Ok((mut two, merged)) = open(2).merge(vec![bytes]) {
                assert!(
                    merged.waiting.len() == merged.change.changes.len() || two.read() == one.read()
                );
            }
        }
    }
    for at in (0..snapshot.len()).step_by(3) {
        let mut bytes = snapshot.clone();
        bytes[at] ^= 0x10;
        let stored = Stored { snapshot: Some(&bytes), loose: &[] };
        if let Ok(mut read) = ChartDocument::load(patient(), stored, actor) {
            assert_eq!(read.read(), one.read(), "flip at {at}");
        }
    }
    assert!(matches!(
        open(2).merge(vec![vec![0; chart::CHANGE_LEN_MAX + 1]]),
        Err(MergeError::TooLarge { .. })
    ));
}

/// What a generated device does.
fn edit() -> impl Strategy<Value = ChartEdit> {
    prop_oneof![
        (10..14u8, "[a-c]").prop_map(|(n, s)| ChartEdit::RecordAllergy(allergy(n, &s))),
        (1..4u8, 1..3u8).prop_map(|(d, t)| {
            ChartEdit::RecordMedication(medication(&d.to_string(), &t.to_string()))
        }),
        (0..4u8, 0..3u8, 0..6usize).prop_map(|(reason, again, became)| {
            let mut visit = crate::visits::visit();
            visit.reason = vec![CodeableConcept::from_text(reason.to_string())];
            visit.follow_up =
                ["2026-12-01", "2026-12-02"].get(again as usize).map(|day| day.parse().unwrap());
            use EncounterStatus::{
                Arrived, Cancelled, EnteredInError, Finished, InProgress, Triaged,
            };
            visit.status =
                [Arrived, Cancelled, EnteredInError, Finished, InProgress, Triaged][became];
            ChartEdit::RecordEncounter(visit)
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// The same changes make the same chart, in whatever order and however often they come.
    #[test]
    fn merging_commutes(
        edits in prop::collection::vec((0..3usize, edit()), 1..14),
        order in any::<u64>(),
    ) {
        let mut devices = [open(1), open(2), open(3)];
        let mut all: Vec<Vec<u8>> = Vec::new();
        for (n, (device, edit)) in edits.into_iter().enumerate() {
            let at = stamp(device as u8, n as i64);
            match devices[device].apply(&[edit], at) {
                Ok(change) => all.extend(changes(&[&change])),
                Err(error) => prop_assert!(matches!(error, EditError::Disputed(_))),
            }
        }
        let mut shuffled = all.clone();
        let mut seed = order;
        for i in (1..shuffled.len()).rev() {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            shuffled.swap(i, (seed >> 33) as usize % (i + 1));
        }
        let (mut batch, _) = open(8).merge(all.clone()).unwrap();
        let mut single = open(9);
        for change in shuffled.iter().chain(&all) {
            single = single.merge(vec![change.clone()]).unwrap().0;
        }
        prop_assert_eq!(batch.read(), single.read());
        let saved = batch.save();
        let stored = Stored { snapshot: Some(&saved), loose: &[] };
        let mut loaded = ChartDocument::load(patient(), stored, Actor::from_random([4; 16])).unwrap();
        prop_assert_eq!(loaded.read(), batch.read());
    }
}

#[test]
fn a_draft_tells_whose_words_stand_in_it() {
    let draft = CompositionId::from_uuid(id(50));
    let open = |n| DraftDocument::new(draft, Actor::from_random([n; 16]));
    let (mut one, mut two) = (open(1), open(2));
    let begun = one.begin(patient(), None, "Visit note", stamp(1, 1)).unwrap();
    let write = NoteSectionCode::Plan;
    let authors = |document: &mut DraftDocument| -> Vec<PractitionerId> {
        document.read().unwrap().authors.remove(&write).unwrap_or_default()
    };
    let (first, second) = (stamp(1, 1).author, stamp(2, 1).author);
    let rest = one.write(write, "Rest.", stamp(1, 2)).unwrap();
    two = two.merge(changes(&[&begun, &rest])).unwrap().0;
    assert_eq!(authors(&mut two), [first]);
    let before = two.write(write, "Fluids. Rest.", stamp(2, 3)).unwrap();
    one = one.merge(changes(&[&before])).unwrap().0;
    assert_eq!(authors(&mut one), [second, first], "in the order of their words");
    let note = one.read().unwrap();
    assert_eq!(note.contributors(first), [second]);
    assert_eq!(note.contributors(stamp(3, 1).author).len(), 2);
    // Another person at the same computer, who leaves nothing of the others' words.
    one.write(write, "Fluids", stamp(1, 4)).unwrap();
    assert_eq!(authors(&mut one), [second], "whose words are gone is not named");
    assert_eq!(two.read().unwrap().authors[&write], [second, first]);
}

#[test]
fn a_mistake_keeps_its_reason_and_its_past() {
    let entry = |n| EntryRef::new(EntryKind::Observation, id(n));
    let draft = |weight: &str| VitalsDraft {
        values: [("weight".to_owned(), weight.to_owned())].into(),
        encounter: None,
    };
    let weigh = |n: u8, weight: &str, replaces: Option<u8>| {
        let make_id = || ObservationId::from_uuid(id(n));
        let fact = draft(weight).complete(make_id, &"2026-11-24".parse().unwrap()).unwrap();
        let replaces = replaces.map(|n| ObservationId::from_uuid(id(n)));
        ChartEdit::RecordObservation(Observation { replaces, ..fact[0].clone() })
    };
    let mut chart = open(1);
    chart.apply(&[weigh(4, "70", None)], stamp(1, 1)).unwrap();
    chart.apply(&[weigh(5, "7", Some(4))], stamp(2, 2)).unwrap();
    let mut read = chart.read();
    let reason = "wrong patient".to_owned();
    let both = [ChartEdit::Withdraw(entry(5)), ChartEdit::Explain { entry: entry(5), reason }];
    let change = chart.apply(&both, stamp(3, 3)).unwrap();
    chart.refresh(&mut read, &change.touched);
    assert_eq!(read, chart.read());
    assert_eq!(read.withdrawn, [entry(5)]);
    let why = read.reason_of(entry(5)).unwrap();
    assert_eq!((why.text.as_str(), why.stamp), ("wrong patient", stamp(3, 3)));
    assert_eq!(read.reason_of(entry(4)), None);
    assert_eq!(read.stamp_of(entry(5)), Some(stamp(2, 2)), "who measured it is still told");
    let past: Vec<_> = chart.history(entry(5)).into_iter().map(|it| (it.field, it.stamp)).collect();
    let told = |field: &str, who| (field.to_owned(), stamp(who, i64::from(who)));
    let mut want =
        vec![told("value", 1), told("value", 2), told("withdrawn", 3), told("reason", 3)];
    assert_eq!(past, want);
    chart.apply(&[ChartEdit::Withdraw(entry(4))], stamp(4, 4)).unwrap();
    let past: Vec<_> = chart.history(entry(5)).into_iter().map(|it| (it.field, it.stamp)).collect();
    want.push(told("withdrawn", 4));
    assert_eq!(past, want, "the mark of what was corrected is the last of all");
    let unknown = ChartEdit::Explain { entry: entry(9), reason: String::new() };
    assert_eq!(chart.apply(&[unknown], stamp(1, 4)), Err(EditError::UnknownEntry(entry(9))));
}
