//! The product's mark, where no clinic's name stands.

use crate::markup::prelude::*;

/// The mark and the name beside it.
pub(crate) fn brand() -> AnyView {
    view! {
        <p class="brand">
            <img src="/icons/fieldchart.svg" alt="" width="40" height="40" />
            "Fieldchart"
        </p>
    }
    .into_any()
}
