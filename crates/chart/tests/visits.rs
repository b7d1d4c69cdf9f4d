//! A visit that two computers write apart: all of what was written holds, or people are told of it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "a test stops at the first surprise"
)]

use crate::common::{apart, changes, id, open, stamp};
use chart::{ChartDocument, ChartEdit, EditError};
use clinical::*;

/// Somebody who waits with a cough.
pub(crate) fn visit() -> Encounter {
    Encounter {
        id: EncounterId::from_uuid(id(6)),
        status: EncounterStatus::Arrived,
        class: EncounterClass::Ambulatory,
        kind: Vec::new(),
        reason: vec![CodeableConcept::from_text("cough")],
        start: Some("2026-11-27T09:00:00+03:00".parse().unwrap()),
        end: None,
        participant: Vec::new(),
        follow_up: None,
    }
}

fn record(visit: &Encounter) -> ChartEdit {
    ChartEdit::RecordEncounter(visit.clone())
}

/// Something that is done to a visit, and how it is told from the visit that it was done.
struct Deed {
    name: &'static str,
    /// What it is about: deeds about different things are never in each other's way.
    about: &'static str,
    does: fn(&mut Encounter),
    is_done: fn(&Encounter) -> bool,
}

const fn person(n: u8) -> PractitionerId {
    PractitionerId::from_uuid(uuid::Uuid::from_bytes([n; 16]))
}

fn came_for(visit: &Encounter, reason: &str) -> bool {
    visit.reason.iter().any(|one| one.label() == reason)
}

fn end(visit: &mut Encounter, status: EncounterStatus, at: &str) {
    visit.status = status;
    visit.end = Some(format!("2026-11-27T{at}:00+03:00").parse().unwrap());
}

const DEEDS: &[Deed] = &[
    Deed {
        name: "fever",
        about: "reason",
        does: |visit| visit.reason = vec![CodeableConcept::from_text("fever")],
        is_done: |visit| came_for(visit, "fever"),
    },
    Deed {
        name: "rash",
        about: "reason",
        does: |visit| visit.reason = vec![CodeableConcept::from_text("rash")],
        is_done: |visit| came_for(visit, "rash"),
    },
    Deed {
        name: "next week",
        about: "follow-up",
        does: |visit| visit.follow_up = Some("2026-12-04".parse().unwrap()),
        is_done: |visit| visit.follow_up == Some("2026-12-04".parse().unwrap()),
    },
    Deed {
        name: "next month",
        about: "follow-up",
        does: |visit| visit.follow_up = Some("2026-12-27".parse().unwrap()),
        is_done: |visit| visit.follow_up == Some("2026-12-27".parse().unwrap()),
    },
    Deed {
        name: "seen by one",
        about: "goes on",
        does: |visit| {
            visit.status = EncounterStatus::InProgress;
            visit.participant.push(person(1));
        },
        is_done: |visit| visit.participant.contains(&person(1)),
    },
    Deed {
        name: "seen by another",
        about: "goes on",
        does: |visit| {
            visit.status = EncounterStatus::InProgress;
            visit.participant.push(person(2));
        },
        is_done: |visit| visit.participant.contains(&person(2)),
    },
    Deed {
        name: "gone unseen",
        about: "cancelled",
        does: |visit| end(visit, EncounterStatus::Cancelled, "09:30"),
        is_done: |visit| visit.status == EncounterStatus::Cancelled,
    },
    Deed {
        name: "over",
        about: "finished",
        does: |visit| {
            end(visit, EncounterStatus::Finished, "09:40");
            visit.participant.push(person(3));
        },
        is_done: |visit| {
            visit.status == EncounterStatus::Finished && visit.participant.contains(&person(3))
        },
    },
    Deed {
        name: "over later",
        about: "finished",
        does: |visit| end(visit, EncounterStatus::Finished, "09:50"),
        is_done: |visit| visit.status == EncounterStatus::Finished,
    },
    Deed {
        name: "a mistake",
        about: "mistake",
        does: |visit| visit.status = EncounterStatus::EnteredInError,
        is_done: |visit| visit.status == EncounterStatus::EnteredInError,
    },
];

/// Whether two deeds are told as a dispute: people must say which of the two is so.
fn is_disputed(one: &Deed, other: &Deed) -> bool {
    let is_word = |deed: &Deed| matches!(deed.about, "reason" | "follow-up");
    match (is_word(one), is_word(other)) {
        (true, true) => one.about == other.about && one.name != other.name,
        (false, false) => one.about != other.about,
        _ => false,
    }
}

fn done(deed: &Deed) -> Encounter {
    let mut visit = visit();
    (deed.does)(&mut visit);
    visit
}

/// A version of a dispute as the visit it would be.
fn as_visit(shown: &Encounter, value: &EntryValue) -> Encounter {
    match value.clone() {
        EntryValue::EncounterAbout(about) => Encounter::of(shown.id, about, shown.state()),
        EntryValue::EncounterState(state) => Encounter::of(shown.id, shown.about(), state),
        other => panic!("{other:?}"),
    }
}

