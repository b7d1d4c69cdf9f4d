//! Floors on a disk: made, found to be so, proven, doubted.

use std::collections::BTreeSet;

use sync::check::{Awaits, QuarantineReason};
use sync::checkpoint::block_of;
use sync::cursor::Cursor;
use sync::envelope::Envelope;
use sync::fixtures::device;
use sync::floor::is_vouched_for;
use sync::have::{Have, Lane, Position};
use sync::ids::{ClinicId, EnvelopeId};
use sync::membership::Role;
use sync::payload::{DocumentName, Floor, Pack, Packed, Payload};
use sync::wire::FloorPut;

use super::sealing::{FLOORS, PACKS};
use super::{Disk, Edit, edits_in};

impl Disk {
    /// Counts as held what a floor covers, where one is proven by now.
    pub(crate) fn prove(&mut self) {
        for (id, floor) in self.proven() {
            let mut have = self.have();
            self.base.raise(&mut have, &floor);
            let is_reached = |jumped: &Cursor| floor.at().mark.seq >= jumped.mark.seq;
            if self.jumped.as_ref().is_some_and(is_reached) {
                assert_eq!(self.floors[&id].1, floor);
                self.jumped = None;
            }
        }
    }

    /// The floors that two vouch for and whose envelopes are here.
    fn proven(&self) -> Vec<(EnvelopeId, Floor)> {
        let ids = self.ids();
        let is_good = |id: &EnvelopeId| ids.contains(id) && !self.quarantine.contains_key(id);
        let proven = self.floors.iter().filter(|(id, (by, floor))| {
            let countersigned = self.countersigns.get(id).into_iter().flatten();
            let countersigned = countersigned.map(|(device, _)| *device).collect();
            is_vouched_for(*by, &countersigned) && floor.covered_by().iter().all(is_good)
        });
        proven.map(|(id, (_, floor))| (*id, floor.clone())).collect()
    }

    /// Whether the log was read from a floor to its end, and nobody vouched for it: then it is read
    /// from its start.
    pub(crate) fn doubt_floor(&mut self) -> bool {
        let Some(jumped) = self.jumped.take() else { return false };
        let is_there = self.cursor.is_some_and(|cursor| {
            cursor.log_epoch == jumped.log_epoch && cursor.mark.seq >= jumped.mark.seq
        });
        if is_there {
            self.doubted = jumped.mark.seq;
            self.cursor = None;
        }
        is_there
    }

    /// Covers all that the server was read to hold by packs, and says so.
    pub(crate) fn make_floor(&mut self) -> bool {
        let waits = |reason: &QuarantineReason| reason.awaits() != Awaits::Nothing;
        let Some(at) = self.cursor.filter(|_| self.jumped.is_none() && self.generation > 0) else {
            return false;
        };
        if self.quarantine.values().any(waits) {
            return false;
        }
        let here = self.have();
        let noted = |(lane, at): (Lane, Position)| {
            let held = here.get(lane)?;
            Some((lane, if at.counter <= held.counter { at } else { held }))
        };
        let others = self.taken.iter().filter(|(_, at)| at.counter > 0).filter_map(noted);
        // All of one's own is in the packs, whether the server's answer to it came or not.
        let own = here.iter().filter(|(lane, _)| lane.device == device(self.number));
        let have: Have = others.chain(own).collect();
        let document = |number: u64| {
            let edits = self.edits.iter().filter(|edit| *edit % 5 == number);
            let bytes: Vec<u8> = edits.flat_map(|edit| edit.to_be_bytes()).collect();
            let document = DocumentName::new("chart", [number as u8; 16]).unwrap();
            (!bytes.is_empty()).then_some(Packed { document, bytes })
        };
        let documents: Vec<_> = (0..5).filter_map(document).collect();
        let mut replica = self.local().replica;
        replica.open(self.generation);
        replica.meet();
        let mut covered_by = Vec::new();
        for (number, documents) in (0_u8..).zip(documents.chunks(2)) {
            let pack = Payload::Pack(Pack::new([number; 16], documents.to_vec()).unwrap());
            covered_by.push(self.seal_one(&mut replica, PACKS, &pack).id());
        }
        let Some(floor) = Floor::new((at, have), covered_by, 0) else { return false };
        let sealed = self.seal_one(&mut replica, FLOORS, &Payload::Floor(floor.clone()));
        self.floors.insert(sealed.id(), (device(self.number), floor));
        true
    }

    /// Says of floors of others that they are so, where they are.
    pub(crate) fn countersign(&mut self) -> usize {
        let mine = device(self.number);
        if self.generation == 0 {
            return 0;
        }
        let unsigned = self.floors.iter().filter(|(id, (by, floor))| {
            let signed = self.countersigns.get(id).is_some_and(|by| by.contains_key(&mine));
            *by != mine && !signed && self.is_so(floor)
        });
        let unsigned: Vec<_> = unsigned.map(|(id, _)| *id).collect();
        for id in &unsigned {
            let mut replica = self.local().replica;
            replica.open(self.generation);
            replica.meet();
            let sealed = self.seal_one(&mut replica, FLOORS, &Payload::Countersign(*id));
            self.countersigns.entry(*id).or_default().insert(mine, sealed.id());
        }
        unsigned.len()
    }

    fn is_so(&self, floor: &Floor) -> bool {
        let at = floor.at();
        let block = self.chain.get(&(at.log_epoch, block_of(at.mark.seq)));
        let same = block.and_then(|block| block.at(at.mark.seq)) == Some(at.mark.chain);
        let here = self.have();
        let all = self.all();
        let held = |id: &EnvelopeId| all.iter().find(|envelope| envelope.id() == *id);
        let packs: Option<Vec<_>> = floor.covered_by().iter().map(held).collect();
        let (Some(packs), true) = (packs, same && floor.have().beyond(&here).is_empty()) else {
            return false;
        };
        let is_open = |envelope: &&Envelope| !self.quarantine.contains_key(&envelope.id());
        let packed: BTreeSet<Edit> = packs.into_iter().filter(is_open).flat_map(edits_in).collect();
        let before = |envelope: &&Envelope| {
            envelope.header().counter <= floor.have().counter(envelope.header().lane())
        };
        let covered = all.iter().filter(before).filter(is_open).flat_map(edits_in);
        covered.into_iter().all(|edit| packed.contains(&edit))
    }

    /// What to tell the server of the last floor that is proven.
    pub(crate) fn floor_to_put(&self, clinic: ClinicId) -> Option<FloorPut> {
        let (snapshot, floor) =
            self.proven().into_iter().max_by_key(|(_, floor)| floor.at().mark.seq)?;
        let countersign = *self.countersigns[&snapshot].values().next()?;
        Some(FloorPut { clinic, mark: floor.at().mark, snapshot, countersign, cold: true })
    }

    pub(super) fn note_floor(&mut self, envelope: &Envelope, payload: Payload) {
        let by = envelope.header().device;
        match payload {
            Payload::Floor(floor)
                if self.members.device(by).is_some_and(|maker| maker.role == Role::Admin) =>
            {
                self.floors.insert(envelope.id(), (by, floor));
            }
            Payload::Countersign(floor) => {
                self.countersigns.entry(floor).or_default().insert(by, envelope.id());
            }
            _ => {}
        }
    }
}
