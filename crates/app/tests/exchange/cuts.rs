//! Of a computer that was removed its own counts, and nothing that whoever has it seals in its place.

use super::{
    Asks, PatientId, Station, allergy, call, chart, hostile, join, register, server::Server,
    synced, two,
};
use api::{AlarmKind, QuarantineReason, SyncPhase};
use app::App;
use clinical::DeviceId;
use std::fs::File;
use sync::{
    bundle::{BundleHead, BundleWriter},
    envelope::Envelope,
    have::Have,
    ids::DocTag,
    membership::MembersHead,
    payload::{Batch, Batches, DocumentName, Erasure, Notice, Payload},
    session::Outgoing,
    wire::WrappedKey,
};

/// Pages that a lane takes many of.
const SMALL_PAGE: u32 = 600;

fn here(app: &App<Station>) -> DeviceId {
    call(app, api::ListDevices {}).iter().find(|device| device.here).unwrap().id
}

fn aside(app: &App<Station>) -> Vec<QuarantineReason> {
    let items = call(app, api::ListQuarantine { limit: 50 }).items;
    items.into_iter().map(|item| item.reason).collect()
}

/// Exchanges; what is set aside stays so.
fn exchanged(app: &App<Station>) {
    assert_eq!(call(app, api::SyncNow {}).phase, SyncPhase::Idle);
}

/// A clinic with a patient, of whose three allergies the second computer recorded two before it was
/// removed.
fn removed(server: &Server) -> ([Station; 2], App<Station>, PatientId) {
    let (stations, [a, b]) = two(server);
    let patient = register(&a, "Okello");
    for (app, substance) in [(&a, "Latex"), (&b, "Penicillin"), (&b, "Nuts")] {
        synced(app);
        allergy(app, patient, substance);
        synced(app);
    }
    synced(&a);
    let id = here(&b);
    drop(b);
    call(&a, api::RevokeDevice { device: id });
    synced(&a);
    (stations, a, patient)
}

fn erasing(patient: PatientId) -> Payload {
    let document = DocumentName::new("chart", *patient.uuid().as_bytes()).unwrap();
    let texts = ("1".to_owned(), "asked for".to_owned());
    let erasure = Erasure::new(document, vec![DocTag([7; 32])], texts, ([3; 16], 7)).unwrap();
    Payload::Notice(Notice::Erase(erasure))
}

#[test]
fn what_is_sealed_in_the_place_of_what_counted_waits_for_a_person() {
    let server = Server::default();
    let (stations, a, patient) = removed(&server);
    let (envelope, keys) = hostile::twin(&stations[1], &erasing(patient), 2);
    server.pass_on(&(vec![envelope], keys));
    exchanged(&a);
    // Who joins has met neither.
    let d = join(&Station::new(&server), call(&a, api::MakeDeviceCode {}).code);
    exchanged(&d);
    for app in [&a, &d] {
        assert_eq!(aside(app), [QuarantineReason::AfterCut]);
        assert_eq!(chart(app, patient).allergies.len(), 3);
    }
    assert_eq!(chart(&a, patient), chart(&d, patient));
}

