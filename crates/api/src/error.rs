//! What went wrong, as the window can show it in its own words.

use clinical::Finding;
use serde::{Deserialize, Serialize};

/// A closed list of causes. The window never matches a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorCode {
    /// Nobody is signed in.
    SignedOut,
    /// The role may not do this.
    NotPermitted,
    /// Fields must be mended; see the findings.
    Invalid,
    /// There is no such thing.
    NotFound,
    /// The entry is disputed: decide first.
    Disputed,
    /// The entry is another by now than the one that was shown.
    Changed,
    /// The password is wrong.
    WrongPassword,
    /// The recovery code is wrong.
    WrongRecoveryCode,
    /// Nobody of that name can sign in on this computer.
    UnknownUser,
    /// The computer's keyring is not there.
    KeyringAbsent,
    /// The computer's keyring is locked.
    KeyringLocked,
    /// The computer's keyring does not answer.
    KeyringTimedOut,
    /// The keyring answers and holds no secret of ours, or another.
    KeyringEmpty,
    /// The store or its key file is damaged.
    Damaged,
    /// Acknowledged entries are missing from the store.
    MissingCommits,
    /// The store was written by a newer version.
    NewerVersion,
    /// Another process has the store open.
    StoreInUse,
    /// There is a clinic here already.
    AlreadyExists,
    /// There is no clinic here yet.
    NoClinic,
    /// Joining a clinic was begun here and must be brought to its end first.
    JoiningUnfinished,
    /// The disk is full.
    DiskFull,
    /// The disk or folder cannot be written.
    ReadOnlyDisk,
    /// The code to join is mistyped, used or too old.
    BadCode,
    /// Two people saw different numbers on their screens: somebody may stand between the computers.
    NumbersDiffer,
    /// The server cannot be reached; work goes on offline.
    Unreachable,
    /// The server takes the connection and does not answer; work goes on offline.
    ServerSilent,
    /// The clinic's list of computers is kept at another computer, which brings it to the clinic's first
    /// server; work goes on offline.
    ServerElsewhere,
    /// Somebody stopped the exchange on this computer.
    Stopped,
    /// Somebody stopped a file that was being written or read on this computer.
    FileStopped,
    /// The server has no room for more; everything is kept here meanwhile.
    ServerFull,
    /// The clinic has at the server all that it may have; everything is kept here meanwhile.
    OverQuota,
    /// What the server stored is damaged: who looks after it must put it back from a copy.
    ServerDamaged,
    /// The server is not the one this clinic trusts.
    ServerNotTrusted,
    /// The server does not let this computer in.
    DeviceRefused,
    /// The server or the other computer is of a newer version: this program is to be updated; work goes on
    /// offline.
    NewerPeer,
    /// The server answers with something else than it should.
    ServerMisbehaves,
    /// A file cannot be read.
    UnreadableFile,
    /// A file of a chart is not on this computer, and cannot be fetched now.
    FileNotHere,
    /// A chart is not on this computer, which holds a part of the clinic.
    ChartNotHere,
    /// What is kept or came of a file is not what was put into the chart.
    FileDamaged,
    /// As many codes to join as may be are in use: some must be used or end before another is made.
    TooManyCodes,
    /// There is too much of something.
    TooLarge,
    /// Something that should not happen; nothing was lost.
    Internal,
}

/// A failed command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiError {
    /// The cause.
    pub code: ErrorCode,
    /// The fields to mend, with code `invalid`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// One plain English sentence for the command line and the log: no patient data, no keys.
    pub detail: String,
}

impl ApiError {
    /// Makes an error of a cause.
    pub fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self { code, findings: Vec::new(), detail: detail.into() }
    }

    /// Makes an error of findings.
    pub fn invalid(findings: Vec<Finding>) -> Self {
        let detail = "Some fields must be mended; nothing was saved.".to_owned();
        Self { code: ErrorCode::Invalid, findings, detail }
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.detail)?;
        self.findings
            .iter()
            .try_for_each(|finding| write!(f, " {}: {}", finding.path, finding.detail))
    }
}

impl std::error::Error for ApiError {}
