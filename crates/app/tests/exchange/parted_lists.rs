//! A server that was put back from a copy, and lists of computers that grew apart by that.

use super::{Server, Station, allergy, chart, join, refused, register, synced, two};
use crate::support::call;
use api::{AlarmKind, SyncPhase};
use app::App;
use clinical::DeviceId;
use std::collections::BTreeSet;

fn here(app: &App<Station>) -> DeviceId {
    call(app, api::ListDevices {}).iter().find(|device| device.here).unwrap().id
}

fn active(app: &App<Station>) -> BTreeSet<DeviceId> {
    let devices = call(app, api::ListDevices {});
    devices.iter().filter(|device| !device.revoked).map(|device| device.id).collect()
}

fn new_computer(server: &Server, by: &App<Station>) -> App<Station> {
    join(&Station::new(server), call(by, api::MakeDeviceCode {}).code)
}

/// Two computers of a clinic, and one that is to be removed.
fn with_a_thief(server: &Server) -> ([Station; 2], [App<Station>; 2], App<Station>) {
    let (stations, [a, b]) = two(server);
    let thief = new_computer(server, &a);
    for app in [&a, &b, &thief] {
        synced(app);
    }
    (stations, [a, b], thief)
}

fn is_shut_out(app: &App<Station>) {
    let view = call(app, api::SyncNow {});
    assert!(matches!(view.phase, SyncPhase::Failed(_)), "{view:?}");
}

/// Exchanges; whether the lists were told to be one again.
fn mended(app: &App<Station>) -> bool {
    let view = call(app, api::SyncNow {});
    assert_eq!(view.phase, SyncPhase::Idle, "{view:?}");
    let is_it = |alarm: &api::SyncAlarm| alarm.alarm == AlarmKind::MembersMended;
    let broken = |alarm: &api::SyncAlarm| alarm.alarm == AlarmKind::MembersContradict;
    assert!(!view.alarms.iter().any(broken), "{view:?}");
    view.alarms.iter().any(is_it)
}

#[test]
fn a_server_put_back_with_changes_on_both_sides_ends_in_one_list_and_one_record() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let thief = new_computer(&server, &a);
    let patient = register(&a, "Okello");
    for app in [&a, &b, &thief] {
        synced(app);
    }
    let copy = server.state();

    // On the branch that is lost: one is out, one is in, and something is recorded by both.
    call(&a, api::RevokeDevice { device: here(&thief) });
    let d = new_computer(&server, &a);
    allergy(&a, patient, "before, by the first");
    synced(&a);
    allergy(&d, patient, "before, by the new one");
    synced(&d);
    // On the other: who never heard of it makes a key, which the removed one has, and lets one in.
    server.stand(copy);
    synced(&thief);
    call(&b, api::RotateKeys {});
    let e = new_computer(&server, &b);
    allergy(&b, patient, "after, by the second");
    synced(&b);
    allergy(&e, patient, "after, by another new one");
    synced(&e);
    synced(&thief);
    let view = call(&d, api::SyncNow {});
    assert!(matches!(view.phase, SyncPhase::Failed(_)), "it waits for who let it in: {view:?}");

    assert!(mended(&a));
    assert!(mended(&d));
    for app in [&b, &e] {
        assert!(!mended(app), "who has the server's list follows it");
    }
    for _ in 0..2 {
        for app in [&a, &b, &d, &e] {
            mended(app);
        }
    }
    let all: BTreeSet<_> = [&a, &b, &d, &e].map(here).into();
    for app in [&a, &b, &d, &e] {
        let view = synced(app);
        assert_eq!(active(app), all);
        assert_eq!(chart(app, patient).allergies.len(), 4, "{view:?}");
        assert!(app.check().unwrap().sound);
    }
    // The removed one is out again, and what is sealed from here on has a key it never had.
    is_shut_out(&thief);
    // Who joins now reads all of it.
    let f = new_computer(&server, &e);
    assert_eq!(chart(&f, patient).allergies.len(), 4);
    let newest = server.held().0.iter().map(|one| one.header().key_epoch).max();
    assert_eq!(newest, Some(3), "after one key on either branch");
}

