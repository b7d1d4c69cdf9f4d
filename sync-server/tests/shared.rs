//! Several servers on one database: what one grants the other takes, what one appends wakes who
//! listens at the other, and one that is killed takes nothing with it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use link::{Courier, WakeStream};
use sync::envelope::Envelope;
use sync::fixtures::{device, key, run};
use sync::ids::{EnvelopeId, RoomId};
use sync::wire::{
    ChallengeRequest, Principal, RefusalCode, RoomGet, RoomMessage, RoomOpen, RoomPut, RoomStored,
    RoomVerdict, TokenRequest, Verdict,
};
use tempfile::{TempDir, tempdir};
use tokio::time::timeout;

use crate::common::database::TestDatabase;
use crate::common::{Process, World, fails, read_log, refused, stored};

/// Longer than a busy machine takes, and never waited for where things work.
const LONG: Duration = Duration::from_secs(60);

/// Two servers on one database, with one key.
struct Pair {
    first: Process,
    second: Process,
    folders: [TempDir; 2],
    database: TestDatabase,
}

impl Pair {
    async fn start() -> Self {
        let database = TestDatabase::make().await;
        let folders = [tempdir().unwrap(), tempdir().unwrap()];
        let [one, two] = &folders;
        let first = start(one.path(), &database);
        fs::copy(one.path().join("identity.pem"), two.path().join("identity.pem")).unwrap();
        let second = start(two.path(), &database);
        Self { first, second, folders, database }
    }
}

fn start(folder: &Path, database: &TestDatabase) -> Process {
    Process::start_with(folder, &["--database-url", &database.url()])
}

#[tokio::test]
async fn what_one_server_takes_in_the_other_has() {
    let pair = Pair::start().await;
    assert_eq!(pair.first.server.pin(), pair.second.server.pin());
    let world = World::found(1);
    let mut at_first = world.courier(pair.first.client(), 1);
    at_first.members_push(world.entries.clone()).await.unwrap();
    let envelopes = run(1, 1, 5);
    let reply = at_first.push(&world.push(&envelopes[..3])).await.unwrap();
    assert_eq!(reply.verdicts, stored(1, 3));
    let mut at_second = world.courier(pair.second.client(), 1);
    let reply = at_second.push(&world.push(&envelopes)).await.unwrap();
    let known = (1..=3).map(|seq| Verdict::Duplicate { seq });
    assert_eq!(reply.verdicts, known.chain(stored(4, 2)).collect::<Vec<_>>());
    for courier in [&mut at_first, &mut at_second] {
        let (_, held) = read_log(&world, courier).await;
        assert_eq!(held, envelopes);
    }
}

#[tokio::test]
async fn a_device_that_one_server_shuts_out_is_shut_out_at_the_other() {
    let pair = Pair::start().await;
    let mut world = World::found(1);
    world.join(2, -60_000);
    let mut admin = world.courier(pair.first.client(), 1);
    admin.members_push(world.entries.clone()).await.unwrap();
    let mut two = world.courier(pair.second.client(), 2);
    two.push(&world.push(&run(2, 1, 1))).await.unwrap();
    world.revoke(2);
    admin.members_push(world.entries.clone()).await.unwrap();
    let again = two.push(&world.push(&run(2, 1, 2))).await;
    assert_eq!(refused(again), RefusalCode::Revoked);
}

/// The two sides of a room need not have the same server.
#[tokio::test]
async fn a_room_is_one_at_both_servers() {
    let pair = Pair::start().await;
    let world = World::found(1);
    let mut admin = world.courier(pair.first.client(), 1);
    admin.members_push(world.entries.clone()).await.unwrap();
    let room = RoomId([8; 32]);
    let open = RoomOpen { clinic: world.clinic, room, life_s: 60 };
    let opened = admin.room_open(&open).await.unwrap().verdict;
    assert!(matches!(opened, RoomVerdict::Open { .. }), "{opened:?}");
    let put = |place| RoomPut { room, message: RoomMessage { place, bytes: vec![place; 4] } };
    assert_eq!(pair.second.client().room_put(&put(0)).await.unwrap(), RoomStored::Kept);
    assert_eq!(pair.first.client().room_put(&put(1)).await.unwrap(), RoomStored::Kept);
    for server in [&pair.first, &pair.second] {
        let lies = server.client().room_get(&RoomGet { room }).await.unwrap();
        assert_eq!((lies.at(0), lies.at(1)), (Some(&[0; 4][..]), Some(&[1; 4][..])));
    }
}

#[tokio::test]
async fn who_listens_at_one_server_is_woken_by_the_other() {
    let pair = Pair::start().await;
    let world = World::found(1);
    let mut at_first = world.courier(pair.first.client(), 1);
    at_first.members_push(world.entries.clone()).await.unwrap();
    let mut at_second = world.courier(pair.second.client(), 1);
    let mut listening = at_second.wake().await.unwrap();
    heard(&mut listening, &mut at_first, &world).await;
}

