//! What a device has durably: a stand-in for the encrypted store, with a stand-in for sealing.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};
use sync::check::{Awaits, QuarantineReason, after_origin, check_origin};
use sync::checkpoint::{ChainBlock, Differing, Passed, Told, Verdict, block_of, judge};
use sync::codec::Canonical as _;
use sync::cursor::Cursor;
use sync::envelope::{Envelope, Header, Kind};
use sync::fixtures::{clinic, device, key, wrapped_key};
use sync::floor::{Base, is_vouched_for};
use sync::have::{Have, Lane, Position};
use sync::ids::{ClinicId, DeviceId, DocTag, EnvelopeId, LogEpoch, Salt};
use sync::membership::{Members, Role, SignedEntry};
use sync::payload::{DocumentName, Floor, Pack, Packed, Payload};
use sync::replica::Replica;
use sync::session::{Lacking, Limit, Local, Outgoing, Unseen};
use sync::wire::{Brief, FloorPut, WrappedKey};

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
    pub(crate) keys: BTreeSet<WrappedKey>,
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
        Local {
            clinic: clinic(1),
            replica: Replica::resume(device(self.number), self.generation, &have),
            have,
            cursor: self.cursor,
            keys_read: self.keys_read,
            members: self.members().head(),
            told: self.told.filter(|_| self.facing == SERVER),
            unmet: None,
            sealed_anew: BTreeSet::new(),
            outlook: None,
            left: None,
            fetching: None,
            floors_after: if self.facing == SERVER { self.doubted } else { u64::MAX },
            unseen: Unseen {
                own: self.have().iter().any(|(lane, at)| {
                    lane.device == device(self.number) && at.counter > self.taken.counter(lane)
                }),
                others: self.lacking_lanes(&Lacking::Others).next().is_some(),
            },
        }
    }

    pub(crate) fn have(&self) -> Have {
        let holes = self.jumped.is_some() || !self.floors.is_empty();
        let mut have = self.base.have().clone();
        for (lane, counters) in &self.envelopes {
            let from = have.counter(*lane);
            let contiguous = (from + 1..).take_while(|c| counters.contains_key(c)).count() as u64;
            let last = from + contiguous;
            let is_whole = last >= *counters.keys().last().unwrap();
            assert!(is_whole || holes, "a hole in {lane:?}");
            if contiguous > 0 {
                have.set(*lane, counters[&last][0].position());
            }
        }
        have
    }

    /// Counts as held what a floor covers, where one is proven by now.
    pub(crate) fn prove(&mut self) {
        for (id, floor) in self.proven() {
            let mut have = self.have();
            self.base.raise(&mut have, &floor);
            let is_reached = |jumped: &Cursor| floor.at().mark.seq >= jumped.mark.seq;
            if self.jumped.as_ref().is_some_and(is_reached) {
                assert_eq!(self.floors[&id].1, floor);
                self.jumped = None;
            }
        }
    }

    /// The floors that two vouch for and whose envelopes are here.
    fn proven(&self) -> Vec<(EnvelopeId, Floor)> {
        let ids = self.ids();
        let is_good = |id: &EnvelopeId| ids.contains(id) && !self.quarantine.contains_key(id);
        let proven = self.floors.iter().filter(|(id, (by, floor))| {
            let countersigned = self.countersigns.get(id).into_iter().flatten();
            let countersigned = countersigned.map(|(device, _)| *device).collect();
            is_vouched_for(*by, &countersigned) && floor.covered_by().iter().all(is_good)
        });
        proven.map(|(id, (_, floor))| (*id, floor.clone())).collect()
    }

    /// Whether the log was read from a floor to its end, and nobody vouched for it: then it is read
    /// from its start.
    pub(crate) fn doubt_floor(&mut self) -> bool {
        let Some(jumped) = self.jumped.take() else { return false };
        let is_there = self.cursor.is_some_and(|cursor| {
            cursor.log_epoch == jumped.log_epoch && cursor.mark.seq >= jumped.mark.seq
        });
        if is_there {
            self.doubted = jumped.mark.seq;
            self.cursor = None;
        }
        is_there
    }

    /// Covers all that the server was read to hold by packs, and says so.
    pub(crate) fn make_floor(&mut self) -> bool {
        let waits = |reason: &QuarantineReason| reason.awaits() != Awaits::Nothing;
        let Some(at) = self.cursor.filter(|_| self.jumped.is_none() && self.generation > 0) else {
            return false;
        };
        if self.quarantine.values().any(waits) {
            return false;
        }
        let here = self.have();
        let noted = |(lane, at): (Lane, Position)| {
            let held = here.get(lane)?;
            Some((lane, if at.counter <= held.counter { at } else { held }))
        };
        let others = self.taken.iter().filter(|(_, at)| at.counter > 0).filter_map(noted);
        // All of one's own is in the packs, whether the server's answer to it came or not.
        let own = here.iter().filter(|(lane, _)| lane.device == device(self.number));
        let have: Have = others.chain(own).collect();
        let document = |number: u64| {
            let edits = self.edits.iter().filter(|edit| *edit % 5 == number);
            let bytes: Vec<u8> = edits.flat_map(|edit| edit.to_be_bytes()).collect();
            let document = DocumentName::new("chart", [number as u8; 16]).unwrap();
            (!bytes.is_empty()).then_some(Packed { document, bytes })
        };
        let documents: Vec<_> = (0..5).filter_map(document).collect();
        let mut replica = self.local().replica;
        replica.open(self.generation);
        replica.meet();
        let mut covered_by = Vec::new();
        for (number, documents) in (0_u8..).zip(documents.chunks(2)) {
            let pack = Payload::Pack(Pack::new([number; 16], documents.to_vec()).unwrap());
            covered_by.push(self.seal_keyed(&mut replica, PACKS, &pack).id());
        }
        let Some(floor) = Floor::new((at, have), covered_by, 0) else { return false };
        let sealed = self.seal_keyed(&mut replica, FLOORS, &Payload::Floor(floor.clone()));
        self.floors.insert(sealed.id(), (device(self.number), floor));
        true
    }

    /// Says of floors of others that they are so, where they are.
    pub(crate) fn countersign(&mut self) -> usize {
        let mine = device(self.number);
        if self.generation == 0 {
            return 0;
        }
        let unsigned = self.floors.iter().filter(|(id, (by, floor))| {
            let signed = self.countersigns.get(id).is_some_and(|by| by.contains_key(&mine));
            *by != mine && !signed && self.is_so(floor)
        });
        let unsigned: Vec<_> = unsigned.map(|(id, _)| *id).collect();
        for id in &unsigned {
            let mut replica = self.local().replica;
            replica.open(self.generation);
            replica.meet();
            let sealed = self.seal_keyed(&mut replica, FLOORS, &Payload::Countersign(*id));
            self.countersigns.entry(*id).or_default().insert(mine, sealed.id());
        }
        unsigned.len()
    }

    fn is_so(&self, floor: &Floor) -> bool {
        let at = floor.at();
        let block = self.chain.get(&(at.log_epoch, block_of(at.mark.seq)));
        let same = block.and_then(|block| block.at(at.mark.seq)) == Some(at.mark.chain);
        let here = self.have();
        let all = self.all();
        let held = |id: &EnvelopeId| all.iter().find(|envelope| envelope.id() == *id);
        let packs: Option<Vec<_>> = floor.covered_by().iter().map(held).collect();
        let (Some(packs), true) = (packs, same && floor.have().beyond(&here).is_empty()) else {
            return false;
        };
        let packed: BTreeSet<Edit> =
            packs.into_iter().filter_map(|pack| self.open(pack).ok()).flatten().collect();
        let before = |envelope: &&Envelope| {
            envelope.header().counter <= floor.have().counter(envelope.header().lane())
        };
        let covered = all.iter().filter(before).filter_map(|envelope| self.open(envelope).ok());
        covered.flatten().all(|edit| packed.contains(&edit))
    }

    /// What to tell the server of the last floor that is proven.
    pub(crate) fn floor_to_put(&self, clinic: ClinicId) -> Option<FloorPut> {
        let (snapshot, floor) =
            self.proven().into_iter().max_by_key(|(_, floor)| floor.at().mark.seq)?;
        let countersign = *self.countersigns[&snapshot].values().next()?;
        Some(FloorPut { clinic, mark: floor.at().mark, snapshot, countersign, cold: true })
    }

    fn seal_keyed(&mut self, replica: &mut Replica, tag: DocTag, payload: &Payload) -> Envelope {
        self.keys.insert(wrapped_key(tag, 1, 9));
        self.seal_one(replica, tag, payload)
    }

    pub(crate) fn edit(&mut self, edit: Edit) {
        self.edits.insert(edit);
        self.outbox.push(edit);
        let tag = tag_of(edit);
        if !self.keys.iter().any(|key| key.doc_tag == tag) {
            self.keys.insert(wrapped_key(tag, 1, self.number.into()));
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
        self.keys.insert(wrapped_key(CHECKPOINTS, 1, 9));
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

    pub(crate) fn load(&self, lacking: &Lacking, after: Option<Brief>, limit: Limit) -> Outgoing {
        let after = after.map(|brief| (brief.lane, brief.position));
        let lacking = self
            .lacking_lanes(lacking)
            .flat_map(|(lane, from)| self.envelopes[&lane].range(from..))
            .flat_map(|(_, envelopes)| {
                let mut twins: Vec<_> = envelopes.iter().collect();
                twins.sort_by_key(|envelope| envelope.id());
                twins
            })
            .filter(|e| after.is_none_or(|after| (e.header().lane(), e.position()) > after));
        let some = lacking.take(limit.envelopes.min(5)).cloned().collect();
        self.with_keys(some)
    }

    /// Seals what waits without having met anyone: in a generation of its own.
    pub(crate) fn seal_for_a_file(&mut self, random: u64) {
        let generation = Lane::unmet_generation(random as u32);
        let limit = Limit { envelopes: usize::MAX, bytes: usize::MAX };
        while !self.seal(generation, limit).envelopes.is_empty() {}
    }

    /// Takes in what another device carried here in a file.
    pub(crate) fn take_file(
        &mut self,
        entries: &[SignedEntry],
        keys: &BTreeSet<WrappedKey>,
        envelopes: &[Envelope],
    ) {
        for entry in entries.iter().skip(self.entries.len()) {
            self.members.apply(entry).unwrap();
            self.entries.push(entry.clone());
        }
        self.keys.extend(keys.iter().cloned());
        self.recheck();
        for envelope in envelopes {
            self.receive(envelope);
        }
        self.prove();
    }

    /// Everything that is held.
    pub(crate) fn all(&self) -> Vec<Envelope> {
        self.envelopes.values().flat_map(|counters| counters.values().flatten()).cloned().collect()
    }

    /// Notes what the server holds.
    pub(crate) fn acknowledge(&mut self, names: &[Brief]) {
        for name in names {
            self.acknowledged.insert(name.position.id);
            self.taken.set(name.lane, name.position);
        }
    }

    /// Notes all that the server holds: of one's own no more than it has acknowledged.
    pub(crate) fn note_peer(&mut self, have: &Have) {
        let mine = device(self.number);
        let noted = |(lane, at): (Lane, Position)| match self.taken.get(lane) {
            Some(taken) if lane.device == mine && taken.counter < at.counter => (lane, taken),
            None if lane.device == mine => (lane, Position { counter: 0, ..at }),
            Some(_) | None => (lane, at),
        };
        self.taken = have.iter().map(noted).collect();
    }

    /// Remembers what a page named of others' lanes, until the cursor is saved.
    pub(crate) fn see(&mut self, envelopes: &[Envelope], held: &[Brief]) {
        let mine = device(self.number);
        let whole = envelopes.iter().map(|e| (e.header().lane(), e.position()));
        let names = whole.chain(held.iter().map(|brief| (brief.lane, brief.position)));
        self.seen.extend(names.filter(|(lane, _)| lane.device != mine));
    }

    /// The lanes of which a peer lacks something, each with the first counter of it.
    fn lacking_lanes(&self, lacking: &Lacking) -> impl Iterator<Item = (Lane, u64)> {
        let from = |lane: Lane| self.lacking_from(lacking, lane).map(|from| (lane, from));
        self.envelopes.keys().filter_map(move |lane| from(*lane))
    }

    fn lacking_from(&self, lacking: &Lacking, lane: Lane) -> Option<u64> {
        let is_own = lane.device == device(self.number);
        let counters = &self.envelopes[&lane];
        let is_forked = counters.values().any(|envelopes| envelopes.len() > 1);
        match lacking {
            Lacking::Own(peer) => {
                let says = if lane.is_unmet() { u64::MAX } else { peer.counter(lane) };
                let from = says.min(self.taken.counter(lane));
                (is_own && self.can_be_taken(lane, from)).then_some(from + 1)
            }
            Lacking::All(peer) => {
                let is_held = peer.get(lane).is_none_or(|at| self.holds(lane, at.counter, at.id));
                let from = if is_held && !is_forked { peer.counter(lane) + 1 } else { 1 };
                self.can_be_taken(lane, peer.counter(lane)).then_some(from)
            }
            Lacking::Others => {
                let seen = self.taken.counter(lane);
                let is_lacked = !is_own
                    && seen < *counters.keys().last().unwrap()
                    && self.can_be_taken(lane, seen);
                is_lacked.then_some(if is_forked { 1 } else { seen + 1 })
            }
        }
    }

    /// Whether a peer that holds so much of a lane can take the next of it from here: what stands
    /// before it may be covered here, and not held.
    fn can_be_taken(&self, lane: Lane, held_there: u64) -> bool {
        let next = self.envelopes[&lane].range(held_there + 1..).next();
        next.is_some_and(|(counter, _)| *counter == held_there + 1)
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
            self.arrival.push(envelope.id());
        }
        new
    }

    pub(crate) fn holds(&self, lane: Lane, counter: u64, id: EnvelopeId) -> bool {
        let at = self.envelopes.get(&lane).and_then(|counters| counters.get(&counter));
        at.is_some_and(|envelopes| envelopes.iter().any(|e| e.id() == id))
    }

    /// Takes an envelope in and tells its lane when its counter has another by now.
    pub(crate) fn receive(&mut self, envelope: &Envelope) -> Option<Lane> {
        self.note_floor(envelope);
        match self.open(envelope) {
            Ok(edits) => self.edits.extend(edits),
            Err(reason) => {
                self.quarantine.insert(envelope.id(), reason);
            }
        }
        let is_new = self.hold(envelope);
        let lane = envelope.header().lane();
        let twins = self.envelopes[&lane][&envelope.header().counter].len();
        let is_fork = is_new && twins > 1;
        if is_fork && lane.device != device(self.number) {
            // Which of the two the server holds is not known: all of the lane is passed on.
            self.taken.forget(lane);
            self.away.values_mut().for_each(|known| known.taken.forget(lane));
            self.seen.retain(|(seen, _)| *seen != lane);
        }
        is_fork.then_some(lane)
    }

    fn note_floor(&mut self, envelope: &Envelope) {
        let by = envelope.header().device;
        match self.payload_of(envelope) {
            Ok(Payload::Floor(floor))
                if self.members.device(by).is_some_and(|maker| maker.role == Role::Admin) =>
            {
                self.floors.insert(envelope.id(), (by, floor));
            }
            Ok(Payload::Countersign(floor)) => {
                self.countersigns.entry(floor).or_default().insert(by, envelope.id());
            }
            _ => {}
        }
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
        self.prove();
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
            Payload::Checkpoint(_)
            | Payload::Floor(_)
            | Payload::Countersign(_)
            | Payload::Notice(_)
            | Payload::Outline(_)
            | Payload::People(_) => Ok(Vec::new()),
            Payload::Pack(pack) => {
                let edits = pack.documents().iter().flat_map(|packed| packed.bytes.chunks(8));
                Ok(edits.map(|c| Edit::from_be_bytes(c.try_into().unwrap())).collect())
            }
            Payload::Abridged { .. } | Payload::Part { .. } => Err(QuarantineReason::Malformed),
        }
    }

    fn payload_of(&self, envelope: &Envelope) -> Result<Payload, QuarantineReason> {
        check_origin(envelope, self.members())?;
        after_origin(envelope, self.members())?;
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
/// Those of every pack, and of what is said of floors.
const PACKS: DocTag = DocTag([8; 32]);
const FLOORS: DocTag = DocTag([7; 32]);

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
