//! Computers of one clinic that meet at a server: enrolment, exchange, restore, removal. The
//! server is the real answers over a log in memory; frames are written and read.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::as_conversions,
    clippy::string_slice,
    clippy::use_self,
    clippy::wildcard_enum_match_arm,
    reason = "a test stops at the first surprise"
)]

mod admission;
mod apart;
mod audited;
mod belated;
mod bundle;
mod checkpoints;
mod coming;
mod copies;
mod corrected;
mod cuts;
mod decisions;
mod denied;
mod documents;
mod documents_carried;
mod documents_nearby;
mod door;
mod erasing;
mod filled;
mod floors;
mod histories;
mod hostile;
mod joining;
mod junk_keys;
mod kit;
mod lanes;
mod large;
mod line;
mod listen;
mod made_up;
mod messages;
mod met;
mod noted;
mod packs;
mod parted_lists;
mod parts;
mod peers;
mod people;
mod quarantine;
mod removed_nearby;
mod rotation;
mod seen_alarms;
mod served_keys;
mod server;
mod sharing;

mod strayed;
mod tiers;
mod together;
mod too_large;
mod unseen;
mod visits;
mod whereabouts;

use crate::support::{Desk, PASSWORD, call, create, refused};
use api::{ErrorCode, Origin, SyncPhase, SyncView};
use app::{App, Drive, Host};
use clinical::{
    AllergyDraft, Chart, Instant, MedicationDraft, MedicationId, NoteSectionCode, PatientDraft,
    PatientId, TaskStatus,
};
use peers::Lan;
use server::{Server, Way};
use std::{
    collections::VecDeque,
    path::Path,
    sync::{Arc, Mutex},
};
use sync::{
    carrier::Carrier,
    ids::{ServerPin, VerifyKey},
    session::Failure,
    signing::Signer,
};
use vault::{KeyringPort, stretch::StretchParams};

/// A computer that can reach the server.
#[derive(Clone)]
struct Station {
    desk: Desk,
    server: Server,
    lan: Lan,
    drives: Arc<Mutex<Vec<Drive>>>,
    between: Arc<Mutex<VecDeque<Act>>>,
}

/// What a program asks its computer for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asks {
    /// What time it is.
    Clock,
    /// A way to the server.
    Server,
    /// A way to another computer.
    Neighbour,
}

/// What happens before a program gets what it asks for.
type Act = (Asks, Box<dyn FnOnce() + Send>);

/// How far the windows of a computer were told that a file is, in turn; nothing once it was over.
fn carried(app: &App<Station>, act: api::FileAct) -> Vec<Option<api::FileProgress>> {
    let told = app.host().desk.events.lock().unwrap();
    let far = |event: &api::Event| match event {
        api::Event::Carrying { act: of, far } if *of == act => Some(*far),
        api::Event::Carrying { .. }
        | api::Event::Changed { .. }
        | api::Event::ExchangeAsked
        | api::Event::Exchanging(_)
        | api::Event::Rebuilding { .. } => None,
    };
    told.iter().filter_map(far).collect()
}

impl Host for Station {
    fn now(&self) -> Instant {
        self.come_between(Asks::Clock);
        self.desk.now()
    }

    fn fill_random(&self, bytes: &mut [u8]) {
        self.desk.fill_random(bytes);
    }

    fn stretching(&self) -> StretchParams {
        self.desk.stretching()
    }

    fn keyring(&self) -> &dyn KeyringPort {
        self.desk.keyring()
    }

    fn directory(&self) -> &Path {
        self.desk.path()
    }

    fn device_name(&self) -> String {
        "Front desk".to_owned()
    }

    fn connect(&self, url: &str, pin: ServerPin) -> Result<Box<dyn Carrier>, Failure> {
        self.come_between(Asks::Server);
        assert_eq!(url, "https://sync.test:8443");
        if pin != server::PIN {
            return Err(Failure::Untrusted);
        }
        Ok(Box::new(Way::new(self.server.clone())))
    }

