//! One exchange with the server: a session's effects, performed.

use crate::{error::ToldResult, host::Host, open::Session};
use api::ApiError;
use store::{CursorRow, HaveRow, NamedRow, Receipt, ReplicaRow, SELF, Sealing};
use sync::{
    carrier::Carrier,
    checkpoint::{Passed, Told},
    cursor::{Cursor, Mark},
    envelope::Envelope,
    have::{Have, Lane},
    ids::{Chain, DeviceId, EnvelopeId, LogEpoch},
    membership::{EntryError, MembersHead, SignedEntry},
    replica::Replica,
    session::{
        Alarm, Effect, Failure, Limit, Local, Outgoing, Policy, Summary, SyncEvent, SyncSession,
    },
    wire::{Brief, Principal, RefusalCode, WrappedKey},
};

use super::{
    checkpoints::{self, told_row},
    document_keys::DocumentKeys,
    held::have_of,
    judging::judge_the_rest,
    keys::{self, Keys, clinic_of, device_of},
    lacking::{Peer, lacking, lane_after},
    names,
    receive::{UNKNOWN, receive, recheck},
    seal::{seal_again, seal_checkpoint, seal_outbox, wrapped_keys},
    server::Server,
};

/// How an exchange went.
pub(super) struct Exchanged {
    pub(super) summary: Summary,
    pub(super) alarms: Vec<Alarm>,
    /// Changes that are too large to travel; `None` when the outbox was not seen to its end.
    pub(super) too_large: Option<u64>,
}

/// Exchanges everything with the server, once.
///
/// # Errors
/// The store's. What the server or the network did is told in the summary.
pub(super) fn exchange<H: Host>(
    session: &Session<'_, H>,
    server: &Server,
    carrier: &mut dyn Carrier,
) -> Result<Exchanged, ApiError> {
    let keys = Keys::load(session)?;
    carrier.identify(clinic_of(session), Principal::Device(keys.device), keys.signer.clone());
    fetch_again(session, server, &keys)?;
    let mut desk = Desk::new(session, server, keys)?;
    judge_the_rest(session)?;
    let mut exchanged = desk.run(carrier)?;
    // Entries of the list of computers may have come just now.
    if exchanged.summary.failure.is_none() && fetch_again(session, server, &desk.keys)? {
        desk = Desk::new(session, server, Keys::load(session)?)?;
        exchanged = exchanged.and(desk.run(carrier)?);
    }
    if is_unknown_there(&exchanged.summary) && desk.introduce(carrier)? {
        desk = Desk::new(session, server, Keys::load(session)?)?;
        exchanged = exchanged.and(desk.run(carrier)?);
    }
    Ok(exchanged)
}

/// Goes back to the start of the server's log where only names are kept of what a computer sealed
/// that is known by now; answers whether it did. What is stored decides, so that a death on the
/// way loses nothing.
fn fetch_again<H: Host>(
    session: &Session<'_, H>,
    server: &Server,
    keys: &Keys,
) -> Result<bool, ApiError> {
    let store = &session.open.store;
    let of_names = store.devices_of_names(UNKNOWN).told()?;
    let is_known = |device: &[u8; 16]| keys.members.device(DeviceId(*device)).is_some();
    if !of_names.iter().any(is_known) {
        return Ok(false);
    }
    store.read_log_again(&server.text(), UNKNOWN).told()
}

impl Exchanged {
    /// What both runs of one exchange did. The last says how it ended.
    fn and(self, last: Self) -> Self {
        let summary = Summary {
            pushed: self.summary.pushed.saturating_add(last.summary.pushed),
            received: self.summary.received.saturating_add(last.summary.received),
            ..last.summary
        };
        let mut alarms = last.alarms;
        let is_new = |alarm: &Alarm| !alarms.contains(alarm);
        let before: Vec<_> = self.alarms.into_iter().filter(is_new).collect();
        alarms.extend(before);
        Self { summary, alarms, too_large: last.too_large.or(self.too_large) }
    }
}

