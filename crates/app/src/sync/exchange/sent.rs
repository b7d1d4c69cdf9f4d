//! What an exchange sends: sealed, and remembered as sealed before it leaves.

use super::{Desk, Performed};
use crate::{
    error::ToldResult,
    host::Host,
    open::Session,
    sync::{
        checkpoints::told_row,
        held::have_of,
        keys::{Keys, clinic_of},
        lacking::{Wanted, held_and_lacking, lane_after, not_taken},
        names,
        outbox::Waiting,
        seal::{Made, Ready, make, seal_again, seal_alone, seal_notices, seal_packs, wrapped_keys},
        wishes,
    },
};
use api::{ApiError, ErrorCode};
use std::{collections::BTreeSet, thread};
use store::{NamedRow, ReplicaRow, Sealing};
use sync::{
    carrier::Carrier,
    checkpoint::Told,
    cursor::Cursor,
    envelope::Envelope,
    have::{Have, Lane, Missing},
    ids::EnvelopeId,
    limits::{HAVE_ENTRIES_MAX, MESSAGE_BYTES_MAX, PUSH_BATCH_ENVELOPES},
    membership::Members,
    payload::Payload,
    replica::Replica,
    session::{Alarm, Effect, Failure, Lacking, Limit, Outgoing, Summary, SyncEvent, Unseen},
    wire::{Brief, WrappedKey},
};

/// How much is sealed at a time where nothing is sent.
const ALL_AT_ONCE: Limit = Limit { envelopes: PUSH_BATCH_ENVELOPES, bytes: MESSAGE_BYTES_MAX };

/// Envelopes of a refused lane that are sealed anew at a time.
const RESEALED_AT_A_TIME: u32 = 1024;

/// So often the same is sealed anew where a server goes on refusing it.
const RESEALED_MAX: u8 = 3;

/// How often so much is sealed while another computer waits; it asks again.
const ROUNDS_WAITED_FOR: usize = 4;

/// So many generations a computer opens with the server's word. One is opened where a store was put
/// back or copied, hardly ever; a clinic of many computers still has room for all of theirs.
const OWN_LANES_MAX: usize = HAVE_ENTRIES_MAX / 64;

/// Whether more is sealed while what was sealed is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Onward {
    /// It is, as what comes before it is on its way.
    Make,
    /// It is left.
    Leave,
}

impl<'a, 's, H: Host> Desk<'a, 's, H> {
    /// Opens a generation, as long as this computer has not so many that something must be wrong: a
    /// server that claims each time to hold what was never sealed here would have one opened with every
    /// exchange, and the lanes of a clinic are counted.
    pub(super) fn open_generation(&mut self, generation: u32) -> Result<Performed, ApiError> {
        let own = self.have.of_device(self.replica.device());
        if own.iter().filter(|(lane, _)| !lane.is_unmet()).count() >= OWN_LANES_MAX {
            self.alarms.push(Alarm::Distrusted(Failure::Protocol));
            let failure = Some(Failure::Protocol);
            let summary = Summary { failure, pushed: 0, received: 0, head: 0, floor: 0 };
            return Ok(Performed::Finished(summary));
        }
        self.leave_sealed();
        self.replica.open(generation);
        let replica = ReplicaRow {
            device: self.replica.device().0,
            generation,
            counter: 0,
            prev_id: EnvelopeId::NONE.0,
        };
        let sealing = Sealing { replica: Some(replica), ..Sealing::default() };
        self.session.open.store.seal(&sealing).told()?;
        Ok(Performed::Done)
    }

    /// Seals all that waits.
    pub(in crate::sync) fn seal_all(&mut self) -> Result<(), ApiError> {
        while !self.seal(ALL_AT_ONCE, None)?.envelopes.is_empty() {}
        Ok(())
    }

    /// Seals of what waits no more than somebody who waits for it waits.
    pub(in crate::sync) fn seal_some(&mut self) -> Result<(), ApiError> {
        for _ in 0..ROUNDS_WAITED_FOR {
            if self.seal(ALL_AT_ONCE, None)?.envelopes.is_empty() {
                break;
            }
        }
        Ok(())
    }

    /// Seals what this computer has to tell the others, and nothing else that waits.
    pub(in crate::sync) fn seal_word(&mut self) -> Result<(), ApiError> {
        self.replica.meet();
        self.seal_notices().map(drop)
    }

