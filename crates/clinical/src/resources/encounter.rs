//! A visit (FHIR R4 `Encounter`).

use super::status::codes;
use crate::{CodeableConcept, EncounterId, PartialDate, PractitionerId};
use serde::{Deserialize, Serialize};

codes! {
    /// Where the visit stands.
    EncounterStatus {
        /// Expected.
        Planned = "planned",
        /// The patient is here.
        Arrived = "arrived",
        /// Being assessed for urgency.
        Triaged = "triaged",
        /// With a clinician.
        InProgress = "in-progress",
        /// Away for a while.
        OnLeave = "onleave",
        /// Done.
        Finished = "finished",
        /// Did not take place.
        Cancelled = "cancelled",
        /// Recorded by mistake.
        EnteredInError = "entered-in-error",
        /// Not told.
        Unknown = "unknown",
    }
}

codes! {
    /// The kind of visit (HL7 v3 `ActCode`).
    EncounterClass {
        /// In the clinic.
        Ambulatory = "AMB",
        /// An emergency.
        Emergency = "EMER",
        /// In the field.
        Field = "FLD",
        /// At home.
        Home = "HH",
        /// In a hospital bed.
        Inpatient = "IMP",
        /// Over the telephone or a screen.
        Virtual = "VR",
        /// Another kind, kept in the source.
        Other = "OTHER",
    }
}

impl EncounterStatus {
    /// Whether the patient waits to be seen.
    pub const fn is_waiting(self) -> bool {
        match self {
            Self::Arrived | Self::Triaged => true,
            Self::Planned
            | Self::InProgress
            | Self::OnLeave
            | Self::Finished
            | Self::Cancelled
            | Self::EnteredInError
            | Self::Unknown => false,
        }
    }

    /// Whether the patient is here, or away for a while.
    pub const fn is_open(self) -> bool {
        match self {
            Self::Arrived | Self::Triaged | Self::InProgress | Self::OnLeave => true,
            Self::Planned
            | Self::Finished
            | Self::Cancelled
            | Self::EnteredInError
            | Self::Unknown => false,
        }
    }
}

/// Where a visit stands and when it was, as it is stored: status and end are read together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EncounterState {
    /// Where it stands.
    pub status: EncounterStatus,
    /// When it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<PartialDate>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<PartialDate>,
    /// Who sees the patient, the first first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub participant: Vec<PractitionerId>,
}

/// What kind of visit it was, why, and when again, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EncounterAbout {
    /// Its kind.
    pub class: EncounterClass,
    /// What it was, in the sender's words or codes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kind: Vec<CodeableConcept>,
    /// Why the patient came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reason: Vec<CodeableConcept>,
    /// When the patient is to come again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow_up: Option<PartialDate>,
}

/// One visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Encounter {
    /// Its id.
    pub id: EncounterId,
    /// Where it stands.
    pub status: EncounterStatus,
    /// Its kind.
    pub class: EncounterClass,
    /// What it was, in the sender's words or codes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kind: Vec<CodeableConcept>,
    /// Why the patient came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reason: Vec<CodeableConcept>,
    /// When it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<PartialDate>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<PartialDate>,
    /// Who sees the patient, the first first (FHIR `participant`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub participant: Vec<PractitionerId>,
    /// When the patient is to come again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow_up: Option<PartialDate>,
}

impl Encounter {
    /// A visit of its two parts.
    pub fn of(id: EncounterId, about: EncounterAbout, state: EncounterState) -> Self {
        let EncounterAbout { class, kind, reason, follow_up } = about;
        let EncounterState { status, start, end, participant } = state;
        Self { id, status, class, kind, reason, start, end, participant, follow_up }
    }

    /// Where it stands and when it was.
    pub fn state(&self) -> EncounterState {
        EncounterState {
            status: self.status,
            start: self.start.clone(),
            end: self.end.clone(),
            participant: self.participant.clone(),
        }
    }

    /// What kind of visit it is, why, and when again.
    pub fn about(&self) -> EncounterAbout {
        EncounterAbout {
            class: self.class,
            kind: self.kind.clone(),
            reason: self.reason.clone(),
            follow_up: self.follow_up.clone(),
        }
    }
}
