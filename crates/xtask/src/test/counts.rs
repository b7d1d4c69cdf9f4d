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
    pub(crate) fn of(heard: &Heard) -> Self {
        let mut sum = heard.lines.iter().filter_map(|line| Self::read(line)).sum::<Self>();
        if !heard.succeeded && sum.failed == 0 {
            sum.failed = 1;
        }
        sum
    }

    /// Reads nextest's `Summary [ 1.2s] 3 tests run: 2 passed, 1 failed, 0 skipped`, or libtest's
    /// `test result: ok. 3 passed; 0 failed; 1 ignored; …`.
    fn read(line: &str) -> Option<Self> {
        let line = line.trim();
        let rest = line.strip_prefix("test result: ").or_else(|| {
            let rest = line.strip_prefix("Summary [")?;
            rest.split_once("run: ").map(|(_, rest)| rest)
        })?;
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
        Some(counts)
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
            assert_eq!(Counts::read(line), Some(Counts { passed, failed, skipped }), "{line}");
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
        assert_eq!(Counts::read("running 3 tests"), None);
        assert_eq!(Counts::read("3 passed"), None);
    }

    #[test]
    fn a_bad_end_without_counts_is_a_failure() {
        let heard = |succeeded, lines: &[&str]| Heard {
            succeeded,
            lines: lines.iter().map(ToString::to_string).collect(),
        };
        let ok = "test result: ok. 2 passed; 0 failed; 0 ignored";
        assert_eq!(Counts::of(&heard(true, &[ok, ok])).to_string(), "4 passed, 0 failed");
        assert_eq!(Counts::of(&heard(false, &[ok])).to_string(), "2 passed, 1 failed");
        assert_eq!(Counts::of(&heard(false, &[])).to_string(), "0 passed, 1 failed");
    }
}
