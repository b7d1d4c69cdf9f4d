//! Names of entries, and who wrote them.

use crate::{DeviceId, Instant, PractitionerId};
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// The sections of a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntryKind {
    /// The patient's own data; its id is the chart's.
    Patient,
    /// An allergy.
    Allergy,
    /// A problem.
    Condition,
    /// A visit.
    Encounter,
    /// A medicine.
    Medication,
    /// A finding.
    Observation,
    /// A signed note.
    Composition,
    /// A task.
    Task,
    /// A kept original.
    Source,
    /// A file.
    Document,
}

impl EntryKind {
    /// Every kind with the word it is written by.
    pub const ALL: [(Self, &'static str); 10] = [
        (Self::Patient, "patient"),
        (Self::Allergy, "allergy"),
        (Self::Condition, "condition"),
        (Self::Encounter, "encounter"),
        (Self::Medication, "medication"),
        (Self::Observation, "observation"),
        (Self::Composition, "composition"),
        (Self::Task, "task"),
        (Self::Source, "source"),
        (Self::Document, "document"),
    ];

    /// The word it is written by.
    pub fn word(self) -> &'static str {
        Self::ALL.into_iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }

    /// The kind of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| *known == word).map(|(kind, _)| kind)
    }
}

/// One entry of a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EntryRef {
    /// Which section.
    pub kind: EntryKind,
    /// Which entry.
    pub id: Uuid,
}

impl EntryRef {
    /// Names an entry.
    pub const fn new(kind: EntryKind, id: Uuid) -> Self {
        Self { kind, id }
    }
}

impl fmt::Display for EntryRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind.word(), self.id)
    }
}

/// Who wrote, on which device, and when by that device's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Stamp {
    /// Who.
    pub author: PractitionerId,
    /// Where.
    pub device: DeviceId,
    /// When, by that device's clock.
    pub at: Instant,
}
