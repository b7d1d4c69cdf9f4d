//! The keys, from the table they are heard by.

use crate::components::scroller;
use crate::frame::Frame;
use crate::i18n::t;
use crate::keymap::{LOCAL, LOCAL_OF_CHART, bindings_of};
use crate::markup::prelude::*;

/// Shows the keys of whoever is signed in.
pub(crate) fn shortcuts(frame: Frame) -> AnyView {
    let of_chart = frame.is_clinical().then_some(LOCAL_OF_CHART);
    let bound = bindings_of(frame.is_clinical()).map(|binding| (binding.shown, binding.text));
    let rows = bound.chain(LOCAL).chain(of_chart.into_iter().flatten());
    let rows = rows
        .map(|(shown, text)| view! { <dt><kbd dir="ltr">{shown}</kbd></dt><dd>{t(text)}</dd> })
        .collect_view();
    // It takes the keyboard, so that it can be scrolled.
    scroller("", t("keys.title"), view! { <dl class="keys">{rows}</dl> }.into_any())
}
