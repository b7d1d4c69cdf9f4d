//! Values as lines of text: who, when, what. Pure, so that the display rules are tested natively.

mod advice;
mod carrying;
mod code;
mod dose;
mod error;
mod file;
mod finding;
mod history;
mod holder;
mod identity;
mod known;
mod paper;
mod part;
mod time;
mod understood;
mod written;

pub(crate) use advice::{advice, is_loud, said};
pub(crate) use carrying::{carried_of, carrying_name, carrying_words, exchange_words, speed_words};
pub(crate) use code::{
    became, category, class, criticality, entry_kind, gender, problem_status, role, severity,
    sharing_ground, status, tier, verification,
};
#[cfg(test)]
pub(crate) use dose::dose_words;
pub(crate) use dose::{announced_dose, line_of, medication_line, medicine};
pub(crate) use error::error;
pub(crate) use file::{document_category, file_size};
pub(crate) use finding::finding;
pub(crate) use history::{history_field, history_value, note_title};
pub(crate) use holder::{failed_with, failed_with_computer, holder};
pub(crate) use identity::{IdentityLine, disputed_born, either_born, identity_line, identity_name};
pub(crate) use known::Known;
pub(crate) use paper::{letterhead_template, sheet_kind, sheet_paper};
pub(crate) use part::{named, part_name, part_words};
pub(crate) use time::{LocalTime, as_written, by_wall_clock, date, day, moment};
pub(crate) use understood::{age, understood};
pub(crate) use written::{People, Written, joined};
