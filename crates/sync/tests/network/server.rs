//! The server of the test: the real answers over the memory log, and a membership log.

use sync::envelope::Envelope;
use sync::fixtures::{clinic, key};
use sync::have::Have;
use sync::ids::LogEpoch;
use sync::log::memory::MemoryLog;
use sync::log::{EnvelopeLog as _, KeyTable as _, PageQuery};
use sync::membership::{Members, SignedEntry};
use sync::serve;
use sync::signing::Signer as _;
use sync::wire::{
    Frame, HelloRequest, Item, KeysRequest, MembersPage, MembersPush, MembersRequest, PullRequest,
    PushRequest, WrappedKey,
};

use super::disk::Disk;

#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) log: MemoryLog,
    pub(crate) entries: Vec<SignedEntry>,
    pub(crate) members: Members,
    pub(crate) requests: usize,
    pub(crate) bytes: usize,
    lives: u8,
    pub(crate) now_ms: i64,
}

impl Server {
    pub(crate) fn new(entries: &[SignedEntry]) -> Self {
        let founding = sync::ids::VerifyKey(key(1).public_key());
        let log = MemoryLog::default();
        log.open_clinic(clinic(1), LogEpoch([1; 16]));
        Self {
            log,
            entries: entries.to_vec(),
            members: Members::replay(clinic(1), &founding, entries).unwrap(),
            requests: 0,
            bytes: 0,
            lives: 1,
            now_ms: 1_000_000,
        }
    }

    /// A device as it answers others: what it holds, in the order in which it came.
    pub(crate) fn of_device(disk: &Disk, now_ms: i64) -> Self {
        let log = MemoryLog::default();
        log.open_clinic(clinic(1), LogEpoch([100 + disk.number; 16]));
        let held = disk.all();
        let in_order = disk.arrival.iter().map(|id| held.iter().find(|e| e.id() == *id).unwrap());
        let in_order: Vec<Envelope> = in_order.cloned().collect();
        let keys: Vec<WrappedKey> = disk.keys.iter().cloned().collect();
        let (entries, members) = (disk.entries.clone(), disk.members().clone());
        let served = Self { log, entries, members, requests: 0, bytes: 0, lives: 0, now_ms };
        served.pass_on(&in_order, &keys);
        served
    }

    /// The device takes in what came to it as it answered.
    pub(crate) fn into_device(self, disk: &mut Disk) {
        let nothing = Have::new();
        let all =
            PageQuery { after: 0, skip: &nothing, items_max: usize::MAX, bytes_max: usize::MAX };
        let items = self.log.page(clinic(1), &all).unwrap().items;
        let envelopes: Vec<Envelope> = items
            .into_iter()
            .filter_map(|item| match item {
                Item::Whole(envelope) => Some(envelope),
                Item::Brief(_) => None,
            })
            .collect();
        let keys = self.log.keys(clinic(1), 0, usize::MAX).unwrap().keys.into_iter().collect();
        disk.take_file(&self.entries, &keys, &envelopes);
    }

    /// Answers one frame with one frame.
    pub(crate) fn answer(&mut self, kind: u8, frame: &[u8]) -> Vec<u8> {
        let reply = match kind {
            HelloRequest::KIND => self.hello(&read(frame)).to_frame(),
            PushRequest::KIND => {
                let pushed = serve::push(&self.log, &self.members, &read(frame)).unwrap();
                pushed.unwrap().to_frame()
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
        serve::hello(&self.log, request, self.members.head(), self.now_ms).unwrap()
    }

    fn members_page(&self, request: &MembersRequest) -> MembersPage {
        // Two at a time, so that reading on is tested.
        let entries = self.entries.iter().skip(request.from as usize).take(2).cloned().collect();
        MembersPage { entries, head: self.members.head() }
    }

    fn members_push(&mut self, push: &MembersPush) -> sync::wire::MembersReply {
        let known = Some((&self.members, self.entries.as_slice()));
        let outcome = serve::members_push(known, push, false, self.now_ms);
        self.entries.extend(outcome.append);
        self.members = outcome.members.unwrap();
        outcome.reply
    }

    /// Takes envelopes and keys from another log into this one.
    pub(crate) fn pass_on(&self, envelopes: &[Envelope], keys: &[WrappedKey]) {
        self.log.put_keys(clinic(1), keys).unwrap();
        self.log.append(clinic(1), envelopes).unwrap();
    }

    /// Comes back from a copy that has `lost` envelopes and `entries_lost` entries fewer.
    pub(crate) fn restore(&mut self, lost: usize, entries_lost: usize) {
        let head = self.log.floor(clinic(1)).unwrap().head.seq as usize;
        self.lives += 1;
        self.log.restore(clinic(1), head - lost.min(head), LogEpoch([self.lives; 16]));
        let kept = (self.entries.len() - entries_lost).max(1);
        self.entries.truncate(kept);
        let founding = sync::ids::VerifyKey(key(1).public_key());
        self.members = Members::replay(clinic(1), &founding, &self.entries).unwrap();
    }
}

fn read<T: Frame>(frame: &[u8]) -> T {
    T::from_frame(frame).unwrap()
}
