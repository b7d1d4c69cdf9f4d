//! What runs the tests: nextest where it is installed, else cargo's own.

use crate::cargo::{HOST, cargo};
use crate::failure::Outcome;
use crate::places::Places;
use crate::program::Program;
use crate::say;

/// A test runner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Runner {
    /// Runs tests of different binaries at the same time, and ends those that hang.
    Nextest,
    /// One binary after the other.
    Cargo,
}

impl Runner {
    /// The better one of those installed.
    pub(crate) fn find() -> Self {
        let there = Program::cargo().args(["nextest", "--version"]).works();
        if there { Self::Nextest } else { Self::Cargo }
    }

    /// Builds the tests.
    pub(crate) fn build(self, places: &Places) -> Outcome {
        if self == Self::Cargo {
            say::doing("cargo-nextest is not installed: `cargo test` runs the tests, more slowly");
        }
        cargo(places).args(["test", "--no-run"]).args(HOST).show()?;
        cargo(places).args(["test", "--no-run", "--package", "ui"]).show()
    }

    /// The words that pick the tests whose name contains `part`; they stand last.
    pub(crate) fn named(self, part: &str) -> Vec<String> {
        match self {
            Self::Nextest => vec!["-E".to_owned(), format!("test({part})")],
            Self::Cargo => ["--", "--show-output", part].map(str::to_owned).to_vec(),
        }
    }

    /// The words for tests that may take hours, and are heard when they pass too.
    pub(crate) fn at_length(self) -> &'static [&'static str] {
        match self {
            Self::Nextest => &["--profile=soak"],
            Self::Cargo => &[],
        }
    }

    /// The words for so many tests at the same time. Cargo's own runner is left at its measure.
    pub(crate) fn at_once(self, tests: usize) -> Vec<String> {
        match self {
            Self::Nextest => vec![format!("--test-threads={tests}")],
            Self::Cargo => Vec::new(),
        }
    }

    /// The words after `cargo` that run tests.
    pub(crate) fn words(self) -> &'static [&'static str] {
        match self {
            Self::Nextest => &[
                "nextest",
                "run",
                "--no-fail-fast",
                "--no-tests=pass",
                "--status-level=slow",
                "--final-status-level=fail",
                "--color=never",
            ],
            Self::Cargo => &["test", "--no-fail-fast", "--color=never"],
        }
    }
}
