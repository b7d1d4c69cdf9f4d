//! The HAVE vector: for every device and generation, how far a peer holds its envelopes.
//!
//! A device numbers its own envelopes without gaps, so the vector is a complete summary of a
//! peer, whatever the number of documents. It serves server, LAN, USB and repair alike.

use std::collections::BTreeMap;

use crate::codec::{Canonical, DecodeError, Reader, Writer};
use crate::ids::{DeviceId, EnvelopeId};
use crate::limits::{HAVE_ENTRIES_MAX, UNMET_LANES_MAX};

/// One of a device's sequences of envelopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lane {
    /// The device that numbers it.
    pub device: DeviceId,
    /// Which of the device's sequences, from 1.
    pub generation: u32,
}

/// A place in a lane: everything up to and including `counter` is held, `id` is what stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Place in the lane, from 1.
    pub counter: u64,
    /// The envelope at that place.
    pub id: EnvelopeId,
}

/// What a peer holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Have {
    lanes: BTreeMap<Lane, Position>,
}

impl Have {
    /// A peer that holds nothing.
    pub const fn new() -> Self {
        Self { lanes: BTreeMap::new() }
    }

    /// How far a lane is held.
    pub fn get(&self, lane: Lane) -> Option<Position> {
        self.lanes.get(&lane).copied()
    }

    /// The last counter held of a lane; 0 when nothing is.
    pub fn counter(&self, lane: Lane) -> u64 {
        self.get(lane).map_or(0, |position| position.counter)
    }

    /// Says that a lane is held up to a place, whatever was said before.
    pub fn set(&mut self, lane: Lane, position: Position) {
        self.lanes.insert(lane, position);
    }

    /// Says nothing more of a lane.
    pub fn forget(&mut self, lane: Lane) {
        self.lanes.remove(&lane);
    }

    /// Every lane with how far it is held, by device and generation.
    pub fn iter(&self) -> impl Iterator<Item = (Lane, Position)> + '_ {
        self.lanes.iter().map(|(lane, position)| (*lane, *position))
    }

    /// The lanes of one device.
    pub fn of_device(&self, device: DeviceId) -> Self {
        let from = Lane { device, generation: 0 };
        let to = Lane { device, generation: u32::MAX };
        Self { lanes: self.lanes.range(from..=to).map(|(k, v)| (*k, *v)).collect() }
    }

    /// Whether nothing is held.
    pub fn is_empty(&self) -> bool {
        self.lanes.is_empty()
    }

    /// What this peer holds and `other` lacks.
    pub fn beyond(&self, other: &Self) -> Vec<Missing> {
        self.iter()
            .filter_map(|(lane, mine)| {
                let after = other.counter(lane);
                (mine.counter > after).then_some(Missing { lane, after, through: mine.counter })
            })
            .collect()
    }

    /// Lanes in which both hold the same counter but not the same envelope there.
    pub fn disputed(&self, other: &Self) -> Vec<Lane> {
        self.iter()
            .filter(|(lane, mine)| {
                other
                    .get(*lane)
                    .is_some_and(|theirs| theirs.counter == mine.counter && theirs.id != mine.id)
            })
            .map(|(lane, _)| lane)
            .collect()
    }
}

/// A stretch of a lane that one peer holds and another lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The lane.
    pub lane: Lane,
    /// The last counter the other holds; 0 when none.
    pub after: u64,
    /// The last counter that is missing.
    pub through: u64,
}

/// Generations from here on are opened without having met the server: see [`Lane::is_unmet`].
const UNMET_FROM: u32 = 1 << 31;

impl Lane {
    /// The last generation that is opened with the server's word.
    pub const MET_GENERATION_MAX: u32 = UNMET_FROM - 1;

    /// Whether its device opened it without the server's word on what it had sealed before: to
    /// seal for a file or for another computer. It is drawn at random, so that a device restored from
    /// a copy does not go on in one that went on without it; but of a device that has
    /// [`UNMET_LANES_MAX`] of them one is taken again ([`Lane::unmet_of`]), and two envelopes of one
    /// counter are then possible where a store was put back: kept, and told.
    pub const fn is_unmet(self) -> bool {
        self.generation >= UNMET_FROM
    }

    /// The number of such a generation, of a number drawn at random.
    pub const fn unmet_generation(random: u32) -> u32 {
        random | UNMET_FROM
    }

    /// The generation to seal in for others than the server, by a number drawn at random: a new one,
    /// or one of the device's own where it has [`UNMET_LANES_MAX`] of them. A vector names each for
    /// ever, and what all devices have together must fit in a message. A store that was put back
    /// from a copy may then go on in a lane that went on without it; both are kept, with an alarm.
    pub fn unmet_of(have: &Have, device: DeviceId, random: u32) -> u32 {
        let own = have.of_device(device);
        let open: Vec<_> =
            own.iter().map(|(lane, _)| lane).filter(|lane| lane.is_unmet()).collect();
        if open.len() < UNMET_LANES_MAX {
            return Self::unmet_generation(random);
        }
        let at = usize::try_from(random).unwrap_or(usize::MAX) % open.len();
        open.get(at).map_or_else(|| Self::unmet_generation(random), |lane| lane.generation)
    }

