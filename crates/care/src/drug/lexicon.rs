//! Reads what people type for the substances and families it names.

use super::{DrugClass, Family, Substance, by_inn, codes, products::PRODUCTS, substances};
use crate::text::words;
use clinical::CodeableConcept;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

/// One thing a text or a code names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lexeme {
    /// A substance of the tables.
    Substance(&'static Substance),
    /// A family of substances.
    Family(Family),
}

impl Lexeme {
    /// What it is called in English.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Substance(substance) => substance.inn,
            Self::Family(family) => family.label(),
        }
    }

    /// The classes it belongs to or means.
    pub fn classes(&self) -> &[DrugClass] {
        match self {
            Self::Substance(substance) => std::slice::from_ref(&substance.class),
            Self::Family(family) => family.classes(),
        }
    }
}

/// What the words and codes of a concept name: sorted by label, each once. Several for a product
/// of several substances; none when nothing is in the tables.
pub fn recognise(concept: &CodeableConcept) -> Vec<Lexeme> {
    let displays = concept.coding.iter().filter_map(|coding| coding.display.as_deref());
    let mut named: Vec<Lexeme> = displays.chain(concept.text.as_deref()).flat_map(read).collect();
    named.extend(concept.coding.iter().flat_map(codes::meaning));
    named.sort_by_key(Lexeme::label);
    named.dedup();
    named
}

/// A concept as the rules compare it: by what it names in the tables, else by its own words and
/// codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    /// What is in the tables.
    pub(crate) lexemes: Vec<Lexeme>,
    /// The words of its label but for strengths, forms and fillers.
    pub(crate) words: Vec<String>,
    /// The words of each name it has besides that no code stands for: of two substances written
    /// in one place, either may be meant.
    pub(crate) others: Vec<Vec<String>>,
    /// `system|code` of each coding that has both.
    pub(crate) codes: BTreeSet<String>,
}

/// Reads a concept for comparing.
pub(crate) fn name_of(concept: &CodeableConcept) -> Named {
    let whole = concept.coding.iter().filter(|c| !c.system.is_empty() && !c.code.is_empty());
    let bare = concept.coding.iter().filter(|c| c.system.is_empty() && c.code.is_empty());
    let others = bare.filter_map(|coding| coding.display.as_deref());
    Named {
        others: others.filter(|name| read(name).is_empty()).map(name_words).collect(),
        lexemes: recognise(concept),
        words: name_words(concept.label()),
        codes: whole.map(|c| format!("{}|{}", c.system, c.code)).collect(),
    }
}

type Phrases = BTreeMap<String, Vec<(Vec<String>, Vec<Lexeme>)>>;

/// Every name by its first word, longest phrase first.
static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    let mut phrases = Phrases::new();
    for (name, meaning) in entries() {
        let phrase = words(name);
        if let Some(first) = phrase.first() {
            phrases.entry(first.clone()).or_default().push((phrase, meaning));
        }
    }
    for of_one in phrases.values_mut() {
        of_one.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
    }
    phrases
});

fn entries() -> Vec<(&'static str, Vec<Lexeme>)> {
    let mut entries = Vec::new();
    for substance in substances() {
        let names = substance.names.iter().copied().chain([substance.inn]);
        entries.extend(names.map(|name| (name, vec![Lexeme::Substance(substance)])));
    }
    for product in PRODUCTS {
        let parts = product.substances.iter().filter_map(|inn| by_inn(inn));
        let meaning: Vec<_> = parts.map(Lexeme::Substance).collect();
        entries.extend(product.names.iter().map(|name| (*name, meaning.clone())));
    }
    for (family, names) in Family::ALL {
        entries.extend(names.iter().map(|name| (*name, vec![Lexeme::Family(family)])));
    }
    entries
}

/// The longest names from left to right; "penicillin-free" and "non-penicillin" name nothing.
fn read(text: &str) -> Vec<Lexeme> {
    let words = words(text);
    let mut rest = words.as_slice();
    let mut named = Vec::new();
    let mut excluded = false;
    while let Some(first) = rest.first() {
        let (length, meaning) = match longest(rest) {
            Some((phrase, meaning)) => (phrase.len(), meaning.as_slice()),
            None => (1, [].as_slice()),
        };
        let followed = rest.get(length).is_some_and(|word| word == "fre");
        if !excluded && !followed {
            named.extend_from_slice(meaning);
        }
        excluded = first == "non" && meaning.is_empty();
        rest = rest.get(length..).unwrap_or_default();
    }
    named
}

fn longest(rest: &[String]) -> Option<&'static (Vec<String>, Vec<Lexeme>)> {
    PHRASES.get(rest.first()?)?.iter().find(|(phrase, _)| rest.starts_with(phrase))
}

/// The words that name the thing: without numbers, units, forms, salts and fillers; with the
/// salts when nothing else remains ("potassium chloride").
fn name_words(text: &str) -> Vec<String> {
    let digit = |word: &String| word.chars().any(char::is_numeric);
    let all: Vec<String> =
        words(text).into_iter().filter(|w| !digit(w) && !FILLERS.contains(w)).collect();
    let bare: Vec<String> = all.iter().filter(|w| !SALTS.contains(*w)).cloned().collect();
    if bare.is_empty() { all } else { bare }
}

