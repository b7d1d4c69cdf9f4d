//! What a device has durably: a stand-in for the encrypted store, with a stand-in for sealing.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};
use sync::check::{Awaits, QuarantineReason, before_opening};
use sync::checkpoint::{ChainBlock, Differing, Passed, Told, Verdict, block_of, judge};
use sync::codec::Canonical as _;
use sync::cursor::Cursor;
use sync::envelope::{Envelope, Header, Kind};
use sync::fixtures::{clinic, device, key};
use sync::have::{Have, Lane};
use sync::ids::{DocTag, EnvelopeId, LogEpoch, Salt};
use sync::membership::{Members, SignedEntry};
use sync::payload::{DocumentName, Payload};
use sync::replica::Replica;
use sync::session::{Limit, Local, Outgoing};
use sync::wire::{Brief, WrappedKey};

/// One edit of one document: the "change".
pub(crate) type Edit = u64;

#[derive(Clone)]
pub(crate) struct Disk {
    pub(crate) number: u8,
    pub(crate) entries: Vec<SignedEntry>,
    pub(crate) members: Members,
    pub(crate) generation: u32,
    pub(crate) envelopes: BTreeMap<Lane, BTreeMap<u64, Vec<Envelope>>>,
    pub(crate) cursor: Option<Cursor>,
    pub(crate) keys_read: Option<(LogEpoch, u64)>,
    pub(crate) keys: BTreeSet<WrappedKey>,
    pub(crate) outbox: Vec<Edit>,
    pub(crate) edits: BTreeSet<Edit>,
    pub(crate) quarantine: BTreeMap<EnvelopeId, QuarantineReason>,
    pub(crate) acknowledged: BTreeSet<EnvelopeId>,
    pub(crate) taken: Have,
    pub(crate) told: Option<Told>,
    chain: BTreeMap<(LogEpoch, u64), ChainBlock>,
}

impl Disk {
    pub(crate) fn new(number: u8, entries: &[SignedEntry]) -> Self {
        Self {
            number,
            entries: entries.to_vec(),
            members: replay(entries),
            generation: 0,
            envelopes: BTreeMap::new(),
            cursor: None,
            keys_read: None,
            keys: BTreeSet::new(),
            outbox: Vec::new(),
            edits: BTreeSet::new(),
            quarantine: BTreeMap::new(),
            acknowledged: BTreeSet::new(),
            taken: Have::new(),
            told: None,
            chain: BTreeMap::new(),
        }
    }

    pub(crate) fn members(&self) -> &Members {
        &self.members
    }

    pub(crate) fn local(&self) -> Local {
        let have = self.have();
        Local {
            clinic: clinic(1),
            replica: Replica::resume(device(self.number), self.generation, &have),
            have,
            cursor: self.cursor,
            keys_read: self.keys_read,
            members: self.members().head(),
            told: self.told,
        }
    }

    pub(crate) fn have(&self) -> Have {
        self.envelopes
            .iter()
            .map(|(lane, counters)| {
                let contiguous = (1..).take_while(|c| counters.contains_key(c)).count() as u64;
                assert_eq!(contiguous, *counters.keys().last().unwrap(), "a hole in {lane:?}");
                (*lane, counters[&contiguous][0].position())
            })
            .collect()
    }

    pub(crate) fn edit(&mut self, edit: Edit) {
        self.edits.insert(edit);
        self.outbox.push(edit);
        let tag = tag_of(edit);
        if !self.keys.iter().any(|key| key.doc_tag == tag) {
            self.keys.insert(WrappedKey { doc_tag: tag, wrapped: vec![self.number; 85] });
        }
    }

    /// Seals edits in batches of up to three of one document.
    pub(crate) fn seal(&mut self, generation: u32, limit: Limit) -> Outgoing {
        let mut replica = self.local().replica;
        replica.open(generation);
        replica.meet();
        let mut sealed = Vec::new();
        while sealed.len() < limit.envelopes.min(4) && !self.outbox.is_empty() {
            let tag = tag_of(self.outbox[0]);
            let same = self.outbox.iter().take_while(|e| tag_of(**e) == tag).count().min(3);
            let batch: Vec<_> = self.outbox.drain(..same).collect();
            sealed.push(self.seal_one(&mut replica, tag, &payload(&batch)));
        }
        self.with_keys(sealed)
    }

