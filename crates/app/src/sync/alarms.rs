//! Alarms as the windows are told them, each with a plain sentence: no patient data.

use crate::{error::not_found, host::Host, open::Session, permit::Permit};
use api::{AlarmKind, AlarmSeen, ApiError, SeeAlarm, SyncAlarm, Topic};
use clinical::{DeviceId, Instant};
use std::collections::BTreeMap;
use sync::{
    ids::DeviceId as Device,
    session::{Alarm, Failure},
    wire::Refused,
};
use uuid::Uuid;

use super::{
    copies::QUESTION,
    keys::device_names,
    state::{note_seen, raised},
};

/// An alarm is shown for a week.
const ALARM_LIFE_MS: i64 = 7 * 24 * 60 * 60 * 1000;
/// Alarms shown at a time.
const ALARMS_MAX: usize = 20;

/// An alarm that was raised now.
pub(super) fn told(alarm: &Alarm, devices: &BTreeMap<DeviceId, String>, now: Instant) -> SyncAlarm {
    let kind = kind(alarm, devices);
    SyncAlarm { at: now, detail: sentence(&kind, alarm), alarm: kind, seen: None }
}

/// Alarms that were raised now.
///
/// # Errors
/// The store's.
pub(super) fn told_all<H: Host>(
    session: &Session<'_, H>,
    alarms: &[Alarm],
) -> Result<Vec<SyncAlarm>, ApiError> {
    if alarms.is_empty() {
        return Ok(Vec::new());
    }
    let (devices, now) = (device_names(session)?, session.host.now());
    Ok(alarms.iter().map(|alarm| told(alarm, &devices, now)).collect())
}

/// Notes that somebody looked into an alarm: it warns no more, unless it is raised again.
///
/// # Errors
/// `not-found` where it is not there any more, or was raised again since it was shown; the store's.
pub(crate) fn see_alarm<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<SeeAlarm>,
    command: &SeeAlarm,
) -> Result<(), ApiError> {
    let is_it = |raised: &SyncAlarm| {
        raised.alarm == command.alarm && raised.at <= command.at && raised.can_be_seen()
    };
    if !raised(session)?.iter().any(is_it) {
        return Err(not_found("alarm"));
    }
    session.audit(permit, None)?;
    let seen = AlarmSeen { by: session.open.person.name.clone(), at: session.host.now() };
    note_seen(session, is_it, &seen)?;
    session.tell(vec![Topic::Sync]);
    Ok(())
}

fn kind(alarm: &Alarm, devices: &BTreeMap<DeviceId, String>) -> AlarmKind {
    match alarm {
        Alarm::ClockSkew { ahead_ms } => {
            let minutes = ahead_ms.unsigned_abs() / 60_000;
            if *ahead_ms > 0 {
                AlarmKind::ClockAhead { minutes }
            } else {
                AlarmKind::ClockBehind { minutes }
            }
        }
        Alarm::Restored { .. } => AlarmKind::Restored,
        Alarm::Forked { lane } => {
            let (device, name) = named(lane.device, devices);
            AlarmKind::Forked { device, name }
        }
        Alarm::HistoriesDiffer(differing) => {
            let (device, name) = named(differing.device, devices);
            AlarmKind::HistoriesDiffer { device, name }
        }
        Alarm::LogReplaced { .. } => AlarmKind::LogReplaced,
        Alarm::Misnamed => AlarmKind::Misnamed,
        Alarm::SetAsideFull => AlarmKind::SetAsideFull,
        Alarm::FloorUnproven => AlarmKind::FloorUnproven,
        Alarm::PushRefused { refused: Refused::OverQuota, .. } => AlarmKind::OverQuota,
        Alarm::PushRefused {
            refused:
                Refused::WrongClinic
                | Refused::UnknownDevice
                | Refused::BadSignature
                | Refused::TooManyForks
                | Refused::Kind,
            ..
        } => AlarmKind::PushRefused,
        Alarm::Distrusted(Failure::ChainBroken) => AlarmKind::LogContradicts,
        Alarm::Distrusted(Failure::MembershipForked) => AlarmKind::MembersContradict,
        Alarm::Distrusted(
            Failure::Unreachable
            | Failure::Silent
            | Failure::Untrusted
            | Failure::Refused(_)
            | Failure::Newer
            | Failure::Protocol
            | Failure::PushRefused
            | Failure::BelowFloor
            | Failure::Unsettled
            | Failure::Stopped
            | Failure::Host,
        ) => AlarmKind::ServerMisbehaves,
        Alarm::MembersMended => AlarmKind::MembersMended,
        Alarm::KeysWithheld => AlarmKind::KeysWithheld,
        Alarm::Revoked => AlarmKind::Revoked,
    }
}

/// The alarm of numbers that differed when a computer was to be admitted, raised now.
pub(super) fn numbers_differed(now: Instant) -> SyncAlarm {
    let alarm = AlarmKind::NumbersDiffered;
    SyncAlarm { at: now, detail: NUMBERS_DIFFERED.to_owned(), alarm, seen: None }
}

