//! What of a chart no server has acknowledged yet, from the edit to the acknowledgement.

use super::fixtures::*;
use crate::*;
use chart::{ChartDocument, ChartEdit};
use clinical::{EntryKind, EntryRef};

const DEVICE: [u8; 16] = [1; 16];

fn of_allergy(n: u64) -> Option<EntryRef> {
    Some(EntryRef::new(EntryKind::Allergy, id(n)))
}

fn waits(entry: Option<EntryRef>) -> Unacknowledged {
    Unacknowledged { entry, envelope: None }
}

fn went(entry: Option<EntryRef>, generation: u32, counter: u64) -> Unacknowledged {
    Unacknowledged { entry, envelope: Some((generation, counter)) }
}

/// Seals everything that waits into one envelope.
fn seal_all(store: &Store, generation: u32, counter: u64) {
    let items = store.outbox(0, 1000).unwrap();
    let sealed = items.iter().map(|item| SealedChange { ord: item.ord, generation, counter });
    store.seal(&Sealing { sealed: sealed.collect(), ..Sealing::default() }).unwrap();
}

fn acknowledge(store: &Store, generation: u32, counter: u64) {
    let acknowledged = vec![(DEVICE, generation, counter)];
    store.receive(&Receipt { acknowledged, ..Receipt::default() }).unwrap();
}

fn add_allergy(store: &Store, chart: &mut ChartDocument, n: u64) {
    edit(store, chart, 1, ChartEdit::RecordAllergy(allergy(n, "Nuts")));
}

#[test]
fn a_chart_waits_as_a_whole_and_then_by_what_is_written_into_it() {
    let kept = new_store();
    let store = &kept.store;
    let now = || store.unacknowledged(patient_id(1)).unwrap();
    assert_eq!(now(), [], "no such chart");
    let (mut chart, record) = begin(1, &thirty_entries(1));
    store.commit(Commit::local(vec![record])).unwrap();
    assert_eq!(now(), [waits(None)]);
    seal_all(store, 1, 4);
    assert_eq!(now(), [went(None, 1, 4)]);
    add_allergy(store, &mut chart, 1099);
    assert_eq!(now(), [went(None, 1, 4), waits(of_allergy(1099))]);
    acknowledge(store, 1, 3);
    assert_eq!(now().len(), 2, "that was the envelope before");
    acknowledge(store, 2, 9);
    assert_eq!(now().len(), 2, "that was another sequence");
    acknowledge(store, 1, 4);
    assert_eq!(now(), [waits(of_allergy(1099))], "what is not sealed is not acknowledged");
    seal_all(store, 1, 5);
    acknowledge(store, 1, 5);
    assert_eq!(now(), []);
    assert_eq!(store.acknowledged(&DEVICE).unwrap(), [(1, 5), (2, 9)]);
    acknowledge(store, 1, 2);
    assert_eq!(store.acknowledged(&DEVICE).unwrap(), [(1, 5), (2, 9)], "it never goes back");
    assert_eq!(store.acknowledged(&[9; 16]).unwrap(), []);
    assert_whole(store);
}

#[test]
fn an_entry_that_is_written_again_waits_again() {
    let kept = new_store();
    let store = &kept.store;
    let (mut chart, record) = begin(1, &thirty_entries(1));
    store.commit(Commit::local(vec![record])).unwrap();
    seal_all(store, 1, 1);
    acknowledge(store, 1, 1);
    add_allergy(store, &mut chart, 1099);
    seal_all(store, 1, 2);
    let now = || store.unacknowledged(patient_id(1)).unwrap();
    assert_eq!(now(), [went(of_allergy(1099), 1, 2)]);
    // Sealed anew, as when a lane is closed.
    let moved = vec![((1, 2), (3, 1))];
    store.seal(&Sealing { moved, ..Sealing::default() }).unwrap();
    assert_eq!(now(), [went(of_allergy(1099), 3, 1)]);
    let entry = EntryRef::new(EntryKind::Allergy, id(1099));
    edit(store, &mut chart, 1, ChartEdit::Withdraw(entry));
    assert_eq!(now(), [waits(of_allergy(1099))]);
    acknowledge(store, 3, 1);
    assert_eq!(now(), [waits(of_allergy(1099))]);
}

#[test]
fn what_came_from_others_waits_for_nothing_here() {
    let kept = new_store();
    let (_, record) = begin(1, &thirty_entries(1));
    take_in(&kept.store, record);
    assert_eq!(kept.store.unacknowledged(patient_id(1)).unwrap(), []);
}

#[test]
fn whose_envelopes_a_peer_lacks_is_told() {
    let kept = new_store();
    let row = |peer: &str, device: u8, generation, counter| HaveRow {
        peer: peer.into(),
        device: [device; 16],
        generation,
        counter,
        id: [0; 32],
    };
    let here = [row(SELF, 1, 1, 5), row(SELF, 2, 1, 3), row(SELF, 2, 2, 4), row(SELF, 3, 1, 1)];
    let there = [row("x", 1, 1, 5), row("x", 2, 1, 9), row("x", 2, 2, 3), row("y", 3, 1, 1)];
    let have = here.into_iter().chain(there).collect();
    kept.store.receive(&Receipt { have, ..Receipt::default() }).unwrap();
    assert_eq!(kept.store.devices_held("x").unwrap(), [[1; 16], [2; 16]]);
    assert_eq!(kept.store.lacked_by("x").unwrap(), [[2; 16], [3; 16]]);
    assert_eq!(kept.store.lacked_by("z").unwrap(), [[1; 16], [2; 16], [3; 16]]);
    let of_two = kept.store.have_of_device("x", &[2; 16]).unwrap();
    assert_eq!(of_two, [row("x", 2, 1, 9), row("x", 2, 2, 3)]);
}
