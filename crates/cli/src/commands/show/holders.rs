//! Who else holds the record, and when they were last met.

use api::{Holder, HolderView, SyncPhase, SyncView};
use std::fmt::Write;

use super::clock::Clock;
use super::line::counted;
use crate::output::on_one_line;

/// When something was last exchanged, and with whom: what was "up to date" then may be so no more.
pub(super) fn last_exchange(view: &SyncView, clock: Clock<'_>) -> String {
    let Some(at) = view.last_success else { return "no exchange has gone through yet".to_owned() };
    let with = match &view.last_with {
        Some(who @ Holder::Computer { .. }) => format!(", with {}", on_one_line(&named(who))),
        Some(Holder::Server) | None => String::new(),
    };
    format!("the last exchange was at {}{with}", clock.moment(at))
}

/// A line for the server and for each computer that was met: what it holds, and how it was last met.
/// Where only the server was, and has everything, the line above has said it. What it was not seen to
/// have though nothing waits is said to it once more. Why the exchange with the server failed is told
/// above, or as the command's error, and not once more here.
pub(super) fn held(view: &SyncView, clock: Clock<'_>) -> String {
    let is_met = view.holders.iter().any(|holder| holder.who != Holder::Server);
    let mut out = String::new();
    let at_rest = view.to_send == 0 && view.phase == SyncPhase::Idle;
    for HolderView { who, lacks, met } in view.holders.iter().filter(|it| is_met || it.lacks > 0) {
        let what = match lacks {
            0 => "everything".to_owned(),
            lacks if at_rest && *who == Holder::Server => {
                let batches = counted(*lacks, "batch", "batches");
                format!("all but {batches}, which the next sync gives it")
            }
            lacks => format!("all but {}", counted(*lacks, "batch", "batches")),
        };
        let at = met.at.map_or_else(
            || never_met(who).to_owned(),
            |at| format!("last met at {}", clock.moment(at)),
        );
        let is_told = *who == Holder::Server && matches!(view.phase, SyncPhase::Failed(_));
        let failed = met.failed.as_ref().filter(|_| !is_told);
        let failed = failed.map(|error| format!("; the last try failed: {error}"));
        let line = format!("{}: {what}; {at}{}", named(who), failed.unwrap_or_default());
        let _ = writeln!(out, "  on {}", on_one_line(&line));
    }
    out
}

/// What is said in the place of a time. What a computer holds may be known by a file it wrote.
const fn never_met(who: &Holder) -> &'static str {
    match who {
        Holder::Server => "not met yet",
        Holder::Computer { .. } => "never met directly",
    }
}

fn named(who: &Holder) -> String {
    match who {
        Holder::Server => "the server".to_owned(),
        Holder::Computer { device, name } => name.clone().unwrap_or_else(|| device.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::{ApiError, ErrorCode, MetView};

    #[test]
    fn who_holds_what_and_who_was_met_last_is_told() {
        let at: clinical::Instant = "2026-11-26T22:05:00Z".parse().unwrap();
        let offset = |_| clinical::UtcOffset::from_seconds(3 * 3600);
        let clock = Clock { now: at, offset: &offset };
        let device = clinical::DeviceId::from_uuid(clinical::uuid_v7(1, [1; 10]));
        let ward = Holder::Computer { device, name: Some("Ward".into()) };
        let of = |who: &Holder, lacks, met| HolderView { who: who.clone(), lacks, met };
        let met = MetView { at: Some(at), ..MetView::default() };
        let server = of(&Holder::Server, 312, MetView::default());
        let mut view = SyncView { holders: vec![server], ..SyncView::default() };
        assert_eq!(held(&view, clock), "  on the server: all but 312 batches; not met yet\n");
        let rests = SyncView { phase: SyncPhase::Idle, ..view.clone() };
        assert!(held(&rests, clock).contains("which the next sync gives it"));
        let whole = vec![of(&Holder::Server, 0, MetView::default())];
        assert_eq!(held(&SyncView { holders: whole, ..view.clone() }, clock), "");
        view.holders.push(of(&ward, 0, met.clone()));
        (view.last_success, view.last_with) = (Some(at), Some(ward.clone()));
        let moment = "27-Nov-2026 01:05";
        assert_eq!(
            held(&view, clock),
            format!(
                "  on the server: all but 312 batches; not met yet\n  \
                 on Ward: everything; last met at {moment}\n"
            )
        );
        assert_eq!(
            last_exchange(&view, clock),
            format!("the last exchange was at {moment}, with Ward")
        );
        view.holders = vec![of(&ward, 0, MetView::default())];
        assert_eq!(held(&view, clock), "  on Ward: everything; never met directly\n");
        let error = ApiError::new(ErrorCode::ServerSilent, "It went silent.");
        let failed = MetView { failed: Some(error.clone()), ..met };
        let in_vain = MetView { at: None, ..failed.clone() };
        view.holders = vec![of(&ward, 1, in_vain)];
        let told = held(&view, clock);
        assert!(told.contains("; never met directly; the last try failed: It went"), "{told}");
        view.holders = vec![of(&ward, 1, failed.clone())];
        let told = held(&view, clock);
        assert!(told.ends_with("the last try failed: It went silent.\n"), "{told}");
        view.holders = vec![of(&Holder::Server, 1, failed)];
        assert!(held(&view, clock).contains("It went silent."), "known from an earlier run alone");
        view.phase = SyncPhase::Failed(error);
        assert!(!held(&view, clock).contains("It went silent."), "told by the line above");
    }

    #[test]
    fn a_clinic_without_a_server_is_not_told_that_it_is_alone() {
        let clock = Clock {
            now: clinical::Instant::from_unix_ms(0),
            offset: &|_| clinical::UtcOffset::UTC,
        };
        let view = SyncView { phase: SyncPhase::Idle, to_send: 3, ..SyncView::default() };
        let told = super::super::travel::sync(&view, true, clock);
        assert!(!told.contains("alone") && told.contains("3 on no other computer yet"), "{told}");
        assert!(told.contains("over the local network"), "{told}");
        let alone = super::super::travel::sync(&SyncView::default(), true, clock);
        assert!(alone.contains("works alone"), "{alone}");
    }
}
