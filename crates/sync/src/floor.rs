//! Floors: a device that joins begins at a place of the log up to which two devices vouch for what
//! comes after it ([`Floor`]), instead of at the log's start.
//!
//! What stands before it counts as held once the envelopes that cover it are here, an
//! administrator's device has said so and another one has found it to be so. Until then the lanes
//! have a gap, and nothing beyond the gap is claimed.

use std::collections::BTreeSet;

use crate::have::{Have, Lane, Position};
use crate::ids::DeviceId;
use crate::payload::Floor;

/// What counts as held though it is not here: other envelopes cover it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Base(Have);

impl Base {
    /// What floors covered before.
    pub const fn of(have: Have) -> Self {
        Self(have)
    }

    /// Up to where the lanes are covered.
    pub const fn have(&self) -> &Have {
        &self.0
    }

    /// Whether what stands at a place of a lane is covered. Where a lane's covered part ends, it is
    /// known which envelope that is; another of the same counter is not.
    pub fn covers(&self, lane: Lane, position: Position) -> bool {
        self.0.get(lane).is_some_and(|end| {
            position.counter < end.counter
                || (position.counter, position.id) == (end.counter, end.id)
        })
    }

    /// Counts as held what a proven floor says; answers the lanes that have grown.
    pub fn raise(&mut self, have: &mut Have, floor: &Floor) -> Vec<Lane> {
        let lanes: Vec<Lane> = floor.have().beyond(have).iter().map(|grown| grown.lane).collect();
        for lane in &lanes {
            if let Some(position) = floor.have().get(*lane) {
                have.set(*lane, position);
                self.0.set(*lane, position);
            }
        }
        lanes
    }
}

/// Whether two devices vouch for a floor: the one `by` which it is, and another.
pub fn is_vouched_for(by: DeviceId, countersigned_by: &BTreeSet<DeviceId>) -> bool {
    countersigned_by.iter().any(|device| *device != by)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cursor::Cursor;
    use crate::fixtures::device;
    use crate::ids::{EnvelopeId, LogEpoch};

    const fn at(counter: u64, id: u8) -> Position {
        Position { counter, id: EnvelopeId([id; 32]) }
    }

    #[test]
    fn a_floor_raises_what_is_held_and_never_lowers_it() {
        let lane = |number| Lane { device: device(number), generation: 1 };
        let mut have: Have = [(lane(1), at(9, 1)), (lane(2), at(2, 2))].into_iter().collect();
        let says = [(lane(1), at(5, 3)), (lane(2), at(7, 4)), (lane(3), at(1, 5))];
        let place = Cursor::start(LogEpoch([1; 16]));
        let says: Have = says.into_iter().collect();
        let floor = Floor::new((place, says), vec![EnvelopeId([6; 32])], 0).unwrap();
        let mut base = Base::default();
        assert_eq!(base.raise(&mut have, &floor), [lane(2), lane(3)]);
        assert_eq!([1, 2, 3].map(|number| have.counter(lane(number))), [9, 7, 1]);
        assert_eq!(base.raise(&mut have, &floor), []);
        let check = |number, position, expected| {
            assert_eq!(base.covers(lane(number), position), expected, "{number} {position:?}");
        };
        check(1, at(5, 3), false);
        check(2, at(3, 9), true);
        check(2, at(7, 4), true);
        check(2, at(7, 9), false);
        check(2, at(8, 4), false);
    }

    #[test]
    fn nobody_vouches_for_oneself() {
        let check = |devices: &[u8], expected| {
            let devices = devices.iter().map(|number| device(*number)).collect();
            assert_eq!(is_vouched_for(device(1), &devices), expected);
        };
        check(&[], false);
        check(&[1], false);
        check(&[2], true);
        check(&[1, 2], true);
    }
}
