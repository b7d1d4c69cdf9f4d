//! What the sync page says of the last exchange.

use crate::i18n::{t, tf, tn};
use crate::sections::coming_words;
use api::{ErrorCode, Holder, HolderView, SyncPhase, SyncView};
use clinical::Instant;

/// Labels and values, in the order they are read. `moment` writes a time.
pub(super) fn facts(view: &SyncView, moment: &dyn Fn(Instant) -> String) -> Vec<(String, String)> {
    let phase = match view.phase {
        _ if view.is_removed() => t("sync.removed"),
        SyncPhase::Alone => t("sync.alone"),
        SyncPhase::Idle => t("sync.idle"),
        SyncPhase::Running => t("sync.running"),
        SyncPhase::Failed(ref error) if error.code == ErrorCode::Unreachable => t("sync.offline"),
        SyncPhase::Failed(_) => t("sync.failed"),
    };
    let last = view.last_success.map_or_else(|| t("sync.never").to_owned(), moment);
    let server = view.server.as_deref().map(|server| address(server).0.to_owned());
    let server = server.unwrap_or_else(|| t("sync.no-server").to_owned());
    let counts = [("sent", view.sent.to_string()), ("received", view.received.to_string())];
    let counts = counts.each_ref().map(|(name, text)| (*name, text.as_str()));
    let rows = [
        (t("sync.phase"), phase.to_owned()),
        (t("sync.waiting"), view.to_send.to_string()),
        (t("sync.last"), last),
        (t("sync.counted"), tf("sync.counts", &counts)),
        (t("sync.server"), server),
    ];
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
    let rows = rows.into_iter().chain(comes).chain(floor);
    let rows = rows.map(|(label, value)| (label.to_owned(), value));
    rows.chain(view.holders.iter().map(held)).collect()
}

/// What somebody else holds of what is here.
fn held(holder: &HolderView) -> (String, String) {
    let label = match &holder.who {
        Holder::Server => t("sync.held.server").to_owned(),
        Holder::Computer { name, .. } => {
            let name = name.as_deref().unwrap_or_else(|| t("written.device"));
            tf("sync.held.computer", &[("name", name)])
        }
    };
    let what = match holder.lacks {
        0 => t("sync.held.all").to_owned(),
        lacks => tn("sync.held.but", lacks),
    };
    (label, what)
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
    fn the_state_is_told_in_words() {
        let view = SyncView { to_send: 14, sent: 2, received: 3, ..SyncView::default() };
        let values: Vec<String> =
            facts(&view, &|_| String::new()).into_iter().map(|f| f.1).collect();
        assert_eq!(
            values,
            ["This computer only", "14", "Not synced yet", "2 sent, 3 received", "None set"]
        );
    }

    #[test]
    fn who_else_holds_the_record_is_told() {
        let device = clinical::DeviceId::from_uuid(clinical::uuid_v7(1, [1; 10]));
        let ward = |name: Option<&str>| Holder::Computer { device, name: name.map(str::to_owned) };
        let check = |who: Holder, lacks: u64, label: &str, what: &str| {
            let holders = vec![HolderView { who, lacks }];
            let rows = facts(&SyncView { holders, ..SyncView::default() }, &|_| String::new());
            assert_eq!(rows.last().unwrap(), &(label.to_owned(), what.to_owned()));
        };
        check(Holder::Server, 0, "On the server", "everything");
        check(ward(Some("Ward")), 1, "On Ward", "all but 1 change");
        check(ward(None), 12, "On another computer", "all but 12 changes");
    }

    #[test]
    fn a_removed_computer_is_told_so_once() {
        let refused = SyncPhase::Failed(api::ApiError::new(ErrorCode::DeviceRefused, ""));
        let mut view = SyncView { phase: refused, ..SyncView::default() };
        assert!(!view.is_removed());
        assert_eq!(facts(&view, &|_| String::new())[0].1, "Sync failed");
        let (at, alarm, detail) =
            (Instant::from_unix_ms(0), api::AlarmKind::Revoked, String::new());
        view.alarms = vec![api::SyncAlarm { at, alarm, detail }];
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
