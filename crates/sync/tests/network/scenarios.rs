//! What is told step by step.

use sync::fixtures::device;
use sync::limits::{CHECKPOINT_ENTRIES_MIN, CHECKPOINT_PAUSE_MS as DAY_MS};

use super::QUIET;
use super::device::{Ended, OUT_OF_COLD};
use super::disk::sealing::TOGETHER_MAX;
use super::disk::{Edit, edits_in};
use super::members::Founded;
use super::random::Random;
use super::world::{Faults, World};

#[test]
fn a_session_cut_after_any_byte_loses_nothing() {
    // It reads of a list that grew, keys and a page, and has more than one push to send.
    let mut begun = World::new(Random::new(21), QUIET);
    begun.sync(0);
    let edits = [1, 2, 0, 0, 0, 0, 0, 0, 0, 0].map(|index| begun.edit(index));
    begun.sync(1);
    begun.sync(2);
    let cut_after = |bytes: usize| {
        let mut world = begun.clone();
        world.left = bytes;
        let ended = world.sync(0);
        let left = std::mem::replace(&mut world.left, usize::MAX);
        (world, ended, left)
    };
    let (_, ended, left) = cut_after(usize::MAX);
    assert_eq!(ended, Ended::Finished(None));
    let whole = usize::MAX - left;
    println!("a session of {whole} bytes");
    assert!(whole > 2000, "{whole}");
    for bytes in 0..whole {
        let (mut world, ended, _) = cut_after(bytes);
        assert_ne!(ended, Ended::Finished(None), "cut after {bytes} of {whole}");
        assert_eq!(world.sync(0), Ended::Finished(None), "cut after {bytes} of {whole}");
        let disk = &world.device(0).disk;
        assert!(disk.outbox.is_empty() && edits.iter().all(|edit| disk.edits.contains(edit)));
        // What the others make of it takes longer.
        if bytes % 32 == 0 {
            world.heal();
            world.check();
        }
    }
}

#[test]
fn devices_converge_with_no_server_at_all() {
    let mut world = World::new(Random::new(14), QUIET);
    let edits: Vec<_> = (0..12).map(|n| world.edit(n % 4)).collect();
    let round = |world: &mut World| {
        for (one, other) in [(0, 1), (1, 2), (2, 3), (3, 0)] {
            assert_eq!(world.meet(one, other), Some(Ended::Finished(None)));
        }
    };
    for _ in 0..3 {
        round(&mut world);
    }
    for index in 0..4 {
        let held = &world.device(index).disk.edits;
        assert!(edits.iter().all(|edit| held.contains(edit)), "device {index}: {held:?}");
    }
    assert_eq!(world.alarms().count(), 0);
    let before = world.lan_bytes;
    round(&mut world);
    assert!(world.lan_bytes - before < 4 * 300, "at rest it is one small request each");
}

#[test]
fn what_came_in_a_file_is_passed_on_to_the_server() {
    let mut world = World::new(Random::new(12), QUIET);
    world.heal();
    // The first device meets nobody from here on; the second carries its work to the server.
    let edit = world.edit(0);
    world.carry(0, 1);
    assert!(world.device(1).disk.edits.contains(&edit));
    assert!(!world.server_holds(edit));
    world.sync(1);
    assert!(world.server_holds(edit));
    world.sync(2);
    assert!(world.device(2).disk.edits.contains(&edit));
    let before = world.server.bytes;
    world.sync(1);
    assert!(world.server.bytes - before < 300, "it is passed on once, and not read again");
}

#[test]
fn what_came_in_a_file_is_not_fetched_again() {
    let fetched = |carried: bool| {
        let mut world = World::new(Random::new(13), QUIET);
        world.heal();
        (0..60).for_each(|_| {
            world.edit(0);
        });
        if carried {
            world.carry(0, 1);
        }
        world.sync(0);
        let before = world.server.bytes;
        world.sync(1);
        world.check_edits(0, 1);
        world.server.bytes - before
    };
    assert!(fetched(true) * 3 < fetched(false), "{} {}", fetched(true), fetched(false));
}

/// A world in which the administrator made a floor after some edits, the second device found it to
/// be so, and the server was told; the fourth was away.
fn floored(edits: usize) -> World {
    let mut world = World::new(Random::new(31), QUIET);
    world.heal();
    (0..edits).for_each(|_| {
        world.edit(0);
        world.edit(1);
    });
    for index in [0, 1, 2, 0] {
        world.sync(index);
    }
    assert!(world.make_floor());
    world.sync(0);
    world.countersign(1);
    assert!(world.floor() > 0);
    world
}

