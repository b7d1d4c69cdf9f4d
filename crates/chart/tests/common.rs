//! One patient's chart on several computers.

use chart::{Actor, ChartDocument};
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
