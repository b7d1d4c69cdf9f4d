//! One chart is given to another clinic in the window, and taken in there.

use serde_json::json;
use tests::computer::{Computer, PASSWORD, text};
use tests::scene::Scene;
use tests::window::Scheme;

use crate::acts;

#[test]
fn a_chart_is_given_and_taken_in_by_the_window() {
    let scene = Scene::new("sharing");
    let (here, there) = (Computer::founded(&scene, "a"), Computer::of(&scene, "b"));
    let words = ["clinic", "create", "--name", "Gulu Hospital", "--admin", "ben"];
    there.json(&[&words[..], &["--full-name", "Dr Ben Otim"]].concat());
    let grace = here.register(&json!({ "family": "Okello", "given": "Grace" }));
    here.record("allergy", Some(&grace), &json!({ "substance": "Penicillin" }));
    there.register(&json!({ "family": "Okello", "given": "Grace" }));
    let card = there.json(&["share", "card"]);
    let file = scene.folder().join("referral.fieldchart-chart");
    let path = file.to_string_lossy().into_owned();

    let window = scene.open("a");
    acts::enter(&window, PASSWORD, "Lakeside");
    acts::open_chart(&window, "Okello");
    window.press("Give to another clinic…");
    window.see_part("sharing", "cannot be taken back");
    window.fill("Card of the other clinic", &text(&card, "/card"));
    window.submit("Go on");
    window.see_part("sharing", "Card of Gulu Hospital");
    window.see_part("sharing", &text(&card, "/number"));
    window.choose("On what ground", "Referral");
    window.fill("What you ask of them", "Echo, please");
    window.fill("Write it to", &path);
    window.submit("Go on");
    window.see_part("sharing", "compare the number");
    window.must_be_accessible("giving a chart");
    window.picture("giving-a-chart");
    window.picture_in(Scheme::Dark, "giving-a-chart");
    window.press("They show the same number");
    window.submit("Go on");
    window.see_part("shared", "Given by Lakeside to Gulu Hospital");
    assert!(file.exists());
    window.press("Sync");
    window.see_part("passed", "by Dr Ana Reyes");
    window.picture("charts-given");
    drop(window);

    let window = scene.open("b");
    acts::enter(&window, PASSWORD, "Gulu Hospital");
    window.press("Sync");
    window.fill("The file", &path);
    window.submit("Look into it");
    window.see_part("given", "OKELLO, Grace");
    window.see_part("given", "a new chart is made");
    window.see_part("given", "Who here may be the same person");
    window.must_be_accessible("a chart from another clinic");
    window.picture("a-chart-from-another-clinic");
    window.press("They show the same number");
    window.submit("Take in");
    window.see("Penicillin");
    // Who listens hears both: what was done, and whose chart that led to.
    let said = window.texts(".workspace > .only-heard").join(" ");
    assert!(said.contains("was taken in. Chart of OKELLO, Grace"), "{said}");
    window.see_part("shared", "Given by Lakeside to Gulu Hospital");
}
