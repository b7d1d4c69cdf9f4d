//! Concurrent, different edits of what clinicians must decide on.
//!
//! Automerge shows one of the values, and which one is arbitrary. Here they all come out, also
//! those in a form this version of the program cannot read.

use super::{
    apart,
    field::{self, CODE_STATUS, IDENTITY, ORDER, STATUS, VALUE},
    why,
};
use crate::{
    ChangeHash,
    change::hex,
    document::{Document, Written},
};
use clinical::{Conflict, EntryKind, EntryRef, EntryValue, PatientId, Version};
use std::collections::BTreeSet;

/// A conflict with its versions as they are stored.
#[derive(Debug)]
pub(super) struct Disputed {
    pub(super) conflict: Conflict,
    /// In the order of the conflict's versions.
    written: Vec<Written>,
}

impl Disputed {
    /// The stored form of the version that a change wrote, with its place among the versions.
    pub(super) fn written_by(&self, change: &str) -> Option<(usize, &Written)> {
        self.written.iter().enumerate().find(|(_, written)| hex(&written.change) == change)
    }

    /// Why each of the versions was written, in their order. Never while a change is being made.
    pub(super) fn whys(&self, document: &mut Document) -> Vec<Option<Vec<u8>>> {
        let Conflict { entry, field, versions, .. } = &self.conflict;
        let Some(decode) = decoder(entry.kind, field) else { return Vec::new() };
        let sides = self.written.iter().zip(versions);
        let side = |(written, version): (&Written, &Version)| why::Side {
            change: written.change,
            bytes: written.bytes.clone(),
            ends: version.value.ends(),
        };
        let sides: Vec<why::Side> = sides.map(side).collect();
        why::of_sides(document, (*entry, field), decode, &sides)
    }

    /// Whether a value is a version that cannot be read here.
    pub(super) fn is_unreadable(&self, value: &Written) -> bool {
        self.pairs().any(|(written, version)| {
            version.value == EntryValue::Unreadable && written.bytes == value.bytes
        })
    }

    /// What to show in the place of a value that cannot be read: the oldest version that can.
    pub(super) fn readable(&self) -> Option<&Written> {
        let mut readable = self.pairs().filter(|(_, one)| one.value != EntryValue::Unreadable);
        readable.next().map(|(written, _)| written)
    }

    fn pairs(&self) -> impl Iterator<Item = (&Written, &Version)> {
        self.written.iter().zip(&self.conflict.versions)
    }
}

/// Every conflict of a chart, sorted by entry and field.
pub(super) fn all(document: &mut Document, patient: PatientId) -> Vec<Disputed> {
    let mut disputed = Vec::new();
    for kind in [EntryKind::Patient, EntryKind::Allergy, EntryKind::Medication] {
        let keys = document.disputed(field::section(kind));
        disputed.extend(keys.iter().filter_map(|key| of(document, kind, patient, key)));
    }
    let keys = document.disputed(field::section(EntryKind::Encounter));
    disputed.extend(keys.iter().filter_map(|key| of_visit(document, key)));
    let order = |disputed: &Disputed| (disputed.conflict.entry, disputed.conflict.field.clone());
    disputed.sort_by_cached_key(order);
    disputed
}

fn of(document: &mut Document, kind: EntryKind, patient: PatientId, key: &str) -> Option<Disputed> {
    let (id, name) =
        if kind == EntryKind::Patient { (patient.uuid(), key) } else { field::parse(key)? };
    let decode = decoder(kind, name)?;
    let section = field::section(kind);
    let written = document.versions(section, key);
    let [_, _, ..] = written.as_slice() else { return None };
    let base = document.stood(section, key);
    Some(disputed((EntryRef::new(kind, id), name), decode, (written, base)))
}

/// A visit is disputed in what two have written otherwise, and in nothing else.
fn of_visit(document: &mut Document, key: &str) -> Option<Disputed> {
    let (id, name) = field::parse(key)?;
    let decode = decoder(EntryKind::Encounter, name)?;
    let apart = apart::of(document, key).filter(|apart| !apart.sides.is_empty())?;
    let entry = EntryRef::new(EntryKind::Encounter, id);
    Some(disputed((entry, name), decode, (apart.sides, apart.base)))
}

/// The changes that decided a dispute about an entry: each stands in the place of versions that
/// differed.
pub(super) fn decisions(document: &mut Document, entry: EntryRef) -> BTreeSet<ChangeHash> {
    let mut decisions = BTreeSet::new();
    for name in [IDENTITY, CODE_STATUS, VALUE, ORDER, STATUS] {
        if decoder(entry.kind, name).is_none() {
            continue;
        }
        let key = field::key(entry.kind, entry.id, name);
        decisions.extend(if entry.kind == EntryKind::Encounter {
            apart::decisions(document, &key)
        } else {
            document.decisions(field::section(entry.kind), &key)
        });
    }
    decisions
}

fn disputed(
    (entry, name): (EntryRef, &str),
    decode: Decoder,
    (written, base): (Vec<Written>, Option<Vec<u8>>),
) -> Disputed {
    let decode = |bytes: &[u8]| decode(bytes).unwrap_or(EntryValue::Unreadable);
    let version = |written: &Written| Version {
        value: decode(&written.bytes),
        stamp: written.stamp,
        change: hex(&written.change),
    };
    let conflict = Conflict {
        id: Conflict::id_of(entry, name),
        entry,
        field: name.to_owned(),
        versions: written.iter().map(version).collect(),
        base: base.map(|bytes| decode(&bytes)),
    };
    Disputed { conflict, written }
}

pub(super) type Decoder = fn(&[u8]) -> Option<EntryValue>;

/// How a field that clinicians decide on is read; `None` for every other field.
fn decoder(kind: EntryKind, name: &str) -> Option<Decoder> {
    match kind {
        EntryKind::Patient => match name {
            IDENTITY => Some(|bytes| field::decode(bytes).map(EntryValue::Identity)),
            CODE_STATUS => Some(|bytes| field::decode(bytes).map(EntryValue::CodeStatus)),
            _ => None,
        },
        EntryKind::Allergy => match name {
            VALUE => Some(|bytes| field::decode(bytes).map(EntryValue::Allergy)),
            _ => None,
        },
        EntryKind::Medication => match name {
            ORDER => Some(|bytes| field::decode(bytes).map(EntryValue::Medication)),
            _ => None,
        },
        EntryKind::Encounter => match name {
            VALUE => Some(|bytes| field::decode(bytes).map(EntryValue::EncounterAbout)),
            STATUS => Some(|bytes| field::decode(bytes).map(EntryValue::EncounterState)),
            _ => None,
        },
        EntryKind::Condition
        | EntryKind::Observation
        | EntryKind::Composition
        | EntryKind::Task
        | EntryKind::Source
        | EntryKind::Document => None,
    }
}
