//! The forms: a draft, its checks by `clinical`, one command.

mod advice;
mod allergy;
mod departure;
mod dosage;
mod form;
mod history;
mod keys;
mod medication;
mod note;
mod order_line;
mod patient;
mod preview;
mod problem;
mod required;
mod resolution;
mod stop;
mod visit;
mod vitals;
mod withdraw;

pub(crate) use allergy::allergy;
pub(crate) use departure::departure;
pub(crate) use dosage::dosage;
pub(crate) use form::{Form, chart_topics, failure_notice};
pub(crate) use history::history;
pub(crate) use keys::keys;
pub(crate) use medication::medication;
pub(crate) use note::note;
pub(crate) use patient::{amend, draft_of, register};
pub(crate) use problem::problem;
pub(crate) use required::{blank, differs, weak};
pub(crate) use resolution::resolution;
pub(crate) use stop::stop;
pub(crate) use visit::visit;
pub(crate) use vitals::{correction, sign_name, vitals};
pub(crate) use withdraw::withdraw;
