//! A received resource, kept as it came.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The original of something imported: whatever the chart does not map is here, unchanged, and
/// an export starts from it. It bears the id of the entry it was mapped to, if any.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    /// The id of the entry it became, or its own.
    pub id: Uuid,
    /// The FHIR resource type.
    pub resource_type: String,
    /// The full URL it had in its Bundle, where it had one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full_url: Option<String>,
    /// The resource as compact JSON: members in order, numbers as written.
    pub body: String,
}
