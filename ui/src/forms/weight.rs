//! The weight beside a dose.

use crate::host::clock;
use crate::i18n::{t, tf};
use crate::words::{LocalTime, day};
use clinical::{Instant, Observation, PartialDate};
use jiff::civil::Date;
use leptos::prelude::*;

/// Below this age a dose goes by weight, and a weight that is not there is missed.
const CHILD_YEARS: i16 = 18;

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

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::{ObservationId, VitalsDraft, uuid_v7};

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