    pub(super) fn seal(
        &mut self,
        limit: Limit,
        checkpoint: Option<Cursor>,
    ) -> Result<Outgoing, ApiError> {
        self.replica.meet();
        // What is sealed ahead from now on is as large as the line bears by now.
        self.sending.more = self.sending.more.map(|_| limit);
        let mut outgoing = self.seal_next(limit)?;
        if let Some(cursor) = checkpoint {
            outgoing.envelopes.push(self.tell(cursor)?);
            outgoing = self.with_keys(outgoing.envelopes)?;
        }
        Ok(outgoing)
    }

    fn seal_next(&mut self, limit: Limit) -> Result<Outgoing, ApiError> {
        if !self.sending.resealed.is_empty() {
            let envelopes = std::mem::take(&mut self.sending.resealed);
            return self.with_keys(envelopes);
        }
        // Before anything that is sealed now: it stands before it in the lane.
        if let Some(ahead) = self.sending.ahead.take() {
            return Ok(ahead);
        }
        let notices = self.seal_notices()?;
        if notices.is_empty() {
            self.seal_waiting(limit, Onward::Leave)
        } else {
            self.with_keys(notices)
        }
    }

    /// Seals of what waits in the outbox what goes along.
    fn seal_waiting(&mut self, limit: Limit, onward: Onward) -> Result<Outgoing, ApiError> {
        if !self.sending.all_packed {
            let packs = seal_packs(
                self.session,
                &self.keys,
                &mut self.document_keys,
                &mut self.replica,
                limit,
            )?;
            if !packs.envelopes.is_empty() {
                self.sending.more = Some(limit);
                self.note_own(&packs.envelopes);
                return Ok(packs);
            }
            self.sending.all_packed = true;
        }
        let mut made = match self.sending.made.take() {
            Some(made) => made,
            None => self.make(Waiting::new(self.session), &self.replica.clone(), limit)?,
        };
        if made.envelopes.is_empty() {
            self.too_large = Some(made.too_large);
            self.keep_noted()?;
        }
        self.sending.noted.take().into_iter().for_each(|noted| made.note(noted));
        self.sending.more = made.more.is_some().then_some(limit);
        self.sending.made = match (onward, made.more.take()) {
            (Onward::Make, Some(waiting)) => Some(self.keep_and_make(&made, waiting, limit)?),
            (Onward::Make | Onward::Leave, _) => {
                made.keep(self.session)?;
                None
            }
        };
        self.replica = made.after().clone();
        self.note_own(&made.envelopes);
        self.with_keys(made.envelopes)
    }

    fn make(
        &mut self,
        waiting: Waiting<'a, 's, H>,
        replica: &Replica,
        limit: Limit,
    ) -> Result<Made<'a, 's, H>, ApiError> {
        make(waiting, (self.session, &self.keys), &mut self.document_keys, replica, limit)
    }

    /// Keeps what was made, and makes the next meanwhile: another thread writes to the disk.
    fn keep_and_make(
        &mut self,
        made: &Made<'a, 's, H>,
        waiting: Waiting<'a, 's, H>,
        limit: Limit,
    ) -> Result<Made<'a, 's, H>, ApiError> {
        let session = self.session;
        let (kept, next) = thread::scope(|scope| {
            let keeping = scope.spawn(|| made.keep(session));
            let next = self.make(waiting, made.after(), limit);
            let died = |_| Err(ApiError::new(ErrorCode::Internal, "What was sealed was not kept."));
            (keeping.join().unwrap_or_else(died), next)
        });
        if kept.is_err() || next.is_err() {
            self.document_keys.clear();
        }
        kept.and(next)
    }

    /// Leaves what was sealed ahead to be loaded with the rest: it is kept, and something else goes out
    /// before it. What is not kept yet is dropped.
    pub(super) fn leave_sealed(&mut self) {
        self.sending.ahead = None;
        self.unmake();
    }

    /// Drops what was made and is not kept, with the keys that were made for it: something else
    /// takes its place in the lane.
    pub(super) fn unmake(&mut self) {
        if self.sending.made.take().is_some() {
            self.document_keys.clear();
        }
    }

