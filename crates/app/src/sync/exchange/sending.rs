//! What is about to go out: one message is on its way while the next is sealed and kept, and the one
//! after it sealed.

use crate::sync::seal::Made;
use store::Receipt;
use sync::{
    envelope::Envelope,
    session::{Limit, Outgoing},
};

/// What was sealed and has not left, and what may be sealed beside it.
pub(super) struct Sending<'a, 's, H> {
    /// Sealed anew, to go out with the next.
    pub(super) resealed: Vec<Envelope>,
    /// How much may be sealed ahead, where more waits than was sealed last.
    pub(super) more: Option<Limit>,
    /// Whether no more charts are looked for that nobody else has: they were packed, or are few.
    pub(super) all_packed: bool,
    /// Sealed and kept while what stands before it was on its way.
    pub(super) ahead: Option<Outgoing>,
    /// Sealed while that was kept, and not kept itself.
    pub(super) made: Option<Made<'a, 's, H>>,
    /// What the server took in last, to be kept with what was made.
    pub(super) noted: Option<Receipt>,
}

impl<H> Default for Sending<'_, '_, H> {
    fn default() -> Self {
        Self {
            resealed: Vec::new(),
            more: None,
            all_packed: false,
            ahead: None,
            made: None,
            noted: None,
        }
    }
}
