//! Which resource a reference means, and which id it has with us.
//!
//! Ids are derived, so a reference to a resource that has not been read yet, or is in another
//! file, already has the id that resource will get; and the same file read twice makes the same
//! ids.

mod belong;
mod id;
mod links;
mod person;
mod reference;
mod scope;

pub(crate) use belong::{
    Owner, belongs_to_clinic, is_owner_twofold, names_owner, owner_references,
};
pub(crate) use id::{hashed, identity_of, is_one_by_its_id};
pub(crate) use links::{Links, NoLinks};
pub(crate) use person::fingerprint;
pub(crate) use person::is_same_person;
pub use person::{identity_contradicts, identity_differs, keep_known};
pub(crate) use reference::{Reference, absolute, identifiers, is_type, reference_text};
pub(crate) use scope::{Scope, Seen};
