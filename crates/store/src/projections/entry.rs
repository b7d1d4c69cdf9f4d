//! What all tables of chart entries share: one row per entry, its columns for lists, its value.

use crate::{
    error::{Result, StoreError},
    packing::Unpacker,
    sql::{all, count, run},
    transaction::Tx,
};
use clinical::{Chart, DeviceId, EntryKind, EntryRef, Instant, PartialDate, PractitionerId, Stamp};
use rusqlite::{Connection, Row};
use serde::{Serialize, de::DeserializeOwned};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A kind of entry that has a table.
pub(crate) trait Entry: Serialize + DeserializeOwned {
    /// Its section of the chart.
    const KIND: EntryKind;
    /// The statements of its table.
    const SQL: Statements;
    /// Its id.
    fn id(&self) -> Uuid;
    /// What the newest are found by; larger is newer.
    fn sort(&self) -> i64;
    /// Whether it counts now.
    fn holds(&self) -> bool;
    /// Writes into its row what only this kind has.
    fn put_own(&self, _tx: &Tx<'_>, _ord: i64) -> Result<()> {
        Ok(())
    }
    /// All of its kind in a chart, sorted by id.
    fn all(chart: &Chart) -> &[Self];
    /// The same list, to be filled.
    fn all_mut(chart: &mut Chart) -> &mut Vec<Self>;
}

/// The statements of one table of entries.
pub(crate) struct Statements {
    pub(crate) put: &'static str,
    pub(crate) remove: &'static str,
    pub(crate) clear: &'static str,
    pub(crate) newest: &'static str,
    pub(crate) whole: &'static str,
    pub(crate) count: &'static str,
}

/// Writes the statements of a table.
macro_rules! statements {
    ($table:literal) => {
        $crate::projections::entry::Statements {
            put: concat!(
                "INSERT OR REPLACE INTO ",
                $table,
                " (chart, id, sort, holds, disputed, writer, at, value)
                  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
            ),
            remove: concat!("DELETE FROM ", $table, " WHERE chart = ?1 AND id = ?2"),
            clear: concat!("DELETE FROM ", $table, " WHERE chart = ?1"),
            newest: concat!(
                "SELECT id, writer, at, value FROM ",
                $table,
                " WHERE chart = ?1 ORDER BY sort DESC, id DESC LIMIT ?2"
            ),
            whole: concat!(
                "SELECT id, writer, at, value FROM ",
                $table,
                " WHERE chart = ?1 ORDER BY id"
            ),
            count: concat!("SELECT count(*) FROM ", $table, " WHERE chart = ?1"),
        }
    };
}
pub(crate) use statements;

/// The sort of an entry whose time is not known: before all others.
pub(crate) const SORT_UNKNOWN: i64 = i64::MIN;

/// What a date sorts by: milliseconds since the Unix epoch of its earliest meaning.
pub(crate) fn sort_of(date: Option<&PartialDate>) -> i64 {
    let Some(date) = date else { return SORT_UNKNOWN };
    let exact = date.as_str().parse::<Instant>().ok();
    let earliest = || format!("{}T00:00:00Z", date.earliest()?).parse::<Instant>().ok();
    exact.or_else(earliest).map_or(SORT_UNKNOWN, Instant::unix_ms)
}

/// A chart that is being projected, with what its rows look up.
pub(crate) struct Source<'a> {
    pub(crate) ord: i64,
    pub(crate) chart: &'a Chart,
    pub(crate) disputed: BTreeSet<EntryRef>,
}

impl<'a> Source<'a> {
    pub(crate) fn new(ord: i64, chart: &'a Chart) -> Self {
        let disputed = chart.conflicts.iter().map(|conflict| conflict.entry).collect();
        Self { ord, chart, disputed }
    }

    /// Who last wrote an entry, as a row names it.
    pub(crate) fn written(&self, tx: &mut Tx<'_>, entry: EntryRef) -> Result<(i64, i64)> {
        let Some(stamp) = self.chart.stamp_of(entry) else { return Ok((0, 0)) };
        Ok((tx.writers.number(tx.db, stamp.author, stamp.device)?, stamp.at.unix_ms()))
    }
}

/// Writes every entry of a kind.
pub(crate) fn put_all<T: Entry>(tx: &mut Tx<'_>, source: &Source<'_>) -> Result<()> {
    T::all(source.chart).iter().try_for_each(|entry| put(tx, source, entry))
}

