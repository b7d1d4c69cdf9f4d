//! `cargo xtask ui`: the Leptos window as wasm, bound to JavaScript, with its page and styles, in
//! `ui/dist`, from where it is packed into the app.

mod bind;
mod front;
mod pages;
mod stamp;

use std::fs;
use std::path::{Path, PathBuf};

pub(crate) use front::Front;

use crate::failure::{At, Failure, Outcome};
use crate::places::Places;
use crate::say;
use crate::setup::{self, Wasm};

/// Views of one type at run time in place of a type for each page: the module is smaller, and
/// compiles in less time and memory (leptos, `erase_components`).
const ERASED: &str = r#"target.wasm32-unknown-unknown.rustflags = ["--cfg", "erase_components"]"#;

/// The window's module in release has at most so many bytes.
const BYTES_MAX: u64 = 1_800_000;

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
    build(places, &wasm, profile, &[Front::Window])
}

/// Builds what is given to the webview, with a compiler at hand; leaves a `dist` untouched when
/// nothing changed.
pub(crate) fn build(places: &Places, wasm: &Wasm, profile: Profile, fronts: &[Front]) -> Outcome {
    say::doing("building the window (wasm)");
    compile(places, wasm, profile, fronts)?;
    fronts.iter().try_for_each(|front| pack(places, profile, *front))
}

/// The size of the window's wasm as it lies ready to be packed, in bytes.
pub(crate) fn packed_bytes(places: &Places) -> Outcome<u64> {
    bound_bytes(Front::Window, &Front::Window.dist(places.root()))
}

/// Compiles the packages in one call: built apart, they would compile shared crates twice.
fn compile(places: &Places, wasm: &Wasm, profile: Profile, fronts: &[Front]) -> Outcome {
    wasm.cargo()
        .directory(places.root())
        .args(["build", "--target", setup::TARGET, "--profile", profile.name()])
        .args(fronts.iter().flat_map(|front| ["--package", front.package()]))
        .args(["--config", ERASED])
        .args(["--target-dir"])
        .args([&places.ui_target()])
        .show()
}

/// Binds a compiled module, and puts its page and styles beside it.
fn pack(places: &Places, profile: Profile, front: Front) -> Outcome {
    let (module, dist) = (compiled(places, profile, front), front.dist(places.root()));
    let pages = pages::find(places.root(), front)?;
    let stamp = stamp::of(profile.name(), &module, &pages)?;
    let name = front.package();
    if stamp::stands(&dist, &stamp) {
        say::doing(&format!("{name} is unchanged"));
        return Ok(());
    }
    clear(&dist)?;
    fs::create_dir_all(&dist).at(&dist)?;
    bind::bind(front, &module, &dist, profile)?;
    let bytes = bound_bytes(front, &dist)?;
    say::doing(&format!("{name}: {bytes} bytes of wasm"));
    fits(front, profile, bytes)?;
    pages::copy(&pages, &dist)?;
    stamp::write(&dist, &stamp)
}

/// Whether a module is small enough to be packed: every start of the window compiles all of it.
fn fits(front: Front, profile: Profile, bytes: u64) -> Outcome {
    let is_bound = front == Front::Window && profile == Profile::Release;
    if is_bound && bytes > BYTES_MAX {
        return Err(Failure::Heavy { bytes, limit: BYTES_MAX });
    }
    Ok(())
}

fn compiled(places: &Places, profile: Profile, front: Front) -> PathBuf {
    let folder = places.ui_target().join(setup::TARGET).join(profile.name());
    folder.join(format!("{}.wasm", front.package()))
}

fn bound_bytes(front: Front, dist: &Path) -> Outcome<u64> {
    let module = bind::bound(front, dist);
    Ok(fs::metadata(&module).at(&module)?.len())
}

fn clear(folder: &Path) -> Outcome {
    if folder.exists() { fs::remove_dir_all(folder).at(folder) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_that_is_too_large_is_not_packed() {
        let check = |front, profile, bytes, packs: bool| {
            assert_eq!(fits(front, profile, bytes).is_ok(), packs, "{front:?} {profile:?} {bytes}");
        };
        check(Front::Window, Profile::Release, BYTES_MAX, true);
        check(Front::Window, Profile::Release, BYTES_MAX + 1, false);
        check(Front::Window, Profile::Dev, BYTES_MAX + 1, true);
        check(Front::Bare, Profile::Release, BYTES_MAX + 1, true);
    }
}
