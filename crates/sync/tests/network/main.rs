//! A clinic's devices and a server on a network that loses, repeats, delays and cuts off, with
//! devices that crash between any two effects and are restored from old copies, and a server that
//! is rolled back. Everything is drawn from one seed, which a failure prints.
//!
//! `FIELDCHART_HISTORIES=N` runs N histories of each kind instead of a few; `FIELDCHART_SEED=S`
//! runs one.

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

mod device;
mod disk;
mod random;
mod server;
mod world;

use random::Random;
use world::{Faults, World};

const QUIET: Faults =
    Faults { loss: 0, repeat: 0, crash: 0, restore_device: false, restore_server: false };
const HARSH: Faults = Faults { loss: 120, repeat: 100, crash: 30, ..QUIET };

fn histories(faults: Faults) {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seeds = match number("FIELDCHART_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("FIELDCHART_HISTORIES").unwrap_or(12),
    };
    for seed in seeds {
        println!("FIELDCHART_SEED={seed} {faults:?}");
        let mut world = World::new(Random::new(seed), faults);
        world.live(60);
        world.heal();
        world.check();
    }
}

#[test]
fn on_a_quiet_network_all_converge() {
    histories(QUIET);
}

#[test]
fn loss_repetition_delay_and_crashes_lose_nothing() {
    histories(HARSH);
}

#[test]
fn restored_devices_lose_nothing_of_others() {
    histories(Faults { restore_device: true, ..HARSH });
}

#[test]
fn a_server_rolled_back_is_filled_again() {
    histories(Faults { restore_server: true, ..HARSH });
}

#[test]
fn everything_at_once() {
    histories(Faults { restore_device: true, restore_server: true, ..HARSH });
}

#[test]
fn a_restored_laptop_edits_offline_and_comes_back() {
    let mut world = World::new(Random::new(7), QUIET);
    world.edit(0);
    world.sync(0);
    world.sync(1);
    let copy = world.device(0).disk.clone();
    let lost_here = world.edit(0);
    world.sync(0);
    world.sync(1);
    world.device(0).disk = copy;
    let offline = world.edit(0);
    world.sync(0);
    assert_eq!(world.device(0).disk.generation, 2);
    assert!(world.device(0).alarms.iter().any(|alarm| alarm.contains("Restored")));
    assert!(world.device(0).disk.edits.contains(&lost_here));
    world.sync(1);
    assert!(world.device(1).disk.edits.contains(&offline));
    world.heal();
    world.check();
}

#[test]
fn a_clone_and_its_original_both_keep_their_work() {
    let mut world = World::new(Random::new(8), QUIET);
    world.edit(0);
    world.sync(0);
    let original = world.clone_of(0);
    for _ in 0..3 {
        for index in [0, original] {
            world.edit(index);
            world.sync(index);
        }
    }
    world.heal();
    world.check();
}

#[test]
fn two_envelopes_of_one_counter_are_both_kept_with_an_alarm() {
    let mut world = World::new(Random::new(9), QUIET);
    world.edit(0);
    world.sync(0);
    let twin = world.clone_of(0);
    let edits = [world.edit(0), world.edit(twin)];
    // Both meet the server before either pushes.
    world.seal_both_after_hello(0, twin);
    world.heal();
    world.check();
    assert!(edits.iter().all(|edit| world.device(1).disk.edits.contains(edit)));
    let alarmed = world.alarms().filter(|alarm| alarm.contains("Forked")).count();
    assert!(alarmed > 0);
}

#[test]
fn idle_costs_one_round_trip_and_few_bytes() {
    let bytes_after = |edits| {
        let mut world = World::new(Random::new(3), QUIET);
        (0..edits).for_each(|_| {
            world.edit(0);
        });
        world.heal();
        let before = (world.server.requests, world.server.bytes);
        world.sync(0);
        (world.server.requests - before.0, world.server.bytes - before.1)
    };
    let (requests, bytes) = bytes_after(5);
    assert_eq!(requests, 1);
    assert!(bytes < 300, "{bytes}");
    assert_eq!(bytes_after(200), (requests, bytes));
}