/// A server that never met the clinic, or was set up anew, is told of it.
fn is_unknown_there(summary: &Summary) -> bool {
    match &summary.failure {
        Some(Failure::Refused(refused)) => {
            matches!(refused.0.code, RefusalCode::UnknownClinic | RefusalCode::UnknownDevice)
        }
        Some(
            Failure::Unreachable
            | Failure::Silent
            | Failure::Untrusted
            | Failure::Protocol
            | Failure::ChainBroken
            | Failure::MembershipForked
            | Failure::PushRefused
            | Failure::BelowFloor
            | Failure::Unsettled
            | Failure::Host,
        )
        | None => false,
    }
}

/// What one exchange works with.
struct Desk<'a, 's, H> {
    session: &'a Session<'s, H>,
    server: String,
    keys: Keys,
    document_keys: DocumentKeys,
    have: Have,
    replica: Replica,
    /// Sealed anew, to go out with the next.
    resealed: Vec<Envelope>,
    alarms: Vec<Alarm>,
    /// What was told last of what this computer saw.
    told: Option<Told>,
    too_large: Option<u64>,
}

impl<'a, 's, H: Host> Desk<'a, 's, H> {
    fn new(session: &'a Session<'s, H>, server: &Server, keys: Keys) -> Result<Self, ApiError> {
        let have = have_of(session, SELF)?;
        let generation = session.open.store.replica().told()?.map_or(0, |row| row.generation);
        Ok(Self {
            session,
            server: server.text(),
            keys,
            document_keys: DocumentKeys::default(),
            replica: Replica::resume(device_of(session), generation, &have),
            have,
            resealed: Vec::new(),
            alarms: Vec::new(),
            told: checkpoints::last_told(session)?,
            too_large: None,
        })
    }

    fn local(&self) -> Result<Local, ApiError> {
        let keys_read = self.session.open.store.named(names::KEYS_READ).told()?;
        Ok(Local {
            clinic: clinic_of(self.session),
            replica: self.replica.clone(),
            have: self.have.clone(),
            cursor: self.cursor()?,
            keys_read: keys_read.and_then(|bytes| read_keys_read(&bytes)),
            members: self.keys.members.head(),
            told: self.told,
        })
    }

    fn cursor(&self) -> Result<Option<Cursor>, ApiError> {
        let kept = self.session.open.store.cursor(&self.server).told()?;
        Ok(kept.map(|row| Cursor {
            log_epoch: LogEpoch(row.log_epoch),
            mark: Mark { seq: row.seq, chain: Chain(row.chain) },
        }))
    }

    /// Tells a server of the clinic and its devices; `false` when it takes no new clinics.
    fn introduce(&mut self, carrier: &mut dyn Carrier) -> Result<bool, ApiError> {
        let entries = keys::entries(self.session)?;
        Ok(carrier.push_members(entries).is_ok_and(|reply| {
            reply.verdict == sync::wire::MembersVerdict::Stored
                && reply.head == self.keys.members.head()
        }))
    }

    fn run(&mut self, carrier: &mut dyn Carrier) -> Result<Exchanged, ApiError> {
        let mut machine = SyncSession::new(self.local()?, Policy::ONCE);
        let mut event = SyncEvent::Start;
        loop {
            let effects = machine.handle(event, self.session.host.now().unix_ms());
            let mut next = None;
            for effect in effects {
                match self.perform(effect, carrier)? {
                    Performed::Answered(answer) => next = Some(answer),
                    Performed::Done => {}
                    Performed::Finished(summary) => {
                        let alarms = std::mem::take(&mut self.alarms);
                        let too_large = self.too_large;
                        return Ok(Exchanged { summary, alarms, too_large });
                    }
                }
            }
            event = next.unwrap_or(SyncEvent::Failed(Failure::Host));
        }
    }

