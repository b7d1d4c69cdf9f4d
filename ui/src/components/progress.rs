//! How far something is that takes a while.

use crate::markup::prelude::*;

/// A bar with its name, and below it the counts in words. `far` is how much is done of how much;
/// where nobody knows, the bar says that it goes on.
pub(crate) fn progress(name: &'static str, far: Option<(u64, u64)>, counts: AnyView) -> AnyView {
    let far = far.filter(|(_, all)| *all > 0);
    view! {
        <div class="progress">
            <progress
                max=far.map(|(_, all)| all)
                value=far.map(|(done, all)| done.min(all))
                aria-label=name
            ></progress>
            <p>{counts}</p>
        </div>
    }
    .into_any()
}
