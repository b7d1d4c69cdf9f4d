//! What became of files that were taken in.

use clinical::Finding;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How an import stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportView {
    /// It is going on.
    pub running: bool,
    /// Files read, of how many.
    pub files: (u64, u64),
    /// Bytes of files read, of how many: how far it is within a long file too.
    pub bytes: (u64, u64),
    /// Patients taken in.
    pub patients: u64,
    /// Resources taken in, by type.
    pub resources: BTreeMap<String, u64>,
    /// Of these, those that were here before, just as they came, by type.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub already: BTreeMap<String, u64>,
    /// Remarks: file, entry in the file, what.
    pub findings: Vec<FileFinding>,
    /// Remarks beyond those listed.
    pub findings_more: u64,
    /// What was taken in of each file: those first of which nothing was, the first thousand.
    pub by_file: Vec<FileIntake>,
    /// Files of which nothing was taken in.
    pub files_empty: u64,
    /// Resources that were read and are in no chart: refused, or kept as they came.
    #[serde(default)]
    pub left_out: u64,
    /// The same, by type.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub left_types: BTreeMap<String, u64>,
    /// Of the resources taken in those that are kept as they came and no view shows, by type.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub not_shown: BTreeMap<String, u64>,
    /// Why it ended early, when it did.
    pub failed: Option<crate::ApiError>,
}

/// What was taken in of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FileIntake {
    /// The file's name, or that of a folder that could not be read.
    pub file: String,
    /// It was named itself, and not found in a folder.
    #[serde(default)]
    pub named: bool,
    /// Resources taken in.
    pub resources: u64,
    /// Resources that were read and are in no chart.
    #[serde(default)]
    pub left_out: u64,
}

/// A remark about a place in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FileFinding {
    /// The file's name.
    pub file: String,
    /// Which entry of the file, from 0.
    pub entry: Option<u64>,
    /// The remark.
    pub finding: Finding,
}
