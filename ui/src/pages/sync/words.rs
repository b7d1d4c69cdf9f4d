//! What the sync raises and sets aside, in words: what it is, what is safe, what to do.

use crate::components::Tone;
use crate::i18n::{t, tf, tn};
use crate::words::file_size;
use api::{
    AlarmKind, BundleEnded, BundleOrigin, BundleTaken, CarriedDocuments, CopyIs, ErrorCode,
    KeysRotated, QuarantineAwaits, QuarantineReason,
};
use clinical::Instant;

/// How far another computer's file was read, and what to do.
pub(super) fn taken(ended: BundleEnded) -> &'static str {
    t(match ended {
        BundleEnded::Whole => "stick.ended.whole",
        BundleEnded::CutOff => "stick.ended.cut-off",
        BundleEnded::Damaged => "stick.ended.damaged",
        BundleEnded::Altered => "stick.ended.altered",
        BundleEnded::MembersContradict => "stick.ended.members-contradict",
        BundleEnded::Unreadable => "stick.ended.unreadable",
        BundleEnded::Stopped => "stick.ended.stopped",
    })
}

/// Who wrote a file that lies on a stick, and when; of what this computer wrote that it is for others.
/// `moment` writes a time.
pub(super) fn origin(written: &BundleOrigin, moment: &dyn Fn(Instant) -> String) -> String {
    let key = if written.here { "stick.by-this" } else { "stick.by" };
    let when = moment(written.at);
    tf(key, &[("name", computer(written.name.as_deref())), ("when", &when)])
}

/// How much of another computer's file was taken in; and how much of it was set aside, where any was.
pub(super) fn came(took: &BundleTaken) -> (String, Option<String>) {
    let into_charts = took.new.saturating_sub(took.set_aside);
    let what = match (took.new, into_charts) {
        (0, _) => t("stick.nothing-new").to_owned(),
        (_, 0) => t("stick.none-taken").to_owned(),
        (_, taken) => tn("stick.taken", taken),
    };
    (what, (took.set_aside > 0).then(|| tn("stick.aside", took.set_aside)))
}

/// The documents that were written beside a file, in counts and bytes, and what is left of them.
pub(super) fn put_beside(documents: &CarriedDocuments) -> String {
    beside(documents, "stick.documents.written", "stick.documents.to-write")
}

/// The documents that were taken in from beside a file, and what is left of them.
pub(super) fn taken_beside(documents: &CarriedDocuments) -> String {
    beside(documents, "stick.documents.taken", "stick.documents.to-take")
}

fn beside(documents: &CarriedDocuments, done: &'static str, left: &'static str) -> String {
    let count =
        |key, number: u64, size: &str| tf(key, &[("n", &number.to_string()), ("size", size)]);
    let size = file_size(documents.bytes);
    let done = (documents.carried > 0).then(|| count(done, documents.carried, &size));
    let left = (documents.left > 0).then(|| count(left, documents.left, ""));
    let wrong =
        (documents.damaged > 0).then(|| count("stick.documents.damaged", documents.damaged, ""));
    let stopped = documents.stopped.map(|code| {
        let by_hand = code == ErrorCode::FileStopped;
        let key = if by_hand { "stick.documents.stopped-here" } else { "stick.documents.stopped" };
        t(key).to_owned()
    });
    let said = [done, left, wrong, stopped].into_iter().flatten();
    let said: Vec<String> = said.collect();
    if said.is_empty() { t("stick.documents.none").to_owned() } else { said.join(" ") }
}

/// What an alarm is, and what to do.
pub(super) fn alarm(alarm: &AlarmKind) -> (String, &'static str) {
    let minutes = |key, minutes: u64| tf(key, &[("minutes", &minutes.to_string())]);
    let of = |key, name: &Option<String>| tf(key, &[("name", computer(name.as_deref()))]);
    match alarm {
        AlarmKind::ClockAhead { minutes: n } => {
            (minutes("alarm.clock-ahead", *n), t("alarm.clock.help"))
        }
        AlarmKind::ClockBehind { minutes: n } => {
            (minutes("alarm.clock-behind", *n), t("alarm.clock.help"))
        }
        AlarmKind::Restored => (t("alarm.restored").to_owned(), t("alarm.restored.help")),
        AlarmKind::Forked { name, .. } => (of("alarm.forked", name), t("alarm.forked.help")),
        AlarmKind::LogReplaced => {
            (t("alarm.log-replaced").to_owned(), t("alarm.log-replaced.help"))
        }
        AlarmKind::HistoriesDiffer { name, .. } => {
            (of("alarm.histories-differ", name), t("alarm.histories-differ.help"))
        }
        AlarmKind::Misnamed => (t("alarm.misnamed").to_owned(), t("alarm.server.help")),
        AlarmKind::SetAsideFull => {
            (t("alarm.set-aside-full").to_owned(), t("alarm.set-aside-full.help"))
        }
        AlarmKind::FloorUnproven => {
            (t("alarm.floor-unproven").to_owned(), t("alarm.floor-unproven.help"))
        }
        AlarmKind::PushRefused => (t("alarm.push-refused").to_owned(), t("alarm.server.help")),
        AlarmKind::OverQuota => (t("alarm.over-quota").to_owned(), t("alarm.over-quota.help")),
        AlarmKind::ServerMisbehaves => {
            (t("alarm.server-misbehaves").to_owned(), t("alarm.server.help"))
        }
        AlarmKind::LogContradicts => {
            (t("alarm.log-contradicts").to_owned(), t("alarm.server.help"))
        }
        AlarmKind::MembersContradict => {
            (t("alarm.members-contradict").to_owned(), t("alarm.server.help"))
        }
        AlarmKind::MembersMended => {
            (t("alarm.members-mended").to_owned(), t("alarm.members-mended.help"))
        }
        AlarmKind::KeysWithheld => {
            (t("alarm.keys-withheld").to_owned(), t("alarm.keys-withheld.help"))
        }
        AlarmKind::NumbersDiffered => {
            (t("alarm.numbers-differed").to_owned(), t("alarm.numbers-differed.help"))
        }
        AlarmKind::Copied => (t("alarm.copied").to_owned(), t("alarm.copied.help")),
        AlarmKind::Revoked => (t("alarm.revoked").to_owned(), t("alarm.revoked.help")),
    }
}

