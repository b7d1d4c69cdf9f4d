//! What stands on a sheet, as it is kept: a copy says the same, whatever became of the chart since.
//!
//! A version byte and JSON; the hash in the square code is of these bytes.

use crate::error::Told;
use api::{ApiError, ErrorCode};
use clinical::{AllergyState, Identity, LetterheadTemplate, MedicationOrder, PartialDate};
use serde::{Deserialize, Serialize};
use store::StoreError;

/// The form that is written.
const VERSION: u8 = 1;

/// What stands on a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SheetContent {
    pub(super) clinic: ClinicLines,
    pub(super) person: PersonLines,
    pub(super) author: AuthorLines,
    pub(super) written: PartialDate,
    pub(super) body: Body,
}

/// The clinic at the head and foot.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ClinicLines {
    pub(super) name: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) address: Vec<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) telephone: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) registration: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) footer: String,
    /// How the first page begins; plain where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) template: Option<LetterheadTemplate>,
    /// It is none, and its patients are invented.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) demonstration: bool,
}

/// Whose sheet it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PersonLines {
    pub(super) identity: Identity,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) age: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) address: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) guardian: Option<String>,
}

/// Who signs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct AuthorLines {
    pub(super) name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) registration: String,
}

/// What it is about. (Externally tagged: numbers keep their digits.)
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Body {
    Prescription(PrescriptionBody),
    Summary(SummaryBody),
    SickNote(SickNoteBody),
    Referral(ReferralBody),
}

/// Medicines to be handed out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PrescriptionBody {
    #[serde(flatten)]
    pub(super) weighed: Weighed,
    pub(super) allergies: Allergies,
    pub(super) items: Vec<ItemBody>,
}

/// What somebody weighs, with its day; and the weight before, where this one jumps from it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Weighed {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) weight: Option<(String, PartialDate)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) weight_before: Option<String>,
}

/// One medicine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ItemBody {
    pub(super) order: MedicationOrder,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) controlled: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) instruction: Option<String>,
    /// The allergies it was prescribed in spite of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) against: Vec<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
}

/// The state of the allergy list, and those that are to be heeded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Allergies {
    pub(super) state: AllergyState,
    pub(super) known: Vec<String>,
}

/// The medicines that are taken now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Medicines {
    pub(super) agreed: Vec<MedicationOrder>,
    /// The versions of those that were written differently in two places, one medicine after the other.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) disputed: Vec<MedicationOrder>,
    /// How many of them belong to each medicine; where that is not told, those of one name in a row.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) versions: Vec<usize>,
    /// Those of both that were prescribed in spite of an allergy.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) despite: Vec<Despite>,
}

/// That a medicine was prescribed in spite of allergies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Despite {
    /// Its place among the agreed and then the disputed.
    pub(super) place: usize,
    pub(super) against: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
}

/// What a visit came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SummaryBody {
    pub(super) reason: String,
    pub(super) vitals: Vec<SignLine>,
    pub(super) assessment: String,
    pub(super) plan: String,
    pub(super) medicines: Medicines,
    pub(super) allergies: Allergies,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) follow_up: Option<PartialDate>,
    /// A note of the visit is not signed: what it says is not here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) unsigned: bool,
}

/// A vital sign and its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum SignLine {
    Apart(String, String),
    /// In one text, as it was kept at first.
    Whole(String),
}

/// That somebody cannot work or go to school.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SickNoteBody {
    pub(super) from: PartialDate,
    pub(super) until: PartialDate,
    pub(super) remark: String,
    /// It is for a child: of school, and not of work.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) school: bool,
}

/// A letter to a colleague.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReferralBody {
    pub(super) to: String,
    pub(super) urgent: bool,
    pub(super) situation: String,
    pub(super) background: String,
    pub(super) assessment: String,
    pub(super) recommendation: String,
    /// Where a dose goes by it.
    #[serde(flatten)]
    pub(super) weighed: Weighed,
    pub(super) medicines: Medicines,
    pub(super) allergies: Allergies,
}

impl Medicines {
    /// Whether a dose of one goes by weight.
    pub(super) fn go_by_weight(&self) -> bool {
        self.agreed.iter().chain(&self.disputed).any(MedicationOrder::goes_by_weight)
    }

    /// How many of the disputed belong to each medicine.
    pub(super) fn versions(&self) -> Vec<usize> {
        if self.versions.iter().sum::<usize>() == self.disputed.len() {
            return self.versions.clone();
        }
        let is_same = |one: &MedicationOrder, other: &MedicationOrder| {
            one.medication.label() == other.medication.label()
        };
        self.disputed.chunk_by(is_same).map(<[MedicationOrder]>::len).collect()
    }
}

impl SheetContent {
    /// The bytes it is kept as.
    ///
    /// # Errors
    /// `internal`.
    pub(super) fn to_bytes(&self) -> Result<Vec<u8>, ApiError> {
        let internal = |_| ApiError::new(ErrorCode::Internal, "The sheet could not be written.");
        let mut bytes = vec![VERSION];
        serde_json::to_writer(&mut bytes, self).map_err(internal)?;
        Ok(bytes)
    }

    /// What was kept.
    ///
    /// # Errors
    /// `newer-version` of what another version keeps; `damaged`.
    pub(super) fn of_bytes(bytes: &[u8]) -> Result<Self, ApiError> {
        match bytes.split_first() {
            Some((&VERSION, json)) => serde_json::from_slice(json)
                .map_err(|_| StoreError::Damaged("a printed sheet").told()),
            Some((version, _)) if *version > VERSION => {
                let detail = "A newer version of the program printed this; nothing was printed.";
                Err(ApiError::new(ErrorCode::NewerVersion, detail))
            }
            Some(_) | None => Err(StoreError::Damaged("a printed sheet").told()),
        }
    }
}
