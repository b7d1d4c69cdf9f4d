//! The record carried in a file: to a computer without a network, and on to those with one.

use super::server::Server;
use super::{Asks, Station, allergy, carried, chart, clinic, join, register, synced, two};
use crate::support::{PASSWORD, call, refused};
use api::{BundleEnded, BundleTaken, ErrorCode};
use app::{App, NewBundle};
use clinical::DeviceId;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

/// A stick with files on it.
struct Stick {
    folder: TempDir,
    files: std::cell::Cell<u32>,
}

impl Stick {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), files: std::cell::Cell::new(0) }
    }

    fn path(&self) -> PathBuf {
        self.files.set(self.files.get() + 1);
        self.folder.path().join(format!("{}.fcbundle", self.files.get()))
    }

    fn write(&self, app: &App<Station>, only_for: Option<DeviceId>) -> PathBuf {
        let out = self.path();
        app.write_bundle(&NewBundle { out: out.clone(), only_for }, |_, _| {}).unwrap();
        assert_eq!(
            std::fs::read_dir(self.folder.path()).unwrap().count(),
            self.files.get() as usize
        );
        out
    }
}

fn read(app: &App<Station>, file: &Path) -> BundleTaken {
    app.read_bundle(file, |done, all| assert!(done <= all)).unwrap()
}

fn whole(app: &App<Station>, file: &Path) -> BundleTaken {
    let taken = read(app, file);
    assert_eq!(taken.ended, BundleEnded::Whole, "{taken:?}");
    taken
}

fn here(app: &App<Station>) -> DeviceId {
    call(app, api::ListDevices {}).iter().find(|device| device.here).unwrap().id
}

#[test]
fn a_file_carries_the_record_and_whoever_takes_it_in_passes_it_on() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let third = Station::new(&server);
    let c = join(&third, call(&a, api::MakeDeviceCode {}).code);
    synced(&b);
    // From here on the first computer meets no server.
    let patient = register(&a, "Okello");
    allergy(&a, patient, "Penicillin");
    let stick = Stick::new();
    let file = stick.write(&a, None);
    let taken = whole(&b, &file);
    assert_eq!(taken.device, here(&a));
    assert!(taken.new > 0 && taken.new <= taken.envelopes, "{taken:?}");
    assert_eq!(chart(&b, patient), chart(&a, patient));
    assert_eq!(whole(&b, &file).new, 0, "twice is the same as once");
    let sent = synced(&b).sent;
    assert_eq!(sent, taken.new, "what came in the file goes on to the server");
    synced(&c);
    assert_eq!(chart(&c, patient), chart(&a, patient));
    // The first cannot know yet that it is there, and says it once more, once.
    let view = synced(&a);
    assert!(view.sent <= taken.envelopes, "{view:?}");
    assert!(view.alarms.is_empty(), "{:?}", view.alarms);
    assert_eq!((synced(&a).sent, synced(&b).sent), (0, 0));
}

#[test]
fn a_file_for_one_computer_leaves_out_what_it_holds() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    let stick = Stick::new();
    whole(&b, &stick.write(&a, None));
    whole(&a, &stick.write(&b, None));
    allergy(&a, patient, "Penicillin");
    let all = stick.write(&a, None);
    let few = stick.write(&a, Some(here(&b)));
    let len = |path: &Path| std::fs::metadata(path).unwrap().len();
    assert!(len(&few) < len(&all), "{} {}", len(&few), len(&all));
    let taken = whole(&b, &few);
    assert_eq!((taken.envelopes, taken.new), (1, 1));
    assert_eq!(chart(&b, patient), chart(&a, patient));
    let unknown = DeviceId::from_uuid(clinical::uuid_v7(1, [7; 10]));
    let write = NewBundle { out: stick.path(), only_for: Some(unknown) };
    assert_eq!(a.write_bundle(&write, |_, _| {}).unwrap_err().code, ErrorCode::NotFound);
}

