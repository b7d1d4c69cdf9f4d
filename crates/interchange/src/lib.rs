//! FHIR R4 in and out: bytes in, clinical values and findings out; charts in, FHIR JSON out.
//!
//! What comes in is kept as it came ([`clinical::Source`]); the values of the chart are read out
//! of it beside. What goes out starts from what was kept and changes only what was changed in
//! the chart. Nothing is refused as a whole because a part of it is wrong: a [`FileFinding`]
//! says what is wrong, where, and what became of it.
//!
//! Invariant: a resource with a modifier that is not understood never becomes a value of the
//! chart; it is kept and told.

mod canonical;
mod finding;
mod json;
mod limits;
mod map;
mod read;
mod resolve;
mod write;

pub use canonical::{Names, canonical};
pub use finding::FileFinding;
pub use limits::Limits;
pub use read::{
    Import, ImportError, Intake, Options, PatientIntake, Report, Taken, read_bytes, reading_order,
};
pub use resolve::{identity_contradicts, identity_differs, keep_known};
pub use write::{Export, ExportError, Line, Sender};

/// The base of the URIs this product defines.
pub const FIELDCHART_FHIR: &str = "https://fieldchart.org/fhir/StructureDefinition";