    fn pin_shown_at(&self, url: &str) -> Result<ServerPin, Failure> {
        assert_eq!(url, "https://sync.test:8443");
        Ok(server::PIN)
    }

    fn has_lan(&self) -> bool {
        true
    }

    fn drives(&self) -> Vec<Drive> {
        self.drives.lock().unwrap().clone()
    }

    fn connect_peer(
        &self,
        address: &str,
        signer: Arc<dyn Signer + Send + Sync>,
        known: Vec<VerifyKey>,
    ) -> Result<(VerifyKey, Box<dyn Carrier>), Failure> {
        self.come_between(Asks::Neighbour);
        self.lan.connect(address, signer.as_ref(), &known)
    }

    fn emit(&self, event: api::Event) {
        self.desk.emit(event);
    }
}

impl Station {
    fn new(server: &Server) -> Self {
        Self {
            desk: Desk::new(),
            server: server.clone(),
            lan: Lan::default(),
            drives: Arc::default(),
            between: Arc::default(),
        }
    }

    /// Has something happen when this is asked for next, after what was said before.
    fn before(&self, asks: Asks, act: impl FnOnce() + Send + 'static) {
        self.between.lock().unwrap().push_back((asks, Box::new(act)));
    }

    fn come_between(&self, asked: Asks) {
        let next = self.between.lock().unwrap().pop_front_if(|(asks, _)| *asks == asked);
        if let Some((_, act)) = next {
            act();
        }
    }

    /// Plugs a drive in.
    fn plug(&self, name: &str, path: &Path) {
        self.drives.lock().unwrap().push(Drive { name: name.to_owned(), path: path.to_owned() });
    }

    /// A copy of the store's folder as it is now; its program must be closed.
    fn copy(&self) -> Vec<(String, Vec<u8>)> {
        let files = std::fs::read_dir(self.desk.path()).unwrap().map(Result::unwrap);
        let files = files.filter(|file| file.file_type().unwrap().is_file());
        files
            .map(|file| {
                let name = file.file_name().into_string().unwrap();
                (name, std::fs::read(file.path()).unwrap())
            })
            .collect()
    }

    /// Puts a copy back.
    fn restore(&self, copy: &[(String, Vec<u8>)]) {
        for file in std::fs::read_dir(self.desk.path()).unwrap().map(Result::unwrap) {
            std::fs::remove_file(file.path()).unwrap();
        }
        for (name, bytes) in copy {
            std::fs::write(self.desk.path().join(name), bytes).unwrap();
        }
    }

    fn sign_in(&self) -> App<Station> {
        let app = App::new(self.clone());
        call(&app, api::SignIn { user_name: "ana".into(), password: PASSWORD.into() });
        app
    }
}

/// How many packs the server holds.
fn packs_held(server: &Server) -> usize {
    let is_pack = |one: &&sync::envelope::Envelope| one.header().kind == sync::envelope::Kind::Pack;
    server.held().0.iter().filter(is_pack).count()
}

fn synced(app: &App<Station>) -> SyncView {
    let view = call(app, api::SyncNow {});
    assert_eq!(view.phase, SyncPhase::Idle);
    assert_eq!((view.to_send, view.quarantined), (0, 0), "{view:?}");
    app.carry_files().unwrap();
    view
}

fn address() -> String {
    format!("https://sync.test:8443#sha256:{}", server::PIN)
}

fn clinic(station: &Station) -> App<Station> {
    let app = App::new(station.clone());
    create(&app, Some(address()));
    app
}

/// Another clinic, with a server of its own.
fn hilltop(station: Station) -> App<Station> {
    let app = App::new(station);
    let create = api::CreateClinic {
        clinic_name: "Hilltop".into(),
        user_name: "ben".into(),
        name: "Dr Ben Otim".into(),
        password: PASSWORD.into(),
        device_name: None,
        server: Some(address()),
    };
    call(&app, create);
    app
}

