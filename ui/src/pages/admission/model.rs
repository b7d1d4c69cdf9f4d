//! What is said of admitting a computer by a number.

use crate::i18n::{t, tf};
use crate::words;
use api::{AdmissionView, ErrorCode};

/// Which of the two computers this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// One of the clinic, which lets the other in.
    Clinic,
    /// The one that wants in.
    Newcomer,
}

/// The digits of a number one by one, in its two groups, for those who hear it.
pub(super) fn spoken(number: &str) -> String {
    let group = |group: &str| group.chars().map(String::from).collect::<Vec<_>>().join(" ");
    number.split(' ').map(group).collect::<Vec<_>>().join(", ")
}

/// What is said aloud when it comes to stand so.
pub(super) fn heard(view: &AdmissionView) -> String {
    match view {
        AdmissionView::None | AdmissionView::Failed(_) => String::new(),
        AdmissionView::Waiting { .. } => t("meeting.waiting").to_owned(),
        AdmissionView::Comparing { number, .. } => {
            tf("meeting.heard", &[("digits", &spoken(number))])
        }
        AdmissionView::Answered { .. } => t("meeting.answered").to_owned(),
        AdmissionView::Admitted { name } => admitted(name.as_deref()),
    }
}

/// That the other computer may join.
pub(super) fn admitted(name: Option<&str>) -> String {
    match name {
        Some(name) => tf("admit.done", &[("name", name)]),
        None => t("admit.done.unnamed").to_owned(),
    }
}

/// What went wrong, and what to do about it.
pub(super) fn failed(side: Side, code: ErrorCode) -> (&'static str, &'static str) {
    let said = words::error(code);
    match (code, side) {
        (ErrorCode::BadCode, Side::Newcomer) => (t("meeting.no-room"), t("meeting.no-room.help")),
        (ErrorCode::NotFound, Side::Clinic | Side::Newcomer) => {
            (t("meeting.ended"), t("meeting.ended.help"))
        }
        (ErrorCode::TooLarge, Side::Clinic) => (t("meeting.too-many"), t("meeting.too-many.help")),
        (ErrorCode::Unreachable | ErrorCode::ServerSilent, Side::Newcomer) => {
            (t("meeting.unreachable"), t("meeting.unreachable.help"))
        }
        _ => (said.what, said.help),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_heard_digit_by_digit() {
        assert_eq!(spoken("123 4567"), "1 2 3, 4 5 6 7");
        let view = AdmissionView::Comparing { number: "000 0042".into(), name: None };
        assert!(heard(&view).ends_with("0 0 0, 0 0 4 2"), "{}", heard(&view));
        assert_eq!(heard(&AdmissionView::None), "");
    }

    #[test]
    fn who_was_let_in_is_told_by_name_where_there_is_one() {
        assert!(admitted(Some("Room 2")).contains("Room 2"));
        assert_eq!(admitted(None), t("admit.done.unnamed"));
    }

    #[test]
    fn what_went_wrong_is_told_in_the_words_of_the_side() {
        let what = |side, code| failed(side, code).0;
        let both = [Side::Clinic, Side::Newcomer];
        for side in both {
            assert_eq!(what(side, ErrorCode::NotFound), t("meeting.ended"));
            assert_eq!(
                failed(side, ErrorCode::NumbersDiffer).1,
                t("error.numbers-differ.help"),
                "stop, and what to do"
            );
        }
        assert_eq!(what(Side::Newcomer, ErrorCode::BadCode), t("meeting.no-room"));
        assert_eq!(what(Side::Clinic, ErrorCode::TooLarge), t("meeting.too-many"));
        // Nothing is kept and sent later of a computer that is in no clinic.
        let help = |side| failed(side, ErrorCode::Unreachable).1;
        assert_eq!(help(Side::Newcomer), t("meeting.unreachable.help"));
        assert_eq!(help(Side::Clinic), t("error.unreachable.help"));
    }
}
