//! What the sync chip says.

use crate::components::Tone;
use crate::i18n::{t, tf, tn};
use crate::words::{failed_with, holder};
use api::{ApiError, ErrorCode, Holder, SyncPhase, SyncProgress, SyncView};
use clinical::Instant;

/// The chip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SyncWords {
    /// Its colour.
    pub tone: Tone,
    /// Its words.
    pub text: String,
}

/// The chip for a state at a moment. `moment` writes a time.
pub(super) fn sync_words(
    view: &SyncView,
    goes_on: Option<SyncProgress>,
    now: Instant,
    moment: &dyn Fn(Instant) -> String,
) -> SyncWords {
    if view.is_removed() {
        return SyncWords { tone: Tone::Warning, text: t("sync.removed").to_owned() };
    }
    if view.unseen().next().is_some() || view.too_large > 0 {
        return SyncWords { tone: Tone::Warning, text: alarmed(view) };
    }
    if let Some(progress) = goes_on {
        let count = progress.sent.saturating_add(progress.received);
        return SyncWords { tone: Tone::Info, text: tn("sync.running-with", count) };
    }
    let (tone, text) = match &view.phase {
        SyncPhase::Alone => (Tone::Plain, t("sync.alone").to_owned()),
        SyncPhase::Running => (Tone::Info, t("sync.running").to_owned()),
        SyncPhase::Failed(error) if error.code == ErrorCode::Unreachable => {
            (Tone::Plain, offline(view, now))
        }
        SyncPhase::Failed(error) if error.code == ErrorCode::ServerElsewhere => {
            (Tone::Plain, t("sync.server-awaited").to_owned())
        }
        SyncPhase::Failed(error) if error.code == ErrorCode::Stopped => {
            (Tone::Plain, t("sync.stopped").to_owned())
        }
        SyncPhase::Failed(error) => (Tone::Warning, failed(view, error)),
        SyncPhase::Idle if view.to_send > 0 => (Tone::Plain, tn("sync.to-send", view.to_send)),
        // Others' work that came by another way may be on no server yet.
        SyncPhase::Idle if view.server_lacks() > 0 => {
            (Tone::Plain, tn("sync.server-lacks", view.server_lacks()))
        }
        SyncPhase::Idle => match view.last_success {
            Some(at) => (Tone::Ok, tf("sync.done-at", &[("when", &moment(at))])),
            None => (Tone::Plain, t("sync.never").to_owned()),
        },
    };
    SyncWords { tone, text }
}

/// That something is to be looked at; what waits here, and that nobody is reached, is not hidden by it.
fn alarmed(view: &SyncView) -> String {
    let is_offline =
        matches!(&view.phase, SyncPhase::Failed(error) if error.code == ErrorCode::Unreachable);
    let goes_on = match (is_offline, view.to_send) {
        (true, 0) => Some(t("sync.offline").to_owned()),
        (true, waits) => Some(tn("sync.offline-with", waits)),
        (false, 0) => None,
        (false, waits) => Some(tn("sync.to-send", waits)),
    };
    [Some(t("sync.alarm").to_owned()), goes_on]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ")
}

/// That it failed, and of what.
fn failed(view: &SyncView, error: &ApiError) -> String {
    format!("{} · {}", t("sync.failed"), failed_with(view, error))
}

/// Offline, what waits, and how old the last exchange is. Where another computer has everything, a
/// server that cannot be reached is no reason to worry: that is said in place of what waits, and of the
/// server only how long it was not reached, where that is long.
fn offline(view: &SyncView, now: Instant) -> String {
    if let Some(who) = view.has_everything().filter(|_| view.server.is_some()) {
        let long = |at: &Instant| now.unix_ms() - at.unix_ms() >= LONG_MS;
        let reached = match view.server_reached() {
            None => Some(t("sync.server-never").to_owned()),
            Some(at) => {
                Some(at).filter(long).map(|at| tf("sync.server-reached", &[("ago", &ago(at, now))]))
            }
        };
        let whole = tf("sync.has-everything", &[("name", holder(who))]);
        let said = [Some(t("sync.offline").to_owned()), Some(whole), reached];
        return said.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    }
    let waits = if view.to_send == 0 {
        t("sync.offline").to_owned()
    } else {
        tn("sync.offline-with", view.to_send)
    };
    let last = match (view.last_success, &view.last_with) {
        (Some(at), Some(who @ Holder::Computer { .. })) => {
            let (ago, name) = (ago(at, now), holder(who));
            tf("sync.exchanged-with", &[("ago", &ago), ("name", name)])
        }
        (Some(at), Some(Holder::Server) | None) => tf("sync.exchanged", &[("ago", &ago(at, now))]),
        (None, _) => t("sync.never-yet").to_owned(),
    };
    format!("{waits} · {last}")
}

