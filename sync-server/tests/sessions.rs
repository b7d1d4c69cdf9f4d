//! Whole sessions of several devices over the real server: what one records, all hold, whatever
//! happens to the server or to a device on the way.

#[path = "../../crates/sync/tests/network/disk/mod.rs"]
#[allow(dead_code, reason = "the network of the engine's tests uses the rest")]
mod disk;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::common::{Process, World, copy_folder, now_ms, read_log};
use disk::{Disk, Edit};
use link::Courier;
use sync::ids::EnvelopeId;
use sync::session::{Effect, Failure, Policy, SyncEvent, SyncSession};
use tempfile::tempdir;

const POLICY: Policy = Policy { attempts_max: 2, pause_ms: 1, pause_ms_max: 1 };

struct Device {
    disk: Disk,
    courier: Courier,
    alarms: Vec<String>,
}

impl Device {
    fn new(world: &World, server: &Process, number: u8) -> Self {
        let courier = world.courier(server.client(), number);
        Self { disk: Disk::new(number, &world.entries), courier, alarms: Vec::new() }
    }

    /// Syncs to the end, or until `steps` effects were done.
    async fn sync(&mut self, mut steps: usize) -> Option<Option<Failure>> {
        let mut session = SyncSession::new(self.disk.local(), POLICY);
        let (mut event, mut now) = (SyncEvent::Start, now_ms());
        loop {
            let mut next = None;
            for effect in session.handle(event, now) {
                if steps == 0 {
                    return None;
                }
                steps -= 1;
                next = match self.courier.perform(effect).await {
                    Ok(event) => Some(event),
                    Err(Effect::Finished(summary)) => return Some(summary.failure),
                    Err(Effect::Wait { until_ms }) => {
                        now = now.max(until_ms);
                        Some(SyncEvent::Due)
                    }
                    Err(effect) => self.act(effect).await,
                };
            }
            event = next.unwrap();
        }
    }

    async fn act(&mut self, effect: Effect) -> Option<SyncEvent> {
        let disk = &mut self.disk;
        Some(match effect {
            Effect::PushMembers { from } => {
                let entries = disk.entries[from as usize..].to_vec();
                SyncEvent::MembersPushed(self.courier.members_push(entries).await.unwrap())
            }
            Effect::StoreMembers(entries) => {
                let result = entries.iter().try_for_each(|entry| disk.members.apply(entry));
                disk.entries.extend(entries);
                disk.recheck();
                SyncEvent::MembersStored(result.map(|()| disk.members.head()))
            }
            Effect::StoreKeys { keys, log_epoch, through } => {
                disk.keys.extend(keys);
                disk.keys_read = Some((log_epoch, through));
                disk.recheck();
                SyncEvent::KeysStored
            }
            Effect::Load { lacking, after, limit } => {
                SyncEvent::Loaded(disk.load(&lacking, after, limit))
            }
            Effect::Seal { generation, limit, .. } => {
                SyncEvent::Sealed(disk.seal(generation, limit))
            }
            Effect::Receive { envelopes, held, passed } => {
                let differing = disk.compare(&passed, &envelopes);
                disk.see(&envelopes, &held);
                let forks = envelopes.iter().filter_map(|e| disk.receive(e)).collect();
                let all_held =
                    held.iter().all(|b| disk.holds(b.lane, b.position.counter, b.position.id));
                SyncEvent::Received { all_held, forks, differing, outlook: None }
            }
            Effect::OpenGeneration(generation) => {
                disk.generation = generation;
                return None;
            }
            Effect::Reseal { lane, from } => {
                disk.reseal(lane, from);
                return None;
            }
            Effect::NotePeer(have) => {
                disk.note_peer(&have);
                return None;
            }
            Effect::Acknowledge { stored, keys_read } => {
                disk.acknowledge(&stored);
                disk.keys_read = keys_read.or(disk.keys_read);
                return None;
            }
            Effect::SaveCursor(cursor) => {
                disk.save(cursor, now_ms());
                return None;
            }
            Effect::Foresee(_) => return None,
            Effect::RaiseAlarm(alarm) => {
                self.alarms.push(format!("{alarm:?}"));
                return None;
            }
            other => panic!("{other:?} is not for the host"),
        })
    }

    fn meet(&mut self, world: &World, server: &Process) {
        self.courier = world.courier(server.client(), self.disk.number);
    }
}

/// A clinic of three devices that the server knows.
async fn clinic(server: &Process) -> (World, Vec<Device>) {
    let mut world = World::found(1);
    world.join(2, -60_000);
    world.join(3, -60_000);
    let mut devices: Vec<_> = (1..=3).map(|number| Device::new(&world, server, number)).collect();
    devices[0].courier.members_push(world.entries.clone()).await.unwrap();
    (world, devices)
}

