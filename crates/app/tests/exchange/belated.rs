//! What was set aside while a floor was made over it, and is taken in later, reaches those who began at
//! that floor.

use super::{
    Station, allergy, chart,
    decisions::{Parted, aside, ids},
    hostile, join, packs_held, register,
    server::Server,
    synced, two,
};
use crate::support::call;
use app::{App, NewBundle};
use clinical::{DeviceId, Instant, PatientId};
use std::path::PathBuf;
use store::{EnvelopeRow, HaveRow, QuarantineRow, Receipt, SELF};
use sync::{check::QuarantineReason, codec::Canonical as _, envelope::Envelope};
use tempfile::TempDir;

fn decide(app: &App<Station>, envelopes: Vec<String>, take_in: bool) {
    call(app, api::DecideSetAside { envelopes, take_in });
}

/// One computer makes a floor and another finds it to be so; whoever joins then begins there.
fn begun_at_a_floor(server: &Server, maker: &App<Station>, other: &App<Station>) -> App<Station> {
    let made = maker.make_floor().unwrap();
    synced(other);
    assert_eq!(server.floor(), made.above);
    let station = Station { lan: maker.host().lan.clone(), ..Station::new(server) };
    let joined = join(&station, call(maker, api::MakeDeviceCode {}).code);
    synced(&joined);
    assert!(call(&joined, api::GetSyncState {}).received < made.above);
    assert_eq!(aside(&joined), [], "it never sees what stands below");
    joined
}

/// A clinic in which what a removed computer had recorded is left aside, and who began at a floor that
/// was made over it; with what was left.
fn passed_over() -> (Parted, Vec<String>, App<Station>) {
    let parted = Parted::new();
    let all = ids(&parted.a);
    decide(&parted.a, all.clone(), false);
    synced(&parted.a);
    synced(&parted.d);
    let j = begun_at_a_floor(&parted.server, &parted.a, &parted.d);
    (parted, all, j)
}

/// A computer is removed, and what it had sealed before it heard of that comes in a file.
fn shut_out(a: &App<Station>, b: &App<Station>, patient: PatientId) -> Vec<String> {
    let (_folder, file) = written(b, None);
    call(a, api::RevokeDevice { device: device_of(b, patient) });
    call(a, api::SyncNow {});
    a.read_bundle(&file, |_, _| {}).unwrap();
    call(a, api::SyncNow {});
    let all = ids(a);
    assert!(!all.is_empty());
    all
}

fn device_of(app: &App<Station>, patient: PatientId) -> DeviceId {
    call(app, api::GetWhereabouts { patient }).here
}

/// A file of all that a computer holds, or of what another one lacks of it.
fn written(app: &App<Station>, only_for: Option<DeviceId>) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out.fcbundle");
    app.write_bundle(&NewBundle { out: out.clone(), only_for }, |_, _| {}).unwrap();
    (folder, out)
}

/// All show one chart, nothing waits, and nobody is alarmed.
fn assert_one(apps: &[&App<Station>], patient: PatientId, allergies: usize) {
    for app in apps.iter().chain(apps) {
        synced(app);
    }
    for app in apps {
        assert_eq!(chart(app, patient), chart(apps[0], patient));
        assert_eq!(chart(app, patient).allergies.len(), allergies);
        assert_eq!(aside(app), []);
        assert_eq!(call(app, api::GetSyncState {}).alarms, []);
        assert!(app.check().unwrap().sound);
    }
    // None is made where a change waits for another.
    apps.last().unwrap().make_floor().unwrap();
}

#[test]
fn what_a_floor_passed_over_reaches_who_began_there_once_it_is_taken_in() {
    for by_the_maker in [true, false] {
        let (Parted { a, d, patient, .. }, all, j) = passed_over();
        let taker = if by_the_maker { &a } else { &d };
        decide(taker, all, true);
        allergy(taker, patient, "Penicillin");
        assert_one(&[taker, &a, &d, &j], patient, 2);
    }
}

#[test]
fn what_is_taken_in_is_sealed_for_them_after_a_restart_too() {
    let (Parted { a, d, patient, .. }, all, j) = passed_over();
    drop(a);
    decide(&d, all, true);
    let station = d.host().clone();
    drop(d);
    let d = station.sign_in();
    allergy(&d, patient, "Penicillin");
    assert_one(&[&d, &j], patient, 2);
}

