//! What must hold once everything works again.

use std::collections::{BTreeMap, BTreeSet};

use sync::check::QuarantineReason;
use sync::envelope::Envelope;
use sync::fixtures::{clinic, device};
use sync::have::{Have, Lane};
use sync::ids::EnvelopeId;
use sync::limits::CLOCK_SKEW_MS_MAX;
use sync::log::EnvelopeLog as _;
use sync::session::Failure;
use sync::wire::RefusalCode;

use super::device::{Device, Ended};
use super::disk::removed::follows;
use super::disk::{Disk, Edit, edits_in};
use super::world::World;

/// What the devices that were removed sealed.
struct Removed {
    /// What no cut follows from.
    beyond: BTreeSet<EnvelopeId>,
    /// The edits that are in nothing that counts.
    edits: BTreeSet<Edit>,
}

impl World {
    /// The network works again; everyone meets the server until nothing moves.
    pub(crate) fn heal(&mut self) {
        self.without_line_faults();
        self.forget_delayed();
        self.places.fill(0);
        (self.parted, self.token_lives) = (0, 0);
        for round in 0..4 {
            for index in 0..self.devices.len() {
                self.sync_and_check(index, round);
            }
        }
        let removed = self.removed();
        let must: BTreeSet<_> = self.saved.difference(&removed.edits).copied().collect();
        let all: BTreeSet<_> = self.staying().flat_map(|(_, it)| &it.disk.edits).copied().collect();
        let all: BTreeSet<_> = all.difference(&removed.edits).copied().collect();
        let lost: Vec<_> = must.difference(&all).collect();
        assert!(lost.is_empty(), "lost: {lost:?}");
        for (index, device) in self.staying() {
            let held: BTreeSet<_> = device.disk.edits.difference(&removed.edits).copied().collect();
            assert_eq!(held, all, "device {index} did not converge");
        }
    }

    /// A session that nothing disturbs does all there is to do.
    fn sync_and_check(&mut self, index: usize, round: usize) {
        let number = self.devices[index].disk.number;
        let before = self.devices[index].alarms.len();
        let ended = self.sync(index);
        let device = &self.devices[index];
        let raised = &device.alarms[before..];
        if let Ended::Finished(Some(Failure::Refused(refused))) = &ended
            && self.server.is_out(number)
        {
            assert_eq!(refused.0.code, RefusalCode::Revoked);
            assert!(raised.iter().any(|alarm| alarm == "Revoked"), "device {index} was not told");
            return;
        }
        assert_eq!(ended, Ended::Finished(None), "device {index} is stuck in round {round}");
        let off_ms = (device.clock_ms - self.server.clock_ms).abs();
        let is_told = raised.iter().any(|alarm| alarm.contains("ClockSkew"));
        assert_eq!(is_told, off_ms > CLOCK_SKEW_MS_MAX, "device {index}, {off_ms} ms off");
    }

    /// The devices that were not removed.
    fn staying(&self) -> impl Iterator<Item = (usize, &Device)> {
        let all = self.devices.iter().enumerate();
        all.filter(|(_, device)| !self.server.is_out(device.disk.number))
    }

    /// What of all that is anywhere does not count.
    fn removed(&self) -> Removed {
        let mut all: BTreeMap<Lane, BTreeMap<u64, Vec<Envelope>>> = BTreeMap::new();
        let disks = self.devices.iter().flat_map(|device| device.disk.all());
        for envelope in self.server.held().into_iter().chain(disks) {
            let lane = all.entry(envelope.header().lane()).or_default();
            let twins = lane.entry(envelope.header().counter).or_default();
            if !twins.iter().any(|twin| twin.id() == envelope.id()) {
                twins.push(envelope);
            }
        }
        let at = |lane: Lane, counter: u64| {
            all.get(&lane)
                .and_then(|counters| counters.get(&counter))
                .map_or(&[][..], Vec::as_slice)
        };
        let members = &self.server.members;
        let is_out = |device| members.device(device).is_some_and(|it| it.revoked.is_some());
        let (mut beyond, mut counting) = (BTreeSet::new(), BTreeSet::new());
        let mut edits = BTreeSet::new();
        for envelope in all.values().flat_map(|counters| counters.values().flatten()) {
            if is_out(envelope.header().device) && !follows(members, envelope, at) {
                beyond.insert(envelope.id());
                edits.extend(edits_in(envelope));
            } else {
                counting.extend(edits_in(envelope));
            }
        }
        let out = self.devices.iter().filter(|it| is_out(device(it.disk.number)));
        edits.extend(out.flat_map(|device| &device.disk.edits));
        edits.retain(|edit| !counting.contains(edit));
        Removed { beyond, edits }
    }

