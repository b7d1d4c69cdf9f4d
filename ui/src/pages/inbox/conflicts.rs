//! Everything that must be decided.

use super::super::{
    paging::{PAGE, Paging},
    shown::shown,
};
use crate::backend::remote;
use crate::components::empty;
use crate::frame::Frame;
use crate::host::clock;
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use crate::sections::{Whose, conflict_card, dispute, state_words, with_reason};
use crate::words::{People, disputed_born, identity_line};
use api::{ConflictItem, ListConflicts, Topic};
use clinical::{AllergyState, Identity};

/// All of it, a card for each.
pub(super) fn conflicts(frame: Frame) -> AnyView {
    let paging = Paging::new();
    let page = remote(
        move || Some(ListConflicts { after: paging.after(), limit: PAGE }),
        |topic| topic == Topic::Conflicts,
    );
    shown(page, move |page| {
        if page.total == 0 {
            return empty(t("conflicts.empty"));
        }
        let cards = page.items.iter().map(|item| card(frame, item)).collect_view();
        view! { {cards} {paging.foot(&page)} }.into_any()
    })
}

fn card(frame: Frame, item: &ConflictItem) -> AnyView {
    let people = People {
        people: &item.people,
        devices: &item.devices,
        today: clock::today(),
        local: clock::local,
    };
    let dispute = dispute((item.patient, &item.heads), &item.conflict, &people);
    let dispute = with_reason(item.reason.as_ref(), dispute, &item.conflict);
    conflict_card(frame, &dispute, Some(whose(item)))
}

/// Who it is, whole, and the allergies: what must be known before one side is chosen.
fn whose(item: &ConflictItem) -> Whose {
    let has_allergies = item.allergy_state == AllergyState::Known;
    let known = item.allergies.join(", ");
    let state = state_words(item.allergy_state);
    let allergies = if has_allergies { format!("{state}: {known}") } else { state.to_owned() };
    let (name, facts) = who(item.identity.as_ref());
    let born = item.identity.as_ref().map(|identity| identity_line(identity, clock::today()).born);
    let born = born.unwrap_or_else(|| t("identity.not-known").to_owned());
    let disputed = disputed_born(std::iter::once(&item.conflict), clock::today());
    let (facts, born) = match disputed {
        Some(disputed) => (facts.replacen(&born, &disputed, 1), disputed),
        None => (facts, born),
    };
    Whose { name, born, facts, allergies, has_allergies }
}

/// The name of a patient, and birth date with age, sex and number.
pub(super) fn who(identity: Option<&Identity>) -> (String, String) {
    let Some(line) = identity.map(|identity| identity_line(identity, clock::today())) else {
        return (t("identity.not-known").to_owned(), String::new());
    };
    let facts = [("born", line.born.as_str()), ("sex", line.sex), ("number", &line.number)];
    let facts = tf("conflicts.whose", &facts);
    (line.name, facts)
}
