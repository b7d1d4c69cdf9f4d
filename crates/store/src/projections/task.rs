//! Rows of tasks: those that wait hold. A row says how pressing its task is and whose.

use super::entry::{Entry, SORT_UNKNOWN, Statements, statements};
use crate::{
    error::Result,
    packing::Unpacker,
    sql::{count, run, uuid},
    tables::document::heads_of,
    transaction::Tx,
};
use chart::Heads;
use clinical::{AlertTier, Chart, EntryKind, Instant, PatientId, Task, TaskId, TaskStatus};
use rusqlite::Connection;
use std::collections::BTreeMap;
use uuid::Uuid;

impl Entry for Task {
    const KIND: EntryKind = EntryKind::Task;
    const SQL: Statements = statements!("task");

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn sort(&self) -> i64 {
        SORT_UNKNOWN
    }

    fn holds(&self) -> bool {
        self.status == TaskStatus::Requested
    }

    fn put_own(&self, tx: &Tx<'_>, ord: i64) -> Result<()> {
        const PAGED_BY: &str = "UPDATE task SET tier = ?3,
                                patient = (SELECT d.id FROM document d WHERE d.ord = ?1)
                                WHERE chart = ?1 AND id = ?2";
        run(tx.db, PAGED_BY, (ord, self.id.uuid().as_bytes(), rank(self.tier)))?;
        Ok(())
    }

    fn all(chart: &Chart) -> &[Self] {
        &chart.tasks
    }

    fn all_mut(chart: &mut Chart) -> &mut Vec<Self> {
        &mut chart.tasks
    }
}

/// A task that waits, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRow {
    /// Whose chart.
    pub patient: PatientId,
    /// When it was raised, or last grew more pressing.
    pub written_at: Instant,
    /// The task.
    pub task: Task,
    /// The heads of the chart it was read with.
    pub heads: Heads,
}

/// Where a page of tasks ended. Pages are in this order, whatever is settled between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TaskEnd {
    /// How pressing the last task was.
    pub tier: AlertTier,
    /// Whose chart it is in.
    pub patient: PatientId,
    /// The task.
    pub task: TaskId,
}

impl TaskRow {
    /// Where a page that ends with this row ends.
    pub fn end(&self) -> TaskEnd {
        TaskEnd { tier: self.task.tier, patient: self.patient, task: self.task.id }
    }
}

/// The number under which a row keeps how pressing its task is: never changed, in the order of the
/// tiers.
const fn rank(tier: AlertTier) -> i64 {
    match tier {
        AlertTier::Block => 0,
        AlertTier::Interrupt => 1,
        AlertTier::Inline => 2,
        AlertTier::Info => 3,
    }
}

/// The tasks that wait, the most pressing first. A row that was not made again yet does not say how
/// pressing its task is: those are all looked at, and the first ones of both are kept.
pub(crate) fn open(
    db: &Connection,
    unpacker: &mut Unpacker,
    after: Option<TaskEnd>,
    limit: u32,
) -> Result<Vec<TaskRow>> {
    let text = "SELECT d.id, t.value, t.at, d.heads FROM task t JOIN document d ON d.ord = t.chart
                WHERE t.holds = 1 AND t.tier = -1
                UNION ALL SELECT * FROM (
                    SELECT d.id, t.value, t.at, d.heads
                    FROM task t JOIN document d ON d.ord = t.chart
                    WHERE t.holds = 1 AND (t.tier, t.patient, t.id) > (?1, ?2, ?3)
                    ORDER BY t.tier, t.patient, t.id LIMIT ?4)";
    let mut statement = db.prepare_cached(text)?;
    let (tier, patient, task) = match after {
        Some(TaskEnd { tier, patient, task }) => {
            (rank(tier), patient.uuid().as_bytes().to_vec(), task.uuid().as_bytes().to_vec())
        }
        None => (0, Vec::new(), Vec::new()),
    };
    let mut rows = statement.query((tier, patient, task, limit))?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut first: BTreeMap<TaskEnd, TaskRow> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let patient = PatientId::from_uuid(uuid(row, 0)?);
        let task = unpacker.value(&row.get::<_, Vec<u8>>(1)?)?;
        let heads = heads_of(&row.get::<_, Vec<u8>>(3)?);
        let row = TaskRow { patient, written_at: Instant::from_unix_ms(row.get(2)?), task, heads };
        if after.is_none_or(|after| after < row.end()) {
            first.insert(row.end(), row);
        }
        if first.len() > limit {
            first.pop_last();
        }
    }
    Ok(first.into_values().collect())
}

/// How many tasks wait.
pub(crate) fn open_count(db: &Connection) -> Result<u64> {
    count(db, "SELECT count(*) FROM task WHERE holds = 1", [])
}
