//! The form of an allergy.

use super::check;
use crate::{
    AllergyCategory, AllergyClinicalStatus, AllergyCriticality, AllergyIntolerance,
    AllergyIntoleranceId, CodeableConcept, Finding, NO_KNOWN_ALLERGY, Reaction, ReactionSeverity,
    SNOMED_CT, VerificationStatus,
};
use serde::{Deserialize, Serialize};

/// What was typed about an allergy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct AllergyDraft {
    /// "There are none": then nothing else is read.
    pub no_known_allergies: bool,
    /// The substance, in words.
    pub substance: String,
    /// What kind of substance.
    pub category: Option<AllergyCategory>,
    /// How dangerous.
    pub criticality: Option<AllergyCriticality>,
    /// The signs, parted by commas.
    pub reaction: String,
    /// How bad the reaction was.
    pub severity: Option<ReactionSeverity>,
    /// Since when: `2019`, `2019-05` or a day.
    pub onset: String,
    /// Anything else.
    pub note: String,
}

impl AllergyDraft {
    /// The allergy, confirmed and active, or what is missing or wrong.
    ///
    /// # Errors
    /// One finding for each field to mend.
    pub fn complete(&self, id: AllergyIntoleranceId) -> Result<AllergyIntolerance, Vec<Finding>> {
        let mut findings = Vec::new();
        if self.no_known_allergies {
            return self.denial(id);
        }
        let code = check::required("substance", &self.substance, &mut findings);
        let code = CodeableConcept::from_text(code);
        let allergy = AllergyIntolerance {
            id,
            code,
            category: self.category,
            criticality: self.criticality,
            clinical_status: AllergyClinicalStatus::Active,
            verification_status: VerificationStatus::Confirmed,
            reaction: self.reactions(&mut findings),
            onset: check::date("onset", &self.onset, &mut findings),
            note: check::text("note", &self.note, &mut findings),
        };
        check::finish(allergy, findings)
    }

    /// "There are none", whatever was typed of an allergy before.
    fn denial(&self, id: AllergyIntoleranceId) -> Result<AllergyIntolerance, Vec<Finding>> {
        let mut findings = Vec::new();
        let none = CodeableConcept::from_coding(SNOMED_CT, NO_KNOWN_ALLERGY, "No known allergy");
        let allergy = AllergyIntolerance {
            id,
            code: none,
            category: None,
            criticality: None,
            clinical_status: AllergyClinicalStatus::Active,
            verification_status: VerificationStatus::Confirmed,
            reaction: Vec::new(),
            onset: None,
            note: check::text("note", &self.note, &mut findings),
        };
        check::finish(allergy, findings)
    }

    fn reactions(&self, findings: &mut Vec<Finding>) -> Vec<Reaction> {
        let signs = self.reaction.split(',');
        let signs = signs.filter_map(|sign| check::line("reaction", sign, findings));
        let manifestation: Vec<_> = signs.map(CodeableConcept::from_text).collect();
        if manifestation.is_empty() && self.severity.is_none() {
            return Vec::new();
        }
        vec![Reaction { manifestation, severity: self.severity }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allergy_needs_a_substance_or_a_denial() {
        let id = AllergyIntoleranceId::from_uuid(crate::ids::uuid_v7(1, [1; 10]));
        let check = |draft: AllergyDraft, want: Result<&str, &[(&str, &str)]>| {
            let got = draft.complete(id);
            let got = got.as_ref().map(|a| a.code.label()).map_err(|findings| {
                findings.iter().map(|f| (f.path.as_str(), f.code.as_str())).collect::<Vec<_>>()
            });
            assert_eq!(got, want.map_err(<[_]>::to_vec));
        };
        let substance = |text: &str| AllergyDraft { substance: text.into(), ..Default::default() };
        check(substance(" Penicillin "), Ok("Penicillin"));
        check(substance(" "), Err(&[("substance", "required")]));
        check(substance(&"x".repeat(501)), Err(&[("substance", "too-long")]));
        let denial = AllergyDraft { no_known_allergies: true, ..Default::default() };
        check(denial.clone(), Ok("No known allergy"));
        let typed_before =
            AllergyDraft { reaction: "rash".into(), onset: "x".into(), ..denial.clone() };
        assert_eq!(typed_before.complete(id), denial.complete(id));
        let dated = AllergyDraft { onset: "2019-02-30".into(), ..substance("Latex") };
        check(dated, Err(&[("onset", "date-impossible")]));
    }
}
