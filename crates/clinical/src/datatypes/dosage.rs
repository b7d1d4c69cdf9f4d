//! How a medicine is taken (FHIR R4 `Dosage`, `Timing`): one value, merged and decided as one.

use super::{CodeableConcept, Decimal, Quantity};
use serde::{Deserialize, Serialize};

/// Amount, route, frequency and duration. They are read together, so they are one value: merged
/// field by field, "5 → 10 mg" here and "once → twice daily" there would become an overdose that
/// nobody wrote.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Dosage {
    /// The amount of one intake.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dose: Option<Quantity>,
    /// The way it is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<CodeableConcept>,
    /// How often.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timing: Option<Timing>,
    /// For how long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<DosageDuration>,
    /// Only when needed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub as_needed: bool,
    /// The instruction in words, where the parts above cannot say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// So many times in a period: `frequency` intakes each `period` `period_unit`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Timing {
    /// Intakes in one period, at least 1.
    pub frequency: u32,
    /// Length of the period in `period_unit`.
    pub period: Decimal,
    /// The unit of the period.
    pub period_unit: DurationUnit,
}

/// A length of treatment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DosageDuration {
    /// The number of units.
    pub value: Decimal,
    /// The unit.
    pub unit: DurationUnit,
}

/// A unit of time (FHIR R4 value set `units-of-time`, UCUM codes).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DurationUnit {
    /// Seconds.
    #[serde(rename = "s")]
    Second,
    /// Minutes.
    #[serde(rename = "min")]
    Minute,
    /// Hours.
    #[serde(rename = "h")]
    Hour,
    /// Days.
    #[serde(rename = "d")]
    Day,
    /// Weeks.
    #[serde(rename = "wk")]
    Week,
    /// Months.
    #[serde(rename = "mo")]
    Month,
    /// Years.
    #[serde(rename = "a")]
    Year,
}

impl DurationUnit {
    /// All units with their UCUM codes.
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::Second, "s"),
        (Self::Minute, "min"),
        (Self::Hour, "h"),
        (Self::Day, "d"),
        (Self::Week, "wk"),
        (Self::Month, "mo"),
        (Self::Year, "a"),
    ];

    /// The UCUM code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Second => "s",
            Self::Minute => "min",
            Self::Hour => "h",
            Self::Day => "d",
            Self::Week => "wk",
            Self::Month => "mo",
            Self::Year => "a",
        }
    }

    /// The unit of a UCUM code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| *known == code).map(|(unit, _)| unit)
    }

    /// The unit in English, singular or plural.
    pub fn word(self, plural: bool) -> &'static str {
        match (self, plural) {
            (Self::Second, false) => "second",
            (Self::Second, true) => "seconds",
            (Self::Minute, false) => "minute",
            (Self::Minute, true) => "minutes",
            (Self::Hour, false) => "hour",
            (Self::Hour, true) => "hours",
            (Self::Day, false) => "day",
            (Self::Day, true) => "days",
            (Self::Week, false) => "week",
            (Self::Week, true) => "weeks",
            (Self::Month, false) => "month",
            (Self::Month, true) => "months",
            (Self::Year, false) => "year",
            (Self::Year, true) => "years",
        }
    }
}

impl Timing {
    /// `frequency` times a day.
    pub fn times_a_day(frequency: u32) -> Self {
        Self { frequency, period: Decimal::from(1), period_unit: DurationUnit::Day }
    }

    /// How many times in 24 hours that is, of several times in a few hours or minutes: who means
    /// one every 8 hours, three a day, and says "3 every 8 hours" has said nine. Rounded up to one
    /// decimal, never down; `None` where nothing is to be told, as of a period of a day or more.
    pub fn times_in_24_hours(&self) -> Option<Decimal> {
        let in_a_day = match self.period_unit {
            DurationUnit::Second => 86_400.0,
            DurationUnit::Minute => 1_440.0,
            DurationUnit::Hour => 24.0,
            DurationUnit::Day | DurationUnit::Week | DurationUnit::Month | DurationUnit::Year => {
                return None;
            }
        };
        let period = self.period.to_f64();
        if self.frequency < 2 || period <= 0.0 || period >= in_a_day {
            return None;
        }
        let times = f64::from(self.frequency) * in_a_day / period;
        // What the numbers of the machine add to a whole one is no tenth more.
        let told = format!("{:.1}", (times * 10.0 - 1e-6).ceil() / 10.0);
        told.strip_suffix(".0").unwrap_or(&told).parse().ok()
    }

    /// The frequency in English: `twice daily`, `every 8 hours`.
    pub fn label(&self) -> String {
        let one = self.period.as_str() == "1";
        match (self.frequency, self.period_unit, one) {
            (1, DurationUnit::Day, true) => "once daily".to_owned(),
            (2, DurationUnit::Day, true) => "twice daily".to_owned(),
            (times, DurationUnit::Day, true) => format!("{times} times daily"),
            (1, unit, true) => format!("every {}", unit.word(false)),
            (1, unit, false) => format!("every {}\u{a0}{}", self.period, unit.word(true)),
            (times, unit, true) => format!("{times} times a {}", unit.word(false)),
            (times, unit, false) => {
                format!("{times} times every {}\u{a0}{}", self.period, unit.word(true))
            }
        }
    }
}

