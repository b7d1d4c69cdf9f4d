//! `cargo xtask ci`: formatting, lints as errors, the size of the window, and every test.

use crate::cargo::cargo;
use crate::failure::Outcome;
use crate::places::Places;
use crate::window::{self, Profile};
use crate::{say, setup, test};

/// Runs what a change must pass.
pub(crate) fn ci(places: &Places) -> Outcome {
    say::doing("formatting");
    cargo(places).args(["fmt", "--all", "--check"]).show()?;
    setup::setup(places)?;
    say::doing("lints");
    cargo(places)
        .args(["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"])
        .show()?;
    // As it is packed: a window that has become too large for a release stops here.
    window::ui(places, Profile::Release)?;
    test::test(places)
}