const NUMBERS_DIFFERED: &str = "A computer that was to be admitted showed another number than this one: somebody may have \
     stood between them. It was not let in, and nothing was handed over; an administrator should \
     look into it.";

/// The sentence of an alarm.
fn sentence(kind: &AlarmKind, alarm: &Alarm) -> String {
    let fixed = match kind {
        AlarmKind::ClockAhead { minutes } => {
            return format!("This computer's clock is {minutes} minutes ahead of the server's.");
        }
        AlarmKind::ClockBehind { minutes } => {
            return format!("This computer's clock is {minutes} minutes behind the server's.");
        }
        AlarmKind::Forked { device, name } => {
            return format!(
                "Two different batches carry the same number of {}: a second computer works with \
                 its keys. Both were kept; an administrator should look into it.",
                computer(*device, name.as_deref())
            );
        }
        AlarmKind::HistoriesDiffer { device, name } => {
            return format!(
                "The server showed {} another history than this computer: it tells its computers \
                 different things, or was restored without saying so. Nothing that is here is \
                 lost; an administrator should look into it.",
                computer(*device, name.as_deref())
            );
        }
        AlarmKind::PushRefused => {
            let why =
                if let Alarm::PushRefused { refused, .. } = alarm { refusal(*refused) } else { "" };
            return format!("The server did not accept a batch of changes{why}.");
        }
        AlarmKind::Restored => {
            "The server has work of this computer that the computer had lost: it was restored \
             from a copy, or another computer uses its keys. All that had been sent was fetched \
             back; what was recorded here after the copy and had not been sent yet is gone, and \
             must be recorded again."
        }
        AlarmKind::LogReplaced => {
            "The server is not where it was: it was restored or replaced. What it lacks was sent \
             again."
        }
        AlarmKind::Misnamed => "The server named something as known here that is not.",
        AlarmKind::SetAsideFull => {
            "So many batches came from computers the clinic does not know that only the names of the \
             last are kept. They are fetched again once such a computer is known."
        }
        AlarmKind::FloorUnproven => {
            "The server wanted this computer to begin in the midst of its log, and no two computers of \
             the clinic vouch for that. All of it was read instead."
        }
        AlarmKind::OverQuota => {
            "The clinic has used up its room on the server. What was recorded stays here until it is \
             given more."
        }
        AlarmKind::ServerMisbehaves => {
            "The exchange was broken off: the server's answer breaks the protocol."
        }
        AlarmKind::LogContradicts => {
            "The exchange was broken off: the server's log does not agree with itself."
        }
        AlarmKind::MembersContradict => {
            "The exchange was broken off: the list of computers that the server, another computer or a \
             stick gave does not agree with this computer's."
        }
        AlarmKind::MembersMended => {
            "Two lists of the clinic's computers had grown apart, as when a server or a computer is \
             put back from a copy. They are one again: who was removed on either is out, who was let \
             in is in, and there is a new key. An administrator should look through the list, and \
             make the recovery kit anew where there is one."
        }
        AlarmKind::KeysWithheld => {
            "Batches came without the keys that open them, though the server gave all it says it \
             has: it holds keys back, or lost them. They are kept, and come in once the keys come."
        }
        AlarmKind::Revoked => "This computer was removed from the clinic.",
        AlarmKind::NumbersDiffered => NUMBERS_DIFFERED,
        AlarmKind::Copied => QUESTION,
    };
    fixed.to_owned()
}

/// Why a server did not accept a batch, as the end of a sentence.
const fn refusal(refused: Refused) -> &'static str {
    match refused {
        Refused::WrongClinic => ": it belongs to another clinic",
        Refused::UnknownDevice => ": the server does not know the computer that made it",
        Refused::BadSignature => ": it is not signed by the computer that it names",
        Refused::TooManyForks => {
            ": too many different ones carry the same number, or its computer began anew too often, \
             because several computers work with the same keys"
        }
        Refused::Kind => ": it is of a kind that does not go there",
        Refused::OverQuota => ": the clinic has used up its room on the server",
    }
}

fn named(device: Device, devices: &BTreeMap<DeviceId, String>) -> (DeviceId, Option<String>) {
    let device = DeviceId::from_uuid(Uuid::from_bytes(device.0));
    (device, devices.get(&device).cloned())
}

fn computer(device: DeviceId, name: Option<&str>) -> String {
    name.map_or_else(|| format!("computer {device}"), |name| format!("“{name}”"))
}

