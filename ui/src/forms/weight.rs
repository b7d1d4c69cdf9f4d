//! The weight beside a dose, and beside the one before it.

use super::Form;
use crate::components::{Tone, notice};
use crate::frame::Frame;
use crate::host::clock;
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use crate::sections::{jumps_from, weights};
use crate::words::{LocalTime, day};
use api::{ChartView, ExpectedWeight};
use clinical::{
    Decimal, Instant, Observation, ObservationId, ObservationValue, PartialDate, PatientId,
    VitalsDraft,
};
use jiff::civil::Date;
use std::time::Duration;

/// Below this age a dose goes by weight, and a weight that is not there is missed.
const CHILD_YEARS: i16 = 18;

/// Further than this part from the weight before it, another one in the place of a wrong one is
/// told.
const JUMP: f64 = 0.2;

/// Typing has paused for so long before a weight is taken for whole.
const PAUSE: Duration = Duration::from_millis(400);

/// That the weight being typed, in the place of a `wrong` one or beside all, is far from the one it
/// is held against. It stops nobody.
pub(super) fn weight_notice(
    frame: Frame,
    patient: PatientId,
    wrong: Option<ObservationId>,
    form: Form<VitalsDraft>,
) -> AnyView {
    let said = RwSignal::new(None::<String>);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    Effect::new(move |_| {
        let typed = form.draft.with(|draft| draft.values.get("weight").cloned());
        let held = frame.chart_of(patient).and_then(|chart| held_against(&chart, wrong));
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
        let words = held
            .zip(typed)
            .and_then(|((key, expected), typed)| jump_words(key, &expected, &typed, clock::local));
        let tell = move || drop(said.try_set(words));
        timer.set_value(set_timeout_with_handle(tell, PAUSE).ok());
    });
    let view = move || {
        let said = said.get()?;
        Some(notice(Tone::Warning, said, t("weight.jump.help"), None))
    };
    view.into_any()
}

/// What a weight is held against, and the words for one that is too far from it: the weight that
/// is to be corrected never is. Of an earlier one growth is not known here.
fn held_against(
    chart: &ChartView,
    wrong: Option<ObservationId>,
) -> Option<(&'static str, ExpectedWeight)> {
    let expected = chart.expected_weight.clone();
    let Some(wrong) = wrong else { return Some(("weight.jump", expected?)) };
    let weights = weights(chart);
    let (_, before) =
        weights.split_at_checked(weights.iter().position(|it| it.id == wrong)? + 1)?;
    let rivals = chart.corrections.rivals_of(wrong);
    let counts = |it: &&Observation| jumps_from(chart, it.id).is_none() && !rivals.contains(&it.id);
    let before = before.iter().copied().find(counts)?;
    if let Some(expected) = expected.filter(|expected| expected.last.id == before.id) {
        return Some(("weight.jump", expected));
    }
    let Some(ObservationValue::Quantity(kg)) = &before.value else { return None };
    let times = |part: f64| format!("{:.2}", kg.value.to_f64() * part).parse().ok();
    let (low_kg, high_kg) = (times(1.0 - JUMP)?, times(1.0 + JUMP)?);
    let last = before.clone();
    let is_kg = kg.ucum.as_deref() == Some("kg") && kg.comparator.is_none();
    is_kg.then_some(("weight.jump-before", ExpectedWeight { last, low_kg, high_kg }))
}

/// The last weight with its day, and whether the chart doubts it; of a child also that there is
/// none.
pub(super) fn weight_line(
    weights: &[Observation],
    born: Option<&PartialDate>,
    chart: Option<&ChartView>,
) -> Option<AnyView> {
    let before = weights.first().zip(chart).and_then(|(it, chart)| jumps_from(chart, it.id));
    let said = weight_words(weights, before, born, clock::today(), clock::local)?;
    let is_sure = weights.len() == 1 && before.is_none();
    let class = if is_sure { "weight" } else { "weight fault" };
    Some(view! { <p class=class data-testid="weight">{said}</p> }.into_any())
}

fn weight_words(
    weights: &[Observation],
    before: Option<&Observation>,
    born: Option<&PartialDate>,
    today: Date,
    local: fn(Instant) -> LocalTime,
) -> Option<String> {
    let is_child = born.and_then(|born| born.age_years(today)).is_some_and(|age| age < CHILD_YEARS);
    let Some((weight, others)) = weights.split_first() else {
        return is_child.then(|| t("weight.none").to_owned());
    };
    if !others.is_empty() {
        let values: Vec<String> = weights.iter().map(Observation::weight_label).collect();
        return Some(tf("vitals.twice", &[("values", &values.join(", "))]));
    }
    let when = weight.effective.as_ref().map(|date| day(date, local));
    let when = when.unwrap_or_else(|| t("weight.when-unknown").to_owned());
    let value = weight.weight_label();
    let Some(before) = before.map(Observation::value_label) else {
        return Some(tf("weight.last", &[("value", &value), ("when", &when)]));
    };
    Some(tf("weight.doubted", &[("value", &value), ("when", &when), ("before", &before)]))
}

