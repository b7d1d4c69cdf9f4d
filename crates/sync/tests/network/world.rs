//! A clinic of four devices and a server, what happens to them, and what must hold at the end.

use std::collections::BTreeSet;

use sync::envelope::{Envelope, Kind};
use sync::fixtures::{clinic, device, key};
use sync::have::{Have, Lane};
use sync::ids::{Commitment, EntryHash, HpkeKey, VerifyKey};
use sync::log::{EnvelopeLog as _, FloorLog as _, KeyTable as _, PageQuery};
use sync::membership::{Entry, EntryBody, Found, Invite, Join, Members, Role, SignedEntry};
use sync::serve;
use sync::session::{Effect, SyncEvent};
use sync::signing::Signer as _;
use sync::wire::Item;

use super::device::{Delayed, Device, Ended, Net};
use super::disk::{Disk, Edit};
use super::random::Random;
use super::server::Server;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Faults {
    /// Requests and replies lost, in a thousand.
    pub(crate) loss: u64,
    /// Requests repeated at once or later, in a thousand.
    pub(crate) repeat: u64,
    /// Crashes before an effect, in a thousand.
    pub(crate) crash: u64,
    pub(crate) restore_device: bool,
    pub(crate) restore_server: bool,
    /// Files are carried from one device to another.
    pub(crate) carry: bool,
    /// Devices meet each other.
    pub(crate) lan: bool,
    /// Floors are made, countersigned and put, and devices begin anew with nothing.
    pub(crate) floors: bool,
}

#[derive(Clone)]
pub(crate) struct World {
    pub(crate) server: Server,
    devices: Vec<Device>,
    random: Random,
    faults: Faults,
    delayed: Delayed,
    edits: Edit,
    /// What went over the LAN.
    pub(crate) lan_bytes: usize,
    /// Bytes that go over the lines before they are cut.
    pub(crate) left: usize,
}

const DEVICES: u8 = 4;
/// One that joins late.
const LATE: u8 = 5;
const HOUR_MS: i64 = 60 * 60 * 1000;

impl World {
    pub(crate) fn new(random: Random, faults: Faults) -> Self {
        let entries = membership();
        // Devices know the log as far as their own join; the rest reaches them by sync.
        let known = |number: u8| &entries[..2 * usize::from(number) - 1];
        Self {
            server: Server::new(&entries),
            devices: (1..=DEVICES)
                .map(|n| Device::new(Disk::new(n, known(n)), u64::from(n)))
                .collect(),
            random,
            faults,
            delayed: Vec::new(),
            edits: 0,
            lan_bytes: 0,
            left: usize::MAX,
        }
    }

    pub(crate) fn device(&mut self, index: usize) -> &mut Device {
        &mut self.devices[index]
    }

    pub(crate) fn alarms(&self) -> impl Iterator<Item = &String> {
        self.devices.iter().flat_map(|device| &device.alarms)
    }

    /// Another computer with the same disk.
    pub(crate) fn clone_of(&mut self, index: usize) -> usize {
        let disk = self.devices[index].disk.clone();
        let random = self.random.next();
        self.devices.push(Device::new(disk, random));
        self.devices.len() - 1
    }

    pub(crate) fn edit(&mut self, index: usize) -> Edit {
        self.edits += 1;
        self.devices[index].disk.edit(self.edits);
        self.edits
    }

    pub(crate) fn sync(&mut self, index: usize) -> Ended {
        let mut net = Net {
            server: &mut self.server,
            random: &mut self.random,
            delayed: &mut self.delayed,
            faults: self.faults,
            left: &mut self.left,
        };
        self.devices[index].sync(&mut net)
    }

    /// Both say HELLO before either seals.
    pub(crate) fn seal_both_after_hello(&mut self, one: usize, other: usize) {
        let mut sessions = [one, other].map(|index| (index, self.devices[index].session()));
        let mut events = [SyncEvent::Start, SyncEvent::Start];
        for step in 0..2 {
            for (at, (index, session)) in sessions.iter_mut().enumerate() {
                let effects = session.handle(events[at].clone(), 0);
                if step == 1 {
                    assert!(matches!(effects.last(), Some(Effect::Seal { .. })));
                }
                let mut net = Net {
                    server: &mut self.server,
                    random: &mut self.random,
                    delayed: &mut self.delayed,
                    faults: self.faults,
                    left: &mut self.left,
                };
                events[at] = self.devices[*index].perform(effects, &mut net).unwrap();
            }
        }
    }