/// The alarms that last, and those raised now in place of older ones of their kind. Of
/// clocks there is one: whoever tells the time could make up any number.
pub(super) fn lasting(
    before: Vec<SyncAlarm>,
    raised: Vec<SyncAlarm>,
    now: Instant,
) -> Vec<SyncAlarm> {
    let raised = still_seen(&before, raised);
    let since = now.unix_ms().saturating_sub(ALARM_LIFE_MS);
    let is_raised = |kind: &AlarmKind| raised.iter().any(|again| is_same(&again.alarm, kind));
    let lasts = |kept: &SyncAlarm| kept.at.unix_ms() >= since && !is_raised(&kept.alarm);
    // What was raised while this clock was ahead lasts no longer than what is raised now.
    let at_last = |kept: SyncAlarm| SyncAlarm { at: kept.at.min(now), ..kept };
    let mut kept: Vec<_> = before.into_iter().filter(lasts).map(at_last).collect();
    kept.extend(raised);
    let over = kept.len().saturating_sub(ALARMS_MAX);
    kept.split_off(over)
}

/// Alarms that are raised as long as something holds, with who saw them while it held and was no worse.
pub(super) fn still_seen(before: &[SyncAlarm], raised: Vec<SyncAlarm>) -> Vec<SyncAlarm> {
    let seen_of = |again: &SyncAlarm| {
        let kept = before.iter().find(|kept| is_same(&kept.alarm, &again.alarm))?;
        let holds = is_over_by_now(&again.alarm) && !is_worse(&again.alarm, &kept.alarm);
        kept.seen.clone().filter(|_| holds)
    };
    let carry = |again: SyncAlarm| {
        let seen = again.seen.clone().or_else(|| seen_of(&again));
        SyncAlarm { seen, ..again }
    };
    raised.into_iter().map(carry).collect()
}

/// Whether a clock is wrong by more than twice as much as before, or the other way.
fn is_worse(now: &AlarmKind, before: &AlarmKind) -> bool {
    match (now, before) {
        (AlarmKind::ClockAhead { minutes }, AlarmKind::ClockAhead { minutes: before })
        | (AlarmKind::ClockBehind { minutes }, AlarmKind::ClockBehind { minutes: before }) => {
            *minutes > before.saturating_mul(2)
        }
        _ => now != before,
    }
}

/// Whether two alarms are of one kind: a clock that is told to be wrong by another time than before
/// is the same clock.
fn is_same(one: &AlarmKind, other: &AlarmKind) -> bool {
    one == other || (is_of_a_clock(one) && is_of_a_clock(other))
}

/// Whether an exchange that went well raises an alarm anew where it still holds.
pub(super) const fn is_over_by_now(alarm: &AlarmKind) -> bool {
    is_of_a_clock(alarm) || matches!(alarm, AlarmKind::KeysWithheld)
}

const fn is_of_a_clock(alarm: &AlarmKind) -> bool {
    matches!(alarm, AlarmKind::ClockAhead { .. } | AlarmKind::ClockBehind { .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use sync::ids::EnvelopeId;

    #[test]
    fn a_refused_batch_is_told_in_words() {
        let check = |refused: Refused, expected: &str| {
            let alarm = Alarm::PushRefused { id: EnvelopeId([7; 32]), refused };
            let raised = told(&alarm, &BTreeMap::new(), Instant::from_unix_ms(0));
            let begins = "The server did not accept a batch of changes: ";
            assert_eq!(raised.detail, format!("{begins}{expected}."));
        };
        check(Refused::WrongClinic, "it belongs to another clinic");
        check(Refused::UnknownDevice, "the server does not know the computer that made it");
        check(Refused::BadSignature, "it is not signed by the computer that it names");
        check(
            Refused::TooManyForks,
            "too many different ones carry the same number, or its computer began anew too often, \
             because several computers work with the same keys",
        );
        check(Refused::Kind, "it is of a kind that does not go there");
    }

    #[test]
    fn a_clinic_that_has_used_up_its_room_is_not_told_of_a_full_server() {
        let alarm = Alarm::PushRefused { id: EnvelopeId([7; 32]), refused: Refused::OverQuota };
        let raised = told(&alarm, &BTreeMap::new(), Instant::from_unix_ms(0));
        assert_eq!(raised.alarm, AlarmKind::OverQuota);
        assert!(raised.detail.starts_with("The clinic has used up its room"), "{}", raised.detail);
        // As it was noted by earlier versions.
        let noted = serde_json::json!({ "kind": "serverFull" });
        assert_eq!(serde_json::from_value::<AlarmKind>(noted).unwrap(), AlarmKind::OverQuota);
    }

    #[test]
    fn what_a_server_is_not_believed_is_told_apart() {
        let check = |failure: Failure, kind: AlarmKind, words: &str| {
            let raised =
                told(&Alarm::Distrusted(failure), &BTreeMap::new(), Instant::from_unix_ms(0));
            assert_eq!(raised.alarm, kind);
            assert!(raised.detail.ends_with(words), "{}", raised.detail);
        };
        let (log, members) = (AlarmKind::LogContradicts, AlarmKind::MembersContradict);
        check(Failure::ChainBroken, log, "log does not agree with itself.");
        check(Failure::MembershipForked, members, "does not agree with this computer's.");
        for other in [Failure::Protocol, Failure::PushRefused, Failure::Host] {
            check(other, AlarmKind::ServerMisbehaves, "answer breaks the protocol.");
        }
    }
}
