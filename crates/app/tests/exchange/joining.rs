//! Joining is brought to its end whatever cuts it off.

use super::{
    Station, allergy, call, chart, clinic, refused, register,
    server::{Server, Spoilt, State, Way},
    synced,
};
use crate::support::{Desk, PASSWORD};
use api::{ErrorCode, Event, Origin, Stage};
use app::{App, Host};
use clinical::{Instant, PatientId};
use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};
use sync::{
    carrier::{Carrier, Stop},
    ids::{ClinicId, InviteId, ServerPin},
    membership::SignedEntry,
    session::{Effect, Failure, SyncEvent},
    signing::Signer,
    wire::{InvitePut, MembersPage, MembersReply, MembersRequest, Principal},
};
use vault::{KeyringPort, keyring::MemoryKeyring, stretch::StretchParams};

const MARK: &str = "fieldchart.joining";

type Files = Vec<(String, Vec<u8>)>;

/// What a death at one instant leaves: the folder and the server.
struct Moment {
    step: &'static str,
    files: Files,
    server: State,
}

/// A computer of which each instant between two dealings with the world is remembered.
#[derive(Clone)]
struct Recorder {
    station: Station,
    moments: Arc<Mutex<Vec<Moment>>>,
}

impl Recorder {
    fn remember(&self, step: &'static str) {
        let (files, server) = (self.station.copy(), self.station.server.state());
        let mut moments = self.moments.lock().unwrap();
        let is_new = moments
            .last()
            .is_none_or(|last| last.files != files || last.server.list_len() != server.list_len());
        if is_new {
            moments.push(Moment { step, files, server });
        }
    }
}

impl Host for Recorder {
    fn now(&self) -> Instant {
        self.remember("now");
        self.station.now()
    }

    fn fill_random(&self, bytes: &mut [u8]) {
        self.remember("random");
        self.station.fill_random(bytes);
    }

    fn stretching(&self) -> StretchParams {
        self.station.stretching()
    }

    fn keyring(&self) -> &dyn KeyringPort {
        self.remember("keyring");
        self.station.keyring()
    }

    fn directory(&self) -> &Path {
        self.station.directory()
    }

    fn device_name(&self) -> String {
        self.station.device_name()
    }

    fn connect(&self, _url: &str, _pin: ServerPin) -> Result<Box<dyn Carrier>, Failure> {
        self.remember("connect");
        let way = Way::new(self.station.server.clone());
        Ok(Box::new(Recorded { way, recorder: self.clone() }))
    }

    fn emit(&self, event: Event) {
        self.station.emit(event);
    }
}

/// The recorder's way to the server.
struct Recorded {
    way: Way,
    recorder: Recorder,
}

impl Recorded {
    fn around<T>(&mut self, step: &'static str, act: impl FnOnce(&mut Way) -> T) -> T {
        self.recorder.remember(step);
        let answer = act(&mut self.way);
        self.recorder.remember(step);
        answer
    }
}

impl Carrier for Recorded {
    fn identify(
        &mut self,
        clinic: ClinicId,
        principal: Principal,
        signer: Arc<dyn Signer + Send + Sync>,
    ) {
        self.way.identify(clinic, principal, signer);
    }

    fn heed(&mut self, stop: &Stop) {
        self.way.heed(stop);
    }

    fn perform(&mut self, effect: Effect) -> Result<SyncEvent, Box<Effect>> {
        self.around("exchange", |way| way.perform(effect))
    }

    fn members(&mut self, request: &MembersRequest) -> Result<MembersPage, Failure> {
        self.around("read list", |way| way.members(request))
    }

    fn push_members(&mut self, entries: Vec<SignedEntry>) -> Result<MembersReply, Failure> {
        self.around("enter list", |way| way.push_members(entries))
    }

    fn put_invite(&mut self, put: &InvitePut) -> Result<(), Failure> {
        self.way.put_invite(put)
    }

    fn get_invite(&mut self, id: InviteId) -> Result<Vec<u8>, Failure> {
        self.around("get invite", |way| way.get_invite(id))
    }

    fn listen(&mut self) -> Result<(), Failure> {
        self.way.listen()
    }

    fn news(&mut self, at_most: Duration) -> Result<Option<u64>, Failure> {
        self.way.news(at_most)
    }
}

fn join(code: &str) -> api::JoinClinic {
    let (code, device_name) = (code.to_owned(), "Consulting room 2".to_owned());
    api::JoinClinic { code, device_name, password: PASSWORD.into() }
}

