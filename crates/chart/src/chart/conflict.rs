//! Concurrent, different edits of what clinicians must decide on.
//!
//! Automerge shows one of the values, and which one is arbitrary. Here they all come out.

use super::field::{self, CODE_STATUS, IDENTITY, ORDER, VALUE};
use crate::{change::hex, document::Document};
use clinical::{Conflict, EntryKind, EntryRef, EntryValue, PatientId, Version};

/// Every conflict of a chart, sorted by entry and field.
pub(super) fn all(document: &mut Document, patient: PatientId) -> Vec<Conflict> {
    let mut conflicts = Vec::new();
    for kind in [EntryKind::Patient, EntryKind::Allergy, EntryKind::Medication] {
        let keys = document.disputed(field::section(kind));
        conflicts.extend(keys.iter().filter_map(|key| of(document, kind, patient, key)));
    }
    conflicts.sort_by(|a, b| (a.entry, &a.field).cmp(&(b.entry, &b.field)));
    conflicts
}

fn of(document: &mut Document, kind: EntryKind, patient: PatientId, key: &str) -> Option<Conflict> {
    let (id, name) =
        if kind == EntryKind::Patient { (patient.uuid(), key) } else { field::parse(key)? };
    let section = field::section(kind);
    let written = document.versions(section, key);
    let first = written.first()?.change;
    let versions: Vec<Version> = written
        .iter()
        .filter_map(|written| {
            let value = decode(kind, name, &written.bytes)?;
            Some(Version { value, stamp: written.stamp, change: hex(&written.change) })
        })
        .collect();
    if versions.len() < 2 {
        return None;
    }
    let base = document.before(section, key, first);
    let base = base.and_then(|bytes| decode(kind, name, &bytes));
    let entry = EntryRef::new(kind, id);
    Some(Conflict {
        id: Conflict::id_of(entry, name),
        entry,
        field: name.to_owned(),
        versions,
        base,
    })
}

/// The value of a field that clinicians decide on; `None` for every other field.
fn decode(kind: EntryKind, name: &str, bytes: &[u8]) -> Option<EntryValue> {
    match (kind, name) {
        (EntryKind::Patient, IDENTITY) => field::decode(bytes).map(EntryValue::Identity),
        (EntryKind::Patient, CODE_STATUS) => field::decode(bytes).map(EntryValue::CodeStatus),
        (EntryKind::Allergy, VALUE) => field::decode(bytes).map(EntryValue::Allergy),
        (EntryKind::Medication, ORDER) => field::decode(bytes).map(EntryValue::Medication),
        _ => None,
    }
}

/// The stored form of a value.
pub(super) fn encode(value: &EntryValue) -> Vec<u8> {
    match value {
        EntryValue::Allergy(allergy) => field::encode(allergy),
        EntryValue::Medication(order) => field::encode(order),
        EntryValue::Identity(identity) => field::encode(identity),
        EntryValue::CodeStatus(code_status) => field::encode(code_status),
    }
}
