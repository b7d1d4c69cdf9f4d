//! What the sync page says of the last exchange.

use crate::i18n::{t, tf};
use api::{ErrorCode, SyncPhase, SyncView};
use clinical::Instant;

/// Labels and values, in the order they are read. `moment` writes a time.
pub(super) fn facts(
    view: &SyncView,
    moment: &dyn Fn(Instant) -> String,
) -> Vec<(&'static str, String)> {
    let phase = match view.phase {
        SyncPhase::Alone => t("sync.alone"),
        SyncPhase::Idle => t("sync.idle"),
        SyncPhase::Running => t("sync.running"),
        SyncPhase::Failed(ref error) if error.code == ErrorCode::Unreachable => t("sync.offline"),
        SyncPhase::Failed(_) => t("sync.failed"),
    };
    let last = view.last_success.map_or_else(|| t("sync.never").to_owned(), moment);
    let server = view.server.clone().unwrap_or_else(|| t("sync.no-server").to_owned());
    let counts = [("sent", view.sent.to_string()), ("received", view.received.to_string())];
    let counts = counts.each_ref().map(|(name, text)| (*name, text.as_str()));
    vec![
        (t("sync.phase"), phase.to_owned()),
        (t("sync.waiting"), view.to_send.to_string()),
        (t("sync.last"), last),
        (t("sync.exchanged"), tf("sync.counts", &counts)),
        (t("sync.server"), server),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_is_told_in_words() {
        let view = SyncView {
            server: None,
            phase: SyncPhase::Alone,
            to_send: 14,
            last_success: None,
            quarantined: 0,
            alarms: Vec::new(),
            sent: 2,
            received: 3,
        };
        let values: Vec<String> =
            facts(&view, &|_| String::new()).into_iter().map(|f| f.1).collect();
        assert_eq!(
            values,
            ["This computer only", "14", "Not synced yet", "2 sent, 3 received", "None set"]
        );
    }
}
