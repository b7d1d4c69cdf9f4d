//! The findings of a chart, each with what is to be known of it.

use super::{Ids, mistaken, told_mistaken};
use crate::output::on_one_line;
use api::ChartView;
use clinical::{EntryKind, EntryRef, Observation, ObservationId, ObservationStatus, display};
use std::fmt::Write;

/// Each with its day, and what makes it doubtful or none.
pub(super) fn findings(out: &mut String, view: &ChartView, ids: Ids) {
    let chart = &view.chart;
    let _ = writeln!(out, "\nFindings");
    for observation in &chart.observations {
        let entry = EntryRef::new(EntryKind::Observation, observation.id.uuid());
        let _ = writeln!(out, "  {}{}", finding(view, observation), ids.of(entry));
    }
}

/// A finding: its day, and what makes it doubtful or none.
pub(in crate::commands::show) fn finding(view: &ChartView, observation: &Observation) -> String {
    let corrections = &view.corrections;
    let at = observation.effective.as_ref().map(display::date).unwrap_or_default();
    let (label, value) = (observation.code.label(), observation.value_label());
    let entry = EntryRef::new(EntryKind::Observation, observation.id.uuid());
    let corrected = match corrections.rivals_of(observation.id) {
        _ if corrections.is_corrected(observation.id) => "  (corrected)".to_owned(),
        [] => String::new(),
        rivals => twice(view, entry, rivals),
    };
    let in_force = in_force(view, observation, entry);
    let mistaken = format!("{}{corrected}{in_force}", jump(view, observation.id));
    format!("{at}  {}  {}{mistaken}", on_one_line(label), on_one_line(&value))
}

/// That a weight is far from the one before.
fn jump(view: &ChartView, weight: ObservationId) -> String {
    let before = view.weight_jumps.iter().find(|(of, _)| *of == weight);
    let before =
        before.and_then(|(_, before)| view.chart.observations.iter().find(|one| one.id == *before));
    let told = before.map(|before| {
        let before = on_one_line(&before.value_label());
        format!("  (check: more than 20 % from the weight before: {before})")
    });
    told.unwrap_or_default()
}

/// That a finding is none: withdrawn here, or by those it came from.
fn in_force(view: &ChartView, observation: &Observation, entry: EntryRef) -> String {
    match observation.status {
        ObservationStatus::EnteredInError => told_mistaken(view, entry),
        ObservationStatus::Cancelled => format!("  (cancelled){}", mistaken(view, entry)),
        ObservationStatus::Registered
        | ObservationStatus::Preliminary
        | ObservationStatus::Final
        | ObservationStatus::Amended
        | ObservationStatus::Corrected
        | ObservationStatus::Unknown => mistaken(view, entry),
    }
}

/// That two computers corrected a finding without knowing of each other, and the way out.
fn twice(view: &ChartView, entry: EntryRef, rivals: &[ObservationId]) -> String {
    let all = view.chart.observations.iter().filter(|one| rivals.contains(&one.id));
    let values: Vec<String> = all.map(Observation::value_label).collect();
    let values = on_one_line(&values.join(", "));
    format!(
        "  (corrected twice: {values}: which one is right? If this one is wrong, mark {entry} as a mistake)"
    )
}
