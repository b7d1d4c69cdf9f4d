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
    const APPLIED: [&str; 8] =
        ["eye", "ear", "topical", "skin", "cream", "ointment", "gel", "drops"];
    let routes = order.dosage.iter().filter_map(|dosage| dosage.route.as_ref());
    let mut said = routes.chain(&order.form).map(|it| it.label().to_lowercase());
    let is_said = |label: &str| order.medication.label().to_lowercase().contains(label);
    said.any(|label| APPLIED.iter().any(|one| label.contains(one)))
        || ["eye ", "ear ", "cream", "ointment"].iter().any(|one| is_said(one))
}

/// The rule of [`drug_allergy`].
pub const DRUG_ALLERGY: &str = "drug-allergy";
/// The rule of [`contradiction`].
pub const CONTRADICTION: &str = "allergy-contradiction";
/// The rule of [`duplicate`].
pub const DUPLICATE_MEDICATION: &str = "duplicate-medication";
/// The rule of [`open_visits`].
pub const OPEN_VISITS: &str = "open-visits";
