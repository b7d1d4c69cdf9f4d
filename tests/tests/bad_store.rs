//! Stores that are damaged, newer, put back, full, held or cannot be written: each is told by
//! its own name, nothing is made over it, and what was acknowledged is there when it is mended.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "what goes wrong here ends the test"
)]

use rusqlite::Connection;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use store::{NamedRow, Store, StoreKeys};
use tests::computer::{Answer, Computer, PASSWORD, text};
use tests::disk::SmallDisk;
use tests::process::wait_for;
use tests::scene::Scene;
use vault::{KeyslotsFile, keyring::NoKeyring};

const DATABASE: &str = "fieldchart.db";
const ANCHOR: &str = "fieldchart.anchor";
const LOG: &str = "fieldchart.db-wal";

/// A closed store with a chart in it, and a copy of it beside.
struct Kept {
    scene: Scene,
    computer: Computer,
    copy: PathBuf,
    patient: String,
    chart: Value,
}

impl Kept {
    fn new(name: &str) -> Self {
        let scene = Scene::new(name);
        let computer = Computer::founded(&scene, "Front desk");
        let patient = computer.register(&json!({ "family": "Okello", "given": "Grace" }));
        computer.record("allergy", Some(&patient), &json!({ "substance": "penicillin" }));
        let chart = computer.chart(&patient);
        let copy = scene.folder().join("copy");
        computer.copy_to(&copy);
        Self { scene, computer, copy, patient, chart }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.computer.store().join(name)
    }

    /// What opening says of the store as it is now; it changes none of these files.
    fn refused(&self) -> String {
        let before = self.bytes();
        let code = self.computer.refused(&["chart", &self.patient]);
        assert_eq!(self.bytes(), before, "{code}: it was left as it is");
        let made = ["clinic", "create", "--name", "N", "--admin", "eve"];
        assert_eq!(self.computer.refused(&made), "already-exists", "{code}");
        code
    }

    fn bytes(&self) -> Vec<Option<Vec<u8>>> {
        [DATABASE, ANCHOR, "keyslots.a", "keyslots.b"]
            .map(|name| fs::read(self.file(name)).ok())
            .into()
    }

    /// Puts the copy back: everything is there again.
    fn mend(&self) {
        self.computer.put_back(&self.copy);
        assert_eq!(self.computer.chart(&self.patient), self.chart);
        self.computer.must_be_sound();
    }
}

fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 4;
    fs::write(path, bytes).unwrap();
}

#[test]
fn damaged_keys_are_told_and_one_whole_copy_is_enough() {
    let kept = Kept::new("damaged-keys");
    flip(&kept.file("keyslots.a"), 100);
    assert_eq!(kept.computer.chart(&kept.patient), kept.chart, "the other copy is whole");
    flip(&kept.file("keyslots.a"), 100);
    flip(&kept.file("keyslots.b"), 101);
    assert_eq!(kept.refused(), "damaged");
    for name in ["keyslots.a", "keyslots.b"] {
        fs::remove_file(kept.file(name)).unwrap();
    }
    assert_eq!(kept.refused(), "damaged", "a store without keys is no first run");
    kept.mend();
}

#[test]
fn a_store_that_is_no_folder_is_told_as_that() {
    let scene = Scene::new("no-folder");
    let file = scene.folder().join("t.json");
    fs::write(&file, "{}").unwrap();
    let create = ["--json", "clinic", "create", "--name", "N", "--admin", "eve"].as_slice();
    let check = |store: &Path, words: &[&str], wanted: &str| {
        let told = Computer::new("Front desk", store).run(words).error(wanted);
        let detail = text(&told, "/detail");
        assert_eq!(text(&told, "/code"), "read-only-disk", "{detail}");
        assert!(detail.contains(wanted) && !detail.contains("join"), "{wanted}: {detail}");
    };
    for store in [&file, &file.join("below")] {
        check(store, create, "is no folder");
        check(store, &["--json", "find", "x"], "is no folder");
    }
    if cfg!(target_os = "linux") {
        check(Path::new("/proc/x"), create, "cannot be made");
    }
}

