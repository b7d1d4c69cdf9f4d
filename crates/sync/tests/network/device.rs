//! A device's process: performs the effects of a session on its disk and over the network.

use std::collections::BTreeSet;

use sync::have::Lane;
use sync::session::{
    Alarm, Effect, Failure, Local, Outgoing, Policy, RefusedRequest, SyncEvent, SyncSession,
};
use sync::wire::{Frame, MembersPush, read_reply};

use super::disk::{Disk, SERVER};
use super::random::Random;
use super::server::Server;
use super::world::{Drawn, Faults};

/// Ten years, as far as clocks are off.
const CLOCK_OFF_MS_MAX: i64 = 10 * 365 * 24 * 60 * 60 * 1000;

/// A device was given something that it lacked, out of the server's cold storage.
pub(crate) const OUT_OF_COLD: &str = "given out of cold storage";

#[derive(Clone)]
pub(crate) struct Device {
    pub(crate) disk: Disk,
    pub(crate) alarms: Vec<String>,
    pub(crate) copy: Option<Disk>,
    /// The generation this process seals in for others than the server.
    pub(crate) unmet: u32,
    /// How far its clock is ahead.
    pub(crate) clock_ms: i64,
    /// The forks of which it told.
    pub(crate) told_forks: BTreeSet<Lane>,
    /// Those that are to be told of next.
    pub(crate) forks: BTreeSet<Lane>,
    /// Those that it crashed before telling of.
    pub(crate) untold_forks: BTreeSet<Lane>,
}

/// What the network holds back, to be delivered later.
pub(crate) type Delayed = Vec<(u8, Vec<u8>)>;

pub(crate) struct Net<'a> {
    pub(crate) server: &'a mut Server,
    pub(crate) random: &'a mut Random,
    pub(crate) delayed: &'a mut Delayed,
    pub(crate) faults: Faults,
    /// Bytes that go over the line before it is cut.
    pub(crate) left: &'a mut usize,
    /// Requests that arrive before nothing does any more.
    pub(crate) reaches: usize,
    /// The peer turns away who asks.
    pub(crate) turned_away: bool,
    pub(crate) drawn: &'a mut Drawn,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    Finished(Option<Failure>),
    Crashed,
}

const POLICY: Policy = Policy { attempts_max: 4, pause_ms: 100, pause_ms_max: 1000 };

impl Device {
    pub(crate) fn new(disk: Disk, random: u64) -> Self {
        let unmet = Lane::unmet_generation(random as u32);
        Self {
            disk,
            alarms: Vec::new(),
            copy: None,
            unmet,
            clock_ms: 0,
            told_forks: BTreeSet::new(),
            forks: BTreeSet::new(),
            untold_forks: BTreeSet::new(),
        }
    }

    /// With another generation to seal in for others than the server.
    pub(crate) fn with_unmet(self, random: u64) -> Self {
        Self { unmet: Lane::unmet_generation(random as u32), ..self }
    }

    /// Its clock is set: right, or up to ten years off.
    pub(crate) fn set_clock(&mut self, random: &mut Random) {
        self.clock_ms = clock_off_ms(random);
    }

    /// Tells of forks.
    pub(crate) fn tell_forks(&mut self, lanes: Vec<Lane>) {
        for lane in lanes {
            self.raise(&Alarm::Forked { lane });
        }
    }

    fn raise(&mut self, alarm: &Alarm) {
        if let Alarm::Forked { lane } = alarm {
            self.told_forks.insert(*lane);
            self.forks.remove(lane);
        }
        self.alarms.push(format!("{alarm:?}"));
    }

    /// Runs a session with another device, whose answers are in `net`.
    pub(crate) fn meet(&mut self, other: u8, net: &mut Net<'_>) -> Ended {
        self.disk.face(other);
        let local = Local { unmet: Some(self.unmet), ..self.disk.local() };
        let before = self.alarms.len();
        let ended = self.run(SyncSession::new(local, POLICY), net);
        // That a device was put back, or begins anew, is no news of its peers.
        let raised = self.alarms.split_off(before);
        self.alarms.extend(raised.into_iter().filter(|alarm| !alarm.contains("LogReplaced")));
        self.disk.face(SERVER);
        ended
    }

