//! Lies about what it holds, what time it is, and what became of a push.

use api::{AlarmKind, ErrorCode, QuarantineReason};
use sync::have::Have;
use sync::ids::LogEpoch;
use sync::wire::{
    HelloReply, KeysPage, LogVerdict, OwnVerdict, PullPage, PushReply, Refused, Verdict, path,
};

use super::{Expected, check, lie, misbehaves, replaced};
use crate::between::Lie;

fn hello(change: impl FnMut(&mut HelloReply) + Send + 'static) -> Lie {
    lie(path::HELLO, change)
}

fn verdicts(mut change: impl FnMut(&mut Vec<Verdict>) + Send + 'static) -> Lie {
    lie(path::PUSH, move |reply: &mut PushReply| change(&mut reply.verdicts))
}

#[test]
fn what_it_says_it_holds_harms_nothing() {
    let restored = |alarm: &AlarmKind| matches!(alarm, AlarmKind::Restored);
    check(
        "denies what it holds",
        hello(|reply| reply.own = OwnVerdict::Held(Vec::new())),
        Expected::Harmless,
    );
    let claim = |reply: &mut HelloReply| {
        let OwnVerdict::Held(held) = &mut reply.own else {
            reply.own = OwnVerdict::Held(vec![(9, fixed())]);
            return;
        };
        held.push((9, fixed()));
    };
    check("claims what was never sealed", hello(claim), Expected::Alarm(restored));
    let another = |reply: &mut HelloReply| {
        reply.log = LogVerdict::Other { log_epoch: LogEpoch([9; 16]), have: Have::new() };
    };
    check("claims another life", hello(another), Expected::Alarm(replaced));
}

const fn fixed() -> sync::have::Position {
    sync::have::Position { counter: 3, id: sync::ids::EnvelopeId([5; 32]) }
}

#[test]
fn its_clock_is_told() {
    const DAY_MS: i64 = 24 * 60 * 60 * 1000;
    let behind = |alarm: &AlarmKind| matches!(alarm, AlarmKind::ClockBehind { .. });
    check("a clock ahead", hello(|reply| reply.now_ms += DAY_MS), Expected::Alarm(behind));
}

#[test]
fn what_it_withholds_comes_when_it_is_honest() {
    let hide = |reply: &mut HelloReply| reply.head = 0;
    check("hides that there is news", hello(hide), Expected::Harmless);
    let stop = lie(path::PULL, |page: &mut PullPage| {
        page.items.clear();
        page.end = page.start;
        page.head = page.start.seq;
    });
    check("says that that is all", stop, Expected::Harmless);
}

#[test]
fn what_it_says_of_a_push_is_not_taken_for_more_than_it_is() {
    check(
        "a verdict too few",
        verdicts(|all| all.truncate(all.len() - 1)),
        Expected::Alarm(misbehaves),
    );
    let refuse = |all: &mut Vec<Verdict>| {
        all.iter_mut().for_each(|one| *one = Verdict::Refused(Refused::BadSignature));
    };
    let told = |alarm: &AlarmKind| matches!(alarm, AlarmKind::PushRefused);
    check("refuses what it took", verdicts(refuse), Expected::Alarm(told));
    let gap = |all: &mut Vec<Verdict>| {
        all.iter_mut().for_each(|one| *one = Verdict::Gap { have: 0 });
    };
    check("always has a gap", verdicts(gap), Expected::Failure(ErrorCode::ServerMisbehaves));
    let elsewhere = |all: &mut Vec<Verdict>| {
        all.iter_mut().for_each(|one| *one = Verdict::Stored { seq: u64::MAX });
    };
    check("stores it nowhere", verdicts(elsewhere), Expected::Harmless);
}

#[test]
fn keys_it_withholds_are_waited_for_and_told_by_name() {
    let withhold = lie(path::KEYS, |page: &mut KeysPage| page.keys.clear());
    let told = |alarm: &AlarmKind| matches!(alarm, AlarmKind::KeysWithheld);
    check("withholds keys", withhold, Expected::SetAsideWith(QuarantineReason::NoKey, told));
}
