//! Rows of findings: those that can be relied on hold. A row names what its finding replaces, and
//! says whether it is a weight.

use super::entry::{Entry, Reading, Statements, found, push, sort_of, statements};
use crate::{
    error::Result,
    sql::{all, one, run},
    transaction::Tx,
};
use clinical::{Chart, EntryKind, EntryRef, Observation, ObservationId, ObservationStatus};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

impl Entry for Observation {
    const KIND: EntryKind = EntryKind::Observation;
    const SQL: Statements = statements!("observation");

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn sort(&self) -> i64 {
        sort_of(self.effective.as_ref())
    }

    fn holds(&self) -> bool {
        !matches!(self.status, ObservationStatus::Cancelled | ObservationStatus::EnteredInError)
    }

    fn put_own(&self, tx: &Tx<'_>, ord: i64) -> Result<()> {
        const REPLACES: &str = "UPDATE observation SET replaces = ?3 WHERE chart = ?1 AND id = ?2";
        const WEIGHT: &str = "UPDATE observation SET weight = 1 WHERE chart = ?1 AND id = ?2";
        if let Some(replaced) = self.replaces {
            run(tx.db, REPLACES, (ord, self.id.uuid().as_bytes(), replaced.uuid().as_bytes()))?;
        }
        if self.is_weight() {
            run(tx.db, WEIGHT, (ord, self.id.uuid().as_bytes()))?;
        }
        Ok(())
    }

    fn all(chart: &Chart) -> &[Self] {
        &chart.observations
    }

    fn all_mut(chart: &mut Chart) -> &mut Vec<Self> {
        &mut chart.observations
    }
}

/// So many weights of a chart are read, the newest.
pub(crate) const WEIGHTS_MAX: u32 = 64;
/// The newest weights.
pub(crate) const WEIGHTS: &str = "SELECT id FROM observation WHERE chart = ?1 AND weight = 1
     ORDER BY sort DESC, id DESC LIMIT ?2";
/// Corrections with what they replace; in the order of their index, or every row is looked at.
pub(crate) const LINKS: &str = "SELECT id, replaces FROM observation
     WHERE chart = ?1 AND replaces <> x'' ORDER BY replaces, id";

/// Reads the newest weights of a chart, at most [`WEIGHTS_MAX`], and what corrections connect with
/// them; what is among `read` is taken from there.
pub(super) fn fill_weights(
    reading: &mut Reading<'_>,
    ord: i64,
    read: &Chart,
    chart: &mut Chart,
) -> Result<()> {
    let ids = all(reading.db, WEIGHTS, (ord, WEIGHTS_MAX), |row| crate::sql::uuid(row, 0))?;
    for id in ids {
        add(reading, (ord, id), read, chart)?;
    }
    fill_connected(reading, ord, read, chart).map(|_| ())
}

/// Adds to findings that were read all that corrections connect with them, directly and through
/// others: which of them count cannot be told without. What is among `read` is taken from there.
/// Answers with what was added.
pub(super) fn fill_connected(
    reading: &mut Reading<'_>,
    ord: i64,
    read: &Chart,
    chart: &mut Chart,
) -> Result<Vec<ObservationId>> {
    let listed: BTreeSet<Uuid> = chart.observations.iter().map(|one| one.id.uuid()).collect();
    let mut added = Vec::new();
    for id in connected(&links(reading, ord)?, &listed) {
        added.extend(add(reading, (ord, id), read, chart)?);
    }
    chart.observations.sort_by_key(|one| one.id);
    Ok(added)
}

/// Each correction of a chart with what it replaces.
fn links(reading: &Reading<'_>, ord: i64) -> Result<Vec<(Uuid, Uuid)>> {
    all(reading.db, LINKS, [ord], |row| Ok((crate::sql::uuid(row, 0)?, crate::sql::uuid(row, 1)?)))
}

/// What is not listed and hangs together with what is.
fn connected(links: &[(Uuid, Uuid)], listed: &BTreeSet<Uuid>) -> Vec<Uuid> {
    let mut beside: BTreeMap<Uuid, Vec<Uuid>> = BTreeMap::new();
    for (one, other) in links {
        beside.entry(*one).or_default().push(*other);
        beside.entry(*other).or_default().push(*one);
    }
    let mut way: Vec<Uuid> = listed.iter().filter(|id| beside.contains_key(id)).copied().collect();
    let mut found = BTreeSet::new();
    while let Some(at) = way.pop() {
        for next in beside.get(&at).into_iter().flatten() {
            if !listed.contains(next) && found.insert(*next) {
                way.push(*next);
            }
        }
    }
    found.into_iter().collect()
}

/// Adds one finding, from what was read or from its row; none that has not arrived.
fn add(
    reading: &mut Reading<'_>,
    (ord, id): (i64, Uuid),
    read: &Chart,
    chart: &mut Chart,
) -> Result<Option<ObservationId>> {
    const ONE: &str = "SELECT id, writer, at, value FROM observation WHERE chart = ?1 AND id = ?2";
    let id_of = ObservationId::from_uuid(id);
    if let Ok(at) = read.observations.binary_search_by_key(&id_of, |one| one.id) {
        chart.observations.extend(read.observations.get(at).cloned());
        let entry = EntryRef::new(EntryKind::Observation, id);
        chart.stamps.extend(read.stamp_of(entry).map(|stamp| (entry, stamp)));
        return Ok(Some(id_of));
    }
    let Some(row) = one(reading.db, ONE, (ord, id.as_bytes()), found)? else { return Ok(None) };
    push::<Observation>(reading, vec![row], chart)?;
    Ok(Some(id_of))
}
