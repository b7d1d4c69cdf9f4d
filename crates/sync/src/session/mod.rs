//! One meeting of a device with a peer, as a state machine: events and time in, effects out.
//!
//! HELLO → membership and keys → what the peer lacks → what is not sealed yet → pages of what
//! came → what others sealed that came here by another way → done. Every step can be lost,
//! repeated or cut off: what is durable on either side is found again by the next HELLO.

mod effect;
mod event;
mod fetch;
mod greet;
mod pace;
mod policy;
mod receive;
mod send;

pub use effect::{Alarm, Effect, Lacking, Limit, Summary};
pub use event::{Failure, Outgoing, RefusedRequest, SyncEvent};
pub use policy::Policy;
pub(crate) use send::fitting;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use pace::Pace;

use crate::checkpoint::Told;
use crate::cursor::{Cursor, Mark};
use crate::envelope::Envelope;
use crate::have::{Have, Lane};
use crate::ids::{ClinicId, LogEpoch};
use crate::left::{Fetching, Left, Outlook};
use crate::limits::SESSION_RESTARTS_MAX;
use crate::membership::MembersHead;
use crate::replica::Replica;
use crate::wire::{Brief, HelloReply, HelloRequest, PullPage, RefusalCode, WrappedKey};

/// Where a device stands when a session starts, as its store has it.
#[derive(Clone, Debug)]
pub struct Local {
    /// The clinic.
    pub clinic: ClinicId,
    /// The device's own sequences.
    pub replica: Replica,
    /// How far every lane is held, the quarantined included.
    pub have: Have,
    /// How far this peer's log was read.
    pub cursor: Option<Cursor>,
    /// How far this peer's table of keys was read, and in which life of its log.
    pub keys_read: Option<(LogEpoch, u64)>,
    /// The membership log.
    pub members: MembersHead,
    /// What was told last of what it saw; `None` before it begins to count.
    pub told: Option<Told>,
    /// The generation to seal in where the peer's word on what this device sealed is not enough,
    /// as of any but the server; `None` for the server.
    pub unmet: Option<u32>,
    /// What is held that this peer was not seen to hold.
    pub unseen: Unseen,
    /// Own lanes whose content is sealed anew no more where the peer refuses them.
    pub sealed_anew: BTreeSet<Lane>,
    /// Where less was read of the peer's log, begin at its floor, if that is after this place:
    /// `u64::MAX` for never.
    pub floors_after: u64,
    /// What is known of what comes next of the peer's log.
    pub outlook: Option<Outlook>,
    /// Of which stretch of the peer's log only names were read.
    pub left: Option<Left>,
    /// What to know for fetching it at the end of this session; `None` to leave it.
    pub fetching: Option<Fetching>,
}

/// What is held that a peer was not seen to hold, neither by what it acknowledged nor by what it
/// sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unseen {
    /// Envelopes of one's own, sealed for a file or another peer.
    pub own: bool,
    /// Envelopes of others: they came by another way, and the peer may have them by now.
    pub others: bool,
}

/// A session with one peer.
#[derive(Debug)]
pub struct SyncSession {
    local: Local,
    policy: Policy,
    phase: Phase,
    /// The HELLO reply or the page that waits for membership entries and keys.
    awaiting: Option<Awaiting>,
    /// How far the peer's log was read in this session; durable only once saved.
    reading: Option<Cursor>,
    /// What the peer holds: of all lanes, or of the own ones.
    peer: Have,
    own_only: bool,
    /// The floor that the next page is to begin at.
    floor: Option<u64>,
    /// What is left once the page that is being received is durable.
    leaving: Option<Left>,
    /// Pages of what was left that were fetched; `None` before that began.
    fetched: Option<u32>,
    /// The place the next page of it is asked for.
    fetched_to: Option<Mark>,
    /// What others sealed is being passed on, the last thing a session does but for fetching what
    /// was left.
    passing_on: bool,
    /// The last envelope that was loaded.
    loaded: Option<Brief>,
    /// Lanes of which the peer takes nothing more.
    blocked: BTreeSet<Lane>,
    outgoing: VecDeque<Envelope>,
    keys: Vec<WrappedKey>,
    sent: Vec<Brief>,
    sent_keys: usize,
    /// What was pushed, by its place in the log, as far as that was not read.
    placed: BTreeMap<u64, Brief>,
    pushing: Pace,
    pulling: Pace,
    skip_nothing: bool,
    resealed: bool,
    /// A checkpoint was asked for: one a session is enough.
    checkpointed: bool,
    rounds: u32,
    received_in_round: u64,
    attempts: u32,
    restarts: u32,
    now_ms: i64,
    summary: Summary,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Idle,
    Hello,
    Members,
    MembersStoring,
    MembersPushing,
    Keys,
    KeysStoring,
    Loading,
    Sealing,
    Pushing { sealing: bool },
    Pulling,
    Receiving,
    Waiting,
    Done,
}

