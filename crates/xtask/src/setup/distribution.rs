//! Debian's route to wasm: its `rustc-web` has the compiler but no standard library for
//! wasm32-unknown-unknown, so that is built once from `rust-web-src` and kept.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{At, Failure, Outcome};
use crate::places::Places;
use crate::program::Program;
use crate::say;
use crate::setup::{TARGET, apt};

/// The distribution's cargo.
pub(crate) const CARGO: &str = "/usr/bin/cargo";
const RUSTC: &str = "/usr/bin/rustc";
/// A link into the package that brings the linker, under its version's name (`lld-22`).
const LINKER: &str = "/usr/bin/rust-lld";
const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm"];
/// Small rather than quick, for much of it becomes a part of the window.
const FEATURES: &str = "build-std-features=optimize_for_size";
/// With bitcode: without it a window built with fat LTO does not link.
const FLAGS: &str = "-C embed-bitcode=yes -C opt-level=z";

/// Finds the kept standard library, or builds it; answers with the `rustc` that knows it.
pub(crate) fn make_ready(places: &Places) -> Outcome<PathBuf> {
    install_packages()?;
    let compiler = Program::new(RUSTC).args(["--version", "--verbose"]).answer()?;
    let folder = folder()?;
    let rustc = folder.join("bin").join("rustc");
    let stamp = format!("{compiler}{FEATURES} {FLAGS}\n");
    if fs::read_to_string(made_by(&folder)).is_ok_and(|made_by| made_by == stamp) {
        return Ok(rustc);
    }
    say::doing("building the wasm standard library, once (about two minutes)");
    build(&folder, &compiler, &stamp)?;
    forget_old_window(places)?;
    Ok(rustc)
}

fn install_packages() -> Outcome {
    if !apt::is_here() {
        return Err(Failure::Missing(
            "FIELDCHART_WASM=distribution is for Debian: elsewhere use rustup's wasm target"
                .to_owned(),
        ));
    }
    let missing = apt::missing(&PACKAGES);
    if !missing.is_empty() {
        apt::install(&missing, "the distribution's compiler for wasm")?;
    }
    // rust-web-llvm leaves the link dangling: the package it points into is not among those it
    // depends on.
    let linker = fs::read_link(LINKER).at(Path::new(LINKER))?;
    let package = linker.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if Path::new(LINKER).exists() { Ok(()) } else { apt::install(&[package], "the wasm linker") }
}

/// Where the standard library is kept: outside the repository, since it belongs to the machine.
fn folder() -> Outcome<PathBuf> {
    let data = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from);
    let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/share"));
    let parent = data.filter(|path| path.is_absolute()).or(home);
    let parent = parent.ok_or_else(|| Failure::Missing("please set HOME".to_owned()))?;
    Ok(parent.join("fieldchart-wasm"))
}

/// The file that says by which compiler the library was made, and how; written last.
fn made_by(folder: &Path) -> PathBuf {
    folder.join("made-by")
}

fn build(folder: &Path, compiler: &str, stamp: &str) -> Outcome {
    let seed = folder.with_extension("seed");
    clear(&seed)?;
    clear(folder)?;
    plant(&seed)?;
    Program::new(CARGO)
        .args(["build", "--release", "-Z", "build-std=std,panic_abort", "-Z", FEATURES])
        .args(["--target", TARGET])
        .directory(&seed)
        .unset(&["CARGO", "RUSTDOC", "RUSTUP_TOOLCHAIN", "CARGO_TARGET_DIR"])
        .set("RUSTC", RUSTC)
        .set("RUSTC_BOOTSTRAP", "1")
        .set("RUSTFLAGS", FLAGS)
        .show()?;
    gather(&seed, &library(folder, TARGET))?;
    link_host(folder, compiler)?;
    wrap(folder)?;
    clear(&seed)?;
    let made_by = made_by(folder);
    fs::write(&made_by, stamp).at(&made_by)
}

fn library(folder: &Path, target: &str) -> PathBuf {
    folder.join("lib").join("rustlib").join(target).join("lib")
}

