//! `cargo xtask fix`: formats, and applies what the lints can repair by themselves.

use crate::cargo::cargo;
use crate::failure::Outcome;
use crate::places::Places;

/// Formats everything and applies machine-made repairs.
pub(crate) fn fix(places: &Places) -> Outcome {
    cargo(places)
        .args(["clippy", "--fix", "--allow-dirty", "--allow-staged"])
        .args(["--workspace", "--all-targets"])
        .show()?;
    cargo(places).args(["fmt", "--all"]).show()
}
