//! Half-typed forms wait for whoever typed them: over a power cut, a lock, and somebody else's turn
//! at the same window.

use fantoccini::key::Key;
use serde_json::{Value, json};
use tests::computer::{Computer, PASSWORD};
use tests::process::wait_for;
use tests::scene::Scene;
use tests::window::Window;

use crate::acts;

/// What is typed into each form and recorded in none.
const SUBSTANCE: &str = "penicillin, or so her sister says";
const REACTION: &str = "blistered palms";
const SENTENCE: &str = "amlo 5 od 30";
const SIGNS: [(&str, &str); 2] = [("Systolic", "138"), ("Weight", "70.5")];
const NOTE: &str = "Coughs since Monday.";

/// A patient with a visit under way, and two clinicians at one computer.
fn clinic(name: &str) -> (Scene, Window) {
    let scene = Scene::new(name);
    let computer = Computer::founded(&scene, "a");
    let grace =
        computer.register(&json!({ "family": "Okello", "given": "Grace", "gender": "female" }));
    computer.record("encounter", Some(&grace), &json!({ "reason": "cough" }));
    computer.add_person("rose", "clinician", "Rose Akello", acts::PASSWORD);
    let window = scene.open("a");
    sign_in(&window, "ana", PASSWORD);
    (scene, window)
}

fn sign_in(window: &Window, who: &str, password: &str) {
    window.see("Sign in");
    window.press(who);
    acts::enter(window, password, "Lakeside");
}

/// Opens the visit that is under way.
fn open_visit(window: &Window) {
    window.press("Today");
    window.press_near("With a clinician", "OKELLO, Grace");
    window.see_part("visit-page", "Vital signs");
    window.see_part("note-draft", "Subjective");
}

/// Types into the page of the visit, into the sentence of a medicine, and last into an allergy that
/// covers it.
fn type_everything(window: &Window) {
    open_visit(window);
    SIGNS.iter().for_each(|(sign, value)| window.fill(sign, value));
    window.type_into("Subjective", NOTE);
    window.press("Whole chart");
    window.see_part("allergies", "Add an allergy");
    window.key(Key::F4);
    window.fill("Prescription in one line", SENTENCE);
    window.press("Add an allergy");
    window.fill("Substance", SUBSTANCE);
    window.choose("How dangerous", "high risk");
    window.fill("Reaction", REACTION);
}

/// Every form has what was typed into it, and says so.
fn finds_everything(window: &Window) {
    acts::open_chart(window, "Okello");
    window.press("Add an allergy");
    window.see("What you typed before is here again");
    window.see_in("Substance", SUBSTANCE);
    window.see_in("How dangerous", "high");
    window.see_in("Reaction", REACTION);
    window.picture("found-again");
    window.key(Key::F4);
    window.see_in("Prescription in one line", SENTENCE);
    // It is read again: the same line stands to be recorded.
    window.see("5 mg tablet");
    window.key(Key::Escape);
    window.key(Key::Escape);
    open_visit(window);
    SIGNS.iter().for_each(|(sign, value)| window.see_in(sign, value));
    window.see_in("Subjective", NOTE);
}

/// No form has, tells or offers a word of it.
fn finds_nothing(window: &Window) {
    acts::open_chart(window, "Okello");
    window.press("Add an allergy");
    assert_eq!(window.value("Substance"), "");
    assert_eq!(window.value("Reaction"), "");
    assert_eq!(window.value("How dangerous"), "");
    window.key(Key::F4);
    assert_eq!(window.value("Prescription in one line"), "");
    let said = window.text();
    for theirs in ["What you typed before", SUBSTANCE, REACTION, "amLODIPine", "A form waits"] {
        assert!(!said.contains(theirs), "{theirs}: {said}");
    }
    window.key(Key::Escape);
    window.key(Key::Escape);
    open_visit(window);
    SIGNS.iter().for_each(|(sign, _)| assert_eq!(window.value(sign), "", "{sign}"));
}

/// What the shell has kept for whoever is signed in.
fn kept(window: &Window) -> Vec<Value> {
    let kept = window.dispatch("list-kept-forms", &json!({})).expect("what is kept is told");
    kept.as_array().cloned().expect("a list")
}

/// Waits until what was typed last would survive a power cut.
fn see_kept(window: &Window) {
    wait_for("the forms to be kept", || {
        let all = json!(kept(window)).to_string();
        let typed = [SUBSTANCE, REACTION, SENTENCE, "138", "70.5"];
        typed.iter().all(|words| all.contains(words)).then_some(())
    });
}

#[test]
fn half_typed_forms_survive_a_power_cut() {
    let (_scene, window) = clinic("drafts-cut");
    type_everything(&window);
    see_kept(&window);
    let window = window.kill().open_again();
    sign_in(&window, "ana", PASSWORD);
    finds_everything(&window);
}

#[test]
fn half_typed_forms_survive_a_lock_that_comes_at_once() {
    let (_scene, window) = clinic("drafts-lock");
    type_everything(&window);
    // The key of the lock follows the last letter: there is no pause in which anything is kept.
    let (control, shift) = (char::from(Key::Control), char::from(Key::Shift));
    window.type_into("Reaction", &format!(" and feet{control}{shift}l{shift}{control}"));
    window.see("Who are you?");
    let said = window.text();
    for hidden in ["OKELLO", SUBSTANCE, REACTION] {
        assert!(!said.contains(hidden), "{hidden} before anybody has signed in: {said}");
    }
    sign_in(&window, "ana", PASSWORD);
    finds_everything(&window);
    acts::open_chart(&window, "Okello");
    window.press("Add an allergy");
    window.see_in("Reaction", "blistered palms and feet");
    // What is recorded at last waits no more.
    window.fill("Substance", "penicillin");
    window.submit("Record allergy");
    window.see_part("allergies", "penicillin");
    window.press("Lock");
    sign_in(&window, "ana", PASSWORD);
    acts::open_chart(&window, "Okello");
    window.press("Add an allergy");
    window.see("How dangerous");
    assert_eq!(window.value("Substance"), "");
    window.see_no("What you typed before is here again");
}

/// Whoever has the window next sees nothing of it, and what they type themselves takes none of it
/// away. Of the visit's note, which is one for all who see the patient, they are told whose words
/// stand in it.
#[test]
fn half_typed_forms_wait_while_somebody_else_has_the_window() {
    let (_scene, window) = clinic("drafts-switch");
    type_everything(&window);
    window.press("Lock");
    sign_in(&window, "rose", acts::PASSWORD);
    finds_nothing(&window);
    assert!(kept(&window).is_empty(), "of what ana typed, rose's window is given nothing");
    window.see_in("Subjective", NOTE);
    window.see_part("note-draft", "Written by Dr Ana Reyes");
    acts::open_chart(&window, "Okello");
    window.press("Add an allergy");
    window.fill("Substance", "latex");
    window.press("Lock");
    sign_in(&window, "ana", PASSWORD);
    finds_everything(&window);
    window.press("Lock");
    sign_in(&window, "rose", acts::PASSWORD);
    acts::open_chart(&window, "Okello");
    window.press("Add an allergy");
    window.see_in("Substance", "latex");
    assert_eq!(window.value("Reaction"), "");
}
