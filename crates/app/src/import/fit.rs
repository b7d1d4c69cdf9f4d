//! Whether what was read fits the chart that is here.

use crate::{commit::ChartDraft, error::ToldResult, host::Host, open::Session};
use api::ApiError;
use chart::{ChartDocument, ChartEdit, ClinicEdit};
use clinical::{Chart, EntryKind, EntryRef, Observation, ObservationId, PatientId};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What becomes of a patient's entries.
pub(super) enum Fit {
    /// They go into the chart, but for entries that were changed here since they came.
    Chart(ChartDraft, Vec<EntryRef>),
    /// There is no such patient yet.
    Nobody(Vec<ChartEdit>),
    /// The id is another person's here.
    SomebodyElse(Vec<ChartEdit>),
}

/// Holds a patient's entries against what is here. A fact that came differently the last time
/// becomes a new fact that replaces the old one: facts stand.
pub(super) fn fit<H: Host>(
    session: &Session<'_, H>,
    patient: PatientId,
    edits: Vec<ChartEdit>,
) -> Result<Fit, ApiError> {
    let named = edits.iter().find_map(|edit| {
        if let ChartEdit::RecordPatient(patient) = edit { Some(patient) } else { None }
    });
    let Some(present) = session.open.store.patient(patient).told()? else {
        return Ok(match named {
            Some(_) => Fit::Chart(ChartDraft { patient, edits }, Vec::new()),
            None => Fit::Nobody(edits),
        });
    };
    let known = &present.patient.identity;
    if named.is_some_and(|named| interchange::identity_differs(known, &named.identity)) {
        return Ok(Fit::SomebodyElse(edits));
    }
    let mut document = session.load_chart(patient)?;
    let chart = document.read();
    let stays = changed_here(&chart, &document, &edits);
    let mut edits = edits;
    edits
        .retain(|edit| !edit.entry().is_some_and(|entry| stays.iter().any(|it| it.id == entry.id)));
    Ok(Fit::Chart(ChartDraft { patient, edits: corrected(&chart, edits) }, stays))
}

/// The entries that were changed here after their original came, where another original comes
/// now: a file must not undo what a person decided, so they stay, and the next import asks again.
fn changed_here(chart: &Chart, document: &ChartDocument, edits: &[ChartEdit]) -> Vec<EntryRef> {
    let is_news = |entry: &EntryRef| {
        edits.iter().any(|edit| match edit {
            ChartEdit::KeepSource(source) => source.id == entry.id && !document.keeps(source),
            _ => false,
        })
    };
    let is_changed = |entry: &EntryRef| {
        let came = chart.stamp_of(EntryRef::new(EntryKind::Source, entry.id));
        let written = chart.stamp_of(*entry);
        came.zip(written).is_some_and(|(came, written)| written.at > came.at)
    };
    let entries = edits.iter().filter_map(ChartEdit::entry);
    let mutable = entries.filter(|entry| match entry.kind {
        EntryKind::Patient
        | EntryKind::Allergy
        | EntryKind::Condition
        | EntryKind::Encounter
        | EntryKind::Medication => true,
        EntryKind::Observation | EntryKind::Composition | EntryKind::Task | EntryKind::Source => {
            false
        }
    });
    mutable.filter(|entry| is_changed(entry) && is_news(entry)).collect()
}

/// The originals among edits that can go into no chart.
pub(super) fn originals(edits: Vec<ChartEdit>) -> impl Iterator<Item = ClinicEdit> {
    edits.into_iter().filter_map(|edit| {
        let ChartEdit::KeepSource(source) = edit else { return None };
        Some(ClinicEdit::KeepSource(source))
    })
}

/// Gives facts that differ from those of the same id an id of their own, and their originals
/// with them.
fn corrected(chart: &Chart, edits: Vec<ChartEdit>) -> Vec<ChartEdit> {
    let mut moved: BTreeMap<Uuid, Uuid> = BTreeMap::new();
    for edit in &edits {
        let ChartEdit::RecordObservation(fact) = edit else { continue };
        let present = chart.observations.iter().find(|known| known.id == fact.id);
        if present.is_some_and(|present| present != fact) {
            moved.insert(fact.id.uuid(), correction_id(fact));
        }
    }
    let mut edits = edits;
    for edit in &mut edits {
        if let ChartEdit::RecordObservation(fact) = edit
            && let Some(id) = moved.get(&fact.id.uuid())
        {
            fact.replaces = Some(fact.id);
            fact.id = ObservationId::from_uuid(*id);
        } else if let ChartEdit::KeepSource(source) = edit {
            source.id = moved.get(&source.id).copied().unwrap_or(source.id);
        }
    }
    edits
}

/// The same correction has the same id wherever it is imported.
fn correction_id(fact: &Observation) -> Uuid {
    let mut digest = Sha256::new();
    digest.update(b"fieldchart correction");
    digest.update(serde_json::to_vec(fact).unwrap_or_default());
    let digest: [u8; 32] = digest.finalize().into();
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest).for_each(|(byte, from)| *byte = from);
    clinical::uuid_v8(bytes)
}
