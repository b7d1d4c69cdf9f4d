//! The rules over a whole chart, one file each.

pub(crate) mod child;
pub(crate) mod contradiction;
pub(crate) mod drug_allergy;
pub(crate) mod duplicate;
pub(crate) mod open_visits;
mod taken;
pub(crate) mod tenfold;

pub(crate) use taken::{Taken, taken};

use crate::{
    drug::{Lexeme, Named},
    text::words,
};
use clinical::MedicationOrder;

/// Whether what a medicine names is, or holds, a substance.
fn is_of(named: &Named, inn: &str) -> bool {
    let spelt = words(inn);
    named.lexemes.iter().any(|it| matches!(it, Lexeme::Substance(one) if one.inn == inn))
        || (!spelt.is_empty() && spelt.iter().all(|word| named.words.contains(word)))
}

/// Whether it is for the skin, the eye, the ear: little of it goes further.
fn is_applied(order: &MedicationOrder) -> bool {
    const APPLIED: [&str; 11] = [
        "eye",
        "eyes",
        "ophthalmic",
        "ear",
        "ears",
        "topical",
        "cutaneous",
        "skin",
        "cream",
        "ointment",
        "gel",
    ];
    // What is swallowed is no such medicine, whatever it is otherwise: oral drops, an oral gel.
    const TAKEN: [&str; 2] = ["oral", "mouth"];
    let routes = order.dosage.iter().filter_map(|dosage| dosage.route.as_ref());
    let concepts = routes.chain(&order.form).chain([&order.medication]);
    let said: Vec<String> = concepts.flat_map(|it| words(it.label())).collect();
    let is_said = |list: &[&str]| said.iter().any(|word| list.contains(&word.as_str()));
    is_said(&APPLIED) && !is_said(&TAKEN)
}

/// The rule of [`drug_allergy`].
pub const DRUG_ALLERGY: &str = "drug-allergy";
/// The rule of [`contradiction`].
pub const CONTRADICTION: &str = "allergy-contradiction";
/// The rule of [`duplicate`].
pub const DUPLICATE_MEDICATION: &str = "duplicate-medication";
/// The rule of [`open_visits`].
pub const OPEN_VISITS: &str = "open-visits";
