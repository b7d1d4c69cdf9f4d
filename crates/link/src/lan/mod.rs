//! Desktops of one clinic serve each other over the local network, with no server at all.
//!
//! The frames are those of [`sync::wire`] over HTTP/1.1, as at a server. There are no tokens: TLS
//! 1.3 proves both sides by the keys they are enrolled with, and whoever is not of the clinic gets no
//! further than the handshake. Addresses come from anywhere: what is found by [`browse`] is a hint,
//! and is believed no more than what somebody types.

mod answer;
mod carrier;
mod connection;
mod discovery;
mod identity;
mod limits;
mod listener;
mod seats;
mod trust;

pub use carrier::LanCarrier;
pub use discovery::{Announcement, Browse, announce, browse};
pub use listener::LanListener;

use sync::ids::VerifyKey;

/// Where a desktop is met: a request without a frame, answered without one. In TLS 1.3 who asks has
/// finished the handshake before it is known whether it was let in; the answer to this tells.
const MEET: &str = "/v1/meet";

/// What a desktop does for computers of its clinic that ask over the LAN.
pub trait LanDesk: Send + Sync + 'static {
    /// Whether a device with this key belongs to the clinic now (not revoked). It is asked in the
    /// midst of handshakes, which wait meanwhile, and before each answer: it should know by heart.
    fn is_enrolled(&self, key: &VerifyKey) -> bool;

    /// Answers a frame that the device with this key sent to this path ([`sync::wire::path`]);
    /// blocking. The paths of challenges, tokens, invites and wakes never come here: they are not
    /// for peers.
    fn answer(&self, caller: &VerifyKey, path: &str, frame: &[u8]) -> LanAnswer;
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
