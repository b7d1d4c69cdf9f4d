//! What a session does about a peer that lies, fails or refuses: a named alarm or a failure, and
//! never a loop.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "this is a test"
)]

use std::collections::BTreeSet;

use sync::checkpoint::{Differing, Told};
use sync::cursor::{Cursor, Mark};
use sync::envelope::Envelope;
use sync::fixtures::{clinic, device, run};
use sync::have::Have;
use sync::ids::{Chain, EntryHash, LogEpoch};
use sync::membership::{EntryError, MembersHead};
use sync::replica::Replica;
use sync::session::*;
use sync::wire::*;

pub(crate) const LOG: LogEpoch = LogEpoch([1; 16]);
pub(crate) const NOW_MS: i64 = 1_000_000;
const MEMBERS: MembersHead = MembersHead { count: 3, hash: EntryHash([3; 32]) };

/// A device that sealed two envelopes and read five of the log.
fn local() -> Local {
    let own = run(1, 1, 2);
    let have: Have = [(own[1].header().lane(), own[1].position())].into_iter().collect();
    Local {
        clinic: clinic(1),
        replica: Replica::resume(device(1), 1, &have),
        have,
        cursor: Some(Cursor { log_epoch: LOG, mark: read() }),
        keys_read: Some((LOG, 0)),
        members: MEMBERS,
        told: None,
        unmet: None,
        unseen: Unseen::default(),
        sealed_anew: BTreeSet::new(),
        floors_after: 0,
        outlook: None,
        left: None,
        fetching: None,
    }
}

pub(crate) fn read() -> Mark {
    run(2, 1, 5).iter().fold(Mark::START, |mark, envelope| mark.then(envelope.id()))
}

pub(crate) fn hello() -> HelloReply {
    HelloReply {
        log: LogVerdict::Same,
        head: 8,
        floor: 0,
        keys_head: 0,
        own: OwnVerdict::Same,
        members: None,
        now_ms: NOW_MS,
    }
}

/// The page after what was read, with three envelopes of device 3.
pub(crate) fn page() -> PullPage {
    let items: Vec<_> = run(3, 1, 3).into_iter().map(Item::Whole).collect();
    let end = items.iter().fold(read(), |mark, item| mark.then(item.id()));
    PullPage { log_epoch: LOG, start: read(), items, end, head: 8, keys_head: 0, members: MEMBERS }
}

pub(crate) fn greeted(reply: HelloReply) -> (SyncSession, Vec<Effect>) {
    let mut session = SyncSession::new(local(), Policy::ONCE);
    let effects = session.handle(SyncEvent::Start, NOW_MS);
    assert!(matches!(effects.as_slice(), [Effect::SendHello(_)]));
    let effects = session.handle(SyncEvent::Hello(reply), NOW_MS);
    (session, effects)
}

/// A session that has asked for the page.
fn pulling() -> SyncSession {
    let (mut session, effects) = greeted(hello());
    assert!(matches!(effects.as_slice(), [Effect::Seal { generation: 1, .. }]), "{effects:?}");
    let effects = session.handle(SyncEvent::Sealed(Outgoing::default()), NOW_MS);
    assert!(matches!(effects.as_slice(), [Effect::SendPull(pull)] if pull.after == 5));
    session
}

pub(crate) const fn received() -> SyncEvent {
    SyncEvent::Received { all_held: true, forks: Vec::new(), differing: Vec::new(), outlook: None }
}

fn alarms(effects: &[Effect]) -> Vec<Alarm> {
    let alarms = effects.iter().filter_map(|effect| match effect {
        Effect::RaiseAlarm(alarm) => Some(alarm.clone()),
        _ => None,
    });
    alarms.collect()
}

pub(crate) fn failure(effects: &[Effect]) -> Option<Failure> {
    match effects.last() {
        Some(Effect::Finished(summary)) => summary.failure.clone(),
        other => panic!("not finished: {other:?}"),
    }
}

