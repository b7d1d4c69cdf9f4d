//! A resource between being read and being taken in.

use crate::json::Document;
use clinical::Finding;
use uuid::Uuid;

/// A resource that names what is not known yet: its patient by an identifier, or its medicine.
#[derive(Debug)]
pub(super) struct Pending {
    /// Which file it stood in, and its name.
    pub(super) number: usize,
    pub(super) file: String,
    pub(super) namespace: String,
    pub(super) resource: Resource,
}

/// A resource with its id.
#[derive(Debug)]
pub(super) struct Resource {
    /// The entry it becomes.
    pub(super) id: Uuid,
    /// Where it stood.
    pub(super) place: Option<u64>,
    /// Its full URL.
    pub(super) full_url: Option<String>,
    /// Its type.
    pub(super) resource_type: String,
    /// Its text.
    pub(super) document: Document,
    /// What is odd about it so far.
    pub(super) findings: Vec<Finding>,
}
