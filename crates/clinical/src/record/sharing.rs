//! That a chart was given to another clinic: whom to, on what ground, and who wrote what they got.

use crate::{ClinicId, Instant, PartialDate, PractitionerId, SharingId};
use serde::{Deserialize, Serialize};

/// A clinic, as it named itself when a chart passed between two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedClinic {
    /// Which.
    pub id: ClinicId,
    /// Its name.
    pub name: String,
}

/// Somebody who wrote in a chart, as their clinic named them to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedAuthor {
    /// Who.
    pub id: PractitionerId,
    /// Their name.
    pub name: String,
}

/// On what ground a chart is given to another clinic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SharingGround {
    /// The patient is referred to the other clinic, or is answered to.
    Referral,
    /// The patient is treated there from now on.
    Transfer,
    /// The patient asked for it.
    Request,
}

/// That a chart was given to another clinic. It stands in the chart itself and goes with it, so that
/// both clinics know the same of it. It says what was given and takes nothing back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sharing {
    /// Which.
    pub id: SharingId,
    /// The clinic that gave it.
    pub from: NamedClinic,
    /// The clinic it was sealed for.
    pub to: NamedClinic,
    /// On what ground.
    pub ground: SharingGround,
    /// What the other clinic is asked, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Until when the other clinic is asked to work with it. It binds nobody but by their word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<PartialDate>,
    /// Who gave it.
    pub by: PractitionerId,
    /// When.
    pub at: Instant,
    /// The people of the giving clinic who wrote in the chart, sorted by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<NamedAuthor>,
    /// The clinics that have this only from another than the one that is said to have given it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub told: Vec<SharingTold>,
}

/// That a clinic knows of a sharing only by what another says that did not give it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharingTold {
    /// The clinic that was told.
    pub to: ClinicId,
    /// The clinic that says so.
    pub by: NamedClinic,
}

impl Sharing {
    /// Who told it to a clinic, where that clinic neither gave it nor got it itself.
    pub fn told_to(&self, clinic: ClinicId) -> Option<&NamedClinic> {
        self.told.iter().find(|told| told.to == clinic).map(|told| &told.by)
    }

    /// Whether a clinic gave it, and not merely another says so.
    pub fn is_of(&self, clinic: ClinicId) -> bool {
        self.from.id == clinic && self.told_to(clinic).is_none()
    }
}

impl SharingGround {
    /// Every ground.
    pub const ALL: [Self; 3] = [Self::Referral, Self::Transfer, Self::Request];

    /// The word it is stored and asked for by.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Referral => "referral",
            Self::Transfer => "transfer",
            Self::Request => "request",
        }
    }

    /// The ground of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ground| ground.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_ground_has_a_word() {
        for ground in SharingGround::ALL {
            assert_eq!(SharingGround::from_word(ground.word()), Some(ground));
        }
        assert_eq!(SharingGround::from_word("gift"), None);
    }
}
