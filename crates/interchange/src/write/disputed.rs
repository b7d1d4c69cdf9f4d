//! What people wrote without knowing of each other: every version goes out, marked.

use super::{
    draft::Draft,
    element::{extension, reference},
    export::Export,
    overlay::{Members, add, add_extension},
};
use crate::{FIELDCHART_FHIR, resolve::hashed};
use clinical::{Conflict, EntryValue, Identity, Stamp, Version, display};
use serde_json::{Value, json};
use uuid::Uuid;

/// The id of a version of a disputed entry. The oldest keeps the entry's, so that what refers to
/// the entry finds it.
pub(super) fn version_id(entry: Uuid, index: usize, version: &Version) -> Uuid {
    if index == 0 { entry } else { hashed("disputed", &format!("{entry}/{}", version.change)) }
}

/// Marks one version of a disputed resource: an extension for programs, a note for people.
pub(super) fn mark(export: &Export<'_>, members: &mut Members, stamp: Stamp, of: usize) {
    add_extension(members, who(export, stamp, None));
    let text = format!(
        "Disputed: one of {of} versions that were written without knowing of each other, not yet \
         decided. This one: {}.",
        said_by(export, stamp)
    );
    add(members, "note", json!({ "text": text }));
}

/// Marks a patient whose identity or code status is disputed with every version of it.
pub(super) fn mark_patient(export: &Export<'_>, members: &mut Members, conflict: &Conflict) {
    for version in &conflict.versions {
        let value = words(&version.value);
        add_extension(members, who(export, version.stamp, Some((&conflict.field, value))));
    }
}

/// A `Flag` that says to every reader what about the patient is disputed.
pub(super) fn flag(export: &Export<'_>, patient: Uuid, conflict: &Conflict) -> Draft {
    let id = hashed("disputed-flag", &conflict.id);
    let mut draft = Draft::new(id, "Flag");
    let versions: Vec<String> = conflict
        .versions
        .iter()
        .map(|version| format!("{} ({})", words(&version.value), said_by(export, version.stamp)))
        .collect();
    let what = if conflict.field == "identity" { "who the patient is" } else { "the code status" };
    let text = format!("Disputed, not yet decided: {what}. {}", versions.join(" — or — "));
    draft.members.insert("status".to_owned(), json!("active"));
    draft.members.insert("code".to_owned(), json!({ "text": text }));
    draft.members.insert("subject".to_owned(), reference(patient));
    draft
}

fn who(export: &Export<'_>, stamp: Stamp, value: Option<(&str, String)>) -> Value {
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

fn said_by(export: &Export<'_>, stamp: Stamp) -> String {
    let (name, device) = (export.name_of(stamp.author), export.device_name(stamp.device));
    format!("{name}, {device}, {}", stamp.at)
}

fn words(value: &EntryValue) -> String {
    match value {
        EntryValue::Identity(identity) => person(identity),
        EntryValue::CodeStatus(Some(code_status)) => code_status.label().to_owned(),
        EntryValue::CodeStatus(None) => "none recorded".to_owned(),
        EntryValue::Allergy(allergy) => allergy.code.label().to_owned(),
        EntryValue::Medication(order) => order.medication.label().to_owned(),
    }
}

fn person(identity: &Identity) -> String {
    let born = identity.birth_date.as_ref().map_or("not known".to_owned(), display::date);
    format!("{}, {}, born {born}", display::banner_name(identity), identity.gender.code())
}

/// Names of every version of a disputed identity go out, so that a search finds each.
pub(super) fn add_names(members: &mut Members, conflict: &Conflict, shown: &Identity) {
    let others = conflict.versions.iter().filter_map(|version| match &version.value {
        EntryValue::Identity(identity) => Some(identity),
        EntryValue::Allergy(_) | EntryValue::Medication(_) | EntryValue::CodeStatus(_) => None,
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
