//! A shelf in PostgreSQL, for several servers at once.
//!
//! A transaction names its clinic, and row-level security shows it nothing else. Whoever appends
//! locks the clinic's row first and commits at once: places are given in the order of the commits,
//! without holes, and a reader never passes one that is still to come
//! (`docs/decisions/0023-postgresql.md` has what was measured of other ways).

mod append;
mod blobs;
mod clinic;
mod error;
mod floor;
mod homes;
mod invites;
mod keys;
mod members;
mod migrate;
mod owner;
mod page;
mod pool;
mod quotas;
mod rooms;
mod scope;
mod tokens;
mod wakes;

pub use error::DatabaseError;
pub use migrate::{Migration, migrate};
pub(crate) use owner::Owner;
pub(crate) use pool::{Address, Database};
pub(crate) use wakes::{Bell, Ear};

use std::sync::Arc;

use deadpool_postgres::Client;
use sync::cursor::Mark;
use sync::envelope::Envelope;
use sync::have::{Have, Lane, Position};
use sync::ids::{BlobId, ClinicId, DeviceId, DocTag, EnvelopeId, InviteId, LogEpoch, RoomId};
use sync::log::{
    Bounds, EnvelopeLog, ErasingTable, FloorLog, KeyTable, LogError, Page, PageQuery, Standing,
};
use sync::membership::SignedEntry;
use sync::wire::{
    InvitePut, KeysPage, KeysPlaced, RoomMessage, RoomPut, RoomStored, RoomVerdict, Verdict,
    WrappedKey,
};
use tokio::runtime::Handle;
use tokio_postgres::Row;

use super::{Home, MembersState, Put, Reach, Region, Room, Shelf, Spent};
use crate::auth::Caller;
use crate::quota::{Quota, Usage};
use clinic::Clinic;
use error::StepError;
use scope::Scope;

/// Keeps everything in one database. Its methods block: they are for threads that may.
#[derive(Debug)]
pub(crate) struct PostgresShelf {
    database: Arc<Database>,
    runtime: Handle,
    /// Of the clinics for which the operator decided nothing.
    default_quota: Quota,
    bell: Arc<Bell>,
}

impl PostgresShelf {
    /// On a database that [`Database::open`] looked at.
    pub(crate) fn new(database: Arc<Database>, runtime: Handle, default_quota: Quota) -> Self {
        Self { database, runtime, default_quota, bell: Arc::default() }
    }

    /// What tells the other servers of the database, once it is run.
    pub(crate) fn bell(&self) -> Arc<Bell> {
        Arc::clone(&self.bell)
    }

    fn write<T>(
        &self,
        scope: Scope,
        step: impl AsyncFnOnce(&Client) -> Result<T, StepError>,
    ) -> Result<T, LogError> {
        self.runtime
            .block_on(self.database.transact(scope.writing(), step))
            .map_err(|error| error.told(LogError::Append))
    }

    fn read<T>(
        &self,
        scope: Scope,
        step: impl AsyncFnOnce(&Client) -> Result<T, StepError>,
    ) -> Result<T, LogError> {
        self.runtime
            .block_on(self.database.transact(scope.reading(), step))
            .map_err(|error| error.told(LogError::Read))
    }

    /// The clinic's row in a state that holds for the whole step. A log whose database has another
    /// life since starts another life itself: what it lost then, its devices send again.
    fn read_clinic<T>(
        &self,
        clinic: ClinicId,
        step: &impl AsyncFn(&Client, Clinic) -> Result<T, StepError>,
    ) -> Result<T, LogError> {
        let read = || {
            self.read(Scope::Clinic(clinic), async |db| {
                let found = Clinic::find(db, clinic).await?;
                if found.outlived { Ok(None) } else { step(db, found).await.map(Some) }
            })
        };
        if let Some(value) = read()? {
            return Ok(value);
        }
        self.write(Scope::Clinic(clinic), async |db| Clinic::lock(db, clinic).await.map(drop))?;
        read()?.ok_or_else(|| StepError::Damaged.told(LogError::Read))
    }
}

impl EnvelopeLog for PostgresShelf {
    fn append(&self, clinic: ClinicId, envelopes: &[Envelope]) -> Result<Vec<Verdict>, LogError> {
        if envelopes.is_empty() {
            return self.read_clinic(clinic, &async |_, _| Ok(Vec::new()));
        }
        self.write(Scope::Clinic(clinic), async |db| {
            append::append(db, clinic, envelopes, self.default_quota).await
        })
    }