/// Pushes one by one until who listens at the other server is woken by it; how many were sent. The
/// servers connect their bells beside their start: what is appended before that is not heard.
pub(crate) async fn heard(
    listening: &mut WakeStream,
    at_first: &mut Courier,
    world: &World,
) -> usize {
    for (sent, envelope) in (1..).zip(run(1, 1, 50)) {
        at_first.push(&world.push(&[envelope])).await.unwrap();
        // Wakes that say nothing new come too: at the beginning, and when a bell is connected.
        while let Ok(head) = timeout(Duration::from_millis(500), listening.next()).await {
            let head = head.unwrap();
            assert!(head <= sent as u64, "{head} of {sent}");
            if head > 0 {
                return sent;
            }
        }
    }
    panic!("nobody was woken");
}

/// What the last exchange of a server that ends has appended is told to the others all the same.
#[tokio::test]
async fn what_is_appended_last_is_told_before_a_server_ends() {
    let mut pair = Pair::start().await;
    let world = World::found(1);
    let mut at_first = world.courier(pair.first.client(), 1);
    at_first.members_push(world.entries.clone()).await.unwrap();
    let mut listening = world.courier(pair.second.client(), 1).wake().await.unwrap();
    let sent = heard(&mut listening, &mut at_first, &world).await;
    at_first.push(&world.push(&run(1, 1, 60)[sent..])).await.unwrap();
    assert!(pair.first.terminate().success());
    let told = async { while listening.next().await.unwrap() < 60 {} };
    timeout(LONG, told).await.unwrap();
}

#[tokio::test]
async fn a_challenge_buys_one_token_at_both_servers_together() {
    let pair = Pair::start().await;
    let world = World::found(1);
    let client = pair.first.client();
    world.courier(client.clone(), 1).members_push(world.entries.clone()).await.unwrap();
    let request =
        ChallengeRequest { clinic: world.clinic, principal: Principal::Device(device(1)) };
    let challenge = client.challenge(&request).await.unwrap();
    let signed = TokenRequest::sign(request, &challenge, &pair.first.server.pin(), &key(1));
    pair.second.client().token(&signed).await.unwrap();
    assert_eq!(refused(client.token(&signed).await), RefusalCode::NotAuthenticated);
}

/// Four devices push through two restarts at the same address.
#[tokio::test]
async fn a_restart_under_load_loses_nothing() {
    const EACH: u64 = 240;
    let (folder, database) = (tempdir().unwrap(), TestDatabase::make().await);
    let mut server = start(folder.path(), &database);
    let listen = format!("127.0.0.1:{}", server.port());
    let mut world = World::found(1);
    (2..=4).for_each(|number| world.join(number, -3_600_000));
    let mut watching = world.courier(server.client(), 1);
    watching.members_push(world.entries.clone()).await.unwrap();
    let world = Arc::new(world);
    let taken = Arc::new(AtomicUsize::new(0));
    let pushing: Vec<_> = (1..=4)
        .map(|number| {
            let courier = world.courier(server.client(), number);
            let sent = run(number, 1, EACH);
            tokio::spawn(push_through(Arc::clone(&world), courier, sent, Arc::clone(&taken)))
        })
        .collect();
    for enough in [100, 400] {
        while taken.load(Ordering::SeqCst) < enough {
            tokio::task::yield_now().await;
        }
        assert!(server.terminate().success());
        server = Process::start_with(
            folder.path(),
            &["--database-url", &database.url(), "--listen", &listen],
        );
    }
    let mut acknowledged = BTreeMap::new();
    for device in pushing {
        acknowledged.extend(device.await.unwrap());
    }
    let (_, held) = read_log(&world, &mut world.courier(server.client(), 1)).await;
    assert_eq!(held.len() as u64, 4 * EACH, "nothing is there twice");
    for (seq, envelope) in (1..).zip(&held) {
        assert_eq!(acknowledged.get(&envelope.id()), Some(&seq));
    }
}

/// Pushes until everything was acknowledged, whoever is gone meanwhile; each envelope with its place.
async fn push_through(
    world: Arc<World>,
    mut courier: Courier,
    sent: Vec<Envelope>,
    taken: Arc<AtomicUsize>,
) -> Vec<(EnvelopeId, u64)> {
    let mut acknowledged = Vec::new();
    for batch in sent.chunks(4) {
        let push = world.push(batch);
        let reply = loop {
            match courier.push(&push).await {
                Ok(reply) => break reply,
                Err(_) => tokio::task::yield_now().await,
            }
        };
        for (envelope, verdict) in batch.iter().zip(reply.verdicts) {
            let (Verdict::Stored { seq } | Verdict::Duplicate { seq }) = verdict else {
                panic!("{verdict:?}")
            };
            acknowledged.push((envelope.id(), seq));
        }
        taken.fetch_add(batch.len(), Ordering::SeqCst);
    }
    acknowledged
}