fn join(station: &Station, code: String) -> App<Station> {
    let app = App::new(station.clone());
    let device_name = "Consulting room 2".into();
    let joined = call(&app, api::JoinClinic { code, device_name, password: PASSWORD.into() });
    let session = joined.session;
    assert_eq!((session.clinic_name.as_str(), session.name.as_str()), ("Lakeside", "Dr Ana Reyes"));
    app
}

/// Two computers of one clinic.
fn two(server: &Server) -> ([Station; 2], [App<Station>; 2]) {
    let stations = [Station::new(server), Station::new(server)];
    let a = clinic(&stations[0]);
    let code = call(&a, api::MakeDeviceCode {}).code;
    let b = join(&stations[1], code);
    synced(&a);
    (stations, [a, b])
}

fn register(app: &App<Station>, family: &str) -> PatientId {
    let draft = PatientDraft {
        family: family.into(),
        given: "Amina".into(),
        birth_date: "1988-03-14".into(),
        ..Default::default()
    };
    call(app, api::RegisterPatient { draft })
}

fn chart(app: &App<Station>, patient: PatientId) -> Chart {
    call(app, api::OpenChart { patient }).chart
}

fn allergy(app: &App<Station>, patient: PatientId, substance: &str) {
    let draft = AllergyDraft { substance: substance.into(), ..Default::default() };
    call(app, api::RecordAllergy { patient, draft });
}

fn conflicts(app: &App<Station>) -> Vec<api::ConflictItem> {
    call(app, api::ListConflicts { after: None, limit: 9 }).items
}

fn medication(name: &str, dose: &str, frequency: &str) -> MedicationDraft {
    MedicationDraft {
        medication: name.into(),
        dose: dose.into(),
        unit: "mg".into(),
        frequency: frequency.into(),
        ..Default::default()
    }
}

#[test]
fn a_computer_joins_by_code_and_has_the_record() {
    let server = Server::default();
    let (a, b) = (Station::new(&server), Station::new(&server));
    let app_a = clinic(&a);
    let patient = register(&app_a, "Okello");
    allergy(&app_a, patient, "Penicillin");
    let code = call(&app_a, api::MakeDeviceCode {}).code;
    let app_b = join(&b, code.clone());
    assert_eq!(chart(&app_b, patient).allergies.len(), 1);
    let view = synced(&app_b);
    assert_eq!(view.alarms, []);
    let devices = call(&app_b, api::ListDevices {});
    let names: Vec<_> = devices.iter().map(|d| (d.name.as_str(), d.here, d.revoked)).collect();
    assert_eq!(names, [("Consulting room 2", true, false), ("Front desk", false, false)]);
    // The person signs in on both, each with a key of its own; the code works no more.
    drop(app_b);
    let app_b = b.sign_in();
    synced(&app_b);
    synced(&app_a);
    drop(app_a);
    synced(&a.sign_in());
    let late = App::new(Station::new(&server));
    let again = api::JoinClinic { code, device_name: "Third".into(), password: PASSWORD.into() };
    let told = late.call(again, Origin::Host).unwrap_err();
    assert_eq!(told.code, ErrorCode::BadCode);
    assert!(told.detail.contains("the code was used already or is no longer valid"), "{told}");
    drop(app_b);
}

