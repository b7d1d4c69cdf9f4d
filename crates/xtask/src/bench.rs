//! `cargo xtask bench`: the product's figures, into docs/BENCHMARKS.md.

use crate::cargo::cargo;
use crate::failure::{Failure, Outcome};
use crate::places::Places;
use crate::{say, setup, window};

/// Builds for release and runs the measuring program, which writes docs/BENCHMARKS.md.
pub(crate) fn bench(places: &Places) -> Outcome {
    if !places.has_target("tests", "bin", "bench") {
        return Err(Failure::Missing(
            "nothing to measure yet: the tests package has no binary `bench`".to_owned(),
        ));
    }
    let wasm = setup::setup(places)?;
    let wasm_bytes = window::release_bytes(places, &wasm)?;
    say::doing("building for release");
    cargo(places).args(["build", "--release", "--package", "tests", "--bin", "bench"]).show()?;
    say::doing("measuring");
    cargo(places)
        .args(["run", "--release", "--package", "tests", "--bin", "bench"])
        .set("FIELDCHART_WASM_BYTES", wasm_bytes.to_string())
        .show()
}
