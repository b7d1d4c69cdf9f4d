//! What was recorded on many charts goes out together: changes of many documents in one envelope.

use super::{
    Station, allergy, call, chart, clinic, conflicts, hostile, join, register, server::Server,
    synced, two,
};
use api::{AlarmKind, QuarantineReason, SyncPhase};
use app::App;
use clinical::PatientId;
use sync::{
    envelope::{Envelope, Kind},
    payload::{Batch, Batches, DocumentName, Payload},
};

/// Charts that both have, and of which later changes go out.
fn known_to_both(a: &App<Station>, b: &App<Station>, many: usize) -> Vec<PatientId> {
    let patients: Vec<_> = (0..many).map(|n| register(a, &format!("Okello {n}"))).collect();
    for app in [a, b] {
        synced(app);
    }
    patients
}

fn record(app: &App<Station>, patients: &[PatientId], substance: &str) {
    patients.iter().for_each(|patient| allergy(app, *patient, substance));
}

/// How many envelopes of a kind the server holds.
fn count(server: &Server, kind: Kind) -> usize {
    server.held().0.iter().filter(|envelope| envelope.header().kind == kind).count()
}

fn assert_same(apps: &[&App<Station>], patients: &[PatientId], allergies: usize) {
    for patient in patients {
        for app in apps {
            assert_eq!(chart(app, *patient).allergies.len(), allergies, "{patient}");
        }
    }
}

#[test]
fn what_was_recorded_on_many_charts_takes_one_envelope() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let patients = known_to_both(&a, &b, 40);
    let check = |many: usize, substance: &str, expected: (usize, usize)| {
        let before = [Kind::Pack, Kind::Change].map(|kind| count(&server, kind));
        record(&a, &patients[..many], substance);
        synced(&a);
        synced(&b);
        let after = [Kind::Pack, Kind::Change].map(|kind| count(&server, kind));
        assert_eq!((after[0] - before[0], after[1] - before[1]), expected, "{many} charts");
        for app in [&a, &b] {
            let has = |one: &clinical::AllergyIntolerance| one.code.label() == substance;
            let have = patients.iter().filter(|it| chart(app, **it).allergies.iter().any(has));
            assert_eq!(have.count(), many, "{substance}");
        }
    };
    check(40, "Penicillin", (1, 0));
    check(8, "Latex", (1, 0));
    // Of few, each goes under its own key.
    check(7, "Dust", (0, 7));
    assert_eq!(conflicts(&a), []);
}

#[test]
fn what_two_recorded_on_the_same_charts_meets() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let patients = known_to_both(&a, &b, 12);
    record(&a, &patients, "Penicillin");
    record(&b, &patients, "Latex");
    for app in [&a, &b, &a] {
        synced(app);
    }
    assert_same(&[&a, &b], &patients, 2);
}

/// A computer that was put back from a copy seals again what it does not know that it sent.
#[test]
fn what_was_sent_before_a_restore_is_known_where_it_comes_again() {
    let server = Server::default();
    let (stations, [a, b]) = two(&server);
    let patients = known_to_both(&a, &b, 12);
    record(&a, &patients, "Penicillin");
    drop(a);
    let copy = stations[0].copy();
    let a = stations[0].sign_in();
    synced(&a);
    synced(&b);
    drop(a);
    stations[0].restore(&copy);
    let a = stations[0].sign_in();
    record(&a, &patients, "Latex");
    for app in [&a, &b, &a] {
        assert_eq!(call(app, api::SyncNow {}).phase, SyncPhase::Idle);
    }
    assert_same(&[&a, &b], &patients, 2);
    let alarms = call(&a, api::GetSyncState {}).alarms;
    assert!(alarms.iter().all(|raised| raised.alarm == AlarmKind::Restored), "{alarms:?}");
}

