//! The ways through the window.

use super::{Icon, icon};
use crate::markup::prelude::*;

/// The way to a page, with how much waits there. `here` says whether that page is shown; `waiting`
/// is what the number is of, for those who do not see where it stands.
pub(crate) fn nav_link(
    (picture, name): (Icon, &'static str),
    here: impl Fn() -> bool + 'static,
    (count, waiting): (impl Fn() -> u64 + 'static, &'static str),
    go: impl Fn() + 'static,
) -> AnyView {
    let badge = move || badge(count(), waiting);
    drawn((picture, name), Box::new(here), badge.into_any(), Box::new(go))
}

fn badge(count: u64, waiting: &'static str) -> Option<AnyView> {
    let badge =
        || view! { <span class="badge">{count}</span> <span class="only-heard">{waiting}</span> };
    (count > 0).then(|| badge().into_any())
}

fn drawn(
    (picture, name): (Icon, &'static str),
    here: Box<dyn Fn() -> bool>,
    badge: AnyView,
    go: Box<dyn Fn()>,
) -> AnyView {
    view! {
        <button
            type="button"
            class="rail-link"
            aria-current=move || here().then_some("page")
            on:click=move |_| go()
        >
            {icon(picture)}
            <span>{name}</span>
            " "
            {badge}
        </button>
    }
    .into_any()
}

/// Past all that stands before the page: seen when the keyboard comes to it.
pub(crate) fn skip_link(name: &'static str, go: impl Fn() + 'static) -> AnyView {
    view! { <button type="button" class="skip" on:click=move |_| go()>{name}</button> }.into_any()
}
