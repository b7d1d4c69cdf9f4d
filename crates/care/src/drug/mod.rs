//! Substances, the classes that matter for allergies, and how they are recognised.
//!
//! The tables hold facts typed by us: international non-proprietary names, the spellings people
//! use, single ATC and RxNorm codes. They cover the antibiotics and painkillers of a small
//! clinic; any other medicine is compared by its words and codes alone.

mod analgesics;
mod antibiotics;
mod child;
mod codes;
mod controlled;
mod family;
mod generic;
mod lexicon;
mod products;
mod usual;

pub(crate) use child::{FOR_NO_CHILD, ForNoChild, Under};
pub use controlled::is_controlled;
pub use family::Family;
pub use generic::in_small_letters;
pub use lexicon::{Lexeme, recognise};
pub(crate) use lexicon::{Named, is_salt, name_of};
pub(crate) use usual::{USUAL, Usual};

/// A class whose members can share an allergy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DrugClass {
    /// Penicillins, aminopenicillins and isoxazolyl penicillins alike.
    Penicillin,
    /// Cephalosporins of every generation.
    Cephalosporin,
    /// Carbapenems.
    Carbapenem,
    /// Monobactams.
    Monobactam,
    /// Sulfonamides with an arylamine: the antibiotics, and sulfasalazine.
    SulfonamideAntibiotic,
    /// Macrolides.
    Macrolide,
    /// Lincosamides.
    Lincosamide,
    /// Tetracyclines.
    Tetracycline,
    /// Quinolones.
    Quinolone,
    /// Aminoglycosides.
    Aminoglycoside,
    /// Nitroimidazoles.
    Nitroimidazole,
    /// Glycopeptides.
    Glycopeptide,
    /// Aspirin and the painkillers that inhibit cyclooxygenase 1 strongly.
    Nsaid,
    /// Painkillers that prefer cyclooxygenase 2 (meloxicam, nimesulide).
    NsaidCox2Preferring,
    /// Painkillers that inhibit cyclooxygenase 2 alone.
    NsaidCox2Selective,
    /// Opioids like morphine.
    OpioidPhenanthrene,
    /// Opioids like pethidine and fentanyl.
    OpioidPhenylpiperidine,
    /// Opioids like methadone.
    OpioidDiphenylheptane,
    /// Opioids like tramadol.
    OpioidPhenylpropylamine,
    /// Sulfonamides without an arylamine: they share no allergy with the antibiotics.
    SulfonamideOther,
    /// Stands alone: nothing follows from an allergy to another substance.
    Alone,
}

/// The R1 side chain of a β-lactam, where it is shared (Khan et al. 2022, table of similar R1
/// side chains).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SideChain {
    /// Amoxicillin, ampicillin, cefalexin, cefaclor, cefadroxil, cefprozil, cefradine.
    Aminobenzyl,
    /// Cefotaxime, ceftriaxone, cefepime, cefpodoxime, cefuroxime.
    Methoxyimino,
    /// Ceftazidime, cefiderocol, aztreonam.
    CarboxypropylOxyimino,
    /// Cefalotin, cefoxitin.
    Thienyl,
    /// Shared with nothing in the tables, or not known.
    Own,
}

/// One substance of the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Substance {
    /// The international non-proprietary name.
    pub inn: &'static str,
    /// Its class.
    pub class: DrugClass,
    /// Its R1 side chain; [`SideChain::Own`] outside the β-lactams.
    pub side_chain: SideChain,
    /// Other names and spellings that `text::words` does not bring together.
    pub names: &'static [&'static str],
}

/// A product of several substances under one name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Product {
    /// Its names.
    pub(crate) names: &'static [&'static str],
    /// The names of its substances.
    pub(crate) substances: &'static [&'static str],
}

const fn substance(
    inn: &'static str,
    class: DrugClass,
    names: &'static [&'static str],
) -> Substance {
    Substance { inn, class, side_chain: SideChain::Own, names }
}

const fn beta_lactam(
    inn: &'static str,
    class: DrugClass,
    side_chain: SideChain,
    names: &'static [&'static str],
) -> Substance {
    Substance { inn, class, side_chain, names }
}

/// Every substance of the tables.
pub(crate) fn substances() -> impl Iterator<Item = &'static Substance> {
    antibiotics::ANTIBIOTICS.iter().chain(analgesics::ANALGESICS).chain(products::NEIGHBOURS)
}

/// The substance of a name of the tables.
pub(crate) fn by_inn(inn: &str) -> Option<&'static Substance> {
    substances().find(|substance| substance.inn == inn)
}

/// The other names of a substance, or of a product of exactly these substances.
pub(crate) fn names_of(inns: &[&str]) -> Vec<&'static str> {
    if let [inn] = inns {
        return by_inn(inn).map(|substance| substance.names.to_vec()).unwrap_or_default();
    }
    let is_of_these = |product: &&Product| {
        product.substances.len() == inns.len()
            && product.substances.iter().all(|substance| inns.contains(substance))
    };
    products::PRODUCTS.iter().filter(is_of_these).flat_map(|it| it.names).copied().collect()
}