    pub(crate) fn live(&mut self, steps: usize) {
        let happenings = if self.faults.floors { 20 } else { 17 };
        for _ in 0..steps {
            self.server.now_ms += HOUR_MS;
            let index = self.random.below(self.devices.len());
            match self.random.below(happenings) {
                0..=4 => {
                    self.edit(index);
                }
                5..=8 => {
                    self.sync(index);
                }
                9 => self.devices[index].copy = Some(self.devices[index].disk.clone()),
                10 if self.faults.restore_device => self.restore_device(index),
                11 if self.faults.restore_server && self.random.happens(300) => {
                    let (lost, entries) = (self.random.below(12), self.random.below(3));
                    self.server.restore(lost, entries);
                }
                12..=13 if self.faults.carry => {
                    let to = self.random.below(self.devices.len());
                    self.carry(index, to);
                }
                14..=16 if self.faults.lan => {
                    let other = self.random.below(self.devices.len());
                    self.meet(index, other);
                }
                17 if self.faults.floors => {
                    self.make_floor();
                }
                18 if self.faults.floors => self.countersign(index),
                19 if self.faults.floors => self.begin_anew(index),
                _ => {}
            }
        }
    }

    /// The administrator's device reads the log to its end and covers it.
    pub(crate) fn make_floor(&mut self) -> bool {
        let head = |world: &Self| world.server.log.floor(clinic(1)).unwrap().head;
        self.sync(0) == Ended::Finished(None)
            && self.devices[0].disk.cursor.map(|cursor| cursor.mark) == Some(head(self))
            && self.devices[0].disk.make_floor()
    }

    /// A device says of floors that they are so, and tells the server of those that are proven.
    pub(crate) fn countersign(&mut self, index: usize) {
        self.sync(index);
        if self.devices[index].disk.countersign() > 0 {
            self.sync(index);
        }
        self.put_floor(index);
    }

    /// Tells the server of the last floor that a device knows to be proven.
    pub(crate) fn put_floor(&mut self, index: usize) {
        if let Some(put) = self.devices[index].disk.floor_to_put(clinic(1)) {
            // One whose envelopes the server lost or never had is refused.
            serve::raise_floor(&self.server.log, &self.server.members, &put).unwrap().ok();
        }
    }

    /// The place of the server's floor.
    pub(crate) fn floor(&self) -> u64 {
        self.server.log.floor(clinic(1)).unwrap().floor.seq
    }

    /// The server takes a floor that the administrator alone says is one.
    pub(crate) fn lie_about_floor(&self) {
        let floors = &self.devices[0].disk.floors;
        let (_, floor) = floors.values().next().unwrap();
        self.server.log.raise_floor(clinic(1), floor.at().mark, false).unwrap();
    }

    /// A computer's disk is made new; what it had not sent goes with it. Not the administrator's.
    fn begin_anew(&mut self, index: usize) {
        if index > 0 && self.devices[index].disk.outbox.is_empty() {
            let number = self.devices[index].disk.number;
            let unmet = self.random.next();
            let entries = membership();
            let alarms = std::mem::take(&mut self.devices[index].alarms);
            self.devices[index] = Device::new(Disk::new(number, &entries[..1]), unmet);
            self.devices[index].alarms = alarms;
        }
    }

    /// A computer that was never there before joins.
    pub(crate) fn join(&mut self) -> usize {
        let random = self.random.next();
        let disk = Disk::new(LATE, &membership());
        self.devices.push(Device::new(disk, random));
        self.devices.len() - 1
    }

    /// One device meets another, which answers.
    pub(crate) fn meet(&mut self, index: usize, other: usize) -> Option<Ended> {
        let number = self.devices[other].disk.number;
        // A clone has the same number, and nobody meets itself.
        if self.devices[index].disk.number == number {
            return None;
        }
        let mut answering = Server::of_device(&self.devices[other].disk, self.server.now_ms);
        let mut net = Net {
            server: &mut answering,
            random: &mut self.random,
            delayed: &mut Vec::new(),
            faults: self.faults,
            left: &mut self.left,
        };
        let ended = self.devices[index].meet(number, &mut net);
        self.lan_bytes += answering.bytes;
        answering.into_device(&mut self.devices[other].disk);
        Some(ended)
    }

    /// Carries a file with all that one device holds to another.
    pub(crate) fn carry(&mut self, from: usize, to: usize) {
        if from == to {
            return;
        }
        let random = self.random.next();
        let disk = &mut self.devices[from].disk;
        disk.seal_for_a_file(random);
        let (entries, keys, envelopes) = (disk.entries.clone(), disk.keys.clone(), disk.all());
        self.devices[to].disk.take_file(&entries, &keys, &envelopes);
    }

    fn restore_device(&mut self, index: usize) {
        let device = &mut self.devices[index];
        let Some(copy) = device.copy.clone() else { return };
        let disk = std::mem::replace(&mut device.disk, copy);
        device.unmet = Lane::unmet_generation(self.random.next() as u32);
        // Sometimes the disk itself comes back later.
        if self.random.happens(500) {
            device.copy = Some(disk);
        }
    }

    /// Whether the server holds an edit.
    pub(crate) fn server_holds(&self, edit: Edit) -> bool {
        self.reader_of_server().edits.contains(&edit)
    }

