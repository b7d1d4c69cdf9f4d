//! One shelf over those of several regions: each clinic is in the database of its region alone.
//!
//! Nowhere is it written down which clinic is where: a clinic is where its row is, and one that an
//! operator placed and nobody founded yet is where it was placed. What a region keeps stays there
//! with it; a region that cannot be reached holds up its own clinics and those that nobody knows.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use sync::cursor::Mark;
use sync::envelope::Envelope;
use sync::have::Have;
use sync::ids::{BlobId, ClinicId, DeviceId, DocTag, EnvelopeId, InviteId, LogEpoch, RoomId};
use sync::log::{
    Bounds, EnvelopeLog, ErasingTable, FloorLog, KeyTable, LogError, Page, PageQuery, Standing,
};
use sync::membership::SignedEntry;
use sync::wire::{
    InvitePut, KeysPage, KeysPlaced, RoomMessage, RoomPut, RoomStored, RoomVerdict, Verdict,
    WrappedKey,
};

use super::{MembersState, Put, Reach, Room, Shelf, Spent};
use crate::auth::Caller;
use crate::quota::Quota;

/// Clinics whose region is remembered at one time.
const REMEMBERED_MAX: usize = 65_536;

/// Whether a region's shelf is a clinic's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Home {
    /// It was founded here.
    Founded,
    /// An operator placed it here, and nobody founded it yet.
    Placed,
    /// It is not here.
    Elsewhere,
}

/// A shelf that can be that of a region.
pub(crate) trait Region: Shelf {
    /// Whether it is the clinic's.
    fn home(&self, clinic: ClinicId) -> Result<Home, LogError>;

    /// Whether an invite of this name lies here that has not ended.
    fn has_invite(&self, id: InviteId, now_ms: i64) -> Result<bool, LogError>;
}

/// The shelves of all regions, in the order of their names.
#[derive(Debug)]
pub(crate) struct Regions<S> {
    shelves: Vec<Arc<S>>,
    names: Vec<String>,
    /// Where a clinic is founded that nobody placed.
    default: Arc<S>,
    remembered: Mutex<BTreeMap<ClinicId, Arc<S>>>,
}

impl<S: Region> Regions<S> {
    /// `None` where no shelf is named `default`.
    pub(crate) fn new(shelves: BTreeMap<String, S>, default: &str) -> Option<Self> {
        let shelves: BTreeMap<_, _> =
            shelves.into_iter().map(|(name, shelf)| (name, Arc::new(shelf))).collect();
        let default = Arc::clone(shelves.get(default)?);
        let (names, shelves) = shelves.into_iter().unzip();
        Some(Self { shelves, names, default, remembered: Mutex::default() })
    }

    /// The shelf on which the clinic is.
    fn of(&self, clinic: ClinicId) -> Result<Arc<S>, LogError> {
        match self.look_for(clinic)? {
            Some((shelf, Home::Founded)) => Ok(shelf),
            Some((_, Home::Placed | Home::Elsewhere)) | None => Err(LogError::UnknownClinic),
        }
    }

    /// The shelf on which the clinic is, or is to be.
    fn home_of(&self, clinic: ClinicId) -> Result<Arc<S>, LogError> {
        let found = self.look_for(clinic)?;
        Ok(found.map_or_else(|| Arc::clone(&self.default), |(shelf, _)| shelf))
    }

