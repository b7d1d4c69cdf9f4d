//! Sans-IO replication: sealed envelopes, the vectors and cursors that tell who holds what, the
//! membership log, the wire frames, and a session that takes events and returns effects.
//!
//! # How a host drives a session
//! ```text
//! local   = what the store says (Local: replica, HAVE, cursor, keys read, membership head)
//! session = SyncSession::new(local, policy)
//! event   = SyncEvent::Start
//! loop    for effect in session.handle(event, now_ms):
//!             perform it; the last one of the list yields the next event, or ends the loop
//! ```
//! - `Send…` effects are one request each; the host adds authentication ([`wire::TokenRequest`])
//!   and turns what goes wrong into [`session::Failure`]. A request may be repeated at any time.
//! - `Seal` takes unsealed changes from the outbox, at most [`payload::batch_len`] of one document
//!   at a time, encodes a [`payload::Payload`], stamps a [`envelope::Header`] with
//!   [`replica::Replica::stamp`], seals with the header's bytes as additional data, signs with
//!   [`envelope::Envelope::sign`], and stores the envelope in the transaction that marks the
//!   changes as sealed. Only then it is answered: what left the device must be the same for ever.
//! - `Receive` runs [`check::Signers::check_origin`]; what holds there counts as held, whatever else
//!   comes of it. Then it runs [`check::after_origin`], opens, reads the payload, compares the document
//!   with the tag, merges, commits. What fails goes to quarantine with its
//!   [`check::QuarantineReason`]. Of a device that was shut out, what its cut does not follow from
//!   ([`membership::Members::cut`]) is set aside as what comes after it. After `StoreMembers` and `StoreKeys` what
//!   [`check::Awaits::Membership`] is looked at again.
//! - `Receive` keeps the chain of the places it passed ([`checkpoint::ChainBlock`]), and compares
//!   each checkpoint it opens with it ([`checkpoint::judge`]). `Seal` seals the checkpoint it
//!   names and notes durably what was told ([`checkpoint::Told`]).
//! - Every effect is durable before the next; a process that stops between two loses nothing.
//!   `SaveCursor` comes after the `Receive` it speaks of.
//! - After `Receive` the host looks whether a [`floor`] is proven by now, and raises what counts as
//!   held. `NoteFloor` is noted durably until one is that stands at this place or after it; where
//!   the log is read to its end and none is, the host forgets the cursor and reads the whole.
//! - After `Receive` the host tells what of a floor may be left for [later](left): only its names come
//!   then. `NoteLeft` is noted durably before the `SaveCursor` that passes it. A session that is given
//!   what was [left](left::Left) to fetch does so at its end, a few pages at a time.
//! - The answers of the other side are in [`serve`], over an [`log::EnvelopeLog`].
//!
//! Invariants: nothing here reads a clock, a socket, a random source or a private key; nothing
//! knows what a chart is; decoders never panic, and every length has a cap in [`limits`].

pub mod address;
pub mod bundle;
pub mod carrier;
pub mod check;
pub mod checkpoint;
pub mod codec;
pub mod cursor;
pub mod envelope;
#[cfg(any(test, feature = "test-suite"))]
pub mod fixtures;
pub mod floor;
#[cfg(any(test, feature = "test-suite"))]
pub mod forms;
pub mod have;
pub mod ids;
pub mod left;
pub mod limits;
pub mod lobby;
pub mod log;
pub mod membership;
pub mod payload;
pub mod rate;
pub mod replica;
pub mod serve;
pub mod session;
pub mod signing;
pub mod wire;
