//! What is longer than its place.

use crate::markup::prelude::*;

/// A part that is scrolled by itself, also by the keyboard, which it takes for that.
pub(crate) fn scroller(class: &'static str, name: &'static str, body: AnyView) -> AnyView {
    view! { <div class=class tabindex="0" role="region" aria-label=name>{body}</div> }.into_any()
}
