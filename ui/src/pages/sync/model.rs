//! What the sync page says of the last exchange.

use crate::components::Tone;
use crate::i18n::{t, tf, tn};
use crate::sections::coming_words;
use crate::words::{failed_with, failed_with_computer, holder as named, speed_words};
use api::{ErrorCode, Holder, HolderView, LanState, SyncPhase, SyncView};
use clinical::Instant;

/// A state, while an exchange carries something: what is said of one that is over is not said.
pub(super) fn as_it_goes_on(view: SyncView, goes_on: bool) -> SyncView {
    if goes_on && view.phase == SyncPhase::Idle {
        return SyncView { phase: SyncPhase::Running, ..view };
    }
    view
}

/// Labels and values, in the order they are read. `moment` writes a time.
pub(super) fn facts(view: &SyncView, moment: &dyn Fn(Instant) -> String) -> Vec<(String, String)> {
    let by_lan = view.is_by_lan_alone();
    let phase = match view.phase {
        _ if view.is_removed() => t("sync.removed"),
        SyncPhase::Alone => t("sync.alone"),
        SyncPhase::Idle => t("sync.idle"),
        SyncPhase::Running => t("sync.running"),
        SyncPhase::Failed(ref error) if error.code == ErrorCode::Unreachable => t("sync.offline"),
        SyncPhase::Failed(ref error) if error.code == ErrorCode::Stopped => t("sync.stopped"),
        SyncPhase::Failed(_) => t("sync.failed"),
    };
    let last = match (view.last_success, &view.last_with) {
        (Some(at), Some(who)) => {
            tf("sync.last-with", &[("when", &moment(at)), ("name", named(who))])
        }
        (Some(at), None) => moment(at),
        (None, _) => t("sync.never").to_owned(),
    };
    // Of the exchange that is told above it.
    let counted = view.holders.iter().find(|one| Some(&one.who) == view.last_with.as_ref());
    let (sent, received) = match counted {
        Some(with) => (with.met.sent, with.met.received),
        None => (view.sent, view.received),
    };
    let server = view.server.as_deref().map(|server| address(server).0.to_owned());
    let server = server.unwrap_or_else(|| t("sync.no-server").to_owned());
    let counts = [("sent", sent.to_string()), ("received", received.to_string())];
    let counts = counts.each_ref().map(|(name, text)| (*name, text.as_str()));
    let is_running = view.phase == SyncPhase::Running;
    let counted = (t("sync.counted"), tf("sync.counts", &counts));
    let to_send = t(if by_lan { "sync.waiting-nearby" } else { "sync.waiting" });
    // That nothing waits is part of what is said where all is safe, and is no comfort where the server
    // lacks what came from others.
    let is_said = safe_with(view).is_some() || (view.to_send == 0 && view.server_lacks() > 0);
    let to_send = (!is_said).then(|| (to_send, tn("sync.waiting", view.to_send)));
    let rows = [Some((t("sync.phase"), phase.to_owned())), to_send, Some((t("sync.last"), last))];
    let counted = (!is_running).then_some(counted);
    let rows = rows.into_iter().flatten().chain(counted).chain([(t("sync.server"), server)]);
    let region = view.region.clone().map(|region| (t("sync.region"), region));
    // While one goes on the speed stands beside its bar.
    let speed = view
        .line_speed
        .filter(|_| !is_running)
        .map(|speed| (t("sync.line-speed"), speed_words(speed)));
    let unread = (view.unread > 0 && !is_running)
        .then(|| (t("sync.unread"), tn("sync.unread", view.unread)));
    let comes = view.coming.as_ref().map(|comes| (t("sync.here"), coming_words(comes)));
    let floor = view.floor.map(|floor| {
        let is_left = view.coming.is_some_and(|comes| comes.by_choice);
        let key = match (floor.proven, is_left) {
            (true, _) => "sync.floor.proven",
            (false, true) => "sync.floor.left",
            (false, false) => "sync.floor.open",
        };
        (t("sync.floor"), t(key).to_owned())
    });
    let rows = rows.chain(region).chain(speed).chain(unread).chain(comes).chain(floor);
    let rows = rows.map(|(label, value)| (label.to_owned(), value));
    // While an exchange goes on, what the server holds and what went over are of before it.
    let holders = view.holders.iter().filter(|it| !is_running || it.who != Holder::Server);
    rows.chain(holders.map(|holder| held(holder, moment))).collect()
}

