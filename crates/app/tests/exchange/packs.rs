//! Many charts that are new go out whole, many in one envelope.

use super::{
    Station, allergy, call, chart, clinic, conflicts, hostile, join, medication, register,
    server::Server, synced, two,
};
use api::{QuarantineReason, SyncPhase};
use app::App;
use clinical::PatientId;
use sync::{
    envelope::{Envelope, Kind},
    payload::{DocumentName, Pack, Packed, Payload},
};

/// So many patients, each with an allergy.
fn register_many(app: &App<Station>, many: usize) -> Vec<PatientId> {
    let patients: Vec<_> = (0..many).map(|n| register(app, &format!("Okello {n}"))).collect();
    patients.iter().for_each(|patient| allergy(app, *patient, "Penicillin"));
    patients
}

/// How many envelopes of a kind the server holds.
fn count(server: &Server, kind: Kind) -> usize {
    server.held().0.iter().filter(|envelope| envelope.header().kind == kind).count()
}

fn assert_same(apps: &[&App<Station>], patients: &[PatientId]) {
    for patient in patients {
        let charts: Vec<_> = apps.iter().map(|app| chart(app, *patient)).collect();
        assert!(charts.windows(2).all(|pair| pair[0] == pair[1]), "{charts:#?}");
    }
}

#[test]
fn many_new_charts_travel_in_few_envelopes() {
    let server = Server::default();
    let station = Station::new(&server);
    let a = clinic(&station);
    synced(&a);
    let before = count(&server, Kind::Change);
    let patients = register_many(&a, 300);
    synced(&a);
    let packs = count(&server, Kind::Pack);
    assert!((1..=3).contains(&packs), "{packs} packs of 300 charts");
    assert_eq!(count(&server, Kind::Change), before);
    let b = join(&Station::new(&server), call(&a, api::MakeDeviceCode {}).code);
    synced(&b);
    assert_same(&[&a, &b], &patients);
    let before = count(&server, Kind::Change);
    let found = call(&b, api::FindPatients { query: "okello 299".into(), limit: 9 });
    assert_eq!(found[0].patient, patients[299]);
    // What is written afterwards goes out as changes, in both directions, and meets: of many charts
    // together.
    for &patient in &patients[..20] {
        call(&a, api::RecordMedication { patient, draft: medication("Metformin", "500", "1") });
        allergy(&b, patient, "Latex");
    }
    for app in [&b, &a, &b] {
        synced(app);
    }
    assert_eq!(count(&server, Kind::Pack), packs + 2);
    assert_eq!(count(&server, Kind::Change), before);
    assert_eq!(chart(&a, patients[7]).allergies.len(), 2);
    assert_same(&[&a, &b], &patients);
    assert_eq!(conflicts(&a), []);
}

#[test]
fn few_new_charts_are_sealed_each_under_its_own_key() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let patients = register_many(&a, 7);
    synced(&a);
    synced(&b);
    assert_eq!(count(&server, Kind::Pack), 0);
    assert_same(&[&a, &b], &patients);
}

#[test]
fn a_pack_is_merged_where_its_charts_are_here_already() {
    let server = Server::default();
    let (stations, [a, b]) = two(&server);
    let patients = register_many(&a, 20);
    drop(a);
    let copy = stations[0].copy();
    let a = stations[0].sign_in();
    synced(&a);
    synced(&b);
    allergy(&b, patients[0], "Latex");
    synced(&b);
    drop(a);
    // The computer was restored: it packs again what it does not know that it sent.
    stations[0].restore(&copy);
    let a = stations[0].sign_in();
    allergy(&a, patients[1], "Aspirin");
    for app in [&a, &b, &a] {
        assert_eq!(call(app, api::SyncNow {}).phase, SyncPhase::Idle);
    }
    assert!(count(&server, Kind::Pack) >= 1);
    assert_same(&[&a, &b], &patients);
    assert_eq!(chart(&a, patients[0]).allergies.len(), 2);
    assert_eq!(chart(&b, patients[1]).allergies.len(), 2);
}

#[test]
fn changes_that_came_before_their_pack_wait_for_it() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let code = call(&a, api::MakeDeviceCode {}).code;
    let before = server.state();
    let patients = register_many(&a, 20);
    synced(&a);
    synced(&b);
    allergy(&b, patients[3], "Latex");
    synced(&b);
    let (envelopes, keys) = server.held();
    let is_pack = |envelope: &Envelope| envelope.header().kind == Kind::Pack;
    let (packs, rest): (Vec<_>, Vec<_>) = envelopes.into_iter().partition(is_pack);
    assert!(!packs.is_empty());
    server.stand(before);
    server.pass_on(&(rest, keys));
    let c = join(&Station::new(&server), code);
    synced(&c);
    assert!(call(&c, api::FindPatients { query: "okello".into(), limit: 9 }).is_empty());
    server.pass_on(&(packs, Vec::new()));
    synced(&c);
    assert_same(&[&b, &c], &patients);
    assert_eq!(chart(&c, patients[3]).allergies.len(), 2);
}

#[test]
fn of_a_pack_what_is_good_is_taken_and_what_is_not_is_told() {
    let server = Server::default();
    let ([station_a, _b], [a, b]) = two(&server);
    let good = register_many(&a, 8);
    drop(a);
    let bytes = {
        let (_, store) = hostile::open(&station_a);
        let name = clinical::DocumentRef::new(clinical::DocumentKind::Chart, good[0].uuid());
        let stored = store.document(name).unwrap().unwrap();
        let actor = chart::Actor::from_random([9; 16]);
        chart::AnyDocument::load(name, stored.stored(), actor).unwrap().save_plain()
    };
    let packed = |id: [u8; 16], bytes: &[u8]| Packed {
        document: DocumentName::new("chart", id).unwrap(),
        bytes: bytes.to_vec(),
    };
    let id = *good[0].uuid().as_bytes();
    let documents = vec![
        packed([1; 16], b"no document at all"),
        packed([2; 16], b"nor is this"),
        packed(id, &bytes),
    ];
    let pack = Pack::new([3; 16], documents).unwrap();
    hostile::push(&station_a, &server, &Payload::Pack(pack));
    let view = call(&b, api::SyncNow {});
    assert_eq!(view.quarantined, 1, "{view:?}");
    let listed = call(&b, api::ListQuarantine { limit: 9 });
    assert_eq!(listed.items[0].reason, QuarantineReason::NotMerged);
    assert_eq!(chart(&b, good[0]).allergies.len(), 1);
}