/// A clinic with a chart, and a code for one more computer.
fn invited(server: &Server) -> (App<Station>, PatientId, String) {
    let app = clinic(&Station::new(server));
    let patient = register(&app, "Okello");
    allergy(&app, patient, "Penicillin");
    synced(&app);
    let code = call(&app, api::MakeDeviceCode {}).code;
    (app, patient, code)
}

/// Starts again on what a death left, and must end up as a computer of the clinic, the only new
/// one. Answers what the window showed first.
fn goes_on(moment: &Moment, files: &Files, code: &str, patient: PatientId) -> Stage {
    let step = moment.step;
    let station = Station::new(&Server::of(&moment.server));
    station.restore(files);
    let app = App::new(station.clone());
    let stage = call(&app, api::GetStatus {}).stage;
    match &stage {
        Stage::FirstRun | Stage::Joining { .. } => {
            let opened = app.call(join(code), Origin::Host);
            let opened = opened.unwrap_or_else(|error| panic!("{step}, {stage:?}: {error:?}"));
            assert_eq!(opened.session.clinic_name, "Lakeside", "{step}");
            assert_eq!(opened.recovery_code.len(), 42, "{step}");
        }
        // It has entered: it can be signed in to, and the same code still shows the recovery code.
        Stage::SignedOut { users, .. } => {
            assert_eq!(users, &["ana"], "{step}");
            let opened = app.call(join(code), Origin::Host);
            let opened = opened.unwrap_or_else(|error| panic!("{step}, {stage:?}: {error:?}"));
            assert_eq!(opened.recovery_code.len(), 42, "{step}");
        }
        Stage::SignedIn(_) | Stage::Blocked(_) => panic!("{step}: {stage:?}"),
    }
    synced(&app);
    assert_eq!(call(&app, api::ListDevices {}).len(), 2, "{step}: this one and the first");
    assert_eq!(chart(&app, patient).allergies.len(), 1, "{step}");
    assert!(app.check().unwrap().sound, "{step}");
    drop(app);
    synced(&station.sign_in());
    assert!(!station.desk.path().join(MARK).exists(), "{step}");
    assert_eq!(refused(&App::new(station), join(code)), ErrorCode::AlreadyExists, "{step}");
    stage
}

/// Every instant of joining at which something had changed in the folder or at the server.
fn moments(server: &Server, code: &str) -> Vec<Moment> {
    let recorder = Recorder { station: Station::new(server), moments: Arc::default() };
    let app = App::new(recorder.clone());
    app.call(join(code), Origin::Host).unwrap();
    drop(app);
    let mut moments = std::mem::take(&mut *recorder.moments.lock().unwrap());
    // Of the first exchange, which is long, some instants from its start to its end.
    let begins = moments.iter().position(|moment| moment.step == "exchange").unwrap();
    let exchange = moments.split_off(begins);
    let apart = (exchange.len() / 8).max(1);
    assert!(exchange.len() > 8, "it goes by steps: {}", exchange.len());
    let last = exchange.len() - 1;
    let some = exchange.into_iter().enumerate().filter(|(at, _)| at % apart == 0 || *at == last);
    moments.extend(some.map(|(_, moment)| moment));
    moments
}

#[test]
fn a_death_at_any_instant_of_joining_costs_neither_code_nor_store() {
    let server = Server::default();
    let (_first, patient, code) = invited(&server);
    let moments = moments(&server, &code);
    let kind = |stage: &Stage| match stage {
        Stage::FirstRun => "first run",
        Stage::Joining { .. } => "joining",
        _ => "joined",
    };
    let told = |moment: &Moment| moment.server.list_len() > moments[0].server.list_len();
    let seen: Vec<_> =
        moments.iter().map(|m| (kind(&goes_on(m, &m.files, &code, patient)), told(m))).collect();
    for want in [("first run", false), ("joining", false), ("joining", true), ("joined", true)] {
        assert!(seen.contains(&want), "no instant of the kind {want:?} among {seen:?}");
    }
    assert!(!seen.contains(&("first run", true)), "told while it could not be ended: {seen:?}");
}

