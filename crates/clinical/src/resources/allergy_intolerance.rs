//! What the patient must not be given (FHIR R4 `AllergyIntolerance`).

use super::{Denial, status::codes};
use crate::{AllergyIntoleranceId, CodeableConcept, PartialDate};
use serde::{Deserialize, Serialize};

/// The URI of SNOMED CT.
pub const SNOMED_CT: &str = "http://snomed.info/sct";
/// The SNOMED CT code "No known allergy", a recorded fact and not an empty list.
pub const NO_KNOWN_ALLERGY: &str = "716186003";

codes! {
    /// What kind of substance.
    AllergyCategory {
        /// Food.
        Food = "food",
        /// A medicine.
        Medication = "medication",
        /// Pollen, dust, latex and the like.
        Environment = "environment",
        /// A biological product, such as a vaccine.
        Biologic = "biologic",
    }
}

codes! {
    /// How dangerous a later exposure may be.
    AllergyCriticality {
        /// Not life-threatening.
        Low = "low",
        /// May threaten life.
        High = "high",
        /// Cannot be told.
        UnableToAssess = "unable-to-assess",
    }
}

codes! {
    /// Whether the allergy still holds.
    AllergyClinicalStatus {
        /// Holds.
        Active = "active",
        /// Not seen for long.
        Inactive = "inactive",
        /// Shown to be over.
        Resolved = "resolved",
    }
}

codes! {
    /// How sure it is (shared with `Condition`).
    VerificationStatus {
        /// Not yet confirmed.
        Unconfirmed = "unconfirmed",
        /// Provisional (conditions only).
        Provisional = "provisional",
        /// One of several possible (conditions only).
        Differential = "differential",
        /// Sure.
        Confirmed = "confirmed",
        /// Shown to be false.
        Refuted = "refuted",
        /// Recorded by mistake: kept, shown struck out, never deleted.
        EnteredInError = "entered-in-error",
    }
}

codes! {
    /// How bad a reaction was.
    ReactionSeverity {
        /// Mild.
        Mild = "mild",
        /// Moderate.
        Moderate = "moderate",
        /// Severe.
        Severe = "severe",
    }
}

/// What happened on an exposure.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    /// The signs, such as `rash`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub manifestation: Vec<CodeableConcept>,
    /// How bad it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<ReactionSeverity>,
}

/// One allergy or intolerance, or the recorded absence of any. It is one value: two people who
/// change it at once have made a conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AllergyIntolerance {
    /// Its id.
    pub id: AllergyIntoleranceId,
    /// The substance, or a code that denies allergies.
    pub code: CodeableConcept,
    /// What kind of substance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<AllergyCategory>,
    /// How dangerous.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub criticality: Option<AllergyCriticality>,
    /// Whether it holds.
    pub clinical_status: AllergyClinicalStatus,
    /// How sure it is.
    pub verification_status: VerificationStatus,
    /// What happened.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reaction: Vec<Reaction>,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub onset: Option<PartialDate>,
    /// Anything else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// The states a chart's allergies can be in (NHS CUI PAB-0064, 0067-0071).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AllergyState {
    /// At least one allergy holds.
    Known,
    /// It was asked, and there is none.
    NoneKnown,
    /// It was asked for medicines alone, and there is none.
    NoneKnownDrugs,
    /// Nobody has asked.
    NotRecorded,
    /// The chart could not be read.
    Unavailable,
}

impl AllergyIntolerance {
    /// Whether it must be heeded now.
    pub fn holds(&self) -> bool {
        let certain = match self.verification_status {
            VerificationStatus::Refuted | VerificationStatus::EnteredInError => false,
            VerificationStatus::Unconfirmed
            | VerificationStatus::Provisional
            | VerificationStatus::Differential
            | VerificationStatus::Confirmed => true,
        };
        certain && self.clinical_status == AllergyClinicalStatus::Active
    }
}

