//! `Task`: something a person must look at.

use super::{
    element::{object, reference, text},
    overlay::{Members, list},
};
use clinical::{AlertTier, EntryRef, Instant, Task};
use serde_json::{Value, json};

/// Writes a task, raised at `authored` when that is known.
pub(super) fn write(
    resource: &mut Members,
    task: &Task,
    patient: &Value,
    authored: Option<Instant>,
) {
    let mut subjects = task.subject.iter().map(|entry: &EntryRef| reference(entry.id));
    let focus = subjects.next();
    let others =
        subjects.map(|other| json!({ "type": { "text": "also about" }, "valueReference": other }));
    let outcome = task.outcome.as_deref().and_then(text);
    let members = object([
        ("status", Some(json!(task.status.code()))),
        ("statusReason", outcome.map(|outcome| json!({ "text": outcome }))),
        ("intent", Some(json!("proposal"))),
        ("priority", Some(json!(priority(task.tier)))),
        ("code", Some(json!({ "text": task.rule }))),
        ("description", text(&task.detail)),
        ("focus", focus),
        ("for", Some(patient.clone())),
        ("authoredOn", authored.map(|at| json!(at.to_string()))),
        ("input", list(others.collect())),
    ]);
    if let Value::Object(members) = members {
        resource.extend(members);
    }
}

fn priority(tier: AlertTier) -> &'static str {
    match tier {
        AlertTier::Block => "stat",
        AlertTier::Interrupt => "urgent",
        AlertTier::Inline | AlertTier::Info => "routine",
    }
}
