//! How much of the record is here.

use serde::{Deserialize, Serialize};

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