impl AllergyState {
    /// The state of a readable chart with these allergies: a known one outweighs any denial. That
    /// nobody asked is none, and that of food or latex alone leaves the question for others open.
    /// That of medicines is told as what it is.
    pub fn of<'a>(allergies: impl IntoIterator<Item = &'a AllergyIntolerance>) -> Self {
        let mut state = Self::NotRecorded;
        for allergy in allergies.into_iter().filter(|allergy| allergy.holds()) {
            match allergy.denial() {
                None => return Self::Known,
                Some(Denial::All) => state = Self::NoneKnown,
                Some(Denial::Drugs) if state == Self::NotRecorded => state = Self::NoneKnownDrugs,
                Some(Denial::Drugs | Denial::NotAsked | Denial::Food | Denial::Particular) => {}
            }
        }
        state
    }

    /// The exact words of the display rule.
    pub fn title(self) -> &'static str {
        match self {
            Self::Known => "Known allergies",
            Self::NoneKnown => "No known allergies",
            Self::NoneKnownDrugs => "No known drug allergies",
            Self::NotRecorded => "Allergies not recorded",
            Self::Unavailable => "Allergies unavailable",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allergy(
        code: CodeableConcept,
        clinical_status: AllergyClinicalStatus,
    ) -> AllergyIntolerance {
        AllergyIntolerance {
            id: AllergyIntoleranceId::from_uuid(crate::ids::uuid_v7(1, [1; 10])),
            code,
            category: None,
            criticality: None,
            clinical_status,
            verification_status: VerificationStatus::Confirmed,
            reaction: Vec::new(),
            onset: None,
            note: None,
        }
    }

    #[test]
    fn only_an_answer_is_none_known() {
        let check = |texts: &[&str], want: AllergyState| {
            let allergies = texts.iter().map(|text| {
                allergy(CodeableConcept::from_text(*text), AllergyClinicalStatus::Active)
            });
            assert_eq!(AllergyState::of(&allergies.collect::<Vec<_>>()), want, "{texts:?}");
        };
        for denial in ["No allergies", "Nil known", "Denies any"] {
            check(&[denial], AllergyState::NoneKnown);
            check(&[denial, "NKDA"], AllergyState::NoneKnown);
            check(&["NKDA", denial], AllergyState::NoneKnown);
        }
        for unasked in ["No information about allergies", "No known food allergies"] {
            check(&[unasked], AllergyState::NotRecorded);
            check(&[unasked, "NKDA"], AllergyState::NoneKnownDrugs);
        }
        check(&["NKDA", "Food allergies not asked"], AllergyState::NoneKnownDrugs);
        for known in ["NKDA except penicillin", "None, but rash with amoxicillin"] {
            check(&[known, "NKDA"], AllergyState::Known);
        }
    }

    #[test]
    fn a_known_allergy_outweighs_a_denial() {
        use AllergyClinicalStatus::{Active, Resolved};
        let none = || CodeableConcept::from_coding(SNOMED_CT, NO_KNOWN_ALLERGY, "No known allergy");
        let penicillin = || CodeableConcept::from_text("Penicillin");
        let check = |allergies: &[AllergyIntolerance], want: AllergyState| {
            assert_eq!(AllergyState::of(allergies), want);
        };
        check(&[], AllergyState::NotRecorded);
        check(&[allergy(none(), Active)], AllergyState::NoneKnown);
        let drugs = CodeableConcept::from_text("NKDA.");
        check(&[allergy(drugs, Active)], AllergyState::NoneKnownDrugs);
        check(&[allergy(CodeableConcept::from_text("Nonoxynol"), Active)], AllergyState::Known);
        check(&[allergy(none(), Active), allergy(penicillin(), Active)], AllergyState::Known);
        check(&[allergy(penicillin(), Resolved)], AllergyState::NotRecorded);
        let mut mistaken = allergy(penicillin(), Active);
        mistaken.verification_status = VerificationStatus::EnteredInError;
        check(&[mistaken, allergy(none(), Active)], AllergyState::NoneKnown);
    }
}
