//! How the sync stands, and syncing now.

use crate::{
    error::ToldResult, host::Host, open::Session, people::part_with_removed, permit::Permit,
};
use api::{
    AlarmKind, AlarmSeen, ApiError, ErrorCode, Event, GetSyncState, Holder, HolderView, LanState,
    MetView, Origin, StopSync, SyncAlarm, SyncNow, SyncPhase, SyncView,
};
use clinical::Instant;
use serde::{Deserialize, Serialize};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::TryLockError,
};
use store::NamedRow;
use sync::session::{Alarm, Failure, Summary};

use super::{
    alarms::{is_over_by_now, lasting, still_seen, told_all},
    coming,
    copies::{question, unsettled},
    exchange::{Exchanged, exchange, fetch_left, is_unknown_clinic},
    failure::told_failure,
    files::files_wait,
    holders::{Holders, holders},
    joining::finish_joining,
    judging::unjudged,
    lan::lan_state,
    list_keeper::{elsewhere, held_back, is_held_back, settle_on},
    met::phase_by_lan,
    names,
    peer::Peer,
    quarantine::{count_deciding, count_left, count_waiting},
    seen::seen,
    server::{Server, server_of},
    set_server::say_first,
    turn::SyncTurn,
    wishes::enter_wishes,
};

/// What becomes of what was left for later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    /// Some of it is fetched, once everything else was exchanged.
    Fetch,
    /// It stays: somebody waits for what comes of this exchange.
    Leave,
}

/// How the last exchange with the server went, as it is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Note {
    last_success: Option<Instant>,
    failed: Option<ApiError>,
    sent: u64,
    received: u64,
    /// Changes that are too large to travel, when the outbox was last seen to its end.
    too_large: u64,
    /// Places of the server's log that were left unread.
    unread: u64,
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

/// Syncs now and tells how it went. What the network or the server did is told in the view;
/// while another exchange goes on, that one is told, and this one follows it. The clinic's other
/// computers are called beside it, by who takes care of that; unasked, they are called anyway.
///
/// # Errors
/// The store's.
pub(crate) fn sync_now<H: Host>(
    session: &Session<'_, H>,
    _permit: &Permit<SyncNow>,
    _command: &SyncNow,
) -> Result<SyncView, ApiError> {
    if session.origin != Origin::Sync && lan_state(session)? == LanState::On {
        session.host.emit(Event::ExchangeAsked);
    }
    let Some(server) = server_of(session)? else { return view(session, false) };
    let Some(_turn) = SyncTurn::take_or_later(session) else { return view(session, true) };
    // A failure is in the note, and from there in the view.
    drop(sync_with(session, &server, Rest::Fetch)?);
    view(session, false)
}

