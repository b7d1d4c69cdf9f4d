//! One chart is given to another clinic in the window, taken in there, and comes back: in English by
//! day and by night, and in French and Arabic.

use std::fs;

use serde_json::json;
use tests::computer::{Computer, PASSWORD, text};
use tests::scene::Scene;
use tests::window::{Scheme, Window};

use crate::{acts, sight};

#[test]
fn a_chart_is_given_taken_in_and_comes_back_by_the_window() {
    given_and_taken_in("en");
}

#[test]
fn a_chart_is_given_and_taken_in_in_french() {
    given_and_taken_in("fr");
}

#[test]
fn a_chart_is_given_and_taken_in_from_right_to_left() {
    given_and_taken_in("ar");
}

/// How much that is drawn matches a selector; the first of it comes into sight.
const DRAWN: &str = "
    const found = document.querySelectorAll(arguments[0]);
    found[0]?.scrollIntoView({ block: 'center' });
    return found.length;";

/// Two clinics, and a stick that is plugged into a computer of each.
struct Two {
    scene: Scene,
    tag: &'static str,
    stick: String,
}

impl Two {
    fn new(tag: &'static str) -> Self {
        let scene = Scene::new(&format!("sharing-{tag}"));
        let stick = scene.folder().join("STICK");
        fs::create_dir(&stick).unwrap();
        Self { stick: stick.to_string_lossy().into_owned(), scene, tag }
    }

    fn open(&self, computer: &str, clinic: &str) -> Window {
        let kept = self.scene.store(computer).join("fieldchart.language");
        fs::write(kept, self.tag).unwrap();
        let drives = vec![("FIELDCHART_DRIVES", self.stick.clone())];
        let window = self.scene.open_with(computer, drives).speaking(self.tag);
        acts::enter(&window, PASSWORD, clinic);
        window
    }

    /// A page where nothing is cut off and axe finds nothing wrong; in English by night too.
    fn judge(&self, window: &Window, page: &str) {
        let page = format!("{}-{page}", self.tag);
        window.must_be_accessible(&page);
        sight::nothing_is_cut_off(window, &page);
        window.picture(&page);
        if self.tag == "en" {
            window.picture_in(Scheme::Dark, &page);
        }
    }

    /// The one chart that lies on the stick.
    fn file(&self) -> String {
        let names = fs::read_dir(&self.stick).unwrap().map(|entry| entry.unwrap().file_name());
        let names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
        let [name] = &names[..] else { panic!("{names:?}") };
        assert!(name.starts_with("chart-") && !name.contains("Okello"), "{name}");
        name.clone()
    }
}

fn given_and_taken_in(tag: &'static str) {
    let two = Two::new(tag);
    let (here, there) = (Computer::founded(&two.scene, "a"), Computer::of(&two.scene, "b"));
    let words = ["clinic", "create", "--name", "Gulu Hospital", "--admin", "ben"];
    there.json(&[&words[..], &["--full-name", "Dr Ben Otim"]].concat());
    let grace = here.register(&json!({ "family": "Okello", "given": "Grace" }));
    here.record("allergy", Some(&grace), &json!({ "substance": "Penicillin" }));
    let metformin =
        json!({ "medication": "Metformin", "dose": "500", "unit": "mg", "frequency": "1" });
    let metformin = text(&here.record("medication", Some(&grace), &metformin), "/entries/0/id");
    there.register(&json!({ "family": "Okello", "given": "Grace" }));

    gives(&two, &there.json(&["share", "card"]));
    takes_in(&two);

    // What they changed there would change it here.
    let dosage = json!({ "dose": "1000", "unit": "mg", "frequency": "1" });
    there.record("dosage", Some(&grace), &json!({ "medication": metformin, "dosage": dosage }));
    let back = two.scene.folder().join("STICK").join("back.fieldchart-chart");
    let card = text(&here.json(&["share", "card"]), "/card");
    let words = ["share", "out", "--patient", &grace, "--to", &card, "--ground", "referral"];
    there.json(&[&words[..], &["--out", &back.to_string_lossy()]].concat());
    let window = two.open("a", "Lakeside");
    window.press("Sync");
    window.press("See what is in it: back.fieldchart-chart");
    window.see_part("given-overwrites", "Entries here will change");
    two.judge(&window, "what-a-chart-would-change");
}

/// The chart is given: whose card it is, the number, the stick.
fn gives(two: &Two, card: &serde_json::Value) {
    let window = two.open("a", "Lakeside");
    acts::open_chart(&window, "Okello");
    window.press("Give to another clinic…");
    window.see_part("sharing", "OKELLO, Grace");
    window.see_part("sharing", "The whole chart goes, with its history");
    window.fill("Card of the other clinic", &text(card, "/card"));
    two.judge(&window, "whose-card");
    window.submit("Go on");
    window.see_part("sharing", "Card of Gulu Hospital");
    window.see_part("sharing", &text(card, "/number"));
    window.choose("On what ground", "Referral");
    window.fill("What you ask of them", "Echo, please");
    window.press("Write to STICK");
    window.submit("Go on");
    window.see_part("sharing", "compare the number");
    two.judge(&window, "giving-a-chart");
    window.press("They show the same number");
    window.submit("Go on");
    window.see_part("shared", "Gulu Hospital");
    assert!(!two.file().is_empty());
    two.judge(&window, "a-chart-that-was-given");
    window.press("Sync");
    window.see_part("passed", "Dr Ana Reyes");
    window.press("Your number");
    assert_eq!(window.ask(DRAWN, &[json!(".own-card .square path")]), json!(1));
    sight::the_window_stands_still(&window, "own-card");
    two.judge(&window, "own-card");
    window.press("Show it to print");
    window.see("The card of this clinic");
    assert_eq!(window.ask(DRAWN, &[json!(".gate .square path")]), json!(1));
    two.judge(&window, "own-card-to-print");
    window.press("Go on");
    window.see("Lakeside");
}

/// It is looked into where it lies, and taken in.
fn takes_in(two: &Two) {
    let window = two.open("b", "Gulu Hospital");
    window.press("Sync");
    window.see_part("given-on-sticks", &two.file());
    window.press(&format!("See what is in it: {}", two.file()));
    window.see_part("given", "OKELLO, Grace");
    window.see_part("given", "a new chart is made");
    window.see_part("given", "Who here may be the same person");
    window.see_part("given", "Born not known");
    window.see_part("given", "If it is the same person: take the chart in");
    window.see_part("given", "Echo, please");
    two.judge(&window, "a-chart-from-another-clinic");
    window.press("They show the same number");
    window.submit("Take in");
    window.see("Penicillin");
    if two.tag == "en" {
        // Who listens hears both: what was done, and whose chart that led to.
        let said = window.texts(".workspace > .only-heard").join(" ");
        assert!(said.contains("was taken in. Chart of OKELLO, Grace"), "{said}");
    }
    window.see_part("shared", "Gulu Hospital");
}
