//! The server of the test: the real answers over the memory log, and a membership log.

use std::collections::BTreeMap;

use sync::envelope::Envelope;
use sync::fixtures::{clinic, device};
use sync::have::{Have, Lane};
use sync::ids::LogEpoch;
use sync::log::memory::MemoryLog;
use sync::log::{EnvelopeLog as _, FloorLog as _, KeyTable as _, PageQuery};
use sync::membership::{Members, SignedEntry};
use sync::serve;
use sync::wire::{
    Frame, HelloRequest, Item, KeysRequest, MembersPage, MembersPush, MembersRequest, PullRequest,
    PushRequest, Refusal, RefusalCode, WrappedKey,
};

use super::disk::Disk;
use super::members::{BEGIN_MS, Founded, replay};

#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) log: MemoryLog,
    pub(crate) entries: Vec<SignedEntry>,
    pub(crate) members: Members,
    pub(crate) requests: usize,
    pub(crate) bytes: usize,
    lives: u8,
    /// The time there is.
    pub(crate) now_ms: i64,
    /// How far the server's clock is ahead of it.
    pub(crate) clock_ms: i64,
}

impl Server {
    pub(crate) fn new(founded: &Founded) -> Self {
        let log = MemoryLog::default();
        log.open_clinic(clinic(1), LogEpoch([1; 16]));
        Self {
            log,
            entries: founded.entries.clone(),
            members: founded.after(founded.entries.len()).clone(),
            requests: 0,
            bytes: 0,
            lives: 1,
            now_ms: BEGIN_MS,
            clock_ms: 0,
        }
    }

    /// What its clock says.
    pub(crate) const fn clock(&self) -> i64 {
        self.now_ms + self.clock_ms
    }

    /// Whether a device was removed, as far as is known here.
    pub(crate) fn is_out(&self, number: u8) -> bool {
        self.members.device(device(number)).is_some_and(|member| member.revoked.is_some())
    }

    /// A device as it answers others: what it holds, in the order in which it came.
    pub(crate) fn of_device(disk: &Disk, now_ms: i64, clock_ms: i64) -> Self {
        let log = MemoryLog::default();
        log.open_clinic(clinic(1), LogEpoch([100 + disk.number; 16]));
        let held: BTreeMap<_, _> = disk.all().into_iter().map(|it| (it.id(), it)).collect();
        let in_order: Vec<Envelope> = disk.arrival.iter().map(|id| held[id].clone()).collect();
        let keys: Vec<WrappedKey> = disk.keys.iter().cloned().collect();
        let (entries, members) = (disk.entries.clone(), disk.members().clone());
        let (requests, bytes, lives) = (0, 0, 0);
        let served = Self { log, entries, members, requests, bytes, lives, now_ms, clock_ms };
        served.pass_on(&in_order, &keys);
        served
    }

    /// The device takes in what came to it as it answered; the lanes that are forked by it.
    pub(crate) fn into_device(self, disk: &mut Disk) -> Vec<Lane> {
        let keys = self.log.keys(clinic(1), 0, usize::MAX).unwrap().keys.into_iter().collect();
        disk.take_file(&self.entries, &keys, &self.held())
    }

    /// Whether an envelope lies in cold storage.
    pub(crate) fn is_cold(&self, envelope: &Envelope) -> bool {
        let cold = self.log.cold(clinic(1)).unwrap();
        let place = || self.log.find_envelope(clinic(1), envelope.id()).unwrap();
        cold > 0 && place().is_some_and(|(seq, _)| seq <= cold)
    }

    /// All envelopes of the log.
    pub(crate) fn held(&self) -> Vec<Envelope> {
        let nothing = Have::new();
        let all =
            PageQuery { after: 0, skip: &nothing, items_max: usize::MAX, bytes_max: usize::MAX };
        let items = self.log.page(clinic(1), &all).unwrap().items;
        let whole = items.into_iter().filter_map(|item| match item {
            Item::Whole(envelope) => Some(envelope),
            Item::Brief(_) => None,
        });
        whole.collect()
    }

