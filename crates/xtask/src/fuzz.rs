//! `cargo xtask fuzz [SECONDS]`: the fuzz targets of `crates/sync/fuzz`, each for its share of the
//! time, under caps on the size of an input and on what it may take.
//!
//! The compiler that builds everything else builds them: LLVM puts in what tells the fuzzer where
//! an input led, on stable too, and `libfuzzer-sys` brings the fuzzer itself.

use std::ffi::OsStr;
use std::fs;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use crate::cargo::cargo;
use crate::failure::{At, Failure, Outcome};
use crate::places::Places;
use crate::program::{Heard, Program};
use crate::run::renew;
use crate::say;

/// Seconds for all targets together when nothing else is asked for.
pub(crate) const SECONDS: u32 = 60;

/// The longest input: the longest frame and a little, in bytes.
const SIZE: &str = "-max_len=1048580";
/// The longest that one input may take, in seconds.
const TIME: &str = "-timeout=10";
/// The most memory that the whole target may have, in MiB; it is looked at every second.
const MEMORY: &str = "-rss_limit_mb=256";

/// How a target tells the fuzzer which of its branches an input took, and what it compared.
const FLAGS: [&str; 8] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=1",
    "--cfg",
    "fuzzing",
];

/// The test that writes the golden files as what each target begins with.
const SEEDING: &str = "targets::every_target_reads_what_it_is_about";

/// How many lines of a target that broke are shown.
const LINES_MAX: usize = 80;

/// Builds every target, runs one after the other, and ends at the first that breaks.
pub(crate) fn fuzz(places: &Places, seconds: u32) -> Outcome {
    let ground = Ground::of(places)?;
    let targets = targets(&ground.home.join("fuzz_targets"))?;
    say::doing("building the fuzz targets");
    ground.build()?;
    say::doing("writing what they begin with");
    ground.seed(places)?;
    for (target, seconds) in targets.iter().zip(shares(seconds, targets.len())) {
        say::doing(&format!("{target}, for {seconds} s"));
        say::tell(&format!("{target}: {}", ground.run(target, seconds)?.line()));
    }
    Ok(())
}

/// Where the targets stand, and where they are built and run.
struct Ground {
    /// Their package, with what is kept of earlier runs.
    home: PathBuf,
    /// What is made anew, the programs besides.
    work: PathBuf,
    host: String,
}

impl Ground {
    fn of(places: &Places) -> Outcome<Self> {
        let (home, work) = (places.root().join("crates/sync/fuzz"), places.target().join("fuzz"));
        let told = Program::cargo().args(["--version", "--verbose"]).directory(&home).answer()?;
        let host = told.lines().find_map(|line| line.strip_prefix("host: "));
        let host = host.ok_or(Failure::Answer { program: "cargo --version" })?.trim().to_owned();
        Ok(Self { home, work, host })
    }

    /// With `--target`, so that what runs while it is built stays as it is.
    fn build(&self) -> Outcome {
        let cargo = Program::cargo().directory(&self.home).set("CARGO_TARGET_DIR", &self.work);
        cargo
            .set("CARGO_ENCODED_RUSTFLAGS", FLAGS.join("\x1f"))
            .args(["build", "--release", "--target", &self.host])
            .show()
    }

    fn seed(&self, places: &Places) -> Outcome {
        renew(&self.seeds())?;
        let words = ["test", "--package", "sync", "--test", "all", SEEDING, "--", "--exact"];
        cargo(places).args(words).set("FIELDCHART_SEEDS", self.seeds()).answer().map(drop)
    }

    fn run(&self, target: &str, seconds: u32) -> Outcome<Told> {
        let seeds = self.seeds().join(target);
        if !seeds.is_dir() {
            return Err(Failure::Missing(format!("`{SEEDING}` wrote no seeds for `{target}`")));
        }
        let broken = self.home.join("artifacts").join(target);
        fs::create_dir_all(&broken).at(&broken)?;
        let heard = Program::new(self.program(target))
            .args([SIZE, TIME, MEMORY, &format!("-max_total_time={seconds}")])
            .args([format!("-artifact_prefix={}{MAIN_SEPARATOR}", broken.display())])
            // What is found goes into the first folder; the others are only read.
            .args([self.found(target)?, seeds, broken])
            .overhear()?;
        if heard.succeeded {
            return Told::of(&heard).ok_or(Failure::Answer { program: "the fuzzer" });
        }
        tell_end(&heard);
        Err(match input(&heard) {
            Some(input) => Failure::Broken {
                target: target.to_owned(),
                input: input.to_owned(),
                program: self.program(target),
            },
            None => Failure::Ended { program: target.to_owned() },
        })
    }

    /// Where what a target finds lies: with that of earlier runs where it is kept, else anew.
    fn found(&self, target: &str) -> Outcome<PathBuf> {
        let kept = self.home.join("corpus").join(target);
        if kept.is_dir() {
            return Ok(kept);
        }
        let found = self.work.join("found").join(target);
        renew(&found)?;
        Ok(found)
    }

    fn seeds(&self) -> PathBuf {
        self.work.join("seeds")
    }

    fn program(&self, target: &str) -> PathBuf {
        let name = format!("{target}{}", std::env::consts::EXE_SUFFIX);
        self.work.join(&self.host).join("release").join(name)
    }
}

