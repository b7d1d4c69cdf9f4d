//! What is to be printed, as far as it was chosen.

use api::ChartView;
use clinical::{
    EncounterId, Finding, MedicationId, MedicationIntent, MedicationRequest, MedicationStatus,
    PrescriptionDraft, ReferralDraft, SheetDraft, SheetKind, SheetPaper, SickNoteDraft,
};
use serde::{Deserialize, Serialize};

/// The choices, and what was typed for those that are not made as well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PrintDraft {
    pub(super) kind: Option<SheetKind>,
    pub(super) visit: Option<EncounterId>,
    pub(super) medications: Vec<MedicationId>,
    pub(super) sick: SickNoteDraft,
    pub(super) letter: ReferralDraft,
    pub(super) paper: Option<SheetPaper>,
    pub(super) language: Option<String>,
}

impl PrintDraft {
    /// What one wants most: what was ordered in the visit, else all that is ordered and taken.
    pub(super) fn of(chart: Option<&ChartView>, visit: Option<EncounterId>) -> Self {
        let ordered: Vec<&MedicationRequest> = chart.into_iter().flat_map(prescribable).collect();
        let of_visit = |one: &&&MedicationRequest| visit.is_none() || one.about.encounter == visit;
        let medications: Vec<_> = ordered.iter().filter(of_visit).map(|one| one.id).collect();
        let kind = match (medications.is_empty(), visit) {
            (false, _) => SheetKind::Prescription,
            (true, Some(_)) => SheetKind::Summary,
            (true, None) => SheetKind::Label,
        };
        Self {
            kind: Some(kind),
            visit,
            medications,
            sick: SickNoteDraft { encounter: visit, ..SickNoteDraft::default() },
            letter: ReferralDraft { encounter: visit, ..ReferralDraft::default() },
            paper: None,
            language: None,
        }
    }

    /// The sheet; nothing of a label, which is none.
    pub(super) fn sheet(&self) -> Result<Option<SheetDraft>, Vec<Finding>> {
        let missing = |path| vec![Finding::error(path, "required", "Please choose.")];
        match self.kind.ok_or_else(|| missing("kind"))? {
            SheetKind::Label => Ok(None),
            SheetKind::Prescription if self.medications.is_empty() => Err(missing("medications")),
            SheetKind::Prescription => {
                let medications = self.medications.clone();
                let draft = PrescriptionDraft { medications, encounter: self.visit };
                Ok(Some(SheetDraft::Prescription(draft)))
            }
            SheetKind::Summary => {
                let visit = self.visit.ok_or_else(|| missing("kind"))?;
                Ok(Some(SheetDraft::Summary(visit)))
            }
            SheetKind::SickNote => {
                self.sick.days()?;
                Ok(Some(SheetDraft::SickNote(self.sick.clone())))
            }
            SheetKind::Referral => Ok(Some(SheetDraft::Referral(self.letter.complete()?))),
        }
    }
}

/// What can be prescribed: ordered here, and to be taken.
pub(super) fn prescribable(chart: &ChartView) -> impl Iterator<Item = &MedicationRequest> {
    chart.chart.medications.iter().filter(|one| {
        one.about.intent == MedicationIntent::Order && one.order.status == MedicationStatus::Active
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::uuid_v7;

    #[test]
    fn what_is_not_chosen_or_filled_in_is_told() {
        let visit = EncounterId::from_uuid(uuid_v7(1, [1; 10]));
        let bare = PrintDraft::of(None, None);
        assert_eq!((bare.kind, bare.sheet()), (Some(SheetKind::Label), Ok(None)));
        let of_visit = PrintDraft::of(None, Some(visit));
        assert_eq!(of_visit.sheet(), Ok(Some(SheetDraft::Summary(visit))));
        let told = |kind, want: &str| {
            let draft = PrintDraft { kind, ..bare.clone() };
            let paths: Vec<_> = draft.sheet().unwrap_err().into_iter().map(|it| it.path).collect();
            assert!(paths.iter().any(|path| path == want), "{kind:?}: {paths:?}");
        };
        told(None, "kind");
        told(Some(SheetKind::Prescription), "medications");
        told(Some(SheetKind::Summary), "kind");
        told(Some(SheetKind::SickNote), "from");
        told(Some(SheetKind::Referral), "to");
    }
}
