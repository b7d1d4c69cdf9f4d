//! Two charts of one person, read as one.

use super::{Chart, EntryRef};

impl Chart {
    /// Takes in what another chart of the same person holds, for reading: who the person is stays where
    /// that is known, and each entry is still the other chart's own.
    pub fn unite(&mut self, other: Self) {
        let Self {
            patient,
            allergies,
            conditions,
            encounters,
            medications,
            observations,
            compositions,
            tasks,
            sources,
            documents,
            shared,
            links,
            conflicts,
            withdrawn,
            reasons,
            unreadable,
            stamps,
        } = other;
        self.patient = self.patient.take().or(patient);
        join(&mut self.allergies, allergies, |one| one.id);
        join(&mut self.conditions, conditions, |one| one.id);
        join(&mut self.encounters, encounters, |one| one.id);
        join(&mut self.medications, medications, |one| one.id);
        join(&mut self.observations, observations, |one| one.id);
        join(&mut self.compositions, compositions, |one| one.id);
        join(&mut self.tasks, tasks, |one| one.id);
        join(&mut self.sources, sources, |one| one.id);
        join(&mut self.documents, documents, |one| one.id);
        join(&mut self.shared, shared, |one| one.id);
        join(&mut self.links, links, |one| one.id);
        join(&mut self.conflicts, conflicts, |one| (one.entry, one.field.clone()));
        join(&mut self.withdrawn, withdrawn, |one| *one);
        join(&mut self.reasons, reasons, |one| one.entry);
        join(&mut self.unreadable, unreadable, |one| *one);
        join(&mut self.stamps, stamps, |(entry, _)| *entry);
    }

    /// Whether an entry stands in it, as far as it was read.
    pub fn holds(&self, entry: EntryRef) -> bool {
        self.stamp_of(entry).is_some()
    }
}

fn join<T, K: Ord>(all: &mut Vec<T>, other: Vec<T>, key: impl Fn(&T) -> K) {
    if other.is_empty() {
        return;
    }
    all.extend(other);
    all.sort_by_key(key);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AllergyDraft, AllergyIntoleranceId, uuid_v7};

    #[test]
    fn the_union_is_sorted_and_holds_all() {
        let of = |ids: &[u8]| {
            let allergy = |n: &u8| {
                let draft = AllergyDraft { substance: n.to_string(), ..AllergyDraft::default() };
                draft.complete(AllergyIntoleranceId::from_uuid(uuid_v7(1, [*n; 10]))).unwrap()
            };
            Chart { allergies: ids.iter().map(allergy).collect(), ..Chart::default() }
        };
        let mut chart = of(&[1, 4]);
        chart.unite(of(&[2, 5]));
        assert_eq!(chart, of(&[1, 2, 4, 5]));
    }
}
