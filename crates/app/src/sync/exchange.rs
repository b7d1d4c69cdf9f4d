//! One exchange with the server: a session's effects, performed.

use crate::{error::ToldResult, host::Host, open::Session};
use api::ApiError;
use store::{QuarantineRow, SELF};
use sync::{
    carrier::Carrier,
    check::QuarantineReason,
    checkpoint::Told,
    codec::Canonical as _,
    cursor::{Cursor, Mark},
    envelope::Envelope,
    have::{Have, Lane},
    ids::{Chain, LogEpoch},
    left::{Fetching, Outlook},
    replica::Replica,
    session::{Alarm, Effect, Failure, Local, Policy, Summary, SyncEvent, SyncSession},
    wire::Refused,
};

pub(super) use exchanged::{Exchanged, is_unknown_clinic};

use exchanged::is_unknown_there;

use again::{fetch_again, fetch_rightly_signed, read_keys_anew};
use sending::Sending;

use super::{
    checkpoints, coming,
    copies::note_sighting,
    document_keys::DocumentKeys,
    erasing, files, floor,
    held::have_of,
    hold::holds_a_part,
    judging::judge_the_rest,
    keys::{self, Keys, clinic_of, device_of},
    lacking::not_taken_row,
    list_keeper::is_held_back,
    mending::{mend_list, wrap_anew},
    peer::Peer,
    server::Server,
    token,
};

mod again;
mod came;
mod exchanged;
mod floors;
mod progress;
mod sending;
mod sent;

/// Of what waits for keys so many are looked at.
const LOOKED_AT: u32 = 256;

/// Exchanges everything with the server, once.
///
/// # Errors
/// The store's. What the server or the network did is told in the summary.
pub(super) fn exchange<H: Host>(
    session: &Session<'_, H>,
    server: &Server,
    carrier: &mut dyn Carrier,
) -> Result<Exchanged, ApiError> {
    let (keys, since) = (Keys::load(session)?, session.host.now());
    let device = keys.device;
    token::identify(session, (server, &keys), carrier)?;
    fetch_again(session, server, &keys)?;
    fetch_rightly_signed(session, server, &keys)?;
    let mut desk = Desk::new(session, Peer::server(server), keys)?;
    judge_the_rest(session)?;
    let mut exchanged = desk.run(carrier)?;
    // Entries of the list of computers may have come just now.
    if exchanged.summary.failure.is_none() && fetch_again(session, server, &desk.keys)? {
        desk = Desk::new(session, Peer::server(server), Keys::load(session)?)?;
        exchanged = exchanged.and(desk.run(carrier)?);
    }
    let is_unknown = exchanged.summary.failure.as_ref().is_some_and(is_unknown_there);
    if is_unknown && !is_held_back(session)? && desk.introduce(carrier)? {
        desk = Desk::new(session, Peer::server(server), Keys::load(session)?)?;
        exchanged = exchanged.and(desk.run(carrier)?);
    }
    if exchanged.summary.failure == Some(Failure::MembershipForked) && mend_list(session, carrier)?
    {
        desk = Desk::new(session, Peer::server(server), Keys::load(session)?)?;
        exchanged = exchanged.mended(desk.run(carrier)?);
    }
    exchanged = desk.tend_erased(carrier, exchanged)?;
    let exchanged = desk.tend_floors(carrier, exchanged);
    erasing::sweep(session);
    let mut exchanged = exchanged?;
    if exchanged.summary.failure.is_none() {
        wrap_anew(session, carrier)?;
        if lacks_keys(session)? {
            exchanged.alarms.push(Alarm::KeysWithheld);
        }
    }
    token::keep(session, (server, device), (carrier, since))?;
    Ok(exchanged)
}

/// Fetches some of what was left for later, with the exchange that went before.
///
/// # Errors
/// The store's.
pub(super) fn fetch_left<H: Host>(
    session: &Session<'_, H>,
    server: &Server,
    carrier: &mut dyn Carrier,
    before: Exchanged,
) -> Result<Exchanged, ApiError> {
    if coming::left(session)?.is_none() || holds_a_part(session)? {
        return Ok(before);
    }
    let mut desk = Desk::new(session, Peer::server(server), Keys::load(session)?)?;
    desk.fetches = Fetches::Left;
    Ok(before.and(desk.run(carrier)?))
}

/// Fetches one thing of what was left for later, with an exchange.
///
/// # Errors
/// The store's. What the server or the network did is told in the summary.
pub(super) fn fetch_one<H: Host>(
    session: &Session<'_, H>,
    server: &Server,
    carrier: &mut dyn Carrier,
    one: Fetching,
) -> Result<Exchanged, ApiError> {
    let keys = Keys::load(session)?;
    token::identify(session, (server, &keys), carrier)?;
    let mut desk = Desk::new(session, Peer::server(server), keys)?;
    desk.fetches = Fetches::One(one);
    desk.run(carrier)
}

/// What an exchange with the server fetches of what was left for later.
enum Fetches {
    Nothing,
    /// Some of it, in its order.
    Left,
    /// One thing of it alone.
    One(Fetching),
}

