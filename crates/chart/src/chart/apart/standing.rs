//! What holds of one part of a visit that was written apart, and what is read of it meanwhile.

use super::members::{BECAME, ENDED, Members, REASON, SEEN_BY};
use clinical::{EncounterStatus, PartialDate};
use serde_json::Value;

/// What holds of a part.
#[derive(Debug, PartialEq)]
pub(super) enum Held {
    /// This, of all that was written.
    All(Members),
    /// People must decide; until then this is read.
    Disputed(Members),
}

/// What holds of what was written of a part apart, the earliest first; `None` is one that cannot be
/// read.
pub(super) fn held(name: &str, written: &[Option<Members>]) -> Held {
    let mut distinct: Vec<&Members> = Vec::new();
    for one in written.iter().flatten() {
        if !distinct.contains(&one) {
            distinct.push(one);
        }
    }
    let is_read = written.iter().all(Option::is_some);
    let (shown, is_agreed) = match (name, distinct.as_slice()) {
        (_, []) => (Members::new(), true),
        (_, [one]) => ((*one).clone(), true),
        // Whoever saw the patient did.
        (SEEN_BY, all) => (all_of(SEEN_BY, all), true),
        (BECAME, all) => (furthest(all), is_one_outcome(all)),
        // Both are seen wherever a reason is.
        (REASON, all) => (all_of(REASON, all), false),
        (_, [first, ..]) => ((*first).clone(), false),
    };
    if is_agreed && is_read { Held::All(shown) } else { Held::Disputed(shown) }
}

/// The lists of all, each item once.
fn all_of(member: &str, written: &[&Members]) -> Members {
    let mut items: Vec<Value> = Vec::new();
    for item in written.iter().filter_map(|one| one.get(member)?.as_array()).flatten() {
        if !items.contains(item) {
            items.push(item.clone());
        }
    }
    Members::from_iter([(member.to_owned(), Value::Array(items))])
}

/// The one that says most of what became of the visit: see [`reach`]. Of two that say the same, the
/// one that ended it last.
fn furthest(written: &[&Members]) -> Members {
    let end = |one: &Members| moment(one.get(ENDED));
    let reached = written.iter().max_by_key(|one| (status(one).map(reach), end(one)));
    reached.map(|one| (*one).clone()).unwrap_or_default()
}

fn moment(end: Option<&Value>) -> Option<i64> {
    end?.as_str()?.parse::<PartialDate>().ok()?.unix_ms()
}

fn status(members: &Members) -> Option<EncounterStatus> {
    EncounterStatus::from_code(members.get(BECAME)?.as_str()?)
}

fn is_one_outcome(written: &[&Members]) -> bool {
    let mut outcomes = written.iter().map(|one| status(one).map(outcome));
    let first = outcomes.next();
    outcomes.all(|outcome| Some(outcome) == first)
}

/// What became of a visit, in so far as people who say otherwise disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    GoesOn,
    Over,
    NotHeld,
    Mistake,
    Unknown,
}

const fn outcome(status: EncounterStatus) -> Outcome {
    match status {
        EncounterStatus::Planned
        | EncounterStatus::Arrived
        | EncounterStatus::Triaged
        | EncounterStatus::InProgress
        | EncounterStatus::OnLeave => Outcome::GoesOn,
        EncounterStatus::Finished => Outcome::Over,
        EncounterStatus::Cancelled => Outcome::NotHeld,
        EncounterStatus::EnteredInError => Outcome::Mistake,
        EncounterStatus::Unknown => Outcome::Unknown,
    }
}

/// How far a visit has come. What was a mistake stays one whatever others who did not know did
/// meanwhile; a visit that was ended is over; a patient whom somebody sees was not sent away, nor one
/// who waits.
const fn reach(status: EncounterStatus) -> u8 {
    match status {
        EncounterStatus::Unknown => 0,
        EncounterStatus::Cancelled => 1,
        EncounterStatus::Planned => 2,
        EncounterStatus::Arrived => 3,
        EncounterStatus::Triaged => 4,
        EncounterStatus::OnLeave => 5,
        EncounterStatus::InProgress => 6,
        EncounterStatus::Finished => 7,
        EncounterStatus::EnteredInError => 8,
    }
}
