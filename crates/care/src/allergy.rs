//! Whether one allergy speaks against one medicine.
//!
//! Policy: a penicillin for a patient allergic to another interrupts; a cephalosporin is judged
//! by its R1 side chain; a carbapenem is information; sulfonamide antibiotics and other
//! sulfonamides share nothing; painkillers that inhibit cyclooxygenase 1 share an allergy; opioids
//! share it within their chemical class. The same drug after a dangerous reaction blocks.
//! Sources stand with each [`Relation`].

use crate::drug::{DrugClass, Lexeme, Named, SideChain, name_of};
use clinical::{
    AlertTier, AllergyCriticality, AllergyIntolerance, CodeableConcept, Coding, ReactionSeverity,
};

/// How a medicine is related to what the patient is allergic to, closest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// It is or contains the very substance, or belongs to the family that was recorded.
    Same,
    /// It is another member of the class.
    SameClass,
    /// It is another class with the same R1 side chain.
    SharedSideChain,
    /// It inhibits the same enzyme, less strongly.
    WeakerInhibitor,
    /// It is a distant relative that is mostly tolerated.
    Distant,
}

/// What was found between one allergy and one medicine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllergyHit {
    /// The relation.
    pub relation: Relation,
    /// How loudly it is told.
    pub tier: AlertTier,
    /// The substance or family in the medicine: an INN, or the medicine's own words.
    pub drug: String,
    /// The substance or family in the allergy.
    pub allergen: String,
}

impl Relation {
    /// How loudly it is told; `dangerous` is whether the reaction may threaten life.
    pub fn tier(self, dangerous: bool) -> AlertTier {
        match (self, dangerous) {
            (Self::Same, true) => AlertTier::Block,
            (Self::Same, false) | (Self::SameClass, _) | (Self::SharedSideChain, true) => {
                AlertTier::Interrupt
            }
            (Self::SharedSideChain, false) | (Self::WeakerInhibitor, _) => AlertTier::Inline,
            (Self::Distant, _) => AlertTier::Info,
        }
    }

    /// Its stable name.
    pub fn code(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::SameClass => "same-class",
            Self::SharedSideChain => "side-chain",
            Self::WeakerInhibitor => "weaker-inhibitor",
            Self::Distant => "distant",
        }
    }

    /// Where the judgement comes from.
    pub fn source(self) -> &'static str {
        match self {
            Self::Same => "Recorded allergy to the same substance or family",
            Self::SameClass => "Product information: hypersensitivity to another of the class",
            Self::SharedSideChain | Self::Distant => {
                "Khan et al., Drug allergy: a 2022 practice parameter update, \
                 J Allergy Clin Immunol 2022;150:1333"
            }
            Self::WeakerInhibitor => "Kowalski et al., Allergy 2013;68:1219",
        }
    }
}

/// The closest relation between an allergy and a medicine; `None` when there is none, when the
/// allergy does not hold, or when it records an absence.
pub fn check_allergy(
    allergy: &AllergyIntolerance,
    medication: &CodeableConcept,
) -> Option<AllergyHit> {
    Heeded::of(allergy)?.check(medication, &name_of(medication))
}

/// An allergy made ready for comparing with many medicines.
pub(crate) struct Heeded<'a> {
    pub(crate) allergy: &'a AllergyIntolerance,
    named: Named,
    dangerous: bool,
}

impl<'a> Heeded<'a> {
    /// Reads an allergy; `None` when it does not hold or records an absence.
    pub(crate) fn of(allergy: &'a AllergyIntolerance) -> Option<Self> {
        if !allergy.holds() || allergy.is_denial() {
            return None;
        }
        // By the name that is shown: of two codes the other one may deny. What is excepted from a
        // denial may stand in its note.
        let text = Some(allergy.label().to_owned());
        let note = allergy.note.as_deref().filter(|_| allergy.is_doubtful());
        let note = note.map(|note| Coding::new("", "", note));
        let coding = allergy.code.coding.iter().cloned().chain(note).collect();
        let named = name_of(&CodeableConcept { text, coding });
        Some(Self { allergy, named, dangerous: is_dangerous(allergy) })
    }