/// What one exchange works with.
pub(super) struct Desk<'a, 's, H> {
    session: &'a Session<'s, H>,
    peer: Peer,
    pub(super) keys: Keys,
    document_keys: DocumentKeys,
    pub(super) have: Have,
    replica: Replica,
    /// The generation to seal in for others than the server.
    unmet: Option<u32>,
    sending: Sending<'a, 's, H>,
    /// What pages named of others' lanes since the cursor was saved.
    seen: Have,
    pub(super) alarms: Vec<Alarm>,
    /// What was told last of what this computer saw.
    told: Option<Told>,
    too_large: Option<u64>,
    fetches: Fetches,
    /// How often others had taken something in when this was read; `None` before it was asked.
    as_of: Option<u64>,
}

impl<'a, 's, H: Host> Desk<'a, 's, H> {
    /// For an exchange with a peer.
    ///
    /// # Errors
    /// The store's.
    pub(super) fn new(
        session: &'a Session<'s, H>,
        peer: Peer,
        keys: Keys,
    ) -> Result<Self, ApiError> {
        let told = if peer.is_server() { checkpoints::last_told(session)? } else { None };
        let have = have_of(session, SELF)?;
        let generation = session.open.store.replica().told()?.map_or(0, |row| row.generation);
        let mut replica = Replica::resume(device_of(session), generation, &have);
        let unmet = (!peer.is_server()).then(|| unmet_generation(session, &have));
        unmet.into_iter().for_each(|unmet| replica.open(unmet));
        Ok(Self {
            session,
            peer,
            keys,
            document_keys: DocumentKeys::default(),
            replica,
            unmet,
            have,
            sending: Sending::default(),
            seen: Have::new(),
            alarms: Vec::new(),
            told,
            too_large: None,
            fetches: Fetches::Nothing,
            as_of: None,
        })
    }

    /// Forgets what was unwrapped: keys were destroyed.
    pub(super) fn forget_keys(&mut self) {
        self.sending.made = None;
        self.document_keys.clear();
    }

    /// What is to be done about erased charts, and about what came in belatedly, once everything was
    /// exchanged.
    ///
    /// # Errors
    /// The store's.
    pub(super) fn tend_erased(
        &mut self,
        carrier: &mut dyn Carrier,
        mut exchanged: Exchanged,
    ) -> Result<Exchanged, ApiError> {
        if exchanged.summary.failure.is_none() && (self.tend_erasing()? | self.tend_belated()?) {
            exchanged = exchanged.and(self.run(carrier)?);
        }
        if exchanged.summary.failure.is_none() && self.peer.is_server() {
            self.tell_erased(carrier)?;
        }
        Ok(exchanged)
    }

    /// Under which name the store keeps what is known of the peer.
    pub(super) fn peer_name(&self) -> String {
        self.peer.name()
    }

    /// Who is signed in here.
    pub(super) const fn session(&self) -> &'a Session<'s, H> {
        self.session
    }

    fn local(&self) -> Result<Local, ApiError> {
        read_keys_anew(self.session, &self.peer)?;
        let keys_read = self.session.open.store.named(&self.peer.keys_read()).told()?;
        Ok(Local {
            clinic: clinic_of(self.session),
            replica: self.replica.clone(),
            have: self.have.clone(),
            cursor: self.cursor()?,
            keys_read: keys_read.and_then(|bytes| read_keys_read(&bytes)),
            members: self.keys.members.head(),
            told: self.told,
            unmet: self.unmet,
            unseen: self.unseen()?,
            sealed_anew: self.sealed_anew()?,
            floors_after: self.floors_after()?,
            outlook: self.outlook()?,
            left: if self.peer.is_server() { coming::left(self.session)? } else { None },
            fetching: match &self.fetches {
                Fetches::Nothing => None,
                Fetches::Left => Some(coming::fetching(self.session)?),
                Fetches::One(one) => Some(one.clone()),
            },
        })
    }

    /// What is known of what comes next of the peer's log.
    fn outlook(&self) -> Result<Option<Outlook>, ApiError> {
        if self.peer.is_server() { coming::outlook(self.session) } else { Ok(None) }
    }

