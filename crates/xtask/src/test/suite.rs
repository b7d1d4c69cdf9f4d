//! The suites, in the order they run: the quick ones first.

use crate::cargo::HOST;
use crate::program::Program;
use crate::test::Runner;

/// A part of the tests that is run and counted by itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Suite {
    /// Its name in the table.
    pub(crate) name: &'static str,
    /// What it holds.
    pub(crate) what: &'static str,
    /// Seconds it may take on two cores, warm and cold.
    pub(crate) budget_s: [u64; 2],
    /// Whether it opens windows or a keyring.
    pub(crate) needs_session: bool,
    /// Whether it asks a PostgreSQL.
    pub(crate) needs_database: bool,
    kind: Kind,
}

/// Windows at the same time: a test of a window often waits for frames and keys.
const WINDOWS: usize = 3;

#[derive(Debug, Clone, Copy)]
enum Kind {
    Host,
    Docs,
    Ui,
    Window,
}

impl Suite {
    /// All of them.
    pub(crate) fn all() -> [Self; 4] {
        [
            Self {
                name: "workspace",
                what: "unit, property, story, architecture and tidy tests",
                budget_s: [740, 900],
                needs_session: false,
                needs_database: true,
                kind: Kind::Host,
            },
            Self {
                name: "ui",
                what: "the window's models and forms, without a window",
                budget_s: [30, 150],
                needs_session: false,
                needs_database: false,
                kind: Kind::Ui,
            },
            Self {
                name: "documentation",
                what: "the examples in the documentation",
                budget_s: [40, 120],
                needs_session: false,
                needs_database: false,
                kind: Kind::Docs,
            },
            Self::window(),
        ]
    }

    /// The one of the app itself.
    pub(crate) fn window() -> Self {
        Self {
            name: "window",
            what: "the app itself, on a display, with a keyring",
            budget_s: [840, 960],
            needs_session: true,
            needs_database: false,
            kind: Kind::Window,
        }
    }

    /// The call that runs it.
    pub(crate) fn program(&self, runner: Runner, cargo: Program) -> Program {
        match self.kind {
            Kind::Host => cargo.args(runner.words()).args(HOST),
            Kind::Ui => cargo.args(runner.words()).args(["--package", "ui"]),
            // nextest runs no documentation tests.
            Kind::Docs => cargo.args(Runner::Cargo.words()).args(["--doc"]).args(HOST),
            Kind::Window => cargo
                .args(runner.words())
                .args(runner.at_once(WINDOWS))
                .args(HOST)
                .args(["--test", "e2e"]),
        }
    }
}
