//! Limits on everything that a computer of the local network can ask for, enrolled or not. Those of
//! the protocol are in [`sync::limits`].

use std::net::IpAddr;
use std::time::Duration;

use sync::rate::Rate;

/// What one desktop serves at a time, and how long it waits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Connections at one time whose other end has not proved who it is.
    pub(crate) handshakes: usize,
    /// The same from one address.
    pub(crate) handshakes_per_address: usize,
    /// Connections of enrolled devices at one time.
    pub(crate) connections: usize,
    /// The same of one device.
    pub(crate) connections_per_device: usize,
    /// Answers at one time; what comes meanwhile waits.
    pub(crate) answers: usize,
    /// For the TLS handshake, the goodbye to who fails in it included; and for all that a guest does on a
    /// connection: it holds the place of somebody who has proved nothing.
    pub(crate) handshake: Duration,
    /// For the head of a request, the wait for it included.
    pub(crate) head: Duration,
    /// For a body to begin and to catch up, beside what its bytes take.
    pub(crate) body_grace: Duration,
    /// In which something must move on a connection.
    pub(crate) silence: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            handshakes: 128,
            handshakes_per_address: 16,
            connections: 128,
            connections_per_device: 8,
            answers: 2,
            handshake: Duration::from_secs(5),
            head: Duration::from_secs(30),
            body_grace: Duration::from_secs(20),
            silence: Duration::from_secs(60),
        }
    }
}

impl Limits {
    /// How long after its beginning a body of which `len` bytes have come must go on.
    pub(crate) fn body_time(&self, len: usize) -> Duration {
        let len = u64::try_from(len).unwrap_or(u64::MAX);
        let taken = Duration::from_millis(len.saturating_mul(1000) / BODY_BYTES_PER_SECOND);
        self.body_grace.saturating_add(taken)
    }
}

/// The slowest a body may come, in bytes a second: a weak radio link carries more.
const BODY_BYTES_PER_SECOND: u64 = 7 * 1024;

/// Longest frame of a guest, in bytes: a message in a room, with what is around it.
pub(crate) const GUEST_FRAME_BYTES_MAX: usize = 4 * 1024;

/// How often guests may ask, by their address: as at a server.
#[derive(Debug)]
pub(crate) struct Rates {
    /// Fetches of the blobs of invitations.
    pub(crate) invite: Rate<IpAddr>,
    /// Looks into rooms and messages left there.
    pub(crate) room: Rate<IpAddr>,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            invite: Rate::new(10, Duration::from_secs(60), 10),
            room: Rate::new(10, Duration::from_secs(1), 60),
        }
    }
}

/// Longest head of a request, in bytes.
pub(crate) const HEAD_BYTES_MAX: usize = 16 * 1024;
/// How long who was refused, in the handshake or later, may take to read why.
pub(crate) const GOODBYE: Duration = Duration::from_secs(2);
/// How much of what they still send is read meanwhile, in bytes: the rest of a frame.
pub(crate) const GOODBYE_BYTES_MAX: u64 = 2 * 1024 * 1024;
/// After the system gave no connection: it is out of handles, and a loop would burn a core.
pub(crate) const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
