//! Answers about what came in, what went out, and how the store stands.

use api::{
    AlarmKind, BundleTaken, BundleWritten, CarriedDocuments, Coming, ErrorCode, ImportView,
    SyncPhase, SyncView,
};
use app::{CheckReport, Exported, FloorMade, MetPeer};
use clinical::display;
use std::{fmt::Write, path::Path};

use super::clock::Clock;
use super::holders::{held, last_exchange};
use super::line::counted;
use crate::output::on_one_line;

/// How an import went.
pub(crate) fn import(view: &ImportView) -> String {
    let files = counted(view.files.0, "file", "files");
    let mut out = format!("{files}, {}\n", counted(view.patients, "patient", "patients"));
    for (kind, count) in &view.resources {
        let _ = writeln!(out, "  {count:>8}  {kind}");
    }
    let of_these =
        [("kept, not shown", &view.not_shown), ("here before, unchanged", &view.already)];
    for (what, counts) in of_these.into_iter().filter(|(_, counts)| !counts.is_empty()) {
        let kinds = counts.iter().map(|(kind, count)| format!("{count} {kind}"));
        let kinds = kinds.collect::<Vec<_>>().join(", ");
        let _ = writeln!(out, "  {}", on_one_line(&format!("{what}: {kinds}")));
    }
    for file in &view.by_file {
        let left_out = match (file.resources, file.left_out) {
            (0, 0) => format!("nothing of {}", file.file),
            (0, left_out) => format!("nothing of {}, which has {left_out} resources", file.file),
            (_, 0) => continue,
            (_, left_out) => format!("in no chart: {left_out} of the resources of {}", file.file),
        };
        let _ = writeln!(out, "  {}", on_one_line(&left_out));
    }
    for found in &view.findings {
        let entry = found.entry.map(|entry| format!("[{entry}]")).unwrap_or_default();
        let finding = &found.finding;
        let line = format!("{}{entry} {}: {}", found.file, finding.path, finding.detail);
        let _ = writeln!(out, "  {}", on_one_line(&line));
    }
    if view.findings_more > 0 {
        let _ = writeln!(out, "  and {} more remarks", view.findings_more);
    }
    out
}

/// What was written, and what was not.
pub(crate) fn exported(exported: &Exported, out: &Path) -> String {
    let Exported { patients, resources, unreadable, waiting, documents, left_out, .. } = exported;
    let patients = counted(*patients, "patient", "patients");
    let resources = counted(*resources, "resource", "resources");
    let mut text = format!("{patients}, {resources} in {}\n", out.display());
    if *unreadable > 0 {
        let _ = writeln!(text, "NOT COMPLETE: {unreadable} entries {}", display::UNREADABLE);
    }
    if *waiting > 0 {
        let _ =
            writeln!(text, "NOT COMPLETE: {waiting} changes wait for others that have not arrived");
    }
    if *documents > 0 {
        let documents = counted(*documents, "document", "documents");
        let _ =
            writeln!(text, "{documents} named without their bytes: `document save` writes them");
    }
    if let Some(coming) = &exported.coming {
        let _ = writeln!(text, "A PART OF THE CLINIC: {} are on this computer", far(coming));
    }
    for one in left_out {
        let _ = writeln!(text, "LEFT OUT: patient {}: {}", one.patient, one.error);
    }
    text
}

/// What was written for other computers.
pub(crate) fn bundle_written(written: &BundleWritten, out: &Path) -> String {
    let envelopes = counted(written.envelopes, "sealed batch", "sealed batches");
    let kib = written.bytes.div_ceil(1024);
    let mut text = format!("{envelopes} of changes in {} ({kib} KiB)\n", out.display());
    if let Some(documents) = &written.documents {
        let left = "not written: the next file takes more of them along";
        text.push_str(&carried(documents, "written beside it", left));
    }
    text
}

/// Documents that were written beside a file, or taken in from there.
fn carried(documents: &CarriedDocuments, done: &str, left: &str) -> String {
    let CarriedDocuments { carried, bytes, left: more, damaged, stopped } = documents;
    let (kib, some) = (bytes.div_ceil(1024), counted(*carried, "document", "documents"));
    let mut text = format!("{some} {done} ({kib} KiB)\n");
    if *more > 0 {
        let _ = writeln!(text, "  {more} more {left}");
    }
    if *damaged > 0 {
        let _ = writeln!(text, "! {damaged} not what they should be: thrown away");
    }
    match stopped {
        None => {}
        Some(ErrorCode::DiskFull) => text.push_str("! there is no room for more\n"),
        Some(_) => text.push_str("! the stick or the disk gave up; do it again\n"),
    }
    text
}

