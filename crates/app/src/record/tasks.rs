//! The tasks the rules have raised.

use crate::{host::Host, open::Session, permit::Permit};
use api::{ApiError, ListTasks, Listed, SettleTask, TaskItem};
use chart::ChartEdit;
use clinical::{EntryKind, EntryRef, TaskStatus};

/// Lists the tasks that wait, page by page.
///
/// # Errors
/// `invalid` for a page that does not follow another; the store's.
pub(crate) fn list_tasks<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<ListTasks>,
    command: &ListTasks,
) -> Result<Listed<TaskItem>, ApiError> {
    session.tasks(permit, command)
}

/// Closes a task.
///
/// # Errors
/// `changed` where the task was raised anew since it was shown; `not-found`; the store's.
pub(crate) fn settle_task<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<SettleTask>,
    command: &SettleTask,
) -> Result<(), ApiError> {
    let edit = ChartEdit::SettleTask {
        task: command.task,
        status: TaskStatus::Completed,
        outcome: command.outcome.clone(),
    };
    let of = (EntryRef::new(EntryKind::Task, command.task.uuid()), command.seen.as_deref());
    session.edit_entry(permit, command.patient, of, |_| Ok(vec![edit]))?;
    Ok(())
}
