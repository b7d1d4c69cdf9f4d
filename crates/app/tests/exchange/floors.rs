//! A computer that joins begins at a floor: what stands before it in the log is covered by packs.

use super::{
    Station, allergy, call, chart, hostile, join, medication, register, server::Server, synced, two,
};
use crate::support::PASSWORD;
use api::{AlarmKind, ErrorCode, Origin, SyncPhase};
use app::{App, NewBundle};
use clinical::PatientId;
use std::collections::BTreeSet;

/// Two computers that worked on some charts for a while, and the server.
fn worked(patients: usize, visits: usize) -> (Server, [App<Station>; 2], Vec<PatientId>) {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let patients: Vec<_> = (0..patients).map(|n| register(&a, &format!("Okello {n}"))).collect();
    synced(&a);
    synced(&b);
    for visit in 0..visits {
        for patient in &patients {
            let on = if visit % 2 == 0 { &a } else { &b };
            allergy(on, *patient, &format!("Substance {visit}"));
            synced(on);
        }
    }
    synced(&a);
    synced(&b);
    synced(&a);
    (server, [a, b], patients)
}

fn assert_same(apps: &[&App<Station>], patients: &[PatientId]) {
    for patient in patients {
        let charts: Vec<_> = apps.iter().map(|app| chart(app, *patient)).collect();
        assert!(charts.windows(2).all(|pair| pair[0] == pair[1]), "{charts:#?}");
    }
}

#[test]
fn a_computer_that_joins_begins_at_the_floor() {
    let (server, [a, b], patients) = worked(3, 12);
    let made = a.make_floor().unwrap();
    assert!(made.above > 36 && made.envelopes >= 1 && made.usable_after >= 1, "{made:?}");
    assert_eq!(server.floor(), 0, "one computer alone vouches for nothing");
    synced(&b);
    assert_eq!(server.floor(), made.above);
    let station = Station::new(&server);
    let c = join(&station, call(&a, api::MakeDeviceCode {}).code);
    let view = call(&c, api::GetSyncState {});
    assert!(view.received < made.above, "{} of {}", view.received, made.above);
    assert_eq!((view.alarms, view.quarantined), (vec![], 0));
    assert_same(&[&a, &b, &c], &patients);
    // What is written afterwards goes both ways.
    allergy(&c, patients[0], "Latex");
    call(
        &b,
        api::RecordMedication { patient: patients[1], draft: medication("Metformin", "500", "1") },
    );
    for app in [&b, &c, &a, &b, &c] {
        synced(app);
    }
    assert_same(&[&a, &b, &c], &patients);
    for app in [&a, &b, &c] {
        assert_eq!(call(app, api::GetSyncState {}).alarms, []);
        assert!(app.check().unwrap().sound);
    }
}

/// Who began at a floor lacks what the server has lost with it, and nobody else has it any more.
#[test]
fn a_server_put_back_to_an_earlier_floor_is_filled_by_who_began_at_a_later_one() {
    let (server, [a, b], mut patients) = worked(2, 2);
    let c = join(&Station::new(&server), call(&a, api::MakeDeviceCode {}).code);
    let floor = || {
        a.make_floor().unwrap();
        for app in [&b, &a] {
            synced(app);
        }
        server.floor()
    };
    let first = floor();
    synced(&c);
    let copy = server.state();
    for n in 0..3 {
        patients.push(register(&b, &format!("Akello {n}")));
        synced(&b);
    }
    synced(&a);
    assert!(floor() > first);
    synced(&c);
    assert_same(&[&a, &c], &patients);
    server.stand(copy);
    drop((a, b));
    for _ in 0..3 {
        synced(&c);
    }
    let d = join(&Station::new(&server), call(&c, api::MakeDeviceCode {}).code);
    for app in [&d, &c, &d] {
        synced(app);
    }
    assert_same(&[&c, &d], &patients);
}

