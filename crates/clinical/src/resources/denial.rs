//! What says that there are no allergies: codes of SNOMED CT, and the words people write.

use super::{AllergyCategory, AllergyIntolerance, NO_KNOWN_ALLERGY, SNOMED_CT};
use crate::CodeableConcept;

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
    /// anything over that does not deny: `NKDA except penicillin`, or the code of a denial beside
    /// that of a substance.
    pub fn denial(&self) -> Option<Denial> {
        let (known, other): (Vec<_>, Vec<_>) = codes(&self.code).partition(Option::is_some);
        match known.into_iter().flatten().min() {
            Some(_) if !other.is_empty() || has_exception(self.code.label()) => None,
            Some(denial) => Some(denial),
            None if other.is_empty() => worded(&self.code),
            None => None,
        }
    }

    /// Whether it stands in the place of an allergy, whatever it denies.
    pub fn is_denial(&self) -> bool {
        self.denial().is_some()
    }

    /// Whether it denies something and is no denial: which allergies it means is not certain.
    pub fn is_doubtful(&self) -> bool {
        let label = self.code.label().to_lowercase();
        let begins = words(&label).next().and_then(word_of).is_some_and(Word::denies);
        (begins || codes(&self.code).flatten().next().is_some()) && !self.is_denial()
    }
}

/// What each code of SNOMED CT denies.
fn codes(code: &CodeableConcept) -> impl Iterator<Item = Option<Denial>> {
    let known = code.coding.iter().filter(|coding| coding.system == SNOMED_CT);
    known.map(|coding| of_code(&coding.code))
}

/// The denials of FHIR's value set `allergyintolerance-code`, and of its first edition.
fn of_code(code: &str) -> Option<Denial> {
    match code {
        NO_KNOWN_ALLERGY | "160244002" => Some(Denial::All),
        NO_KNOWN_DRUG_ALLERGY => Some(Denial::Drugs),
        NO_KNOWN_FOOD_ALLERGY => Some(Denial::Food),
        // To what is in the surroundings; to latex.
        "428607008" | "716184000" => Some(Denial::Particular),
        _ => None,
    }
}

/// By its words: also the name of every code that is not known here must deny.
fn worded(code: &CodeableConcept) -> Option<Denial> {
    let names = code.coding.iter().map(|coding| sentence(coding.display.as_deref()?));
    let all: Option<Vec<Denial>> = names.chain([sentence(code.label())]).collect();
    all?.into_iter().min()
}

/// Denials and nothing else: `NKDA. No known food allergies`.
fn sentence(text: &str) -> Option<Denial> {
    let text = text.to_lowercase().replace(" - ", ":").replace(['–', '—'], ":");
    let clauses = text.split([',', ';', '.', '/', '(', ')', '\n']);
    let clauses = clauses.filter(|clause| words(clause).next().is_some()).map(clause);
    let all: Option<Vec<Denial>> = clauses.collect();
    all.filter(|_| !text.contains('?'))?.into_iter().min()
}

/// One denial: `no known drug allergies`, `allergies: none`, `no known latex allergy`.
fn clause(text: &str) -> Option<Denial> {
    // "No drugs: allergy" is an order and its reason.
    let heading = text.rsplit_once(':').map_or("", |(heading, _)| heading);
    if words(heading).filter_map(word_of).any(Word::denies) {
        return None;
    }
    let known: Option<Vec<Word>> = words(text).map(word_of).collect();
    known.map_or_else(|| particular(text), |words| general(&words))
}

fn general(all: &[Word]) -> Option<Denial> {
    let count = |word: Word| all.iter().filter(|one| **one == word).count();
    let at = all.iter().position(|word| word.denies())?;
    let (before, after) = (all.get(..at)?, all.get(at + 1..)?);
    // "Known drug allergy no food" and "no drug allergy food allergy" may say either.
    let stands_first = before.iter().all(|word| *word == Word::Who);
    let stands_last = !before.contains(&Word::Known)
        && after.iter().all(|word| matches!(word, Word::Known | Word::Asked | Word::Filler));
    let is_one = !after.iter().any(|word| word.denies())
        && count(Word::Allergy) <= count(Word::Or) + 1
        && (stands_first || stands_last);
    let what = match () {
        () if count(Word::Drug) > 0 => Denial::Drugs,
        () if count(Word::Food) > 0 => Denial::Food,
        () => Denial::All,
    };
    let says_what = all.len() == 1 || count(Word::Allergy) + count(Word::Known) > 0;
    let denied = match all.get(at)? {
        _ if count(Word::Asked) > 0 => Some(Denial::NotAsked),
        Word::Short(denial) => after.is_empty().then_some(*denial),
        Word::No => says_what.then_some(what),
        Word::Not
        | Word::Allergy
        | Word::Known
        | Word::Drug
        | Word::Food
        | Word::Asked
        | Word::Who
        | Word::Or
        | Word::Filler => None,
    };
    denied.filter(|_| is_one)
}

