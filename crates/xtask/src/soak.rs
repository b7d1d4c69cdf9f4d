//! `cargo xtask soak [TIMES [AFTER]]`: the long runs, dated in docs/BENCHMARKS.md.
//!
//! A long run is an ordinary test with `soak` in its name, which does so many times its rounds as
//! `FIELDCHART_SOAK` says: so the short form is part of every test run and cannot rot. Whatever is
//! drawn from numbered seeds goes on after those of `FIELDCHART_SOAK_AFTER` plain runs, so that
//! nights and machines can share one run. What it prints on a line that begins with `soak: ` is noted
//! with its result.

use std::fs::OpenOptions;
use std::io::Write;
use std::time::Instant;

use crate::cargo::{HOST, build_programs, cargo};
use crate::failure::{At, Failure, Outcome};
use crate::places::Places;
use crate::program::{Heard, Program};
use crate::test::{Counts, Runner, program_paths};
use crate::{say, setup};

/// Times the rounds of a plain run when nothing else is asked for: about an hour on two cores.
pub(crate) const TIMES: u32 = 100;

/// Runs the tests named `soak` at length and writes down what came of it.
pub(crate) fn soak(places: &Places, times: u32, after: u32) -> Outcome {
    setup::setup(places)?;
    let runner = Runner::find();
    build_programs(places)?;
    runner.build(places)?;
    say::doing(&format!("the long runs: {times} times the rounds of a test run"));
    let started = Instant::now();
    let words = cargo(places).args(runner.words()).args(runner.at_length()).args(HOST);
    let heard = words
        .args(runner.named("soak"))
        .set_all(&program_paths(|name| places.binary(name)))
        .set("FIELDCHART_SOAK", times.to_string())
        .set("FIELDCHART_SOAK_AFTER", after.to_string())
        .listen()?;
    let counts = Counts::of(&heard);
    let long =
        Long { times, after, seconds: started.elapsed().as_secs(), counts, told: told(&heard) };
    let line = long.entry(&today(), &commit(places));
    note(places, &line)?;
    say::tell(&line);
    match counts {
        Counts { passed: 0, failed: 0, .. } => {
            Err(Failure::Missing("no test has `soak` in its name: nothing was run".to_owned()))
        }
        Counts { failed: 0, .. } => Ok(()),
        Counts { failed, .. } => Err(Failure::Tests { failed }),
    }
}

/// What came of a long run.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Long {
    times: u32,
    after: u32,
    seconds: u64,
    counts: Counts,
    told: Vec<String>,
}

impl Long {
    fn entry(&self, date: &str, commit: &str) -> String {
        let Self { times, after, seconds, counts, told } = self;
        let after = if *after == 0 { String::new() } else { format!(" after {after}") };
        let told: String = told.iter().map(|told| format!("; {told}")).collect();
        format!("- {date}, commit {commit}, {times} x{after}: {counts}, in {seconds} s{told}")
    }
}

/// What the tests said of themselves.
fn told(heard: &Heard) -> Vec<String> {
    let lines = heard.lines.iter().filter_map(|line| line.trim().strip_prefix("soak: "));
    let mut told: Vec<String> = lines.map(str::to_owned).collect();
    told.sort();
    told.dedup();
    told
}

fn note(places: &Places, line: &str) -> Outcome {
    let path = places.root().join("docs").join("BENCHMARKS.md");
    let mut file = OpenOptions::new().create(true).append(true).open(&path).at(&path)?;
    writeln!(file, "{line}").at(&path)
}

/// Today, in UTC, as `2026-11-24`: the one clock of this crate.
pub(crate) fn today() -> String {
    jiff::Timestamp::now().to_string().chars().take(10).collect()
}

/// The commit that was run, where git tells.
pub(crate) fn commit(places: &Places) -> String {
    let words = ["rev-parse", "--short=10", "HEAD"];
    let told = Program::new("git").args(words).directory(places.root()).answer();
    told.map_or_else(|_| "unknown".to_owned(), |told| told.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_entry_is_one_dated_line_with_what_the_tests_said() {
        let lines = ["soak: 9 killed", "running 1 test", "    soak: 8 killed", "soak: 9 killed"];
        let heard = Heard { succeeded: true, lines: lines.map(str::to_owned).to_vec() };
        let counts = Counts { passed: 4, failed: 1, skipped: 0 };
        let long = Long { times: 3, after: 0, seconds: 90, counts, told: told(&heard) };
        assert_eq!(
            long.entry("2026-11-24", "abc"),
            "- 2026-11-24, commit abc, 3 x: 4 passed, 1 failed, in 90 s; 8 killed; 9 killed"
        );
        let next = Long { after: 3, told: Vec::new(), ..long };
        assert_eq!(
            next.entry("2026-11-25", "abc"),
            "- 2026-11-25, commit abc, 3 x after 3: 4 passed, 1 failed, in 90 s"
        );
        let today = today();
        assert_eq!((today.len(), today.matches('-').count()), (10, 2), "{today}");
    }
}
