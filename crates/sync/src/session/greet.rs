//! The start of a session: HELLO, the membership log, the wrapped keys, and who is what they were.

use super::{Alarm, Awaiting, Effect, Failure, Phase, SyncSession};
use crate::cursor::Cursor;
use crate::ids::LogEpoch;
use crate::limits::CLOCK_SKEW_MS_MAX;
use crate::membership::{EntryError, MembersHead};
use crate::replica::Agreement;
use crate::wire::{
    HelloReply, KeysPage, KeysRequest, LogVerdict, MembersPage, MembersReply, MembersRequest,
    MembersVerdict, OwnVerdict,
};

impl SyncSession {
    pub(super) fn greeted(&mut self, reply: HelloReply, now_ms: i64) -> Vec<Effect> {
        let mut effects = Vec::new();
        let ahead_ms = now_ms.saturating_sub(reply.now_ms);
        if ahead_ms.saturating_abs() > CLOCK_SKEW_MS_MAX {
            effects.push(Effect::RaiseAlarm(Alarm::ClockSkew { ahead_ms }));
        }
        self.summary.head = reply.head;
        self.summary.floor = reply.floor;
        match &reply.log {
            LogVerdict::Same => {
                self.own_only = true;
                self.peer = match &reply.own {
                    OwnVerdict::Same => self.local.replica.lanes().clone(),
                    OwnVerdict::Held(held) => self.local.replica.lanes_of(held),
                };
            }
            LogVerdict::Other { log_epoch, have } => {
                if let Some(read) = self.local.cursor {
                    let log_epoch = *log_epoch;
                    effects.push(Effect::RaiseAlarm(Alarm::LogReplaced { read, log_epoch }));
                }
                self.own_only = false;
                self.peer = have.clone();
                effects.push(Effect::NotePeer(have.clone()));
                self.reading = Some(Cursor::start(*log_epoch));
                // It is read anew, and what was left of it with it.
                if self.local.left.take().is_some() {
                    effects.push(Effect::NoteLeft(None));
                }
                // Its table of keys may be another too, also where the log has the name it had.
                self.local.keys_read = None;
            }
        }
        // A table only grows: one that is shorter was put back from a copy, and may have grown another
        // way.
        if reply.keys_head < self.keys_read() {
            self.local.keys_read = None;
        }
        if self.reading.is_none() {
            // A reply that calls no cursor the same as its log.
            effects.extend(self.distrust(Failure::Protocol));
            return effects;
        }
        let read = self.reading.map_or(0, |reading| reading.mark.seq);
        let is_ahead = reply.floor > read.max(self.local.floors_after) && reply.floor <= reply.head;
        self.floor = is_ahead.then_some(reply.floor);
        let members = reply.members;
        self.awaiting = Some(Awaiting::Hello(reply));
        effects.extend(match members {
            None => self.fetch_keys(),
            Some(head) => self.meet_members(head),
        });
        effects
    }

    /// Brings the two membership logs together, then goes on.
    pub(super) fn meet_members(&mut self, theirs: MembersHead) -> Vec<Effect> {
        let mine = self.local.members;
        if theirs == mine {
            return self.fetch_keys();
        }
        if theirs.count == mine.count {
            return self.distrust(Failure::MembershipForked);
        }
        if theirs.count < mine.count {
            self.phase = Phase::MembersPushing;
            return vec![Effect::PushMembers { from: theirs.count }];
        }
        self.ask_members()
    }

    fn ask_members(&mut self) -> Vec<Effect> {
        self.phase = Phase::Members;
        let from = self.local.members.count;
        vec![Effect::SendMembers(MembersRequest { clinic: self.local.clinic, from })]
    }

    pub(super) fn members_came(&mut self, page: MembersPage) -> Vec<Effect> {
        if page.entries.is_empty() {
            return self.distrust(Failure::Protocol);
        }
        self.phase = Phase::MembersStoring;
        vec![Effect::StoreMembers(page.entries)]
    }