/// Stops the exchange that goes on, also where it waits for what it asked for; nothing where none does.
///
/// # Errors
/// None.
pub(crate) fn stop_sync<H: Host>(
    session: &Session<'_, H>,
    _permit: &Permit<StopSync>,
    _command: &StopSync,
) -> Result<(), ApiError> {
    let turns = session.open.store.turns();
    if matches!(turns.syncing.try_lock(), Err(TryLockError::WouldBlock)) {
        turns.stop.ask();
    }
    Ok(())
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
    rest: Rest,
) -> Result<Result<(), ApiError>, ApiError> {
    let session = &Session { host: session.host, open: session.open, origin: Origin::Sync };
    let broke_off = |_| Err(ApiError::new(ErrorCode::Internal, "The exchange broke off."));
    let exchanged = catch_unwind(AssertUnwindSafe(|| meet(session, server, rest)));
    match exchanged.unwrap_or_else(broke_off) {
        Ok(outcome) => Ok(keep_note(session, server, outcome)?.map_or(Ok(()), Err)),
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
    rest: Rest,
) -> Result<Result<Exchanged, Failure>, ApiError> {
    let mut carrier = match session.host.connect(&server.url, server.pin) {
        Ok(carrier) => carrier,
        Err(failure) => return Ok(Err(failure)),
    };
    enter_wishes(session, server, carrier.as_mut())?;
    let mut exchanged = exchange(session, server, carrier.as_mut())?;
    if exchanged.summary.failure.is_none() {
        keep_region(session, carrier.region())?;
    }
    // The key of a person who joined goes into the record once the record is here.
    if exchanged.summary.failure.is_none() && finish_joining(session)? {
        exchanged = exchanged.and(exchange(session, server, carrier.as_mut())?);
    }
    if exchanged.summary.failure.is_none() && say_first(session, server)? {
        exchanged = exchanged.and(exchange(session, server, carrier.as_mut())?);
    }
    part_with_removed(session)?;
    if exchanged.summary.failure.is_none() {
        if rest == Rest::Fetch {
            exchanged = fetch_left(session, server, carrier.as_mut(), exchanged)?;
        }
        coming::settle(session)?;
    }
    Ok(Ok(exchanged))
}

/// Keeps in which region the server says that it keeps the clinic.
fn keep_region<H: Host>(session: &Session<'_, H>, said: Option<String>) -> Result<(), ApiError> {
    let store = &session.open.store;
    match (said.map(String::into_bytes), store.named(names::REGION).told()?) {
        (said, kept) if said == kept => Ok(()),
        (Some(bytes), _) => {
            store.put_named(&[NamedRow { name: names::REGION.to_owned(), bytes }]).told()
        }
        (None, _) => store.remove_named(names::REGION).told(),
    }
}

/// What it last said.
fn region<H: Host>(session: &Session<'_, H>) -> Result<Option<String>, ApiError> {
    let kept = session.open.store.named(names::REGION).told()?;
    Ok(kept.and_then(|bytes| String::from_utf8(bytes).ok()))
}

fn view<H: Host>(session: &Session<'_, H>, running: bool) -> Result<SyncView, ApiError> {
    let note = note(session)?;
    let by_server = note.met();
    let counts = session.open.store.counts().told()?;
    let quarantined_waiting = if counts.quarantined > 0 { count_waiting(session)? } else { 0 };
    let quarantined_left = if counts.quarantined > 0 { count_left(session)? } else { 0 };
    let quarantined_deciding = if counts.quarantined > 0 { count_deciding(session)? } else { 0 };
    let server = server_of(session)?;
    let copied = question(session)?;
    let mut alarms = unsettled(session, note.raised)?;
    // The question says more.
    alarms.retain(|alarm| copied.is_none() || alarm.alarm != AlarmKind::Restored);
    alarms.extend(copied);
    let lan = lan_state(session)?;
    let around = holders(session, (server.as_ref(), by_server.clone()), counts.outbox)?;
    let to_send = match &server {
        Some(_) => {
            // What went onto a stick alone is on no server.
            let sealed = session.open.store.sealed_unacknowledged().told()?;
            let waiting = counts.outbox.saturating_add(sealed);
            to_server(&around.all, waiting, note.failed.is_some())
        }
        None if around.has_others => around.only_here,
        None => counts.outbox,
    };
    let by_lan = server.is_none() && goes_by_lan(lan, &around);
    let phase = match (&server, running, note.failed) {
        (None, _, _) if !by_lan => SyncPhase::Alone,
        (_, true, _) => SyncPhase::Running,
        (None, false, _) => {
            let answered = session.open.store.turns().answered();
            phase_by_lan(&around.all, answered, session.host.now())
        }
        (Some(_), false, Some(failed)) => SyncPhase::Failed(failed),
        (Some(_), false, None) => SyncPhase::Idle,
    };
    let last = last_of(&around.all);
    let counted = match (&server, &last) {
        (None, Some((_, met))) => met,
        (Some(_), _) | (None, None) => &by_server,
    };
    Ok(SyncView {
        clinic: Some(session.open.clinic),
        files_wait: if server.is_some() { files_wait(session)? } else { None },
        files_apart: !session.open.store.blobs_unheld().told()?.is_empty(),
        sent: counted.sent,
        received: counted.received,
        last_success: last.as_ref().and_then(|(_, met)| met.at),
        last_with: last.map(|(who, _)| who),
        region: if server.is_some() { region(session)? } else { None },
        server: server.as_ref().map(Server::text),
        list_at: elsewhere(session)?,
        phase,
        to_send,
        too_large: note.too_large.min(counts.outbox),
        unread: if server.is_some() { note.unread } else { 0 },
        quarantined: counts.quarantined.saturating_sub(quarantined_left),
        quarantined_waiting,
        quarantined_deciding,
        quarantined_left,
        unreadable: counts.clinic_unreadable,
        alarms,
        holders: around.all,
        lan,
        progress: session.open.store.turns().progress().filter(|_| running),
        line_speed: session.open.store.turns().line_speed(),
        coming: coming::coming(session)?,
        floor: coming::begun_at(session)?,
    })
}

/// Whether this computer exchanges with others over the local network: it does where the clinic has
/// others, and a program that takes no part shows those that were met by another one.
fn goes_by_lan(lan: LanState, around: &Holders) -> bool {
    match lan {
        LanState::On => around.has_others,
        LanState::Off => false,
        LanState::Absent => !around.all.is_empty(),
    }
}

/// With whom something was last exchanged, and how that went.
fn last_of(holders: &[HolderView]) -> Option<(Holder, MetView)> {
    let met = holders.iter().filter(|holder| holder.met.at.is_some());
    let last = met.max_by_key(|holder| holder.met.at)?;
    Some((last.who.clone(), last.met.clone()))
}

impl Note {
    /// With alarms raised since.
    fn with(self, raised: Vec<SyncAlarm>, now: Instant) -> Self {
        if raised.is_empty() {
            return self;
        }
        Self { raised: lasting(self.raised, raised, now), ..self }
    }

    /// The same as of any other side.
    fn met(&self) -> MetView {
        let Self { last_success: at, failed, sent, received, .. } = self;
        MetView { at: *at, failed: failed.clone(), sent: *sent, received: *received }
    }
}

/// What the server is to be sent: what was recorded here and is not known to have arrived there;
/// where the last exchange failed, all that it is not known to hold.
fn to_server(holders: &[HolderView], waiting: u64, failed: bool) -> u64 {
    let server = holders.iter().find(|holder| failed && holder.who == Holder::Server);
    server.map_or(waiting, |server| server.lacks.max(waiting))
}

/// The note, with what was seen since by an exchange that goes on, or died.
fn note<H: Host>(session: &Session<'_, H>) -> Result<Note, ApiError> {
    let (seen, _) = seen(session)?;
    let note = read_note(session.open.store.named(names::NOTE).told()?);
    Ok(note.with(seen, session.host.now()))
}

fn read_note(kept: Option<Vec<u8>>) -> Note {
    kept.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}

/// By how much this computer's clock was ahead of the server's in the exchange that just went well,
/// in milliseconds, as far as that was told.
///
/// # Errors
/// The store's.
pub(super) fn ahead_ms<H: Host>(session: &Session<'_, H>) -> Result<i64, ApiError> {
    let ms = |minutes: u64| i64::try_from(minutes).unwrap_or(i64::MAX).saturating_mul(60_000);
    let ahead = |raised: &SyncAlarm| {
        if let AlarmKind::ClockAhead { minutes } = raised.alarm {
            Some(ms(minutes))
        } else if let AlarmKind::ClockBehind { minutes } = raised.alarm {
            Some(ms(minutes).saturating_neg())
        } else {
            None
        }
    };
    Ok(note(session)?.raised.iter().find_map(ahead).unwrap_or_default())
}

/// Changes the note as it stands: several exchange, and each may have an alarm to keep.
fn change_note<H: Host>(
    session: &Session<'_, H>,
    change: impl FnOnce(Note) -> Note,
) -> Result<(), ApiError> {
    let ((seen, rows), now) = (seen(session)?, session.host.now());
    let changed = |kept| serde_json::to_vec(&change(read_note(kept).with(seen, now))).ok();
    session.open.store.change_named(names::NOTE, changed).told()?;
    // The note has them by now.
    rows.iter().try_for_each(|name| session.open.store.remove_named(name).told())
}

fn keep_note<H: Host>(
    session: &Session<'_, H>,
    server: &Server,
    outcome: Result<Exchanged, Failure>,
) -> Result<Option<ApiError>, ApiError> {
    let now = session.host.now();
    let Exchanged { summary, alarms, too_large } = match outcome {
        Ok(exchanged) => exchanged,
        Err(failure) => {
            let failed = told_failure(&failure);
            keep_failed(session, &failed)?;
            return Ok(Some(failed));
        }
    };
    let failed = match &summary.failure {
        Some(failure) if is_unknown_clinic(failure) && is_held_back(session)? => {
            Some(held_back(session)?)
        }
        failure => failure.as_ref().map(told_failure),
    };
    // A chart whose tasks are not written is told, and keeps nothing else from going on.
    let shown = failed.clone().or(unjudged(session)?);
    let raised = told_all(session, &alarms)?;
    let unread = unread(session, server, &summary)?;
    let is_success = failed.is_none();
    if is_success {
        settle_on(session, server)?;
    }
    change_note(session, |mut before| {
        let raised = still_seen(&before.raised, raised);
        // The server told the time, and this clock is right again; or keys came.
        before.raised.retain(|kept| !(is_success && is_over_by_now(&kept.alarm)));
        Note {
            last_success: if is_success { Some(now) } else { before.last_success },
            failed: shown,
            sent: summary.pushed,
            received: summary.received,
            too_large: too_large.unwrap_or(before.too_large),
            unread: unread.unwrap_or(before.unread),
            raised: lasting(before.raised, raised, now),
        }
    })?;
    Ok(failed)
}

/// How much of the server's log an exchange left unread: what was sent in it stands there too, and does
/// not come. `None` where it did not get so far that the server said.
fn unread<H: Host>(
    session: &Session<'_, H>,
    server: &Server,
    summary: &Summary,
) -> Result<Option<u64>, ApiError> {
    if summary.failure.is_none() {
        return Ok(Some(0));
    }
    let read = session.open.store.cursor(&Peer::server(server).name()).told()?;
    let comes = summary.head.saturating_sub(read.map_or(0, |row| row.seq));
    Ok((summary.head > 0).then(|| comes.saturating_sub(summary.pushed)))
}

/// Whether a server was ever met from here.
///
/// # Errors
/// The store's.
pub(super) fn has_met_server<H: Host>(session: &Session<'_, H>) -> Result<bool, ApiError> {
    Ok(note(session)?.last_success.is_some())
}

/// Notes how many changes are too large to travel, where the outbox was seen to its end beside the
/// server.
///
/// # Errors
/// The store's.
pub(super) fn keep_too_large<H: Host>(
    session: &Session<'_, H>,
    too_large: Option<u64>,
) -> Result<(), ApiError> {
    match too_large {
        Some(count) if note(session)?.too_large != count => {
            change_note(session, |before| Note { too_large: count, ..before })
        }
        Some(_) | None => Ok(()),
    }
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
    let now = session.host.now();
    let raised = told_all(session, alarms)?;
    keep_raised(session, raised, now)
}

/// The alarms that are kept.
///
/// # Errors
/// The store's.
pub(super) fn raised<H: Host>(session: &Session<'_, H>) -> Result<Vec<SyncAlarm>, ApiError> {
    Ok(note(session)?.raised)
}

/// Notes of alarms that somebody saw them.
///
/// # Errors
/// The store's.
pub(super) fn note_seen<H: Host>(
    session: &Session<'_, H>,
    is_it: impl Fn(&SyncAlarm) -> bool,
    seen: &AlarmSeen,
) -> Result<(), ApiError> {
    change_note(session, |mut note| {
        let those = note.raised.iter_mut().filter(|raised| is_it(raised));
        those.for_each(|raised| raised.seen = Some(seen.clone()));
        note
    })
}

/// Keeps an alarm that no exchange raised, with whatever else is noted.
///
/// # Errors
/// The store's.
pub(super) fn keep_alarm<H: Host>(
    session: &Session<'_, H>,
    alarm: SyncAlarm,
) -> Result<(), ApiError> {
    keep_raised(session, vec![alarm], session.host.now())
}

fn keep_raised<H: Host>(
    session: &Session<'_, H>,
    raised: Vec<SyncAlarm>,
    now: Instant,
) -> Result<(), ApiError> {
    change_note(session, |mut note| {
        note.raised = lasting(std::mem::take(&mut note.raised), raised, now);
        note
    })
}

fn keep_failed<H: Host>(session: &Session<'_, H>, failed: &ApiError) -> Result<(), ApiError> {
    let failed = Some(failed.clone());
    change_note(session, |before| Note { failed, ..before })
}
