//! What is misread in instructions for medicines: abbreviations, symbols and ways to write numbers.
//!
//! Sources: ISMP, List of Error-Prone Abbreviations, Symbols and Dose Designations (2021); The Joint
//! Commission, Official "Do Not Use" List. Facts of both, in our words. What is found is told and
//! never changed: who wrote it knows what was meant.

mod numbers;
mod words;

use std::ops::Range;

/// Something in a text that others may misread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorProne {
    /// Where it stands, in bytes of the text.
    pub range: Range<usize>,
    /// Why it is misread.
    pub rule: MisreadRule,
    /// What to write in its place.
    pub instead: String,
}

/// Why something is misread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MisreadRule {
    /// An abbreviation or symbol with a second meaning, or that looks like another.
    Abbreviation,
    /// `5.0` is read as 50.
    TrailingZero,
    /// `.5` is read as 5.
    NakedPoint,
    /// `10000` is read as 1000 or 100000.
    Thousands,
    /// `10mg` is read as 100 mg: the m looks like zeros.
    NoSpace,
    /// `mg.` is read as mg1.
    FullStop,
}

impl MisreadRule {
    /// Its name, for the words of a window.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Abbreviation => "abbreviation",
            Self::TrailingZero => "trailing-zero",
            Self::NakedPoint => "naked-point",
            Self::Thousands => "thousands",
            Self::NoSpace => "no-space",
            Self::FullStop => "full-stop",
        }
    }
}

/// What may be misread in an instruction, in the order it stands.
pub fn error_prone(text: &str) -> Vec<ErrorProne> {
    let mut found = words::find(text);
    found.extend(numbers::find(text));
    found.sort_by_key(|one| (one.range.start, one.range.end, one.rule));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_misread_is_found_where_it_stands() {
        let check = |text: &str, want: &[(&str, &str)]| {
            let found = error_prone(text);
            let read: Vec<(&str, &str)> = found
                .iter()
                .map(|one| (text.get(one.range.clone()).unwrap(), one.instead.as_str()))
                .collect();
            assert_eq!(read, want, "{text:?}");
        };
        // The Joint Commission's list.
        check("insulin 10 U", &[("U", "units")]);
        check("insulin 10u daily", &[("10u", "10 units")]);
        check("5000 IU", &[("5000", "5,000"), ("IU", "units")]);
        check("5 mg QD", &[("QD", "daily")]);
        check("5 mg q.d.", &[("q.d.", "daily")]);
        check("5 mg QOD", &[("QOD", "every other day")]);
        check("5.0 mg", &[("5.0", "5")]);
        check("2.50 mg", &[("2.50", "2.5")]);
        check(".5 mg", &[(".5", "0.5")]);
        check("MS 2 mg", &[("MS", "morphine sulfate or magnesium sulfate")]);
        check("MgSO4 2 g", &[("MgSO4", "magnesium sulfate")]);
        // ISMP's.
        check("50 µg", &[("µg", "mcg")]);
        check("50 μg", &[("μg", "mcg")]);
        check("50µg", &[("50µg", "50 mcg")]);
        check("3 cc", &[("cc", "mL")]);
        check("SC at HS", &[("SC", "subcut"), ("HS", "at bedtime or half-strength")]);
        check("1 drop OD", &[("OD", "daily or right eye")]);
        check("1 od", &[("od", "daily or right eye")]);
        check("drops AU", &[("AU", "both ears")]);
        check("D/C on Friday", &[("D/C", "discharge or discontinue")]);
        check("spray IN", &[("IN", "intranasal")]);
        check("@ 8", &[("@", "at")]);
        check("if > 3 days", &[(">", "more than")]);
        check("temp>38", &[(">", "more than")]);
        check("100000 units", &[("100000", "100,000")]);
        check("10mg", &[("10mg", "10 mg")]);
        check("10mL", &[("10mL", "10 mL")]);
        check("propranolol20 mg", &[("propranolol20", "propranolol 20")]);
        check("take 5 mg. then rest", &[("mg.", "mg")]);
        check("x3d", &[("x3d", "for 3 days or doses")]);
    }

    #[test]
    fn what_is_read_right_is_left_alone() {
        for text in [
            "",
            "Take 1 tablet 3 times a day with food, as needed, in the morning.",
            "5 mg",
            "0.5 mg",
            "1,000 units",
            "1 000 mg",
            "10,000.5 mg",
            "since 2026",
            "call 0772 123456",
            "take 5 mg.",
            "as told in is at ad os",
            "vitamin B12 and B6",
            "amoxicillin 250 mg/5 mL",
            "10:30 and 22:30",
            "PO or IV",
            "2.5 mL",
            "4.05 mg",
            "version 1.0.2",
            "24-Nov-2026",
        ] {
            assert_eq!(error_prone(text), [], "{text:?}");
        }
    }
}
