//! How the exchanges with each other computer of the clinic went, whoever asked: one note each, kept
//! like that of the exchange with the server.

use crate::{App, error::ToldResult, host::Host, open::Session};
use api::{ApiError, ErrorCode, Holder, HolderView, MetView, Origin, SyncPhase, Topic};
use clinical::Instant;
use store::NamedRow;
use sync::ids::DeviceId;

use super::names;

/// Where nothing came or went, a meeting is noted no sooner than so long after the last: computers
/// side by side meet every few seconds.
const AT_REST_MS: i64 = 60 * 1000;

/// Whoever was met no longer ago than this is there.
const LATELY_MS: i64 = 2 * AT_REST_MS;

/// Whether an exchange with a computer ever went through.
///
/// # Errors
/// The store's.
pub(super) fn was_met<H: Host>(
    session: &Session<'_, H>,
    device: DeviceId,
) -> Result<bool, ApiError> {
    Ok(met(session, device)?.at.is_some())
}

/// Notes how an exchange with another computer went: how much it was given and how much it gave, or
/// what ended it. Answers whether that is anything new to who shows it.
///
/// # Errors
/// The store's.
pub(super) fn note_met<H: Host>(
    session: &Session<'_, H>,
    device: DeviceId,
    went: Result<(u64, u64), ApiError>,
) -> Result<bool, ApiError> {
    let before = met(session, device)?;
    let now = session.host.now();
    let after = match went {
        Ok((sent, received)) => MetView { at: Some(now), failed: None, sent, received },
        Err(error) => MetView { failed: Some(error), ..before },
    };
    if !is_news(&before, &after) {
        return Ok(false);
    }
    let Ok(bytes) = serde_json::to_vec(&after) else { return Ok(false) };
    session.open.store.put_named(&[NamedRow { name: name_of(device), bytes }]).told()?;
    Ok(true)
}

/// How the exchanges with another computer went. A note that cannot be read is as none.
///
/// # Errors
/// The store's.
pub(super) fn met<H: Host>(
    session: &Session<'_, H>,
    device: DeviceId,
) -> Result<MetView, ApiError> {
    let kept = session.open.store.named(&name_of(device)).told()?;
    Ok(kept.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default())
}

fn name_of(device: DeviceId) -> String {
    format!("{}{device}", names::MET)
}

fn is_news(before: &MetView, after: &MetView) -> bool {
    let is_over = |(at, now): (Instant, Instant)| {
        !(0..AT_REST_MS).contains(&now.unix_ms().saturating_sub(at.unix_ms()))
    };
    let code = |met: &MetView| met.failed.as_ref().map(|error| error.code);
    let carried = after.failed.is_none() && (after.sent > 0 || after.received > 0);
    carried
        || code(before) != code(after)
        || before.at.is_none() != after.at.is_none()
        || before.at.zip(after.at).filter(|(at, now)| at != now).is_some_and(is_over)
}

/// How it stands with the other computers where no server is set: by who was met lately, by what ended
/// the last exchange with one, and by whether anybody answered when they were looked for.
pub(super) fn phase_by_lan(
    holders: &[HolderView],
    answered: Option<bool>,
    now: Instant,
) -> SyncPhase {
    let is_there = |met: &MetView| {
        let since_ms = |at: Instant| now.unix_ms().saturating_sub(at.unix_ms());
        met.failed.is_none() && met.at.is_some_and(|at| since_ms(at) < LATELY_MS)
    };
    let mut computers =
        holders.iter().filter(|it| it.who != Holder::Server).map(|holder| &holder.met);
    if computers.clone().any(is_there) {
        return SyncPhase::Idle;
    }
    let failed = computers.find_map(|met| met.failed.clone());
    match failed.or_else(|| (answered == Some(false)).then(nobody_answers)) {
        Some(error) => SyncPhase::Failed(error),
        None => SyncPhase::Idle,
    }
}

/// Why nothing was exchanged where the clinic's other computers were called in vain.
#[must_use]
pub fn nobody_answers() -> ApiError {
    let detail = "No other computer of the clinic answers on the local network; work goes on here.";
    ApiError::new(ErrorCode::Unreachable, detail)
}

impl<H: Host> App<H> {
    /// Says whether any of the clinic's other computers answered when all that are known were called.
    /// Who shows how the sync stands is told where that has changed.
    pub fn called_around(&self, answered: bool) {
        let Some(open) = self.opened() else { return };
        if open.store.turns().called_around(answered) {
            let session = Session { host: self.host(), open: &open, origin: Origin::Sync };
            session.tell(vec![Topic::Sync]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn met(at_s: i64, failed: Option<ErrorCode>) -> MetView {
        let failed = failed.map(|code| ApiError::new(code, ""));
        MetView { at: Some(Instant::from_unix_ms(at_s * 1000)), failed, ..MetView::default() }
    }

    #[test]
    fn meetings_at_rest_are_noted_once_a_minute() {
        let check = |before: &MetView, after: &MetView, expected: bool| {
            assert_eq!(is_news(before, after), expected, "{before:?} {after:?}");
        };
        let (silent, none) = (Some(ErrorCode::ServerSilent), MetView::default());
        check(&none, &met(1, None), true);
        check(&met(1, None), &met(21, None), false);
        check(&met(1, None), &met(61, None), true);
        check(&met(61, None), &met(1, None), true);
        check(&met(1, None), &MetView { received: 1, ..met(2, None) }, true);
        check(&met(1, None), &met(1, silent), true);
        check(&met(1, silent), &met(1, silent), false);
        check(&met(1, silent), &met(2, None), true);
    }

    #[test]
    fn how_it_stands_by_the_local_network_goes_by_who_is_there() {
        let who = Holder::Computer {
            device: clinical::DeviceId::from_uuid(clinical::uuid_v7(1, [1; 10])),
            name: None,
        };
        let check = |mets: &[MetView], answered, expected: Option<ErrorCode>| {
            let holder =
                |met: &MetView| HolderView { who: who.clone(), lacks: 0, met: met.clone() };
            let holders: Vec<_> = mets.iter().map(holder).collect();
            let now = Instant::from_unix_ms(1_000_000);
            let failed = match phase_by_lan(&holders, answered, now) {
                SyncPhase::Failed(error) => Some(error.code),
                SyncPhase::Idle | SyncPhase::Alone | SyncPhase::Running => None,
            };
            assert_eq!(failed, expected, "{mets:?} {answered:?}");
        };
        let (unreachable, full) = (Some(ErrorCode::Unreachable), Some(ErrorCode::ServerFull));
        check(&[], None, None);
        check(&[], Some(false), unreachable);
        check(&[met(990, None)], Some(false), None);
        check(&[met(10, None)], Some(false), unreachable);
        check(&[met(10, None)], None, None);
        check(&[met(10, full)], Some(true), full);
        check(&[met(10, full), met(990, None)], Some(true), None);
    }
}