    /// What holds once all have met.
    pub(crate) fn check(&self) {
        let all = self.server.held();
        let removed = self.removed();
        let head = self.server.log.floor(clinic(1)).unwrap().head;
        self.check_server_have(&all);
        for (index, device) in self.staying() {
            let disk = &device.disk;
            check_all_is_here(index, disk, &all);
            check_quarantine(index, disk, &removed);
            check_have(index, disk);
            self.check_noted(index, disk, &all);
            assert_eq!(disk.jumped, None, "device {index} waits for who vouches for a floor");
            assert!(disk.outbox.is_empty());
            assert_eq!(disk.cursor.map(|cursor| cursor.mark), Some(head));
            assert_eq!(disk.members().head(), self.server.members.head());
            let untold: Vec<_> = forks(disk)
                .filter(|lane| !device.told_forks.contains(lane))
                .filter(|lane| !device.untold_forks.contains(lane))
                .collect();
            assert!(untold.is_empty(), "device {index} did not tell of {untold:?}");
        }
        let may_doubt = self.faults.members || self.faults.unproven_floors;
        let is_fault_of = |alarm: &&String| {
            alarm.contains("Distrusted")
                || alarm.contains("HistoriesDiffer")
                || alarm.contains("Misnamed")
                || (!may_doubt && alarm.contains("FloorUnproven"))
                || (!self.faults.restore_server && alarm.contains("LogReplaced"))
        };
        assert_eq!(self.alarms().find(is_fault_of), None);
    }

    /// The server holds all that its vector says.
    fn check_server_have(&self, all: &[Envelope]) {
        let places: BTreeSet<_> =
            all.iter().map(|it| (it.header().lane(), it.header().counter)).collect();
        let ids: BTreeSet<_> = all.iter().map(|it| (it.header().lane(), it.position())).collect();
        for (lane, at) in self.server.log.have(clinic(1)).unwrap().iter() {
            assert!((1..=at.counter).all(|counter| places.contains(&(lane, counter))), "{lane:?}");
            assert!(ids.contains(&(lane, at)), "{lane:?} {at:?}");
        }
    }

    /// What was noted of the server is so; of one that was put back it may have been so before.
    fn check_noted(&self, index: usize, disk: &Disk, all: &[Envelope]) {
        if self.faults.restore_server {
            return;
        }
        let have: Have = self.server.log.have(clinic(1)).unwrap();
        for (lane, at) in disk.taken.iter() {
            assert!(at.counter <= have.counter(lane), "device {index}: {lane:?} {at:?}");
        }
        let held: BTreeSet<_> = all.iter().map(Envelope::id).collect();
        assert!(disk.acknowledged.is_subset(&held), "device {index}: not all is there");
    }
}

/// What the server holds is here, and nothing that it does not.
fn check_all_is_here(index: usize, disk: &Disk, all: &[Envelope]) {
    let held: BTreeSet<_> = all.iter().map(Envelope::id).collect();
    let ids = disk.ids();
    assert!(ids.is_subset(&held), "device {index} holds what the server does not");
    // Of two with one counter a floor names one, and a device that holds the other counts it as no more
    // than it has: what both hold is in the packs all the same.
    let covered = |lane| {
        let floors = disk.floors.values().map(|(_, floor)| floor.have().counter(lane));
        floors.chain([disk.base.have().counter(lane)]).max().unwrap_or_default()
    };
    let is_lacking = |envelope: &&Envelope| {
        let header = envelope.header();
        !ids.contains(&envelope.id()) && header.counter > covered(header.lane())
    };
    let lacking: Vec<_> = all.iter().filter(is_lacking).map(Envelope::header).collect();
    assert!(lacking.is_empty(), "device {index} lacks {lacking:?}");
}

/// Only what was sealed after its device was removed waits, and all of that but for what was merged
/// before; and what was merged is what can be opened, from first to last.
fn check_quarantine(index: usize, disk: &Disk, removed: &Removed) {
    let mut merged = BTreeSet::new();
    for envelope in disk.all() {
        let (lane, position) = (envelope.header().lane(), envelope.position());
        let is_beyond = removed.beyond.contains(&envelope.id());
        let reason = disk.quarantine.get(&envelope.id()).copied();
        match reason {
            None => {
                let is_early = disk.early.contains(&envelope.id());
                assert!(!is_beyond || is_early, "device {index} merged {lane:?} {position:?}");
                merged.extend(edits_in(&envelope));
            }
            Some(reason) => {
                assert_eq!(reason, QuarantineReason::AfterCut, "device {index}: {lane:?}");
                // Where a floor covers what is between it and the cut, that is in the packs.
                let is_covered = disk.base.have().counter(lane) > 0;
                assert!(is_beyond || is_covered, "device {index} lacks {lane:?} {position:?}");
            }
        }
    }
    assert_eq!(disk.edits, merged, "device {index} has other edits than its envelopes");
}

/// A vector says of what is here that it is here.
fn check_have(index: usize, disk: &Disk) {
    for (lane, at) in disk.have().iter() {
        let base = disk.base.have().get(lane);
        let from = base.map_or(0, |base| base.counter);
        let counters = disk.envelopes.get(&lane);
        let is_held = |counter| counters.is_some_and(|counters| counters.contains_key(&counter));
        assert!((from + 1..=at.counter).all(is_held), "device {index}: {lane:?} {at:?}");
        let is_named = base == Some(at) || disk.holds(lane, at.counter, at.id);
        assert!(is_named, "device {index}: {lane:?} {at:?}");
    }
}

/// The lanes of which a counter has several envelopes.
fn forks(disk: &Disk) -> impl Iterator<Item = Lane> {
    let forked = disk.envelopes.iter().filter(|(_, it)| it.values().any(|twins| twins.len() > 1));
    forked.map(|(lane, _)| *lane)
}
