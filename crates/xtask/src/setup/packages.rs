//! The system packages: the webview, and what the window tests need.

use crate::failure::{Failure, Outcome};
use crate::program::Program;
use crate::setup::apt;

/// To build: a linker and Make for the bundled OpenSSL, the webview's headers. To test: its
/// driver, a virtual display, a session bus with a keyring, fonts for the pictures, what reads a
/// printed sheet back, the database that servers may share, and what kills a program as it writes.
const PACKAGES: [&str; 14] = [
    "build-essential",
    "pkg-config",
    "perl",
    "libwebkit2gtk-4.1-dev",
    "webkit2gtk-driver",
    "xvfb",
    "dbus",
    "dbus-bin",
    "gnome-keyring",
    "fonts-dejavu-core",
    "poppler-utils",
    "postgresql",
    "strace",
    "ca-certificates",
];

/// What the packages give, for the systems whose package names we do not know.
const PROGRAMS: [(&str, &str); 7] = [
    ("WebKitWebDriver", "the WebDriver of WebKitGTK 4.1"),
    ("Xvfb", "Xvfb"),
    ("dbus-daemon", "D-Bus"),
    ("dbus-send", "D-Bus's tools"),
    ("gnome-keyring-daemon", "gnome-keyring"),
    ("pdftotext", "poppler's tools"),
    ("strace", "strace"),
];

/// Installs what is missing where we know how, and otherwise says what is missing.
pub(crate) fn install_missing() -> Outcome {
    if !cfg!(target_os = "linux") {
        // macOS and Windows bring their webview; the README names what else they need.
        return Ok(());
    }
    if !apt::is_here() {
        return name_missing();
    }
    let missing = apt::missing(&PACKAGES);
    if missing.is_empty() { Ok(()) } else { apt::install(&missing, "system packages") }
}

fn name_missing() -> Outcome {
    let webview = Program::new("pkg-config").args(["--exists", "webkit2gtk-4.1"]).works();
    let mut missing = if webview { vec![] } else { vec!["WebKitGTK 4.1 with its headers"] };
    missing.extend(PROGRAMS.iter().filter(|(name, _)| !on_path(name)).map(|(_, what)| *what));
    if missing.is_empty() {
        return Ok(());
    }
    Err(Failure::Missing(format!("please install {}, then start again", missing.join(", "))))
}

fn on_path(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(name).is_file())
}
