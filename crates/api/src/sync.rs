//! What the window is told of the sync: how it stands, what a person should know, what was set
//! aside and why. Nothing of it names a patient.

use clinical::{DeviceId, EntryRef, Instant, PatientId};
use serde::{Deserialize, Serialize};

/// How the sync stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncView {
    /// The server's address, where one is set.
    pub server: Option<String>,
    /// What is going on.
    pub phase: SyncPhase,
    /// Changes that have not left this computer.
    pub to_send: u64,
    /// Of these, the ones that never will: each is larger than what travels.
    #[serde(default)]
    pub too_large: u64,
    /// The last exchange that went through.
    pub last_success: Option<Instant>,
    /// Envelopes that were set aside; [`crate::ListQuarantine`] tells why.
    pub quarantined: u64,
    /// Of these, the ones that come in by themselves once keys or computers' entries have come.
    #[serde(default)]
    pub quarantined_waiting: u64,
    /// Beside these, the ones that somebody left aside for good.
    #[serde(default)]
    pub quarantined_left: u64,
    /// People of the clinic that this version of the program cannot read: a newer one wrote them.
    #[serde(default)]
    pub unreadable: u64,
    /// What a person should know: a restored server, a cloned computer.
    pub alarms: Vec<SyncAlarm>,
    /// In the last exchange: envelopes sent and received.
    pub sent: u64,
    /// In the last exchange.
    pub received: u64,
    /// Who else was seen to hold what is here: the server first, then the computers that were met
    /// with no server between, by name.
    #[serde(default)]
    pub holders: Vec<HolderView>,
    /// Whether this computer exchanges with others over the local network.
    #[serde(default)]
    pub lan: LanState,
    /// How far the exchange that goes on has come; none while none does, or before it has begun to
    /// carry anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<SyncProgress>,
    /// How much of the record is here; none once all of it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coming: Option<Coming>,
    /// From where the server's log was read; none for its start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor: Option<FloorView>,
}

/// How much of the clinic's record is here, while the rest still comes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Coming {
    /// Charts that are here.
    pub charts: u64,
    /// Of how many; none where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charts_of: Option<u64>,
    /// The bytes of what is here.
    pub bytes: u64,
    /// Of how many; none where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes_of: Option<u64>,
    /// Whether what was recorded last is here, and the rest is fetched by the exchanges that follow.
    pub goes_on: bool,
    /// Whether the rest is left at the server, because somebody chose so for this computer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_choice: bool,
    /// Whether people whose charts are not here are found here all the same.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub listed: bool,
}

/// How much of the clinic's record a computer holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hold {
    /// All of it.
    #[default]
    All,
    /// What work goes on with, and charts that were opened here; the rest stays at the server.
    InUse,
}

/// From where a computer read the server's log, where that is not its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FloorView {
    /// How many places of the log stand before it.
    pub place: u64,
    /// Whether two computers vouch for it and all that covers these places is here.
    pub proven: bool,
}

/// How far an exchange has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncProgress {
    /// Sealed batches of changes that the other side was given.
    pub sent: u64,
    /// Their length together, in bytes.
    pub sent_bytes: u64,
    /// Places of the other side's log that were read.
    pub received: u64,
    /// The length of the batches that came with them, in bytes.
    pub received_bytes: u64,
    /// Places of that log that are still to be read.
    pub to_receive: u64,
    /// How much of the record is here; none where all of it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coming: Option<Coming>,
}

/// Whether this computer exchanges with others over the local network.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LanState {
    /// This program does not take part, whatever is set: it was started so.
    #[default]
    Absent,
    /// It could; somebody has switched it off.
    Off,
    /// It does, while somebody is signed in.
    On,
}

/// Somebody else who holds the record, as far as this computer has seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HolderView {
    /// Who.
    pub who: Holder,
    /// What is here and they were not seen to hold: envelopes, and changes that are not sealed yet.
    /// They may have it by another way.
    pub lacks: u64,
}

/// Who may hold the record beside this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind", content = "body")]
pub enum Holder {
    /// The clinic's server.
    Server,
    /// Another computer of the clinic.
    Computer {
        /// Which.
        device: DeviceId,
        /// Its name, where it is known.
        name: Option<String>,
    },
}