#[derive(Debug)]
enum Awaiting {
    Hello(HelloReply),
    Page(PullPage),
}

/// Times a session seals again what the merge of received envelopes gave rise to.
const ROUNDS_MAX: u32 = 2;

impl SyncSession {
    /// A session that waits for [`SyncEvent::Start`].
    pub fn new(local: Local, policy: Policy) -> Self {
        Self {
            reading: local.cursor,
            local,
            policy,
            phase: Phase::Idle,
            awaiting: None,
            peer: Have::new(),
            own_only: true,
            floor: None,
            leaving: None,
            fetched: None,
            fetched_to: None,
            passing_on: false,
            loaded: None,
            blocked: BTreeSet::new(),
            outgoing: VecDeque::new(),
            keys: Vec::new(),
            sent: Vec::new(),
            sent_keys: 0,
            placed: BTreeMap::new(),
            pushing: Pace::of_pushes(),
            pulling: Pace::of_pulls(),
            skip_nothing: false,
            resealed: false,
            checkpointed: false,
            rounds: 0,
            received_in_round: 0,
            attempts: 0,
            restarts: 0,
            now_ms: 0,
            summary: Summary { failure: None, pushed: 0, received: 0, head: 0, floor: 0 },
        }
    }

    /// Takes in what happened at `now_ms` of the device's clock (milliseconds since the Unix
    /// epoch) and returns what to do next. An event that answers nothing is passed over.
    pub fn handle(&mut self, event: SyncEvent, now_ms: i64) -> Vec<Effect> {
        if !event.answers(self.phase) {
            return Vec::new();
        }
        self.now_ms = now_ms;
        if event.is_progress() {
            self.attempts = 0;
        }
        match event {
            SyncEvent::Start | SyncEvent::Due => self.send_hello(),
            SyncEvent::Hello(reply) => self.greeted(reply, now_ms),
            SyncEvent::Members(page) => self.members_came(page),
            SyncEvent::MembersStored(stored) => self.members_stored(stored),
            SyncEvent::MembersPushed(reply) => self.members_pushed(reply),
            SyncEvent::Keys(page) => self.keys_came(page),
            SyncEvent::KeysStored => self.keys_stored(),
            SyncEvent::Loaded(outgoing) => self.loaded(outgoing),
            SyncEvent::Sealed(outgoing) => self.sealed(outgoing),
            SyncEvent::Pushed(reply) => self.pushed(&reply),
            SyncEvent::Page(page) => self.page_came(page),
            SyncEvent::Received { all_held, forks, differing, outlook } => {
                self.local.outlook = outlook;
                self.received(all_held, forks, differing)
            }
            SyncEvent::Failed(failure) => self.failed(failure, now_ms),
        }
    }

    /// What was done so far.
    pub const fn summary(&self) -> &Summary {
        &self.summary
    }

    fn send_hello(&mut self) -> Vec<Effect> {
        self.phase = Phase::Hello;
        vec![Effect::SendHello(HelloRequest {
            clinic: self.local.clinic,
            device: self.local.replica.device(),
            // The saved one: a log that was replaced is only read on once what it lacks is sent.
            cursor: self.local.cursor,
            own: self.local.replica.head(),
            members: self.local.members,
        })]
    }

    fn failed(&mut self, failure: Failure, now_ms: i64) -> Vec<Effect> {
        match failure {
            Failure::Unreachable | Failure::Silent => {
                self.pushing.broke();
                self.pulling.broke();
                self.wait(failure, 0, now_ms)
            }
            Failure::Refused(refused) => self.refused(refused, now_ms),
            Failure::Protocol | Failure::ChainBroken | Failure::MembershipForked => {
                self.distrust(failure)
            }
            Failure::Untrusted
            | Failure::Newer
            | Failure::PushRefused
            | Failure::BelowFloor
            | Failure::Unsettled
            | Failure::Stopped
            | Failure::Host => self.finish(Some(failure)),
        }
    }

