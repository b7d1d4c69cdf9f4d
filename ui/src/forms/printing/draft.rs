//! What is to be printed, as far as it was chosen.

use crate::sections::loud_of;
use api::{ChartView, PreviewLabel, PreviewSheet};
use clinical::{
    DetectedIssue, EncounterId, EntryKind, EntryRef, Finding, MedicationId, MedicationIntent,
    MedicationRequest, MedicationStatus, PatientId, PrescriptionDraft, ReferralDraft, SheetDraft,
    SheetKind, SheetPaper, SickNoteDraft,
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
    /// How many, of labels; blank is one.
    #[serde(default)]
    pub(super) copies: String,
}

/// So many labels are printed at once.
const COPIES_MAX: u32 = 50;

/// What is drawn before it is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Preview {
    Sheet(PreviewSheet),
    Label(PreviewLabel),
}

impl PrintDraft {
    /// What one wants most: what was ordered in the visit, else all that is ordered and taken.
    pub(super) fn of(chart: Option<&ChartView>, visit: Option<EncounterId>) -> Self {
        let ordered: Vec<&MedicationRequest> = chart.into_iter().flat_map(prescribable).collect();
        let of_visit = |one: &&&MedicationRequest| visit.is_none() || one.about.encounter == visit;
        let of_visit: Vec<_> = ordered.into_iter().filter(|one| of_visit(&one)).collect();
        // What an alert speaks against is printed by whoever chooses it.
        let is_quiet =
            |one: &&&MedicationRequest| chart.is_none_or(|chart| alert(chart, one).is_none());
        let medications: Vec<_> = of_visit.iter().filter(is_quiet).map(|one| one.id).collect();
        let kind = match (of_visit.is_empty(), visit) {
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
            copies: String::new(),
        }
    }

    /// A label, and nothing else.
    pub(super) fn of_label() -> Self {
        Self { kind: Some(SheetKind::Label), ..Self::of(None, None) }
    }

    /// What was chosen, without what was typed: a choice is seen at once.
    pub(super) fn choices(&self) -> Self {
        let Self { kind, visit, medications, paper, language, .. } = self.clone();
        Self { kind, visit, medications, paper, language, ..Self::of(None, None) }
    }

    /// The question how it looks, once there is enough of it.
    pub(super) fn preview(&self, patient: PatientId) -> Option<Preview> {
        let (paper, language) = (self.paper, self.language.clone());
        Some(match self.sheet().ok()? {
            Some(sheet) => Preview::Sheet(PreviewSheet { patient, sheet, paper, language }),
            None => Preview::Label(PreviewLabel { patient, paper, language }),
        })
    }

    /// How many labels.
    ///
    /// # Errors
    /// What is wrong with the number.
    pub(super) fn labels(&self) -> Result<u32, Vec<Finding>> {
        match self.copies.trim() {
            "" => Ok(1),
            typed => {
                typed.parse().ok().filter(|count| (1..=COPIES_MAX).contains(count)).ok_or_else(
                    || vec![Finding::error("copies", "labels", "Please print between 1 and 50.")],
                )
            }
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

/// What can be prescribed: ordered here, to be taken, and disputed by nobody.
pub(super) fn prescribable(chart: &ChartView) -> impl Iterator<Item = &MedicationRequest> {
    ordered(chart).filter(|one| !is_disputed(chart, one))
}

/// What speaks against printing one as it stands.
pub(super) fn alert<'a>(
    chart: &'a ChartView,
    one: &MedicationRequest,
) -> Option<&'a DetectedIssue> {
    loud_of(chart, EntryRef::new(EntryKind::Medication, one.id.uuid()))
}

fn ordered(chart: &ChartView) -> impl Iterator<Item = &MedicationRequest> {
    chart.chart.medications.iter().filter(|one| {
        one.about.intent == MedicationIntent::Order && one.order.status == MedicationStatus::Active
    })
}

/// Whether two people wrote different things of it, and nobody has decided.
pub(in crate::forms) fn is_disputed(chart: &ChartView, one: &MedicationRequest) -> bool {
    let entry = EntryRef::new(EntryKind::Medication, one.id.uuid());
    chart.chart.conflicts_of(entry).next().is_some()
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

    #[test]
    fn a_choice_is_seen_at_once_and_what_is_typed_when_it_is_asked_for() {
        let patient = PatientId::from_uuid(uuid_v7(1, [2; 10]));
        let label = PrintDraft::of_label();
        assert!(matches!(label.preview(patient), Some(Preview::Label(_))));
        let visit = EncounterId::from_uuid(uuid_v7(1, [1; 10]));
        let summary = PrintDraft::of(None, Some(visit));
        assert!(matches!(summary.preview(patient), Some(Preview::Sheet(_))));
        let blank = PrintDraft { kind: Some(SheetKind::Referral), ..label };
        assert_eq!(blank.preview(patient), None, "there is nothing to see yet");
        let letter = ReferralDraft { to: "Lira".into(), ..ReferralDraft::default() };
        let typed = PrintDraft { letter, copies: "3".into(), ..blank.clone() };
        assert_eq!(typed.choices(), blank.choices());
        let paper = PrintDraft { paper: Some(SheetPaper::A4), ..blank.clone() };
        assert_ne!(paper.choices(), blank.choices());
    }

    #[test]
    fn labels_are_counted() {
        let check = |copies: &str, want: Option<u32>| {
            let draft = PrintDraft { copies: copies.into(), ..PrintDraft::of_label() };
            assert_eq!(draft.labels().ok(), want, "{copies:?}");
        };
        check("", Some(1));
        check(" 3 ", Some(3));
        check("50", Some(50));
        check("51", None);
        check("0", None);
        check("-1", None);
        check("two", None);
    }
}
