//! What belongs to a chart and cannot be written: a `Flag` tells every reader of the file.

use super::{
    disputed::{said_by, who},
    draft::Draft,
    element::reference,
    export::Export,
    overlay::add_extension,
};
use crate::{FIELDCHART_FHIR, resolve::hashed};
use clinical::{Chart, Conflict, EntryKind, Version, Waiting, display};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The id of the flag by which a clinic tells that a chart of its own went out incomplete. Another
/// clinic's flag has another id and is kept as it came: what that one could not write is missing
/// here too.
pub(super) fn flag_id(export: &Export<'_>, patient: Uuid) -> Uuid {
    hashed("incomplete-flag", &format!("{}/{patient}", export.sender))
}

/// The flag; none where everything goes out.
pub(super) fn flag(
    export: &Export<'_>,
    patient: Uuid,
    chart: &Chart,
    waiting: &[Waiting],
) -> Option<Draft> {
    let versions: Vec<(&Conflict, &Version)> = chart
        .conflicts
        .iter()
        .flat_map(|conflict| conflict.unreadable().map(move |version| (conflict, version)))
        .collect();
    if chart.unreadable.is_empty() && versions.is_empty() && waiting.is_empty() {
        return None;
    }
    let mut text = "This record is not complete: not all of it could be written here.".to_owned();
    let mut parts: Vec<Value> = Vec::new();
    if !chart.unreadable.is_empty() {
        text.push_str(&format!(" Written by a newer version of the program: {}.", counts(chart)));
        let part = |entry: &clinical::EntryRef| json!({ "url": "unreadable", "valueString": entry.to_string() });
        parts.extend(chart.unreadable.iter().map(part));
    }
    for (conflict, version) in versions {
        let what = one_of(conflict.entry.kind);
        let by = said_by(export, version.stamp);
        text.push_str(&format!(
            " One version of a disputed {what}: {} ({by}).",
            display::UNREADABLE
        ));
        let mut told = who(export, version.stamp, Some((&conflict.id, display::UNREADABLE.into())));
        if let Some(url) = told.get_mut("url") {
            *url = json!("unreadable-version");
        }
        parts.push(told);
    }
    for Waiting { device, changes } in waiting {
        let name = export.device_name(*device);
        text.push_str(&format!(
            " Waiting for {name}: changes of it that follow others that have not arrived: {changes}."
        ));
        let told = json!([
            { "url": "device", "valueString": name },
            { "url": "changes", "valueUnsignedInt": changes },
        ]);
        parts.push(json!({ "url": "waiting", "extension": told }));
    }
    let mut draft = Draft::new(flag_id(export, patient), "Flag");
    let extension = json!({ "url": format!("{FIELDCHART_FHIR}/incomplete"), "extension": parts });
    add_extension(&mut draft.members, extension);
    draft.members.insert("status".to_owned(), json!("active"));
    draft.members.insert("code".to_owned(), json!({ "text": text }));
    draft.members.insert("subject".to_owned(), reference(patient));
    Some(draft)
}

/// `2 × allergy, 1 × medicine`.
fn counts(chart: &Chart) -> String {
    let mut counts: BTreeMap<EntryKind, usize> = BTreeMap::new();
    chart.unreadable.iter().for_each(|entry| *counts.entry(entry.kind).or_default() += 1);
    let count = |(kind, count): (EntryKind, usize)| format!("{count} × {}", one_of(kind));
    counts.into_iter().map(count).collect::<Vec<_>>().join(", ")
}

/// What a reader calls one entry.
const fn one_of(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Patient => "patient",
        EntryKind::Allergy => "allergy",
        EntryKind::Condition => "problem",
        EntryKind::Encounter => "visit",
        EntryKind::Medication => "medicine",
        EntryKind::Observation => "finding",
        EntryKind::Composition => "note",
        EntryKind::Task => "task",
        EntryKind::Source => "original",
        EntryKind::Document => "document",
    }
}
