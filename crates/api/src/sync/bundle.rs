//! Files by which the record travels, and the drives they lie on.

use crate::ErrorCode;
use clinical::{DeviceId, Instant};
use serde::{Deserialize, Serialize};

/// A stick or drive that is plugged in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DriveView {
    /// Its name, as the system shows it.
    pub name: String,
    /// Files for computers of a clinic that lie on it, the newest first.
    pub files: Vec<BundleFile>,
    /// Files by which one clinic gives another a chart that lie on it, the newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub charts: Vec<ChartFile>,
    /// A file for a chart to be given that is not there yet; its name says nothing of the patient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_chart: Option<String>,
}

/// A file on a drive that a computer of a clinic wrote for others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BundleFile {
    /// Its name.
    pub name: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// Who wrote it, by the file's own word; nothing where its beginning cannot be read, or where it
    /// is another clinic's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written: Option<BundleOrigin>,
}

/// Who wrote a file for other computers, as its beginning says: it is proven when it is taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BundleOrigin {
    /// The computer's name, where it is known.
    pub name: Option<String>,
    /// When, by that computer's clock.
    pub at: Instant,
    /// This computer wrote it: nothing in it is new here, unless this computer was put back since.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub here: bool,
}

/// A file on a drive by which one clinic gives another a chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChartFile {
    /// Where it lies, with its name.
    pub path: String,
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
    /// The documents that were written beside it, where they were to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub documents: Option<CarriedDocuments>,
}

/// Documents beside a file that carries the record, sealed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CarriedDocuments {
    /// How many were written, or taken in.
    pub carried: u64,
    /// Their bytes.
    pub bytes: u64,
    /// How many more there are: here and not on the stick, or on the stick, of charts that are here,
    /// and not here.
    pub left: u64,
    /// How many were not what their name says, and were thrown away.
    pub damaged: u64,
    /// What ended it before its end: it goes on with the next file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<ErrorCode>,
}

impl CarriedDocuments {
    /// Counts one more, of so many bytes.
    pub fn count(&mut self, bytes: u64) {
        self.carried = self.carried.saturating_add(1);
        self.bytes = self.bytes.saturating_add(bytes);
    }
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
    /// The documents that lie beside it, where there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub documents: Option<CarriedDocuments>,
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
    /// Somebody stopped it here.
    Stopped,
}
