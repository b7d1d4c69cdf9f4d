//! A part of a page.

use crate::markup::prelude::*;

/// A part with its name, what can be added and what it holds. `mark` is its test id, and names
/// its heading.
pub(crate) fn card(
    mark: &'static str,
    title: &'static str,
    actions: AnyView,
    body: AnyView,
) -> AnyView {
    let heading = format!("heading-{mark}");
    let labelled = heading.clone();
    view! {
        <section class="card" data-testid=mark aria-labelledby=labelled>
            <header class="card-head">
                <h2 id=heading>{title}</h2>
                <div class="actions">{actions}</div>
            </header>
            {body}
        </section>
    }
    .into_any()
}

/// A part of any other page, which is no place to go to of its own.
pub(crate) fn plain_card(title: &'static str, body: AnyView) -> AnyView {
    view! {
        <section class="card"><header class="card-head"><h2>{title}</h2></header> {body}</section>
    }
    .into_any()
}
