//! How the sync stands, and syncing now.

use crate::{
    error::ToldResult, host::Host, open::Session, people::part_with_removed, permit::Permit,
};
use api::{
    AlarmKind, ApiError, ErrorCode, GetSyncState, SetServer, SyncAlarm, SyncNow, SyncPhase,
    SyncView, Topic,
};
use clinical::Instant;
use serde::{Deserialize, Serialize};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::TryLockError,
};
use store::NamedRow;
use sync::session::{Alarm, Failure};

use super::{
    alarms::told as told_alarm,
    copies::{question, unsettled},
    exchange::{Exchanged, exchange},
    failure::told_failure,
    holders::holders,
    joining::finish_joining,
    judging::unjudged,
    lan::lan_state,
    names,
    quarantine::{count_left, count_waiting},
    server::{Server, check_server, keep_server, server_of},
    turn::SyncTurn,
    wishes::enter_wishes,
};

/// An alarm is shown for a week.
const ALARM_LIFE_MS: i64 = 7 * 24 * 60 * 60 * 1000;
/// Alarms shown at a time.
const ALARMS_MAX: usize = 20;

/// How the last exchange went, as it is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Note {
    last_success: Option<Instant>,
    failed: Option<ApiError>,
    sent: u64,
    received: u64,
    /// Changes that are too large to travel, when the outbox was last seen to its end.
    too_large: u64,
    raised: Vec<SyncAlarm>,
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
    let running =
        matches!(session.open.store.turns().syncing.try_lock(), Err(TryLockError::WouldBlock));
    view(session, running)
}

/// Sets the server to sync with.
///
/// # Errors
/// `invalid`; the store's.
pub(crate) fn set_server<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<SetServer>,
    command: &SetServer,
) -> Result<(), ApiError> {
    let server = check_server(&command.server)?;
    session.audit(permit, None)?;
    keep_server(session, &server)?;
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
    let Some(server) = server_of(session)? else { return view(session, false) };
    let Some(_turn) = SyncTurn::take(session) else { return view(session, true) };
    // A failure is in the note, and from there in the view.
    drop(sync_with(session, &server)?);
    view(session, false)
}

/// Exchanges with the server and keeps a note of it, whatever ends it. The inner result tells
/// what the server or the network did. Whoever shows how the sync stands is told by the end of the
/// turn.
///
/// # Errors
/// The store's; `internal` when the exchange broke off.
pub(super) fn sync_with<H: Host>(
    session: &Session<'_, H>,
    server: &Server,
) -> Result<Result<(), ApiError>, ApiError> {
    let session = &Session { host: session.host, open: session.open, origin: api::Origin::Sync };
    let broke_off = |_| Err(ApiError::new(ErrorCode::Internal, "The exchange broke off."));
    let exchanged = catch_unwind(AssertUnwindSafe(|| meet(session, server)));
    match exchanged.unwrap_or_else(broke_off) {
        Ok(outcome) => Ok(keep_note(session, outcome)?.map_or(Ok(()), Err)),
        Err(error) => {
            // Where the note cannot be kept either, the error is still told to who asked.
            if let Err(unkept) = keep_failed(session, &error) {
                tracing::warn!(code = ?unkept.code, "no note of a failed exchange was kept");
            }
            Err(error)
        }
    }
}

/// Exchanges everything with the server, and what follows of it.
fn meet<H: Host>(
    session: &Session<'_, H>,
    server: &Server,
) -> Result<Result<Exchanged, Failure>, ApiError> {
    let mut carrier = match session.host.connect(&server.url, server.pin) {
        Ok(carrier) => carrier,
        Err(failure) => return Ok(Err(failure)),
    };
    enter_wishes(session, server, carrier.as_mut())?;
    let mut exchanged = exchange(session, server, carrier.as_mut())?;
    // The key of a person who joined goes into the record once the record is here.
    if exchanged.summary.failure.is_none() && finish_joining(session)? {
        let again = exchange(session, server, carrier.as_mut())?;
        exchanged.summary.pushed += again.summary.pushed;
    }
    part_with_removed(session)?;
    Ok(Ok(exchanged))
}

