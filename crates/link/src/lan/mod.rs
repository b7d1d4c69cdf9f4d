//! Desktops of one clinic serve each other over the local network, with no server at all.
//!
//! The frames are those of [`sync::wire`] over HTTP/1.1, as at a server. There are no tokens: TLS
//! 1.3 proves both sides by the keys they are enrolled with, and whoever is not of the clinic gets no
//! further than the handshake. Addresses come from anywhere: what is found by [`browse`] is a hint,
//! and is believed no more than what somebody types.

mod address;
mod answer;
mod carrier;
mod connection;
mod discovery;
mod identity;
mod limits;
mod listener;
mod seats;
mod trust;

pub use address::reachable;
pub use carrier::LanCarrier;
pub use discovery::{Announcement, Browse, announce, browse};
pub use listener::LanListener;

use sync::ids::VerifyKey;

/// Where a desktop is met: a request without a frame, answered without one. In TLS 1.3 who asks has
/// finished the handshake before it is known whether it was let in; the answer to this tells.
const MEET: &str = "/v1/meet";

/// What somebody who asks is to the clinic of a desktop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// One of its devices.
    Device,
    /// Who holds the key of an open invitation, and is no device yet.
    Invited,
    /// Anybody else, while somebody is let in at this desktop.
    Guest,
    /// Anybody else.
    Nobody,
}

/// What a desktop does for computers of its clinic that ask over the LAN, and for those that are let in.
pub trait LanDesk: Send + Sync + 'static {
    /// What the holder of this key is to the clinic now. It is asked in the midst of handshakes, which
    /// wait meanwhile, and before each answer: it should be known by heart.
    fn standing(&self, key: &VerifyKey) -> Standing;

    /// Answers a frame that the device with this key sent to this path ([`sync::wire::path`]);
    /// blocking. The paths of challenges, tokens, invites and wakes never come here: they are not
    /// for peers.
    fn answer(&self, caller: &VerifyKey, path: &str, frame: &[u8]) -> LanAnswer;

    /// The same for who holds the key of an open invitation, at the paths of the membership log, and
    /// for a guest, who has no more than a key of its own, at those by which somebody comes in.
    fn answer_newcomer(&self, caller: &VerifyKey, path: &str, frame: &[u8]) -> LanAnswer;
}

/// What a desktop answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LanAnswer {
    /// The HTTP status that goes with the frame: 200, or a refusal's own.
    pub status: u16,
    /// The frame that was asked for, or a [`sync::wire::Refusal`].
    pub frame: Vec<u8>,
}

#[cfg(test)]
mod tests;
