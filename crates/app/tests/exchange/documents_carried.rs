//! Files in a chart on a stick, beside the file that carries the record: written once, taken where
//! they are wanted, and gone on with where a stick ended.

use super::documents::{LETTER, add, item, save};
use super::server::Server;
use super::{Station, call, chart, register, two};
use api::{BundleEnded, CarriedDocuments};
use app::{App, Documents, NewBundle};
use clinical::{DocumentReferenceId, PatientId};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const ALL: Documents = Documents::UpTo(u64::MAX);
const OTHER: &[u8] = b"%PDF-1.4 another letter, of the same length as nothing else\n";

/// Two computers that have met, one with two letters in the charts of two people; the server is away.
struct Away {
    at: [Station; 2],
    apps: [App<Station>; 2],
    whose: [(PatientId, DocumentReferenceId); 2],
    stick: TempDir,
}

impl Away {
    fn new() -> Self {
        let server = Server::default();
        let (at, apps) = two(&server);
        server.set_away(true);
        let letters = ["Okello", "Achieng"].map(|family| register(&apps[0], family));
        let first = add((&at[0], &apps[0]), letters[0], LETTER);
        let second = add((&at[0], &apps[0]), letters[1], OTHER);
        let stick = tempfile::tempdir().unwrap();
        Self { at, apps, whose: [(letters[0], first), (letters[1], second)], stick }
    }

    fn write(&self, name: &str, documents: Documents) -> (PathBuf, Option<CarriedDocuments>) {
        let new = NewBundle { out: self.stick.path().join(name), only_for: None };
        let written = self.apps[0].write_bundle_with((&new, documents), |_, _| {}).unwrap();
        (new.out, written.documents)
    }

    fn read(&self, file: &Path, documents: Documents) -> Option<CarriedDocuments> {
        let taken = self.apps[1].read_bundle_with((file, documents), |_, _| {}).unwrap();
        assert_eq!(taken.ended, BundleEnded::Whole, "{taken:?}");
        taken.documents
    }

    fn here(&self) -> [bool; 2] {
        self.whose.map(|(patient, _)| item(&self.apps[1], patient).0)
    }

    /// The sealed files on the stick, by name.
    fn on_stick(&self) -> Vec<PathBuf> {
        let folder = std::fs::read_dir(self.stick.path().join("fieldchart-documents"));
        let mut files: Vec<_> = folder.unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        files
    }
}

/// What was carried, what is left, and what was thrown away.
fn counts(documents: Option<CarriedDocuments>) -> (u64, u64, u64) {
    let told = documents.unwrap();
    assert_eq!(told.bytes > 0, told.carried > 0, "{told:?}");
    assert_eq!(told.stopped, None);
    (told.carried, told.left, told.damaged)
}

#[test]
fn documents_go_where_they_are_said_to_and_come_where_they_are_wanted() {
    let away = Away::new();
    let (file, none) = away.write("1.fcbundle", Documents::Wanted);
    assert_eq!(none, None, "nobody asked for them");
    assert_eq!(away.read(&file, Documents::Wanted), None);
    assert_eq!(away.here(), [false, false]);
    let (file, written) = away.write("2.fcbundle", ALL);
    assert_eq!(counts(written), (2, 0, 0));
    let bytes: u64 =
        away.on_stick().iter().map(|file| std::fs::metadata(file).unwrap().len()).sum();
    assert_eq!(written.unwrap().bytes, bytes);
    for file in away.on_stick() {
        let bytes = std::fs::read(file).unwrap();
        assert!(!bytes.windows(6).any(|it| it == b"letter" || it == b"%PDF-1"), "it is blind");
    }
    // What is kept there comes, and of the rest it is said that it lies there.
    assert_eq!(counts(away.read(&file, Documents::Wanted)), (0, 2, 0));
    let [(okello, letter), (achieng, other)] = away.whose;
    call(&away.apps[1], api::KeepDocuments { patient: Some(okello), on: true });
    assert_eq!(counts(away.read(&file, Documents::Wanted)), (1, 1, 0));
    assert_eq!(away.here(), [true, false]);
    assert_eq!(counts(away.read(&file, ALL)), (1, 0, 0));
    assert_eq!(counts(away.read(&file, ALL)), (0, 0, 0), "twice is the same as once");
    let [_, at] = &away.at;
    assert_eq!(save(at, &away.apps[1], (okello, letter)), LETTER);
    assert_eq!(save(at, &away.apps[1], (achieng, other)), OTHER);
    // Each is written once, however often the record is.
    assert_eq!(counts(away.write("3.fcbundle", ALL).1), (0, 0, 0));
    assert!(away.apps.iter().all(|app| app.check().unwrap().sound));
}

