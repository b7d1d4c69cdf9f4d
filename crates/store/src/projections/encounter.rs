//! Rows of visits: those under way hold.

use super::entry::{Entry, Statements, sort_of, statements};
use crate::{error::Result, packing::Unpacker, sql::uuid, tables::document::heads_of};
use chart::Heads;
use clinical::{Chart, Encounter, EntryKind, Instant, PatientId};
use rusqlite::Connection;
use uuid::Uuid;

impl Entry for Encounter {
    const KIND: EntryKind = EntryKind::Encounter;
    const SQL: Statements = statements!("encounter");

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn sort(&self) -> i64 {
        sort_of(self.start.as_ref())
    }

    fn holds(&self) -> bool {
        self.status.is_open()
    }

    fn all(chart: &Chart) -> &[Self] {
        &chart.encounters
    }

    fn all_mut(chart: &mut Chart) -> &mut Vec<Self> {
        &mut chart.encounters
    }
}

/// A visit, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncounterRow {
    /// Whose chart.
    pub patient: PatientId,
    /// The visit.
    pub encounter: Encounter,
    /// People disagree on it.
    pub disputed: bool,
    /// The heads of the chart it was read with.
    pub heads: Heads,
}

/// The first day of which visits can be asked for, in milliseconds since the Unix epoch: what the
/// index is made of.
const RECENT: &str = "1735689600000";

/// The text of [`since`]. The index is entered at the first bound: with the other one before it every
/// visit since 2025 would be looked at, six seconds of them in a clinic of 100,000.
pub(crate) fn since_text() -> String {
    format!(
        "SELECT d.id, e.value, e.disputed, d.heads FROM encounter e INDEXED BY encounter_recent
         CROSS JOIN document d ON d.ord = e.chart
         WHERE e.sort >= ?1 AND e.sort >= {RECENT} AND (e.holds = 1 OR e.sort >= ?2)
         ORDER BY e.sort < ?2, e.sort, e.id LIMIT ?3"
    )
}

/// The visits of all charts that began at `open_since` or later and are under way, and those that
/// began at `since` or later, whatever became of them; these before those, and the earliest first:
/// however many were left open, who came since is not cut off by them.
pub(crate) fn since(
    db: &Connection,
    unpacker: &mut Unpacker,
    (open_since, since): (Instant, Instant),
    limit: u32,
) -> Result<Vec<EncounterRow>> {
    let mut statement = db.prepare_cached(&since_text())?;
    let mut rows = statement.query((open_since.unix_ms(), since.unix_ms(), limit))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let patient = PatientId::from_uuid(uuid(row, 0)?);
        found.push(EncounterRow {
            patient,
            encounter: unpacker.value(&row.get::<_, Vec<u8>>(1)?)?,
            disputed: row.get(2)?,
            heads: heads_of(&row.get::<_, Vec<u8>>(3)?),
        });
    }
    Ok(found)
}