#[test]
fn codes_that_do_not_let_anyone_in() {
    let server = Server::default();
    let app = clinic(&Station::new(&server));
    let code = call(&app, api::MakeDeviceCode {}).code;
    let try_code = |code: String| {
        let station = App::new(Station::new(&server));
        let command =
            api::JoinClinic { code, device_name: "Third".into(), password: PASSWORD.into() };
        refused(&station, command)
    };
    assert_eq!(try_code("NOT-A-CODE".into()), ErrorCode::BadCode);
    assert_eq!(try_code(code[..code.len() - 5].to_owned()), ErrorCode::BadCode);
    server.forget_invites();
    assert_eq!(try_code(code.clone()), ErrorCode::BadCode);
    let unknown = api::JoinClinic { code, device_name: "Third".into(), password: PASSWORD.into() };
    let told = App::new(Station::new(&server)).call(unknown, Origin::Host).unwrap_err();
    assert!(told.detail.contains("compare it with the one that was made"), "{told}");
    server.set_away(true);
    assert_eq!(refused(&app, api::MakeDeviceCode {}), ErrorCode::Unreachable);
    let alone = crate::support::clinic(&Desk::new());
    let told = alone.call(api::MakeDeviceCode {}, Origin::Host).unwrap_err();
    assert_eq!(told.code, ErrorCode::Invalid);
    assert!(told.to_string().contains("`fieldchart sync --server URL`"), "{told}");
}

