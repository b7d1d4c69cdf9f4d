//! The form of a problem.

use super::check;
use crate::{
    CodeableConcept, Coding, Condition, ConditionClinicalStatus, ConditionId, EncounterId, Finding,
    ICD_10_CM, VerificationStatus,
};
use serde::{Deserialize, Serialize};

/// What was typed about a problem.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ConditionDraft {
    /// The problem, in words.
    pub problem: String,
    /// The diagnosis that was chosen for it, a code of ICD-10-CM; the words stand beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Coding>,
    /// Whether it is there now; active when not told.
    pub clinical_status: Option<ConditionClinicalStatus>,
    /// Since when.
    pub onset: String,
    /// Anything else.
    pub note: String,
    /// The visit it was found in.
    pub encounter: Option<EncounterId>,
}

impl ConditionDraft {
    /// The problem, or what is missing or wrong.
    ///
    /// # Errors
    /// One finding for each field to mend.
    pub fn complete(&self, id: ConditionId) -> Result<Condition, Vec<Finding>> {
        let mut findings = Vec::new();
        let text = check::required("problem", &self.problem, &mut findings);
        if self.code.as_ref().is_some_and(|code| !is_diagnosis(code)) {
            findings.push(unknown_diagnosis());
        }
        let condition = Condition {
            id,
            code: CodeableConcept { coding: self.code.iter().cloned().collect(), text: Some(text) },
            clinical_status: Some(self.clinical_status.unwrap_or(ConditionClinicalStatus::Active)),
            verification_status: VerificationStatus::Confirmed,
            onset: check::date("onset", &self.onset, &mut findings),
            abatement: None,
            encounter: self.encounter,
            note: check::text("note", &self.note, &mut findings),
        };
        check::finish(condition, findings)
    }

    /// The words were changed: a diagnosis stays while they begin with its name, so that more can
    /// be said of it, and never stands beside words for something else.
    pub fn put_problem(&mut self, words: String) {
        let name = self.code.as_ref().and_then(|code| code.display.as_deref());
        if !name.is_some_and(|name| words.trim_start().starts_with(name)) {
            self.code = None;
        }
        self.problem = words;
    }
}

/// What is said of a code that is none.
pub fn unknown_diagnosis() -> Finding {
    let detail = "This is no code of ICD-10-CM that can be recorded. Please choose from the list.";
    Finding::error("problem", "code-unknown", detail)
}

/// Whether a code has the shape of one of ICD-10-CM.
fn is_diagnosis(code: &Coding) -> bool {
    let (category, rest) = code.code.split_once('.').unwrap_or((&code.code, "0"));
    let mut signs = category.chars();
    code.system == ICD_10_CM
        && category.len() == 3
        && (1..=4).contains(&rest.len())
        && signs.next().is_some_and(|sign| sign.is_ascii_uppercase())
        && signs.chain(rest.chars()).all(|sign| sign.is_ascii_digit() || sign.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(words: &str, system: &str, code: &str) -> ConditionDraft {
        let code = Coding::new(system, code, "Essential (primary) hypertension");
        ConditionDraft { problem: words.into(), code: Some(code), ..ConditionDraft::default() }
    }

    #[test]
    fn a_code_stands_beside_the_words_that_were_typed() {
        let id = ConditionId::from_uuid(crate::ids::uuid_v7(1, [1; 10]));
        let check = |words: &str, system: &str, code: &str, want: Result<(&str, &str), &str>| {
            let got = draft(words, system, code).complete(id);
            let got = got.as_ref().map(|condition| {
                (condition.code.label(), condition.code.code_of(ICD_10_CM).unwrap_or_default())
            });
            let got = got.map_err(|findings| findings[0].code.as_str());
            assert_eq!(got, want, "{words} {code}");
        };
        check(" htn ", ICD_10_CM, "I10", Ok(("htn", "I10")));
        check("broken wrist", ICD_10_CM, "S52.501A", Ok(("broken wrist", "S52.501A")));
        check("neuroendocrine", ICD_10_CM, "C7A.00", Ok(("neuroendocrine", "C7A.00")));
        check("", ICD_10_CM, "I10", Err("required"));
        check("x", "http://snomed.info/sct", "38341003", Err("code-unknown"));
        for wrong in ["", "I1", "i10", "I10.", "I10.12345", "1I0", "I10.1 ", "I\u{661}0", "I10.1.2"]
        {
            check("x", ICD_10_CM, wrong, Err("code-unknown"));
        }
    }

    #[test]
    fn a_diagnosis_never_stands_beside_words_for_something_else() {
        let check = |words: &str, stays: bool| {
            let mut draft = draft("htn", ICD_10_CM, "I10");
            draft.put_problem(words.to_owned());
            assert_eq!((draft.problem.as_str(), draft.code.is_some()), (words, stays));
        };
        check("Essential (primary) hypertension", true);
        check("Essential (primary) hypertension, since the war", true);
        check("Essential (primary) hypertensio", false);
        check("Diabetes", false);
        check("", false);
    }
}