    /// The closest relation to a medicine, which was read as `drug`.
    pub(crate) fn check(&self, medication: &CodeableConcept, drug: &Named) -> Option<AllergyHit> {
        let allergens = self.named.lexemes.iter();
        let pairs = allergens.flat_map(|a| drug.lexemes.iter().map(move |d| (a, d)));
        let known = pairs.filter_map(|(a, d)| Some((relation(a, d)?, d.label(), a.label())));
        match known.min() {
            Some((relation, drug, allergen)) => Some(self.hit(relation, drug, allergen)),
            None => same_words(&self.named, drug)
                .then(|| self.hit(Relation::Same, medication.label(), self.allergy.label())),
        }
    }

    fn hit(&self, relation: Relation, drug: &str, allergen: &str) -> AllergyHit {
        AllergyHit {
            relation,
            tier: relation.tier(self.dangerous),
            drug: drug.to_owned(),
            allergen: allergen.to_owned(),
        }
    }
}

/// Whether a reaction may threaten life: high criticality, a severe reaction, or anaphylaxis.
pub(crate) fn is_dangerous(allergy: &AllergyIntolerance) -> bool {
    let severe = |severity| severity == Some(ReactionSeverity::Severe);
    allergy.criticality == Some(AllergyCriticality::High)
        || allergy.reaction.iter().any(|reaction| {
            severe(reaction.severity) || reaction.manifestation.iter().any(is_anaphylaxis)
        })
}

fn is_anaphylaxis(sign: &CodeableConcept) -> bool {
    let label = sign.label().to_lowercase();
    sign.code_of(clinical::SNOMED_CT) == Some("39579001")
        || LIFE_THREATENING.iter().any(|word| label.contains(word))
}

const LIFE_THREATENING: [&str; 6] =
    ["anaphyla", "anafila", "anafyla", "angioedem", "angio-oedem", "анафил"];

pub(crate) fn relation(allergen: &Lexeme, drug: &Lexeme) -> Option<Relation> {
    let same = match (allergen, drug) {
        (Lexeme::Substance(a), Lexeme::Substance(d)) => a == d,
        (Lexeme::Family(family), drug) => {
            drug.classes().iter().any(|class| family.classes().contains(class))
        }
        (Lexeme::Substance(_), Lexeme::Family(_)) => false,
    };
    if same {
        return Some(Relation::Same);
    }
    let pairs =
        allergen.classes().iter().flat_map(|a| drug.classes().iter().map(move |d| (*a, *d)));
    pairs.filter_map(|(a, d)| across((a, chain(allergen)), (d, chain(drug)))).min()
}

/// The side chain of a substance; of "penicillin" alone that of the aminopenicillins, which are
/// what most people so labelled were given.
fn chain(lexeme: &Lexeme) -> SideChain {
    match lexeme {
        Lexeme::Substance(substance) => substance.side_chain,
        Lexeme::Family(crate::Family::Penicillins) => SideChain::Aminobenzyl,
        Lexeme::Family(_) => SideChain::Own,
    }
}

fn across(
    (allergen, allergen_chain): (DrugClass, SideChain),
    (drug, drug_chain): (DrugClass, SideChain),
) -> Option<Relation> {
    use DrugClass::{
        Alone, Aminoglycoside, Carbapenem, Cephalosporin, Glycopeptide, Lincosamide, Macrolide,
        Monobactam, Nitroimidazole, Nsaid, NsaidCox2Preferring, NsaidCox2Selective,
        OpioidDiphenylheptane, OpioidPhenanthrene, OpioidPhenylpiperidine, OpioidPhenylpropylamine,
        Penicillin, Quinolone, SulfonamideAntibiotic, SulfonamideOther, Tetracycline,
    };
    let shared = allergen_chain == drug_chain && drug_chain != SideChain::Own;
    let by_chain = if shared { Relation::SharedSideChain } else { Relation::Distant };
    let is = |some: &[DrugClass]| some.contains(&drug);
    match allergen {
        Alone | SulfonamideOther => None,
        Penicillin if is(&[Cephalosporin]) => Some(by_chain),
        Cephalosporin if is(&[Cephalosporin, Penicillin]) => Some(by_chain),
        Cephalosporin if shared && is(&[Monobactam]) => Some(Relation::SharedSideChain),
        Monobactam if shared && is(&[Cephalosporin]) => Some(Relation::SharedSideChain),
        Penicillin | Cephalosporin if is(&[Carbapenem]) => Some(Relation::Distant),
        Carbapenem if is(&[Penicillin, Cephalosporin]) => Some(Relation::Distant),
        Nsaid if is(&[NsaidCox2Preferring]) => Some(Relation::WeakerInhibitor),
        NsaidCox2Preferring if is(&[Nsaid]) => Some(Relation::WeakerInhibitor),
        Nsaid | NsaidCox2Preferring if is(&[NsaidCox2Selective]) => Some(Relation::Distant),
        Penicillin
        | Cephalosporin
        | Carbapenem
        | Monobactam
        | SulfonamideAntibiotic
        | Macrolide
        | Lincosamide
        | Tetracycline
        | Quinolone
        | Aminoglycoside
        | Nitroimidazole
        | Glycopeptide
        | Nsaid
        | NsaidCox2Preferring
        | NsaidCox2Selective
        | OpioidPhenanthrene
        | OpioidPhenylpiperidine
        | OpioidDiphenylheptane
        | OpioidPhenylpropylamine => is(&[allergen]).then_some(Relation::SameClass),
    }
}

