//! What a removed computer had recorded waits for a person; what is decided on one computer holds on
//! every one.

use super::{
    Station, allergy, call, chart, hostile, join, peers::three, refused, register, server::Server,
    synced,
};
use api::{ErrorCode, QuarantineAwaits, QuarantineItem, QuarantineReason};
use app::App;
use clinical::PatientId;
use std::sync::Arc;
use store::Receipt;

/// A clinic in which one computer was removed before another had heard of its last entry.
pub(super) struct Parted {
    pub(super) server: Server,
    /// It removed the other, and has that entry set aside.
    pub(super) a: Arc<App<Station>>,
    /// It joined since.
    pub(super) d: App<Station>,
    pub(super) patient: PatientId,
}

impl Parted {
    pub(super) fn new() -> Self {
        let (server, [a, b, c]) = three();
        let patient = register(&a, "Okello");
        a.meet_peer("b").unwrap();
        allergy(&b, patient, "Latex");
        b.meet_peer("c").unwrap();
        server.set_away(false);
        let removed = call(&b, api::GetWhereabouts { patient }).here;
        call(&a, api::RevokeDevice { device: removed });
        call(&c, api::SyncNow {});
        call(&a, api::SyncNow {});
        let code = call(&a, api::MakeDeviceCode {}).code;
        let d = join(&Station::new(&server), code);
        call(&d, api::SyncNow {});
        Self { server, a, d, patient }
    }

    fn allergies(&self, app: &App<Station>) -> usize {
        chart(app, self.patient).allergies.len()
    }
}

pub(super) fn aside(app: &App<Station>) -> Vec<QuarantineItem> {
    call(app, api::ListQuarantine { limit: 50 }).items
}

pub(super) fn ids(app: &App<Station>) -> Vec<String> {
    aside(app).into_iter().map(|item| item.envelope).collect()
}

#[test]
fn what_is_taken_in_on_one_computer_is_taken_in_on_every_one() {
    let parted = Parted::new();
    let Parted { a, d, patient, .. } = &parted;
    for app in [a.as_ref(), d] {
        let items = aside(app);
        assert!(!items.is_empty());
        let waits = |it: &QuarantineItem| {
            (it.reason, it.awaits) == (QuarantineReason::AfterCut, QuarantineAwaits::Decision)
        };
        assert!(items.iter().all(waits), "{items:?}");
        assert_eq!(parted.allergies(app), 0);
        assert_eq!(call(app, api::GetWhereabouts { patient: *patient }).set_aside, 1);
    }
    call(a, api::DecideSetAside { envelopes: ids(a), take_in: true });
    assert_eq!((aside(a), parted.allergies(a)), (Vec::new(), 1));
    assert_eq!(call(a, api::GetWhereabouts { patient: *patient }).set_aside, 0);
    synced(a);
    synced(d);
    assert_eq!((aside(d), parted.allergies(d)), (Vec::new(), 1));
    assert_eq!(chart(a, *patient), chart(d, *patient));
    // Whoever joins now has it from the start.
    let code = call(a, api::MakeDeviceCode {}).code;
    let e = join(&Station::new(&parted.server), code);
    synced(&e);
    assert_eq!(parted.allergies(&e), 1);
}

#[test]
fn what_is_left_aside_is_asked_about_nowhere_and_can_be_taken_in_later() {
    let parted = Parted::new();
    let Parted { a, d, patient, .. } = &parted;
    let all = ids(a);
    let count = u64::try_from(all.len()).unwrap();
    assert_eq!(call(a, api::GetSyncState {}).quarantined_deciding, count);
    call(a, api::DecideSetAside { envelopes: all.clone(), take_in: false });
    call(a, api::SyncNow {});
    call(d, api::SyncNow {});
    for app in [a.as_ref(), d] {
        let view = call(app, api::GetSyncState {});
        assert_eq!((view.quarantined, view.quarantined_left), (0, count));
        assert_eq!(view.quarantined_deciding, 0, "it waits for nobody");
        let left: Vec<_> = aside(app).into_iter().filter_map(|it| it.left).collect();
        assert_eq!(left.len(), all.len(), "it is kept");
        assert!(left.iter().all(|it| it.by == "Dr Ana Reyes"), "{left:?}");
        assert_eq!(call(app, api::GetWhereabouts { patient: *patient }).set_aside, 0);
    }
    call(d, api::DecideSetAside { envelopes: all, take_in: true });
    synced(d);
    synced(a);
    assert_eq!((parted.allergies(a), parted.allergies(d)), (1, 1));
}

#[test]
fn what_is_looked_at_again_stays_aside_while_nothing_has_changed() {
    let parted = Parted::new();
    let before = aside(&parted.a);
    assert_eq!(call(&parted.a, api::RetrySetAside {}), 0);
    assert_eq!(aside(&parted.a), before);
}

#[test]
fn only_what_waits_for_a_person_is_decided_on() {
    let parted = Parted::new();
    let a = &parted.a;
    let decide = |envelopes: Vec<String>, take_in| api::DecideSetAside { envelopes, take_in };
    assert_eq!(refused(a, decide(vec!["ab".repeat(32)], true)), ErrorCode::NotFound);
    assert_eq!(refused(a, decide(vec!["ab".into()], false)), ErrorCode::NotFound);
    assert_eq!(refused(a, decide(Vec::new(), true)), ErrorCode::Invalid);
    assert_eq!(refused(a, decide(vec![ids(a)[0].clone(); 501], true)), ErrorCode::Invalid);
    assert_eq!(parted.allergies(a), 0);
}

#[test]
fn what_was_decided_is_followed_after_a_death_before_it_was_looked_at_again() {
    let Parted { server: _server, a, d, patient } = Parted::new();
    let station = d.host().clone();
    drop(d);
    let (_, store) = hostile::open(&station);
    let waiting = store.quarantine(&["after-cut"], 0, 9).unwrap().rows;
    assert!(!waiting.is_empty());
    drop(store);
    call(&a, api::DecideSetAside { envelopes: ids(&a), take_in: true });
    synced(&a);
    let d = station.sign_in();
    synced(&d);
    drop(d);
    // As it stands where the decision was kept, and nothing else.
    let (_, store) = hostile::open(&station);
    store.receive(&Receipt { quarantine: waiting, ..Receipt::default() }).unwrap();
    drop(store);
    let d = station.sign_in();
    assert!(!aside(&d).is_empty());
    synced(&d);
    assert_eq!((aside(&d), chart(&d, patient).allergies.len()), (Vec::new(), 1));
}
