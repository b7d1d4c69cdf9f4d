//! What a mapping asks about references.

use clinical::CodeableConcept;
use uuid::Uuid;

/// Answers what the references of one resource mean.
pub(crate) trait Links {
    /// The id of the entry a reference means.
    fn entry(&self, reference: &str) -> Option<Uuid>;

    /// Whether what a reference means came along.
    fn is_here(&self, reference: &str) -> bool;

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

    fn is_here(&self, _: &str) -> bool {
        false
    }

    fn medication(&self, _: &str) -> Option<CodeableConcept> {
        None
    }
}
