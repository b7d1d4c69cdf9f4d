//! An unlocked keyring behind the Secret Service, with nothing in it.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use crate::failure::{At, Outcome};
use crate::program::Program;
use crate::session::process::{Running, start_and_wait};

/// Starts it on the session's bus; its files go to `home`, never to the user's own.
pub(crate) fn start(home: &Path, variables: &[(String, OsString)]) -> Outcome<Running> {
    fs::create_dir_all(home).at(home)?;
    let daemon = Program::new("gnome-keyring-daemon")
        .args(["--unlock", "--foreground", "--components=secrets"])
        .set_all(variables)
        .set("HOME", home)
        .set("XDG_DATA_HOME", home);
    // What it reads on standard input becomes the password of the new keyring.
    start_and_wait(daemon, "the keyring", "throw-away\n", || answers(variables))
}

fn answers(variables: &[(String, OsString)]) -> bool {
    let question = ["org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"];
    let reply = Program::new("dbus-send")
        .args(["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/"])
        .args(question)
        .set_all(variables)
        .answer();
    reply.is_ok_and(|reply| reply.contains("boolean true"))
}
