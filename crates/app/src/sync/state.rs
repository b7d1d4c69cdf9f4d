//! How the sync stands, and syncing now.

use crate::{error::ToldResult, host::Host, open::Session, permit::Permit};
use api::{ApiError, GetSyncState, SetServer, SyncNow, SyncPhase, SyncView, Topic};
use clinical::Instant;
use serde::{Deserialize, Serialize};
use std::sync::TryLockError;
use store::NamedRow;
use sync::session::{Alarm, Failure};

use super::{
    alarms::told as told_alarm,
    exchange::{Exchanged, exchange},
    failure::told_failure,
    joining::finish_joining,
    names,
    server::{Server, check_server, keep_server, server_of},
};

/// An alarm is shown for a week.
const ALARM_LIFE_MS: i64 = 7 * 24 * 60 * 60 * 1000;
/// Alarms shown at a time.
const ALARMS_MAX: usize = 20;

/// How the last exchange went, as it is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Note {
    last_success: Option<Instant>,
    failed: Option<ApiError>,
    sent: u64,
    received: u64,
    alarms: Vec<(Instant, String)>,
}

/// Tells how the sync stands.
///
/// # Errors
/// The store's.
pub(crate) fn get_sync_state<H: Host>(
    session: &Session<'_, H>,
    _permit: &Permit<GetSyncState>,
    _command: &GetSyncState,
) -> Result<SyncView, ApiError> {
    let running = matches!(session.open.turns.syncing.try_lock(), Err(TryLockError::WouldBlock));
    view(session, running)
}

/// Sets the server to sync with.
///
/// # Errors
/// `invalid`; the store's.
pub(crate) fn set_server<H: Host>(
    session: &Session<'_, H>,
    _permit: &Permit<SetServer>,
    command: &SetServer,
) -> Result<(), ApiError> {
    keep_server(session, &check_server(&command.server)?)?;
    session.tell(vec![Topic::Sync]);
    Ok(())
}

/// Syncs now and tells how it went. What the network or the server did is told in the view;
/// while another exchange goes on, that one is told.
///
/// # Errors
/// The store's.
pub(crate) fn sync_now<H: Host>(
    session: &Session<'_, H>,
    _permit: &Permit<SyncNow>,
    _command: &SyncNow,
) -> Result<SyncView, ApiError> {
    let _syncing = match session.open.turns.syncing.try_lock() {
        Ok(guard) => guard,
        Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
        Err(TryLockError::WouldBlock) => return view(session, true),
    };
    let Some(server) = server_of(session)? else { return view(session, false) };
    // A failure is in the note, and from there in the view.
    drop(sync_with(session, &server)?);
    view(session, false)
}

/// Exchanges with the server and keeps a note of it. The inner result tells what the server or
/// the network did.
///
/// # Errors
/// The store's.
pub(super) fn sync_with<H: Host>(
    session: &Session<'_, H>,
    server: &Server,
) -> Result<Result<(), ApiError>, ApiError> {
    let session = &Session { host: session.host, open: session.open, origin: api::Origin::Sync };
    let outcome = match session.host.connect(&server.url, server.pin) {
        Ok(mut carrier) => {
            let mut exchanged = exchange(session, server, carrier.as_mut())?;
            // The key of a person who joined goes into the record once the record is here.
            if exchanged.summary.failure.is_none() && finish_joining(session)? {
                let again = exchange(session, server, carrier.as_mut())?;
                exchanged.summary.pushed += again.summary.pushed;
            }
            Ok(exchanged)
        }
        Err(failure) => Err(failure),
    };
    let failed = keep_note(session, outcome)?;
    session.tell(vec![Topic::Sync]);
    Ok(failed.map_or(Ok(()), Err))
}

fn view<H: Host>(session: &Session<'_, H>, running: bool) -> Result<SyncView, ApiError> {
    let note = note(session)?;
    let counts = session.open.store.counts().told()?;
    let server = server_of(session)?;
    let phase = match (&server, running, note.failed) {
        (None, _, _) => SyncPhase::Alone,
        (Some(_), true, _) => SyncPhase::Running,
        (Some(_), false, Some(failed)) => SyncPhase::Failed(failed),
        (Some(_), false, None) => SyncPhase::Idle,
    };
    Ok(SyncView {
        server: server.map(|server| server.text()),
        phase,
        to_send: counts.outbox,
        last_success: note.last_success,
        quarantined: counts.quarantined,
        alarms: note.alarms.into_iter().map(|(_, text)| text).collect(),
        sent: note.sent,
        received: note.received,
    })
}

fn note<H: Host>(session: &Session<'_, H>) -> Result<Note, ApiError> {
    let kept = session.open.store.named(names::NOTE).told()?;
    Ok(kept.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default())
}

fn keep_note<H: Host>(
    session: &Session<'_, H>,
    outcome: Result<Exchanged, Failure>,
) -> Result<Option<ApiError>, ApiError> {
    let now = session.host.now();
    let before = note(session)?;
    let (summary, alarms) = match outcome {
        Ok(exchanged) => (Some(exchanged.summary), exchanged.alarms),
        Err(failure) => {
            let failed = told_failure(&failure);
            let kept = Note { failed: Some(failed.clone()), ..before };
            put(session, &kept)?;
            return Ok(Some(failed));
        }
    };
    let failed = summary.as_ref().and_then(|s| s.failure.as_ref()).map(told_failure);
    let kept = Note {
        last_success: if failed.is_none() { Some(now) } else { before.last_success },
        failed: failed.clone(),
        sent: summary.as_ref().map_or(0, |summary| summary.pushed),
        received: summary.as_ref().map_or(0, |summary| summary.received),
        alarms: alarms_of(session, before.alarms, &alarms, now)?,
    };
    put(session, &kept)?;
    Ok(failed)
}

fn alarms_of<H: Host>(
    session: &Session<'_, H>,
    before: Vec<(Instant, String)>,
    raised: &[Alarm],
    now: Instant,
) -> Result<Vec<(Instant, String)>, ApiError> {
    let since = now.unix_ms().saturating_sub(ALARM_LIFE_MS);
    let devices = super::keys::device_names(session)?;
    let raised: Vec<_> = raised.iter().map(|alarm| (now, told_alarm(alarm, &devices))).collect();
    let is_raised = |text: &str| raised.iter().any(|(_, again)| again == text);
    let mut kept: Vec<_> =
        before.into_iter().filter(|(at, text)| at.unix_ms() >= since && !is_raised(text)).collect();
    kept.extend(raised);
    let over = kept.len().saturating_sub(ALARMS_MAX);
    Ok(kept.split_off(over))
}

fn put<H: Host>(session: &Session<'_, H>, note: &Note) -> Result<(), ApiError> {
    let bytes = serde_json::to_vec(note).unwrap_or_default();
    session.open.store.put_named(&[NamedRow { name: names::NOTE.to_owned(), bytes }]).told()
}
