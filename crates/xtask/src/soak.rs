//! `cargo xtask soak`: the long runs, dated in docs/BENCHMARKS.md.
//!
//! A long run is an ordinary test with `soak` in its name, which does more rounds when
//! `FIELDCHART_SOAK=1`: so the short form is part of every test run and cannot rot.

use std::fs::OpenOptions;
use std::io::Write;
use std::time::Instant;

use crate::cargo::{HOST, cargo};
use crate::failure::{At, Failure, Outcome};
use crate::places::Places;
use crate::test::{Counts, Runner};
use crate::{say, setup};

/// Runs the tests named `soak` at length and writes down what came of it.
pub(crate) fn soak(places: &Places) -> Outcome {
    setup::setup(places)?;
    let runner = Runner::find();
    runner.build(places)?;
    say::doing("the long runs");
    let started = Instant::now();
    let words = cargo(places).args(runner.words()).args(HOST).args(runner.named("soak"));
    let heard = words.set("FIELDCHART_SOAK", "1").listen()?;
    let counts = Counts::of(&heard);
    let line = entry(&today(), started.elapsed().as_secs(), counts);
    note(places, &line)?;
    say::tell(&line);
    if counts.failed == 0 { Ok(()) } else { Err(Failure::Tests { failed: counts.failed }) }
}

fn entry(date: &str, seconds: u64, counts: Counts) -> String {
    format!("- soak {date}: {counts}, in {seconds} s")
}

fn note(places: &Places, line: &str) -> Outcome {
    let path = places.root().join("docs").join("BENCHMARKS.md");
    let mut file = OpenOptions::new().create(true).append(true).open(&path).at(&path)?;
    writeln!(file, "{line}").at(&path)
}

/// Today, in UTC, as `2026-11-24`: the one clock of this crate.
fn today() -> String {
    jiff::Timestamp::now().to_string().chars().take(10).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_entry_is_one_dated_line() {
        let counts = Counts { passed: 4, failed: 1, skipped: 0 };
        assert_eq!(
            entry("2026-11-24", 90, counts),
            "- soak 2026-11-24: 4 passed, 1 failed, in 90 s"
        );
        let today = today();
        assert_eq!((today.len(), today.matches('-').count()), (10, 2), "{today}");
    }
}
