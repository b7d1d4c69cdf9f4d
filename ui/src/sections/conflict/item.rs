//! A dispute outside its chart: the card, with whose it is and what must be known of them.

use super::{Whose, conflict_card, dispute, with_reason};
use crate::frame::Frame;
use crate::host::clock;
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use crate::sections::state_words;
use crate::words::{People, disputed_born, identity_line};
use api::ConflictItem;
use clinical::{AllergyState, Identity};
use jiff::civil::Date;

/// The card of something to decide, wherever such are listed.
pub(crate) fn conflict_item(frame: Frame, item: &ConflictItem) -> AnyView {
    let today = clock::today();
    let people =
        People { people: &item.people, devices: &item.devices, today, local: clock::local };
    let dispute = dispute((item.patient, &item.heads), &item.conflict, &people);
    let dispute = with_reason(item.reason.as_ref(), dispute, &item.conflict);
    conflict_card(frame, &dispute, Some(whose(item, today)))
}

/// Who it is, whole, and the allergies: what must be known before one side is chosen.
fn whose(item: &ConflictItem, today: Date) -> Whose {
    let has_allergies = item.allergy_state == AllergyState::Known;
    let known = item.allergies.join(", ");
    let state = state_words(item.allergy_state);
    let allergies = if has_allergies { format!("{state}: {known}") } else { state.to_owned() };
    let (name, facts) = who_listed(item.identity.as_ref(), today);
    let born = item.identity.as_ref().map(|identity| identity_line(identity, today).born);
    let born = born.unwrap_or_else(|| t("identity.not-known").to_owned());
    let disputed = disputed_born(std::iter::once(&item.conflict), today);
    let (facts, born) = match disputed {
        Some(disputed) => (facts.replacen(&born, &disputed, 1), disputed),
        None => (facts, born),
    };
    Whose { name, born, facts, allergies, has_allergies }
}

/// Who stands in a list of what waits: the name, and birth date with age, sex and number.
pub(crate) fn who_listed(identity: Option<&Identity>, today: Date) -> (String, String) {
    let Some(line) = identity.map(|identity| identity_line(identity, today)) else {
        return (t("identity.not-known").to_owned(), String::new());
    };
    let facts = [("born", line.born.as_str()), ("sex", line.sex), ("number", &line.number)];
    let facts = tf("conflicts.whose", &facts);
    (line.name, facts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sections::part::tests::{chart_view, stamp, uuid};
    use clinical::{Conflict, EntryKind, EntryRef, EntryValue, Version};
    use std::collections::BTreeMap;

    fn item() -> ConflictItem {
        let view = chart_view();
        let identity = view.chart.patient.map(|patient| patient.identity).unwrap();
        let born = |born: &str| {
            let identity = Identity { birth_date: born.parse().ok(), ..identity.clone() };
            let (value, change) = (EntryValue::Identity(identity), born.to_owned());
            Version { value, stamp: stamp(), change }
        };
        let entry = EntryRef::new(EntryKind::Patient, uuid(9));
        let conflict = Conflict {
            id: Conflict::id_of(entry, "identity"),
            entry,
            field: "identity".into(),
            base: None,
            versions: vec![born("1980-03-14"), born("1981-04-13")],
        };
        ConflictItem {
            patient: view.patient,
            identity: Some(identity),
            allergy_state: AllergyState::Known,
            allergies: vec!["penicillin".into(), "latex".into()],
            conflict,
            reason: None,
            people: BTreeMap::new(),
            devices: BTreeMap::new(),
            heads: "aa".into(),
        }
    }

    #[test]
    fn whose_it_is_is_told_with_every_disputed_birth_date_and_the_allergies() {
        let of = |item: &ConflictItem| whose(item, jiff::civil::date(2026, 11, 24));
        let mut item = item();
        let said = of(&item);
        let either = "14-Mar-1980 (46y) or 13-Apr-1981 (45y), to decide";
        assert_eq!((said.name.as_str(), said.born.as_str()), ("OKELLO, Grace", either));
        assert_eq!(said.facts, format!("· born {either} · Female · Not known"));
        let allergies = "Known allergies: penicillin, latex";
        assert_eq!((said.allergies.as_str(), said.has_allergies), (allergies, true));
        item.conflict.versions.truncate(1);
        item.allergy_state = AllergyState::NotRecorded;
        let said = of(&item);
        assert_eq!(said.born, "14-Mar-1980 (46y)");
        assert!(said.facts.starts_with("· born 14-Mar-1980 (46y) · "), "{}", said.facts);
        assert_eq!((said.allergies.contains("penicillin"), said.has_allergies), (false, false));
        item.identity = None;
        let said = of(&item);
        assert_eq!((said.name.as_str(), said.born.as_str()), ("Not known", "Not known"));
        assert_eq!(said.facts, "");
    }
}
