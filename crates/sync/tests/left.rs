//! What a device leaves for later of a floor: only its names come, and it is fetched afterwards.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on may end"
)]

use sync::cursor::{Cursor, Mark};
use sync::envelope::Envelope;
use sync::fixtures::{clinic, device, run};
use sync::have::{Have, Lane, Position};
use sync::ids::{EntryHash, EnvelopeId, LogEpoch};
use sync::left::{Fetching, Later, Left, Only, Outlook};
use sync::limits::MESSAGE_BYTES_MIN;
use sync::membership::MembersHead;
use sync::replica::Replica;
use sync::session::{
    Effect, Failure, Local, Outgoing, Policy, Summary, SyncEvent, SyncSession, Unseen,
};
use sync::wire::{HelloReply, Item, LogVerdict, OwnVerdict, PullPage, PullRequest};

const LOG: LogEpoch = LogEpoch([1; 16]);
const NOW_MS: i64 = 1_000_000;
const MEMBERS: MembersHead = MembersHead { count: 3, hash: EntryHash([3; 32]) };
/// The lane of device 2 is the log: an outline, two packs that are wanted at once, three that are
/// not, and what says that they are a floor.
const LATER: (u64, u64) = (3, 6);

fn log() -> Vec<Envelope> {
    run(2, 1, 7)
}

fn mark(seq: usize) -> Mark {
    log().iter().take(seq).fold(Mark::START, |mark, envelope| mark.then(envelope.id()))
}

fn later() -> Later {
    let lane = Lane { device: device(2), generation: 1 };
    Later { lane, after: LATER.0, through: LATER.1 }
}

fn rest() -> Outlook {
    Outlook::Later(later())
}

/// A device that has read `read` places.
fn local(read: usize) -> Local {
    Local {
        sealed_anew: std::collections::BTreeSet::new(),
        clinic: clinic(1),
        replica: Replica::resume(device(1), 1, &Have::new()),
        have: Have::new(),
        cursor: Some(Cursor { log_epoch: LOG, mark: mark(read) }),
        keys_read: Some((LOG, 0)),
        members: MEMBERS,
        told: None,
        unmet: None,
        unseen: Unseen::default(),
        floors_after: 0,
        outlook: None,
        left: None,
        fetching: None,
    }
}

/// A session that has nothing to send; what it does first.
fn begun(local: Local) -> (SyncSession, Vec<Effect>) {
    let mut session = SyncSession::new(local, Policy::ONCE);
    session.handle(SyncEvent::Start, NOW_MS);
    let hello = HelloReply {
        log: LogVerdict::Same,
        head: 7,
        floor: 0,
        keys_head: 0,
        own: OwnVerdict::Same,
        members: None,
        now_ms: NOW_MS,
    };
    session.handle(SyncEvent::Hello(hello), NOW_MS);
    let effects = session.handle(SyncEvent::Sealed(Outgoing::default()), NOW_MS);
    (session, effects)
}

/// What a server answers, with at most so many items.
fn page(request: &PullRequest, items_max: usize) -> PullPage {
    let after = usize::try_from(request.after).unwrap();
    let items: Vec<Item> = log()
        .iter()
        .skip(after)
        .take(items_max)
        .map(|envelope| Item::for_reader(envelope, &request.skip))
        .collect();
    let end = mark(after + items.len());
    let (start, keys_head) = (mark(after), 0);
    PullPage { log_epoch: LOG, start, items, end, head: 7, keys_head, members: MEMBERS }
}

fn request(effects: &[Effect]) -> PullRequest {
    let [.., Effect::SendPull(request)] = effects else { panic!("{effects:?}") };
    request.clone()
}

