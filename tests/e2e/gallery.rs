//! The kit's own pages, which builds for development have.

use fantoccini::key::Key;
use serde_json::json;
use tests::programs;
use tests::scene::Scene;
use tests::window::{Scheme, Window};

/// Each component in each of its states, by day and by night, from both sides.
#[test]
fn each_component_has_a_page_axe_finds_nothing_wrong_with() {
    let scene = Scene::new("gallery");
    let window = scene.open("a");
    window.see("Welcome to Fieldchart");
    window.ask("location.hash = arguments[0]; location.reload();", &[json!("gallery/button")]);
    if programs::app_is_released() {
        // Users have none.
        window.see("Welcome to Fieldchart");
        window.see_count("[data-testid=specimen]", 0);
        return;
    }
    window.see_part("specimen", "the one thing to do");
    window.see_count("[data-testid=specimen]", 1);
    window.press("combobox");
    window.type_into("Family name", "am");
    window.see("amlodipine");
    goes_into_the_dialog_and_comes_back(&window);
    window.press("all");
    window.see_part("specimen", "in a narrow place");
    window.press("Open the dialog");
    window.see_focus("#modal-line");
    window.must_be_accessible("an open dialog");
    window.key(Key::Escape);
    for direction in ["ltr", "rtl"] {
        window.ask("document.documentElement.dir = arguments[0]", &[json!(direction)]);
        window.must_be_accessible(&format!("the gallery, {direction}"));
        window.picture_in(Scheme::Light, &format!("gallery-{direction}"));
        window.picture_in(Scheme::Dark, &format!("gallery-{direction}"));
    }
}

/// Whatever the keyboard does it stays within the dialog, and goes back to what has opened it; so it
/// does where the dialog is closed by its own button, and by a press beside it.
fn goes_into_the_dialog_and_comes_back(window: &Window) {
    const WITHIN: &str = "return document.activeElement.closest('dialog') !== null
        || document.activeElement === document.body";
    const BESIDE: &str = "const it = document.querySelector('dialog');
        it.dispatchEvent(new MouseEvent('mousedown', { bubbles: true }))";
    const WITHIN_PRESSED: &str = "const it = document.querySelector('dialog > div');
        it.dispatchEvent(new MouseEvent('mousedown', { bubbles: true }))";
    window.press("dialog");
    let open = || {
        window.press("Open the dialog");
        window.see_focus("#modal-line");
    };
    let closed = || {
        window.see_count("dialog", 0);
        window.see_focus("[data-testid=specimen] .button");
    };
    open();
    for _ in 0..4 {
        window.key(Key::Tab);
        assert_eq!(window.ask(WITHIN, &[]), json!(true), "the page beneath is not reached");
    }
    window.key(Key::Escape);
    closed();
    open();
    window.press("Close");
    closed();
    open();
    window.ask(WITHIN_PRESSED, &[]);
    window.see_count("dialog", 1);
    window.ask(BESIDE, &[]);
    closed();
}
