//! Edits and originals too large for one change: many changes that travel, and all or nothing.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::common::{id, open, patient};
use chart::{
    Actor, ChartDocument, ChartEdit, ClinicDocument, ClinicEdit, DocumentChange, EditError, Stored,
    VALUE_LEN_MAX,
};
use clinical::*;

/// What `sync` carries in one piece.
const TRAVELS: usize = 512 << 10;

fn stamp(at: i64) -> Stamp {
    Stamp {
        author: PractitionerId::from_uuid(id(100)),
        device: DeviceId::from_uuid(id(200)),
        at: Instant::from_unix_ms(at),
    }
}

/// An original of so many bytes that do not repeat.
fn source(n: u8, len: usize) -> Source {
    let letters = (0_u32..).map(|at| {
        let mixed = (at ^ u32::from(n)).wrapping_mul(2_654_435_761) >> 24;
        char::from(b'a' + u8::try_from(mixed % 26).unwrap())
    });
    let body = letters.take(len).collect();
    Source { id: id(n), resource_type: "Binary".into(), full_url: None, body }
}

fn bytes(change: &DocumentChange) -> Vec<Vec<u8>> {
    change.changes.iter().map(|raw| raw.bytes.clone()).collect()
}

fn allergy(substance: &str) -> ChartEdit {
    let draft = AllergyDraft { substance: substance.into(), ..Default::default() };
    let id = AllergyIntoleranceId::from_uuid(id(9));
    ChartEdit::RecordAllergy(draft.complete(id).unwrap())
}

#[test]
fn no_change_is_larger_than_what_travels() {
    let lens = [10, 255 << 10, 256 << 10, 3 << 20, 20 << 20];
    let kept: Vec<Source> = (20..).zip(lens).map(|(n, len)| source(n, len)).collect();
    let edits: Vec<ChartEdit> = kept.iter().cloned().map(ChartEdit::KeepSource).collect();
    let mut chart = open(1);
    let change = chart.apply(&edits, stamp(10)).unwrap();
    let longest = change.changes.iter().map(|raw| raw.bytes.len()).max().unwrap();
    assert!(longest <= TRAVELS, "{longest}");
    assert!(change.changes.len() > 50, "{}", change.changes.len());
    assert_eq!(chart.read().sources, kept);
    assert!(kept.iter().all(|source| chart.keeps(source)));
    assert!(!chart.keeps(&source(24, 5 << 20)));

    // It is the same elsewhere, and after it was stored; what has come in part is not there yet,
    // and nothing is called unreadable.
    let mut there = open(2);
    let all = bytes(&change);
    there = there.merge(all[..30].to_vec()).unwrap().0;
    let part = there.read();
    assert_eq!((part.sources.as_slice(), part.unreadable.len()), (&kept[..4], 0));
    there = there.merge(all[30..].to_vec()).unwrap().0;
    assert_eq!(there.read(), chart.read());
    let stored = chart.save();
    let stored = Stored { snapshot: Some(&stored), loose: &[] };
    let mut again = ChartDocument::load(patient(), stored, Actor::from_random([3; 16])).unwrap();
    assert_eq!(again.read(), chart.read());
    // The same once more changes nothing.
    assert_eq!(chart.apply(&edits, stamp(20)).unwrap().changes, []);
}

#[test]
fn a_large_edit_is_whole_or_not_at_all() {
    let mut chart = open(1);
    chart.apply(&[allergy("Penicillin")], stamp(10)).unwrap();
    let (before, heads) = (chart.read(), chart.heads());
    let entry = EntryRef::new(EntryKind::Observation, id(77));
    let edits =
        [ChartEdit::KeepSource(source(20, 2 << 20)), allergy("Latex"), ChartEdit::Withdraw(entry)];
    assert_eq!(chart.apply(&edits, stamp(20)), Err(EditError::UnknownEntry(entry)));
    assert_eq!((chart.read(), chart.heads()), (before, heads));
    // And the chart goes on.
    let change = chart.apply(&edits[..2], stamp(30)).unwrap();
    let mut there = open(2);
    let first = open(1).apply(&[allergy("Penicillin")], stamp(10)).unwrap();
    there = there.merge(bytes(&first)).unwrap().0;
    there = there.merge(bytes(&change)).unwrap().0;
    assert_eq!(there.read(), chart.read());
}

#[test]
fn a_value_that_cannot_travel_is_refused() {
    let limit = VALUE_LEN_MAX;
    let mut chart = open(1);
    assert_eq!(
        chart.apply(&[allergy(&"x".repeat(500)), long_note(limit)], stamp(10)),
        Err(EditError::TooLarge { limit })
    );
    assert_eq!(chart.read(), open(1).read());
    let change = chart.apply(&[long_note(limit - 1000)], stamp(10)).unwrap();
    assert!(change.changes[0].bytes.len() < chart::CHANGE_LEN_MAX);
    open(2).merge(bytes(&change)).unwrap();
}

fn long_note(len: usize) -> ChartEdit {
    ChartEdit::RecordObservation(Observation {
        id: ObservationId::from_uuid(id(4)),
        status: ObservationStatus::Final,
        category: vec![],
        code: CodeableConcept::from_text("Report"),
        value: Some(ObservationValue::Text("x".repeat(len))),
        component: vec![],
        effective: None,
        encounter: None,
        interpretation: vec![],
        reference_range: None,
        note: None,
        replaces: None,
    })
}

#[test]
fn two_versions_of_one_large_original_never_mix() {
    let of = |body: char| Source { body: body.to_string().repeat(700_000), ..source(20, 1) };
    let (one, two) = (of('a'), of('b'));
    let (mut a, mut b) = (open(1), open(2));
    let by_a = a.apply(&[ChartEdit::KeepSource(one.clone())], stamp(10)).unwrap();
    let by_b = b.apply(&[ChartEdit::KeepSource(two.clone())], stamp(20)).unwrap();
    a = a.merge(bytes(&by_b)).unwrap().0;
    b = b.merge(bytes(&by_a)).unwrap().0;
    assert_eq!(a.read(), b.read());
    let [kept] = a.read().sources.try_into().unwrap();
    assert!(kept == one || kept == two);
}

#[test]
fn the_clinics_originals_are_kept_alike() {
    let clinic = ClinicId::from_uuid(id(2));
    let mut here = ClinicDocument::new(clinic, Actor::from_random([1; 16]));
    let kept = vec![source(20, 100), source(21, 3 << 20)];
    let edits: Vec<ClinicEdit> = kept.iter().cloned().map(ClinicEdit::KeepSource).collect();
    let change = here.apply(&edits, stamp(10)).unwrap();
    assert!(change.changes.iter().all(|raw| raw.bytes.len() <= TRAVELS));
    let there = ClinicDocument::new(clinic, Actor::from_random([2; 16]));
    let mut there = there.merge(bytes(&change)).unwrap().0;
    assert_eq!(there.read().sources, kept);
    let mut second = vec![ClinicEdit::KeepSource(source(22, 3 << 20))];
    second.push(ClinicEdit::Name("x".repeat(VALUE_LEN_MAX + 1)));
    let limit = VALUE_LEN_MAX;
    assert_eq!(here.apply(&second, stamp(20)), Err(EditError::TooLarge { limit }));
    assert_eq!(here.read().sources, kept);
}
