//! The weight that a dose by weight goes by.

use super::Chart;
use crate::{Corrections, LOINC, Observation, PartialDate, possible};

impl Observation {
    /// Whether it is a body weight, by whatever code. The store keeps the answer in its rows: who
    /// changes what is meant raises the form of its projections.
    pub fn is_weight(&self) -> bool {
        possible::sign_of(&self.code).is_some_and(|sign| sign.field == "weight")
    }

    /// The weight as it stands beside a dose: of one that was estimated (LOINC 8335-2), stated by
    /// the patient (3142-7), or taken with or without clothes (8350-1, 8351-9) that is said, by its
    /// own name.
    pub fn weight_label(&self) -> String {
        let value = self.value_label();
        match self.code.code_of(LOINC) {
            Some("8335-2" | "3142-7" | "8350-1" | "8351-9") => {
                format!("{value} ({})", self.code.label())
            }
            Some(_) | None => value,
        }
    }
}

impl Chart {
    /// The weight measured last that counts, among the findings at hand; all that count beside each
    /// other where two computers corrected it without knowing of each other. None when there is
    /// none.
    pub fn last_weights(&self) -> Vec<&Observation> {
        let corrections = self.corrections();
        let is_weight = |one: &&Observation| {
            one.is_weight() && one.value.is_some() && self.is_in_force(&corrections, one)
        };
        let moment = |one: &&Observation| one.effective.as_ref().and_then(PartialDate::unix_ms);
        let last =
            self.observations.iter().filter(is_weight).max_by_key(|one| (moment(one), one.id));
        let rivals = last.map(|last| corrections.rivals_of(last.id)).unwrap_or_default();
        let others = self.observations.iter().filter(|one| rivals.contains(&one.id));
        let others = others.filter(|one| Some(one.id) != last.map(|last| last.id));
        last.into_iter().chain(others).collect()
    }

    /// The finding of the same vital sign as another that was taken last of those that count.
    pub fn last_of_sign(
        &self,
        corrections: &Corrections,
        sign: &Observation,
    ) -> Option<&Observation> {
        let moment = |one: &&Observation| one.effective.as_ref().and_then(PartialDate::unix_ms);
        let is_of_sign =
            |one: &&Observation| is_of_one_sign(one, sign) && self.is_in_force(corrections, one);
        self.observations.iter().filter(is_of_sign).max_by_key(|one| (moment(one), one.id))
    }
}

/// Whether two are of one vital sign, by whatever codes; of what is none of the known ones, by a
/// code in common.
fn is_of_one_sign(one: &Observation, other: &Observation) -> bool {
    let sign = |one: &Observation| possible::sign_of(&one.code).map(|sign| sign.loinc);
    match (sign(one), sign(other)) {
        (Some(sign), Some(of_other)) => sign == of_other,
        (None, None) => one.is_of_code_of(other),
        (Some(_), None) | (None, Some(_)) => false,
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
        assert_eq!(chart.last_weights(), [&wrong]);
        chart.withdrawn = vec![entry];
        assert_eq!(chart.last_weights(), [&first], "a mistake is no weight");
        let correct = |n, value| Observation {
            replaces: Some(first.id),
            ..measured(n, "weight", value, "2026-11-20")
        };
        let both = [correct(5, "12.4"), correct(6, "12.6")];
        chart.observations.extend(both.clone());
        assert_eq!(chart.last_weights(), [&both[1], &both[0]], "none of two is dropped");
        let mut estimated = measured(7, "weight", "12", "2026-11-26");
        estimated.code = crate::CodeableConcept::from_coding(LOINC, "8335-2", "Weight, estimated");
        chart.observations.push(estimated.clone());
        assert_eq!(chart.last_weights(), [&estimated], "it is a weight");
        let label = |one: &Observation| one.weight_label().replace('\u{a0}', " ");
        assert_eq!(label(&estimated), "12 kg (Weight, estimated)");
        assert_eq!(label(&first), "14.2 kg");
        for (loinc, name) in [
            ("3142-7", "Body weight Stated"),
            ("8350-1", "Body weight Measured --with clothes"),
            ("8351-9", "Body weight Measured --without clothes"),
        ] {
            estimated.code = crate::CodeableConcept::from_coding(LOINC, loinc, name);
            assert!(estimated.is_weight(), "{loinc}");
            assert_eq!(label(&estimated), format!("12 kg ({name})"));
        }
        chart.observations.retain(|one| one.code.code_of(LOINC) == Some("8302-2"));
        assert_eq!(chart.last_weights(), [&wrong; 0]);
    }
}
