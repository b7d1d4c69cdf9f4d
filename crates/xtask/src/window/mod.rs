//! `cargo xtask ui`: the Leptos window as wasm, bound to JavaScript, with its page and styles, in
//! `ui/dist`, from where it is packed into the app.

mod bind;
mod pages;
mod stamp;

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{At, Outcome};
use crate::places::Places;
use crate::say;
use crate::setup::{self, Wasm};

/// How the window is compiled: the profiles of the root `Cargo.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Quick to build.
    Dev,
    /// Small.
    Release,
}

impl Profile {
    /// The profile for a `--release` given or not.
    pub(crate) fn of(release: bool) -> Self {
        if release { Self::Release } else { Self::Dev }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Dev => "wasm-dev",
            Self::Release => "wasm-release",
        }
    }
}

/// Sets up and builds the window.
pub(crate) fn ui(places: &Places, profile: Profile) -> Outcome {
    let wasm = setup::setup(places)?;
    build(places, &wasm, profile)
}

/// Builds the window with a compiler at hand; leaves `ui/dist` untouched when nothing changed.
pub(crate) fn build(places: &Places, wasm: &Wasm, profile: Profile) -> Outcome {
    say::doing("building the window (wasm)");
    let module = compile(places, wasm, profile)?;
    let pages = pages::find(places.root())?;
    let stamp = stamp::of(profile.name(), &module, &pages)?;
    let dist = places.ui_dist();
    if stamp::stands(&dist, &stamp) {
        say::doing("the window is unchanged");
        return Ok(());
    }
    clear(&dist)?;
    fs::create_dir_all(&dist).at(&dist)?;
    let size_bytes = bind::bind(&module, &dist, profile)?;
    pages::copy(&pages, &dist)?;
    stamp::write(&dist, &stamp)?;
    say::doing(&format!("ui/dist: {} KiB of wasm", size_bytes / 1024));
    Ok(())
}

/// The size of the window's wasm as it is packed into a release. `ui/dist` is left as it is.
pub(crate) fn release_bytes(places: &Places, wasm: &Wasm) -> Outcome<u64> {
    say::doing("building the window for release (wasm)");
    let module = compile(places, wasm, Profile::Release)?;
    let aside = places.target().join("bench").join("window");
    clear(&aside)?;
    fs::create_dir_all(&aside).at(&aside)?;
    bind::bind(&module, &aside, Profile::Release)
}

/// Compiles the package `ui`, and gives the path of its wasm.
fn compile(places: &Places, wasm: &Wasm, profile: Profile) -> Outcome<PathBuf> {
    let target = places.ui_target();
    wasm.cargo()
        .directory(places.root())
        .args(["build", "--package", "ui", "--target", setup::TARGET])
        .args(["--profile", profile.name(), "--target-dir"])
        .args([&target])
        .show()?;
    Ok(target.join(setup::TARGET).join(profile.name()).join("ui.wasm"))
}

fn clear(folder: &Path) -> Outcome {
    if folder.exists() { fs::remove_dir_all(folder).at(folder) } else { Ok(()) }
}
