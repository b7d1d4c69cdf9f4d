//! What two people wrote without knowing of each other.

use super::{EntryRef, Stamp};
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
