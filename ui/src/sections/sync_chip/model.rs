//! What the sync chip says.

use crate::components::Tone;
use crate::i18n::{t, tf, tn};
use api::{ErrorCode, SyncPhase, SyncView};
use clinical::Instant;

/// The chip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SyncWords {
    /// Its colour.
    pub tone: Tone,
    /// Its words.
    pub text: String,
}

/// The chip for a state. `moment` writes a time.
pub(super) fn sync_words(view: &SyncView, moment: &dyn Fn(Instant) -> String) -> SyncWords {
    if !view.alarms.is_empty() || view.too_large > 0 {
        return SyncWords { tone: Tone::Warning, text: t("sync.alarm").to_owned() };
    }
    let (tone, text) = match &view.phase {
        SyncPhase::Alone => (Tone::Plain, t("sync.alone").to_owned()),
        SyncPhase::Running => (Tone::Info, t("sync.running").to_owned()),
        SyncPhase::Failed(error) if error.code == ErrorCode::Unreachable => {
            (Tone::Plain, offline(view))
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

fn offline(view: &SyncView) -> String {
    if view.to_send == 0 {
        t("sync.offline").to_owned()
    } else {
        tn("sync.offline-with", view.to_send)
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
            let said = sync_words(&view, &|_| "09:05".to_owned());
            assert_eq!((said.tone, said.text.as_str()), (tone, text));
        };
        let failed = |code| SyncPhase::Failed(ApiError::new(code, ""));
        check(failed(ErrorCode::Unreachable), 14, Tone::Plain, "Offline · 14 to send");
        check(failed(ErrorCode::Unreachable), 0, Tone::Plain, "Offline");
        check(failed(ErrorCode::ServerNotTrusted), 0, Tone::Warning, "Sync failed");
        check(SyncPhase::Idle, 0, Tone::Ok, "Synced 09:05");
        check(SyncPhase::Idle, 1, Tone::Plain, "1 to send");
        check(SyncPhase::Running, 1, Tone::Info, "Syncing…");
        check(SyncPhase::Alone, 1, Tone::Plain, "This computer only");
    }

    #[test]
    fn what_does_not_travel_is_seen_from_everywhere() {
        let view = SyncView { phase: SyncPhase::Idle, too_large: 1, ..SyncView::default() };
        let said = sync_words(&view, &|_| String::new());
        assert_eq!((said.tone, said.text.as_str()), (Tone::Warning, "Sync needs a look"));
    }
}
