//! A square code that a camera reads.

use crate::markup::prelude::*;

/// The code, dark on light also where the page is dark: `side` modules on each side, the dark ones
/// as a path. `name` says what it is to whoever cannot see it; what it says stands beside it.
pub(super) fn square(side: u32, path: String, name: &'static str) -> AnyView {
    view! {
        <svg class="square" viewBox=format!("0 0 {side} {side}") role="img" aria-label=name>
            <path d=path></path>
        </svg>
    }
    .into_any()
}
