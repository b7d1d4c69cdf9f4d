//! What can go wrong with a document.

use clinical::{ConflictId, EntryRef};

/// A document could not be opened. Its bytes are untouched.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The stored bytes are larger than any chart can be.
    #[error("the stored document is larger than the limit of {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// The snapshot does not parse or its heads do not match.
    #[error("the stored snapshot is damaged")]
    Snapshot,
    /// A stored change does not parse.
    #[error("a stored change is damaged")]
    Change,
    /// Automerge stopped on these bytes.
    #[error("the stored document cannot be opened by this version")]
    Panicked,
}

/// Changes of another device could not be merged. The document must be loaded again; the bytes
/// belong in quarantine.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// One change is larger than a device would ever make.
    #[error("a change is larger than the limit of {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// A change does not parse.
    #[error("a change is damaged")]
    Change,
    /// Automerge refuses the change: a sequence number was used twice.
    #[error("a change contradicts one that is already here")]
    Contradiction,
    /// Automerge stopped on these bytes.
    #[error("a change cannot be read by this version")]
    Panicked,
    /// A change of another clinic makes what this version does not know.
    #[error("a change was made by a newer version")]
    Newer,
    /// A change of another clinic writes where the sections of a document are found.
    #[error("a change writes where the parts of a chart are found")]
    Root,
    /// A change of another clinic goes by an actor of this one, and is not here.
    #[error("a change goes by a computer of this clinic, and is not here")]
    Ours,
}

impl MergeError {
    /// What is wrong with a document that came whole.
    pub(crate) const fn of_whole(error: &LoadError) -> Self {
        match error {
            LoadError::TooLarge { limit } => Self::TooLarge { limit: *limit },
            LoadError::Snapshot | LoadError::Change => Self::Change,
            LoadError::Panicked => Self::Panicked,
        }
    }
}

/// An edit was not made. Nothing changed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The value is disputed: one of its versions must be chosen first.
    #[error("this entry is disputed; decide first")]
    Disputed(ConflictId),
    /// There is no such conflict (any more).
    #[error("nothing of this name is in dispute (any more)")]
    UnknownConflict,
    /// The conflict has no such version.
    #[error(
        "this version is not one of those in dispute; each is named by its change, whole or by eight of \
         its first signs or more"
    )]
    UnknownVersion,
    /// The heads that were named are none of this document's.
    #[error("nobody knows here what the chart was then")]
    UnknownHeads,
    /// The entry is a fact and stands; a correction is a new entry that replaces it.
    #[error("this entry is a fact and cannot be changed; record a correction")]
    Immutable(EntryRef),
    /// The entry was written by more than one edit since: they are not taken back as if they were one.
    #[error("this was written by more than one edit since")]
    SeveralEdits(EntryRef),
    /// There is no such entry.
    #[error("there is no such entry")]
    UnknownEntry(EntryRef),
    /// The document was written by a newer version and can only be read.
    #[error("this was written by a newer version of Fieldchart and can only be read here")]
    NewerSchema,
    /// The value is larger than what can travel, or the document would not open again.
    #[error("this is larger than the limit of {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// Automerge refuses the edit.
    #[error("the edit could not be made")]
    Refused,
}
