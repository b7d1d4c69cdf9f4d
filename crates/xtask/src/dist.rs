//! `cargo xtask dist`: what is given to users.

use crate::cargo::cargo;
use crate::failure::{At, Outcome};
use crate::places::Places;
use crate::say;
use crate::window::{self, Profile};

/// The programs a release consists of.
const PROGRAMS: [&str; 3] = ["fieldchart-desktop", "fieldchart", "fieldchart-sync"];

/// Builds the window and the three programs for release, and tells where they are.
pub(crate) fn dist(places: &Places) -> Outcome {
    window::ui(places, Profile::Release)?;
    say::doing("building for release: a quarter of an hour the first time");
    cargo(places)
        .args(["build", "--release", "--package", "desktop", "--package", "cli"])
        .args(["--package", "sync-server"])
        .show()?;
    for name in PROGRAMS {
        let path = places.profile_binary("release", name);
        let size_bytes = std::fs::metadata(&path).at(&path)?.len();
        say::tell(&format!("{:>8} KiB  {}", size_bytes / 1024, path.display()));
    }
    Ok(())
}
