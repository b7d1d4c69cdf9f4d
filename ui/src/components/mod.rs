//! The kit: small accessible pieces on native elements. They know neither commands nor charts.

mod brand;
mod button;
mod card;
mod chip;
mod combobox;
mod field;
mod icon;
mod notice;
mod page_head;
mod rows;
mod summary;
mod unbroken;

pub(crate) use brand::brand;
pub(crate) use button::{Press, button, quiet_button};
pub(crate) use card::{card, past};
pub(crate) use chip::{Tone, chip};
pub(crate) use combobox::{Combobox, Offer, Offered, combobox, free_combobox};
pub(crate) use field::{Choice, FieldLabel, area_input, check_input, choice_input, text_input};
pub(crate) use icon::{Icon, icon};
pub(crate) use notice::{empty, loading, notice};
pub(crate) use page_head::page_head;
pub(crate) use rows::walk_rows;
pub(crate) use summary::{Fault, error_summary};
pub(crate) use unbroken::unbroken;
