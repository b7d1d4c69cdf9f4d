//! What a page says when there is nothing, not yet, or no more.

use super::{Tone, icon, unbroken};
use crate::markup::prelude::*;

/// Something the person should know, with what to do. Danger speaks up at once.
pub(crate) fn notice(
    tone: Tone,
    title: impl Into<String>,
    text: impl Into<String>,
    actions: Option<AnyView>,
) -> AnyView {
    let role = match tone {
        Tone::Critical | Tone::Warning | Tone::Conflict => "alert",
        Tone::Plain | Tone::Ok | Tone::Info => "status",
    };
    view! {
        <div class=format!("notice {}", tone.class()) role=role>
            {tone.icon().map(icon)}
            <div class="notice-body">
                <p class="notice-title">{unbroken(&title.into())}</p>
                <p>{unbroken(&text.into())}</p>
                {actions.map(|actions| view! { <div class="actions">{actions}</div> })}
            </div>
        </div>
    }
    .into_any()
}

/// What would be here, and how to bring it about.
pub(crate) fn empty(text: impl Into<String>) -> AnyView {
    view! { <p class="empty">{text.into()}</p> }.into_any()
}

/// Seen only when an answer takes longer than 150 ms (the style sheet waits).
pub(crate) fn loading(text: &'static str) -> AnyView {
    view! { <p class="loading" role="status">{text}</p> }.into_any()
}