/// Writes one entry as it reads now, or removes its row.
pub(crate) fn put_one<T: Entry>(tx: &mut Tx<'_>, source: &Source<'_>, id: Uuid) -> Result<()> {
    let entries = T::all(source.chart);
    let found = entries.binary_search_by_key(&id, T::id).ok().and_then(|at| entries.get(at));
    match found {
        Some(entry) => put(tx, source, entry),
        None => run(tx.db, T::SQL.remove, (source.ord, id.as_bytes())).map(|_| ()),
    }
}

/// Removes every row of a chart.
pub(crate) fn clear<T: Entry>(tx: &Tx<'_>, ord: i64) -> Result<()> {
    run(tx.db, T::SQL.clear, [ord]).map(|_| ())
}

fn put<T: Entry>(tx: &mut Tx<'_>, source: &Source<'_>, entry: &T) -> Result<()> {
    let name = EntryRef::new(T::KIND, entry.id());
    let (writer, at) = source.written(tx, name)?;
    let value = tx.packer.value(entry)?;
    let disputed = source.disputed.contains(&name);
    let id = name.id.as_bytes();
    let row = (source.ord, id, entry.sort(), entry.holds(), disputed, writer, at, value);
    run(tx.db, T::SQL.put, row)?;
    entry.put_own(tx, source.ord)
}

/// What reading rows needs.
pub(crate) struct Reading<'a> {
    pub(crate) db: &'a Connection,
    pub(crate) unpacker: &'a mut Unpacker,
    pub(crate) writers: BTreeMap<i64, (PractitionerId, DeviceId)>,
}

impl<'a> Reading<'a> {
    pub(crate) fn new(db: &'a Connection, unpacker: &'a mut Unpacker) -> Result<Self> {
        let writers = crate::tables::writer::all(db)?;
        Ok(Self { db, unpacker, writers })
    }

    /// The stamp a row names, if it names one.
    pub(crate) fn stamp(&self, writer: i64, at: i64) -> Result<Option<Stamp>> {
        if writer == 0 {
            return Ok(None);
        }
        let pair = self.writers.get(&writer).ok_or(StoreError::Damaged("a writer"))?;
        Ok(Some(Stamp { author: pair.0, device: pair.1, at: Instant::from_unix_ms(at) }))
    }
}

/// Reads the newest `limit` entries of a kind into the chart (all when there is no limit), with
/// their stamps; returns how many the whole chart has.
pub(crate) fn fill<T: Entry>(
    reading: &mut Reading<'_>,
    ord: i64,
    limit: Option<u32>,
    chart: &mut Chart,
) -> Result<u32> {
    let rows = match limit {
        Some(limit) => all(reading.db, T::SQL.newest, (ord, limit), found)?,
        None => all(reading.db, T::SQL.whole, [ord], found)?,
    };
    let read = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    push::<T>(reading, rows, chart)?;
    match limit {
        Some(limit) if read >= limit => {
            let counted = count(reading.db, T::SQL.count, [ord])?;
            Ok(u32::try_from(counted).unwrap_or(u32::MAX))
        }
        Some(_) | None => Ok(read),
    }
}

/// A row as it was found: the id of the entry, its writer, when, and its value.
pub(crate) type Found = (Uuid, i64, i64, Vec<u8>);

/// Reads the columns `id, writer, at, value`.
pub(crate) fn found(row: &Row<'_>) -> rusqlite::Result<Found> {
    Ok((crate::sql::uuid(row, 0)?, row.get(1)?, row.get(2)?, row.get(3)?))
}

/// Adds entries that were found to the chart, sorted by id, with their stamps.
pub(crate) fn push<T: Entry>(
    reading: &mut Reading<'_>,
    mut rows: Vec<Found>,
    chart: &mut Chart,
) -> Result<()> {
    rows.sort_by_key(|(id, ..)| *id);
    for (id, writer, at, value) in rows {
        let entry = reading.unpacker.value(&value)?;
        T::all_mut(chart).push(entry);
        if let Some(stamp) = reading.stamp(writer, at)? {
            chart.stamps.push((EntryRef::new(T::KIND, id), stamp));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_sort_by_their_earliest_meaning() {
        let check = |text: &str, ms: i64| {
            assert_eq!(sort_of(Some(&text.parse().unwrap())), ms, "{text}");
        };
        check("1970", 0);
        check("1970-02", 31 * 86_400_000);
        check("1970-01-02", 86_400_000);
        check("1970-01-01T02:00:00+02:00", 0);
        check("1970-01-01T00:00:01Z", 1000);
        // Without a zone it is no moment: its day counts.
        check("1970-01-02T10:00:00", 86_400_000);
        assert_eq!(sort_of(None), SORT_UNKNOWN);
    }
}
