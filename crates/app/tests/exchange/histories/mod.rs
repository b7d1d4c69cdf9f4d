//! What happens to a clinic, drawn from a seed: the real programs over real stores record, give,
//! erase, join and part charts, meet a server, each other and sticks, hold all or a part, are put
//! back from copies, copied, let in and removed, and renew their keys. A model beside them knows what
//! must not be lost, and what must be gone; and who holds the same has the same heads, and the same
//! rows bit for bit.
//!
//! `FIELDCHART_SOAK=N` runs N times as many histories, those after `FIELDCHART_SOAK_AFTER` such
//! rounds; `FIELDCHART_SEED=S` runs one. A failing one becomes a row of [`KEPT`], under its seed.
#![allow(clippy::print_stdout, reason = "a history that fails is told")]

mod acts;
mod computers;
mod happened;
mod holds;
mod model;
mod world;

use happened::Deed::{self, *};
use happened::Happened;
use std::collections::BTreeSet;
use world::{Faults, World};

/// Histories of each kind in a plain run, beside those that are kept.
const HISTORIES: u64 = 2;
/// What happens in each.
const ACTS: usize = 45;

const CALM: Faults = Faults { part: false, restored: false, rolled_back: false };
const OF_PARTS: Faults = Faults { part: true, ..CALM };
const PUT_BACK: Faults = Faults { restored: true, ..CALM };
const SERVER_PUT_BACK: Faults = Faults { rolled_back: true, ..CALM };
const EVERYTHING: Faults = Faults { part: true, restored: true, rolled_back: true };

/// A history that is told again in every run.
struct Kept {
    faults: Faults,
    seed: u64,
    /// What it is kept for: what no row of its kind before it is.
    covers: &'static [Deed],
}

/// The histories that are kept: with them each kind has all that may happen in it and is not left to
/// chance. Those with a word on what they found failed.
const KEPT: [Kept; 20] = [
    Kept {
        faults: CALM,
        seed: 0,
        covers: &[Attached, Met, Carried, Erased, Merged, Covered, Passed, Removed, Rotated],
    },
    Kept { faults: CALM, seed: 1, covers: &[Restarted, Joined] },
    Kept { faults: CALM, seed: 2, covers: &[Noted, CameBack] },
    Kept { faults: CALM, seed: 3, covers: &[CutOff] },
    Kept {
        faults: OF_PARTS,
        seed: 0,
        covers: &[Attached, Met, Carried, Erased, Merged, Covered, Passed, Removed, Rotated],
    },
    Kept { faults: OF_PARTS, seed: 1, covers: &[Noted, CameBack, Restarted, Joined, Fetched] },
    Kept { faults: OF_PARTS, seed: 4, covers: &[Parted] },
    Kept { faults: OF_PARTS, seed: 11, covers: &[CutOff] },
    Kept {
        faults: PUT_BACK,
        seed: 0,
        covers: &[Attached, Met, Carried, Erased, Merged, Covered, Passed, Removed, Rotated],
    },
    Kept { faults: PUT_BACK, seed: 1, covers: &[Noted, Restarted, Joined, Copied] },
    Kept { faults: PUT_BACK, seed: 2, covers: &[CameBack, PutBack] },
    Kept { faults: PUT_BACK, seed: 3, covers: &[CutOff] },
    // A pack that its computer had lost came back to it after it had heard that a chart in it is
    // erased, and its key stood.
    Kept { faults: PUT_BACK, seed: 19, covers: &[] },
    Kept {
        faults: SERVER_PUT_BACK,
        seed: 0,
        covers: &[
            Attached,
            Met,
            Carried,
            Erased,
            Merged,
            Covered,
            Passed,
            ServerPutBack,
            Removed,
            Rotated,
        ],
    },
    Kept { faults: SERVER_PUT_BACK, seed: 1, covers: &[CameBack, Restarted, Joined] },
    Kept { faults: SERVER_PUT_BACK, seed: 18, covers: &[Noted, CutOff] },
    Kept {
        faults: EVERYTHING,
        seed: 0,
        covers: &[
            Attached,
            Met,
            Carried,
            Erased,
            Merged,
            Covered,
            Passed,
            ServerPutBack,
            Copied,
            Removed,
            Rotated,
        ],
    },
    Kept { faults: EVERYTHING, seed: 1, covers: &[Noted, Restarted, Joined, Fetched] },
    Kept { faults: EVERYTHING, seed: 2, covers: &[CameBack, PutBack] },
    Kept { faults: EVERYTHING, seed: 8, covers: &[CutOff] },
];

fn history(seed: u64, faults: Faults) -> Happened {
    println!("FIELDCHART_SEED={seed} {faults:?}");
    let mut world = World::new(seed, faults);
    for act in 0..ACTS {
        world.act();
        world.check_what_is_alike();
        // No history has one key alone.
        if act == ACTS / 2 && !world.happened.has(Rotated) {
            world.rotate(0);
        }
    }
    world.heal();
    world.part_all_who_were_joined();
    println!("seed {seed}: {:?}", world.happened);
    world.happened
}

fn histories(faults: Faults) -> Happened {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    if let Some(seed) = number("FIELDCHART_SEED") {
        return history(seed, faults);
    }
    let (times, after) = (number("FIELDCHART_SOAK"), number("FIELDCHART_SOAK_AFTER"));
    let first = HISTORIES * after.unwrap_or(0);
    let seeds = first..first + HISTORIES * times.unwrap_or(1);
    println!("soak: {} histories over real stores, {faults:?}", seeds.end - seeds.start);
    let kept = || KEPT.iter().filter(|kept| kept.faults == faults);
    let drawn = seeds.filter(|seed| kept().all(|kept| kept.seed != *seed));
    let drawn = drawn.map(|seed| history(seed, faults));
    let happened = kept().map(again).chain(drawn).fold(Happened::default(), Happened::and);
    println!("{happened:?}");
    happened
}

/// A kept history is what it is kept for.
fn again(kept: &Kept) -> Happened {
    let happened = history(kept.seed, kept.faults);
    let lacking: Vec<_> = kept.covers.iter().filter(|deed| !happened.has(**deed)).collect();
    assert!(lacking.is_empty(), "seed {} no longer has {lacking:?}", kept.seed);
    happened
}

#[test]
fn nothing_is_lost_and_what_is_erased_is_gone_soak() {
    histories(CALM);
}

#[test]
fn who_holds_a_part_takes_it_for_no_more_soak() {
    histories(OF_PARTS);
}

#[test]
fn computers_put_back_from_copies_lose_nothing_of_others_soak() {
    histories(PUT_BACK);
}

#[test]
fn a_server_put_back_from_a_copy_is_given_all_it_lost_soak() {
    histories(SERVER_PUT_BACK);
}

#[test]
fn everything_happens_to_one_clinic_soak() {
    histories(EVERYTHING);
}

#[test]
fn with_those_that_are_kept_each_kind_has_all_that_may_happen_in_it() {
    for faults in [CALM, OF_PARTS, PUT_BACK, SERVER_PUT_BACK, EVERYTHING] {
        let kept = KEPT.iter().filter(|kept| kept.faults == faults);
        let covered: BTreeSet<Deed> = kept.flat_map(|kept| kept.covers).copied().collect();
        let possible = Deed::ALL.into_iter().filter(|deed| deed.may_happen(faults));
        let possible: BTreeSet<Deed> = possible.collect();
        assert!(covered.is_subset(&possible), "{faults:?}");
        let lacking = possible.difference(&covered).find(|deed| !Deed::RARE.contains(deed));
        assert_eq!(lacking, None, "{faults:?}");
    }
}
