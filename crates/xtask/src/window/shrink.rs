//! The last step of a release module: a smaller module that does the same.

use std::fs;
use std::path::Path;

use crate::failure::{At, Outcome};
use crate::setup;

/// For size, with what the compiler itself uses of the language: no more, so that every webview
/// that ran the module before runs it after.
const OPTIONS: [&str; 7] = [
    "-Oz",
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Puts a smaller module in the place of a bound one, where the optimiser is to be had; a failure
/// leaves the old one there.
pub(crate) fn shrink(module: &Path) -> Outcome {
    let Some(optimiser) = setup::shrinker()? else { return Ok(()) };
    let smaller = module.with_extension("smaller");
    optimiser.args(OPTIONS).args([module]).args(["-o".as_ref(), smaller.as_os_str()]).show()?;
    fs::rename(&smaller, module).at(module)
}