#[test]
fn a_damaged_database_is_told_wherever_the_damage_is() {
    let kept = Kept::new("damaged-database");
    let database = kept.file(DATABASE);
    let length = fs::read(&database).unwrap().len();
    flip(&database, 60);
    assert_eq!(kept.refused(), "damaged", "the first page");
    kept.mend();
    for part in 1..8 {
        flip(&database, length * part / 8 + 77);
        let told = kept.computer.run(&["--json", "check"]).error("check");
        assert_eq!(text(&told, "/code"), "damaged", "{part} of 8");
        for wanted in ["is safe", "copy its folder away first"] {
            assert!(text(&told, "/detail").contains(wanted), "{wanted}: {told}");
        }
        let shown = kept.computer.run(&["--json", "chart", &kept.patient]);
        let says_how = shown.err.contains("copy its folder away first");
        assert_eq!(shown.err.contains("\"damaged\""), says_how, "{part} of 8: {shown:?}");
        let honest = shown.code == Some(1) || shown.value("chart") == kept.chart;
        assert!(honest, "{part} of 8: {shown:?}");
        kept.computer.put_back(&kept.copy);
    }
    for left in [0, 100, 4096] {
        fs::write(&database, &fs::read(kept.copy.join(DATABASE)).unwrap()[..left]).unwrap();
        let code = kept.computer.refused(&["check"]);
        assert!(["damaged", "missing-commits"].contains(&code.as_str()), "{left} bytes: {code}");
        kept.computer.put_back(&kept.copy);
    }
    // In the last page there may have been nothing: then it is written anew, and all is there.
    fs::write(&database, &fs::read(kept.copy.join(DATABASE)).unwrap()[..length - 1]).unwrap();
    let check = kept.computer.run(&["--json", "check"]);
    let shown = kept.computer.run(&["--json", "chart", &kept.patient]);
    let is_honest = |code: Option<i32>| code == Some(1) || shown.value("chart") == kept.chart;
    assert!(is_honest(check.code) && is_honest(shown.code), "{check:?} {shown:?}");
    kept.computer.put_back(&kept.copy);
    fs::remove_file(&database).unwrap();
    assert_eq!(kept.refused(), "damaged", "keys without a database are no first run");
    let told = kept.computer.run(&["chart", &kept.patient]).err;
    for wanted in
        ["the keys", "fieldchart.db, is missing", "a copy of this folder", "another folder"]
    {
        assert!(told.contains(wanted), "{wanted}: {told}");
    }
    kept.mend();
}

#[test]
fn an_older_database_beside_its_anchor_is_told() {
    let kept = Kept::new("rolled-back");
    kept.computer.record("allergy", Some(&kept.patient), &json!({ "substance": "latex" }));
    let newest = kept.computer.chart(&kept.patient);
    let newer = kept.scene.folder().join("newer");
    kept.computer.copy_to(&newer);

    fs::copy(kept.copy.join(DATABASE), kept.file(DATABASE)).unwrap();
    assert_eq!(kept.refused(), "missing-commits");
    kept.computer.put_back(&newer);
    fs::remove_file(kept.file(ANCHOR)).unwrap();
    assert_eq!(kept.refused(), "damaged", "no anchor");
    // An anchor that lags is what a crash leaves: nothing is lost.
    fs::copy(kept.copy.join(ANCHOR), kept.file(ANCHOR)).unwrap();
    assert_eq!(kept.computer.chart(&kept.patient), newest);
    kept.computer.must_be_sound();
    kept.mend();
}

#[test]
fn newer_stores_are_left_as_they_are() {
    let kept = Kept::new("newer");
    let slots = KeyslotsFile::at(kept.computer.store()).read().unwrap().keyslots;
    let key = slots.unlock("ana", PASSWORD, &NoKeyring).unwrap().database_key;
    let hex: String = key.expose().iter().map(|byte| format!("{byte:02x}")).collect();
    let database = Connection::open(kept.file(DATABASE)).unwrap();
    database
        .execute_batch(&format!("PRAGMA key = \"x'{hex}'\"; PRAGMA user_version = 99"))
        .unwrap();
    database.close().unwrap();
    assert_eq!(kept.refused(), "newer-version");
    kept.mend();

    for name in ["keyslots.a", "keyslots.b"] {
        let mut bytes = fs::read(kept.file(name)).unwrap();
        // Another version, with more in it than this one knows.
        bytes[0] = 9;
        bytes.extend([1; 32]);
        fs::write(kept.file(name), bytes).unwrap();
    }
    assert_eq!(kept.refused(), "newer-version");
    kept.mend();
}

