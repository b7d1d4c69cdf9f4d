//! A decision keeps why the version that holds was written, and the history says what was decided.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::common::{apart, changes, id, open, stamp};
use chart::{ChartDocument, ChartEdit, DocumentChange, HistoryItem};
use clinical::*;

const MEDICINE: EntryKind = EntryKind::Medication;

fn entry(kind: EntryKind) -> EntryRef {
    EntryRef::new(kind, id(9))
}

fn order(dose: &str, status: MedicationStatus) -> ChartEdit {
    let draft = MedicationDraft {
        medication: "Amoxicillin".into(),
        dose: dose.into(),
        unit: "mg".into(),
        ..Default::default()
    };
    let made = draft.complete(MedicationId::from_uuid(id(9)), "2026-11-24".parse().unwrap());
    let mut medication = made.unwrap();
    medication.order.status = status;
    ChartEdit::RecordMedication(medication)
}

fn takes(dose: &str) -> ChartEdit {
    order(dose, MedicationStatus::Active)
}

fn stopped() -> ChartEdit {
    order("500", MedicationStatus::Stopped)
}

fn allergic(criticality: Option<AllergyCriticality>) -> ChartEdit {
    let draft = AllergyDraft { substance: "Penicillin".into(), criticality, ..Default::default() };
    ChartEdit::RecordAllergy(draft.complete(AllergyIntoleranceId::from_uuid(id(9))).unwrap())
}

fn why(kind: EntryKind, reason: &str) -> ChartEdit {
    ChartEdit::Explain { entry: entry(kind), reason: reason.to_owned() }
}

/// What one computer writes, edit by edit.
type Writes<'a> = &'a [Vec<ChartEdit>];

fn write(chart: &mut ChartDocument, device: u8, writes: Writes<'_>) -> Vec<DocumentChange> {
    let at = i64::from(device) * 10;
    let made = writes.iter().zip(at..).map(|(edits, at)| chart.apply(edits, stamp(device, at)));
    made.map(Result::unwrap).collect()
}