/// What became of new keys: they are made, or wait until a computer meets the server.
pub(super) fn new_keys(made: &KeysRotated) -> (Tone, String, &'static str) {
    if made.entered {
        let what = tf("clinic-keys.made", &[("n", &made.epoch.to_string())]);
        (Tone::Ok, what, t("clinic-keys.made.help"))
    } else {
        (Tone::Info, t("clinic-keys.wished").to_owned(), t("clinic-keys.wished.help"))
    }
}

/// What the other of two computers with the same keys may be, as it is chosen; and what that means.
pub(super) fn copy_is(answer: CopyIs) -> (&'static str, &'static str) {
    match answer {
        CopyIs::SecondComputer => (t("copied.second"), t("copied.second.help")),
        CopyIs::Stolen => (t("copied.stolen"), t("copied.stolen.help")),
        CopyIs::PutBack => (t("copied.put-back"), t("copied.put-back.help")),
    }
}

/// What is done by each answer: what is asked once more, what follows, the button.
pub(super) fn copy_does(answer: CopyIs) -> (&'static str, &'static str, &'static str) {
    match answer {
        CopyIs::SecondComputer => {
            (t("copied.second.what"), t("copied.second.then"), t("copied.second.act"))
        }
        CopyIs::Stolen => {
            (t("copied.stolen.what"), t("copied.stolen.then"), t("copied.stolen.act"))
        }
        CopyIs::PutBack => {
            (t("copied.put-back.what"), t("copied.put-back.then"), t("copied.put-back.act"))
        }
    }
}

/// A computer's name, where it is known.
pub(super) fn computer(name: Option<&str>) -> &str {
    name.unwrap_or_else(|| t("quarantine.unknown-computer"))
}

/// Why a batch was set aside.
pub(super) fn reason(reason: QuarantineReason) -> &'static str {
    t(match reason {
        QuarantineReason::WrongClinic => "quarantine.wrong-clinic",
        QuarantineReason::UnknownKind => "quarantine.unknown-kind",
        QuarantineReason::UnknownDevice => "quarantine.unknown-device",
        QuarantineReason::AfterCut => "quarantine.after-cut",
        QuarantineReason::UnknownEpoch => "quarantine.unknown-epoch",
        QuarantineReason::BadSignature => "quarantine.bad-signature",
        QuarantineReason::NoKey => "quarantine.no-key",
        QuarantineReason::NotOpened => "quarantine.not-opened",
        QuarantineReason::Malformed => "quarantine.malformed",
        QuarantineReason::WrongTag => "quarantine.wrong-tag",
        QuarantineReason::Panicked => "quarantine.panicked",
        QuarantineReason::NotMerged => "quarantine.not-merged",
        QuarantineReason::Other => "quarantine.other",
    })
}

