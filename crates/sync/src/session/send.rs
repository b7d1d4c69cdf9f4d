//! The sending half: what the peer lacks, then what is not sealed yet.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Alarm, Effect, Failure, Lacking, Limit, Outgoing, Phase, SyncSession};
use crate::cursor::Cursor;
use crate::envelope::Envelope;
use crate::have::Have;
use crate::ids::{ClinicId, DocTag, LogEpoch};
use crate::limits::{FRAME_BYTES_MAX, PUSH_BATCH_ENVELOPES, PUSH_ENVELOPES_MAX, PUSH_KEYS_MAX};
use crate::wire::{
    Brief, Item, KeysPlaced, OwnVerdict, PushReply, PushRequest, Refused, Verdict, WrappedKey,
};

/// Room in a frame for what is neither envelope nor key.
const FRAME_HEAD_BYTES: usize = 256;

impl SyncSession {
    pub(super) fn load(&mut self) -> Vec<Effect> {
        self.phase = Phase::Loading;
        let lacking = match (self.passing_on, self.own_only) {
            (true, _) => Lacking::Others,
            (false, true) => Lacking::Own(self.peer.clone()),
            (false, false) => Lacking::All(self.peer.clone()),
        };
        vec![Effect::Load { lacking, after: self.loaded, limit: self.limit() }]
    }

    /// Gives the peer what others sealed and it was not seen to hold, once everything else is
    /// done.
    pub(super) fn pass_on(&mut self) -> Vec<Effect> {
        self.passing_on = true;
        self.loaded = None;
        self.load()
    }

    pub(super) fn seal(&mut self) -> Vec<Effect> {
        self.phase = Phase::Sealing;
        let generation = self.local.replica.generation();
        let checkpoint = self.checkpoint();
        self.checkpointed |= checkpoint.is_some();
        vec![Effect::Seal { generation, checkpoint, limit: self.limit() }]
    }

    /// What is asked of the host for the next push.
    const fn limit(&self) -> Limit {
        Limit { envelopes: PUSH_BATCH_ENVELOPES, bytes: self.pushing.bytes() }
    }

    /// What to tell of the peer's log now, when it is time to; of one that was just replaced,
    /// nothing before it was read.
    fn checkpoint(&self) -> Option<Cursor> {
        let read = self.local.cursor.filter(|_| self.local.cursor == self.reading)?;
        let told = self.local.told.as_ref()?;
        (!self.checkpointed && told.is_due(read, self.now_ms)).then_some(read)
    }

    pub(super) fn loaded(&mut self, outgoing: Outgoing) -> Vec<Effect> {
        let Some(last) = outgoing.envelopes.last() else { return self.all_loaded() };
        self.loaded = Some(name_of(last));
        self.queue(outgoing);
        if self.outgoing.is_empty() { self.load() } else { self.push(false) }
    }

    fn all_loaded(&mut self) -> Vec<Effect> {
        match (self.passing_on, self.loaded) {
            (false, _) => self.seal(),
            (true, None) => self.fetch_left(),
            // Read on past the places of what was passed on: it is named, and not sent again.
            (true, Some(_)) => self.start_pull(),
        }
    }

    pub(super) fn sealed(&mut self, outgoing: Outgoing) -> Vec<Effect> {
        for envelope in &outgoing.envelopes {
            let lane = envelope.header().lane();
            self.local.have.set(lane, envelope.position());
            self.local.replica.sealed(lane.generation, envelope.position());
        }
        self.queue(outgoing);
        if self.outgoing.is_empty() { self.start_pull() } else { self.push(true) }
    }

    fn queue(&mut self, outgoing: Outgoing) {
        self.keys = outgoing.keys;
        let blocked = &self.blocked;
        let envelopes = outgoing.envelopes.into_iter();
        self.outgoing = envelopes.filter(|e| !blocked.contains(&e.header().lane())).collect();
    }

    /// Sends as many as fit one frame, with their documents' keys.
    fn push(&mut self, sealing: bool) -> Vec<Effect> {
        let request = next_push(self.local.clinic, &mut self.outgoing, &self.keys);
        self.phase = Phase::Pushing { sealing };
        self.sent = request.envelopes.iter().map(name_of).collect();
        self.sent_keys = request.keys.len();
        self.pushing.begin(self.now_ms);
        vec![Effect::SendPush(request)]
    }

