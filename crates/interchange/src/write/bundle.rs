//! A chart and what it refers to as one file: a Bundle, or lines of NDJSON.

use super::{
    chart::drafts,
    draft::Draft,
    export::{Export, ExportError, Line},
    meaning::Meaning,
    practitioner,
    references::{Far, Form, rewrite},
};
use crate::resolve::Scope;
use clinical::{Chart, PatientId, Waiting};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

impl Export<'_> {
    /// One patient as a Bundle of type `collection`, with what the chart refers to. What cannot
    /// be read in the chart, and the changes that wait, are told in it.
    ///
    /// # Errors
    /// [`ExportError`].
    pub fn bundle(&self, chart: &Chart, waiting: &[Waiting]) -> Result<String, ExportError> {
        bundle(self, chart, waiting)
    }

    /// One patient as lines of NDJSON, sorted, told likewise. What belongs to the clinic is not
    /// among them. `exported` tells which other patients go out too, so that references to those
    /// meet.
    ///
    /// # Errors
    /// [`ExportError`].
    pub fn lines(
        &self,
        chart: &Chart,
        waiting: &[Waiting],
        exported: &dyn Fn(PatientId) -> bool,
    ) -> Result<Vec<Line>, ExportError> {
        lines(self, chart, waiting, exported)
    }

    /// The clinic's own resources as lines of NDJSON, sorted. `exported` tells which patients go
    /// out beside them, so that references to those meet.
    ///
    /// # Errors
    /// [`ExportError`].
    pub fn clinic_lines(
        &self,
        exported: &dyn Fn(PatientId) -> bool,
    ) -> Result<Vec<Line>, ExportError> {
        clinic_lines(self, exported)
    }
}

/// The chart and everything it refers to, as a Bundle.
fn bundle(export: &Export<'_>, chart: &Chart, waiting: &[Waiting]) -> Result<String, ExportError> {
    let local = scope_of(chart);
    let (patient, drafts) = drafts(export, chart, waiting, &local)?;
    let resources = finished(export, &local, patient, drafts, Form::Urn, &|_| false);
    let mut ids = BTreeSet::new();
    let entry: Vec<Value> = resources
        .into_iter()
        .map(|mut draft| {
            bundle_id(&mut draft, &mut ids);
            json!({ "fullUrl": format!("urn:uuid:{}", draft.id), "resource": draft.members })
        })
        .collect();
    let bundle = json!({
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": export.now.to_string(),
        "entry": entry,
    });
    Ok(serde_json::to_string(&bundle)?)
}

/// The chart as lines of NDJSON.
fn lines(
    export: &Export<'_>,
    chart: &Chart,
    waiting: &[Waiting],
    exported: &dyn Fn(PatientId) -> bool,
) -> Result<Vec<Line>, ExportError> {
    let local = scope_of(chart);
    let (patient, drafts) = drafts(export, chart, waiting, &local)?;
    as_lines(finished(export, &local, patient, drafts, Form::Relative, exported))
}

/// What belongs to the clinic as lines of NDJSON.
fn clinic_lines(
    export: &Export<'_>,
    exported: &dyn Fn(PatientId) -> bool,
) -> Result<Vec<Line>, ExportError> {
    let of_people = export.people.iter().map(|person| {
        let mut draft = Draft::new(person.id.uuid(), "Practitioner");
        practitioner::write(&mut draft.members, person);
        draft
    });
    let kept = export.clinic.values().filter_map(|source| Draft::of_clinic(source));
    let drafts: Vec<Draft> = kept.chain(of_people).collect();
    let scope = Scope::default();
    let meaning = Meaning { local: &scope, export };
    let types = types(&drafts);
    let type_of = |id: Uuid| types.get(&id).cloned().or_else(|| patient_type(exported, id));
    let mut finished = Vec::with_capacity(drafts.len());
    for mut draft in drafts {
        let url = draft.full_url.clone();
        let mut meant = |text: &str| meaning.target(text, url.as_deref());
        let far = Far { form: Form::Relative, full_url: url.as_deref() };
        rewrite(&mut draft.members, far, &type_of, &mut meant);
        finished.push(draft);
    }
    as_lines(finished)
}