/// Leaves the store as a power cut would after two more commits, which stand in its log alone.
fn power_cut(kept: &Kept) -> PathBuf {
    let slots = KeyslotsFile::at(kept.computer.store()).read().unwrap().keyslots;
    let key = slots.unlock("ana", PASSWORD, &NoKeyring).unwrap().database_key;
    let keys = StoreKeys::new(*key.expose(), *key.derive_anchor_key().expose());
    let store = Store::open(kept.computer.store(), keys).unwrap();
    for bytes in [b"one", b"two"] {
        let row = NamedRow { name: "test/power-cut".to_owned(), bytes: bytes.to_vec() };
        store.put_named(&[row]).unwrap();
    }
    let cut = kept.scene.folder().join("cut");
    kept.computer.copy_to(&cut);
    drop(store);
    cut
}

#[test]
fn a_lost_or_damaged_log_is_told_and_a_whole_one_loses_nothing() {
    let kept = Kept::new("damaged-log");
    let cut = power_cut(&kept);
    let whole = fs::read(cut.join(LOG)).unwrap();
    let mut flipped = whole.clone();
    flipped[200] ^= 1;
    let short = whole[..whole.len() - 1].to_vec();
    let logs =
        [("gone", None), ("empty", Some(vec![])), ("bit", Some(flipped)), ("cut", Some(short))];
    for (what, log) in logs {
        kept.computer.put_back(&cut);
        fs::remove_file(kept.file(LOG)).unwrap();
        if let Some(bytes) = log {
            fs::write(kept.file(LOG), bytes).unwrap();
        }
        assert_eq!(kept.computer.refused(&["check"]), "missing-commits", "{what}");
    }
    kept.computer.put_back(&cut);
    assert_eq!(kept.computer.chart(&kept.patient), kept.chart);
    kept.computer.must_be_sound();
}

