//! Computers of a clinic that exchange with each other, with a server or with none.

use super::{Station, allergy, chart, clinic, join, register, server::Server, synced};
use crate::support::{call, refused};
use api::{ErrorCode, Holder};
use app::{App, MetPeer};
use clinical::PatientId;
use std::{
    collections::BTreeMap,
    ops::ControlFlow,
    sync::{Arc, Mutex},
    time::Duration,
};
use sync::{
    carrier::{Carrier, Stop, get_in_parts},
    codec::Canonical as _,
    envelope::Envelope,
    ids::{BlobId, ClinicId, InviteId, VerifyKey},
    membership::SignedEntry,
    session::{Effect, Failure, RefusedRequest, SyncEvent},
    signing::Signer,
    wire::{
        BlobPart, BlobPartRequest, BlobsHeld, BlobsRequest, Frame, InvitePut, LaneRequest,
        MembersPage, MembersPush, MembersReply, MembersRequest, Principal, PushRequest, path,
        read_reply,
    },
};

/// Who answers at which address, each with its key; and the key of who asked last.
#[derive(Clone, Default)]
pub(crate) struct Lan(Arc<Mutex<BTreeMap<String, Answering>>>, Arc<Mutex<Option<VerifyKey>>>);

/// A computer that answers, and its key.
#[derive(Clone)]
struct Answering {
    app: Arc<App<Station>>,
    key: VerifyKey,
    wire: Arc<Mutex<Wire>>,
}

/// What happens to the bytes of files on the way from one computer.
#[derive(Default)]
struct Wire {
    /// Others are given in their place.
    lie: Option<fn(&mut Vec<u8>)>,
    /// The line breaks once after so many parts.
    cut: Option<usize>,
    /// Parts that were asked for.
    parts: usize,
    /// No exchange comes about: the line breaks with its first word.
    no_exchange: bool,
    /// Signatures of what is given of a lane are spoilt.
    forges: bool,
}

impl Lan {
    pub(crate) fn connect(
        &self,
        address: &str,
        signer: &dyn Signer,
        known: &[VerifyKey],
    ) -> Result<(VerifyKey, Box<dyn Carrier>), Failure> {
        let caller = VerifyKey(signer.public_key());
        *self.1.lock().unwrap() = Some(caller);
        let found = self.0.lock().unwrap().get(address).cloned();
        let Answering { app, key, wire } = found.ok_or(Failure::Unreachable)?;
        if !known.contains(&key) || !app.clinic_keys().contains(&caller) {
            return Err(Failure::Untrusted);
        }
        Ok((key, Box::new(PeerWay { app, caller, clinic: None, wire })))
    }

    /// The key that a computer shows.
    pub(super) fn key_of(&self, app: &App<Station>) -> VerifyKey {
        app.meet_peer("nobody").unwrap_err();
        self.1.lock().unwrap().take().unwrap()
    }

    /// The computer answers from now on.
    pub(super) fn serve(&self, address: &str, app: &Arc<App<Station>>, key: VerifyKey) {
        let answering = Answering { app: Arc::clone(app), key, wire: Arc::default() };
        self.0.lock().unwrap().insert(address.to_owned(), answering);
    }

    /// Nobody answers there any more.
    pub(super) fn switch_off(&self, address: &str) {
        self.0.lock().unwrap().remove(address);
    }

    /// Has one give other bytes of files, or its own again.
    pub(super) fn lie(&self, address: &str, lie: Option<fn(&mut Vec<u8>)>) {
        self.0.lock().unwrap()[address].wire.lock().unwrap().lie = lie;
    }

    /// Breaks the line to one once after so many parts of files.
    pub(super) fn cut_after(&self, address: &str, parts: usize) {
        self.0.lock().unwrap()[address].wire.lock().unwrap().cut = Some(parts);
    }

    /// Lets no exchange with one come about.
    pub(super) fn break_exchanges(&self, address: &str) {
        self.0.lock().unwrap()[address].wire.lock().unwrap().no_exchange = true;
    }

    /// Has one give what its devices did not sign.
    pub(super) fn forge(&self, address: &str) {
        self.0.lock().unwrap()[address].wire.lock().unwrap().forges = true;
    }

    /// How many parts of files one was asked for.
    pub(super) fn parts(&self, address: &str) -> usize {
        self.0.lock().unwrap()[address].wire.lock().unwrap().parts
    }
}

/// One computer's way to another.
struct PeerWay {
    app: Arc<App<Station>>,
    caller: VerifyKey,
    clinic: Option<ClinicId>,
    wire: Arc<Mutex<Wire>>,
}

