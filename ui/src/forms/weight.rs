//! The weight beside a dose, and beside the one before it.

use super::Form;
use crate::components::{Tone, notice};
use crate::frame::Frame;
use crate::host::clock;
use crate::i18n::{t, tf};
use crate::words::{LocalTime, day};
use api::ExpectedWeight;
use clinical::{Decimal, Instant, Observation, PartialDate, PatientId, VitalsDraft};
use jiff::civil::Date;
use leptos::prelude::*;
use std::time::Duration;

/// Below this age a dose goes by weight, and a weight that is not there is missed.
const CHILD_YEARS: i16 = 18;

/// Typing has paused for so long before a weight is taken for whole.
const PAUSE: Duration = Duration::from_millis(400);

/// That the weight being typed is far from the last one. It stops nobody.
pub(super) fn weight_notice(frame: Frame, patient: PatientId, form: Form<VitalsDraft>) -> AnyView {
    let said = RwSignal::new(None::<String>);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    Effect::new(move |_| {
        let typed = form.draft.with(|draft| draft.values.get("weight").cloned());
        let expected = frame.weight.get().filter(|(of, _)| *of == patient);
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
        let words = expected
            .zip(typed)
            .and_then(|((_, expected), typed)| jump_words(&expected, &typed, clock::local));
        let tell = move || drop(said.try_set(words));
        timer.set_value(set_timeout_with_handle(tell, PAUSE).ok());
    });
    let view = move || {
        let said = said.get()?;
        Some(notice(Tone::Warning, said, t("weight.jump.help"), None))
    };
    view.into_any()
}

/// The last weight with its day; of a child also that there is none.
pub(super) fn weight_line(weights: &[Observation], born: Option<&PartialDate>) -> Option<AnyView> {
    let said = weight_words(weights, born, clock::today(), clock::local)?;
    let class = if weights.len() == 1 { "weight" } else { "weight fault" };
    Some(view! { <p class=class data-testid="weight">{said}</p> }.into_any())
}

fn weight_words(
    weights: &[Observation],
    born: Option<&PartialDate>,
    today: Date,
    local: fn(Instant) -> LocalTime,
) -> Option<String> {
    let is_child = born.and_then(|born| born.age_years(today)).is_some_and(|age| age < CHILD_YEARS);
    let Some((weight, others)) = weights.split_first() else {
        return is_child.then(|| t("weight.none").to_owned());
    };
    if !others.is_empty() {
        let values: Vec<String> = weights.iter().map(Observation::value_label).collect();
        return Some(tf("vitals.twice", &[("values", &values.join(", "))]));
    }
    let when = weight.effective.as_ref().map(|date| day(date, local));
    let when = when.unwrap_or_else(|| t("weight.when-unknown").to_owned());
    Some(tf("weight.last", &[("value", &weight.value_label()), ("when", &when)]))
}

/// What is said of a typed weight that is not expected; nothing of what is no number.
fn jump_words(
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
    Some(tf("weight.jump", &values).replace("{typed}", typed.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::{ObservationId, uuid_v7};

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
            assert_eq!(jump_words(&expected, typed, local).as_deref(), want, "{typed}");
        };
        for typed in ["", "x", "0", "-1", "54.8", "68,5", "82.2", " 70 "] {
            check(typed, None);
        }
        let said = |typed| {
            format!(
                "{typed} kg is more than 20\u{a0}% from the last weight: 68.5\u{a0}kg, 20-Nov-2026"
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
            let said = weight_words(&weights, born.as_ref(), today, local);
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
    }
}
