//! Values as lines of text: who, when, what. Pure, so that the display rules are tested natively.

mod code;
mod error;
mod finding;
mod history;
mod identity;
mod part;
mod time;
mod written;

pub(crate) use code::{
    category, class, criticality, entry_kind, gender, problem_status, role, severity, status, tier,
    verification,
};
pub(crate) use error::error;
pub(crate) use finding::finding;
pub(crate) use history::{history_field, history_value};
pub(crate) use identity::{IdentityLine, identity_line};
pub(crate) use part::{part_name, part_words};
pub(crate) use time::{LocalTime, moment};
pub(crate) use written::{People, Written};
