//! The table at the end: each step's seconds against its budget, and the counts.

use std::time::Instant;

use crate::failure::Outcome;
use crate::program::Heard;
use crate::say;
use crate::test::counts::Counts;
use crate::test::suite::Suite;

/// Seconds a whole run may take on two cores, warm and cold.
pub(crate) const ALL_S: [u64; 2] = [2200, 4720];

/// What was done so far.
#[derive(Debug)]
pub(crate) struct Table {
    warm: bool,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    name: &'static str,
    took_s: f64,
    budget_s: u64,
    counts: Option<Counts>,
}

impl Table {
    /// An empty one; `warm` picks the budgets.
    pub(crate) fn new(warm: bool) -> Self {
        Self { warm, rows: Vec::new() }
    }

    /// Does a step and notes its time; `budget_s` is warm and cold.
    pub(crate) fn step<T>(
        &mut self,
        name: &'static str,
        budget_s: [u64; 2],
        step: impl FnOnce() -> Outcome<T>,
    ) -> Outcome<T> {
        let started = Instant::now();
        let outcome = step()?;
        self.note(name, started, budget_s, None);
        Ok(outcome)
    }

    /// Runs a suite and notes its time and counts.
    pub(crate) fn suite(&mut self, suite: &Suite, run: impl FnOnce() -> Outcome<Heard>) -> Outcome {
        let started = Instant::now();
        let counts = Counts::of(&run()?);
        self.note(suite.name, started, suite.budget_s, Some(counts));
        Ok(())
    }

    /// The counts of all suites together.
    pub(crate) fn counts(&self) -> Counts {
        self.rows.iter().filter_map(|row| row.counts).sum()
    }

    /// Prints it; the counts are the last line.
    pub(crate) fn tell(&self) {
        self.lines().iter().for_each(|line| say::tell(line));
    }

    fn note(
        &mut self,
        name: &'static str,
        started: Instant,
        budget_s: [u64; 2],
        counts: Option<Counts>,
    ) {
        let budget_s = self.budget_s(budget_s);
        self.rows.push(Row { name, took_s: started.elapsed().as_secs_f64(), budget_s, counts });
    }

    fn budget_s(&self, [warm_s, cold_s]: [u64; 2]) -> u64 {
        if self.warm { warm_s } else { cold_s }
    }

    fn lines(&self) -> Vec<String> {
        let temper = if self.warm { "warm" } else { "cold" };
        let mut lines = vec![String::new(), format!("{temper}; seconds of budget")];
        lines.extend(self.rows.iter().map(Row::line));
        let took_s: f64 = self.rows.iter().map(|row| row.took_s).sum();
        let budget_s = self.budget_s(ALL_S);
        lines.push(Row { name: "all", took_s, budget_s, counts: None }.line());
        lines.push(self.counts().to_string());
        lines
    }
}

impl Row {
    fn line(&self) -> String {
        let Self { name, took_s, budget_s, counts } = self;
        let late = *took_s > f64::from(u32::try_from(*budget_s).unwrap_or(u32::MAX));
        let late = if late { "  OVER ITS BUDGET" } else { "" };
        let counts = counts.map(|counts| format!("  {counts}")).unwrap_or_default();
        format!("  {name:<16} {took_s:>7.1} of {budget_s:>4}{counts}{late}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counts_come_last_and_lateness_is_said() {
        let counts = Counts { passed: 7, failed: 1, skipped: 0 };
        let table = Table {
            warm: true,
            rows: vec![
                Row { name: "build", took_s: 300.25, budget_s: 240, counts: None },
                Row { name: "workspace", took_s: 12.0, budget_s: 300, counts: Some(counts) },
            ],
        };
        assert_eq!(
            table.lines(),
            [
                "",
                "warm; seconds of budget",
                "  build              300.2 of  240  OVER ITS BUDGET",
                "  workspace           12.0 of  300  7 passed, 1 failed",
                "  all                312.2 of 2200",
                "7 passed, 1 failed",
            ]
        );
    }
}