/// `No known latex allergy`. Any other sign or word in it may tell of another allergy.
fn particular(text: &str) -> Option<Denial> {
    let is_plain = text.chars().all(|sign| sign.is_alphanumeric() || " -'’".contains(sign));
    let words: Vec<&str> = words(text).collect();
    let [no, known, named @ .., last] = words.as_slice() else { return None };
    let is_name = |word: &&str| word_of(word).is_none() && !is_link(word);
    let is_named = (1..=NAMED_MAX).contains(&named.len()) && named.iter().all(is_name);
    let shape = [no, known, last].map(|word| word_of(word));
    let is_shape = shape == [Some(Word::No), Some(Word::Known), Some(Word::Allergy)];
    (is_plain && is_named && is_shape).then_some(Denial::Particular)
}

fn has_exception(text: &str) -> bool {
    words(&text.to_lowercase()).any(is_exception)
}

/// What follows such a word is not denied; in the languages that the words of a code come in.
fn is_exception(word: &str) -> bool {
    let english =
        ["except", "excepting", "excluding", "but", "apart", "besides", "unless", "other"];
    let french = ["sauf", "hormis", "excepté", "mais"];
    let others = ["excepto", "exceto", "salvo", "pero", "mas", "außer", "ausser", "aber", "tranne"];
    english.contains(&word) || french.contains(&word) || others.contains(&word)
}

/// What joins something else to a name.
fn is_link(word: &str) -> bool {
    is_exception(word) || ["and", "only", "than", "with", "without"].contains(&word)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// A word that denials are made of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    /// A denial by itself.
    Short(Denial),
    No,
    Not,
    Allergy,
    Known,
    Drug,
    Food,
    /// What is missing where nobody asked.
    Asked,
    Who,
    Or,
    Filler,
}

impl Word {
    fn denies(self) -> bool {
        matches!(self, Self::Short(_) | Self::No | Self::Not)
    }
}

/// A word in English or French, in lower case. What is in no list leaves something over.
fn word_of(word: &str) -> Option<Word> {
    Some(match word {
        "nka" => Word::Short(Denial::All),
        "nkda" | "nkma" => Word::Short(Denial::Drugs),
        "nkfa" => Word::Short(Denial::Food),
        "no" | "none" | "nil" | "denies" | "denied" | "aucun" | "aucune" | "pas" => Word::No,
        "not" | "non" => Word::Not,
        "allergy" | "allergies" | "intolerance" | "intolerances" | "reaction" | "reactions"
        | "sensitivity" | "sensitivities" | "allergie" => Word::Allergy,
        "known" | "any" | "reported" | "connue" | "connues" => Word::Known,
        "drug" | "drugs" | "medication" | "medications" | "medicine" | "medicines"
        | "médicament" | "médicaments" | "médicamenteuse" | "médicamenteuses" => Word::Drug,
        "food" | "foods" | "alimentaire" | "alimentaires" => Word::Food,
        "information" | "history" | "recorded" | "documented" | "available" | "asked" | "notée"
        | "notées" | "demandé" | "renseigné" | "renseignées" => Word::Asked,
        "patient" | "has" | "reports" => Word::Who,
        "or" | "ou" => Word::Or,
        "adverse" | "allergic" | "to" | "of" | "about" | "on" | "at" | "all" | "yet" | "d"
        | "de" | "aux" | "sur" | "les" => Word::Filler,
        _ => return None,
    })
}

/// The words of a name of one substance or kind.
const NAMED_MAX: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AllergyDraft, AllergyIntoleranceId, Coding};

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
        let particular = ["No known penicillin allergy", "no known bee venom allergy"];
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

    #[test]
    fn a_code_denies_where_nothing_beside_it_says_otherwise() {
        let check = |codes: &[(&str, &str, &str)], text: Option<&str>, want: Option<Denial>| {
            let coding = codes.iter().map(|(system, code, name)| Coding::new(system, code, name));
            let text = text.map(str::to_owned);
            let entry = allergy(CodeableConcept { coding: coding.collect(), text });
            assert_eq!(entry.denial(), want, "{codes:?} {:?}", entry.code.text);
        };
        let sct = |code| (SNOMED_CT, code, "-");
        check(&[sct(NO_KNOWN_ALLERGY)], None, Some(Denial::All));
        check(&[sct("160244002")], Some("Sin alergias conocidas"), Some(Denial::All));
        check(&[sct(NO_KNOWN_DRUG_ALLERGY)], Some("Keine"), Some(Denial::Drugs));
        check(&[sct(NO_KNOWN_FOOD_ALLERGY)], None, Some(Denial::Food));
        check(&[sct("716184000")], None, Some(Denial::Particular));
        check(&[sct(NO_KNOWN_DRUG_ALLERGY)], Some("NKDA except penicillin"), None);
        check(&[sct(NO_KNOWN_ALLERGY), sct("764146007")], None, None);
        check(&[sct("764146007")], Some("No known allergies"), None);
        let local = |name| ("urn:x", "1", name);
        check(&[local("No known allergies")], None, Some(Denial::All));
        check(&[local("No known drug allergies")], Some("NKA"), Some(Denial::All));
        check(&[local("Penicillin")], Some("No known allergies"), None);
        check(&[local("No known allergies")], Some("Penicillin"), None);
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
