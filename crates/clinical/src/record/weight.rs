//! The weight that a dose by weight goes by.

use super::Chart;
use crate::{LOINC, Observation, PartialDate};

/// Body weight, and body weight measured (LOINC).
const WEIGHTS: [&str; 2] = ["29463-7", "3141-9"];

impl Chart {
    /// The weight measured last that counts, among the findings at hand.
    pub fn last_weight(&self) -> Option<&Observation> {
        let corrections = self.corrections();
        let is_weight = |one: &&Observation| {
            one.code.code_of(LOINC).is_some_and(|code| WEIGHTS.contains(&code))
                && one.value.is_some()
                && self.is_in_force(&corrections, one)
        };
        let moment = |one: &&Observation| one.effective.as_ref().and_then(PartialDate::unix_ms);
        self.observations.iter().filter(is_weight).max_by_key(|one| (moment(one), one.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{EntryKind, EntryRef, ObservationId, VitalsDraft, uuid_v7};

    fn measured(n: u8, sign: &str, value: &str, day: &str) -> Observation {
        let values = [(sign.to_owned(), value.to_owned())].into();
        let id = || ObservationId::from_uuid(uuid_v7(i64::from(n), [n; 10]));
        let draft = VitalsDraft { values, encounter: None };
        draft.complete(id, &day.parse().unwrap()).unwrap().remove(0)
    }

    #[test]
    fn the_last_weight_is_the_one_that_counts() {
        let first = measured(1, "weight", "14.2", "2026-11-20");
        let typed_later = measured(4, "weight", "13.9", "2026-10-01");
        let wrong = measured(2, "weight", "142", "2026-11-24");
        let height = measured(3, "height", "98", "2026-11-25");
        let entry = EntryRef::new(EntryKind::Observation, wrong.id.uuid());
        let mut chart = Chart {
            observations: vec![wrong.clone(), first.clone(), typed_later, height],
            ..Chart::default()
        };
        assert_eq!(chart.last_weight(), Some(&wrong));
        chart.withdrawn = vec![entry];
        assert_eq!(chart.last_weight(), Some(&first), "a mistake is no weight");
        chart.observations.retain(|one| one.code.code_of(LOINC) == Some("8302-2"));
        assert_eq!(chart.last_weight(), None);
    }
}
