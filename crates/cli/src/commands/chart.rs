//! Finding and reading charts, deciding, closing tasks.

use super::{Desk, parse, show};
use crate::{
    arguments::{ConflictAction, HoldWord, PageArguments, TaskAction},
    failure::Failure,
};
use api::{ChartView, ErrorCode};
use app::Host;
use clinical::{EntryKind, EntryRef, PatientId};

/// A search gives no more.
const FOUND_MAX: u32 = 100;

/// Finds patients.
pub(super) fn find(desk: &Desk, query: &str, limit: u32) -> Result<(), Failure> {
    desk.sign_in()?;
    // One more than is shown tells whether there are more.
    let mut hits = desk.call(api::FindPatients { query: query.to_owned(), limit: limit + 1 })?;
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_cut = hits.len() > shown || limit == FOUND_MAX && hits.len() == shown;
    hits.truncate(shown);
    let is_most = limit == FOUND_MAX;
    desk.output.answer(&hits, |hits| show::hits(hits, is_cut.then_some(is_most)));
    tell_coming(desk, "whoever is not found may still be coming", NOT_FOUND_ELSEWHERE)
}

/// What it means for a search that a part is held.
const NOT_FOUND_ELSEWHERE: &str = "whoever is not found may have a chart that is not here";

/// What it means for a list.
const OF_A_PART: &str = "the list is of those that are";

/// Chooses what a computer that has joined holds, and tells what a joining left.
pub(super) fn tell_joined(desk: &Desk, hold: HoldWord) -> Result<(), Failure> {
    if hold == HoldWord::InUse {
        if desk.call(api::GetSyncState {})?.coming.is_none() {
            desk.output.warn("all of the clinic's record is here already: nothing was left out");
            return Ok(());
        }
        desk.call(api::SetHold { hold: hold.into() })?;
    }
    tell_coming(
        desk,
        "`fieldchart sync` fetches the rest",
        "the rest stays at the server; `fieldchart sync --hold all` fetches it",
    )
}

/// Tells, where people read the answer, that not all of the record is here, and what that means:
/// while it `comes`, or where a `part` is held because somebody chose so.
pub(super) fn tell_coming(desk: &Desk, comes: &str, part: &str) -> Result<(), Failure> {
    if desk.output.json {
        return Ok(());
    }
    let Some(coming) = desk.call(api::GetSyncState {})?.coming else { return Ok(()) };
    let far = show::far(&coming);
    desk.output.warn(&if coming.by_choice {
        format!("this computer holds a part of the clinic ({far}): {part}")
    } else {
        format!("not all charts are here ({far}): {comes}")
    });
    Ok(())
}

/// Shows a chart.
pub(super) fn show(desk: &Desk, id: &str, ids: bool) -> Result<(), Failure> {
    desk.sign_in()?;
    let patient = parse(id)?;
    let opened = desk.app.call(api::OpenChart { patient }, api::Origin::Host);
    let view = match opened {
        Err(error) if error.code == ErrorCode::ChartNotHere => {
            desk.output.warn("this chart is not on this computer: it is fetched from the server");
            desk.call(api::FetchChart { patient })?;
            desk.call(api::OpenChart { patient })?
        }
        opened => opened.map_err(|error| desk.failed(error))?,
    };
    by_the_clock(desk, |clock| {
        desk.output.answer(&view, |view| show::chart(view, show::Ids(ids), clock));
    });
    tell_set_aside(desk, patient);
    Ok(())
}

/// Tells, where people read the answer, that changes of a chart are kept apart: whatever it shows, an
/// allergy may be among them.
pub(super) fn tell_set_aside(desk: &Desk, patient: PatientId) {
    if desk.output.json {
        return;
    }
    let places = desk.app.call(api::GetWhereabouts { patient }, api::Origin::Host);
    if let Some(words) = places.ok().and_then(|places| show::kept_apart(places.set_aside)) {
        desk.output.warn(&words);
    }
}

/// Tells, where people read the answer, how much waits for a decision; nothing to who may not decide.
pub(super) fn tell_to_decide(desk: &Desk) {
    if desk.output.json {
        return;
    }
    let open = desk.app.call(api::ListConflicts { after: None, limit: 1 }, api::Origin::Host);
    if let Some(words) = open.ok().and_then(|open| show::to_decide(open.total)) {
        desk.output.warn(&words);
    }
}

/// A chart for who reads in it what was written; a program has what it was answered. What was
/// written is, whether the chart opens or not.
pub(super) fn look(desk: &Desk, patient: PatientId) -> Option<ChartView> {
    if desk.output.json {
        return None;
    }
    desk.app.call(api::OpenChart { patient }, api::Origin::Host).ok()
}

