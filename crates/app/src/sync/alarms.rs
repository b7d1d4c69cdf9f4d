//! Alarms in plain words: one sentence each, no patient data.

use clinical::DeviceId;
use std::collections::BTreeMap;
use sync::{have::Lane, session::Alarm};
use uuid::Uuid;

/// The sentence of an alarm.
pub(super) fn told(alarm: &Alarm, devices: &BTreeMap<DeviceId, String>) -> String {
    match alarm {
        Alarm::ClockSkew { ahead_ms } => {
            let minutes = ahead_ms.unsigned_abs() / 60_000;
            let side = if *ahead_ms > 0 { "ahead of" } else { "behind" };
            format!("This computer's clock is {minutes} minutes {side} the server's.")
        }
        Alarm::Restored { .. } => {
            "The server has work of this computer that the computer had lost: it was restored \
             from a copy, or another computer uses its keys. Everything was fetched back."
                .to_owned()
        }
        Alarm::Forked { lane } => format!(
            "Two different batches carry the same number of {}: a second computer works with its \
             keys. Both were kept; an administrator should look into it.",
            name(*lane, devices)
        ),
        Alarm::LogReplaced { .. } => {
            "The server is not where it was: it was restored or replaced. What it lacks was sent \
             again."
                .to_owned()
        }
        Alarm::Misnamed => "The server named something as known here that is not.".to_owned(),
        Alarm::PushRefused { refused, .. } => {
            format!("The server did not accept a batch of changes ({refused:?}).")
        }
        Alarm::Distrusted(failure) => format!("The exchange was broken off: {failure}."),
        Alarm::Revoked => "This computer was removed from the clinic.".to_owned(),
    }
}

fn name(lane: Lane, devices: &BTreeMap<DeviceId, String>) -> String {
    let id = DeviceId::from_uuid(Uuid::from_bytes(lane.device.0));
    devices.get(&id).map_or_else(|| format!("computer {id}"), |name| format!("“{name}”"))
}
