//! The first thing anyone sees.

use tests::scene::Scene;

#[test]
fn the_first_window_is_painted() {
    let scene = Scene::new("first-run");
    let window = scene.open("a");
    window.see("Fieldchart");
    let painted = window.picture("first-run");
    assert!(painted > 0.002, "only {painted} of the window is painted");
    window.must_be_accessible("first run");
}
