//! What the window is told of files in a chart.

use crate::ErrorCode;
use clinical::{ContentType, DocumentReferenceId};
use serde::{Deserialize, Serialize};

/// Where the bytes of a chart's files are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DocumentsView {
    /// Each file, sorted by id.
    pub documents: Vec<DocumentItem>,
    /// The files of this chart are fetched by themselves.
    pub keep: bool,
    /// Those of all charts are.
    pub keep_all: bool,
    /// There is a server for them to go to.
    pub has_server: bool,
    /// Why files wait since the last exchange.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits: Option<ErrorCode>,
}

/// Where the bytes of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DocumentItem {
    /// Which.
    pub document: DocumentReferenceId,
    /// They are on this computer.
    pub here: bool,
    /// The server said that it has them.
    pub on_server: bool,
}

/// The bytes of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DocumentContent {
    /// What they are.
    pub content_type: ContentType,
    /// They themselves, in base 64 (RFC 4648 §4).
    pub data: String,
}
