//! Writing over a kept resource only what changed.

use crate::{json::Json, map::Reader, resolve::NoLinks};
use serde_json::{Map, Value};

/// A resource under construction.
pub(super) type Members = Map<String, Value>;

/// Whether a field is not what it was; true where nothing was.
pub(super) fn changed<T, F: PartialEq + ?Sized>(
    was: Option<&T>,
    is: &T,
    field: impl Fn(&T) -> &F,
) -> bool {
    was.is_none_or(|was| field(was) != field(is))
}

/// Sets a member, or removes it. What was said about its former value goes with that.
pub(super) fn put(resource: &mut Members, name: &str, value: Option<Value>) {
    resource.shift_remove(&format!("_{name}"));
    match value {
        Some(value) => {
            resource.insert(name.to_owned(), value);
        }
        None => {
            resource.shift_remove(name);
        }
    }
}

/// Removes every choice of a member such as `value[x]`.
pub(super) fn remove_choice(resource: &mut Members, stem: &str) {
    let is_choice = |name: &str| {
        let rest = name.trim_start_matches('_').strip_prefix(stem);
        rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
    };
    resource.retain(|name, _| !is_choice(name));
}

/// Sets one choice of a member such as `onset[x]`, in place of any other.
pub(super) fn put_choice(resource: &mut Members, stem: &str, value: Option<(&str, Value)>) {
    remove_choice(resource, stem);
    if let Some((kind, value)) = value {
        resource.insert(format!("{stem}{kind}"), value);
    }
}

/// A list whose items are kept as they came where they still say the same.
pub(super) fn items<T: PartialEq>(
    kept: Option<Json<'_>>,
    name: &str,
    is: &[T],
    read: impl Fn(&mut Reader<'_>, Json<'_>) -> Option<T>,
    write: impl Fn(&T) -> Value,
) -> Option<Value> {
    let mut old: Vec<(T, Value)> = Vec::new();
    let elements = kept.and_then(|kept| kept.get(name)).into_iter().flat_map(Json::items);
    for element in elements {
        let findings = &mut Vec::new();
        let mut reader = Reader { resource: element, links: &NoLinks, today: None, findings };
        old.extend(read(&mut reader, element).map(|value| (value, element.to_value())));
    }
    let one = |item: &T| match old.iter().position(|(value, _)| value == item) {
        Some(at) => old.get(at).map_or_else(|| write(item), |(_, kept)| kept.clone()),
        None => write(item),
    };
    list(is.iter().map(one).collect())
}

/// A list, or nothing where it would be empty: FHIR has no empty lists.
pub(super) fn list(values: Vec<Value>) -> Option<Value> {
    (!values.is_empty()).then_some(Value::Array(values))
}

/// Adds an extension.
pub(super) fn add_extension(resource: &mut Members, extension: Value) {
    add(resource, "extension", extension);
}

/// Whether there is an extension of that URL.
pub(super) fn has_extension(resource: &Members, url: &str) -> bool {
    let mut all = resource.get("extension").and_then(Value::as_array).into_iter().flatten();
    all.any(|one| one.get("url").and_then(Value::as_str) == Some(url))
}

/// Removes the extensions of that URL.
pub(super) fn remove_extension(resource: &mut Members, url: &str) {
    let Some(Value::Array(all)) = resource.get_mut("extension") else { return };
    all.retain(|one| one.get("url").and_then(Value::as_str) != Some(url));
    if all.is_empty() {
        resource.shift_remove("extension");
    }
}

/// Adds an item to a list member.
pub(super) fn add(resource: &mut Members, name: &str, item: Value) {
    match resource.get_mut(name) {
        Some(Value::Array(present)) => present.push(item),
        _ => {
            resource.insert(name.to_owned(), Value::Array(vec![item]));
        }
    }
}
