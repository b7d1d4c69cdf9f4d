//! Why something was stopped or was a mistake.

use super::Reader;
use crate::{json::Json, resolve::NoLinks};
use clinical::reason_text;

/// The extension that says why: on a note that says nothing else, or with the text itself where
/// the resource has no notes.
pub(crate) const REASON: &str = "status-reason";

/// What a resource says of why its medicine was stopped, or why it was a mistake; `None` where it
/// says nothing that is a line.
pub(crate) fn reason(resource: Json<'_>) -> Option<String> {
    let findings = &mut Vec::new();
    let mut reader = Reader { resource, links: &NoLinks, today: None, findings };
    let text = match resource.resource_type()?.as_ref() {
        "MedicationRequest" | "MedicationStatement" => of_medicine(&mut reader),
        "AllergyIntolerance" | "Condition" | "Observation" => of_note(&mut reader),
        _ => {
            let extension = reader.own_extension(resource, REASON)?;
            reader.text(extension, "valueString")
        }
    };
    reason_text(&text?).ok().flatten()
}

fn of_medicine(reader: &mut Reader<'_>) -> Option<String> {
    let status = reader.text(reader.resource, "status")?;
    if !matches!(status.as_str(), "stopped" | "entered-in-error") {
        return None;
    }
    let reasons = reader.concepts(reader.resource, "statusReason");
    let labels: Vec<&str> = reasons.iter().map(|reason| reason.label()).collect();
    Some(labels.join("; "))
}

fn of_note(reader: &mut Reader<'_>) -> Option<String> {
    let mut notes = reader.resource.get("note")?.items();
    let note = notes.find(|note| reader.own_extension(*note, REASON).is_some())?;
    reader.text(note, "text")
}