    pub(crate) fn session(&self) -> SyncSession {
        SyncSession::new(self.disk.local(), POLICY)
    }

    /// Runs a session to its end, or until a crash between two effects.
    pub(crate) fn sync(&mut self, net: &mut Net<'_>) -> Ended {
        let ended = self.run(self.session(), net);
        if ended == Ended::Finished(None) && self.disk.doubt_floor() {
            self.alarms.push("FloorUnproven".to_owned());
        }
        ended
    }

    fn run(&mut self, session: SyncSession, net: &mut Net<'_>) -> Ended {
        let ended = self.run_through(session, net);
        let untold = std::mem::take(&mut self.forks);
        match ended {
            Ended::Crashed => self.untold_forks.extend(untold),
            Ended::Finished(_) => assert!(untold.is_empty(), "did not tell of {untold:?}"),
        }
        ended
    }

    fn run_through(&mut self, mut session: SyncSession, net: &mut Net<'_>) -> Ended {
        let mut event = SyncEvent::Start;
        for _ in 0..10_000 {
            if net.faults.clocks && net.random.happens(3) {
                net.drawn.count("clock set within a session");
                self.set_clock(net.random);
            }
            let effects = session.handle(event, net.server.now_ms + self.clock_ms);
            match self.perform(effects, net) {
                Ok(next) => event = next,
                Err(ended) => return ended,
            }
        }
        panic!("a session without end");
    }

    pub(crate) fn perform(
        &mut self,
        effects: Vec<Effect>,
        net: &mut Net<'_>,
    ) -> Result<SyncEvent, Ended> {
        let mut event = None;
        for effect in effects {
            if net.random.happens(net.faults.crash) {
                net.drawn.count("crash");
                return Err(Ended::Crashed);
            }
            assert!(event.is_none(), "an effect after one that is answered");
            event = self.act(effect, net)?;
        }
        Ok(event.expect("a list of effects ends with one that is answered"))
    }

    fn act(&mut self, effect: Effect, net: &mut Net<'_>) -> Result<Option<SyncEvent>, Ended> {
        Ok(Some(match effect {
            Effect::SendHello(request) => net.ask(&request, SyncEvent::Hello),
            Effect::SendMembers(request) => net.ask(&request, SyncEvent::Members),
            Effect::SendKeys(request) => net.ask(&request, SyncEvent::Keys),
            Effect::SendPush(request) => net.ask(&request, SyncEvent::Pushed),
            Effect::SendPull(request) => net.ask(&request, SyncEvent::Page),
            Effect::PushMembers { from } => {
                let entries = self.disk.entries[from as usize..].to_vec();
                let clinic = entries[0].entry().clinic;
                net.ask(&MembersPush { clinic, entries }, SyncEvent::MembersPushed)
            }
            Effect::StoreMembers(entries) => {
                let result = self.disk.take_entries(&entries);
                self.disk.recheck();
                SyncEvent::MembersStored(result.map(|()| self.disk.members().head()))
            }
            Effect::StoreKeys { keys, log_epoch, through } => {
                self.disk.keys.extend(keys);
                self.disk.keys_read = Some((log_epoch, through));
                self.disk.recheck();
                SyncEvent::KeysStored
            }
            Effect::Load { lacking, after, limit } => {
                SyncEvent::Loaded(self.disk.load(&lacking, after, limit))
            }
            Effect::Seal { generation, checkpoint, limit } => {
                let mut outgoing: Outgoing = self.disk.seal(generation, limit);
                if let Some(cursor) = checkpoint {
                    let told =
                        self.disk.tell(generation, cursor, net.server.now_ms + self.clock_ms);
                    outgoing.envelopes.push(told);
                    outgoing = self.disk.with_keys(outgoing.envelopes);
                }
                SyncEvent::Sealed(outgoing)
            }
            Effect::Receive { envelopes, held, passed } => {
                if envelopes.iter().any(|it| net.server.is_cold(it) && !self.disk.has(it)) {
                    net.drawn.count(OUT_OF_COLD);
                }
                let differing = self.disk.compare(&passed, &envelopes);
                self.disk.see(&envelopes, &held);
                let forks = self.disk.take_in(&envelopes);
                self.forks.extend(forks.iter().copied());
                let all_held = held.iter().all(|brief| {
                    self.disk.base.covers(brief.lane, brief.position)
                        || self.disk.holds(brief.lane, brief.position.counter, brief.position.id)
                });
                SyncEvent::Received { all_held, forks, differing, outlook: None }
            }
            Effect::Wait { until_ms } => {
                net.server.now_ms = net.server.now_ms.max(until_ms - self.clock_ms);
                SyncEvent::Due
            }
            Effect::Finished(summary) => return Err(Ended::Finished(summary.failure)),
            other => {
                self.note(other, net.server.now_ms + self.clock_ms);
                return Ok(None);
            }
        }))
    }