/// The targets by name: each is a file.
fn targets(folder: &Path) -> Outcome<Vec<String>> {
    let mut names = Vec::new();
    for file in fs::read_dir(folder).at(folder)? {
        let path = file.at(folder)?.path();
        let is_target = path.extension().is_some_and(|extension| extension == "rs");
        let name = path.file_stem().and_then(OsStr::to_str).filter(|_| is_target);
        names.extend(name.map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

/// The time of each of so many targets: the fuzzer takes 0 s for no end.
fn shares(seconds: u32, targets: usize) -> Vec<u32> {
    let targets = u32::try_from(targets).unwrap_or(u32::MAX);
    let share = |at| seconds / targets + u32::from(at < seconds % targets);
    (0..targets).map(|at| share(at).max(1)).collect()
}

/// What the fuzzer said of a run that broke nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Told {
    runs: u64,
    seconds: u64,
    coverage: u64,
}

impl Told {
    /// Nothing where no branch was seen: then the target was not built to tell of them.
    fn of(heard: &Heard) -> Option<Self> {
        let (runs, seconds) = heard.lines.iter().rev().find_map(|line| done(line))?;
        let coverage = heard.lines.iter().rev().find_map(|line| coverage(line))?;
        Some(Self { runs, seconds, coverage })
    }

    fn line(self) -> String {
        let Self { runs, seconds, coverage } = self;
        format!("{runs} runs in {seconds} s, coverage {coverage} branches")
    }
}

/// Reads `Done 2038349 runs in 7 second(s)`.
fn done(line: &str) -> Option<(u64, u64)> {
    let (runs, rest) = line.strip_prefix("Done ")?.split_once(" runs in ")?;
    let (seconds, _) = rest.split_once(' ')?;
    Some((runs.parse().ok()?, seconds.parse().ok()?))
}

/// Reads `#2038349 DONE   cov: 1214 ft: 5093 corp: 893/31Kb …`.
fn coverage(line: &str) -> Option<u64> {
    let (_, rest) = line.strip_prefix('#')?.split_once(" cov: ")?;
    rest.split_whitespace().next()?.parse().ok()
}

/// The input at which a target broke: `artifact_prefix='…'; Test unit written to PATH`.
fn input(heard: &Heard) -> Option<&Path> {
    let mut lines = heard.lines.iter().rev();
    let (_, path) = lines.find_map(|line| line.split_once("Test unit written to "))?;
    Some(Path::new(path.trim()))
}

/// Shows what was said at the end, without the fuzzer's steps on the way.
fn tell_end(heard: &Heard) {
    let steps = ["#", "\tNEW_FUNC", "INFO:", "WARNING:"];
    let is_step = |line: &&String| steps.iter().any(|step| line.starts_with(step));
    let mut said: Vec<_> = heard.lines.iter().filter(|line| !is_step(line)).collect();
    let end = said.split_off(said.len().saturating_sub(LINES_MAX));
    end.into_iter().for_each(|line| say::complain(line));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(lines: &[&str]) -> Heard {
        Heard { succeeded: true, lines: lines.iter().map(|line| (*line).to_owned()).collect() }
    }

    #[test]
    fn the_time_is_shared_and_nobody_runs_without_an_end() {
        assert_eq!(shares(60, 3), [20, 20, 20]);
        assert_eq!(shares(62, 3), [21, 21, 20]);
        assert_eq!(shares(1, 3), [1, 1, 1]);
        assert_eq!(shares(60, 0), [0; 0]);
    }

    #[test]
    fn the_end_of_a_run_is_read() {
        let step =
            "#4194304\tpulse  cov: 19 ft: 19 corp: 2/9b lim: 41785 exec/s: 2097152 rss: 27Mb";
        let last = "#11326521\tDONE   cov: 21 ft: 23 corp: 3/12b lim: 112873 exec/s: 88 rss: 27Mb";
        let done = "Done 11326521 runs in 6 second(s)";
        let told = Told::of(&heard(&[step, last, done])).unwrap();
        assert_eq!(told, Told { runs: 11_326_521, seconds: 6, coverage: 21 });
        assert_eq!(told.line(), "11326521 runs in 6 s, coverage 21 branches");
        // A target that tells the fuzzer nothing has no `cov`.
        let blind = "#11326521\tDONE   corp: 1/1b lim: 112873 exec/s: 88 rss: 27Mb";
        assert_eq!(Told::of(&heard(&[blind, done])), None);
        assert_eq!(Told::of(&heard(&[last])), None);
    }

    #[test]
    fn the_input_that_broke_a_target_is_named() {
        let slow = "artifact_prefix='/a/'; Test unit written to /a/slow-unit-01";
        let crash = "artifact_prefix='/a b/'; Test unit written to /a b/crash-02";
        assert_eq!(input(&heard(&[slow, crash, "Base64: AA=="])), Some(Path::new("/a b/crash-02")));
        assert_eq!(input(&heard(&["Killed"])), None);
    }

    #[test]
    fn each_file_is_a_target() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["frame.rs", "bundle.rs", "frame.rs.orig"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        assert_eq!(targets(folder.path()).unwrap(), ["bundle", "frame"]);
        assert!(targets(&folder.path().join("none")).is_err());
    }
}
