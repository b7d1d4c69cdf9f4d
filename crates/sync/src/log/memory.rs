//! A log in memory: the model of the others, and the server of tests.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{
    Bounds, EnvelopeLog, ErasingTable, FloorLog, HeldKeys, KeyTable, LaneCounts, LaneState,
    LogError, Page, PageQuery, Placement, place,
};
use crate::cursor::Mark;
use crate::envelope::Envelope;
use crate::have::{Have, Lane, Position};
use crate::ids::{ClinicId, DeviceId, DocTag, EnvelopeId, LogEpoch};
use crate::wire::{Item, KeysPage, KeysPlaced, Refused, Verdict, WrappedKey};

/// Logs of clinics, gone with the process.
#[derive(Debug, Default)]
pub struct MemoryLog {
    clinics: Mutex<BTreeMap<ClinicId, ClinicLog>>,
}

#[derive(Clone, Debug)]
struct ClinicLog {
    log_epoch: LogEpoch,
    floor: Mark,
    /// The first envelopes, out of the way of what is read every day, each with the mark after it.
    cold: Vec<(Envelope, Mark)>,
    /// Those that come after them.
    warm: Vec<(Envelope, Mark)>,
    places: BTreeMap<EnvelopeId, u64>,
    lanes: BTreeMap<Lane, BTreeMap<u64, Vec<EnvelopeId>>>,
    /// By place, each with who brought it; nothing where a key was erased.
    keys: Vec<Option<(WrappedKey, DeviceId)>>,
    erased: BTreeSet<DocTag>,
}

impl Clone for MemoryLog {
    fn clone(&self) -> Self {
        Self { clinics: Mutex::new(self.lock().clone()) }
    }
}

impl MemoryLog {
    /// Starts the log of a clinic; one that is there is left alone.
    pub fn open_clinic(&self, clinic: ClinicId, log_epoch: LogEpoch) {
        self.lock().entry(clinic).or_insert_with(|| ClinicLog::new(log_epoch));
    }

    /// Puts back the first `count` envelopes of a log, with the keys of their documents, and calls
    /// it another life, as a server does that was restored from a copy.
    pub fn restore(&self, clinic: ClinicId, count: usize, log_epoch: LogEpoch) {
        let mut clinics = self.lock();
        let Some(log) = clinics.get_mut(&clinic) else { return };
        let kept = log.all().take(count).map(|(envelope, _)| envelope.clone());
        let mut restored = ClinicLog::new(log_epoch);
        kept.for_each(|envelope| {
            restored.store(envelope);
        });
        let is_wanted = |(key, _): &&(WrappedKey, DeviceId)| {
            restored.all().any(|(kept, _)| kept.header().doc_tag == key.doc_tag)
        };
        restored.keys = log.keys.iter().flatten().filter(is_wanted).cloned().map(Some).collect();
        *log = restored;
    }

    /// Appends as [`EnvelopeLog::append`] does, unless `allows` refuses how many envelopes and bytes
    /// came in by it: then nothing was appended.
    ///
    /// # Errors
    /// [`LogError::OverQuota`] where it was refused, and what an append may fail with.
    pub fn append_within(
        &self,
        clinic: ClinicId,
        envelopes: &[Envelope],
        allows: impl FnOnce(u64, u64) -> bool,
    ) -> Result<Vec<Verdict>, LogError> {
        self.with(clinic, |log| {
            let before = log.count();
            let verdicts = envelopes.iter().map(|envelope| log.append(envelope)).collect();
            let bytes = log.all().skip(before).map(|(envelope, _)| envelope.encoded_len()).sum();
            let (count, bytes) = (log.count().saturating_sub(before), bytes);
            let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
            if count > 0 && !allows(number(count), number(bytes)) {
                log.take_back(before);
                return Err(LogError::OverQuota);
            }
            Ok(verdicts)
        })?
    }