#[test]
fn what_is_taken_in_goes_to_them_without_a_server_too() {
    for by_a_file in [true, false] {
        let (Parted { server, a, d, patient }, all, j) = passed_over();
        synced(&a);
        // From here on what stands below the floor is left out of what is written for it.
        let (_of_j, file) = written(&j, None);
        a.read_bundle(&file, |_, _| {}).unwrap();
        server.set_away(true);
        decide(&a, all, true);
        allergy(&a, patient, "Penicillin");
        if by_a_file {
            let (_folder, file) = written(&a, Some(device_of(&j, patient)));
            j.read_bundle(&file, |_, _| {}).unwrap();
        } else {
            j.meet_peer("a").unwrap();
        }
        assert_eq!(chart(&j, patient), chart(&a, patient));
        server.set_away(false);
        assert_one(&[&a, &d, &j], patient, 2);
    }
}

/// Who decided is gone before it could seal anything but its word, and so is everybody else who had it.
#[test]
fn what_is_heard_to_be_taken_in_before_it_comes_is_sealed_by_who_gets_it() {
    let (Parted { server, a, d, patient }, all, j) = passed_over();
    let k = join(&Station::new(&server), call(&a, api::MakeDeviceCode {}).code);
    synced(&k);
    assert_eq!(aside(&k), []);
    let (_folder, file) = written(&a, None);
    decide(&a, all, true);
    let before = server.held().0.len();
    let mut answers = 0;
    while server.held().0.len() == before {
        answers += 1;
        server.cut_after(answers);
        call(&a, api::SyncNow {});
    }
    drop((a, d));
    server.cut_after(usize::MAX);
    synced(&k);
    k.read_bundle(&file, |_, _| {}).unwrap();
    assert_eq!((aside(&k), chart(&k, patient).allergies.len()), (vec![], 1));
    allergy(&k, patient, "Penicillin");
    assert_one(&[&k, &j], patient, 2);
}

/// What no decision brings in holds no floor up either, and comes in with a version that can read it.
#[test]
fn what_comes_in_by_itself_after_a_floor_passed_over_it_reaches_them() {
    let server = Server::default();
    let (stations, apps) = two(&server);
    let [a, _] = &apps;
    let patient = register(a, "Okello");
    synced(a);
    let c = join(&Station::new(&server), call(a, api::MakeDeviceCode {}).code);
    synced(&c);
    apps.iter().for_each(|app| drop(synced(app)));
    drop(apps);
    allergy(&c, patient, "Latex");
    synced(&c);
    let [a, b, j] =
        passed_over_unread(&server, &stations, &server.held().0, device_of(&c, patient));
    drop(c);
    for app in [&a, &b] {
        assert!(call(app, api::RetrySetAside {}) > 0);
    }
    allergy(&a, patient, "Penicillin");
    drop(b);
    assert_one(&[&a, &j], patient, 2);
}

#[test]
fn what_builds_on_what_has_not_come_is_sealed_once_that_has() {
    let server = Server::default();
    let (stations, apps) = two(&server);
    let [a, b] = &apps;
    let patient = register(a, "Okello");
    synced(a);
    let [c, d] = [(), ()].map(|()| {
        let code = call(a, api::MakeDeviceCode {}).code;
        join(&Station::new(&server), code)
    });
    for app in [&c, &d, a, b] {
        synced(app);
    }
    drop(apps);
    let copy = server.state();
    allergy(&d, patient, "Latex");
    let (_folder, file) = written(&d, None);
    c.read_bundle(&file, |_, _| {}).unwrap();
    allergy(&c, patient, "Peanut");
    synced(&c);
    let held = server.held().0;
    // What the second builds on is on one computer alone.
    server.stand(copy);
    let [a, b, j] = passed_over_unread(&server, &stations, &held, device_of(&c, patient));
    drop((b, c));
    assert!(call(&a, api::RetrySetAside {}) > 0);
    call(&a, api::SyncNow {});
    assert_one(&[&d, &a, &j], patient, 2);
}

/// Two computers could not merge what a third sealed last, and one begins at a floor that they made
/// over it.
fn passed_over_unread(
    server: &Server,
    stations: &[Station; 2],
    held: &[Envelope],
    by: DeviceId,
) -> [App<Station>; 3] {
    for station in stations {
        cannot_read(station, held, *by.uuid().as_bytes());
    }
    let [a, b] = stations.each_ref().map(Station::sign_in);
    for app in [&a, &b] {
        let view = call(app, api::SyncNow {});
        assert!(view.quarantined > 0, "{view:?}");
    }
    let made = a.make_floor().unwrap();
    call(&b, api::SyncNow {});
    assert_eq!(server.floor(), made.above);
    let j = join(&Station::new(server), call(&a, api::MakeDeviceCode {}).code);
    assert_eq!(aside(&j), []);
    [a, b, j]
}

