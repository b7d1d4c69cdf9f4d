//! What the server costs: `cargo xtask bench server` runs this against a PostgreSQL that keeps its
//! promises, and puts the rows into docs/BENCHMARKS.md.

#![allow(
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a measuring program may panic, and prints what it finds"
)]

#[path = "../common/mod.rs"]
mod common;
mod growth;
mod idle;
mod processor;
mod pushes;

use std::time::Duration;

use tokio::runtime::Runtime;

/// Runs of each row; the middle one is told, with the least and the most.
const RUNS: usize = 5;

fn main() {
    let runtime = Runtime::new().unwrap();
    let named = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let asked = |name: &str| named.as_deref().is_none_or(|it| it == name);
    if asked("log") {
        pushes::at_the_log(&runtime);
    }
    if asked("server") {
        runtime.block_on(pushes::end_to_end());
    }
    if asked("idle") {
        runtime.block_on(idle::idle());
    }
    if asked("growth") {
        runtime.block_on(growth::growth());
    }
}

/// One row of the page.
fn row(what: &str, figure: &str, target: &str, verdict: &str) {
    println!("| {what} | {figure} | {target} | {verdict} |");
}

/// What the runs of one row took: by the clock, and of the processor.
#[derive(Debug, Default)]
struct Runs {
    clock: Vec<Duration>,
    processor: Vec<Duration>,
}

impl Runs {
    /// The row of a rate: the middle run with the least and the most, and the middle of what the
    /// server and the database took of the processor.
    fn tell(mut self, what: &str, count: usize, target: u32) {
        self.clock.sort_unstable();
        self.processor.sort_unstable();
        let rate = |took: &Duration| count as f64 / took.as_secs_f64();
        let middle = |took: &[Duration]| rate(&took[took.len() / 2]);
        let (clock, processor) = (middle(&self.clock), middle(&self.processor));
        let (slowest, fastest) = (rate(&self.clock[self.clock.len() - 1]), rate(&self.clock[0]));
        let figure = format!(
            "{clock:.0} envelopes a second ({slowest:.0} to {fastest:.0}); {processor:.0} a processor \
             second of server and database"
        );
        let enough = f64::from(target);
        let verdict = match (clock >= enough, processor >= enough) {
            (true, _) => "holds",
            (false, true) => "holds by processor time only",
            (false, false) => "**misses**",
        };
        row(what, &figure, &format!("≥ {target} envelopes/s"), verdict);
    }
}
