//! What happens to a clinic, drawn.

use std::collections::BTreeSet;

use sync::fixtures::device;
use sync::have::Lane;
use sync::membership::Revoke;
use sync::session::{Failure, SyncEvent};
use sync::wire::{MembersPush, MembersVerdict};

use super::device::{Ended, OUT_OF_COLD};
use super::disk::{Edit, edits_in};
use super::members::new_epoch;
use super::world::{Faults, World};

const HOUR_MS: i64 = 60 * 60 * 1000;
/// So many computers there are at most, copies of disks included.
pub(crate) const COMPUTERS_MAX: usize = 9;
/// So many devices are removed at most.
const REMOVED_MAX: usize = 2;

/// What happens to a device, to all of them or to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Edit,
    Sync,
    KeepCopy,
    RestoreDevice,
    RestoreServer,
    Carry,
    Meet,
    MakeFloor,
    Countersign,
    BeginAnew,
    Part,
    Remove,
    Rotate,
    Copy,
    SetClock,
    LieAboutFloor,
    Nothing,
}

impl Faults {
    /// What may happen, each as often as it does beside the others. What stands where is what a seed
    /// means: of the first acts nothing stands for those that may not happen.
    pub(crate) fn acts(&self) -> Vec<Act> {
        let first = [
            (true, Act::Edit, 5),
            (true, Act::Sync, 4),
            (true, Act::KeepCopy, 1),
            (self.restore_device, Act::RestoreDevice, 1),
            (self.restore_server, Act::RestoreServer, 1),
            (self.carry, Act::Carry, 2),
            (self.lan, Act::Meet, 3),
        ];
        let more = [
            (self.floors, Act::MakeFloor),
            (self.floors, Act::Countersign),
            (self.floors, Act::BeginAnew),
            (self.partitions, Act::Part),
            (self.partitions, Act::Part),
            (self.members, Act::Remove),
            (self.members, Act::Rotate),
            (self.clones, Act::Copy),
            (self.clocks, Act::SetClock),
            (self.unproven_floors, Act::LieAboutFloor),
        ];
        let first = first.into_iter().flat_map(|(on, act, times)| {
            std::iter::repeat_n(if on { act } else { Act::Nothing }, times)
        });
        first.chain(more.into_iter().filter(|(on, _)| *on).map(|(_, act)| act)).collect()
    }

    /// What must have happened somewhere in many histories.
    pub(crate) fn names(&self) -> Vec<&'static str> {
        let all = [
            (self.loss > 0, &["request lost", "reply lost"][..]),
            (self.repeat > 0, &["request doubled", "request overtaken"]),
            (self.crash > 0, &["crash"]),
            (self.restore_device, &["device restored"]),
            (self.restore_server, &["server restored"]),
            (self.carry, &["file carried"]),
            (self.lan, &["devices met"]),
            (self.floors, &["floor made", "floor raised", "made cold", "disk made new"]),
            (self.clocks, &["clock set", "clock set within a session"]),
            (self.partitions, &["parted", "cut within a session", "asked in vain", "reunited"]),
            (self.partitions && self.lan, &["met in vain"]),
            (self.members, &["device removed", "key changed", "turned away"]),
            (self.clones, &["disk copied"]),
            (self.unproven_floors, &["floor lied about", OUT_OF_COLD]),
        ];
        all.into_iter().filter(|(on, _)| *on).flat_map(|(_, names)| names).copied().collect()
    }
}

impl World {
    pub(crate) fn live(&mut self, steps: usize) {
        let acts = self.faults.acts();
        for _ in 0..steps {
            self.pass_an_hour();
            let index = self.random.below(self.devices.len());
            let act = acts[self.random.below(acts.len())];
            self.happen(act, index);
        }
    }

    pub(crate) fn pass_an_hour(&mut self) {
        self.server.now_ms += HOUR_MS;
        if self.parted > 0 {
            self.parted -= 1;
            if self.parted == 0 {
                self.reunite();
            }
        }
    }