impl DosageDuration {
    /// The length in whole days, where it is one: of days and weeks.
    pub fn whole_days(&self) -> Option<u32> {
        let value: u32 = self.value.as_str().parse().ok()?;
        match self.unit {
            DurationUnit::Day => Some(value),
            DurationUnit::Week => value.checked_mul(7),
            DurationUnit::Second
            | DurationUnit::Minute
            | DurationUnit::Hour
            | DurationUnit::Month
            | DurationUnit::Year => None,
        }
    }

    /// The length in English: `7 days`.
    pub fn label(&self) -> String {
        format!("{}\u{a0}{}", self.value, self.unit.word(self.value.as_str() != "1"))
    }
}

impl Dosage {
    /// Dose, route, frequency and duration in that order, the parts that are known, as they were
    /// written: for files that go out. What is shown goes by the rules of `display`.
    pub fn parts(&self) -> Vec<String> {
        let mut parts = Vec::new();
        parts.extend(self.dose.as_ref().map(Quantity::label));
        parts.extend(self.route.as_ref().map(|route| route.label().to_owned()));
        parts.extend(self.timing.as_ref().map(Timing::label));
        if self.as_needed {
            parts.push("when needed".to_owned());
        }
        parts.extend(self.duration.as_ref().map(|d| format!("for {}", d.label())));
        parts.extend(self.text.clone());
        parts
    }

    /// The whole instruction on one line.
    pub fn label(&self) -> String {
        self.parts().join(" — ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dosage_reads_as_a_person_says_it() {
        let check = |frequency, period: &str, unit, want: &str| {
            let period = period.parse().unwrap();
            let timing = Timing { frequency, period, period_unit: unit };
            assert_eq!(timing.label(), want);
        };
        check(1, "1", DurationUnit::Day, "once daily");
        check(2, "1", DurationUnit::Day, "twice daily");
        check(4, "1", DurationUnit::Day, "4 times daily");
        check(1, "8", DurationUnit::Hour, "every 8\u{a0}hours");
        check(1, "1", DurationUnit::Week, "every week");
        check(3, "1", DurationUnit::Week, "3 times a week");
        check(2, "3", DurationUnit::Day, "2 times every 3\u{a0}days");
        let dosage = Dosage {
            dose: Some(Quantity::ucum("5".parse().unwrap(), "mg")),
            route: Some(CodeableConcept::from_text("oral")),
            timing: Some(Timing::times_a_day(1)),
            duration: Some(DosageDuration {
                value: "30".parse().unwrap(),
                unit: DurationUnit::Day,
            }),
            ..Dosage::default()
        };
        assert_eq!(dosage.label(), "5\u{a0}mg — oral — once daily — for 30\u{a0}days");
    }

    #[test]
    fn several_times_in_a_few_hours_are_counted_by_the_day() {
        let check = |frequency, period: &str, period_unit, want: Option<&str>| {
            let timing = Timing { frequency, period: period.parse().unwrap(), period_unit };
            let told = timing.times_in_24_hours();
            assert_eq!(told.as_ref().map(Decimal::as_str), want, "{timing:?}");
        };
        check(3, "8", DurationUnit::Hour, Some("9"));
        check(4, "6", DurationUnit::Hour, Some("16"));
        check(2, "1", DurationUnit::Hour, Some("48"));
        check(2, "30", DurationUnit::Minute, Some("96"));
        check(2, "23", DurationUnit::Hour, Some("2.1"));
        check(3, "7", DurationUnit::Hour, Some("10.3"));
        check(2, "0.5", DurationUnit::Hour, Some("96"));
        check(2, "0.1", DurationUnit::Hour, Some("480"));
        for (times, period) in [(2, "24"), (2, "48"), (5, "48"), (2, "72"), (2, "100")] {
            check(times, period, DurationUnit::Hour, None);
        }
        check(2, "1440", DurationUnit::Minute, None);
        check(2, "86400", DurationUnit::Second, None);
        check(3, "0", DurationUnit::Hour, None);
        check(1, "8", DurationUnit::Hour, None);
        check(1, "5", DurationUnit::Minute, None);
        check(3, "1", DurationUnit::Day, None);
        check(3, "8", DurationUnit::Week, None);
    }

    #[test]
    fn every_unit_finds_its_code_again() {
        for (unit, code) in DurationUnit::ALL {
            assert_eq!(DurationUnit::from_code(code), Some(unit));
            assert_eq!(unit.code(), code);
        }
        assert_eq!(DurationUnit::from_code("fortnight"), None);
    }
}
