//! Erasing one chart, everywhere (`docs/decisions/0034-erasing.md`): an administrator's word, what
//! every computer does that hears it, and what stays.
//!
//! What opens a chart is its own wrapped key, those of its drafts, and those of packs that it stood
//! in. The others of such a pack are sealed anew before its key goes.

mod follow;
mod list;
mod packs;
mod tell;

pub(super) use follow::{Tombstones, follow, heard_row};
pub(crate) use list::list_erased;
pub(super) use packs::{is_due, look_again};
pub(super) use tell::tell_anew;

use crate::{
    error::{ToldResult, not_found},
    host::Host,
    open::Session,
    permit::Permit,
    record::refuse_merged,
};
use api::{ApiError, EraseChart, ErrorCode, Topic};
use clinical::{DocumentKind, DocumentRef, PatientId, chart_number};
use packs::{Whose, due_row};
use store::{AuditEvent, Erasing, ErasureRow};
use sync::{
    ids::DocTag,
    limits::{ERASED_GROUND_BYTES_MAX, ERASED_NUMBER_BYTES_MAX, ERASED_TAGS_MAX},
    payload::Erasure,
};
use uuid::Uuid;

use super::{
    coming::has_whole_record,
    judging,
    keys::{Keys, internal},
    seal::{name_of, tag_of_document},
    turn::SyncTurn,
};

const NOT_ALL_HERE: &str = "not all of the clinic's record is on this computer, and what holds the \
                            chart may not be: erase it on one that holds all";

/// Erases a chart: here at once, and wherever it is heard of. The others hear of it with what is
/// exchanged next.
///
/// # Errors
/// `not-found`; `invalid` where the number is not the chart's, or the ground is blank or too long:
/// nothing was erased; the store's.
pub(crate) fn erase_chart<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<EraseChart>,
    command: &EraseChart,
) -> Result<(), ApiError> {
    let patient = command.patient;
    // Before anything is looked at: an exchange may bring what says otherwise.
    let _turn = SyncTurn::wait(session);
    if !has_whole_record(session)? {
        return Err(invalid(NOT_ALL_HERE));
    }
    refuse_merged(session, patient, "Nothing was erased")?;
    let row = session.open.store.patient(patient).told()?.ok_or_else(|| not_found("chart"))?;
    let number = chart_number(&row.patient.identity, patient);
    if command.number.trim() != number {
        return Err(invalid("the number is not the one of this chart"));
    }
    let ground = command.ground.trim();
    if ground.is_empty() || ground.len() > ERASED_GROUND_BYTES_MAX {
        return Err(invalid("say on what ground, in a few words"));
    }
    let keys = Keys::load(session)?;
    let tags = tags_of(session, &keys, patient)?;
    let row = ErasureRow {
        patient,
        number: number.clone(),
        ground: ground.to_owned(),
        author: session.open.person.id,
        at: session.host.now(),
    };
    let told = tags.chunks(ERASED_TAGS_MAX).filter_map(|tags| erasure_of(&row, tags));
    let named: Vec<_> = told.map(|erasure| due_row(Whose::Any, &erasure)).collect();
    let audit = session.event(permit, Some(patient));
    let audit = Some(AuditEvent { resource: format!("{}/{number}", audit.resource), ..audit });
    let erasing = Erasing { row, tags, audit, named, forget: Vec::new() };
    erase_if(session, erasing, || refuse_merged(session, patient, "Nothing was erased"))?;
    sweep(session);
    Ok(())
}

/// As much of a chart's number as the others are told: it is a label, and may be of any length.
fn label(number: &str) -> String {
    let mut end = ERASED_NUMBER_BYTES_MAX.min(number.len());
    while !number.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    number.get(..end).unwrap_or_default().to_owned()
}

/// Writes what was erased out of the file. What stands in the way is told by the list of erased
/// charts, and the next exchange tries again.
pub(super) fn sweep<H: Host>(session: &Session<'_, H>) {
    if let Err(error) = session.open.store.sweep() {
        tracing::warn!(%error, "the store was not written anew after an erasing");
    }
}

/// Erases what is here of a chart, and tells the windows.
fn erase<H: Host>(session: &Session<'_, H>, erasing: Erasing) -> Result<(), ApiError> {
    erase_if(session, erasing, || Ok(()))
}

/// The same, where it may be while nobody else writes.
fn erase_if<H: Host>(
    session: &Session<'_, H>,
    mut erasing: Erasing,
    may: impl FnOnce() -> Result<(), ApiError>,
) -> Result<(), ApiError> {
    let patient = erasing.row.patient;
    {
        let mut kept = session.open.writing();
        may()?;
        let (row, done) = judging::without(session, patient)?;
        erasing.named.extend(row);
        erasing.forget.extend(done);
        session.open.store.erase(&erasing).told()?;
        *kept = None;
    }
    session.tell([&api::chart_topics(patient)[..], &[Topic::Sheets(patient)]].concat());
    Ok(())
}

/// The tags of a chart and of the drafts of it that are here.
fn tags_of<H: Host>(
    session: &Session<'_, H>,
    keys: &Keys,
    patient: PatientId,
) -> Result<Vec<[u8; 32]>, ApiError> {
    let drafts = session.open.store.drafts_of(patient).told()?;
    let all = [chart(patient)].into_iter().chain(drafts);
    Ok(all.filter_map(|name| Some(tag_of_document(keys, name)?.0)).collect())
}

fn chart(patient: PatientId) -> DocumentRef {
    DocumentRef::new(DocumentKind::Chart, patient.uuid())
}

/// Whose chart is erased; `None` of what is no chart.
fn patient_of(erasure: &Erasure) -> Option<PatientId> {
    let document = erasure.document();
    let is_chart = name_of(DocumentRef::new(DocumentKind::Chart, Uuid::from_bytes(*document.id())));
    is_chart.filter(|name| name == document)?;
    Some(PatientId::from_uuid(Uuid::from_bytes(*document.id())))
}

/// What the others are told of an erased chart, of some of its tags; `None` where that is too much.
fn erasure_of(row: &ErasureRow, tags: &[[u8; 32]]) -> Option<Erasure> {
    let tags = tags.iter().copied().map(DocTag).collect();
    let texts = (label(&row.number), row.ground.clone());
    let by = (*row.author.uuid().as_bytes(), row.at.unix_ms());
    Erasure::new(name_of(chart(row.patient))?, tags, texts, by)
}

fn row_of(erasure: &Erasure) -> Option<ErasureRow> {
    Some(ErasureRow {
        patient: patient_of(erasure)?,
        number: erasure.number().to_owned(),
        ground: erasure.ground().to_owned(),
        author: clinical::PractitionerId::from_uuid(Uuid::from_bytes(*erasure.by())),
        at: clinical::Instant::from_unix_ms(erasure.at_ms()),
    })
}

fn invalid(why: &str) -> ApiError {
    ApiError::new(ErrorCode::Invalid, format!("Nothing was erased: {why}."))
}

/// What cannot be told to the others.
fn untold() -> ApiError {
    internal(&sync::codec::DecodeError::NotCanonical("erasure"))
}