#[test]
fn a_device_that_joins_begins_at_the_floor() {
    let bytes_after = |edits| {
        let mut world = floored(edits);
        let before = world.server.bytes;
        let joined = world.join();
        assert_eq!(world.sync(joined), Ended::Finished(None));
        let bytes = world.server.bytes - before;
        let floor = world.floor();
        let disk = &world.device(joined).disk;
        assert_eq!((disk.jumped, disk.quarantine.len()), (None, 0));
        assert!((disk.ids().len() as u64) < floor, "it did not read what stands before");
        world.heal();
        world.check();
        bytes
    };
    // Ten times the history is not ten times the way: an edit is eight bytes in a pack.
    let (few, many) = (bytes_after(20), bytes_after(200));
    assert!(many < 3 * few, "{few} {many}");
}

#[test]
fn a_device_long_away_with_unsent_edits_comes_back_at_the_floor() {
    let mut world = floored(60);
    assert_eq!(world.cold(), world.floor(), "all that stands before it is moved");
    let offline: Vec<_> = (0..50).map(|_| world.edit(3)).collect();
    assert_eq!(world.sync(3), Ended::Finished(None));
    let disk = &world.device(3).disk;
    assert!(!disk.base.have().is_empty(), "it began at the floor");
    world.heal();
    world.check();
    for index in 0..4 {
        assert!(offline.iter().all(|edit| world.device(index).disk.edits.contains(edit)));
    }
}

