//! A device's own sequences: where the next envelope goes, and whether the device is what it was.
//!
//! A computer that was restored from a copy would number again what others already hold. So it
//! seals only after a peer has told what it holds from it (HELLO); where the two disagree, it
//! opens a new generation and goes on there. Nobody has to do anything. A peer that is not the
//! server knows too little for that: for it, and for files, a generation is drawn at random;
//! one of so many is taken again, and two envelopes of one counter are then possible where a store was
//! put back: kept, and told ([`Lane::is_unmet`]).

use crate::have::{Have, Lane, Position};
use crate::ids::{DeviceId, EnvelopeId};
use crate::wire::OwnVerdict;

/// A device, the generation it seals in, and its own lanes as far as it holds them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replica {
    device: DeviceId,
    generation: u32,
    lanes: Have,
    met: bool,
}

/// Where a new envelope stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The device that seals.
    pub device: DeviceId,
    /// Its generation.
    pub generation: u32,
    /// The place in it.
    pub counter: u64,
    /// The envelope before.
    pub prev_id: EnvelopeId,
}

/// How a device and a peer agree on the device's own envelopes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// They hold the same.
    Same,
    /// The peer lacks some that the device holds.
    Behind,
    /// The peer holds some that the device does not: the device is a restored copy, or has one.
    Restored,
    /// Both hold one counter with different envelopes.
    Forked(Lane),
}

impl Replica {
    /// A device as its store has it when the process starts. `generation` is the newest it
    /// opened, 0 for none; of `have`, its own lanes are taken.
    pub fn resume(device: DeviceId, generation: u32, have: &Have) -> Self {
        Self { device, generation, lanes: have.of_device(device), met: false }
    }

    /// The device.
    pub const fn device(&self) -> DeviceId {
        self.device
    }

    /// The newest generation opened; 0 for none.
    pub const fn generation(&self) -> u32 {
        self.generation
    }

    /// Its own lanes.
    pub const fn lanes(&self) -> &Have {
        &self.lanes
    }

    /// The newest generation in which something was sealed with the server's word, and the last
    /// of it.
    pub fn head(&self) -> Option<(u32, Position)> {
        self.met_lanes().iter().last().map(|(lane, position)| (lane.generation, position))
    }

    /// Its own lanes, without those it opened by itself.
    fn met_lanes(&self) -> Have {
        self.lanes.iter().filter(|(lane, _)| !lane.is_unmet()).collect()
    }

    /// Notes that a peer has told, since the process started, what it holds from this device.
    pub const fn meet(&mut self) {
        self.met = true;
    }

    /// How the device and a peer agree.
    pub fn compare(&self, verdict: &OwnVerdict) -> Agreement {
        let theirs = match verdict {
            OwnVerdict::Same => return Agreement::Same,
            OwnVerdict::Held(held) => self.lanes_of(held),
        };
        let mine = self.met_lanes();
        if let Some(lane) = theirs.disputed(&mine).first() {
            return Agreement::Forked(*lane);
        }
        if !theirs.beyond(&mine).is_empty() {
            return Agreement::Restored;
        }
        if mine.beyond(&theirs).is_empty() { Agreement::Same } else { Agreement::Behind }
    }

    /// A peer's list of this device's generations as a vector.
    pub fn lanes_of(&self, held: &[(u32, Position)]) -> Have {
        held.iter().map(|(generation, position)| (self.lane(*generation), *position)).collect()
    }

    /// The generation to open next: newer than every one the device or the peer knows of those that are
    /// opened with the server's word, and one of these whatever the peer says.
    pub fn next_generation(&self, verdict: &OwnVerdict) -> u32 {
        let theirs = match verdict {
            OwnVerdict::Same => 0,
            OwnVerdict::Held(held) => {
                let said = held.iter().map(|(generation, _)| *generation);
                said.filter(|generation| !self.lane(*generation).is_unmet()).max().unwrap_or(0)
            }
        };
        let mine = self.head().map_or(0, |(generation, _)| generation);
        let open = if self.open_lane().is_unmet() { 0 } else { self.generation };
        mine.max(theirs).max(open).saturating_add(1).min(Lane::MET_GENERATION_MAX)
    }

    /// Opens a generation.
    pub const fn open(&mut self, generation: u32) {
        self.generation = generation;
    }

    /// Where the next envelope goes. `None` while no generation is open, or when no peer was met
    /// since the process started: then one is opened first.
    pub fn stamp(&self) -> Option<Stamp> {
        if !self.met || self.generation == 0 {
            return None;
        }
        let last = self.lanes.get(self.lane(self.generation));
        Some(Stamp {
            device: self.device,
            generation: self.generation,
            counter: last.map_or(0, |position| position.counter).saturating_add(1),
            prev_id: last.map_or(EnvelopeId::NONE, |position| position.id),
        })
    }