/// Gives a session a page; the counters that came whole, and what it does once they are durable.
fn given(
    session: &mut SyncSession,
    page: PullPage,
    outlook: Option<Outlook>,
) -> (Vec<u64>, Vec<Effect>) {
    let effects = session.handle(SyncEvent::Page(page), NOW_MS);
    let [.., Effect::Receive { envelopes, held, .. }] = effects.as_slice() else {
        panic!("{effects:?}")
    };
    let whole = envelopes.iter().map(|envelope| envelope.header().counter).collect();
    let (all_held, forks, differing) = (held.is_empty(), Vec::new(), Vec::new());
    let received = SyncEvent::Received { all_held, forks, differing, outlook };
    (whole, session.handle(received, NOW_MS))
}

fn is_over(effects: &[Effect]) -> bool {
    matches!(effects, [.., Effect::Finished(Summary { failure: None, .. })])
}

#[test]
fn names_of_what_is_left_come_once_what_is_wanted_is_here() {
    let (mut session, effects) = begun(local(0));
    let (whole, effects) = given(&mut session, page(&request(&effects), 3), Some(rest()));
    assert_eq!(whole, [1, 2, 3]);
    let asked = request(&effects);
    let (whole, effects) = given(&mut session, page(&asked, 9), Some(rest()));
    assert_eq!(whole, [7], "what comes behind is whole");
    let left = Left { log_epoch: LOG, from: mark(3), to: mark(6) };
    let saved = Effect::SaveCursor(Cursor { log_epoch: LOG, mark: mark(7) });
    assert_eq!(effects.get(..2), Some(&[Effect::NoteLeft(Some(left)), saved][..]));
    // The session that left it fetches none of it.
    session.handle(SyncEvent::Sealed(Outgoing::default()), NOW_MS);
    let effects = session.handle(SyncEvent::Loaded(Outgoing::default()), NOW_MS);
    assert!(is_over(&effects), "{effects:?}");
}

/// While a page is taken in, the next is fetched: where it is sure to be asked for in the same words.
#[test]
fn what_is_foreseen_is_what_is_asked_for_next() {
    let smallest = u64::try_from(MESSAGE_BYTES_MIN).unwrap();
    let three: u64 =
        log().iter().take(3).map(|e| u64::try_from(1 + e.encoded_len()).unwrap()).sum();
    let first = |bytes| Some(Outlook::First { bytes });
    let foreseen = |effects: &[Effect]| match effects {
        [Effect::Foresee(request), Effect::Receive { .. }] => Some(request.clone()),
        [Effect::Receive { .. }] => None,
        other => panic!("{other:?}"),
    };
    let check = |outlook: Option<Outlook>, then: Option<Outlook>, sees: bool| {
        let (mut session, effects) = begun(Local { outlook, ..local(1) });
        let came = page(&request(&effects), 3);
        // Slow, so that the next page is as large as this one.
        let effects = session.handle(SyncEvent::Page(came), NOW_MS + 7000);
        let foreseen = foreseen(&effects);
        let (forks, differing) = (Vec::new(), Vec::new());
        let received = SyncEvent::Received { all_held: true, forks, differing, outlook: then };
        let next = request(&session.handle(received, NOW_MS + 7000));
        assert_eq!(foreseen, sees.then_some(next), "{outlook:?}");
    };
    check(None, None, true);
    check(Some(rest()), Some(rest()), true);
    check(first(three + smallest), first(smallest), true);
    // What comes next depends on what this page brings.
    check(first(three + smallest - 1), Some(rest()), false);
    // Of a page that begins at the floor nothing is known: it tells what is left. Nothing follows the
    // last one.
    for (items, expected) in [(3, false), (9, false)] {
        let (mut session, effects) = begun(local(0));
        let effects = session.handle(SyncEvent::Page(page(&request(&effects), items)), NOW_MS);
        assert_eq!(foreseen(&effects).is_some(), expected, "{items}");
    }
    let (mut session, effects) = begun(local(1));
    let last = session.handle(SyncEvent::Page(page(&request(&effects), 9)), NOW_MS);
    assert_eq!(foreseen(&last), None);
}

