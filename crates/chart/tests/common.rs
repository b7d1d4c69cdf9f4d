//! One patient's chart on several computers.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use chart::{Actor, ChartDocument, ChartEdit, DocumentChange};
use clinical::*;
use uuid::Uuid;

pub(crate) fn id(n: u8) -> Uuid {
    uuid_v7(1_000, [n; 10])
}

pub(crate) fn patient() -> PatientId {
    PatientId::from_uuid(id(1))
}

/// Each computer has a person of its own.
pub(crate) fn stamp(device: u8, at: i64) -> Stamp {
    Stamp {
        author: PractitionerId::from_uuid(id(100 + device)),
        device: DeviceId::from_uuid(id(200 + device)),
        at: Instant::from_unix_ms(at),
    }
}

pub(crate) fn open(device: u8) -> ChartDocument {
    ChartDocument::new(patient(), Actor::from_random([device; 16]))
}

pub(crate) fn changes(list: &[&DocumentChange]) -> Vec<Vec<u8>> {
    list.iter().flat_map(|c| c.changes.iter().map(|raw| raw.bytes.clone())).collect()
}

/// Two charts that share `first` and then wrote `a` and `b` apart; each has merged the other's.
pub(crate) fn apart(first: ChartEdit, a: ChartEdit, b: ChartEdit) -> [ChartDocument; 2] {
    let (mut one, mut two) = (open(1), open(2));
    let shared = one.apply(&[first], stamp(1, 10)).unwrap();
    two = two.merge(changes(&[&shared])).unwrap().0;
    let by_one = one.apply(&[a], stamp(1, 20)).unwrap();
    let by_two = two.apply(&[b], stamp(2, 30)).unwrap();
    one = one.merge(changes(&[&by_two])).unwrap().0;
    two = two.merge(changes(&[&by_one])).unwrap().0;
    [one, two]
}
