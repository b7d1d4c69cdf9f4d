//! What a store serves to others, and what it knows of them.

use super::fixtures::*;
use crate::*;

fn envelope(n: u8) -> EnvelopeRow {
    EnvelopeRow {
        id: [n; 32],
        device: [1; 16],
        generation: 1,
        counter: u64::from(n),
        bytes: vec![n; 3],
    }
}

fn keep(store: &Store, numbers: &[u8]) {
    let envelopes = numbers.iter().map(|n| envelope(*n)).collect();
    store.receive(&Receipt { envelopes, ..Receipt::default() }).unwrap();
}

/// A running hash that can be read: the sum of the numbers.
fn step(chain: &[u8; 32], id: &[u8; 32]) -> [u8; 32] {
    [chain[0].wrapping_add(id[0]); 32]
}

#[test]
fn envelopes_are_served_in_the_order_in_which_they_came() {
    let kept = new_store();
    let store = &kept.store;
    let head = || {
        let ServedHead { seq, chain } = store.served_head([100; 32], &step).unwrap();
        (seq, chain[0])
    };
    assert_eq!(head(), (0, 100));
    // One that is here already takes no place.
    keep(store, &[5, 2]);
    keep(store, &[2, 9, 5]);
    assert_eq!(head(), (3, 116));
    keep(store, &[1]);
    assert_eq!(head(), (4, 117));
    let served = |after, limit| -> Vec<(u64, u8, u8)> {
        let rows = store.served_after(after, limit).unwrap();
        rows.iter().map(|row| (row.seq, row.bytes[0], row.chain[0])).collect()
    };
    assert_eq!(served(0, 10), [(1, 5, 105), (2, 2, 107), (3, 9, 116), (4, 1, 117)]);
    assert_eq!(served(1, 2), [(2, 2, 107), (3, 9, 116)]);
    assert_eq!(served(4, 10), []);
    assert_eq!(store.served_chain(3).unwrap(), Some([116; 32]));
    assert_eq!(store.served_chain(5).unwrap(), None);
    assert_eq!(store.served_seq(&[9; 32]).unwrap(), Some(3));
    assert_eq!(store.served_seq(&[8; 32]).unwrap(), None);
}

#[test]
fn keys_are_served_once_each_in_the_order_in_which_they_came() {
    let kept = new_store();
    let store = &kept.store;
    let put = |name: &str, byte: u8| {
        store.put_named(&[NamedRow { name: name.into(), bytes: vec![byte] }]).unwrap();
    };
    put("sync/key/b/1", 1);
    put("sync/keys-read", 9);
    put("sync/key/a/1", 2);
    put("sync/key/b/1", 3);
    let served = |after| -> Vec<(u64, String, u8)> {
        let rows = store.served_keys(after, 10).unwrap().into_iter();
        rows.map(|(at, row)| (at, row.name, row.bytes[0])).collect()
    };
    assert_eq!(served(0), [(1, "sync/key/b/1".into(), 3), (2, "sync/key/a/1".into(), 2)]);
    assert_eq!(store.served_keys_head().unwrap(), 2);
    store.remove_named("sync/key/a/1").unwrap();
    put("sync/key/c/1", 4);
    let [(place, name, 4)] = &served(1)[..] else { panic!("{:?}", served(1)) };
    assert!(*place > 2 && name == "sync/key/c/1", "no place is used again");
    assert_eq!(store.served_keys_head().unwrap(), *place);
}

#[test]
fn what_a_peer_holds_is_replaced_and_a_forked_lane_is_forgotten_of_all_peers() {
    let kept = new_store();
    let store = &kept.store;
    let row = |peer: &str, generation, counter| HaveRow {
        peer: peer.into(),
        device: [1; 16],
        generation,
        counter,
        id: [7; 32],
    };
    let have = vec![row(SELF, 1, 9), row(SELF, 2, 4), row("x", 1, 9), row("y", 1, 3)];
    store.receive(&Receipt { have, ..Receipt::default() }).unwrap();
    store.replace_have("x", &[row("x", 2, 4)]).unwrap();
    assert_eq!(store.have("x").unwrap(), [row("x", 2, 4)]);
    let forked = Receipt { unseen: vec![([1; 16], 2)], ..Receipt::default() };
    store.receive(&forked).unwrap();
    assert_eq!(store.have("x").unwrap(), []);
    assert_eq!(store.have("y").unwrap(), [row("y", 1, 3)]);
    assert_eq!(store.have(SELF).unwrap(), [row(SELF, 1, 9), row(SELF, 2, 4)]);
}
