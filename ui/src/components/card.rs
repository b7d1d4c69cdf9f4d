//! A part of a chart.

use crate::markup::prelude::*;
use wasm_bindgen::JsCast;

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

/// What is over, folded away, and drawn once it is unfolded: a long illness has hundreds of lines.
/// Nothing when there is nothing. Whether it is unfolded is kept by its owner, who draws it anew.
pub(crate) fn past<L: 'static>(
    unfolded: RwSignal<bool>,
    label: String,
    lines: Vec<L>,
    draw: impl Fn(&L) -> AnyView + 'static,
) -> Option<AnyView> {
    if lines.is_empty() {
        return None;
    }
    Some(folded(unfolded, label, Box::new(move || lines.iter().map(&draw).collect())))
}

fn folded(
    unfolded: RwSignal<bool>,
    label: String,
    lines: Box<dyn Fn() -> Vec<AnyView>>,
) -> AnyView {
    let lines = StoredValue::new_local(lines);
    let drawn = move || unfolded.get().then(|| lines.with_value(|lines| lines()));
    let turned = move |event: web_sys::Event| {
        let element = event.target().and_then(|it| it.dyn_into::<web_sys::Element>().ok());
        let is_open = element.is_some_and(|details| details.has_attribute("open"));
        // Drawn anew it says so again: its lines are not drawn twice.
        if unfolded.get_untracked() != is_open {
            unfolded.set(is_open);
        }
    };
    view! {
        <details class="past" open=move || unfolded.get() on:toggle=turned>
            <summary>{label}</summary>
            <ul class="lines">{drawn}</ul>
        </details>
    }
    .into_any()
}