/// Text that no compression makes small, of so many letters, another for each seed.
fn noise(seed: usize, letters: usize) -> String {
    let seed = u32::try_from(seed).unwrap().wrapping_mul(77_777) + 1;
    let next = |state: &u32| Some(state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    let states = std::iter::successors(Some(seed), next).take(letters);
    states
        .map(|state: u32| char::from(b'0' + (state.to_le_bytes()[3] % 64)))
        .filter(|c| *c != '\\')
        .collect()
}

/// Letters of a note that is nearly as long as one may be.
const NOTE: usize = 9_900;

#[test]
fn a_full_disk_is_told_and_what_was_acknowledged_stays() {
    let scene = Scene::new("full-disk");
    let Some(disk) = SmallDisk::mount(&scene.folder().join("disk"), "size=5m") else { return };
    let a = Computer::new("Front desk", disk.path().join("store"));
    a.found_clinic(None);
    let patient = a.register(&json!({ "family": "Okello" }));
    fs::write(disk.path().join("reserve"), vec![1; 300_000]).unwrap();
    disk.leave(700_000);
    let mut kept = 0;
    let refused = loop {
        let draft = json!({ "substance": format!("substance {kept}"), "note": noise(kept, NOTE) });
        let answer = a.try_record("allergy", Some(&patient), &draft.to_string());
        if answer.code != Some(0) {
            break answer;
        }
        kept += 1;
        assert!(kept < 500, "the disk is never full");
    };
    assert_eq!(refused.refusal("a full disk"), "disk-full");
    let said = text(&refused.error("a full disk"), "/detail");
    assert!(said.contains("everything before it is safe"), "{said}");
    // Not a byte is left: nothing is recorded, and the chart is read all the same.
    disk.take_what_is_left();
    let latex = json!({ "substance": "latex", "note": noise(999, NOTE) }).to_string();
    for _ in 0..2 {
        let chart = a.chart(&patient);
        assert_eq!(chart["chart"]["allergies"].as_array().unwrap().len(), kept);
        // The log beside the store, once it can be written back, is room that may come back.
        disk.take_what_is_left();
        let answer = a.try_record("allergy", Some(&patient), &latex);
        assert_eq!(answer.refusal("a disk without a byte"), "disk-full");
    }
    let people = scene.folder().join("people.ndjson");
    let line = r#"{"resourceType":"Patient","name":[{"family":"Import"}],"text":{"div":"DIV"}}"#;
    fs::write(
        &people,
        line.replace("DIV", &(0..60).map(|seed| noise(seed, 50_000)).collect::<String>()),
    )
    .unwrap();
    let import = a.run(&["--json", "import", people.to_str().unwrap()]);
    assert_eq!(import.refusal("an import to a full disk"), "disk-full");
    let out = disk.path().join("all.json");
    let export = ["--json", "export", "--format", "fhir", "--patient", &patient, "--out"];
    let export: Vec<&str> = export.into_iter().chain([out.to_str().unwrap()]).collect();
    assert_eq!(a.run(&export).refusal("an export to a full disk"), "disk-full");

    // Space returns.
    disk.give_back();
    disk.remount("remount,size=30m");
    let chart = a.chart(&patient);
    assert_eq!(chart["chart"]["allergies"].as_array().unwrap().len(), kept, "none lost, none half");
    a.record("allergy", Some(&patient), &json!({ "substance": "latex" }));
    a.must_be_sound();
}

#[test]
fn a_disk_that_cannot_be_written_is_told() {
    let scene = Scene::new("read-only");
    let Some(disk) = SmallDisk::mount(&scene.folder().join("disk"), "size=20m") else { return };
    let a = Computer::new("Front desk", disk.path().join("store"));
    a.found_clinic(None);
    let patient = a.register(&json!({ "family": "Okello" }));
    let chart = a.chart(&patient);
    disk.remount("remount,ro");
    let draft = r#"{"substance":"latex"}"#;
    let refused = a.try_record("allergy", Some(&patient), draft).refusal("read-only");
    assert_eq!(refused, "read-only-disk");
    let elsewhere = Computer::new("New", disk.path().join("other"));
    let create = ["--json", "clinic", "create", "--name", "N", "--admin", "eve"];
    assert_eq!(elsewhere.run(&create).refusal("a new store"), "read-only-disk");
    disk.remount("remount,rw");
    assert_eq!(a.chart(&patient), chart);
    a.must_be_sound();
}

#[cfg(target_os = "linux")]
#[test]
fn a_second_program_on_a_store_is_told_so() {
    let kept = Kept::new("in-use");
    // It has the store open while it waits for its input.
    let mut first = kept.computer.command();
    first.args(["--json", "record", "allergy", "--patient", &kept.patient]);
    first.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut first = first.spawn().unwrap();
    let open = format!("/proc/{}/fd", first.id());
    let database = fs::canonicalize(kept.file(DATABASE)).unwrap();
    wait_for("the first program to open the store", || {
        let mut files = fs::read_dir(&open).ok()?.filter_map(Result::ok);
        files.any(|file| fs::read_link(file.path()).is_ok_and(|to| to == database)).then_some(())
    });
    assert_eq!(kept.computer.refused(&["chart", &kept.patient]), "store-in-use");
    assert_eq!(kept.computer.refused(&["check"]), "store-in-use");
    let mut input = first.stdin.take().unwrap();
    std::io::Write::write_all(&mut input, b"{\"substance\":\"latex\"}").unwrap();
    drop(input);
    let answer = Answer::of(first.wait_with_output().unwrap());
    let entry = text(&answer.value("the first program"), "/entries/0/id");
    assert!(kept.computer.chart(&kept.patient).to_string().contains(&entry));
    kept.computer.must_be_sound();
}

#[test]
fn a_store_whose_lists_another_version_made_has_them_made_again_when_it_is_opened() {
    let kept = Kept::new("other-lists");
    let slots = KeyslotsFile::at(kept.computer.store()).read().unwrap().keyslots;
    let key = slots.unlock("ana", PASSWORD, &NoKeyring).unwrap().database_key;
    let hex: String = key.expose().iter().map(|byte| format!("{byte:02x}")).collect();
    let with = |sql: &str| {
        let database = Connection::open(kept.file(DATABASE)).unwrap();
        database.execute_batch(&format!("PRAGMA key = \"x'{hex}'\"; {sql}")).unwrap();
        database.close().unwrap();
    };
    with("DELETE FROM allergy;");
    assert_ne!(kept.computer.chart(&kept.patient), kept.chart, "the lists are read as they are");
    with("UPDATE state SET projections = 0;");
    assert_eq!(kept.computer.chart(&kept.patient), kept.chart);
    kept.computer.must_be_sound();
}
