//! The sheets, one file each.

mod heading;
mod label;
mod letter;
mod parts;
mod prescription;

pub use heading::{Letterhead, Person, Prescriber, Printing, Sheet};
pub use label::{Label, label};
pub use letter::{
    Letter, Medicines, Referral, SickNote, Summary, Taken, referral, sick_note, summary,
};
pub use prescription::{Item, Prescription, Remark, Weight, prescription};