#[test]
fn a_computer_restored_from_a_copy_writes_no_second_batch_of_one_number() {
    let server = Server::default();
    let ([station_a, _b], [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    synced(&a);
    drop(a);
    let copy = station_a.copy();
    let stick = Stick::new();
    let a = station_a.sign_in();
    allergy(&a, patient, "Penicillin");
    whole(&b, &stick.write(&a, None));
    drop(a);
    // What was written since the copy is only on the other computer, and nobody says so.
    station_a.restore(&copy);
    let a = station_a.sign_in();
    allergy(&a, patient, "Latex");
    whole(&b, &stick.write(&a, None));
    assert_eq!(chart(&b, patient).allergies.len(), 2);
    assert!(call(&b, api::GetSyncState {}).alarms.is_empty());
    whole(&a, &stick.write(&b, None));
    assert_eq!(chart(&a, patient), chart(&b, patient));
    synced(&b);
    synced(&a);
    assert_eq!(chart(&a, patient).allergies.len(), 2);
    assert!(a.check().unwrap().sound && b.check().unwrap().sound);
}

#[test]
fn what_lies_on_a_stick_is_still_to_be_sent() {
    let server = Server::default();
    let (_stations, [a, _b]) = two(&server);
    let patient = register(&a, "Okello");
    synced(&a);
    server.set_away(true);
    allergy(&a, patient, "Latex");
    let before = call(&a, api::GetSyncState {}).to_send;
    Stick::new().write(&a, None);
    assert_eq!((before, call(&a, api::GetSyncState {}).to_send), (1, 1));
    server.set_away(false);
    assert_eq!(synced(&a).to_send, 0);
}

#[test]
fn a_file_cut_or_spoilt_anywhere_costs_nothing_and_says_so() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    let stick = Stick::new();
    let file = stick.write(&a, None);
    let bytes = std::fs::read(&file).unwrap();
    let damaged = stick.path();
    for cut in (0..bytes.len()).step_by(bytes.len() / 23) {
        std::fs::write(&damaged, &bytes[..cut]).unwrap();
        match b.read_bundle(&damaged, |_, _| {}) {
            Ok(taken) => assert_eq!(taken.ended, BundleEnded::CutOff, "cut at {cut}"),
            Err(error) => assert_eq!(error.code, ErrorCode::UnreadableFile, "cut at {cut}"),
        }
        let mut spoilt = bytes.clone();
        spoilt[cut] ^= 1;
        std::fs::write(&damaged, &spoilt).unwrap();
        if let Ok(taken) = b.read_bundle(&damaged, |_, _| {}) {
            let is_told = matches!(taken.ended, BundleEnded::Damaged | BundleEnded::Altered);
            // A length that is spoilt says that more is to come.
            assert!(is_told || taken.ended == BundleEnded::CutOff, "byte {cut}: {:?}", taken.ended);
        }
    }
    assert_eq!(call(&b, api::GetSyncState {}).alarms, [], "nobody's list was another");
    whole(&b, &file);
    assert_eq!(chart(&b, patient), chart(&a, patient));
    assert!(b.check().unwrap().sound);
}

#[test]
fn what_is_no_file_of_this_clinic_is_refused_by_name() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let other = clinic(&Station::new(&Server::default()));
    let stick = Stick::new();
    let check = |bytes: Option<&[u8]>, path: PathBuf, code: ErrorCode, told: &str| {
        if let Some(bytes) = bytes {
            std::fs::write(&path, bytes).unwrap();
        }
        let error = b.read_bundle(&path, |_, _| {}).unwrap_err();
        assert_eq!(error.code, code, "{told}");
        assert!(error.detail.contains(told), "{}", error.detail);
    };
    check(None, stick.write(&other, None), ErrorCode::UnreadableFile, "another clinic");
    check(Some(b"a letter"), stick.path(), ErrorCode::UnreadableFile, "no file that another");
    check(Some(b"FCBNDL\0\x02"), stick.path(), ErrorCode::UnreadableFile, "newer");
    check(None, stick.folder.path().join("none"), ErrorCode::UnreadableFile, "cannot be read");
    // Nothing that is there is written over, and nothing half written stays.
    let file = stick.write(&a, None);
    let before = std::fs::read(&file).unwrap();
    let write = NewBundle { out: file.clone(), only_for: None };
    assert_eq!(a.write_bundle(&write, |_, _| {}).unwrap_err().code, ErrorCode::AlreadyExists);
    assert_eq!(std::fs::read(&file).unwrap(), before);
    let nowhere = stick.folder.path().join("gone").join("x.fcbundle");
    assert!(a.write_bundle(&NewBundle { out: nowhere, only_for: None }, |_, _| {}).is_err());
}

#[test]
fn nothing_in_a_file_can_be_read_without_the_clinics_keys() {
    let server = Server::default();
    let (_stations, [a, _b]) = two(&server);
    let patient = register(&a, "Okello-Planted");
    allergy(&a, patient, "Penicillin-Planted");
    let stick = Stick::new();
    let bytes = std::fs::read(stick.write(&a, None)).unwrap();
    for planted in ["Planted", "Okello", "Penicillin", "Amina", "Lakeside", PASSWORD] {
        let wide: Vec<u8> = planted.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for text in [planted.as_bytes(), &wide] {
            assert!(!bytes.windows(text.len()).any(|part| part == text), "{planted}");
        }
    }
}

