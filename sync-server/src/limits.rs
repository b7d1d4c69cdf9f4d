//! Limits on everything a stranger can ask for. Those of the protocol are in [`sync::limits`].

use std::net::IpAddr;
use std::time::Duration;

use sync::rate::Rate;

/// Connections open at one time.
pub(crate) const CONNECTIONS_MAX: usize = 8192;
/// Connections open at one time from one address: a clinic shares one behind its router.
pub(crate) const CONNECTIONS_PER_ADDRESS_MAX: usize = 1024;
/// For the TLS handshake.
pub(crate) const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// For the head of a request, the wait for it included.
pub(crate) const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// The same on a connection of a proxy, which keeps it for the next caller: longer than proxies do.
pub(crate) const PROXY_HEAD_TIMEOUT: Duration = Duration::from_secs(120);
/// For the next bytes of a request's body.
pub(crate) const BODY_SILENCE: Duration = Duration::from_secs(20);
/// For a body to begin and to catch up, beside what its bytes take.
pub(crate) const BODY_GRACE: Duration = Duration::from_secs(30);
/// The slowest a body may come, in bytes a second: 64 kbit/s and a little less. 1 MiB then takes
/// 131 s, and a request that drips holds its connection little longer than [`BODY_GRACE`].
pub(crate) const BODY_BYTES_PER_SECOND: u64 = 7 * 1024;
/// For the other end to take more of a reply.
pub(crate) const REPLY_SILENCE: Duration = Duration::from_secs(60);
/// Longest head of a request, in bytes.
pub(crate) const HEAD_BYTES_MAX: usize = 16 * 1024;
/// For open exchanges to end after the server was asked to stop.
pub(crate) const STOP_TIMEOUT: Duration = Duration::from_secs(10);
/// For the other servers to be told what the last of them appended.
pub(crate) const BELL_TIMEOUT: Duration = Duration::from_secs(2);

/// For the log to be closed once nobody is served any more.
pub(crate) const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

/// How long after its beginning a body of which `len` bytes have come must go on.
pub(crate) fn body_time(len: usize) -> Duration {
    let len = u64::try_from(len).unwrap_or(u64::MAX);
    BODY_GRACE
        .saturating_add(Duration::from_millis(len.saturating_mul(1000) / BODY_BYTES_PER_SECOND))
}

/// The rate limits of the endpoints.
#[derive(Debug)]
pub(crate) struct Rates {
    /// Every request, by address.
    pub(crate) address: Rate<IpAddr>,
    /// Every authenticated request, by the device or invite key of its caller.
    pub(crate) caller: Rate<Vec<u8>>,
    /// Membership entries without a token, by address: anyone may found a clinic.
    pub(crate) stranger: Rate<IpAddr>,
    /// Fetches of invite blobs, by address: they are open to anyone who knows the id.
    pub(crate) invite: Rate<IpAddr>,
    /// Looks into rooms and messages left there, by address: they are open to anyone who knows the
    /// room, and two computers behind one address may wait there at a time.
    pub(crate) room: Rate<IpAddr>,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            address: Rate::new(500, Duration::from_secs(1), 2000),
            caller: Rate::new(200, Duration::from_secs(1), 1000),
            stranger: Rate::new(10, Duration::from_secs(1), 1000),
            invite: Rate::new(10, Duration::from_secs(60), 10),
            room: Rate::new(10, Duration::from_secs(1), 60),
        }
    }
}