#[test]
fn a_page_is_believed_only_with_its_chain() {
    let check = |change: fn(&mut PullPage), expected: Failure| {
        let mut page = page();
        change(&mut page);
        let effects = pulling().handle(SyncEvent::Page(page), NOW_MS);
        assert_eq!(failure(&effects), Some(expected.clone()));
        let distrusted = expected != Failure::BelowFloor;
        assert_eq!(!alarms(&effects).is_empty(), distrusted, "{effects:?}");
        assert!(
            !effects.iter().any(|e| matches!(e, Effect::SaveCursor(_) | Effect::Receive { .. }))
        );
    };
    // Omitted, reordered, replaced, repeated, cut off, another start, another end.
    check(|p| drop(p.items.remove(1)), Failure::ChainBroken);
    check(|p| p.items.swap(0, 1), Failure::ChainBroken);
    check(|p| p.items[0] = Item::Whole(run(4, 1, 1)[0].clone()), Failure::ChainBroken);
    check(|p| p.items.push(p.items[0].clone()), Failure::ChainBroken);
    check(|p| drop(p.items.pop()), Failure::ChainBroken);
    check(|p| p.start.chain = Chain([0; 32]), Failure::ChainBroken);
    check(|p| p.start.seq = 4, Failure::ChainBroken);
    check(|p| p.end.chain = Chain([0; 32]), Failure::ChainBroken);
    check(|p| p.end.seq = 9, Failure::ChainBroken);
    check(|p| p.start.seq = 6, Failure::BelowFloor);
    check(|p| p.log_epoch = LogEpoch([9; 16]), Failure::Protocol);
    check(|p| p.head = 7, Failure::Protocol);
    check(|p| p.members.hash = EntryHash([9; 32]), Failure::MembershipForked);
    // Promises more and gives nothing: would be asked for ever.
    check(
        |p| {
            p.items.clear();
            p.end = p.start;
        },
        Failure::Protocol,
    );
}

/// A session of a device that has read five places and is told of a floor; the page it is given.
fn at_floor(floors_after: u64, floor: u64, page: PullPage) -> Vec<Effect> {
    let mut session = SyncSession::new(Local { floors_after, ..local() }, Policy::ONCE);
    session.handle(SyncEvent::Start, NOW_MS);
    session.handle(SyncEvent::Hello(HelloReply { floor, ..hello() }), NOW_MS);
    let effects = session.handle(SyncEvent::Sealed(Outgoing::default()), NOW_MS);
    let jumps = (6..=8).contains(&floor) && floors_after < floor;
    let expected = if jumps { floor } else { 5 };
    assert!(matches!(effects.as_slice(), [Effect::SendPull(pull)] if pull.after == expected));
    session.handle(SyncEvent::Page(page), NOW_MS)
}

#[test]
fn a_device_begins_at_a_floor_and_notes_it_before_anything_is_received() {
    let floor = Mark { seq: 7, chain: Chain([7; 32]) };
    let item = Item::Whole(run(3, 1, 1)[0].clone());
    let end = floor.then(item.id());
    let above = PullPage { start: floor, end, items: vec![item], ..page() };
    let effects = at_floor(0, 7, above.clone());
    let cursor = Cursor { log_epoch: LOG, mark: floor };
    assert_eq!(effects.first(), Some(&Effect::NoteFloor(cursor)));
    assert!(matches!(effects.last(), Some(Effect::Receive { .. })), "{effects:?}");
    // What comes above it is believed with its chain alone.
    let torn = PullPage { end: Mark { seq: 8, ..floor }, ..above.clone() };
    assert_eq!(failure(&at_floor(0, 7, torn)), Some(Failure::ChainBroken));
    // Neither below what was read, nor beyond the log's end, nor one that was doubted.
    for (floors_after, floor) in [(0, 0), (0, 5), (0, 9), (7, 7), (u64::MAX, 7)] {
        assert_eq!(
            failure(&at_floor(floors_after, floor, above.clone())),
            Some(Failure::BelowFloor)
        );
        let effects = at_floor(floors_after, floor, page());
        assert!(matches!(effects.as_slice(), [Effect::Receive { .. }]), "{floor}: {effects:?}");
    }
    // The peer gives from elsewhere than it was asked.
    let other = PullPage { start: Mark { seq: 6, ..floor }, ..above };
    assert_eq!(failure(&at_floor(0, 7, other)), Some(Failure::BelowFloor));
}

