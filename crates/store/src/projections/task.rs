//! Rows of tasks: those that wait hold.

use super::entry::{Entry, SORT_UNKNOWN, Statements, statements};
use crate::{
    error::Result,
    packing::Unpacker,
    sql::{all, count, uuid},
};
use clinical::{Chart, EntryKind, PatientId, Task, TaskStatus};
use rusqlite::Connection;
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
    /// The task.
    pub task: Task,
}

/// The tasks that wait, chart by chart.
pub(crate) fn open(db: &Connection, unpacker: &mut Unpacker, limit: u32) -> Result<Vec<TaskRow>> {
    let text = "SELECT d.id, t.value FROM task t JOIN document d ON d.ord = t.chart
                WHERE t.holds = 1 ORDER BY t.chart, t.id LIMIT ?1";
    let rows = all(db, text, [limit], |row| Ok((uuid(row, 0)?, row.get::<_, Vec<u8>>(1)?)))?;
    let read = |(id, value): (Uuid, Vec<u8>)| {
        Ok(TaskRow { patient: PatientId::from_uuid(id), task: unpacker.value(&value)? })
    };
    rows.into_iter().map(read).collect()
}

/// How many tasks wait.
pub(crate) fn open_count(db: &Connection) -> Result<u64> {
    count(db, "SELECT count(*) FROM task WHERE holds = 1", [])
}