/// What to do about it.
pub(super) fn advice(awaits: QuarantineAwaits) -> &'static str {
    t(match awaits {
        QuarantineAwaits::Keys => "quarantine.awaits.keys",
        QuarantineAwaits::Update => "quarantine.awaits.update",
        QuarantineAwaits::Decision => "quarantine.awaits.decision",
        QuarantineAwaits::Nothing => "quarantine.awaits.nothing",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::tests::{speak, tags};
    use clinical::{DeviceId, uuid_v7};
    use std::collections::BTreeSet;

    #[test]
    fn an_alarm_says_what_it_is_and_what_to_do() {
        let device = DeviceId::from_uuid(uuid_v7(1, [0; 10]));
        let check = |kind: AlarmKind, wanted: &str| {
            let (what, help) = alarm(&kind);
            assert!(what.contains(wanted) && !what.contains('{'), "{what}");
            assert!(!help.is_empty() && help != what, "{help}");
        };
        check(AlarmKind::ClockAhead { minutes: 7 }, "7 minutes ahead");
        check(AlarmKind::ClockBehind { minutes: 7 }, "7 minutes behind");
        check(AlarmKind::Forked { device, name: Some("Room 2".into()) }, "Room 2");
        check(AlarmKind::HistoriesDiffer { device, name: None }, "a computer without a name");
        check(AlarmKind::OverQuota, "used up");
    }

    #[test]
    fn what_was_set_aside_is_not_said_to_be_taken_in() {
        let check = |new, set_aside, what: &str, aside: Option<&str>| {
            let took = BundleTaken {
                device: DeviceId::from_uuid(uuid_v7(1, [0; 10])),
                name: None,
                made_at: Instant::from_unix_ms(1),
                envelopes: 9,
                new,
                set_aside,
                ended: BundleEnded::Whole,
                documents: None,
            };
            let (told, also) = came(&took);
            assert_eq!(
                (told.as_str(), also.is_some()),
                (what, aside.is_some()),
                "{new} {set_aside}"
            );
            assert!(also.unwrap_or_default().starts_with(aside.unwrap_or_default()));
        };
        check(0, 0, "Nothing was new in the file", None);
        check(3, 0, "3 changes were taken in", None);
        check(3, 2, "1 change was taken in", Some("2 batches were set aside"));
        check(2, 2, "Nothing was taken into the charts", Some("2 batches were set aside"));
    }

    #[test]
    fn who_wrote_a_file_is_told_and_of_ones_own_that_it_is_for_others() {
        let check = |here, name: Option<&str>, want: &str| {
            let at = Instant::from_unix_ms(1);
            let written = BundleOrigin { name: name.map(str::to_owned), at, here };
            assert_eq!(origin(&written, &|_| "14:18".to_owned()), want);
        };
        check(false, Some("Ward"), "Written by Ward, 14:18");
        check(false, None, "Written by a computer without a name here, 14:18");
        check(true, Some("Desk"), "Written here by Desk, 14:18: it is for the other computers.");
    }

    #[test]
    fn documents_on_a_stick_are_told_in_counts_and_bytes() {
        let none = CarriedDocuments::default();
        assert_eq!(put_beside(&none), "There was no document to carry.");
        let some = CarriedDocuments { carried: 2, bytes: 300_000, left: 3, ..none };
        assert_eq!(
            put_beside(&some),
            "Documents written: 2 (300 KB). Documents that are not on the stick: 3."
        );
        let here = CarriedDocuments { stopped: Some(ErrorCode::FileStopped), ..some };
        assert!(
            put_beside(&here)
                .ends_with("It was stopped here; the next time goes on where it ended.")
        );
        let stopped = Some(ErrorCode::DiskFull);
        let told = taken_beside(&CarriedDocuments { damaged: 1, stopped, ..some });
        assert!(told.starts_with("Documents taken in: 2 (300 KB)."), "{told}");
        assert!(told.contains(": 1.") && told.ends_with("goes on where it ended."), "{told}");
        for tag in tags() {
            let told = speak(tag, || put_beside(&some));
            assert!(told.contains('2') && told.contains("300") && !told.contains('{'), "{tag}");
        }
    }

    #[test]
    fn new_keys_are_said_to_be_made_or_to_wait() {
        let (tone, what, _) = new_keys(&KeysRotated { epoch: 4, entered: true });
        assert_eq!((tone, what.contains('4')), (Tone::Ok, true), "{what}");
        let (tone, waits, help) = new_keys(&KeysRotated { epoch: 4, entered: false });
        assert_eq!(tone, Tone::Info);
        assert!(waits != what && help.contains("server"), "{waits} {help}");
    }

    /// Whoever is asked must tell the three apart by what they mean, not by a word of the machine.
    #[test]
    fn each_answer_about_a_copy_says_what_it_does_in_every_language() {
        let all = [CopyIs::SecondComputer, CopyIs::Stolen, CopyIs::PutBack];
        for tag in tags() {
            let said: BTreeSet<_> = speak(tag, || {
                let of = |answer| {
                    let (title, help) = copy_is(answer);
                    let (what, then, act) = copy_does(answer);
                    [title, help, what, then, act]
                };
                all.into_iter().flat_map(of).collect()
            });
            assert_eq!(said.len(), 15, "{tag}: {said:?}");
            assert!(!said.iter().any(|text| text.contains("fieldchart")), "{tag}");
        }
    }

    #[test]
    fn no_two_reasons_read_alike() {
        use QuarantineReason as R;
        let all = [
            R::WrongClinic,
            R::UnknownKind,
            R::UnknownDevice,
            R::AfterCut,
            R::UnknownEpoch,
            R::BadSignature,
            R::NoKey,
            R::NotOpened,
            R::Malformed,
            R::WrongTag,
            R::Panicked,
            R::NotMerged,
            R::Other,
        ];
        assert_eq!(all.map(reason).into_iter().collect::<BTreeSet<_>>().len(), all.len());
    }
}
