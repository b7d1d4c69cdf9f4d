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
}

impl Version {
    /// Whether the reason that a chart holds of the entry is why this version ends it: whoever wrote it
    /// gave the reason with it or afterwards. One that stood before is of something else.
    pub fn ends_because(&self, reason: &StatusReason) -> bool {
        let by = |stamp: &Stamp| (stamp.author, stamp.device);
        let is_its = by(&self.stamp) == by(&reason.stamp) && reason.stamp.at >= self.stamp.at;
        self.value.ends() && is_its
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DeviceId, EntryKind, Instant, MedicationStatus, PractitionerId, uuid_v7};

    fn stamp(writer: u8, at: i64) -> Stamp {
        Stamp {
            author: PractitionerId::from_uuid(uuid_v7(1, [writer; 10])),
            device: DeviceId::from_uuid(uuid_v7(2, [writer; 10])),
            at: Instant::from_unix_ms(at),
        }
    }

    #[test]
    fn a_reason_is_of_the_version_that_ends_the_entry_if_its_writer_gave_it_with_it() {
        use MedicationStatus::{Active, EnteredInError, OnHold, Stopped};
        // A version of the first writer, of the moment 5, and who gave the reason when.
        let check = |status: MedicationStatus, (writer, at): (u8, i64), want: bool| {
            let medication = CodeableConcept::from_text("warfarin");
            let order = MedicationOrder::new(medication, Vec::new(), status);
            let value = EntryValue::Medication(order);
            let version = Version { value, stamp: stamp(1, 5), change: String::new() };
            let entry = EntryRef::new(EntryKind::Medication, uuid_v7(3, [3; 10]));
            let stamp = stamp(writer, at);
            let reason = StatusReason { entry, text: "rash".to_owned(), stamp };
            assert_eq!(version.ends_because(&reason), want, "{status:?} {writer} {at}");
        };
        check(Stopped, (1, 5), true);
        check(EnteredInError, (1, 6), true);
        // Why the same or somebody else changed the dose is no reason to stop.
        check(Stopped, (1, 4), false);
        check(Stopped, (2, 5), false);
        check(Active, (1, 5), false);
        check(OnHold, (1, 5), false);
    }
}