#[test]
fn of_any_two_edits_made_apart_none_is_lost() {
    for one in DEEDS {
        for other in DEEDS {
            let names = (one.name, other.name);
            let [mut here, mut there] =
                apart(record(&visit()), record(&done(one)), record(&done(other)));
            let chart = here.read();
            assert_eq!(chart, there.read(), "{names:?}");
            let [shown] = chart.encounters.as_slice() else { panic!("{names:?}") };
            assert_eq!(!chart.conflicts.is_empty(), is_disputed(one, other), "{names:?}");
            for deed in [one, other] {
                let versions = chart.conflicts.iter().flat_map(|conflict| &conflict.versions);
                let mut sides = versions.map(|version| as_visit(shown, &version.value));
                let is_told = (deed.is_done)(shown) || sides.any(|side| (deed.is_done)(&side));
                assert!(is_told, "{} of {names:?}: {chart:?}", deed.name);
            }
        }
    }
}

#[test]
fn what_is_read_meanwhile_is_no_chance() {
    use EncounterStatus::{Cancelled, EnteredInError, Finished, InProgress};
    let deed = |name: &str| DEEDS.iter().find(|deed| deed.name == name).unwrap();
    let check = |one: &str, other: &str, want: EncounterStatus| {
        for (one, other) in [(one, other), (other, one)] {
            let (a, b) = (record(&done(deed(one))), record(&done(deed(other))));
            for mut chart in apart(record(&visit()), a, b) {
                let chart = chart.read();
                assert_eq!(chart.encounters[0].status, want, "{one}, {other}");
                let sides: Vec<_> = chart.conflicts.iter().map(|it| it.versions.len()).collect();
                assert!(sides.iter().all(|sides| *sides == 2), "{one}, {other}");
            }
        }
    };
    // Whom somebody saw was not sent away.
    check("gone unseen", "seen by one", InProgress);
    check("gone unseen", "over", Finished);
    check("seen by one", "over", Finished);
    check("gone unseen", "gone unseen", Cancelled);
    check("a mistake", "over", EnteredInError);
    check("a mistake", "seen by one", EnteredInError);
    // Both saw them, and it was over when the last of two ended it.
    let both = |one: &str, other: &str| {
        let [mut chart, _] =
            apart(record(&visit()), record(&done(deed(one))), record(&done(deed(other))));
        chart.read().encounters.remove(0)
    };
    assert_eq!(both("seen by one", "seen by another").participant, [person(1), person(2)]);
    assert_eq!(both("seen by another", "seen by one").participant, [person(2), person(1)]);
    for (one, other) in [("over", "over later"), ("over later", "over")] {
        let over = both(one, other);
        assert_eq!(over.end, done(deed("over later")).end);
        assert_eq!(over.participant, [person(3)]);
    }
    // Both reasons are seen wherever a reason is.
    let reasons = both("fever", "rash").reason;
    assert_eq!(reasons.iter().map(CodeableConcept::label).collect::<Vec<_>>(), ["fever", "rash"]);
}

/// Two charts with a dispute of the reason, on one of which the next visit was written too.
fn of_two_reasons() -> [ChartDocument; 2] {
    let fever = Encounter { reason: vec![CodeableConcept::from_text("fever")], ..visit() };
    let mut rash = Encounter { reason: vec![CodeableConcept::from_text("rash")], ..visit() };
    rash.follow_up = Some("2026-12-04".parse().unwrap());
    apart(record(&visit()), record(&fever), record(&rash))
}

#[test]
fn a_decision_about_the_reason_leaves_the_next_visit_as_it_was_written() {
    let [one, two] = of_two_reasons();
    let saved = [one, two].map(|mut chart| chart.save());
    let open = |device: u8, saved: &[u8]| {
        let stored = chart::Stored { snapshot: Some(saved), loose: &[] };
        let actor = chart::Actor::from_random([device; 16]);
        ChartDocument::load(crate::common::patient(), stored, actor).unwrap()
    };
    for (at, want) in [(0, "fever"), (1, "rash")] {
        let (mut here, there) = (open(21, &saved[0]), open(22, &saved[1]));
        let conflict = here.read().conflicts.remove(0);
        assert_eq!(conflict.field, "value");
        let Some(EntryValue::EncounterAbout(base)) = &conflict.base else { panic!() };
        assert_eq!(base.reason[0].label(), "cough");
        let change = conflict.versions[at].change.clone();
        let decide = ChartEdit::Decide { conflict: conflict.id, change };
        let decided = here.apply(&[decide], stamp(1, 50)).unwrap();
        let chart = here.read();
        assert_eq!(chart.conflicts, []);
        let shown = &chart.encounters[0];
        assert_eq!(shown.reason, [CodeableConcept::from_text(want)]);
        assert_eq!(shown.follow_up, Some("2026-12-04".parse().unwrap()));
        assert_eq!(there.merge(changes(&[&decided])).unwrap().0.read(), chart);
    }
}

