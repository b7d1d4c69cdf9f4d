//! What was written in a field, as one reads it.

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
        Ok(_) | Err(_) => json.to_owned(),
    }
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
        check(r#"{"x":1.50}"#, r#"{"x":1.50}"#);
        check("not JSON", "not JSON");
    }
}
