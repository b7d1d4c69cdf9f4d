//! A session bus.

use std::ffi::OsString;
use std::path::Path;

use crate::failure::Outcome;
use crate::program::Program;
use crate::session::process::{Running, start_and_read_line};

/// Starts it with its socket in `runtime`, and gives its address.
pub(crate) fn start(runtime: &Path) -> Outcome<(Running, OsString)> {
    let daemon = Program::new("dbus-daemon")
        .args(["--session", "--nofork", "--nopidfile", "--print-address=1"])
        .args([format!("--address=unix:path={}", runtime.join("bus").display())])
        .set("XDG_RUNTIME_DIR", runtime);
    let (running, address) = start_and_read_line(daemon, "the session bus")?;
    Ok((running, address.into()))
}
