//! Receiving: envelopes are checked, opened and merged, or set aside; all of a page in one commit.

use crate::{
    audit::Deed,
    error::{Told, ToldResult},
    host::Host,
    open::Session,
};
use api::ApiError;
use chart::{ChartEdit, MergeError};
use clinical::{DocumentKind, DocumentRef, PatientId};
use std::collections::{BTreeMap, BTreeSet};
use store::{Commit, HaveRow, NamedRow, QuarantineRow, Receipt, Record, SELF, StoreError, View};
use sync::{
    check::{Awaits, QuarantineReason},
    codec::Canonical as _,
    envelope::Envelope,
    have::{Have, Lane},
};
use uuid::Uuid;

use super::{
    document_keys::DocumentKeys,
    documents::Document,
    keys::Keys,
    names,
    seal::{envelope_row, open_envelope},
};

/// Envelopes that are looked at again at a time.
const RECHECK_MAX: u32 = 10_000;

/// One envelope's changes for a document.
struct Incoming<'a> {
    envelope: &'a Envelope,
    changes: Vec<Vec<u8>>,
}

/// Takes in the envelopes of a page and tells the lanes in which a counter has several by now.
///
/// # Errors
/// The store's: nothing was taken in.
pub(super) fn receive<H: Host>(
    session: &Session<'_, H>,
    keys: &Keys,
    document_keys: &mut DocumentKeys,
    have: &mut Have,
    envelopes: &[Envelope],
) -> Result<Vec<Lane>, ApiError> {
    let mut new = Vec::new();
    for envelope in envelopes {
        if !session.open.store.knows_envelope(&envelope.id().0).told()? {
            new.push(envelope);
        }
    }
    let mut receipt = Receipt::default();
    let forks = note_held(session, have, &new, &mut receipt)?;
    take_in(session, keys, document_keys, &new, receipt)?;
    Ok(forks)
}

/// Looks again at what waited for membership entries or keys.
///
/// # Errors
/// The store's: everything is as it was.
pub(super) fn recheck<H: Host>(
    session: &Session<'_, H>,
    keys: &Keys,
    document_keys: &mut DocumentKeys,
) -> Result<(), ApiError> {
    let aside = session.open.store.quarantine(RECHECK_MAX).told()?;
    let waits = |row: &&QuarantineRow| {
        QuarantineReason::from_code(&row.reason)
            .is_some_and(|reason| reason.awaits() == Awaits::Membership)
    };
    let waiting: Vec<Envelope> = aside
        .iter()
        .filter(waits)
        .filter_map(|row| Envelope::from_bytes(&row.bytes).ok())
        .collect();
    if waiting.is_empty() {
        return Ok(());
    }
    let waiting: Vec<&Envelope> = waiting.iter().collect();
    take_in(session, keys, document_keys, &waiting, Receipt::default())
}

/// Judges charts that were merged and, when the program ended, not yet judged.
///
/// # Errors
/// The store's.
pub(super) fn judge_the_rest<H: Host>(session: &Session<'_, H>) -> Result<(), ApiError> {
    for row in session.open.store.named_with_prefix(names::UNJUDGED).told()? {
        let patient = row.name.strip_prefix(names::UNJUDGED);
        if let Some(Ok(patient)) = patient.map(Uuid::try_parse) {
            judge(session, PatientId::from_uuid(patient))?;
        }
        session.open.store.remove_named(&row.name).told()?;
    }
    Ok(())
}

/// Puts the envelopes into the receipt and tells how far each lane is held now.
fn note_held<H: Host>(
    session: &Session<'_, H>,
    have: &mut Have,
    new: &[&Envelope],
    receipt: &mut Receipt,
) -> Result<Vec<Lane>, ApiError> {
    let mut forks = BTreeSet::new();
    let mut grown = BTreeSet::new();
    for envelope in new {
        let (lane, position) = (envelope.header().lane(), envelope.position());
        let held = have.counter(lane);
        if position.counter <= held {
            forks.insert(lane);
        }
        if position.counter == held.saturating_add(1) {
            have.set(lane, position);
            grown.insert(lane);
        }
        receipt.envelopes.push(envelope_row(envelope));
    }
    receipt.have.extend(grown.into_iter().filter_map(|lane| have_row(have, lane)));
    let mut told = Vec::new();
    for lane in forks {
        receipt.named.push(names::fork_row(lane));
        if session.open.store.named(&names::fork_name(lane)).told()?.is_none() {
            told.push(lane);
        }
    }
    Ok(told)
}

fn have_row(have: &Have, lane: Lane) -> Option<HaveRow> {
    let position = have.get(lane)?;
    Some(HaveRow {
        peer: SELF.to_owned(),
        device: lane.device.0,
        generation: lane.generation,
        counter: position.counter,
        id: position.id.0,
    })
}