#[test]
fn a_good_page_is_received_before_its_cursor_is_saved() {
    let mut session = pulling();
    let effects = session.handle(SyncEvent::Page(page()), NOW_MS);
    assert!(
        matches!(effects.as_slice(), [Effect::Receive { envelopes, .. }] if envelopes.len() == 3)
    );
    let effects = session.handle(received(), NOW_MS);
    let cursor = Cursor { log_epoch: LOG, mark: page().end };
    assert_eq!(effects.first(), Some(&Effect::SaveCursor(cursor)));
    // What the merge gave rise to is sealed.
    assert!(matches!(effects.last(), Some(Effect::Seal { .. })));
    let effects = session.handle(SyncEvent::Sealed(Outgoing::default()), NOW_MS);
    // And what others sealed that came by another way is passed on.
    let [Effect::Load { lacking: Lacking::Others, .. }] = effects.as_slice() else {
        panic!("{effects:?}")
    };
    let effects = session.handle(SyncEvent::Loaded(Outgoing::default()), NOW_MS);
    assert_eq!(failure(&effects), None);
}

#[test]
fn what_a_page_passes_is_kept_and_compared() {
    let mut session = pulling();
    let effects = session.handle(SyncEvent::Page(page()), NOW_MS);
    let [Effect::Receive { passed, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(passed.log_epoch, LOG);
    let places: Vec<u64> = passed.marks.iter().map(|mark| mark.seq).collect();
    assert_eq!(places, [5, 6, 7, 8]);
    assert_eq!((passed.marks[0], passed.end().unwrap().mark), (read(), page().end));
    // A device that was shown something else is told of, whatever else is wrong with the page.
    let saw = Cursor { log_epoch: LOG, mark: Mark { seq: 6, chain: Chain([6; 32]) } };
    let differing = Differing { device: device(3), saw };
    for all_held in [true, false] {
        let mut session = pulling();
        session.handle(SyncEvent::Page(page()), NOW_MS);
        let event = SyncEvent::Received {
            all_held,
            forks: Vec::new(),
            differing: vec![differing],
            outlook: None,
        };
        let effects = session.handle(event, NOW_MS);
        assert_eq!(alarms(&effects), [Alarm::HistoriesDiffer(differing)]);
    }
}

#[test]
fn what_was_seen_is_told_once_a_session_and_of_this_log_only() {
    const DAY_MS: i64 = 24 * 60 * 60 * 1000;
    let begun = Cursor { log_epoch: LOG, mark: Mark { seq: 4, chain: Chain([4; 32]) } };
    let check = |reply: HelloReply, waited_ms: i64, expected: Option<Cursor>| {
        let told = Some(Told::begin(begun, NOW_MS));
        let mut session = SyncSession::new(Local { told, ..local() }, Policy::ONCE);
        let now_ms = NOW_MS + waited_ms;
        session.handle(SyncEvent::Start, now_ms);
        let reply = HelloReply { now_ms, ..reply };
        let mut effects = session.handle(SyncEvent::Hello(reply), now_ms);
        if matches!(effects.last(), Some(Effect::Load { .. })) {
            effects = session.handle(SyncEvent::Loaded(Outgoing::default()), now_ms);
        }
        let [Effect::Seal { checkpoint, .. }] = effects.as_slice() else { panic!("{effects:?}") };
        assert_eq!(*checkpoint, expected);
        let outgoing = Outgoing { envelopes: run(1, 1, 3).split_off(2), keys: Vec::new() };
        session.handle(SyncEvent::Sealed(outgoing), now_ms);
        let stored = PushReply { verdicts: vec![Verdict::Stored { seq: 9 }], keys: None };
        let effects = session.handle(SyncEvent::Pushed(stored), now_ms);
        assert!(
            matches!(effects.last(), Some(Effect::Seal { checkpoint: None, .. })),
            "{effects:?}"
        );
    };
    let read = Cursor { log_epoch: LOG, mark: read() };
    check(hello(), DAY_MS, Some(read));
    check(hello(), DAY_MS - 1, None);
    let log = LogVerdict::Other { log_epoch: LogEpoch([2; 16]), have: Have::new() };
    check(HelloReply { log, ..hello() }, DAY_MS, None);
}

#[test]
fn an_envelope_wrongly_named_as_held_is_asked_for_once() {
    let mut session = pulling();
    let mut named = page();
    let Item::Whole(envelope) = named.items[0].clone() else { panic!() };
    named.items[0] =
        Item::Brief(Brief { lane: envelope.header().lane(), position: envelope.position() });
    session.handle(SyncEvent::Page(named.clone()), NOW_MS);
    let lacking = SyncEvent::Received {
        all_held: false,
        forks: Vec::new(),
        differing: Vec::new(),
        outlook: None,
    };
    let effects = session.handle(lacking, NOW_MS);
    assert!(matches!(effects.as_slice(), [Effect::SendPull(pull)] if pull.skip.is_empty()));
    let effects = session.handle(SyncEvent::Page(named), NOW_MS);
    assert_eq!(failure(&effects), Some(Failure::Protocol));
    assert!(alarms(&effects).contains(&Alarm::Misnamed));
}

#[test]
fn hello_finds_out_what_the_peer_is() {
    let check = |change: fn(&mut HelloReply), expected: &[Alarm]| {
        let mut reply = hello();
        change(&mut reply);
        let (_, effects) = greeted(reply);
        assert_eq!(alarms(&effects), expected, "{effects:?}");
    };
    check(|_| {}, &[]);
    check(|r| r.now_ms -= 120_000, &[]);
    check(|r| r.now_ms -= 120_001, &[Alarm::ClockSkew { ahead_ms: 120_001 }]);
    check(|r| r.now_ms += 300_000, &[Alarm::ClockSkew { ahead_ms: -300_000 }]);
    check(|r| r.now_ms = i64::MIN, &[Alarm::ClockSkew { ahead_ms: i64::MAX }]);
    let read = Cursor { log_epoch: LOG, mark: read() };
    let log_epoch = LogEpoch([2; 16]);
    check(
        |r| r.log = LogVerdict::Other { log_epoch: LogEpoch([2; 16]), have: Have::new() },
        &[Alarm::LogReplaced { read, log_epoch }],
    );
    check(
        |r| r.members = Some(MembersHead { count: 3, hash: EntryHash([4; 32]) }),
        &[Alarm::Distrusted(Failure::MembershipForked)],
    );
}

#[test]
fn a_log_of_another_life_gets_everything_again() {
    let mut reply = hello();
    reply.log = LogVerdict::Other { log_epoch: LogEpoch([2; 16]), have: Have::new() };
    let (mut session, effects) = greeted(reply);
    let Some(Effect::Load { lacking: Lacking::All(_), after: None, .. }) = effects.last() else {
        panic!("{effects:?}")
    };
    // The new log's cursor is saved only after the peer has what it lacked.
    let envelopes = run(2, 1, 2);
    let outgoing = Outgoing { envelopes: envelopes.clone(), keys: Vec::new() };
    let effects = session.handle(SyncEvent::Loaded(outgoing), NOW_MS);
    assert!(matches!(effects.as_slice(), [Effect::SendPush(push)] if push.envelopes == envelopes));
    let effects = session.handle(SyncEvent::Failed(Failure::Unreachable), NOW_MS);
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::SaveCursor(_))));
    assert_eq!(failure(&effects), Some(Failure::Unreachable));
}