/// The type of a patient in another chart that goes out too.
fn patient_type(exported: &dyn Fn(PatientId) -> bool, id: Uuid) -> Option<String> {
    exported(PatientId::from_uuid(id)).then(|| "Patient".to_owned())
}

fn as_lines(drafts: Vec<Draft>) -> Result<Vec<Line>, ExportError> {
    let mut lines = Vec::with_capacity(drafts.len());
    for mut draft in drafts {
        draft.members.insert("id".to_owned(), json!(draft.id.to_string()));
        let resource_type = draft.resource_type().to_owned();
        lines.push(Line { resource_type, json: serde_json::to_string(&draft.members)? });
    }
    lines.sort();
    Ok(lines)
}

/// In a Bundle a resource keeps the sender's id where FHIR allows it and it is not used twice.
fn bundle_id(draft: &mut Draft, ids: &mut BTreeSet<(String, String)>) {
    let Some(id) = draft.members.get("id") else { return };
    let id = id.as_str().unwrap_or_default().to_owned();
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    let valid = (1..=64).contains(&id.len()) && id.chars().all(allowed);
    if !valid || !ids.insert((draft.resource_type().to_owned(), id)) {
        draft.members.insert("id".to_owned(), json!(draft.id.to_string()));
    }
}

/// The names of everything the chart keeps.
fn scope_of(chart: &Chart) -> Scope {
    let mut scope = Scope::default();
    chart.sources.iter().for_each(|source| scope.learn(source));
    scope
}

/// Rewrites references and adds what they mean of the clinic's resources.
fn finished(
    export: &Export<'_>,
    local: &Scope,
    patient: Uuid,
    drafts: Vec<Draft>,
    form: Form,
    exported: &dyn Fn(PatientId) -> bool,
) -> Vec<Draft> {
    let meaning = Meaning { local, export };
    let mut known = types(&drafts);
    known.insert(patient, "Patient".to_owned());
    known.extend(export.clinic.iter().map(|(id, source)| (*id, source.resource_type.clone())));
    let people = export.people.iter().map(|person| (person.id.uuid(), "Practitioner".to_owned()));
    known.extend(people);
    let mut present: BTreeSet<Uuid> = drafts.iter().map(|draft| draft.id).collect();
    let mut waiting: Vec<Draft> = drafts.into_iter().rev().collect();
    let mut finished = Vec::with_capacity(waiting.len());
    while let Some(mut draft) = waiting.pop() {
        let url = draft.full_url.clone();
        let mut wanted = Vec::new();
        let mut meant = |text: &str| {
            let id = meaning.target(text, url.as_deref())?;
            wanted.push(id);
            Some(id)
        };
        let type_of = |id: Uuid| known.get(&id).cloned().or_else(|| patient_type(exported, id));
        let far = Far { form, full_url: url.as_deref() };
        rewrite(&mut draft.members, far, &type_of, &mut meant);
        finished.push(draft);
        // NDJSON has the clinic's resources in files of their own.
        for id in wanted.into_iter().filter(|_| form == Form::Urn) {
            if let Some(draft) = clinic_draft(export, id)
                && present.insert(id)
            {
                waiting.insert(0, draft);
            }
        }
    }
    finished
}

fn clinic_draft(export: &Export<'_>, id: Uuid) -> Option<Draft> {
    if let Some(source) = export.clinic.get(&id) {
        return Draft::of_clinic(source);
    }
    let person = export.people.iter().find(|person| person.id.uuid() == id)?;
    let mut draft = Draft::new(id, "Practitioner");
    practitioner::write(&mut draft.members, person);
    Some(draft)
}

fn types(drafts: &[Draft]) -> BTreeMap<Uuid, String> {
    drafts.iter().map(|draft| (draft.id, draft.resource_type().to_owned())).collect()
}
