//! References in the form of the file they stand in.

use super::overlay::{Members, add_extension};
use crate::{
    canonical::bring_back,
    resolve::{Reference, absolute},
    write::element::extension,
};
use serde_json::{Value, json};
use uuid::Uuid;

/// How a file refers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `urn:uuid:…`: a Bundle.
    Urn,
    /// `Type/id`: NDJSON.
    Relative,
}

/// What a reference that leads out of the file depends on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Far<'a> {
    /// How the file refers.
    pub(super) form: Form,
    /// The full URL the resource came under.
    pub(super) full_url: Option<&'a str>,
}

/// Rewrites every reference below an element. `meant` gives the id of what a
/// reference means, `type_of` its type if it goes out too. What goes nowhere is put aside in an extension in a Bundle
/// (there it would be a broken link) and stays as written in NDJSON.
pub(super) fn rewrite(
    members: &mut Members,
    far: Far<'_>,
    type_of: &dyn Fn(Uuid) -> Option<String>,
    meant: &mut dyn FnMut(&str) -> Option<Uuid>,
) {
    bring_back(members);
    if let Some(Value::String(text)) = members.get("reference").cloned().as_ref() {
        one(members, text, far, type_of, meant);
    }
    for value in members.values_mut() {
        below(value, far, type_of, meant);
    }
}

fn below(
    value: &mut Value,
    far: Far<'_>,
    type_of: &dyn Fn(Uuid) -> Option<String>,
    meant: &mut dyn FnMut(&str) -> Option<Uuid>,
) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| below(item, far, type_of, meant)),
        // A Bundle within is a world of its own.
        Value::Object(members) if members.get("resourceType") == Some(&json!("Bundle")) => {}
        Value::Object(members) => rewrite(members, far, type_of, meant),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn one(
    members: &mut Members,
    text: &str,
    far: Far<'_>,
    type_of: &dyn Fn(Uuid) -> Option<String>,
    meant: &mut dyn FnMut(&str) -> Option<Uuid>,
) {
    let target = meant(text).and_then(|id| Some((id, type_of(id)?)));
    if let Some((id, resource_type)) = target {
        let text = match far.form {
            Form::Urn => format!("urn:uuid:{id}"),
            Form::Relative => format!("{resource_type}/{id}"),
        };
        members.insert("reference".to_owned(), json!(text));
        return;
    }
    let whole = absolute(text, far.full_url);
    let stays = match Reference::parse(text) {
        Reference::Contained(_) | Reference::Conditional { .. } => return,
        Reference::Urn(_)
        | Reference::Relative { .. }
        | Reference::Absolute { .. }
        | Reference::Other(_) => far.form == Form::Relative,
    };
    if stays {
        members.insert("reference".to_owned(), json!(whole));
    } else {
        members.shift_remove("reference");
        add_extension(members, extension("unresolved-reference", "valueString", json!(whole)));
    }
}