/// Who decides is told whose charts it is of, also where it is of many.
#[test]
fn of_what_waits_it_is_told_whose_charts_it_is_of() {
    let server = Server::default();
    let (stations, a, patient) = removed(&server);
    let other = register(&a, "Ogola");
    let batch = |patient: PatientId| Batch {
        document: DocumentName::new("chart", *patient.uuid().as_bytes()).unwrap(),
        changes: vec![b"\0no change".to_vec()],
    };
    let batches = Batches::new([4; 16], vec![batch(other), batch(patient), batch(other)]).unwrap();
    let (envelope, keys) = hostile::twin(&stations[1], &Payload::Batches(batches), 2);
    server.pass_on(&(vec![envelope], keys));
    exchanged(&a);
    assert_eq!(aside(&a), [QuarantineReason::AfterCut]);
    let listed = call(&a, api::ListQuarantine { limit: 9 });
    let told: Vec<_> = listed.items[0].of.iter().map(|of| of.patient).collect();
    assert_eq!(told, [patient, other]);
    assert!(listed.items[0].of.iter().all(|of| of.identity.is_some()));
    // At each of the charts, too; and one that is erased meanwhile is named no more.
    for patient in [patient, other] {
        assert_eq!(call(&a, api::GetWhereabouts { patient }).set_aside, 1);
    }
    let number = other.to_string().rsplit('-').next().unwrap().to_owned();
    call(&a, api::EraseChart { patient: other, number, ground: "asked for".into() });
    exchanged(&a);
    let listed = call(&a, api::ListQuarantine { limit: 9 });
    let told: Vec<_> = listed.items[0].of.iter().map(|of| of.patient).collect();
    assert_eq!(told, [patient]);
    assert_eq!(call(&a, api::ListErased {})[0].packs, 1);
}

#[test]
fn what_stands_in_its_place_before_the_true_one_comes_is_not_taken_for_it() {
    let server = Server::default();
    let (stations, a, patient) = removed(&server);
    let (twin, keys) = hostile::twin(&stations[1], &erasing(patient), 2);
    // A server that gives it first.
    let (mut envelopes, all) = server.held();
    let place = envelopes.iter().position(|it| it.header().device == twin.header().device).unwrap();
    envelopes.insert(place + 1, twin);
    let code = call(&a, api::MakeDeviceCode {}).code;
    server.lose_log();
    server.pass_on(&(envelopes, [all, keys].concat()));
    let d = join(&Station::new(&server), code);
    exchanged(&d);
    assert_eq!(chart(&d, patient).allergies.len(), 3);
    assert_eq!(aside(&d), [QuarantineReason::AfterCut]);
}

/// Takes in a file with these envelopes.
fn read_file(app: &App<Station>, station: &Station, held: (Vec<Envelope>, Vec<WrappedKey>)) {
    let (envelopes, keys) = held;
    let header = envelopes[0].header();
    let (clinic, device, members) = (header.clinic, header.device, MembersHead::EMPTY);
    let head = BundleHead { clinic, device, made_at_ms: 7, members, have: Have::new() };
    let path = station.desk.path().join("found.fcbundle");
    let mut writer = BundleWriter::begin(File::create(&path).unwrap(), &head).unwrap();
    writer.envelopes(Outgoing { envelopes, keys }).unwrap();
    drop(writer);
    app.read_bundle(&path, |_, _| {}).unwrap();
}

#[test]
fn what_waited_counts_when_what_stands_between_comes_after_the_last() {
    let server = Server::default();
    let (stations, a, patient) = removed(&server);
    let (twin, _) = hostile::twin(&stations[1], &erasing(patient), 2);
    let (envelopes, keys) = server.held();
    let of_b = |it: &Envelope| it.header().device == twin.header().device;
    let (of_b, others): (Vec<_>, Vec<_>) = envelopes.into_iter().partition(of_b);
    let [first, between, last] = of_b.try_into().unwrap();
    let code = call(&a, api::MakeDeviceCode {}).code;
    server.lose_log();
    server.pass_on(&(others, keys.clone()));
    let station = Station::new(&server);
    let d = join(&station, code);
    read_file(&d, &station, (vec![first, last], keys.clone()));
    assert_eq!(aside(&d), [QuarantineReason::AfterCut], "what stands between is not here");
    read_file(&d, &station, (vec![between], keys));
    assert_eq!(aside(&d), []);
    assert_eq!(chart(&d, patient).allergies.len(), 3);
    assert_eq!(chart(&a, patient), chart(&d, patient));
}

#[test]
fn whoever_joins_later_has_all_that_counted_however_small_the_pages_are() {
    let server = Server::default();
    let (_stations, a, patient) = removed(&server);
    server.give_small_pages(SMALL_PAGE);
    let d = join(&Station::new(&server), call(&a, api::MakeDeviceCode {}).code);
    synced(&d);
    assert_eq!(aside(&d), []);
    assert_eq!(chart(&a, patient), chart(&d, patient));
    assert_eq!(chart(&d, patient).allergies.len(), 3);
}

