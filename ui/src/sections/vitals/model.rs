//! What the section of vital signs shows.

use crate::i18n::tf;
use crate::sections::lines::Line;
use crate::words::People;
use api::ChartView;
use clinical::{EntryKind, EntryRef, LOINC, Observation, ObservationStatus, display};
use std::collections::{BTreeMap, BTreeSet};

/// So many earlier values stand beside the last.
const BEFORE_MAX: usize = 2;
/// So many other findings are listed.
const RESULTS_MAX: usize = 30;

/// One vital sign over time.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sign {
    /// What was measured.
    pub name: String,
    /// The last value.
    pub last: Value,
    /// Those before, newest first.
    pub before: Vec<Value>,
}

/// A value and its day.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Value {
    /// The value with its unit.
    pub text: String,
    /// `24-Nov-2026`; empty when not told.
    pub when: String,
}

/// Reads the vital signs of a chart, by name.
pub(super) fn vitals(view: &ChartView, _: &People<'_>) -> Vec<Sign> {
    let mut signs: BTreeMap<String, Vec<&Observation>> = BTreeMap::new();
    for observation in in_force(view).filter(|observation| observation.is_vital_sign()) {
        let code = observation.code.code_of(LOINC).unwrap_or_else(|| observation.code.label());
        signs.entry(code.to_owned()).or_default().push(observation);
    }
    let mut signs: Vec<Sign> = signs.into_values().filter_map(sign).collect();
    signs.sort_by(|a, b| a.name.cmp(&b.name));
    signs
}

/// Reads the other findings of a chart, newest first.
pub(super) fn results(view: &ChartView, people: &People<'_>) -> Vec<Line> {
    let others = in_force(view).filter(|observation| !observation.is_vital_sign());
    let mut others: Vec<&Observation> = others.collect();
    others.sort_by(|a, b| b.effective.cmp(&a.effective).then_with(|| a.id.cmp(&b.id)));
    others
        .into_iter()
        .take(RESULTS_MAX)
        .map(|observation| line(view, people, observation))
        .collect()
}

/// What was not withdrawn, made by mistake or replaced by a correction.
fn in_force(view: &ChartView) -> impl Iterator<Item = &Observation> {
    let replaced: BTreeSet<_> =
        view.chart.observations.iter().filter_map(|observation| observation.replaces).collect();
    view.chart.observations.iter().filter(move |observation| {
        observation.status != ObservationStatus::EnteredInError
            && observation.status != ObservationStatus::Cancelled
            && !view.chart.is_withdrawn(EntryKind::Observation, observation.id.uuid())
            && !replaced.contains(&observation.id)
    })
}

fn sign(mut values: Vec<&Observation>) -> Option<Sign> {
    values.sort_by(|a, b| b.effective.cmp(&a.effective).then_with(|| b.id.cmp(&a.id)));
    let mut values = values.into_iter();
    let last = values.next()?;
    let before = values.take(BEFORE_MAX).map(value).collect();
    Some(Sign { name: last.code.label().to_owned(), last: value(last), before })
}

fn value(observation: &Observation) -> Value {
    let when = observation.effective.as_ref().map(display::date).unwrap_or_default();
    Value { text: observation.value_label(), when }
}

fn line(view: &ChartView, people: &People<'_>, observation: &Observation) -> Line {
    let entry = EntryRef::new(EntryKind::Observation, observation.id.uuid());
    let mut details = vec![observation.value_label()];
    details.extend(observation.interpretation.iter().map(|mark| mark.label().to_owned()));
    let range = observation.reference_range.as_ref();
    details.extend(range.map(|range| tf("results.range", &[("range", range)])));
    details.extend(observation.effective.as_ref().map(display::date));
    details.extend(observation.note.clone());
    details.retain(|detail| !detail.is_empty());
    Line {
        entry,
        label: observation.code.label().to_owned(),
        details,
        written: view.chart.stamp_of(entry).map(|stamp| people.written(stamp)),
        mistaken: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sections::part::tests::{chart_view, people, uuid};
    use clinical::{ObservationId, VitalsDraft};

    fn weight(n: u8, value: &str, day: &str) -> Observation {
        let values = [("weight".to_owned(), value.to_owned())].into();
        let draft = VitalsDraft { values, encounter: None };
        let make_id = || ObservationId::from_uuid(uuid(n));
        draft.complete(make_id, &day.parse().unwrap()).unwrap().remove(0)
    }

    #[test]
    fn the_last_value_stands_first_and_a_correction_replaces() {
        let mut view = chart_view();
        let mut corrected = weight(5, "71", "2026-11-24");
        corrected.replaces = Some(ObservationId::from_uuid(uuid(4)));
        let withdrawn = weight(6, "7", "2026-11-25");
        view.chart.withdrawn.push(EntryRef::new(EntryKind::Observation, uuid(6)));
        view.chart.observations = vec![
            weight(1, "68", "2024"),
            weight(2, "69", "2025-01"),
            weight(3, "70.0", "2026-01-01"),
            weight(4, "700".trim_end_matches('0'), "2026-11-24"),
            corrected,
            withdrawn,
        ];
        let model = vitals(&view, &people(&view));
        assert_eq!(model.len(), 1);
        assert_eq!(model[0].last.text, "71\u{a0}kg");
        let before: Vec<_> =
            model[0].before.iter().map(|v| (v.text.as_str(), v.when.as_str())).collect();
        assert_eq!(before, [("70.0\u{a0}kg", "01-Jan-2026"), ("69\u{a0}kg", "Jan-2025")]);
        assert!(results(&view, &people(&view)).is_empty());
    }
}
