//! One form for two texts that say the same.

use crate::{
    FIELDCHART_FHIR, json,
    resolve::{Scope, absolute},
};
use clinical::Source;
use serde_json::{Map, Value};

/// The extension that holds a resource as it was written, where a name stands twice in it.
pub(crate) const AS_WRITTEN: &str = "as-written";
/// The extension that marks a resource as one that is kept in no chart.
pub(crate) const KEPT_ASIDE: &str = "kept-aside";

/// A resource as JSON with sorted members and without what an import and an export may change:
/// `meta.lastUpdated`, `meta.versionId`, the resource's own `id`, and how a reference is written.
/// `resolve` gives the one form of each reference it knows. `None` when the text is no JSON.
///
/// Numbers stay as written: `7.0` and `7` differ.
pub fn canonical(body: &str, resolve: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let mut value = json::value(body)?;
    if let Some(resource) = value.as_object_mut() {
        if let Some(written) = take_extension(resource, AS_WRITTEN) {
            let written = written.get("valueString").and_then(Value::as_str)?.to_owned();
            return canonical(&written, resolve);
        }
        take_extension(resource, KEPT_ASIDE);
        resource.shift_remove("id");
        drop_version(resource);
    }
    references(&mut value, resolve);
    serde_json::to_string(&sorted(value)).ok()
}

/// What the references of a set of kept originals mean among each other, for comparing two sets.
#[derive(Debug)]
pub struct Names(Scope);

impl Names {
    /// Learns the names of every original.
    pub fn new<'a>(sources: impl IntoIterator<Item = &'a Source>) -> Self {
        let mut scope = Scope::default();
        sources.into_iter().for_each(|source| scope.learn(source));
        Self(scope)
    }

    /// The canonical form of one of them, each reference by the id of what it means.
    pub fn canonical(&self, source: &Source) -> Option<String> {
        let url = source.full_url.as_deref();
        let meant = |text: &str| {
            let target = self.0.resolve(text, url).filter(|target| target.present);
            let known = target.map(|target| format!("urn:uuid:{}", target.id));
            Some(known.unwrap_or_else(|| absolute(text, url)))
        };
        canonical(&source.body, &meant)
    }
}

/// A resource as JSON with sorted members and without some of its members.
pub(crate) fn without(body: &str, members: &[&str]) -> Option<String> {
    let mut value = json::value(body)?;
    let resource = value.as_object_mut()?;
    for member in members {
        resource.shift_remove(*member);
    }
    serde_json::to_string(&sorted(value)).ok()
}

fn drop_version(resource: &mut Map<String, Value>) {
    let Some(meta) = resource.get_mut("meta").and_then(Value::as_object_mut) else { return };
    meta.shift_remove("lastUpdated");
    meta.shift_remove("versionId");
    if meta.is_empty() {
        resource.shift_remove("meta");
    }
}

fn references(value: &mut Value, resolve: &dyn Fn(&str) -> Option<String>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| references(item, resolve)),
        Value::Object(members) => {
            bring_back(members);
            if let Some(Value::String(reference)) = members.get_mut("reference")
                && let Some(known) = resolve(reference)
            {
                *reference = known;
            }
            members.values_mut().for_each(|member| references(member, resolve));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Puts back a reference that an export put aside.
pub(crate) fn bring_back(members: &mut Map<String, Value>) {
    let Some(mut aside) = take_extension(members, "unresolved-reference") else { return };
    if let Some(text) = aside.get_mut("valueString") {
        members.insert("reference".to_owned(), text.take());
    }
}

/// Takes out an extension of this product.
fn take_extension(members: &mut Map<String, Value>, name: &str) -> Option<Value> {
    let Some(Value::Array(extensions)) = members.get_mut("extension") else { return None };
    let url = format!("{FIELDCHART_FHIR}/{name}");
    let ours = |part: &Value| part.get("url").and_then(Value::as_str) == Some(url.as_str());
    let at = extensions.iter().position(ours)?;
    let taken = extensions.remove(at);
    if extensions.is_empty() {
        members.shift_remove("extension");
    }
    Some(taken)
}

fn sorted(value: Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        Value::Object(members) => {
            let mut members: Vec<(String, Value)> = members.into_iter().collect();
            members.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(members.into_iter().map(|(name, value)| (name, sorted(value))).collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_declared_list_is_left_out() {
        let known = |text: &str| (text == "Patient/1").then(|| "urn:uuid:0".to_owned());
        let check = |body: &str, want: Option<&str>| {
            assert_eq!(canonical(body, &known).as_deref(), want, "{body}");
        };
        check(
            r#"{"value":7.0,"id":"x","code":{"b":1e2,"a":1E+2},"meta":{"lastUpdated":"2026","versionId":"1"}}"#,
            Some(r#"{"code":{"a":1E+2,"b":1e2},"value":7.0}"#),
        );
        check(
            r#"{"meta":{"tag":[1],"versionId":"1"},"a":{"id":"kept"}}"#,
            Some(r#"{"a":{"id":"kept"},"meta":{"tag":[1]}}"#),
        );
        check(
            r#"{"subject":{"reference":"Patient/1"},"other":[{"reference":"Patient/2"}]}"#,
            Some(r#"{"other":[{"reference":"Patient/2"}],"subject":{"reference":"urn:uuid:0"}}"#),
        );
        check(
            r#"{"extension":[{"url":"https://fieldchart.org/fhir/StructureDefinition/unresolved-reference","valueString":"Patient/1"}]}"#,
            Some(r#"{"reference":"urn:uuid:0"}"#),
        );
        check("{", None);
    }
}
