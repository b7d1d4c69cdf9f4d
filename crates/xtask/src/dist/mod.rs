//! `cargo xtask dist`: what is given to users, in `target/dist`.
//!
//! A folder with the three programs on every system, and a Debian package where Debian's tools
//! are. Other installers are made by Tauri's own bundler, which fetches tools from the internet;
//! this task says so.

mod deb;
mod manual;

use std::fs;
use std::path::{Path, PathBuf};

use crate::cargo::cargo;
use crate::failure::{At, Outcome};
use crate::places::Places;
use crate::program::Program;
use crate::say;
use crate::window::{self, Profile};
use deb::Pressing;

/// The packages a release is built from, in the words of cargo.
pub(crate) const PACKAGES: [&str; 6] =
    ["--package", "desktop", "--package", "cli", "--package", "sync-server"];
/// The programs a release consists of, and how each is asked for its version.
const PROGRAMS: [(&str, &str); 3] = [
    ("fieldchart-desktop", "--version"),
    ("fieldchart", "version"),
    ("fieldchart-sync", "--version"),
];
/// What goes along with them.
const PAPERS: [&str; 2] = ["LICENSE", "NOTICE"];
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Builds the window and the three programs for release, starts each once, and packs them.
pub(crate) fn dist(places: &Places) -> Outcome {
    window::ui(places, Profile::Release)?;
    build(places)?;
    let folder = gather(places)?;
    for (name, word) in PROGRAMS {
        let path = program(&folder, name);
        let told = Program::new(&path).args([word]).answer()?;
        let size_bytes = fs::metadata(&path).at(&path)?.len();
        say::tell(&format!("{:>8} KiB  {}  ({})", size_bytes / 1024, path.display(), told.trim()));
    }
    package(places, &folder)?;
    say::tell(NOT_MADE);
    Ok(())
}

/// Builds the three programs, as they are given to users.
pub(crate) fn build(places: &Places) -> Outcome {
    say::doing("building for release: a quarter of an hour the first time");
    cargo(places).args(["build", "--release"]).args(PACKAGES).show()
}

/// Packs programs that are built, beside them.
pub(crate) fn pack(places: &Places, programs: &Path) -> Outcome {
    let package = deb::make(places.root(), programs, programs, Pressing::Quick)?;
    say::tell(&package.display().to_string());
    Ok(())
}

/// What this task does not make, and how it is made.
const NOT_MADE: &str = "\
not made here: AppImage and rpm (Linux), dmg (macOS), nsis (Windows). Tauri's bundler makes them
from src-tauri/tauri.conf.json on the system they are for: `cargo install tauri-cli --locked`, then
`cargo tauri build`. It is no part of this repository and fetches tools from the internet.";

/// Lays the programs and their papers in a folder of their own.
fn gather(places: &Places) -> Outcome<PathBuf> {
    let system = format!("{}-{}", std::env::consts::OS, std::env::consts::ARCH);
    let folder = places.dist().join(format!("fieldchart-{VERSION}-{system}"));
    renew(&folder)?;
    for (name, _) in PROGRAMS {
        let (from, to) = (places.profile_binary("release", name), program(&folder, name));
        fs::copy(&from, &to).at(&from)?;
    }
    for name in PAPERS {
        let from = places.root().join(name);
        fs::copy(&from, folder.join(name)).at(&from)?;
    }
    manual::write(&program(&folder, "fieldchart"), &folder.join("man"))?;
    Ok(folder)
}

fn package(places: &Places, programs: &Path) -> Outcome {
    if !deb::can_be_made() {
        say::tell("no Debian package: dpkg-deb and dpkg-shlibdeps are not on this machine");
        return Ok(());
    }
    let package = deb::make(places.root(), programs, &places.dist(), Pressing::Small)?;
    let size_bytes = fs::metadata(&package).at(&package)?.len();
    say::tell(&format!("{:>8} KiB  {}", size_bytes / 1024, package.display()));
    Ok(())
}

fn program(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// An empty folder in the place of whatever was there.
fn renew(folder: &Path) -> Outcome {
    if folder.exists() {
        fs::remove_dir_all(folder).at(folder)?;
    }
    fs::create_dir_all(folder).at(folder)
}