    fn page(&self, clinic: ClinicId, query: &PageQuery<'_>) -> Result<Page, LogError> {
        self.read_clinic(clinic, &async |db, clinic| page::page(db, &clinic, query).await)
    }

    fn have(&self, clinic: ClinicId) -> Result<Have, LogError> {
        self.read_clinic(clinic, &async |db, clinic| page::have(db, &clinic).await)
    }

    fn floor(&self, clinic: ClinicId) -> Result<Bounds, LogError> {
        self.read_clinic(clinic, &async |_, clinic| Ok(clinic.bounds))
    }

    fn standing(&self, clinic: ClinicId, at: u64) -> Result<Standing, LogError> {
        self.read_clinic(clinic, &async |db, clinic| page::standing(db, &clinic, at).await)
    }
}

impl FloorLog for PostgresShelf {
    fn find_envelope(
        &self,
        clinic: ClinicId,
        id: EnvelopeId,
    ) -> Result<Option<(u64, Envelope)>, LogError> {
        self.read_clinic(clinic, &async |db, clinic| floor::find(db, &clinic, id).await)
    }

    fn raise_floor(&self, clinic: ClinicId, floor: Mark, cold: bool) -> Result<(), LogError> {
        self.write(Scope::Clinic(clinic), async |db| {
            floor::raise(db, &Clinic::lock(db, clinic).await?, floor).await
        })?;
        let step = || self.write(Scope::Clinic(clinic), async |db| floor::make_cold(db).await);
        while cold && step()? {}
        Ok(())
    }
}

impl KeyTable for PostgresShelf {
    fn put_keys(
        &self,
        clinic: ClinicId,
        by: DeviceId,
        keys: &[WrappedKey],
    ) -> Result<KeysPlaced, LogError> {
        if keys.is_empty() {
            return self.read_clinic(clinic, &async |_, it| Ok(keys::placed(&it, it.keys_head)));
        }
        self.write(Scope::Clinic(clinic), async |db| {
            let clinic = Clinic::lock(db, clinic).await?;
            keys::put(db, &clinic, (by, keys), self.default_quota).await
        })
    }

    fn keys(&self, clinic: ClinicId, after: u64, max: usize) -> Result<KeysPage, LogError> {
        self.read_clinic(clinic, &async |db, clinic| keys::page(db, &clinic, after, max).await)
    }
}

impl ErasingTable for PostgresShelf {
    fn erase_keys(&self, clinic: ClinicId, tags: &[DocTag]) -> Result<u64, LogError> {
        self.write(Scope::Clinic(clinic), async |db| {
            keys::erase(db, &Clinic::lock(db, clinic).await?, tags).await
        })
    }
}

impl Shelf for PostgresShelf {
    fn found(
        &self,
        clinic: ClinicId,
        log_epoch: LogEpoch,
        entries: &[SignedEntry],
    ) -> Result<bool, LogError> {
        self.write(Scope::Clinic(clinic), async |db| {
            members::found(db, clinic, log_epoch, entries).await
        })
    }

    fn add_members(&self, clinic: ClinicId, entries: &[SignedEntry]) -> Result<(), LogError> {
        self.write(Scope::Clinic(clinic), async |db| {
            members::add(db, &Clinic::lock(db, clinic).await?, entries).await
        })
    }

    fn members(&self, clinic: ClinicId) -> Result<Vec<SignedEntry>, LogError> {
        self.read_clinic(clinic, &async |db, clinic| members::read(db, &clinic).await)
    }

    fn is_shared(&self) -> bool {
        true
    }

    fn members_state(&self, clinic: ClinicId) -> Result<Option<MembersState>, LogError> {
        self.read_clinic(clinic, &async |_, clinic| {
            let log_epoch = clinic.bounds.log_epoch;
            Ok(Some(MembersState { log_epoch, count: clinic.members }))
        })
    }

    fn announce(&self, clinic: ClinicId, head: u64) {
        self.bell.ring(clinic, head);
    }

    fn reach(&self) -> Reach {
        Reach { all: 1, lost: usize::from(self.bell.is_lost()) }
    }

    fn quota(&self, clinic: ClinicId) -> Result<Quota, LogError> {
        let kept = self.read(Scope::Clinic(clinic), async |db| quotas::find(db, clinic).await)?;
        Ok(Quota::of(kept, self.default_quota))
    }

