//! What people wrote without knowing of each other: every version goes out, marked.

use super::{
    draft::Draft,
    element::extension,
    export::Export,
    overlay::{Members, add, add_extension},
};
use crate::{FIELDCHART_FHIR, resolve::hashed};
use clinical::{Conflict, EntryKind, EntryValue, Identity, Part, Stamp, Told, Version, display};
use serde_json::{Value, json};
use uuid::Uuid;

/// The id of a version of a disputed entry. The oldest keeps the entry's, so that what refers to
/// the entry finds it.
pub(super) fn version_id(entry: Uuid, index: usize, version: &Version) -> Uuid {
    if index == 0 { entry } else { hashed("disputed", &format!("{entry}/{}", version.change)) }
}

/// Marks one version of a disputed resource: extensions for programs, a note for people. Versions
/// that cannot be written are told on each that can.
pub(super) fn mark(export: &Export<'_>, members: &mut Members, conflict: &Conflict, at: usize) {
    let Some(version) = conflict.versions.get(at) else { return };
    add_extension(members, who(export, version.stamp, None));
    let mut text = format!(
        "Disputed: one of {} versions that were written without knowing of each other, not yet \
         decided. This one: {}.",
        conflict.versions.len(),
        said_by(export, version.stamp)
    );
    let told = told(conflict);
    let differs = told.get(at).map(|told| named(&told.differs)).unwrap_or_default();
    if !differs.is_empty() {
        text.push_str(&format!(" In what they differ, this one says: {differs}."));
    }
    for unread in conflict.unreadable() {
        let value = display::UNREADABLE.to_owned();
        add_extension(members, who(export, unread.stamp, Some((&conflict.field, value))));
        let by = said_by(export, unread.stamp);
        text.push_str(&format!(" Another version was {} ({by}).", display::UNREADABLE));
    }
    add(members, "note", json!({ "text": text }));
}

/// Marks a patient whose identity or code status is disputed, or a visit, with every version of it.
pub(super) fn mark_versions(export: &Export<'_>, members: &mut Members, conflict: &Conflict) {
    for (version, told) in conflict.versions.iter().zip(told(conflict)) {
        let value = words(&told);
        add_extension(members, who(export, version.stamp, Some((&conflict.field, value))));
    }
}

/// A `Flag` that says to every reader what about the patient, or a visit, is disputed.
pub(super) fn flag(export: &Export<'_>, subject: Value, conflict: &Conflict) -> Draft {
    let id = hashed("disputed-flag", &conflict.id);
    let mut draft = Draft::new(id, "Flag");
    let pairs = conflict.versions.iter().zip(told(conflict));
    let versions: Vec<String> = pairs
        .map(|(version, told)| format!("{} ({})", words(&told), said_by(export, version.stamp)))
        .collect();
    let what = match (conflict.entry.kind, conflict.field.as_str()) {
        (EntryKind::Encounter, "status") => "what became of a visit",
        (EntryKind::Encounter, _) => "what a visit was about",
        (_, "identity") => "who the patient is",
        (..) => "the code status",
    };
    let text = format!("Disputed, not yet decided: {what}. {}", versions.join(" — or — "));
    draft.members.insert("status".to_owned(), json!("active"));
    draft.members.insert("code".to_owned(), json!({ "text": text }));
    draft.members.insert("subject".to_owned(), subject);
    draft
}

pub(super) fn who(export: &Export<'_>, stamp: Stamp, value: Option<(&str, String)>) -> Value {
    let mut parts = vec![
        json!({ "url": "who", "valueString": export.name_of(stamp.author) }),
        json!({ "url": "device", "valueString": export.device_name(stamp.device) }),
        json!({ "url": "when", "valueInstant": stamp.at.to_string() }),
    ];
    if let Some((field, value)) = value {
        parts.push(json!({ "url": "field", "valueString": field }));
        parts.push(json!({ "url": "value", "valueString": value }));
    }
    json!({ "url": format!("{FIELDCHART_FHIR}/disputed"), "extension": parts })
}

pub(super) fn said_by(export: &Export<'_>, stamp: Stamp) -> String {
    let (name, device) = (export.name_of(stamp.author), export.device_name(stamp.device));
    format!("{name}, {device}, {}", stamp.at)
}

fn told(conflict: &Conflict) -> Vec<Told<'_>> {
    let exact = |part: &Part<'_>| serde_json::to_string(part).unwrap_or_default();
    conflict.told(display::part_words, exact)
}

/// All that a version says, what it differs in first.
fn words(told: &Told<'_>) -> String {
    match (told.differs.as_slice(), told.common.as_slice()) {
        ([], []) => display::UNREADABLE.to_owned(),
        ([(Part::CodeStatus(_), words)], _) | (_, [(Part::CodeStatus(_), words)]) => words.clone(),
        (differs, common) => named(differs.iter().chain(common)),
    }
}

fn named<'a>(parts: impl IntoIterator<Item = &'a (Part<'a>, String)>) -> String {
    let named =
        |(part, words): &(Part<'_>, String)| format!("{}: {words}", display::part_name(part));
    parts.into_iter().map(named).collect::<Vec<_>>().join("; ")
}

/// Names of every version of a disputed identity go out, so that a search finds each.
pub(super) fn add_names(members: &mut Members, conflict: &Conflict, shown: &Identity) {
    let others = conflict.versions.iter().filter_map(|version| match &version.value {
        EntryValue::Identity(identity) => Some(identity),
        EntryValue::Allergy(_)
        | EntryValue::Medication(_)
        | EntryValue::CodeStatus(_)
        | EntryValue::EncounterAbout(_)
        | EntryValue::EncounterState(_)
        | EntryValue::Unreadable => None,
    });
    let mut seen = shown.name.clone();
    for name in others.flat_map(|identity| &identity.name) {
        if !seen.contains(name) {
            seen.push(name.clone());
            let mut value = super::element::human_name(name);
            if let Some(members) = value.as_object_mut() {
                add_extension(members, extension("disputed", "valueBoolean", json!(true)));
            }
            add(members, "name", value);
        }
    }
}