/// What somebody else holds of what is here, when they were last met, and why a later try failed; of
/// the server that is told above.
fn held(holder: &HolderView, moment: &dyn Fn(Instant) -> String) -> (String, String) {
    let (label, failed) = match &holder.who {
        Holder::Server => (t("sync.held.server").to_owned(), None),
        who @ Holder::Computer { .. } => {
            let label = tf("sync.held.computer", &[("name", named(who))]);
            (label, holder.met.failed.as_ref())
        }
    };
    let what = match holder.lacks {
        0 => t("sync.held.all").to_owned(),
        lacks => tn("sync.held.but", lacks),
    };
    let failed =
        failed.map(|error| tf("sync.held.failed", &[("why", failed_with_computer(error.code))]));
    let parts = [Some(what), holder.met.at.map(moment), failed];
    (label, parts.into_iter().flatten().collect::<Vec<_>>().join(" · "))
}

/// What is said of a state before its figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Standing {
    /// How loudly.
    pub tone: Tone,
    /// What it is.
    pub what: String,
    /// What is safe, and what to do.
    pub help: String,
}

/// What is to be said of the way things go, where that is no failure of the server: that everything
/// is in two places, that the server lacks something though nothing is to be sent, that nothing goes
/// anywhere, that it goes from computer to computer, or that a server is away which nobody needs just
/// now.
pub(super) fn standing(
    view: &SyncView,
    decides: bool,
    moment: &dyn Fn(Instant) -> String,
) -> Option<Standing> {
    if view.is_removed() {
        return None;
    }
    let info = |what: String, help: String| Some(Standing { tone: Tone::Info, what, help });
    let told =
        |what: &'static str, help: &'static str| info(t(what).to_owned(), t(help).to_owned());
    let is_away = |error: &api::ApiError| error.code == ErrorCode::Unreachable;
    match &view.phase {
        SyncPhase::Alone if view.lan == LanState::Off && !view.holders.is_empty() => {
            told("sync.alone.what", "sync.alone.off")
        }
        // One computer that holds the only record there is.
        SyncPhase::Alone => {
            let help = if decides { "sync.alone.help-admin" } else { "sync.alone.help" };
            let (what, help) = (t("sync.alone.what").to_owned(), t(help).to_owned());
            Some(Standing { tone: Tone::Warning, what, help })
        }
        SyncPhase::Failed(error) if !view.is_by_lan_alone() => {
            if error.code == ErrorCode::ServerElsewhere {
                return told("error.server-elsewhere.what", "error.server-elsewhere.help");
            }
            if !is_away(error) {
                return None;
            }
            // Being offline is nothing to worry about.
            let Some((who, _)) = view.has_everything() else {
                return told("error.unreachable.what", "error.unreachable.help");
            };
            let help = view.server_reached().map_or_else(
                || t("sync.elsewhere.never").to_owned(),
                |at| tf("sync.elsewhere.help", &[("when", &moment(at))]),
            );
            info(tf("sync.has-everything", &[("name", named(who))]), help)
        }
        SyncPhase::Failed(error) if is_away(error) => {
            told("sync.nearby.none", "sync.nearby.none.help")
        }
        SyncPhase::Failed(error) => Some(Standing {
            tone: Tone::Warning,
            what: tf("sync.nearby.failed", &[("why", &failed_with(view, error))]),
            help: t("sync.nearby.failed.help").to_owned(),
        }),
        SyncPhase::Idle if let Some((who, at)) = safe_with(view) => {
            Some(safe(who, &moment(at), view.coming.is_some()))
        }
        // Work that came by another way, or that a new server was not seen to have.
        SyncPhase::Idle if view.to_send == 0 && view.server_lacks() > 0 => {
            let what = tn("sync.server-lacks", view.server_lacks());
            info(what, t("sync.server-lacks.help").to_owned())
        }
        SyncPhase::Idle | SyncPhase::Running if view.is_by_lan_alone() => {
            told("sync.nearby.what", "sync.nearby.help")
        }
        SyncPhase::Idle | SyncPhase::Running => None,
    }
}

