//! What was written in a field, as one reads it.

use crate::i18n;
use clinical::{AllergyIntolerance, Identity, MedicationOrder, display};
use serde_json::Value;

/// The value of a change: medicines, allergies and people by their display rules, plain values
/// as they are, anything else as it is kept.
pub(crate) fn history_value(json: &str) -> String {
    if let Ok(order) = serde_json::from_str::<MedicationOrder>(json) {
        let (name, parts) = display::medication_line(&order);
        let status = order.status.code().to_owned();
        return [vec![name], parts, vec![status]].concat().join(" — ");
    }
    if let Ok(allergy) = serde_json::from_str::<AllergyIntolerance>(json) {
        return [allergy.code.label(), allergy.clinical_status.code()].join(" — ");
    }
    if let Ok(identity) = serde_json::from_str::<Identity>(json) {
        return display::banner_name(&identity);
    }
    match serde_json::from_str::<Value>(json) {
        Ok(Value::String(text)) => text,
        Ok(Value::Object(members)) => {
            let pairs = members.iter().map(|(name, value)| format!("{name}: {}", plain(value)));
            pairs.collect::<Vec<_>>().join(", ")
        }
        Ok(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_)) | Err(_) => {
            json.to_owned()
        }
    }
}

/// The name of a field that was written; as it is kept where it has none.
pub(crate) fn history_field(field: &str) -> String {
    let known = i18n::find(&format!("history.field.{field}"));
    known.map_or_else(|| field.to_owned(), str::to_owned)
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_can_be_read() {
        let check = |json: &str, want: &str| assert_eq!(history_value(json), want);
        check(
            r#"{"medication":{"text":"amlodipine"},"dosage":[{"dose":{"value":"5","unit":"mg"}}],"status":"active"}"#,
            "amlodipine — DOSE 5\u{a0}mg — active",
        );
        check(
            r#"{"name":[{"family":"Okello","given":["Grace"]}],"gender":"female"}"#,
            "OKELLO, Grace",
        );
        check(r#""resolved""#, "resolved");
        check(r#"{"intent":"order","x":1.50}"#, "intent: order, x: 1.50");
        check("[1]", "[1]");
        check("not JSON", "not JSON");
    }
}