#[test]
fn a_log_put_back_under_its_name_has_its_keys_read_again() {
    let mut session =
        SyncSession::new(Local { keys_read: Some((LOG, 5)), ..local() }, Policy::ONCE);
    session.handle(SyncEvent::Start, NOW_MS);
    let log = LogVerdict::Other { log_epoch: LOG, have: Have::new() };
    let reply = HelloReply { log, keys_head: 5, ..hello() };
    let effects = session.handle(SyncEvent::Hello(reply), NOW_MS);
    let Some(Effect::SendKeys(request)) = effects.last() else { panic!("{effects:?}") };
    assert_eq!(request.after, 0, "another key may stand at a place that was read");
}

/// A session that has pushed its first sealed envelope.
fn pushing(policy: Policy) -> (SyncSession, Envelope) {
    let mut session = SyncSession::new(local(), policy);
    session.handle(SyncEvent::Start, NOW_MS);
    session.handle(SyncEvent::Hello(hello()), NOW_MS);
    let envelope = run(1, 1, 3).remove(2);
    let outgoing = Outgoing { envelopes: vec![envelope.clone()], keys: Vec::new() };
    let effects = session.handle(SyncEvent::Sealed(outgoing), NOW_MS);
    assert!(matches!(effects.as_slice(), [Effect::SendPush(_)]));
    (session, envelope)
}

