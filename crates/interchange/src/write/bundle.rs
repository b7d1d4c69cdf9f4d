//! A chart as resources that refer to each other.

use super::{
    allergy_intolerance, composition, condition, disputed,
    draft::{Draft, Kept},
    element::reference,
    encounter,
    export::{Export, ExportError, Line},
    medication, observation, patient, practitioner,
    references::{Far, Form, rewrite},
    task, withdrawn,
};
use crate::resolve::{Links, Scope};
use clinical::{
    Chart, CodeableConcept, Conflict, EntryKind, EntryRef, EntryValue, MedicationRequest, Patient,
    PatientId, Source,
};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The chart and everything it refers to, as a Bundle.
pub(super) fn bundle(export: &Export<'_>, chart: &Chart) -> Result<String, ExportError> {
    let local = scope_of(chart);
    let (patient, drafts) = drafts(export, chart, &local)?;
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
pub(super) fn lines(
    export: &Export<'_>,
    chart: &Chart,
    exported: &dyn Fn(PatientId) -> bool,
) -> Result<Vec<Line>, ExportError> {
    let local = scope_of(chart);
    let (patient, drafts) = drafts(export, chart, &local)?;
    as_lines(finished(export, &local, patient, drafts, Form::Relative, exported))
}

/// What belongs to the clinic as lines of NDJSON.
pub(super) fn clinic_lines(
    export: &Export<'_>,
    exported: &dyn Fn(PatientId) -> bool,
) -> Result<Vec<Line>, ExportError> {
    let of_people = export.people.iter().map(|person| {
        let mut draft = Draft::new(person.id.uuid(), "Practitioner");
        practitioner::write(&mut draft.members, person);
        draft
    });
    let kept = export.clinic.values().filter_map(|source| Draft::of(source));
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
        return Draft::of(source);
    }
    let person = export.people.iter().find(|person| person.id.uuid() == id)?;
    let mut draft = Draft::new(id, "Practitioner");
    practitioner::write(&mut draft.members, person);
    Some(draft)
}

fn types(drafts: &[Draft]) -> BTreeMap<Uuid, String> {
    drafts.iter().map(|draft| (draft.id, draft.resource_type().to_owned())).collect()
}

/// What references mean among the resources of a chart and of the clinic.
struct Meaning<'a> {
    local: &'a Scope,
    export: &'a Export<'a>,
}

impl Meaning<'_> {
    /// What goes out under that name, else what the name would have as its id: that is how what
    /// we wrote ourselves refers.
    fn target(&self, text: &str, full_url: Option<&str>) -> Option<Uuid> {
        let present = self.present(text, full_url);
        present.or_else(|| self.local.resolve(text, full_url).map(|target| target.id))
    }

    fn present(&self, text: &str, full_url: Option<&str>) -> Option<Uuid> {
        let present = |scope: &Scope| scope.resolve(text, full_url).filter(|target| target.present);
        let found = present(self.local).or_else(|| present(&self.export.clinic_scope));
        found.map(|target| target.id)
    }
}

/// As [`Meaning`], for reading one kept resource again.
struct Again<'a> {
    meaning: Meaning<'a>,
    full_url: Option<&'a str>,
}

impl Links for Again<'_> {
    fn entry(&self, reference: &str) -> Option<Uuid> {
        self.meaning.present(reference, self.full_url)
    }

    fn medication(&self, reference: &str) -> Option<CodeableConcept> {
        let id = self.entry(reference)?;
        let (local, clinic) = (self.meaning.local, &self.meaning.export.clinic_scope);
        local.medication(id).or_else(|| clinic.medication(id)).cloned()
    }
}

/// Every resource of the chart, the patient first.
fn drafts(
    export: &Export<'_>,
    chart: &Chart,
    local: &Scope,
) -> Result<(Uuid, Vec<Draft>), ExportError> {
    let patient = chart.patient.as_ref().ok_or(ExportError::NoPatient)?;
    let sources = chart.sources.iter().map(|source| (source.id, source)).collect();
    let id = patient.id.uuid();
    let subject = reference(id);
    let mut writing = Writing { export, chart, sources, local, subject, drafts: Vec::new() };
    writing.patient(patient);
    writing.allergies();
    writing.conditions();
    writing.medications();
    writing.encounters();
    writing.observations();
    writing.compositions();
    writing.tasks();
    writing.others();
    Ok((id, writing.drafts))
}