    fn note(&mut self, effect: Effect, now_ms: i64) {
        match effect {
            Effect::OpenGeneration(generation) => self.disk.generation = generation,
            Effect::Reseal { lane, from } => self.disk.reseal(lane, from),
            Effect::NoteFloor(cursor) => self.disk.jumped = Some(cursor),
            Effect::NotePeer(have) => self.disk.note_peer(&have),
            Effect::Acknowledge { stored, keys_read } => {
                self.disk.acknowledge(&stored);
                self.disk.keys_read = keys_read.or(self.disk.keys_read);
            }
            Effect::SaveCursor(cursor) => self.disk.save(cursor, now_ms),
            Effect::Foresee(_) => {}
            Effect::RaiseAlarm(alarm) => self.raise(&alarm),
            other => panic!("{other:?}"),
        }
    }
}

impl Net<'_> {
    pub(crate) fn ask<Q: Frame, A: Frame>(
        &mut self,
        request: &Q,
        wrap: fn(A) -> SyncEvent,
    ) -> SyncEvent {
        let frame = request.to_frame();
        // A request that was held back arrives now, in front of this one.
        if !self.delayed.is_empty() && self.random.happens(300) {
            self.drawn.count("request overtaken");
            let index = self.random.below(self.delayed.len());
            let (kind, late) = self.delayed.swap_remove(index);
            self.server.answer(kind, &late);
        }
        if self.reaches == 0 {
            return SyncEvent::Failed(Failure::Unreachable);
        }
        self.reaches -= 1;
        if self.random.happens(self.faults.loss) {
            self.drawn.count("request lost");
            return SyncEvent::Failed(Failure::Unreachable);
        }
        if self.random.happens(self.faults.repeat) {
            if self.random.happens(500) {
                self.drawn.count("request doubled");
                self.answer(Q::KIND, &frame);
            } else if !self.turned_away {
                self.delayed.push((Q::KIND, frame.clone()));
            }
        }
        if let Some(part) = self.carry(&frame) {
            assert!(Q::from_frame(part).is_err(), "a part of a request is none");
            return SyncEvent::Failed(Failure::Unreachable);
        }
        let reply = self.answer(Q::KIND, &frame);
        if let Some(part) = self.carry(&reply) {
            assert!(read_reply::<A>(part).is_err(), "a part of a reply is none");
            return SyncEvent::Failed(Failure::Unreachable);
        }
        if self.random.happens(self.faults.loss) {
            self.drawn.count("reply lost");
            return SyncEvent::Failed(Failure::Unreachable);
        }
        match read_reply::<A>(&reply).unwrap() {
            Ok(answer) => wrap(answer),
            Err(refusal) => SyncEvent::Failed(Failure::Refused(RefusedRequest(refusal))),
        }
    }

    fn answer(&mut self, kind: u8, frame: &[u8]) -> Vec<u8> {
        if self.turned_away {
            self.server.turn_away(frame)
        } else {
            self.server.answer(kind, frame)
        }
    }

    /// Carries bytes over the line; what of them arrives, where it is cut in their midst.
    fn carry<'b>(&mut self, bytes: &'b [u8]) -> Option<&'b [u8]> {
        let arrives = bytes.get(..*self.left);
        *self.left = self.left.saturating_sub(bytes.len());
        arrives.filter(|part| part.len() < bytes.len())
    }
}

/// How far a clock is off: mostly somehow within ten years, sometimes not at all.
pub(crate) fn clock_off_ms(random: &mut Random) -> i64 {
    let off = random.next() % (2 * CLOCK_OFF_MS_MAX as u64 + 1);
    if random.happens(250) { 0 } else { off as i64 - CLOCK_OFF_MS_MAX }
}
