//! Paper: sheets about a patient, from the chart to the printer.
//!
//! A sheet is what stands on it ([`content`]), taken from the chart when it is printed
//! ([`values`]). It gets a number ([`serial`]) and a square code that somebody of the clinic signed
//! ([`code`]), is laid out ([`lay`]), kept with its file, and only then leaves for the printer.

mod against;
mod allergies;
mod code;
mod content;
mod entries;
mod kept;
mod kit;
mod label;
mod lay;
mod letterhead;
mod lines;
mod serial;
mod sheet;
#[cfg(test)]
mod tests;
mod values;
mod verify;

pub(crate) use kept::{list_sheets, reprint_sheet, show_sheet};
pub(crate) use kit::print_recovery_kit;
pub(crate) use label::{preview_label, print_label};
pub(crate) use letterhead::{get_letterhead, preview_letterhead, set_credentials, set_letterhead};
pub(crate) use sheet::{preview_sheet, print_sheet};
pub(crate) use verify::verify_sheet;
