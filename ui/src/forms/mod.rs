//! The forms: a draft, its checks by `clinical`, one command.

mod advice;
mod allergy;
mod dosage;
mod form;
mod history;
mod keys;
mod medication;
mod note;
mod patient;
mod preview;
mod problem;
mod required;
mod stop;
mod vitals;
mod withdraw;

pub(crate) use allergy::allergy;
pub(crate) use dosage::dosage;
pub(crate) use form::{Form, chart_topics, failure_notice};
pub(crate) use history::history;
pub(crate) use keys::keys;
pub(crate) use medication::medication;
pub(crate) use note::note;
pub(crate) use patient::{amend, draft_of, register};
pub(crate) use problem::problem;
pub(crate) use required::{blank, differs, weak};
pub(crate) use stop::stop;
pub(crate) use vitals::vitals;
pub(crate) use withdraw::withdraw;
