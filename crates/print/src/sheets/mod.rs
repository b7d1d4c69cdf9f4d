//! The sheets, one file each.

mod heading;
mod kit;
mod label;
mod letter;
mod letterhead;
mod medicine;
mod parts;
mod person;
mod prescription;
mod taken;
mod vitals;
mod weight;

pub use heading::{Prescriber, Printing, Sheet};
pub use kit::{Kit, kit};
pub use label::{Label, label};
pub use letter::{Letter, Referral, SickNote, Summary, referral, sick_note, summary};
pub use letterhead::Letterhead;
pub use person::Person;
pub use prescription::{Item, Prescription, Remark, prescription};
pub use taken::{Medicines, Taken};
pub use weight::Weight;
