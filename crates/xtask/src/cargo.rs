//! The cargo calls that several tasks share, in one form, so that what one task compiled the
//! next one finds.

use crate::failure::Outcome;
use crate::places::Places;
use crate::program::Program;

/// Everything that runs on this machine: the window is another compiler's, and its own packages';
/// the bare page is for measuring alone.
pub(crate) const HOST: [&str; 7] =
    ["--workspace", "--exclude", "ui", "--exclude", "bare-app", "--exclude", "bare-page"];

/// Cargo at the top of the repository.
pub(crate) fn cargo(places: &Places) -> Program {
    Program::cargo().directory(places.root()).set("CARGO_TARGET_DIR", places.target())
}

/// Builds the app, the command line, the server and the window tests.
///
/// The window tests are built along because their crates ask for more features of shared
/// dependencies: built apart, half the graph would be compiled twice.
pub(crate) fn build_programs(places: &Places) -> Outcome {
    cargo(places).args(["build"]).args(HOST).args(["--bins", "--test", "e2e"]).show()
}
