//! Where an envelope goes in its lane: the one rule of every log.

use crate::envelope::Envelope;
use crate::limits::FORKS_PER_COUNTER_MAX;

/// What a log holds of an envelope's lane. The envelope itself is not held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LaneState {
    /// The last counter held; 0 when none is.
    pub last: u64,
    /// How many envelopes stand at the envelope's counter.
    pub at_counter: usize,
    /// Whether the envelope's predecessor is held at the counter before it.
    pub prev_held: bool,
    /// Where nothing of the lane is held: whether its device may begin one more, as
    /// [`LaneCounts`](super::LaneCounts) says.
    pub may_begin: bool,
}

impl LaneState {
    /// Whether an envelope of counter 1 would begin a lane that ends at `last`.
    pub fn begins(last: u64, envelope: &Envelope) -> bool {
        last == 0 && envelope.header().counter == 1
    }
}

/// What to do with an envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// It follows: store it.
    Next,
    /// It does not follow, or not alone: store it and say so.
    Fork,
    /// Others are missing before it: do not store it.
    Gap,
    /// Its counter has too many already, or its device too many lanes: do not store it.
    TooManyForks,
}

/// Where `envelope` goes. Refusing what leaves a gap keeps a HAVE vector true; keeping a fork
/// loses nobody's work.
pub fn place(envelope: &Envelope, lane: &LaneState) -> Placement {
    let counter = envelope.header().counter;
    if counter > lane.last.saturating_add(1) {
        return Placement::Gap;
    }
    let is_one_lane_too_many = LaneState::begins(lane.last, envelope) && !lane.may_begin;
    if lane.at_counter >= FORKS_PER_COUNTER_MAX || is_one_lane_too_many {
        return Placement::TooManyForks;
    }
    let follows = counter == 1 || lane.prev_held;
    if lane.at_counter == 0 && follows { Placement::Next } else { Placement::Fork }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::envelope;
    use crate::ids::EnvelopeId;

    #[test]
    fn placement() {
        let check = |counter: u64, last, at_counter, prev_held, expected| {
            let prev = if counter == 1 { EnvelopeId::NONE } else { EnvelopeId([1; 32]) };
            let envelope = envelope(1, 1, counter, prev, (0, 8));
            let lane =
                LaneState { last, at_counter, prev_held, may_begin: last > 0 || counter > 1 };
            assert_eq!(place(&envelope, &lane), expected, "{counter} {lane:?}");
            let lane = LaneState { may_begin: true, ..lane };
            assert_eq!(place(&envelope, &lane), expected, "{counter} {lane:?}");
        };
        check(2, 1, 0, true, Placement::Next);
        check(2, 1, 0, false, Placement::Fork);
        check(2, 0, 0, false, Placement::Gap);
        check(9, 7, 0, false, Placement::Gap);
        check(1, 1, 1, false, Placement::Fork);
        check(3, 5, 1, true, Placement::Fork);
        check(3, 5, FORKS_PER_COUNTER_MAX, true, Placement::TooManyForks);
        let begins = |may_begin| {
            let lane = LaneState { last: 0, at_counter: 0, prev_held: false, may_begin };
            place(&envelope(1, 1, 1, EnvelopeId::NONE, (0, 8)), &lane)
        };
        assert_eq!(begins(true), Placement::Next);
        assert_eq!(begins(false), Placement::TooManyForks);
    }
}
