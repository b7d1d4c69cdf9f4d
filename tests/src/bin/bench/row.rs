//! One line of the table.

use crate::clock::Took;
use std::time::Duration;

/// Whether a figure keeps to its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It does.
    Holds,
    /// The processor's time does; the clock on the wall does not.
    HoldsOnProcessor,
    /// It does not.
    Misses,
    /// There is no target, or nothing was measured.
    None,
}

/// One figure.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// What was measured.
    what: String,
    /// What came of it.
    figure: String,
    /// What was asked for.
    target: String,
    verdict: Verdict,
    /// How much of the machine others had meanwhile, in hundredths.
    pub(crate) others_percent: Option<u32>,
}

impl Row {
    /// A figure that holds or does not.
    pub(crate) fn new(
        what: impl Into<String>,
        figure: impl Into<String>,
        target: &str,
        verdict: Verdict,
    ) -> Self {
        let (what, figure, target) = (what.into(), figure.into(), target.to_owned());
        Self { what, figure, target, verdict, others_percent: None }
    }

    /// A figure nobody asked for a limit of.
    pub(crate) fn plain(what: impl Into<String>, figure: impl Into<String>) -> Self {
        Self::new(what, figure, "", Verdict::None)
    }

    /// A figure that was not taken, and why.
    pub(crate) fn absent(what: &str, why: &str, target: &str) -> Self {
        Self::new(what, why, target, Verdict::None)
    }

    /// The same, with what others had of the machine when it was taken.
    pub(crate) fn beside(self, others_percent: Option<u32>) -> Self {
        Self { others_percent, ..self }
    }

    /// The line as Markdown.
    pub(crate) fn to_markdown(&self) -> String {
        let verdict = match self.verdict {
            Verdict::Holds => "holds",
            Verdict::HoldsOnProcessor => "holds by processor time only",
            Verdict::Misses => "**misses**",
            Verdict::None => "",
        };
        let others = self.others_percent.map(|others| format!("{others} %")).unwrap_or_default();
        format!("| {} | {} | {} | {verdict} | {others} |", self.what, self.figure, self.target)
    }
}

/// The verdict over times that each have a limit.
pub(crate) fn within(limits: &[(Took, Duration)]) -> Verdict {
    if limits.iter().all(|(took, limit)| took.wall <= *limit) {
        return Verdict::Holds;
    }
    let known = limits.iter().all(|(took, _)| !took.cpu.is_zero());
    if known && limits.iter().all(|(took, limit)| took.cpu <= *limit) {
        return Verdict::HoldsOnProcessor;
    }
    Verdict::Misses
}

/// A verdict of yes or no.
pub(crate) fn holds(holds: bool) -> Verdict {
    if holds { Verdict::Holds } else { Verdict::Misses }
}

/// Milliseconds, with a decimal: `12.3 ms`.
pub(crate) fn ms(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1000.0)
}

/// A time by both clocks: `12.3 ms (9.9 ms of processor)`.
pub(crate) fn both(took: Took) -> String {
    if took.cpu.is_zero() {
        return ms(took.wall);
    }
    format!("{} ({} of processor)", ms(took.wall), ms(took.cpu))
}

/// A number to divide by or to show; larger ones than 4,294,967,295 are not met here.
pub(crate) fn real(number: u64) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_machine_is_no_excuse_for_a_slow_program() {
        let took =
            |wall, cpu| Took { wall: Duration::from_millis(wall), cpu: Duration::from_millis(cpu) };
        let check = |wall, cpu, want| {
            assert_eq!(within(&[(took(wall, cpu), Duration::from_millis(10))]), want);
        };
        check(10, 10, Verdict::Holds);
        check(11, 10, Verdict::HoldsOnProcessor);
        check(12, 11, Verdict::Misses);
        check(11, 0, Verdict::Misses);
    }

    #[test]
    fn a_line_is_read_as_markdown() {
        let row = Row::new("saving", "3.0 ms", "10 ms", Verdict::Misses);
        assert_eq!(row.to_markdown(), "| saving | 3.0 ms | 10 ms | **misses** |  |");
    }
}
