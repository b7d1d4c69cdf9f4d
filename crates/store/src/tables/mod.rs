//! The tables that are no projections: one file each, with its rows, reads and writes.

pub(crate) mod acknowledged;
pub(crate) mod blob;
pub(crate) mod blob_held;
pub(crate) mod change;
pub(crate) mod cursor;
pub(crate) mod document;
pub(crate) mod draft_text;
pub(crate) mod elsewhere;
pub(crate) mod envelope;
pub(crate) mod erased;
pub(crate) mod form_text;
pub(crate) mod kept;
pub(crate) mod named;
pub(crate) mod outbox;
pub(crate) mod peer_have;
pub(crate) mod quarantine;
pub(crate) mod replica;
pub(crate) mod served;
pub(crate) mod sheet;
pub(crate) mod state;
pub(crate) mod unacknowledged;
pub(crate) mod writer;
