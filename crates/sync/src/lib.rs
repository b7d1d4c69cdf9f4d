//! Sans-IO replication: sealed envelopes, the vectors and cursors that tell who holds what, the
//! membership log, the wire frames, and a session that takes events and returns effects.

pub mod check;
pub mod codec;
pub mod cursor;
pub mod envelope;
#[cfg(any(test, feature = "test-suite"))]
pub mod fixtures;
pub mod have;
pub mod ids;
pub mod limits;
pub mod log;
pub mod membership;
pub mod payload;
pub mod replica;
pub mod serve;
pub mod session;
pub mod signing;
pub mod wire;
