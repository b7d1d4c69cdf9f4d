//! The head of a page.

use crate::markup::prelude::*;

/// A page's name, what it is for, and what can be done.
pub(crate) fn page_head(
    title: &'static str,
    text: &'static str,
    actions: Option<AnyView>,
) -> AnyView {
    view! {
        <header class="page-head">
            <div>
                <h1>{title}</h1>
                <p class="hint">{text}</p>
            </div>
            {actions.map(|actions| view! { <div class="actions">{actions}</div> })}
        </header>
    }
    .into_any()
}