    /// Seals a checkpoint beside what was sealed.
    pub(crate) fn tell(&mut self, generation: u32, cursor: Cursor, now_ms: i64) -> Envelope {
        let mut replica = self.local().replica;
        replica.open(generation);
        replica.meet();
        self.told = Some(Told::tell(cursor, now_ms));
        self.keys.insert(WrappedKey { doc_tag: CHECKPOINTS, wrapped: vec![9; 85] });
        self.seal_one(&mut replica, CHECKPOINTS, &Payload::Checkpoint(cursor))
    }

    fn seal_one(&mut self, replica: &mut Replica, doc_tag: DocTag, payload: &Payload) -> Envelope {
        let stamp = replica.stamp().unwrap();
        let plain = payload.to_bytes();
        let header = Header {
            clinic: clinic(1),
            kind: payload.kind(),
            doc_tag,
            device: stamp.device,
            generation: stamp.generation,
            counter: stamp.counter,
            prev_id: stamp.prev_id,
            key_epoch: 1,
            salt: Salt(Sha256::digest(&plain).into()),
            padded_len: plain.len() as u32,
        };
        let ciphertext = [&plain[..], &tag_bytes(&header, &plain)].concat();
        let envelope = Envelope::sign(header, ciphertext, &key(self.number));
        replica.sealed(stamp.generation, envelope.position());
        self.hold(&envelope);
        envelope
    }

    /// Keeps the places that were passed, and compares what others say they saw.
    pub(crate) fn compare(&mut self, passed: &Passed, envelopes: &[Envelope]) -> Vec<Differing> {
        for (number, marks) in passed.blocks() {
            self.chain.entry((passed.log_epoch, number)).or_default().note(marks);
        }
        let reading = Cursor { log_epoch: passed.log_epoch, mark: passed.end() };
        let mut differing = Vec::new();
        for envelope in envelopes.iter().filter(|e| e.header().kind == Kind::Checkpoint) {
            self.told = self.told.map(|told| told.met(1));
            let Ok(Payload::Checkpoint(saw)) = self.payload_of(envelope) else { continue };
            let block = self.chain.get(&(saw.log_epoch, block_of(saw.mark.seq)));
            let known = block.and_then(|block| block.at(saw.mark.seq));
            if judge(saw, known, reading) == Verdict::Different {
                differing.push(Differing { device: envelope.header().device, saw });
            }
        }
        differing
    }

    /// Notes how far the server's log was read.
    pub(crate) fn save(&mut self, cursor: Cursor, now_ms: i64) {
        self.cursor = Some(cursor);
        self.told.get_or_insert(Told::begin(cursor, now_ms));
    }

    pub(crate) fn load(
        &self,
        peer: &Have,
        after: Option<Brief>,
        own_only: bool,
        limit: Limit,
    ) -> Outgoing {
        let mine = device(self.number);
        let after = after.map(|brief| (brief.lane, brief.position));
        let lacking = self
            .envelopes
            .iter()
            .filter(|(lane, _)| !own_only || lane.device == mine)
            .flat_map(|(lane, counters)| counters.range(self.lacking_from(peer, *lane, own_only)..))
            .flat_map(|(_, envelopes)| {
                let mut twins: Vec<_> = envelopes.iter().collect();
                twins.sort_by_key(|envelope| envelope.id());
                twins
            })
            .filter(|e| after.is_none_or(|after| (e.header().lane(), e.position()) > after));
        let some = lacking.take(limit.envelopes.min(5)).cloned().collect();
        self.with_keys(some)
    }

    /// Notes what the server holds.
    pub(crate) fn acknowledge(&mut self, names: &[Brief]) {
        for name in names {
            self.acknowledged.insert(name.position.id);
            self.taken.set(name.lane, name.position);
        }
    }

    fn lacking_from(&self, peer: &Have, lane: Lane, own_only: bool) -> u64 {
        if own_only {
            return peer.counter(lane).min(self.taken.counter(lane)) + 1;
        }
        let counters = &self.envelopes[&lane];
        let is_held = peer.get(lane).is_none_or(|at| self.holds(lane, at.counter, at.id));
        let is_forked = counters.values().any(|envelopes| envelopes.len() > 1);
        if is_held && !is_forked { peer.counter(lane) + 1 } else { 1 }
    }

    pub(crate) fn with_keys(&self, envelopes: Vec<Envelope>) -> Outgoing {
        let tags: BTreeSet<_> = envelopes.iter().map(|e| e.header().doc_tag).collect();
        let keys = self.keys.iter().filter(|key| tags.contains(&key.doc_tag)).cloned().collect();
        Outgoing { envelopes, keys }
    }

    fn hold(&mut self, envelope: &Envelope) -> bool {
        let at = self.envelopes.entry(envelope.header().lane()).or_default();
        let at = at.entry(envelope.header().counter).or_default();
        let new = !at.contains(envelope);
        if new {
            at.push(envelope.clone());
        }
        new
    }

