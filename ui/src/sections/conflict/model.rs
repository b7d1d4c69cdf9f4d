//! A conflict in words.

use crate::i18n::t;
use crate::sections::allergies::allergy_details;
use crate::words::{self, People, Written, identity_line};
use api::ChartView;
use clinical::{Conflict, ConflictId, EntryKind, EntryValue, MedicationStatus, PatientId, display};

/// A conflict as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dispute {
    /// Whose chart.
    pub patient: PatientId,
    /// Which conflict.
    pub id: ConflictId,
    /// What it is about.
    pub title: String,
    /// What stood before: its name and the rest.
    pub base: Option<(String, Vec<String>)>,
    /// Every value, in the order all devices show them.
    pub sides: Vec<Side>,
}

/// One of the values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Side {
    /// The change that names it in a decision.
    pub change: String,
    /// Its name.
    pub label: String,
    /// The rest of it.
    pub details: Vec<String>,
    /// Who wrote it, when and where.
    pub written: Written,
}

impl Side {
    /// The whole of it as one says it: `amlodipine 10 mg, oral, once daily`.
    pub(super) fn spoken(&self) -> String {
        let mut parts = self.details.iter().map(|part| part.trim_start_matches("DOSE "));
        let first = parts.next().map(|first| format!("{} {first}", self.label));
        let first = first.unwrap_or_else(|| self.label.clone());
        Some(first.as_str()).into_iter().chain(parts).collect::<Vec<_>>().join(", ")
    }
}

/// A conflict in words.
pub(crate) fn dispute(patient: PatientId, conflict: &Conflict, people: &People<'_>) -> Dispute {
    let sides: Vec<Side> = conflict
        .versions
        .iter()
        .map(|version| {
            let (label, details) = value(&version.value, people);
            let written = people.written(version.stamp);
            Side { change: version.change.clone(), label, details, written }
        })
        .collect();
    Dispute {
        patient,
        id: conflict.id.clone(),
        title: title(conflict, &sides),
        base: conflict.base.as_ref().map(|base| value(base, people)),
        sides,
    }
}

/// The conflicts of a chart about one kind of entry.
pub(crate) fn disputes_of(view: &ChartView, people: &People<'_>, kind: EntryKind) -> Vec<Dispute> {
    let conflicts = view.chart.conflicts.iter().filter(|conflict| conflict.entry.kind == kind);
    conflicts.map(|conflict| dispute(view.patient, conflict, people)).collect()
}

/// The name all sides share, else the kind of entry.
fn title(conflict: &Conflict, sides: &[Side]) -> String {
    let kind = words::entry_kind(conflict.entry.kind);
    let Some(first) = sides.first() else { return kind.to_owned() };
    if sides.iter().all(|side| side.label == first.label) {
        format!("{kind}: {}", first.label)
    } else {
        kind.to_owned()
    }
}

fn value(value: &EntryValue, people: &People<'_>) -> (String, Vec<String>) {
    match value {
        EntryValue::Medication(order) => {
            let (name, mut parts) = display::medication_line(order);
            let other = order.status != MedicationStatus::Active;
            parts.extend(other.then(|| words::status(order.status).to_owned()));
            (name, parts)
        }
        EntryValue::Allergy(allergy) => {
            let mut details = allergy_details(allergy);
            if !allergy.holds() {
                details.push(t("allergy.not-in-force").to_owned());
            }
            (allergy.code.label().to_owned(), details)
        }
        EntryValue::Identity(identity) => {
            let line = identity_line(identity, people.today);
            (line.name, vec![line.born, line.sex.to_owned(), line.number])
        }
        EntryValue::CodeStatus(Some(status)) => (status.label().to_owned(), Vec::new()),
        EntryValue::CodeStatus(None) => (t("conflict.withdrawn").to_owned(), Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sections::part::tests::{chart_view, people, stamp, uuid};
    use clinical::{CodeableConcept, EntryRef, MedicationOrder, Version};

    #[test]
    fn a_dispute_names_every_side_and_what_stood_before() {
        let order = |status| {
            let medication = CodeableConcept::from_text("amlodipine");
            EntryValue::Medication(MedicationOrder { medication, dosage: Vec::new(), status })
        };
        let version =
            |value, change: &str| Version { value, stamp: stamp(), change: change.into() };
        let entry = EntryRef::new(EntryKind::Medication, uuid(1));
        let conflict = Conflict {
            id: Conflict::id_of(entry, "order"),
            entry,
            field: "order".into(),
            versions: vec![
                version(order(MedicationStatus::Active), "a"),
                version(order(MedicationStatus::Stopped), "b"),
            ],
            base: Some(order(MedicationStatus::Active)),
        };
        let view = chart_view();
        let dispute = dispute(view.patient, &conflict, &people(&view));
        assert_eq!(dispute.title, "Medicine: amlodipine");
        assert_eq!(dispute.base, Some(("amlodipine".to_owned(), Vec::new())));
        let stopped = &dispute.sides[1];
        assert_eq!(
            (stopped.change.as_str(), stopped.details.join("")),
            ("b", "stopped".to_owned())
        );
        assert_eq!(stopped.spoken(), "amlodipine stopped");
        assert_eq!(stopped.written.who, "Dr Amina");
        assert_eq!(stopped.written.when, "20-Nov-2026 09:00");
    }
}