#[test]
fn a_window_writes_to_a_stick_and_takes_in_what_lies_on_one() {
    let server = Server::default();
    let ([at_a, at_b], [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    let stick = Stick::new();
    assert_eq!(call(&a, api::ListDrives {}), []);
    let gone = refused(&a, api::WriteBundle { drive: "STICK".into(), documents: false });
    assert_eq!(gone, ErrorCode::NotFound);
    at_a.plug("STICK", stick.folder.path());
    at_b.plug("OTHER NAME", stick.folder.path());
    std::fs::write(stick.folder.path().join("holiday.jpg"), b"x").unwrap();
    let chart_file = stick.folder.path().join("referral.fieldchart-chart");
    std::fs::write(&chart_file, b"four").unwrap();
    at_a.desk.events.lock().unwrap().clear();
    let written = call(&a, api::WriteBundle { drive: "STICK".into(), documents: false });
    let told = carried(&a, api::FileAct::WriteBundle);
    let [Some(far), .., None] = told[..] else { panic!("{told:?}") };
    assert_eq!((far.count_of, far.count <= written.envelopes), (Some(written.envelopes), true));
    assert!(far.bytes > 200 && far.bytes <= written.bytes, "{far:?}");
    let [drive] = &call(&b, api::ListDrives {})[..] else { panic!() };
    assert_eq!((drive.name.as_str(), drive.files.len()), ("OTHER NAME", 1));
    let [given] = &drive.charts[..] else { panic!("{drive:?}") };
    assert_eq!((given.path.as_str(), given.bytes), (chart_file.to_str().unwrap(), 4));
    assert_eq!(given.name, "referral.fieldchart-chart");
    let new = Path::new(drive.new_chart.as_ref().unwrap());
    assert_eq!((new.parent(), new.exists()), (Some(stick.folder.path()), false));
    assert_eq!((&drive.files[0].name, drive.files[0].bytes), (&written.file, written.bytes));
    let origin = |app: &App<Station>| {
        let [drive] = &call(app, api::ListDrives {})[..] else { panic!() };
        drive.files[0].written.clone().unwrap()
    };
    assert!(origin(&a).here && !origin(&b).here);
    assert!(origin(&b).name.is_some() && origin(&b).name == origin(&a).name);
    let read = |file: &str| api::ReadBundle {
        drive: "OTHER NAME".into(),
        file: file.into(),
        documents: false,
    };
    for elsewhere in ["holiday.jpg", "../store", "", "/etc/passwd", "gone.fcbundle"] {
        assert_eq!(refused(&b, read(elsewhere)), ErrorCode::NotFound, "{elsewhere}");
    }
    at_b.desk.events.lock().unwrap().clear();
    let taken = call(&b, read(&written.file));
    assert_eq!((taken.ended, taken.device), (BundleEnded::Whole, here(&a)));
    let told = carried(&b, api::FileAct::ReadBundle);
    let [.., Some(far), None] = told[..] else { panic!("{told:?}") };
    assert_eq!((far.count, far.bytes_of), (taken.envelopes, Some(written.bytes)));
    assert_eq!(chart(&b, patient), chart(&a, patient));
}

/// Does something that is stopped after the clock was asked so often, each time once more, until it was
/// stopped in the midst.
fn stopped<T>(station: &Station, app: &Arc<App<Station>>, mut act: impl FnMut() -> Option<T>) -> T {
    for asks in 0..40 {
        (0..asks).for_each(|_| station.before(Asks::Clock, || {}));
        let stops = Arc::clone(app);
        station.before(Asks::Clock, move || call(&*stops, api::StopFile {}));
        let came = act();
        station.between.lock().unwrap().clear();
        if let Some(stopped) = came {
            return stopped;
        }
    }
    panic!("it was never stopped")
}

#[test]
fn what_is_stopped_leaves_no_half_file_and_keeps_what_was_taken_in() {
    let server = Server::default();
    let ([at_a, at_b], [a, b]) = two(&server);
    let patient = register(&a, "Okello");
    let (a, b, stick) = (Arc::new(a), Arc::new(b), Stick::new());
    at_a.plug("STICK", stick.folder.path());
    at_b.plug("STICK", stick.folder.path());
    let files = || std::fs::read_dir(stick.folder.path()).unwrap().count();
    let write = api::WriteBundle { drive: "STICK".into(), documents: false };
    let error = stopped(&at_a, &a, || {
        let written = a.call(write.clone(), api::Origin::Host);
        if written.is_ok() {
            std::fs::read_dir(stick.folder.path()).unwrap().for_each(|file| {
                std::fs::remove_file(file.unwrap().path()).unwrap();
            });
        }
        written.err()
    });
    assert_eq!((error.code, files()), (ErrorCode::FileStopped, 0));
    // Who stopped that did not stop the next.
    let file = call(&*a, write).file;
    let read = api::ReadBundle { drive: "STICK".into(), file, documents: false };
    let taken = stopped(&at_b, &b, || {
        let taken = call(&*b, read.clone());
        Some(taken).filter(|taken| taken.ended == BundleEnded::Stopped && taken.new > 0)
    });
    let rest = call(&*b, read);
    assert_eq!((rest.ended, rest.new), (BundleEnded::Whole, 0), "{taken:?} was kept");
    assert_eq!(chart(&b, patient), chart(&a, patient));
}
