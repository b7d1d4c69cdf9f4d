//! What a session is told.

use crate::checkpoint::Differing;
use crate::envelope::Envelope;
use crate::have::Lane;
use crate::left::Outlook;
use crate::membership::{EntryError, MembersHead};
use crate::wire::{
    HelloReply, KeysPage, MembersPage, MembersReply, PullPage, PushReply, Refusal, WrappedKey,
};

/// What happened at the host: mostly the outcome of an effect.
#[derive(Clone, Debug)]
pub enum SyncEvent {
    /// The session may begin.
    Start,
    /// The peer answered a HELLO.
    Hello(HelloReply),
    /// The peer sent membership entries.
    Members(MembersPage),
    /// Membership entries were verified and are durable, with the log's head after them; or one
    /// broke a rule and nothing was stored.
    MembersStored(Result<MembersHead, EntryError>),
    /// The peer answered pushed membership entries.
    MembersPushed(MembersReply),
    /// The peer sent wrapped keys.
    Keys(KeysPage),
    /// Wrapped keys are durable.
    KeysStored,
    /// What was asked for by `Load`; none when there is no more.
    Loaded(Outgoing),
    /// What was asked for by `Seal`, durable here; none when there is no more.
    Sealed(Outgoing),
    /// The peer answered a PUSH.
    Pushed(PushReply),
    /// The peer sent a page.
    Page(PullPage),
    /// A page's envelopes are durable here: merged, waiting, or in quarantine.
    Received {
        /// Whether all the envelopes of which only the name was sent are held.
        all_held: bool,
        /// Lanes in which a counter has several envelopes since this page.
        forks: Vec<Lane>,
        /// What devices saw that is not what this one has read, by checkpoints among them.
        differing: Vec<Differing>,
        /// What is known of what comes next.
        outlook: Option<Outlook>,
    },
    /// The last effect failed.
    Failed(Failure),
    /// The time a `Wait` told has come.
    Due,
}

/// Envelopes to push, with the wrapped keys of their documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outgoing {
    /// In lanes' rising order.
    pub envelopes: Vec<Envelope>,
    /// One or more for every document among the envelopes.
    pub keys: Vec<WrappedKey>,
}

/// Why an effect or a session failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The peer cannot be reached, or the connection broke. The outcome is not known.
    #[error("the server cannot be reached")]
    Unreachable,
    /// Somebody takes the connection and does not answer. The outcome is not known.
    #[error("the server does not answer")]
    Silent,
    /// Whoever answers is not the enrolled server.
    #[error("the server is not the one this clinic trusts")]
    Untrusted,
    /// The peer refused the request.
    #[error(transparent)]
    Refused(#[from] RefusedRequest),
    /// The peer speaks a later form of the protocol: this program is to be renewed.
    #[error("the server is of a newer version than this computer's program")]
    Newer,
    /// What the peer sent cannot be read, or breaks the protocol.
    #[error("the server's answer breaks the protocol")]
    Protocol,
    /// What the peer sent is not what it sent before.
    #[error("the server's log does not agree with itself")]
    ChainBroken,
    /// The peer's membership log is another than this device's.
    #[error("the server's list of devices does not agree with this device's")]
    MembershipForked,
    /// The peer will not store this device's envelopes.
    #[error("the server does not accept what this device sends")]
    PushRefused,
    /// The peer's log starts after what this device has read.
    #[error("the server no longer has what comes next for this device")]
    BelowFloor,
    /// The session began anew too often.
    #[error("the server's state kept changing")]
    Unsettled,
    /// Somebody at this device stopped it.
    #[error("it was stopped on this computer")]
    Stopped,
    /// The host could not do its part.
    #[error("this device could not store or read its own data")]
    Host,
}

/// A refusal as a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.code)]
pub struct RefusedRequest(pub Refusal);
