//! What the window is told of the sync: how it stands, what a person should know, what was set
//! aside and why. Nothing of it names a patient, but whose chart something that was set aside is of.

mod alarm;
mod aside;
mod bundle;
mod coming;
mod whereabouts;

pub use alarm::{AlarmKind, AlarmSeen, CopyIs, SyncAlarm};
pub use aside::{
    AsideOf, Left, QuarantineAwaits, QuarantineItem, QuarantineReason, QuarantineView,
};
pub use bundle::{
    BundleEnded, BundleFile, BundleOrigin, BundleTaken, BundleWritten, CarriedDocuments, ChartFile,
    DriveView,
};
pub use coming::{Coming, FloorView, Hold};
pub use whereabouts::{Holder, HolderView, MetView, WhereaboutsView};

use clinical::{ClinicId, Instant, PatientId};
use serde::{Deserialize, Serialize};

/// How the sync stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncView {
    /// The clinic, as who runs its server calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clinic: Option<ClinicId>,
    /// The server's address, where one is set.
    pub server: Option<String>,
    /// Where the clinic has no server: the name of the computer that keeps the list of computers and
    /// brings it to the first one, where that is another than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list_at: Option<String>,
    /// Why documents of charts wait to be carried to the server, where they do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files_wait: Option<crate::ErrorCode>,
    /// Whether documents of charts may be on this computer alone: of some the server was not seen to
    /// have them, or no server is set.
    #[serde(default)]
    pub files_apart: bool,
    /// In which region the server says that it keeps the clinic, where it has regions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// What is going on.
    pub phase: SyncPhase,
    /// Changes that the server does not have yet. Where none is set: what no other computer was seen
    /// to hold.
    pub to_send: u64,
    /// Of these, the ones that never will: each is larger than what travels.
    #[serde(default)]
    pub too_large: u64,
    /// The last exchange that went through, with whomever.
    pub last_success: Option<Instant>,
    /// With whom that was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_with: Option<Holder>,
    /// Envelopes that were set aside; [`crate::ListQuarantine`] tells why.
    pub quarantined: u64,
    /// Of these, the ones that come in by themselves once keys or computers' entries have come.
    #[serde(default)]
    pub quarantined_waiting: u64,
    /// Of these, the ones that somebody may decide on.
    #[serde(default)]
    pub quarantined_deciding: u64,
    /// Beside these, the ones that somebody left aside for good.
    #[serde(default)]
    pub quarantined_left: u64,
    /// People of the clinic that this version of the program cannot read: a newer one wrote them.
    #[serde(default)]
    pub unreadable: u64,
    /// What a person should know: a restored server, a cloned computer.
    pub alarms: Vec<SyncAlarm>,
    /// In the last exchange with the server, or where none is set with a computer: envelopes sent
    /// and received.
    pub sent: u64,
    /// In that exchange.
    pub received: u64,
    /// Batches of the server's log that the last exchange with it left unread, as it was cut short.
    #[serde(default)]
    pub unread: u64,
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
    /// How fast the line to the server was, in bytes a second, in the last exchange since the program began that
    /// carried enough to tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_speed: Option<u64>,
    /// How much of the record is here; none once all of it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coming: Option<Coming>,
    /// From where the server's log was read; none for its start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor: Option<FloorView>,
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
    /// For how long the line was waited for with these, in milliseconds.
    #[serde(default)]
    pub line_ms: u64,
    /// How much of the record is here; none where all of it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coming: Option<Coming>,
}

/// Less than this says more of how long a line is than of how fast.
const SPEED_BYTES_MIN: u64 = 32 * 1024;

impl SyncProgress {
    /// How fast the line is, in bytes a second; `None` before enough went over it.
    pub fn line_speed(&self) -> Option<u64> {
        let bytes = self.sent_bytes.saturating_add(self.received_bytes);
        let speed = bytes.saturating_mul(1000).checked_div(self.line_ms);
        speed.filter(|_| bytes >= SPEED_BYTES_MIN)
    }
}

/// A file that takes a while to be written or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileAct {
    /// The record is written to a stick for other computers.
    WriteBundle,
    /// What another computer wrote is taken in from a stick.
    ReadBundle,
    /// Documents are written beside it.
    WriteDocuments,
    /// Documents are taken in that lie beside it.
    ReadDocuments,
    /// A chart is written for another clinic.
    GiveChart,
    /// A chart that another clinic gives is read.
    ReadGiven,
}

/// How far a file is that is written or read here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FileProgress {
    /// Sealed batches of changes, or documents, that are done; of a chart for another clinic its files.
    pub count: u64,
    /// Of how many; none where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count_of: Option<u64>,
    /// Bytes that are done.
    pub bytes: u64,
    /// Of how many; none where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes_of: Option<u64>,
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

impl SyncView {
    /// Whether this computer was removed from the clinic: nothing else said of the sync matters
    /// then.
    pub fn is_removed(&self) -> bool {
        self.alarms.iter().any(|raised| raised.alarm == AlarmKind::Revoked)
    }

    /// The alarms that nobody has looked into.
    pub fn unseen(&self) -> impl Iterator<Item = &SyncAlarm> {
        self.alarms.iter().filter(|raised| raised.seen.is_none())
    }

    /// Whether the clinic's other computers are met over the local network alone: no server is set.
    pub fn is_by_lan_alone(&self) -> bool {
        self.server.is_none() && self.phase != SyncPhase::Alone
    }

