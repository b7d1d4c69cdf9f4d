//! What two devices wrote apart, as rows show it.

use super::fixtures::*;
use crate::*;
use chart::{ChartDocument, ChartEdit, DocumentChange};
use std::sync::Arc;

fn bytes(changes: &[&DocumentChange]) -> Vec<Vec<u8>> {
    changes.iter().flat_map(|c| c.changes.iter().map(|raw| raw.bytes.clone())).collect()
}

/// A store whose chart has merged what another device wrote apart.
fn apart(here: ChartEdit, there: ChartEdit) -> (Kept, ChartDocument) {
    let kept = new_store();
    let mut mine = ChartDocument::new(patient_id(1), actor(1));
    let first = mine.apply(&thirty_entries(1), stamp(1, 0)).unwrap();
    let first_bytes = bytes(&[&first]);
    let record = recorded(&mut mine, first, 1);
    kept.store.commit(Commit::local(vec![record])).unwrap();

    let theirs = ChartDocument::new(patient_id(1), actor(2));
    let (mut theirs, _) = theirs.merge(first_bytes).unwrap();
    let theirs = theirs.apply(&[there], stamp(2, 5)).unwrap();
    edit(&kept.store, &mut mine, 1, here);

    let waiting = kept.store.document(chart_name(1)).unwrap().unwrap().waiting;
    let (mut mine, merged) = mine.merge([waiting, bytes(&[&theirs])].concat()).unwrap();
    let view = View::Chart(Arc::new(mine.read()));
    let record = Record::merged(merged, view, audit(AuditAction::Merge, patient_id(1)));
    take_in(&kept.store, record);
    (kept, mine)
}

#[test]
fn both_dosages_are_in_list_and_chart_until_one_is_chosen() {
    let (kept, mut chart) = apart(
        ChartEdit::RecordMedication(medication(1004, "Amlodipine", "10", "1")),
        ChartEdit::RecordMedication(medication(1004, "Amlodipine", "5", "2")),
    );
    let conflicts = kept.store.conflicts(None, 10).unwrap();
    assert_eq!(conflicts.len(), 1);
    assert_eq!(conflicts[0].patient, patient_id(1));
    assert_eq!(conflicts[0].conflict.versions.len(), 2);
    // What shows a row hands on the heads it was read with.
    assert_eq!(conflicts[0].heads, chart.heads());
    let found = kept.store.patient(patient_id(1)).unwrap().unwrap();
    assert_eq!(found.heads, chart.heads());
    let summary = kept.store.chart(patient_id(1), Newest::ALL).unwrap().unwrap();
    assert_eq!(summary.chart, without_sources(chart.read()));
    assert_eq!(summary.heads, chart.heads());
    assert_eq!(summary.chart.conflicts, [conflicts[0].conflict.clone()]);
    assert_whole(&kept.store);

    let decision = ChartEdit::Decide {
        conflict: conflicts[0].conflict.id.clone(),
        change: conflicts[0].conflict.versions[0].change.clone(),
    };
    edit(&kept.store, &mut chart, 1, decision);
    assert_eq!(kept.store.conflicts(None, 10).unwrap(), []);
    assert_eq!(kept.store.counts().unwrap().conflicts, 0);
    assert_whole(&kept.store);
}

#[test]
fn a_patient_of_disputed_identity_is_found_by_either_and_shown_with_both() {
    let (kept, _) = apart(
        ChartEdit::RecordPatient(person(1, "Achieng", "Grace", "1988-03-14", "0712 345 678")),
        ChartEdit::RecordPatient(person(1, "Atieno", "Grace", "1989-03-14", "0712 345 678")),
    );
    for typed in ["achieng", "atieno", "1988", "1989"] {
        let found = kept.store.find_patients(typed, 5).unwrap();
        assert_eq!(found.len(), 1, "{typed}");
        assert!(found[0].row.disputed);
        let families: Vec<_> =
            found[0].row.versions.iter().map(|v| v.name[0].family.as_str()).collect();
        assert_eq!(families, ["Achieng", "Atieno"]);
    }
    let page = kept.store.patients(None, 10).unwrap();
    assert_eq!(page.rows[0].versions.len(), 2);
    assert_whole(&kept.store);
}
