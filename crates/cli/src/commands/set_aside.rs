//! What the sync has set aside, as lines for people.

use super::show::{Clock, identity};
use crate::output::on_one_line;
use api::{QuarantineAwaits, QuarantineItem, QuarantineReason, QuarantineView};

/// The list, with what is safe and what to do.
pub(super) fn set_aside(view: &QuarantineView, clock: Clock<'_>) -> String {
    if view.items.is_empty() {
        return "nothing is set aside".to_owned();
    }
    let mut out: String = view.items.iter().map(|item| line(item, clock)).collect();
    if view.more > 0 {
        out.push_str(&format!("and {} more, older ones\n", view.more));
    }
    out.push_str("\nEach is kept as it came and holds nothing else up.\n");
    out
}

/// Of one batch so many patients are named.
const CHARTS_TOLD: usize = 10;

fn line(item: &QuarantineItem, clock: Clock<'_>) -> String {
    let unnamed = || format!("computer {}", item.device);
    let from = item.name.as_deref().map_or_else(unnamed, |name| format!("“{name}”"));
    let short = item.envelope.get(..16).unwrap_or(&item.envelope);
    let left = item
        .left
        .as_ref()
        .map(|left| format!("  Left aside for good by {}.\n", on_one_line(&left.by)));
    let of = item.of.iter().take(CHARTS_TOLD).map(|of| {
        let who = of.identity.as_ref().map(identity).unwrap_or_default();
        format!("  of patient {}  {}\n", of.patient, on_one_line(&who))
    });
    let more = item.of.len().saturating_sub(CHARTS_TOLD);
    let more = (more > 0).then(|| format!("  and of {more} more\n"));
    let of: String = of.chain(more).collect();
    format!(
        "{}  {short}  from {}, {} bytes\n{}  {}. {}\n{}",
        clock.moment(item.at),
        on_one_line(&from),
        item.bytes,
        of,
        reason(item.reason),
        advice(item.awaits, item.reason),
        left.unwrap_or_default()
    )
}

/// Why a batch was set aside.
const fn reason(reason: QuarantineReason) -> &'static str {
    match reason {
        QuarantineReason::WrongClinic => "It belongs to another clinic",
        QuarantineReason::UnknownKind => "A newer version of the program wrote it",
        QuarantineReason::UnknownDevice => "Its computer is not on the clinic's list here",
        QuarantineReason::AfterCut => "Its computer was removed from the clinic before it",
        QuarantineReason::UnknownEpoch => "It is sealed under keys that have not come",
        QuarantineReason::BadSignature => {
            "It is not as its computer signed it: altered on the way, or made by another"
        }
        QuarantineReason::NoKey => "The key of what it belongs to has not come",
        QuarantineReason::NotOpened => "It does not open: altered on the way, or sealed wrongly",
        QuarantineReason::Malformed => "Its content cannot be read",
        QuarantineReason::WrongTag => "Its content is of something else than it says outside",
        QuarantineReason::Panicked => "Its content broke the merge",
        QuarantineReason::NotMerged => "Its content cannot be merged",
        QuarantineReason::Other => "This version has no name for the reason",
    }
}

/// What to do about it.
const fn advice(awaits: QuarantineAwaits, reason: QuarantineReason) -> &'static str {
    match awaits {
        QuarantineAwaits::Nothing if matches!(reason, QuarantineReason::BadSignature) => {
            "It stays out: exchange once more, or take in the file once more or have it written anew. \
             Nothing is missing where this computer has the batch already."
        }
        QuarantineAwaits::Keys => {
            "It comes in by itself once they have come: sync again, on the other computer too."
        }
        QuarantineAwaits::Update => "Update the program here; it is looked at again then.",
        QuarantineAwaits::Decision => {
            "It waits for a person: what that computer recorded afterwards is not in the record. \
             `sync --take-in` with its name takes it in, `sync --leave` leaves it for good."
        }
        QuarantineAwaits::Nothing => {
            "It stays out: record on this computer what is missing, and have the other looked at."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::AsideOf;
    use clinical::{DeviceId, Instant, PatientId, uuid_v7};

    #[test]
    fn what_is_set_aside_is_told_with_what_to_do() {
        let now = Instant::from_unix_ms(0);
        let clock = Clock { now, offset: &|_| clinical::UtcOffset::from_seconds(3 * 3600) };
        assert_eq!(set_aside(&QuarantineView::default(), clock), "nothing is set aside");
        let item = |name: Option<&str>, reason, awaits| QuarantineItem {
            envelope: "ab".repeat(32),
            device: DeviceId::from_uuid(uuid_v7(1, [0; 10])),
            name: name.map(str::to_owned),
            at: Instant::from_unix_ms(0),
            bytes: 812,
            reason,
            awaits,
            left: None,
            of: Vec::new(),
        };
        let left = api::Left { by: "Dr Ana Reyes".into(), at: Instant::from_unix_ms(0) };
        let aside = item(None, QuarantineReason::AfterCut, QuarantineAwaits::Decision);
        let of = AsideOf { patient: PatientId::from_uuid(uuid_v7(2, [0; 10])), identity: None };
        let items = vec![
            QuarantineItem { left: Some(left), of: vec![of], ..aside },
            item(Some("Room\n2"), QuarantineReason::NoKey, QuarantineAwaits::Keys),
            item(None, QuarantineReason::NotOpened, QuarantineAwaits::Nothing),
            item(None, QuarantineReason::BadSignature, QuarantineAwaits::Nothing),
        ];
        let text = set_aside(&QuarantineView { items, more: 3 }, clock);
        for wanted in [
            "01-Jan-1970 03:00  abababababababab",
            "altered on the way, or made by another. It stays out: exchange once more, or take in the",
            "It stays out: record on this computer what is missing",
            "abababababababab  from “Room 2”, 812 bytes",
            "has not come. It comes in by itself",
            "from computer 00000000-0001-7000",
            "It stays out",
            "of patient 00000000-0002-7000",
            "`sync --take-in` with its name",
            "Left aside for good by Dr Ana Reyes.",
            "and 3 more",
            "holds nothing else up",
        ] {
            assert!(text.contains(wanted), "{wanted} is missing in:\n{text}");
        }
    }
}
