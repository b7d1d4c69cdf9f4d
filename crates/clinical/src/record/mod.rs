//! How entries of the record are named, stamped and disputed.

mod chart;
mod conflict;
mod corrections;
mod course;
mod document;
mod entry;
mod group;
mod link;
mod part;
mod reason;
mod sharing;
mod told;
mod union;
mod waiting;
mod weight;

pub use chart::Chart;
pub use conflict::{Conflict, ConflictId, EntryValue, Version};
pub use corrections::Corrections;
pub use course::CourseEnd;
pub use document::{DocumentKind, DocumentRef};
pub use entry::{EntryKind, EntryRef, Stamp};
pub use group::PatientGroup;
pub use link::PatientLink;
pub use part::Part;
pub use reason::StatusReason;
pub use sharing::{NamedAuthor, NamedClinic, Sharing, SharingGround, SharingTold};
pub use told::Told;
pub use waiting::Waiting;
