//! That two charts are of one person.

use super::Stamp;
use crate::{PatientId, PatientLinkId};
use serde::{Deserialize, Serialize};

/// That two charts are of one person (FHIR R4 `Patient.link`). It stands in both, so that who holds
/// one of them alone knows of it, and copies nothing: each entry stays in its chart. It is ended and
/// never taken out; it counts as ended as soon as one of the charts says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PatientLink {
    /// Which.
    pub id: PatientLinkId,
    /// The chart that is gone on with: it `replaces` the other.
    pub shown: PatientId,
    /// The chart that is `replaced-by` it.
    pub replaced: PatientId,
    /// Who said so.
    pub made: Stamp,
    /// Who said that they are two people after all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Stamp>,
}

impl PatientLink {
    /// Whether it counts, as far as this one says.
    pub fn holds(&self) -> bool {
        self.ended.is_none() && self.shown != self.replaced
    }

    /// Whether it is of this chart.
    pub fn is_of(&self, patient: PatientId) -> bool {
        self.shown == patient || self.replaced == patient
    }
}