    /// Sends, and seals meanwhile what goes out next, where more waits: what is sealed is stored,
    /// and stands in its lane after what is on its way.
    ///
    /// # Errors
    /// The store's; or, inside, the effect, when it needs no server.
    pub(super) fn send(
        &mut self,
        effect: Effect,
        carrier: &mut dyn Carrier,
    ) -> Result<Result<SyncEvent, Box<Effect>>, ApiError> {
        let Effect::SendPush(mut push) = effect else { return Ok(carrier.perform(effect)) };
        self.leave_unbegun(&mut push.keys)?;
        let effect = Effect::SendPush(push);
        // What was sealed may take several messages: with the first of them the next is sealed.
        let is_free = self.sending.ahead.is_none();
        let Some(limit) = is_free.then(|| self.sending.more.take()).flatten() else {
            return Ok(carrier.perform(effect));
        };
        let offer = carrier.next_push();
        thread::scope(|scope| {
            let sending = scope.spawn(|| carrier.perform(effect));
            let sealed = self.alone(|desk| desk.seal_waiting(limit, Onward::Make));
            if let (Some(offer), Ok(ahead)) = (offer, &sealed)
                && let Some(mut next) = ahead.first_push(clinic_of(self.session))
            {
                self.leave_unbegun(&mut next.keys)?;
                offer(next);
            }
            let answer = sending.join().unwrap_or(Ok(SyncEvent::Failed(Failure::Host)));
            self.sending.ahead = Some(sealed?).filter(|ahead| !ahead.envelopes.is_empty());
            Ok(answer)
        })
    }

    /// Takes out keys of epochs that no list known here names, as of a list that was given up: who gets
    /// one refuses what comes with it.
    fn leave_unbegun(&self, keys: &mut Vec<WrappedKey>) -> Result<(), ApiError> {
        let newest = |members: &Members| Some(members.epoch());
        let mut known = newest(&self.keys.members);
        if keys.iter().any(|key| key.epoch() > known) {
            // More of the list may have come another way since this exchange began. What is named
            // there is left for the peer to refuse: with the next exchange it has the list first.
            known = newest(&Keys::load(self.session)?.members);
        }
        keys.retain(|key| key.epoch() <= known);
        Ok(())
    }

    /// Seals what this computer has to tell the others: before what was recorded.
    fn seal_notices(&mut self) -> Result<Vec<Envelope>, ApiError> {
        let due = wishes::due(self.session)?;
        if due.is_empty() {
            return Ok(Vec::new());
        }
        self.unmake();
        let (rows, notices): (Vec<_>, Vec<_>) = due.into_iter().unzip();
        let sealed = seal_notices(
            self.session,
            &self.keys,
            &mut self.document_keys,
            &mut self.replica,
            notices,
        )?;
        rows.iter().try_for_each(|name| self.session.open.store.remove_named(name).told())?;
        self.note_own(&sealed);
        Ok(sealed)
    }

    /// Seals what this computer saw of the server's log.
    fn tell(&mut self, cursor: Cursor) -> Result<Envelope, ApiError> {
        let told = Told::tell(cursor, self.session.host.now().unix_ms());
        let envelope = self.seal_with(&Payload::Checkpoint(cursor), |_| Some(told_row(&told)))?;
        self.told = Some(told);
        Ok(envelope)
    }

    /// Seals a payload by itself, durably, with a row to be kept beside it.
    pub(in crate::sync) fn seal_with(
        &mut self,
        payload: &Payload,
        row: impl FnOnce(&Envelope) -> Option<NamedRow>,
    ) -> Result<Envelope, ApiError> {
        self.seal_ready(Ready::of(&self.keys, payload)?, row)
    }

    /// The same of one that is compressed already.
    pub(in crate::sync) fn seal_ready(
        &mut self,
        ready: Ready,
        row: impl FnOnce(&Envelope) -> Option<NamedRow>,
    ) -> Result<Envelope, ApiError> {
        self.replica.meet();
        self.unmake();
        let envelope = seal_alone(
            self.session,
            &self.keys,
            &mut self.document_keys,
            &mut self.replica,
            (ready, row),
        )?;
        self.note_own(std::slice::from_ref(&envelope));
        Ok(envelope)
    }

    fn note_own(&mut self, envelopes: &[Envelope]) {
        for envelope in envelopes {
            self.have.set(envelope.header().lane(), envelope.position());
        }
    }

