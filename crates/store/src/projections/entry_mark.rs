//! Entries that were withdrawn, entries this version cannot read, and why entries were ended.

use super::{entry::Reading, target::Target};
use crate::{
    error::{Result, StoreError},
    sql::{all, run, uuid},
    transaction::Tx,
};
use chart::Touched;
use clinical::{Chart, EntryKind, EntryRef, Stamp, StatusReason};

const WITHDRAWN: i64 = 1;
const UNREADABLE: i64 = 2;
const REASON: i64 = 3;

/// Writes the marks of a chart anew; which entries cannot be read, of those that were touched.
pub(crate) fn project(
    tx: &mut Tx<'_>,
    target: Target,
    chart: &Chart,
    touched: &Touched,
) -> Result<()> {
    let ord = target.ord;
    if !target.is_new {
        clear_touched(tx, ord, touched)?;
    }
    let text = "INSERT INTO entry_mark (chart, kind, id, mark) VALUES (?1, ?2, ?3, ?4)";
    let unreadable = chart.unreadable.iter().filter(|entry| touched.has(**entry));
    let withdrawn = chart.withdrawn.iter().map(|entry| (entry, WITHDRAWN));
    for (entry, mark) in withdrawn.chain(unreadable.map(|entry| (entry, UNREADABLE))) {
        run(tx.db, text, (ord, entry.kind.word(), entry.id.as_bytes(), mark))?;
    }
    let text = "INSERT INTO entry_mark (chart, kind, id, mark, reason, writer, at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    for StatusReason { entry, text: reason, stamp } in &chart.reasons {
        let writer = tx.writers.number(tx.db, stamp.author, stamp.device)?;
        let (kind, id, at) = (entry.kind.word(), entry.id.as_bytes(), stamp.at.unix_ms());
        run(tx.db, text, (ord, kind, id, REASON, reason, writer, at))?;
    }
    Ok(())
}

fn clear_touched(tx: &Tx<'_>, ord: i64, touched: &Touched) -> Result<()> {
    let Touched::Entries(entries) = touched else { return clear(tx, ord) };
    run(tx.db, "DELETE FROM entry_mark WHERE chart = ?1 AND mark <> ?2", (ord, UNREADABLE))?;
    let text = "DELETE FROM entry_mark WHERE chart = ?1 AND mark = ?2 AND kind = ?3 AND id = ?4";
    for entry in entries {
        run(tx.db, text, (ord, UNREADABLE, entry.kind.word(), entry.id.as_bytes()))?;
    }
    Ok(())
}

pub(crate) fn clear(tx: &Tx<'_>, ord: i64) -> Result<()> {
    run(tx.db, "DELETE FROM entry_mark WHERE chart = ?1", [ord]).map(|_| ())
}

/// A row of marks.
struct Mark {
    entry: EntryRef,
    mark: i64,
    reason: String,
    stamp: Option<Stamp>,
}

/// Reads the marks into the chart.
pub(crate) fn fill(reading: &Reading<'_>, ord: i64, chart: &mut Chart) -> Result<()> {
    for Mark { entry, mark, reason: text, stamp } in marks(reading, ord)? {
        match (mark, stamp) {
            (WITHDRAWN, _) => chart.withdrawn.push(entry),
            (REASON, Some(stamp)) => chart.reasons.push(StatusReason { entry, text, stamp }),
            (_, _) => chart.unreadable.push(entry),
        }
    }
    chart.withdrawn.sort_unstable();
    chart.unreadable.sort_unstable();
    chart.reasons.sort_unstable_by_key(|reason| reason.entry);
    Ok(())
}

fn marks(reading: &Reading<'_>, ord: i64) -> Result<Vec<Mark>> {
    let text = "SELECT kind, id, mark, reason, writer, at FROM entry_mark WHERE chart = ?1";
    let rows = all(reading.db, text, [ord], |row| {
        let name = (row.get::<_, String>(0)?, uuid(row, 1)?);
        Ok((name, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
    })?;
    let mark = |((kind, id), mark, reason, writer, at): ((String, _), i64, String, i64, i64)| {
        let kind = EntryKind::from_word(&kind).ok_or(StoreError::Damaged("an entry's kind"))?;
        let stamp = reading.stamp(writer, at)?;
        Ok(Mark { entry: EntryRef::new(kind, id), mark, reason, stamp })
    };
    rows.into_iter().map(mark).collect()
}