struct Writing<'a> {
    export: &'a Export<'a>,
    chart: &'a Chart,
    /// Originals that no entry has been written from yet.
    sources: BTreeMap<Uuid, &'a Source>,
    local: &'a Scope,
    subject: Value,
    drafts: Vec<Draft>,
}

impl<'a> Writing<'a> {
    /// The original of an entry, if there is one, and the draft to write it on.
    fn begin(
        &mut self,
        kind: EntryKind,
        id: Uuid,
        resource_type: &str,
    ) -> (Draft, Option<Kept<'a>>) {
        let source = self.sources.remove(&id);
        let kept = source.and_then(|source| {
            let meaning = Meaning { local: self.local, export: self.export };
            Kept::read(source, &Again { meaning, full_url: source.full_url.as_deref() })
        });
        let draft = kept.as_ref().and_then(|kept| Draft::of(kept.source));
        let mut draft = draft.unwrap_or_else(|| Draft::new(id, resource_type));
        draft.entry = Some(EntryRef::new(kind, id));
        (draft, kept)
    }

    fn end(&mut self, mut draft: Draft) {
        if draft.entry.is_some_and(|entry| self.chart.withdrawn.contains(&entry)) {
            withdrawn::mark(&mut draft.members);
        }
        self.drafts.push(draft);
    }

