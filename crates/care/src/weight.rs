//! Whether a weight is plausible after the one before it.

use clinical::{
    Chart, Corrections, Observation, ObservationId, ObservationValue, PartialDate, possible,
};

/// Further than this part from the one before it, a weight is marked. A plausibility limit of ours,
/// of no guideline: it catches a slipped digit, pounds for kilograms and the weight of somebody
/// else, and says nothing of health.
const JUMP: f64 = 0.2;
/// Below so many days of age (years of 365.25 days), a weight is held only against one of the last
/// so many days: so long the median child grows by less than the limit (WHO Child Growth Standards
/// 2006, growth reference 2007, weight for age).
const GROWING: [(f64, i64); 4] =
    [(0.25 * YEAR, 14), (YEAR, 60), (5.0 * YEAR, 180), (18.0 * YEAR, 365)];
const YEAR: f64 = 365.25;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// A limit that is met exactly is not passed.
const EPSILON: f64 = 1e-9;

/// The weights that jump, each with the one before it, among the findings at hand that count.
pub fn weight_jumps(
    chart: &Chart,
    corrections: &Corrections,
) -> Vec<(ObservationId, ObservationId)> {
    let weights = weights(chart, corrections);
    let pairs = weights.iter().zip(weights.iter().skip(1));
    let jump = |(before, after): (&Weight<'_>, &Weight<'_>)| {
        let rivals = corrections.rivals_of(after.of.id);
        let jumps = !rivals.contains(&before.of.id)
            && is_comparable(born_ms(chart), before.at_ms, after.at_ms)
            && is_jump(before.kg, after.kg);
        jumps.then_some((after.of.id, before.of.id))
    };
    pairs.filter_map(jump).collect()
}

/// The weight measured last among the findings at hand, and from what to what (in kilograms) the
/// next one is no jump, at the moment `now_ms`. None where nothing can be said.
pub fn expected_weight<'a>(
    chart: &'a Chart,
    corrections: &Corrections,
    now_ms: i64,
) -> Option<(&'a Observation, f64, f64)> {
    let weights = weights(chart, corrections);
    let last = weights.last()?;
    let alone = corrections.rivals_of(last.of.id).is_empty();
    let told = alone && is_comparable(born_ms(chart), last.at_ms, now_ms);
    told.then_some((last.of, last.kg * (1.0 - JUMP), last.kg * (1.0 + JUMP)))
}

/// A weight with a moment.
struct Weight<'a> {
    of: &'a Observation,
    kg: f64,
    at_ms: i64,
}

/// Those that count and have a moment, the oldest first.
fn weights<'a>(chart: &'a Chart, corrections: &Corrections) -> Vec<Weight<'a>> {
    let read = |of: &'a Observation| {
        let is_weight = possible::sign_of(&of.code).is_some_and(|sign| sign.field == "weight");
        let counts = is_weight && chart.is_in_force(corrections, of);
        let at_ms = of.effective.as_ref().and_then(PartialDate::unix_ms)?;
        Some(Weight { of, kg: kilograms(of).filter(|_| counts)?, at_ms })
    };
    let mut all: Vec<Weight<'_>> = chart.observations.iter().filter_map(read).collect();
    all.sort_by_key(|weight| (weight.at_ms, weight.of.id));
    all
}

fn kilograms(of: &Observation) -> Option<f64> {
    let Some(ObservationValue::Quantity(quantity)) = &of.value else { return None };
    let value = quantity.value.to_f64();
    if quantity.comparator.is_some() {
        return None;
    }
    match quantity.ucum.as_deref()? {
        "kg" => Some(value),
        "g" => Some(value / 1000.0),
        "[lb_av]" => Some(value * 0.453_592_37),
        _ => None,
    }
}

fn born_ms(chart: &Chart) -> Option<i64> {
    chart.patient.as_ref()?.identity.birth_date.as_ref()?.unix_ms()
}

/// Whether growth alone cannot explain a jump. Of whom no birth date is known, it cannot.
fn is_comparable(born_ms: Option<i64>, before_ms: i64, after_ms: i64) -> bool {
    let days = |from: i64, to: i64| to.saturating_sub(from) / DAY_MS;
    let Some(born_ms) = born_ms else { return true };
    #[allow(clippy::cast_precision_loss, reason = "a number of days is small")]
    let age = days(born_ms, before_ms) as f64;
    let limit = GROWING.iter().find(|(below, _)| age < *below);
    limit.is_none_or(|(_, within)| days(before_ms, after_ms) <= *within)
}

fn is_jump(before: f64, after: f64) -> bool {
    (after - before).abs() > before * JUMP + EPSILON
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
        // However long ago; and only against the one before.
        check(adult, &[("70", "2016"), ("90", "2026-02-01")], &["90 kg after 70 kg"]);
        let slipped = [("70", "2026-01"), ("7", "2026-02"), ("71", "2026-03")];
        check(adult, &slipped, &["7 kg after 70 kg", "71 kg after 7 kg"]);
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
        check(Some("2012"), "2027-03-01", None);
        check(None, "2030-03-01", Some(("70 kg", 56.0, 84.0)));
    }
}