/// Of one counter a server keeps a few envelopes. Who holds more of a removed computer has to leave them
/// there, and gives it what else is new.
#[test]
fn a_lane_that_a_server_does_not_take_is_not_given_again_with_every_exchange() {
    let server = Server::default();
    let (stations, [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    for (app, substance) in [(&a, "Latex"), (&b, "Penicillin"), (&b, "Nuts")] {
        synced(app);
        allergy(app, patient, substance);
        synced(app);
    }
    synced(&a);
    let before = server.state();
    allergy(&b, patient, "Eggs");
    synced(&b);
    let (mut held, keys) = server.held();
    let own = device_bytes(&b);
    held.retain(|it| it.header().device.0 == own);
    drop(b);
    let last = held.pop().unwrap();
    server.stand(before);
    let document = DocumentName::new("chart", *patient.uuid().as_bytes()).unwrap();
    let twin = |n: u32| {
        let changes = vec![incompressible(n)];
        let payload = Payload::Changes { document: document.clone(), changes };
        hostile::twin(&stations[1], &payload, last.header().counter - 1).0
    };
    let twins = (0..10).map(twin).chain([last.clone()]).collect();
    read_file(&a, &Station::new(&server), (twins, keys));
    let sent = || call(&a, api::SyncNow {}).sent;
    assert!(sent() > 0, "as many as the server takes");
    assert_eq!(sent(), 0, "and not again and again");
    allergy(&a, patient, "Soy");
    assert_eq!(sent(), 1);
    stations[0].desk.later(24 * 60 * 60 * 1000);
    assert!(sent() > 0, "it is tried again a day later");
    assert_eq!(sent(), 0);
}

/// So many bytes that a few of them fill a message.
fn incompressible(seed: u32) -> Vec<u8> {
    let next = |at: &u32| Some(at.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    let drawn = std::iter::successors(Some(seed), next).map(|at| at.to_be_bytes()[0]);
    drawn.take(24 * 1024).collect()
}

fn device_bytes(app: &App<Station>) -> [u8; 16] {
    *here(app).uuid().as_bytes()
}

/// An exchange that finds two envelopes of one counter, and dies before it ends.
#[test]
fn that_two_work_as_one_is_told_wherever_the_exchange_dies_that_found_it() {
    let server = Server::default();
    let (stations, [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    for substance in ["Penicillin", "Nuts", "Latex"] {
        allergy(&b, patient_at(&b, &a, patient), substance);
        synced(&b);
    }
    drop(b);
    let (twin, keys) = hostile::twin(&stations[1], &erasing(patient), 2);
    server.pass_on(&(vec![twin], keys));
    server.give_small_pages(SMALL_PAGE);
    // It gets on with every death, and finds it in one of those.
    let is_told = |app: &App<Station>| {
        let alarms = call(app, api::GetSyncState {}).alarms;
        alarms.iter().any(|it| matches!(it.alarm, AlarmKind::Forked { .. }))
    };
    let mut deaths = 0;
    loop {
        (0..deaths).for_each(|_| stations[0].before(Asks::Clock, || {}));
        stations[0].before(Asks::Clock, || panic!("the program dies"));
        let went = a.call(api::SyncNow {}, api::Origin::Host);
        let is_over = !stations[0].between.lock().unwrap().is_empty();
        stations[0].between.lock().unwrap().clear();
        if is_over {
            assert_eq!(went.unwrap().phase, SyncPhase::Idle);
            break;
        }
        if is_told(&a) {
            break;
        }
        deaths += 1;
    }
    assert!(is_told(&a), "after {deaths} deaths");
}

/// A patient whom another computer has heard of.
fn patient_at(app: &App<Station>, of: &App<Station>, patient: PatientId) -> PatientId {
    synced(of);
    synced(app);
    patient
}
