//! A device does not read back the names of what it pushed, where it was told at which places they
//! stand.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "this is a test")]

use std::collections::BTreeMap;

use sync::cursor::{Cursor, Mark};
use sync::envelope::Envelope;
use sync::fixtures::run;
use sync::limits::PAGE_ITEMS_MAX;
use sync::session::{Effect, Outgoing, SyncEvent, SyncSession};
use sync::wire::{Brief, HelloReply, Item, PullPage, PushReply, Verdict};

use crate::lying_server::{LOG, NOW_MS, greeted, hello, page, read, received};

/// A session that pushed three envelopes of its own where five places were read and no more are
/// there, and heard a verdict of each; what it does once there is no more to push.
fn pushed(verdicts: impl Fn(u64) -> Verdict) -> (SyncSession, Vec<Envelope>, Vec<Effect>) {
    let (mut session, _) = greeted(HelloReply { head: 5, ..hello() });
    let sent = run(1, 1, 5).split_off(2);
    let outgoing = Outgoing { envelopes: sent.clone(), keys: Vec::new() };
    session.handle(SyncEvent::Sealed(outgoing), NOW_MS);
    let verdicts = (0..3).map(verdicts).collect();
    session.handle(SyncEvent::Pushed(PushReply { verdicts, keys: None }), NOW_MS);
    let effects = session.handle(SyncEvent::Sealed(Outgoing::default()), NOW_MS);
    (session, sent, effects)
}

#[test]
fn what_follows_what_was_read_is_passed_without_a_page() {
    for duplicate in [false, true] {
        let verdict = |n| match duplicate {
            true => Verdict::Duplicate { seq: 6 + n },
            false => Verdict::Stored { seq: 6 + n },
        };
        let (mut session, sent, effects) = pushed(verdict);
        let [Effect::Receive { envelopes, held, passed }] = effects.as_slice() else {
            panic!("{effects:?}")
        };
        assert!(envelopes.is_empty());
        let names: Vec<_> = held.iter().map(|brief| brief.position.id).collect();
        assert_eq!(names, sent.iter().map(Envelope::id).collect::<Vec<_>>());
        let end = sent.iter().fold(read(), |mark, envelope| mark.then(envelope.id()));
        assert_eq!((passed.marks[0], passed.marks.len()), (read(), 4));
        let cursor = Cursor { log_epoch: LOG, mark: end };
        assert_eq!(passed.end(), Some(cursor), "others are told of what was seen as ever");
        let effects = session.handle(received(), NOW_MS);
        assert_eq!(effects[0], Effect::SaveCursor(cursor));
        assert!(!effects.iter().any(|effect| matches!(effect, Effect::SendPull(_))), "{effects:?}");
    }
}

/// What a session of three pushed envelopes does until it is done: names that it knew itself, and pages
/// that it asked for as (after, items at most). Others have envelopes at all other places up to 12.
fn passes(verdicts: impl Fn(u64) -> Verdict) -> Vec<(u64, Result<usize, u32>)> {
    let (mut session, sent, mut effects) = pushed(&verdicts);
    let own: BTreeMap<u64, &Envelope> = (0..3)
        .filter_map(|n| Some((verdicts(n).seq()?, &sent[usize::try_from(n).unwrap()])))
        .collect();
    let others = run(4, 1, 12);
    let at = |seq: u64| *own.get(&seq).unwrap_or(&&others[usize::try_from(seq).unwrap() - 1]);
    let head = own.keys().next_back().copied().unwrap_or(5).max(5);
    let (mut mark, mut passed, mut is_page) = (read(), Vec::new(), false);
    loop {
        let event = match effects.last() {
            Some(Effect::Receive { held, .. }) => {
                if !is_page {
                    passed.push((mark.seq, Ok(held.len())));
                    mark = held.iter().fold(mark, |mark, brief| mark.then(brief.position.id));
                }
                is_page = false;
                received()
            }
            Some(Effect::SendPull(pull)) => {
                passed.push((pull.after, Err(pull.items)));
                let page = page_of(&at, mark, pull.items, head);
                (mark, is_page) = (page.end, true);
                SyncEvent::Page(page)
            }
            _ => return passed,
        };
        effects = session.handle(event, NOW_MS);
    }
}

fn page_of<'e>(at: &impl Fn(u64) -> &'e Envelope, start: Mark, items: u32, head: u64) -> PullPage {
    let places = (start.seq + 1..=head).take(usize::try_from(items).unwrap());
    let items: Vec<_> = places.map(|seq| Item::Whole(at(seq).clone())).collect();
    let end = items.iter().fold(start, |mark, item| mark.then(item.id()));
    PullPage { start, items, end, head, ..page() }
}