    fn perform(
        &mut self,
        effect: Effect,
        carrier: &mut dyn Carrier,
    ) -> Result<Performed, ApiError> {
        let effect = match carrier.perform(effect) {
            Ok(answer) => return Ok(Performed::Answered(answer)),
            Err(effect) => *effect,
        };
        let answer = match effect {
            Effect::SendHello(_)
            | Effect::SendMembers(_)
            | Effect::SendKeys(_)
            | Effect::SendPush(_)
            | Effect::SendPull(_) => SyncEvent::Failed(Failure::Host),
            Effect::StoreMembers(entries) => self.store_members(&entries)?,
            Effect::PushMembers { from } => self.push_members(from, carrier)?,
            Effect::StoreKeys { keys, log_epoch, through } => {
                self.store_keys(&keys, log_epoch, through)?;
                SyncEvent::KeysStored
            }
            Effect::Load { peer, after, own_only, limit } => {
                SyncEvent::Loaded(self.load(&peer, after, own_only, limit)?)
            }
            Effect::Seal { checkpoint, limit, .. } => {
                SyncEvent::Sealed(self.seal(limit, checkpoint)?)
            }
            Effect::Receive { envelopes, held, passed } => {
                self.receive(&envelopes, &held, &passed)?
            }
            Effect::Wait { .. } => SyncEvent::Due,
            Effect::Finished(summary) => return Ok(Performed::Finished(summary)),
            Effect::OpenGeneration(generation) => return self.open_generation(generation),
            Effect::Reseal { lane, from } => return self.reseal(lane, from),
            Effect::SaveCursor(cursor) => return self.save_cursor(cursor),
            Effect::RaiseAlarm(alarm) => {
                self.alarms.push(alarm);
                return Ok(Performed::Done);
            }
            Effect::Acknowledge(names) => return self.acknowledge(&names),
        };
        Ok(Performed::Answered(answer))
    }

    fn store_members(&mut self, entries: &[SignedEntry]) -> Result<SyncEvent, ApiError> {
        let stored: Result<MembersHead, EntryError> = match self.keys.take_entries(entries) {
            Ok(rows) => {
                self.session.open.store.put_named(&rows).told()?;
                self.recheck()?;
                Ok(self.keys.members.head())
            }
            Err(error) => Err(error),
        };
        Ok(SyncEvent::MembersStored(stored))
    }

    fn push_members(
        &mut self,
        from: u32,
        carrier: &mut dyn Carrier,
    ) -> Result<SyncEvent, ApiError> {
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        let entries = keys::entries(self.session)?.into_iter().skip(from).collect();
        Ok(match carrier.push_members(entries) {
            Ok(reply) => SyncEvent::MembersPushed(reply),
            Err(failure) => SyncEvent::Failed(failure),
        })
    }

    fn store_keys(
        &mut self,
        keys: &[WrappedKey],
        log_epoch: LogEpoch,
        through: u64,
    ) -> Result<(), ApiError> {
        let mut rows: Vec<NamedRow> = keys.iter().map(names::key_row).collect();
        let bytes = [&log_epoch.0[..], &through.to_be_bytes()[..]].concat();
        rows.push(NamedRow { name: names::KEYS_READ.to_owned(), bytes });
        self.session.open.store.put_named(&rows).told()?;
        self.recheck()
    }

    /// What waited for membership entries or keys may come in now.
    fn recheck(&mut self) -> Result<(), ApiError> {
        self.document_keys.clear();
        let place = checkpoints::place(self.cursor()?);
        let found =
            recheck(self.session, &self.keys, &mut self.document_keys, &mut self.have, &place)?;
        self.alarms.extend(found.forks.into_iter().map(|lane| Alarm::Forked { lane }));
        self.alarms.extend(found.differing.into_iter().map(Alarm::HistoriesDiffer));
        Ok(())
    }

