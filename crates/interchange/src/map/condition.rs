//! `Condition`.

use super::Reader;
use clinical::{
    CodeableConcept, Condition, ConditionClinicalStatus, ConditionId, EncounterId,
    VerificationStatus,
};
use uuid::Uuid;

pub(super) fn read(reader: &mut Reader<'_>, id: Uuid) -> Condition {
    Condition {
        id: ConditionId::from_uuid(id),
        code: reader.concept("code").unwrap_or_else(|| {
            reader.missing("code", "It does not say which problem.");
            CodeableConcept::from_text("Problem not stated")
        }),
        clinical_status: reader.concept_code("clinicalStatus", ConditionClinicalStatus::from_code),
        verification_status: reader
            .concept_code("verificationStatus", VerificationStatus::from_code)
            .unwrap_or(VerificationStatus::Unconfirmed),
        onset: reader.first_date(&["onsetDateTime", "onsetPeriod"], "start"),
        abatement: reader.first_date(&["abatementDateTime", "abatementPeriod"], "end"),
        encounter: reader.entry("encounter").map(EncounterId::from_uuid),
        note: reader.note(),
    }
}
