//! How a medicine is taken, in the words of a language. Stored are codes and values; the words are
//! made here, and only when they are shown.

use super::{
    amount::{amount, number},
    noun::Nouns,
    route::{Route, RouteWords},
};
use crate::{CodeableConcept, Dosage, DosageDuration, DurationUnit, Timing};

/// The words of one unit of time.
#[derive(Debug, Clone, Copy)]
pub struct SpanWords {
    /// `hour`.
    pub one: &'static str,
    /// `hours`.
    pub many: &'static str,
    /// `every hour`.
    pub each: &'static str,
    /// `every {n} hours`.
    pub every: &'static str,
}

/// The words of a language for how a medicine is taken. `{n}`, `{unit}` and `{every}` are filled
/// in. Where nouns change with the number before them, as in Arabic, a text has three forms parted
/// by bars: for 3 to 10, for 2, for the rest.
#[derive(Debug, Clone, Copy)]
pub struct DoseWords {
    /// `DOSE`, which announces it in a medication line (MEDi).
    pub label: &'static str,
    /// What parts thousands.
    pub thousands: char,
    /// `unit`, of a biological activity.
    pub unit: &'static str,
    /// `units`.
    pub units: &'static str,
    /// `once daily`.
    pub once_daily: &'static str,
    /// `twice daily`.
    pub twice_daily: &'static str,
    /// `{n} times daily`.
    pub times_daily: &'static str,
    /// `{n} times a {unit}`.
    pub times_a: &'static str,
    /// `{n} times {every}`.
    pub times_every: &'static str,
    /// `when needed`.
    pub as_needed: &'static str,
    /// `for {n} {unit}`.
    pub lasting: &'static str,
    /// Units of time.
    pub spans: Spans,
    /// Routes.
    pub routes: RouteWords,
    /// What is counted and what medicines come as.
    pub nouns: Nouns,
}

/// The words of a language for each unit of time.
#[derive(Debug, Clone, Copy)]
pub struct Spans {
    /// Of a second.
    pub second: SpanWords,
    /// Of a minute.
    pub minute: SpanWords,
    /// Of a hour.
    pub hour: SpanWords,
    /// Of a day.
    pub day: SpanWords,
    /// Of a week.
    pub week: SpanWords,
    /// Of a month.
    pub month: SpanWords,
    /// Of a year.
    pub year: SpanWords,
}

impl Spans {
    /// The words of a unit.
    pub const fn of(&self, unit: DurationUnit) -> &SpanWords {
        match unit {
            DurationUnit::Second => &self.second,
            DurationUnit::Minute => &self.minute,
            DurationUnit::Hour => &self.hour,
            DurationUnit::Day => &self.day,
            DurationUnit::Week => &self.week,
            DurationUnit::Month => &self.month,
            DurationUnit::Year => &self.year,
        }
    }
}

const SECOND: [&str; 4] = ["dose.second", "unit.seconds", "dose.each-second", "dose.every-seconds"];
const MINUTE: [&str; 4] = ["dose.minute", "unit.minutes", "dose.each-minute", "dose.every-minutes"];

impl DoseWords {
    /// English, as the command line speaks it.
    pub const ENGLISH: Self = Self {
        label: "DOSE",
        thousands: ',',
        unit: "unit",
        units: "units",
        once_daily: "once daily",
        twice_daily: "twice daily",
        times_daily: "{n} times daily",
        times_a: "{n} times a {unit}",
        times_every: "{n} times {every}",
        as_needed: "when needed",
        lasting: "for {n}\u{a0}{unit}",
        spans: Spans {
            second: span("second", "seconds", "every second", "every {n}\u{a0}seconds"),
            minute: span("minute", "minutes", "every minute", "every {n}\u{a0}minutes"),
            hour: span("hour", "hours", "every hour", "every {n}\u{a0}hours"),
            day: span("day", "days", "every day", "every {n}\u{a0}days"),
            week: span("week", "weeks", "every week", "every {n}\u{a0}weeks"),
            month: span("month", "months", "every month", "every {n}\u{a0}months"),
            year: span("year", "years", "every year", "every {n}\u{a0}years"),
        },
        routes: RouteWords::ENGLISH,
        nouns: Nouns::ENGLISH,
    };

