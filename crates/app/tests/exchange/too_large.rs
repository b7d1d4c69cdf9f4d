//! A change that is larger than what travels, as a store of an older release may hold one: it is
//! told of, and holds nothing else up.

use super::{Station, allergy, call, hostile, register, server::Server, synced, two};
use api::{SyncPhase, Topic};
use chart::{DocumentChange, Heads, RawChange, Touched};
use clinical::{
    CompositionId, DeviceId, DocumentKind, DocumentRef, Instant, PractitionerId, uuid_v7,
};
use store::{AuditAction, AuditEvent, AuditOutcome, AuditPurpose, Commit, Record, View};
use sync::limits::{PART_BYTES_MAX, PARTS_MAX};

/// Puts a change of a draft into the outbox of a station. Its program must be closed.
fn record_oversized(station: &Station) {
    let (_, store) = hostile::open(station);
    // Nothing that packing makes smaller.
    let mut seed = 1_u64;
    let bytes = (0..PARTS_MAX as usize * PART_BYTES_MAX + 1).map(|_| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        seed.to_be_bytes()[0]
    });
    let draft = CompositionId::from_uuid(uuid_v7(9, [9; 10]));
    let change = DocumentChange {
        document: DocumentRef::new(DocumentKind::Draft, draft.uuid()),
        changes: vec![RawChange { hash: [9; 32], bytes: bytes.collect() }],
        heads: Heads(vec![[9; 32]]),
        touched: Touched::All,
    };
    let event = AuditEvent {
        at: Instant::from_unix_ms(0),
        author: PractitionerId::from_uuid(uuid_v7(1, [1; 10])),
        device: DeviceId::from_uuid(uuid_v7(2, [2; 10])),
        action: AuditAction::Update,
        patient: None,
        resource: "draft".to_owned(),
        outcome: AuditOutcome::Success,
        purpose: AuditPurpose::Treatment,
    };
    let record = Record::edited(change, View::Draft(None), event);
    store.commit(Commit::local(vec![record])).unwrap();
}

#[test]
fn a_change_that_cannot_travel_is_counted_and_holds_nothing_up() {
    let server = Server::default();
    let ([station_a, _b], [a, b]) = two(&server);
    synced(&a);
    drop(a);
    record_oversized(&station_a);
    let a = station_a.sign_in();
    assert_eq!(call(&a, api::GetSyncState {}).too_large, 0, "it was not looked for yet");
    let patient = register(&a, "Okello");
    allergy(&a, patient, "Penicillin");
    let view = call(&a, api::SyncNow {});
    assert_eq!((view.phase, view.to_send, view.too_large), (SyncPhase::Idle, 1, 1));
    synced(&b);
    assert_eq!(call(&b, api::OpenChart { patient }).chart.allergies.len(), 1);
    // It is still told where the server cannot be reached, and after the next start.
    server.set_away(true);
    call(&a, api::SyncNow {});
    drop(a);
    let a = station_a.sign_in();
    assert_eq!(call(&a, api::GetSyncState {}).too_large, 1);
    let told = station_a.desk.events.lock().unwrap();
    let topics = told.iter().flat_map(|event| match event {
        api::Event::Changed { topics, .. } => topics.as_slice(),
        api::Event::Rebuilding { .. }
        | api::Event::ExchangeAsked
        | api::Event::Exchanging(_)
        | api::Event::Carrying { .. } => &[],
    });
    assert!(topics.into_iter().any(|topic| *topic == Topic::Sync));
}
