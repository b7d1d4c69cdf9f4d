//! A shelf in memory, gone with the process.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use sync::cursor::Mark;
use sync::envelope::Envelope;
use sync::have::Have;
use sync::ids::{BlobId, ClinicId, DeviceId, DocTag, EnvelopeId, InviteId, LogEpoch, RoomId};
use sync::lobby::Lobby;
use sync::log::memory::MemoryLog;
use sync::log::{Bounds, EnvelopeLog, ErasingTable, FloorLog, KeyTable, LogError, Page, PageQuery};
use sync::membership::SignedEntry;
use sync::wire::{
    InvitePut, KeysPage, KeysPlaced, RoomMessage, RoomPut, RoomStored, RoomVerdict, Verdict,
    WrappedKey,
};

use super::{KeptKey, Put, Room, Shelf};
use crate::quota::{Quota, Usage};

/// Keeps everything in memory.
#[derive(Debug, Default)]
pub(crate) struct MemoryShelf {
    log: MemoryLog,
    members: Mutex<BTreeMap<ClinicId, Vec<SignedEntry>>>,
    lobby: Mutex<Lobby>,
    quotas: Mutex<Quotas>,
    blobs: Mutex<BTreeMap<(ClinicId, BlobId), u64>>,
}

/// What clinics have and may have.
#[derive(Debug)]
struct Quotas {
    default: Quota,
    set: BTreeMap<ClinicId, Quota>,
    used: BTreeMap<ClinicId, Usage>,
}

impl Default for Quotas {
    fn default() -> Self {
        Self { default: Quota::NONE, set: BTreeMap::new(), used: BTreeMap::new() }
    }
}

impl Quotas {
    fn of(&self, clinic: ClinicId) -> Quota {
        Quota::of(self.set.get(&clinic).copied(), self.default)
    }

    /// Counts what is new, unless the clinic may not have it.
    fn count(&mut self, clinic: ClinicId, new: Usage) -> bool {
        let quota = self.of(clinic);
        let used = self.used.entry(clinic).or_default();
        let sum = Usage {
            bytes: used.bytes.saturating_add(new.bytes),
            envelopes: used.envelopes.saturating_add(new.envelopes),
        };
        // A key is no envelope: those that are there already do not stand in its way.
        let counted = if new.envelopes == 0 { Usage { envelopes: 0, ..sum } } else { sum };
        let allowed = quota.allows(counted);
        if allowed {
            *used = sum;
        }
        allowed
    }
}

impl MemoryShelf {
    /// With what every clinic may have.
    pub(crate) fn new(default: Quota) -> Self {
        let shelf = Self::default();
        lock(&shelf.quotas).default = default;
        shelf
    }
}

impl EnvelopeLog for MemoryShelf {
    fn append(&self, clinic: ClinicId, envelopes: &[Envelope]) -> Result<Vec<Verdict>, LogError> {
        let mut quotas = lock(&self.quotas);
        self.log.append_within(clinic, envelopes, |envelopes, bytes| {
            quotas.count(clinic, Usage { bytes, envelopes })
        })
    }

    fn page(&self, clinic: ClinicId, query: &PageQuery<'_>) -> Result<Page, LogError> {
        self.log.page(clinic, query)
    }

    fn have(&self, clinic: ClinicId) -> Result<Have, LogError> {
        self.log.have(clinic)
    }

    fn floor(&self, clinic: ClinicId) -> Result<Bounds, LogError> {
        self.log.floor(clinic)
    }
}

impl FloorLog for MemoryShelf {
    fn find_envelope(
        &self,
        clinic: ClinicId,
        id: EnvelopeId,
    ) -> Result<Option<(u64, Envelope)>, LogError> {
        self.log.find_envelope(clinic, id)
    }

    fn raise_floor(&self, clinic: ClinicId, floor: Mark, cold: bool) -> Result<(), LogError> {
        self.log.raise_floor(clinic, floor, cold)
    }
}

impl KeyTable for MemoryShelf {
    fn put_keys(
        &self,
        clinic: ClinicId,
        by: DeviceId,
        keys: &[WrappedKey],
    ) -> Result<KeysPlaced, LogError> {
        let mut quotas = lock(&self.quotas);
        let held = self.log.keys(clinic, 0, usize::MAX)?.keys;
        let new = keys.iter().filter(|key| !held.contains(key));
        let bytes: u64 = new.map(KeptKey::kept_bytes).sum();
        if bytes > 0 && !quotas.count(clinic, Usage { bytes, envelopes: 0 }) {
            return Err(LogError::OverQuota);
        }
        self.log.put_keys(clinic, by, keys)
    }

    fn keys(&self, clinic: ClinicId, after: u64, max: usize) -> Result<KeysPage, LogError> {
        self.log.keys(clinic, after, max)
    }
}

impl ErasingTable for MemoryShelf {
    fn erase_keys(&self, clinic: ClinicId, tags: &[DocTag]) -> Result<u64, LogError> {
        self.log.erase_keys(clinic, tags)
    }
}