impl PeerWay {
    fn ask<Q: Frame, A: Frame>(&self, path: &str, request: &Q) -> Result<A, Failure> {
        let reply = match self.app.answer(&self.caller, path, &request.to_frame()) {
            Ok(reply) => reply,
            Err(refusal) => refusal.to_frame(),
        };
        let refused = |refusal| Failure::Refused(RefusedRequest(refusal));
        read_reply::<A>(&reply).unwrap().map_err(refused)
    }

    fn event<Q: Frame, A: Frame>(
        &self,
        path: &str,
        request: &Q,
        wrap: fn(A) -> SyncEvent,
    ) -> SyncEvent {
        self.ask(path, request).map_or_else(SyncEvent::Failed, wrap)
    }
}

impl Carrier for PeerWay {
    fn identify(&mut self, clinic: ClinicId, _: Principal, _: Arc<dyn Signer + Send + Sync>) {
        self.clinic = Some(clinic);
    }

    fn heed(&mut self, _: &Stop) {}

    fn perform(&mut self, effect: Effect) -> Result<SyncEvent, Box<Effect>> {
        let is_first = matches!(effect, Effect::SendHello(_));
        if is_first && self.wire.lock().unwrap().no_exchange {
            return Ok(SyncEvent::Failed(Failure::Unreachable));
        }
        Ok(match effect {
            Effect::SendHello(request) => self.event(path::HELLO, &request, SyncEvent::Hello),
            Effect::SendMembers(request) => self.event(path::MEMBERS, &request, SyncEvent::Members),
            Effect::SendKeys(request) => self.event(path::KEYS, &request, SyncEvent::Keys),
            Effect::SendPush(request) => self.event(path::PUSH, &request, SyncEvent::Pushed),
            Effect::SendPull(request) => self.event(path::PULL, &request, SyncEvent::Page),
            other => return Err(Box::new(other)),
        })
    }

    fn members(&mut self, request: &MembersRequest) -> Result<MembersPage, Failure> {
        self.ask(path::MEMBERS, request)
    }

    fn push_members(&mut self, entries: Vec<SignedEntry>) -> Result<MembersReply, Failure> {
        let clinic = entries[0].entry().clinic;
        self.ask(path::MEMBERS_PUSH, &MembersPush { clinic, entries })
    }

    fn lane(&mut self, request: &LaneRequest) -> Result<PushRequest, Failure> {
        let mut given: PushRequest = self.ask(path::LANE, request)?;
        if self.wire.lock().unwrap().forges {
            for envelope in &mut given.envelopes {
                let mut bytes = envelope.to_bytes();
                *bytes.last_mut().unwrap() ^= 1;
                *envelope = Envelope::from_bytes(&bytes).unwrap();
            }
        }
        Ok(given)
    }

    fn blobs_held(&mut self, request: &BlobsRequest) -> Result<BlobsHeld, Failure> {
        self.ask(path::BLOBS, request)
    }