    /// The network works again; everyone meets the server until nothing moves.
    pub(crate) fn heal(&mut self) {
        self.faults = Faults { loss: 0, repeat: 0, crash: 0, ..self.faults };
        self.delayed.clear();
        let must_survive = self.everything();
        for _ in 0..4 {
            for index in 0..self.devices.len() {
                assert_eq!(self.sync(index), Ended::Finished(None), "device {index} is stuck");
            }
        }
        let after = self.everything();
        assert!(must_survive.is_subset(&after), "lost: {:?}", must_survive.difference(&after));
        for (index, device) in self.devices.iter().enumerate() {
            assert_eq!(device.disk.edits, after, "device {index} did not converge");
        }
    }

    /// Every edit that is on a disk or at the server.
    fn everything(&self) -> BTreeSet<Edit> {
        let reader = self.reader_of_server();
        assert!(reader.quarantine.is_empty(), "{:?}", reader.quarantine);
        let disks = self.devices.iter().flat_map(|device| &device.disk.edits);
        disks.chain(&reader.edits).copied().collect()
    }

    /// Somebody who has every key there is and reads the server's log.
    fn reader_of_server(&self) -> Disk {
        let mut reader = Disk::new(1, &membership());
        let kept = self.server.log.keys(clinic(1), 0, usize::MAX).unwrap().keys;
        reader.keys = self.devices.iter().flat_map(|d| d.disk.keys.clone()).chain(kept).collect();
        for envelope in self.held_by_server() {
            reader.receive(&envelope);
        }
        reader
    }

    /// How many checkpoints the server holds.
    pub(crate) fn checkpoints(&self) -> usize {
        let held = self.held_by_server();
        held.iter().filter(|envelope| envelope.header().kind == Kind::Checkpoint).count()
    }

    fn held_by_server(&self) -> Vec<Envelope> {
        let nothing = Have::new();
        let all =
            PageQuery { after: 0, skip: &nothing, items_max: usize::MAX, bytes_max: usize::MAX };
        let items = self.server.log.page(clinic(1), &all).unwrap().items;
        let whole = items.into_iter().filter_map(|item| match item {
            Item::Whole(envelope) => Some(envelope),
            Item::Brief(_) => None,
        });
        whole.collect()
    }

    /// Two devices have the same edits.
    pub(crate) fn check_edits(&self, one: usize, other: usize) {
        assert_eq!(self.devices[one].disk.edits, self.devices[other].disk.edits);
    }

    /// What holds once all have met.
    pub(crate) fn check(&self) {
        let all = self.held_by_server();
        let held: BTreeSet<_> = all.iter().map(Envelope::id).collect();
        let head = self.server.log.floor(clinic(1)).unwrap().head;
        for (index, device) in self.devices.iter().enumerate() {
            let disk = &device.disk;
            let ids = disk.ids();
            assert!(ids.is_subset(&held), "device {index} holds what the server does not");
            // Of two with one counter a floor names one, and a device that holds the other counts it as
            // no more than it has: what both hold is in the packs all the same.
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
            assert_eq!(disk.jumped, None, "device {index} waits for who vouches for a floor");
            assert!(disk.quarantine.is_empty(), "device {index}: {:?}", disk.quarantine);
            assert!(disk.outbox.is_empty());
            assert_eq!(disk.cursor.map(|cursor| cursor.mark), Some(head));
            assert_eq!(disk.members().head(), self.server.members.head());
        }
        let is_fault_of = |alarm: &&String| {
            alarm.contains("Distrusted")
                || alarm.contains("HistoriesDiffer")
                || alarm.contains("Misnamed")
                || alarm.contains("FloorUnproven")
                || (!self.faults.restore_server && alarm.contains("LogReplaced"))
        };
        assert_eq!(self.alarms().find(is_fault_of), None);
    }
}

/// Device 1 founds; each other one joins by an invite of its own.
fn membership() -> Vec<SignedEntry> {
    let mut entries: Vec<SignedEntry> = Vec::new();
    let mut add = |signer: u8, body| {
        let entry = Entry {
            clinic: clinic(1),
            index: entries.len() as u32,
            prev: entries.last().map_or(EntryHash([0; 32]), SignedEntry::hash),
            at_ms: 1,
            author: VerifyKey([0; 32]),
            body,
        };
        entries.push(SignedEntry::sign(entry, &key(signer)));
    };
    let found = Found {
        device: device(1),
        hpke_key: HpkeKey([1; 32]),
        sealed_name: Vec::new(),
        commitment: Commitment([1; 32]),
    };
    add(1, EntryBody::Found(found));
    for number in 2..=LATE {
        let invite = 100 + number;
        let invite_key = VerifyKey(key(invite).public_key());
        let expires_at_ms = 2_000_000_000;
        add(1, EntryBody::Invite(Invite { invite_key, role: Role::Member, expires_at_ms }));
        let hpke_key = HpkeKey([number; 32]);
        let join = Join::prove(clinic(1), device(number), hpke_key, Vec::new(), &key(number));
        add(invite, EntryBody::Join(join));
    }
    let founding = VerifyKey(key(1).public_key());
    Members::replay(clinic(1), &founding, &entries).unwrap();
    entries
}
