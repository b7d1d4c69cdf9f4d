//! Where the keyboard is.

use leptos::prelude::{document, request_animation_frame};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// The element that has the focus.
pub(crate) fn active() -> Option<HtmlElement> {
    document().active_element()?.dyn_into().ok()
}

/// Leaves whatever has the focus.
pub(crate) fn leave() {
    if let Some(element) = active() {
        // What cannot be left holds nothing that is kept by leaving.
        drop(element.blur());
    }
}

/// Whether the keyboard types into something.
pub(crate) fn is_typing() -> bool {
    active().is_some_and(|element| {
        matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
    })
}

/// Moves the focus to an element of the page by its id, once it is drawn.
pub(crate) fn to_id(id: &str) {
    let id = id.to_owned();
    once_drawn(move || document().get_element_by_id(&id));
}

/// Moves the focus to the first thing within `id` that takes input, once it is drawn. A box to tick
/// is passed by: a space that was meant as text would tick it.
pub(crate) fn into_id(id: &str) {
    let wanted =
        format!("#{id} :is(input:not([type=checkbox]), textarea, select, button):not(:disabled)");
    once_drawn(move || document().query_selector(&wanted).ok().flatten());
}

/// Scrolls to an element of the page by its id, as little as is needed to see it.
pub(crate) fn into_sight(id: &str) {
    let nearest = web_sys::ScrollIntoViewOptions::new();
    nearest.set_block(web_sys::ScrollLogicalPosition::Nearest);
    if let Some(element) = document().get_element_by_id(id) {
        element.scroll_into_view_with_scroll_into_view_options(&nearest);
    }
}

/// Scrolls to what has come beside the field that is typed in, once it is drawn.
pub(crate) fn into_sight_of(field: &str, id: String) {
    if active().is_some_and(|element| element.id() == field) {
        request_animation_frame(move || into_sight(&id));
    }
}

/// Moves the focus to the first element a selector finds, as soon as there is one: a list may still
/// be asked for. It gives up after a while, and when the keyboard has been moved meanwhile.
pub(crate) fn to_selector(selector: &'static str) {
    seek(selector, active(), FRAMES_MAX);
}

/// So many frames something is waited for.
const FRAMES_MAX: u32 = 120;

fn seek(selector: &'static str, before: Option<HtmlElement>, left: u32) {
    request_animation_frame(move || {
        let now = active();
        let is_free = now.as_ref().is_none_or(is_nowhere) || now == before;
        let found = document().query_selector(selector).ok().flatten();
        match found.filter(|_| is_free) {
            Some(element) => lead(&element),
            None if is_free && left > 0 => seek(selector, before, left - 1),
            None => {}
        }
    });
}

/// Whether the keyboard stands at the page as a whole, where nobody has put it.
fn is_nowhere(element: &HtmlElement) -> bool {
    element.tag_name() == "BODY" || element.id() == "main"
}

/// Whoever has moved the keyboard elsewhere in the meantime keeps it there.
fn once_drawn(find: impl Fn() -> Option<web_sys::Element> + 'static) {
    let before = active();
    request_animation_frame(move || {
        let now = active();
        let is_free = now.as_ref().is_none_or(is_nowhere);
        if let (true, Some(element)) = (is_free || now == before, find()) {
            put(&element);
        }
    });
}

/// Moves the focus to the first element of the page that a selector finds.
pub(crate) fn to_first(selector: &str) {
    if let Ok(Some(element)) = document().query_selector(selector) {
        lead(&element);
    }
}

/// Moves the focus to the element of a selector that follows the one it is at or within, and from
/// the last, or from elsewhere, to the first.
pub(crate) fn to_next(selector: &str) {
    let Ok(all) = document().query_selector_all(selector) else { return };
    let all = (0..all.length()).filter_map(|at| all.get(at)?.dyn_into::<web_sys::Element>().ok());
    let all: Vec<_> = all.collect();
    let now = active();
    let at = all.iter().rposition(|one| one.contains(now.as_ref().map(AsRef::as_ref)));
    if let Some(element) = at.and_then(|at| all.get(at + 1)).or(all.first()) {
        lead(element);
    }
}

/// Gives the focus back to where it was, or to the page's main part when that is gone. What was
/// hidden meanwhile takes it once it is shown again.
pub(crate) fn give_back(to: Option<&HtmlElement>) {
    let Some(element) = to.filter(|element| element.is_connected()) else { return to_id("main") };
    put(element);
    if active().as_ref() != Some(element) {
        let element = element.clone();
        once_drawn(move || Some(element.clone().into()));
    }
}

/// Puts the keyboard where somebody is led, and shows where that is even when the way there began
/// with the mouse.
fn lead(element: &web_sys::Element) {
    let options = js_sys::Object::new();
    let is_set = js_sys::Reflect::set(&options, &"focusVisible".into(), &true.into());
    let focus = js_sys::Reflect::get(element, &"focus".into());
    let focus = focus.ok().and_then(|focus| focus.dyn_into::<js_sys::Function>().ok());
    match focus.filter(|_| is_set.is_ok()) {
        // Nothing to do about an element that will not take it.
        Some(focus) => drop(focus.call1(element, &options)),
        None => put(element),
    }
}

fn put(element: &web_sys::Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        // Nothing to do about an element that will not take it.
        drop(element.focus());
    }
}