    pub(super) fn members_stored(
        &mut self,
        stored: Result<MembersHead, EntryError>,
    ) -> Vec<Effect> {
        let Ok(head) = stored else { return self.distrust(Failure::MembershipForked) };
        if head.count <= self.local.members.count {
            return self.distrust(Failure::Protocol);
        }
        self.local.members = head;
        match self.members_wanted() {
            Some(wanted) if wanted.count > head.count => self.ask_members(),
            Some(wanted) if wanted.count == head.count && wanted != head => {
                self.distrust(Failure::MembershipForked)
            }
            Some(_) | None => self.fetch_keys(),
        }
    }

    fn members_wanted(&self) -> Option<MembersHead> {
        match self.awaiting.as_ref()? {
            Awaiting::Hello(reply) => reply.members,
            Awaiting::Page(page) => Some(page.members),
        }
    }

    pub(super) fn members_pushed(&mut self, reply: MembersReply) -> Vec<Effect> {
        match reply.verdict {
            MembersVerdict::Stored if reply.head == self.local.members => self.fetch_keys(),
            MembersVerdict::Stored
            | MembersVerdict::Stale
            | MembersVerdict::Refused(_)
            | MembersVerdict::Closed => self.distrust(Failure::MembershipForked),
        }
    }

    /// Reads the peer's table of keys as far as what waits needs it, then goes on.
    pub(super) fn fetch_keys(&mut self) -> Vec<Effect> {
        let wanted = match &self.awaiting {
            Some(Awaiting::Hello(reply)) => reply.keys_head,
            Some(Awaiting::Page(page)) => page.keys_head,
            None => 0,
        };
        let after = self.keys_read();
        if wanted > after {
            self.phase = Phase::Keys;
            return vec![Effect::SendKeys(KeysRequest { clinic: self.local.clinic, after })];
        }
        match self.awaiting.take() {
            Some(Awaiting::Hello(reply)) => self.settle(&reply),
            Some(Awaiting::Page(page)) => self.receive(page),
            None => self.distrust(Failure::Protocol),
        }
    }

    pub(super) fn log_epoch(&self) -> Option<LogEpoch> {
        self.reading.map(|cursor| cursor.log_epoch)
    }

    pub(super) fn keys_read(&self) -> u64 {
        match self.local.keys_read {
            Some((log_epoch, through)) if Some(log_epoch) == self.log_epoch() => through,
            Some(_) | None => 0,
        }
    }

    pub(super) fn keys_came(&mut self, page: KeysPage) -> Vec<Effect> {
        let Some(log_epoch) = self.log_epoch() else { return self.distrust(Failure::Protocol) };
        if page.end <= self.keys_read() {
            return self.distrust(Failure::Protocol);
        }
        self.phase = Phase::KeysStoring;
        self.local.keys_read = Some((log_epoch, page.end));
        vec![Effect::StoreKeys { keys: page.keys, log_epoch, through: page.end }]
    }

    pub(super) fn keys_stored(&mut self) -> Vec<Effect> {
        self.fetch_keys()
    }

    /// Compares what the two sides hold from this device; a restored one goes on in a new
    /// generation.
    fn settle(&mut self, reply: &HelloReply) -> Vec<Effect> {
        let agreement = self.local.replica.compare(&reply.own);
        let generation = self.local.replica.next_generation(&reply.own);
        self.local.replica.meet();
        let mut effects = match agreement {
            _ if let Some(generation) = self.local.unmet => {
                self.local.replica.open(generation);
                Vec::new()
            }
            Agreement::Same | Agreement::Behind if self.local.replica.generation() == 0 => {
                self.open(generation)
            }
            Agreement::Same | Agreement::Behind => Vec::new(),
            Agreement::Restored => self.alarm_and_open(Alarm::Restored { generation }, generation),
            Agreement::Forked(lane) => self.alarm_and_open(Alarm::Forked { lane }, generation),
        };
        let peer_lacks = !self.own_only || agreement != Agreement::Same || self.local.unseen.own;
        effects.extend(if peer_lacks { self.load() } else { self.seal() });
        effects
    }

    pub(super) fn open(&mut self, generation: u32) -> Vec<Effect> {
        self.local.replica.open(generation);
        vec![Effect::OpenGeneration(generation)]
    }

    pub(super) fn alarm_and_open(&mut self, alarm: Alarm, generation: u32) -> Vec<Effect> {
        let mut effects = vec![Effect::RaiseAlarm(alarm)];
        effects.extend(self.open(generation));
        effects
    }
}
