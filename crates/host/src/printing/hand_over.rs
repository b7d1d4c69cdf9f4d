//! The programs of the system that take a file: what prints, and what shows.
//!
//! They are named and never looked for elsewhere than the system does, and are given nothing but
//! the path of a file that was spooled here.

use super::spool::Spooled;
use api::PrintOutcome;
use app::PrintJob;
use std::{
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

/// How often it is looked whether a program has ended.
const LOOK: Duration = Duration::from_millis(20);
/// A printer that has not taken a file by then is none.
const PRINTING_LOOKS: u32 = 1_000;
/// A viewer that has not failed by then shows it.
const SHOWING_LOOKS: u32 = 100;

/// Hands a file to the printer, else to the viewer; a secret to the printer alone.
pub(super) fn hand_over(job: &PrintJob<'_>, spooled: Spooled) -> PrintOutcome {
    if print(job, spooled.path()) {
        return PrintOutcome::Printer;
    }
    if !job.is_secret && shows() && show(spooled.path()) {
        spooled.keep_shown();
        return PrintOutcome::Viewer;
    }
    PrintOutcome::Nowhere
}

/// Whether the printer took it. It was read by then: CUPS keeps a copy of its own.
fn print(job: &PrintJob<'_>, path: &Path) -> bool {
    let Some(mut child) = started(&mut printing(job, path)) else { return false };
    let ended = ended(&mut child, PRINTING_LOOKS);
    if ended.is_none() {
        // It may hang for ever on a printer that is not there.
        let killed = child.kill().and_then(|()| child.wait());
        tracing::warn!(was_killed = killed.is_ok(), "the printer did not answer");
    }
    ended == Some(true)
}

/// Whether a viewer shows it.
fn show(path: &Path) -> bool {
    let Some(mut child) = started(&mut showing(path)) else { return false };
    let ended = ended(&mut child, SHOWING_LOOKS);
    if ended.is_none() {
        // A viewer that stays is waited for, so that nothing is left of it when it ends.
        drop(thread::spawn(move || child.wait()));
    }
    ended != Some(false)
}

fn started(command: &mut Command) -> Option<Child> {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.spawn().inspect_err(|error| tracing::info!(kind = ?error.kind(), "not started")).ok()
}

/// Whether it ended well; nothing while it goes on.
fn ended(child: &mut Child, looks: u32) -> Option<bool> {
    for _ in 0..looks {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status.success()),
            Ok(None) => thread::sleep(LOOK),
            Err(_) => return Some(false),
        }
    }
    None
}

/// The name in the queue is that of the sheet: others see it.
#[cfg(unix)]
fn printing(job: &PrintJob<'_>, path: &Path) -> Command {
    use clinical::SheetPaper;
    let mut command = Command::new("lp");
    command.arg("-t").arg(format!("Fieldchart {}", job.name));
    command.arg("-n").arg(job.copies.to_string());
    let media = match job.paper {
        SheetPaper::A4 => Some("media=A4"),
        SheetPaper::A5 => Some("media=A5"),
        SheetPaper::Letter => Some("media=Letter"),
        // A roll's printer knows its paper, and no two name it alike.
        SheetPaper::Roll80 => None,
    };
    media.iter().for_each(|media| {
        command.arg("-o").arg(media);
    });
    // It begins with the root, never with a dash.
    command.arg(path);
    command
}

#[cfg(all(unix, not(target_os = "macos")))]
fn showing(path: &Path) -> Command {
    let mut command = Command::new("xdg-open");
    command.arg(path);
    command
}

#[cfg(target_os = "macos")]
fn showing(path: &Path) -> Command {
    let mut command = Command::new("open");
    command.arg(path);
    command
}

/// Without a display `xdg-open` would look for a browser in the terminal.
#[cfg(all(unix, not(target_os = "macos")))]
fn shows() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some())
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn shows() -> bool {
    true
}

/// The print verb (ShellExecute) of the program that opens PDFs; the path goes by the environment,
/// where no sign of it means anything.
#[cfg(windows)]
fn printing(_: &PrintJob<'_>, path: &Path) -> Command {
    verb("Print", path)
}

#[cfg(windows)]
fn showing(path: &Path) -> Command {
    verb("Open", path)
}

#[cfg(windows)]
fn verb(verb: &str, path: &Path) -> Command {
    let mut command = Command::new("powershell.exe");
    command.args(["-NoProfile", "-NonInteractive", "-WindowStyle", "Hidden", "-Command"]);
    command.arg(format!("Start-Process -FilePath $env:FIELDCHART_SHEET -Verb {verb}"));
    command.env("FIELDCHART_SHEET", path);
    command
}
