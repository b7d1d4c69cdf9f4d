//! Reading the chart, and deciding what it disputes.

use crate::{ChartView, ConflictItem, HistoryItem, Listed, TaskItem, WhereaboutsView};
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
    /// Tells who else was seen to hold what is written in a chart. It holds nothing of a patient.
    GetWhereabouts "get-whereabouts" -> WhereaboutsView {
        /// Whose chart.
        patient: PatientId,
    }
    /// Lists what must be decided, page by page. Each patient shown leaves an audit row.
    ListConflicts "list-conflicts" -> Listed<ConflictItem> {
        /// Where the page before ended; the first page when there is none.
        after: Option<String>,
        /// At most so many, with a cap; none to be told the number alone.
        limit: u32,
    }
    /// Decides a conflict for one of its versions.
    Decide "decide" -> () {
        /// Whose chart.
        patient: PatientId,
        /// Which conflict.
        conflict: ConflictId,
        /// The change of the version that holds.
        change: String,
        /// The heads of the chart that was shown, see [`crate::StopMedication`]: where a version
        /// came since, nobody has seen all there is to choose from.
        seen: Option<String>,
    }
    /// Lists the tasks that wait, the most pressing first, page by page. Each patient shown leaves
    /// an audit row.
    ListTasks "list-tasks" -> Listed<TaskItem> {
        /// Where the page before ended; the first page when there is none.
        after: Option<String>,
        /// At most so many, with a cap; none to be told the number alone.
        limit: u32,
    }
    /// Closes a task.
    SettleTask "settle-task" -> () {
        /// Whose chart.
        patient: PatientId,
        /// Which task.
        task: TaskId,
        /// What was done.
        outcome: String,
        /// The heads of the chart that was shown, see [`crate::StopMedication`]: a task that was
        /// raised since may be more pressing than the one that was looked at.
        seen: Option<String>,
    }
}
