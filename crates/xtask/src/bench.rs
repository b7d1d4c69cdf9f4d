//! `cargo xtask bench`: the product's figures, into docs/BENCHMARKS.md.

pub(crate) mod server;
pub(crate) mod sync;

use crate::cargo::cargo;
use crate::dist;
use crate::failure::Outcome;
use crate::places::Places;
use crate::program::Program;
use crate::session::Session;
use crate::test::session_home;
use crate::window::{self, Front, Profile};
use crate::{say, setup};

/// Builds what is given to users and the bare page for release, and runs the measuring program,
/// which writes docs/BENCHMARKS.md.
pub(crate) fn bench(places: &Places) -> Outcome {
    let wasm = setup::setup(places)?;
    window::build(places, &wasm, Profile::Release, &[Front::Window, Front::Bare])?;
    build(places)?;
    let session = a_session()?;
    say::doing("measuring");
    let mut program = Program::new(places.profile_binary("release", "bench"))
        .directory(places.root())
        .set("FIELDCHART_WASM_BYTES", window::packed_bytes(places)?.to_string());
    if let Some(session) = &session {
        program = program
            .set_all(session.variables())
            .set("FIELDCHART_SCREEN", session.screen())
            .set("FIELDCHART_APP", places.profile_binary("release", "fieldchart-desktop"))
            .set("FIELDCHART_BARE", places.profile_binary("release", "bare-app"));
    }
    program.show()
}

/// The programs in the one call `dist` makes too, so that what is measured is what is given to
/// users; the measuring program, with libraries of its own, apart.
fn build(places: &Places) -> Outcome {
    say::doing("building for release: a quarter of an hour the first time");
    let programs = cargo(places).args(["build", "--release"]).args(dist::PACKAGES);
    programs.args(["--package", "bare-app"]).show()?;
    cargo(places).args(["build", "--release", "--package", "tests", "--bin", "bench"]).show()
}

/// A display of its own for the windows; elsewhere than on Linux their rows stay empty.
fn a_session() -> Outcome<Option<Session>> {
    cfg!(target_os = "linux").then(|| Session::start(&session_home())).transpose()
}