#[test]
fn while_the_reason_is_disputed_the_patient_is_seen_all_the_same() {
    let [mut one, two] = of_two_reasons();
    let shown = one.read().encounters.remove(0);
    let seen = Encounter { status: EncounterStatus::InProgress, ..shown };
    let change = one.apply(&[record(&seen)], stamp(1, 40)).unwrap();
    let chart = one.read();
    assert_eq!(chart.encounters, std::slice::from_ref(&seen));
    assert_eq!(chart.conflicts.len(), 1, "the reason is still to be decided");
    assert_eq!(two.merge(changes(&[&change])).unwrap().0.read(), chart);
    // What is disputed is not written over.
    let other = Encounter { reason: vec![CodeableConcept::from_text("burn")], ..seen };
    let refused = one.apply(&[record(&other)], stamp(1, 60)).unwrap_err();
    assert_eq!(refused, EditError::Disputed(chart.conflicts[0].id.clone()));
    assert_eq!(one.read(), chart);
}

/// Also what stands in one of the two that were written, and no more: then it is what shows.
#[test]
fn what_was_written_apart_and_agrees_is_changed_like_anything_else() {
    let fever = Encounter { reason: vec![CodeableConcept::from_text("fever")], ..visit() };
    let again = Encounter { follow_up: Some("2026-12-04".parse().unwrap()), ..visit() };
    for (a, b) in [(&fever, &again), (&again, &fever)] {
        for taken_back in [&fever, &again, &visit()] {
            let [mut one, two] = apart(record(&visit()), record(a), record(b));
            let change = one.apply(&[record(taken_back)], stamp(1, 40)).unwrap();
            let chart = one.read();
            assert_eq!((&chart.encounters[0], chart.conflicts.len()), (taken_back, 0));
            assert_eq!(two.merge(changes(&[&change])).unwrap().0.read(), chart);
        }
        let [mut one, _] = apart(record(&visit()), record(a), record(b));
        let both = one.read().encounters.remove(0);
        assert!(one.apply(&[record(&both)], stamp(1, 40)).unwrap().changes.is_empty());
    }
}

/// Three computers: what one of them never touched is no side.
#[test]
fn a_third_who_wrote_something_else_is_no_side_and_loses_nothing() {
    let fever = Encounter { reason: vec![CodeableConcept::from_text("fever")], ..visit() };
    let rash = Encounter { reason: vec![CodeableConcept::from_text("rash")], ..visit() };
    let again = Encounter { follow_up: Some("2026-12-04".parse().unwrap()), ..visit() };
    let mut first = open(1);
    let shared = first.apply(&[record(&visit())], stamp(1, 1)).unwrap();
    let write = |device: u8, visits: &[&Encounter]| {
        let mut chart = open(device).merge(changes(&[&shared])).unwrap().0;
        let made = visits
            .iter()
            .zip(10..)
            .map(|(visit, at)| chart.apply(&[record(visit)], stamp(device, at)).unwrap());
        made.collect::<Vec<_>>()
    };
    let fever_again = Encounter { follow_up: Some("2026-12-27".parse().unwrap()), ..fever.clone() };
    let check = |made: [Vec<chart::DocumentChange>; 3], want: &[(&str, Option<&str>)]| {
        let all: Vec<_> = made.iter().flatten().collect();
        let mut chart = open(9).merge(changes(&[&shared])).unwrap().0;
        chart = chart.merge(changes(&all)).unwrap().0;
        let read = chart.read();
        let [conflict] = read.conflicts.as_slice() else { panic!("{:?}", read.conflicts) };
        let told = conflict.versions.iter().map(|version| match &version.value {
            EntryValue::EncounterAbout(about) => {
                let again = about.follow_up.as_ref().map(|day| day.as_str().to_owned());
                (about.reason[0].label().to_owned(), again)
            }
            other => panic!("{other:?}"),
        });
        // Of changes of one moment, which stands first is arbitrary.
        let mut told: Vec<_> = told.collect();
        told.sort();
        let want = want.iter().map(|(a, b)| ((*a).to_owned(), b.map(str::to_owned)));
        assert_eq!(told, want.collect::<Vec<_>>());
    };
    // The next visit of the third holds on both sides.
    check(
        [write(2, &[&fever]), write(3, &[&rash]), write(4, &[&again])],
        &[("fever", Some("2026-12-04")), ("rash", Some("2026-12-04"))],
    );
    // One who wrote the reason and then the next visit has written both.
    check(
        [write(2, &[&fever, &fever_again]), write(3, &[&rash]), write(4, &[&visit()])],
        &[("fever", Some("2026-12-27")), ("rash", Some("2026-12-27"))],
    );
    // Two who wrote another next visit each dispute that too: everyone's words are on a side.
    check(
        [write(2, &[&fever, &fever_again]), write(3, &[&rash]), write(4, &[&again])],
        &[("cough", Some("2026-12-04")), ("fever", Some("2026-12-27")), ("rash", None)],
    );
}
