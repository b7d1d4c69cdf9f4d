//! Buttons.

use crate::i18n::t;
use crate::markup::prelude::*;

/// How much a button asks for attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Press {
    /// The one thing to do here.
    Main,
    /// Something else.
    Plain,
}

impl Press {
    /// The classes of a button that is pressed so.
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Main => "button main",
            Self::Plain => "button",
        }
    }
}

/// A button that does something; never one that submits a form.
pub(crate) fn button(press: Press, label: impl Into<String>, act: impl Fn() + 'static) -> AnyView {
    let class = press.class();
    let label = label.into();
    view! { <button type="button" class=class on:click=move |_| act()>{label}</button> }.into_any()
}

/// A button that ends what goes on; asked once, it says so and stays, so that whoever is on it stays there.
pub(crate) fn stop_button(
    stopping: RwSignal<bool>,
    label: &'static str,
    ask: impl Fn() + 'static,
) -> AnyView {
    let stop = move |_| {
        if !stopping.get_untracked() {
            stopping.set(true);
            ask();
        }
    };
    view! {
        <button
            type="button"
            class="button"
            aria-live="polite"
            aria-disabled=move || stopping.get().then_some("true")
            on:click=stop
        >
            {move || if stopping.get() { t("sync.stopping") } else { label }}
        </button>
    }
    .into_any()
}

/// A small button beside a line, whose whole name says what it acts on.
pub(crate) fn quiet_button(
    label: impl Into<String>,
    whole_name: impl Into<String>,
    act: impl Fn() + 'static,
) -> AnyView {
    let (label, whole_name) = (label.into(), whole_name.into());
    view! {
        <button type="button" class="button quiet" aria-label=whole_name on:click=move |_| act()>
            {label}
        </button>
    }
    .into_any()
}

/// A button that stays pressed while what it chose is chosen; its whole name says what that is.
pub(crate) fn toggle_button(
    label: &'static str,
    whole_name: String,
    pressed: impl Fn() -> bool + 'static,
    act: impl Fn() + 'static,
) -> AnyView {
    view! {
        <button
            type="button"
            class="button"
            aria-label=whole_name
            aria-pressed=move || pressed().to_string()
            on:click=move |_| act()
        >
            {label}
        </button>
    }
    .into_any()
}

/// A button within a line, which leads to what it names.
pub(crate) fn link_button(name: AnyView, act: impl Fn() + 'static) -> AnyView {
    view! { <button type="button" class="link" on:click=move |_| act()>{name}</button> }.into_any()
}
