//! What a device has durably: a stand-in for the encrypted store, with a stand-in for sealing.

mod floors;
pub(crate) mod keys;
mod peers;
pub(crate) mod removed;
pub(crate) mod sealing;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use sync::check::{Awaits, QuarantineReason, after_origin, check_origin};
use sync::checkpoint::{ChainBlock, Differing, Passed, Told, Verdict, block_of, judge};
use sync::cursor::Cursor;
use sync::envelope::{Envelope, Kind};
use sync::fixtures::{clinic, device};
use sync::floor::Base;
use sync::have::{Have, Lane, Position};
use sync::ids::{DeviceId, EntryHash, EnvelopeId, LogEpoch};
use sync::membership::{EntryBody, EntryError, Members, SignedEntry};
use sync::payload::{Floor, Payload};
use sync::replica::Replica;
use sync::session::{Lacking, Local, Unseen};
use sync::wire::WrappedKey;

use keys::Keys;

/// One edit of one document: the "change".
pub(crate) type Edit = u64;

/// The number of the server among peers.
pub(crate) const SERVER: u8 = 0;

/// What is known of a peer.
#[derive(Clone, Default)]
struct Known {
    cursor: Option<Cursor>,
    keys_read: Option<(LogEpoch, u64)>,
    taken: Have,
    seen: Vec<(Lane, Position)>,
}

#[derive(Clone)]
pub(crate) struct Disk {
    pub(crate) number: u8,
    pub(crate) entries: Vec<SignedEntry>,
    pub(crate) members: Members,
    pub(crate) generation: u32,
    pub(crate) envelopes: BTreeMap<Lane, BTreeMap<u64, Vec<Envelope>>>,
    pub(crate) cursor: Option<Cursor>,
    pub(crate) keys_read: Option<(LogEpoch, u64)>,
    pub(crate) keys: Keys,
    pub(crate) outbox: Vec<Edit>,
    pub(crate) edits: BTreeSet<Edit>,
    pub(crate) quarantine: BTreeMap<EnvelopeId, QuarantineReason>,
    pub(crate) acknowledged: BTreeSet<EnvelopeId>,
    pub(crate) taken: Have,
    seen: Vec<(Lane, Position)>,
    pub(crate) told: Option<Told>,
    /// The envelopes in the order in which they came.
    pub(crate) arrival: Vec<EnvelopeId>,
    /// What is known of the peers that are not faced now; of the one that is, in the fields above.
    away: BTreeMap<u8, Known>,
    /// The peer that is faced: a device, or the server.
    facing: u8,
    chain: BTreeMap<(LogEpoch, u64), ChainBlock>,
    /// Floors with who says so, by the envelope that says it.
    pub(crate) floors: BTreeMap<EnvelopeId, (DeviceId, Floor)>,
    /// Who found a floor to be so, and by which envelope.
    countersigns: BTreeMap<EnvelopeId, BTreeMap<DeviceId, EnvelopeId>>,
    pub(crate) base: Base,
    /// The place of the server's log that is read from and not proven.
    pub(crate) jumped: Option<Cursor>,
    doubted: u64,
    /// The epochs whose keys were sealed to this device.
    epochs: BTreeSet<u32>,
    /// Of devices that were removed what was merged before that was known here, and does not count.
    pub(crate) early: BTreeSet<EnvelopeId>,
}

thread_local! {
    /// The envelopes whose signature was found to hold: what comes of it is the same wherever they
    /// arrive, and most of the time would go into it.
    static SIGNED: RefCell<BTreeSet<EnvelopeId>> = const { RefCell::new(BTreeSet::new()) };
    /// The states after entries that were judged: an entry names all that stands before it.
    static JUDGED: RefCell<BTreeMap<EntryHash, Members>> = const { RefCell::new(BTreeMap::new()) };
}