/// The letters a word must have before a chance likeness stops mattering.
const LETTERS_MIN: usize = 3;

/// Outside the tables: the same code, or all words of a name of the allergy in a row in the
/// medicine.
fn same_words(allergen: &Named, drug: &Named) -> bool {
    if allergen.codes.intersection(&drug.codes).next().is_some() {
        return true;
    }
    let own = allergen.lexemes.is_empty().then_some(&allergen.words);
    let mut names = own.into_iter().chain(&allergen.others);
    names.any(|name| in_a_row(name, &drug.words))
}

fn in_a_row(name: &[String], words: &[String]) -> bool {
    let letters: usize = name.iter().map(|word| word.chars().count()).sum();
    letters >= LETTERS_MIN && words.windows(name.len().max(1)).any(|run| run == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{allergy, dangerous};
    use AlertTier::{Block, Info, Inline, Interrupt};

    fn check(allergen: &str, drug: &str, mild: Option<AlertTier>, severe: Option<AlertTier>) {
        let drug = CodeableConcept::from_text(drug);
        let tier = |allergy| check_allergy(&allergy, &drug).map(|hit| hit.tier);
        assert_eq!(tier(allergy(1, allergen)), mild, "{allergen} and {}", drug.label());
        assert_eq!(tier(dangerous(1, allergen)), severe, "{allergen}! and {}", drug.label());
    }

    /// The policy of the module, line by line; side chains of Khan 2022.
    #[test]
    fn beta_lactams() {
        check("Penicillin", "Amoxicillin 500 mg capsule", Some(Interrupt), Some(Block));
        check("penicillin", "co-amoxiclav", Some(Interrupt), Some(Block));
        check("Amoxicillin", "amoxycillin 250mg/5ml", Some(Interrupt), Some(Block));
        check("Augmentin", "amoxicillin", Some(Interrupt), Some(Block));
        check("penicillin V", "amoxicillin", Some(Interrupt), Some(Interrupt));
        check("ampicillin", "benzylpenicillin", Some(Interrupt), Some(Interrupt));
        check("amoxicillin", "penicillin", Some(Interrupt), Some(Interrupt));
        check("amoxicillin", "cephalexin 500mg", Some(Inline), Some(Interrupt));
        check("ampicillin", "cefaclor", Some(Inline), Some(Interrupt));
        check("cefadroxil", "amoxicillin", Some(Inline), Some(Interrupt));
        check("penicillin", "cefalexin", Some(Inline), Some(Interrupt));
        check("penicillin", "ceftriaxone 1 g IV", Some(Info), Some(Info));
        check("amoxicillin", "cefazolin", Some(Info), Some(Info));
        check("benzylpenicillin", "cefalexin", Some(Info), Some(Info));
        check("ceftriaxone", "cefotaxime", Some(Inline), Some(Interrupt));
        check("ceftriaxone", "cefazolin", Some(Info), Some(Info));
        check("cephalosporins", "cefixime", Some(Interrupt), Some(Block));
        check("penicillin", "meropenem", Some(Info), Some(Info));
        check("meropenem", "imipenem", Some(Interrupt), Some(Interrupt));
        check("ceftazidime", "aztreonam", Some(Inline), Some(Interrupt));
        check("penicillin", "aztreonam", None, None);
        check("beta-lactam antibiotics", "cefalexin", Some(Interrupt), Some(Block));
        check("penicillin", "azithromycin", None, None);
        check("penicillin", "penicillamine", None, None);
        check("penicillamine", "penicillin", None, None);
        check("tazobactam", "clavulanic acid", None, None);
    }

    /// The names of a file that wrote two substances in one place.
    #[test]
    fn of_two_substances_both_are_heeded() {
        let mut code = CodeableConcept::from_text(
            "substance unclear: penicillin or artemether as written in the file",
        );
        code.coding = ["penicillin", "artemether"].map(|name| Coding::new("", "", name)).to_vec();
        let check = |drug: &str, want: Option<AlertTier>| {
            let allergy = AllergyIntolerance { code: code.clone(), ..allergy(1, "") };
            let hit = check_allergy(&allergy, &CodeableConcept::from_text(drug));
            assert_eq!(hit.map(|hit| hit.tier), want, "{drug}");
        };
        check("amoxicillin", Some(Interrupt));
        check("Artemether 20 mg tablet", Some(Interrupt));
        check("substance", None);
        check("quinine", None);
    }

    #[test]
    fn sulfonamides() {
        check("sulfa", "co-trimoxazole", Some(Interrupt), Some(Block));
        check("Bactrim", "trimethoprim", Some(Interrupt), Some(Block));
        check("sulfamethoxazole", "sulfadiazine", Some(Interrupt), Some(Interrupt));
        check("sulfa", "furosemide", None, None);
        check("co-trimoxazole", "hydrochlorothiazide", None, None);
        check("sulfonamide", "celecoxib", None, None);
        check("furosemide", "co-trimoxazole", None, None);
        check("furosemide", "frusemide 40 mg", Some(Interrupt), Some(Block));
        check("furosemide", "bumetanide", None, None);
        check("sulfa", "morphine sulphate", None, None);
    }

    #[test]
    fn painkillers() {
        check("aspirin", "ibuprofen 400 mg", Some(Interrupt), Some(Interrupt));
        check("NSAIDs", "diclofenac", Some(Interrupt), Some(Block));
        check("ibuprofen", "ASA", Some(Interrupt), Some(Interrupt));
        check("ibuprofen", "meloxicam", Some(Inline), Some(Inline));
        check("NSAID", "celecoxib", Some(Info), Some(Info));
        check("aspirin", "paracetamol", None, None);
        check("acetaminophen", "Paracetamol 1 g", Some(Interrupt), Some(Block));
        check("paracetamol", "co-codamol 8/500", Some(Interrupt), Some(Block));
        check("codeine", "morphine sulfate 10 mg", Some(Interrupt), Some(Interrupt));
        check("codeine", "fentanyl", None, None);
        check("pethidine", "fentanyl", Some(Interrupt), Some(Interrupt));
        check("tramadol", "codeine", None, None);
        check("opiates", "tramadol", Some(Interrupt), Some(Block));
    }

    #[test]
    fn other_antibiotics() {
        check("erythromycin", "azithromycin", Some(Interrupt), Some(Interrupt));
        check("cipro", "levofloxacin", Some(Interrupt), Some(Interrupt));
        check("gentamicin", "amikacin", Some(Interrupt), Some(Interrupt));
        check("doxycycline", "minocycline", Some(Interrupt), Some(Interrupt));
        check("metronidazole", "tinidazole", Some(Interrupt), Some(Interrupt));
        check("clindamycin", "erythromycin", None, None);
        check("vancomycin", "vancomycin", Some(Interrupt), Some(Block));
    }

    #[test]
    fn what_the_tables_do_not_hold_is_compared_by_its_words_and_codes() {
        check("Artemether", "artemether-lumefantrine 20/120 mg", Some(Interrupt), Some(Block));
        check("青蒿素", "青蒿素", Some(Interrupt), Some(Block));
        check("Lisinopril", "Lisinopril 10 MG Oral Tablet", Some(Interrupt), Some(Block));
        check("Lisinopril", "enalapril", None, None);
        check("Allergy to substance", "Oral tablet", None, None);
        check("", "", None, None);
        check("dust", "amoxicillin", None, None);
        let mut coded = allergy(1, "Kodein");
        coded.code = CodeableConcept::from_coding("urn:x", "7", "ours");
        let drug = CodeableConcept::from_coding("urn:x", "7", "theirs");
        assert_eq!(check_allergy(&coded, &drug).map(|hit| hit.tier), Some(Interrupt));
        let other = CodeableConcept::from_coding("urn:y", "7", "theirs");
        assert_eq!(check_allergy(&coded, &other), None);
    }

    #[test]
    fn codes_alone_are_enough() {
        let bare = |system: &str, code: &str| CodeableConcept {
            coding: vec![Coding { system: system.into(), code: code.into(), display: None }],
            text: None,
        };
        let mut penicillin = allergy(1, "");
        penicillin.code = bare(clinical::SNOMED_CT, "764146007");
        let drug = bare("http://www.whocc.no/atc", "J01CR02");
        assert_eq!(check_allergy(&penicillin, &drug).map(|hit| hit.tier), Some(Interrupt));
    }

    #[test]
    fn a_denial_and_what_no_longer_holds_say_nothing() {
        // Of what is denied nothing can be dangerous: that tells of an allergy.
        check("No known penicillin allergy", "amoxicillin", None, Some(Block));
        check("NKDA", "amoxicillin", None, None);
        check("No information about allergies", "amoxicillin", None, None);
        // What is denied except for something is an allergy to that.
        check("NKDA except penicillin", "amoxicillin", Some(Interrupt), Some(Block));
        let sulfa = "No known drug allergies except sulfa";
        check(sulfa, "co-trimoxazole", Some(Interrupt), Some(Block));
        check("None, but rash with amoxicillin", "amoxicillin", Some(Interrupt), Some(Block));
        let hives = "Denies food allergies; penicillin: hives";
        check(hives, "amoxicillin", Some(Interrupt), Some(Block));
        check("No penicillin: allergy", "amoxicillin", Some(Interrupt), Some(Block));
        check("No-Spa", "No-spa forte 80 mg", Some(Interrupt), Some(Block));
        check("No known severe amoxicillin allergy", "amoxicillin", Some(Interrupt), Some(Block));
        check("NKDA aside from penicillin", "amoxicillin", Some(Interrupt), Some(Block));
        let drug = CodeableConcept::from_text("amoxicillin");
        let noted = |note: &str| {
            let note = Some(note.to_owned());
            check_allergy(&AllergyIntolerance { note, ..allergy(1, "NKDA") }, &drug)
        };
        assert_eq!(noted("except penicillin, 2019").map(|hit| hit.tier), Some(Interrupt));
        assert_eq!(noted("the mother was asked"), None);
        let mut refuted = dangerous(1, "penicillin");
        refuted.verification_status = clinical::VerificationStatus::Refuted;
        assert_eq!(check_allergy(&refuted, &CodeableConcept::from_text("amoxicillin")), None);
    }

    #[test]
    fn beside_the_code_of_a_denial_the_substance_is_heeded() {
        let none = Coding::new(clinical::SNOMED_CT, clinical::NO_KNOWN_ALLERGY, "No known allergy");
        let check = |other: Option<Coding>, text: Option<&str>, drug: &str, allergen: &str| {
            let coding = [Some(none.clone()), other].into_iter().flatten().collect();
            let code = CodeableConcept { coding, text: text.map(str::to_owned) };
            let entry = AllergyIntolerance { code, ..allergy(1, "") };
            let hit = check_allergy(&entry, &CodeableConcept::from_text(drug));
            assert_eq!(hit.map(|hit| hit.allergen).as_deref(), Some(allergen), "{entry:?}");
        };
        check(None, Some("Penicillin"), "amoxicillin", "penicillins");
        let atc = Coding::new("http://www.whocc.no/atc", "J01CA04", "");
        check(Some(atc), None, "amoxicillin", "amoxicillin");
        let local = Coding::new("urn:x", "7", "Quinine");
        check(Some(local), None, "quinine 300 mg", "Quinine");
    }

    #[test]
    fn danger_is_read_from_every_place_that_tells_it() {
        let check = |sign: &str, severity, want| {
            let mut allergy = allergy(1, "penicillin");
            let manifestation = vec![CodeableConcept::from_text(sign)];
            allergy.reaction = vec![clinical::Reaction { manifestation, severity }];
            assert_eq!(is_dangerous(&allergy), want, "{sign}");
        };
        check("rash", None, false);
        check("Anaphylactic shock", None, true);
        check("anafilaxia", None, true);
        check("angio-oedema", Some(ReactionSeverity::Severe), true);
        check("angioedema", None, true);
        check("rash", Some(ReactionSeverity::Moderate), false);
    }
}
