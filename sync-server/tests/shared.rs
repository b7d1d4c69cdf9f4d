//! Several servers on one database: what one grants the other takes, what one appends wakes who
//! listens at the other, and one that is killed takes nothing with it.

use std::fs;
use std::path::Path;
use std::time::Duration;

use sync::fixtures::run;
use sync::wire::Verdict;
use tempfile::{TempDir, tempdir};
use tokio::time::timeout;

use crate::common::database::TestDatabase;
use crate::common::{Process, World, fails, read_log, stored};

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
    let mut device = world.courier(pair.second.client(), 2);
    device.push(&world.push(&run(2, 1, 1))).await.unwrap();
    world.revoke(2);
    admin.members_push(world.entries.clone()).await.unwrap();
    let refused = crate::common::refused(device.push(&world.push(&run(2, 1, 2))).await);
    assert_eq!(refused, sync::wire::RefusalCode::Revoked);
}

#[tokio::test]
async fn who_listens_at_one_server_is_woken_by_the_other() {
    let pair = Pair::start().await;
    let world = World::found(1);
    let mut at_first = world.courier(pair.first.client(), 1);
    at_first.members_push(world.entries.clone()).await.unwrap();
    let mut at_second = world.courier(pair.second.client(), 1);
    let mut listening = at_second.wake().await.unwrap();
    assert_eq!(listening.next().await.unwrap(), 0);
    // The servers connect their bells beside their start: what is appended before that is not
    // heard, what follows is.
    let envelopes = run(1, 1, 50);
    let mut sent = 0;
    let woken = loop {
        at_first.push(&world.push(&envelopes[sent..=sent])).await.unwrap();
        sent += 1;
        let woken = timeout(Duration::from_millis(500), listening.next()).await;
        match woken {
            Ok(head) => break head.unwrap(),
            Err(_) => assert!(sent < envelopes.len(), "nobody was woken"),
        }
    };
    assert!(woken >= 1 && woken <= sent as u64, "{woken} of {sent}");
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
