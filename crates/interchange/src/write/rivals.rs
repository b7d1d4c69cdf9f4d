//! Findings of which one alone can be right: a `Flag` tells every reader of the file, as each of
//! them goes out as a correction that holds.

use super::{draft::Draft, element::reference, overlay::add_extension};
use crate::{FIELDCHART_FHIR, resolve::hashed};
use clinical::{Chart, Corrections, Observation, ObservationId, Source};
use serde_json::{Value, json};
use uuid::Uuid;

const RIVALS: &str = "rivals";

/// A flag for each group, with every value.
pub(super) fn flags(patient: Uuid, chart: &Chart, corrections: &Corrections) -> Vec<Draft> {
    corrections.rivals.iter().map(|group| flag(patient, chart, group)).collect()
}

/// Whether an original is a flag of ours about findings that are here: whether they are rivals
/// still is seen here.
pub(super) fn is_seen_here(source: &Source, chart: &Chart) -> bool {
    let is_ours = || source.body.contains(&format!("{FIELDCHART_FHIR}/{RIVALS}\""));
    let named = || {
        let ids = chart.observations.iter().map(|one| one.id.uuid().to_string());
        ids.filter(|id| source.body.contains(id)).count()
    };
    source.resource_type == "Flag" && is_ours() && named() > 1
}

fn flag(patient: Uuid, chart: &Chart, group: &[ObservationId]) -> Draft {
    let names: Vec<String> = group.iter().map(|id| id.uuid().to_string()).collect();
    let all = chart.observations.iter().filter(|one| group.contains(&one.id));
    let values: Vec<String> = all.clone().map(Observation::value_label).collect();
    let what = all.map(|one| one.code.label()).next().unwrap_or_default();
    let text = format!(
        "Corrected more than once by people who did not know of each other, not yet decided which \
         is right: {what}. {}",
        values.join(" — or — ")
    );
    let part =
        |id: &ObservationId| json!({ "url": "rival", "valueReference": reference(id.uuid()) });
    let parts: Vec<Value> = group.iter().map(part).collect();
    let mut draft = Draft::new(hashed("rivals-flag", &names.join("/")), "Flag");
    let extension = json!({ "url": format!("{FIELDCHART_FHIR}/{RIVALS}"), "extension": parts });
    add_extension(&mut draft.members, extension);
    draft.members.insert("status".to_owned(), json!("active"));
    draft.members.insert("code".to_owned(), json!({ "text": text }));
    draft.members.insert("subject".to_owned(), reference(patient));
    draft
}
