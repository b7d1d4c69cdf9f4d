//! The compiler for wasm32-unknown-unknown: rustup's where it gives one, else the distribution's.

use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome};
use crate::places::Places;
use crate::program::Program;
use crate::say;
use crate::setup::{TARGET, apt, distribution};

/// The compiler that builds the window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wasm {
    /// The compiler in use has the target.
    Own,
    /// The distribution's cargo, with a `rustc` that knows where our standard library lies.
    Distribution { rustc: PathBuf },
}

impl Wasm {
    /// A cargo that builds for the target.
    pub(crate) fn cargo(&self) -> Program {
        match self {
            Self::Own => Program::cargo(),
            // What the cargo that runs us has set would pin its own compiler.
            Self::Distribution { rustc } => Program::new(distribution::CARGO)
                .unset(&["CARGO", "RUSTC", "RUSTDOC", "RUSTUP_TOOLCHAIN"])
                .set("RUSTC", rustc),
        }
    }
}

/// Finds a compiler for the target, or makes one.
pub(crate) fn make_ready(places: &Places) -> Outcome<Wasm> {
    if wants_distribution() {
        return from_distribution(places);
    }
    if has_target(places.root()) || add_by_rustup(places.root()) {
        return Ok(Wasm::Own);
    }
    if apt::is_here() {
        say::doing("rustup cannot give the wasm target here; taking the distribution's route");
        return from_distribution(places);
    }
    Err(Failure::Missing(format!("please run `rustup target add {TARGET}`, then start again")))
}

fn from_distribution(places: &Places) -> Outcome<Wasm> {
    Ok(Wasm::Distribution { rustc: distribution::make_ready(places)? })
}

fn wants_distribution() -> bool {
    std::env::var("FIELDCHART_WASM").is_ok_and(|route| route == "distribution")
}

/// Whether the compiler in use has the target's standard library.
fn has_target(root: &Path) -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let query = ["--print", "target-libdir", "--target", TARGET];
    let answer = Program::new(rustc).args(query).directory(root).answer();
    answer.is_ok_and(|folder| Path::new(folder.trim()).is_dir())
}

fn add_by_rustup(root: &Path) -> bool {
    if !Program::new("rustup").args(["--version"]).works() {
        return false;
    }
    say::doing("asking rustup for the wasm target");
    Program::new("rustup").args(["target", "add", TARGET]).directory(root).works()
        && has_target(root)
}
