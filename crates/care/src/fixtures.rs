//! Charts for the tests of this crate.

use clinical::{
    AllergyClinicalStatus, AllergyCriticality, AllergyIntolerance, AllergyIntoleranceId, Chart,
    CodeableConcept, Conflict, DeviceId, EntryKind, EntryRef, EntryValue, Instant, MedicationAbout,
    MedicationId, MedicationIntent, MedicationOrder, MedicationRequest, MedicationStatus,
    PractitionerId, Stamp, VerificationStatus, Version, uuid_v7,
};

pub(crate) fn allergy(id: u8, substance: &str) -> AllergyIntolerance {
    AllergyIntolerance {
        id: AllergyIntoleranceId::from_uuid(uuid_v7(1, [id; 10])),
        code: CodeableConcept::from_text(substance),
        category: None,
        criticality: None,
        clinical_status: AllergyClinicalStatus::Active,
        verification_status: VerificationStatus::Confirmed,
        reaction: Vec::new(),
        onset: None,
        note: None,
    }
}

pub(crate) fn dangerous(id: u8, substance: &str) -> AllergyIntolerance {
    AllergyIntolerance { criticality: Some(AllergyCriticality::High), ..allergy(id, substance) }
}

pub(crate) fn denial(id: u8) -> AllergyIntolerance {
    let code = CodeableConcept::from_coding(
        clinical::SNOMED_CT,
        clinical::NO_KNOWN_ALLERGY,
        "No known allergy",
    );
    AllergyIntolerance { code, ..allergy(id, "") }
}

pub(crate) fn order(medicine: &str) -> MedicationOrder {
    let medication = CodeableConcept::from_text(medicine);
    MedicationOrder::new(medication, Vec::new(), MedicationStatus::Active)
}

pub(crate) fn medication(id: u8, medicine: &str) -> MedicationRequest {
    MedicationRequest {
        id: MedicationId::from_uuid(uuid_v7(2, [id; 10])),
        order: order(medicine),
        about: MedicationAbout::new(MedicationIntent::Order),
    }
}

pub(crate) fn chart(
    allergies: Vec<AllergyIntolerance>,
    medications: Vec<MedicationRequest>,
) -> Chart {
    Chart { allergies, medications, ..Chart::default() }
}

pub(crate) fn dispute(kind: EntryKind, id: uuid::Uuid, values: Vec<EntryValue>) -> Conflict {
    let entry = EntryRef::new(kind, id);
    let stamp = Stamp {
        author: PractitionerId::from_uuid(uuid_v7(3, [1; 10])),
        device: DeviceId::from_uuid(uuid_v7(3, [2; 10])),
        at: Instant::from_unix_ms(0),
    };
    let version = |value| Version { value, stamp, change: String::new() };
    Conflict {
        id: Conflict::id_of(entry, "order"),
        entry,
        field: "order".into(),
        versions: values.into_iter().map(version).collect(),
        base: None,
    }
}
