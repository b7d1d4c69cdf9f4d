//! Charts out, as FHIR R4.
//!
//! What was received goes out as it came; only what was changed in the chart is written over it.
//! What is disputed goes out in every version, each marked, so that no reader misses one. What
//! cannot go out is told.

mod allergy_intolerance;
mod bundle;
mod chart;
mod composition;
mod condition;
mod disputed;
mod document_reference;
mod draft;
mod element;
mod encounter;
mod export;
mod incomplete;
mod meaning;
mod medication;
mod narrative;
mod observation;
mod overlay;
mod patient;
mod practitioner;
mod product;
mod references;
mod rivals;
mod task;
mod withdrawn;

pub use export::{Export, ExportError, Line, Sender};
