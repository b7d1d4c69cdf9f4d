//! The rules over a whole chart, one file each.

pub(crate) mod contradiction;
pub(crate) mod drug_allergy;
pub(crate) mod duplicate;
pub(crate) mod open_visits;
mod taken;

pub(crate) use taken::{Taken, taken};

/// The rule of [`drug_allergy`].
pub const DRUG_ALLERGY: &str = "drug-allergy";
/// The rule of [`contradiction`].
pub const CONTRADICTION: &str = "allergy-contradiction";
/// The rule of [`duplicate`].
pub const DUPLICATE_MEDICATION: &str = "duplicate-medication";
/// The rule of [`open_visits`].
pub const OPEN_VISITS: &str = "open-visits";
