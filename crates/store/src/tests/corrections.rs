//! Findings are read together with what corrects them, however old that is.

use super::fixtures::*;
use crate::{
    projections::observation::{LINKS, WEIGHTS},
    *,
};
use chart::ChartEdit;
use clinical::*;

/// A weight in kilograms, by a code of its own.
fn weight(n: u64, code: &str, kg: u32, at: &str) -> Observation {
    Observation {
        code: CodeableConcept::from_coding(LOINC, code, "Weight"),
        value: Some(ObservationValue::Quantity(Quantity::ucum(Decimal::from(kg), "kg"))),
        ..pulse(n, 60, at, 1)
    }
}

#[test]
fn weights_are_read_of_whatever_age_with_what_corrects_them() {
    let kept = new_store();
    let slip = weight(201, "29463-7", 7, "2001-01-01");
    let corrected =
        Observation { replaces: Some(slip.id), ..weight(202, "29463-7", 70, "2001-01-01") };
    let all = [
        slip,
        corrected,
        weight(203, "3141-9", 71, "2002-01-01"),
        weight(204, "8335-2", 72, "2003-01-01"),
        // A height and pulses.
        weight(205, "8302-2", 170, "2004-01-01"),
    ];
    let pulses = (0..40).map(|n| pulse(100 + n, 60, "2026-01-01T08:00:00Z", 1));
    let mut edits: Vec<ChartEdit> =
        all.into_iter().chain(pulses).map(ChartEdit::RecordObservation).collect();
    edits.push(ChartEdit::Withdraw(EntryRef::new(EntryKind::Observation, id(203))));
    edits.push(ChartEdit::RecordPatient(grace(1)));
    let (mut chart, record) = begin(1, &edits);
    kept.store.commit(Commit::local(vec![record])).unwrap();

    let check = |store: &Store, want: &[u64]| {
        let read = store.weights(patient_id(1)).unwrap().unwrap();
        let ids: Vec<_> = read.observations.iter().map(|one| one.id.uuid()).collect();
        assert_eq!(ids, want.iter().map(|n| id(*n)).collect::<Vec<_>>());
        assert!(read.patient.is_some() && read.is_mistaken(&read.observations[2]));
        for limit in [0, 2, 50] {
            let newest = Newest::of_each(limit);
            let (summary, beside) =
                store.chart_and_weights(patient_id(1), newest).unwrap().unwrap();
            assert_eq!(summary, store.chart(patient_id(1), newest).unwrap().unwrap());
            assert_eq!(beside, read, "read with the newest {limit}");
        }
        for one in &read.observations {
            let entry = EntryRef::new(EntryKind::Observation, one.id.uuid());
            assert!(read.stamp_of(entry).is_some(), "{one:?}");
        }
    };
    check(&kept.store, &[201, 202, 203, 204]);
    assert!(kept.store.rebuild(actor(9), &mut |_| {}).unwrap().unchanged);
    let more = ChartEdit::RecordObservation(weight(206, "29463-7", 73, "1999-01-01"));
    edit(&kept.store, &mut chart, 1, more);
    check(&kept.store, &[201, 202, 203, 204, 206]);
    let plan = |text: &str| {
        let plan = |r: &mut pool::Reader| {
            let text = format!("EXPLAIN QUERY PLAN {text}");
            let mut statement = r.db.prepare(&text)?;
            (1..=statement.parameter_count())
                .try_for_each(|n| statement.raw_bind_parameter(n, 1))?;
            let mut rows = statement.raw_query();
            let mut plan = String::new();
            while let Some(row) = rows.next()? {
                plan = plan + &row.get::<_, String>(3)? + "\n";
            }
            Ok(plan)
        };
        kept.store.read(plan).unwrap()
    };
    // Of a long chart neither looks at every finding.
    assert_eq!(
        plan(WEIGHTS),
        "SEARCH observation USING COVERING INDEX observation_weight (chart=?)\n"
    );
    assert_eq!(
        plan(LINKS),
        "SEARCH observation USING COVERING INDEX observation_replaces (chart=?)\n"
    );
    // Of rows that were not made again yet nothing is missed: all findings are read.
    kept.store
        .tamper("UPDATE observation SET weight = 0; UPDATE state SET projections = 5")
        .unwrap();
    let read = kept.store.weights(patient_id(1)).unwrap().unwrap();
    assert_eq!(read.observations.len(), 46);
    assert!(kept.store.rebuild(actor(9), &mut |_| {}).unwrap().documents > 0);
    check(&kept.store, &[201, 202, 203, 204, 206]);
    assert_eq!(kept.store.weights(patient_id(2)).unwrap(), None);
    assert_whole(&kept.store);
}

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
