//! Facts that come again. They stand: what differs is a correction of what is here, unless a person
//! has corrected that.

use chart::ChartEdit;
use clinical::{Chart, EntryKind, Observation, ObservationId, ObservationStatus};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Whether a person has decided about the fact that comes otherwise now: has corrected it here, or
/// has marked a correction of it as a mistake.
pub(super) fn is_decided(chart: &Chart, edit: &ChartEdit) -> bool {
    let ChartEdit::RecordObservation(coming) = edit else { return false };
    if known(chart, coming.id).is_none_or(|known| known == coming) || is_struck_out(chart, coming) {
        return false;
    }
    corrections(chart, coming.id).into_iter().any(|correction| {
        let is_mistake = chart.is_withdrawn(EntryKind::Observation, correction.id.uuid());
        is_mistake || !is_of_file(correction, coming.id)
    })
}

/// Whether a fact comes as what was corrected here and says nothing else.
pub(super) fn is_struck_out(chart: &Chart, coming: &Observation) -> bool {
    let struck_out = ObservationStatus::EnteredInError;
    coming.status == struck_out
        && known(chart, coming.id)
            .is_some_and(|known| Observation { status: struck_out, ..known.clone() } == *coming)
        && chart.corrections().is_corrected(coming.id)
}

/// Gives facts that differ from those of the same id an id of their own, and their originals
/// with them; each replaces what held until now. Answers with the new ids by the old ones.
pub(super) fn as_corrections(chart: &Chart, edits: &mut [ChartEdit]) -> BTreeMap<Uuid, Uuid> {
    let mut moved: BTreeMap<Uuid, Uuid> = BTreeMap::new();
    for edit in edits.iter() {
        let ChartEdit::RecordObservation(fact) = edit else { continue };
        if known(chart, fact.id).is_some_and(|known| known != fact) {
            moved.insert(fact.id.uuid(), correction_id(fact));
        }
    }
    let new_id = |id: Uuid| moved.get(&id).copied().unwrap_or(id);
    for edit in edits {
        match edit {
            ChartEdit::RecordObservation(fact) => {
                if let Some(id) = moved.get(&fact.id.uuid()) {
                    *fact = correction(chart, fact, ObservationId::from_uuid(*id));
                }
            }
            ChartEdit::KeepSource(source) => source.id = new_id(source.id),
            ChartEdit::Explain { entry, .. } => entry.id = new_id(entry.id),
            ChartEdit::RecordPatient(_)
            | ChartEdit::RecordAllergy(_)
            | ChartEdit::RecordCondition(_)
            | ChartEdit::RecordEncounter(_)
            | ChartEdit::RecordMedication(_)
            | ChartEdit::RecordComposition(_)
            | ChartEdit::RaiseTask(_)
            | ChartEdit::SettleTask { .. }
            | ChartEdit::Withdraw(_)
            | ChartEdit::Decide { .. } => {}
        }
    }
    moved
}

/// The correction that a fact is. One that is here already is no news, whatever came after it.
fn correction(chart: &Chart, fact: &Observation, id: ObservationId) -> Observation {
    if let Some(known) = known(chart, id) {
        return known.clone();
    }
    let replaced =
        |fact: &Observation| chart.observations.iter().any(|other| other.replaces == Some(fact.id));
    let newest = corrections(chart, fact.id).into_iter().rev().find(|one| !replaced(one));
    let replaces = Some(newest.map_or(fact.id, |newest| newest.id));
    Observation { id, replaces, ..fact.clone() }
}

fn known(chart: &Chart, id: ObservationId) -> Option<&Observation> {
    chart.observations.iter().find(|known| known.id == id)
}

/// What corrects a fact, what corrects that, and so on.
fn corrections(chart: &Chart, of: ObservationId) -> Vec<&Observation> {
    let mut found: Vec<&Observation> = Vec::new();
    let (mut at, mut id) = (0, Some(of));
    while let Some(replaced) = id {
        let next = chart.observations.iter().filter(|other| other.replaces == Some(replaced));
        for one in next {
            if one.id != of && found.iter().all(|known| known.id != one.id) {
                found.push(one);
            }
        }
        id = found.get(at).map(|one| one.id);
        at += 1;
    }
    found
}

/// Whether a correction came in a file, under the id of the fact: its id is made of what came.
fn is_of_file(correction: &Observation, id: ObservationId) -> bool {
    let came = Observation { id, ..correction.clone() };
    correction_id(&came) == correction.id.uuid()
}

/// The same correction has the same id wherever it is imported, and after whatever it comes.
fn correction_id(fact: &Observation) -> Uuid {
    let fact = Observation { replaces: None, ..fact.clone() };
    let mut digest = Sha256::new();
    digest.update(b"fieldchart correction");
    digest.update(serde_json::to_vec(&fact).unwrap_or_default());
    let digest: [u8; 32] = digest.finalize().into();
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest).for_each(|(byte, from)| *byte = from);
    clinical::uuid_v8(bytes)
}
