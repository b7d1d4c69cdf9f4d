//! `Composition`: a signed note.

use super::{
    element::{object, reference},
    narrative::narrative,
    overlay::{Members, list},
};
use clinical::{Composition, LOINC, NoteSection};
use serde_json::{Value, json};

/// Writes a note. `author` is a reference with the name of who signed it, `others` those of who
/// else wrote words in it.
pub(super) fn write(
    resource: &mut Members,
    note: &Composition,
    subject: &Value,
    author: &Value,
    others: Vec<Value>,
) {
    let authors: Vec<Value> = Some(author.clone()).into_iter().chain(others).collect();
    let when = json!(note.signed_at.to_string());
    let replaces = note.replaces.map(
        |replaced| json!([{ "code": "replaces", "targetReference": reference(replaced.uuid()) }]),
    );
    let sections = note.section.iter().filter(|section| !section.text.trim().is_empty());
    let title = note.own_title().unwrap_or(Composition::VISIT_NOTE);
    let members = object([
        ("status", Some(json!("final"))),
        ("type", Some(progress_note())),
        ("subject", Some(subject.clone())),
        ("encounter", note.encounter.map(|id| reference(id.uuid()))),
        ("date", Some(when.clone())),
        ("author", Some(json!(authors))),
        ("title", Some(json!(title))),
        ("attester", Some(json!([{ "mode": "legal", "time": when, "party": author }]))),
        ("relatesTo", replaces),
        ("section", list(sections.map(section).collect())),
    ]);
    if let Value::Object(members) = members {
        resource.extend(members);
    }
}

fn progress_note() -> Value {
    json!({
        "coding": [{ "system": LOINC, "code": "11506-3", "display": "Progress note" }],
        "text": Composition::VISIT_NOTE,
    })
}

fn section(section: &NoteSection) -> Value {
    let (code, display) = section.code.loinc();
    json!({
        "title": display,
        "code": { "coding": [{ "system": LOINC, "code": code, "display": display }] },
        "text": narrative(&section.text),
    })
}
