//! The living record: Automerge documents on one side, clinical values on the other.
//!
//! Three documents share one base ([`ChartDocument`], [`DraftDocument`], [`ClinicDocument`]):
//! edits go in, a [`DocumentChange`] comes out for the store to commit; changes of other devices
//! are merged, and what people wrote without knowing of each other becomes a
//! [`clinical::Conflict`]. Time, actors and ids are handed in; nothing here knows a disk, a key or
//! a network.
//!
//! This is the only crate that knows Automerge, and every call that can meet foreign bytes goes
//! through one guard: hostile bytes make Automerge panic, and a panic must cost one envelope and
//! never the program.

mod abridged;
mod actor;
mod any;
mod at_work;
mod blob_key;
mod change;
mod chart;
mod clinic;
mod document;
mod draft;
mod error;
mod guard;
mod plain;
mod removals;
mod schema;
mod source;
mod stamp;

pub use abridged::{abridged, restored};
pub use actor::Actor;
pub use any::AnyDocument;
pub use blob_key::BlobKey;
pub use change::{
    ChangeHash, DocumentChange, Heads, Merged, RawChange, Stored, Touched, hash_of,
    stamp_of_change, waiting_by_device,
};
pub use chart::{ChartDocument, ChartEdit, HistoryItem, Overwritten};
pub use clinic::{AsideDecision, Clinic, ClinicDocument, ClinicEdit};
pub use draft::DraftDocument;
pub use error::{EditError, LoadError, MergeError};
pub use guard::{CHANGE_LEN_MAX, DOCUMENT_LEN_MAX, SNAPSHOT_LEN_MAX, VALUE_LEN_MAX};