    /// Those of a language, by the keys of `assets/locales`; `t` gives the text of a key.
    pub fn of(t: &dyn Fn(&'static str) -> &'static str, nouns: Nouns) -> Self {
        let span = |[one, many, each, every]: [&'static str; 4]| SpanWords {
            one: t(one),
            many: t(many),
            each: t(each),
            every: t(every),
        };
        Self {
            label: t("dose.label"),
            // A thousand as it is written: a comma parts decimals in French.
            thousands: t("dose.thousands").chars().nth(1).unwrap_or(','),
            unit: t("dose.unit"),
            units: t("dose.units"),
            once_daily: t("dose.once-daily"),
            twice_daily: t("dose.twice-daily"),
            times_daily: t("dose.times-daily"),
            times_a: t("dose.times-a"),
            times_every: t("dose.times-every"),
            as_needed: t("dose.as-needed"),
            lasting: t("dose.lasting"),
            spans: Spans {
                second: span(SECOND),
                minute: span(MINUTE),
                hour: span(["dose.hour", "unit.hours", "dose.each-hour", "dose.every-hours"]),
                day: span(["dose.day", "unit.days", "dose.each-day", "dose.every-days"]),
                week: span(["dose.week", "unit.weeks", "dose.each-week", "dose.every-weeks"]),
                month: span(["dose.month", "unit.months", "dose.each-month", "dose.every-months"]),
                year: span(["dose.year", "unit.years", "dose.each-year", "dose.every-years"]),
            },
            routes: RouteWords::of_keys(t),
            nouns,
        }
    }

    /// An amount with its unit, by the rules of ISMP.
    pub fn amount(&self, quantity: &crate::Quantity) -> String {
        amount(quantity, self)
    }

    /// The dose in a part of a medication line that announces one.
    pub fn announced<'a>(&self, part: &'a str) -> Option<&'a str> {
        part.strip_prefix(self.label)?.strip_prefix(' ')
    }

    /// A text of a language in the form it has for a number, `{n}` filled in.
    pub fn counted(text: &str, number: &str) -> String {
        counted(text, number)
    }

    /// What follows the name in a medication line, part by part; the dose announced.
    pub(super) fn parts(&self, dosage: &Dosage) -> Vec<String> {
        let mut parts = Vec::new();
        parts.extend(
            dosage.dose.as_ref().map(|dose| format!("{} {}", self.label, amount(dose, self))),
        );
        parts.extend(dosage.route.as_ref().map(|route| self.route(route)));
        parts.extend(dosage.timing.as_ref().map(|timing| self.timing(timing)));
        parts.extend(dosage.as_needed.then(|| self.as_needed.to_owned()));
        parts.extend(dosage.duration.as_ref().map(|length| self.lasting(length)));
        parts.extend(dosage.text.clone());
        parts
    }

    fn route(&self, route: &CodeableConcept) -> String {
        let known = Route::of(route).map(|known| self.routes.of(known));
        known.unwrap_or_else(|| route.label()).to_owned()
    }

    fn timing(&self, timing: &Timing) -> String {
        let (period, times) = (self.number(&timing.period), timing.frequency.to_string());
        let span = self.spans.of(timing.period_unit);
        let is_day = timing.period_unit == DurationUnit::Day;
        match (timing.frequency, period == "1") {
            (1, true) if is_day => self.once_daily.to_owned(),
            (2, true) if is_day => self.twice_daily.to_owned(),
            (_, true) if is_day => counted(self.times_daily, &times),
            (1, true) => span.each.to_owned(),
            (1, false) => counted(span.every, &period),
            (_, true) => counted(self.times_a, &times).replace("{unit}", span.one),
            (_, false) => {
                let every = counted(span.every, &period);
                counted(self.times_every, &times).replace("{every}", &every)
            }
        }
    }

    fn lasting(&self, length: &DosageDuration) -> String {
        let value = self.number(&length.value);
        let span = self.spans.of(length.unit);
        let unit = if value == "1" { span.one } else { form(span.many, &value) };
        counted(self.lasting, &value).replace("{unit}", unit)
    }

    fn number(&self, value: &crate::Decimal) -> String {
        number(value, self.thousands)
    }
}