#[test]
fn a_stick_without_room_is_gone_on_with() {
    let away = Away::new();
    let (_, all) = away.write("1.fcbundle", ALL);
    let one = all.unwrap().bytes / 2;
    std::fs::remove_dir_all(away.stick.path().join("fieldchart-documents")).unwrap();
    let (file, some) = away.write("2.fcbundle", Documents::UpTo(one));
    assert_eq!(counts(some), (1, 1, 0));
    assert_eq!(counts(away.read(&file, ALL)), (1, 0, 0));
    assert_eq!(away.here(), [false, true], "the newest first");
    // What was pulled out half way is begun anew, and what is there stays as it is.
    let there = away.on_stick().remove(0);
    let beside = |name: &str| {
        let path = there.with_file_name(name);
        std::fs::write(&path, b"half").unwrap();
        path
    };
    let whole = there.file_name().unwrap().to_str().unwrap();
    let half = beside(&format!("{whole}.0123456789abcdef.part"));
    let others = [beside("notes.part"), beside(&format!("{whole}.txt"))];
    assert_eq!(counts(away.read(&file, ALL)), (0, 0, 0), "nobody takes it for the whole");
    let (file, rest) = away.write("3.fcbundle", Documents::UpTo(one));
    assert_eq!(counts(rest), (1, 0, 0));
    assert!(there.exists() && !half.exists(), "it takes nobody's room");
    others.iter().for_each(|other| std::fs::remove_file(other).unwrap());
    assert_eq!(counts(away.read(&file, Documents::UpTo(1))), (0, 1, 0));
    assert_eq!(counts(away.read(&file, Documents::UpTo(one))), (1, 0, 0));
    assert_eq!(away.here(), [true, true]);
    // Where they cannot be written, the record is all the same.
    let blocked = Away::new();
    std::fs::write(blocked.stick.path().join("fieldchart-documents"), b"a file").unwrap();
    let (file, told) = blocked.write("1.fcbundle", ALL);
    let told = told.unwrap();
    assert!(told.stopped.is_some() && (told.carried, told.left) == (0, 2), "{told:?}");
    assert_eq!(blocked.read(&file, ALL), None);
    let [(okello, _), _] = blocked.whose;
    assert_eq!(chart(&blocked.apps[1], okello), chart(&blocked.apps[0], okello));
}

#[test]
fn what_lies_under_another_s_name_is_taken_by_nobody_and_written_anew() {
    let check = |spoil: fn(&Path)| {
        let away = Away::new();
        let (file, _) = away.write("1.fcbundle", ALL);
        let spoilt = away.on_stick().remove(0);
        spoil(&spoilt);
        assert_eq!(counts(away.read(&file, ALL)), (1, 0, 1));
        assert_eq!(away.here().iter().filter(|here| **here).count(), 1);
        assert!(!spoilt.exists(), "it is off the stick");
        assert_eq!(counts(away.read(&file, ALL)), (0, 0, 0));
        let (file, again) = away.write("2.fcbundle", ALL);
        assert_eq!(counts(again), (1, 0, 0));
        assert_eq!(counts(away.read(&file, ALL)), (1, 0, 0));
        assert_eq!(away.here(), [true, true]);
    };
    check(|path| {
        let mut bytes = std::fs::read(path).unwrap();
        bytes[40] ^= 1;
        std::fs::write(path, bytes).unwrap();
    });
    check(|path| std::fs::write(path, b"").unwrap());
    check(|path| std::fs::write(path, [b'x'; 9000]).unwrap());
}

/// What cannot be read at either end is told, and is in no other's way.
#[test]
#[cfg(target_os = "linux")]
fn one_that_cannot_be_read_ends_no_others() {
    use std::{fs::File, fs::Permissions, os::unix::fs::PermissionsExt as _};
    // Here: there is a file, and reading it fails.
    let away = Away::new();
    let folder = away.at[0].desk.path().join("documents");
    let here = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).next().unwrap();
    std::fs::remove_file(&here).unwrap();
    std::os::unix::fs::symlink("/proc/self/mem", &here).unwrap();
    let (file, written) = away.write("1.fcbundle", ALL);
    assert_eq!(counts(written), (1, 0, 1));
    assert_eq!(counts(away.read(&file, ALL)), (1, 0, 0));
    // On the stick: one that is somebody else's. Who may read everything reads it all the same.
    for closed in 0..2 {
        let away = Away::new();
        let (file, _) = away.write("1.fcbundle", ALL);
        let closed = away.on_stick().remove(closed);
        let allow = |mode| std::fs::set_permissions(&closed, Permissions::from_mode(mode)).unwrap();
        allow(0);
        let first = if File::open(&closed).is_ok() { (2, 0, 0) } else { (1, 0, 1) };
        assert_eq!(counts(away.read(&file, ALL)), first);
        allow(0o600);
        assert_eq!(counts(away.read(&file, ALL)), (2 - first.0, 0, 0));
        assert_eq!(away.here(), [true, true]);
    }
}
