//! A virtual X display.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::failure::Outcome;
use crate::program::Program;
use crate::session::process::{Running, start_and_read_line};

/// The commonest laptop screen in clinics; pictures are made at this size.
const SCREEN: &str = "1366x768x24";

/// Starts it on a free number, and gives that number as `:7`; what it shows lies in a file in
/// `folder`.
pub(crate) fn start(folder: &Path) -> Outcome<(Running, OsString)> {
    let xvfb = Program::new("Xvfb")
        .args(["-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"])
        .args([OsStr::new("-fbdir"), folder.as_os_str()]);
    let (running, number) = start_and_read_line(xvfb, "the virtual display")?;
    Ok((running, format!(":{number}").into()))
}

/// The file in which the display keeps what it shows (X Window Dump).
pub(crate) fn shown(folder: &Path) -> PathBuf {
    folder.join("Xvfb_screen0")
}

/// Whether the user sits in front of a display that windows can open on.
pub(crate) fn is_here() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}