#[test]
fn what_two_wrote_apart_meets_and_is_decided_once() {
    let server = Server::default();
    let (stations, [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    let entry =
        call(&a, api::RecordMedication { patient, draft: medication("Metformin", "500", "1") })
            .entries[0];
    let metformin = MedicationId::from_uuid(entry.id);
    let draft = call(&a, api::OpenDraft { patient, which: api::WhichDraft::Last }).id;
    let write = |app: &App<Station>, section, text: &str| {
        call(app, api::SaveDraft { draft, section, text: text.into(), settled: true });
    };
    write(&a, NoteSectionCode::Subjective, "Cough.");
    synced(&a);
    synced(&b);
    assert_eq!(call(&b, api::OpenDraft { patient, which: api::WhichDraft::Last }).id, draft);

    server.set_away(true);
    allergy(&a, patient, "Penicillin");
    let change = |app: &App<Station>, dose, frequency| {
        let draft = medication("Metformin", dose, frequency);
        call(app, api::ChangeDosage { patient, medication: metformin, seen: None, draft });
    };
    change(&a, "1000", "1");
    write(&a, NoteSectionCode::Subjective, "Cough for three days.");
    call(&b, api::RecordMedication { patient, draft: medication("Amoxicillin", "500", "3") });
    change(&b, "500", "2");
    write(&b, NoteSectionCode::Plan, "Review in a week.");
    let view = call(&a, api::SyncNow {});
    let SyncPhase::Failed(error) = view.phase else { panic!("{view:?}") };
    assert_eq!((error.code, view.to_send > 0), (ErrorCode::Unreachable, true));

    server.set_away(false);
    for app in [&a, &b, &a, &b] {
        synced(app);
    }
    for app in [&a, &b] {
        let conflicts = conflicts(app);
        assert_eq!(conflicts.len(), 1, "both dosages are shown");
        let tasks = call(app, api::ListTasks { after: None, limit: 9 }).items;
        assert_eq!(tasks.len(), 1, "one task, raised on both");
        assert_eq!(tasks[0].task.status, TaskStatus::Requested);
        // What is to be stopped, and why, stands in it.
        let medicines = tasks[0].medicines.iter().map(|it| it.order.medication.label());
        let allergies = tasks[0].allergies.iter().map(|it| it.code.label());
        assert_eq!(medicines.chain(allergies).collect::<Vec<_>>(), ["Amoxicillin", "Penicillin"]);
        assert!(tasks[0].disputed.is_empty() && !tasks[0].heads.is_empty());
        let sections = call(app, api::OpenDraft { patient, which: api::WhichDraft::Last }).sections;
        assert_eq!(sections[&NoteSectionCode::Subjective], "Cough for three days.");
        assert_eq!(sections[&NoteSectionCode::Plan], "Review in a week.");
    }
    let conflict = conflicts(&a).remove(0).conflict;
    let versions = conflict.versions.len();
    assert_eq!(versions, 2);
    let change = conflict.versions[0].change.clone();
    call(&a, api::Decide { patient, conflict: conflict.id, change, seen: None });
    synced(&a);
    synced(&b);
    assert!(conflicts(&b).is_empty(), "deciding on one clears it on the other");
    assert_eq!(chart(&a, patient), chart(&b, patient));
    drop((stations, a, b));
}

#[test]
fn what_is_being_typed_merges_with_what_comes() {
    let server = Server::default();
    let (stations, [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    let draft = call(&a, api::OpenDraft { patient, which: api::WhichDraft::Last }).id;
    let section = NoteSectionCode::Subjective;
    let write = |app: &App<Station>, text: &str, settled| {
        call(app, api::SaveDraft { draft, section, text: text.into(), settled });
    };
    write(&a, "Cough.", true);
    synced(&a);
    synced(&b);
    write(&b, "Cough. No fever.", true);
    synced(&b);
    // Kept on this computer and not settled yet when the other's words arrive.
    write(&a, "Dry cough. Cough.", false);
    synced(&a);
    let merged = |app: &App<Station>| {
        call(app, api::OpenDraft { patient, which: api::WhichDraft::Last }).sections[&section]
            .clone()
    };
    assert_eq!(merged(&a), "Dry cough. Cough. No fever.");
    synced(&b);
    assert_eq!(merged(&b), merged(&a));
    drop((stations, a, b));
}

#[test]
fn a_computer_restored_from_a_copy_goes_on_with_nobodys_help() {
    let server = Server::default();
    let ([station_a, _b], [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    synced(&a);
    drop(a);
    let copy = station_a.copy();
    let a = station_a.sign_in();
    allergy(&a, patient, "Penicillin");
    synced(&a);
    synced(&b);
    drop(a);

    station_a.restore(&copy);
    let a = station_a.sign_in();
    assert!(chart(&a, patient).allergies.is_empty());
    allergy(&a, patient, "Latex");
    let view = synced(&a);
    assert_eq!(view.alarms.len(), 1, "{:?}", view.alarms);
    assert_eq!(view.sent, 1, "only what is new");
    synced(&b);
    for app in [&a, &b] {
        assert_eq!(chart(app, patient).allergies.len(), 2);
    }
    allergy(&a, patient, "Peanut");
    synced(&a);
    synced(&b);
    assert_eq!(chart(&b, patient).allergies.len(), 3);
    assert!(a.check().unwrap().sound && b.check().unwrap().sound);
    // What it had sealed since the copy came back from the server, which is not said to lack it.
    let holders = call(&a, api::GetSyncState {}).holders;
    assert_eq!((&holders[0].who, holders[0].lacks), (&api::Holder::Server, 0));
}

#[test]
fn a_server_that_lost_everything_is_filled_again() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    synced(&a);
    synced(&b);
    server.wipe();
    allergy(&b, patient, "Penicillin");
    synced(&b);
    synced(&a);
    assert_eq!(chart(&a, patient).allergies.len(), 1);
    assert_eq!(call(&a, api::GetSyncState {}).alarms.len(), 1);
    let third = Station::new(&server);
    let code = call(&a, api::MakeDeviceCode {}).code;
    let c = join(&third, code);
    assert_eq!(chart(&c, patient), chart(&a, patient));
}

#[test]
fn a_removed_computer_is_shut_out_and_the_rest_go_on() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    synced(&a);
    synced(&b);
    let devices = call(&a, api::ListDevices {});
    let (here, other) = (devices[0].id, devices[1].id);
    assert_eq!(refused(&a, api::RevokeDevice { device: here }), ErrorCode::Invalid);
    call(&a, api::RevokeDevice { device: other });
    assert_eq!(refused(&a, api::RevokeDevice { device: other }), ErrorCode::NotFound);
    assert!(call(&a, api::ListDevices {})[1].revoked);
    allergy(&b, patient, "Latex");
    let view = call(&b, api::SyncNow {});
    let SyncPhase::Failed(error) = view.phase else { panic!("{view:?}") };
    assert_eq!(error.code, ErrorCode::DeviceRefused);
    allergy(&a, patient, "Penicillin");
    synced(&a);
    // A computer that joins now has the keys of both epochs.
    let third = Station::new(&server);
    let code = call(&a, api::MakeDeviceCode {}).code;
    let c = join(&third, code);
    assert_eq!(chart(&c, patient).allergies.len(), 1);
    assert_eq!(synced(&c).alarms, []);
}

#[test]
fn another_server_in_the_same_place_is_not_trusted() {
    let server = Server::default();
    let app = clinic(&Station::new(&server));
    let wrong = format!("https://sync.test:8443#sha256:{}", "7".repeat(64));
    call(&app, api::SetServer { server: wrong, keeper_lost: false });
    let SyncPhase::Failed(error) = call(&app, api::SyncNow {}).phase else { panic!() };
    assert_eq!(error.code, ErrorCode::ServerNotTrusted);
    let bad = api::SetServer { server: "http://sync.test".into(), keeper_lost: false };
    assert_eq!(refused(&app, bad), ErrorCode::Invalid);
}

#[test]
fn the_server_sees_nothing_of_what_is_written() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let patient = register(&a, "Zzyzxworth");
    allergy(&a, patient, "Quuxicillin");
    synced(&a);
    synced(&b);
    let kept = server.everything_kept();
    for planted in
        ["Zzyzxworth", "Quuxicillin", "Lakeside", "Reyes", "Front desk", "Consulting room", "chart"]
    {
        let found = kept.windows(planted.len()).any(|window| window == planted.as_bytes());
        assert!(!found, "{planted}");
    }
}

#[test]
fn a_change_too_large_for_one_envelope_travels_in_parts() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    let draft = call(&a, api::OpenDraft { patient, which: api::WhichDraft::Last }).id;
    let text: String = (0..340_000_u32)
        .map(|n| char::from_u32(0x4e00 + n.wrapping_mul(2_654_435_761) % 20_000).unwrap())
        .collect();
    let section = NoteSectionCode::Subjective;
    synced(&a);
    call(&a, api::SaveDraft { draft, section, text: text.clone(), settled: true });
    let view = synced(&a);
    assert!(view.sent > 1, "one change in {} envelopes", view.sent);
    synced(&b);
    let got = call(&b, api::OpenDraft { patient, which: api::WhichDraft::Last }).sections;
    assert!(got[&section] == text, "{} characters came", got[&section].chars().count());
}

#[test]
fn what_breaks_the_merge_is_set_aside_and_holds_nothing_up() {
    let server = Server::default();
    let ([station_a, _b], [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    synced(&a);
    drop(a);
    hostile::push_change(&station_a, &server, patient, b"no change at all".to_vec());
    let a = station_a.sign_in();
    allergy(&a, patient, "Penicillin");
    for app in [&a, &b] {
        let view = call(app, api::SyncNow {});
        assert_eq!((view.phase, view.quarantined, view.to_send), (SyncPhase::Idle, 1, 0));
    }
    assert_eq!(chart(&b, patient).allergies.len(), 1);
    assert!(b.check().unwrap().sound);
}

#[test]
fn many_charts_cross_and_are_equal() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let patients: Vec<_> = (0..40).map(|n| register(&a, &format!("Family{n}"))).collect();
    for patient in &patients {
        allergy(&a, *patient, "Penicillin");
        allergy(&a, *patient, "Latex");
    }
    let sent = synced(&a).sent;
    assert!(sent > 0);
    let received = synced(&b).received;
    assert!(received >= sent, "{received} of {sent}");
    for patient in patients {
        assert_eq!(chart(&a, patient), chart(&b, patient));
    }
}
