//! Whether a weight is plausible after the one before it.

use clinical::{
    Chart, Corrections, Observation, ObservationId, ObservationValue, PartialDate, possible,
};

/// Further than this part from the one before it, a weight may be marked. A plausibility limit of ours,
/// of no guideline: it catches a slipped digit, pounds for kilograms and the weight of somebody
/// else, and says nothing of health.
const JUMP: f64 = 0.2;
/// Below so many days of age (years of 365.25 days), the limit holds for so many days: so long the
/// median child grows by less (weight for age in the WHO Child Growth Standards 2006, to 5 years,
/// and the WHO growth reference 2007, to 10; beyond, it is ours). Later, growth may explain a gain
/// ([`heaviest`]), and never a loss.
const GROWING: [(f64, f64); 4] =
    [(0.25 * YEAR, 14.0), (YEAR, 60.0), (5.0 * YEAR, 180.0), (GROWN, 365.0)];
const YEAR: f64 = 365.25;
/// What growth may explain, generously, plausibility limits of ours: so many times the weight within
/// the first year of life (the median newborn of 3.3 kg has 9.6 kg at one year), and twice as much
/// for every two years begun after it, up to the age of 18.
const FIRST_YEAR: f64 = 3.5;
const GROWN: f64 = 18.0 * YEAR;
/// Whoever is born lighter catches up, and may become as heavy as a newborn of so many kilograms.
const NEWBORN_KG: f64 = 3.3;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// A limit that is met exactly is not passed.
const EPSILON: f64 = 1e-9;

/// The weights that jump, each with the one that it jumps from, among the findings at hand that
/// count. A weight jumps that is too far from the one before it and, where that jumps itself, also
/// from the last that does not: this is the one it is told with. So a slip is marked and not what
/// is measured after it, and two that agree settle it.
pub fn weight_jumps(
    chart: &Chart,
    corrections: &Corrections,
) -> Vec<(ObservationId, ObservationId)> {
    let weights = weights(chart, corrections);
    let born_ms = born_ms(chart);
    let mut jumps = Vec::new();
    // The one before, and the last that does not jump.
    let mut known: Option<(&Weight<'_>, &Weight<'_>)> = None;
    for weight in &weights {
        let is_from = |before: &Weight<'_>| before.is_jump(weight, born_ms);
        let from = known.filter(|(before, last)| is_from(before) && is_from(last));
        jumps.extend(from.map(|(_, last)| (weight.of.id, last.of.id)));
        // Of rivals nobody has said which is right: none is held against them, nor against each
        // other.
        if corrections.rivals_of(weight.of.id).is_empty() {
            known = Some((weight, from.map_or(weight, |(_, last)| last)));
        }
    }
    jumps
}

/// The weight measured last that does not jump, among the findings at hand, and from what to what
/// (in kilograms) the next one is no jump, at the moment `now_ms`. None where nothing can be said.
pub fn expected_weight<'a>(
    chart: &'a Chart,
    corrections: &Corrections,
    now_ms: i64,
) -> Option<(&'a Observation, f64, f64)> {
    let jumps = weight_jumps(chart, corrections);
    let is_marked = |weight: &Weight<'_>| jumps.iter().any(|(id, _)| *id == weight.of.id);
    let last = weights(chart, corrections).into_iter().rev().find(|one| !is_marked(one))?;
    let alone = corrections.rivals_of(last.of.id).is_empty();
    alone.then(|| (last.of, last.lightest(), last.heaviest(born_ms(chart), now_ms)))
}

/// A weight with a moment.
struct Weight<'a> {
    of: &'a Observation,
    kg: f64,
    at_ms: i64,
}

