//! What two people wrote without knowing of each other.

use super::{EntryRef, Stamp, StatusReason};
use crate::{
    AllergyIntolerance, CodeableConcept, EncounterAbout, EncounterState, Identity, MedicationOrder,
};
use serde::{Deserialize, Serialize};

/// A value that clinicians must decide on. (Externally tagged: numbers keep their digits.)
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum EntryValue {
    /// An allergy.
    Allergy(AllergyIntolerance),
    /// Substance, dosage and status of a medicine.
    Medication(MedicationOrder),
    /// Who the patient is.
    Identity(Identity),
    /// What to do when the heart stops; `None` when it was withdrawn.
    CodeStatus(Option<CodeableConcept>),
    /// What kind of visit it is, why, and when again.
    EncounterAbout(EncounterAbout),
    /// What became of a visit.
    EncounterState(EncounterState),
    /// Written in a newer form: this version of the program keeps it and cannot show it.
    Unreadable,
}

/// One of the values, and who wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// What was written.
    pub value: EntryValue,
    /// Who, where and when.
    pub stamp: Stamp,
    /// The change it was written in, 64 hex digits: it names this version in a decision.
    pub change: String,
}

/// Names a conflict: the entry and the field, `medication/0190…/order`.
pub type ConflictId = String;

/// Concurrent, different edits of one value. Every version is shown until a clinician decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// Entry and field as one text.
    pub id: ConflictId,
    /// The entry.
    pub entry: EntryRef,
    /// The field: `value`, `order`, `identity`, `code-status` or `status`.
    pub field: String,
    /// Every value, oldest stamp first, then by change: the same order on every device. One that
    /// cannot be read here is among them.
    pub versions: Vec<Version>,
    /// What stood before, when anything did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<EntryValue>,
}

impl Conflict {
    /// The id of a conflict about `field` of `entry`.
    pub fn id_of(entry: EntryRef, field: &str) -> ConflictId {
        format!("{entry}/{field}")
    }

    /// The versions that cannot be shown here: who wrote them, where and when is known.
    pub fn unreadable(&self) -> impl Iterator<Item = &Version> {
        self.versions.iter().filter(|version| version.value == EntryValue::Unreadable)
    }

    /// Whether the reason that a chart holds of the entry is why a version ends it. There is one for
    /// all versions: it is that of its writer, and where none of them is, of the only one that ends
    /// the entry.
    pub fn is_why(&self, reason: &StatusReason, version: &Version) -> bool {
        let by = |stamp: &Stamp| (stamp.author, stamp.device);
        let is_its = |one: &Version| by(&one.stamp) == by(&reason.stamp);
        let ending = self.versions.iter().filter(|one| one.value.ends()).count();
        let is_of_none = !self.versions.iter().any(is_its);
        version.value.ends() && (is_its(version) || (ending == 1 && is_of_none))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DeviceId, EntryKind, Instant, MedicationStatus, PractitionerId, uuid_v7};

    fn stamp(writer: u8) -> Stamp {
        Stamp {
            author: PractitionerId::from_uuid(uuid_v7(1, [writer; 10])),
            device: DeviceId::from_uuid(uuid_v7(2, [writer; 10])),
            at: Instant::from_unix_ms(0),
        }
    }

    #[test]
    fn a_reason_is_of_the_version_that_ends_the_entry_and_of_its_writer() {
        use MedicationStatus::{Active, Completed, EnteredInError, OnHold, Stopped, Unknown};
        let entry = EntryRef::new(EntryKind::Medication, uuid_v7(3, [3; 10]));
        // Two versions by the writers 1 and 2, and who gave the reason.
        let check = |statuses: [MedicationStatus; 2], writer: u8, want: [bool; 2]| {
            let version = |(by, status): (u8, MedicationStatus)| {
                let medication = CodeableConcept::from_text("warfarin");
                let order = MedicationOrder::new(medication, Vec::new(), status);
                let change = by.to_string();
                Version { value: EntryValue::Medication(order), stamp: stamp(by), change }
            };
            let conflict = Conflict {
                id: Conflict::id_of(entry, "order"),
                entry,
                field: "order".to_owned(),
                versions: (1..).zip(statuses).map(version).collect(),
                base: None,
            };
            let reason = StatusReason { entry, text: "rash".to_owned(), stamp: stamp(writer) };
            let told = conflict.versions.iter().map(|one| conflict.is_why(&reason, one));
            assert_eq!(told.collect::<Vec<_>>(), want, "{statuses:?} {writer}");
        };
        check([Stopped, Active], 1, [true, false]);
        check([Active, Stopped], 2, [false, true]);
        // Why somebody else changed the dose is no reason to stop.
        check([Stopped, Active], 2, [false, false]);
        check([Stopped, Active], 3, [true, false]);
        check([Stopped, EnteredInError], 2, [false, true]);
        check([Stopped, Completed], 3, [false, false]);
        check([OnHold, Unknown], 1, [false, false]);
    }
}
