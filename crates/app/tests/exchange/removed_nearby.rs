//! A clinic without a server shuts out a computer, and makes new keys, at the computer that keeps its list.

use super::{
    Station, address, allergy, chart, hostile, join,
    met::told_of_a_server,
    peers::{Lan, meet},
    register,
    server::Server,
    synced,
};
use crate::support::call;
use api::{BundleEnded, DeviceView, ErrorCode};
use app::{App, NewBundle};
use clinical::DeviceId;
use std::sync::Arc;

/// Three computers of a clinic that has no server by now, of which the first keeps the list; they answer
/// at `a`, `b` and `c`.
fn three() -> (Lan, [Station; 3], [Arc<App<Station>>; 3]) {
    let (server, lan) = (Server::default(), Lan::default());
    let station = || Station { lan: lan.clone(), ..Station::new(&server) };
    let stations = [station(), station(), station()];
    let a = told_of_a_server(&stations[0]);
    let b = join(&stations[1], call(&a, api::MakeDeviceCode {}).code);
    let c = join(&stations[2], call(&a, api::MakeDeviceCode {}).code);
    for app in [&a, &b, &c] {
        synced(app);
    }
    let keys = server.device_keys();
    drop((a, b, c));
    let apps = stations.each_ref().map(|station| {
        let (_, store) = hostile::open(station);
        store.remove_named("sync/server").unwrap();
        drop(store);
        Arc::new(station.sign_in())
    });
    for ((name, app), key) in ["a", "b", "c"].into_iter().zip(&apps).zip(keys) {
        lan.serve(name, app, key);
    }
    let view = call(&*apps[1], api::GetSyncState {});
    assert_eq!(view.server, None, "{}", address());
    (lan, stations, apps)
}

fn here(app: &App<Station>) -> DeviceId {
    call(app, api::ListDevices {}).iter().find(|device| device.here).unwrap().id
}

/// What a computer says of another.
fn said_of(app: &App<Station>, device: DeviceId) -> DeviceView {
    call(app, api::ListDevices {}).into_iter().find(|it| it.id == device).unwrap()
}

/// Nobody lets it in.
fn is_shut_out(of: &App<Station>, others: &[&str]) {
    for other in others {
        let refused = of.meet_peer(other).unwrap_err();
        assert_eq!(refused.code, ErrorCode::ServerNotTrusted, "{other}: {refused:?}");
    }
}

#[test]
fn who_keeps_the_list_shuts_a_computer_out() {
    let (_lan, _stations, [a, b, c]) = three();
    let patient = register(&a, "Okello");
    for other in ["b", "c"] {
        meet(&a, other);
    }
    let thief = here(&c);
    call(&*a, api::RevokeDevice { device: thief });
    let said = said_of(&a, thief);
    assert!(said.revoked && !said.leaving, "{said:?}");
    is_shut_out(&c, &["a"]);
    // The others hear it with the next exchange.
    meet(&b, "a");
    assert!(said_of(&b, thief).revoked);
    is_shut_out(&c, &["a", "b"]);
    // Work goes on under a key that the one that is out never gets.
    allergy(&b, patient, "Penicillin");
    meet(&b, "a");
    assert_eq!(chart(&a, patient).allergies.len(), 1);
    assert_eq!(call(&*a, api::RotateKeys {}).epoch, 3, "the second one came with the removal");
    let again = a.call(api::RevokeDevice { device: thief }, api::Origin::Host).unwrap_err();
    assert_eq!(again.code, ErrorCode::NotFound, "{again:?}");
    for app in [&a, &b] {
        assert!(call(&**app, api::GetSyncState {}).alarms.is_empty());
        assert!(app.check().unwrap().sound);
    }
}

