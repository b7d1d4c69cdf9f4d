//! A clinic's devices and a server on a network that loses, repeats, delays, cuts off and falls apart,
//! with clocks that are years off, devices that crash between any two effects, are restored from old
//! copies, copied and removed, and a server that is rolled back. Everything is drawn from one seed,
//! which a failure prints: how many devices there are, too.
//!
//! `FIELDCHART_SOAK=N` runs N times as many histories, those after `FIELDCHART_SOAK_AFTER` such rounds;
//! `FIELDCHART_SEED=S` runs one.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::print_stdout,
    clippy::wildcard_enum_match_arm,
    reason = "this is a test"
)]

mod acts;
mod device;
mod disk;
mod heal;
mod members;
pub(crate) mod random;
mod scenarios;
mod server;
mod shrunk;
mod world;

use random::Random;
use world::{Drawn, Faults, World};

const QUIET: Faults = Faults {
    loss: 0,
    repeat: 0,
    crash: 0,
    restore_device: false,
    restore_server: false,
    carry: false,
    lan: false,
    floors: false,
    unproven_floors: false,
    clocks: false,
    partitions: false,
    members: false,
    clones: false,
};
const HARSH: Faults = Faults { loss: 120, repeat: 100, crash: 30, clocks: true, ..QUIET };

/// The seeds of a run that has so many when it is short.
pub(crate) fn seeds(plain: u64) -> std::ops::Range<u64> {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let first = plain * number("FIELDCHART_SOAK_AFTER").unwrap_or(0);
    match number("FIELDCHART_SEED") {
        Some(seed) => seed..seed + 1,
        None => first..first + plain * number("FIELDCHART_SOAK").unwrap_or(1),
    }
}

/// Whatever is to be drawn happened in some of them: else they prove nothing of it.
fn histories(faults: Faults) {
    let seeds = seeds(HISTORIES);
    let count = seeds.end - seeds.start;
    println!("soak: {count} histories of {faults:?}");
    let mut drawn = Drawn::default();
    for seed in seeds {
        drawn.add(history(seed, faults));
    }
    println!("soak: {:?}", drawn.0);
    let lacking: Vec<_> =
        faults.names().into_iter().filter(|it| !drawn.0.contains_key(it)).collect();
    assert!(count < HISTORIES || lacking.is_empty(), "never drawn: {lacking:?}");
}

/// So many of each kind.
const HISTORIES: u64 = 104;

fn history(seed: u64, faults: Faults) -> Drawn {
    println!("FIELDCHART_SEED={seed} {faults:?}");
    run(World::drawn(Random::of_its_own(seed), faults))
}

/// One that draws what its neighbour draws one draw later, as histories were when its seed was found.
fn history_in_a_row(seed: u64, faults: Faults) {
    println!("seed {seed} in a row {faults:?}");
    run(World::drawn(Random::new(seed), faults));
}

/// One of four devices with clocks that are right, as histories were when its seed was found.
fn history_of_four(seed: u64, faults: Faults) {
    println!("seed {seed} of four {faults:?}");
    run(World::new(Random::new(seed), Faults { clocks: false, ..faults }));
}

fn run(mut world: World) -> Drawn {
    world.live(60);
    settled(world)
}

/// Everything works again, and what must hold then does.
fn settled(mut world: World) -> Drawn {
    world.heal();
    world.check();
    world.into_drawn()
}

#[test]
fn on_a_quiet_network_all_converge_soak() {
    histories(Faults { clocks: true, ..QUIET });
}

#[test]
fn loss_repetition_delay_and_crashes_lose_nothing_soak() {
    histories(HARSH);
}

#[test]
fn restored_devices_lose_nothing_of_others_soak() {
    histories(Faults { restore_device: true, ..HARSH });
}

#[test]
fn a_server_rolled_back_is_filled_again_soak() {
    histories(Faults { restore_server: true, ..HARSH });
}

#[test]
fn files_carried_between_devices_reach_everyone_soak() {
    histories(Faults { carry: true, ..HARSH });
}

#[test]
fn devices_that_meet_each_other_lose_nothing_soak() {
    histories(Faults { lan: true, restore_device: true, ..HARSH });
}

#[test]
fn whoever_was_cut_off_comes_back_soak() {
    histories(Faults { partitions: true, lan: true, carry: true, ..HARSH });
}

#[test]
fn on_a_line_that_is_good_but_cut_all_converge_soak() {
    histories(Faults { partitions: true, lan: true, clocks: true, ..QUIET });
}

#[test]
fn of_a_removed_device_counts_what_its_cut_says_soak() {
    histories(Faults { members: true, lan: true, carry: true, ..HARSH });
}

#[test]
fn a_copied_disk_and_its_original_both_keep_their_work_soak() {
    histories(Faults { clones: true, lan: true, restore_device: true, ..HARSH });
}

const FLOORS: Faults = Faults { floors: true, ..HARSH };
const FLOORS_AND_MEETINGS: Faults =
    Faults { restore_device: true, carry: true, lan: true, ..FLOORS };
const FLOORS_AND_ROLLED_BACK: Faults = Faults { restore_server: true, ..FLOORS_AND_MEETINGS };
const EVERYTHING: Faults =
    Faults { partitions: true, members: true, clones: true, ..FLOORS_AND_ROLLED_BACK };

#[test]
fn floors_are_put_under_devices_that_come_and_go_soak() {
    histories(FLOORS);
}

#[test]
fn floors_are_put_while_devices_are_restored_and_meet_soak() {
    histories(FLOORS_AND_MEETINGS);
}

#[test]
fn who_doubts_a_floor_is_given_what_is_cold_soak() {
    histories(Faults { unproven_floors: true, ..FLOORS_AND_MEETINGS });
}

#[test]
fn everything_at_once_soak() {
    histories(EVERYTHING);
}

/// A floor was made while the answer to what its maker had pushed was on its way: it said less than
/// the log held.
#[test]
fn a_floor_covers_all_that_its_maker_sealed() {
    history_of_four(1136, FLOORS);
    history_of_four(779, FLOORS_AND_MEETINGS);
    history_of_four(627, FLOORS_AND_ROLLED_BACK);
}

/// A device that was put back sealed a counter again, below a floor that names what it had sealed
/// before.
#[test]
fn what_is_beside_one_s_own_below_a_floor_is_in_the_packs() {
    history_of_four(762, FLOORS_AND_ROLLED_BACK);
}

/// New keys came between those that were read of a table.
#[test]
fn keys_that_come_while_a_table_is_read_are_not_passed_over() {
    history(3036, EVERYTHING);
}

/// A server lost a join, and a disk that was made new since did not know it either: when all could talk
/// again, what that device sealed was refused.
#[test]
fn a_disk_made_new_is_not_refused_by_a_server_that_lost_its_join() {
    history_in_a_row(3256, EVERYTHING);
}