    /// What is told to a device that was removed.
    pub(crate) fn turn_away(&mut self, frame: &[u8]) -> Vec<u8> {
        self.requests += 1;
        self.bytes += frame.len();
        Refusal::of(RefusalCode::Revoked).to_frame()
    }

    /// Answers one frame with one frame.
    pub(crate) fn answer(&mut self, kind: u8, frame: &[u8]) -> Vec<u8> {
        let reply = match kind {
            HelloRequest::KIND => self.hello(&read(frame)).to_frame(),
            PushRequest::KIND => {
                match serve::push(&self.log, &self.members, device(1), &read(frame)).unwrap() {
                    Ok(pushed) => pushed.to_frame(),
                    Err(refusal) => refusal.to_frame(),
                }
            }
            PullRequest::KIND => {
                match serve::pull(&self.log, &read(frame), self.members.head()).unwrap() {
                    Ok(page) => page.to_frame(),
                    Err(refusal) => refusal.to_frame(),
                }
            }
            KeysRequest::KIND => serve::keys(&self.log, &read(frame)).unwrap().to_frame(),
            MembersRequest::KIND => self.members_page(&read(frame)).to_frame(),
            MembersPush::KIND => self.members_push(&read(frame)).to_frame(),
            other => panic!("frame {other}"),
        };
        self.requests += 1;
        self.bytes += frame.len() + reply.len();
        reply
    }

    fn hello(&self, request: &HelloRequest) -> sync::wire::HelloReply {
        serve::hello(&self.log, request, self.members.head(), self.clock()).unwrap()
    }

    fn members_page(&self, request: &MembersRequest) -> MembersPage {
        // Two at a time, so that reading on is tested.
        let entries = self.entries.iter().skip(request.from as usize).take(2).cloned().collect();
        MembersPage { entries, head: self.members.head() }
    }

    fn members_push(&mut self, push: &MembersPush) -> sync::wire::MembersReply {
        let known = (&self.members, self.entries.as_slice());
        let outcome = serve::members_from_device(known, push);
        self.entries.extend(outcome.append);
        self.members = outcome.members.unwrap();
        outcome.reply
    }

    /// Takes envelopes and keys from another log into this one.
    pub(crate) fn pass_on(&self, envelopes: &[Envelope], keys: &[WrappedKey]) {
        self.log.put_keys(clinic(1), device(1), keys).unwrap();
        self.log.append(clinic(1), envelopes).unwrap();
    }

    /// Comes back from a copy that has `lost` envelopes and `entries_lost` entries fewer, and nothing of
    /// epochs that began with those.
    pub(crate) fn restore(&mut self, lost: usize, entries_lost: usize) {
        let kept = (self.entries.len() - entries_lost).max(1);
        self.entries.truncate(kept);
        self.members = replay(&self.entries);
        let epoch = self.members.epoch();
        let held = self.held();
        let of_later = held.iter().position(|envelope| envelope.header().key_epoch > epoch);
        let count = held.len().saturating_sub(lost).min(of_later.unwrap_or(usize::MAX));
        self.lives += 1;
        let log_epoch = LogEpoch([self.lives; 16]);
        self.log.restore(clinic(1), count, log_epoch);
        let has_begun = |key: &WrappedKey| key.epoch().unwrap() <= epoch;
        let keys = self.log.keys(clinic(1), 0, usize::MAX).unwrap().keys;
        if !keys.iter().all(has_begun) {
            self.log = MemoryLog::default();
            self.log.open_clinic(clinic(1), log_epoch);
            let keys: Vec<_> = keys.into_iter().filter(has_begun).collect();
            self.pass_on(&held[..count], &keys);
        }
    }
}

fn read<T: Frame>(frame: &[u8]) -> T {
    T::from_frame(frame).unwrap()
}