    pub(crate) fn happen(&mut self, act: Act, index: usize) {
        match act {
            Act::Edit => {
                self.edit(index);
            }
            Act::Sync => self.sync_in_life(index),
            Act::KeepCopy => self.devices[index].copy = Some(self.devices[index].disk.clone()),
            Act::RestoreDevice => self.lose(|world| world.restore_device(index)),
            Act::RestoreServer if self.random.happens(300) => {
                let (lost, entries) = (self.random.below(12), self.random.below(3));
                self.lose(|world| world.restore_server(lost, entries));
            }
            Act::Carry => {
                let to = self.random.below(self.devices.len());
                self.drawn.count("file carried");
                self.carry(index, to);
            }
            Act::Meet => {
                let other = self.random.below(self.devices.len());
                self.meet_in_life(index, other);
            }
            Act::MakeFloor => {
                if self.make_floor() {
                    self.drawn.count("floor made");
                }
            }
            Act::Countersign => self.countersign_in_life(index),
            Act::LieAboutFloor => {
                // Whoever begins at it finds there what is said of it.
                if self.make_floor() && self.sync(0) == Ended::Finished(None) {
                    self.drawn.count("floor lied about");
                    self.lie_about_floor();
                }
            }
            Act::BeginAnew => {
                self.drawn.count("disk made new");
                self.lose(|world| world.begin_anew(index));
            }
            Act::Part if self.parted == 0 => self.part(),
            Act::Remove => self.remove(index),
            Act::Rotate => self.rotate(),
            Act::Copy if self.devices.len() < COMPUTERS_MAX => {
                self.drawn.count("disk copied");
                self.clone_of(index);
            }
            Act::SetClock => {
                self.drawn.count("clock set");
                self.devices[index].set_clock(&mut self.random);
            }
            Act::RestoreServer | Act::Part | Act::Copy | Act::Nothing => {}
        }
    }

    fn countersign_in_life(&mut self, index: usize) {
        let before = (self.floor(), self.cold());
        self.countersign(index);
        if self.floor() > before.0 {
            self.drawn.count("floor raised");
        }
        if self.cold() > before.1 {
            self.drawn.count("made cold");
        }
    }

    fn sync_in_life(&mut self, index: usize) {
        let ended = self.sync(index);
        if self.places[index] > 0 {
            self.drawn.count("asked in vain");
            let is_in_vain = matches!(ended, Ended::Crashed | Ended::Finished(Some(_)));
            assert!(is_in_vain, "{ended:?} of a device that is cut off");
        }
        if matches!(&ended, Ended::Finished(Some(Failure::Refused(_)))) {
            self.drawn.count("turned away");
        }
    }

    fn meet_in_life(&mut self, index: usize, other: usize) {
        let Some(ended) = self.meet(index, other) else { return };
        if self.places[index] == self.places[other] {
            self.drawn.count("devices met");
            return;
        }
        self.drawn.count("met in vain");
        let is_in_vain = matches!(ended, Ended::Crashed | Ended::Finished(Some(_)));
        assert!(is_in_vain, "{ended:?} of devices that are cut off from each other");
    }

    /// Some devices are cut off from the server, alone or with others, some in the midst of a session.
    fn part(&mut self) {
        self.drawn.count("parted");
        self.parted = 3 + self.random.below(15);
        for index in 0..self.devices.len() {
            if !self.random.happens(500) {
                continue;
            }
            if self.random.happens(300) {
                self.drawn.count("cut within a session");
                let requests = self.random.below(6);
                self.sync_until(index, requests);
            }
            let alone = self.random.happens(500);
            self.places[index] = if alone { 10 + index } else { 1 + self.random.below(2) };
        }
    }

    /// All can talk again: whoever was cut off gets through at once where nothing else is amiss.
    fn reunite(&mut self) {
        self.drawn.count("reunited");
        let cut: Vec<_> = (0..self.places.len()).filter(|index| self.places[*index] > 0).collect();
        self.places.fill(0);
        let faults = self.without_line_faults();
        for index in cut {
            if !self.server.is_out(self.devices[index].disk.number) {
                let ended = self.sync(index);
                assert_eq!(
                    ended,
                    Ended::Finished(None),
                    "device {index} is stuck after a partition"
                );
            }
        }
        self.faults = faults;
    }

