//! Whose draft it is and of which day: words of last week are not taken for today's.

use crate::i18n::{t, tf};
use crate::words::{LocalTime, moment};
use clinical::{Instant, NoteDraft};
use jiff::civil::Date;

/// The beginning of a draft, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Begun {
    /// `Draft begun 24-Nov-2026 09:05 by Dr Amina`.
    pub line: String,
    /// It was begun on another day, and there is something in it.
    pub is_old: bool,
}

/// Reads the beginning of a draft; nothing where it is not known.
pub(super) fn begun(
    draft: &NoteDraft,
    today: Date,
    local: fn(Instant) -> LocalTime,
) -> Option<Begun> {
    let stamp = draft.begun?;
    let at = local(stamp.at);
    let who = draft.names.get(&stamp.author).map_or(t("written.person"), String::as_str);
    let line = tf("note.begun", &[("when", &moment(at, today)), ("who", who)]);
    let is_today = Date::new(at.year, at.month, at.day).is_ok_and(|day| day == today);
    Some(Begun { line, is_old: !is_today && !draft.is_blank() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::{
        CompositionId, DeviceId, NoteSectionCode, PatientId, PractitionerId, Stamp, uuid_v7,
    };

    #[test]
    fn a_draft_of_another_day_says_so() {
        fn local(_: Instant) -> LocalTime {
            LocalTime { year: 2026, month: 11, day: 24, hour: 9, minute: 5 }
        }
        let id = uuid_v7(1, [0; 10]);
        let author = PractitionerId::from_uuid(id);
        let at = Instant::from_unix_ms(0);
        let draft = |text: &str| NoteDraft {
            id: CompositionId::from_uuid(id),
            patient: PatientId::from_uuid(id),
            encounter: None,
            title: String::new(),
            begun: Some(Stamp { author, device: DeviceId::from_uuid(id), at }),
            sections: [(NoteSectionCode::Plan, text.to_owned())].into(),
            signed: Vec::new(),
            authors: [].into(),
            names: [(author, "Dr Amina".to_owned())].into(),
            tracked: [].into(),
        };
        let check = |text: &str, day: i8, line: &str, is_old: bool| {
            let said = begun(&draft(text), jiff::civil::date(2026, 11, day), local).unwrap();
            assert_eq!((said.line.as_str(), said.is_old), (line, is_old), "{text} {day}");
        };
        check("Rest.", 24, "Draft begun 09:05 by Dr Amina", false);
        check("Rest.", 26, "Draft begun 24-Nov-2026 09:05 by Dr Amina", true);
        // Nothing of it can be taken for today's.
        check(" ", 26, "Draft begun 24-Nov-2026 09:05 by Dr Amina", false);
        assert_eq!(begun(&NoteDraft { begun: None, ..draft("x") }, Date::MIN, local), None);
    }
}
