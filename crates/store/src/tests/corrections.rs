//! Findings are read together with what corrects them, however old that is.

use super::fixtures::*;
use crate::*;
use chart::ChartEdit;
use clinical::*;

/// A pulse of a year that stands in the place of another.
fn replacing(n: u64, value: u32, year: u32, replaces: u64) -> Observation {
    let replaces = Some(ObservationId::from_uuid(id(replaces)));
    Observation { replaces, ..pulse(n, value, &format!("{year}-01-01T08:00:00Z"), 1) }
}

#[test]
fn what_corrections_connect_with_the_newest_is_read_with_them() {
    let kept = new_store();
    let day = |n: u64| format!("2026-01-{:02}T08:00:00Z", n + 1);
    let many = (0..20).map(|n| pulse(100 + n, 60, &day(n), 1));
    let old = [
        // A chain from one of the newest, its end with the oldest date.
        replacing(300, 71, 1990, 119),
        replacing(301, 72, 1980, 300),
        // Two that correct another of the newest.
        replacing(302, 73, 1990, 118),
        replacing(303, 74, 1990, 118),
        // What has to do with none of the newest, and what corrects one that is not here.
        replacing(304, 75, 1990, 101),
        replacing(305, 76, 1990, 999),
    ];
    let edits: Vec<ChartEdit> = many.chain(old).map(ChartEdit::RecordObservation).collect();
    let (mut chart, record) = begin(1, &edits);
    kept.store.commit(Commit::local(vec![record])).unwrap();

    let ids = |some: &[u64]| -> Vec<ObservationId> {
        some.iter().map(|n| ObservationId::from_uuid(id(*n))).collect()
    };
    let check = |newest: u32, listed: &[u64], connected: &[u64]| {
        let newest = Newest::of_each(newest);
        let read = kept.store.chart(patient_id(1), newest).unwrap().unwrap();
        assert_eq!(read.connected, ids(connected));
        let all: Vec<_> = read.chart.observations.iter().map(|one| one.id).collect();
        assert_eq!(all, ids(&[listed, connected].concat()));
        for one in &read.chart.observations {
            let entry = EntryRef::new(EntryKind::Observation, one.id.uuid());
            assert!(read.chart.stamp_of(entry).is_some(), "{one:?}");
        }
        assert!(read.counts.contains(&(EntryKind::Observation, 26)), "{:?}", read.counts);
        read.chart
    };
    check(0, &[], &[]);
    let two = check(2, &[118, 119], &[300, 301, 302, 303]);
    let corrections = two.corrections();
    assert_eq!(corrections.corrected, ids(&[118, 119, 300]));
    assert_eq!(corrections.rivals, [ids(&[302, 303])]);
    // It is so of rows that were made again, and of one that is written alone.
    assert!(kept.store.rebuild(actor(9), &mut |_| {}).unwrap().unchanged);
    check(1, &[119], &[300, 301]);
    let more = ChartEdit::RecordObservation(replacing(306, 77, 1970, 301));
    edit(&kept.store, &mut chart, 1, more);
    let newest = Newest::of_each(1);
    let read = kept.store.chart(patient_id(1), newest).unwrap().unwrap();
    assert_eq!(read.connected, ids(&[300, 301, 306]));
    assert_eq!(kept.store.chart(patient_id(1), Newest::ALL).unwrap().unwrap().connected, []);
    assert_whole(&kept.store);
}