/// A floor that was made.
pub(crate) fn floor_made(made: &FloorMade) -> String {
    let FloorMade { above, envelopes, bytes, usable_after } = made;
    let kib = bytes.div_ceil(1024);
    format!(
        "all charts in {envelopes} packs ({kib} KiB), the first {usable_after} for the work of these \
         days; once another computer has synced, those that join begin past {above} batches\n"
    )
}

/// An exchange with another computer.
pub(crate) fn met_peer(met: &MetPeer) -> String {
    let with = met.name.clone().unwrap_or_else(|| met.device.to_string());
    let line = format!("with {with}: {} sent, {} received", met.sent, met.received);
    format!("{}\n", on_one_line(&line))
}

/// What was taken in of another computer's file.
pub(crate) fn bundle_taken(taken: &BundleTaken, clock: Clock<'_>) -> String {
    let by = taken.name.clone().unwrap_or_else(|| taken.device.to_string());
    let envelopes = counted(taken.envelopes, "sealed batch", "sealed batches");
    let aside = match taken.set_aside {
        0 => String::new(),
        aside => format!(", {aside} of the new ones set aside (`sync --quarantine` says why)"),
    };
    let line = format!(
        "{envelopes} of changes, {} of them new{aside}; written by {by} at {}",
        taken.new,
        clock.moment(taken.made_at)
    );
    let mut text = format!("{}\n", on_one_line(&line));
    if let Some(documents) = &taken.documents {
        let left = "beside it were not taken in: `--documents` takes all";
        text.push_str(&carried(documents, "taken in", left));
    }
    text
}

/// How the sync stands. Why an exchange failed is told once: here for a look at it, as the error
/// of the command that tried it.
pub(crate) fn sync(view: &SyncView, is_look: bool, clock: Clock<'_>) -> String {
    let exchange = last_exchange(view, clock);
    let phase = match &view.phase {
        SyncPhase::Alone => "no server is set: this computer works alone".to_owned(),
        SyncPhase::Idle => exchange,
        SyncPhase::Running => format!("an exchange is going on; {exchange}"),
        SyncPhase::Failed(error) if is_look => format!("the last try failed: {error}; {exchange}"),
        SyncPhase::Failed(_) => format!("not up to date; {exchange}"),
    };
    let waits = if view.is_by_lan_alone() { "on no other computer yet" } else { "to send" };
    let mut out = format!(
        "{phase}; {} sent, {} received, {} {waits}, {} set aside\n",
        view.sent, view.received, view.to_send, view.quarantined
    );
    match &view.server {
        Some(server) => {
            let _ = writeln!(out, "  server {}", on_one_line(server));
        }
        None if view.is_by_lan_alone() => {
            out.push_str("  no server is set: computers exchange over the local network\n");
        }
        None => {}
    }
    if let Some(clinic) = view.clinic.filter(|_| is_look) {
        let _ = writeln!(out, "  clinic {clinic}");
    }
    if let Some(name) = &view.list_at {
        let name = on_one_line(name);
        let _ = writeln!(
            out,
            "  {name} keeps the clinic's list of computers: it lets others in, and the clinic's first \
             server is set there"
        );
    }
    out.push_str(&held(view, clock));
    if let Some(coming) = &view.coming {
        let _ = if coming.by_choice {
            writeln!(out, "! this computer holds a part of the clinic by choice: {}", part(coming))
        } else {
            writeln!(out, "! not all of the record is here: {}", far(coming))
        };
    }
    if view.unread > 0 && !matches!(view.phase, SyncPhase::Running) {
        let batches = counted(view.unread, "batch", "batches");
        let _ = writeln!(
            out,
            "! the last exchange was cut short: {batches} are still to come from the server"
        );
    }
    if let Some(floor) = &view.floor {
        let stands = if floor.proven { "vouched for by two" } else { "not proven yet" };
        let _ = writeln!(out, "  read from a floor at place {}, {stands}", floor.place);
    }
    if let Some(code) = view.files_wait {
        let word = serde_json::to_value(code).unwrap_or_default();
        let why = word.as_str().unwrap_or_default();
        let _ = writeln!(out, "! documents of charts are not on the server yet: {why}");
    }
    if view.too_large > 0 {
        let _ = writeln!(
            out,
            "! {} of the changes to send are too large to travel: they are kept here and reach no \
             other computer.",
            view.too_large
        );
    }
    if view.unreadable > 0 {
        let _ = writeln!(
            out,
            "! {} of the clinic's people cannot be read: a newer Fieldchart wrote them. Update this \
             computer.",
            view.unreadable
        );
    }
    if view.quarantined_waiting > 0 {
        let _ = writeln!(
            out,
            "  {} of what is set aside come in by themselves once keys have come",
            view.quarantined_waiting
        );
    }
    let told = match &view.phase {
        SyncPhase::Failed(error) => error.detail.as_str(),
        SyncPhase::Alone | SyncPhase::Idle | SyncPhase::Running => "",
    };
    for alarm in view.alarms.iter().filter(|alarm| alarm.detail != told) {
        let seen = alarm.seen.as_ref().map(|seen| format!("; looked into by {}", seen.by));
        let (mark, at) = (if seen.is_some() { " " } else { "!" }, clock.moment(alarm.at));
        let seen = seen.unwrap_or_default();
        let way_on = if alarm.alarm == AlarmKind::Restored { IF_NOT_RESTORED } else { "" };
        let _ = writeln!(out, "{mark} {}{way_on} (noticed at {at}{seen})", alarm.detail);
    }
    out
}

