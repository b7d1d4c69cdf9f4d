//! Whose chart a resource belongs in.

use super::reference::reference_text;
use crate::json::Json;
use clinical::PatientId;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// Whose a resource is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    /// A patient's.
    Patient(PatientId),
    /// The clinic's: organisations, people, rooms, definitions, and what names no patient.
    Clinic,
    /// One of several patients', and nobody knows which.
    Unclear,
}

/// Members that name the patient, surest first, and whether they name one even when the
/// reference does not say of what type it is.
const OWNERS: [(&str, bool); 7] = [
    ("subject", true),
    ("patient", true),
    ("beneficiary", true),
    ("for", true),
    ("individual", false),
    ("actor", false),
    ("target", false),
];

/// Types that are the clinic's even in a Bundle about one patient.
const CLINIC: [&str; 46] = [
    "ActivityDefinition",
    "CapabilityStatement",
    "ChargeItemDefinition",
    "CodeSystem",
    "CompartmentDefinition",
    "ConceptMap",
    "Endpoint",
    "EventDefinition",
    "Evidence",
    "EvidenceVariable",
    "ExampleScenario",
    "GraphDefinition",
    "Group",
    "HealthcareService",
    "ImplementationGuide",
    "InsurancePlan",
    "Library",
    "Location",
    "Measure",
    "MedicationKnowledge",
    "MessageDefinition",
    "NamingSystem",
    "ObservationDefinition",
    "OperationDefinition",
    "Organization",
    "OrganizationAffiliation",
    "PlanDefinition",
    "Practitioner",
    "PractitionerRole",
    "Questionnaire",
    "ResearchDefinition",
    "ResearchElementDefinition",
    "ResearchStudy",
    "Schedule",
    "SearchParameter",
    "Slot",
    "SpecimenDefinition",
    "StructureDefinition",
    "StructureMap",
    "Subscription",
    "SubstanceSpecification",
    "TerminologyCapabilities",
    "TestReport",
    "TestScript",
    "ValueSet",
    "VerificationResult",
];

/// Whether a resource says in a member of its own whose it is.
pub(crate) fn names_owner(resource: &Map<String, Value>) -> bool {
    OWNERS.iter().any(|(name, _)| resource.contains_key(*name))
}

/// Whether what says whose a resource is stands twice in it.
pub(crate) fn is_owner_twofold(resource: Json<'_>) -> bool {
    let named = OWNERS.iter().map(|(name, _)| *name).chain(["participant"]);
    named.filter_map(|name| resource.first(name)).any(Json::has_twice)
}

/// Whether resources of a type are the clinic's.
pub(crate) fn belongs_to_clinic(resource_type: &str) -> bool {
    CLINIC.binary_search(&resource_type).is_ok()
}

/// The references of a resource that may name its patient, surest first, and whether they do
/// without saying so.
pub(crate) fn owner_references(resource: Json<'_>) -> Vec<(Cow<'_, str>, bool)> {
    let direct = OWNERS.iter().flat_map(|(name, sure)| {
        let elements = resource.get(name).into_iter().flat_map(Json::items);
        elements.map(move |element| (element, *sure))
    });
    let participants = resource.get("participant").into_iter().flat_map(Json::items);
    let actors = participants.filter_map(|participant| participant.get("actor"));
    let all = direct.chain(actors.map(|actor| (actor, false)));
    all.filter_map(|(element, sure)| Some((owner_text(element)?, sure))).collect()
}

/// A literal reference, else one by identifier written as the conditional one it is.
fn owner_text<'a>(element: Json<'a>) -> Option<Cow<'a, str>> {
    reference_text(element).or_else(|| {
        let identifier = element.get("identifier")?;
        let part = |name: &str| identifier.get(name).and_then(Json::text).unwrap_or_default();
        let value = part("value");
        let token = format!("Patient?identifier={}|{value}", part("system"));
        (!value.is_empty()).then_some(Cow::Owned(token))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_clinic_types_is_sorted() {
        assert!(CLINIC.is_sorted());
        assert!(belongs_to_clinic("Practitioner"));
        assert!(!belongs_to_clinic("Medication"));
    }
}
