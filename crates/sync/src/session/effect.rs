//! What a session asks its host to do.

use super::event::Failure;
use crate::checkpoint::{Differing, Passed};
use crate::cursor::Cursor;
use crate::envelope::Envelope;
use crate::have::{Have, Lane};
use crate::ids::{EnvelopeId, LogEpoch};
use crate::left::Left;
use crate::membership::SignedEntry;
use crate::wire::{
    Brief, HelloRequest, KeysRequest, MembersRequest, PullRequest, PushRequest, Refused, WrappedKey,
};

/// One thing to do. Effects are done in their order; the last one of a list is answered by an
/// event (but for `Finished`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Send it; answer `Hello`.
    SendHello(HelloRequest),
    /// Send it; answer `Members`.
    SendMembers(MembersRequest),
    /// Verify the entries against the own log and store them; answer `MembersStored`.
    StoreMembers(Vec<SignedEntry>),
    /// Push the own membership entries from this index on; answer `MembersPushed`.
    PushMembers {
        /// The index of the first entry the peer lacks.
        from: u32,
    },
    /// Send it; answer `Keys`.
    SendKeys(KeysRequest),
    /// Store the keys and how far the table was read; answer `KeysStored`.
    StoreKeys {
        /// The keys.
        keys: Vec<WrappedKey>,
        /// The peer's log.
        log_epoch: LogEpoch,
        /// The last place read.
        through: u64,
    },
    /// Note durably that what is sealed from now on has this generation.
    OpenGeneration(u32),
    /// Put the changes sealed in these envelopes of one's own back among those to be sealed.
    Reseal {
        /// The lane.
        lane: Lane,
        /// The first counter.
        from: u64,
    },
    /// Note durably that this is all the peer holds, in place of what was noted of it before.
    NotePeer(Have),
    /// Note durably that the peer's log is read from this floor on, and what stands before it was
    /// not read. Done before anything of it is received.
    NoteFloor(Cursor),
    /// Note durably of which stretch of the peer's log only names were read, in place of what was
    /// noted before; none when there is none. Done before the cursor that passes it is saved, and
    /// after what was fetched of it is durable.
    NoteLeft(Option<Left>),
    /// Read held envelopes that the peer lacks, by lane, counter and id; answer `Loaded`.
    Load {
        /// Which ones.
        lacking: Lacking,
        /// Only those that come after this one, by lane, counter and id.
        after: Option<Brief>,
        /// How many at most.
        limit: Limit,
    },
    /// Seal changes in the open generation and store the envelopes; answer `Sealed`.
    Seal {
        /// The open generation.
        generation: u32,
        /// What to tell the other devices of the peer's log, in an envelope beside the changes.
        checkpoint: Option<Cursor>,
        /// How many at most.
        limit: Limit,
    },
    /// Send it; answer `Pushed`.
    SendPush(PushRequest),
    /// Note durably what the peer took in.
    Acknowledge {
        /// The envelopes that it holds, in lanes' rising order.
        stored: Vec<Brief>,
        /// In which log, and how far its table of keys counts as read: behind what was read before stand
        /// one's own, up to there.
        keys_read: Option<(LogEpoch, u64)>,
    },
    /// It will be sent after what follows, most likely: its answer may be fetched meanwhile. Where it
    /// is not sent, that answer is dropped.
    Foresee(PullRequest),
    /// Send it; answer `Page`.
    SendPull(PullRequest),
    /// Check, open, merge or quarantine the envelopes, durably; answer `Received`. With the next
    /// `SaveCursor`, note that the peer holds what is named here of others' lanes, as far as it is
    /// held here too.
    Receive {
        /// In the order of the log.
        envelopes: Vec<Envelope>,
        /// Envelopes that are held already; the peer holds them too.
        held: Vec<Brief>,
        /// The places of the log they stand at, after the one before them.
        passed: Passed,
    },
    /// Store how far the peer's log was read. Never before what came up to there is durable.
    SaveCursor(Cursor),
    /// Show it and keep it until someone has seen it.
    RaiseAlarm(Alarm),
    /// Answer `Due` at this time.
    Wait {
        /// In milliseconds since the Unix epoch.
        until_ms: i64,
    },
    /// The session is over.
    Finished(Summary),
}

/// Which of the envelopes held here a peer lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lacking {
    /// Of each own lane those above what the peer says it holds, or above what it has
    /// acknowledged, whichever is lower; of lanes of which it says nothing, being
    /// [unmet](Lane::is_unmet), those above what it has acknowledged.
    Own(Have),
    /// Of every lane those above what the peer says it holds; all of it when the peer's envelope
    /// at that counter is not held here, or when one counter has several envelopes here.
    All(Have),
    /// Of each lane of another device those above what the peer was noted to hold (acknowledged,
    /// or named in what was received): they came here by another way. All of it when one counter
    /// has several envelopes.
    Others,
}

/// How much at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// How many envelopes.
    pub envelopes: usize,
    /// How many encoded bytes of envelopes; the last may go beyond it, and their keys go along.
    pub bytes: usize,
}

/// Something a person should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// The clocks differ by more than two minutes; positive when this device's is ahead.
    ClockSkew {
        /// The difference, in milliseconds.
        ahead_ms: i64,
    },
    /// The peer holds envelopes of this device that the device does not: it was restored from a
    /// copy, or another computer uses its keys. It goes on in a new generation.
    Restored {
        /// The new generation.
        generation: u32,
    },
    /// One counter of a device has two envelopes: a clone, or a stolen key. Both are kept.
    Forked {
        /// The lane.
        lane: Lane,
    },
    /// The peer's log is not the one this device read: restored, failed over, or forked. What it
    /// lacks is sent again.
    LogReplaced {
        /// How far this device had read.
        read: Cursor,
        /// The log's new life; the old one again when it has another history under its name.
        log_epoch: LogEpoch,
    },
    /// Another device was shown another history of the log than this one: the peer tells its
    /// devices different things, or was restored without saying so.
    HistoriesDiffer(Differing),
    /// The peer named an envelope as held that is not.
    Misnamed,
    /// Of envelopes by devices that the clinic does not know so many came that only the names of
    /// the last are kept. The host raises it, and fetches them again once a device is known.
    SetAsideFull,
    /// The peer refused an envelope.
    PushRefused {
        /// The envelope.
        id: EnvelopeId,
        /// Why.
        refused: Refused,
    },
    /// The session ended because of what the peer is or does.
    Distrusted(Failure),
    /// The log was read from its floor on, and nobody this device trusts said in it that what
    /// comes after the floor covers what stands before. The host raises it, and reads the whole.
    FloorUnproven,
    /// The peer's membership log and this device's had grown apart, and this device went over to the
    /// peer's, which says all that counts. The host raises it.
    MembersMended,
    /// Envelopes are held that no key opens, though the peer gave all the keys it says it has. The
    /// host raises it.
    KeysWithheld,
    /// This device was shut out of the clinic.
    Revoked,
}

/// What a session did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// `None` when all was done.
    pub failure: Option<Failure>,
    /// Envelopes the peer has taken in.
    pub pushed: u64,
    /// Envelopes received.
    pub received: u64,
    /// How many envelopes the peer's log holds.
    pub head: u64,
    /// The floor of the peer's log.
    pub floor: u64,
}