#[test]
fn of_what_stands_between_no_more_is_read() {
    let check = |verdicts: fn(u64) -> Verdict, expected: &[(u64, Result<usize, u32>)]| {
        assert_eq!(passes(verdicts), expected);
    };
    let all = u32::MAX;
    check(|n| Verdict::Stored { seq: 6 + n }, &[(5, Ok(3))]);
    // Somebody else's before them, between them, and at once.
    check(|n| Verdict::Stored { seq: 7 + n }, &[(5, Err(1)), (6, Ok(3))]);
    check(
        |n| Verdict::Stored { seq: if n == 0 { 6 } else { 7 + n } },
        &[(5, Ok(1)), (6, Err(1)), (7, Ok(2))],
    );
    check(
        |n| Verdict::Stored { seq: 7 + 2 * n },
        &[(5, Err(1)), (6, Ok(1)), (7, Err(1)), (8, Ok(1)), (9, Err(1)), (10, Ok(1))],
    );
    // A fork is looked at, and what came last.
    check(
        |n| if n == 2 { Verdict::Forked { seq: 8 } } else { Verdict::Stored { seq: 6 + n } },
        &[(5, Ok(2)), (7, Err(all))],
    );
    // What was read before is not passed again.
    check(|n| Verdict::Duplicate { seq: 3 + n }, &[]);
}

/// However much was pushed, no more is passed at a time than a page has.
#[test]
fn many_are_passed_in_several_pages() {
    let (mut session, _) = greeted(HelloReply { head: 5, ..hello() });
    let count = PAGE_ITEMS_MAX + 300;
    let mut after = Envelope::id(&run(1, 1, 2)[1]);
    let mut seq = 5;
    let mut effects = Vec::new();
    for part in 0..count.div_ceil(1000) {
        let many = (count - part * 1000).min(1000);
        let envelopes: Vec<_> = (0..many)
            .map(|n| {
                let counter = u64::try_from(3 + part * 1000 + n).unwrap();
                let envelope = sync::fixtures::envelope(1, 1, counter, after, (1, 24));
                after = envelope.id();
                envelope
            })
            .collect();
        let outgoing = Outgoing { envelopes, keys: Vec::new() };
        session.handle(SyncEvent::Sealed(outgoing), NOW_MS);
        let verdict = |_| {
            seq += 1;
            Verdict::Stored { seq }
        };
        let verdicts = (0..many).map(verdict).collect();
        session.handle(SyncEvent::Pushed(PushReply { verdicts, keys: None }), NOW_MS);
        effects.clear();
    }
    effects.extend(session.handle(SyncEvent::Sealed(Outgoing::default()), NOW_MS));
    let mut passed = Vec::new();
    while let Some(Effect::Receive { held, .. }) = effects.last() {
        passed.push(held.len());
        effects = session.handle(received(), NOW_MS);
    }
    assert_eq!(passed, [PAGE_ITEMS_MAX, 300]);
}

/// Where what stands there is asked for whole, its name is not enough.
#[test]
fn what_was_misnamed_is_read_whole_at_its_place_too() {
    let (mut session, sent, effects) = pushed(|n| Verdict::Stored { seq: 7 + n });
    let Some(Effect::SendPull(pull)) = effects.last() else { panic!("{effects:?}") };
    assert_eq!((pull.after, pull.items), (5, 1));
    // The name of something that is not held.
    let other = &run(4, 1, 1)[0];
    let brief = Brief { lane: other.header().lane(), position: other.position() };
    let end = read().then(brief.position.id);
    let named = PullPage { start: read(), items: vec![Item::Brief(brief)], end, head: 9, ..page() };
    session.handle(SyncEvent::Page(named), NOW_MS);
    let (forks, differing) = (Vec::new(), Vec::new());
    let lacks = SyncEvent::Received { all_held: false, forks, differing, outlook: None };
    let effects = session.handle(lacks, NOW_MS);
    let Some(Effect::SendPull(pull)) = effects.last() else { panic!("{effects:?}") };
    assert_eq!((pull.after, pull.items), (5, u32::MAX), "all of it");
    let items: Vec<_> = [other].into_iter().chain(&sent).cloned().map(Item::Whole).collect();
    let end = items.iter().fold(read(), |mark, item| mark.then(item.id()));
    let whole = PullPage { start: read(), items, end, head: 9, ..page() };
    session.handle(SyncEvent::Page(whole), NOW_MS);
    let effects = session.handle(received(), NOW_MS);
    let saved = Effect::SaveCursor(Cursor { log_epoch: LOG, mark: end });
    assert!(effects.contains(&saved), "{effects:?}");
}

/// A peer that has lost something since is greeted anew, and what it told of places holds no more.
#[test]
fn places_that_were_told_before_a_gap_are_forgotten() {
    let verdict = |n| match n {
        2 => Verdict::Gap { have: 0 },
        n => Verdict::Stored { seq: 6 + n },
    };
    let (mut session, _) = greeted(HelloReply { head: 5, ..hello() });
    let outgoing = Outgoing { envelopes: run(1, 1, 5).split_off(2), keys: Vec::new() };
    session.handle(SyncEvent::Sealed(outgoing), NOW_MS);
    let verdicts = (0..3).map(verdict).collect();
    let effects = session.handle(SyncEvent::Pushed(PushReply { verdicts, keys: None }), NOW_MS);
    assert!(matches!(effects.last(), Some(Effect::SendHello(_))), "{effects:?}");
    session.handle(SyncEvent::Hello(HelloReply { head: 7, ..hello() }), NOW_MS);
    let effects = session.handle(SyncEvent::Sealed(Outgoing::default()), NOW_MS);
    let Some(Effect::SendPull(pull)) = effects.last() else { panic!("{effects:?}") };
    assert_eq!((pull.after, pull.items), (5, u32::MAX));
}