    pub(super) fn cursor(&self) -> Result<Option<Cursor>, ApiError> {
        let kept = self.session.open.store.cursor(&self.peer.name()).told()?;
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

    /// Meets the peer.
    ///
    /// # Errors
    /// The store's.
    pub(super) fn run(&mut self, carrier: &mut dyn Carrier) -> Result<Exchanged, ApiError> {
        (self.sending.more, self.sending.all_packed) = (None, false);
        self.leave_sealed();
        self.alone(Self::look_again)?;
        carrier.heed(&self.session.open.store.turns().stop);
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
        if let Effect::Foresee(request) = effect {
            carrier.foresee(request);
            return Ok(Performed::Done);
        }
        if !matches!(effect, Effect::SendPush(_) | Effect::Seal { .. }) {
            self.keep_noted()?;
        }
        let (pushed, is_server) = (progress::of_push(&effect), self.peer.is_server());
        let effect = match self.send(effect, carrier)? {
            Ok(answer) => {
                progress::tell(self.session, pushed, (&answer, carrier.waited()), is_server);
                return Ok(Performed::Answered(answer));
            }
            Err(effect) => *effect,
        };
        if let Effect::PushMembers { from } = effect {
            return self.push_members(from, carrier).map(Performed::Answered);
        }
        self.alone(|desk| desk.perform_here(effect))
    }

    /// Does something while nobody else takes anything in or seals, with what they did before.
    ///
    /// # Errors
    /// What `act` answers; the store's.
    pub(super) fn alone<T>(
        &mut self,
        act: impl FnOnce(&mut Self) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let session = self.session;
        let taken_in = session.open.store.turns().taking_in();
        if self.as_of != Some(*taken_in) {
            self.as_of = Some(*taken_in);
            self.have = have_of(session, SELF)?;
            self.keys = Keys::load(session)?;
            self.sending.made = None;
            self.document_keys.clear();
        }
        act(self)
    }

    fn perform_here(&mut self, effect: Effect) -> Result<Performed, ApiError> {
        let answer = match effect {
            Effect::SendHello(_)
            | Effect::SendMembers(_)
            | Effect::SendKeys(_)
            | Effect::SendPush(_)
            | Effect::SendPull(_)
            | Effect::Foresee(_)
            | Effect::PushMembers { .. } => SyncEvent::Failed(Failure::Host),
            Effect::StoreMembers(entries) => self.store_members(&entries)?,
            Effect::StoreKeys { keys, log_epoch, through } => {
                self.store_keys(&keys, log_epoch, through)?;
                SyncEvent::KeysStored
            }
            Effect::Load { lacking, after, limit } => {
                SyncEvent::Loaded(self.load(&lacking, after, limit)?)
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
                self.heed(&alarm)?;
                self.alarms.push(alarm);
                return Ok(Performed::Done);
            }
            Effect::NoteFloor(at) => {
                floor::note_jump(self.session, at)?;
                return Ok(Performed::Done);
            }
            Effect::NoteLeft(left) => {
                coming::note_left(self.session, left)?;
                return Ok(Performed::Done);
            }
            Effect::NotePeer(have) => return self.note_peer(&have),
            Effect::Acknowledge { stored, keys_read } => {
                return self.acknowledge(&stored, keys_read);
            }
        };
        Ok(Performed::Answered(answer))
    }

    /// What is noted of an alarm before it is told.
    fn heed(&self, alarm: &Alarm) -> Result<(), ApiError> {
        if let Alarm::Restored { generation } = alarm {
            note_sighting(self.session, *generation)?;
        }
        if let Alarm::PushRefused { id, refused } = alarm
            && matches!(refused, Refused::TooManyForks | Refused::BadSignature)
        {
            let row = not_taken_row(self.session, &self.peer.name(), *id)?;
            self.session.open.store.put_named(row.as_slice()).told()?;
        }
        // One that was put back from a copy may have the name of its log still: what it was told
        // beside the log, and what it said that it has, holds no more.
        if matches!(alarm, Alarm::LogReplaced { .. }) && self.peer.is_server() {
            erasing::tell_anew(self.session)?;
            files::ask_anew(self.session)?;
        }
        Ok(())
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
}

fn unmet_generation<H: Host>(session: &Session<'_, H>, have: &Have) -> u32 {
    let draw = || {
        let mut random = [0; 4];
        session.host.fill_random(&mut random);
        Lane::unmet_of(have, device_of(session), u32::from_be_bytes(random))
    };
    session.open.store.turns().unmet(draw)
}

enum Performed {
    Answered(SyncEvent),
    Done,
    Finished(Summary),
}

/// Whether something is set aside for want of a document's key, although this computer has the key
/// of the epoch it was sealed in: who sealed it gave its document's key along with it.
fn lacks_keys<H: Host>(session: &Session<'_, H>) -> Result<bool, ApiError> {
    if !waits_for_keys(session)? {
        return Ok(false);
    }
    let keys = Keys::load(session)?;
    let reason = [QuarantineReason::NoKey.code()];
    let aside = session.open.store.quarantine(&reason, 0, LOOKED_AT).told()?;
    let of = |row: &QuarantineRow| Some(Envelope::from_bytes(&row.bytes).ok()?.header().key_epoch);
    Ok(aside.rows.iter().filter_map(of).any(|epoch| keys.clinic_keys.epoch(epoch).is_some()))
}

/// Whether something is set aside for want of a document's key.
///
/// # Errors
/// The store's.
fn waits_for_keys<H: Host>(session: &Session<'_, H>) -> Result<bool, ApiError> {
    let reasons = session.open.store.set_aside_reasons().told()?;
    Ok(reasons.iter().any(|(reason, count)| reason == QuarantineReason::NoKey.code() && *count > 0))
}

fn read_keys_read(bytes: &[u8]) -> Option<(LogEpoch, u64)> {
    let (log_epoch, through) = bytes.split_first_chunk::<16>()?;
    Some((LogEpoch(*log_epoch), u64::from_be_bytes(through.try_into().ok()?)))
}
