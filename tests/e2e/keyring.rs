//! The keyring of a desktop session: gone, locked, hanging, emptied. Each is told by its own name
//! and in its own words, nothing is made or changed because of it, and when the keyring is well
//! again so is the clinic.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use tests::computer::{Computer, text};
use tests::keyring::Desktop;
use tests::scene::{Scene, files_of};

use crate::acts;

/// A computer whose store is bound to the keyring of a desktop of its own.
struct Desk {
    scene: Scene,
    desktop: Desktop,
    computer: Computer,
    recovery_code: String,
}

impl Desk {
    fn new(name: &str) -> Self {
        let scene = Scene::new(name);
        let desktop = Desktop::start(&scene.folder().join("desktop"));
        let computer = Computer::of(&scene, "a").with_keyring(desktop.variables());
        let recovery_code = text(&computer.found_clinic(None), "/recoveryCode");
        let desk = Self { scene, desktop, computer, recovery_code };
        desk.must_open();
        desk
    }

    /// The clinic opens with the password, and with no other.
    fn must_open(&self) {
        self.computer.must_be_sound();
        let other = self.computer.with_password("another quiet morning here");
        assert_eq!(other.refused(&["find"]), "wrong-password");
    }

    /// Signing in is refused with `code` and a sentence that says `words`, and costs nothing.
    fn must_refuse(&self, code: &str, words: &str) {
        let before = bytes_below(self.computer.store());
        assert!(before.len() >= 4, "a store: {:?}", before.keys());
        let told = self.computer.run(&["--json", "find"]).error(words);
        assert_eq!(text(&told, "/code"), code, "{told}");
        assert!(text(&told, "/detail").contains(words), "{words:?} in {told}");
        let plain = self.computer.run(&["find"]);
        assert_eq!((plain.code, plain.out.as_str()), (Some(1), ""), "{plain:?}");
        assert_eq!(plain.err.lines().count(), 1, "one line: {plain:?}");
        assert!(plain.err.contains(words), "{words:?} in {plain:?}");
        // Another password changes nothing about it: it is the keyring that is asked first.
        let after = bytes_below(self.computer.store());
        assert!(before == after, "{code}: {:?} became {:?}", before.keys(), after.keys());
    }

    /// A computer of this desktop that has no clinic yet.
    fn new_computer(&self, name: &str) -> Computer {
        Computer::of(&self.scene, name).with_keyring(self.desktop.variables())
    }

    /// No clinic is made, and nothing is left of the attempt.
    fn must_make_nothing(&self, code: &str) {
        let computer = self.new_computer("new");
        let make = ["--json", "clinic", "create", "--name", "Hillside", "--admin", "eve"];
        let told = computer.run(&make).error(code);
        assert_eq!(text(&told, "/code"), code, "{told}");
        assert!(text(&told, "/detail").starts_with("Nothing was made: "), "{told}");
        assert!(!computer.store().exists(), "{:?}", bytes_below(computer.store()).keys());
    }
}

/// Every file below a folder with its bytes.
fn bytes_below(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let read = |path: PathBuf| {
        let bytes = fs::read(&path).expect("a file of the store");
        (path, bytes)
    };
    files_of(folder).into_iter().map(read).collect()
}

#[test]
fn a_keyring_that_is_gone_is_told_and_missed_only_by_who_had_one() {
    let mut desk = Desk::new("keyring-gone");
    desk.desktop.end_keyring();
    desk.must_refuse("keyring-absent", "the system keyring is not there");
    desk.desktop.end();
    desk.must_refuse("keyring-absent", "the system keyring is not there");
    // Where no keyring is, the password alone holds, which is said; so it does when one comes later.
    let without = desk.new_computer("without");
    assert_eq!(without.found_clinic(None)["keyringAbsent"], true);
    without.must_be_sound();
    desk.desktop.unlock();
    without.must_be_sound();
    desk.must_open();
}

#[test]
fn a_locked_keyring_is_told_and_nothing_is_made() {
    let mut desk = Desk::new("keyring-locked");
    desk.desktop.lock();
    desk.must_refuse("keyring-locked", "the system keyring is locked");
    desk.must_make_nothing("keyring-locked");
    desk.desktop.unlock();
    desk.must_open();
}

#[test]
fn a_hanging_keyring_is_told_and_nothing_is_made() {
    let desk = Desk::new("keyring-hanging");
    desk.desktop.hang();
    // Each waits as long as the program gives a keyring.
    std::thread::scope(|scope| {
        scope.spawn(|| desk.must_make_nothing("keyring-timed-out"));
        desk.must_refuse("keyring-timed-out", "the system keyring does not answer");
    });
    desk.desktop.go_on();
    desk.must_open();
}

/// The printed code opens the clinic all the same, and binds it to the keyring anew.
#[test]
fn an_emptied_keyring_is_told_and_the_recovery_code_does_without() {
    let mut desk = Desk::new("keyring-emptied");
    desk.desktop.empty();
    desk.must_refuse("keyring-empty", "does not hold this device's secret");

    let window = desk.scene.open_with("a", desk.desktop.variables().into());
    window.see("Sign in");
    window.fill("Password", tests::computer::PASSWORD);
    window.submit("Sign in");
    window.see("This computer's keyring does not hold our secret");
    window.must_be_accessible("an emptied keyring");
    window.picture("keyring-emptied");
    window.press("Use the recovery code");
    window.must_be_accessible("the recovery code");
    window.fill("Recovery code", &desk.recovery_code);
    window.fill("New password", acts::PASSWORD);
    window.picture("recovery-code");
    window.submit("Open and set the password");
    window.see("Lakeside");
    drop(window.kill());

    let computer = desk.computer.with_password(acts::PASSWORD);
    computer.must_be_sound();
    desk.desktop.end_keyring();
    assert_eq!(computer.refused(&["find"]), "keyring-absent", "it is bound to the keyring");
}