/// Has a computer whose program is closed hold of another what it did not, as what it could not merge.
fn cannot_read(station: &Station, held: &[Envelope], by: [u8; 16]) {
    let (_, store) = hostile::open(station);
    let is_new = |id: &[u8; 32]| !store.knows_envelope(id).unwrap();
    for envelope in held.iter().filter(|one| one.header().device.0 == by && is_new(&one.id().0)) {
        let (header, bytes) = (envelope.header(), envelope.to_bytes());
        let (id, device, generation) = (envelope.id().0, header.device.0, header.generation);
        let counter = header.counter;
        let row = EnvelopeRow { id, device, generation, counter, bytes: bytes.clone() };
        let have = HaveRow { peer: SELF.to_owned(), device, generation, counter, id };
        let aside = QuarantineRow {
            envelope: id,
            device,
            tag: header.doc_tag.0,
            at: Instant::from_unix_ms(0),
            reason: QuarantineReason::NotMerged.code().to_owned(),
            bytes,
        };
        let receipt = Receipt {
            envelopes: vec![row],
            have: vec![have],
            quarantine: vec![aside],
            ..Receipt::default()
        };
        store.receive(&receipt).unwrap();
    }
}

/// Two administrators decide apart, and one of them hears of the floor after that.
#[test]
fn what_was_taken_in_before_the_floor_was_heard_of_is_sealed_with_it() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    synced(&a);
    let [d, e] = [(), ()].map(|()| {
        let code = call(&a, api::MakeDeviceCode {}).code;
        join(&Station::new(&server), code)
    });
    for app in [&a, &b] {
        synced(app);
    }
    let first = a.make_floor().unwrap();
    for app in [&d, &e, &b, &a] {
        synced(app);
    }
    assert_eq!(server.floor(), first.above);
    allergy(&b, patient, "Latex");
    let all = shut_out(&a, &b, patient);
    call(&d, api::SyncNow {});
    server.set_away(true);
    decide(&d, all.clone(), true);
    // It stands above the floor that is known here.
    drop(written(&d, None));
    server.set_away(false);
    decide(&a, all, false);
    synced(&a);
    synced(&e);
    let j = begun_at_a_floor(&server, &a, &e);
    drop((a, e));
    allergy(&d, patient, "Penicillin");
    assert_one(&[&d, &j], patient, 2);
}

#[test]
fn what_is_in_the_packs_of_the_floor_is_not_sealed_again() {
    let Parted { server, a, d, patient } = Parted::new();
    decide(&a, ids(&a), true);
    synced(&a);
    synced(&d);
    let before = packs_held(&server);
    let made = a.make_floor().unwrap();
    for app in [&*a, &d, &a, &d] {
        synced(app);
    }
    assert_eq!(packs_held(&server), before + usize::try_from(made.envelopes).unwrap());
    assert_one(&[&a, &d], patient, 1);
}

/// A removed computer had erased a chart and removed another computer: whoever decides to take in what
/// it had recorded is shown neither, and it happens nowhere.
#[test]
fn what_is_taken_in_erases_and_removes_nothing() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let patients = ["Okello", "Akello"].map(|name| register(&a, name));
    synced(&a);
    let c = join(&Station::new(&server), call(&a, api::MakeDeviceCode {}).code);
    for app in [&a, &b, &c] {
        synced(app);
    }
    server.set_away(true);
    allergy(&b, patients[1], "Latex");
    let of_c = device_of(&c, patients[1]);
    call(&b, api::RevokeDevice { device: of_c });
    server.set_away(false);
    let number = patients[0].to_string().rsplit('-').next().unwrap().to_owned();
    let ground = "asked for by the patient".to_owned();
    call(&b, api::EraseChart { patient: patients[0], number, ground });
    let all = shut_out(&a, &b, patients[1]);
    decide(&a, all, true);
    synced(&a);
    synced(&c);
    for app in [&a, &c] {
        assert_eq!(aside(app), []);
        let found = call(app, api::FindPatients { query: "amina".into(), limit: 9 });
        assert_eq!(found.len(), 2);
        assert_eq!(call(app, api::ListErased {}), []);
        assert_eq!(chart(app, patients[1]).allergies.len(), 1);
        let devices = call(app, api::ListDevices {});
        let of_c = devices.iter().find(|device| device.id == of_c).unwrap();
        assert!(!of_c.revoked && !of_c.leaving, "{of_c:?}");
    }
}
