//! What the sync chip says.

use crate::components::Tone;
use crate::i18n::{t, tf, tn};
use api::{ErrorCode, SyncPhase, SyncProgress, SyncView};
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
    if !view.alarms.is_empty() || view.too_large > 0 {
        return SyncWords { tone: Tone::Warning, text: t("sync.alarm").to_owned() };
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
        SyncPhase::Failed(_) => (Tone::Warning, t("sync.failed").to_owned()),
        SyncPhase::Idle if view.to_send > 0 => (Tone::Plain, tn("sync.to-send", view.to_send)),
        SyncPhase::Idle => match view.last_success {
            Some(at) => (Tone::Ok, tf("sync.done-at", &[("when", &moment(at))])),
            None => (Tone::Plain, t("sync.never").to_owned()),
        },
    };
    SyncWords { tone, text }
}

/// Offline, what waits, and how old the last exchange is.
fn offline(view: &SyncView, now: Instant) -> String {
    let waits = if view.to_send == 0 {
        t("sync.offline").to_owned()
    } else {
        tn("sync.offline-with", view.to_send)
    };
    match view.last_success {
        Some(at) => format!("{waits} · {}", tf("sync.exchanged", &[("ago", &ago(at, now))])),
        None => format!("{waits} · {}", t("sync.never-yet")),
    }
}

const MINUTE_MS: i64 = 60 * 1000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

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
    use api::ApiError;

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
        check(failed(ErrorCode::ServerNotTrusted), 0, Tone::Warning, "Sync failed");
        check(SyncPhase::Idle, 0, Tone::Ok, "Synced 09:05");
        check(SyncPhase::Idle, 1, Tone::Plain, "1 to send");
        check(SyncPhase::Running, 1, Tone::Info, "Syncing…");
        check(SyncPhase::Alone, 1, Tone::Plain, "This computer only");
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
        let alarms = vec![api::SyncAlarm { at, alarm, detail }];
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