impl Shelf for MemoryShelf {
    fn found(
        &self,
        clinic: ClinicId,
        log_epoch: LogEpoch,
        entries: &[SignedEntry],
    ) -> Result<bool, LogError> {
        let mut members = lock(&self.members);
        if members.contains_key(&clinic) {
            return Ok(false);
        }
        members.insert(clinic, entries.to_vec());
        self.log.open_clinic(clinic, log_epoch);
        Ok(true)
    }

    fn add_members(&self, clinic: ClinicId, entries: &[SignedEntry]) -> Result<(), LogError> {
        let mut members = lock(&self.members);
        let kept = members.get_mut(&clinic).ok_or(LogError::UnknownClinic)?;
        kept.extend_from_slice(entries);
        Ok(())
    }

    fn members(&self, clinic: ClinicId) -> Result<Vec<SignedEntry>, LogError> {
        let members = lock(&self.members);
        let kept = members.get(&clinic).ok_or(LogError::UnknownClinic)?;
        Ok(kept.clone())
    }

    fn quota(&self, clinic: ClinicId) -> Result<Quota, LogError> {
        Ok(lock(&self.quotas).of(clinic))
    }

    fn keep_blob(&self, clinic: ClinicId, id: BlobId, bytes: u64) -> Result<(), LogError> {
        self.floor(clinic)?;
        let mut blobs = lock(&self.blobs);
        if blobs.contains_key(&(clinic, id)) {
            return Ok(());
        }
        if !lock(&self.quotas).count(clinic, Usage { bytes, envelopes: 0 }) {
            return Err(LogError::OverQuota);
        }
        blobs.insert((clinic, id), bytes);
        Ok(())
    }

    fn blobs(&self, clinic: ClinicId, ids: &[BlobId]) -> Result<Vec<(BlobId, u64)>, LogError> {
        self.floor(clinic)?;
        let blobs = lock(&self.blobs);
        Ok(ids.iter().filter_map(|id| Some((*id, *blobs.get(&(clinic, *id))?))).collect())
    }

    fn check_room(&self, clinic: ClinicId, bytes: u64) -> Result<(), LogError> {
        self.floor(clinic)?;
        let quotas = lock(&self.quotas);
        let used = quotas.used.get(&clinic).map_or(0, |used| used.bytes);
        let usage = Usage { bytes: used.saturating_add(bytes), envelopes: 0 };
        if quotas.of(clinic).allows(usage) { Ok(()) } else { Err(LogError::OverQuota) }
    }

    fn put_invite(&self, invite: &InvitePut, now_ms: i64) -> Result<Put, LogError> {
        Ok(lock(&self.lobby).put_invite(invite, now_ms))
    }

    fn fetch_invite(&self, id: InviteId, now_ms: i64) -> Result<Option<Vec<u8>>, LogError> {
        Ok(lock(&self.lobby).fetch_invite(id, now_ms))
    }

    fn open_room(&self, room: &Room, now_ms: i64) -> Result<RoomVerdict, LogError> {
        self.log.floor(room.clinic)?;
        Ok(lock(&self.lobby).open_room(room, now_ms))
    }

    fn put_in_room(&self, put: &RoomPut, now_ms: i64) -> Result<Option<RoomStored>, LogError> {
        Ok(lock(&self.lobby).put_in_room(put, now_ms))
    }

    fn room(&self, id: RoomId, now_ms: i64) -> Result<Option<Vec<RoomMessage>>, LogError> {
        Ok(lock(&self.lobby).room(id, now_ms))
    }
}

fn lock<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is behind the lock is whole at every step.
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn make(clinics: &[(ClinicId, LogEpoch)]) -> MemoryShelf {
        let shelf = MemoryShelf::default();
        for (clinic, log_epoch) in clinics {
            assert!(shelf.found(*clinic, *log_epoch, &[]).unwrap());
        }
        shelf
    }

    sync::envelope_log_suite!(make);
    sync::floor_suite!(make);
    sync::key_table_suite!(make);
    sync::erasing_suite!(make);
    crate::log::suite::shelf_suite!(make);

    impl MemoryShelf {
        /// As the shelf of a region is asked.
        pub(crate) fn has_invite(&self, id: InviteId, now_ms: i64) -> bool {
            lock(&self.lobby).has_invite(id, now_ms)
        }
    }

    impl crate::log::suite::Operated for MemoryShelf {
        fn set_quota(&self, clinic: ClinicId, quota: Option<Quota>) {
            let mut quotas = lock(&self.quotas);
            match quota {
                Some(quota) => quotas.set.insert(clinic, quota),
                None => quotas.set.remove(&clinic),
            };
        }

        fn usage(&self, clinic: ClinicId) -> Usage {
            lock(&self.quotas).used.get(&clinic).copied().unwrap_or_default()
        }
    }
}
