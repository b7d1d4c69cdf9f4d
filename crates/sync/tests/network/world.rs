//! A clinic's devices and a server, and what can be done with them one at a time.

use std::collections::{BTreeMap, BTreeSet};

use sync::envelope::Kind;
use sync::fixtures::clinic;
use sync::log::{EnvelopeLog as _, FloorLog as _};
use sync::serve;
use sync::session::{Effect, SyncEvent};
use sync::wire::MembersPush;

use super::device::{Delayed, Device, Ended, Net, clock_off_ms};
use super::disk::{Disk, Edit, edits_in};
use super::members::Founded;
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
    /// The server says that there is a floor where nobody countersigned one, and moves what is below it.
    pub(crate) unproven_floors: bool,
    /// Clocks are up to ten years off, and are set.
    pub(crate) clocks: bool,
    /// Devices are cut off from the server and from each other for a while.
    pub(crate) partitions: bool,
    /// Devices are removed, and keys are changed.
    pub(crate) members: bool,
    /// Disks are copied and work on beside their originals.
    pub(crate) clones: bool,
}

/// How often each thing happened.
#[derive(Clone, Debug, Default)]
pub(crate) struct Drawn(pub(crate) BTreeMap<&'static str, u64>);

impl Drawn {
    pub(crate) fn count(&mut self, what: &'static str) {
        *self.0.entry(what).or_default() += 1;
    }

    /// How often something happened.
    pub(crate) fn of(&self, what: &str) -> u64 {
        self.0.get(what).copied().unwrap_or_default()
    }

    pub(crate) fn add(&mut self, other: Self) {
        for (what, times) in other.0 {
            *self.0.entry(what).or_default() += times;
        }
    }
}

#[derive(Clone)]
pub(crate) struct World {
    pub(crate) server: Server,
    pub(super) devices: Vec<Device>,
    pub(super) random: Random,
    pub(super) faults: Faults,
    delayed: Delayed,
    edits: Edit,
    pub(super) founded: &'static Founded,
    /// Where each device is: only who is at the same place can talk, and the server is at 0.
    pub(super) places: Vec<usize>,
    /// Steps until all are at one place again.
    pub(super) parted: usize,
    /// Every edit that somebody made, or had, and that nothing but the loss of a disk can take away.
    pub(super) saved: BTreeSet<Edit>,
    /// Of devices that were removed how many can talk to the server for a while, in a thousand.
    pub(super) token_lives: u64,
    pub(super) drawn: Drawn,
    /// What went over the LAN.
    pub(crate) lan_bytes: usize,
    /// Bytes that go over the lines before they are cut.
    pub(crate) left: usize,
}

impl World {
    /// Four devices with clocks that are right.
    pub(crate) fn new(random: Random, faults: Faults) -> Self {
        Self::of(4, random, faults)
    }

    /// Two to seven devices, whose clocks are off where the faults say so.
    pub(crate) fn drawn(mut random: Random, faults: Faults) -> Self {
        let devices = 2 + random.below(6);
        Self::with_clocks(devices as u8, random, faults)
    }

    /// So many devices, whose clocks are off where the faults say so.
    pub(crate) fn with_clocks(devices: u8, random: Random, faults: Faults) -> Self {
        let mut world = Self::of(devices, random, faults);
        if faults.clocks {
            world.server.clock_ms = clock_off_ms(&mut world.random);
            world.devices.iter_mut().for_each(|device| device.set_clock(&mut world.random));
        }
        world
    }

    fn of(devices: u8, random: Random, faults: Faults) -> Self {
        // One that joins late is in the list.
        let founded = Founded::of(devices + 1);
        let device = |number| {
            // Devices know the list as far as their own join; the rest reaches them by sync.
            let disk = Disk::new(number, &founded.entries[..Founded::known_to(number)]);
            Device::new(disk, u64::from(number))
        };
        Self {
            server: Server::new(founded),
            devices: (1..=devices).map(device).collect(),
            random,
            faults,
            delayed: Vec::new(),
            edits: 0,
            founded,
            places: vec![0; devices.into()],
            parted: 0,
            saved: BTreeSet::new(),
            token_lives: 300,
            drawn: Drawn::default(),
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
        let unmet = self.random.next();
        let original = &self.devices[index];
        let copy = Device { copy: None, ..original.clone() };
        self.devices.push(copy.with_unmet(unmet));
        self.places.push(self.places[index]);
        self.devices.len() - 1
    }

    pub(crate) fn edit(&mut self, index: usize) -> Edit {
        self.edits += 1;
        self.devices[index].disk.edit(self.edits);
        if !self.is_removed(self.devices[index].disk.number) {
            self.saved.insert(self.edits);
        }
        self.edits
    }

    /// Whether a device was removed, by the longest list there is.
    pub(super) fn is_removed(&self, number: u8) -> bool {
        let lists = self.devices.iter().map(|device| &device.disk);
        let longest = lists.max_by_key(|disk| disk.entries.len()).unwrap();
        let newer = longest.entries.len() > self.server.entries.len();
        if newer { longest.knows_to_be_out(number) } else { self.server.is_out(number) }
    }

    pub(crate) fn sync(&mut self, index: usize) -> Ended {
        self.sync_until(index, usize::MAX)
    }

    /// A session of which so many requests arrive, and nothing after them.
    pub(super) fn sync_until(&mut self, index: usize, requests: usize) -> Ended {
        let is_out = self.server.is_out(self.devices[index].disk.number);
        let turned_away = is_out && !self.random.happens(self.token_lives);
        let reaches = if self.places[index] == 0 { requests } else { 0 };
        let mut net = Net {
            turned_away,
            reaches,
            ..net_of(
                (&mut self.server, &mut self.random, &mut self.delayed),
                (self.faults, &mut self.left, &mut self.drawn),
            )
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
                let mut net = net_of(
                    (&mut self.server, &mut self.random, &mut self.delayed),
                    (self.faults, &mut self.left, &mut self.drawn),
                );
                events[at] = self.devices[*index].perform(effects, &mut net).unwrap();
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

    /// How many envelopes lie in the server's cold storage.
    pub(crate) fn cold(&self) -> u64 {
        self.server.log.cold(clinic(1)).unwrap()
    }

    /// The server takes a floor that the administrator alone says is one, and moves what is below it.
    pub(crate) fn lie_about_floor(&self) {
        let log_epoch = self.server.log.floor(clinic(1)).unwrap().log_epoch;
        let floors = self.devices[0].disk.floors.values().map(|(_, floor)| floor.at());
        let of_log = floors.filter(|at| at.log_epoch == log_epoch);
        let last = of_log.max_by_key(|at| at.mark.seq).unwrap();
        self.server.log.raise_floor(clinic(1), last.mark, true).unwrap();
    }

    /// A computer's disk is made new; what it had not sent goes with it. Not the administrator's. It knows
    /// the list as far as its own join, as who joins does: a server that lost the join hears it again.
    pub(super) fn begin_anew(&mut self, index: usize) {
        if index > 0 && self.devices[index].disk.outbox.is_empty() {
            let unmet = self.random.next();
            let number = self.devices[index].disk.number;
            let fresh = Disk::new(number, &self.founded.entries[..Founded::known_to(number)]);
            let old = &self.devices[index];
            let device = Device { disk: fresh, copy: None, ..old.clone() };
            self.devices[index] = device.with_unmet(unmet);
        }
    }

    /// A computer that was never there before joins.
    pub(crate) fn join(&mut self) -> usize {
        let random = self.random.next();
        let number = (self.founded.entries.len() / 2 + 1) as u8;
        self.devices.push(Device::new(Disk::new(number, &self.founded.entries), random));
        self.places.push(0);
        self.devices.len() - 1
    }

    /// One device meets another, which answers. They do not talk where one knows that the other was
    /// removed.
    pub(crate) fn meet(&mut self, index: usize, other: usize) -> Option<Ended> {
        let (one, two) = (&self.devices[index].disk, &self.devices[other].disk);
        let number = two.number;
        // A clone has the same number, and nobody meets itself.
        if one.number == number || one.knows_to_be_out(number) || two.knows_to_be_out(one.number) {
            return None;
        }
        let clock_ms = self.devices[other].clock_ms;
        let mut answering = Server::of_device(two, self.server.now_ms, clock_ms);
        let is_near = self.places[index] == self.places[other];
        let mut delayed = Vec::new();
        let mut net = Net {
            reaches: if is_near { usize::MAX } else { 0 },
            ..net_of(
                (&mut answering, &mut self.random, &mut delayed),
                (self.faults, &mut self.left, &mut self.drawn),
            )
        };
        let ended = self.devices[index].meet(number, &mut net);
        self.lan_bytes += answering.bytes;
        let forks = answering.into_device(&mut self.devices[other].disk);
        self.devices[other].tell_forks(forks);
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
        let forks = self.devices[to].disk.take_file(&entries, &keys, &envelopes);
        self.devices[to].tell_forks(forks);
    }

    /// Whether the server holds an edit.
    pub(crate) fn server_holds(&self, edit: Edit) -> bool {
        self.server.held().iter().any(|envelope| edits_in(envelope).contains(&edit))
    }

    /// How many checkpoints the server holds.
    pub(crate) fn checkpoints(&self) -> usize {
        let held = self.server.held();
        held.iter().filter(|envelope| envelope.header().kind == Kind::Checkpoint).count()
    }

    /// Two devices have the same edits.
    pub(crate) fn check_edits(&self, one: usize, other: usize) {
        assert_eq!(self.devices[one].disk.edits, self.devices[other].disk.edits);
    }

    /// The administrator asks the server, by the same line.
    pub(super) fn ask_server(&mut self, push: &MembersPush) -> SyncEvent {
        let mut net = net_of(
            (&mut self.server, &mut self.random, &mut self.delayed),
            (self.faults, &mut self.left, &mut self.drawn),
        );
        net.ask(push, SyncEvent::MembersPushed)
    }

    pub(crate) fn into_drawn(self) -> Drawn {
        self.drawn
    }

    /// What was held back never comes.
    pub(super) fn forget_delayed(&mut self) {
        self.delayed.clear();
    }
}

/// The line to a peer, and who is there.
const fn net_of<'a>(
    (server, random, delayed): (&'a mut Server, &'a mut Random, &'a mut Delayed),
    (faults, left, drawn): (Faults, &'a mut usize, &'a mut Drawn),
) -> Net<'a> {
    let (reaches, turned_away) = (usize::MAX, false);
    Net { server, random, delayed, faults, left, reaches, turned_away, drawn }
}