    /// A region that does not answer may have it: then nobody can say that it is nowhere.
    fn look_for(&self, clinic: ClinicId) -> Result<Option<(Arc<S>, Home)>, LogError> {
        if let Some(shelf) = self.lock().get(&clinic) {
            return Ok(Some((Arc::clone(shelf), Home::Founded)));
        }
        let (mut placed, mut failed) = (None, None);
        for shelf in &self.shelves {
            match shelf.home(clinic) {
                Ok(Home::Founded) => {
                    self.remember(clinic, shelf);
                    return Ok(Some((Arc::clone(shelf), Home::Founded)));
                }
                Ok(Home::Placed) => placed = placed.or(Some((Arc::clone(shelf), Home::Placed))),
                Ok(Home::Elsewhere) => {}
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(placed), Err)
    }

    /// What was founded stays where it is.
    fn remember(&self, clinic: ClinicId, shelf: &Arc<S>) {
        let mut remembered = self.lock();
        if remembered.len() >= REMEMBERED_MAX {
            remembered.pop_first();
        }
        remembered.insert(clinic, Arc::clone(shelf));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<ClinicId, Arc<S>>> {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether another region than a clinic's home has something of a name. One that does not answer
    /// is passed over: names are random, and what one cannot say is not to hold up all the others.
    fn is_elsewhere(&self, home: &Arc<S>, has: impl Fn(&S) -> Result<bool, LogError>) -> bool {
        let mut others = self.shelves.iter().filter(|shelf| !Arc::ptr_eq(shelf, home));
        others.any(|shelf| has(shelf).unwrap_or(false))
    }

    /// What the first region that has it answers.
    fn ask_all<T>(
        &self,
        ask: impl Fn(&S) -> Result<Option<T>, LogError>,
    ) -> Result<Option<T>, LogError> {
        let mut failed = None;
        for shelf in &self.shelves {
            match ask(shelf) {
                Ok(Some(found)) => return Ok(Some(found)),
                Ok(None) => {}
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(None), Err)
    }
}

impl<S: Region> EnvelopeLog for Regions<S> {
    fn append(&self, clinic: ClinicId, envelopes: &[Envelope]) -> Result<Vec<Verdict>, LogError> {
        self.of(clinic)?.append(clinic, envelopes)
    }

    fn page(&self, clinic: ClinicId, query: &PageQuery<'_>) -> Result<Page, LogError> {
        self.of(clinic)?.page(clinic, query)
    }

    fn have(&self, clinic: ClinicId) -> Result<Have, LogError> {
        self.of(clinic)?.have(clinic)
    }

    fn floor(&self, clinic: ClinicId) -> Result<Bounds, LogError> {
        self.of(clinic)?.floor(clinic)
    }

    fn standing(&self, clinic: ClinicId, at: u64) -> Result<Standing, LogError> {
        self.of(clinic)?.standing(clinic, at)
    }
}

impl<S: Region> FloorLog for Regions<S> {
    fn find_envelope(
        &self,
        clinic: ClinicId,
        id: EnvelopeId,
    ) -> Result<Option<(u64, Envelope)>, LogError> {
        self.of(clinic)?.find_envelope(clinic, id)
    }

    fn raise_floor(&self, clinic: ClinicId, floor: Mark, cold: bool) -> Result<(), LogError> {
        self.of(clinic)?.raise_floor(clinic, floor, cold)
    }
}

impl<S: Region> KeyTable for Regions<S> {
    fn put_keys(
        &self,
        clinic: ClinicId,
        by: DeviceId,
        keys: &[WrappedKey],
    ) -> Result<KeysPlaced, LogError> {
        self.of(clinic)?.put_keys(clinic, by, keys)
    }

    fn keys(&self, clinic: ClinicId, after: u64, max: usize) -> Result<KeysPage, LogError> {
        self.of(clinic)?.keys(clinic, after, max)
    }
}

impl<S: Region> ErasingTable for Regions<S> {
    fn erase_keys(&self, clinic: ClinicId, tags: &[DocTag]) -> Result<u64, LogError> {
        self.of(clinic)?.erase_keys(clinic, tags)
    }
}

impl<S: Region> Shelf for Regions<S> {
    fn found(
        &self,
        clinic: ClinicId,
        log_epoch: LogEpoch,
        entries: &[SignedEntry],
    ) -> Result<bool, LogError> {
        self.home_of(clinic)?.found(clinic, log_epoch, entries)
    }

    fn add_members(&self, clinic: ClinicId, entries: &[SignedEntry]) -> Result<(), LogError> {
        self.of(clinic)?.add_members(clinic, entries)
    }

    fn members(&self, clinic: ClinicId) -> Result<Vec<SignedEntry>, LogError> {
        self.of(clinic)?.members(clinic)
    }

    fn is_shared(&self) -> bool {
        self.default.is_shared()
    }

    fn members_state(&self, clinic: ClinicId) -> Result<Option<MembersState>, LogError> {
        self.of(clinic)?.members_state(clinic)
    }

    fn keep_token(
        &self,
        name: [u8; 32],
        caller: &Caller,
        spent: Spent,
        now_ms: i64,
    ) -> Result<bool, LogError> {
        self.of(caller.clinic)?.keep_token(name, caller, spent, now_ms)
    }

    fn token(&self, name: [u8; 32]) -> Result<Option<Caller>, LogError> {
        self.ask_all(|shelf| shelf.token(name))
    }

    fn announce(&self, clinic: ClinicId, head: u64) {
        // What cannot be told now is found by who asks now and then.
        if let Ok(shelf) = self.of(clinic) {
            shelf.announce(clinic, head);
        }
    }

    fn region(&self, clinic: ClinicId) -> Result<Option<String>, LogError> {
        let home = self.of(clinic)?;
        let mut named = self.names.iter().zip(&self.shelves);
        Ok(named.find(|(_, shelf)| Arc::ptr_eq(shelf, &home)).map(|(name, _)| name.clone()))
    }

    fn reach(&self) -> Reach {
        self.shelves.iter().map(|shelf| shelf.reach()).fold(Reach::default(), |sum, one| Reach {
            all: sum.all.saturating_add(one.all),
            lost: sum.lost.saturating_add(one.lost),
        })
    }

    fn quota(&self, clinic: ClinicId) -> Result<Quota, LogError> {
        self.home_of(clinic)?.quota(clinic)
    }

    fn keep_blob(&self, clinic: ClinicId, id: BlobId, bytes: u64) -> Result<(), LogError> {
        self.of(clinic)?.keep_blob(clinic, id, bytes)
    }

    fn blobs(&self, clinic: ClinicId, ids: &[BlobId]) -> Result<Vec<(BlobId, u64)>, LogError> {
        self.of(clinic)?.blobs(clinic, ids)
    }

    fn check_room(&self, clinic: ClinicId, bytes: u64) -> Result<(), LogError> {
        self.of(clinic)?.check_room(clinic, bytes)
    }

    fn put_invite(&self, invite: &InvitePut, now_ms: i64) -> Result<Put, LogError> {
        let home = self.of(invite.clinic)?;
        if self.is_elsewhere(&home, |shelf| shelf.has_invite(invite.id, now_ms)) {
            return Ok(Put::Taken);
        }
        home.put_invite(invite, now_ms)
    }

    fn fetch_invite(&self, id: InviteId, now_ms: i64) -> Result<Option<Vec<u8>>, LogError> {
        self.ask_all(|shelf| shelf.fetch_invite(id, now_ms))
    }

    fn open_room(&self, room: &Room, now_ms: i64) -> Result<RoomVerdict, LogError> {
        let home = self.of(room.clinic)?;
        if self.is_elsewhere(&home, |shelf| Ok(shelf.room(room.id, now_ms)?.is_some())) {
            return Ok(RoomVerdict::Taken);
        }
        home.open_room(room, now_ms)
    }

    fn put_in_room(&self, put: &RoomPut, now_ms: i64) -> Result<Option<RoomStored>, LogError> {
        self.ask_all(|shelf| shelf.put_in_room(put, now_ms))
    }

    fn room(&self, id: RoomId, now_ms: i64) -> Result<Option<Vec<RoomMessage>>, LogError> {
        self.ask_all(|shelf| shelf.room(id, now_ms))
    }
}

#[cfg(test)]
mod tests;