#[test]
fn a_removal_that_the_list_lost_is_known_by_what_came_with_the_record() {
    let server = Server::default();
    let (_stations, [a, b], thief) = with_a_thief(&server);
    let copy = server.state();
    call(&a, api::RevokeDevice { device: here(&thief) });
    synced(&a);
    let said = server.held();
    // The list is put back, and the record is not.
    server.stand(copy);
    server.pass_on(&said);
    synced(&b);
    synced(&b);
    assert_eq!(active(&b), BTreeSet::from([here(&a), here(&b)]));
    is_shut_out(&thief);
    assert!(mended(&a));
    assert_eq!(active(&a), active(&b));
}

#[test]
fn a_list_that_a_removed_one_filled_with_invitations_does_not_keep_it_in() {
    let server = Server::default();
    let (_stations, [a, b], thief) = with_a_thief(&server);
    let copy = server.state();
    call(&a, api::RevokeDevice { device: here(&thief) });
    let d = new_computer(&server, &a);
    synced(&a);
    server.stand(copy);
    for _ in 0..sync::limits::OPEN_INVITES_MAX {
        call(&thief, api::MakeDeviceCode {});
    }
    assert_eq!(refused(&thief, api::MakeDeviceCode {}), api::ErrorCode::TooManyCodes);
    assert!(mended(&a));
    assert!(mended(&d));
    for _ in 0..2 {
        for app in [&a, &b, &d] {
            mended(app);
        }
    }
    for app in [&a, &b, &d] {
        assert_eq!(active(app), [&a, &b, &d].map(here).into());
    }
    is_shut_out(&thief);
}

#[test]
fn who_was_removed_and_has_the_server_gains_nothing_by_another_list() {
    let server = Server::default();
    let (_stations, [a, b], thief) = with_a_thief(&server);
    let known = register(&thief, "Wanjiru");
    for app in [&thief, &a, &b] {
        synced(app);
    }
    let copy = server.state();
    call(&a, api::RevokeDevice { device: here(&thief) });
    synced(&b);
    // Its branch from before lets one of its own in, makes keys that it has, and records.
    server.stand(copy);
    allergy(&thief, known, "of the thief");
    synced(&thief);
    call(&thief, api::RotateKeys {});
    let own = new_computer(&server, &thief);
    call(&own, api::RotateKeys {});
    assert!(mended(&b));
    assert!(mended(&a));
    for app in [&a, &b] {
        assert_eq!(active(app), BTreeSet::from([here(&a), here(&b)]));
    }
    for app in [&thief, &own] {
        is_shut_out(app);
    }
    let patient = register(&a, "Okello");
    // What they sealed meanwhile waits for a person.
    for app in [&a, &b] {
        let view = call(app, api::SyncNow {});
        assert_eq!(view.phase, SyncPhase::Idle);
        assert!(view.quarantined > 0, "{view:?}");
        assert_eq!(chart(app, known).allergies, []);
    }
    assert_eq!(chart(&b, patient), chart(&a, patient));
    let newest = server.held().0.iter().map(|one| one.header().key_epoch).max();
    assert_eq!(newest, Some(4), "newer than both keys of the other branch");
}

/// The line breaks while who comes back gives what it had sealed: the keys it was sealed under are wrapped
/// anew by the next exchange, and others have read it by then.
#[test]
fn what_came_before_its_keys_were_wrapped_anew_is_read_once_they_are() {
    for answers in 4..12 {
        let server = Server::default();
        let (_stations, [a, b]) = two(&server);
        let patient = register(&a, "Okello");
        synced(&a);
        synced(&b);
        let copy = server.state();
        call(&a, api::RotateKeys {});
        allergy(&a, patient, "before");
        synced(&a);
        server.stand(copy);
        call(&b, api::RotateKeys {});
        allergy(&b, patient, "after");
        synced(&b);
        server.cut_after(answers);
        for app in [&a, &b, &a, &b, &a, &b] {
            call(app, api::SyncNow {});
        }
        server.cut_after(usize::MAX);
        for app in [&a, &b] {
            let view = call(app, api::SyncNow {});
            assert_eq!(chart(app, patient).allergies.len(), 2, "{answers}: {view:?}");
        }
    }
}