impl Weight<'_> {
    fn is_jump(&self, after: &Self, born_ms: Option<i64>) -> bool {
        after.kg < self.lightest() - EPSILON
            || after.kg > self.heaviest(born_ms, after.at_ms) + EPSILON
    }

    /// The lightest that the next one may be.
    fn lightest(&self) -> f64 {
        self.kg * (1.0 - JUMP)
    }

    /// The heaviest that it may be at a moment. Of whom no birth date is known, growth explains
    /// nothing.
    fn heaviest(&self, born_ms: Option<i64>, at_ms: i64) -> f64 {
        let age = |at_ms| born_ms.map_or(f64::INFINITY, |born_ms| days(born_ms, at_ms));
        let (before, after) = (age(self.at_ms), age(at_ms));
        let limit = GROWING.iter().find(|(below, _)| before < *below);
        if limit.is_none_or(|(_, within)| days(self.at_ms, at_ms) <= *within) {
            return self.kg * (1.0 + JUMP);
        }
        let begun = ((after.min(GROWN) - before.max(YEAR)) / (2.0 * YEAR)).ceil().max(0.0);
        let infant = self.kg.max(NEWBORN_KG) * FIRST_YEAR;
        let first = if before < YEAR { infant } else { self.kg };
        first * begun.exp2()
    }
}

/// Those that count and have a moment, the oldest first.
fn weights<'a>(chart: &'a Chart, corrections: &Corrections) -> Vec<Weight<'a>> {
    let read = |of: &'a Observation| {
        let counts = of.is_weight() && chart.is_in_force(corrections, of);
        let at_ms = of.effective.as_ref().and_then(PartialDate::unix_ms)?;
        Some(Weight { of, kg: kilograms(of).filter(|_| counts)?, at_ms })
    };
    let mut all: Vec<Weight<'_>> = chart.observations.iter().filter_map(read).collect();
    all.sort_by_key(|weight| (weight.at_ms, weight.of.id));
    all
}

fn kilograms(of: &Observation) -> Option<f64> {
    let Some(ObservationValue::Quantity(quantity)) = &of.value else { return None };
    possible::in_own_unit(possible::sign_of(&of.code)?, quantity)
}

/// The last moment that the birth date can mean: of whom only the year is known may be an infant,
/// and grow as one.
fn born_ms(chart: &Chart) -> Option<i64> {
    let born = chart.patient.as_ref()?.identity.birth_date.as_ref()?;
    let rest = match (born.month(), born.date()) {
        (None, _) => 365,
        (Some(_), None) => 30,
        (Some(_), Some(_)) => 0,
    };
    Some(born.unix_ms()?.saturating_add(rest * DAY_MS))
}

