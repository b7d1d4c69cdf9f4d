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

/// The chip for a state at a moment. `moment` writes a time. Whatever it says, an exchange that is
/// long past is told with its age.
pub(super) fn sync_words(
    view: &SyncView,
    goes_on: Option<SyncProgress>,
    now: Instant,
    moment: &dyn Fn(Instant) -> String,
) -> SyncWords {
    let Said { tone, text, is_dated } = said(view, goes_on, now, moment);
    let old = view.last_success.filter(|at| !is_dated && is_old(*at, now));
    let age = old.map(|at| tf("sync.exchanged", &[("ago", &ago(at, now))]));
    let is_over = goes_on.is_none() && view.phase != SyncPhase::Running && !view.is_removed();
    let unread = (is_over && view.unread > 0).then(|| tn("sync.unread", view.unread));
    SyncWords { tone, text: joined([Some(text), unread, age]) }
}

/// What the chip says but for how old it is.
struct Said {
    tone: Tone,
    text: String,
    /// The words tell how old the last exchange is.
    is_dated: bool,
}

impl Said {
    fn undated(tone: Tone, text: String) -> Self {
        Self { tone, text, is_dated: false }
    }
}

fn said(
    view: &SyncView,
    goes_on: Option<SyncProgress>,
    now: Instant,
    moment: &dyn Fn(Instant) -> String,
) -> Said {
    if view.is_removed() {
        return Said::undated(Tone::Warning, t("sync.removed").to_owned());
    }
    if view.unseen().next().is_some() || view.too_large > 0 {
        return Said::undated(Tone::Warning, alarmed(view));
    }
    if let Some(progress) = goes_on {
        return Said::undated(Tone::Info, far(&progress));
    }
    let (tone, text) = match &view.phase {
        SyncPhase::Alone => (Tone::Plain, t("sync.alone").to_owned()),
        SyncPhase::Running => (Tone::Info, t("sync.running").to_owned()),
        SyncPhase::Failed(error) if error.code == ErrorCode::Unreachable => {
            return offline(view, now);
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
            Some(at) if is_old(at, now) => return synced(view, &ago(at, now)),
            Some(at) => return synced(view, &moment(at)),
            None => (Tone::Plain, t("sync.never").to_owned()),
        },
    };
    Said::undated(tone, text)
}

/// How far an exchange has come: of how many, as far as that is known.
fn far(progress: &SyncProgress) -> String {
    let count = progress.sent.saturating_add(progress.received);
    if progress.to_receive == 0 {
        return tn("sync.running-with", count);
    }
    let all = count.saturating_add(progress.to_receive);
    tf("sync.running-of", &[("n", &count.to_string()), ("all", &all.to_string())])
}

/// That all is synced, and when; what somebody has to decide on is not hidden by it.
fn synced(view: &SyncView, when: &str) -> Said {
    let said = tf("sync.done-at", &[("when", when)]);
    let (tone, text) = match view.quarantined_deciding {
        0 => (Tone::Ok, said),
        waits => {
            let with = [("said", said.as_str()), ("n", &waits.to_string())];
            (Tone::Plain, tf("sync.aside-with", &with))
        }
    };
    Said { tone, text, is_dated: true }
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
    joined([Some(t("sync.alarm").to_owned()), goes_on])
}