#[test]
fn what_another_computer_decides_counts_at_once_and_the_keeper_enters_it() {
    let check = |caller: usize, address: &str| {
        let (_lan, _stations, apps) = three();
        let [a, b, c] = &apps;
        let thief = here(c);
        call(&**b, api::RevokeDevice { device: thief });
        assert!(said_of(b, thief).leaving, "it waits for the computer that keeps the list");
        is_shut_out(c, &["b"]);
        let made = call(&**b, api::RotateKeys {});
        assert!(!made.entered, "{made:?}");
        // Whoever of the two calls: what was decided is heard, entered and told.
        for _ in 0..3 {
            meet(&apps[caller], address);
        }
        for app in [a, b] {
            let said = said_of(app, thief);
            assert!(said.revoked && !said.leaving, "{address}: {said:?}");
            assert!(call(&**app, api::GetSyncState {}).alarms.is_empty());
        }
        is_shut_out(c, &["a", "b"]);
        assert_eq!(call(&**a, api::RotateKeys {}).epoch, 3, "one key fulfilled both wishes");
    };
    check(1, "a");
    check(0, "b");
}

/// The keeper itself is out by what another says: nobody else goes on with the list, but whoever hears it
/// lets that computer in no more.
#[test]
fn who_keeps_the_list_is_shut_out_by_whoever_hears_it() {
    let (_lan, _stations, [a, b, c]) = three();
    let keeper = here(&a);
    call(&*b, api::RevokeDevice { device: keeper });
    meet(&b, "c");
    is_shut_out(&a, &["b", "c"]);
    for app in [&b, &c] {
        let said = said_of(app, keeper);
        assert!(said.leaving && !said.revoked, "the list says it once there is a server: {said:?}");
    }
}

fn carry(from: &App<Station>, to: &App<Station>) -> BundleEnded {
    let folder = tempfile::tempdir().unwrap();
    let new = NewBundle { out: folder.path().join("1.fcbundle"), only_for: None };
    from.write_bundle(&new, |_, _| {}).unwrap();
    to.read_bundle(&new.out, |_, _| {}).unwrap().ended
}

#[test]
fn a_stick_brings_it_to_who_keeps_the_list() {
    let (_lan, _stations, [a, b, c]) = three();
    let thief = here(&c);
    call(&*b, api::RevokeDevice { device: thief });
    assert_eq!(carry(&b, &a), BundleEnded::Whole);
    assert!(said_of(&a, thief).revoked);
    is_shut_out(&c, &["a", "b"]);
}

/// A keeper that was put back from a copy hears of the wish again before it hears what it had entered: the
/// list has two ends that say the same of who is out, and they become one.
#[test]
fn a_keeper_that_was_put_back_and_enters_it_again_ends_with_one_list() {
    let (lan, stations, [a, b, c]) = three();
    let thief = here(&c);
    let key = lan.key_of(&a);
    drop(a);
    lan.switch_off("a");
    let copy = stations[0].copy();
    let a = Arc::new(stations[0].sign_in());
    lan.serve("a", &a, key);
    call(&*b, api::RevokeDevice { device: thief });
    let folder = tempfile::tempdir().unwrap();
    let new = NewBundle { out: folder.path().join("1.fcbundle"), only_for: None };
    b.write_bundle(&new, |_, _| {}).unwrap();
    a.read_bundle(&new.out, |_, _| {}).unwrap();
    assert!(said_of(&a, thief).revoked);
    meet(&b, "a");
    assert!(said_of(&b, thief).revoked);

    drop(a);
    lan.switch_off("a");
    stations[0].restore(&copy);
    let a = Arc::new(stations[0].sign_in());
    lan.serve("a", &a, key);
    assert!(!said_of(&a, thief).revoked);
    a.read_bundle(&new.out, |_, _| {}).unwrap();
    assert!(said_of(&a, thief).revoked, "it knows nothing of what it had entered");
    // Whoever calls: the keeper goes over to the other end, or the other follows.
    for _ in 0..3 {
        drop(a.meet_peer("b"));
        drop(b.meet_peer("a"));
    }
    for (app, other) in [(&a, "b"), (&b, "a")] {
        meet(app, other);
        assert!(said_of(app, thief).revoked);
    }
    let patient = register(&a, "Okello");
    meet(&a, "b");
    assert!(chart(&b, patient).patient.is_some(), "they read each other");
    is_shut_out(&c, &["a", "b"]);
}
