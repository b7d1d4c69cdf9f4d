//! Merging: what came for each document is merged into it, and all of a page is committed at once.
//!
//! Two threads: one loads and merges, the other writes. Each document of a page is merged once, so
//! that none waits for what is being written.

use crate::{audit::OtherDeed, error::ToldResult, host::Host, notes, open::Session};
use api::{ApiError, ErrorCode};
use chart::{AnyDocument, MergeError, Touched};
use clinical::{CompositionId, DocumentKind, DocumentRef, PatientId};
use std::{collections::BTreeMap, sync::mpsc::sync_channel, thread};
use store::{Receipt, Record, View};
use sync::{
    check::QuarantineReason,
    envelope::{Envelope, Kind},
};

use super::{
    judging::{Judgement, judgement_of, unjudged_row},
    names,
    receive::set_aside,
};

/// Records that may wait to be written: each has a chart's view.
const RECORDS_AHEAD: usize = 16;

/// The record of a merge, and whether the rules have something to write.
type Judged = (Record, Judgement);

/// What came, by document.
pub(super) type Incomings<'a> = BTreeMap<DocumentRef, Vec<Incoming<'a>>>;

/// What one envelope has for a document.
pub(super) struct Incoming<'a> {
    pub(super) envelope: &'a Envelope,
    pub(super) piece: Piece,
}

pub(super) enum Piece {
    Changes(Vec<Vec<u8>>),
    /// All of it.
    Whole(Vec<u8>),
}

/// Merges and commits what came, with what is to be kept beside it.
///
/// # Errors
/// The store's: nothing was taken in.
pub(super) fn commit<H: Host>(
    session: &Session<'_, H>,
    incoming: Incomings<'_>,
    receipt: Receipt,
) -> Result<(), ApiError> {
    let _writing = session.open.writing();
    for name in incoming.keys().filter(|name| name.kind == DocumentKind::Draft) {
        notes::settle_typed(session, CompositionId::from_uuid(name.id))?;
    }
    let (hand_over, records) = sync_channel(RECORDS_AHEAD);
    thread::scope(|scope| {
        // Where nobody takes a record any more, the writing has failed, and says why.
        let merging = scope.spawn(move || {
            merge_all(session, incoming, receipt, |record| hand_over.send(record).is_ok())
        });
        session.take_in(records, || merging.join().unwrap_or_else(|_| Err(broke_off())))
    })
}

/// Merges document by document, until nobody takes the records; answers what is to be kept beside
/// them.
fn merge_all<H: Host>(
    session: &Session<'_, H>,
    incoming: Incomings<'_>,
    mut receipt: Receipt,
    hand_over: impl Fn(Record) -> bool,
) -> Result<Receipt, ApiError> {
    let mut unjudged = Vec::new();
    for (name, incoming) in incoming {
        let Some((record, judgement)) = merge(session, name, &incoming, &mut receipt)? else {
            continue;
        };
        if judgement == Judgement::Due {
            unjudged.push(PatientId::from_uuid(name.id));
        }
        if !hand_over(record) {
            break;
        }
    }
    receipt.named.extend(unjudged_row(session, &unjudged)?);
    Ok(receipt)
}

fn broke_off() -> ApiError {
    let detail = "Nothing was taken in: the merging broke off. What came is fetched again.";
    ApiError::new(ErrorCode::Internal, detail)
}

/// Merges what came for one document, all at once; where that fails, envelope by envelope, so
/// that only the ones at fault are set aside.
fn merge<H: Host>(
    session: &Session<'_, H>,
    name: DocumentRef,
    incoming: &[Incoming<'_>],
    receipt: &mut Receipt,
) -> Result<Option<Judged>, ApiError> {
    if let Some(taken) = take_whole(session, name, incoming)? {
        return Ok(Some(taken));
    }
    let all: Result<Vec<_>, MergeError> = incoming.iter().map(|one| one.changes(name)).collect();
    if let Ok(all) = all
        && let Ok(record) = merge_changes(session, name, all.concat())?
    {
        return Ok(record);
    }
    let mut good: Vec<Vec<u8>> = Vec::new();
    for one in incoming {
        let changes = match one.changes(name) {
            Ok(changes) => changes,
            Err(error) => {
                set_unmerged_aside(session, (name, one.envelope), &error, receipt);
                continue;
            }
        };
        let with_it: Vec<_> = good.iter().chain(&changes).cloned().collect();
        match merge_changes(session, name, with_it)? {
            Ok(_) => good.extend(changes),
            Err(error) => set_unmerged_aside(session, (name, one.envelope), &error, receipt),
        }
    }
    if good.is_empty() {
        return Ok(None);
    }
    Ok(merge_changes(session, name, good)?.unwrap_or(None))
}

impl Incoming<'_> {
    fn changes(&self, name: DocumentRef) -> Result<Vec<Vec<u8>>, MergeError> {
        match &self.piece {
            Piece::Changes(changes) => Ok(changes.clone()),
            Piece::Whole(bytes) => AnyDocument::changes_of(name, bytes),
        }
    }
}