    /// A lane as read: generations count from 1.
    pub(crate) const fn checked(device: DeviceId, generation: u32) -> Result<Self, DecodeError> {
        match generation {
            0 => Err(DecodeError::NotCanonical("generation")),
            generation => Ok(Self { device, generation }),
        }
    }
}

impl Canonical for Lane {
    fn encode(&self, out: &mut Writer) {
        self.device.encode(out);
        out.u32(self.generation);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let device = DeviceId::decode(input)?;
        Self::checked(device, input.u32()?)
    }
}

impl Canonical for Position {
    fn encode(&self, out: &mut Writer) {
        out.u64(self.counter);
        self.id.encode(out);
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let counter = input.u64()?;
        if counter == 0 {
            return Err(DecodeError::NotCanonical("position"));
        }
        Ok(Self { counter, id: EnvelopeId::decode(input)? })
    }
}

impl Canonical for Have {
    fn encode(&self, out: &mut Writer) {
        out.length(self.lanes.len());
        for (lane, position) in &self.lanes {
            lane.encode(out);
            position.encode(out);
        }
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let count = input.length("HAVE vector", HAVE_ENTRIES_MAX)?;
        let mut have = Self::new();
        for _ in 0..count {
            let lane = Lane::decode(input)?;
            if have.lanes.last_key_value().is_some_and(|(last, _)| *last >= lane) {
                return Err(DecodeError::NotCanonical("order of the HAVE vector"));
            }
            have.set(lane, Position::decode(input)?);
        }
        Ok(have)
    }
}

impl FromIterator<(Lane, Position)> for Have {
    fn from_iter<I: IntoIterator<Item = (Lane, Position)>>(lanes: I) -> Self {
        Self { lanes: lanes.into_iter().collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::device;

    fn have(lanes: &[(u8, u32, u64, u8)]) -> Have {
        lanes
            .iter()
            .map(|&(number, generation, counter, id)| {
                let lane = Lane { device: device(number), generation };
                (lane, Position { counter, id: EnvelopeId([id; 32]) })
            })
            .collect()
    }

    #[test]
    fn what_one_holds_beyond_the_other() {
        let check = |mine: &[_], theirs: &[_], expected: &[(u8, u32, u64, u64)]| {
            let missing: Vec<_> = have(mine)
                .beyond(&have(theirs))
                .iter()
                .map(|m| (m.lane.device.0[0], m.lane.generation, m.after, m.through))
                .collect();
            assert_eq!(missing, expected);
        };
        check(&[], &[], &[]);
        check(&[(1, 1, 5, 0)], &[], &[(1, 1, 0, 5)]);
        check(&[(1, 1, 5, 0)], &[(1, 1, 5, 0)], &[]);
        check(&[(1, 1, 5, 0)], &[(1, 1, 9, 0)], &[]);
        check(&[(1, 1, 5, 0), (1, 2, 1, 0)], &[(1, 1, 3, 0)], &[(1, 1, 3, 5), (1, 2, 0, 1)]);
    }

    #[test]
    fn a_dispute_is_one_counter_with_two_ids() {
        let check = |mine: &[_], theirs: &[_], expected: usize| {
            assert_eq!(have(mine).disputed(&have(theirs)).len(), expected);
        };
        check(&[(1, 1, 5, 7)], &[(1, 1, 5, 7)], 0);
        check(&[(1, 1, 5, 7)], &[(1, 1, 5, 8)], 1);
        check(&[(1, 1, 5, 7)], &[(1, 1, 6, 8)], 0);
        check(&[(1, 1, 5, 7)], &[(2, 1, 5, 8)], 0);
    }

    #[test]
    fn lanes_out_of_order_or_twice_are_refused() {
        let good = have(&[(1, 1, 5, 7), (2, 1, 5, 7)]).to_bytes();
        assert!(Have::from_bytes(&good).is_ok());
        let entry = (good.len() - 4) / 2;
        let swapped = [&good[..4], &good[4 + entry..], &good[4..4 + entry]].concat();
        let twice = [&good[..4], &good[4..4 + entry], &good[4..4 + entry]].concat();
        for bytes in [swapped, twice] {
            let error = Have::from_bytes(&bytes).unwrap_err();
            assert_eq!(error, DecodeError::NotCanonical("order of the HAVE vector"));
        }
    }

    #[test]
    fn a_device_opens_so_many_lanes_by_itself_and_no_more() {
        let number = device(1);
        let mut held = have(&[(1, 7, 3, 3), (2, UNMET_FROM + 1, 9, 9)]);
        let mut seen = std::collections::BTreeSet::new();
        for drawn in 0..10_000_u32 {
            let generation = Lane::unmet_of(&held, number, drawn.wrapping_mul(2_654_435_761));
            let lane = Lane { device: number, generation };
            assert!(lane.is_unmet());
            held.set(lane, Position { counter: 1, id: EnvelopeId([1; 32]) });
            seen.insert(generation);
        }
        assert_eq!(seen.len(), UNMET_LANES_MAX);
    }

    #[test]
    fn the_lanes_of_one_device() {
        let all = have(&[(1, 1, 5, 7), (2, 1, 1, 7), (2, 3, 2, 7), (3, 1, 9, 7)]);
        assert_eq!(all.of_device(device(2)), have(&[(2, 1, 1, 7), (2, 3, 2, 7)]));
        assert!(all.of_device(device(9)).is_empty());
    }
}
