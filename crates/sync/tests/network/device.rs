//! A device's process: performs the effects of a session on its disk and over the network.

use sync::have::Lane;
use sync::session::{
    Effect, Failure, Local, Outgoing, Policy, RefusedRequest, SyncEvent, SyncSession,
};
use sync::wire::{Frame, MembersPush, read_reply};

use super::disk::{Disk, SERVER};
use super::random::Random;
use super::server::Server;
use super::world::Faults;

#[derive(Clone)]
pub(crate) struct Device {
    pub(crate) disk: Disk,
    pub(crate) alarms: Vec<String>,
    pub(crate) copy: Option<Disk>,
    /// The generation this process seals in for others than the server.
    pub(crate) unmet: u32,
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
        Self { disk, alarms: Vec::new(), copy: None, unmet }
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

    fn run(&mut self, mut session: SyncSession, net: &mut Net<'_>) -> Ended {
        let mut event = SyncEvent::Start;
        for _ in 0..10_000 {
            let effects = session.handle(event, net.server.now_ms);
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
                let mut members = self.disk.members().clone();
                let result = entries.iter().try_for_each(|entry| members.apply(entry));
                if result.is_ok() {
                    self.disk.entries.extend(entries);
                    self.disk.members = members.clone();
                    self.disk.recheck();
                }
                SyncEvent::MembersStored(result.map(|()| members.head()))
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
                    let told = self.disk.tell(generation, cursor, net.server.now_ms);
                    outgoing.envelopes.push(told);
                    outgoing = self.disk.with_keys(outgoing.envelopes);
                }
                SyncEvent::Sealed(outgoing)
            }
            Effect::Receive { envelopes, held, passed } => {
                let differing = self.disk.compare(&passed, &envelopes);
                self.disk.see(&envelopes, &held);
                let forks = envelopes.iter().filter_map(|e| self.disk.receive(e)).collect();
                self.disk.prove();
                let all_held = held.iter().all(|brief| {
                    self.disk.base.covers(brief.lane, brief.position)
                        || self.disk.holds(brief.lane, brief.position.counter, brief.position.id)
                });
                SyncEvent::Received { all_held, forks, differing, outlook: None }
            }
            Effect::Wait { until_ms } => {
                net.server.now_ms = net.server.now_ms.max(until_ms);
                SyncEvent::Due
            }
            Effect::Finished(summary) => return Err(Ended::Finished(summary.failure)),
            other => {
                self.note(other, net.server.now_ms);
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
            Effect::Acknowledge(names) => self.disk.acknowledge(&names),
            Effect::SaveCursor(cursor) => self.disk.save(cursor, now_ms),
            Effect::RaiseAlarm(alarm) => self.alarms.push(format!("{alarm:?}")),
            other => panic!("{other:?}"),
        }
    }
}

impl Net<'_> {
    fn ask<Q: Frame, A: Frame>(&mut self, request: &Q, wrap: fn(A) -> SyncEvent) -> SyncEvent {
        let frame = request.to_frame();
        // A request that was held back arrives now, in front of this one.
        if !self.delayed.is_empty() && self.random.happens(300) {
            let index = self.random.below(self.delayed.len());
            let (kind, late) = self.delayed.swap_remove(index);
            self.server.answer(kind, &late);
        }
        if self.random.happens(self.faults.loss) {
            return SyncEvent::Failed(Failure::Unreachable);
        }
        if self.random.happens(self.faults.repeat) {
            if self.random.happens(500) {
                self.server.answer(Q::KIND, &frame);
            } else {
                self.delayed.push((Q::KIND, frame.clone()));
            }
        }
        if let Some(part) = self.carry(&frame) {
            assert!(Q::from_frame(part).is_err(), "a part of a request is none");
            return SyncEvent::Failed(Failure::Unreachable);
        }
        let reply = self.server.answer(Q::KIND, &frame);
        if let Some(part) = self.carry(&reply) {
            assert!(read_reply::<A>(part).is_err(), "a part of a reply is none");
            return SyncEvent::Failed(Failure::Unreachable);
        }
        if self.random.happens(self.faults.loss) {
            return SyncEvent::Failed(Failure::Unreachable);
        }
        match read_reply::<A>(&reply).unwrap() {
            Ok(answer) => wrap(answer),
            Err(refusal) => SyncEvent::Failed(Failure::Refused(RefusedRequest(refusal))),
        }
    }

    /// Carries bytes over the line; what of them arrives, where it is cut in their midst.
    fn carry<'b>(&mut self, bytes: &'b [u8]) -> Option<&'b [u8]> {
        let arrives = bytes.get(..*self.left);
        *self.left = self.left.saturating_sub(bytes.len());
        arrives.filter(|part| part.len() < bytes.len())
    }
}