#[tokio::test]
async fn a_server_that_is_killed_under_load_takes_nothing_with_it() {
    let pair = Pair::start().await;
    let world = World::found(1);
    let mut at_first = world.courier(pair.first.client(), 1);
    at_first.members_push(world.entries.clone()).await.unwrap();
    let envelopes = run(1, 1, 300);
    let pushing = {
        let (client, envelopes) = (pair.first.client(), envelopes.clone());
        let mut courier = world.courier(client, 1);
        let batches: Vec<_> = envelopes.chunks(3).map(|batch| world.push(batch)).collect();
        tokio::spawn(async move {
            let mut acknowledged = 0;
            for batch in batches {
                let Ok(reply) = courier.push(&batch).await else { break };
                acknowledged += reply.verdicts.len();
            }
            acknowledged
        })
    };
    // Killed while it is at work: some batches are in, and not all.
    let mut watching = world.courier(pair.second.client(), 1);
    while read_log(&world, &mut watching).await.1.len() < 30 {}
    pair.first.kill();
    let acknowledged = pushing.await.unwrap();
    let (_, held) = read_log(&world, &mut watching).await;
    assert!(held.len() < envelopes.len(), "it was killed too late to show anything");
    assert!(held.len() >= acknowledged, "{} of {acknowledged}", held.len());
    assert_eq!(held, envelopes[..held.len()]);
    // The rest goes to the other server, which knows what is there already.
    watching.push(&world.push(&envelopes[held.len()..])).await.unwrap();
    assert_eq!(read_log(&world, &mut watching).await.1, envelopes);
}

#[tokio::test]
async fn a_server_says_in_one_line_why_it_does_not_start_on_a_database() {
    let pair = Pair::start().await;
    let (other, url) = (tempdir().unwrap(), pair.database.url());
    let check = |folder: &Path, url: &str, words: &str| {
        let (code, told) = fails(folder, &["--database-url", url]);
        assert_eq!(code, 1, "{told}");
        assert!(told.contains(words), "{told}");
        assert_eq!(told.lines().count(), 1, "{told}");
    };
    check(other.path(), &url, "copy identity.pem of one of them");
    check(other.path(), "not an address", "has the form postgresql://USER@HOST/NAME");
    check(other.path(), "postgresql://nobody@127.0.0.1:1/none", "cannot be reached");
    check(other.path(), &format!("{url} sslmode=require"), "--database-ca");
    fs::write(other.path().join("log.sqlite3"), "").unwrap();
    check(other.path(), &url, "has a log of its own");
    fs::remove_file(other.path().join("log.sqlite3")).unwrap();
    let mighty = url.replace("user=fieldchart_app", "user=postgres");
    check(pair.folders[0].path(), &mighty, "another server uses the data folder");
    check(other.path(), &mighty, "give the server a role of its own");
}

/// Where the address is lost, no empty log is begun in the folder beside the one that all rely on.
#[tokio::test]
async fn a_server_whose_database_is_not_named_any_more_does_not_start() {
    let (folder, database) = (tempdir().unwrap(), TestDatabase::make().await);
    let (code, _) = fails(folder.path(), &["--database-url", "postgresql://x@127.0.0.1:1/none"]);
    assert_eq!(code, 1);
    let mark = folder.path().join("log-in-database");
    assert!(!mark.exists(), "it never served with that one");
    start(folder.path(), &database).kill();
    assert!(fs::read_to_string(&mark).unwrap().contains("lies in a database"));
    for arguments in [&[][..], &["--no-new-clinics"], &["--memory"]] {
        let (code, told) = fails(folder.path(), arguments);
        assert_eq!((code, told.lines().count()), (1, 1), "{told}");
        let way_out = ["FIELDCHART_DATABASE_URL", "/log-in-database", "remove that file first"];
        assert!(way_out.iter().all(|it| told.contains(it)), "{told}");
    }
    assert!(!folder.path().join("log.sqlite3").exists());
    // Nor is another key made for the log in the database.
    let identity = folder.path().join("identity.pem");
    let pem = fs::read(&identity).unwrap();
    fs::remove_file(&identity).unwrap();
    let (_, told) = fails(folder.path(), &["--database-url", &database.url()]);
    assert!(told.contains("identity.pem is missing") && !identity.exists(), "{told}");
    fs::write(&identity, pem).unwrap();
    start(folder.path(), &database).kill();
    fs::remove_file(&mark).unwrap();
    Process::start(folder.path());
}
