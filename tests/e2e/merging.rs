//! Two charts of one person become one in the window, and two again.

use serde_json::json;
use tests::computer::{Computer, PASSWORD};
use tests::scene::Scene;
use tests::window::{Scheme, Window};

use crate::{acts, sight};

#[test]
fn two_charts_are_merged_in_the_window_and_separated_again() {
    merged_and_separated("en");
}

#[test]
fn two_charts_are_merged_in_french() {
    merged_and_separated("fr");
}

#[test]
fn two_charts_are_merged_from_right_to_left() {
    merged_and_separated("ar");
}

/// A page where nothing is cut off and axe finds nothing wrong; in English by night too.
fn judge(window: &Window, tag: &str, page: &str) {
    let page = format!("{tag}-{page}");
    window.must_be_accessible(&page);
    sight::nothing_is_cut_off(window, &page);
    window.picture(&page);
    if tag == "en" {
        window.picture_in(Scheme::Dark, &page);
    }
}

fn merged_and_separated(tag: &str) {
    let scene = Scene::new(&format!("merging-{tag}"));
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
    let window = scene.open_speaking("a", tag);
    acts::enter(&window, PASSWORD, "Lakeside");
    acts::open_chart(&window, "Okello");
    window.press("Merge with another chart of this person…");
    window.see_part("merging", "May be the same person");
    judge(&window, tag, "merging-which");
    window.press_near("MRN-43", "OKELO");
    window.see_part("merging", "MRN-43");
    window.see_part("merging", "No visit");
    judge(&window, tag, "merging-two-charts");
    window.press("Merge, and go on with MRN-42");
    window.see_part("merged", "Two charts are shown as one here: MRN-42 and MRN-43");
    window.see_part("merged", "Dr Ana Reyes");
    window.see_part("banner", "Penicillin");
    judge(&window, tag, "merged-charts");
    // They are found once, by the name of either.
    window.press("Patients");
    window.fill("Find a patient by name", "MRN-43");
    window.see("also MRN-43");
    window.press("OKELLO");
    window.see_part("banner", "MRN-42");
    window.press("Separate again");
    window.see_part("separating", "Each chart is shown by itself again.");
    judge(&window, tag, "separating-two-charts");
    window.submit("Separate again");
    window.see("The charts are separate again.");
    window.see_no("Two charts are shown as one here");
    window.see_no("Penicillin");
}
