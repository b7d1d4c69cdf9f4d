//! What a machine needs before anything can be built: looked at each time, installed only when
//! it is missing.

mod apt;
mod distribution;
mod packages;
mod wasm;

pub(crate) use wasm::Wasm;

use crate::failure::Outcome;
use crate::places::Places;

/// What the window is compiled for.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// Makes the machine ready, and tells which compiler builds the window.
pub(crate) fn setup(places: &Places) -> Outcome<Wasm> {
    packages::install_missing()?;
    wasm::make_ready(places)
}
