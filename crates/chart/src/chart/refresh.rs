//! A chart that was read before an edit, brought up to it: what the edit did not touch is not read
//! again. A chart of seven hundred visits would otherwise be read whole for each entry written.

use super::read;
use crate::document::Document;
use clinical::{Chart, EntryKind, EntryRef, PatientId};
use uuid::Uuid;

/// Reads `touched` (sorted) again. Nothing else may have changed since `chart` was read.
pub(super) fn refresh(
    document: &mut Document,
    patient: PatientId,
    chart: &mut Chart,
    touched: &[EntryRef],
) {
    let part = read::read_entries(document, patient, touched);
    if touched.iter().any(|entry| entry.kind == EntryKind::Patient) {
        chart.patient = part.patient;
        chart.shared = part.shared;
        chart.links = part.links;
    }
    let put = Put { touched };
    put.entries(EntryKind::Allergy, &mut chart.allergies, part.allergies, |e| e.id.uuid());
    put.entries(EntryKind::Condition, &mut chart.conditions, part.conditions, |e| e.id.uuid());
    put.entries(EntryKind::Encounter, &mut chart.encounters, part.encounters, |e| e.id.uuid());
    put.entries(EntryKind::Medication, &mut chart.medications, part.medications, |e| e.id.uuid());
    put.entries(EntryKind::Observation, &mut chart.observations, part.observations, |e| {
        e.id.uuid()
    });
    put.entries(EntryKind::Composition, &mut chart.compositions, part.compositions, |e| {
        e.id.uuid()
    });
    put.entries(EntryKind::Task, &mut chart.tasks, part.tasks, |e| e.id.uuid());
    put.entries(EntryKind::Source, &mut chart.sources, part.sources, |e| e.id);
    put.entries(EntryKind::Document, &mut chart.documents, part.documents, |e| e.id.uuid());
    put.sorted(&mut chart.stamps, part.stamps, |(entry, _)| *entry);
    put.sorted(&mut chart.unreadable, part.unreadable, |entry| *entry);
    chart.conflicts = part.conflicts;
    chart.withdrawn = part.withdrawn;
    chart.reasons = part.reasons;
}

/// Puts what was read again in the place of what stood there.
struct Put<'a> {
    touched: &'a [EntryRef],
}

impl Put<'_> {
    fn entries<T>(
        &self,
        kind: EntryKind,
        all: &mut Vec<T>,
        again: Vec<T>,
        id: impl Fn(&T) -> Uuid,
    ) {
        if self.touched.iter().any(|entry| entry.kind == kind) {
            self.sorted(all, again, |entry| EntryRef::new(kind, id(entry)));
        }
    }

    fn sorted<T>(&self, all: &mut Vec<T>, again: Vec<T>, entry: impl Fn(&T) -> EntryRef) {
        all.retain(|kept| self.touched.binary_search(&entry(kept)).is_err());
        all.extend(again);
        all.sort_by_key(entry);
    }
}
