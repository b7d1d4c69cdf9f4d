//! Reading the chart, and deciding what it disputes.

use crate::{ChartView, ConflictItem, HistoryItem, TaskItem};
use clinical::{ConflictId, EntryRef, PatientId, TaskId};

crate::command::commands! {
    /// Reads a chart's summary. The reading is audited.
    OpenChart "open-chart" -> ChartView {
        /// Whose.
        patient: PatientId,
    }
    /// Reads what an entry has been, newest first.
    GetHistory "get-history" -> Vec<HistoryItem> {
        /// Whose chart.
        patient: PatientId,
        /// Which entry.
        entry: EntryRef,
    }
    /// Lists all that must be decided.
    ListConflicts "list-conflicts" -> Vec<ConflictItem> {}
    /// Decides a conflict for one of its versions.
    Decide "decide" -> () {
        /// Whose chart.
        patient: PatientId,
        /// Which conflict.
        conflict: ConflictId,
        /// The change of the version that holds.
        change: String,
    }
    /// Lists the tasks that wait.
    ListTasks "list-tasks" -> Vec<TaskItem> {}
    /// Closes a task.
    SettleTask "settle-task" -> () {
        /// Whose chart.
        patient: PatientId,
        /// Which task.
        task: TaskId,
        /// What was done.
        outcome: String,
    }
}