    fn refused(&mut self, refused: RefusedRequest, now_ms: i64) -> Vec<Effect> {
        let failure = Failure::Refused(refused);
        match refused.0.code {
            RefusalCode::OtherLog => self.restart(),
            RefusalCode::NotAuthenticated
            | RefusalCode::Busy
            | RefusalCode::Unavailable
            | RefusalCode::Full
            | RefusalCode::OverQuota
            | RefusalCode::Damaged => self.wait(failure, refused.0.retry_after_s, now_ms),
            RefusalCode::Revoked => {
                let mut effects = vec![Effect::RaiseAlarm(Alarm::Revoked)];
                effects.extend(self.finish(Some(failure)));
                effects
            }
            RefusalCode::UnknownClinic
            | RefusalCode::UnknownDevice
            | RefusalCode::Malformed
            | RefusalCode::TooLarge
            | RefusalCode::TooManyInvites
            | RefusalCode::NotFound => self.finish(Some(failure)),
        }
    }

    fn wait(&mut self, failure: Failure, at_least_s: u32, now_ms: i64) -> Vec<Effect> {
        self.attempts = self.attempts.saturating_add(1);
        let device = self.local.replica.device();
        let Some(pause_ms) = self.policy.pause_ms(self.attempts, device, now_ms) else {
            return self.finish(Some(failure));
        };
        self.forget_exchange();
        self.phase = Phase::Waiting;
        let pause_ms = pause_ms.max(i64::from(at_least_s).saturating_mul(1000));
        vec![Effect::Wait { until_ms: now_ms.saturating_add(pause_ms) }]
    }

    /// Begins again from HELLO: the peer is not where it was thought to be.
    fn restart(&mut self) -> Vec<Effect> {
        self.restarts = self.restarts.saturating_add(1);
        if self.restarts > SESSION_RESTARTS_MAX {
            return self.finish(Some(Failure::Unsettled));
        }
        self.forget_exchange();
        self.send_hello()
    }

    fn forget_exchange(&mut self) {
        self.reading = self.local.cursor;
        self.awaiting = None;
        self.floor = None;
        self.leaving = None;
        self.fetched = None;
        self.fetched_to = None;
        self.passing_on = false;
        self.loaded = None;
        self.blocked.clear();
        self.outgoing.clear();
        self.keys.clear();
        self.sent.clear();
        self.placed.clear();
    }

    fn distrust(&mut self, failure: Failure) -> Vec<Effect> {
        let mut effects = vec![Effect::RaiseAlarm(Alarm::Distrusted(failure.clone()))];
        effects.extend(self.finish(Some(failure)));
        effects
    }

    fn finish(&mut self, failure: Option<Failure>) -> Vec<Effect> {
        self.phase = Phase::Done;
        self.summary.failure = failure;
        vec![Effect::Finished(self.summary.clone())]
    }
}

impl SyncEvent {
    /// Whether something became durable that need not be done again: then failures count anew.
    const fn is_progress(&self) -> bool {
        matches!(self, Self::Pushed(_) | Self::Received { .. })
    }

    /// Whether the event is an answer to what was asked in a phase.
    const fn answers(&self, phase: Phase) -> bool {
        match self {
            Self::Start => matches!(phase, Phase::Idle),
            Self::Hello(_) => matches!(phase, Phase::Hello),
            Self::Members(_) => matches!(phase, Phase::Members),
            Self::MembersStored(_) => matches!(phase, Phase::MembersStoring),
            Self::MembersPushed(_) => matches!(phase, Phase::MembersPushing),
            Self::Keys(_) => matches!(phase, Phase::Keys),
            Self::KeysStored => matches!(phase, Phase::KeysStoring),
            Self::Loaded(_) => matches!(phase, Phase::Loading),
            Self::Sealed(_) => matches!(phase, Phase::Sealing),
            Self::Pushed(_) => matches!(phase, Phase::Pushing { .. }),
            Self::Page(_) => matches!(phase, Phase::Pulling),
            Self::Received { .. } => matches!(phase, Phase::Receiving),
            Self::Due => matches!(phase, Phase::Waiting),
            Self::Failed(_) => !matches!(phase, Phase::Idle | Phase::Waiting | Phase::Done),
        }
    }
}