/// Takes a document as it came, where it came whole, nothing else came for it, and nothing of it
/// is here: its changes need not be looked at one by one.
fn take_whole<H: Host>(
    session: &Session<'_, H>,
    name: DocumentRef,
    incoming: &[Incoming<'_>],
) -> Result<Option<Judged>, ApiError> {
    let [Incoming { piece: Piece::Whole(bytes), .. }] = incoming else { return Ok(None) };
    if session.open.store.heads(name).told()?.is_some() {
        return Ok(None);
    }
    // What is wrong with it is told by who merges it.
    let Ok((mut document, merged)) = AnyDocument::take(name, bytes, session.open.actor) else {
        return Ok(None);
    };
    let view = View::of(&mut document);
    let event = session.event(OtherDeed::Sync, patient_of(name, &view));
    let judgement = judgement_of(&view);
    Ok(Some((Record::whole(merged, bytes.clone(), view, event), judgement)))
}

/// Sets an envelope aside whose content could not be merged; one may be for many documents.
fn set_unmerged_aside<H: Host>(
    session: &Session<'_, H>,
    (name, envelope): (DocumentRef, &Envelope),
    error: &MergeError,
    receipt: &mut Receipt,
) {
    let id = envelope.id().0;
    if envelope.header().kind == Kind::Pack {
        receipt.named.push(names::aside_of_row(name, envelope.id()));
    }
    receipt.released.retain(|released| *released != id);
    if receipt.quarantine.iter().all(|row| row.envelope != id) {
        receipt.quarantine.push(set_aside(session, envelope, reason_of(error)));
    }
}

/// The record of a merge; `None` when the changes bring nothing new.
fn merge_changes<H: Host>(
    session: &Session<'_, H>,
    name: DocumentRef,
    changes: Vec<Vec<u8>>,
) -> Result<Result<Option<Judged>, MergeError>, ApiError> {
    let stored = session.open.store.document(name).told()?;
    let is_new = stored.is_none();
    let stored = stored.unwrap_or_default();
    let document = session.load_any(name, &stored)?;
    let mut all = stored.waiting;
    all.extend(changes);
    let (mut document, merged) = match document.merge(all) {
        Ok(merged) => merged,
        Err(error) => return Ok(Err(error)),
    };
    if merged.change.changes.is_empty() {
        return Ok(Ok(None));
    }
    // What the rules do not look at leaves what they found as it was.
    let touched = &merged.change.touched;
    let (view, judgement) = if is_new || may_be_judged(touched) {
        let view = View::of(&mut document);
        let judgement = judgement_of(&view);
        (view, judgement)
    } else {
        (View::of_touched(&mut document, touched), Judgement::Settled)
    };
    let event = session.event(OtherDeed::Sync, patient_of(name, &view));
    Ok(Ok(Some((Record::merged(merged, view, event), judgement))))
}

fn may_be_judged(touched: &Touched) -> bool {
    match touched {
        Touched::All => true,
        Touched::Entries(entries) => entries.iter().any(|entry| care::looks_at(entry.kind)),
    }
}

const fn reason_of(error: &MergeError) -> QuarantineReason {
    match error {
        MergeError::Panicked => QuarantineReason::Panicked,
        MergeError::TooLarge { .. }
        | MergeError::Change
        | MergeError::Contradiction
        | MergeError::Newer
        | MergeError::Root
        | MergeError::Ours => QuarantineReason::NotMerged,
    }
}

fn patient_of(name: DocumentRef, view: &View) -> Option<PatientId> {
    match view {
        View::Chart(_) => Some(PatientId::from_uuid(name.id)),
        View::Draft(draft) => draft.as_ref().map(|draft| draft.patient),
        View::Clinic(_) => None,
    }
}
