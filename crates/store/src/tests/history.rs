//! Documents and their changes: order, waiting, compaction.

use super::fixtures::*;
use crate::*;
use chart::{ChartDocument, ChartEdit};
use clinical::*;
use std::sync::Arc;

fn reload(store: &Store, n: u64) -> ChartDocument {
    let kept = store.document(chart_name(n)).unwrap().unwrap();
    ChartDocument::load(patient_id(n), kept.stored(), actor(40)).unwrap()
}

#[test]
fn what_waits_is_kept_counted_and_taken_in_when_the_rest_comes() {
    let kept = new_store();
    let mut far = ChartDocument::new(patient_id(1), actor(9));
    let first = far.apply(&thirty_entries(1), stamp(2, 0)).unwrap();
    let second = far.apply(&[ChartEdit::RecordAllergy(allergy(77, "Latex"))], stamp(2, 1)).unwrap();
    let receive = |bytes: Vec<u8>| {
        let stored = kept.store.document(chart_name(1)).unwrap().unwrap_or_default();
        let here = ChartDocument::load(patient_id(1), stored.stored(), actor(1)).unwrap();
        let (mut here, merged) = here.merge([stored.waiting, vec![bytes]].concat()).unwrap();
        let view = View::Chart(Arc::new(here.read()));
        let record = Record::merged(merged, view, audit(AuditAction::Merge, patient_id(1)));
        take_in(&kept.store, record);
    };
    receive(second.changes[0].bytes.clone());
    let stored = kept.store.document(chart_name(1)).unwrap().unwrap();
    assert_eq!((stored.loose.len(), stored.waiting.len()), (0, 1));
    let waiting = kept.store.chart(patient_id(1), Newest::ALL).unwrap().unwrap();
    assert_eq!(Waiting::total(&waiting.waiting), 1);
    assert_eq!(waiting.chart, Chart::default());
    assert_whole(&kept.store);

    receive(first.changes[0].bytes.clone());
    let stored = kept.store.document(chart_name(1)).unwrap().unwrap();
    assert_eq!((stored.loose.len(), stored.waiting.len()), (2, 0));
    let summary = kept.store.chart(patient_id(1), Newest::ALL).unwrap().unwrap();
    assert_eq!(summary.waiting, []);
    assert_eq!(summary.chart, without_sources(far.read()));
    assert_whole(&kept.store);
}

#[test]
fn a_document_is_compacted_and_what_was_not_sealed_stays_in_the_outbox() {
    let kept = new_store();
    let (mut chart, record) = begin(1, &thirty_entries(1));
    kept.store.commit(Commit::local(vec![record])).unwrap();
    let mut wanted = Vec::new();
    for n in 0..LOOSE_CHANGES_MAX {
        let substance = format!("substance {n}");
        let committed = edit(
            &kept.store,
            &mut chart,
            1,
            ChartEdit::RecordAllergy(allergy(5000 + n, &substance)),
        );
        wanted = committed.wants_compaction;
    }
    assert_eq!(wanted, [chart_name(1)]);
    let before = kept.store.outbox(0, 1000).unwrap();
    assert_eq!(before.len(), 65);

    let (heads, snapshot) = (chart.heads(), chart.save());
    let stale = chart::Heads(vec![[0; 32]]);
    assert!(!kept.store.compact(chart_name(1), &snapshot, &stale).unwrap());
    assert!(kept.store.compact(chart_name(1), &snapshot, &heads).unwrap());
    let stored = kept.store.document(chart_name(1)).unwrap().unwrap();
    assert_eq!((stored.loose.len(), stored.heads), (0, heads));
    assert_eq!(reload(&kept.store, 1).read(), chart.read());
    assert_eq!(kept.store.outbox(0, 1000).unwrap(), before);
    assert_whole(&kept.store);

    let sealed = before
        .iter()
        .map(|item| SealedChange { ord: item.ord, generation: 1, counter: 1 })
        .collect();
    kept.store.seal(&Sealing { sealed, ..Sealing::default() }).unwrap();
    assert_eq!(kept.store.outbox(0, 1000).unwrap(), []);
    let left: i64 = kept
        .store
        .read(|r| Ok(r.db.query_row("SELECT count(*) FROM change", [], |x| x.get(0))?))
        .unwrap();
    assert_eq!(left, 0, "what is sealed and in the snapshot is kept once");
    let committed =
        edit(&kept.store, &mut chart, 1, ChartEdit::RecordAllergy(allergy(9000, "Latex")));
    assert_eq!(committed.wants_compaction, []);
    assert_eq!(reload(&kept.store, 1).read(), chart.read());
    assert_whole(&kept.store);
}

#[test]
fn a_commit_may_bring_its_snapshot() {
    let kept = new_store();
    let (mut chart, record) = begin(1, &thirty_entries(1));
    let record = record.with_snapshot(chart.save());
    kept.store.commit(Commit::local(vec![record])).unwrap();
    let stored = kept.store.document(chart_name(1)).unwrap().unwrap();
    assert_eq!(stored.loose.len(), 0);
    assert_eq!(kept.store.outbox(0, 10).unwrap().len(), 1);
    assert_eq!(reload(&kept.store, 1).read(), chart.read());
    assert_eq!(kept.store.documents(DocumentKind::Chart).unwrap(), [chart_name(1)]);
    assert_whole(&kept.store);
}