#[test]
fn no_page_asks_for_more_than_what_is_wanted_first() {
    let smallest = u32::try_from(MESSAGE_BYTES_MIN).unwrap();
    let check = |outlook: Option<Outlook>, expected: u32| {
        let (mut session, effects) = begun(local(0));
        assert_eq!(request(&effects).bytes, smallest, "nothing is known of the line");
        // Both answers are prompt: the line bears four times as much.
        let (_, effects) = given(&mut session, page(&request(&effects), 1), None);
        assert_eq!(request(&effects).bytes, 2 * smallest);
        let (_, effects) = given(&mut session, page(&request(&effects), 1), outlook);
        assert_eq!(request(&effects).bytes, expected, "{outlook:?}");
    };
    let first = |bytes| Some(Outlook::First { bytes });
    check(None, 4 * smallest);
    check(Some(rest()), 4 * smallest);
    check(first(u64::MAX), 4 * smallest);
    check(first(u64::from(smallest) + 9), smallest + 9);
    check(first(0), smallest);
}

#[test]
fn what_was_left_is_fetched_page_by_page_from_where_it_was_cut() {
    let to = mark(6);
    for from in 3..6 {
        let left = Some(Left { log_epoch: LOG, from: mark(from), to });
        let fetching = Some(Fetching { skip: Have::new(), bytes: 1, only: None });
        let kept = Local { outlook: Some(rest()), left, fetching, ..local(7) };
        let (mut session, effects) = begun(kept);
        assert!(matches!(effects.as_slice(), [Effect::Load { .. }]), "{effects:?}");
        let mut effects = session.handle(SyncEvent::Loaded(Outgoing::default()), NOW_MS);
        let mut came = Vec::new();
        while !is_over(&effects) {
            let asked = request(&effects);
            assert_eq!(asked.bytes, 1, "no more is asked for than was left");
            let (whole, then) = given(&mut session, page(&asked, 1), Some(rest()));
            came.extend(whole);
            let at = from + came.len();
            let rest = (at < 6).then(|| Left { log_epoch: LOG, from: mark(at), to });
            assert_eq!(then.first(), Some(&Effect::NoteLeft(rest)));
            effects = then;
        }
        let expected: Vec<u64> = (from..6).map(|seq| u64::try_from(seq).unwrap() + 1).collect();
        assert_eq!(came, expected);
    }
}

#[test]
fn one_of_what_was_left_is_fetched_by_itself_and_the_rest_stays_left() {
    let left = Some(Left { log_epoch: LOG, from: mark(3), to: mark(6) });
    for (items_max, asked_most) in [(1, 2), (9, 1)] {
        let mut skip = Have::new();
        let lane = later().lane;
        skip.set(lane, Position { counter: 4, id: EnvelopeId::NONE });
        let only = Some(Only { lane, through: 5, over: vec![later()] });
        let fetching = Some(Fetching { skip, bytes: 1, only });
        let (mut session, _) = begun(Local { outlook: Some(rest()), left, fetching, ..local(7) });
        let mut effects = session.handle(SyncEvent::Loaded(Outgoing::default()), NOW_MS);
        let (mut came, mut asked) = (Vec::new(), 0);
        while !is_over(&effects) {
            asked += 1;
            // A server gives no more bytes than were asked for: what stands behind does not come.
            let page = page(&request(&effects), items_max.min(2));
            let (whole, then) = given(&mut session, page, Some(rest()));
            came.extend(whole);
            let is_noted = then.iter().any(|effect| matches!(effect, Effect::NoteLeft(_)));
            assert!(!is_noted, "what was left stays left: {then:?}");
            effects = then;
        }
        assert_eq!((came, asked), (vec![5], asked_most));
    }
}

#[test]
fn what_was_left_is_not_fetched_by_a_session_that_is_to_leave_it() {
    let left = Some(Left { log_epoch: LOG, from: mark(3), to: mark(6) });
    let (mut session, _) = begun(Local { outlook: Some(rest()), left, ..local(7) });
    let effects = session.handle(SyncEvent::Loaded(Outgoing::default()), NOW_MS);
    assert!(is_over(&effects), "{effects:?}");
}

