//! What is folded away until it is asked for (W3C's ARIA Authoring Practices: disclosure).

use crate::markup::prelude::*;
use wasm_bindgen::JsCast;

/// Something folded below a line that stays.
pub(crate) struct Disclosure {
    /// Its class.
    pub class: &'static str,
    /// Its test id, where it has one.
    pub mark: Option<&'static str>,
    /// Whether it is unfolded, where its owner keeps that; else the browser does.
    pub unfolded: Option<RwSignal<bool>>,
    /// The line.
    pub line: AnyView,
    /// What is folded.
    pub body: AnyView,
}

/// Draws it.
pub(crate) fn disclosure(of: Disclosure) -> AnyView {
    let Disclosure { class, mark, unfolded, line, body } = of;
    let Some(unfolded) = unfolded else {
        return view! { <details class=class data-testid=mark><summary>{line}</summary> {body}</details> }
            .into_any();
    };
    let turned = move |event: web_sys::Event| {
        let element = event.target().and_then(|it| it.dyn_into::<web_sys::Element>().ok());
        let is_open = element.is_some_and(|details| details.has_attribute("open"));
        // Drawn anew it says so again: what is in it is not drawn twice.
        if unfolded.get_untracked() != is_open {
            unfolded.set(is_open);
        }
    };
    view! {
        <details class=class data-testid=mark open=move || unfolded.get() on:toggle=turned>
            <summary>{line}</summary>
            {body}
        </details>
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
    let body = view! { <ul class="lines">{drawn}</ul> };
    disclosure(Disclosure {
        class: "past",
        mark: None,
        unfolded: Some(unfolded),
        line: label.into_any(),
        body: body.into_any(),
    })
}

/// The button that folds what has the id `of`, where that stands elsewhere and is drawn by its
/// owner while it is unfolded. `turn` folds and unfolds it.
pub(crate) fn fold_button(
    class: &'static str,
    label: AnyView,
    of: &'static str,
    unfolded: RwSignal<bool>,
    turn: impl Fn() + 'static,
) -> AnyView {
    let expanded = move || unfolded.get().to_string();
    let controls = move || unfolded.get().then_some(of);
    view! {
        <button
            type="button"
            class=class
            aria-expanded=expanded
            aria-controls=controls
            on:click=move |_| turn()
        >
            {label}
        </button>
    }
    .into_any()
}
