//! FHIR R4 datatypes, as much of each as the chart uses.

mod codeable_concept;
mod contact;
mod decimal;
mod dosage;
mod human_name;
mod quantity;

pub use codeable_concept::{CodeableConcept, Coding};
pub use contact::{Address, ContactPoint, ContactSystem, Identifier};
pub use decimal::{Decimal, DecimalError};
pub use dosage::{Dosage, DosageDuration, DurationUnit, Timing};
pub use human_name::HumanName;
pub use quantity::{Quantity, UCUM};
