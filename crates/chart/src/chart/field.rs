//! Where each entry lives: section, key and the values under it.

use crate::{Touched, document::WrittenKey};
use clinical::{
    AlertTier, ClinicId, CodeableConcept, ConditionClinicalStatus, Deceased, EncounterId,
    EntryKind, EntryRef, PartialDate, PatientId, SharingId, TaskStatus, VerificationStatus,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The section of a kind of entry.
pub(super) fn section(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Patient => "patient",
        EntryKind::Allergy => "allergies",
        EntryKind::Condition => "conditions",
        EntryKind::Encounter => "encounters",
        EntryKind::Medication => "medications",
        EntryKind::Observation => "observations",
        EntryKind::Composition => "compositions",
        EntryKind::Task => "tasks",
        EntryKind::Source => "sources",
        EntryKind::Document => DOCUMENTS,
    }
}

/// The section of files: made once the first is recorded.
pub(super) const DOCUMENTS: &str = "documents";

/// The section of what was given to other clinics: made once the first is recorded.
pub(super) const SHARED: &str = "shared";

/// The key of what a clinic noted of a sharing that it knows only by what another says.
pub(super) fn told(sharing: SharingId, to: ClinicId) -> String {
    format!("{}/{}", sharing.uuid().simple(), to.uuid().simple())
}

/// The section of what is of the same person: made once the first is recorded. A link stands under its
/// id, and who ended it under [`ENDED`].
pub(super) const LINKS: &str = "links";

/// The end of a link.
pub(super) const ENDED: &str = "ended";

/// The section of marks "recorded by mistake".
pub(super) const WITHDRAWN: &str = "withdrawn";

/// What the key of a mark goes on with when it holds why an entry was ended. Versions that do not
/// know it take it for no mark.
const WHY: &str = "why";

/// The key of the mark of an entry.
pub(super) fn mark(entry: EntryRef) -> String {
    format!("{}/{}", entry.kind.word(), entry.id.simple())
}

/// The key of why an entry was ended.
pub(super) fn why(entry: EntryRef) -> String {
    format!("{}/{WHY}", mark(entry))
}

/// Whether a why is about a field: about the one that says whether an entry holds.
pub(super) fn is_explained(kind: EntryKind, field: &str) -> bool {
    matches!(
        (kind, field),
        (EntryKind::Medication, ORDER)
            | (EntryKind::Allergy, VALUE)
            | (EntryKind::Encounter, STATUS)
    )
}

/// Whether a why says nothing: one that was taken back stands as an empty one.
pub(super) fn is_silent(why: &[u8]) -> bool {
    why.is_empty() || why == encode(&"")
}

/// The entry a key of the marks is about, and whether it says why.
pub(super) fn parse_mark(key: &str) -> Option<(EntryRef, bool)> {
    let mut parts = key.split('/');
    let kind = EntryKind::from_word(parts.next()?)?;
    let entry = EntryRef::new(kind, parts.next()?.parse().ok()?);
    match (parts.next(), parts.next()) {
        (None, _) => Some((entry, false)),
        (Some(WHY), None) => Some((entry, true)),
        (Some(_), _) => None,
    }
}

/// Fields of the patient.
pub(super) const IDENTITY: &str = "identity";
/// Telephones and the like.
pub(super) const TELECOM: &str = "telecom";
/// Addresses.
pub(super) const ADDRESS: &str = "address";
/// Whom to reach about the patient.
pub(super) const CONTACT: &str = "contact";
/// Death.
pub(super) const DECEASED: &str = "deceased";
/// What to do when the heart stops.
pub(super) const CODE_STATUS: &str = "code-status";
/// An entry that is one value.
pub(super) const VALUE: &str = "value";
/// Substance, dosage and status of a medicine.
pub(super) const ORDER: &str = "order";
/// What surrounds the value that is read together.
pub(super) const ABOUT: &str = "about";
/// A status that changes by itself.
pub(super) const STATUS: &str = "status";

/// What opens the sealed bytes of a file, raw. It goes with the document, and nowhere else: it is no
/// part of what is read of a chart, nor of what an entry has been.
pub(super) const KEY: &str = "key";

/// The key of a field of an entry. The patient's fields stand alone: there is one patient.
pub(super) fn key(kind: EntryKind, id: Uuid, field: &str) -> String {
    match (kind, field) {
        (EntryKind::Patient, field) => field.to_owned(),
        (_, VALUE) => id.simple().to_string(),
        (_, field) => format!("{}/{field}", id.simple()),
    }
}

/// Entry id and field of a key of a section that holds many entries.
pub(super) fn parse(key: &str) -> Option<(Uuid, &str)> {
    let (id, field) = key.split_once('/').unwrap_or((key, VALUE));
    Some((id.parse().ok()?, field))
}

/// The entries whose fields or marks stand under some keys; all where one names none that is known
/// here.
pub(super) fn touched_by(keys: &[WrittenKey], patient: PatientId) -> Touched {
    let entry = |(of, key): &WrittenKey| {
        if *of == WITHDRAWN {
            return parse_mark(key).map(|(entry, _)| entry);
        }
        // It is told with who somebody is.
        if matches!(*of, SHARED | LINKS) {
            return Some(EntryRef::new(EntryKind::Patient, patient.uuid()));
        }
        let (kind, _) = EntryKind::ALL.into_iter().find(|(kind, _)| section(*kind) == *of)?;
        let is_patient = kind == EntryKind::Patient;
        let id = if is_patient { patient.uuid() } else { parse(key)?.0 };
        Some(EntryRef::new(kind, id))
    };
    let entries: Option<BTreeSet<EntryRef>> = keys.iter().map(entry).collect();
    entries.map_or(Touched::All, |entries| Touched::Entries(entries.into_iter().collect()))
}

/// What a problem is: read together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ConditionState {
    pub(super) code: CodeableConcept,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) clinical_status: Option<ConditionClinicalStatus>,
    pub(super) verification_status: VerificationStatus,
}

/// What surrounds a problem.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct ConditionAbout {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) onset: Option<PartialDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) abatement: Option<PartialDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) encounter: Option<EncounterId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) note: Option<String>,
}

/// Whether a task is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct TaskState {
    pub(super) status: TaskStatus,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) outcome: Option<String>,
    /// How urgent it was when a person closed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) tier: Option<AlertTier>,
}

/// That someone has died, or lives: `null` takes back a mistake.
pub(super) type DeceasedField = Option<Deceased>;

/// A value as the compact JSON that is stored.
pub(super) fn encode(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

/// The value of stored JSON, when this version can read it.
pub(super) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    serde_json::from_slice(bytes).ok()
}