#[test]
fn a_floor_of_one_device_alone_is_refused_and_read_past() {
    let mut world = World::new(Random::new(32), QUIET);
    world.heal();
    // The fourth is away from here on.
    (0..20).for_each(|_| {
        world.edit(0);
    });
    for index in [0, 1, 2] {
        world.sync(index);
    }
    assert!(world.make_floor());
    world.sync(0);
    // The server says that there is a floor, though nobody countersigned it.
    world.lie_about_floor();
    assert!(world.cold() > 0);
    assert_eq!(world.cold(), world.floor(), "all that stands before it is moved");
    for index in [world.join(), 3] {
        assert_eq!(world.sync(index), Ended::Finished(None));
        assert!(world.device(index).alarms.iter().any(|alarm| alarm == "FloorUnproven"));
        assert!(world.device(index).disk.base.have().is_empty());
        let before = world.drawn.of(OUT_OF_COLD);
        assert_eq!(world.sync(index), Ended::Finished(None));
        assert!(world.drawn.of(OUT_OF_COLD) > before, "device {index} was given what is cold");
        world.check_edits(0, index);
        assert!(world.device(index).disk.jumped.is_none());
    }
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
fn a_server_that_lost_a_join_hears_of_it_from_a_disk_made_new() {
    let faults = Faults { restore_server: true, ..QUIET };
    let mut world = World::new(Random::new(44), faults);
    world.heal();
    let known = Founded::known_to(4);
    world.server.restore(0, world.server.entries.len() - known + 1);
    assert_eq!(world.server.entries.len(), known - 1, "its join is lost");
    world.begin_anew(3);
    let edit = world.edit(3);
    assert_eq!(world.sync(3), Ended::Finished(None));
    assert!(world.server_holds(edit));
    assert_eq!(world.server.entries.len(), known);
    world.heal();
    world.check();
}

/// A world with a copy of the first device's disk; either sealed another edit in the fifth place of one
/// lane.
fn two_in_one_place() -> (World, [Edit; 2]) {
    let mut world = World::new(Random::new(10), QUIET);
    world.heal();
    let seal = |world: &mut World, index: usize| {
        let edit = world.edit(index);
        world.device(index).disk.seal_for_a_file(7);
        edit
    };
    (0..4).for_each(|_| {
        seal(&mut world, 0);
    });
    let copy = world.clone_of(0);
    let edits = [0, copy].map(|index| seal(&mut world, index));
    (world, edits)
}

/// Which of two envelopes in one place of a lane the server holds is not known by the lane's end: a
/// device that gave one of them, and then was cut off or heard of the other, gives the other as well.
#[test]
fn of_two_in_one_place_of_a_lane_the_other_is_given_later() {
    let check = |begin: fn(&mut World, usize)| {
        let (mut world, edits) = two_in_one_place();
        let copy = world.devices.len() - 1;
        begin(&mut world, copy);
        let given = |world: &World| edits.map(|edit| world.server_holds(edit));
        assert_eq!(given(&world).iter().filter(|held| **held).count(), 1);
        assert_eq!(world.sync(0), Ended::Finished(None));
        assert_eq!(given(&world), [true; 2]);
        world.heal();
        world.check();
        assert!(edits.iter().all(|edit| world.device(1).disk.edits.contains(edit)));
    };
    // It has both, and is cut off after HELLO and a push, which has room for five.
    check(|world, copy| {
        world.carry(copy, 0);
        assert_ne!(world.sync_until(0, 2), Ended::Finished(None));
    });
    // It gave its own, and then a file brings what the other sealed.
    check(|world, copy| {
        assert_eq!(world.sync(0), Ended::Finished(None));
        world.carry(copy, 0);
    });
}

#[test]
fn of_a_removed_device_what_its_cut_says_counts_and_the_rest_waits() {
    let mut world = World::new(Random::new(41), QUIET);
    world.heal();
    let before = world.edit(2);
    world.sync(2);
    world.sync(0);
    // What it seals from here on the administrator has not seen; the fourth takes it in on trust.
    let carried = world.edit(2);
    world.carry(2, 3);
    let unsent = world.edit(2);
    world.enter(Some(3));
    assert!(world.device(0).disk.knows_to_be_out(3));
    world.heal();
    world.check();
    for index in [0, 1, 3] {
        let disk = &world.device(index).disk;
        assert!(disk.edits.contains(&before), "device {index}");
        assert_eq!(disk.edits.contains(&carried), index == 3, "device {index}");
        assert!(!disk.edits.contains(&unsent), "device {index}");
        assert_eq!(disk.quarantine.len(), usize::from(index != 3), "device {index}");
    }
    // And so does what comes by another way, for who knows of the removal.
    world.carry(2, 3);
    assert!(!world.device(3).disk.edits.contains(&unsent));
    assert!(world.device(2).alarms.iter().any(|alarm| alarm == "Revoked"));
    assert!(!world.server_holds(unsent));
}

#[test]
fn after_a_key_was_changed_all_seal_under_it_and_read_what_was_before() {
    let mut world = World::new(Random::new(42), QUIET);
    let old = world.edit(1);
    world.heal();
    world.enter(None);
    world.heal();
    let new: Vec<_> = (0..4).map(|index| world.edit(index)).collect();
    world.heal();
    world.check();
    let epoch = |world: &World, edits: &[u64]| {
        let held = world.server.held();
        let of_them = held.iter().filter(|it| edits.contains(edits_in(it).first().unwrap_or(&0)));
        of_them.map(|envelope| envelope.header().key_epoch).collect::<Vec<_>>()
    };
    assert_eq!((epoch(&world, &[old]), epoch(&world, &new)), (vec![1], vec![2; 4]));
    // Who begins anew reads both.
    world.begin_anew(3);
    world.heal();
    world.check();
}

/// A device that answered held joins against its own clock: it took no list with a join whose invite
/// had ended, or seemed to have ended.
#[test]
fn a_list_is_brought_from_device_to_device_whatever_their_clocks_say() {
    let year_ms = 365 * DAY_MS;
    for clock_ms in [-10 * year_ms, 0, 60 * DAY_MS, 10 * year_ms] {
        let mut world = World::new(Random::new(43), QUIET);
        let edit = world.edit(3);
        world.device(0).clock_ms = clock_ms;
        // The first knows of nobody yet but itself.
        assert_eq!(world.meet(3, 0), Some(Ended::Finished(None)), "{clock_ms}");
        assert!(world.device(0).disk.edits.contains(&edit), "{clock_ms}");
    }
}

#[test]
fn devices_tell_each_other_what_they_saw_and_come_to_rest() {
    let mut world = World::new(Random::new(5), QUIET);
    for index in 0..8 {
        world.edit(index % 4);
    }
    world.heal();
    assert_eq!(world.checkpoints(), 0, "nobody waited a day");
    for _ in 0..10 {
        world.server.now_ms += DAY_MS;
        world.heal();
    }
    assert_eq!(world.checkpoints(), 4, "each told once, and nobody answered");
    world.edit(0);
    world.server.now_ms += DAY_MS;
    world.heal();
    assert_eq!(world.checkpoints(), 8);
    world.check();
}

#[test]
fn much_news_is_told_of_without_waiting() {
    let mut world = World::new(Random::new(6), QUIET);
    world.heal();
    // An envelope takes so many of alternating documents at most.
    let many = CHECKPOINT_ENTRIES_MIN * u64::try_from(TOGETHER_MAX).unwrap();
    for _ in 0..many {
        world.edit(0);
    }
    world.heal();
    assert_eq!(world.checkpoints(), 4);
    world.check();
}

#[test]
fn a_server_that_shows_two_histories_is_found_out() {
    let mut world = World::new(Random::new(11), QUIET);
    world.edit(0);
    world.heal();
    // From here on the server keeps another log for the second device: of the third's work it
    // tells the first one only.
    let shown_to_second = world.server.clone();
    world.edit(2);
    world.sync(2);
    world.sync(0);
    let shown_to_first = std::mem::replace(&mut world.server, shown_to_second);
    world.edit(1);
    world.sync(1);
    world.server.now_ms += DAY_MS;
    world.sync(1);
    assert_eq!(world.checkpoints(), 1);
    // What the second device seals it must pass on, or be found to withhold it.
    let second = &world.device(1).disk;
    let (sealed, keys) = (second.own(), second.keys.iter().cloned().collect::<Vec<_>>());
    world.server = shown_to_first;
    world.server.pass_on(&sealed, &keys);
    assert_eq!(world.alarms().count(), 0);
    world.sync(0);
    let found: Vec<_> = world.alarms().filter(|a| a.contains("HistoriesDiffer")).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains(&device(2).to_string()), "{found:?}");
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