fn record(devices: &mut [Device], edits: &mut BTreeSet<Edit>, count: u64) {
    for _ in 0..count {
        let edit = edits.len() as Edit;
        devices[edit as usize % 3].disk.edit(edit);
        edits.insert(edit);
    }
}

async fn converge(devices: &mut [Device]) {
    for _ in 0..2 {
        for device in devices.iter_mut() {
            assert_eq!(device.sync(usize::MAX).await, Some(None));
        }
    }
}

fn all_hold(devices: &[Device], edits: &BTreeSet<Edit>) {
    for device in devices {
        assert!(device.disk.edits == *edits, "device {}", device.disk.number);
        assert!(device.disk.quarantine.is_empty(), "{:?}", device.disk.quarantine);
    }
}

#[tokio::test]
async fn what_one_records_all_hold() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path());
    let (_, mut devices) = clinic(&server).await;
    let mut edits = BTreeSet::new();
    for _ in 0..3 {
        record(&mut devices, &mut edits, 30);
        converge(&mut devices).await;
        all_hold(&devices, &edits);
    }
    assert!(devices.iter().all(|device| device.alarms.is_empty()));
}

#[tokio::test]
async fn a_server_that_is_killed_again_and_again_loses_nothing() {
    let folder = tempdir().unwrap();
    let mut server = Process::start(folder.path());
    let (world, mut devices) = clinic(&server).await;
    let mut edits = BTreeSet::new();
    for steps in 3..15 {
        record(&mut devices, &mut edits, 12);
        for device in &mut devices {
            // Cut off between two effects; sometimes it is done before.
            let _cut = device.sync(steps).await;
        }
        server.kill();
        assert_eq!(devices[0].sync(usize::MAX).await, Some(Some(Failure::Unreachable)));
        server = Process::start(folder.path());
        devices.iter_mut().for_each(|device| device.meet(&world, &server));
    }
    converge(&mut devices).await;
    all_hold(&devices, &edits);
    let (_, log) = read_log(&world, &mut devices[0].courier).await;
    let log: BTreeSet<EnvelopeId> = log.iter().map(|envelope| envelope.id()).collect();
    for device in &devices {
        assert!(device.disk.acknowledged.is_subset(&log));
        assert_eq!(device.disk.ids(), log);
    }
}

#[tokio::test]
async fn a_server_put_back_from_a_copy_is_told_and_filled_again() {
    let folder = tempdir().unwrap();
    let (live, copy) = (folder.path().join("live"), folder.path().join("copy"));
    let server = Process::start(&live);
    let (world, mut devices) = clinic(&server).await;
    let mut edits = BTreeSet::new();
    record(&mut devices, &mut edits, 20);
    converge(&mut devices).await;
    server.kill();
    copy_folder(&live, &copy);
    let server = Process::start(&live);
    devices.iter_mut().for_each(|device| device.meet(&world, &server));
    record(&mut devices, &mut edits, 20);
    converge(&mut devices).await;
    server.kill();
    let server = restore(&copy, &live);
    devices.iter_mut().for_each(|device| device.meet(&world, &server));
    record(&mut devices, &mut edits, 5);
    converge(&mut devices).await;
    all_hold(&devices, &edits);
    // The first to come is told, and brings back what is missing. Those after it may find the very
    // log they knew.
    let told = devices[0].alarms.iter().filter(|alarm| alarm.contains("LogReplaced"));
    assert_eq!(told.count(), 1);
    // A device that comes for the first time finds everything.
    let mut world = world;
    world.join(4, -60_000);
    devices[0].courier.members_push(world.entries.clone()).await.unwrap();
    let mut fourth = Device::new(&world, &server, 4);
    assert_eq!(fourth.sync(usize::MAX).await, Some(None));
    assert!(fourth.disk.edits == edits);
}

fn restore(copy: &Path, live: &Path) -> Process {
    fs::remove_dir_all(live).unwrap();
    copy_folder(copy, live);
    Process::start(live)
}

#[tokio::test]
async fn a_device_put_back_from_a_copy_goes_on() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path());
    let (_, mut devices) = clinic(&server).await;
    let mut edits = BTreeSet::new();
    record(&mut devices, &mut edits, 12);
    converge(&mut devices).await;
    let copy = devices[0].disk.clone();
    record(&mut devices, &mut edits, 12);
    converge(&mut devices).await;
    devices[0].disk = copy;
    // Offline, before it meets anyone.
    devices[0].disk.edit(1000);
    edits.insert(1000);
    converge(&mut devices).await;
    all_hold(&devices, &edits);
    assert!(devices[0].alarms.iter().any(|alarm| alarm.contains("Restored")));
}
