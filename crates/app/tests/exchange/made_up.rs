//! A server that makes envelopes up, or holds the list of computers back: only what a known device
//! signed counts as held.

use super::{
    Station, allergy, call, chart, hostile, join, register,
    server::{Server, State},
    synced, two,
};
use api::{AlarmKind, QuarantineReason, SyncPhase};
use app::App;
use clinical::{DeviceId, Instant, PatientId};
use store::{HaveRow, QuarantineRow, Receipt, SELF};
use sync::{envelope::Envelope, ids::Signature};

/// Envelopes that would follow the last of a lane, signed by nobody of the clinic.
fn made_up_after(last: &Envelope, count: u64) -> Vec<Envelope> {
    let mut prev_id = last.id();
    let make = |n: u64| {
        let mut header = last.header().clone();
        (header.counter, header.prev_id) = (header.counter + n, prev_id);
        let made = Envelope::from_parts(header, last.ciphertext().to_vec(), *last.signature());
        prev_id = made.id();
        made
    };
    (1..=count).map(make).collect()
}

/// How far a station holds the envelopes of a device. Its program must be closed.
fn held(station: &Station, device: DeviceId) -> Vec<(u32, u64)> {
    let (_, store) = hostile::open(station);
    let rows = store.have(SELF).unwrap().into_iter();
    rows.filter(|row| row.device == *device.uuid().as_bytes())
        .map(|row| (row.generation, row.counter))
        .collect()
}

#[test]
fn what_a_server_makes_up_takes_no_place_and_raises_no_fork() {
    let server = Server::default();
    let ([station_a, station_b], [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    synced(&a);
    synced(&b);
    let device_a = call(&a, api::ListDevices {}).iter().find(|d| d.here).unwrap().id;
    let honest = server.state();
    let (envelopes, _) = server.held();
    let of_a = |e: &&Envelope| e.header().device.0 == *device_a.uuid().as_bytes();
    let last = envelopes.iter().rfind(of_a).unwrap();
    server.pass_on(&(made_up_after(last, 3), Vec::new()));
    assert_eq!(call(&b, api::SyncNow {}).quarantined, 3);
    for item in call(&b, api::ListQuarantine { limit: 9 }).items {
        assert_eq!(item.reason, QuarantineReason::BadSignature);
    }
    server.stand(honest);

    allergy(&a, patient, "Penicillin");
    synced(&a);
    let view = call(&b, api::SyncNow {});
    let is_fork = |kind: &AlarmKind| matches!(kind, AlarmKind::Forked { .. });
    assert!(!view.alarms.iter().any(|alarm| is_fork(&alarm.alarm)), "{:?}", view.alarms);
    assert_eq!(chart(&b, patient).allergies.len(), 1);

    // What the computer is cut off at is what it sealed, and all of that is taken in.
    call(&b, api::RevokeDevice { device: device_a });
    let third = Station::new(&server);
    let c = join(&third, call(&b, api::MakeDeviceCode {}).code);
    assert_eq!(chart(&c, patient).allergies.len(), 1);
    assert_eq!(synced(&c).alarms, []);
    drop((a, b));
    let sealed = held(&station_a, device_a);
    assert!(!sealed.is_empty());
    assert_eq!(held(&station_b, device_a), sealed);
}

/// The envelopes, of which nobody signed any.
fn signed_by_nobody(envelopes: &[Envelope]) -> Vec<Envelope> {
    let spoil = |envelope: &Envelope| {
        let (header, ciphertext) = (envelope.header().clone(), envelope.ciphertext().to_vec());
        Envelope::from_parts(header, ciphertext, Signature([7; 64]))
    };
    envelopes.iter().map(spoil).collect()
}

#[test]
fn what_a_server_gave_with_a_spoilt_signature_is_asked_for_again() {
    let server = Server::default();
    let (stations, [a, b]) = two(&server);
    let before = server.state();
    let already = server.held().0.len();
    let patient = register(&a, "Okello");
    allergy(&a, patient, "Penicillin");
    synced(&a);
    let honest = server.state();
    let (envelopes, keys) = server.held();
    server.stand(before);
    let spoilt = signed_by_nobody(&envelopes[already..]);
    let many = u64::try_from(spoilt.len()).unwrap();
    server.pass_on(&(spoilt, keys));
    assert_eq!(call(&b, api::SyncNow {}).quarantined, many);
    // Asked once more, and then not for a day.
    assert_eq!(call(&b, api::SyncNow {}).quarantined, many);
    let requests = server.requests();
    assert_eq!(call(&b, api::SyncNow {}).quarantined, many);
    assert_eq!(server.requests() - requests, 1, "a HELLO");
    server.stand(honest);
    assert_eq!(call(&b, api::SyncNow {}).quarantined, many, "the day is not over");
    stations[1].desk.later(24 * 60 * 60 * 1000);
    assert_eq!(call(&b, api::SyncNow {}).quarantined, 0);
    assert_eq!(chart(&b, patient).allergies.len(), 1);
}

/// Its ciphertext is another, so that it goes by another name than the whole.
#[test]
fn what_was_altered_on_its_way_is_set_aside_until_the_whole_comes() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let before = server.state();
    let already = server.held().0.len();
    let patient = register(&a, "Okello");
    synced(&a);
    let honest = server.state();
    let (envelopes, keys) = server.held();
    server.stand(before);
    let alter = |envelope: &Envelope| {
        let mut ciphertext = envelope.ciphertext().to_vec();
        ciphertext[0] ^= 1;
        Envelope::from_parts(envelope.header().clone(), ciphertext, *envelope.signature())
    };
    let altered: Vec<_> = envelopes[already..].iter().map(alter).collect();
    let many = u64::try_from(altered.len()).unwrap();
    // What stands at a place where nothing whole comes stays apart.
    let made_up = made_up_after(envelopes.last().unwrap(), 1);
    server.pass_on(&([altered, made_up].concat(), keys));
    assert_eq!(call(&b, api::SyncNow {}).quarantined, many + 1);
    server.stand(honest);
    assert_eq!(call(&b, api::SyncNow {}).quarantined, 1);
    assert!(chart(&b, patient).patient.is_some());
    // What its computer seals for that place then is the whole; nor is anything set aside where the
    // whole is here already.
    let allergic = register(&a, "Achieng");
    synced(&a);
    synced(&b);
    let (envelopes, _) = server.held();
    let last = alter(envelopes.last().unwrap());
    server.pass_on(&(vec![last], Vec::new()));
    assert_eq!(call(&b, api::SyncNow {}).quarantined, 0);
    assert!(chart(&b, allergic).patient.is_some());
}

#[test]
fn of_what_is_made_up_beyond_a_limit_only_the_names_are_kept() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    register(&a, "Okello");
    synced(&a);
    let (envelopes, _) = server.held();
    server.pass_on(&(made_up_after(envelopes.last().unwrap(), 70), Vec::new()));
    assert_eq!(call(&b, api::SyncNow {}).quarantined, 70);
    let listed = call(&b, api::ListQuarantine { limit: 100 }).items;
    let reasons = listed.iter().filter(|item| item.reason == QuarantineReason::BadSignature);
    assert_eq!((listed.len(), reasons.count()), (70, 70), "all are told of");
    assert_eq!(listed.iter().filter(|item| item.bytes > 0).count(), 64);
}

