//! A session bus and a keyring of a test's own, to be locked, emptied, stopped or taken away.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::process::{Running, wait_for};

/// What the keyring of a new session is unlocked with.
const PASSWORD: &str = "the password of the desktop";

/// A bus that starts nothing by itself: what is not there stays away.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=SOCKET</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// The session of someone who signed in to a desktop: a bus, and a keyring on it.
#[derive(Debug)]
pub struct Desktop {
    folder: PathBuf,
    // Dropped first: it speaks over the bus.
    keyring: Option<Running>,
    bus: Option<Running>,
}

impl Desktop {
    /// A session with an unlocked keyring that holds nothing; its files go to `folder`.
    pub fn start(folder: &Path) -> Self {
        fs::create_dir_all(folder.join("home")).expect("a folder for the keyring");
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).expect("a private folder");
        let mut desktop = Self { folder: folder.to_path_buf(), keyring: None, bus: None };
        desktop.start_bus();
        desktop.unlock();
        desktop
    }

    /// What a program needs in its environment to find this bus and no other.
    pub fn variables(&self) -> [(&'static str, String); 2] {
        let address = format!("unix:path={}", self.socket().display());
        let runtime = self.folder.display().to_string();
        [("DBUS_SESSION_BUS_ADDRESS", address), ("XDG_RUNTIME_DIR", runtime)]
    }

    /// Ends the keyring: the bus is there, and nobody on it keeps secrets.
    pub fn end_keyring(&mut self) {
        drop(self.keyring.take());
        wait_for("the keyring to leave the bus", || (!self.has_keyring()).then_some(()));
    }

    /// Ends keyring and bus.
    pub fn end(&mut self) {
        drop(self.keyring.take());
        drop(self.bus.take());
        drop(fs::remove_file(self.socket()));
    }

    /// The keyring is there and locked, as after a sign-in without a password.
    pub fn lock(&mut self) {
        self.restart("not the password of the desktop");
    }

    /// The keyring is there and open.
    pub fn unlock(&mut self) {
        if self.bus.is_none() {
            self.start_bus();
        }
        self.restart(PASSWORD);
    }

    /// The keyring is there and open, and has forgotten everything.
    pub fn empty(&mut self) {
        drop(self.keyring.take());
        fs::remove_dir_all(self.folder.join("home")).expect("what the keyring kept goes");
        fs::create_dir_all(self.folder.join("home")).expect("a folder for the keyring");
        self.restart(PASSWORD);
    }

    /// The keyring is there and answers nothing.
    pub fn hang(&self) {
        self.keyring.as_ref().expect("a keyring").signal("STOP");
    }

    /// It answers again.
    pub fn go_on(&self) {
        self.keyring.as_ref().expect("a keyring").signal("CONT");
    }

    fn start_bus(&mut self) {
        let settings = self.folder.join("bus.conf");
        let text = BUS.replace("SOCKET", &self.socket().display().to_string());
        fs::write(&settings, text).expect("the settings of the bus");
        let mut daemon = Command::new("dbus-daemon");
        daemon.args(["--nofork", "--nopidfile"]).arg("--config-file").arg(settings);
        daemon.stdout(Stdio::null()).stderr(Stdio::null());
        self.bus = Some(Running::start("dbus-daemon", &mut daemon));
        wait_for("the session bus", || self.socket().exists().then_some(()));
    }

    fn restart(&mut self, password: &str) {
        if self.keyring.is_some() {
            self.end_keyring();
        }
        let home = self.folder.join("home");
        let mut daemon = Command::new("gnome-keyring-daemon");
        daemon.args(["--unlock", "--foreground", "--components=secrets"]);
        daemon.envs(self.variables()).env("HOME", &home).env("XDG_DATA_HOME", &home);
        daemon.env_remove("DISPLAY").stdout(Stdio::null()).stderr(Stdio::null());
        // It reads the password to the end of its input.
        self.keyring = Some(Running::start_with("gnome-keyring-daemon", &mut daemon, password));
        wait_for("the keyring on the bus", || self.has_keyring().then_some(()));
    }

    fn has_keyring(&self) -> bool {
        let mut question = Command::new("dbus-send");
        question.args(["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/"]);
        question.args(["org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"]);
        let reply = question.envs(self.variables()).output().expect("dbus-send runs");
        String::from_utf8_lossy(&reply.stdout).contains("boolean true")
    }

    fn socket(&self) -> PathBuf {
        self.folder.join("bus")
    }
}
