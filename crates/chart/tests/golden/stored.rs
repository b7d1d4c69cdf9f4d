//! A document as it is stored, read with Automerge alone: none of the product's own words stand
//! between the golden and what other computers hold.

use automerge::{AutoCommit, ObjType, ROOT, ReadDoc, Value};

/// Every value under every section by its key, several where they are disputed, and who made the
/// changes; no hashes, which a change of the compression may alter.
pub(crate) fn values(bytes: &[u8]) -> String {
    let mut doc = AutoCommit::load(bytes).unwrap();
    let mut lines = Vec::new();
    for change in doc.get_changes(&[]) {
        let message = change.message().unwrap_or_default();
        lines.push(format!("change {} {message}", change.timestamp()));
    }
    // Of changes made apart, which stands first is arbitrary.
    lines.sort_unstable();
    let sections: Vec<String> = doc.keys(ROOT).collect();
    for section in sections {
        let (value, object) = doc.get(ROOT, &section).unwrap().unwrap();
        match value {
            Value::Object(ObjType::Text) => {
                lines.push(format!("{section} text {}", doc.text(&object).unwrap()));
            }
            Value::Object(_) => {
                for key in doc.keys(&object) {
                    lines.extend(all(&doc, &object, &key, &format!("{section}/{key}")));
                }
            }
            Value::Scalar(scalar) => lines.push(format!("{section} {scalar}")),
        }
    }
    lines.join("\n") + "\n"
}

fn all(doc: &AutoCommit, object: &automerge::ObjId, key: &str, name: &str) -> Vec<String> {
    let values = doc.get_all(object, key).unwrap();
    let mut lines: Vec<String> =
        values.iter().map(|(value, _)| format!("{name} {}", text(value))).collect();
    lines.sort_unstable();
    lines
}

/// The kind of a value counts: a reader of text does not look for bytes.
fn text(value: &Value<'_>) -> String {
    match (value.as_str(), value.as_bytes()) {
        (Some(text), _) => format!("text {text}"),
        (None, Some(bytes)) => format!("bytes {}", String::from_utf8(bytes.to_vec()).unwrap()),
        (None, None) => format!("{value:?}"),
    }
}
