//! What was written, read back: whose chart it is in, and how it stands there.

use api::ChartView;
use clinical::{EntryKind, EntryRef};

use super::chart::{allergy, finding};
use super::clock::Clock;
use super::entries::{medicine, problem, visit};
use super::line::identity_on;
use crate::output::on_one_line;

/// Whose chart it is, and each entry as the chart has it.
pub(crate) fn read_back(view: &ChartView, entries: &[EntryRef], clock: Clock<'_>) -> String {
    let lines = entries.iter().filter_map(|entry| entry_line(view, *entry, clock));
    let lines: String = lines.map(|line| format!("  {line}\n")).collect();
    format!("{}{lines}", who(view, clock))
}

/// How an entry stood in the chart before it was written.
pub(crate) fn before(view: &ChartView, entry: EntryRef, clock: Clock<'_>) -> String {
    let line = entry_line(view, entry, clock).map(|line| format!("  before: {line}\n"));
    line.unwrap_or_default()
}

fn who(view: &ChartView, clock: Clock<'_>) -> String {
    let today = clock.today();
    let patient = view.chart.patient.as_ref();
    let line = patient.map(|patient| identity_on(&patient.identity, today.as_ref()) + "\n");
    line.unwrap_or_default()
}

/// An entry on the line that the chart has of it; none of the kinds that it shows in another way.
fn entry_line(view: &ChartView, entry: EntryRef, clock: Clock<'_>) -> Option<String> {
    let (chart, id) = (&view.chart, entry.id);
    match entry.kind {
        EntryKind::Allergy => {
            chart.allergies.iter().find(|it| it.id.uuid() == id).map(|it| allergy(view, it))
        }
        EntryKind::Medication => {
            let found = chart.medications.iter().find(|it| it.id.uuid() == id);
            found.map(|it| medicine(view, it, clock))
        }
        EntryKind::Condition => {
            chart.conditions.iter().find(|it| it.id.uuid() == id).map(|it| problem(view, it))
        }
        EntryKind::Encounter => {
            chart.encounters.iter().find(|it| it.id.uuid() == id).map(|it| visit(view, it, clock))
        }
        EntryKind::Observation => {
            chart.observations.iter().find(|it| it.id.uuid() == id).map(|it| finding(view, it))
        }
        EntryKind::Patient => {
            let code_status = chart.patient.as_ref().and_then(|it| it.code_status.as_ref());
            code_status.map(|code| format!("Code status: {}", on_one_line(code.label())))
        }
        EntryKind::Composition | EntryKind::Task | EntryKind::Source | EntryKind::Document => None,
    }
}
