//! Binaryen's `wasm-opt`, which makes a release module smaller. Only release builds ask for it, so
//! that running and testing need nothing more to be installed.

use crate::failure::Outcome;
use crate::program::Program;
use crate::say;
use crate::setup::apt;

const PACKAGE: &str = "binaryen";
const PROGRAM: &str = "wasm-opt";

/// The optimiser, installed where we know how; `None`, told in one line, where it is not to be
/// had: the module is then larger and does the same.
pub(crate) fn shrinker() -> Outcome<Option<Program>> {
    if apt::is_here() && !apt::missing(&[PACKAGE]).is_empty() {
        apt::install(&[PACKAGE], "the optimiser of the release window")?;
    }
    if Program::new(PROGRAM).args(["--version"]).works() {
        return Ok(Some(Program::new(PROGRAM)));
    }
    say::doing("wasm-opt (binaryen) is not here: the window is built larger than it need be");
    Ok(None)
}
