//! What says that there are no allergies: codes of SNOMED CT, and the words people write.

mod coding;
mod whole;
mod words;

use super::{AllergyCategory, AllergyCriticality, AllergyIntolerance};
use coding::Says;

pub use coding::ABSENT_UNKNOWN;

/// The SNOMED CT code "No known drug allergy".
pub const NO_KNOWN_DRUG_ALLERGY: &str = "409137002";
/// The SNOMED CT code "No known food allergy".
pub const NO_KNOWN_FOOD_ALLERGY: &str = "429625007";

/// What is denied by an entry that stands in the place of an allergy. Of several, the first counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Denial {
    /// Nothing: nobody asked, or nothing was recorded.
    NotAsked,
    /// Every allergy.
    All,
    /// Allergies to medicines.
    Drugs,
    /// Allergies to food.
    Food,
    /// An allergy to something else, or to one substance.
    Particular,
}

impl Denial {
    /// Whether an allergy to a kind of substance (none: it is not said) may be one that it denies.
    pub fn may_deny(self, category: Option<AllergyCategory>) -> bool {
        use AllergyCategory::{Biologic, Environment, Food, Medication};
        let is_of = |some: &[AllergyCategory]| category.is_none_or(|one| some.contains(&one));
        match self {
            Self::All => is_of(&[Food, Medication, Environment, Biologic]),
            Self::Drugs => is_of(&[Medication, Biologic]),
            Self::Food => is_of(&[Food]),
            Self::NotAsked | Self::Particular => false,
        }
    }
}

impl AllergyIntolerance {
    /// What it denies, by its codes or else its words. `None` is an allergy, and so is what leaves
    /// anything over that does not deny: `NKDA except penicillin`, the code of a denial beside
    /// that of a substance, a reaction, a risk that is high.
    pub fn denial(&self) -> Option<Denial> {
        let tells_more = !self.reaction.is_empty()
            || self.criticality == Some(AllergyCriticality::High)
            || self.note.as_deref().is_some_and(words::has_exception);
        if tells_more { None } else { self.denied_by_name() }
    }

    /// Whether it stands in the place of an allergy, whatever it denies.
    pub fn is_denial(&self) -> bool {
        self.denial().is_some()
    }

    /// Whether it says no more than that there are no allergies at all, as the title does.
    pub fn is_plain_denial(&self) -> bool {
        self.denial() == Some(Denial::All) && words::sentence(self.label()) == Some(Denial::All)
    }

    /// Whether it denies something and is no denial: which allergies it means is not certain.
    pub fn is_doubtful(&self) -> bool {
        let begins = words::begins(self.code.label()) || self.denied_by_name().is_some();
        (begins || self.code.coding.iter().any(coding::is_denying)) && !self.is_denial()
    }

    /// What to show. Where no words are written, the name of a code that is no denial stands before
    /// that of one that is.
    pub fn label(&self) -> &str {
        let is_written = self.code.text.as_deref().is_some_and(|text| !text.trim().is_empty());
        let mut other = self.code.coding.iter().filter(|one| coding::says(one) == Says::Other);
        let other = other.find_map(|coding| coding.display.as_deref());
        other.filter(|_| !is_written).unwrap_or_else(|| self.code.label())
    }

    fn denied_by_name(&self) -> Option<Denial> {
        let codes: Vec<Says> = self.code.coding.iter().map(coding::says).collect();
        let is_coded = codes.iter().any(|says| matches!(says, Says::Denies(_)));
        let read = if is_coded { whole::named } else { words::sentence };
        let text = self.code.text.as_deref().filter(|text| words::is_said(text));
        let text = text.map(|text| read(text).map_or(Says::Other, Says::Denies));
        let denied = codes.into_iter().chain(text).filter_map(|says| match says {
            Says::Denies(denial) => Some(Some(denial)),
            Says::Other => Some(None),
            Says::Nothing => None,
        });
        denied.collect::<Option<Vec<Denial>>>()?.into_iter().min()
    }
}

