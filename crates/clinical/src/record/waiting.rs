//! What is here and cannot be shown yet.

use crate::DeviceId;
use serde::{Deserialize, Serialize};

/// Changes of one computer that wait: a change they follow has not arrived. That computer had it
/// when it wrote them, so the chart waits for that computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// The computer.
    pub device: DeviceId,
    /// How many changes of it wait.
    pub changes: u32,
}

impl Waiting {
    /// How many changes wait in all.
    pub fn total(list: &[Self]) -> u32 {
        list.iter().fold(0, |sum, waiting| sum.saturating_add(waiting.changes))
    }
}
