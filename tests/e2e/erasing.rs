//! One chart is erased in the window: by its number, on a stated ground.

use serde_json::json;
use tests::computer::{Computer, PASSWORD};
use tests::scene::Scene;
use tests::window::Scheme;

use crate::acts;

#[test]
fn a_chart_is_erased_in_the_window_by_its_number() {
    let scene = Scene::new("erasing");
    let here = Computer::founded(&scene, "a");
    for (family, number) in [("Okello", "MRN-42"), ("Auma", "MRN-43")] {
        here.register(&json!({ "family": family, "given": "Grace", "identifier": number }));
    }
    let window = scene.open("a");
    acts::enter(&window, PASSWORD, "Lakeside");
    acts::open_chart(&window, "Okello");
    window.press("Erase this chart…");
    window.see_part("erasing", "OKELLO, Grace");
    window.see_part("erasing", "The number of this chart is MRN-42.");
    window.see_part("erasing", "Paper, exports, sticks and copies");
    window.fill("On what ground", "asked for by the patient");
    window.fill("Type the number of the chart", "MRN-43");
    window.submit("Erase this chart");
    window.see_part("erasing", "This is not the number of this chart.");
    window.must_be_accessible("erasing a chart");
    window.picture("erasing-a-chart");
    window.picture_in(Scheme::Dark, "erasing-a-chart");
    window.fill("Type the number of the chart", "MRN-42");
    window.submit("Erase this chart");
    window.see("The chart was erased.");
    window.press("Sync");
    window.see_part("erased", "MRN-42, erased by Dr Ana Reyes");
    window.see_part("erased", "asked for by the patient");
    window.must_be_accessible("erased charts");
    window.picture("erased-charts");
    acts::open_chart(&window, "Auma");
    window.see("MRN-43");
}
