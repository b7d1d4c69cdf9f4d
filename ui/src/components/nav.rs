//! The ways through the window.

use super::{Icon, icon};
use crate::markup::prelude::*;

/// The way to a page, with how much waits there, as far as that is known. `here` says whether that
/// page is shown; the words are what the number is of, and that it is not known, for those who do not
/// see where it stands.
pub(crate) fn nav_link(
    (picture, name): (Icon, &'static str),
    here: impl Fn() -> bool + 'static,
    (count, words): (impl Fn() -> Option<u64> + 'static, [&'static str; 2]),
    go: impl Fn() + 'static,
) -> AnyView {
    let badge = move || badge(count(), words);
    drawn((picture, name), Box::new(here), badge.into_any(), Box::new(go))
}

fn badge(count: Option<u64>, [waiting, unknown]: [&'static str; 2]) -> Option<AnyView> {
    let (seen, heard) = match count {
        Some(0) => return None,
        Some(count) => (count.to_string(), waiting),
        // Silence is no all-clear.
        None => ("?".to_owned(), unknown),
    };
    let badge = view! { <span class="badge">{seen}</span> <span class="only-heard">{heard}</span> };
    Some(badge.into_any())
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