    fn get_blob(
        &mut self,
        id: BlobId,
        from: u64,
        take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<(), Failure> {
        let first = BlobPartRequest { clinic: self.clinic.unwrap(), id, from };
        let ask = |asked: &BlobPartRequest| {
            let mut wire = self.wire.lock().unwrap();
            if let Some(left) = wire.cut {
                wire.cut = left.checked_sub(1);
                if left == 0 {
                    return Err(Failure::Unreachable);
                }
            }
            wire.parts += 1;
            let mut part: BlobPart = self.ask(path::BLOB_PART, asked)?;
            if let Some(lie) = wire.lie {
                lie(&mut part.part);
            }
            Ok(part)
        };
        get_in_parts(first, ask, take)
    }

    fn put_invite(&mut self, _: &InvitePut) -> Result<(), Failure> {
        Err(Failure::Unreachable)
    }

    fn get_invite(&mut self, _: InviteId) -> Result<Vec<u8>, Failure> {
        Err(Failure::Unreachable)
    }

    fn listen(&mut self) -> Result<(), Failure> {
        Err(Failure::Unreachable)
    }

    fn news(&mut self, _: Duration) -> Result<Option<u64>, Failure> {
        Err(Failure::Unreachable)
    }
}

/// Three computers of one clinic that answer at `a`, `b` and `c`; the server is away from then on.
pub(super) fn three() -> (Server, [Arc<App<Station>>; 3]) {
    let (server, _, _, apps) = three_stations();
    (server, apps)
}

/// The same, with their network and folders.
pub(super) fn three_stations() -> (Server, Lan, [Station; 3], [Arc<App<Station>>; 3]) {
    let server = Server::default();
    let lan = Lan::default();
    let station = || Station { lan: lan.clone(), ..Station::new(&server) };
    let stations = [station(), station(), station()];
    let a = Arc::new(clinic(&stations[0]));
    let b = Arc::new(join(&stations[1], call(&a, api::MakeDeviceCode {}).code));
    let c = Arc::new(join(&stations[2], call(&a, api::MakeDeviceCode {}).code));
    for app in [&a, &b, &c] {
        synced(app);
    }
    let keys = server.device_keys();
    for ((name, app), key) in [("a", &a), ("b", &b), ("c", &c)].into_iter().zip(keys) {
        lan.serve(name, app, key);
    }
    server.set_away(true);
    (server, lan, stations, [a, b, c])
}

pub(super) fn meet(app: &App<Station>, address: &str) -> (u64, u64) {
    let MetPeer { sent, received, .. } = app.meet_peer(address).unwrap();
    (sent, received)
}

fn allergies(app: &App<Station>, patient: PatientId) -> usize {
    chart(app, patient).allergies.len()
}

#[test]
fn computers_exchange_with_each_other_while_the_server_is_away() {
    let (server, [a, b, c]) = three();
    let patient = register(&a, "Okello");
    // The one that asks gives and takes; the one that is asked has it too.
    let (sent, received) = meet(&a, "b");
    assert!(sent > 0, "{sent} {received}");
    assert_eq!(chart(&b, patient), chart(&a, patient));
    allergy(&b, patient, "Penicillin");
    let (_, received) = meet(&a, "b");
    assert_eq!(received, 1, "who reaches nobody itself gives what it recorded by being asked");
    assert_eq!(allergies(&a, patient), 1);
    // One hop further, by the one in the middle.
    meet(&b, "c");
    assert_eq!(chart(&c, patient), chart(&b, patient));
    assert_eq!(allergies(&c, patient), 1);
    meet(&c, "a");
    assert_eq!(chart(&a, patient), chart(&c, patient));
    // They come to rest, and then nothing moves.
    let pairs = [(&a, "b"), (&b, "c"), (&c, "a"), (&b, "a"), (&c, "b"), (&a, "c")];
    for _ in 0..3 {
        pairs.iter().for_each(|(app, other)| {
            meet(app, other);
        });
    }
    for (app, other) in pairs {
        assert_eq!(meet(app, other), (0, 0), "{other}");
    }
    // When the server is back, one brings it everything, and the others nothing twice.
    server.set_away(false);
    assert!(synced(&c).sent > 0);
    for app in [&a, &b] {
        // What one sealed itself it says once more, as the server may not have it.
        synced(app);
        let view = synced(app);
        assert_eq!((view.sent, view.received), (0, 0), "{view:?}");
        assert!(view.alarms.is_empty(), "{:?}", view.alarms);
    }
    assert!([&a, &b, &c].iter().all(|app| app.check().unwrap().sound));
}

#[test]
fn who_else_holds_what_is_here_is_told() {
    let (_server, [a, b, _c]) = three();
    let held = || {
        let told = call(&*a, api::GetSyncState {}).holders;
        let name = |who: &Holder| match who {
            Holder::Server => "the server".to_owned(),
            Holder::Computer { name, .. } => name.clone().unwrap_or_default(),
        };
        told.iter().map(|holder| (name(&holder.who), holder.lacks)).collect::<Vec<_>>()
    };
    let at_rest = |lacks| ("the server".to_owned(), lacks);
    assert_eq!(held(), [at_rest(0)], "who was never met by itself is not told");
    let patient = register(&a, "Okello");
    assert_eq!(held(), [at_rest(1)]);
    // What one sealed itself counts once the other has said that it took it.
    meet(&a, "b");
    meet(&a, "b");
    let b_holds = |lacks| ("Consulting room 2".to_owned(), lacks);
    assert_eq!(held(), [at_rest(1), b_holds(0)]);
    allergy(&a, patient, "Penicillin");
    assert_eq!(held(), [at_rest(2), b_holds(1)]);
    allergy(&b, patient, "Latex");
    meet(&b, "a");
    // What came from it, it has; what was not asked for stays.
    assert_eq!(held(), [at_rest(3), b_holds(1)]);
}

#[test]
fn two_that_write_and_ask_at_once_both_have_everything() {
    let (_server, [a, b, _c]) = three();
    let patient = register(&a, "Okello");
    meet(&a, "b");
    let work = |app: Arc<App<Station>>, other: &'static str, names: [&'static str; 3]| {
        std::thread::spawn(move || {
            for substance in names {
                allergy(&app, patient, substance);
                app.meet_peer(other).unwrap();
            }
        })
    };
    let one = work(Arc::clone(&a), "b", ["Penicillin", "Latex", "Peanut"]);
    let other = work(Arc::clone(&b), "a", ["Aspirin", "Eggs", "Iodine"]);
    one.join().unwrap();
    other.join().unwrap();
    meet(&a, "b");
    meet(&b, "a");
    assert_eq!((allergies(&a, patient), allergies(&b, patient)), (6, 6));
    assert_eq!(chart(&a, patient), chart(&b, patient));
    assert_eq!(meet(&a, "b"), (0, 0));
    for app in [&a, &b] {
        let view = call(app, api::GetSyncState {});
        assert!(view.alarms.is_empty() && view.quarantined == 0, "{view:?}");
        assert!(app.check().unwrap().sound);
    }
}