/// Who else holds everything, and when that was seen; nobody while an exchange goes on or has failed.
fn safe_with(view: &SyncView) -> Option<(&Holder, Instant)> {
    view.safe_with().filter(|_| view.phase == SyncPhase::Idle)
}

/// That somebody else holds everything, too, as it was seen at a moment. Of a part it is no promise
/// that work goes on: who is not here cannot be looked up without a network.
fn safe(who: &Holder, when: &str, of_part: bool) -> Standing {
    let (what, help) = match who {
        Holder::Server => (t("sync.safe.server").to_owned(), "sync.safe.help"),
        Holder::Computer { .. } => {
            (tf("sync.safe.computer", &[("name", named(who))]), "sync.nearby.help")
        }
    };
    let as_of = tf("sync.safe.as-of", &[("when", when)]);
    if of_part {
        return Standing { tone: Tone::Info, what, help: as_of };
    }
    Standing { tone: Tone::Ok, what, help: format!("{as_of} {}", t(help)) }
}

/// Whether there is anybody to sync with now.
pub(super) fn may_sync(view: &SyncView) -> bool {
    let nearby = view.is_by_lan_alone() && view.lan == LanState::On;
    (view.server.is_some() || nearby) && !view.is_removed()
}

/// A server's address, and the pin of its certificate where it has one.
pub(super) fn address(server: &str) -> (&str, Option<&str>) {
    match server.split_once('#') {
        Some((address, pin)) => (address, Some(pin)),
        None => (server, None),
    }
}

/// Enough of a pin such as `sha256:3CB5…` to compare two by eye: its first sixteen digits by fours.
pub(super) fn fingerprint(pin: &str) -> String {
    let pin = pin.rsplit_once(':').map_or(pin, |(_, digits)| digits);
    let digits: Vec<char> = pin.chars().take(16).collect();
    let fours = digits.chunks(4).map(|four| four.iter().collect::<String>());
    let rest = if pin.chars().nth(16).is_some() { "…" } else { "" };
    fours.collect::<Vec<_>>().join(" ") + rest
}