/// After the first alarm that two computers with the same keys raise.
const IF_NOT_RESTORED: &str = " If it was not put back from a copy: record something and sync on both once \
                               more, and one of the two will ask.";

/// How much of a record is here of which a part is held, and what is not.
fn part(coming: &Coming) -> String {
    let absent = coming.bytes_of.unwrap_or_default().saturating_sub(coming.bytes);
    let charts = far(&Coming { bytes_of: None, ..*coming });
    let found = if coming.listed { "" } else { "; who is not here cannot be found here" };
    format!("{charts}; {} MB are not here{found}", tenths(absent))
}

/// How much of a record is here that still comes.
pub(crate) fn far(coming: &Coming) -> String {
    let Coming { charts, charts_of, bytes, bytes_of, by_choice, .. } = coming;
    let mut out = match charts_of {
        Some(all) => format!("{charts} of {all} charts"),
        None if *by_choice => counted(*charts, "chart", "charts"),
        None => format!("{}, and more are coming", counted(*charts, "chart", "charts")),
    };
    if let Some(all) = bytes_of {
        let _ = write!(out, ", {} of {} MB", tenths(*bytes), tenths(*all));
    }
    out
}

/// Millions of bytes with one decimal, rounded down.
fn tenths(bytes: u64) -> String {
    format!("{}.{}", bytes / 1_000_000, bytes % 1_000_000 / 100_000)
}

/// What a check found.
pub(crate) fn check(report: &CheckReport) -> String {
    let mut out = String::from(if report.sound { "sound\n" } else { "NOT SOUND\n" });
    report.findings.iter().for_each(|finding| out.push_str(&format!("  {finding}\n")));
    let _ = writeln!(
        out,
        "  {}, {}, {}",
        counted(report.patients, "patient", "patients"),
        counted(report.commits, "commit", "commits"),
        counted(report.audit_entries, "audit entry", "audit entries"),
    );
    out
}

/// That changes of a chart are kept apart; nothing where none are.
pub(crate) fn kept_apart(changes: u64) -> Option<String> {
    let are = counted(changes, "change of this patient is", "changes of this patient are");
    let words = format!(
        "! {are} kept apart and not shown; an allergy may be among them. Ask the patient, and an \
         administrator (`fieldchart sync --quarantine`)"
    );
    (changes > 0).then_some(words)
}