/// Writes an empty crate, whose build brings the standard library along.
fn plant(seed: &Path) -> Outcome {
    let (manifest, source) = (seed.join("Cargo.toml"), seed.join("src"));
    fs::create_dir_all(&source).at(&source)?;
    let text = "[package]\nname = \"seed\"\nedition = \"2021\"\n[workspace]\n";
    fs::write(&manifest, text).at(&manifest)?;
    let source = source.join("lib.rs");
    fs::write(&source, "").at(&source)
}

/// Copies the standard library out of the empty crate's build.
fn gather(seed: &Path, library: &Path) -> Outcome {
    let built = seed.join("target").join(TARGET).join("release").join("deps");
    fs::create_dir_all(library).at(library)?;
    for file in fs::read_dir(&built).at(&built)? {
        let file = file.at(&built)?;
        let name = file.file_name().to_string_lossy().into_owned();
        if name.ends_with(".rlib") && !name.starts_with("libseed-") {
            fs::copy(file.path(), library.join(&name)).at(&file.path())?;
        }
    }
    Ok(())
}

/// Makes the host's own standard library seen too: build scripts and macros need it.
fn link_host(folder: &Path, compiler: &str) -> Outcome {
    let host = compiler.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.ok_or(Failure::Answer { program: "rustc" })?;
    let from = Path::new("/usr/lib/rustlib").join(host);
    let to = folder.join("lib").join("rustlib").join(host);
    link(&from, &to)
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> Outcome {
    std::os::unix::fs::symlink(from, to).at(to)
}

#[cfg(not(unix))]
fn link(_from: &Path, _to: &Path) -> Outcome {
    Err(Failure::Missing("the distribution's route is for Debian".to_owned()))
}

/// Writes a `rustc` that names its sysroot: Debian's own looks into /usr wherever it is linked.
fn wrap(folder: &Path) -> Outcome {
    let bin = folder.join("bin");
    fs::create_dir_all(&bin).at(&bin)?;
    let wrapper = bin.join("rustc");
    let text =
        format!("#!/bin/sh\nexec {RUSTC} --sysroot \"{}\" \"$@\"\n", folder.to_string_lossy());
    fs::write(&wrapper, text).at(&wrapper)?;
    Program::new("chmod").args(["+x"]).args([&wrapper]).show()
}

/// Cargo does not notice that a standard library was replaced under the same path.
fn forget_old_window(places: &Places) -> Outcome {
    clear(&places.ui_target())
}

fn clear(folder: &Path) -> Outcome {
    if folder.exists() { fs::remove_dir_all(folder).at(folder) } else { Ok(()) }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn the_wrapper_names_the_sysroot_and_passes_its_words_on() {
        let folder = tempfile::tempdir().unwrap();
        wrap(folder.path()).unwrap();
        let text = fs::read_to_string(folder.path().join("bin/rustc")).unwrap();
        let sysroot = folder.path().display();
        assert_eq!(
            text,
            format!("#!/bin/sh\nexec /usr/bin/rustc --sysroot \"{sysroot}\" \"$@\"\n")
        );
    }

    #[test]
    fn only_the_standard_library_is_gathered() {
        let folder = tempfile::tempdir().unwrap();
        let deps = folder.path().join("target").join(TARGET).join("release/deps");
        fs::create_dir_all(&deps).unwrap();
        for name in ["libstd-1.rlib", "libcore-2.rlib", "libseed-3.rlib", "std-1.d"] {
            fs::write(deps.join(name), "").unwrap();
        }
        let library = folder.path().join("library");
        gather(folder.path(), &library).unwrap();
        let mut names: Vec<_> =
            fs::read_dir(&library).unwrap().map(|file| file.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["libcore-2.rlib", "libstd-1.rlib"]);
    }

    #[test]
    fn the_host_is_read_from_the_compiler() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("lib/rustlib")).unwrap();
        link_host(folder.path(), "rustc 1.96.0\nhost: some-host\n").unwrap();
        let to = fs::read_link(folder.path().join("lib/rustlib/some-host")).unwrap();
        assert_eq!(to, Path::new("/usr/lib/rustlib/some-host"));
        assert!(link_host(folder.path(), "").is_err());
    }
}
