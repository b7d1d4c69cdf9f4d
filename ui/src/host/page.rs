//! The page around us: its language, and the shell that was painted before we came.

use leptos::prelude::document;

/// The language the system asks for.
pub(crate) fn language() -> String {
    leptos::prelude::window().navigator().language().unwrap_or_default()
}

/// Tells the page its language and direction.
pub(crate) fn set_language(tag: &str, direction: &str) {
    if let Some(html) = document().document_element() {
        // An attribute with a valid name cannot fail to be set.
        drop(html.set_attribute("lang", tag));
        drop(html.set_attribute("dir", direction));
    }
}

/// Takes away what index.html showed while we were loading.
pub(crate) fn clear_shell() {
    if let Some(body) = document().body() {
        body.replace_children_with_node_0();
    }
}
