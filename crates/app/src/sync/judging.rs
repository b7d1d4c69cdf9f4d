//! Judging merged charts: what the rules find becomes tasks. A chart whose tasks could not be
//! written is remembered, told, and tried again by the next exchange.

use crate::{
    audit::Deed,
    commit::own,
    error::{Told as _, ToldResult},
    host::Host,
    open::Session,
};
use api::{ApiError, ErrorCode};
use chart::{ChartEdit, EditError};
use clinical::{PatientGroup, PatientId};
use std::collections::BTreeSet;
use store::{Commit, NamedRow, Record, View};
use uuid::Uuid;

use super::names;

/// Whether the rules have something to write.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Judgement {
    Due,
    Settled,
}

/// Judges charts that were merged and not yet judged. One that fails is left for the next time
/// and keeps nothing else from going on.
///
/// # Errors
/// The store's.
pub(super) fn judge_the_rest<H: Host>(session: &Session<'_, H>) -> Result<(), ApiError> {
    let waiting = waiting(session)?;
    if waiting.is_empty() {
        return Ok(());
    }
    let mut left = BTreeSet::new();
    for patient in &waiting {
        if let Err(error) = judge(session, *patient) {
            tracing::warn!(code = ?error.code, "the tasks of a chart were not written");
            left.insert(*patient);
        }
    }
    if left == waiting {
        return Ok(());
    }
    // Others may wait by now.
    let still = |kept: Option<Vec<u8>>| {
        let is_left = |patient: &PatientId| left.contains(patient) || !waiting.contains(patient);
        let rest: BTreeSet<_> = read(&kept.unwrap_or_default()).filter(is_left).collect();
        (!rest.is_empty()).then(|| row(&rest).bytes)
    };
    session.open.store.change_named(names::UNJUDGED, still).told()
}

/// The row that remembers charts to judge, with those that wait already; `None` when there are no
/// new ones.
///
/// # Errors
/// The store's.
pub(super) fn unjudged_row<H: Host>(
    session: &Session<'_, H>,
    new: &[PatientId],
) -> Result<Option<NamedRow>, ApiError> {
    if new.is_empty() {
        return Ok(None);
    }
    let mut all = waiting(session)?;
    all.extend(new);
    Ok(Some(row(&all)))
}

/// What remembers charts to judge, without one that was erased: the row to keep, or the name of the
/// one that is done with.
///
/// # Errors
/// The store's.
pub(super) fn without<H: Host>(
    session: &Session<'_, H>,
    patient: PatientId,
) -> Result<(Option<NamedRow>, Option<String>), ApiError> {
    let mut all = waiting(session)?;
    if !all.remove(&patient) {
        return Ok((None, None));
    }
    if all.is_empty() {
        return Ok((None, Some(names::UNJUDGED.to_owned())));
    }
    Ok((Some(row(&all)), None))
}

/// What is told while charts wait whose tasks could not be written.
///
/// # Errors
/// The store's.
pub(super) fn unjudged<H: Host>(session: &Session<'_, H>) -> Result<Option<ApiError>, ApiError> {
    let detail = match waiting(session)?.len() {
        0 => return Ok(None),
        1 => "The tasks of a chart could not be written. Everything else is here.".to_owned(),
        many => {
            format!("The tasks of {many} charts could not be written. Everything else is here.")
        }
    };
    Ok(Some(ApiError::new(ErrorCode::Internal, detail)))
}

/// Whether the rules would write tasks of a chart.
pub(super) fn judgement_of(view: &View) -> Judgement {
    match view {
        // What stands in the other charts of the person is judged with it.
        View::Chart(chart) if !chart.links.is_empty() => Judgement::Due,
        View::Chart(chart) if !care::settle(&chart.tasks, &care::review(chart)).is_empty() => {
            Judgement::Due
        }
        View::Chart(_) | View::Draft(_) | View::Clinic(_) => Judgement::Settled,
    }
}