#[test]
fn a_refused_envelope_holds_nothing_up() {
    let (mut session, envelope) = pushing(Policy::ONCE);
    let refused = Refused::BadSignature;
    let reply = PushReply { verdicts: vec![Verdict::Refused(refused)], keys: None };
    let effects = session.handle(SyncEvent::Pushed(reply.clone()), NOW_MS);
    let lane = envelope.header().lane();
    let [alarm, open, reseal, seal] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(alarm, &Effect::RaiseAlarm(Alarm::PushRefused { id: envelope.id(), refused }));
    assert_eq!(open, &Effect::OpenGeneration(2));
    assert_eq!(reseal, &Effect::Reseal { lane, from: 3 });
    assert!(matches!(seal, Effect::Seal { generation: 2, .. }));
    // Once a session: what is refused again ends it.
    let again = Outgoing { envelopes: run(1, 2, 1), keys: Vec::new() };
    session.handle(SyncEvent::Sealed(again), NOW_MS);
    let effects = session.handle(SyncEvent::Pushed(reply), NOW_MS);
    assert_eq!(failure(&effects), Some(Failure::PushRefused));
}

#[test]
fn what_is_refused_for_ever_is_not_sealed_anew_for_ever() {
    let envelope = run(1, 1, 3).remove(2);
    let lane = envelope.header().lane();
    let local = Local { sealed_anew: BTreeSet::from([lane]), ..local() };
    let mut session = SyncSession::new(local, Policy::ONCE);
    session.handle(SyncEvent::Start, NOW_MS);
    session.handle(SyncEvent::Hello(hello()), NOW_MS);
    let outgoing = Outgoing { envelopes: vec![envelope.clone()], keys: Vec::new() };
    session.handle(SyncEvent::Sealed(outgoing), NOW_MS);
    let refused = Refused::TooManyForks;
    let reply = PushReply { verdicts: vec![Verdict::Refused(refused)], keys: None };
    let effects = session.handle(SyncEvent::Pushed(reply), NOW_MS);
    let [alarm, seal] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(alarm, &Effect::RaiseAlarm(Alarm::PushRefused { id: envelope.id(), refused }));
    assert!(matches!(seal, Effect::Seal { .. }), "what else there is goes on");
}

#[test]
fn verdicts_that_do_not_fit_the_push_end_the_session() {
    let check = |verdicts: Vec<Verdict>, expected: Failure| {
        let (mut session, _) = pushing(Policy::ONCE);
        let effects = session.handle(SyncEvent::Pushed(PushReply { verdicts, keys: None }), NOW_MS);
        assert_eq!(failure(&effects), Some(expected));
    };
    check(vec![], Failure::Protocol);
    check(vec![Verdict::Stored { seq: 1 }; 2], Failure::Protocol);
    check(vec![Verdict::Refused(Refused::OverQuota)], Failure::PushRefused);
    check(vec![Verdict::Refused(Refused::UnknownDevice)], Failure::PushRefused);
}

#[test]
fn a_peer_that_always_has_a_gap_is_given_up() {
    let (mut session, _) = pushing(Policy::ONCE);
    let gap = PushReply { verdicts: vec![Verdict::Gap { have: 0 }], keys: None };
    let mut effects = session.handle(SyncEvent::Pushed(gap.clone()), NOW_MS);
    for _ in 0..50 {
        let event = match effects.last().unwrap() {
            Effect::SendHello(_) => SyncEvent::Hello(hello()),
            Effect::Seal { .. } => SyncEvent::Sealed(Outgoing {
                envelopes: run(1, 1, 4).split_off(3),
                keys: Vec::new(),
            }),
            Effect::SendPush(_) => SyncEvent::Pushed(gap.clone()),
            Effect::Finished(summary) => {
                assert_eq!(summary.failure, Some(Failure::Unsettled));
                return;
            }
            other => panic!("{other:?}"),
        };
        effects = session.handle(event, NOW_MS);
    }
    panic!("a loop");
}

