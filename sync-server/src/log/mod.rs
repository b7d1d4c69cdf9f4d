//! What the server keeps: each clinic's envelopes, its membership entries, its invites and rooms.

mod memory;
pub(crate) mod postgres;
mod regions;
mod sqlite;

pub(crate) use memory::MemoryShelf;
pub(crate) use regions::{Home, Region, Regions};
pub use sqlite::OpenError;
pub(crate) use sqlite::{Beside, FILE as SQLITE_FILE, MARK, Named, SqliteShelf};

use crate::auth::Caller;
use crate::quota::Quota;
use sync::ids::{BlobId, ChallengeNonce, ClinicId, InviteId, LogEpoch, RoomId};
pub(crate) use sync::limits::INVITE_FETCHES_MAX;
pub(crate) use sync::lobby::{Put, Room, has_room_beside};
use sync::log::{ErasingTable, FloorLog, LogError};
use sync::membership::SignedEntry;
use sync::wire::{InvitePut, RoomMessage, RoomPut, RoomStored, RoomVerdict, WrappedKey};

/// A log with what belongs around it. Every method that writes answers when it is durable.
pub(crate) trait Shelf: FloorLog + ErasingTable + Send + Sync {
    /// Starts the log of a clinic with its first membership entries; `false` and nothing done
    /// when there is one.
    fn found(
        &self,
        clinic: ClinicId,
        log_epoch: LogEpoch,
        entries: &[SignedEntry],
    ) -> Result<bool, LogError>;

    /// Appends verified membership entries; each stands at its own index.
    fn add_members(&self, clinic: ClinicId, entries: &[SignedEntry]) -> Result<(), LogError>;

    /// A clinic's membership entries by index.
    fn members(&self, clinic: ClinicId) -> Result<Vec<SignedEntry>, LogError>;

    /// Whether other servers write the shelf too.
    fn is_shared(&self) -> bool {
        false
    }

    /// The state of a clinic's membership entries now, where others write the shelf too; `None`
    /// where only this process does.
    fn members_state(&self, _clinic: ClinicId) -> Result<Option<MembersState>, LogError> {
        Ok(None)
    }

    /// Keeps a token by its digest, where others are to take it too; `false` and nothing kept where
    /// the challenge bought one before, at any of them.
    fn keep_token(
        &self,
        _name: [u8; 32],
        _caller: &Caller,
        _spent: Spent,
        _now_ms: i64,
    ) -> Result<bool, LogError> {
        Ok(true)
    }

    /// Who a token speaks for that another server granted.
    fn token(&self, _name: [u8; 32]) -> Result<Option<Caller>, LogError> {
        Ok(None)
    }

    /// Tells the other servers that write the shelf what the clinic's log holds, or that its
    /// membership changed; they hear it soon, or not at all.
    fn announce(&self, _clinic: ClinicId, _head: u64) {}

    /// The name of the region in which a clinic is kept, where there are regions.
    fn region(&self, _clinic: ClinicId) -> Result<Option<String>, LogError> {
        Ok(None)
    }

    /// How much of what it lies in can be reached now.
    fn reach(&self) -> Reach {
        Reach { all: 1, lost: 0 }
    }

    /// What the clinic may have, be it here yet or not.
    fn quota(&self, clinic: ClinicId) -> Result<Quota, LogError>;

    /// Counts a blob whose bytes are kept elsewhere; one that is counted already is passed over.
    fn keep_blob(&self, clinic: ClinicId, id: BlobId, bytes: u64) -> Result<(), LogError>;

    /// How many bytes each of some blobs has, of those that are counted, in the order asked.
    fn blobs(&self, clinic: ClinicId, ids: &[BlobId]) -> Result<Vec<(BlobId, u64)>, LogError>;

    /// Whether the clinic may have so many bytes more, now.
    ///
    /// # Errors
    /// [`LogError::OverQuota`] where it may not.
    fn check_room(&self, clinic: ClinicId, bytes: u64) -> Result<(), LogError>;

    /// Keeps an invite's blob and drops those that have ended.
    fn put_invite(&self, invite: &InvitePut, now_ms: i64) -> Result<Put, LogError>;

    /// Gives out a blob that has not ended, [`INVITE_FETCHES_MAX`] times.
    fn fetch_invite(&self, id: InviteId, now_ms: i64) -> Result<Option<Vec<u8>>, LogError>;

    /// Opens a room and drops those that have ended; one that is the clinic's already stays as it
    /// is.
    fn open_room(&self, room: &Room, now_ms: i64) -> Result<RoomVerdict, LogError>;

    /// Keeps a message at its place, once; `None` where there is no such room, or it has ended.
    fn put_in_room(&self, put: &RoomPut, now_ms: i64) -> Result<Option<RoomStored>, LogError>;

    /// What lies in a room, by place; `None` where there is no such room, or it has ended.
    fn room(&self, id: RoomId, now_ms: i64) -> Result<Option<Vec<RoomMessage>>, LogError>;
}

/// What a shelf lies in: databases, or a file or memory, which count as one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reach {
    /// How many there are.
    pub(crate) all: usize,
    /// Of those, how many cannot be reached.
    pub(crate) lost: usize,
}

/// What membership entries a shelf holds, as far as another server may have changed them: in a new
/// life of the log the same number may be others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MembersState {
    /// The life of the log.
    pub(crate) log_epoch: LogEpoch,
    /// How many there are.
    pub(crate) count: usize,
}

/// A challenge that buys a token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spent {
    /// Its nonce.
    pub(crate) nonce: ChallengeNonce,
    /// When it ends, in milliseconds since the Unix epoch.
    pub(crate) ends_at_ms: i64,
}

/// A wrapped key as a quota counts it.
pub(crate) trait KeptKey {
    /// Bytes of its tag and of what is wrapped.
    fn kept_bytes(&self) -> u64;
}

impl KeptKey for WrappedKey {
    fn kept_bytes(&self) -> u64 {
        let len = self.doc_tag.as_bytes().len().saturating_add(self.wrapped.len());
        u64::try_from(len).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod suite;
