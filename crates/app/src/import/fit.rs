//! Whether what was read fits the chart that is here.

use super::{
    coming::Coming,
    facts::{self, Settled, Told},
};
use crate::{
    commit::{self, ChartDraft},
    error::ToldResult,
    host::Host,
    open::Session,
};
use api::ApiError;
use chart::{ChartDocument, ChartEdit};
use clinical::{Chart, EntryKind, EntryRef, Identity, Patient, PatientId};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What becomes of a patient's entries.
pub(super) enum Fit {
    /// They go into the chart.
    Chart(Fitted),
    /// There is no such patient yet.
    Nobody(Coming),
    /// The id is another person's here.
    SomebodyElse(Coming),
}

/// A patient's entries as they go into the chart.
pub(super) struct Fitted {
    /// What is written.
    pub(super) draft: ChartDraft,
    /// Entries that were changed here since they came: they stay as they are.
    pub(super) stays: Vec<EntryRef>,
    /// The ids that corrections of facts got, by those of the facts.
    pub(super) moved: BTreeMap<Uuid, Uuid>,
    /// What is told of facts.
    pub(super) told: BTreeMap<EntryRef, Told>,
    /// The entries of which something is written that is not here yet; `None`: all are new.
    pub(super) news: Option<BTreeSet<Uuid>>,
    /// Whether the patient gets another birth date or sex.
    pub(super) corrected: bool,
}

/// Holds a patient's entries against what is here. A fact that came differently the last time
/// becomes a new fact that replaces the old one: facts stand ([`facts`]).
pub(super) fn fit<H: Host>(
    session: &Session<'_, H>,
    patient: PatientId,
    coming: &mut Coming,
) -> Result<Fit, ApiError> {
    let is_named = named(&coming.edits).next().is_some();
    let Some(present) = session.open.store.patient(patient).told()? else {
        if !is_named {
            return Ok(Fit::Nobody(std::mem::take(coming)));
        }
        keep_known(None, &mut coming.edits);
        let edits = std::mem::take(&mut coming.edits);
        let settled = match facts::are_of_each_other(&edits) {
            true => facts::settle(&Chart::default(), edits),
            false => Settled { edits, ..Settled::default() },
        };
        return Ok(Fit::Chart(fitted(patient, settled, None, false)));
    };
    let known = &present.patient.identity;
    if named(&coming.edits).any(|named| interchange::identity_differs(known, &named.identity)) {
        return Ok(Fit::SomebodyElse(std::mem::take(coming)));
    }
    let contradicts =
        named(&coming.edits).any(|named| interchange::identity_contradicts(known, &named.identity));
    keep_known(Some(known), &mut coming.edits);
    let mut document = session.load_chart(patient)?;
    let chart = document.read();
    let mut edits = std::mem::take(&mut coming.edits);
    let mut stays = stays(&chart, &mut document, &edits);
    edits
        .retain(|edit| !edit.entry().is_some_and(|entry| stays.iter().any(|it| it.id == entry.id)));
    edits.retain(|edit| !is_told(&chart, edit));
    let settled = facts::settle(&chart, edits);
    let corrected = contradicts && !stays.iter().any(|entry| entry.kind == EntryKind::Patient);
    stays.extend(&settled.stays);
    let here = commit::known(&settled.edits, &document);
    let written = settled.edits.iter().filter_map(ChartEdit::entry).map(|entry| entry.id);
    let news = Some(written.filter(|id| !here.contains(id)).collect());
    Ok(Fit::Chart(fitted(patient, Settled { stays, ..settled }, news, corrected)))
}

fn fitted(
    patient: PatientId,
    settled: Settled,
    news: Option<BTreeSet<Uuid>>,
    corrected: bool,
) -> Fitted {
    let Settled { edits, moved, stays, told } = settled;
    Fitted { draft: ChartDraft { patient, edits }, stays, moved, told, news, corrected }
}

impl Fitted {
    /// Whether a resource that came says what is not here yet.
    pub(super) fn is_new(&self, came: Uuid) -> bool {
        let written = self.moved.get(&came).unwrap_or(&came);
        let told = self.told.get(&EntryRef::new(EntryKind::Observation, came));
        self.news.as_ref().is_none_or(|news| news.contains(written))
            || matches!(told, Some(Told::TakenBack | Told::GivesBack))
    }
}

/// The patient as each resource says it.
fn named(edits: &[ChartEdit]) -> impl Iterator<Item = &Patient> {
    edits.iter().filter_map(|edit| {
        if let ChartEdit::RecordPatient(patient) = edit { Some(patient) } else { None }
    })
}

