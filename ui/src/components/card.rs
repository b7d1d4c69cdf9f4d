//! A part of a chart.

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

/// What is over, folded away; nothing when there is nothing.
pub(crate) fn past(label: String, lines: Vec<AnyView>) -> Option<AnyView> {
    if lines.is_empty() {
        return None;
    }
    let list = view! {
        <details class="past">
            <summary>{label}</summary>
            <ul class="lines">{lines}</ul>
        </details>
    };
    Some(list.into_any())
}