/// Whether a word names the salt of a substance.
pub(crate) fn is_salt(word: &str) -> bool {
    let words = words(word);
    !words.is_empty() && words.iter().all(|word| SALTS.contains(word))
}

fn spelt(list: &str) -> BTreeSet<String> {
    words(list).into_iter().collect()
}

static FILLERS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    spelt(
        "mg mcg ug g kg ml l iu unit units unt mmol percent tablet tab capsule cap caplet syrup \
         suspension solution injection injectable vial ampoule amp cream ointment gel drops spray \
         inhaler inhalation suppository powder sachet oral iv im sc po topical film coated slow \
         extended release retard sr xr er forte ds pack hr actuat the a of to and with for in \
         allergy allergic allergies intolerance hypersensitivity adverse reaction drug medication \
         medicine substance product antibiotic antibiotics containing finding disorder",
    )
});

static SALTS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    spelt(
        "sodium potassium calcium magnesium hydrochloride hcl chloride sulfate sulphate phosphate \
         maleate mesylate besylate besilate tartrate succinate fumarate citrate acetate nitrate \
         bromide bitartrate monohydrate trihydrate anhydrous",
    )
});

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, want: &[&str]) {
        let got = recognise(&CodeableConcept::from_text(text));
        let got: Vec<_> = got.iter().map(Lexeme::label).collect();
        assert_eq!(got, want, "{text}");
    }

    #[test]
    fn names_are_read_as_people_type_them() {
        for amoxicillin in [
            "Amoxicillin 500 mg capsule",
            "AMOXYCILLIN",
            "amoxicillin500mg",
            "Amoxicilina 500mg cápsulas",
            "amoksisilin",
            "Allergy to amoxicillin (finding)",
            "tab. amox tds",
            "Амоксициллин 500 мг",
        ] {
            check(amoxicillin, &["amoxicillin"]);
        }
        for both in ["co-amoxiclav 625", "Augmentin", "Amoxicillin 250 MG / Clavulanate 125 MG"] {
            check(both, &["amoxicillin", "clavulanic acid"]);
        }
        for both in ["Co-trimoxazole 480mg", "TMP-SMX DS", "SMZ/TMP", "kotrimoksazol", "Bactrim"] {
            check(both, &["sulfamethoxazole", "trimethoprim"]);
        }
        check("acetaminophen 325 MG Oral Tablet [Tylenol]", &["paracetamol"]);
        check("Co-codamol 30/500", &["codeine", "paracetamol"]);
        check("cephalexin", &["cefalexin"]);
        check("Penicillin V Potassium 250 MG Oral Tablet", &["phenoxymethylpenicillin"]);
        check("benzathine benzylpenicillin 2.4 MU", &["benzylpenicillin"]);
        check("Medikamentenunverträglichkeit: Penicillin", &["penicillins"]);
        check("penicillins", &["penicillins"]);
        check("sulfa drugs", &["sulfonamide antibiotics"]);
        check("Sulphonamides", &["sulfonamide antibiotics"]);
        check("NSAIDs", &["NSAIDs"]);
        check("menthol and methyl salicylate", &["methyl salicylate"]);
        check("ASA 100 mg", &["acetylsalicylic acid"]);
        check("बच्चों को पेनिसिलिन", &["penicillins"]);
    }

    #[test]
    fn look_alikes_are_not_mistaken() {
        check("Penicillamine 250 mg", &["penicillamine"]);
        check("5-ASA", &["mesalazine"]);
        check("morphine sulfate", &["morphine"]);
        check("Apomorphine", &["apomorphine"]);
        for nothing in [
            "sulfur",
            "sulfite",
            "ferrous sulfate",
            "iodine",
            "insulin pen",
            "non-penicillin",
            "penicillin-free",
            "Penicillium",
            "",
            "mg",
            "aspiration",
            "cocaine",
            "Epi-Pen",
        ] {
            check(nothing, &[]);
        }
        check("sugar-free paracetamol", &["paracetamol"]);
    }

    #[test]
    fn no_name_means_two_things() {
        let mut seen: BTreeMap<Vec<String>, (&str, Vec<Lexeme>)> = BTreeMap::new();
        for (name, meaning) in entries() {
            assert!(!words(name).is_empty(), "{name}");
            assert!(!meaning.is_empty(), "{name}");
            if let Some((other, known)) = seen.insert(words(name), (name, meaning.clone())) {
                assert_eq!(known, meaning, "{name} and {other}");
            }
        }
        for product in PRODUCTS {
            assert!(product.substances.iter().all(|inn| by_inn(inn).is_some()));
        }
    }

    #[test]
    fn strengths_forms_and_salts_are_no_part_of_a_name() {
        let check = |text: &str, want: &[&str]| assert_eq!(name_words(text), want, "{text}");
        check("Amlodipine besilate 5 mg tablets", &["amlodipin"]);
        check("Potassium chloride", &["potasi", "chlorid"]);
        check("Allergy to latex", &["latex"]);
    }
}