/// Tells moments by the wall clock of this computer.
pub(super) fn by_the_clock(desk: &Desk, tell: impl FnOnce(show::Clock<'_>)) {
    let host = desk.app.host();
    tell(show::Clock { now: host.now(), offset: &|at| host.utc_offset(at) });
}

/// Shows what an entry has been.
pub(super) fn history(desk: &Desk, id: &str, entry: &str) -> Result<(), Failure> {
    desk.sign_in()?;
    let entry = self::entry(entry)?;
    let items = desk.call(api::GetHistory { patient: parse(id)?, entry })?;
    by_the_clock(desk, |clock| {
        desk.output.answer(&items, |items| show::history(items, entry.kind, clock));
    });
    Ok(())
}

/// Lists what must be decided, or decides it.
pub(super) fn conflicts(
    desk: &Desk,
    page: &PageArguments,
    action: Option<&ConflictAction>,
) -> Result<(), Failure> {
    desk.sign_in()?;
    match action {
        None => {
            let PageArguments { limit, after } = page;
            let page = desk.call(api::ListConflicts { after: after.clone(), limit: *limit })?;
            by_the_clock(desk, |clock| {
                desk.output.answer(&page, |page| {
                    show::listed(page, show::conflicts(&page.items, clock), after.is_some())
                });
            });
            tell_coming(desk, OF_A_PART, OF_A_PART)?;
        }
        Some(ConflictAction::Resolve { patient, conflict, change, seen }) => {
            let patient = parse(patient)?;
            desk.call(api::Decide {
                patient,
                conflict: conflict.clone(),
                change: whole_change(desk, patient, conflict, change),
                seen: seen.clone(),
            })?;
            let decided = serde_json::json!({ "decided": conflict });
            let now = look(desk, patient);
            let entry = conflict.rsplit_once('/').and_then(|(entry, _)| self::entry(entry).ok());
            by_the_clock(desk, |clock| {
                desk.output.answer(&decided, |_| {
                    let back = now.map(|view| show::read_back(&view, entry.as_slice(), clock));
                    format!("decided {conflict}\n{}", back.unwrap_or_default())
                });
            });
        }
    }
    Ok(())
}

/// The whole name of a version, of which the first signs are enough where they are of one alone:
/// what names none stays as it was typed, and is refused as such.
fn whole_change(desk: &Desk, patient: PatientId, conflict: &str, named: &str) -> String {
    let whole = || {
        let opened = desk.app.call(api::OpenChart { patient }, api::Origin::Host).ok()?;
        let disputed = opened.chart.conflicts.iter().find(|one| one.id == conflict)?;
        let all: Vec<&str> = disputed.versions.iter().map(|one| one.change.as_str()).collect();
        show::whole_change(named, &all).map(str::to_owned)
    };
    let is_part = (show::CHANGE_SIGNS..CHANGE_LEN).contains(&named.len());
    is_part.then(whole).flatten().unwrap_or_else(|| named.to_owned())
}

/// Signs of a version's whole name.
const CHANGE_LEN: usize = 64;

/// Lists the tasks that wait, or closes one.
pub(super) fn tasks(
    desk: &Desk,
    page: &PageArguments,
    action: Option<&TaskAction>,
) -> Result<(), Failure> {
    desk.sign_in()?;
    match action {
        None => {
            let PageArguments { limit, after } = page;
            let page = desk.call(api::ListTasks { after: after.clone(), limit: *limit })?;
            by_the_clock(desk, |clock| {
                desk.output.answer(&page, |page| {
                    show::listed(page, show::tasks(&page.items, clock), after.is_some())
                });
            });
            tell_coming(desk, OF_A_PART, OF_A_PART)?;
        }
        Some(TaskAction::Settle { patient, task, outcome, seen }) => {
            desk.call(api::SettleTask {
                patient: parse(patient)?,
                task: parse(task.strip_prefix("task/").unwrap_or(task))?,
                outcome: outcome.clone(),
                seen: seen.clone(),
            })?;
            let closed = serde_json::json!({ "closed": task });
            desk.output.answer(&closed, |_| format!("closed {task}"));
        }
    }
    Ok(())
}

/// An entry from the command line: `medication/0190...`.
fn entry(text: &str) -> Result<EntryRef, Failure> {
    let usage = || Failure::Usage(format!("{text} is not an entry such as medication/0190..."));
    let (kind, id) = text.split_once('/').ok_or_else(usage)?;
    let kind = EntryKind::from_word(kind).ok_or_else(usage)?;
    Ok(EntryRef::new(kind, id.parse().map_err(|_| usage())?))
}
