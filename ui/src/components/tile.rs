//! Tiles: one of a few, each a button that stays pressed.

use crate::markup::prelude::*;

/// The tiles; `named` is the id of what says what is chosen among them.
pub(crate) fn tiles(named: &'static str, tiles: Vec<AnyView>) -> AnyView {
    view! { <div class="tiles" role="group" aria-labelledby=named>{tiles}</div> }.into_any()
}

/// A tile: its title, and what comes of it where the title does not say so.
pub(crate) fn tile(
    title: String,
    help: Option<&'static str>,
    pressed: impl Fn() -> bool + 'static,
    choose: impl Fn() + 'static,
) -> AnyView {
    let class = if help.is_some() { "tile" } else { "tile user" };
    view! {
        <button
            type="button"
            class=class
            aria-pressed=move || pressed().to_string()
            on:click=move |_| choose()
        >
            <b><bdi>{title}</bdi></b>
            {help.map(|help| view! { <span>{help}</span> })}
        </button>
    }
    .into_any()
}