fn joined(parts: impl IntoIterator<Item = Option<String>>) -> String {
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// That it failed, and of what.
fn failed(view: &SyncView, error: &ApiError) -> String {
    format!("{} · {}", t("sync.failed"), failed_with(view, error))
}

/// Offline, what waits, and how old the last exchange is. Where another computer has everything, a
/// server that cannot be reached is no reason to worry: that is said in place of what waits.
fn offline(view: &SyncView, now: Instant) -> Said {
    if let Some(whole) = view.has_everything().filter(|_| view.server.is_some()) {
        return whole_elsewhere(view, whole, now);
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
    Said { tone: Tone::Plain, text: joined([Some(waits), Some(last)]), is_dated: true }
}

/// Offline, and who has everything, or had it when they were met long ago; of the server only how long
/// it was not reached, where that is long.
fn whole_elsewhere(view: &SyncView, (who, met): (&Holder, Instant), now: Instant) -> Said {
    let name = holder(who);
    let old = Some(met).filter(|met| is_old(*met, now));
    let whole = match old {
        Some(met) => tf("sync.had-everything", &[("name", name), ("ago", &ago(met, now))]),
        None => tf("sync.has-everything", &[("name", name)]),
    };
    let reached = view.server_reached();
    let long = reached.filter(|at| age_ms(*at, now) >= LONG_MS);
    let server = match (reached, long) {
        (None, _) => Some(t("sync.server-never").to_owned()),
        (Some(_), long) => long.map(|at| tf("sync.server-reached", &[("ago", &ago(at, now))])),
    };
    let text = joined([Some(t("sync.offline").to_owned()), Some(whole), server]);
    Said { tone: Tone::Plain, text, is_dated: [old, long].contains(&view.last_success) }
}

const MINUTE_MS: i64 = 60 * 1000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;
/// So long a server may be away, while another computer has everything, before it is told how long.
const LONG_MS: i64 = 7 * DAY_MS;

/// Whether what was last heard at a moment is so old that its age is told wherever it stands.
fn is_old(at: Instant, now: Instant) -> bool {
    age_ms(at, now) >= DAY_MS
}

/// A clock that was set back makes it none.
fn age_ms(at: Instant, now: Instant) -> i64 {
    now.unix_ms().saturating_sub(at.unix_ms()).max(0)
}

/// How long ago a moment was, in its greatest unit.
fn ago(at: Instant, now: Instant) -> String {
    let age_ms = age_ms(at, now);
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

    /// Offline after ninety days and five minutes, with a server that lacks much; the hours are
    /// when each was met, and the last of them is the last exchange.
    fn away(ward_lacks: u64, ward_met_h: Option<i64>, server_met_h: Option<i64>) -> SyncView {
        let last_h = ward_met_h.max(server_met_h);
        let with_ward = ward_met_h >= server_met_h;
        SyncView {
            server: Some("https://clinic.example".to_owned()),
            phase: SyncPhase::Failed(ApiError::new(ErrorCode::Unreachable, "")),
            to_send: 312,
            last_success: last_h.map(|hours| Instant::from_unix_ms(hours * HOUR_MS)),
            last_with: last_h.map(|_| if with_ward { ward() } else { Holder::Server }),
            holders: vec![
                of(Holder::Server, 312, server_met_h, None),
                of(ward(), ward_lacks, ward_met_h, None),
            ],
            ..SyncView::default()
        }
    }

    const NOW_H: i64 = 90 * 24;

    fn said_of(view: &SyncView) -> (Tone, String) {
        let now = Instant::from_unix_ms(NOW_H * HOUR_MS + 5 * MINUTE_MS);
        let said = sync_words(view, None, now, &|_| "09:05".to_owned());
        (said.tone, said.text)
    }

    #[test]
    fn a_server_that_is_away_is_no_worry_where_another_computer_has_everything() {
        let check = |lacks, ward_met_h, server_met_h, text: &str| {
            let view = away(lacks, ward_met_h, server_met_h);
            assert_eq!(said_of(&view), (Tone::Plain, text.to_owned()));
        };
        let now = Some(NOW_H);
        let since = |hours| Some(NOW_H - hours);
        let has = "Offline · Ward has everything";
        check(0, now, Some(0), &format!("{has} · server last reached 90 days ago"));
        check(0, now, since(24), has);
        check(0, now, None, &format!("{has} · server never reached yet"));
        check(2, now, Some(0), "Offline · 312 to send · last exchange 5 min ago, with Ward");
        check(0, None, since(3), "Offline · 312 to send · last exchange 3 h ago");
        // Who was met long ago had everything then.
        let had = "Offline · Ward had everything 2 days ago";
        check(0, since(23), since(72), has);
        check(0, since(48), since(72), had);
        check(0, since(48), Some(0), &format!("{had} · server last reached 90 days ago"));
        check(0, since(48), since(3), had);
        check(0, since(48), since(24), &format!("{had} · last exchange 1 day ago"));
        let had = "Offline · Ward had everything 9 days ago · server last reached 8 days ago";
        check(0, since(9 * 24), since(8 * 24), had);
    }

    #[test]
    fn an_exchange_that_is_long_past_is_told_with_its_age_whatever_else_is_said() {
        let failed = |code| SyncPhase::Failed(ApiError::new(code, ""));
        let alarm = |alarm| {
            let (at, detail) = (Instant::from_unix_ms(0), String::new());
            vec![api::SyncAlarm { at, alarm, detail, seen: None }]
        };
        let of = |phase, to_send| SyncView { phase, to_send, ..SyncView::default() };
        let offline = || of(failed(ErrorCode::Unreachable), 14);
        let cases = [
            (SyncView { too_large: 1, ..of(SyncPhase::Idle, 0) }, "Sync needs a look"),
            (
                SyncView { alarms: alarm(api::AlarmKind::Copied), ..offline() },
                "Sync needs a look · Offline · 14 to send",
            ),
            (
                SyncView { alarms: alarm(api::AlarmKind::Revoked), ..offline() },
                "Removed from the clinic",
            ),
            (of(SyncPhase::Idle, 1), "1 to send"),
            (of(SyncPhase::Running, 1), "Syncing…"),
            (of(SyncPhase::Alone, 1), "This computer only"),
            (of(failed(ErrorCode::Stopped), 1), "Exchange stopped"),
            (of(failed(ErrorCode::ServerElsewhere), 1), "Waits for the first server"),
            (
                of(failed(ErrorCode::ServerNotTrusted), 1),
                "Sync failed · The server is not the one this clinic trusts",
            ),
        ];
        for (view, text) in cases {
            let since = |hours| {
                let at = Some(Instant::from_unix_ms((NOW_H - hours) * HOUR_MS));
                said_of(&SyncView { last_success: at, ..view.clone() }).1
            };
            assert_eq!(since(23), text);
            assert_eq!(since(24), format!("{text} · last exchange 1 day ago"));
            assert_eq!(said_of(&view).1, text, "never: there is no age to tell");
        }
        let at = |hours| Some(Instant::from_unix_ms((NOW_H - hours) * HOUR_MS));
        let idle = |hours| SyncView { last_success: at(hours), ..of(SyncPhase::Idle, 0) };
        assert_eq!(said_of(&idle(23)).1, "Synced 09:05");
        assert_eq!(said_of(&idle(72)).1, "Synced 3 days ago");
        let aside = SyncView { quarantined_deciding: 3, ..idle(72) };
        assert_eq!(said_of(&aside).1, "Synced 3 days ago · 3 set aside");
        let offline = SyncView { last_success: at(72), ..offline() };
        assert_eq!(said_of(&offline).1, "Offline · 14 to send · last exchange 3 days ago");
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
        check(2, SyncPhase::Idle, Tone::Plain, "2 batches not on the server yet");
        let elsewhere = ApiError::new(ErrorCode::ServerElsewhere, "");
        let awaited = "Waits for the first server";
        check(2, SyncPhase::Failed(elsewhere), Tone::Plain, awaited);
    }

    #[test]
    fn what_was_set_aside_is_not_told_as_done() {
        let check = |quarantined_deciding, tone: Tone, text: &str| {
            let last_success = Some(Instant::from_unix_ms(0));
            let phase = SyncPhase::Idle;
            let view =
                SyncView { phase, last_success, quarantined_deciding, ..SyncView::default() };
            let said = sync_words(&view, None, Instant::from_unix_ms(0), &|_| "09:05".to_owned());
            assert_eq!((said.tone, said.text.as_str()), (tone, text));
        };
        check(0, Tone::Ok, "Synced 09:05");
        check(3, Tone::Plain, "Synced 09:05 · 3 set aside");
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
        let check = |to_receive, text: &str| {
            let progress =
                SyncProgress { sent: 2, received: 10, to_receive, ..SyncProgress::default() };
            let view = SyncView { phase: SyncPhase::Idle, ..SyncView::default() };
            let now = Instant::from_unix_ms(0);
            let said = sync_words(&view, Some(progress), now, &|_| String::new());
            assert_eq!((said.tone, said.text.as_str()), (Tone::Info, text));
        };
        check(0, "Syncing… · 12");
        check(7, "Syncing… · 12 of 19");
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
        let said = offline(&never, Instant::from_unix_ms(0)).text;
        assert_eq!(said, "Offline · never exchanged yet");
    }
}
