//! The keys, from the table they are heard by.

use crate::components::scroller;
use crate::i18n::t;
use crate::keymap::{BINDINGS, LOCAL};
use crate::markup::prelude::*;

/// Shows the keys.
pub(crate) fn keys() -> AnyView {
    let rows = BINDINGS.iter().map(|binding| (binding.shown, binding.text)).chain(LOCAL);
    let rows = rows
        .map(|(shown, text)| view! { <dt><kbd>{shown}</kbd></dt><dd>{t(text)}</dd> })
        .collect_view();
    // It takes the keyboard, so that it can be scrolled.
    scroller("", t("keys.title"), view! { <dl class="keys">{rows}</dl> }.into_any())
}
