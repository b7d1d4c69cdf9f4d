//! A chart brought up to a change reads as the whole read again.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::common::{id, patient, stamp};
use chart::{Actor, ChartDocument, ChartEdit};
use clinical::*;
use proptest::prelude::*;

/// One intention of many; `n` says about which entry, `m` what is written.
fn edit(kind: u8, n: u8, m: u8) -> Vec<ChartEdit> {
    let taken: PartialDate = "2026-11-24".parse().unwrap();
    match kind {
        0 => {
            let draft = PatientDraft { family: format!("Okello {m}"), ..Default::default() };
            vec![ChartEdit::RecordPatient(draft.complete(patient(), &taken).unwrap())]
        }
        1 => {
            let draft = AllergyDraft { substance: format!("Food {m}"), ..Default::default() };
            let allergy = draft.complete(AllergyIntoleranceId::from_uuid(id(n))).unwrap();
            vec![ChartEdit::RecordAllergy(allergy)]
        }
        2 => {
            let draft = ConditionDraft { problem: format!("Pain {m}"), ..Default::default() };
            vec![ChartEdit::RecordCondition(draft.complete(ConditionId::from_uuid(id(n))).unwrap())]
        }
        3 => {
            let draft = MedicationDraft {
                medication: "Amlodipine".into(),
                dose: (m + 1).to_string(),
                unit: "mg".into(),
                frequency: "1".into(),
                ..Default::default()
            };
            let medication = draft.complete(MedicationId::from_uuid(id(n)), taken).unwrap();
            vec![ChartEdit::RecordMedication(medication)]
        }
        4 => {
            let values = [("heartRate".to_owned(), (60 + m).to_string())].into();
            let draft = VitalsDraft { values, encounter: None };
            let made = || ObservationId::from_uuid(id(n));
            let found = draft.complete(made, &taken).unwrap();
            found.into_iter().map(ChartEdit::RecordObservation).collect()
        }
        _ => {
            let kinds = [EntryKind::Allergy, EntryKind::Condition, EntryKind::Observation];
            kinds.map(|kind| ChartEdit::Withdraw(EntryRef::new(kind, id(n)))).to_vec()
        }
    }
}

proptest! {
    #[test]
    fn what_was_not_touched_need_not_be_read_again(
        theirs in prop::collection::vec((0_u8..4, 2_u8..5, 0_u8..9), 0..6),
        ours in prop::collection::vec((0_u8..6, 2_u8..5, 0_u8..9), 1..12),
    ) {
        let mut one = ChartDocument::new(patient(), Actor::from_random([1; 16]));
        let mut two = ChartDocument::new(patient(), Actor::from_random([2; 16]));
        let half = ours.len() / 2;
        for (at, (kind, n, m)) in (0..).zip(&ours[..half]) {
            for edit in edit(*kind, *n, *m) {
                drop(one.apply(&[edit], stamp(1, at)));
            }
        }
        let mut apart = Vec::new();
        for (at, (kind, n, m)) in (50..).zip(&theirs) {
            for edit in edit(*kind, *n, *m) {
                let change = two.apply(&[edit], stamp(2, at)).unwrap();
                apart.extend(change.changes.into_iter().map(|raw| raw.bytes));
            }
        }
        let (mut one, _) = one.merge(apart).unwrap();
        let mut chart = one.read();
        for (at, (kind, n, m)) in (100..).zip(&ours[half..]) {
            for edit in edit(*kind, *n, *m) {
                // What is disputed or stands is not written over: nothing changes then.
                if let Ok(change) = one.apply(&[edit], stamp(1, at)) {
                    one.refresh(&mut chart, &change.touched);
                }
                prop_assert_eq!(&chart, &one.read());
            }
        }
    }
}