const MINUTE_MS: i64 = 60 * 1000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;
/// So long a server may be away before it is told how long it was.
const LONG_MS: i64 = 7 * DAY_MS;

/// How long ago a moment was, in its greatest unit; a clock that was set back makes it now.
fn ago(at: Instant, now: Instant) -> String {
    let age_ms = (now.unix_ms() - at.unix_ms()).max(0);
    let whole = |unit_ms: i64| u64::try_from(age_ms / unit_ms).unwrap_or_default();
    match age_ms {
        DAY_MS.. => tn("sync.ago.days", whole(DAY_MS)),
        HOUR_MS.. => tf("sync.ago.hours", &[("n", &whole(HOUR_MS).to_string())]),
        MINUTE_MS.. => tf("sync.ago.minutes", &[("n", &whole(MINUTE_MS).to_string())]),
        _ => t("sync.ago.now").to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::{HolderView, MetView};

    #[test]
    fn offline_is_grey_and_counts_what_waits() {
        let check = |phase: SyncPhase, to_send: u64, tone: Tone, text: &str| {
            let view = SyncView {
                phase,
                to_send,
                last_success: Some(Instant::from_unix_ms(0)),
                ..SyncView::default()
            };
            let now = Instant::from_unix_ms(3 * HOUR_MS + 59 * MINUTE_MS);
            let said = sync_words(&view, None, now, &|_| "09:05".to_owned());
            assert_eq!((said.tone, said.text.as_str()), (tone, text));
        };
        let failed = |code| SyncPhase::Failed(ApiError::new(code, ""));
        check(
            failed(ErrorCode::Unreachable),
            14,
            Tone::Plain,
            "Offline · 14 to send · last exchange 3 h ago",
        );
        check(failed(ErrorCode::Unreachable), 0, Tone::Plain, "Offline · last exchange 3 h ago");
        let untrusted = "Sync failed · The server is not the one this clinic trusts";
        check(failed(ErrorCode::ServerNotTrusted), 0, Tone::Warning, untrusted);
        check(SyncPhase::Idle, 0, Tone::Ok, "Synced 09:05");
        check(SyncPhase::Idle, 1, Tone::Plain, "1 to send");
        check(SyncPhase::Running, 1, Tone::Info, "Syncing…");
        check(SyncPhase::Alone, 1, Tone::Plain, "This computer only");
    }

    fn ward() -> Holder {
        let device = clinical::DeviceId::from_uuid(clinical::uuid_v7(1, [1; 10]));
        Holder::Computer { device, name: Some("Ward".into()) }
    }

    fn of(who: Holder, lacks: u64, met_h: Option<i64>, failed: Option<ErrorCode>) -> HolderView {
        let at = met_h.map(|hours| Instant::from_unix_ms(hours * HOUR_MS));
        let failed = failed.map(|code| ApiError::new(code, ""));
        HolderView { who, lacks, met: MetView { at, failed, ..MetView::default() } }
    }

    #[test]
    fn a_clinic_without_a_server_is_told_how_it_stands_by_the_local_network() {
        let check = |phase: SyncPhase, to_send, failed, tone: Tone, text: &str| {
            let view = SyncView {
                phase,
                to_send,
                last_success: Some(Instant::from_unix_ms(9 * HOUR_MS)),
                last_with: Some(ward()),
                holders: vec![of(ward(), to_send, Some(9), failed)],
                ..SyncView::default()
            };
            let now = Instant::from_unix_ms(11 * HOUR_MS);
            let said = sync_words(&view, None, now, &|_| "09:00".to_owned());
            assert_eq!((said.tone, said.text.as_str()), (tone, text));
        };
        let failed = |code| SyncPhase::Failed(ApiError::new(code, ""));
        check(SyncPhase::Idle, 0, None, Tone::Ok, "Synced 09:00");
        check(SyncPhase::Idle, 3, None, Tone::Plain, "3 to send");
        let offline = failed(ErrorCode::Unreachable);
        let last = "last exchange 2 h ago, with Ward";
        check(offline.clone(), 3, None, Tone::Plain, &format!("Offline · 3 to send · {last}"));
        check(offline, 0, None, Tone::Plain, &format!("Offline · {last}"));
        let silent = ErrorCode::ServerSilent;
        let why = "Sync failed · Ward: it stopped answering";
        check(failed(silent), 3, Some(silent), Tone::Warning, why);
    }

    #[test]
    fn a_server_that_is_away_is_no_worry_where_another_computer_has_everything() {
        let check = |ward_lacks, server_met_h, text: &str| {
            let view = SyncView {
                server: Some("https://clinic.example".to_owned()),
                phase: SyncPhase::Failed(ApiError::new(ErrorCode::Unreachable, "")),
                to_send: 312,
                last_success: Some(Instant::from_unix_ms(90 * DAY_MS)),
                last_with: Some(ward()),
                holders: vec![
                    of(Holder::Server, 312, server_met_h, None),
                    of(ward(), ward_lacks, Some(90 * 24), None),
                ],
                ..SyncView::default()
            };
            let now = Instant::from_unix_ms(90 * DAY_MS + 5 * MINUTE_MS);
            let said = sync_words(&view, None, now, &|_| String::new());
            assert_eq!((said.tone, said.text.as_str()), (Tone::Plain, text));
        };
        check(0, Some(0), "Offline · Ward has everything · server last reached 90 days ago");
        check(0, Some(90 * 24 - 24), "Offline · Ward has everything");
        check(0, None, "Offline · Ward has everything · server never reached yet");
        check(2, Some(0), "Offline · 312 to send · last exchange 5 min ago, with Ward");
    }

    #[test]
    fn what_is_on_no_server_yet_is_not_told_as_done() {
        let check = |lacks, phase, tone: Tone, text: &str| {
            let view = SyncView {
                server: Some("https://clinic.example".to_owned()),
                phase,
                last_success: Some(Instant::from_unix_ms(0)),
                holders: vec![of(Holder::Server, lacks, Some(0), None)],
                ..SyncView::default()
            };
            let said = sync_words(&view, None, Instant::from_unix_ms(0), &|_| "09:05".to_owned());
            assert_eq!((said.tone, said.text.as_str()), (tone, text));
        };
        check(0, SyncPhase::Idle, Tone::Ok, "Synced 09:05");
        check(2, SyncPhase::Idle, Tone::Plain, "2 changes not on the server yet");
        let elsewhere = ApiError::new(ErrorCode::ServerElsewhere, "");
        let awaited = "Waits for the first server";
        check(2, SyncPhase::Failed(elsewhere), Tone::Plain, awaited);
    }

    #[test]
    fn an_alarm_hides_neither_what_waits_nor_that_nobody_is_reached() {
        let check = |phase, to_send, text: &str| {
            let view = SyncView { phase, too_large: 1, to_send, ..SyncView::default() };
            let said = sync_words(&view, None, Instant::from_unix_ms(0), &|_| String::new());
            assert_eq!((said.tone, said.text.as_str()), (Tone::Warning, text));
        };
        let offline = || SyncPhase::Failed(ApiError::new(ErrorCode::Unreachable, ""));
        check(SyncPhase::Idle, 0, "Sync needs a look");
        check(SyncPhase::Idle, 3, "Sync needs a look · 3 to send");
        check(offline(), 0, "Sync needs a look · Offline");
        check(offline(), 14, "Sync needs a look · Offline · 14 to send");
    }

    #[test]
    fn an_exchange_that_carries_something_is_counted() {
        let progress = SyncProgress { sent: 2, received: 10, ..SyncProgress::default() };
        let view = SyncView { phase: SyncPhase::Idle, ..SyncView::default() };
        let said = sync_words(&view, Some(progress), Instant::from_unix_ms(0), &|_| String::new());
        assert_eq!((said.tone, said.text.as_str()), (Tone::Info, "Syncing… · 12"));
    }

    #[test]
    fn a_removed_computer_says_so() {
        let (at, alarm, detail) =
            (Instant::from_unix_ms(0), api::AlarmKind::Revoked, String::new());
        let alarms = vec![api::SyncAlarm { at, alarm, detail, seen: None }];
        let view = SyncView { alarms, to_send: 3, ..SyncView::default() };
        let said = sync_words(&view, None, Instant::from_unix_ms(0), &|_| String::new());
        assert_eq!((said.tone, said.text.as_str()), (Tone::Warning, "Removed from the clinic"));
    }

    #[test]
    fn what_does_not_travel_is_seen_from_everywhere() {
        let view = SyncView { phase: SyncPhase::Idle, too_large: 1, ..SyncView::default() };
        let said = sync_words(&view, None, Instant::from_unix_ms(0), &|_| String::new());
        assert_eq!((said.tone, said.text.as_str()), (Tone::Warning, "Sync needs a look"));
    }

    #[test]
    fn how_long_ago_is_told_in_the_greatest_unit() {
        let check = |ms: i64, want: &str| {
            let at = Instant::from_unix_ms(1_000_000);
            assert_eq!(ago(at, Instant::from_unix_ms(1_000_000 + ms)), want);
        };
        check(-5, "just now");
        check(MINUTE_MS - 1, "just now");
        check(MINUTE_MS * 59, "59 min ago");
        check(HOUR_MS, "1 h ago");
        check(DAY_MS - 1, "23 h ago");
        check(DAY_MS, "1 day ago");
        check(DAY_MS * 3, "3 days ago");
        let never = SyncView { last_success: None, ..SyncView::default() };
        assert_eq!(offline(&never, Instant::from_unix_ms(0)), "Offline · never exchanged yet");
    }
}
