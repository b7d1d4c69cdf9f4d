//! What keeps a clinic's envelopes in one order: memory here, SQLite and others elsewhere.
//!
//! Each clinic has a log of its own. An implementation must hold the behaviour suite in
//! `log::suite` (feature `test-suite`).

mod held_keys;
mod lane_counts;
pub mod memory;
mod rule;
#[cfg(any(test, feature = "test-suite"))]
pub mod suite;

pub use held_keys::HeldKeys;
pub use lane_counts::LaneCounts;
pub use rule::{LaneState, Placement, place};

use crate::cursor::Mark;
use crate::envelope::Envelope;
use crate::have::Have;
use crate::ids::{ClinicId, DeviceId, DocTag, EnvelopeId, LogEpoch};
use crate::wire::{Item, KeysPage, KeysPlaced, Verdict, WrappedKey};

/// An append-only log of envelopes for each clinic.
pub trait EnvelopeLog {
    /// Appends what it does not hold, in the order given, as one durable whole: when it answers,
    /// everything with a place is safe. Who may append, and whether a signature holds, is
    /// checked before. Places are given without holes, in the order of the commits.
    ///
    /// # Errors
    /// [`LogError`]; then nothing was appended.
    fn append(&self, clinic: ClinicId, envelopes: &[Envelope]) -> Result<Vec<Verdict>, LogError>;

    /// The items after a place. At least one when there is one, however large.
    ///
    /// # Errors
    /// [`LogError`].
    fn page(&self, clinic: ClinicId, query: &PageQuery<'_>) -> Result<Page, LogError>;

    /// How far every lane is held. A lane's id is that of the first envelope at its last counter.
    ///
    /// # Errors
    /// [`LogError`].
    fn have(&self, clinic: ClinicId) -> Result<Have, LogError>;

    /// Where the log starts and ends.
    ///
    /// # Errors
    /// [`LogError`].
    fn floor(&self, clinic: ClinicId) -> Result<Bounds, LogError>;

    /// What a HELLO asks of it: all of one moment where a log has a way to tell it so, which is asked
    /// once then.
    ///
    /// # Errors
    /// [`LogError`].
    fn standing(&self, clinic: ClinicId, at: u64) -> Result<Standing, LogError> {
        let (bounds, have) = (self.floor(clinic)?, self.have(clinic)?);
        let nothing = Have::new();
        let page = self.page(clinic, &PageQuery::of_none(at, &nothing))?;
        Ok(Standing { bounds, have, at: page.start, keys_head: page.keys_head })
    }
}

/// A log that has a floor: a place from which devices that know nothing begin, because what comes
/// after it covers what stands before it. It is read from any place all the same.
///
/// An implementation must hold `floor_suite!`.
pub trait FloorLog: EnvelopeLog {
    /// An envelope with its place; `None` where it is not held.
    ///
    /// # Errors
    /// [`LogError`].
    fn find_envelope(
        &self,
        clinic: ClinicId,
        id: EnvelopeId,
    ) -> Result<Option<(u64, Envelope)>, LogError>;

    /// Raises the floor to a place of the log, durably; a lower one changes nothing. Where it is to
    /// be cold, what stands up to it is moved out of the way of what is read every day, and never
    /// dropped. Whether anybody vouches for it is checked before.
    ///
    /// # Errors
    /// [`LogError`]; what is cold by then is cold.
    fn raise_floor(&self, clinic: ClinicId, floor: Mark, cold: bool) -> Result<(), LogError>;
}

/// The wrapped keys of a clinic's documents, beside the log. Mutable: a key can be erased.
///
/// An implementation must hold `key_table_suite!`.
pub trait KeyTable {
    /// Adds keys it does not hold, which a device brings, durably, as [`HeldKeys`] says: beyond so many
    /// of one document and epoch by one device it passes them over. Which epochs there are is checked
    /// before. Done before the envelopes are appended, so that none is without its key. Answers where
    /// they stand: what others bring meanwhile stands before or after.
    ///
    /// # Errors
    /// [`LogError`].
    fn put_keys(
        &self,
        clinic: ClinicId,
        by: DeviceId,
        keys: &[WrappedKey],
    ) -> Result<KeysPlaced, LogError>;

    /// The keys after a place, `max` at most, in the order in which they came; places count from
    /// 1 and are never used again.
    ///
    /// # Errors
    /// [`LogError`].
    fn keys(&self, clinic: ClinicId, after: u64, max: usize) -> Result<KeysPage, LogError>;
}

/// A key table of which an administrator's word takes keys away, for good.
///
/// An implementation must hold `erasing_suite!`.
pub trait ErasingTable: KeyTable {
    /// Takes away every key of some documents, durably, and takes none of them in any more. Their
    /// places stay empty. Answers how many were held. Who says so is checked before.
    ///
    /// # Errors
    /// [`LogError`].
    fn erase_keys(&self, clinic: ClinicId, tags: &[DocTag]) -> Result<u64, LogError>;
}

/// Which items are wanted.
#[derive(Clone, Copy, Debug)]
pub struct PageQuery<'a> {
    /// The place after which they come.
    pub after: u64,
    /// Of what the reader holds, only the names are given.
    pub skip: &'a Have,
    /// How many items at most.
    pub items_max: usize,
    /// How many encoded bytes at most, but for a first item that is larger.
    pub bytes_max: usize,
}

impl<'a> PageQuery<'a> {
    /// Of no item: what it starts with is asked for.
    pub const fn of_none(after: u64, skip: &'a Have) -> Self {
        Self { after, skip, items_max: 0, bytes_max: 0 }
    }
}

/// A stretch of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The life of the log.
    pub log_epoch: LogEpoch,
    /// Where it starts: the place asked for; the head when that is lower.
    pub start: Mark,
    /// What comes after it, in order.
    pub items: Vec<Item>,
    /// Where it ends.
    pub end: Mark,
    /// How many envelopes the log holds.
    pub head: u64,
    /// How many places the table of keys has: the keys of all that is here are among them.
    pub keys_head: u64,
}

/// Where a log stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Where it starts and ends.
    pub bounds: Bounds,
    /// How far every lane is held.
    pub have: Have,
    /// The place that was asked for; the head when that is lower.
    pub at: Mark,
    /// How many places the table of keys has.
    pub keys_head: u64,
}

/// Where a log starts and ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The life of the log.
    pub log_epoch: LogEpoch,
    /// From here on a device that has read less may begin.
    pub floor: Mark,
    /// The last place.
    pub head: Mark,
}

/// Why a log did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The clinic has no log here.
    #[error("the clinic has no log here")]
    UnknownClinic,
    /// Somebody else was there at the same moment: nothing was done, and the same again will do.
    #[error("the log is held by somebody else")]
    Busy,
    /// There is no space left.
    #[error("the log has no space left")]
    Full,
    /// The clinic has all that its server's operator lets it have.
    #[error("the clinic has all that it may have here")]
    OverQuota,
    /// What is stored is damaged.
    #[error("the log is damaged")]
    Damaged(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Appending failed.
    #[error("appending to the log failed")]
    Append(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Reading failed.
    #[error("reading the log failed")]
    Read(#[source] Box<dyn std::error::Error + Send + Sync>),
}