/// Computers that share `first` and then write apart, by `actors`: whose is greater, what they wrote
/// shows. Each has merged what all wrote.
fn met<const N: usize>(
    first: &[ChartEdit],
    actors: [u8; N],
    all: [Writes<'_>; N],
) -> Vec<ChartDocument> {
    let mut charts: Vec<ChartDocument> = actors.into_iter().map(open).collect();
    let shared = charts[0].apply(first, stamp(1, 1)).unwrap();
    let (mut made, mut wrote) = (Vec::new(), Vec::new());
    for ((chart, device), writes) in charts.into_iter().zip(1..).zip(all) {
        let mut chart = chart.merge(changes(&[&shared])).unwrap().0;
        made.extend(write(&mut chart, device, writes));
        wrote.push(chart);
    }
    let made: Vec<&DocumentChange> = made.iter().collect();
    wrote.into_iter().map(|chart| chart.merge(changes(&made)).unwrap().0).collect()
}

/// Decides for the version of a place, by somebody else, with what is said besides.
fn decide(chart: &mut ChartDocument, at: usize, said: &[ChartEdit]) -> DocumentChange {
    let conflict = chart.read().conflicts.remove(0);
    let change = conflict.versions[at].change.clone();
    let edits = [&[ChartEdit::Decide { conflict: conflict.id, change }][..], said].concat();
    chart.apply(&edits, stamp(7, 70)).unwrap()
}

/// The reason that is shown.
fn reason(chart: &mut ChartDocument, kind: EntryKind) -> Option<String> {
    chart.read().reason_of(entry(kind)).map(|why| why.text.clone())
}

/// What the decision wrote, by its field.
fn decided(past: &[HistoryItem]) -> Vec<(&str, &str)> {
    let is_told = past.iter().all(|item| item.decides == (item.stamp == stamp(7, 70)));
    assert!(is_told, "{past:?}");
    let decided = past.iter().filter(|item| item.decides);
    decided.map(|item| (item.field.as_str(), item.value.as_str())).collect()
}

#[test]
fn a_decision_keeps_why_the_version_that_holds_was_written() {
    let rash = || vec![stopped(), why(MEDICINE, "rash")];
    let higher = || vec![takes("1000")];
    let severe = || vec![takes("1000"), why(MEDICINE, "severe")];
    let first = [takes("500")];
    check(MEDICINE, &first, [&[rash()], &[higher()]], [Some("rash"), None]);
    check(MEDICINE, &first, [&[rash()], &[severe()]], [Some("rash"), Some("severe")]);
    check(MEDICINE, &first, [&[vec![stopped()]], &[severe()]], [None, Some("severe")]);
    check(MEDICINE, &first, [&[vec![stopped()]], &[higher()]], [None, None]);
    // Why was said later, or anew, by who knew of no other version.
    let later = [higher(), vec![why(MEDICINE, "severe")]];
    check(MEDICINE, &first, [&[rash()], &later], [Some("rash"), Some("severe")]);
    let anew = [rash(), vec![why(MEDICINE, "fever")]];
    check(MEDICINE, &first, [&anew, &[severe()]], [Some("fever"), Some("severe")]);
    // What stood before the two still stands in the one that left it.
    let before = [takes("500"), why(MEDICINE, "otitis")];
    check(MEDICINE, &before, [&[rash()], &[higher()]], [Some("rash"), Some("otitis")]);
    // But it is why of something else where the medicine was stopped.
    check(MEDICINE, &before, [&[vec![stopped()]], &[higher()]], [None, Some("otitis")]);
    // An allergy that was a mistake to one, and is worse to another.
    let allergy = EntryKind::Allergy;
    let mistake = vec![ChartEdit::Withdraw(entry(allergy)), why(allergy, "tolerated")];
    let worse = vec![allergic(Some(AllergyCriticality::High))];
    check(allergy, &[allergic(None)], [&[mistake], &[worse]], [Some("tolerated"), None]);
}

fn check(kind: EntryKind, first: &[ChartEdit], sides: [Writes<'_>; 2], whys: [Option<&str>; 2]) {
    for (at, want) in whys.into_iter().enumerate() {
        for actors in [[1, 2], [2, 1]] {
            let [mut one, two] = met(first, actors, sides).try_into().unwrap();
            let mut read = one.read();
            let was_said = one.history(entry(kind)).iter().any(|item| item.field == "reason");
            let change = decide(&mut one, at, &[]);
            assert_eq!(change.changes.len(), 1, "one change has all of it");
            one.refresh(&mut read, &change.touched);
            assert_eq!(read, one.read());
            assert_eq!(read.conflicts, []);
            let mut two = two.merge(changes(&[&change])).unwrap().0;
            for chart in [&mut one, &mut two] {
                assert_eq!(reason(chart, kind).as_deref(), want, "{sides:?}");
                let past = chart.history(entry(kind));
                let said = decided(&past);
                assert_eq!(said[0].0, if kind == MEDICINE { "order" } else { "value" });
                let again = format!("\"{}\"", want.unwrap_or_default());
                let again = was_said.then_some(("reason", again.as_str()));
                assert_eq!(said.get(1).copied(), again, "{sides:?}");
            }
            assert_eq!(one.read(), two.read());
        }
    }
}

#[test]
fn what_two_wrote_alike_has_the_why_of_the_one_who_said_it() {
    for speaks in [0, 1] {
        let mut alike = [vec![stopped()], vec![stopped()]];
        alike[speaks].push(why(MEDICINE, "rash"));
        let [by_one, by_two] = alike.map(|edits| [edits]);
        let third = [vec![takes("1000"), why(MEDICINE, "severe")]];
        for actors in [[1, 2, 3], [3, 2, 1]] {
            for (at, want) in [(0, "rash"), (1, "severe")] {
                let mut charts = met(&[takes("500")], actors, [&by_one, &by_two, &third]);
                let chart = &mut charts[0];
                assert_eq!(chart.read().conflicts[0].versions.len(), 2);
                decide(chart, at, &[]);
                assert_eq!(reason(chart, MEDICINE).as_deref(), Some(want));
            }
        }
    }
}

#[test]
fn a_decision_that_says_why_itself_keeps_its_own() {
    let sides: [Writes<'_>; 2] =
        [&[vec![stopped(), why(MEDICINE, "rash")]], &[vec![takes("1000")]]];
    let [mut one, two] = met(&[takes("500")], [1, 2], sides).try_into().unwrap();
    let change = decide(&mut one, 0, &[why(MEDICINE, "asked her: hives")]);
    let mut two = two.merge(changes(&[&change])).unwrap().0;
    for chart in [&mut one, &mut two] {
        assert_eq!(reason(chart, MEDICINE).as_deref(), Some("asked her: hives"));
        assert_eq!(decided(&chart.history(entry(MEDICINE))).len(), 2);
    }
}

/// Two who decide apart, each for another: what was said of either comes back with it.
#[test]
fn decisions_made_apart_keep_the_why_of_each() {
    let sides: [Writes<'_>; 2] =
        [&[vec![stopped(), why(MEDICINE, "rash")]], &[vec![takes("1000")]]];
    let (over, taken) = (MedicationStatus::Stopped, MedicationStatus::Active);
    for actors in [[1, 2], [2, 1]] {
        for (status, want) in [(over, Some("rash")), (taken, None)] {
            let [mut one, mut two] = met(&[takes("500")], actors, sides).try_into().unwrap();
            let (here, there) = (decide(&mut one, 0, &[]), decide(&mut two, 1, &[]));
            one = one.merge(changes(&[&there])).unwrap().0;
            two = two.merge(changes(&[&here])).unwrap().0;
            let versions = one.read().conflicts.remove(0).versions;
            let holds = |version: &Version| {
                let EntryValue::Medication(order) = &version.value else { return false };
                order.status == status
            };
            let at = versions.iter().position(holds).unwrap();
            let last = decide(&mut one, at, &[]);
            two = two.merge(changes(&[&last])).unwrap().0;
            for chart in [&mut one, &mut two] {
                assert_eq!(reason(chart, MEDICINE).as_deref(), want);
            }
            assert_eq!(one.read(), two.read());
        }
    }
}

/// What stands in the place of several values that nobody had to decide between is no decision.
#[test]
fn only_what_ends_a_dispute_decides() {
    let decides = |chart: &mut ChartDocument, entry: EntryRef| -> Vec<bool> {
        let past = chart.history(entry).into_iter();
        past.filter(|item| item.field != "about").map(|item| item.decides).collect()
    };
    let [mut chart, _] = apart(takes("500"), stopped(), stopped());
    chart.apply(&[takes("250")], stamp(1, 40)).unwrap();
    assert_eq!(decides(&mut chart, entry(MEDICINE)), [false; 4], "written alike");
    let visit = crate::visits::visit();
    let record = |visit: &Encounter| ChartEdit::RecordEncounter(visit.clone());
    let came_for = |reason: &str| {
        let reason = vec![CodeableConcept::from_text(reason)];
        Encounter { reason, ..visit.clone() }
    };
    let again = Encounter { follow_up: Some("2026-12-04".parse().unwrap()), ..visit.clone() };
    let of_visit = EntryRef::new(EntryKind::Encounter, visit.id.uuid());
    let [mut chart, _] = apart(record(&visit), record(&came_for("fever")), record(&again));
    chart.apply(&[record(&visit)], stamp(1, 40)).unwrap();
    assert!(!decides(&mut chart, of_visit).contains(&true), "all that was written held");
    let [mut chart, _] =
        apart(record(&visit), record(&came_for("fever")), record(&came_for("rash")));
    assert!(!decides(&mut chart, of_visit).contains(&true), "nobody has decided yet");
    decide(&mut chart, 1, &[]);
    assert_eq!(decided(&chart.history(of_visit)).len(), 1);
}
