//! The encrypted file that holds the record: one SQLite database under SQLCipher.
//!
//! [`Store::commit`] is the one door for records. One durable transaction writes the changes, the
//! read models lists and summaries are drawn from, the search index, the audit row and the outbox;
//! what comes back tells what may read differently now. The read models can be dropped and made
//! again from the changes, bit for bit.
//!
//! SQLCipher notices damage and no rollback: an [`anchor`](Store::open) beside the database
//! remembers how far it was acknowledged. Keys are handed in; where they come from, what a
//! document means and how envelopes travel is not known here.

mod anchor;
mod audit;
mod check;
mod commit;
mod connection;
mod erase;
mod error;
mod files;
mod fingerprint;
mod hex;
mod keys;
mod migrations;
mod open;
mod packing;
mod place;
mod pool;
mod projections;
mod reads;
mod rebuild;
mod reserve;
mod search;
mod serving;
mod sql;
mod store;
mod sweep;
mod tables;
mod tally;
mod transaction;
mod writes;

#[cfg(test)]
mod tests;

pub use audit::{AuditAction, AuditEvent, AuditOutcome, AuditPurpose, AuditRow, AuditSpan};
pub use check::CheckReport;
pub use commit::{Commit, Committed, Receipt, Record, TouchedDocument};
pub use erase::Erasing;
pub use error::StoreError;
pub use files::SealedFiles;
pub use fingerprint::Fingerprint;
pub use keys::StoreKeys;
pub use open::Undecided;
pub use place::{ANCHOR_FILE, DATABASE_FILE, FILES_FOLDER, LOCK_FILE};
pub use projections::{
    View,
    chart::{ChartSummary, Newest},
    conflict::ConflictRow,
    encounter::EncounterRow,
    patient::{PageEnd, PatientPage, PatientRow},
    sharing::SharingRow,
    task::{TaskEnd, TaskRow},
};
pub use reads::Counts;
pub use rebuild::Rebuilt;
pub use search::{ALIKE_MAX, Alike, Found, Likeness, Matched, RESULTS_MAX};
pub use serving::ServedHead;
pub use store::Store;
pub use tables::{
    cursor::CursorRow,
    document::{LOOSE_BYTES_MAX, LOOSE_CHANGES_MAX},
    draft_text::DraftTextRow,
    elsewhere::{Elsewhere, ElsewhereRow},
    envelope::EnvelopeRow,
    erased::{Erased, ErasureRow},
    form_text::FormTextRow,
    kept::StoredDocument,
    named::NamedRow,
    outbox::OutboxItem,
    peer_have::{HaveRow, SELF},
    quarantine::{QuarantinePage, QuarantineRow, SetAside, WholeAside},
    replica::ReplicaRow,
    served::{ChainStep, ServedRow},
    sheet::SheetRow,
    unacknowledged::Unacknowledged,
};
pub use writes::{SealedChange, Sealing};
