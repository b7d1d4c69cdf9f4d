//! The kit's own pages, which builds for development have.

use serde_json::json;
use tests::programs;
use tests::scene::Scene;
use tests::window::Scheme;

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
    window.press("all");
    window.see_part("specimen", "in a narrow place");
    for direction in ["ltr", "rtl"] {
        window.ask("document.documentElement.dir = arguments[0]", &[json!(direction)]);
        window.must_be_accessible(&format!("the gallery, {direction}"));
        window.picture_in(Scheme::Light, &format!("gallery-{direction}"));
        window.picture_in(Scheme::Dark, &format!("gallery-{direction}"));
    }
}
