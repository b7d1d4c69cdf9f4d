//! What a merge makes of entries that were there before it: what somebody must see before it is kept,
//! where nobody here trusts who wrote it.

use super::field::{self, LINKS, SHARED, WITHDRAWN};
use crate::{document::Document, schema};
use clinical::{DocumentKind, EntryKind, EntryRef, PatientId};
use std::collections::{BTreeMap, BTreeSet};

/// A value longer than so many bytes is not told.
const TOLD_BYTES_MAX: usize = 16 << 10;

/// A field of an entry that reads otherwise after a merge than before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overwritten {
    /// The entry: it was there before.
    pub entry: EntryRef,
    /// The field, as [`super::HistoryItem`] names it; `withdrawn` where the entry is marked as a
    /// mistake, `shared` where a note changes of when the chart passed between clinics, `links` where
    /// one changes of who is the same person.
    pub field: String,
    /// What stood there, as JSON text; `None` where nothing did, or it is no text or too long.
    pub was: Option<String>,
    /// What stands there then, likewise.
    pub becomes: Option<String>,
    /// Whether what stood there stands beside it, to be decided.
    pub is_disputed: bool,
}

/// The values of a section and a key: the one that shows, and those beside it.
pub(super) type Values = BTreeMap<(&'static str, String), Vec<Vec<u8>>>;

/// Every value of a chart.
pub(super) fn values(document: &mut Document) -> Values {
    let kind = DocumentKind::Chart;
    let sections = schema::sections(kind).iter().chain(schema::later_sections(kind));
    let mut values = Values::new();
    for section in sections {
        for item in document.items(section.name) {
            let mut all = vec![item.written.bytes];
            if item.disputed {
                let versions = document.versions(section.name, &item.key).into_iter();
                all.extend(versions.map(|written| written.bytes));
            }
            values.insert((section.name, item.key), all);
        }
    }
    values
}

/// What of `before` reads otherwise in `after`, sorted by entry and field.
pub(super) fn between(before: &Values, after: &Values, patient: PatientId) -> Vec<Overwritten> {
    let named = |(section, key): &(&str, String)| name(section, key, patient);
    // What was said of an entry that is not there itself makes it no entry of ours.
    let is_value = |section: &str| ![WITHDRAWN, SHARED, LINKS].contains(&section);
    let there: BTreeSet<EntryRef> = before
        .keys()
        .filter(|(section, _)| is_value(section))
        .filter_map(|key| named(key).map(|(entry, _)| entry))
        .collect();
    let mut all = Vec::new();
    for (key, now) in after {
        let Some((entry, field)) = named(key) else { continue };
        match before.get(key) {
            Some(was) => all.extend(changed(was, now).map(|told| told.of(entry, field))),
            // That it was given again changes nothing that stands here.
            None if key.0 != SHARED && key.0 != LINKS && there.contains(&entry) => {
                let told = Told { was: None, becomes: now.first(), is_disputed: false };
                all.push(told.of(entry, field));
            }
            None => {}
        }
    }
    for (key, was) in before.iter().filter(|(key, _)| !after.contains_key(*key)) {
        let told = Told { was: was.first(), becomes: None, is_disputed: false };
        all.extend(named(key).map(|(entry, field)| told.of(entry, field)));
    }
    all.sort_by(|one, other| (one.entry, &one.field).cmp(&(other.entry, &other.field)));
    all
}

/// Two values of a key.
struct Told<'a> {
    was: Option<&'a Vec<u8>>,
    becomes: Option<&'a Vec<u8>>,
    is_disputed: bool,
}

impl Told<'_> {
    fn of(&self, entry: EntryRef, field: String) -> Overwritten {
        let text = |bytes: Option<&Vec<u8>>| {
            let bytes = bytes.filter(|bytes| bytes.len() <= TOLD_BYTES_MAX)?;
            String::from_utf8(bytes.clone()).ok()
        };
        let Self { was, becomes, is_disputed } = *self;
        Overwritten { entry, field, was: text(was), becomes: text(becomes), is_disputed }
    }
}

/// In what the values of a key differ, where they do.
fn changed<'a>(was: &'a [Vec<u8>], now: &'a [Vec<u8>]) -> Option<Told<'a>> {
    let lost = was.iter().find(|value| !now.contains(value));
    let gained = now.iter().find(|value| !was.contains(value));
    if lost.is_none() && gained.is_none() && was.first() == now.first() {
        return None;
    }
    let is_disputed = lost.is_none() && gained.is_some();
    Some(Told { was: lost.or(was.first()), becomes: gained.or(now.first()), is_disputed })
}

/// The entry and the field of a key; `None` of one that this version does not know.
fn name(section: &str, key: &str, patient: PatientId) -> Option<(EntryRef, String)> {
    let of_patient = EntryRef::new(EntryKind::Patient, patient.uuid());
    if section == WITHDRAWN {
        let (entry, is_why) = field::parse_mark(key)?;
        let field = if is_why { "reason" } else { WITHDRAWN };
        return Some((entry, field.to_owned()));
    }
    if section == SHARED || section == LINKS {
        return Some((of_patient, section.to_owned()));
    }
    let (kind, _) =
        EntryKind::ALL.into_iter().find(|(kind, _)| field::section(*kind) == section)?;
    if kind == EntryKind::Patient {
        return Some((of_patient, key.to_owned()));
    }
    let (id, field) = field::parse(key)?;
    Some((EntryRef::new(kind, id), field.to_owned()))
}
