//! Everything that must be decided.

use super::super::{
    paging::{PAGE, Paging},
    shown::shown,
};
use crate::backend::remote;
use crate::components::empty;
use crate::frame::Frame;
use crate::host::clock;
use crate::i18n::t;
use crate::markup::prelude::*;
use crate::sections::{conflict_item, who_listed};
use api::{ListConflicts, Topic};
use clinical::Identity;

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
        let cards = page.items.iter().map(|item| conflict_item(frame, item)).collect_view();
        view! { {cards} {paging.foot(&page)} }.into_any()
    })
}

/// The name of a patient, and birth date with age, sex and number.
pub(super) fn who(identity: Option<&Identity>) -> (String, String) {
    who_listed(identity, clock::today())
}
