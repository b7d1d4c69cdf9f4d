//! Alarms as the windows are told them, each with a plain sentence: no patient data.

use crate::{host::Host, open::Session};
use api::{AlarmKind, ApiError, SyncAlarm};
use clinical::{DeviceId, Instant};
use std::collections::BTreeMap;
use sync::{
    ids::DeviceId as Device,
    session::{Alarm, Failure},
    wire::Refused,
};
use uuid::Uuid;

use super::{copies::QUESTION, keys::device_names};

/// An alarm that was raised now.
pub(super) fn told(alarm: &Alarm, devices: &BTreeMap<DeviceId, String>, now: Instant) -> SyncAlarm {
    let kind = kind(alarm, devices);
    SyncAlarm { at: now, detail: sentence(&kind, alarm), alarm: kind }
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
    SyncAlarm { at: now, detail: NUMBERS_DIFFERED.to_owned(), alarm }
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
             from a copy, or another computer uses its keys. Everything was fetched back."
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