/// What is not here of a chart is waited for; what stands beside it in the envelope is taken in.
#[test]
fn of_charts_that_are_not_here_yet_changes_wait() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let code = call(&a, api::MakeDeviceCode {}).code;
    let before = server.state();
    let patients = known_to_both(&a, &b, 12);
    record(&b, &patients, "Latex");
    synced(&b);
    let (envelopes, keys) = server.held();
    let author = envelopes.iter().find(|it| it.header().kind == Kind::Pack).unwrap();
    let first = author.header().device;
    let is_whole = |it: &Envelope| it.header().kind == Kind::Pack && it.header().device == first;
    let (whole, rest): (Vec<_>, Vec<_>) = envelopes.into_iter().partition(is_whole);
    server.stand(before);
    server.pass_on(&(rest, keys));
    let c = join(&Station::new(&server), code);
    synced(&c);
    assert!(call(&c, api::FindPatients { query: "okello".into(), limit: 9 }).is_empty());
    server.pass_on(&(whole, Vec::new()));
    synced(&c);
    assert_same(&[&b, &c], &patients, 1);
}

fn batch(id: [u8; 16], changes: Vec<Vec<u8>>) -> Batch {
    Batch { document: DocumentName::new("chart", id).unwrap(), changes }
}

/// Sends what is wrong beside what is good: the good is taken in, the rest set aside for a reason.
fn of_both_the_good_is_taken(beside: Vec<Batch>, reason: QuarantineReason) {
    let server = Server::default();
    let ([station_a, _b], [a, b]) = two(&server);
    let good = register(&a, "Okello");
    allergy(&a, good, "Penicillin");
    drop(a);
    let changes = {
        let (_, store) = hostile::open(&station_a);
        let name = clinical::DocumentRef::new(clinical::DocumentKind::Chart, good.uuid());
        let stored = store.document(name).unwrap().unwrap();
        let actor = chart::Actor::from_random([9; 16]);
        let mut known = chart::AnyDocument::load(name, stored.stored(), actor).unwrap();
        chart::abridged(&known.changes().unwrap())
    };
    let good_one = batch(*good.uuid().as_bytes(), changes);
    let batches = Batches::new([3; 16], [beside, vec![good_one]].concat()).unwrap();
    hostile::push(&station_a, &server, &Payload::Batches(batches));
    let view = call(&b, api::SyncNow {});
    assert_eq!(view.quarantined, 1, "{view:?}");
    let listed = call(&b, api::ListQuarantine { limit: 9 });
    assert_eq!(listed.items[0].reason, reason);
    assert_eq!(chart(&b, good).allergies.len(), 1);
}

#[test]
fn what_is_no_change_is_told_and_what_stands_beside_it_is_taken_in() {
    // The first byte says: as it is.
    let junk = |id| batch([id; 16], vec![b"\0no change".to_vec()]);
    of_both_the_good_is_taken(vec![junk(1), junk(2)], QuarantineReason::NotMerged);
}

#[test]
fn of_a_newer_kind_of_document_it_is_waited_for_an_update_and_what_stands_beside_it_is_taken_in() {
    let document = DocumentName::new("of-a-newer-kind", [4; 16]).unwrap();
    let newer = Batch { document, changes: vec![b"\0what we do not know".to_vec()] };
    of_both_the_good_is_taken(vec![newer], QuarantineReason::UnknownKind);
}

/// A document of which more changes come than one batch holds stands in an envelope twice.
#[test]
fn batches_of_one_chart_in_one_envelope_are_one() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let patients = known_to_both(&a, &b, 9);
    for at in 0..70 {
        allergy(&a, patients[0], &format!("Substance {at}"));
    }
    record(&a, &patients[1..], "Penicillin");
    synced(&a);
    synced(&b);
    assert_eq!(chart(&b, patients[0]).allergies.len(), 70);
    assert_eq!(chart(&a, patients[0]), chart(&b, patients[0]));
    assert_same(&[&a, &b], &patients[1..], 1);
}

#[test]
fn a_clinic_without_a_word_to_the_server_gives_them_to_who_joins() {
    let server = Server::default();
    let station = Station::new(&server);
    let a = clinic(&station);
    let patients: Vec<_> = (0..30).map(|n| register(&a, &format!("Okello {n}"))).collect();
    synced(&a);
    for substance in ["Penicillin", "Latex", "Dust"] {
        record(&a, &patients, substance);
        synced(&a);
    }
    let b = join(&Station::new(&server), call(&a, api::MakeDeviceCode {}).code);
    synced(&b);
    assert_same(&[&a, &b], &patients, 3);
}
