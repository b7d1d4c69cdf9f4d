//! What happens to a clinic, drawn from a seed: the real programs over real stores record, give,
//! erase, join and part charts, meet a server, each other and sticks, hold all or a part, are put
//! back from copies, copied, let in and removed, and renew their keys. A model beside them knows what
//! must not be lost, and what must be gone.
//!
//! `FIELDCHART_SOAK=N` runs N times as many histories, those after `FIELDCHART_SOAK_AFTER` such
//! rounds; `FIELDCHART_SEED=S` runs one. A failing one becomes a test here, under its seed.
#![allow(clippy::print_stdout, reason = "a history that fails is told")]

mod acts;
mod computers;
mod holds;
mod model;
mod world;

use computers::Happened;
use world::{Faults, World};

/// Histories of each kind in a plain run.
const HISTORIES: u64 = 2;
/// What happens in each.
const ACTS: usize = 45;

const CALM: Faults = Faults { part: false, restored: false, rolled_back: false };

fn history(seed: u64, faults: Faults) -> Happened {
    println!("FIELDCHART_SEED={seed} {faults:?}");
    let mut world = World::new(seed, faults);
    for act in 0..ACTS {
        world.act();
        // No history has one key alone.
        if act == ACTS / 2 && world.happened.rotated == 0 {
            world.rotate(0);
        }
    }
    world.heal();
    world.part_all_who_were_joined();
    world.happened
}

fn histories(faults: Faults) -> Happened {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let (times, after) = (number("FIELDCHART_SOAK"), number("FIELDCHART_SOAK_AFTER"));
    let first = HISTORIES * after.unwrap_or(0);
    let seeds = match number("FIELDCHART_SEED") {
        Some(seed) => seed..seed + 1,
        None => first..first + HISTORIES * times.unwrap_or(1),
    };
    println!("soak: {} histories over real stores, {faults:?}", seeds.end - seeds.start);
    let happened = seeds.map(|seed| history(seed, faults)).fold(Happened::default(), Happened::and);
    println!("{happened:?}");
    happened
}

#[test]
fn nothing_is_lost_and_what_is_erased_is_gone_soak() {
    histories(CALM);
}

#[test]
fn who_holds_a_part_takes_it_for_no_more_soak() {
    histories(Faults { part: true, ..CALM });
}

#[test]
fn computers_put_back_from_copies_lose_nothing_of_others_soak() {
    histories(Faults { restored: true, ..CALM });
}

#[test]
fn a_server_put_back_from_a_copy_is_given_all_it_lost_soak() {
    histories(Faults { rolled_back: true, ..CALM });
}

#[test]
fn everything_happens_to_one_clinic_soak() {
    let happened = histories(Faults { part: true, restored: true, rolled_back: true });
    if std::env::var_os("FIELDCHART_SEED").is_none() {
        let Happened { rotated, removed, copied } = happened;
        assert!(rotated > 0 && removed > 0 && copied > 0, "{happened:?}");
    }
}