    pub(super) fn reseal(&mut self, lane: Lane, from: u64) -> Result<Performed, ApiError> {
        self.replica.meet();
        // It is in the lane, and sealed anew with the rest.
        self.leave_sealed();
        let mut after = from.saturating_sub(1);
        loop {
            let refused = lane_after(self.session, lane, after, RESEALED_AT_A_TIME)?;
            let Some(last) = refused.last() else { break };
            after = last.position().counter;
            let sealed = seal_again(
                self.session,
                &self.keys,
                &mut self.document_keys,
                &mut self.replica,
                &refused,
            )?;
            self.note_own(&sealed);
            self.sending.resealed.extend(sealed);
        }
        // Last: a death on the way has all of it sealed anew again.
        let rows = resealed_rows(self.session, lane, self.replica.generation())?;
        self.session.open.store.put_named(&rows).told()?;
        Ok(Performed::Done)
    }

    /// Own lanes whose content was sealed anew so often that it is not again, or is in another lane by
    /// now.
    pub(in crate::sync) fn sealed_anew(&self) -> Result<BTreeSet<Lane>, ApiError> {
        let rows = self.session.open.store.named_with_prefix(names::RESEALED).told()?;
        let device = self.replica.device();
        let lane = |row: &NamedRow| {
            let generation = row.name.strip_prefix(names::RESEALED)?.parse().ok()?;
            (row.bytes.first()? >= &RESEALED_MAX).then_some(Lane { device, generation })
        };
        Ok(rows.iter().filter_map(lane).collect())
    }

    /// Envelopes with the wrapped keys of their documents.
    pub(in crate::sync) fn with_keys(
        &mut self,
        envelopes: Vec<Envelope>,
    ) -> Result<Outgoing, ApiError> {
        let keys = wrapped_keys(self.session, &self.keys, &mut self.document_keys, &envelopes)?;
        Ok(Outgoing { envelopes, keys })
    }

    pub(super) fn load(
        &mut self,
        lacking: &Lacking,
        after: Option<Brief>,
        limit: Limit,
    ) -> Result<Outgoing, ApiError> {
        // What was sealed ahead is stored, and loaded with the rest.
        self.leave_sealed();
        let noted = have_of(self.session, &self.peer.name())?;
        let not_taken = not_taken(self.session, &self.peer.name(), &self.have)?;
        let peer = Wanted { lacking, noted: &noted, not_taken: &not_taken, takes_gaps: false };
        self.load_wanted(&peer, after, limit)
    }

    /// What whoever reads a file lacks, as far as it is held here.
    pub(in crate::sync) fn load_for_file(
        &mut self,
        held: Have,
        after: Option<Brief>,
        limit: Limit,
    ) -> Result<Outgoing, ApiError> {
        let noted = have_of(self.session, &self.peer.name())?;
        let lacking = Lacking::All(held);
        let not_taken = BTreeSet::new();
        let peer =
            Wanted { lacking: &lacking, noted: &noted, not_taken: &not_taken, takes_gaps: true };
        self.load_wanted(&peer, after, limit)
    }

    fn load_wanted(
        &mut self,
        peer: &Wanted<'_>,
        after: Option<Brief>,
        limit: Limit,
    ) -> Result<Outgoing, ApiError> {
        let envelopes = held_and_lacking(self.session, &self.have, peer, after, limit)?;
        self.with_keys(envelopes)
    }

    /// What is held that the peer was not seen to hold.
    pub(super) fn unseen(&self) -> Result<Unseen, ApiError> {
        let noted = have_of(self.session, &self.peer.name())?;
        let device = self.replica.device();
        let beyond = self.have.beyond(&noted);
        let is_own = |missing: &Missing| missing.lane.device == device;
        Ok(Unseen { own: beyond.iter().any(is_own), others: !beyond.iter().all(is_own) })
    }
}

/// That a lane's content is in another by now, and how often that one's was sealed anew.
fn resealed_rows<H: Host>(
    session: &Session<'_, H>,
    lane: Lane,
    into: u32,
) -> Result<[NamedRow; 2], ApiError> {
    let name = |generation: u32| format!("{}{generation}", names::RESEALED);
    let before = session.open.store.named(&name(lane.generation)).told()?;
    let before = before.and_then(|bytes| bytes.first().copied()).unwrap_or_default();
    let after = before.saturating_add(1);
    let row = |generation, times: u8| NamedRow { name: name(generation), bytes: vec![times] };
    Ok([row(lane.generation, RESEALED_MAX), row(into, after)])
}
