//! The tasks the rules have raised.

use crate::{error::not_found, host::Host, open::Session, permit::Permit, read::names};
use api::{ApiError, ErrorCode, ListTasks, Listed, SettleTask, TaskItem};
use chart::ChartEdit;
use clinical::{EntryKind, EntryRef, Stamp, TaskStatus};
use serde::Deserialize;

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
/// `changed` where the task was raised anew since it was shown; `invalid` when it is closed, with
/// by whom and when; `not-found`; the store's.
pub(crate) fn settle_task<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<SettleTask>,
    command: &SettleTask,
) -> Result<(), ApiError> {
    let entry = EntryRef::new(EntryKind::Task, command.task.uuid());
    let (seen, waiting) = (command.seen.as_deref(), TaskStatus::Requested);
    let mut is_closed = false;
    let edited = session.edit_entry(permit, command.patient, (entry, seen), |chart| {
        let mut tasks = chart.tasks.iter();
        is_closed = tasks.any(|task| task.id == command.task && task.status != waiting);
        if is_closed {
            return Err(not_found("task that waits"));
        }
        Ok(vec![ChartEdit::SettleTask {
            task: command.task,
            status: TaskStatus::Completed,
            outcome: command.outcome.clone(),
        }])
    });
    if is_closed {
        return Err(closed_already(session, command, entry)?);
    }
    edited.map(drop)
}

/// How a status is written in a task's history.
#[derive(Deserialize)]
struct Told {
    status: TaskStatus,
}

/// That a task was closed before, by whom and when.
fn closed_already<H: Host>(
    session: &Session<'_, H>,
    command: &SettleTask,
    entry: EntryRef,
) -> Result<ApiError, ApiError> {
    let mut closed: Option<Stamp> = None;
    let holder = session.holder(command.patient, entry)?;
    let past = session.load_chart(holder)?.history(entry).into_iter();
    for item in past.filter(|item| item.field == "status") {
        match serde_json::from_str(&item.value) {
            Ok(Told { status: TaskStatus::Requested }) => closed = None,
            Ok(Told { status: TaskStatus::Completed | TaskStatus::Cancelled }) => {
                closed.get_or_insert(item.stamp);
            }
            // Of a newer version.
            Err(_) => {}
        }
    }
    let people = names(session)?.0;
    let by = closed.map(|stamp| match people.get(&stamp.author) {
        Some(person) => format!(", by {person}, {}", stamp.at),
        None => format!(", {}", stamp.at),
    });
    let by = by.unwrap_or_default();
    let detail = format!("This task was closed already{by}; nothing was changed.");
    Ok(ApiError::new(ErrorCode::Invalid, detail))
}