#[test]
fn what_was_left_is_what_was_named() {
    let check = |change: fn(&mut PullPage), expected: Failure| {
        let left = Some(Left { log_epoch: LOG, from: mark(3), to: mark(6) });
        let fetching = Some(Fetching { skip: Have::new(), bytes: u64::MAX, only: None });
        let (mut session, _) = begun(Local { outlook: Some(rest()), left, fetching, ..local(7) });
        let effects = session.handle(SyncEvent::Loaded(Outgoing::default()), NOW_MS);
        let mut page = page(&request(&effects), 3);
        change(&mut page);
        let effects = session.handle(SyncEvent::Page(page), NOW_MS);
        let [.., Effect::Finished(summary)] = effects.as_slice() else { panic!("{effects:?}") };
        assert_eq!(summary.failure, Some(expected));
    };
    // Another envelope in the place of one that was named, told with a chain of its own.
    check(
        |page| {
            page.items[1] = Item::Whole(run(3, 1, 1)[0].clone());
            page.end = page.items.iter().fold(page.start, |mark, item| mark.then(item.id()));
        },
        Failure::ChainBroken,
    );
    check(|page| page.start = mark(4), Failure::ChainBroken);
    check(|page| page.log_epoch = LogEpoch([2; 16]), Failure::Protocol);
    check(
        |page| {
            page.items.clear();
            page.end = page.start;
        },
        Failure::Protocol,
    );
}

/// A page is held against its names where the stretch ends: one that was made up is found out after it
/// was taken in, when nothing can follow it any more.
#[test]
fn what_was_left_is_given_up_where_nothing_can_follow_what_came() {
    let left = Some(Left { log_epoch: LOG, from: mark(3), to: mark(6) });
    for only_one in [false, true] {
        let only = Only { lane: later().lane, through: 6, over: vec![later()] };
        let only = only_one.then_some(only);
        let fetching = Some(Fetching { skip: Have::new(), bytes: 1, only });
        let (mut session, _) = begun(Local { outlook: Some(rest()), left, fetching, ..local(7) });
        let effects = session.handle(SyncEvent::Loaded(Outgoing::default()), NOW_MS);
        let mut made_up = page(&request(&effects), 1);
        made_up.items[0] = Item::Whole(run(3, 1, 1)[0].clone());
        made_up.end = made_up.start.then(made_up.items[0].id());
        let (_, effects) = given(&mut session, made_up, Some(rest()));
        let effects = session.handle(SyncEvent::Page(page(&request(&effects), 1)), NOW_MS);
        let [.., Effect::Finished(summary)] = effects.as_slice() else { panic!("{effects:?}") };
        assert_eq!(summary.failure, Some(Failure::ChainBroken));
        // Where one thing is fetched by itself, nothing was moved on, and it stays left.
        assert_eq!(effects.contains(&Effect::NoteLeft(None)), !only_one, "{effects:?}");
    }
}

#[test]
fn a_log_that_was_replaced_is_read_anew_with_what_was_left_of_it() {
    let left = Some(Left { log_epoch: LOG, from: mark(3), to: mark(6) });
    let mut session = SyncSession::new(Local { left, ..local(7) }, Policy::ONCE);
    session.handle(SyncEvent::Start, NOW_MS);
    let other = HelloReply {
        log: LogVerdict::Other { log_epoch: LogEpoch([2; 16]), have: Have::new() },
        head: 0,
        floor: 0,
        keys_head: 0,
        own: OwnVerdict::Held(Vec::new()),
        members: None,
        now_ms: NOW_MS,
    };
    let effects = session.handle(SyncEvent::Hello(other), NOW_MS);
    assert!(effects.contains(&Effect::NoteLeft(None)), "{effects:?}");
}
