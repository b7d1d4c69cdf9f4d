//! Who writes, as Automerge sees it.

use automerge::ActorId;

/// Sixteen random bytes, fresh at every start of the program. A restored or cloned computer then
/// never uses one of its old sequence numbers again, which would wedge every chart it touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor([u8; 16]);

impl Actor {
    /// Who only reads.
    pub(crate) const NOBODY: Self = Self([0; 16]);

    /// Makes an actor of random bytes.
    pub const fn from_random(random: [u8; 16]) -> Self {
        Self(random)
    }

    pub(crate) fn id(self) -> ActorId {
        ActorId::from(self.0.as_slice())
    }
}
