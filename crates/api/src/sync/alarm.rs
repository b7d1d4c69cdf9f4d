//! What an exchange found that somebody should know.

use clinical::{DeviceId, Instant};
use serde::{Deserialize, Serialize};

/// Something about the sync that a person should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncAlarm {
    /// When it was last raised.
    pub at: Instant,
    /// What it is: the window has the words.
    pub alarm: AlarmKind,
    /// One plain English sentence for the command line and the log.
    pub detail: String,
    /// Who looked into it, since it was raised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<AlarmSeen>,
}

/// That somebody looked into an alarm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AlarmSeen {
    /// Who, by name.
    pub by: String,
    /// When they said so.
    pub at: Instant,
}

impl SyncAlarm {
    /// Whether somebody can say that it was looked into: a question is answered, and a computer that was
    /// removed stays so.
    pub const fn can_be_seen(&self) -> bool {
        self.seen.is_none() && !matches!(self.alarm, AlarmKind::Copied | AlarmKind::Revoked)
    }
}

/// A closed list of alarms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind", content = "body")]
pub enum AlarmKind {
    /// This computer's clock is ahead of the server's.
    ClockAhead {
        /// By how much.
        minutes: u64,
    },
    /// This computer's clock is behind the server's.
    ClockBehind {
        /// By how much.
        minutes: u64,
    },
    /// The server has work of this computer that the computer had lost.
    Restored,
    /// Two different batches of a computer carry the same number.
    Forked {
        /// The computer.
        device: DeviceId,
        /// Its name, where it is known.
        name: Option<String>,
    },
    /// The server was restored or replaced.
    LogReplaced,
    /// A computer was shown another history than this one.
    HistoriesDiffer {
        /// The other computer.
        device: DeviceId,
        /// Its name, where it is known.
        name: Option<String>,
    },
    /// The server named something as known here that is not.
    Misnamed,
    /// Of batches by computers that the clinic does not know so many came that only the names of
    /// the last are kept.
    SetAsideFull,
    /// The server's log was to be read from its midst, and no two computers vouch for that.
    FloorUnproven,
    /// The server did not accept a batch of changes.
    PushRefused,
    /// The clinic has at the server all that it may have. Earlier versions noted it by another name.
    #[serde(alias = "serverFull")]
    OverQuota,
    /// The server's answers break the protocol.
    ServerMisbehaves,
    /// What the server sends is not what it sent before.
    LogContradicts,
    /// The list of computers that the server, another computer or a stick gave is another than this one's.
    MembersContradict,
    /// Such a list and this computer's had grown apart, and were made one.
    MembersMended,
    /// Batches came without the keys that open them, though the server gave all it says it has.
    KeysWithheld,
    /// This computer was removed from the clinic.
    Revoked,
    /// A computer that wanted in showed another number than this one: it was not let in.
    NumbersDiffered,
    /// This computer and a copy of it both go on: an administrator is asked what the other is.
    Copied,
}

/// What the other of two computers that work with the same keys is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CopyIs {
    /// A second computer of the clinic: this one gets keys of its own, and both go on.
    SecondComputer,
    /// Nobody of the clinic's: this one gets keys of its own, and the other is shut out.
    Stolen,
    /// There is none: this one was put back from a copy more than once.
    PutBack,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alarms_keep_their_form() {
        let device = DeviceId::from_uuid(clinical::uuid_v7(1, [0; 10]));
        let check = |alarm: AlarmKind, expected: &str| {
            assert_eq!(serde_json::to_string(&alarm).unwrap(), expected);
            assert_eq!(serde_json::from_str::<AlarmKind>(expected).unwrap(), alarm);
        };
        check(
            AlarmKind::ClockAhead { minutes: 3 },
            r#"{"kind":"clockAhead","body":{"minutes":3}}"#,
        );
        check(AlarmKind::LogReplaced, r#"{"kind":"logReplaced"}"#);
        check(
            AlarmKind::Forked { device, name: None },
            r#"{"kind":"forked","body":{"device":"00000000-0001-7000-8000-000000000000","name":null}}"#,
        );
    }
}
