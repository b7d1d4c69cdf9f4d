//! A place in a log from which a device that knows nothing may begin: what stands before it is
//! covered by envelopes that stand after it.

use crate::codec::{Canonical, DecodeError, Reader, Writer};
use crate::cursor::Cursor;
use crate::have::Have;
use crate::ids::EnvelopeId;
use crate::limits::{FLOOR_BYTES_MAX, FLOOR_ENVELOPES_MAX};

/// What a device says of a place up to which it has read a log. Whoever has taken in the envelopes
/// it names has all that the vector says, though it never saw the envelopes themselves; once a
/// second device says the same ([`Payload::Countersign`](super::Payload::Countersign)), that counts
/// as held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Floor {
    at: Cursor,
    have: Have,
    covered_by: Vec<EnvelopeId>,
    made_at_ms: i64,
}

impl Floor {
    /// What a device says. `None` when it names no envelope, more than [`FLOOR_ENVELOPES_MAX`], or
    /// is longer than [`FLOOR_BYTES_MAX`].
    pub fn new(
        (at, have): (Cursor, Have),
        covered_by: Vec<EnvelopeId>,
        made_at_ms: i64,
    ) -> Option<Self> {
        let floor = Self { at, have, covered_by, made_at_ms };
        (floor.is_within_limits() && floor.to_bytes().len() <= FLOOR_BYTES_MAX).then_some(floor)
    }

    /// The place.
    pub const fn at(&self) -> Cursor {
        self.at
    }

    /// What stands in the log up to the place.
    pub const fn have(&self) -> &Have {
        &self.have
    }

    /// The envelopes that hold all documents, whole: first the clinic's own and what is being
    /// written, then charts, those touched last first.
    pub fn covered_by(&self) -> &[EnvelopeId] {
        &self.covered_by
    }

    /// When it was made, in milliseconds since the Unix epoch, by the device's clock.
    pub const fn made_at_ms(&self) -> i64 {
        self.made_at_ms
    }

    fn is_within_limits(&self) -> bool {
        (1..=FLOOR_ENVELOPES_MAX).contains(&self.covered_by.len())
    }
}

impl Canonical for Floor {
    fn encode(&self, out: &mut Writer) {
        self.at.encode(out);
        self.have.encode(out);
        out.list(&self.covered_by);
        out.i64(self.made_at_ms);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let floor = Self {
            at: Cursor::decode(input)?,
            have: Have::decode(input)?,
            covered_by: input.list("envelopes of a floor", FLOOR_ENVELOPES_MAX)?,
            made_at_ms: input.i64()?,
        };
        if floor.is_within_limits() { Ok(floor) } else { Err(DecodeError::NotCanonical("floor")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::LogEpoch;

    #[test]
    fn a_floor_names_some_envelopes_and_not_too_many() {
        let check = |count: usize, expected: bool| {
            let at = Cursor::start(LogEpoch([1; 16]));
            let ids = vec![EnvelopeId([7; 32]); count];
            let made = Floor::new((at, Have::new()), ids.clone(), 5);
            assert_eq!(made.is_some(), expected, "{count}");
            let raw = Floor { at, have: Have::new(), covered_by: ids, made_at_ms: 5 };
            assert_eq!(Floor::from_bytes(&raw.to_bytes()).is_ok(), expected, "{count}");
        };
        check(0, false);
        check(1, true);
        check(FLOOR_ENVELOPES_MAX, true);
        check(FLOOR_ENVELOPES_MAX + 1, false);
    }
}
