//! `DocumentReference`: a file in a chart, without its bytes: who reads the export saves those from
//! the chart.

use super::{
    element::{object, text},
    overlay::Members,
};
use clinical::{DocumentReference, LOINC};
use serde_json::{Value, json};

/// Why a value is not there (FHIR R4, `data-absent-reason`).
const ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

/// Writes what the chart says of a file. `author` is a reference with the name of who added it.
pub(super) fn write(
    resource: &mut Members,
    is: &DocumentReference,
    subject: &Value,
    author: &Value,
) {
    let date = json!(is.date.to_string());
    let absent = json!({ "extension": [{ "url": ABSENT, "valueCode": "unsupported" }] });
    let attachment = object([
        ("contentType", Some(json!(is.content_type.code()))),
        ("_url", Some(absent)),
        ("size", Some(json!(is.size))),
        ("title", text(&is.title)),
        ("creation", Some(date.clone())),
    ]);
    let members = object([
        ("status", Some(json!("current"))),
        ("type", Some(kind(is))),
        ("subject", Some(subject.clone())),
        ("date", Some(date)),
        ("author", Some(json!([author]))),
        ("description", text(&is.title)),
        ("content", Some(json!([{ "attachment": attachment }]))),
    ]);
    if let Value::Object(members) = members {
        resource.extend(members);
    }
}

fn kind(is: &DocumentReference) -> Value {
    let word = is.category.code();
    match is.category.loinc() {
        Some((code, display)) => json!({
            "coding": [{ "system": LOINC, "code": code, "display": display }], "text": word,
        }),
        None => json!({ "text": word }),
    }
}