#[test]
fn refusals_are_waited_out_or_end_the_session() {
    let policy = Policy { attempts_max: 3, pause_ms: 100, pause_ms_max: 1000 };
    let refused = |code, retry_after_s| {
        SyncEvent::Failed(Failure::Refused(RefusedRequest(Refusal { code, retry_after_s })))
    };
    let check = |code: RefusalCode, waits: bool| {
        let (mut session, _) = pushing(policy);
        let effects = session.handle(refused(code, 7), NOW_MS);
        match effects.last().unwrap() {
            Effect::Wait { until_ms } => {
                assert!(waits && *until_ms >= NOW_MS + 7000, "{code:?}");
                let effects = session.handle(SyncEvent::Due, *until_ms);
                assert!(matches!(effects.as_slice(), [Effect::SendHello(_)]));
            }
            Effect::Finished(_) => assert!(!waits, "{code:?}"),
            other => panic!("{code:?}: {other:?}"),
        }
    };
    check(RefusalCode::Busy, true);
    check(RefusalCode::Unavailable, true);
    check(RefusalCode::Full, true);
    check(RefusalCode::OverQuota, true);
    check(RefusalCode::Damaged, true);
    check(RefusalCode::NotAuthenticated, true);
    check(RefusalCode::Revoked, false);
    check(RefusalCode::UnknownDevice, false);
    check(RefusalCode::UnknownClinic, false);
    check(RefusalCode::Malformed, false);
    check(RefusalCode::TooLarge, false);
}

#[test]
fn failing_for_ever_ends() {
    let policy = Policy { attempts_max: 3, pause_ms: 100, pause_ms_max: 1000 };
    let mut session = SyncSession::new(local(), policy);
    let mut effects = session.handle(SyncEvent::Start, NOW_MS);
    let mut waits = 0;
    loop {
        let event = match effects.last().unwrap() {
            Effect::SendHello(_) => SyncEvent::Hello(hello()),
            Effect::Seal { .. } => SyncEvent::Failed(Failure::Unreachable),
            Effect::Wait { .. } => {
                waits += 1;
                SyncEvent::Due
            }
            Effect::Finished(summary) => {
                assert_eq!((waits, summary.failure.clone()), (2, Some(Failure::Unreachable)));
                return;
            }
            other => panic!("{other:?}"),
        };
        effects = session.handle(event, NOW_MS);
    }
}

#[test]
fn membership_that_does_not_follow_is_not_taken() {
    let mut reply = hello();
    reply.members = Some(MembersHead { count: 5, hash: EntryHash([5; 32]) });
    let (mut session, effects) = greeted(reply);
    assert!(matches!(effects.as_slice(), [Effect::SendMembers(ask)] if ask.from == 3));
    let nothing = MembersPage { entries: Vec::new(), head: MEMBERS };
    assert_eq!(
        failure(&session.handle(SyncEvent::Members(nothing), NOW_MS)),
        Some(Failure::Protocol)
    );

    let mut reply = hello();
    reply.members = Some(MembersHead { count: 2, hash: EntryHash([5; 32]) });
    let (mut session, effects) = greeted(reply);
    assert!(matches!(effects.as_slice(), [Effect::PushMembers { from: 2 }]));
    let stale = MembersReply { verdict: MembersVerdict::Stale, head: MEMBERS };
    let effects = session.handle(SyncEvent::MembersPushed(stale), NOW_MS);
    assert_eq!(failure(&effects), Some(Failure::MembershipForked));
    let refused = SyncEvent::MembersStored(Err(EntryError::Signature));
    assert!(session.handle(refused, NOW_MS).is_empty(), "the session is over");
}

#[test]
fn an_event_that_answers_nothing_is_passed_over() {
    let mut session = pulling();
    for event in [
        SyncEvent::Start,
        SyncEvent::Due,
        SyncEvent::Hello(hello()),
        SyncEvent::KeysStored,
        SyncEvent::Pushed(PushReply { verdicts: Vec::new(), keys: None }),
        received(),
    ] {
        assert!(session.handle(event, NOW_MS).is_empty());
    }
    let effects = session.handle(SyncEvent::Page(page()), NOW_MS);
    assert!(matches!(effects.as_slice(), [Effect::Receive { .. }]));
}
