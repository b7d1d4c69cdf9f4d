//! Computers are removed, and keys made, where the server cannot be asked.

use super::{Server, Station, allergy, chart, join, register, synced, two};
use crate::support::{call, refused};
use api::{BundleEnded, ErrorCode, SyncPhase};
use app::{App, NewBundle};
use clinical::DeviceId;
use std::collections::BTreeSet;

fn here(app: &App<Station>) -> DeviceId {
    call(app, api::ListDevices {}).iter().find(|device| device.here).unwrap().id
}

/// Who is out, and who is to be.
fn out(app: &App<Station>) -> [BTreeSet<DeviceId>; 2] {
    let devices = call(app, api::ListDevices {});
    let of = |which: fn(&api::DeviceView) -> bool| {
        devices.iter().filter(|device| which(device)).map(|device| device.id).collect()
    };
    [of(|device| device.revoked), of(|device| device.leaving)]
}

fn carry(from: &App<Station>, to: &App<Station>) {
    let folder = tempfile::tempdir().unwrap();
    let new = NewBundle { out: folder.path().join("1.fcbundle"), only_for: None };
    from.write_bundle(&new, |_, _| {}).unwrap();
    let taken = to.read_bundle(&new.out, |_, _| {}).unwrap();
    assert_eq!(taken.ended, BundleEnded::Whole);
}

fn shut_out(app: &App<Station>) {
    let SyncPhase::Failed(error) = call(app, api::SyncNow {}).phase else { panic!("let in") };
    assert_eq!(error.code, ErrorCode::DeviceRefused);
}

fn epochs(server: &Server) -> BTreeSet<u32> {
    server.held().0.iter().map(|envelope| envelope.header().key_epoch).collect()
}

fn three(server: &Server) -> [App<Station>; 3] {
    let (_stations, [a, b]) = two(server);
    let c = join(&Station::new(server), call(&a, api::MakeDeviceCode {}).code);
    synced(&a);
    synced(&b);
    [a, b, c]
}

#[test]
fn who_is_removed_without_the_server_is_out_here_at_once_and_everywhere_once_it_is_met() {
    let server = Server::default();
    let [a, b, c] = three(&server);
    let patient = register(&a, "Okello");
    synced(&a);
    synced(&b);
    let [id_a, id_b] = [here(&a), here(&b)];
    let keys = server.device_keys();
    server.set_away(true);
    assert_eq!(refused(&a, api::RevokeDevice { device: id_a }), ErrorCode::Invalid);
    call(&a, api::RevokeDevice { device: id_b });
    assert_eq!(refused(&a, api::RevokeDevice { device: id_b }), ErrorCode::NotFound);
    let waits = [BTreeSet::new(), BTreeSet::from([id_b])];
    assert_eq!(out(&a), waits);
    let served =
        |app: &App<Station>| keys.iter().filter(|key| app.clinic_keys().contains(key)).count();
    assert_eq!((served(&a), served(&c)), (2, 3), "who knows serves it no more");
    // A stick takes the word to another, which meets the server first.
    carry(&a, &c);
    assert_eq!((out(&c), served(&c)), (waits, 2));
    allergy(&a, patient, "Penicillin");
    server.set_away(false);
    synced(&c);
    let entered = [BTreeSet::from([id_b]), BTreeSet::new()];
    assert_eq!(out(&c), entered);
    shut_out(&b);
    synced(&a);
    assert_eq!(out(&a), entered);
    assert_eq!(
        epochs(&server),
        BTreeSet::from([1, 2]),
        "one new key, and what was not sealed has it"
    );
    synced(&c);
    assert_eq!(chart(&c, patient), chart(&a, patient));
    assert!(a.check().unwrap().sound && c.check().unwrap().sound);
}

#[test]
fn two_who_remove_at_the_same_moment_both_succeed() {
    let server = Server::default();
    let [a, b, c] = three(&server);
    let d = join(&Station::new(&server), call(&a, api::MakeDeviceCode {}).code);
    for app in [&a, &b, &c, &d] {
        synced(app);
    }
    let (id_c, id_d) = (here(&c), here(&d));
    // What the second changes comes between what the first reads and what it enters.
    server.before_next_push(move || call(&b, api::RevokeDevice { device: id_d }));
    call(&a, api::RevokeDevice { device: id_c });
    assert_eq!(out(&a), [BTreeSet::from([id_c, id_d]), BTreeSet::new()]);
    shut_out(&c);
    shut_out(&d);
}

#[test]
fn a_server_that_is_full_keeps_nobody_from_being_shut_out() {
    let server = Server::default();
    let [a, b, c] = three(&server);
    let id_b = here(&b);
    let patient = register(&a, "Okello");
    server.fill(true);
    call(&a, api::RevokeDevice { device: id_b });
    // What was recorded does not go out, and the list of computers does.
    assert_eq!(out(&a), [BTreeSet::from([id_b]), BTreeSet::new()]);
    let view = call(&a, api::GetSyncState {});
    assert!(view.to_send > 0, "{view:?}");
    shut_out(&b);
    server.fill(false);
    synced(&a);
    synced(&c);
    assert_eq!(chart(&c, patient), chart(&a, patient));
}

#[test]
fn what_two_decided_apart_ends_in_one_state() {
    let server = Server::default();
    let [a, b, c] = three(&server);
    let id_c = here(&c);
    server.set_away(true);
    // Both remove the same one, and one has new keys made besides.
    call(&a, api::RevokeDevice { device: id_c });
    call(&b, api::RevokeDevice { device: id_c });
    let rotated = call(&b, api::RotateKeys {});
    assert_eq!((rotated.epoch, rotated.entered), (2, false));
    server.set_away(false);
    for app in [&a, &b, &a] {
        synced(app);
        assert_eq!(out(app), [BTreeSet::from([id_c]), BTreeSet::new()]);
    }
    let rotated = call(&a, api::RotateKeys {});
    assert_eq!(
        (rotated.epoch, rotated.entered),
        (3, true),
        "the wish was fulfilled with the removal"
    );
    shut_out(&c);
}

#[test]
fn two_who_removed_each_other_are_both_out_where_a_third_heard_of_both() {
    let server = Server::default();
    let [a, b, c] = three(&server);
    let (id_a, id_b) = (here(&a), here(&b));
    server.set_away(true);
    call(&a, api::RevokeDevice { device: id_b });
    call(&b, api::RevokeDevice { device: id_a });
    carry(&b, &c);
    server.set_away(false);
    synced(&a);
    shut_out(&b);
    assert_eq!(out(&a), [BTreeSet::from([id_b]), BTreeSet::new()]);
    // The third heard of the other's word while that counted. What the first told comes after its
    // cut by now, and waits for a person.
    let view = call(&c, api::SyncNow {});
    assert_eq!((view.phase, view.quarantined), (SyncPhase::Idle, 1));
    assert_eq!(out(&c), [BTreeSet::from([id_a, id_b]), BTreeSet::new()]);
    shut_out(&a);
}

/// The last one of a clinic is not removed by anybody's word: it decides.
#[test]
fn where_only_two_are_left_who_meets_the_server_first_stays() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let (id_a, id_b) = (here(&a), here(&b));
    server.set_away(true);
    call(&a, api::RevokeDevice { device: id_b });
    call(&b, api::RevokeDevice { device: id_a });
    server.set_away(false);
    synced(&b);
    shut_out(&a);
    synced(&b);
    assert_eq!(out(&b), [BTreeSet::from([id_a]), BTreeSet::new()]);
}