/// So much of either is remembered.
const SIGNED_MAX: usize = 20_000;
const JUDGED_MAX: usize = 500;

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
            keys: Keys::default(),
            outbox: Vec::new(),
            edits: BTreeSet::new(),
            quarantine: BTreeMap::new(),
            acknowledged: BTreeSet::new(),
            taken: Have::new(),
            seen: Vec::new(),
            told: None,
            arrival: Vec::new(),
            away: BTreeMap::new(),
            facing: SERVER,
            chain: BTreeMap::new(),
            floors: BTreeMap::new(),
            countersigns: BTreeMap::new(),
            base: Base::default(),
            jumped: None,
            doubted: 0,
            epochs: BTreeSet::from([1]),
            early: BTreeSet::new(),
        }
    }

    pub(crate) fn members(&self) -> &Members {
        &self.members
    }

    /// Turns to a peer: what is read and noted from now on is of that one.
    pub(crate) fn face(&mut self, peer: u8) {
        let next = self.away.remove(&peer).unwrap_or_default();
        let last = Known {
            cursor: std::mem::replace(&mut self.cursor, next.cursor),
            keys_read: std::mem::replace(&mut self.keys_read, next.keys_read),
            taken: std::mem::replace(&mut self.taken, next.taken),
            // What was seen and not saved is forgotten.
            seen: Vec::new(),
        };
        self.seen = next.seen;
        self.away.insert(std::mem::replace(&mut self.facing, peer), last);
    }

    pub(crate) fn local(&self) -> Local {
        let have = self.have();
        let own = have.iter().any(|(lane, at)| {
            lane.device == device(self.number) && at.counter > self.taken.counter(lane)
        });
        Local {
            clinic: clinic(1),
            replica: Replica::resume(device(self.number), self.generation, &have),
            have,
            cursor: self.cursor,
            // A server that was put back gives keys in places that were read before.
            keys_read: self.keys_read.filter(|_| !self.waits_for_keys()),
            members: self.members().head(),
            told: self.told.filter(|_| self.facing == SERVER),
            unmet: None,
            sealed_anew: BTreeSet::new(),
            outlook: None,
            left: None,
            fetching: None,
            floors_after: if self.facing == SERVER { self.doubted } else { u64::MAX },
            unseen: Unseen { own, others: self.lacking_lanes(&Lacking::Others).next().is_some() },
        }
    }

    pub(crate) fn have(&self) -> Have {
        // A floor that nobody vouched for is read anew from the start, and what came above it stays.
        let holes = self.jumped.is_some() || !self.floors.is_empty() || self.doubted > 0;
        let mut have = self.base.have().clone();
        for (lane, counters) in &self.envelopes {
            let from = have.counter(*lane);
            let contiguous = (from + 1..).take_while(|c| counters.contains_key(c)).count() as u64;
            let last = from + contiguous;
            let is_whole = last >= *counters.keys().last().unwrap();
            assert!(is_whole || holes || self.has_unread_floor(), "a hole in {lane:?}");
            if contiguous > 0 {
                have.set(*lane, counters[&last][0].position());
            }
        }
        have
    }

    /// Whether something here that cannot be read here, and may never be, says that there is a floor.
    fn has_unread_floor(&self) -> bool {
        let is_unread = |envelope: &Envelope| self.quarantine.contains_key(&envelope.id());
        let all = self.all();
        all.iter().any(|it| it.header().kind == Kind::Snapshot && is_unread(it))
    }

    /// Keeps the places that were passed, and compares what others say they saw.
    pub(crate) fn compare(&mut self, passed: &Passed, envelopes: &[Envelope]) -> Vec<Differing> {
        for (number, marks) in passed.blocks() {
            self.chain.entry((passed.log_epoch, number)).or_default().note(marks);
        }
        let mut differing = Vec::new();
        for envelope in envelopes.iter().filter(|e| e.header().kind == Kind::Checkpoint) {
            self.told = self.told.map(|told| told.met(1));
            let Ok(Payload::Checkpoint(saw)) = self.payload_of(envelope) else { continue };
            let block = self.chain.get(&(saw.log_epoch, block_of(saw.mark.seq)));
            let known = block.and_then(|block| block.at(saw.mark.seq));
            if judge(saw, known, passed.end()) == Verdict::Different {
                differing.push(Differing { device: envelope.header().device, saw });
            }
        }
        differing
    }

    /// Notes how far the server's log was read, and what it was seen to hold.
    pub(crate) fn save(&mut self, cursor: Cursor, now_ms: i64) {
        for (lane, position) in std::mem::take(&mut self.seen) {
            if position.counter > self.taken.counter(lane) {
                self.taken.set(lane, position);
            }
        }
        self.cursor = Some(cursor);
        if self.facing == SERVER {
            self.told.get_or_insert(Told::begin(cursor, now_ms));
        }
    }

    /// Takes in what another device carried here in a file; the lanes that are forked by it.
    pub(crate) fn take_file(
        &mut self,
        entries: &[SignedEntry],
        keys: &Keys,
        envelopes: &[Envelope],
    ) -> Vec<Lane> {
        let new = entries.get(self.entries.len()..).unwrap_or_default();
        self.take_entries(new).unwrap();
        self.keys.extend(keys.iter().cloned());
        self.recheck();
        self.take_in(envelopes)
    }

    /// Takes in entries that follow those that are here.
    pub(crate) fn take_entries(&mut self, new: &[SignedEntry]) -> Result<(), EntryError> {
        let mut members = self.members.clone();
        for entry in new {
            members = follow(&members, entry)?;
        }
        let before = std::mem::replace(&mut self.members, members);
        self.entries.extend(new.iter().cloned());
        let mine = device(self.number);
        for entry in new {
            let EntryBody::Epoch(epoch) = &entry.entry().body else { continue };
            if epoch.keys.iter().any(|key| key.device == mine) {
                self.epochs.insert(epoch.number);
            }
        }
        self.note_early(&before);
        Ok(())
    }

    /// Takes envelopes in; the lanes that are forked by them.
    pub(crate) fn take_in(&mut self, envelopes: &[Envelope]) -> Vec<Lane> {
        let mut forks = Vec::new();
        for envelope in envelopes {
            if !self.has(envelope) {
                forks.extend(self.receive(envelope));
            }
        }
        self.recheck_cut();
        self.prove();
        forks
    }

    /// Everything that is held.
    pub(crate) fn all(&self) -> Vec<Envelope> {
        self.envelopes.values().flat_map(|counters| counters.values().flatten()).cloned().collect()
    }

    fn hold(&mut self, envelope: &Envelope) -> bool {
        let at = self.envelopes.entry(envelope.header().lane()).or_default();
        let at = at.entry(envelope.header().counter).or_default();
        let new = !at.contains(envelope);
        if new {
            at.push(envelope.clone());
            self.arrival.push(envelope.id());
        }
        new
    }

    pub(crate) fn holds(&self, lane: Lane, counter: u64, id: EnvelopeId) -> bool {
        let at = self.envelopes.get(&lane).and_then(|counters| counters.get(&counter));
        at.is_some_and(|envelopes| envelopes.iter().any(|e| e.id() == id))
    }

    pub(crate) fn has(&self, envelope: &Envelope) -> bool {
        let header = envelope.header();
        self.holds(header.lane(), header.counter, envelope.id())
    }

    /// Takes an envelope in and tells its lane when its counter has another by now.
    pub(crate) fn receive(&mut self, envelope: &Envelope) -> Option<Lane> {
        match self.payload_of(envelope) {
            Ok(payload) => {
                self.edits.extend(edits_of(&payload));
                self.note_floor(envelope, payload);
            }
            Err(reason) => {
                self.quarantine.insert(envelope.id(), reason);
            }
        }
        let is_new = self.hold(envelope);
        let lane = envelope.header().lane();
        let twins = self.envelopes[&lane][&envelope.header().counter].len();
        let is_fork = is_new && twins > 1;
        if is_fork {
            // Which of the two the server holds is not known: all of the lane is given, one's own too.
            self.taken.forget(lane);
            self.away.values_mut().for_each(|known| known.taken.forget(lane));
            self.seen.retain(|(seen, _)| *seen != lane);
        }
        is_fork.then_some(lane)
    }

    fn waits_for_keys(&self) -> bool {
        self.quarantine.values().any(|reason| *reason == QuarantineReason::NoKey)
    }

    /// Looks again at what waited for membership entries or keys.
    pub(crate) fn recheck(&mut self) {
        self.recheck_those(|reason| reason.awaits() == Awaits::Membership);
        self.recheck_cut();
        self.prove();
    }

    fn recheck_those(&mut self, waits: impl Fn(QuarantineReason) -> bool) {
        let waiting: BTreeSet<_> = self
            .quarantine
            .iter()
            .filter(|(_, reason)| waits(**reason))
            .map(|(id, _)| *id)
            .collect();
        if waiting.is_empty() {
            return;
        }
        for envelope in self.all().iter().filter(|envelope| waiting.contains(&envelope.id())) {
            self.quarantine.remove(&envelope.id());
            self.receive(envelope);
        }
    }

    pub(crate) fn ids(&self) -> BTreeSet<EnvelopeId> {
        let lanes = self.envelopes.values();
        lanes.flat_map(|counters| counters.values().flatten()).map(Envelope::id).collect()
    }

    fn payload_of(&self, envelope: &Envelope) -> Result<Payload, QuarantineReason> {
        self.check_origin(envelope)?;
        after_origin(envelope, self.members())?;
        if self.is_cut_off(envelope) {
            return Err(QuarantineReason::AfterCut);
        }
        let header = envelope.header();
        let opens = |key: &WrappedKey| {
            let epoch = key.epoch().filter(|epoch| self.epochs.contains(epoch));
            key.doc_tag == header.doc_tag && epoch.is_some_and(|epoch| epoch >= header.key_epoch)
        };
        if !self.keys.iter().any(opens) {
            return Err(QuarantineReason::NoKey);
        }
        content_of(envelope)
    }

    fn check_origin(&self, envelope: &Envelope) -> Result<(), QuarantineReason> {
        let is_known = self.members.device(envelope.header().device).is_some();
        if is_known && SIGNED.with_borrow(|signed| signed.contains(&envelope.id())) {
            return Ok(());
        }
        check_origin(envelope, self.members())?;
        SIGNED.with_borrow_mut(|signed| {
            if signed.len() >= SIGNED_MAX {
                signed.clear();
            }
            signed.insert(envelope.id())
        });
        Ok(())
    }
}

