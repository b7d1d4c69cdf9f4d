//! `cargo xtask bench`: the product's figures, into docs/BENCHMARKS.md.

use crate::cargo::cargo;
use crate::failure::{Failure, Outcome};
use crate::places::Places;
use crate::window::{self, Profile};
use crate::{say, setup};

/// Builds for release and runs the measuring program, which writes docs/BENCHMARKS.md.
pub(crate) fn bench(places: &Places) -> Outcome {
    if !places.has_target("tests", "bin", "bench") {
        return Err(Failure::Missing(
            "nothing to measure yet: the tests package has no binary `bench`".to_owned(),
        ));
    }
    setup::setup(places)?;
    window::ui(places, Profile::Release)?;
    say::doing("building for release");
    cargo(places)
        .args(["build", "--release", "--package", "desktop", "--package", "cli"])
        .args(["--package", "sync-server"])
        .show()?;
    say::doing("measuring");
    cargo(places)
        .args(["run", "--release", "--package", "tests", "--bin", "bench"])
        .set("FIELDCHART_APP", places.profile_binary("release", "fieldchart-desktop"))
        .set("FIELDCHART_CLI", places.profile_binary("release", "fieldchart"))
        .set("FIELDCHART_SYNC", places.profile_binary("release", "fieldchart-sync"))
        .show()
}