/// The form a text has for a number.
pub(super) fn form<'a>(text: &'a str, number: &str) -> &'a str {
    let mut forms = text.split('|');
    let few = forms.next().unwrap_or_default();
    let (two, rest) = (forms.next(), forms.next());
    let of_number = match number.parse::<u64>() {
        Ok(2) => two,
        Ok(number) if (3..=10).contains(&(number % 100)) => None,
        _ => rest,
    };
    of_number.unwrap_or(few)
}

fn counted(text: &str, number: &str) -> String {
    form(text, number).replace("{n}", number)
}

const fn span(
    one: &'static str,
    many: &'static str,
    each: &'static str,
    every: &'static str,
) -> SpanWords {
    SpanWords { one, many, each, every }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Quantity, SNOMED_CT};

    #[test]
    fn a_frequency_reads_as_a_person_says_it() {
        let check = |frequency, period: &str, period_unit, want: &str| {
            let timing = Timing { frequency, period: period.parse().unwrap(), period_unit };
            assert_eq!(DoseWords::ENGLISH.timing(&timing).replace('\u{a0}', " "), want);
        };
        check(1, "1", DurationUnit::Day, "once daily");
        check(1, "1.0", DurationUnit::Day, "once daily");
        check(2, "1", DurationUnit::Day, "twice daily");
        check(4, "1", DurationUnit::Day, "4 times daily");
        check(1, "8", DurationUnit::Hour, "every 8 hours");
        check(1, "1", DurationUnit::Week, "every week");
        check(3, "1", DurationUnit::Week, "3 times a week");
        check(2, "3", DurationUnit::Day, "2 times every 3 days");
    }

    #[test]
    fn a_noun_takes_the_form_its_number_asks_for() {
        let check = |text: &str, number: &str, want: &str| assert_eq!(counted(text, number), want);
        check("{n} days", "14", "14 days");
        let arabic = "كل {n} أيام|كل يومين|كل {n} يومًا";
        check(arabic, "2", "كل يومين");
        check(arabic, "3", "كل 3 أيام");
        check(arabic, "10", "كل 10 أيام");
        check(arabic, "11", "كل 11 يومًا");
        check(arabic, "103", "كل 103 أيام");
        check(arabic, "1\u{202f}000", "كل 1\u{202f}000 يومًا");
        check(arabic, "1.5", "كل 1.5 يومًا");
    }

    #[test]
    fn a_line_is_whole_and_leaves_what_it_does_not_know_as_it_was_written() {
        let check = |route: CodeableConcept, want: &str| {
            let dosage = Dosage {
                dose: Some(Quantity::ucum("5.0".parse().unwrap(), "ug")),
                route: Some(route),
                timing: Some(Timing::times_a_day(1)),
                duration: Some(DosageDuration {
                    value: "7.0".parse().unwrap(),
                    unit: DurationUnit::Day,
                }),
                as_needed: true,
                text: Some("with food".into()),
            };
            let read = DoseWords::ENGLISH.parts(&dosage).join(" — ").replace('\u{a0}', " ");
            let rest = "once daily — when needed — for 7 days — with food";
            assert_eq!(read, format!("DOSE 5 mcg — {want} — {rest}"));
        };
        let text = CodeableConcept::from_text;
        check(text("oral"), "oral");
        check(text("PO"), "oral");
        check(text("Oral route"), "oral");
        check(text("voie orale"), "oral");
        check(text("by gastric tube"), "by gastric tube");
        check(CodeableConcept::from_coding(SNOMED_CT, "78421000", "IM route"), "into a muscle");
    }
}