#[test]
fn a_copy_that_calls_its_original_is_no_other_computer_that_holds_its_work() {
    let (server, lan, [station_a, _, _], [a, b, c]) = three_stations();
    let patient = register(&a, "Okello");
    let key = lan.key_of(&a);
    lan.serve("a", &b, key);
    drop(a);
    let copy = Station { lan: lan.clone(), ..Station::new(&server) };
    copy.restore(&station_a.copy());
    let (a, twin) = (Arc::new(station_a.sign_in()), copy.sign_in());
    lan.serve("a", &a, key);
    allergy(&a, patient, "Latex");
    for _ in 0..2 {
        twin.meet_peer("a").unwrap();
    }
    assert_eq!(allergies(&twin, patient), 1, "its work is given all the same");
    lan.serve("a", &b, key);
    drop((a, twin, c));
    let (_, store) = super::hostile::open(&station_a);
    assert_eq!(store.named_with_prefix("sync/met/").unwrap(), [], "nobody else was met");
}

#[test]
fn a_removed_computer_is_served_by_nobody_who_knows() {
    let (server, [a, b, c]) = three();
    server.set_away(false);
    let devices = call(&a, api::ListDevices {});
    let here = call(&c, api::ListDevices {}).into_iter().find(|device| device.here).unwrap().id;
    let device = devices.iter().find(|device| device.id == here).unwrap().id;
    call(&a, api::RevokeDevice { device });
    server.set_away(true);
    assert_eq!(c.meet_peer("a").unwrap_err().code, ErrorCode::ServerNotTrusted);
    // The other does not know yet, and hears of it from the first.
    meet(&c, "b");
    meet(&b, "a");
    assert_eq!(c.meet_peer("b").unwrap_err().code, ErrorCode::ServerNotTrusted);
}

#[test]
fn nobody_is_served_who_is_not_of_the_clinic_or_while_nobody_is_signed_in() {
    let (_server, [a, b, _c]) = three();
    let other_server = Server::default();
    let strange = clinic(&Station::new(&other_server));
    synced(&strange);
    let stranger = other_server.device_keys().remove(0);
    assert!(!a.clinic_keys().contains(&stranger) && strange.clinic_keys().contains(&stranger));
    let request = MembersRequest { clinic: ClinicId([1; 16]), from: 0 };
    let asked = |caller| a.answer(caller, path::MEMBERS, &request.to_frame());
    assert!(asked(&stranger).is_err());
    assert_eq!(b.meet_peer("nowhere").unwrap_err().code, ErrorCode::Unreachable);
    call(&a, api::Lock {});
    assert_eq!(b.meet_peer("a").unwrap_err().code, ErrorCode::ServerNotTrusted);
    assert_eq!(refused(&a, api::SyncNow {}), ErrorCode::SignedOut);
}

#[test]
fn a_computer_that_is_switched_off_the_network_serves_nobody_until_it_is_on_again() {
    let (_server, [a, b, _c]) = three();
    assert_eq!(call(&b, api::GetSyncState {}).lan, api::LanState::On);
    call(&b, api::SetLan { on: false });
    assert!(!b.is_on_lan());
    assert_eq!(call(&b, api::GetSyncState {}).lan, api::LanState::Off);
    let patient = register(&a, "Okello");
    a.meet_peer("b").unwrap_err();
    call(&b, api::SetLan { on: true });
    call(&b, api::SetLan { on: true });
    assert!(b.is_on_lan());
    assert_eq!(meet(&a, "b").0, 1);
    assert!(chart(&b, patient).patient.is_some());
    call(&b, api::Lock {});
    assert!(!b.is_on_lan());
}

/// A computer that answered held joins against its own clock: it took no list with a join whose code had
/// ended, and whoever brought one was told that the lists do not agree.
#[test]
fn a_join_of_long_ago_is_told_from_computer_to_computer() {
    let (server, _, stations, [a, b, _]) = three_stations();
    server.set_away(false);
    join(&Station::new(&server), call(&a, api::MakeDeviceCode {}).code);
    synced(&a);
    server.set_away(true);
    stations[1].desk.later(2 * 60 * 60 * 1000);
    let patient = register(&a, "Okello");
    meet(&a, "b");
    assert_eq!(chart(&b, patient), chart(&a, patient));
}