/// Where what a chart says was seen to be, beside this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WhereaboutsView {
    /// This computer.
    pub here: DeviceId,
    /// Whether there is anywhere else: a server, or another computer of the clinic.
    pub elsewhere: bool,
    /// What was last written here and the server has not acknowledged yet, each with who else was
    /// seen to hold it: the server first, then computers by name. Nobody: it is on this computer
    /// alone, as far as this computer knows.
    pub recent: Vec<(EntryRef, Vec<Holder>)>,
    /// Who was seen to hold all else that was written here.
    pub own: Vec<Holder>,
    /// Who was seen to hold what other computers wrote, by computer.
    pub others: Vec<(DeviceId, Vec<Holder>)>,
    /// Sealed batches of changes to the chart that came here and were set aside.
    #[serde(default)]
    pub set_aside: u64,
}

impl WhereaboutsView {
    /// Who else was seen to hold an entry as it reads now, by the computer that wrote it last.
    pub fn holders_of(&self, entry: EntryRef, writer: Option<DeviceId>) -> &[Holder] {
        let recent = self.recent.iter().find(|(one, _)| *one == entry);
        let of_other = || {
            let writer = writer.filter(|writer| *writer != self.here)?;
            let found = self.others.iter().find(|(one, _)| *one == writer);
            Some(found.map(|(_, holders)| holders.as_slice()).unwrap_or_default())
        };
        recent.map(|(_, at)| at.as_slice()).or_else(of_other).unwrap_or(&self.own)
    }

    /// Whether an entry is on this computer alone, as far as this computer knows, and there is
    /// somewhere else for it to be.
    pub fn is_only_here(&self, entry: EntryRef, writer: Option<DeviceId>) -> bool {
        self.elsewhere && self.is_ours(writer) && self.holders_of(entry, writer).is_empty()
    }

    /// What another computer wrote was there.
    fn is_ours(&self, writer: Option<DeviceId>) -> bool {
        writer.is_none_or(|writer| writer == self.here)
    }
}

impl SyncView {
    /// Whether this computer was removed from the clinic: nothing else said of the sync matters
    /// then.
    pub fn is_removed(&self) -> bool {
        self.alarms.iter().any(|raised| raised.alarm == AlarmKind::Revoked)
    }
}

/// What the sync is doing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", content = "body")]
pub enum SyncPhase {
    /// No server is set: this computer works alone.
    #[default]
    Alone,
    /// Nothing is going on.
    Idle,
    /// An exchange is going on.
    Running,
    /// The last try failed; work goes on.
    Failed(crate::ApiError),
}

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
    /// The server's list of computers is another than this computer's.
    MembersContradict,
    /// The server's list of computers and this computer's had grown apart, and were made one.
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

/// A chart that was erased: what stays of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ErasedView {
    /// Whose it was.
    pub patient: PatientId,
    /// The number that was typed.
    pub number: String,
    /// On what ground.
    pub ground: String,
    /// Who said so; empty where they are not known here.
    pub by: String,
    /// When.
    pub at: Instant,
    /// Changes that were recorded on this computer and never sent, and went with it.
    pub unsent: u64,
    /// Batches of other computers that came for it since and were not taken in.
    pub came: u64,
    /// Whether what tells the others is sealed: it goes out with the next exchange.
    pub said: bool,
    /// Whether the server has taken the keys away; nothing where the clinic has no server here.
    pub server: Option<bool>,
    /// Whether the file of this computer's store was written anew since.
    pub swept: bool,
    /// Packs of other computers that hold an erased chart and whose keys stand until these hear of
    /// it.
    pub packs: u64,
}

/// What was set aside.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QuarantineView {
    /// The newest first.
    pub items: Vec<QuarantineItem>,
    /// How many more there are.
    pub more: u64,
}

/// One sealed batch of changes that was set aside. It blocks nothing and is kept as it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QuarantineItem {
    /// The batch, 64 hex digits.
    pub envelope: String,
    /// The computer it says it is from.
    pub device: DeviceId,
    /// That computer's name, where it is known.
    pub name: Option<String>,
    /// When it was set aside.
    pub at: Instant,
    /// Its length as it travelled, in bytes.
    pub bytes: u64,
    /// Why.
    pub reason: QuarantineReason,
    /// What may bring it in.
    pub awaits: QuarantineAwaits,
    /// That it was left aside for good, and by whom.
    #[serde(default)]
    pub left: Option<Left>,
}

/// That somebody left something aside for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Left {
    /// Who; empty where the name is not known.
    pub by: String,
    /// When, by the clock of their computer.
    pub at: Instant,
}

