//! How many tests passed, failed and were skipped, read from what a test runner prints.

use std::fmt;

use crate::program::Heard;

/// The counts of one suite or of all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl Counts {
    /// Reads them; a run that ended badly without counting a failure counts as one.
    ///
    /// nextest's one summary goes before libtest's many: it shows the output of each failed test,
    /// in which libtest counts again.
    pub(crate) fn of(heard: &Heard) -> Self {
        let last = heard.lines.iter().rev().find_map(|line| Self::summary(line));
        let sum = || heard.lines.iter().filter_map(|line| Self::result(line)).sum::<Self>();
        let mut counts = last.unwrap_or_else(sum);
        if !heard.succeeded && counts.failed == 0 {
            counts.failed = 1;
        }
        counts
    }

    /// Reads nextest's `Summary [ 1.2s] 3 tests run: 2 passed, 1 failed, 0 skipped`.
    fn summary(line: &str) -> Option<Self> {
        let rest = line.trim().strip_prefix("Summary [")?;
        rest.split_once("run: ").map(|(_, rest)| Self::read(rest))
    }

    /// Reads libtest's `test result: ok. 3 passed; 0 failed; 1 ignored; …`.
    fn result(line: &str) -> Option<Self> {
        line.trim().strip_prefix("test result: ").map(Self::read)
    }

    fn read(rest: &str) -> Self {
        // "2 passed (1 slow, 1 flaky)": what stands in brackets was counted already.
        let rest = without_brackets(rest);
        let words: Vec<&str> = rest.split([' ', ',', ';', '.']).filter(|w| !w.is_empty()).collect();
        let mut counts = Self::default();
        for pair in words.windows(2) {
            let [number, word] = pair else { continue };
            let Ok(number) = number.parse::<u64>() else { continue };
            match *word {
                "passed" => counts.passed += number,
                // "1 timed out", "1 exec failed"
                "failed" | "timed" | "exec" => counts.failed += number,
                "skipped" | "ignored" => counts.skipped += number,
                _ => {}
            }
        }
        counts
    }

    fn plus(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

fn without_brackets(text: &str) -> String {
    let mut depth = 0_u32;
    let mut kept = String::new();
    for character in text.chars() {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            other if depth == 0 => kept.push(other),
            _ => {}
        }
    }
    kept
}

impl std::iter::Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), Self::plus)
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 { write!(f, ", {} skipped", self.skipped) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_runners_are_read() {
        let check = |line: &str, passed, failed, skipped| {
            let found = Counts::summary(line).or_else(|| Counts::result(line));
            assert_eq!(found, Some(Counts { passed, failed, skipped }), "{line}");
        };
        check("     Summary [   0.011s] 3 tests run: 3 passed, 0 skipped", 3, 0, 0);
        check("Summary [ 9.1s] 4 tests run: 2 passed (1 slow), 2 failed, 5 skipped", 2, 2, 5);
        check("Summary [ 9.1s] 3 tests run: 1 passed, 1 failed, 1 timed out, 0 skipped", 1, 2, 0);
        check("Summary [ 9.1s] 2/3 tests run: 1 passed, 1 exec failed, 0 skipped", 1, 1, 0);
        check(
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out",
            3,
            0,
            1,
        );
        check("test result: FAILED. 0 passed; 7 failed; 0 ignored; 0 measured", 0, 7, 0);
        for line in ["running 3 tests", "3 passed", "Summary [ 1.2s]"] {
            assert!(Counts::summary(line).is_none() && Counts::result(line).is_none(), "{line}");
        }
    }

    #[test]
    fn a_bad_end_without_counts_is_a_failure() {
        let heard = |succeeded, lines: &[&str]| Heard {
            succeeded,
            lines: lines.iter().map(ToString::to_string).collect(),
        };
        let ok = "test result: ok. 2 passed; 0 failed; 0 ignored";
        assert_eq!(Counts::of(&heard(true, &[ok, ok])).to_string(), "4 passed, 0 failed");
        let summary = "Summary [ 1.2s] 1 test run: 0 passed, 1 failed, 0 skipped";
        let shown = ["test result: FAILED. 0 passed; 1 failed; 0 ignored", summary];
        assert_eq!(Counts::of(&heard(false, &shown)).to_string(), "0 passed, 1 failed");
        assert_eq!(Counts::of(&heard(false, &[ok])).to_string(), "2 passed, 1 failed");
        assert_eq!(Counts::of(&heard(false, &[])).to_string(), "0 passed, 1 failed");
    }
}