    fn keep_blob(&self, clinic: ClinicId, id: BlobId, bytes: u64) -> Result<(), LogError> {
        self.write(Scope::Clinic(clinic), async |db| {
            let clinic = Clinic::lock(db, clinic).await?;
            blobs::keep(db, &clinic, (id, bytes), self.default_quota).await
        })
    }

    fn blobs(&self, clinic: ClinicId, ids: &[BlobId]) -> Result<Vec<(BlobId, u64)>, LogError> {
        self.read_clinic(clinic, &async |db, clinic| blobs::find(db, &clinic, ids).await)
    }

    fn check_room(&self, clinic: ClinicId, bytes: u64) -> Result<(), LogError> {
        self.read_clinic(clinic, &async |_, clinic| {
            let usage = Usage { bytes: clinic.bytes.saturating_add(bytes), envelopes: 0 };
            let quota = Quota::of(clinic.quota, self.default_quota);
            if quota.allows(usage) { Ok(()) } else { Err(StepError::OverQuota) }
        })
    }

    fn put_invite(&self, invite: &InvitePut, now_ms: i64) -> Result<Put, LogError> {
        self.write(Scope::Named(invite.clinic, invite.id.0), async |db| {
            invites::put(db, &Clinic::lock(db, invite.clinic).await?, invite, now_ms).await
        })
    }

    fn fetch_invite(&self, id: InviteId, now_ms: i64) -> Result<Option<Vec<u8>>, LogError> {
        self.write(Scope::Name(id.0), async |db| invites::fetch(db, id, now_ms).await)
    }

    fn open_room(&self, room: &Room, now_ms: i64) -> Result<RoomVerdict, LogError> {
        self.write(Scope::Named(room.clinic, room.id.0), async |db| {
            rooms::open(db, &Clinic::lock(db, room.clinic).await?, room, now_ms).await
        })
    }

    fn put_in_room(&self, put: &RoomPut, now_ms: i64) -> Result<Option<RoomStored>, LogError> {
        self.write(Scope::Name(put.room.0), async |db| rooms::put(db, put, now_ms).await)
    }

    fn room(&self, id: RoomId, now_ms: i64) -> Result<Option<Vec<RoomMessage>>, LogError> {
        self.read(Scope::Name(id.0), async |db| rooms::messages(db, id, now_ms).await)
    }

    fn keep_token(
        &self,
        name: [u8; 32],
        caller: &Caller,
        spent: Spent,
        now_ms: i64,
    ) -> Result<bool, LogError> {
        self.write(Scope::Named(caller.clinic, name), async |db| {
            if !tokens::spend(db, caller.clinic, spent, now_ms).await? {
                return Ok(false);
            }
            tokens::keep(db, name, caller, now_ms).await?;
            Ok(true)
        })
    }

    fn token(&self, name: [u8; 32]) -> Result<Option<Caller>, LogError> {
        self.read(Scope::Name(name), async |db| tokens::find(db, name).await)
    }
}

impl Region for PostgresShelf {
    fn home(&self, clinic: ClinicId) -> Result<Home, LogError> {
        self.read(Scope::Clinic(clinic), async |db| homes::find(db, clinic).await)
    }

    fn has_invite(&self, id: InviteId, now_ms: i64) -> Result<bool, LogError> {
        self.read(Scope::Name(id.0), async |db| invites::is_there(db, id, now_ms).await)
    }
}

/// Numbers of the database are never negative and never above `i64::MAX`.
fn to_sql(number: u64) -> Result<i64, StepError> {
    i64::try_from(number).map_err(|_| StepError::Overflow)
}

fn from_sql(number: i64) -> Result<u64, StepError> {
    u64::try_from(number).map_err(|_| StepError::Damaged)
}

/// A row that begins with device, generation, counter and id.
fn position(row: &Row) -> Result<(Lane, Position), StepError> {
    let generation: i64 = row.try_get(1)?;
    let generation = u32::try_from(generation).map_err(|_| StepError::Damaged)?;
    let lane = Lane { device: DeviceId(array(row.try_get(0)?)?), generation };
    let id = EnvelopeId(array(row.try_get(3)?)?);
    Ok((lane, Position { counter: from_sql(row.try_get(2)?)?, id }))
}

/// Bytes of a fixed length.
fn array<const N: usize>(bytes: &[u8]) -> Result<[u8; N], StepError> {
    bytes.try_into().map_err(|_| StepError::Damaged)
}

#[cfg(test)]
mod tests;
