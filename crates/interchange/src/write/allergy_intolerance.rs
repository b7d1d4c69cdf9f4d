//! `AllergyIntolerance`.

use super::{
    element::{self, code, concept, concepts, note, object},
    overlay::{Members, changed, list, put, put_choice},
};
use clinical::{AllergyIntolerance, Reaction, VerificationStatus};
use serde_json::{Value, json};

const CLINICAL: &str = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical";
const VERIFICATION: &str = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification";

pub(super) fn write(
    resource: &mut Members,
    was: Option<&AllergyIntolerance>,
    is: &AllergyIntolerance,
    patient: &Value,
) {
    let status =
        |allergy: &AllergyIntolerance| (allergy.clinical_status, allergy.verification_status);
    if was.is_none_or(|was| status(was) != status(is)) {
        // FHIR R4 ait-2: what was recorded by mistake has no clinical status.
        let mistaken = is.verification_status == VerificationStatus::EnteredInError;
        let clinical = (!mistaken).then(|| code(CLINICAL, is.clinical_status.code()));
        put(resource, "clinicalStatus", clinical);
    }
    if changed(was, is, |allergy| &allergy.verification_status) {
        put(resource, "verificationStatus", Some(code(VERIFICATION, verification(is))));
    }
    if changed(was, is, |allergy| &allergy.category) {
        put(resource, "category", is.category.map(|category| json!([category.code()])));
    }
    if changed(was, is, |allergy| &allergy.criticality) {
        put(resource, "criticality", is.criticality.map(|one| json!(one.code())));
    }
    if changed(was, is, |allergy| &allergy.code) {
        put(resource, "code", concept(&is.code));
    }
    if was.is_none() {
        put(resource, "patient", Some(patient.clone()));
    }
    if changed(was, is, |allergy| &allergy.onset) {
        let onset = is.onset.as_ref().map(|onset| ("DateTime", element::date(onset)));
        put_choice(resource, "onset", onset);
    }
    if changed(was, is, |allergy| &allergy.note) {
        put(resource, "note", note(is.note.as_deref()));
    }
    if changed(was, is, |allergy| &allergy.reaction) {
        put(resource, "reaction", list(is.reaction.iter().map(reaction).collect()));
    }
}

/// The codes of conditions that allergies do not have mean that it is not confirmed.
fn verification(allergy: &AllergyIntolerance) -> &'static str {
    match allergy.verification_status {
        VerificationStatus::Provisional | VerificationStatus::Differential => {
            VerificationStatus::Unconfirmed.code()
        }
        status @ (VerificationStatus::Unconfirmed
        | VerificationStatus::Confirmed
        | VerificationStatus::Refuted
        | VerificationStatus::EnteredInError) => status.code(),
    }
}

/// FHIR asks for a manifestation; where none was recorded, that is said.
fn reaction(reaction: &Reaction) -> Value {
    let manifestation =
        concepts(&reaction.manifestation).unwrap_or_else(|| json!([{ "text": "Not recorded" }]));
    object([
        ("manifestation", Some(manifestation)),
        ("severity", reaction.severity.map(|severity| json!(severity.code()))),
    ])
}