#[test]
fn what_a_death_left_half_made_or_half_cleared_is_cleared_and_made_anew() {
    let server = Server::default();
    let (_first, patient, code) = invited(&server);
    let moments = moments(&server, &code);
    let is_ready = |moment: &&Moment| {
        let mark = moment.files.iter().find(|(name, _)| name == MARK);
        mark.is_some_and(|(_, bytes)| bytes.ends_with(b"ready\n"))
    };
    let ready = moments.iter().find(is_ready).unwrap();
    let file = |name: &str| ready.files.iter().find(|(n, _)| n == name).unwrap().1.clone();
    let head = file(MARK).split_inclusive(|byte| *byte == b'\n').next().unwrap().to_vec();
    let database = file("fieldchart.db");
    let parts = [
        ("keyslots.a", file("keyslots.a")),
        ("keyslots.b", file("keyslots.b")),
        ("fieldchart.new", database.clone()),
        ("fieldchart.anchor", file("fieldchart.anchor")),
        ("fieldchart.db", database),
    ];
    let check = |mark: Vec<u8>, parts: &[(&str, Vec<u8>)]| {
        let mut files = vec![(MARK.to_owned(), mark)];
        files.extend(parts.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.clone())));
        assert_eq!(goes_on(ready, &files, &code, patient), Stage::FirstRun);
    };
    for made in 0..=parts.len() {
        check(head.clone(), &parts[..made]);
    }
    check(Vec::new(), &[]);
    check(head[..9].to_vec(), &[]);
    // The store goes first: without its slots it would be nobody's.
    for left in (0..=parts.len()).rev() {
        check([&head[..], b"\nready\n\nover\n"].concat(), &parts[..left]);
    }
}

#[test]
fn a_lost_answer_or_a_list_that_moved_uses_up_no_code() {
    for spoilt in [Spoilt::Answer, Spoilt::Request] {
        let server = Server::default();
        let (first, patient, code) = invited(&server);
        let app = App::new(Station::new(&server));
        server.spoil_next_push(spoilt);
        assert_eq!(refused(&app, join(&code)), ErrorCode::Unreachable);
        let user_name = "ana".to_owned();
        assert_eq!(call(&app, api::GetStatus {}).stage, Stage::Joining { user_name });
        // Nobody gets into a store that is not of the clinic yet, and none is made over it.
        let sign_in = api::SignIn { user_name: "ana".into(), password: PASSWORD.into() };
        assert_eq!(refused(&app, sign_in), ErrorCode::JoiningUnfinished);
        let create = api::CreateClinic {
            clinic_name: "Other".into(),
            user_name: "bo".into(),
            name: "Bo".into(),
            password: PASSWORD.into(),
            device_name: None,
            server: None,
        };
        assert_eq!(refused(&app, create), ErrorCode::AlreadyExists);
        // Meanwhile others change the list.
        call(&first, api::MakeDeviceCode {});
        let wrong = api::ResumeJoining { password: "another long password".into() };
        assert_eq!(refused(&app, wrong), ErrorCode::WrongPassword);
        let resume = || api::ResumeJoining { password: PASSWORD.into() };
        let opened = call(&app, resume());
        assert_eq!(chart(&app, patient).allergies.len(), 1);
        assert_eq!(call(&app, api::ListDevices {}).len(), 2);
        assert_eq!(refused(&app, resume()), ErrorCode::NoClinic);
        // The code that was shown is the one that opens.
        call(&app, api::Lock {});
        let (code, user_name) = (opened.recovery_code, "ana".to_owned());
        let password = "an entirely new long password".to_owned();
        call(&app, api::RecoverAccess { code, user_name, password });
        let newest = api::ReadAudit { patient: None, from: api::AuditFrom::Newest, limit: 99 };
        let rows = call(&app, newest).rows;
        let failed: Vec<_> = rows.iter().filter(|row| row.outcome == "failure").collect();
        assert_eq!(failed.iter().map(|row| &*row.resource).collect::<Vec<_>>(), ["resume-joining"]);
        synced(&app);
        synced(&first);
    }
}

#[test]
fn a_code_that_died_meanwhile_leaves_a_clean_computer() {
    let server = Server::default();
    let (first, patient, code) = invited(&server);
    let app = App::new(Station::new(&server));
    server.spoil_next_push(Spoilt::Request);
    assert_eq!(refused(&app, join(&code)), ErrorCode::Unreachable);
    // A computer is removed: the keys change, and codes made before are dead.
    let other = App::new(Station::new(&server));
    call(&other, join(&call(&first, api::MakeDeviceCode {}).code));
    synced(&first);
    let devices = call(&first, api::ListDevices {});
    let device = devices.iter().find(|device| !device.here).unwrap().id;
    call(&first, api::RevokeDevice { device });
    assert_eq!(refused(&app, join(&code)), ErrorCode::BadCode);
    assert_eq!(call(&app, api::GetStatus {}).stage, Stage::FirstRun);
    let code = call(&first, api::MakeDeviceCode {}).code;
    call(&app, join(&code));
    assert_eq!(chart(&app, patient).allergies.len(), 1);
}

