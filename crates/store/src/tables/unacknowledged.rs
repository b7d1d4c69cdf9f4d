//! What of each chart was last written here and no server has acknowledged yet, and in which
//! envelope of this computer it is. A few rows, and none where all is out: each goes with the
//! acknowledgement. Where the clinic has no server they stay.

use crate::{
    error::Result,
    sql::{all, run, sql, unsql, uuid},
    tables::kept::SealedRun,
    transaction::Tx,
};
use chart::Touched;
use clinical::{EntryKind, EntryRef};
use rusqlite::Connection;

/// The kind under which all of a chart stands.
const WHOLE: &str = "";

/// An entry of a chart, or all of it, of which the last change is not with a server yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unacknowledged {
    /// Which; `None` is everything in the chart that is not named by itself.
    pub entry: Option<EntryRef>,
    /// The generation and the counter of the envelope its last change is in; `None` while it waits
    /// to be sealed.
    pub envelope: Option<(u32, u64)>,
}

/// Notes what a change made here touched. All of a chart stands for each of its entries.
pub(crate) fn note(tx: &Tx<'_>, document: i64, touched: &Touched, change: i64) -> Result<()> {
    let text = "INSERT OR REPLACE INTO unacknowledged
                (document, kind, id, change, generation, counter) VALUES (?1, ?2, ?3, ?4, 0, 0)";
    match touched {
        Touched::All => {
            run(tx.db, "DELETE FROM unacknowledged WHERE document = ?1", [document])?;
            run(tx.db, text, (document, WHOLE, [0_u8; 0].as_slice(), change)).map(drop)
        }
        Touched::Entries(entries) => entries.iter().try_for_each(|entry| {
            run(tx.db, text, (document, entry.kind.word(), entry.id.as_bytes(), change)).map(drop)
        }),
    }
}

/// Notes in which envelope changes went out.
pub(crate) fn sealed(db: &Connection, sealed: &SealedRun) -> Result<()> {
    let SealedRun { first, last, envelope: (generation, counter) } = *sealed;
    run(db, SEALED, (first, last, generation, sql(counter))).map(drop)
}

const SEALED: &str = "UPDATE unacknowledged SET generation = ?3, counter = ?4
                      WHERE change BETWEEN ?1 AND ?2 AND counter = 0";

/// Notes that what was in one envelope is in another.
pub(crate) fn moved(db: &Connection, from: (u32, u64), to: (u32, u64)) -> Result<()> {
    let text = "UPDATE unacknowledged SET generation = ?3, counter = ?4
                WHERE generation = ?1 AND counter = ?2 AND counter > 0";
    run(db, text, (from.0, sql(from.1), to.0, sql(to.1))).map(drop)
}

/// Lets go of what is in a sequence up to a counter: a server has it.
pub(crate) fn acknowledged(db: &Connection, generation: u32, counter: u64) -> Result<()> {
    let text = "DELETE FROM unacknowledged
                WHERE generation = ?1 AND counter <= ?2 AND counter > 0";
    run(db, text, (generation, sql(counter))).map(drop)
}

/// How many changes are the last of something, sealed, and not with a server yet.
pub(crate) fn count_sealed(db: &Connection) -> Result<u64> {
    let text = "SELECT COUNT(DISTINCT change) FROM unacknowledged WHERE counter > 0";
    let counts = all(db, text, [], |row| Ok(unsql(row.get(0)?)))?;
    Ok(counts.into_iter().sum())
}

/// What of a chart is not with a server yet.
pub(crate) fn of_document(db: &Connection, document: i64) -> Result<Vec<Unacknowledged>> {
    let text = "SELECT kind, id, generation, counter FROM unacknowledged
                WHERE document = ?1 ORDER BY kind, id";
    all(db, text, [document], |row| {
        let kind: String = row.get(0)?;
        let entry = match EntryKind::from_word(&kind) {
            Some(kind) => Some(EntryRef::new(kind, uuid(row, 1)?)),
            None => None,
        };
        let counter = unsql(row.get(3)?);
        let generation = row.get(2)?;
        Ok(Unacknowledged { entry, envelope: (counter > 0).then_some((generation, counter)) })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_every_change_has_its_index() {
        let mut db = Connection::open_in_memory().unwrap();
        crate::migrations::run(&mut db).unwrap();
        let check = |text: &str, index: &str| {
            let plan = format!("EXPLAIN QUERY PLAN {text}");
            let steps: Vec<String> = all(&db, &plan, [], |row| row.get::<_, String>(3)).unwrap();
            assert!(steps.len() == 1 && steps[0].contains(index), "{steps:?}");
        };
        let of_changes = SEALED.replace('?', "1");
        check(&of_changes, "unacknowledged_change");
        let of_lane = "SELECT 1 FROM unacknowledged
                       WHERE generation = 1 AND counter <= 2 AND counter > 0";
        check(of_lane, "unacknowledged_lane");
    }
}
