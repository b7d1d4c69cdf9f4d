//! What is told while one goes on with something else: nothing here takes the keyboard.

use crate::markup::prelude::*;

/// A place whose changes are read out. It is there before they are: one that comes with its words
/// is not heard everywhere.
pub(crate) fn status(body: AnyView) -> AnyView {
    view! { <div role="status">{body}</div> }.into_any()
}

/// What was understood of what is typed, below its field; nothing is told while there is nothing.
pub(crate) fn understood(said: impl Fn() -> Option<String> + 'static) -> AnyView {
    told("understood", Box::new(said))
}

/// What is to be looked at in what is typed, and stops nobody.
pub(crate) fn remark(said: String) -> AnyView {
    view! { <p class="fault" role="status">{said}</p> }.into_any()
}

/// How safe what is typed is.
pub(crate) fn saved_state(
    has_failed: impl Fn() -> bool + 'static,
    said: impl Fn() -> &'static str + 'static,
) -> AnyView {
    view! {
        <p class="saved-state" class:failed=has_failed data-testid="saved-state" role="status">
            {said}
        </p>
    }
    .into_any()
}

/// What is said to those who listen alone, on top of what is seen.
pub(crate) fn announcer(said: impl Fn() -> String + 'static) -> AnyView {
    view! { <p class="only-heard" role="status" aria-live="polite">{said}</p> }.into_any()
}

fn told(class: &'static str, said: Box<dyn Fn() -> Option<String>>) -> AnyView {
    view! { <p class=class role="status">{said}</p> }.into_any()
}