fn view<H: Host>(session: &Session<'_, H>, running: bool) -> Result<SyncView, ApiError> {
    let note = note(session)?;
    let counts = session.open.store.counts().told()?;
    let quarantined_waiting = if counts.quarantined > 0 { count_waiting(session)? } else { 0 };
    let quarantined_left = if counts.quarantined > 0 { count_left(session)? } else { 0 };
    let server = server_of(session)?;
    let copied = question(session)?;
    let mut alarms = unsettled(session, note.raised)?;
    // The question says more.
    alarms.retain(|alarm| copied.is_none() || alarm.alarm != AlarmKind::Restored);
    alarms.extend(copied);
    let holders = holders(session, server.as_ref(), counts.outbox)?;
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
        too_large: note.too_large.min(counts.outbox),
        last_success: note.last_success,
        quarantined: counts.quarantined.saturating_sub(quarantined_left),
        quarantined_waiting,
        quarantined_left,
        unreadable: counts.clinic_unreadable,
        alarms,
        sent: note.sent,
        received: note.received,
        holders,
        lan: lan_state(session)?,
        progress: session.open.store.turns().progress().filter(|_| running),
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
    let Exchanged { summary, alarms, too_large } = match outcome {
        Ok(exchanged) => exchanged,
        Err(failure) => {
            let failed = told_failure(&failure);
            keep_failed(session, &failed)?;
            return Ok(Some(failed));
        }
    };
    let failed = summary.failure.as_ref().map(told_failure);
    let kept = Note {
        last_success: if failed.is_none() { Some(now) } else { before.last_success },
        // A chart whose tasks are not written is told, and keeps nothing else from going on.
        failed: failed.clone().or(unjudged(session)?),
        sent: summary.pushed,
        received: summary.received,
        too_large: too_large.unwrap_or(before.too_large),
        raised: alarms_of(session, before.raised, &alarms, now)?,
    };
    put(session, &kept)?;
    Ok(failed)
}

/// Keeps alarms that something else than an exchange raised.
///
/// # Errors
/// The store's.
pub(super) fn keep_alarms<H: Host>(
    session: &Session<'_, H>,
    alarms: &[Alarm],
) -> Result<(), ApiError> {
    if alarms.is_empty() {
        return Ok(());
    }
    let before = note(session)?;
    let raised = alarms_of(session, before.raised.clone(), alarms, session.host.now())?;
    put(session, &Note { raised, ..before })
}

/// Keeps an alarm that no exchange raised, with whatever else is noted.
///
/// # Errors
/// The store's.
pub(super) fn keep_alarm<H: Host>(
    session: &Session<'_, H>,
    alarm: SyncAlarm,
) -> Result<(), ApiError> {
    let before = note(session)?;
    let raised = with(before.raised.clone(), vec![alarm], session.host.now());
    put(session, &Note { raised, ..before })
}

fn keep_failed<H: Host>(session: &Session<'_, H>, failed: &ApiError) -> Result<(), ApiError> {
    let before = note(session)?;
    put(session, &Note { failed: Some(failed.clone()), ..before })
}

fn alarms_of<H: Host>(
    session: &Session<'_, H>,
    before: Vec<SyncAlarm>,
    raised: &[Alarm],
    now: Instant,
) -> Result<Vec<SyncAlarm>, ApiError> {
    let devices = super::keys::device_names(session)?;
    let raised = raised.iter().map(|alarm| told_alarm(alarm, &devices, now)).collect();
    Ok(with(before, raised, now))
}

/// The alarms that last, and those raised now in place of older ones of their kind.
fn with(before: Vec<SyncAlarm>, raised: Vec<SyncAlarm>, now: Instant) -> Vec<SyncAlarm> {
    let since = now.unix_ms().saturating_sub(ALARM_LIFE_MS);
    let is_raised = |kind: &AlarmKind| raised.iter().any(|again| again.alarm == *kind);
    let lasts = |kept: &SyncAlarm| kept.at.unix_ms() >= since && !is_raised(&kept.alarm);
    let mut kept: Vec<_> = before.into_iter().filter(lasts).collect();
    kept.extend(raised);
    let over = kept.len().saturating_sub(ALARMS_MAX);
    kept.split_off(over)
}

fn put<H: Host>(session: &Session<'_, H>, note: &Note) -> Result<(), ApiError> {
    let bytes = serde_json::to_vec(note).unwrap_or_default();
    session.open.store.put_named(&[NamedRow { name: names::NOTE.to_owned(), bytes }]).told()
}