/// Whole days.
fn days(from_ms: i64, to_ms: i64) -> f64 {
    let days = to_ms.saturating_sub(from_ms) / DAY_MS;
    i32::try_from(days).map_or(f64::INFINITY, f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::{AdministrativeGender, Identity, Patient, PatientId, VitalsDraft, uuid_v7};

    fn weight(n: u8, kg: &str, day: &str) -> Observation {
        let values = [("weight".to_owned(), kg.to_owned())].into();
        let id = || ObservationId::from_uuid(uuid_v7(i64::from(n), [n; 10]));
        let draft = VitalsDraft { values, encounter: None };
        draft.complete(id, &day.parse().unwrap()).unwrap().remove(0)
    }

    fn chart(born: Option<&str>, weights: &[(&str, &str)]) -> Chart {
        let identity = Identity {
            name: Vec::new(),
            gender: AdministrativeGender::Unknown,
            birth_date: born.map(|born| born.parse().unwrap()),
            birth_date_estimated: false,
            identifier: Vec::new(),
        };
        let patient = Patient {
            id: PatientId::from_uuid(uuid_v7(9, [9; 10])),
            identity,
            telecom: Vec::new(),
            address: Vec::new(),
            contact: Vec::new(),
            deceased: None,
            code_status: None,
        };
        let numbered = (1..).zip(weights);
        let observations = numbered.map(|(n, (kg, day))| weight(n, kg, day)).collect();
        Chart { patient: Some(patient), observations, ..Chart::default() }
    }

    #[test]
    fn a_weight_that_jumps_is_marked_and_growth_is_none() {
        let check = |born: Option<&str>, weights: &[(&str, &str)], want: &[&str]| {
            let chart = chart(born, weights);
            let label = |id: ObservationId| {
                let found = chart.observations.iter().find(|one| one.id == id).unwrap();
                found.value_label().replace('\u{a0}', " ")
            };
            let jumps = weight_jumps(&chart, &chart.corrections());
            let jumps: Vec<_> = jumps
                .into_iter()
                .map(|(after, before)| format!("{} after {}", label(after), label(before)))
                .collect();
            assert_eq!(jumps, want, "{born:?} {weights:?}");
        };
        let adult = Some("1980-03-14");
        check(adult, &[("70", "2026-01-01"), ("84", "2026-02-01")], &[]);
        check(adult, &[("70", "2026-01-01"), ("84.1", "2026-02-01")], &["84.1 kg after 70 kg"]);
        check(adult, &[("70", "2026-01-01"), ("56", "2026-02-01")], &[]);
        check(adult, &[("70", "2026-01-01"), ("55.9", "2026-02-01")], &["55.9 kg after 70 kg"]);
        // However long ago.
        check(adult, &[("70", "2016"), ("90", "2026-02-01")], &["90 kg after 70 kg"]);
        // What is marked is no measure for what is near the last one that is not.
        let slipped = [("70", "2026-01"), ("7", "2026-02"), ("71", "2026-03"), ("90", "2026-04")];
        check(adult, &slipped, &["7 kg after 70 kg", "90 kg after 71 kg"]);
        // Far from both: told with the last that is not marked.
        let slips = [("70", "2026-01"), ("7", "2026-02"), ("90", "2026-03")];
        check(adult, &slips, &["7 kg after 70 kg", "90 kg after 70 kg"]);
        // Two that agree settle it, and what comes back to the first is another jump.
        let settled = [("70", "2026-01"), ("55", "2026-02"), ("56", "2026-03"), ("70", "2026-04")];
        check(adult, &settled, &["55 kg after 70 kg", "70 kg after 56 kg"]);
        // In the order of their days, whatever the order they were recorded in.
        check(adult, &[("90", "2026-02-01"), ("70", "2026-01-01")], &["90 kg after 70 kg"]);
        check(None, &[("70", "2026-01-01"), ("90", "2026-02-01")], &["90 kg after 70 kg"]);
        // A child grows: 3.3 kg at birth, 4.5 at a month; 9.6 at a year, 12.2 at two.
        check(Some("2026-01-01"), &[("3.3", "2026-01-01"), ("4.5", "2026-02-01")], &[]);
        let slip = &[("3.3", "2026-01-01"), ("4.5", "2026-01-08")];
        check(Some("2026-01-01"), slip, &["4.5 kg after 3.3 kg"]);
        check(Some("2024-01-01"), &[("9.6", "2025-01-01"), ("12.2", "2026-01-01")], &[]);
        let slip = &[("9.6", "2025-01-01"), ("12.2", "2025-02-01")];
        check(Some("2024-01-01"), slip, &["12.2 kg after 9.6 kg"]);
        check(Some("2012-01-01"), &[("40", "2025-01-01"), ("52", "2026-06-01")], &[]);
        check(adult, &[], &[]);
        // Growth explains no loss, however long after.
        let loss = &[("12", "2025-01-01"), ("1.4", "2025-09-01")];
        check(Some("2022-01-01"), loss, &["1.4 kg after 12 kg"]);
        check(Some("2022-01-01"), &[("12", "2025-01-01"), ("9.6", "2025-09-01")], &[]);
        let loss = &[("9.6", "2025-01-01"), ("7.6", "2025-12-31")];
        check(Some("2024-01-01"), loss, &["7.6 kg after 9.6 kg"]);
        // Nor every gain.
        let ten_times = &[("28", "2024-01-01"), ("290", "2026-02-01")];
        check(Some("2016-01-01"), ten_times, &["290 kg after 28 kg"]);
        check(Some("2016-01-01"), &[("28", "2024-01-01"), ("56", "2025-12-31")], &[]);
        let twice = &[("28", "2024-01-01"), ("56.1", "2025-12-31")];
        check(Some("2016-01-01"), twice, &["56.1 kg after 28 kg"]);
        check(Some("2016-01-01"), &[("28", "2024-01-01"), ("112", "2026-02-01")], &[]);
        // The years of a grown person are none of growth.
        check(Some("2000"), &[("60", "2017-12-01"), ("120", "2026-01-01")], &[]);
        let grown = &[("60", "2017-12-01"), ("120.1", "2026-01-01")];
        check(Some("2000"), grown, &["120.1 kg after 60 kg"]);
    }

    #[test]
    fn a_weight_is_read_in_the_units_that_are_understood() {
        let check = |value: &str, unit: &str, ucum: Option<&str>, marked: bool| {
            let mut chart = chart(None, &[("70", "2026-01-01"), ("70", "2026-02-01")]);
            let other = clinical::Quantity {
                value: value.parse().unwrap(),
                comparator: None,
                unit: unit.to_owned(),
                ucum: ucum.map(str::to_owned),
            };
            chart.observations[1].value = Some(ObservationValue::Quantity(other));
            let jumps = weight_jumps(&chart, &chart.corrections());
            assert_eq!(!jumps.is_empty(), marked, "{value} {unit}");
        };
        check("154", "lbs", Some("[lb_av]"), false);
        check("154", "lb", None, false);
        check("70", "lb", None, true);
        check("1120", "oz", Some("[oz_av]"), true);
        check("7000", "g", Some(""), true);
        check("70", "kg", Some("lb"), true);
        // What is not understood is held against nothing.
        check("7", "stone", None, false);
        check("7", "", None, false);
    }

    #[test]
    fn an_infant_grows_as_infants_do() {
        let check = |born: &str, weights: &[(&str, &str)], marked: usize| {
            let chart = chart(Some(born), weights);
            let jumps = weight_jumps(&chart, &chart.corrections());
            assert_eq!(jumps.len(), marked, "{born} {weights:?}");
        };
        let born = "2025-01-01";
        // Month after month as the median, and from the first day to the first birthday.
        let median = [
            ("3.3", "2025-01-01"),
            ("4.5", "2025-02-01"),
            ("5.6", "2025-03-01"),
            ("6.4", "2025-04-01"),
            ("7.9", "2025-07-01"),
            ("8.9", "2025-10-01"),
            ("9.6", "2026-01-01"),
            ("12.2", "2027-01-01"),
            ("14.3", "2028-01-01"),
            ("18.3", "2030-01-01"),
        ];
        check(born, &median, 0);
        check(born, &[("3.3", "2025-01-01"), ("9.6", "2025-12-31")], 0);
        check(born, &[("3.3", "2025-01-01"), ("11.5", "2025-12-31")], 0);
        check(born, &[("3.3", "2025-01-01"), ("11.6", "2025-12-31")], 1);
        check(born, &[("3.3", "2025-01-01"), ("14.3", "2028-01-01")], 0);
        check(born, &[("3.3", "2025-01-01"), ("33", "2026-06-01")], 1);
        // Born early, and caught up.
        check(born, &[("1.2", "2025-01-01"), ("8.5", "2025-12-31")], 0);
        check(born, &[("1.2", "2025-01-01"), ("12", "2025-12-31")], 1);
        // After the first days' loss, and after a slipped digit.
        check(born, &[("3.3", "2025-01-01"), ("3", "2025-01-05")], 0);
        check(born, &[("3.3", "2025-01-01"), ("0.96", "2025-12-31")], 1);
        check(born, &[("7.9", "2025-07-01"), ("79", "2025-12-31")], 1);
        // Of whom only the year is known may have been born at its end.
        check("2025", &[("3.3", "2025-12-28"), ("9.6", "2026-12-20")], 0);
        check("2025-12", &[("3.3", "2025-12-31"), ("9.6", "2026-12-20")], 0);
        check("2025", &[("3.3", "2025-12-01"), ("4.5", "2026-01-01")], 0);
    }

    #[test]
    fn what_was_a_mistake_is_compared_with_nothing() {
        let weights = [("70", "2026-01-01"), ("7", "2026-02-01"), ("71", "2026-03-01")];
        let mut chart = chart(None, &weights);
        let slip = chart.observations[1].id;
        let entry = clinical::EntryRef::new(clinical::EntryKind::Observation, slip.uuid());
        chart.withdrawn = vec![entry];
        assert!(weight_jumps(&chart, &chart.corrections()).is_empty());
    }

    #[test]
    fn no_weight_is_held_against_one_of_which_nobody_knows_whether_it_is_right() {
        let check = |first: &str, rivals: [&str; 2], next: &str, want: &[&str]| {
            let day = ["2026-01-01", "2026-02-01", "2026-02-01", "2026-02-01", "2026-03-01"];
            let kg = [first, first, rivals[0], rivals[1], next];
            let all: Vec<_> = kg.into_iter().zip(day).collect();
            let mut chart = chart(Some("1980"), &all);
            let corrected = chart.observations[1].id;
            for rival in &mut chart.observations[2..4] {
                (rival.replaces, rival.status) =
                    (Some(corrected), clinical::ObservationStatus::Corrected);
            }
            let corrections = chart.corrections();
            assert_eq!(corrections.rivals.len(), 1, "{rivals:?}");
            let label = |id: ObservationId| {
                let found = chart.observations.iter().find(|one| one.id == id).unwrap();
                found.value_label().replace('\u{a0}', " ")
            };
            let jumps: Vec<_> = weight_jumps(&chart, &corrections)
                .into_iter()
                .map(|(after, before)| format!("{} after {}", label(after), label(before)))
                .collect();
            assert_eq!(jumps, want, "{rivals:?}");
            let now: PartialDate = "2026-03-02".parse().unwrap();
            let (last, ..) = expected_weight(&chart, &corrections, now.unix_ms().unwrap()).unwrap();
            assert_eq!(label(last.id), format!("{next} kg"));
        };
        check("70", ["72", "7"], "71", &["7 kg after 70 kg"]);
        check("70", ["7", "72"], "71", &["7 kg after 70 kg"]);
        check("70", ["7", "8"], "71", &["7 kg after 70 kg", "8 kg after 70 kg"]);
    }

    #[test]
    fn the_next_weight_is_expected_near_the_last() {
        let check = |born: Option<&str>, now: &str, want: Option<(&str, f64, f64)>| {
            let chart = chart(born, &[("60", "2020"), ("70", "2026-01-01")]);
            let now: PartialDate = now.parse().unwrap();
            let found = expected_weight(&chart, &chart.corrections(), now.unix_ms().unwrap());
            let near = |a: f64, b: f64| (a - b).abs() < EPSILON;
            match (found, want) {
                (Some((last, low, high)), Some((label, from, to))) => {
                    assert_eq!(last.value_label().replace('\u{a0}', " "), label);
                    assert!(near(low, from) && near(high, to), "{low} {high}");
                }
                (found, want) => assert_eq!(found.is_some(), want.is_some(), "{born:?} {now}"),
            }
        };
        check(Some("1980"), "2026-03-01", Some(("70 kg", 56.0, 84.0)));
        check(Some("2012"), "2026-03-01", Some(("70 kg", 56.0, 84.0)));
        check(Some("2012"), "2027-03-01", Some(("70 kg", 56.0, 140.0)));
        check(None, "2030-03-01", Some(("70 kg", 56.0, 84.0)));
    }

    #[test]
    fn a_weight_that_is_marked_is_no_yardstick() {
        let check = |born: &str, weights: &[(&str, &str)], want: &str| {
            let chart = chart(Some(born), weights);
            let now: PartialDate = "2026-03-01".parse().unwrap();
            let now_ms = now.unix_ms().unwrap();
            let (last, ..) = expected_weight(&chart, &chart.corrections(), now_ms).unwrap();
            assert_eq!(last.value_label().replace('\u{a0}', " "), want, "{weights:?}");
        };
        check("2016-01-01", &[("28", "2024-01-01"), ("290", "2026-02-01")], "28 kg");
        let slipped = [("70", "2026-01-01"), ("7", "2026-01-02"), ("71", "2026-01-03")];
        check("1980", &slipped[..2], "70 kg");
        check("1980", &slipped, "71 kg");
        // Two that agree are one to go by.
        let settled = [("70", "2026-01-01"), ("55", "2026-01-02"), ("56", "2026-01-03")];
        check("1980", &settled, "56 kg");
        check("1980", &[("7", "2026-01-01")], "7 kg");
    }
}