    pub(crate) fn holds(&self, lane: Lane, counter: u64, id: EnvelopeId) -> bool {
        let at = self.envelopes.get(&lane).and_then(|counters| counters.get(&counter));
        at.is_some_and(|envelopes| envelopes.iter().any(|e| e.id() == id))
    }

    /// Takes an envelope in and tells its lane when its counter has another by now.
    pub(crate) fn receive(&mut self, envelope: &Envelope) -> Option<Lane> {
        match self.open(envelope) {
            Ok(edits) => self.edits.extend(edits),
            Err(reason) => {
                self.quarantine.insert(envelope.id(), reason);
            }
        }
        let is_new = self.hold(envelope);
        let lane = envelope.header().lane();
        let twins = self.envelopes[&lane][&envelope.header().counter].len();
        (is_new && twins > 1).then_some(lane)
    }

    /// Looks again at what waited for membership entries or keys.
    pub(crate) fn recheck(&mut self) {
        let waiting: Vec<_> = self
            .quarantine
            .iter()
            .filter(|(_, reason)| reason.awaits() == Awaits::Membership)
            .map(|(id, _)| *id)
            .collect();
        let all: Vec<_> =
            self.envelopes.values().flat_map(|c| c.values().flatten()).cloned().collect();
        for envelope in all.iter().filter(|envelope| waiting.contains(&envelope.id())) {
            self.quarantine.remove(&envelope.id());
            self.receive(envelope);
        }
    }

    /// What this device sealed, in its order.
    pub(crate) fn own(&self) -> Vec<Envelope> {
        let mine = device(self.number);
        let lanes = self.envelopes.iter().filter(|(lane, _)| lane.device == mine);
        lanes.flat_map(|(_, counters)| counters.values().flatten().cloned()).collect()
    }

    pub(crate) fn ids(&self) -> BTreeSet<EnvelopeId> {
        let lanes = self.envelopes.values();
        lanes.flat_map(|counters| counters.values().flatten()).map(Envelope::id).collect()
    }

    fn open(&self, envelope: &Envelope) -> Result<Vec<Edit>, QuarantineReason> {
        match self.payload_of(envelope)? {
            Payload::Changes { changes, .. } => {
                Ok(changes.iter().map(|c| Edit::from_be_bytes(c[..].try_into().unwrap())).collect())
            }
            Payload::Checkpoint(_) => Ok(Vec::new()),
            Payload::Part { .. } => Err(QuarantineReason::Malformed),
        }
    }

    fn payload_of(&self, envelope: &Envelope) -> Result<Payload, QuarantineReason> {
        before_opening(envelope, self.members())?;
        let header = envelope.header();
        if !self.keys.iter().any(|key| key.doc_tag == header.doc_tag) {
            return Err(QuarantineReason::NoKey);
        }
        let (plain, tag) = envelope.ciphertext().split_at(header.padded_len as usize);
        if tag != tag_bytes(header, plain) {
            return Err(QuarantineReason::NotOpened);
        }
        Payload::open(header.kind, plain).map_err(|_| QuarantineReason::Malformed)
    }

    /// Puts the edits of own envelopes back to be sealed.
    pub(crate) fn reseal(&mut self, lane: Lane, from: u64) {
        let envelopes: Vec<_> = self.envelopes[&lane]
            .range(from..)
            .flat_map(|(_, envelopes)| envelopes.clone())
            .collect();
        let edits: Vec<_> = envelopes.iter().flat_map(|e| self.open(e).unwrap()).collect();
        self.outbox.splice(0..0, edits);
    }
}

fn replay(entries: &[SignedEntry]) -> Members {
    let mut members = Members::found(&entries[0]).unwrap();
    entries[1..].iter().for_each(|entry| members.apply(entry).unwrap());
    members
}

/// The document tag of every checkpoint.
const CHECKPOINTS: DocTag = DocTag([9; 32]);

fn tag_of(edit: Edit) -> DocTag {
    DocTag([(edit % 5) as u8; 32])
}

fn payload(edits: &[Edit]) -> Payload {
    Payload::Changes {
        document: DocumentName::new("chart", [(edits[0] % 5) as u8; 16]).unwrap(),
        changes: edits.iter().map(|edit| edit.to_be_bytes().to_vec()).collect(),
    }
}

fn tag_bytes(header: &Header, plain: &[u8]) -> [u8; 16] {
    let digest = Sha256::new().chain_update(header.aad()).chain_update(plain).finalize();
    digest[..16].try_into().unwrap()
}
