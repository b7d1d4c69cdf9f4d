//! Two charts of one person become one in the window, and two again.

use serde_json::json;
use tests::computer::{Computer, PASSWORD};
use tests::scene::Scene;
use tests::window::Scheme;

use crate::acts;

#[test]
fn two_charts_are_merged_in_the_window_and_separated_again() {
    let scene = Scene::new("merging");
    let here = Computer::founded(&scene, "a");
    let register = |family: &str, number: &str, gender: &str| {
        here.register(&json!({
            "family": family, "given": "Grace", "birthDate": "1980-03-14",
            "gender": gender, "identifier": number,
        }))
    };
    register("Okello", "MRN-42", "female");
    let other = register("Okelo", "MRN-43", "female");
    register("Auma", "MRN-44", "male");
    here.record("allergy", Some(&other), &json!({ "substance": "Penicillin" }));
    let window = scene.open("a");
    acts::enter(&window, PASSWORD, "Lakeside");
    acts::open_chart(&window, "Okello");
    window.press("Merge with another chart of this person…");
    window.see_part("merging", "May be the same person");
    window.must_be_accessible("which chart is merged");
    window.picture("merging-which");
    window.press_near("May be the same person", "OKELO");
    window.see_part("merging", "MRN-43");
    window.see_part("merging", "No visit");
    window.must_be_accessible("two charts side by side");
    window.picture("merging-two-charts");
    window.picture_in(Scheme::Dark, "merging-two-charts");
    window.press("Merge, and go on with MRN-42");
    window.see_part("merged", "Two charts are shown as one here: MRN-42 and MRN-43");
    window.see_part("merged", "Merged by Dr Ana Reyes");
    window.see_part("banner", "Penicillin");
    window.must_be_accessible("two charts as one");
    window.picture("merged-charts");
    window.picture_in(Scheme::Dark, "merged-charts");
    // They are found once, by the name of either.
    window.press("Patients");
    window.fill("Find a patient by name", "MRN-43");
    window.see("also MRN-43");
    window.press("OKELLO");
    window.see_part("banner", "MRN-42");
    window.press("Separate again");
    window.see_part("separating", "Each chart is shown by itself again.");
    window.must_be_accessible("separating two charts");
    window.submit("Separate again");
    window.see("The charts are separate again.");
    window.see_no("Two charts are shown as one here");
    window.see_no("Penicillin");
}
