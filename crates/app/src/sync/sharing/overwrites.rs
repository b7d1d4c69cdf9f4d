//! What a chart that another clinic gives would make of entries that are here: shown before it is
//! taken in, and taken in only by who has seen it.

use super::opened::Opened;
use crate::error::changed;
use api::{ApiError, GivenEntry, GivenOverwrites};
use clinical::{
    Chart, EntryKind, EntryRef, Finding,
    display::{banner_name, labels},
};

/// So many are listed.
const LISTED_MAX: usize = 200;

/// The entries that are here and would read otherwise; `None` where there are none.
pub(super) fn overwrites(opened: &Opened) -> Option<GivenOverwrites> {
    if opened.overwritten.is_empty() {
        return None;
    }
    let entry = |one: &chart::Overwritten| GivenEntry {
        entry: one.entry,
        label: label(&opened.before, one.entry),
        field: one.field.clone(),
        was: one.was.clone(),
        becomes: one.becomes.clone(),
        is_disputed: one.is_disputed,
    };
    let more = opened.overwritten.len().saturating_sub(LISTED_MAX);
    Some(GivenOverwrites {
        seen: opened.merged.change.heads.to_text(),
        entries: opened.overwritten.iter().take(LISTED_MAX).map(entry).collect(),
        more: u64::try_from(more).unwrap_or(u64::MAX),
    })
}

/// Refuses to take in what nobody has looked at as it would be now.
///
/// # Errors
/// `invalid` where nobody looked, `changed` where the chart or the file is another since.
pub(super) fn refuse_unseen(
    overwrites: Option<&GivenOverwrites>,
    seen: Option<&str>,
) -> Result<(), ApiError> {
    let Some(overwrites) = overwrites else { return Ok(()) };
    match seen {
        Some(seen) if seen == overwrites.seen => Ok(()),
        Some(_) => Err(changed()),
        None => {
            let detail = "Nothing was taken in: entries that are here would read otherwise. Look \
                          into the file first, and take it in as you have seen it.";
            Err(ApiError::invalid(vec![Finding::error("seen", "not-looked", detail)]))
        }
    }
}

/// What an entry is, on one line, as the chart says; nothing of one that it does not have.
fn label(chart: &Chart, entry: EntryRef) -> String {
    let id = entry.id;
    let found = match entry.kind {
        EntryKind::Patient => chart.patient.as_ref().map(|it| banner_name(&it.identity)),
        EntryKind::Allergy => {
            chart.allergies.iter().find(|it| it.id.uuid() == id).map(|it| it.label().to_owned())
        }
        EntryKind::Condition => {
            let mut all = chart.conditions.iter();
            all.find(|it| it.id.uuid() == id).map(|it| it.code.label().to_owned())
        }
        EntryKind::Encounter => {
            chart.encounters.iter().find(|it| it.id.uuid() == id).map(|it| labels(&it.reason))
        }
        EntryKind::Medication => {
            let mut all = chart.medications.iter();
            all.find(|it| it.id.uuid() == id).map(|it| it.order.medication.label().to_owned())
        }
        EntryKind::Observation => {
            let found = chart.observations.iter().find(|it| it.id.uuid() == id);
            found.map(|it| format!("{} {}", it.code.label(), it.value_label()))
        }
        EntryKind::Composition => {
            chart.compositions.iter().find(|it| it.id.uuid() == id).map(|it| it.title.clone())
        }
        EntryKind::Task => {
            chart.tasks.iter().find(|it| it.id.uuid() == id).map(|it| it.detail.clone())
        }
        EntryKind::Document => {
            chart.documents.iter().find(|it| it.id.uuid() == id).map(|it| it.title.clone())
        }
        EntryKind::Source => None,
    };
    found.unwrap_or_default()
}