    /// Notes what was sealed at a stamp.
    pub fn sealed(&mut self, generation: u32, position: Position) {
        self.lanes.set(self.lane(generation), position);
    }

    /// The lane of the open generation.
    pub const fn open_lane(&self) -> Lane {
        self.lane(self.generation)
    }

    const fn lane(&self, generation: u32) -> Lane {
        Lane { device: self.device, generation }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::device;

    const fn at(counter: u64, id: u8) -> Position {
        Position { counter, id: EnvelopeId([id; 32]) }
    }

    fn replica(generation: u32, lanes: &[(u32, Position)]) -> Replica {
        let empty = Replica::resume(device(1), generation, &Have::new());
        let mut have = empty.lanes_of(lanes);
        have.set(Lane { device: device(2), generation: 9 }, at(9, 9));
        Replica::resume(device(1), generation, &have)
    }

    #[test]
    fn agreement_with_a_peer() {
        let check = |mine: &[(u32, Position)], theirs: &[(u32, Position)], expected| {
            let verdict = OwnVerdict::Held(theirs.to_vec());
            assert_eq!(replica(1, mine).compare(&verdict), expected, "{mine:?} {theirs:?}");
        };
        let forked = Agreement::Forked(Lane { device: device(1), generation: 1 });
        check(&[], &[], Agreement::Same);
        check(&[(1, at(5, 5))], &[], Agreement::Behind);
        check(&[(1, at(5, 5))], &[(1, at(5, 5))], Agreement::Same);
        check(&[(1, at(5, 5))], &[(1, at(3, 3))], Agreement::Behind);
        check(&[(1, at(5, 5))], &[(1, at(9, 9))], Agreement::Restored);
        check(&[], &[(1, at(1, 1))], Agreement::Restored);
        check(&[(1, at(5, 5))], &[(1, at(5, 5)), (2, at(1, 1))], Agreement::Restored);
        check(&[(1, at(5, 5)), (2, at(2, 2))], &[(1, at(5, 5)), (2, at(1, 1))], Agreement::Behind);
        check(&[(1, at(5, 5))], &[(1, at(5, 6))], forked);
    }

    #[test]
    fn the_next_generation_is_newer_than_all() {
        let check = |generation, mine: &[_], theirs: &[_], expected| {
            let verdict = OwnVerdict::Held(theirs.to_vec());
            assert_eq!(replica(generation, mine).next_generation(&verdict), expected);
        };
        check(0, &[], &[], 1);
        check(1, &[(1, at(5, 5))], &[(1, at(9, 9))], 2);
        check(1, &[(1, at(5, 5))], &[(4, at(9, 9))], 5);
        check(3, &[(1, at(5, 5))], &[(1, at(9, 9))], 4);
    }

    #[test]
    fn nothing_is_stamped_before_a_peer_is_met() {
        let mut replica = replica(1, &[(1, at(5, 5))]);
        assert_eq!(replica.stamp(), None);
        replica.meet();
        let stamp = replica.stamp().unwrap();
        assert_eq!((stamp.counter, stamp.prev_id), (6, EnvelopeId([5; 32])));
        replica.sealed(1, at(6, 6));
        assert_eq!(replica.stamp().unwrap().counter, 7);
        replica.open(2);
        let stamp = replica.stamp().unwrap();
        assert_eq!((stamp.counter, stamp.prev_id), (1, EnvelopeId::NONE));
    }

    #[test]
    fn without_a_peer_a_generation_is_opened_that_no_peer_is_asked_about() {
        let mut replica = replica(1, &[(1, at(5, 5))]);
        assert_eq!(replica.stamp(), None, "nothing is sealed under an old one");
        let unmet = Lane::unmet_generation(77);
        replica.open(unmet);
        replica.meet();
        assert_eq!(replica.stamp().unwrap().generation, unmet);
        replica.sealed(unmet, at(1, 7));
        assert_eq!(replica.head(), Some((1, at(5, 5))));
        let theirs = OwnVerdict::Held(vec![(1, at(5, 5))]);
        assert_eq!(replica.compare(&theirs), Agreement::Same);
        assert_eq!(replica.next_generation(&theirs), 2);
    }

    #[test]
    fn whatever_a_peer_says_the_next_generation_is_one_of_the_servers() {
        let check = |said: &[u32], want| {
            let held = said.iter().map(|generation| (*generation, at(1, 1))).collect();
            let next = replica(2, &[(2, at(1, 2))]).next_generation(&OwnVerdict::Held(held));
            assert_eq!(next, want, "{said:?}");
        };
        check(&[1], 3);
        check(&[7], 8);
        check(&[Lane::unmet_generation(7)], 3);
        check(&[u32::MAX, 7], 8);
        check(&[Lane::MET_GENERATION_MAX], Lane::MET_GENERATION_MAX);
    }
}
