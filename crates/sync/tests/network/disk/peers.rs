//! What is known of a peer, and what it lacks.

use std::collections::BTreeSet;

use sync::envelope::Envelope;
use sync::fixtures::device;
use sync::have::{Have, Lane, Position};
use sync::ids::EnvelopeId;
use sync::session::{Lacking, Limit, Outgoing};
use sync::wire::Brief;

use super::Disk;

impl Disk {
    pub(crate) fn load(&self, lacking: &Lacking, after: Option<Brief>, limit: Limit) -> Outgoing {
        let after = after.map(|brief| (brief.lane, brief.position));
        let lacking = self
            .lacking_lanes(lacking)
            .flat_map(|(lane, from)| self.envelopes[&lane].range(from..))
            .flat_map(|(_, envelopes)| {
                let mut twins: Vec<_> = envelopes.iter().collect();
                twins.sort_by_key(|envelope| envelope.id());
                twins
            })
            .filter(|e| after.is_none_or(|after| (e.header().lane(), e.position()) > after));
        let some = lacking.take(limit.envelopes.min(5)).cloned().collect();
        self.with_keys(some)
    }

    /// Notes what the server holds.
    pub(crate) fn acknowledge(&mut self, names: &[Brief]) {
        for name in names {
            self.acknowledged.insert(name.position.id);
            match self.taken_with(*name) {
                Some(position) => self.taken.set(name.lane, position),
                None => self.taken.forget(name.lane),
            }
        }
    }

    /// How far a lane is taken with an envelope: not as far as it where another of its counter comes
    /// after it.
    fn taken_with(&self, name: Brief) -> Option<Position> {
        let Brief { lane, position } = name;
        let twins = &self.envelopes[&lane][&position.counter];
        if twins.iter().all(|twin| twin.id() <= position.id) {
            return Some(position);
        }
        let before = Position { counter: position.counter - 1, id: EnvelopeId::NONE };
        (before.counter > 0).then_some(before)
    }

    /// Notes all that the server holds: of one's own no more than it has acknowledged.
    pub(crate) fn note_peer(&mut self, have: &Have) {
        let mine = device(self.number);
        let noted = |(lane, at): (Lane, Position)| match self.taken.get(lane) {
            Some(taken) if lane.device == mine && taken.counter < at.counter => (lane, taken),
            None if lane.device == mine => (lane, Position { counter: 0, ..at }),
            Some(_) | None => (lane, at),
        };
        self.taken = have.iter().map(noted).collect();
    }

    /// Remembers what a page named of others' lanes, until the cursor is saved; of one's own what it
    /// gave whole, one after the other.
    pub(crate) fn see(&mut self, envelopes: &[Envelope], held: &[Brief]) {
        let mine = device(self.number);
        let whole = envelopes.iter().map(|e| (e.header().lane(), e.position()));
        let names = whole.clone().chain(held.iter().map(|brief| (brief.lane, brief.position)));
        self.seen.extend(names.filter(|(lane, _)| lane.device != mine));
        for (lane, position) in whole.filter(|(lane, _)| lane.device == mine) {
            let of_lane = self.seen.iter().filter(|(seen, _)| *seen == lane);
            let last = of_lane.map(|(_, at)| at.counter).max().unwrap_or_default();
            if position.counter == last.max(self.taken.counter(lane)) + 1 {
                self.seen.push((lane, position));
            }
        }
    }

    /// The lanes of which a peer lacks something, each with the first counter of it.
    pub(super) fn lacking_lanes(&self, lacking: &Lacking) -> impl Iterator<Item = (Lane, u64)> {
        let from = |lane: Lane| self.lacking_from(lacking, lane).map(|from| (lane, from));
        self.envelopes.keys().filter_map(move |lane| from(*lane))
    }

    fn lacking_from(&self, lacking: &Lacking, lane: Lane) -> Option<u64> {
        let is_own = lane.device == device(self.number);
        let noted = self.taken.counter(lane);
        let (held_there, says) = match lacking {
            Lacking::Own(_) if !is_own => return None,
            Lacking::Own(_) if lane.is_unmet() => (noted, noted),
            Lacking::Own(peer) => {
                let least = peer.counter(lane).min(noted);
                (least, least)
            }
            Lacking::All(peer) if self.is_in_line(peer, lane) => {
                (peer.counter(lane), peer.counter(lane))
            }
            Lacking::All(peer) => (0, peer.counter(lane)),
            Lacking::Others if is_own || noted >= self.last(lane) => return None,
            Lacking::Others if self.is_in_line(&self.taken, lane) => (noted, noted),
            Lacking::Others => (0, noted),
        };
        // What stands before it may be covered here, and not held: the peer takes no gap.
        let next = self.envelopes[&lane].range(held_there + 1..).next();
        next.is_some_and(|(counter, _)| *counter <= says + 1).then_some(held_there + 1)
    }

    fn last(&self, lane: Lane) -> u64 {
        *self.envelopes[&lane].keys().last().unwrap()
    }

    /// Whether what a peer holds of a lane is the beginning of what is held here.
    fn is_in_line(&self, peer: &Have, lane: Lane) -> bool {
        let is_forked = self.envelopes[&lane].values().any(|twins| twins.len() > 1);
        let is_held = peer
            .get(lane)
            .is_none_or(|at| self.holds(lane, at.counter, at.id) || self.base.covers(lane, at));
        is_held && !is_forked
    }

    pub(crate) fn with_keys(&self, envelopes: Vec<Envelope>) -> Outgoing {
        let tags: BTreeSet<_> = envelopes.iter().map(|e| e.header().doc_tag).collect();
        let keys = self.keys.iter().filter(|key| tags.contains(&key.doc_tag)).cloned().collect();
        Outgoing { envelopes, keys }
    }

    /// What this device sealed, in its order.
    pub(crate) fn own(&self) -> Vec<Envelope> {
        let mine = device(self.number);
        let lanes = self.envelopes.iter().filter(|(lane, _)| lane.device == mine);
        lanes.flat_map(|(_, counters)| counters.values().flatten().cloned()).collect()
    }
}
