//! Pure judgement: what a rule finds in a chart.
//!
//! Rules read values and return [`clinical::DetectedIssue`]s. They never stop a save, never write
//! and never read a clock; the same chart gives the same issues on every device.

mod allergy;
mod chart_rules;
mod coverage;
pub mod diagnosis;
mod drug;
#[cfg(test)]
mod fixtures;
pub mod prescribing;
mod rules;
mod tasks;
mod text;
mod weight;

pub use allergy::{AllergyHit, Relation, check_allergy};
pub use chart_rules::{looks_at, review, review_on, review_order};
pub use coverage::{
    allergies_against, allergy_labels, drug_allergies, heeded_allergies, not_covered,
};
pub use drug::{
    DrugClass, Family, Lexeme, SideChain, Substance, in_small_letters, is_controlled, recognise,
};
pub use rules::contradiction::may_deny;
pub use rules::{
    CONTRADICTION, DRUG_ALLERGY, DUPLICATE_MEDICATION, OPEN_VISITS, child::CHILD, tenfold::TENFOLD,
};
pub use tasks::{is_task, settle, task_id, task_of};
pub use weight::{expected_weight, weight_jumps};