    pub(super) fn pushed(&mut self, reply: &PushReply) -> Vec<Effect> {
        let Phase::Pushing { sealing } = self.phase else { return Vec::new() };
        let sent = std::mem::take(&mut self.sent);
        if sent.len() != reply.verdicts.len() {
            return self.distrust(Failure::Protocol);
        }
        self.pushing.end(self.now_ms);
        let taken: Vec<_> = sent.iter().zip(&reply.verdicts).collect();
        let stored = taken.iter().filter(|(_, verdict)| verdict.seq().is_some());
        let stored: Vec<_> = stored.map(|(name, _)| **name).collect();
        let Ok(keys_read) = self.keys_placed(reply.keys.unwrap_or_default()) else {
            return self.distrust(Failure::Protocol);
        };
        let mut effects = Vec::new();
        if !stored.is_empty() || keys_read.is_some() {
            effects.push(Effect::Acknowledge { stored, keys_read });
        }
        for (name, verdict) in taken {
            match self.judge(*name, *verdict) {
                Ok(more) => effects.extend(more),
                Err(end) => {
                    effects.extend(end);
                    return effects;
                }
            }
        }
        effects.extend(self.push_on(sealing));
        effects
    }

    /// How far the table of keys counts as read: where one's own follow what was read, they need not
    /// be. `Err` when there are more than were sent.
    fn keys_placed(&mut self, placed: KeysPlaced) -> Result<Option<(LogEpoch, u64)>, ()> {
        let sent = u64::try_from(self.sent_keys).unwrap_or(u64::MAX);
        let placed_now = placed.after.saturating_sub(placed.before);
        if placed_now > sent {
            return Err(());
        }
        if placed_now == 0 || placed.before != self.keys_read() {
            return Ok(None);
        }
        self.local.keys_read = self.log_epoch().map(|log_epoch| (log_epoch, placed.after));
        Ok(self.local.keys_read)
    }

    fn push_on(&mut self, sealing: bool) -> Vec<Effect> {
        match (self.outgoing.is_empty(), sealing) {
            (false, _) => self.push(sealing),
            (true, true) => self.seal(),
            (true, false) => self.load(),
        }
    }

    /// What follows from a verdict; `Err` when the exchange does not go on.
    fn judge(&mut self, name: Brief, verdict: Verdict) -> Result<Vec<Effect>, Vec<Effect>> {
        match verdict {
            Verdict::Stored { seq } | Verdict::Duplicate { seq } => {
                self.taken(seq);
                self.place(name, seq);
                Ok(Vec::new())
            }
            Verdict::Forked { seq } => {
                self.taken(seq);
                Ok(self.forked(name))
            }
            // Envelopes after one that was refused are passed over; otherwise the peer has lost
            // something since HELLO.
            Verdict::Gap { .. } if self.blocked.contains(&name.lane) => Ok(Vec::new()),
            Verdict::Gap { .. } => Err(self.was_mistaken()),
            Verdict::Refused(refused) => self.not_taken(name, refused),
        }
    }

    /// Remembers where it stands in the log: its name need not come back.
    fn place(&mut self, name: Brief, seq: u64) {
        if self.reading.is_some_and(|reading| seq > reading.mark.seq) {
            self.placed.insert(seq, name);
        }
    }

    /// The peer lacks what it was thought to hold.
    fn was_mistaken(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        if self.passing_on {
            effects.push(Effect::NotePeer(Have::new()));
        }
        effects.extend(self.restart());
        effects
    }

    fn taken(&mut self, seq: u64) {
        self.summary.pushed = self.summary.pushed.saturating_add(1);
        self.summary.head = self.summary.head.max(seq);
    }

    fn is_own(&self, name: Brief) -> bool {
        name.lane.device == self.local.replica.device()
    }

    fn forked(&mut self, name: Brief) -> Vec<Effect> {
        let alarm = Alarm::Forked { lane: name.lane };
        let open = self.local.replica.generation();
        let is_open = self.is_own(name) && name.lane.generation == open;
        if is_open && self.local.unmet.is_none() {
            let next = self.local.replica.next_generation(&OwnVerdict::Same);
            return self.alarm_and_open(alarm, next);
        }
        vec![Effect::RaiseAlarm(alarm)]
    }