/// A name, birth date or sex that one does not say stays as it was said before.
fn keep_known(known: Option<&Identity>, edits: &mut [ChartEdit]) {
    let mut known = known.cloned();
    for edit in edits {
        let ChartEdit::RecordPatient(patient) = edit else { continue };
        if let Some(known) = &known {
            interchange::keep_known(known, &mut patient.identity);
        }
        known = Some(patient.identity.clone());
    }
}

/// The entries but facts that a person has changed, stopped or marked as a mistake since their
/// original came, or has recorded here, where another original comes now: a file must not undo what
/// a person decided, so they stay, and the next import asks again.
fn stays(chart: &Chart, document: &mut ChartDocument, edits: &[ChartEdit]) -> Vec<EntryRef> {
    let originals: BTreeMap<Uuid, &ChartEdit> = edits
        .iter()
        .filter(|edit| matches!(edit, ChartEdit::KeepSource(source) if !document.keeps(source)))
        .filter_map(|edit| Some((edit.entry()?.id, edit)))
        .collect();
    let is_news = |entry: &EntryRef| originals.contains_key(&entry.id);
    let (mut mutable, mut stays) = (Vec::new(), Vec::new());
    for edit in edits {
        let Some(entry) = edit.entry().filter(is_news) else { continue };
        if entry.kind == EntryKind::Observation {
            continue;
        }
        if chart.is_withdrawn(entry.kind, entry.id) {
            stays.push(entry);
        } else if is_mutable(entry.kind) && !is_present(chart, edit) {
            mutable.push(entry);
        }
    }
    stays.extend(document.changed_since_taken_in(&mutable));
    stays
}

fn is_mutable(kind: EntryKind) -> bool {
    match kind {
        EntryKind::Patient
        | EntryKind::Allergy
        | EntryKind::Condition
        | EntryKind::Encounter
        | EntryKind::Medication => true,
        EntryKind::Observation
        | EntryKind::Composition
        | EntryKind::Task
        | EntryKind::Source
        | EntryKind::Document => false,
    }
}

/// Whether the chart has all that would be written: a reason that was given here stays.
fn is_told(chart: &Chart, edit: &ChartEdit) -> bool {
    match edit {
        // A note that is here has its reason; its original needs none.
        ChartEdit::Explain { entry, .. } => {
            chart.reasons.iter().any(|reason| reason.entry.id == entry.id)
        }
        ChartEdit::RecordPatient(_)
        | ChartEdit::RecordAllergy(_)
        | ChartEdit::RecordCondition(_)
        | ChartEdit::RecordEncounter(_)
        | ChartEdit::RecordMedication(_)
        | ChartEdit::RecordObservation(_)
        | ChartEdit::RecordComposition(_)
        | ChartEdit::RecordDocument(..)
        | ChartEdit::RecordSharing(_)
        | ChartEdit::TellSharing { .. }
        | ChartEdit::RecordLink(_)
        | ChartEdit::EndLink(_)
        | ChartEdit::KeepSource(_)
        | ChartEdit::RaiseTask(_)
        | ChartEdit::SettleTask { .. }
        | ChartEdit::Withdraw(_)
        | ChartEdit::PutBack { .. }
        | ChartEdit::Decide { .. } => false,
    }
}

/// Whether the chart says just what would be written.
fn is_present(chart: &Chart, edit: &ChartEdit) -> bool {
    match edit {
        ChartEdit::RecordPatient(one) => chart.patient.as_ref() == Some(one),
        ChartEdit::RecordAllergy(one) => chart.allergies.contains(one),
        ChartEdit::RecordCondition(one) => chart.conditions.contains(one),
        ChartEdit::RecordEncounter(one) => chart.encounters.contains(one),
        ChartEdit::RecordMedication(one) => chart.medications.contains(one),
        ChartEdit::RecordObservation(_)
        | ChartEdit::RecordComposition(_)
        | ChartEdit::RecordDocument(..)
        | ChartEdit::RecordSharing(_)
        | ChartEdit::TellSharing { .. }
        | ChartEdit::RecordLink(_)
        | ChartEdit::EndLink(_)
        | ChartEdit::KeepSource(_)
        | ChartEdit::RaiseTask(_)
        | ChartEdit::SettleTask { .. }
        | ChartEdit::Withdraw(_)
        | ChartEdit::PutBack { .. }
        | ChartEdit::Explain { .. }
        | ChartEdit::Decide { .. } => false,
    }
}