    fn conflict(&self, kind: EntryKind, id: Uuid) -> Option<&'a Conflict> {
        self.chart.conflicts_of(EntryRef::new(kind, id)).next()
    }

    fn patient(&mut self, is: &Patient) {
        let id = is.id.uuid();
        let (mut draft, kept) = self.begin(EntryKind::Patient, id, "Patient");
        let was = kept.as_ref().and_then(|kept| kept.mapped.patient());
        let root = kept.as_ref().map(|kept| kept.document.root());
        patient::write(&mut draft.members, was, root, is);
        let chart = self.chart;
        let conflicts: Vec<&Conflict> =
            chart.conflicts_of(EntryRef::new(EntryKind::Patient, id)).collect();
        for conflict in &conflicts {
            disputed::mark_patient(self.export, &mut draft.members, conflict);
            disputed::add_names(&mut draft.members, conflict, &is.identity);
        }
        self.end(draft);
        for conflict in conflicts {
            let flag = disputed::flag(self.export, id, conflict);
            self.sources.remove(&flag.id);
            self.drafts.push(flag);
        }
    }

    fn allergies(&mut self) {
        let chart = self.chart;
        for is in &chart.allergies {
            let id = is.id.uuid();
            let (draft, kept) = self.begin(EntryKind::Allergy, id, "AllergyIntolerance");
            let was = kept.as_ref().and_then(|kept| kept.mapped.allergy());
            let versions = self.conflict(EntryKind::Allergy, id).map(|conflict| &conflict.versions);
            let Some(versions) = versions else {
                let mut draft = draft;
                allergy_intolerance::write(&mut draft.members, was, is, &self.subject);
                self.end(draft);
                continue;
            };
            for (index, version) in versions.iter().enumerate() {
                let EntryValue::Allergy(is) = &version.value else { continue };
                let mut draft = draft.clone();
                draft.id = disputed::version_id(id, index, version);
                allergy_intolerance::write(&mut draft.members, was, is, &self.subject);
                disputed::mark(self.export, &mut draft.members, version.stamp, versions.len());
                self.sources.remove(&draft.id);
                self.end(draft);
            }
        }
    }

    fn medications(&mut self) {
        let chart = self.chart;
        for is in &chart.medications {
            let id = is.id.uuid();
            let (draft, kept) =
                self.begin(EntryKind::Medication, id, medication::resource_type(is));
            let mut was = kept.as_ref().and_then(|kept| kept.mapped.medication().cloned());
            if let Some(was) = was.as_mut() {
                same_visit(&draft, &mut was.about.encounter, is.about.encounter);
                if kept.as_ref().is_some_and(|kept| kept.named_alone(is)) {
                    was.order.medication = is.order.medication.clone();
                }
            }
            let root = kept.as_ref().map(|kept| kept.document.root());
            let versions =
                self.conflict(EntryKind::Medication, id).map(|conflict| &conflict.versions);
            let Some(versions) = versions else {
                let mut draft = draft;
                medication::write(&mut draft.members, was.as_ref(), root, is, &self.subject);
                self.end(draft);
                continue;
            };
            for (index, version) in versions.iter().enumerate() {
                let EntryValue::Medication(order) = &version.value else { continue };
                let is = MedicationRequest { order: order.clone(), ..is.clone() };
                let mut draft = draft.clone();
                draft.id = disputed::version_id(id, index, version);
                medication::write(&mut draft.members, was.as_ref(), root, &is, &self.subject);
                disputed::mark(self.export, &mut draft.members, version.stamp, versions.len());
                self.sources.remove(&draft.id);
                self.end(draft);
            }
        }
    }

    fn conditions(&mut self) {
        let chart = self.chart;
        for is in &chart.conditions {
            let (mut draft, kept) = self.begin(EntryKind::Condition, is.id.uuid(), "Condition");
            let mut was = kept.and_then(|kept| kept.mapped.condition().cloned());
            if let Some(was) = was.as_mut() {
                same_visit(&draft, &mut was.encounter, is.encounter);
            }
            condition::write(&mut draft.members, was.as_ref(), is, &self.subject);
            self.end(draft);
        }
    }

    fn encounters(&mut self) {
        let chart = self.chart;
        for is in &chart.encounters {
            let (mut draft, kept) = self.begin(EntryKind::Encounter, is.id.uuid(), "Encounter");
            let was = kept.and_then(|kept| kept.mapped.encounter().cloned());
            encounter::write(&mut draft.members, was.as_ref(), is, &self.subject);
            self.end(draft);
        }
    }

    fn observations(&mut self) {
        let chart = self.chart;
        for is in &chart.observations {
            let (mut draft, kept) = self.begin(EntryKind::Observation, is.id.uuid(), "Observation");
            let mut was = kept.and_then(|kept| kept.mapped.observation().cloned());
            if let Some(was) = was.as_mut() {
                same_visit(&draft, &mut was.encounter, is.encounter);
                was.replaces = is.replaces;
            }
            observation::write(&mut draft.members, was.as_ref(), is, &self.subject);
            self.end(draft);
        }
    }

    fn compositions(&mut self) {
        let chart = self.chart;
        for note in &chart.compositions {
            let mut draft = Draft::new(note.id.uuid(), "Composition");
            draft.entry = Some(EntryRef::new(EntryKind::Composition, note.id.uuid()));
            self.sources.remove(&draft.id);
            let author = practitioner::author(self.export.people, note.author);
            composition::write(&mut draft.members, note, &self.subject, &author);
            self.end(draft);
        }
    }

    fn tasks(&mut self) {
        let chart = self.chart;
        for one in &chart.tasks {
            let entry = EntryRef::new(EntryKind::Task, one.id.uuid());
            let mut draft = Draft::new(entry.id, "Task");
            draft.entry = Some(entry);
            self.sources.remove(&draft.id);
            let authored = chart.stamp_of(entry).map(|stamp| stamp.at);
            task::write(&mut draft.members, one, &self.subject, authored);
            self.end(draft);
        }
    }

    /// Originals of what the chart has no place for.
    fn others(&mut self) {
        for (id, source) in std::mem::take(&mut self.sources) {
            if let Some(mut draft) = Draft::of(source) {
                draft.entry = Some(EntryRef::new(EntryKind::Source, id));
                self.end(draft);
            }
        }
    }
}

/// A visit that is not among what goes out is still the one the original names.
fn same_visit<T: Copy>(draft: &Draft, was: &mut Option<T>, is: Option<T>) {
    let named = ["encounter", "context"].iter().any(|name| draft.members.contains_key(*name));
    if named && is.is_some() && was.is_none() {
        *was = is;
    }
}
