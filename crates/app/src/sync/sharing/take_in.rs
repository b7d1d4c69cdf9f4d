//! Taking in a chart that another clinic gives: through the store's one door, on its way to the other
//! computers of this clinic like what was recorded here, and judged like what comes from them.

use super::{
    cards,
    given::GivenFile,
    look::erased,
    opened::{Opened, is_whole, merge, unseal},
    overwrites::{overwrites, refuse_unseen},
    unreadable,
};
use crate::{
    error::ToldResult,
    host::Host,
    open::Session,
    permit::Permit,
    sync::{
        carried::Carried,
        judging::{Judgement, judge_the_rest, judgement_of, unjudged_row},
    },
};
use api::{ApiError, CardKnown, ErrorCode, FileAct, GivenOverwrites, TakeInGiven, TakenIn, Topic};
use chart::{ChartEdit, Touched};
use clinical::{EntryKind, EntryRef, NamedClinic, Sharing};
use std::{path::Path, sync::Arc};
use store::{AuditEvent, Commit, Record, StoreError, View};

/// Takes in a chart that another clinic gives; twice is the same as once.
///
/// # Errors
/// `invalid` of what nobody looked at and would overwrite entries, `changed` where it would overwrite
/// others than were seen; `invalid` of a clinic by whose id another came before, where nobody compared either; `not-found`
/// of one that was erased here; as [`unseal`] and [`merge`]; `disk-full` and the like: the
/// chart is as it was.
pub(crate) fn take_in_given<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<TakeInGiven>,
    command: &TakeInGiven,
) -> Result<TakenIn, ApiError> {
    let mut carried = Carried::new(session.host, FileAct::ReadGiven);
    let unsealed = unseal(session, Path::new(&command.path), &mut carried)?;
    if cards::known(session, &unsealed.from)? == CardKnown::Doubtful {
        cards::refuse_uncompared(session, &unsealed.from, command.compared)?;
    }
    let mut writing = session.open.writing();
    let mut opened = merge(session, unsealed)?;
    if erased(session, opened.patient)?.is_some() {
        let detail = "Nothing was taken in: this chart was erased here, and is not brought back by \
                      another clinic. `fieldchart erased` tells on what ground.";
        return Err(ApiError::new(ErrorCode::NotFound, detail));
    }
    if opened.is_new && !is_whole(&opened.merged) {
        return Err(unreadable("the chart in the file lacks a part of itself"));
    }
    refuse_links(session, &opened)?;
    let overwrites = overwrites(&opened);
    refuse_unseen(overwrites.as_ref(), command.seen.as_deref())?;
    note_hearsay(session, &mut opened)?;
    keep_files(session, &opened)?;
    cards::keep(session, &opened.from, command.compared)?;
    let taken = told(session, &opened, overwrites)?;
    let committed = commit(session, permit, opened);
    *writing = None;
    drop(writing);
    committed?;
    // What was taken in is here: nobody may hear that it is not. What could not be judged is told by
    // the state of the exchange, and tried again.
    if let Err(error) = judge_the_rest(session) {
        tracing::warn!(code = ?error.code, "what was taken in was not judged");
    }
    session.tell(vec![Topic::Sync]);
    Ok(taken)
}

/// Notes in the chart of each sharing that the giving clinic merely tells of that it does: the other
/// computers here, to which it comes as ours, know no more of it.
fn note_hearsay<H: Host>(session: &Session<'_, H>, opened: &mut Opened) -> Result<(), ApiError> {
    let by =
        NamedClinic { id: cards::clinic_id(&opened.from), name: super::shown(opened.from.name()) };
    let note = |one: &Sharing| ChartEdit::TellSharing {
        sharing: one.id,
        to: session.open.clinic,
        by: by.clone(),
    };
    let notes: Vec<ChartEdit> = opened.hearsay.iter().map(note).collect();
    if notes.is_empty() {
        return Ok(());
    }
    let noted = opened.document.apply(&notes, session.stamp()).map_err(|error| {
        unreadable(&format!("what the chart in the file tells of others cannot be noted ({error})"))
    })?;
    let change = &mut opened.merged.change;
    change.changes.extend(noted.changes);
    change.heads = noted.heads;
    if !change.touched.has(EntryRef::new(EntryKind::Patient, opened.patient.uuid())) {
        change.touched = Touched::All;
    }
    opened.chart = opened.document.read();
    Ok(())
}

/// Who is one person at this clinic is not said by another. What is here says it already, also of one
/// that was erased.
fn refuse_links<H: Host>(session: &Session<'_, H>, opened: &Opened) -> Result<(), ApiError> {
    let own = [session.group(opened.patient)?.links, opened.before.links.clone()].concat();
    let mut links = opened.chart.links.iter().filter(|link| link.holds());
    if links.all(|link| own.iter().any(|own| own.id == link.id)) {
        return Ok(());
    }
    Err(unreadable(
        "the chart in the file is shown as one with another there; it must be separated first",
    ))
}

/// Bytes first: what names them may be on its way to others as soon as it is written.
fn keep_files<H: Host>(session: &Session<'_, H>, opened: &Opened) -> Result<(), ApiError> {
    let files = session.open.store.files();
    for file in &opened.files {
        let is_named = opened.chart.documents.iter().any(|one| one.blob_id() == Some(file.name));
        if is_named && !files.has(&file.name) && is_it(file) {
            files.keep(&file.name, &file.bytes).map_err(StoreError::from).told()?;
        }
    }
    Ok(())
}

/// Whether the bytes are what their name says: nothing else is kept under it.
fn is_it(file: &GivenFile) -> bool {
    use sha2::{Digest as _, Sha256};
    Sha256::digest(&file.bytes).as_slice() == file.name
}

fn told<H: Host>(
    session: &Session<'_, H>,
    opened: &Opened,
    overwrites: Option<GivenOverwrites>,
) -> Result<TakenIn, ApiError> {
    let files = session.open.store.files();
    let names = opened.chart.documents.iter().filter_map(clinical::DocumentReference::blob_id);
    let left_out = names.filter(|name| !files.has(name)).count();
    Ok(TakenIn {
        patient: opened.patient,
        is_new: opened.is_new,
        changes: opened.changes,
        conflicts: opened.conflicts(),
        overwrites,
        files: u64::try_from(opened.files.len()).unwrap_or(u64::MAX),
        left_out: u64::try_from(left_out).unwrap_or(u64::MAX),
        from: cards::view(session, &opened.from)?,
    })
}

/// Commits what came, and that the rules are to look at it; where nothing is new, the row of the audit
/// log alone.
fn commit<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<TakeInGiven>,
    opened: Opened,
) -> Result<(), ApiError> {
    let Opened { from, patient, mut document, merged, chart, is_new, .. } = opened;
    let event = session.event(permit, Some(patient));
    let resource = format!("{}/{}", event.resource, super::shown(from.name()));
    let event = AuditEvent { resource, ..event };
    if merged.change.changes.is_empty() {
        return session.open.store.record_audit(&[event]).told();
    }
    let view = View::Chart(Arc::new(chart));
    let mut commit = Commit::local(Vec::new());
    if judgement_of(&view) == Judgement::Due {
        commit.named.extend(unjudged_row(session, &[patient])?);
    }
    let record = Record::merged(merged, view, event);
    commit.records.push(if is_new { record.with_snapshot(document.save()) } else { record });
    session.commit(commit)
}