    /// An envelope the peer will never take must not hold up what comes after it: one's own
    /// changes are sealed anew, once a session and not for ever; another device's lane is left to
    /// that device.
    fn not_taken(&mut self, name: Brief, refused: Refused) -> Result<Vec<Effect>, Vec<Effect>> {
        let id = name.position.id;
        let mut effects = vec![Effect::RaiseAlarm(Alarm::PushRefused { id, refused })];

        match refused {
            Refused::BadSignature | Refused::TooManyForks
                if !self.is_own(name)
                    || self.local.unmet.is_some()
                    || self.local.sealed_anew.contains(&name.lane) =>
            {
                self.blocked.insert(name.lane);
                Ok(effects)
            }
            Refused::BadSignature | Refused::TooManyForks if !self.resealed => {
                self.resealed = true;
                self.blocked.insert(name.lane);
                let next = self.local.replica.next_generation(&OwnVerdict::Same);
                effects.extend(self.open(next));
                effects.push(Effect::Reseal { lane: name.lane, from: name.position.counter });
                Ok(effects)
            }
            Refused::UnknownDevice if !self.is_own(name) => {
                self.blocked.insert(name.lane);
                Ok(effects)
            }
            Refused::BadSignature
            | Refused::TooManyForks
            | Refused::UnknownDevice
            | Refused::WrongClinic
            | Refused::Kind
            | Refused::OverQuota => {
                effects.extend(self.finish(Some(Failure::PushRefused)));
                Err(effects)
            }
        }
    }
}

impl Outgoing {
    /// What a session pushes first of it, where all of it is pushed.
    pub fn first_push(&self, clinic: ClinicId) -> Option<PushRequest> {
        fitting(clinic, self.clone()).next()
    }
}

/// Envelopes in as few frames as they fit, each with the keys of its documents.
pub(crate) fn fitting(clinic: ClinicId, outgoing: Outgoing) -> impl Iterator<Item = PushRequest> {
    let Outgoing { envelopes, keys } = outgoing;
    let mut queue: VecDeque<_> = envelopes.into();
    std::iter::from_fn(move || (!queue.is_empty()).then(|| next_push(clinic, &mut queue, &keys)))
}

/// The first of a queue that fit one frame, at least one, with their documents' keys: those under
/// which they may be sealed, which are of their epoch or wrapped once more under a later one's key.
/// Of more keys than fit beside one envelope, the first.
fn next_push(clinic: ClinicId, queue: &mut VecDeque<Envelope>, keys: &[WrappedKey]) -> PushRequest {
    let mut by_document: BTreeMap<DocTag, Vec<&WrappedKey>> = BTreeMap::new();
    keys.iter().for_each(|key| by_document.entry(key.doc_tag).or_default().push(key));
    let mut room = FRAME_BYTES_MAX.saturating_sub(FRAME_HEAD_BYTES);
    let mut taken: BTreeSet<&WrappedKey> = BTreeSet::new();
    let mut envelopes: Vec<Envelope> = Vec::new();
    while let Some(next) = queue.front() {
        let header = next.header();
        let of_document = by_document.get(&header.doc_tag).into_iter().flatten();
        let mut wanted = of_document.copied().filter(|key| {
            key.epoch().is_some_and(|epoch| epoch >= header.key_epoch) && !taken.contains(key)
        });
        let mut bytes = Item::bytes_of(next);
        let mut more = Vec::new();
        let left_out = wanted.find(|key| {
            let with = bytes.saturating_add(key.encoded_len());
            let count = taken.len().saturating_add(more.len());
            let fits = with <= room && count < PUSH_KEYS_MAX;
            if fits {
                bytes = with;
                more.push(*key);
            }
            !fits
        });
        let fits = left_out.is_none() && bytes <= room && envelopes.len() < PUSH_ENVELOPES_MAX;
        if !fits && !envelopes.is_empty() {
            break;
        }
        room = room.saturating_sub(bytes);
        taken.extend(more);
        envelopes.extend(queue.pop_front());
    }
    let keys = taken.into_iter().cloned().collect();
    PushRequest { clinic, keys, envelopes }
}

const fn name_of(envelope: &Envelope) -> Brief {
    Brief { lane: envelope.header().lane(), position: envelope.position() }
}