    /// How many envelopes of a log lie in cold storage: those at its first places.
    ///
    /// # Errors
    /// [`LogError::UnknownClinic`].
    pub fn cold(&self, clinic: ClinicId) -> Result<u64, LogError> {
        self.with(clinic, |log| u64::try_from(log.cold.len()).unwrap_or(u64::MAX))
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<ClinicId, ClinicLog>> {
        // What is behind the lock is whole at every step.
        self.clinics.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with<T>(
        &self,
        clinic: ClinicId,
        act: impl FnOnce(&mut ClinicLog) -> T,
    ) -> Result<T, LogError> {
        self.lock().get_mut(&clinic).map(act).ok_or(LogError::UnknownClinic)
    }
}

impl EnvelopeLog for MemoryLog {
    fn append(&self, clinic: ClinicId, envelopes: &[Envelope]) -> Result<Vec<Verdict>, LogError> {
        self.with(clinic, |log| envelopes.iter().map(|envelope| log.append(envelope)).collect())
    }

    fn page(&self, clinic: ClinicId, query: &PageQuery<'_>) -> Result<Page, LogError> {
        self.with(clinic, |log| log.page(query))
    }

    fn have(&self, clinic: ClinicId) -> Result<Have, LogError> {
        self.with(clinic, |log| log.have())
    }

    fn floor(&self, clinic: ClinicId) -> Result<Bounds, LogError> {
        self.with(clinic, |log| Bounds {
            log_epoch: log.log_epoch,
            floor: log.floor,
            head: log.head(),
        })
    }
}

impl FloorLog for MemoryLog {
    fn find_envelope(
        &self,
        clinic: ClinicId,
        id: EnvelopeId,
    ) -> Result<Option<(u64, Envelope)>, LogError> {
        self.with(clinic, |log| log.find(id))
    }

    fn raise_floor(&self, clinic: ClinicId, floor: Mark, cold: bool) -> Result<(), LogError> {
        self.with(clinic, |log| {
            if floor.seq > log.floor.seq && floor.seq <= log.head().seq {
                log.floor = floor;
            }
            if cold {
                log.make_cold();
            }
        })
    }
}

impl KeyTable for MemoryLog {
    fn put_keys(
        &self,
        clinic: ClinicId,
        by: DeviceId,
        keys: &[WrappedKey],
    ) -> Result<KeysPlaced, LogError> {
        self.with(clinic, |log| log.put_keys(by, keys))
    }

    fn keys(&self, clinic: ClinicId, after: u64, max: usize) -> Result<KeysPage, LogError> {
        self.with(clinic, |log| log.keys_page(after, max))
    }
}

impl ErasingTable for MemoryLog {
    fn erase_keys(&self, clinic: ClinicId, tags: &[DocTag]) -> Result<u64, LogError> {
        self.with(clinic, |log| log.erase_keys(tags))
    }
}

impl ClinicLog {
    const fn new(log_epoch: LogEpoch) -> Self {
        Self {
            log_epoch,
            floor: Mark::START,
            cold: Vec::new(),
            warm: Vec::new(),
            places: BTreeMap::new(),
            lanes: BTreeMap::new(),
            keys: Vec::new(),
            erased: BTreeSet::new(),
        }
    }

    /// The envelopes in order, wherever they lie, each with the mark after it.
    fn all(&self) -> impl Iterator<Item = &(Envelope, Mark)> {
        self.cold.iter().chain(&self.warm)
    }

    fn count(&self) -> usize {
        self.cold.len().saturating_add(self.warm.len())
    }

    /// What stands at a place; places count from 1.
    fn at(&self, seq: u64) -> Option<&(Envelope, Mark)> {
        let index = usize::try_from(seq.checked_sub(1)?).ok()?;
        match index.checked_sub(self.cold.len()) {
            Some(index) => self.warm.get(index),
            None => self.cold.get(index),
        }
    }

    fn find(&self, id: EnvelopeId) -> Option<(u64, Envelope)> {
        let seq = *self.places.get(&id)?;
        self.at(seq).map(|(envelope, _)| (seq, envelope.clone()))
    }

    fn head(&self) -> Mark {
        self.warm.last().or(self.cold.last()).map_or(Mark::START, |(_, mark)| *mark)
    }

    /// Moves what stands up to the floor.
    fn make_cold(&mut self) {
        let through = usize::try_from(self.floor.seq).unwrap_or(usize::MAX);
        let more = through.saturating_sub(self.cold.len()).min(self.warm.len());
        self.cold.extend(self.warm.drain(..more));
    }

    fn append(&mut self, envelope: &Envelope) -> Verdict {
        if let Some(seq) = self.places.get(&envelope.id()) {
            return Verdict::Duplicate { seq: *seq };
        }
        let lane = self.lane_state(envelope);
        match place(envelope, &lane) {
            Placement::Next => Verdict::Stored { seq: self.store(envelope.clone()) },
            Placement::Fork => Verdict::Forked { seq: self.store(envelope.clone()) },
            Placement::Gap => Verdict::Gap { have: lane.last },
            Placement::TooManyForks => Verdict::Refused(Refused::TooManyForks),
        }
    }

    fn lane_state(&self, envelope: &Envelope) -> LaneState {
        let header = envelope.header();
        let Some(lane) = self.lanes.get(&header.lane()) else {
            let lanes: LaneCounts = self.lanes.keys().map(|lane| (lane.device, 1)).collect();
            let may_begin = lanes.may_begin(header.device);
            return LaneState { last: 0, at_counter: 0, prev_held: false, may_begin };
        };
        let before = lane.get(&header.counter.saturating_sub(1));
        LaneState {
            last: lane.last_key_value().map_or(0, |(counter, _)| *counter),
            at_counter: lane.get(&header.counter).map_or(0, Vec::len),
            prev_held: before.is_some_and(|ids| ids.contains(&header.prev_id)),
            may_begin: true,
        }
    }

    fn store(&mut self, envelope: Envelope) -> u64 {
        let mark = self.head().then(envelope.id());
        let header = envelope.header();
        let lane = self.lanes.entry(header.lane()).or_default();
        lane.entry(header.counter).or_default().push(envelope.id());
        self.places.insert(envelope.id(), mark.seq);
        self.warm.push((envelope, mark));
        mark.seq
    }

    /// Forgets what was stored after the first `count`, newest first. What was just stored is warm.
    fn take_back(&mut self, count: usize) {
        let from = count.saturating_sub(self.cold.len()).min(self.warm.len());
        for (envelope, _) in self.warm.drain(from..).rev() {
            let (header, id) = (envelope.header(), envelope.id());
            self.places.remove(&id);
            let Some(lane) = self.lanes.get_mut(&header.lane()) else { continue };
            if let Some(ids) = lane.get_mut(&header.counter) {
                ids.retain(|held| *held != id);
            }
            lane.retain(|_, ids| !ids.is_empty());
            if lane.is_empty() {
                self.lanes.remove(&header.lane());
            }
        }
    }

    fn page(&self, query: &PageQuery<'_>) -> Page {
        let head = self.head().seq;
        let start = self.at(query.after.min(head)).map_or(Mark::START, |(_, mark)| *mark);
        let rest = self.all().skip(usize::try_from(start.seq).unwrap_or(usize::MAX));
        let mut page = Page {
            log_epoch: self.log_epoch,
            start,
            items: Vec::new(),
            end: start,
            head,
            keys_head: self.keys_head(),
        };
        let mut bytes: usize = 0;
        for (envelope, mark) in rest.take(query.items_max) {
            let item = Item::for_reader(envelope, query.skip);
            bytes = bytes.saturating_add(item.encoded_len());
            if bytes > query.bytes_max && !page.items.is_empty() {
                break;
            }
            page.items.push(item);
            page.end = *mark;
        }
        page
    }

    fn keys_head(&self) -> u64 {
        u64::try_from(self.keys.len()).unwrap_or(u64::MAX)
    }

    fn put_keys(&mut self, by: DeviceId, keys: &[WrappedKey]) -> KeysPlaced {
        let before = self.keys_head();
        let mut held = HeldKeys::before(by, keys);
        let documents = held.documents();
        let of_them = |(key, _): &&(WrappedKey, DeviceId)| documents.contains(&key.doc_tag);
        let there = self.keys.iter().flatten().filter(of_them);
        there.for_each(|(key, brought_by)| held.hold(key, *brought_by));
        for key in keys {
            if !self.erased.contains(&key.doc_tag) && held.takes(key) {
                self.keys.push(Some((key.clone(), by)));
            }
        }
        KeysPlaced { before, after: self.keys_head() }
    }

    fn keys_page(&self, after: u64, max: usize) -> KeysPage {
        let head = self.keys_head();
        let from = usize::try_from(after.min(head)).unwrap_or(usize::MAX);
        let places: Vec<_> = self.keys.iter().skip(from).take(max).cloned().collect();
        let count = u64::try_from(places.len()).unwrap_or(u64::MAX);
        let keys = places.into_iter().flatten().map(|(key, _)| key).collect();
        KeysPage { keys, end: after.min(head).saturating_add(count), head }
    }

    fn erase_keys(&mut self, tags: &[DocTag]) -> u64 {
        self.erased.extend(tags);
        let is_erased = |place: &&mut Option<(WrappedKey, DeviceId)>| {
            place.as_ref().is_some_and(|(key, _)| tags.contains(&key.doc_tag))
        };
        let gone = self.keys.iter_mut().filter(is_erased).map(Option::take);
        u64::try_from(gone.count()).unwrap_or(u64::MAX)
    }

    fn have(&self) -> Have {
        self.lanes
            .iter()
            .filter_map(|(lane, counters)| {
                let (counter, ids) = counters.last_key_value()?;
                Some((*lane, Position { counter: *counter, id: *ids.first()? }))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{clinic, run};

    fn make(clinics: &[(ClinicId, LogEpoch)]) -> MemoryLog {
        let log = MemoryLog::default();
        clinics.iter().for_each(|(clinic, log_epoch)| log.open_clinic(*clinic, *log_epoch));
        log
    }
    crate::envelope_log_suite!(make);
    crate::floor_suite!(make);
    crate::key_table_suite!(make);
    crate::erasing_suite!(make);

    #[test]
    fn what_stands_up_to_a_floor_is_moved_where_it_is_to_be_cold() {
        let (one, log_epoch) = (clinic(1), LogEpoch([1; 16]));
        let log = make(&[(one, log_epoch)]);
        let sent = run(1, 1, 12);
        log.append(one, &sent[..9]).unwrap();
        let mark = |seq: usize| sent[..seq].iter().fold(Mark::START, |mark, e| mark.then(e.id()));
        let check = |floor: Mark, cold, expected| {
            log.raise_floor(one, floor, cold).unwrap();
            assert_eq!(log.cold(one).unwrap(), expected, "{floor:?} {cold}");
        };
        check(mark(4), false, 0);
        check(mark(4), true, 4);
        check(mark(7), false, 4);
        // All that stands up to the floor there is, whichever is asked for.
        check(mark(2), true, 7);
        check(Mark { seq: 10, ..mark(9) }, true, 7);
        check(mark(9), true, 9);
        // Nothing is warm, and the log goes on; what was refused leaves no trace.
        let refused = log.append_within(one, &sent[9..], |_, _| false);
        assert!(matches!(refused, Err(LogError::OverQuota)));
        assert_eq!(log.floor(one).unwrap().head, mark(9));
        let stored = [10, 11, 12].map(|seq| Verdict::Stored { seq });
        assert_eq!(log.append_within(one, &sent[9..], |_, _| true).unwrap(), stored);
        // A server that is put back from a copy has what was cold as well, and no floor yet.
        log.restore(one, 11, log_epoch);
        assert_eq!((log.floor(one).unwrap().head, log.cold(one).unwrap()), (mark(11), 0));
        assert!(matches!(log.cold(clinic(9)), Err(LogError::UnknownClinic)));
    }
}
