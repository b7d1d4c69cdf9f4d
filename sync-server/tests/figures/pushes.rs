//! How fast one clinic's envelopes are taken in.

use std::sync::Arc;
use std::time::Instant;

use sync::envelope::Envelope;
use sync::fixtures::{clinic, envelope};
use sync::ids::EnvelopeId;
use sync::wire::Verdict;
use sync_server::measure::ClinicLog;
use tempfile::tempdir;
use tokio::runtime::Runtime;

use crate::common::database::TestDatabase;
use crate::common::{Process, World};
use crate::processor::Taken;
use crate::{RUNS, Runs};

/// Envelopes in one push.
const PUSH: usize = 100;
/// Bytes of a body, about what a recorded entry takes.
const BODY: usize = 512;
/// Envelopes of one device in one run.
const EACH: usize = 5_000;
/// Devices that push at once.
const DEVICES: u8 = 4;

/// What a device sends in one run, signed before the clock starts.
fn sealed(device: u8, generation: u32) -> Vec<Envelope> {
    let mut prev = EnvelopeId::NONE;
    (1..=EACH as u64)
        .map(|counter| {
            let next = envelope(device, generation, counter, prev, (counter as u8, BODY));
            prev = next.id();
            next
        })
        .collect()
}

fn all_stored(verdicts: &[Verdict]) -> bool {
    verdicts.len() == PUSH && verdicts.iter().all(|it| matches!(it, Verdict::Stored { .. }))
}

/// At the log itself: by one, and by as many as devices push at once.
pub(crate) fn at_the_log(runtime: &Runtime) {
    let database = runtime.block_on(TestDatabase::make());
    let open = || runtime.block_on(ClinicLog::open(database.url(), clinic(1))).unwrap();
    let (log, mut generation) = (open(), 0);
    log.found().unwrap();
    for devices in [1, DEVICES] {
        let mut runs = Runs::default();
        for _ in 0..RUNS {
            generation += 1;
            let sent: Vec<_> = (1..=devices).map(|device| sealed(device, generation)).collect();
            let (started, before) = (Instant::now(), Taken::by(std::process::id()));
            std::thread::scope(|scope| {
                for one in &sent {
                    scope.spawn(|| {
                        for push in one.chunks(PUSH) {
                            assert!(all_stored(&log.append(push).unwrap()));
                        }
                    });
                }
            });
            runs.clock.push(started.elapsed());
            runs.processor.push(Taken::by(std::process::id()).since(before));
        }
        let what = format!(
            "one clinic on PostgreSQL, at the log: pushes of {PUSH} envelopes of {BODY} bytes by \
             {devices} at once"
        );
        runs.tell(&what, EACH * usize::from(devices), 10_000);
    }
}

/// Over HTTP and TLS to a process of its own, each signature checked.
pub(crate) async fn end_to_end() {
    let (folder, database) = (tempdir().unwrap(), TestDatabase::make().await);
    let server = Process::start_with(folder.path(), &["--database-url", &database.url()]);
    let mut world = World::found(1);
    (2..=DEVICES).for_each(|number| world.join(number, -3_600_000));
    world.courier(server.client(), 1).members_push(world.entries.clone()).await.unwrap();
    let world = Arc::new(world);
    for devices in [1, DEVICES] {
        let mut runs = Runs::default();
        for run in 0..RUNS as u32 {
            let generation = run + 1 + 100 * u32::from(devices);
            let mut ready = Vec::new();
            for device in 1..=devices {
                let mut courier = world.courier(server.client(), device);
                courier.hello(&world.hello(device)).await.unwrap();
                let sent = sealed(device, generation);
                let pushes: Vec<_> = sent.chunks(PUSH).map(|push| world.push(push)).collect();
                ready.push((courier, pushes));
            }
            let (started, before) = (Instant::now(), Taken::by(server.pid()));
            let tasks: Vec<_> = ready
                .into_iter()
                .map(|(mut courier, pushes)| {
                    tokio::spawn(async move {
                        for push in pushes {
                            let reply = courier.push(&push).await.unwrap();
                            assert!(all_stored(&reply.verdicts));
                        }
                    })
                })
                .collect();
            for task in tasks {
                task.await.unwrap();
            }
            runs.clock.push(started.elapsed());
            runs.processor.push(Taken::by(server.pid()).since(before));
        }
        let what = format!(
            "the same end to end: HTTP and TLS to a server process, signatures checked, by \
             {devices} devices at once"
        );
        runs.tell(&what, EACH * usize::from(devices), 3_000);
    }
}