/// How much waits for a decision, and the way to it; nothing where nothing does.
pub(crate) fn to_decide(open: u64) -> Option<String> {
    let entries = counted(open, "entry was", "entries were");
    let words = format!("! {entries} changed in two places, to be decided: `fieldchart conflicts`");
    (open > 0).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_apart_and_what_is_to_be_decided_is_said_where_there_is_some() {
        assert_eq!((kept_apart(0), to_decide(0)), (None, None));
        let one = kept_apart(1).unwrap();
        assert!(one.starts_with("! 1 change of this patient is kept apart"), "{one}");
        assert!(one.contains("an allergy may be among them. Ask the patient"), "{one}");
        assert!(kept_apart(2).unwrap().starts_with("! 2 changes of this patient are kept apart"));
        let told = "! 1 entry was changed in two places, to be decided: `fieldchart conflicts`";
        assert_eq!(to_decide(1).as_deref(), Some(told));
    }

    #[test]
    fn how_the_sync_stands_says_when_something_was_exchanged() {
        let at: clinical::Instant = "2026-11-26T22:05:00Z".parse().unwrap();
        let offset = |_| clinical::UtcOffset::from_seconds(3 * 3600);
        let clock = Clock { now: at, offset: &offset };
        let told = |view: &SyncView| sync(view, true, clock).lines().next().unwrap().to_owned();
        let rest = "0 sent, 0 received, 0 to send, 0 set aside";
        let mut view = SyncView {
            server: Some("https://clinic.example".to_owned()),
            phase: SyncPhase::Idle,
            ..SyncView::default()
        };
        assert_eq!(told(&view), format!("no exchange has gone through yet; {rest}"));
        view.last_success = Some(at);
        let last = "the last exchange was at 27-Nov-2026 01:05";
        assert_eq!(told(&view), format!("{last}; {rest}"));
        view.server = None;
        let rest = "0 sent, 0 received, 0 on no other computer yet, 0 set aside";
        assert_eq!(told(&view), format!("{last}; {rest}"));
    }

    #[test]
    fn who_was_not_put_back_from_a_copy_is_told_the_way_on() {
        let at = clinical::Instant::from_unix_ms(0);
        let clock = Clock { now: at, offset: &|_| clinical::UtcOffset::UTC };
        let check = |alarm, want: &str| {
            let alarm =
                api::SyncAlarm { at, alarm, detail: "As it was noticed.".into(), seen: None };
            let view = SyncView { alarms: vec![alarm], ..SyncView::default() };
            let told = sync(&view, true, clock);
            assert!(told.contains(want), "{told}");
        };
        check(
            AlarmKind::Restored,
            "! As it was noticed. If it was not put back from a copy: record",
        );
        check(AlarmKind::Misnamed, "! As it was noticed. (noticed at 01-Jan-1970 00:00)");
    }

    #[test]
    fn when_a_file_was_written_is_told_by_this_clock() {
        let now = clinical::Instant::from_unix_ms(0);
        let clock = Clock { now, offset: &|_| clinical::UtcOffset::from_seconds(3 * 3600) };
        let taken = BundleTaken {
            device: clinical::DeviceId::from_uuid(clinical::uuid_v7(1, [1; 10])),
            name: Some("Ward".into()),
            made_at: now,
            envelopes: 2,
            new: 1,
            set_aside: 0,
            ended: api::BundleEnded::Whole,
            documents: None,
        };
        let told = bundle_taken(&taken, clock);
        assert!(told.ends_with("written by Ward at 01-Jan-1970 03:00\n"), "{told}");
    }

    #[test]
    fn documents_that_wait_are_told() {
        let clock = Clock {
            now: clinical::Instant::from_unix_ms(0),
            offset: &|_| clinical::UtcOffset::UTC,
        };
        let view = SyncView { files_wait: Some(ErrorCode::OverQuota), ..SyncView::default() };
        let told = sync(&view, false, clock);
        assert!(told.contains("not on the server yet: over-quota"), "{told}");
    }

    #[test]
    fn what_is_kept_and_shown_nowhere_is_told() {
        let mut view = ImportView::default();
        assert!(!import(&view).contains("kept"));
        view.not_shown = [("Task".to_owned(), 1), ("Composition".to_owned(), 2)].into();
        let told = import(&view);
        assert!(told.contains("\n  kept, not shown: 2 Composition, 1 Task\n"), "{told}");
        assert!(!told.contains("here before"), "{told}");
        view.already = [("Patient".to_owned(), 1), ("Task".to_owned(), 1)].into();
        let told = import(&view);
        assert!(told.contains("\n  here before, unchanged: 1 Patient, 1 Task\n"), "{told}");
    }
}