/// What is to be said of what was set aside: what only waits is no reason to worry, and who may
/// decide on the rest does so below.
pub(super) fn quarantined_help(view: &SyncView, decides: bool) -> String {
    let waiting = view.quarantined_waiting.min(view.quarantined);
    let damaged = view.quarantined - waiting;
    let waits = (waiting > 0).then(|| tn("sync.quarantined.waiting", waiting));
    let help = (damaged > 0).then(|| {
        let help = if decides { t("sync.quarantined.help") } else { t("sync.quarantined.tell") };
        help.to_owned()
    });
    [waits, help].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::MetView;

    #[test]
    fn what_is_not_here_yet_is_told_until_it_is() {
        let check = |coming, floor, expected: &[&str]| {
            let rows =
                facts(&SyncView { coming, floor, ..SyncView::default() }, &|_| String::new());
            let texts: Vec<String> = rows.into_iter().skip(5).map(|(_, text)| text).collect();
            assert_eq!(texts, expected);
        };
        let coming = api::Coming { charts: 4, charts_of: Some(9), ..api::Coming::default() };
        let at = |proven| Some(api::FloorView { place: 70, proven });
        check(None, None, &[]);
        let open = "still coming from the server";
        check(Some(coming), at(false), &["4 of 9 charts are here", open]);
        let part = api::Coming { by_choice: true, ..coming };
        let left = "stay at the server, as was chosen for this computer";
        check(Some(part), at(false), &["4 of 9 charts are here", left]);
        check(None, at(true), &["all here, and checked by two computers"]);
    }

    #[test]
    fn what_an_exchange_left_unread_is_told_once_it_is_over() {
        let check = |phase, unread, expected: Option<&str>| {
            let view = SyncView { phase, unread, ..SyncView::default() };
            let rows = facts(&view, &|_| String::new());
            let told = rows.into_iter().find(|(label, _)| label == "From the server");
            assert_eq!(told.map(|(_, text)| text).as_deref(), expected);
        };
        let stopped = || SyncPhase::Failed(api::ApiError::new(ErrorCode::Stopped, ""));
        check(stopped(), 6, Some("6 batches still to come"));
        check(stopped(), 1, Some("1 batch still to come"));
        check(stopped(), 0, None);
        check(SyncPhase::Running, 6, None);
    }

    #[test]
    fn nothing_is_told_as_over_while_something_is_carried() {
        let idle = SyncView { phase: SyncPhase::Idle, ..SyncView::default() };
        let offline = SyncPhase::Failed(api::ApiError::new(ErrorCode::Unreachable, ""));
        let failed = SyncView { phase: offline, ..SyncView::default() };
        assert_eq!(as_it_goes_on(idle.clone(), true).phase, SyncPhase::Running);
        assert_eq!(as_it_goes_on(idle.clone(), false), idle);
        assert_eq!(as_it_goes_on(failed.clone(), true), failed);
    }

    #[test]
    fn the_state_is_told_in_words() {
        let view = SyncView { to_send: 14, sent: 2, received: 3, ..SyncView::default() };
        let values: Vec<String> =
            facts(&view, &|_| String::new()).into_iter().map(|f| f.1).collect();
        assert_eq!(
            values,
            [
                "This computer only",
                "14 changes",
                "Not synced yet",
                "2 sent, 3 received",
                "None set"
            ]
        );
    }

    #[test]
    fn who_else_holds_the_record_is_told() {
        let device = clinical::DeviceId::from_uuid(clinical::uuid_v7(1, [1; 10]));
        let ward = |name: Option<&str>| Holder::Computer { device, name: name.map(str::to_owned) };
        let check = |who: Holder, lacks: u64, label: &str, what: &str| {
            let holders = vec![HolderView { who, lacks, met: MetView::default() }];
            let rows = facts(&SyncView { holders, ..SyncView::default() }, &|_| String::new());
            assert_eq!(rows.last().unwrap(), &(label.to_owned(), what.to_owned()));
        };
        check(Holder::Server, 0, "On the server", "all that is here");
        check(ward(Some("Ward")), 1, "On Ward", "1 batch is not there yet");
        check(ward(None), 12, "On another computer", "12 batches are not there yet");
    }

    fn ward(lacks: u64, met: MetView) -> HolderView {
        let device = clinical::DeviceId::from_uuid(clinical::uuid_v7(1, [1; 10]));
        HolderView { who: Holder::Computer { device, name: Some("Ward".into()) }, lacks, met }
    }

    fn nearby(phase: SyncPhase) -> SyncView {
        let at = Some(Instant::from_unix_ms(0));
        let with = ward(0, MetView { at, sent: 4, received: 5, ..MetView::default() });
        SyncView {
            phase,
            lan: LanState::On,
            last_success: at,
            last_with: Some(with.who.clone()),
            holders: vec![with],
            ..SyncView::default()
        }
    }

    #[test]
    fn the_last_exchange_is_told_with_whom_it_was() {
        let mut view = nearby(SyncPhase::Idle);
        (view.to_send, view.holders[0].lacks) = (3, 3);
        let rows = facts(&view, &|_| "10:32".to_owned());
        let values: Vec<&str> = rows.iter().map(|row| row.1.as_str()).collect();
        let met = "3 batches are not there yet · 10:32";
        let counts = "4 sent, 5 received";
        let idle = "Nothing going on";
        assert_eq!(values, [idle, "3 changes", "10:32, with Ward", counts, "None set", met]);
        assert_eq!(rows[1].0, "On no other computer yet");
        let failed = Some(api::ApiError::new(ErrorCode::ServerSilent, ""));
        let holder =
            ward(3, MetView { at: Some(Instant::from_unix_ms(0)), failed, ..MetView::default() });
        let said = held(&holder, &|_| "10:32".to_owned()).1;
        assert_eq!(
            said,
            "3 batches are not there yet · 10:32 · the last try failed: it stopped answering"
        );
    }

    #[test]
    fn a_clinic_without_a_server_is_told_to_work_together_where_it_does() {
        let failed = |code| SyncPhase::Failed(api::ApiError::new(code, ""));
        let check = |view: &SyncView, tone, part: &str, syncs: bool| {
            let said = standing(view, true, &|_| "10:32".to_owned()).unwrap();
            assert!(format!("{} {}", said.what, said.help).contains(part), "{said:?}");
            assert_eq!((said.tone, may_sync(view)), (tone, syncs), "{said:?}");
        };
        let alone = SyncView { lan: LanState::On, ..SyncView::default() };
        check(&alone, Tone::Warning, "set the clinic’s server", false);
        let mut idle = nearby(SyncPhase::Idle);
        check(&idle, Tone::Ok, "Everything in the charts here is on Ward too", true);
        idle.holders[0].lacks = 1;
        check(&idle, Tone::Info, "over the local network", true);
        let away = nearby(failed(ErrorCode::Unreachable));
        check(&away, Tone::Info, "No other computer of the clinic answers", true);
        let mut silent = nearby(failed(ErrorCode::ServerSilent));
        silent.holders[0].met.failed = Some(api::ApiError::new(ErrorCode::ServerSilent, ""));
        check(&silent, Tone::Warning, "Ward: it stopped answering", true);
        let off = SyncView { lan: LanState::Off, ..nearby(SyncPhase::Alone) };
        check(&off, Tone::Info, "switched off on this computer", false);
        let server = Some("https://x".to_owned());
        let unreached = SyncView { server: server.clone(), ..away };
        check(&unreached, Tone::Info, "Ward has everything", true);
        let none = |view: &SyncView| standing(view, true, &|_| String::new()).is_none();
        assert!(none(&SyncView { server, ..nearby(SyncPhase::Idle) }));
        // To be offline is nothing to worry about.
        let mut behind = unreached;
        behind.holders[0].lacks = 1;
        check(&behind, Tone::Info, "The server cannot be reached", true);
        behind.phase = failed(ErrorCode::ServerElsewhere);
        check(&behind, Tone::Info, "does not know the clinic yet", true);
        behind.phase = failed(ErrorCode::ServerSilent);
        assert!(none(&behind), "the failure itself is told");
    }

    #[test]
    fn all_is_safe_only_where_nothing_of_it_waits_or_cannot_travel() {
        let met = MetView { at: Some(Instant::from_unix_ms(0)), ..MetView::default() };
        let of = |lacks, met| HolderView { who: Holder::Server, lacks, met };
        let whole = SyncView {
            server: Some("https://x".to_owned()),
            phase: SyncPhase::Idle,
            holders: vec![of(0, met.clone()), ward(3, met.clone())],
            ..SyncView::default()
        };
        let all = "Everything in the charts here is on the server too";
        let check = |view: SyncView, is_safe: bool, why: &str| {
            let said = standing(&view, false, &|_| String::new());
            let is_said = said.as_ref().is_some_and(|said| said.what == all);
            assert_eq!(is_said, is_safe, "{why}");
            // Of a part it is said, and that work goes on is not.
            let is_whole = view.coming.is_none();
            let promises =
                said.is_some_and(|it| it.help.contains("work goes on") && it.tone == Tone::Ok);
            assert_eq!(promises, is_safe && is_whole, "{why}");
            let rows = facts(&view, &|_| String::new());
            let counts = rows.iter().any(|(label, _)| label == "To send");
            let is_told = is_safe || view.server_lacks() > 0;
            assert_eq!(counts, !is_told, "{why}: nothing to send is said once");
        };
        check(whole.clone(), true, "the server has everything");
        check(SyncView { to_send: 1, ..whole.clone() }, false, "something is to be sent");
        check(SyncView { too_large: 1, ..whole.clone() }, false, "something does not travel");
        check(SyncView { files_apart: true, ..whole.clone() }, false, "documents wait");
        check(SyncView { quarantined: 1, ..whole.clone() }, false, "something is set aside");
        let coming = |by_choice| Some(api::Coming { by_choice, ..api::Coming::default() });
        check(SyncView { coming: coming(false), ..whole.clone() }, false, "more is coming");
        check(SyncView { coming: coming(true), ..whole.clone() }, true, "a part is to be here");
        let raised = |seen| {
            let (at, detail) = (Instant::from_unix_ms(0), String::new());
            vec![api::SyncAlarm { at, alarm: api::AlarmKind::Restored, detail, seen }]
        };
        let seen = api::AlarmSeen { by: "Dr Ana".to_owned(), at: Instant::from_unix_ms(0) };
        check(SyncView { alarms: raised(None), ..whole.clone() }, false, "an alarm stands");
        check(SyncView { alarms: raised(Some(seen)), ..whole.clone() }, true, "it was seen");
        let behind = vec![of(1, met)];
        check(SyncView { holders: behind, ..whole.clone() }, false, "the server lacks something");
        let unmet = vec![of(0, MetView::default())];
        check(SyncView { holders: unmet, ..whole.clone() }, false, "it was never met");
        check(SyncView { phase: SyncPhase::Running, ..whole }, false, "an exchange goes on");
    }

    #[test]
    fn what_the_server_lacks_though_nothing_is_to_be_sent_is_told_as_it_stands() {
        let check = |to_send, lacks, expected: Option<&str>| {
            let holders = vec![HolderView { who: Holder::Server, lacks, met: MetView::default() }];
            let server = Some("https://x".to_owned());
            let phase = SyncPhase::Idle;
            let view = SyncView { server, phase, to_send, holders, ..SyncView::default() };
            let said = standing(&view, false, &|_| String::new());
            let helps = |said: &Standing| (said.tone, said.help.starts_with("Nothing is lost"));
            assert!(said.as_ref().is_none_or(|said| helps(said) == (Tone::Info, true)), "{said:?}");
            assert_eq!(said.map(|said| said.what).as_deref(), expected);
        };
        check(0, 1, Some("1 batch not on the server yet"));
        check(0, 12, Some("12 batches not on the server yet"));
        check(12, 12, None);
        check(0, 0, None);
    }

    #[test]
    fn a_removed_computer_is_told_so_once() {
        let refused = SyncPhase::Failed(api::ApiError::new(ErrorCode::DeviceRefused, ""));
        let mut view = SyncView { phase: refused, ..SyncView::default() };
        assert!(!view.is_removed());
        assert_eq!(facts(&view, &|_| String::new())[0].1, "Sync failed");
        let (at, alarm, detail) =
            (Instant::from_unix_ms(0), api::AlarmKind::Revoked, String::new());
        view.alarms = vec![api::SyncAlarm { at, alarm, detail, seen: None }];
        assert!(view.is_removed());
        assert_eq!(facts(&view, &|_| String::new())[0].1, "Removed from the clinic");
    }

    #[test]
    fn a_pin_is_parted_from_its_address_and_shortened() {
        let pin = "0123456789abcdef".repeat(4);
        let server = format!("https://clinic.example:8443#{pin}");
        assert_eq!(address(&server), ("https://clinic.example:8443", Some(pin.as_str())));
        assert_eq!(address("https://x"), ("https://x", None));
        assert_eq!(fingerprint(&pin), "0123 4567 89ab cdef…");
        assert_eq!(fingerprint(&format!("sha256:{pin}")), "0123 4567 89ab cdef…");
        assert_eq!(fingerprint("abc"), "abc");
        let view = SyncView { server: Some(server), ..SyncView::default() };
        assert_eq!(facts(&view, &|_| String::new())[4].1, "https://clinic.example:8443");
    }

    #[test]
    fn what_only_waits_is_told_apart() {
        let check = |quarantined, quarantined_waiting, waits: bool, worries: bool| {
            let view = SyncView { quarantined, quarantined_waiting, ..SyncView::default() };
            let said = quarantined_help(&view, true);
            let told = quarantined_help(&view, false);
            assert_eq!(told.contains(t("sync.quarantined.tell")), worries, "{told}");
            assert_eq!(said.contains("by itself") || said.contains("by themselves"), waits);
            assert_eq!(said.contains(t("sync.quarantined.help")), worries, "{said}");
        };
        check(1, 1, true, false);
        check(3, 2, true, true);
        check(2, 0, false, true);
    }
}
