//! Sheets of paper: what is prescribed, told and labelled, laid out as PDF.
//!
//! Words are shaped by HarfBuzz's rules in typefaces that come with the program, so that every script
//! it writes is written right; and each file gives back the text that went in. The same sheet gives
//! the same bytes. No printer is known here, and no store.

mod dosing;
mod error;
mod finish;
mod in_words;
mod language;
mod layout;
mod nouns;
mod paper;
mod pdf;
mod qr;
mod sheets;
mod svg;
mod text;

pub use error::PrintError;
pub use language::Language;
pub use qr::path as square;
pub use sheets::{
    Item, Kit, Label, Letter, Letterhead, Medicines, Person, Prescriber, Prescription, Printing,
    Referral, Remark, Sheet, SickNote, Summary, Taken, Weight, kit, label, prescription, referral,
    sick_note, summary,
};

#[cfg(test)]
mod tests;
