//! Alarms that somebody has looked into: they warn no more, unless they are raised again.

use super::{Station, call, refused, server::Server, synced, two};
use api::{AlarmKind, ErrorCode, SeeAlarm, SyncAlarm};
use app::App;

const HOUR_MS: i64 = 60 * 60 * 1000;

/// The alarm of a kind, after an exchange.
fn raised(app: &App<Station>, is_it: impl Fn(&AlarmKind) -> bool) -> Option<SyncAlarm> {
    synced(app);
    let view = call(app, api::GetSyncState {});
    let found = view.alarms.iter().find(|raised| is_it(&raised.alarm)).cloned();
    let unseen = u64::from(found.as_ref().is_some_and(|raised| raised.seen.is_none()));
    assert_eq!(view.to_look_at(true), unseen, "{view:?}");
    found
}

fn see(app: &App<Station>, raised: &SyncAlarm) {
    call(app, SeeAlarm { alarm: raised.alarm.clone(), at: raised.at });
}

#[test]
fn an_alarm_that_was_looked_into_warns_again_once_it_is_raised_again() {
    let server = Server::default();
    let (_stations, [a, _b]) = two(&server);
    synced(&a);
    let replaced = |kind: &AlarmKind| *kind == AlarmKind::LogReplaced;
    assert_eq!(raised(&a, replaced), None);
    server.wipe();
    let first = raised(&a, replaced).unwrap();
    assert_eq!(first.seen, None);
    see(&a, &first);
    let seen = raised(&a, replaced).unwrap();
    let by = call(&a, api::ListPeople {}).into_iter().map(|person| person.name);
    assert!(by.into_iter().any(|name| name == seen.seen.as_ref().unwrap().by));
    assert_eq!(seen.at, first.at);
    // Twice is once, and an alarm that was raised again is another one.
    let again = SeeAlarm { alarm: seen.alarm.clone(), at: seen.at };
    assert_eq!(refused(&a, again), ErrorCode::NotFound);
    server.wipe();
    let second = raised(&a, replaced).unwrap();
    assert_eq!(second.seen, None);
    if second.at > first.at {
        let old = SeeAlarm { alarm: first.alarm.clone(), at: first.at };
        assert_eq!(refused(&a, old), ErrorCode::NotFound);
    }
    see(&a, &second);
    assert!(raised(&a, replaced).unwrap().seen.is_some());
}

/// It is raised with each exchange as long as it holds.
#[test]
fn a_wrong_clock_that_was_looked_into_warns_again_once_it_is_worse() {
    let server = Server::default();
    let (_stations, [a, _b]) = two(&server);
    synced(&a);
    let behind = |kind: &AlarmKind| matches!(kind, AlarmKind::ClockBehind { .. });
    server.later(HOUR_MS);
    let first = raised(&a, behind).unwrap();
    see(&a, &first);
    let still = raised(&a, behind).unwrap();
    assert!(still.seen.is_some() && still.at >= first.at);
    server.later(HOUR_MS / 2);
    assert!(raised(&a, behind).unwrap().seen.is_some(), "another half an hour is the same clock");
    server.later(10 * HOUR_MS);
    assert_eq!(raised(&a, behind).unwrap().seen, None);
}
