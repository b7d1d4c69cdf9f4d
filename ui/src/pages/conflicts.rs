//! Everything that must be decided.

use super::{
    paging::{PAGE, Paging},
    shown::shown,
};
use crate::backend::remote;
use crate::components::{empty, page_head};
use crate::frame::Frame;
use crate::host::clock;
use crate::i18n::t;
use crate::sections::{conflict_card, dispute};
use crate::words::{People, identity_line};
use api::{ConflictItem, ListConflicts, Topic};
use leptos::prelude::*;

/// The page.
pub(crate) fn conflicts(frame: Frame) -> AnyView {
    let paging = Paging::new();
    let page = remote(
        move || Some(ListConflicts { after: paging.after(), limit: PAGE }),
        |topic| topic == Topic::Conflicts,
    );
    let list = shown(page, move |page| {
        if page.total == 0 {
            return empty(t("conflicts.empty"));
        }
        let cards = page.items.iter().map(|item| card(frame, item)).collect_view();
        view! { {cards} {paging.foot(&page)} }.into_any()
    });
    view! { {page_head(t("conflicts.title"), t("conflicts.text"), None)} <div class="stack">{list}</div> }
        .into_any()
}

fn card(frame: Frame, item: &ConflictItem) -> AnyView {
    let people = People {
        people: &item.people,
        devices: &item.devices,
        today: clock::today(),
        local: clock::local,
    };
    let whose = item.identity.as_ref().map(|identity| {
        let line = identity_line(identity, people.today);
        format!("{} · {}", line.name, line.born)
    });
    let whose = whose.unwrap_or_else(|| t("identity.not-known").to_owned());
    conflict_card(frame, &dispute(item.patient, &item.conflict, &people), Some(whose))
}
