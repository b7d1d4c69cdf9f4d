//! Entries that were withdrawn, and entries this version cannot read.

use crate::{
    error::{Result, StoreError},
    sql::{all, run, uuid},
    transaction::Tx,
};
use clinical::{Chart, EntryKind, EntryRef};
use rusqlite::Connection;

const WITHDRAWN: i64 = 1;
const UNREADABLE: i64 = 2;

/// Writes the marks of a chart anew.
pub(crate) fn project(tx: &Tx<'_>, ord: i64, is_new: bool, chart: &Chart) -> Result<()> {
    if !is_new {
        clear(tx, ord)?;
    }
    let text = "INSERT INTO entry_mark (chart, kind, id, mark) VALUES (?1, ?2, ?3, ?4)";
    for (entries, mark) in [(&chart.withdrawn, WITHDRAWN), (&chart.unreadable, UNREADABLE)] {
        for entry in entries {
            run(tx.db, text, (ord, entry.kind.word(), entry.id.as_bytes(), mark))?;
        }
    }
    Ok(())
}

pub(crate) fn clear(tx: &Tx<'_>, ord: i64) -> Result<()> {
    run(tx.db, "DELETE FROM entry_mark WHERE chart = ?1", [ord]).map(|_| ())
}

/// Reads the marks into the chart.
pub(crate) fn fill(db: &Connection, ord: i64, chart: &mut Chart) -> Result<()> {
    let text = "SELECT kind, id, mark FROM entry_mark WHERE chart = ?1";
    let rows = all(db, text, [ord], |row| {
        Ok((row.get::<_, String>(0)?, uuid(row, 1)?, row.get::<_, i64>(2)?))
    })?;
    for (kind, id, mark) in rows {
        let kind = EntryKind::from_word(&kind).ok_or(StoreError::Damaged("an entry's kind"))?;
        let list = if mark == WITHDRAWN { &mut chart.withdrawn } else { &mut chart.unreadable };
        list.push(EntryRef::new(kind, id));
    }
    chart.withdrawn.sort_unstable();
    chart.unreadable.sort_unstable();
    Ok(())
}