#[test]
fn another_code_begins_anew() {
    let server = Server::default();
    let (first, patient, code) = invited(&server);
    let app = App::new(Station::new(&server));
    server.spoil_next_push(Spoilt::Request);
    assert_eq!(refused(&app, join(&code)), ErrorCode::Unreachable);
    let other = call(&first, api::MakeDeviceCode {}).code;
    let password = "quite another long password".to_owned();
    call(&app, api::JoinClinic { password, ..join(&other) });
    assert_eq!(chart(&app, patient).allergies.len(), 1);
    assert_eq!(call(&app, api::ListDevices {}).len(), 2);
}

#[test]
fn a_dead_code_costs_no_joining_that_can_be_ended() {
    let server = Server::default();
    let (first, patient, code) = invited(&server);
    let used = call(&first, api::MakeDeviceCode {}).code;
    call(&App::new(Station::new(&server)), join(&used));
    let app = App::new(Station::new(&server));
    server.spoil_next_push(Spoilt::Request);
    assert_eq!(refused(&app, join(&code)), ErrorCode::Unreachable);
    assert_eq!(refused(&app, join(&used)), ErrorCode::BadCode);
    let user_name = "ana".to_owned();
    assert_eq!(call(&app, api::GetStatus {}).stage, Stage::Joining { user_name });
    call(&app, api::ResumeJoining { password: PASSWORD.into() });
    assert_eq!(chart(&app, patient).allergies.len(), 1);
}

#[test]
fn a_mark_that_cannot_be_read_is_not_none() {
    let server = Server::default();
    let station = Station::new(&server);
    call(&clinic(&station), api::Lock {});
    let app = App::new(station.clone());
    std::fs::create_dir(station.desk.path().join(MARK)).unwrap();
    let stage = call(&app, api::GetStatus {}).stage;
    assert!(matches!(stage, Stage::Blocked(_)), "{stage:?}");
    let sign_in = || api::SignIn { user_name: "ana".into(), password: PASSWORD.into() };
    refused(&app, sign_in());
    std::fs::remove_dir(station.desk.path().join(MARK)).unwrap();
    call(&app, sign_in());
}

#[test]
fn two_processes_do_not_join_at_once() {
    let server = Server::default();
    let (_first, _, code) = invited(&server);
    let station = Station::new(&server);
    let app = App::new(station.clone());
    server.spoil_next_push(Spoilt::Request);
    assert_eq!(refused(&app, join(&code)), ErrorCode::Unreachable);
    let mark = std::fs::File::open(station.desk.path().join(MARK)).unwrap();
    mark.try_lock().unwrap();
    assert_eq!(refused(&app, join(&code)), ErrorCode::StoreInUse);
    drop(mark);
    call(&app, join(&code));
}

#[test]
fn a_joining_that_is_given_up_leaves_nothing_in_the_keyring() {
    let server = Server::default();
    let (first, _, code) = invited(&server);
    let keyring = Arc::new(MemoryKeyring::default());
    let desk = Desk::with_keyring(keyring.clone());
    let app = App::new(Station { desk, ..Station::new(&server) });
    server.spoil_next_push(Spoilt::Request);
    assert_eq!(refused(&app, join(&code)), ErrorCode::Unreachable);
    let begun = keyring.names();
    assert!(!begun.is_empty());
    call(&app, join(&call(&first, api::MakeDeviceCode {}).code));
    let kept = keyring.names();
    assert_eq!(kept.len(), begun.len(), "{kept:?}");
    assert!(kept.iter().all(|name| !begun.contains(name)), "{begun:?}: {kept:?}");
}

/// When a code ends the server's clock says: neither that of who made it nor that of who joins.
#[test]
fn a_wrong_clock_ends_no_code() {
    const DAYS_MS: i64 = 3 * 24 * 60 * 60 * 1000;
    for (of_maker, of_joiner) in [(-DAYS_MS, 0), (DAYS_MS, 0), (0, DAYS_MS), (0, -DAYS_MS)] {
        let server = Server::default();
        let (maker, joiner) = (Station::new(&server), Station::new(&server));
        let a = clinic(&maker);
        maker.desk.later(of_maker);
        joiner.desk.later(of_joiner);
        let code = call(&a, api::MakeDeviceCode {}).code;
        let b = super::join(&joiner, code);
        assert_eq!(call(&b, api::ListDevices {}).len(), 2, "{of_maker} {of_joiner}");
    }
}
