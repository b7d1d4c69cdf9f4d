//! A line at the foot of the window: what was done, or what waits. It goes away by no clock.

use super::{Icon, Tone, icon, unbroken};
use crate::markup::prelude::*;

/// The line, with what can be done about it. `mark` is its test id.
pub(crate) fn toast(mark: &'static str, tone: Tone, text: &str, actions: AnyView) -> AnyView {
    let done = (tone == Tone::Ok).then(|| icon(Icon::Check));
    view! {
        <div class=format!("done-line {}", tone.class()) data-testid=mark>
            {done}
            <p><bdi>{unbroken(text)}</bdi></p>
            {actions}
        </div>
    }
    .into_any()
}