/// Why a batch was set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QuarantineReason {
    /// It belongs to another clinic.
    WrongClinic,
    /// A newer version of the program wrote it.
    UnknownKind,
    /// Its computer is not on the clinic's list.
    UnknownDevice,
    /// Its computer was removed from the clinic before.
    AfterCut,
    /// It is sealed under keys that have not come.
    UnknownEpoch,
    /// Its computer did not sign it.
    BadSignature,
    /// The key of what it belongs to has not come.
    NoKey,
    /// It does not open: it was altered, or sealed wrongly.
    NotOpened,
    /// Its content cannot be read.
    Malformed,
    /// Its content is of something else than it says outside.
    WrongTag,
    /// Its content broke the merge.
    Panicked,
    /// Its content cannot be merged.
    NotMerged,
    /// Something this version has no name for.
    Other,
}

/// What may bring a batch in after all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QuarantineAwaits {
    /// Keys or entries of the list of computers, by themselves with one of the next exchanges.
    Keys,
    /// A newer version of the program.
    Update,
    /// A person's decision.
    Decision,
    /// Nothing: it is damaged or not to be trusted, and stays apart.
    Nothing,
}

/// A stick or drive that is plugged in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DriveView {
    /// Its name, as the system shows it.
    pub name: String,
    /// Files for computers of a clinic that lie on it, the newest first.
    pub files: Vec<BundleFile>,
}

/// A file on a drive that a computer of a clinic wrote for others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BundleFile {
    /// Its name.
    pub name: String,
    /// Its length in bytes.
    pub bytes: u64,
}

/// What was written for other computers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BundleWritten {
    /// The name of the file.
    pub file: String,
    /// Sealed batches of changes in it.
    pub envelopes: u64,
    /// Its length in bytes.
    pub bytes: u64,
}

/// What was taken in of another computer's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BundleTaken {
    /// The computer that wrote it, by its own word where the end was not reached.
    pub device: DeviceId,
    /// Its name, where it is known.
    pub name: Option<String>,
    /// When, by that computer's clock.
    pub made_at: Instant,
    /// Sealed batches of changes in it, as far as it was read.
    pub envelopes: u64,
    /// Of these, the ones that were not here.
    pub new: u64,
    /// Of the new ones, those that were set aside: they are kept, and are in no chart.
    #[serde(default)]
    pub set_aside: u64,
    /// How far it was read.
    pub ended: BundleEnded,
}

/// How far a file was read. Whatever came before is taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BundleEnded {
    /// To its end, as its computer wrote it.
    Whole,
    /// It is cut off.
    CutOff,
    /// It is damaged from some place on.
    Damaged,
    /// It is not what its computer wrote.
    Altered,
    /// Its list of the clinic's computers contradicts the one here.
    MembersContradict,
    /// The file could not be read on.
    Unreadable,
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

    #[test]
    fn where_an_entry_is_goes_by_who_wrote_it_last() {
        let device = |n: u8| DeviceId::from_uuid(clinical::uuid_v7(i64::from(n), [n; 10]));
        let entry = |n: u8| {
            let id = clinical::uuid_v7(i64::from(n), [n; 10]);
            EntryRef::new(clinical::EntryKind::Allergy, id)
        };
        let ward = Holder::Computer { device: device(2), name: Some("Ward".into()) };
        let mut view = WhereaboutsView {
            here: device(1),
            elsewhere: true,
            recent: vec![(entry(1), Vec::new()), (entry(2), vec![ward.clone()])],
            own: vec![Holder::Server],
            others: vec![(device(2), vec![ward.clone()])],
            set_aside: 0,
        };
        let check = |view: &WhereaboutsView, n, writer, holders: &[Holder], only_here| {
            assert_eq!(view.holders_of(entry(n), writer), holders, "{n}");
            assert_eq!(view.is_only_here(entry(n), writer), only_here, "{n}");
        };
        check(&view, 1, Some(device(1)), &[], true);
        check(&view, 2, Some(device(1)), std::slice::from_ref(&ward), false);
        check(&view, 3, Some(device(1)), &[Holder::Server], false);
        check(&view, 3, None, &[Holder::Server], false);
        check(&view, 3, Some(device(2)), &[ward], false);
        // Of a computer that nothing is known of it is not said that it is nowhere else.
        check(&view, 3, Some(device(3)), &[], false);
        view.elsewhere = false;
        check(&view, 1, Some(device(1)), &[], false);
    }

    #[test]
    fn an_older_state_is_read() {
        let older = r#"{"server":null,"phase":{"kind":"idle"},"toSend":1,"lastSuccess":null,
                        "quarantined":2,"alarms":[],"sent":3,"received":4}"#;
        let view: SyncView = serde_json::from_str(older).unwrap();
        assert_eq!((view.to_send, view.too_large, view.quarantined_waiting), (1, 0, 0));
    }
}
