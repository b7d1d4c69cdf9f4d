//! The words of the record: FHIR R4-named values, ids, codes, quantities and partial dates.
//!
//! Everything here is a plain value. Nothing knows how it is stored, merged, sent or shown, and
//! nothing reads a clock: time, ids and randomness are handed in.

mod chart_number;
pub mod datatypes;
pub mod display;
pub mod drafts;
mod error_prone;
mod finding;
mod hidden;
pub mod ids;
mod instant;
mod partial_date;
pub mod possible;
pub mod record;
pub mod resources;
mod typed_date;
mod utc_offset;

pub use chart_number::chart_number;
pub use datatypes::*;
pub use drafts::*;
pub use error_prone::{ErrorProne, MisreadRule, error_prone};
pub use finding::{Finding, Severity};
pub use hidden::{has_hidden, signs, without_hidden};
pub use ids::*;
pub use instant::{Instant, InstantError};
pub use partial_date::{PartialDate, PartialDateError};
pub use record::*;
pub use resources::*;
pub use typed_date::{TypedDate, TypedDateError, read_day_ahead, read_typed};
pub use utc_offset::UtcOffset;