    /// A computer that was met and seen to hold all that is here, and when: of several the one that
    /// was met last.
    pub fn has_everything(&self) -> Option<(&Holder, Instant)> {
        let is_whole = |it: &&HolderView| it.lacks == 0 && it.who != Holder::Server;
        let whole = self.holders.iter().filter(is_whole);
        let met = whole.filter_map(|holder| Some((&holder.who, holder.met.at?)));
        met.max_by_key(|(_, at)| *at)
    }

    /// Who was seen to hold all that is here, and when: the server where one is set, else the computer
    /// of the clinic that was met last. Nobody while an alarm says that somebody may be wrong, while
    /// something is set aside, or while more of the record is coming; of a part that somebody chose to
    /// hold it is said as of the whole.
    pub fn safe_with(&self) -> Option<(&Holder, Instant)> {
        let is_alarmed = self.unseen().next().is_some() || self.quarantined > 0;
        let stays = self.to_send > 0 || self.too_large > 0 || self.files_apart;
        if is_alarmed || stays || self.coming.is_some_and(|it| !it.by_choice) {
            return None;
        }
        let has_all = |it: &HolderView| {
            let asked = (it.who == Holder::Server) == self.server.is_some();
            (asked && it.lacks == 0).then_some(it.met.at).flatten()
        };
        let all = self.holders.iter().filter_map(|it| Some((&it.who, has_all(it)?)));
        all.max_by_key(|(_, at)| *at)
    }

    /// How many batches the server is not known to hold of what is here; none where there is no server.
    pub fn server_lacks(&self) -> u64 {
        let server = self.holders.iter().find(|holder| holder.who == Holder::Server);
        server.filter(|_| self.server.is_some()).map_or(0, |server| server.lacks)
    }

    /// When the server was last exchanged with.
    pub fn server_reached(&self) -> Option<Instant> {
        let server = self.holders.iter().find(|holder| holder.who == Holder::Server)?;
        server.met.at
    }

    /// How many things on the sync page wait for somebody to look at them; what was set aside waits
    /// for who `decides` on it.
    pub fn to_look_at(&self, decides: bool) -> u64 {
        if self.is_removed() {
            return 1;
        }
        let alarms = u64::try_from(self.unseen().count()).unwrap_or(u64::MAX);
        let aside = if decides { self.quarantined_deciding } else { 0 };
        alarms.saturating_add(aside)
    }
}

/// What the sync is doing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", content = "body")]
pub enum SyncPhase {
    /// This computer works alone: no server is set, and no other computer is met over the local
    /// network.
    #[default]
    Alone,
    /// Nothing is going on.
    Idle,
    /// An exchange is going on.
    Running,
    /// The last try failed; work goes on. Where no server is set: no other computer answers, or the
    /// last one that did gave up.
    Failed(crate::ApiError),
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
    /// Whether the server has taken its keys away; nothing where the clinic has no server here.
    pub server: Option<bool>,
    /// Whether the file of this computer's store was written anew since.
    pub swept: bool,
    /// Packs of other computers that hold an erased chart, this one or another, and whose keys stand
    /// until these hear of it.
    pub packs: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_state_is_read() {
        let older = r#"{"server":null,"phase":{"kind":"idle"},"toSend":1,"lastSuccess":null,
                        "quarantined":2,"alarms":[],"sent":3,"received":4}"#;
        let view: SyncView = serde_json::from_str(older).unwrap();
        assert_eq!((view.to_send, view.too_large, view.quarantined_waiting), (1, 0, 0));
        let older = r#"{"who":{"kind":"server"},"lacks":3}"#;
        let holder: HolderView = serde_json::from_str(older).unwrap();
        assert_eq!((holder.lacks, holder.met), (3, MetView::default()));
    }

    #[test]
    fn who_has_everything_was_met_and_is_the_one_that_was_met_last() {
        let computer = |n: u8| {
            let device = clinical::DeviceId::from_uuid(clinical::uuid_v7(i64::from(n), [n; 10]));
            Holder::Computer { device, name: None }
        };
        let of = |who: &Holder, lacks, met_ms: Option<i64>| {
            let at = met_ms.map(Instant::from_unix_ms);
            HolderView { who: who.clone(), lacks, met: MetView { at, ..MetView::default() } }
        };
        let (ward, desk) = (&computer(1), &computer(2));
        let check = |holders: Vec<HolderView>, want: Option<(&Holder, i64)>| {
            let view = SyncView { holders, ..SyncView::default() };
            let want = want.map(|(who, ms)| (who, Instant::from_unix_ms(ms)));
            assert_eq!(view.has_everything(), want);
        };
        check(vec![of(ward, 0, Some(7))], Some((ward, 7)));
        check(vec![of(ward, 0, Some(7)), of(desk, 0, Some(9))], Some((desk, 9)));
        check(vec![of(ward, 0, Some(7)), of(desk, 1, Some(9))], Some((ward, 7)));
        check(vec![of(ward, 0, None)], None);
        check(vec![of(&Holder::Server, 0, Some(7))], None);
    }

    #[test]
    fn what_is_to_be_looked_at_is_counted_for_whom_it_waits() {
        let raised = |alarm| SyncAlarm {
            at: Instant::from_unix_ms(0),
            alarm,
            detail: String::new(),
            seen: None,
        };
        let alarms = vec![raised(AlarmKind::Copied), raised(AlarmKind::Restored)];
        let (quarantined, quarantined_deciding) = (9, 3);
        let mut view =
            SyncView { alarms, quarantined, quarantined_deciding, ..SyncView::default() };
        assert_eq!((view.to_look_at(true), view.to_look_at(false)), (5, 2));
        view.alarms.push(raised(AlarmKind::Revoked));
        assert_eq!(view.to_look_at(true), 1, "nothing else matters then");
        assert_eq!(SyncView::default().to_look_at(true), 0);
    }
}
