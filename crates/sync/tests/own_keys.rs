//! A device does not read what it put into a table of keys itself.
#![allow(clippy::unwrap_used, clippy::panic, reason = "this is a test")]

use sync::fixtures::{run, wrapped_key};
use sync::session::{Effect, Failure, Outgoing, SyncEvent};
use sync::wire::{HelloReply, KeysPage, KeysPlaced, PushReply, Verdict};

use crate::lying_server::{LOG, NOW_MS, failure, greeted, hello, page};

/// What follows the reply to a push of two keys of its document, where five places of the table were
/// read before, and the first page that comes after it.
fn pushed(placed: Option<KeysPlaced>, head: u64) -> (Vec<Effect>, Vec<Effect>) {
    let (mut session, _) = greeted(HelloReply { keys_head: 5, ..hello() });
    let keys = KeysPage { keys: Vec::new(), end: 5, head: 5 };
    session.handle(SyncEvent::Keys(keys), NOW_MS);
    session.handle(SyncEvent::KeysStored, NOW_MS);
    let envelope = run(1, 1, 3).remove(2);
    let tag = envelope.header().doc_tag;
    let epoch = envelope.header().key_epoch;
    let keys = vec![wrapped_key(tag, epoch, 1), wrapped_key(tag, epoch, 2)];
    let sent =
        session.handle(SyncEvent::Sealed(Outgoing { envelopes: vec![envelope], keys }), NOW_MS);
    let Some(Effect::SendPush(push)) = sent.last() else { panic!("{sent:?}") };
    assert_eq!(push.keys.len(), 2);
    let verdicts = vec![Verdict::Stored { seq: 9 }];
    let told = session.handle(SyncEvent::Pushed(PushReply { verdicts, keys: placed }), NOW_MS);
    session.handle(SyncEvent::Sealed(Outgoing::default()), NOW_MS);
    let mut page = page();
    page.keys_head = head;
    let next = session.handle(SyncEvent::Page(page), NOW_MS);
    (told, next)
}

#[test]
fn own_keys_are_not_read_where_nobody_elses_stand_between() {
    let check =
        |placed: Option<(u64, u64)>, head: u64, expected: Option<u64>, asks: Option<u64>| {
            let places = placed.map(|(before, after)| KeysPlaced { before, after });
            let (told, next) = pushed(places, head);
            let [Effect::Acknowledge { stored, keys_read }, ..] = told.as_slice() else {
                panic!("{placed:?}: {told:?}")
            };
            assert_eq!((stored.len(), *keys_read), (1, expected.map(|through| (LOG, through))));
            match (next.last(), asks) {
                (Some(Effect::SendKeys(request)), Some(after)) => assert_eq!(request.after, after),
                (Some(Effect::Receive { .. }), None) => {}
                (other, _) => panic!("{placed:?}: {other:?}"),
            }
        };
    check(Some((5, 7)), 7, Some(7), None);
    // What came behind them is read from there.
    check(Some((5, 7)), 9, Some(7), Some(7));
    // One was there before.
    check(Some((5, 6)), 6, Some(6), None);
    check(Some((5, 5)), 5, None, None);
    // Somebody else's stand before them.
    check(Some((6, 8)), 8, None, Some(5));
    // A table that goes back says nothing of what was read.
    check(Some((3, 5)), 5, None, None);
    check(None, 7, None, Some(5));
}

#[test]
fn more_places_than_keys_were_sent_are_not_believed() {
    let told = |placed| pushed(Some(placed), 5).0;
    let withheld = told(KeysPlaced { before: 5, after: 8 });
    assert_eq!(failure(&withheld), Some(Failure::Protocol));
    let all = told(KeysPlaced { before: 5, after: u64::MAX });
    assert_eq!(failure(&all), Some(Failure::Protocol));
    assert!(!all.iter().any(|effect| matches!(effect, Effect::Acknowledge { .. })));
}