/// What a text denies that does nothing else.
pub fn denied_in(text: &str) -> Option<Denial> {
    words::sentence(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        AllergyDraft, AllergyIntoleranceId, CodeableConcept, Coding, NO_KNOWN_ALLERGY, Reaction,
        SNOMED_CT,
    };

    fn allergy(code: CodeableConcept) -> AllergyIntolerance {
        let id = AllergyIntoleranceId::from_uuid(crate::ids::uuid_v7(1, [1; 10]));
        let draft = AllergyDraft { substance: "-".to_owned(), ..AllergyDraft::default() };
        AllergyIntolerance { code, ..draft.complete(id).unwrap() }
    }

    #[test]
    fn only_what_denies_as_a_whole_is_a_denial() {
        let check = |want: Option<Denial>, texts: &[&str]| {
            for text in texts {
                let entry = allergy(CodeableConcept::from_text(*text));
                assert_eq!(entry.denial(), want, "{text}");
            }
        };
        let all = [
            "NKA",
            "none",
            "None.",
            "none known",
            "No known allergies",
            "no known allergy",
            "No allergies",
            "Nil known",
            "Nil",
            "Denies any",
            "denies",
            "Denies any allergies",
            "Allergies: none",
            "Allergies - none known",
            "No reported allergies",
            "Patient denies allergies",
            "No known allergies or intolerances",
            "No known allergic reactions",
            "No known allergies (NKA)",
            "NKA/NKDA",
            "NKDA. No known food allergies. No known allergies.",
            "Aucune",
            "Aucune allergie connue",
            "Pas d'allergie connue",
        ];
        check(Some(Denial::All), &all);
        let drugs = [
            "NKDA",
            "NKDA.",
            "nkma",
            "No known drug allergies",
            "No known drug allergy",
            "No known allergies to medicines",
            "No adverse drug reactions",
            "No known food or drug allergies",
            "NKDA, no known food allergies",
            "Drug allergies: nil known",
            "No known drug allergies; no known latex allergy",
            "Aucune allergie médicamenteuse connue",
        ];
        check(Some(Denial::Drugs), &drugs);
        check(Some(Denial::Food), &["No known food allergies", "Denies food allergies", "NKFA"]);
        let particular = ["No known penicillin allergy", "No known beta-lactam allergy"];
        check(Some(Denial::Particular), &particular);
        let unasked = [
            "No information about allergies",
            "No information",
            "Not asked",
            "Not recorded",
            "Allergies not recorded",
            "None recorded",
            "No history available",
            "NKDA; food allergies not asked",
            "Non demandé",
        ];
        check(Some(Denial::NotAsked), &unasked);
        let left_over = [
            "NKDA except penicillin",
            "No known drug allergies except sulfa",
            "None, but rash with amoxicillin",
            "Denies food allergies; penicillin: hives",
            "NKDA food allergy",
            "No drug allergy food allergy",
            "No drug allergy, food allergy",
            "Known drug allergies no food allergies",
            "Known drug allergy no food",
            "Drug allergies: none; food allergies: known",
            "Known allergy not recorded",
            "No penicillin: allergy",
            "No penicillin - allergy",
            "No penicillin, allergy",
            "No penicillin allergy",
            "No drugs: allergy",
            "No drugs – allergy",
            "No drugs",
            "No known allergies?",
            "NKDA (?)",
            "NKDA+penicillin",
            "No, known allergies",
            "No known allergy but penicillin allergy",
            "No known cause, penicillin allergy",
            "No known sulfa and penicillin allergy",
            "No known severe amoxicillin allergy",
            "No known immediate penicillin allergy",
            "No known trigger amoxicillin allergy",
            "No known cause penicillin allergy",
            "No known nonpenicillin allergy",
            "No known non-penicillin allergy",
            "Patient has drug allergy not recorded",
            "Patient reports drug allergy not documented",
            "Reports drug allergies no information available",
            "Allergic reaction to drug not recorded",
            "Adverse reaction to drug no information",
            "Allergic to medications not asked",
            "Allergie pas connue",
            "Pas connue",
            "No known drugs",
            "No known medications",
            "no drugs known",
            "no known food",
            "NKDA; rash with penicillin",
            "NKDA aside from penicillin",
            "No known allergy to penicillin",
            "No other known allergies",
            "Not known",
            "Not allergic",
            "No-Spa",
            "Nonoxynol",
            "Unknown",
            "Penicillin",
            "Allergies",
            "Pas d'allergie sauf pénicilline",
            "Aucune allergie, sauf pénicilline",
            "Sin alergias",
            "",
            "-",
        ];
        check(None, &left_over);
    }

    fn coded(codes: &[(&str, &str, &str)], text: Option<&str>) -> AllergyIntolerance {
        let coding = codes.iter().map(|(system, code, name)| Coding::new(system, code, name));
        allergy(CodeableConcept { coding: coding.collect(), text: text.map(str::to_owned) })
    }

    const fn sct(code: &'static str) -> (&'static str, &'static str, &'static str) {
        (SNOMED_CT, code, "-")
    }

    const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";

    #[test]
    fn a_code_denies_where_nothing_beside_it_says_otherwise() {
        let check = |codes: &[(&str, &str, &str)], text: Option<&str>, want: Option<Denial>| {
            let entry = coded(codes, text);
            assert_eq!(entry.denial(), want, "{codes:?} {text:?}");
        };
        check(&[sct(NO_KNOWN_ALLERGY)], None, Some(Denial::All));
        check(&[sct("160244002")], Some("Sin alergias conocidas"), Some(Denial::All));
        check(&[sct(NO_KNOWN_DRUG_ALLERGY)], Some("Keine"), Some(Denial::All));
        check(&[sct(NO_KNOWN_ALLERGY)], Some("Aucune allergie connue"), Some(Denial::All));
        check(&[sct(NO_KNOWN_ALLERGY)], Some("Geen bekende allergieën"), Some(Denial::All));
        check(&[sct(NO_KNOWN_ALLERGY)], Some("Keine bekannten Allergien."), Some(Denial::All));
        let full = (SNOMED_CT, NO_KNOWN_FOOD_ALLERGY, "No known food allergy (situation)");
        check(&[full], None, Some(Denial::Food));
        for code in ["716184000", "716220001", "428197003", "428607008"] {
            check(&[sct(code)], None, Some(Denial::Particular));
        }
        let name = "No known Hevea brasiliensis latex allergy (situation)";
        check(&[(SNOMED_CT, "1003774007", name)], None, Some(Denial::Particular));
        check(&[(SNOMED_CT, "1", "No known allergies")], None, Some(Denial::All));
        check(&[(SNOMED_CT, "1", "No known egg allergy")], None, Some(Denial::Particular));
        check(&[sct("764146007")], Some("No known allergies"), None);
        let local = |name| ("urn:x", "1", name);
        check(&[local("No known allergies")], None, Some(Denial::All));
        check(&[local("No known drug allergies")], Some("NKA"), Some(Denial::All));
        check(&[local("Penicillin")], Some("No known allergies"), None);
        check(&[local("No known allergies")], Some("Penicillin"), None);
        let bare = |system, code| (system, code, "");
        check(&[bare("urn:oid:1.2.3", "NKA")], Some("No Known Allergies"), Some(Denial::All));
        check(&[bare("urn:oid:1.2.3", "A17")], Some("No Known Allergies"), Some(Denial::All));
        check(&[bare("urn:oid:1.2.3", "penicillin")], Some("No Known Allergies"), None);
        check(&[bare(RXNORM, "7980")], Some("No Known Allergies"), None);
        let absent = (ABSENT_UNKNOWN, "no-known-allergies", "No known allergies");
        check(&[absent, sct(NO_KNOWN_ALLERGY)], None, Some(Denial::All));
        check(&[bare(ABSENT_UNKNOWN, "no-allergy-info")], None, Some(Denial::NotAsked));
        check(&[absent, sct(NO_KNOWN_ALLERGY), (RXNORM, "7980", "penicillin")], None, None);
    }

    #[test]
    fn what_stands_beside_the_code_of_a_denial_makes_it_doubtful() {
        let check = |codes: &[(&str, &str, &str)], text: Option<&str>| {
            let entry = coded(codes, text);
            assert_eq!(entry.denial(), None, "{codes:?} {text:?}");
            assert!(entry.is_doubtful() && !entry.is_plain_denial(), "{codes:?} {text:?}");
        };
        let (drugs, all) = (sct(NO_KNOWN_DRUG_ALLERGY), sct(NO_KNOWN_ALLERGY));
        for text in [
            "Penicillin",
            "NKDA; rash with penicillin",
            "NKDA aside from penicillin",
            "NKDA except penicillin",
            "No known allergies except penicillin",
            "Geen allergieën behalve penicilline",
            "Aucune allergie connue excepte\u{301} pénicilline",
            "Allergi mot penicillin",
        ] {
            check(&[drugs], Some(text));
            check(&[all], Some(text));
        }
        check(&[drugs, (RXNORM, "7980", "Penicillin G")], None);
        check(&[drugs, ("http://www.whocc.no/atc", "J01CA04", "")], None);
        check(&[drugs, ("urn:oid:2.16.840.1.113883.6.96", "764146007", "")], None);
        check(&[all, sct("764146007")], None);
        let display = "No known drug allergy except penicillin";
        check(&[(SNOMED_CT, NO_KNOWN_DRUG_ALLERGY, display)], Some("NKDA"));
        check(&[all, ("", "", "penicillin")], Some("No known allergies"));
    }

    #[test]
    fn what_happened_is_no_denial() {
        let check = |change: &dyn Fn(&mut AllergyIntolerance), want: bool| {
            for code in [
                CodeableConcept::from_text("NKDA"),
                CodeableConcept::from_text("Allergies not recorded"),
                CodeableConcept::from_coding(SNOMED_CT, NO_KNOWN_ALLERGY, "No known allergy"),
            ] {
                let mut entry = allergy(code);
                change(&mut entry);
                assert_eq!((entry.is_denial(), entry.is_doubtful()), (want, !want), "{entry:?}");
            }
        };
        check(&|_| (), true);
        check(&|entry| entry.criticality = Some(AllergyCriticality::High), false);
        check(&|entry| entry.criticality = Some(AllergyCriticality::Low), true);
        check(&|entry| entry.criticality = Some(AllergyCriticality::UnableToAssess), true);
        check(&|entry| entry.reaction = vec![Reaction::default()], false);
        check(&|entry| entry.note = Some("except penicillin, anaphylaxis 2019".to_owned()), false);
        check(&|entry| entry.note = Some("the mother was asked".to_owned()), true);
    }

    #[test]
    fn the_name_of_an_allergy_stands_before_that_of_a_denial() {
        let check = |codes: &[(&str, &str, &str)], text: Option<&str>, want: (&str, bool)| {
            let entry = coded(codes, text);
            assert_eq!((entry.label(), entry.is_plain_denial()), want);
        };
        let none = (SNOMED_CT, NO_KNOWN_ALLERGY, "No known allergy");
        check(&[none], None, ("No known allergy", true));
        check(&[none, (SNOMED_CT, "764146007", "Penicillin")], None, ("Penicillin", false));
        check(&[none], Some("Keine"), ("Keine", false));
        check(&[], Some("NKDA"), ("NKDA", false));
        check(&[], Some("Nil known"), ("Nil known", true));
    }

    #[test]
    fn what_denies_and_leaves_something_over_is_doubtful() {
        let check = |text: &str, want: bool| {
            let entry = allergy(CodeableConcept::from_text(text));
            assert_eq!(entry.is_doubtful(), want, "{text}");
        };
        check("NKDA except penicillin", true);
        check("No penicillin: allergy", true);
        check("NKDA", false);
        check("Not asked", false);
        check("Penicillin", false);
        check("Nonoxynol", false);
        let code = CodeableConcept::from_coding(SNOMED_CT, NO_KNOWN_ALLERGY, "None but latex");
        assert!(allergy(code).is_doubtful());
    }

    #[test]
    fn a_denial_denies_what_may_be_of_its_kind() {
        use AllergyCategory::{Biologic, Environment, Food, Medication};
        let check = |denial: Denial, want: [bool; 5]| {
            let kinds = [None, Some(Medication), Some(Biologic), Some(Food), Some(Environment)];
            assert_eq!(kinds.map(|kind| denial.may_deny(kind)), want, "{denial:?}");
        };
        check(Denial::All, [true; 5]);
        check(Denial::Drugs, [true, true, true, false, false]);
        check(Denial::Food, [true, false, false, true, false]);
        check(Denial::Particular, [false; 5]);
        check(Denial::NotAsked, [false; 5]);
    }
}