/// What is said of a typed weight that is not expected; nothing of what is no number.
fn jump_words(
    key: &'static str,
    expected: &ExpectedWeight,
    typed: &str,
    local: fn(Instant) -> LocalTime,
) -> Option<String> {
    let typed: Decimal = typed.trim().parse().ok()?;
    let (kg, low, high) = (typed.to_f64(), expected.low_kg.to_f64(), expected.high_kg.to_f64());
    if !typed.is_positive() || (low..=high).contains(&kg) {
        return None;
    }
    let when = expected.last.effective.as_ref().map(|date| day(date, local)).unwrap_or_default();
    let values = [("value", expected.last.value_label()), ("when", when)];
    let values = values.each_ref().map(|(name, text)| (*name, text.as_str()));
    Some(tf(key, &values).replace("{typed}", typed.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sections::samples::{chart_view, uuid};
    use clinical::uuid_v7;

    #[test]
    fn a_weight_far_from_the_last_is_told_before_it_is_saved() {
        fn local(_: Instant) -> LocalTime {
            LocalTime { year: 2026, month: 11, day: 20, hour: 9, minute: 0 }
        }
        let values = [("weight".to_owned(), "68.5".to_owned())].into();
        let draft = VitalsDraft { values, encounter: None };
        let id = || ObservationId::from_uuid(uuid_v7(1, [1; 10]));
        let last = draft.complete(id, &"2026-11-20".parse().unwrap()).unwrap().remove(0);
        let (low_kg, high_kg) = ("54.80".parse().unwrap(), "82.20".parse().unwrap());
        let expected = ExpectedWeight { last, low_kg, high_kg };
        let check = |typed: &str, want: Option<&str>| {
            assert_eq!(
                jump_words("weight.jump", &expected, typed, local).as_deref(),
                want,
                "{typed}"
            );
        };
        for typed in ["", "x", "0", "-1", "54.8", "68,5", "82.2", " 70 "] {
            check(typed, None);
        }
        let said = |typed| {
            format!(
                "{typed} kg is more than 20\u{a0}% from the last plausible weight: \
                 68.5\u{a0}kg, 20-Nov-2026"
            )
        };
        check("54.7", Some(&said("54.7")));
        check("170.5", Some(&said("170.5")));
    }

    #[test]
    fn the_weight_stands_beside_the_dose_and_a_childs_is_missed() {
        fn local(_: Instant) -> LocalTime {
            LocalTime { year: 2026, month: 11, day: 20, hour: 9, minute: 0 }
        }
        let draft = VitalsDraft {
            values: [("weight".to_owned(), "14.2".to_owned())].into(),
            encounter: None,
        };
        let id = || ObservationId::from_uuid(uuid_v7(1, [1; 10]));
        let taken = "2026-11-20T09:00:00+03:00".parse().unwrap();
        let weight = draft.complete(id, &taken).unwrap().remove(0);
        let untimed = Observation { effective: None, ..weight.clone() };
        let check = |weights: &[&Observation], born: Option<&str>, want: Option<&str>| {
            let born: Option<PartialDate> = born.map(|born| born.parse().unwrap());
            let today = jiff::civil::date(2026, 11, 26);
            let weights: Vec<_> = weights.iter().map(|one| (*one).clone()).collect();
            let said = weight_words(&weights, None, born.as_ref(), today, local);
            assert_eq!(said.as_deref(), want, "{born:?}");
        };
        let last = Some("Last weight 14.2\u{a0}kg, 20-Nov-2026");
        check(&[&weight], Some("2023-05-01"), last);
        check(&[&weight], None, last);
        let twice = "Corrected twice: 14.2\u{a0}kg, 14.2\u{a0}kg. Which one is right?";
        check(&[&weight, &untimed], None, Some(twice));
        check(&[&untimed], None, Some("Last weight 14.2\u{a0}kg, day not known"));
        check(&[], Some("2023-05-01"), Some("No weight recorded"));
        check(&[], Some("2008-11-27"), Some("No weight recorded"));
        check(&[], Some("2008-11-26"), None);
        check(&[], None, None);
        // What the chart doubts is not told as a plain fact.
        let today = jiff::civil::date(2026, 11, 26);
        let said = weight_words(std::slice::from_ref(&weight), Some(&weight), None, today, local);
        let doubted = "Last weight 14.2\u{a0}kg, 20-Nov-2026 — check: 14.2\u{a0}kg before";
        assert_eq!(said.as_deref(), Some(doubted));
    }

    #[test]
    fn a_weight_in_the_place_of_a_wrong_one_is_held_against_the_others() {
        let id = |n| ObservationId::from_uuid(uuid(n));
        let weight = |n: u8, value: &str| {
            let values = [("weight".to_owned(), value.to_owned())].into();
            let draft = VitalsDraft { values, encounter: None };
            let day = format!("2026-11-{n:02}").parse().unwrap();
            draft.complete(|| id(n), &day).unwrap().remove(0)
        };
        let mut chart = chart_view();
        chart.chart.observations = vec![weight(1, "12"), weight(2, "14.5"), weight(3, "142.5")];
        chart.weight_jumps = vec![(id(3), id(2))];
        let (low_kg, high_kg) = ("11.60".parse().unwrap(), "19.00".parse().unwrap());
        chart.expected_weight = Some(ExpectedWeight { last: weight(2, "14.5"), low_kg, high_kg });
        let check = |chart: &ChartView, wrong, want: Option<(&str, &str, &str)>| {
            let held = held_against(chart, wrong);
            let held =
                held.as_ref().map(|(key, it)| (*key, it.low_kg.as_str(), it.high_kg.as_str()));
            assert_eq!(held, want, "{wrong:?}");
        };
        let expected = Some(("weight.jump", "11.60", "19.00"));
        check(&chart, None, expected);
        check(&chart, Some(id(3)), expected);
        // Never against itself, nor where nothing was before it.
        check(&chart, Some(id(2)), Some(("weight.jump-before", "9.60", "14.40")));
        check(&chart, Some(id(1)), None);
        check(&chart, Some(id(9)), None);
        chart.chart.withdrawn =
            vec![clinical::EntryRef::new(clinical::EntryKind::Observation, uuid(1))];
        check(&chart, Some(id(2)), None);
    }
}
