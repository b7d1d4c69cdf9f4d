//! What every write has in hand: the open transaction and where the store will stand after it.

use crate::{
    anchor::Mark,
    packing::{Packer, Unpacker},
    tables::writer::Writers,
};
use rusqlite::Connection;

/// An open transaction.
pub(crate) struct Tx<'a> {
    /// The connection, within the transaction.
    pub(crate) db: &'a Connection,
    /// Packs values.
    pub(crate) packer: &'a mut Packer,
    /// Unpacks values.
    pub(crate) unpacker: &'a mut Unpacker,
    /// The writers met so far.
    pub(crate) writers: Writers,
    /// Where the store will stand.
    pub(crate) mark: Mark,
}
