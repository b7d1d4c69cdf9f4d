//! What a mapping asks about references.

use clinical::CodeableConcept;
use uuid::Uuid;

/// Answers what the references of one resource mean.
pub(crate) trait Links {
    /// The id of the entry a reference means.
    fn entry(&self, reference: &str) -> Option<Uuid>;

    /// What the `Medication` a reference means is.
    fn medication(&self, reference: &str) -> Option<CodeableConcept>;
}

/// Knows no reference.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NoLinks;

impl Links for NoLinks {
    fn entry(&self, _: &str) -> Option<Uuid> {
        None
    }

    fn medication(&self, _: &str) -> Option<CodeableConcept> {
        None
    }
}