#[test]
fn what_awaits_keys_comes_in_from_behind_any_number_of_others() {
    let server = Server::default();
    let ([_, station_b], [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    allergy(&a, patient, "Penicillin");
    drop(b);
    let junk = |n: u32| QuarantineRow {
        envelope: std::array::from_fn(|at| n.to_be_bytes()[at % 4]),
        device: [1; 16],
        tag: [0; 32],
        at: Instant::from_unix_ms(4),
        reason: "not-opened".into(),
        bytes: vec![1, 2, 3],
    };
    let quarantine = (0..10_001).map(junk).collect();
    let (_, store) = hostile::open(&station_b);
    store.receive(&Receipt { quarantine, ..Receipt::default() }).unwrap();
    drop(store);
    let b = station_b.sign_in();
    server.hold_keys(true);
    synced(&a);
    assert!(call(&b, api::SyncNow {}).quarantined_waiting > 0);
    server.hold_keys(false);
    let view = call(&b, api::SyncNow {});
    assert_eq!((view.quarantined, view.quarantined_waiting), (10_001, 0));
    assert_eq!(chart(&b, patient).allergies.len(), 1);
}

#[test]
fn what_a_computer_not_known_yet_sealed_counts_once_it_is_known() {
    let server = Server::default();
    let ([_, station_b], [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    synced(&a);
    synced(&b);
    let before = server.state();
    let third = Station::new(&server);
    let c = join(&third, call(&a, api::MakeDeviceCode {}).code);
    let device_c = call(&c, api::ListDevices {}).iter().find(|d| d.here).unwrap().id;
    for substance in ["Penicillin", "Latex"] {
        allergy(&c, patient, substance);
        synced(&c);
    }
    let after = server.state();
    let held_by_server = server.held();
    server.stand(before);
    server.pass_on(&held_by_server);
    let view = call(&b, api::SyncNow {});
    assert!(view.quarantined > 0, "{view:?}");
    assert_eq!(view.quarantined_waiting, view.quarantined);
    server.stand(after);
    assert_eq!(synced(&b).alarms, []);
    assert_eq!(chart(&b, patient).allergies.len(), 2);
    drop((b, c));
    let sealed = held(&third, device_c);
    assert!(!sealed.is_empty());
    assert_eq!(held(&station_b, device_c), sealed);
}

/// A computer that kept only names of what a third one sealed, the list of computers being held
/// back; the server as it stands when it no longer is.
struct Flooded {
    stations: [Station; 2],
    apps: [App<Station>; 2],
    patient: PatientId,
    after: State,
}

fn flooded(server: &Server) -> Flooded {
    let (stations, [a, b]) = two(server);
    let patient = register(&a, "Okello");
    synced(&a);
    synced(&b);
    let before = server.state();
    let third = Station::new(server);
    let c = join(&third, call(&a, api::MakeDeviceCode {}).code);
    allergy(&c, patient, "Penicillin");
    synced(&c);
    let after = server.state();
    let (envelopes, keys) = server.held();
    // Before what the third computer sealed comes a flood by a computer nobody knows.
    let device_c = call(&c, api::ListDevices {}).iter().find(|d| d.here).unwrap().id;
    let of_c = |e: &&Envelope| e.header().device.0 == *device_c.uuid().as_bytes();
    let sealed: Vec<Envelope> = envelopes.iter().filter(of_c).cloned().collect();
    let first = sealed.first().unwrap();
    let mut header = first.header().clone();
    (header.device, header.counter) = (sync::ids::DeviceId([9; 16]), 1);
    let begins = Envelope::from_parts(header, first.ciphertext().to_vec(), *first.signature());
    let mut flood = made_up_after(&begins, 2047);
    flood.insert(0, begins);
    flood.extend(sealed);
    server.stand(before);
    server.pass_on(&(flood, keys));
    let view = call(&b, api::SyncNow {});
    assert!(view.quarantined > 2048, "{view:?}");
    let is_full = |alarm: &api::SyncAlarm| alarm.alarm == AlarmKind::SetAsideFull;
    assert_eq!(view.alarms.iter().filter(|alarm| is_full(alarm)).count(), 1, "{:?}", view.alarms);
    let newest = call(&b, api::ListQuarantine { limit: 1 }).items.remove(0);
    assert_eq!((newest.reason, newest.bytes), (QuarantineReason::UnknownDevice, 0));
    Flooded { stations, apps: [a, b], patient, after }
}

#[test]
fn of_what_unknown_computers_seal_beyond_a_limit_the_rest_is_fetched_once_one_is_known() {
    let server = Server::default();
    let Flooded { apps: [_a, b], patient, after, .. } = flooded(&server);
    server.stand(after);
    let view = call(&b, api::SyncNow {});
    assert!(view.received > 0, "what both runs did is told: {view:?}");
    assert_eq!(chart(&b, patient).allergies.len(), 1, "nothing is lost by the limit");
}

#[test]
fn a_death_between_the_list_of_computers_and_the_fetching_loses_nothing() {
    let server = Server::default();
    let Flooded { stations, apps, patient, after } = flooded(&server);
    drop(apps);
    server.stand(after);
    // The new entries of the list are stored, and nothing was fetched again.
    let [entries, stored] = stations.each_ref().map(|station| hostile::open(station).1);
    stored.put_named(&entries.named_with_prefix("sync/membership/").unwrap()).unwrap();
    drop((entries, stored));
    let b = stations[1].sign_in();
    call(&b, api::SyncNow {});
    assert_eq!(chart(&b, patient).allergies.len(), 1, "nothing is lost by the death");
    let again = call(&b, api::SyncNow {}).received;
    assert_eq!(again, 0, "and it is not fetched again and again");
}

/// A lane for each exchange would in the end leave none to anybody: a clinic has so many.
#[test]
fn a_server_that_claims_what_was_never_sealed_has_no_generations_opened_without_end() {
    let server = Server::default();
    let ([station, _], [a, _b]) = two(&server);
    let patient = register(&a, "Okello");
    synced(&a);
    let opened = |app: &App<Station>| {
        let view = call(app, api::SyncNow {});
        let told = view.alarms.iter().any(|it| it.alarm == AlarmKind::ServerMisbehaves);
        assert_eq!(told, view.phase != SyncPhase::Idle, "{view:?}");
        !told
    };
    server.claim();
    assert!(opened(&a), "once, it may be so");
    drop(a);
    let (_, store) = hostile::open(&station);
    let before = store.replica().unwrap().unwrap();
    let lane = |generation| HaveRow {
        peer: SELF.to_owned(),
        device: before.device,
        generation,
        counter: 1,
        id: [5; 32],
    };
    let have = (before.generation + 1..).take(300).map(lane).collect();
    store.receive(&Receipt { have, ..Receipt::default() }).unwrap();
    drop(store);
    let a = station.sign_in();
    allergy(&a, patient, "Latex");
    assert!(!opened(&a));
    assert_eq!(chart(&a, patient).allergies.len(), 1, "work goes on here");
    drop(a);
    let after = hostile::open(&station).1.replica().unwrap().unwrap();
    assert_eq!(after.generation, before.generation);
}
