//! The page around us: its language and texts, and the shell that was painted before we came.

use crate::i18n::Texts;
use js_sys::{Array, Object, Reflect};
use leptos::prelude::document;
use wasm_bindgen::JsCast;

/// The language `boot.js` has chosen for the page.
pub(crate) fn language() -> String {
    let html = document().document_element();
    html.and_then(|html| html.get_attribute("lang")).unwrap_or_default()
}

/// The texts `boot.js` has read for that language.
pub(crate) fn texts() -> Texts {
    let mut texts = Texts::new();
    let read = Reflect::get(&js_sys::global(), &"fieldchartTexts".into()).unwrap_or_default();
    for pair in Object::entries(read.unchecked_ref()) {
        let pair: Array = pair.unchecked_into();
        if let (Some(key), Some(text)) = (pair.get(0).as_string(), pair.get(1).as_string()) {
            texts.insert(key, text);
        }
    }
    texts
}

/// Reads the page anew in a language.
pub(crate) fn speak(tag: &str) {
    // A refusal changes nothing: the language is kept, and spoken from the next start.
    drop(leptos::prelude::window().location().set_search(&format!("language={tag}")));
}

/// What the address says behind its `#`.
#[cfg(debug_assertions)]
pub(crate) fn part() -> String {
    let part = leptos::prelude::window().location().hash().unwrap_or_default();
    part.trim_start_matches('#').to_owned()
}

/// Tells the page which way its language is written.
pub(crate) fn set_direction(direction: &str) {
    if let Some(html) = document().document_element() {
        // An attribute with a valid name cannot fail to be set.
        drop(html.set_attribute("dir", direction));
    }
}

/// How the page looks in one respect, `density` or `theme`; blank for what is usual.
pub(crate) fn look(name: &str) -> String {
    let html = document().document_element();
    html.and_then(|html| html.get_attribute(&format!("data-{name}"))).unwrap_or_default()
}

/// Has the page look so from now on; `boot.js` has it look so again at the next start.
pub(crate) fn set_look(name: &str, value: &str) {
    if let Some(html) = document().document_element() {
        drop(html.set_attribute(&format!("data-{name}"), value));
    }
    if let Ok(Some(kept)) = leptos::prelude::window().local_storage() {
        // What cannot be kept is chosen again the next time.
        drop(kept.set_item(name, value));
    }
}

/// Prints the page, as the style sheet has it on paper; the system asks where.
pub(crate) fn print() {
    // Nothing to do where there is nothing to print with: the code can be copied by hand.
    drop(leptos::prelude::window().print());
}

/// Takes away what index.html showed while we were loading.
pub(crate) fn clear_shell() {
    if let Some(body) = document().body() {
        body.replace_children_with_node_0();
    }
}