#[test]
fn a_joining_that_is_cut_at_any_request_goes_on_and_repeats_no_page() {
    let (server, [a, b], mut patients) = worked(2, 2);
    // Several pages: words that nothing can compress.
    for n in 0..10_u64 {
        let patient = register(&a, &format!("Akello {n}"));
        for line in 0..10_u64 {
            let number = |at: u64| ((n * 10 + line) * 1000 + at + 1).wrapping_mul(GOLDEN) >> 40;
            let letter = |at| char::from_u32(0x4e00 + (number(at) % 20_000) as u32).unwrap();
            allergy(&a, patient, &(0..480).map(letter).collect::<String>());
        }
        patients.push(patient);
    }
    synced(&a);
    synced(&b);
    a.make_floor().unwrap();
    synced(&b);
    let code = call(&a, api::MakeDeviceCode {}).code;
    let begun = server.state();
    let mut cut_at = 1;
    loop {
        server.stand(begun.clone());
        let c = App::new(Station::new(&server));
        let command = api::JoinClinic {
            code: code.clone(),
            device_name: "Ward".into(),
            password: PASSWORD.into(),
        };
        server.given();
        server.cut_after(cut_at);
        let joined = c.call(command, Origin::Host);
        let was_cut =
            joined.is_err() || matches!(call(&c, api::GetSyncState {}).phase, SyncPhase::Failed(_));
        if joined.is_ok() {
            while call(&c, api::SyncNow {}).phase != SyncPhase::Idle {}
            let given = server.given();
            let distinct: BTreeSet<_> = given.iter().collect();
            assert_eq!(given.len(), distinct.len(), "cut at {cut_at}");
            assert_same(&[&a, &c], &patients);
        }
        if !was_cut {
            break;
        }
        cut_at += 1;
    }
    assert!(cut_at > 4, "cut at {cut_at} places: hello, keys and two pages");
}

/// The golden ratio of 64 bits: its multiples look like no other.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

#[test]
fn a_floor_that_nobody_vouches_for_is_told_and_read_past() {
    let (server, [a, b], patients) = worked(2, 6);
    let made = a.make_floor().unwrap();
    // The second computer never said so; the server claims it all the same.
    server.lie_about_floor(made.above);
    let c = join(&Station::new(&server), call(&a, api::MakeDeviceCode {}).code);
    let alarms = call(&c, api::GetSyncState {}).alarms;
    assert!(alarms.iter().any(|it| it.alarm == AlarmKind::FloorUnproven), "{alarms:?}");
    synced(&c);
    assert_same(&[&a, &c], &patients);
    // One that is vouched for later serves who joins then.
    synced(&b);
    let d = join(&Station::new(&server), call(&a, api::MakeDeviceCode {}).code);
    assert_eq!(call(&d, api::GetSyncState {}).alarms, []);
    assert_same(&[&a, &b, &d], &patients);
}

#[test]
fn a_place_with_another_chain_is_no_floor() {
    let (server, [a, b], patients) = worked(2, 6);
    let made = a.make_floor().unwrap();
    synced(&b);
    assert_eq!(server.floor(), made.above);
    // The server shows another place than the one that two vouch for.
    server.lie_about_floor(made.above + 1);
    let c = join(&Station::new(&server), call(&a, api::MakeDeviceCode {}).code);
    let alarms = call(&c, api::GetSyncState {}).alarms;
    assert!(alarms.iter().any(|it| it.alarm == AlarmKind::FloorUnproven), "{alarms:?}");
    synced(&c);
    assert_same(&[&a, &b, &c], &patients);
}