    /// Has the lines be good, and answers what the faults were.
    pub(super) fn without_line_faults(&mut self) -> Faults {
        let good = Faults { loss: 0, repeat: 0, crash: 0, clocks: false, ..self.faults };
        std::mem::replace(&mut self.faults, good)
    }

    /// Something by which disks are lost: what is nowhere after it is not asked for.
    fn lose(&mut self, act: impl FnOnce(&mut Self)) {
        let before = self.anywhere();
        let lost: Vec<_> = self.saved.difference(&before).collect();
        assert!(lost.is_empty(), "lost though no disk was: {lost:?}");
        act(self);
        self.saved = self.anywhere();
    }

    /// Every edit that is at the server, or on the disk of a device that was not removed.
    fn anywhere(&self) -> BTreeSet<Edit> {
        let staying = self.devices.iter().filter(|it| !self.is_removed(it.disk.number));
        let disks = staying.flat_map(|device| &device.disk.edits).copied();
        disks.chain(self.server.held().iter().flat_map(edits_in)).collect()
    }

    fn restore_device(&mut self, index: usize) {
        let device = &mut self.devices[index];
        let Some(copy) = device.copy.clone() else { return };
        self.drawn.count("device restored");
        let disk = std::mem::replace(&mut device.disk, copy);
        device.unmet = Lane::unmet_generation(self.random.next() as u32);
        // Sometimes the disk itself comes back later.
        if self.random.happens(500) {
            device.copy = Some(disk);
        }
    }

    fn restore_server(&mut self, lost: usize, entries: usize) {
        self.drawn.count("server restored");
        self.server.restore(lost, entries);
    }

    /// The administrator removes a device: what it is known to have sealed counts.
    fn remove(&mut self, index: usize) {
        let number = self.devices[index].disk.number;
        let numbers: BTreeSet<u8> = self.devices.iter().map(|it| it.disk.number).collect();
        let removed = numbers.iter().filter(|number| self.is_removed(**number)).count();
        let may_go = number > 1 && !self.is_removed(number) && removed < REMOVED_MAX;
        if may_go && numbers.len() > removed + 2 && self.random.happens(500) {
            self.lose(|world| world.enter(Some(number)));
        }
    }

    fn rotate(&mut self) {
        if self.random.happens(300) {
            self.enter(None);
        }
    }

    /// The administrator enters something at the server. Only where all that was ever entered is known
    /// to both: lists that grow apart are the matter of `tests/mending.rs`.
    pub(crate) fn enter(&mut self, removed: Option<u8>) {
        if self.places[0] > 0 || self.sync(0) != Ended::Finished(None) {
            return;
        }
        let known = self.server.entries.len();
        let disks = self.devices.iter().flat_map(|it| [Some(&it.disk), it.copy.as_ref()]);
        if disks.flatten().any(|disk| disk.entries.len() > known) {
            return;
        }
        let (disk, clock_ms) = (&self.devices[0].disk, self.devices[0].clock_ms);
        if disk.entries.len() < known {
            return;
        }
        let removal = removed.map(|number| {
            let own = disk.have().of_device(device(number));
            let cut = own.iter().map(|(lane, at)| (lane.generation, at)).collect();
            Revoke { device: device(number), cut }
        });
        let entries = new_epoch(disk.members().clone(), removal, self.server.now_ms + clock_ms);
        let push = MembersPush { clinic: disk.members().clinic(), entries: entries.clone() };
        let reply = self.ask_server(&push);
        if self.server.entries.len() > known {
            self.drawn.count(if removed.is_some() { "device removed" } else { "key changed" });
        }
        // Where the answer is lost the administrator hears of it as the others do.
        if let SyncEvent::MembersPushed(reply) = reply {
            assert_eq!(reply.verdict, MembersVerdict::Stored);
            let disk = &mut self.devices[0].disk;
            disk.take_entries(&entries).unwrap();
            disk.recheck();
        }
    }
}
