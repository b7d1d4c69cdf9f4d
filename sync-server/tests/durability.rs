//! Power cuts, restarts and copies: what was acknowledged is there, and what is not is visible.

use crate::common;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::common::{Process, World, copy_folder, founder, log_epoch, read_log};
use sync::cursor::Cursor;
use sync::fixtures::run;
use sync::membership::EntryError;
use sync::wire::{LogVerdict, MembersPush, MembersVerdict, OwnVerdict, Verdict};
use tempfile::tempdir;

#[tokio::test]
async fn a_restart_keeps_everything_and_the_pin() {
    let folder = tempdir().unwrap();
    let first = Process::start(folder.path());
    let (world, mut courier) = founder(&first).await;
    let sent = run(1, 1, 3);
    courier.push(&world.push(&sent)).await.unwrap();
    let before = read_log(&world, &mut courier).await;
    let pin = first.server.pin();
    first.kill();
    let second = Process::start(folder.path());
    assert_eq!(second.server.pin(), pin);
    let mut courier = world.courier(second.client(), 1);
    assert_eq!(read_log(&world, &mut courier).await, before);
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_when_the_server_is_killed() {
    const ROUNDS: usize = 6;
    let folder = tempdir().unwrap();
    let sent = Arc::new(run(1, 1, 4000));
    let mut world = World::found(1);
    let mut acknowledged = 0;
    for round in 0..ROUNDS {
        let server = Process::start(folder.path());
        let mut courier = world.courier(server.client(), 1);
        courier.members_push(world.entries.clone()).await.unwrap();
        let (cursor, got) = read_log(&world, &mut courier).await;
        assert!(got.len() >= acknowledged, "round {round}: {} of {acknowledged}", got.len());
        assert_eq!(got, sent[..got.len()]);
        assert_eq!(cursor.mark, fold(&got));
        let told = Arc::new(AtomicUsize::new(got.len()));
        let pushing = tokio::spawn(push_on(world, courier, Arc::clone(&sent), Arc::clone(&told)));
        // Killed in the midst of it: after a number of pushes that differs by round.
        let enough = got.len() + 7 + 20 * round;
        while told.load(Ordering::SeqCst) < enough {
            tokio::task::yield_now().await;
        }
        server.kill();
        world = pushing.await.unwrap();
        acknowledged = told.load(Ordering::SeqCst);
    }
    assert!(acknowledged >= 7 * ROUNDS);
}

/// Pushes one after the other until the server is gone.
async fn push_on(
    world: World,
    mut courier: link::Courier,
    sent: Arc<Vec<sync::envelope::Envelope>>,
    told: Arc<AtomicUsize>,
) -> World {
    let mut at = told.load(Ordering::SeqCst);
    while let Ok(reply) = courier.push(&world.push(&sent[at..at + 2])).await {
        assert!(reply.verdicts.iter().all(|verdict| matches!(verdict, Verdict::Stored { .. })));
        at += 2;
        told.store(at, Ordering::SeqCst);
    }
    world
}

fn fold(envelopes: &[sync::envelope::Envelope]) -> sync::cursor::Mark {
    envelopes.iter().fold(sync::cursor::Mark::START, |mark, envelope| mark.then(envelope.id()))
}

#[tokio::test]
async fn a_folder_put_back_from_a_copy_is_visible_and_repaired() {
    let folder = tempdir().unwrap();
    let (live, copy) = (folder.path().join("live"), folder.path().join("copy"));
    let sent = run(1, 1, 6);
    let server = Process::start(&live);
    let (mut world, mut courier) = founder(&server).await;
    courier.push(&world.push(&sent[..2])).await.unwrap();
    server.kill();
    copy_folder(&live, &copy);
    let server = Process::start(&live);
    let mut courier = world.courier(server.client(), 1);
    // Since the copy: a device joined by an invite that has ended by now, and more was recorded.
    world.join(2, -200);
    courier.members_push(world.entries.clone()).await.unwrap();
    courier.push(&world.push(&sent)).await.unwrap();
    let theirs = run(2, 1, 3);
    world.courier(server.client(), 2).push(&world.push(&theirs)).await.unwrap();
    let (cursor, all) = read_log(&world, &mut courier).await;
    server.kill();
    fs::remove_dir_all(&live).unwrap();
    copy_folder(&copy, &live);

    let server = Process::start(&live);
    let mut courier = world.courier(server.client(), 1);
    let mut hello = world.hello(1);
    hello.cursor = Some(cursor);
    hello.own = Some(common::last(&sent));
    let reply = courier.hello(&hello).await.unwrap();
    let LogVerdict::Other { log_epoch, have } = reply.log else { panic!("not seen") };
    assert_eq!(log_epoch, cursor.log_epoch);
    assert_eq!(reply.own, OwnVerdict::Held(vec![common::last(&sent[..2])]));
    assert_eq!((reply.head, have.iter().count()), (2, 1));
    assert_eq!(reply.members.unwrap().count, 1);
    // Another device may have brought other envelopes meanwhile: the chain tells that too.
    while common::now_ms() <= invite_end(&world) {
        tokio::task::yield_now().await;
    }
    let push = MembersPush { clinic: world.clinic, entries: world.entries.clone() };
    let stranger = server.client().members_push(None, &push).await.unwrap();
    assert_eq!(stranger.verdict, MembersVerdict::Refused(EntryError::Expired));
    let reply = courier.members_push(world.entries.clone()).await.unwrap();
    assert_eq!(reply.verdict, MembersVerdict::Stored);
    courier.push(&world.push(&theirs)).await.unwrap();
    courier.push(&world.push(&sent)).await.unwrap();
    let (mended, again) = read_log(&world, &mut courier).await;
    assert_eq!(again.len(), all.len());
    assert_eq!(mended.mark.seq, cursor.mark.seq);
    assert_ne!(mended.mark, cursor.mark);
    let reply = courier.hello(&hello).await.unwrap();
    assert!(matches!(reply.log, LogVerdict::Other { .. }), "another history of the same length");
}

fn invite_end(world: &World) -> i64 {
    let ends = world.entries.iter().filter_map(|signed| match &signed.entry().body {
        sync::membership::EntryBody::Invite(invite) => Some(invite.expires_at_ms),
        _ => None,
    });
    ends.max().unwrap()
}

#[tokio::test]
async fn an_emptied_folder_is_another_server() {
    let folder = tempdir().unwrap();
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    let first = Process::start(&one);
    let (world, mut courier) = founder(&first).await;
    courier.push(&world.push(&run(1, 1, 2))).await.unwrap();
    let (cursor, _) = read_log(&world, &mut courier).await;
    let second = Process::start(&two);
    assert_ne!(second.server.pin(), first.server.pin());
    let mut courier = world.courier(second.client(), 1);
    courier.members_push(world.entries.clone()).await.unwrap();
    assert_ne!(log_epoch(&world, &mut courier).await, cursor.log_epoch);
    let mut hello = world.hello(1);
    hello.cursor = Some(Cursor::start(cursor.log_epoch));
    assert!(matches!(courier.hello(&hello).await.unwrap().log, LogVerdict::Other { .. }));
}
