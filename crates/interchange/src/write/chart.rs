//! A chart as resources, each begun with what was kept of it.

use super::{
    allergy_intolerance, composition, condition, disputed, document_reference,
    draft::{Draft, Kept},
    element::reference,
    encounter,
    export::{Export, ExportError},
    incomplete,
    meaning::{Again, Meaning},
    medication, observation, patient, practitioner, rivals, task, withdrawn,
};
use crate::{map::REPLACES, resolve::Scope};
use clinical::{
    Chart, Conflict, Corrections, EntryKind, EntryRef, EntryValue, MedicationRequest, Observation,
    ObservationId, PartialDate, Patient, Source, UtcOffset, Waiting,
};
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Every resource of the chart, the patient first. What of it cannot be written is told.
pub(super) fn drafts(
    export: &Export<'_>,
    chart: &Chart,
    waiting: &[Waiting],
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
    writing.observations(id);
    writing.compositions();
    writing.documents();
    writing.tasks();
    writing.incomplete(id, waiting);
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
            let links = Again { meaning, full_url: source.full_url.as_deref() };
            Kept::read(source, &links, self.received(source).as_ref())
        });
        let draft = kept.as_ref().and_then(|kept| Draft::of(kept.source));
        // Where a name stands twice, what was read of it is written: the words for what is unclear.
        let kept = kept.filter(|kept| !kept.document.has_twice());
        let mut draft = draft.unwrap_or_else(|| Draft::new(id, resource_type));
        draft.entry = Some(EntryRef::new(kind, id));
        (draft, kept)
    }

    /// The day an original was taken in, or the one before: what lay ahead then was left out, and
    /// still is. Which day it was there is not known, and what is taken for left out is written
    /// anew, while what was left out must not be taken for withdrawn.
    fn received(&self, source: &Source) -> Option<PartialDate> {
        let entry = EntryRef::new(EntryKind::Source, source.id);
        let (_, stamp) = self.chart.stamps.iter().find(|(of, _)| *of == entry)?;
        let day = UtcOffset::UTC.day_of(stamp.at)?.yesterday().ok()?;
        Some(PartialDate::from_date(day))
    }

    fn end(&mut self, mut draft: Draft) {
        if draft.entry.is_some_and(|entry| self.chart.withdrawn.contains(&entry)) {
            withdrawn::mark(&mut draft.members);
        }
        if let Some(reason) = draft.entry.and_then(|entry| self.chart.reason_of(entry))
            && (draft.reason.as_ref() != Some(&reason.text) || !withdrawn::explains(&draft.members))
        {
            withdrawn::explain(&mut draft.members, &reason.text);
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
        patient::link(&mut draft.members, &chart.links, is.id);
        let conflicts: Vec<&Conflict> =
            chart.conflicts_of(EntryRef::new(EntryKind::Patient, id)).collect();
        for conflict in &conflicts {
            disputed::mark_versions(self.export, &mut draft.members, conflict);
            disputed::add_names(&mut draft.members, conflict, &is.identity);
        }
        self.end(draft);
        conflicts.into_iter().for_each(|conflict| self.flag(conflict));
    }

    fn allergies(&mut self) {
        let chart = self.chart;
        for is in &chart.allergies {
            let id = is.id.uuid();
            let (draft, kept) = self.begin(EntryKind::Allergy, id, "AllergyIntolerance");
            let was = kept.as_ref().and_then(|kept| kept.mapped.allergy());
            let Some(conflict) = self.conflict(EntryKind::Allergy, id) else {
                let mut draft = draft;
                allergy_intolerance::write(&mut draft.members, was, is, &self.subject);
                self.end(draft);
                continue;
            };
            let sides = conflict.versions.iter().enumerate().filter_map(|(at, version)| {
                let EntryValue::Allergy(is) = &version.value else { return None };
                Some((at, version, is))
            });
            for (nth, (at, version, is)) in sides.enumerate() {
                let mut draft = draft.clone();
                draft.id = disputed::version_id(id, nth, version);
                allergy_intolerance::write(&mut draft.members, was, is, &self.subject);
                disputed::mark(self.export, &mut draft.members, conflict, at);
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
            let Some(conflict) = self.conflict(EntryKind::Medication, id) else {
                let mut draft = draft;
                medication::write(&mut draft.members, was.as_ref(), root, is, &self.subject);
                self.end(draft);
                continue;
            };
            let sides = conflict.versions.iter().enumerate().filter_map(|(at, version)| {
                let EntryValue::Medication(order) = &version.value else { return None };
                Some((at, version, order))
            });
            for (nth, (at, version, order)) in sides.enumerate() {
                let is = MedicationRequest { order: order.clone(), ..is.clone() };
                let mut draft = draft.clone();
                draft.id = disputed::version_id(id, nth, version);
                medication::write(&mut draft.members, was.as_ref(), root, &is, &self.subject);
                disputed::mark(self.export, &mut draft.members, conflict, at);
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
            let person = |id| practitioner::author(self.export.people, id);
            encounter::write(&mut draft.members, was.as_ref(), is, &self.subject, person);
            let entry = EntryRef::new(EntryKind::Encounter, is.id.uuid());
            let conflicts: Vec<&Conflict> = chart.conflicts_of(entry).collect();
            for conflict in &conflicts {
                disputed::mark_versions(self.export, &mut draft.members, conflict);
            }
            self.end(draft);
            conflicts.into_iter().for_each(|conflict| self.flag(conflict));
        }
    }

    /// Tells every reader of the file what is disputed.
    fn flag(&mut self, conflict: &Conflict) {
        let flag = disputed::flag(self.export, self.subject.clone(), conflict);
        self.sources.remove(&flag.id);
        self.drafts.push(flag);
    }

    fn observations(&mut self, patient: Uuid) {
        let chart = self.chart;
        let corrections = chart.corrections();
        let corrected = self.corrected(&corrections);
        for is in &chart.observations {
            let (mut draft, kept) = self.begin(EntryKind::Observation, is.id.uuid(), "Observation");
            let mut was = kept.and_then(|kept| kept.mapped.observation().cloned());
            if let Some(was) = was.as_mut() {
                same_visit(&draft, &mut was.encounter, is.encounter);
                // What the original names need not be among what goes out.
                if observation::names_replaced(&draft.members) {
                    was.replaces = is.replaces;
                }
            }
            observation::write(&mut draft.members, was.as_ref(), is, &self.subject);
            let is_withdrawn = chart.is_withdrawn(EntryKind::Observation, is.id.uuid());
            let by = corrected.get(&is.id).filter(|_| !is_withdrawn);
            let is_struck_out = observation::is_struck_out(&draft.members);
            match by {
                Some((by, is_told)) if !is_told || is_struck_out => {
                    observation::strike_out(&mut draft.members, *by);
                }
                // Its correction was a mistake after that went out: it counts again.
                None if is_struck_out => observation::restore(&mut draft.members, is.status),
                Some(_) | None => {}
            }
            self.end(draft);
        }
        self.sources.retain(|_, source| !rivals::is_seen_here(source, chart));
        self.drafts.extend(rivals::flags(patient, chart, &corrections));
    }

    /// What corrects each finding that a correction stands for, one that is no mistake where there
    /// is one, and whether the original of that says so: then the sender has marked both as it does.
    fn corrected(
        &self,
        corrections: &Corrections,
    ) -> BTreeMap<ObservationId, (ObservationId, bool)> {
        let is_told = |id: ObservationId| {
            self.sources.get(&id.uuid()).is_some_and(|source| source.body.contains(REPLACES))
        };
        let (mistakes, others): (Vec<_>, Vec<_>) =
            self.chart.observations.iter().partition(|fact| self.chart.is_mistaken(fact));
        let of = |fact: &Observation| Some((fact.replaces?, (fact.id, is_told(fact.id))));
        let all = mistakes.into_iter().chain(others).filter_map(of);
        let all = all.filter(|(replaced, _)| corrections.is_corrected(*replaced));
        let mut by: BTreeMap<ObservationId, (ObservationId, bool)> = all.collect();
        // One that is replaced by none says what another says: that one, or what corrects it.
        let facts = self.chart.observations.iter();
        let alone =
            facts.filter(|fact| corrections.is_corrected(fact.id) && !by.contains_key(&fact.id));
        let again: Vec<_> = alone
            .filter_map(|fact| {
                let in_force = self
                    .chart
                    .said_again(fact)
                    .find(|other| self.chart.is_in_force(corrections, other));
                let corrected = || self.chart.said_again(fact).find_map(|other| by.get(&other.id));
                let by = in_force.map(|other| other.id).or_else(|| corrected().map(|(id, _)| *id));
                Some((fact.id, (by?, false)))
            })
            .collect();
        by.extend(again);
        by
    }

    fn compositions(&mut self) {
        let chart = self.chart;
        for note in &chart.compositions {
            let mut draft = Draft::new(note.id.uuid(), "Composition");
            draft.entry = Some(EntryRef::new(EntryKind::Composition, note.id.uuid()));
            self.sources.remove(&draft.id);
            let person = |id| practitioner::author(self.export.people, id);
            let others = note.contributors.iter().map(|id| person(*id)).collect();
            let author = person(note.author);
            composition::write(&mut draft.members, note, &self.subject, &author, others);
            self.end(draft);
        }
    }

    fn documents(&mut self) {
        let chart = self.chart;
        for is in &chart.documents {
            let mut draft = Draft::new(is.id.uuid(), "DocumentReference");
            draft.entry = Some(EntryRef::new(EntryKind::Document, is.id.uuid()));
            self.sources.remove(&draft.id);
            let author = practitioner::author(self.export.people, is.author);
            document_reference::write(&mut draft.members, is, &self.subject, &author);
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

    /// What this clinic told before of an incomplete chart is as old as that file.
    fn incomplete(&mut self, patient: Uuid, waiting: &[Waiting]) {
        self.sources.remove(&incomplete::flag_id(self.export, patient));
        self.drafts.extend(incomplete::flag(self.export, patient, self.chart, waiting));
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