fn waiting<H: Host>(session: &Session<'_, H>) -> Result<BTreeSet<PatientId>, ApiError> {
    let kept = session.open.store.named(names::UNJUDGED).told()?.unwrap_or_default();
    Ok(read(&kept).collect())
}

fn read(kept: &[u8]) -> impl Iterator<Item = PatientId> {
    let ids = kept.as_chunks::<16>().0.iter();
    ids.map(|id| PatientId::from_uuid(Uuid::from_bytes(*id)))
}

fn row(patients: &BTreeSet<PatientId>) -> NamedRow {
    let bytes = patients.iter().flat_map(|patient| *patient.uuid().as_bytes()).collect();
    NamedRow { name: names::UNJUDGED.to_owned(), bytes }
}

/// Runs the decision rules on a merged chart: what they find becomes tasks, the same ones on
/// every device, which go out like any other edit.
///
/// # Errors
/// The chart's; the store's.
pub(crate) fn judge<H: Host>(session: &Session<'_, H>, patient: PatientId) -> Result<(), ApiError> {
    let _writing = session.open.writing();
    let group = session.group(patient)?;
    if !group.is_alone() {
        return judge_group(session, &group);
    }
    let mut document = session.load_chart(patient)?;
    let chart = document.read();
    let tasks = care::settle(&chart.tasks, &care::review(&chart));
    if tasks.is_empty() {
        return Ok(());
    }
    let edits: Vec<ChartEdit> = tasks.into_iter().map(ChartEdit::RaiseTask).collect();
    match session.chart_record(Deed::RULES, patient, &mut document, &edits) {
        Ok(record) => session.commit(Commit::local(vec![record])),
        Err(error) => refused(error),
    }
}

/// The same of a person of several charts, which are judged as one: each task is of one of them.
fn judge_group<H: Host>(session: &Session<'_, H>, group: &PatientGroup) -> Result<(), ApiError> {
    let mut open = match session.open_group(group) {
        // Who holds them all judges them: here the cause of a task may only not have come.
        Err(error) if error.code == ErrorCode::ChartNotHere => return Ok(()),
        opened => opened?,
    };
    if !open.is_whole {
        return Ok(());
    }
    let found = care::review(&open.union());
    let mut records = Vec::new();
    for (patient, kept) in open.each() {
        let tasks = care::settle(&kept.chart.tasks, &own(&found, &kept.chart));
        if tasks.is_empty() {
            continue;
        }
        let edits: Vec<ChartEdit> = tasks.into_iter().map(ChartEdit::RaiseTask).collect();
        match kept.document.apply(&edits, session.stamp()) {
            Ok(change) => {
                kept.follow(&change);
                let event = session.event(Deed::RULES, Some(*patient));
                records.push(Record::edited(change, kept.view(), event));
            }
            Err(error) => refused(error)?,
        }
    }
    if records.is_empty() { Ok(()) } else { session.commit(Commit::local(records)) }
}

/// What a refused task means for its chart.
fn refused(error: EditError) -> Result<(), ApiError> {
    match &error {
        // A chart of a newer version is judged by those who can write it.
        EditError::NewerSchema => Ok(()),
        EditError::Disputed(_)
        | EditError::UnknownConflict
        | EditError::UnknownVersion
        | EditError::UnknownHeads
        | EditError::Immutable(_)
        | EditError::SeveralEdits(_)
        | EditError::UnknownEntry(_)
        | EditError::TooLarge { .. }
        | EditError::Refused => Err(error.told()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_newer_chart_is_left_to_others() {
        assert_eq!(refused(EditError::NewerSchema), Ok(()));
        for (error, code) in [
            (EditError::Refused, ErrorCode::Internal),
            (EditError::TooLarge { limit: 1 }, ErrorCode::Invalid),
        ] {
            assert_eq!(refused(error).map_err(|told| told.code), Err(code));
        }
    }
}