#[test]
fn what_a_floor_covers_goes_on_by_a_file_to_who_has_nothing() {
    let (server, [a, b], patients) = worked(2, 6);
    // In the list of computers, and cut off before anything of the record came.
    let code = call(&a, api::MakeDeviceCode {}).code;
    let late = Station::new(&server);
    let d = App::new(late);
    server.cut_after(1);
    let command =
        api::JoinClinic { code, device_name: "Outpost".into(), password: PASSWORD.into() };
    d.call(command, Origin::Host).unwrap();
    assert!(call(&d, api::FindPatients { query: "okello".into(), limit: 9 }).is_empty());
    a.make_floor().unwrap();
    synced(&b);
    let c = join(&Station::new(&server), call(&a, api::MakeDeviceCode {}).code);
    allergy(&c, patients[0], "Latex");
    synced(&c);
    // From here on there is no server: what began at the floor has all that is needed.
    server.set_away(true);
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("all.fcbundle");
    c.write_bundle(&NewBundle { out: out.clone(), only_for: None }, |_, _| {}).unwrap();
    d.read_bundle(&out, |_, _| {}).unwrap();
    assert_same(&[&c, &d], &patients);
    // The one that has the whole log is told of nothing new, and of no fork.
    let again = a.read_bundle(&out, |_, _| {}).unwrap();
    assert!(again.new > 0);
    server.set_away(false);
    for app in [&d, &a, &b, &c, &d] {
        synced(app);
    }
    for app in [&a, &b, &c, &d] {
        let alarms = call(app, api::GetSyncState {}).alarms;
        assert!(
            alarms.iter().all(|it| !matches!(it.alarm, AlarmKind::Forked { .. })),
            "{alarms:?}"
        );
    }
    assert_same(&[&a, &b, &c, &d], &patients);
    // What lies below the floor comes in a file of the first computer: it is merged and is no fork.
    let whole = folder.path().join("whole.fcbundle");
    a.write_bundle(&NewBundle { out: whole.clone(), only_for: None }, |_, _| {}).unwrap();
    c.read_bundle(&whole, |_, _| {}).unwrap();
    assert_eq!(call(&c, api::GetSyncState {}).alarms, []);
    assert_same(&[&a, &c], &patients);
    assert!(c.check().unwrap().sound);
}

#[test]
fn a_server_that_lost_everything_is_filled_by_who_began_at_a_floor() {
    let (server, [a, b], patients) = worked(2, 6);
    a.make_floor().unwrap();
    synced(&b);
    let c = join(&Station::new(&server), call(&a, api::MakeDeviceCode {}).code);
    // The server and every computer that read the whole log are gone.
    drop((a, b));
    server.wipe();
    allergy(&c, patients[0], "Latex");
    synced(&c);
    let d = join(&Station::new(&server), call(&c, api::MakeDeviceCode {}).code);
    synced(&d);
    assert_same(&[&c, &d], &patients);
    allergy(&d, patients[1], "Peanut");
    for app in [&d, &c, &d] {
        synced(app);
    }
    assert_same(&[&c, &d], &patients);
    // It is covered once, and not with every exchange.
    let held = server.held().0.len();
    synced(&c);
    synced(&d);
    assert_eq!(server.held().0.len(), held);
}

#[test]
fn no_floor_is_made_while_something_waits_to_be_taken_in() {
    let server = Server::default();
    let ([station_a, _b], [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    synced(&a);
    synced(&b);
    drop(a);
    // A payload of a newer version: another build may read it.
    hostile::push_change(&station_a, &server, patient, b"no change at all".to_vec());
    let a = station_a.sign_in();
    call(&a, api::SyncNow {});
    call(&b, api::SyncNow {});
    // What will never come in stands in no way.
    b.make_floor().unwrap();
    server.hold_keys(true);
    allergy(&a, register(&a, "Akello"), "Latex");
    call(&a, api::SyncNow {});
    call(&b, api::SyncNow {});
    let told = b.make_floor().unwrap_err();
    assert_eq!(told.code, ErrorCode::Changed, "{told}");
    server.hold_keys(false);
    call(&b, api::SyncNow {});
    b.make_floor().unwrap();
}

#[test]
fn what_lies_below_is_kept_apart_once_it_is_old_or_read_by_all() {
    for old in [true, false] {
        let server = Server::default();
        let ([station_a, station_b], [a, b]) = two(&server);
        let patient = register(&a, "Okello");
        for app in [&a, &b, &a] {
            synced(app);
        }
        a.make_floor().unwrap();
        synced(&b);
        synced(&a);
        assert_eq!((server.floor() > 0, server.made_cold()), (true, 0));
        if old {
            station_a.desk.later(401 * DAY_MS);
            call(&a, api::SyncNow {});
        } else {
            // A day later each tells the other what it has read.
            for (station, app) in [(&station_a, &a), (&station_b, &b)] {
                allergy(app, patient, "Latex");
                station.desk.later(DAY_MS + 1);
                call(app, api::SyncNow {});
            }
            [&a, &b].into_iter().for_each(|app| drop(call(app, api::SyncNow {})));
        }
        assert!(server.made_cold() > 0, "old: {old}");
        // It is said once.
        let before = server.made_cold();
        call(&a, api::SyncNow {});
        assert_eq!(server.made_cold(), before);
    }
}

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