/// Opens, merges and commits; what fails is set aside.
fn take_in<H: Host>(
    session: &Session<'_, H>,
    keys: &Keys,
    document_keys: &mut DocumentKeys,
    envelopes: &[&Envelope],
    mut receipt: Receipt,
) -> Result<(), ApiError> {
    let mut incoming: BTreeMap<DocumentRef, Vec<Incoming<'_>>> = BTreeMap::new();
    for envelope in envelopes {
        match open_envelope(session, keys, document_keys, envelope)? {
            Ok(opened) => {
                receipt.released.push(envelope.id().0);
                if let Some(opened) = opened {
                    let incoming = incoming.entry(opened.document).or_default();
                    incoming.push(Incoming { envelope, changes: opened.changes });
                }
            }
            Err(reason) => receipt.quarantine.push(set_aside(session, envelope, reason)),
        }
    }
    commit(session, incoming, receipt)?;
    judge_the_rest(session)
}

fn set_aside<H: Host>(
    session: &Session<'_, H>,
    envelope: &Envelope,
    reason: QuarantineReason,
) -> QuarantineRow {
    QuarantineRow {
        envelope: envelope.id().0,
        device: envelope.header().device.0,
        at: session.host.now(),
        reason: reason.code().to_owned(),
        bytes: envelope.to_bytes(),
    }
}

fn commit<H: Host>(
    session: &Session<'_, H>,
    incoming: BTreeMap<DocumentRef, Vec<Incoming<'_>>>,
    mut receipt: Receipt,
) -> Result<(), ApiError> {
    let _writing = session.open.writing();
    let mut records = Vec::new();
    for (name, incoming) in incoming {
        let Some(record) = merge(session, name, incoming, &mut receipt)? else { continue };
        if name.kind == DocumentKind::Chart {
            let name = format!("{}{}", names::UNJUDGED, name.id);
            receipt.named.push(NamedRow { name, bytes: Vec::new() });
        }
        records.push(record);
    }
    session.commit(Commit::sync(records, receipt))
}

/// Merges what came for one document, all at once; where that fails, envelope by envelope, so
/// that only the ones at fault are set aside.
fn merge<H: Host>(
    session: &Session<'_, H>,
    name: DocumentRef,
    incoming: Vec<Incoming<'_>>,
    receipt: &mut Receipt,
) -> Result<Option<Record>, ApiError> {
    let all = || incoming.iter().flat_map(|one| one.changes.iter().cloned());
    if let Ok(record) = merge_changes(session, name, all().collect())? {
        return Ok(record);
    }
    let mut good: Vec<Vec<u8>> = Vec::new();
    for one in &incoming {
        let with_it: Vec<_> = good.iter().chain(&one.changes).cloned().collect();
        match merge_changes(session, name, with_it)? {
            Ok(_) => good.extend(one.changes.iter().cloned()),
            Err(error) => {
                receipt.released.retain(|id| *id != one.envelope.id().0);
                let reason = reason_of(&error);
                receipt.quarantine.push(set_aside(session, one.envelope, reason));
            }
        }
    }
    if good.is_empty() {
        return Ok(None);
    }
    Ok(merge_changes(session, name, good)?.unwrap_or(None))
}

/// The record of a merge; `None` when the changes bring nothing new.
fn merge_changes<H: Host>(
    session: &Session<'_, H>,
    name: DocumentRef,
    changes: Vec<Vec<u8>>,
) -> Result<Result<Option<Record>, MergeError>, ApiError> {
    let stored = session.open.store.document(name).told()?.unwrap_or_default();
    let document = Document::load(session, name, &stored)
        .map_err(|error| StoreError::Document(error).told())?;
    let mut all = stored.waiting.clone();
    all.extend(changes);
    let (mut document, merged) = match document.merge(all) {
        Ok(merged) => merged,
        Err(error) => return Ok(Err(error)),
    };
    if merged.change.changes.is_empty() {
        return Ok(Ok(None));
    }
    let view = document.view();
    let event = session.event(Deed::of("sync"), patient_of(name, &view));
    Ok(Ok(Some(Record::merged(merged, view, event))))
}

const fn reason_of(error: &MergeError) -> QuarantineReason {
    match error {
        MergeError::Panicked => QuarantineReason::Panicked,
        MergeError::TooLarge { .. } | MergeError::Change | MergeError::Contradiction => {
            QuarantineReason::NotMerged
        }
    }
}

fn patient_of(name: DocumentRef, view: &View) -> Option<PatientId> {
    match view {
        View::Chart(_) => Some(PatientId::from_uuid(name.id)),
        View::Draft(draft) => draft.as_ref().map(|draft| draft.patient),
        View::Clinic(_) => None,
    }
}

/// Runs the decision rules on a merged chart: what they find becomes tasks, the same ones on
/// every device, which go out like any other edit.
fn judge<H: Host>(session: &Session<'_, H>, patient: PatientId) -> Result<(), ApiError> {
    let _writing = session.open.writing();
    let mut document = session.load_chart(patient)?;
    let chart = document.read();
    let tasks = care::settle(&chart.tasks, &care::review(&chart));
    if tasks.is_empty() {
        return Ok(());
    }
    let edits: Vec<ChartEdit> = tasks.into_iter().map(ChartEdit::RaiseTask).collect();
    let change = match document.apply(&edits, session.stamp()) {
        Ok(change) => change,
        // A chart of a newer version is judged by those who can write it.
        Err(_) => return Ok(()),
    };
    let event = session.event(Deed::of("settle-task"), Some(patient));
    let view = View::Chart(Box::new(document.read()));
    session.commit(Commit::local(vec![Record::edited(change, view, event)]))
}