/// What is sealed in an envelope, whoever may open it.
pub(crate) fn content_of(envelope: &Envelope) -> Result<Payload, QuarantineReason> {
    let header = envelope.header();
    let (plain, tag) = envelope.ciphertext().split_at(header.padded_len as usize);
    if tag != sealing::tag_bytes(header, plain) {
        return Err(QuarantineReason::NotOpened);
    }
    Payload::open(header.kind, plain).map_err(|_| QuarantineReason::Malformed)
}

/// The edits in what was sealed.
pub(crate) fn edits_of(payload: &Payload) -> Vec<Edit> {
    let edit = |bytes: &[u8]| Edit::from_be_bytes(bytes.try_into().unwrap());
    match payload {
        Payload::Changes { changes, .. } => changes.iter().map(|change| edit(change)).collect(),
        Payload::Batches(batches) => {
            let batches = batches.clone().into_batches();
            batches.iter().flat_map(|batch| &batch.changes).map(|change| edit(change)).collect()
        }
        Payload::Pack(pack) => {
            pack.documents().iter().flat_map(|packed| packed.bytes.chunks(8)).map(edit).collect()
        }
        _ => Vec::new(),
    }
}

/// The edits in an envelope, whoever may open it.
pub(crate) fn edits_in(envelope: &Envelope) -> Vec<Edit> {
    edits_of(&content_of(envelope).unwrap())
}

fn replay(entries: &[SignedEntry]) -> Members {
    let begun = Members::found(&entries[0]).unwrap();
    entries[1..].iter().fold(begun, |members, entry| follow(&members, entry).unwrap())
}

/// The state after the next entry.
fn follow(members: &Members, entry: &SignedEntry) -> Result<Members, EntryError> {
    let follows = entry.entry().prev == members.head().hash;
    let known = JUDGED.with_borrow(|judged| judged.get(&entry.hash()).cloned());
    if let Some(known) = known.filter(|_| follows) {
        return Ok(known);
    }
    let mut next = members.clone();
    next.apply(entry)?;
    JUDGED.with_borrow_mut(|judged| {
        if judged.len() >= JUDGED_MAX {
            judged.clear();
        }
        judged.insert(entry.hash(), next.clone())
    });
    Ok(next)
}