    fn open_generation(&mut self, generation: u32) -> Result<Performed, ApiError> {
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

    fn seal(&mut self, limit: Limit, checkpoint: Option<Cursor>) -> Result<Outgoing, ApiError> {
        self.replica.meet();
        if !self.resealed.is_empty() {
            let envelopes = std::mem::take(&mut self.resealed);
            return self.with_keys(envelopes);
        }
        let sealed = seal_outbox(
            self.session,
            &self.keys,
            &mut self.document_keys,
            &mut self.replica,
            limit,
        )?;
        let mut outgoing = sealed.outgoing;
        if outgoing.envelopes.is_empty() {
            self.too_large = Some(sealed.too_large);
        }
        if let Some(cursor) = checkpoint {
            outgoing.envelopes.push(self.tell(cursor)?);
            outgoing = self.with_keys(outgoing.envelopes)?;
        }
        self.note_own(&outgoing.envelopes);
        Ok(outgoing)
    }

    /// Seals what this computer saw of the server's log.
    fn tell(&mut self, cursor: Cursor) -> Result<Envelope, ApiError> {
        let told = Told::tell(cursor, self.session.host.now().unix_ms());
        let envelope = seal_checkpoint(
            self.session,
            &self.keys,
            &mut self.document_keys,
            &mut self.replica,
            (cursor, told_row(&told)),
        )?;
        self.told = Some(told);
        Ok(envelope)
    }

    fn note_own(&mut self, envelopes: &[Envelope]) {
        for envelope in envelopes {
            self.have.set(envelope.header().lane(), envelope.position());
        }
    }

    fn reseal(&mut self, lane: Lane, from: u64) -> Result<Performed, ApiError> {
        self.replica.meet();
        let after = from.saturating_sub(1);
        let refused = lane_after(self.session, lane, after, u32::MAX)?;
        let sealed = seal_again(
            self.session,
            &self.keys,
            &mut self.document_keys,
            &mut self.replica,
            &refused,
        )?;
        self.note_own(&sealed);
        self.resealed = sealed;
        Ok(Performed::Done)
    }

    fn with_keys(&mut self, envelopes: Vec<Envelope>) -> Result<Outgoing, ApiError> {
        let keys = wrapped_keys(self.session, &self.keys, &mut self.document_keys, &envelopes)?;
        Ok(Outgoing { envelopes, keys })
    }

    fn load(
        &mut self,
        peer: &Have,
        after: Option<Brief>,
        own_only: bool,
        limit: Limit,
    ) -> Result<Outgoing, ApiError> {
        let acknowledged = if own_only { Some(have_of(self.session, &self.server)?) } else { None };
        let peer = Peer { have: peer, acknowledged: acknowledged.as_ref() };
        let envelopes = lacking(self.session, &self.have, &peer, after, limit)?;
        self.with_keys(envelopes)
    }

    fn receive(
        &mut self,
        envelopes: &[Envelope],
        held: &[Brief],
        passed: &Passed,
    ) -> Result<SyncEvent, ApiError> {
        let met = match checkpoints::count(envelopes) {
            0 => None,
            count => self.told.map(|told| told.met(count)),
        };
        let found = receive(
            self.session,
            &self.keys,
            &mut self.document_keys,
            &mut self.have,
            (envelopes, passed, met.iter().map(told_row).collect()),
        )?;
        self.told = met.or(self.told);
        if found.full && !self.alarms.contains(&Alarm::SetAsideFull) {
            self.alarms.push(Alarm::SetAsideFull);
        }
        let mut all_held = true;
        for brief in held {
            all_held &= self.session.open.store.knows_envelope(&brief.position.id.0).told()?;
        }
        Ok(SyncEvent::Received { all_held, forks: found.forks, differing: found.differing })
    }

    /// Notes what the server has of this computer. Of others it is told when it is asked.
    fn acknowledge(&self, names: &[Brief]) -> Result<Performed, ApiError> {
        let own = device_of(self.session);
        let last: Have = names
            .iter()
            .filter(|name| name.lane.device == own)
            .map(|name| (name.lane, name.position))
            .collect();
        let have = last.iter().map(|(lane, position)| HaveRow {
            peer: self.server.clone(),
            device: lane.device.0,
            generation: lane.generation,
            counter: position.counter,
            id: position.id.0,
        });
        let receipt = Receipt { have: have.collect(), ..Receipt::default() };
        self.session.open.store.receive(&receipt).told()?;
        Ok(Performed::Done)
    }

    fn save_cursor(&mut self, cursor: Cursor) -> Result<Performed, ApiError> {
        let begun = match self.told {
            Some(_) => None,
            None => Some(Told::begin(cursor, self.session.host.now().unix_ms())),
        };
        let row = CursorRow {
            server: self.server.clone(),
            log_epoch: cursor.log_epoch.0,
            seq: cursor.mark.seq,
            chain: cursor.mark.chain.0,
        };
        let named = begun.iter().map(told_row).collect();
        let receipt = Receipt { cursor: Some(row), named, ..Receipt::default() };
        self.session.open.store.receive(&receipt).told()?;
        self.told = self.told.or(begun);
        Ok(Performed::Done)
    }
}

enum Performed {
    Answered(SyncEvent),
    Done,
    Finished(Summary),
}

fn read_keys_read(bytes: &[u8]) -> Option<(LogEpoch, u64)> {
    let (log_epoch, through) = bytes.split_first_chunk::<16>()?;
    Some((LogEpoch(*log_epoch), u64::from_be_bytes(through.try_into().ok()?)))
}
